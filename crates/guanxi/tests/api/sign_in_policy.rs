//! What a workspace demands of passwords, and what happens to those who guess.

use crate::{
    open,
    sign_in::{PASSWORD, problem, status, with_password},
};
use guanxi_testkit::{Client, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

pub(crate) async fn settings(admin: &Client, change: Json) {
    admin.patch("/sign-in/settings", change).await.expect(200);
}

pub(crate) async fn logged(admin: &Client, kind: &str) -> usize {
    admin.matching("access_event", &json!(["kind", "=", kind])).await.len()
}

pub(crate) async fn id_of(app: &TestApp, login: &str) -> String {
    let admin = app
        .engine
        .list(
            &guanxi_engine::Viewer::system("test"),
            "user",
            &guanxi_engine::ListRequest { filter: Some(json!(["login", "=", login])), ..Default::default() },
        )
        .await
        .expect("listed");
    admin.items[0]["id"].as_str().expect("an id").to_owned()
}

both_databases! {
    async fn only_administrators_make_the_settings(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let member = app.user("zhang", "member", "").await;
        let defaults = admin.get("/sign-in/settings").await.expect(200).json;
        assert_eq!((&defaults["min_length"], &defaults["lock_after"], &defaults["lock_minutes"]), (&json!(8), &json!(5), &json!(15)));
        for path in ["/sign-in/settings", "/sign-in/locked"] {
            member.get(path).await.expect(403);
        }
        member.patch("/sign-in/settings", json!({"min_length": 20})).await.expect(403);
        for (change, field, code) in [
            (json!({"min_length": 7}), "min_length", "out_of_range"),
            (json!({"min_length": 1e30}), "min_length", "bad_value"),
            (json!({"min_length": "12"}), "min_length", "bad_value"),
            (json!({"min_length": -1}), "min_length", "bad_value"),
            (json!({"kinds": "emoji"}), "kinds", "bad_value"),
            (json!({"lock_after": 0}), "lock_after", "out_of_range"),
            (json!({"lock_minutes": 9_223_372_036_854_775_807_i64}), "lock_minutes", "out_of_range"),
            (json!({"max_age_days": 100_000}), "max_age_days", "out_of_range"),
            (json!({"address_lock_after": 5}), "address_lock_after", "out_of_range"),
            (json!({"min_lenght": 12}), "min_lenght", "unknown_field"),
        ] {
            let refused = admin.patch("/sign-in/settings", change.clone()).await;
            assert_eq!((refused.status, refused.errors()), (422, vec![(field.to_owned(), code.to_owned())]), "{change}");
        }
        assert_eq!(admin.get("/sign-in/settings").await.json, defaults, "nothing was changed by what was refused");
        settings(&admin, json!({"min_length": 12, "kinds": "letters_digits", "address_lock_after": 0})).await;
        settings(&admin, json!({"min_length": 12})).await;
        assert_eq!(logged(&admin, "policy").await, 1, "what changes nothing is not worth an entry");
        // Whoever chooses a password must know; nobody learns the rest.
        let offers = app.nobody().get("/sign-in").await.expect(200).json;
        assert_eq!(offers["password"], json!({"min_length": 12, "kinds": "letters_digits", "history": 0}));
        assert!(offers.get("lock_after").is_none());
        let other = app.second_engine().await;
        assert_eq!(other.sign_in_offers().await.expect("offers")["password"]["min_length"], json!(12));
    }

    async fn passwords_are_as_demanded(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "demanded").await;
        let id = id_of(&app, &login).await;
        let set = async |password: &str| {
            let answer = admin.post(&format!("/records/user/{id}/actions/set_password"), json!({"password": password})).await;
            answer.errors().first().map_or(String::new(), |(field, code)| format!("{field} {code}"))
        };
        settings(&admin, json!({"min_length": 10, "kinds": "letters_digits", "history": 2})).await;
        for weak in ["abc123", "abcdefghijkl", "123456789012", "中文密码中文密码中文"] {
            assert_eq!(set(weak).await, "password bad_password", "{weak}");
        }
        for good in ["abcdefghi1", "中文密码中文密码中文7"] {
            assert_eq!(set(good).await, "", "{good}");
        }
        settings(&admin, json!({"kinds": "mixed"})).await;
        for weak in ["abcdefghi2", "ABCDEFGHI2", "abcdefghi!"] {
            assert_eq!(set(weak).await, "password bad_password", "{weak}");
        }
        assert_eq!(set("Abcdefghi2").await, "");
        assert_eq!(set("abcdefgh2!").await, "");
        // The present one and the one before cannot come back, the one before those can.
        assert_eq!(set("abcdefgh2!").await, "password used_before");
        assert_eq!(set("Abcdefghi2").await, "password used_before");
        assert_eq!(set("Third-one-3").await, "");
        assert_eq!(set("Abcdefghi2").await, "");
        let (_, browser) = app.nobody().sign_in(&login, "Abcdefghi2").await;
        let again = browser.post("/session/password", json!({"current": "Abcdefghi2", "new": "Third-one-3"})).await;
        assert_eq!(again.errors(), [("new".to_owned(), "used_before".to_owned())]);
    }

    async fn an_old_password_must_be_changed(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "aged").await;
        settings(&admin, json!({"max_age_days": 90, "history": 1})).await;
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
        app.clock.advance(SignedDuration::from_hours(24 * 90));
        let (answer, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        assert_eq!((problem(&answer), &answer.json["password"]["min_length"]), ((401, "password_expired"), &json!(8)));
        assert_eq!(status(&browser).await, 401);
        assert_eq!(problem(&app.nobody().sign_in(&login, "not the password").await.0), (401, "invalid_credentials"), "who does not know it learns nothing");
        let with = async |password: &str, new: Json| app.nobody().sign_in_with(json!({"login": login, "password": password, "new_password": new})).await;
        assert_eq!(with(PASSWORD, json!("short")).await.0.errors(), [("new_password".to_owned(), "bad_password".to_owned())]);
        assert_eq!(with(PASSWORD, json!(PASSWORD)).await.0.errors(), [("new_password".to_owned(), "used_before".to_owned())]);
        assert_eq!(with("wrong one", json!("a whole new one")).await.0.status, 401);
        assert_eq!(with(PASSWORD, json!(["x"])).await.0.code(), "bad_json");
        let (answer, browser) = with(PASSWORD, json!("a whole new one")).await;
        answer.expect(200);
        assert_eq!(status(&browser).await, 200);
        app.nobody().sign_in(&login, "a whole new one").await.0.expect(200);
        // Of a password that is not too old, nothing is changed on the way in.
        let (answer, _) = app.nobody().sign_in_with(json!({"login": login, "password": "a whole new one", "new_password": "another new one"})).await;
        answer.expect(200);
        app.nobody().sign_in(&login, "a whole new one").await.0.expect(200);
    }

    async fn guessing_locks(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "guessed").await;
        let other = with_password(&app, db, "guessed-not").await;
        for _ in 0..5 {
            assert_eq!(problem(&app.nobody().sign_in(&login, "wrong password").await.0), (401, "invalid_credentials"));
        }
        let (locked, _) = app.nobody().sign_in(&login, PASSWORD).await;
        assert_eq!(problem(&locked), (429, "too_many_requests"));
        let wait: i64 = locked.header("retry-after").parse().expect("seconds");
        assert!((890..=901).contains(&wait), "{wait}");
        app.nobody().sign_in(&other, PASSWORD).await.0.expect(200);
        // Nobody's login is locked as somebody's is.
        for _ in 0..5 {
            assert_eq!(problem(&app.nobody().sign_in("nobody-at-all", "wrong password").await.0), (401, "invalid_credentials"));
        }
        assert_eq!(problem(&app.nobody().sign_in("nobody-at-all", "wrong password").await.0), (429, "too_many_requests"));
        // It is in the database: another process knows it, and so does this one after a restart.
        let second = app.second_engine().await;
        let given = guanxi_engine::auth::SignIn { login: &login, password: PASSWORD, ..Default::default() };
        assert!(matches!(second.sign_in(&given).await, Err(guanxi_engine::Error::TooMany(_))));
        let shown = admin.get("/sign-in/locked").await.expect(200);
        assert_eq!(shown.each("login"), std::slice::from_ref(&login));
        assert_eq!(logged(&admin, "lockout").await, 1);

        let id = id_of(&app, &login).await;
        app.user("li", "manager", "").await.post(&format!("/records/user/{id}/actions/unlock"), json!({})).await.expect(403);
        admin.post(&format!("/records/user/{id}/actions/unlock"), json!({})).await.expect(200);
        admin.post(&format!("/records/user/{id}/actions/unlock"), json!({})).await.expect(200);
        assert_eq!(logged(&admin, "unlock").await, 1);
        assert_eq!(admin.get("/sign-in/locked").await.json["items"], json!([]));
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
        // A success forgets the failures before it, and time does too.
        for round in 0..2 {
            for _ in 0..4 {
                app.nobody().sign_in(&login, "wrong password").await.0.expect(401);
            }
            match round {
                0 => app.nobody().sign_in(&login, PASSWORD).await.0.expect(200).status,
                _ => { app.clock.advance(SignedDuration::from_mins(15)); 0 }
            };
        }
        for _ in 0..5 {
            app.nobody().sign_in(&login, "wrong password").await.0.expect(401);
        }
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(429);
        app.clock.advance(SignedDuration::from_mins(15));
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
    }

    async fn many_guesses_at_once_are_no_more_than_one_after_the_other(db) {
        let app = open(db).await;
        let login = with_password(&app, db, "hammered").await;
        let nobody = app.nobody();
        let tries = (0..24).map(|_| nobody.sign_in(&login, "wrong password"));
        let answers = futures::future::join_all(tries).await;
        let refused = answers.iter().filter(|(answer, _)| answer.status == 401).count();
        assert_eq!((refused, answers.iter().filter(|(answer, _)| answer.status == 429).count()), (5, 19));
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(429);
    }

    async fn a_session_is_no_place_to_guess(db) {
        let app = open(db).await;
        let login = with_password(&app, db, "left-open").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        for _ in 0..5 {
            let wrong = browser.post("/session/password", json!({"current": "a guess", "new": "another password"})).await;
            assert_eq!(wrong.errors(), [("current".to_owned(), "wrong_password".to_owned())]);
        }
        browser.post("/session/password", json!({"current": PASSWORD, "new": "another password"})).await.expect(429);
    }

    async fn an_address_that_tries_many_logins_is_locked(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "sprayed").await;
        settings(&admin, json!({"address_lock_after": 10})).await;
        for number in 0..10 {
            app.nobody().at("203.0.113.7").sign_in(&format!("guess-{number}"), "Spring2026").await.0.expect(401);
        }
        app.nobody().at("203.0.113.7").sign_in(&login, PASSWORD).await.0.expect(429);
        app.nobody().at("203.0.113.8").sign_in(&login, PASSWORD).await.0.expect(200);
        assert_eq!(logged(&admin, "lockout").await, 1);
        app.clock.advance(SignedDuration::from_mins(15));
        app.nobody().at("203.0.113.7").sign_in(&login, PASSWORD).await.0.expect(200);
    }
}
