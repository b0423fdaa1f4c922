//! Signing in with the password of a directory, which is a real one.

use crate::{
    open,
    sign_in::{PASSWORD, problem, status, with_password},
    sign_in_policy::{id_of, logged},
    slapd::{DIRECTORY, READER, Slapd},
};
use guanxi_engine::{Viewer, auth::NewUser};
use guanxi_testkit::{Client, TestApp, both_databases, code_at};
use serde_json::{Value as Json, json};

/// An application that asks a directory.
async fn with_directory(db: guanxi_testkit::Db, more: Json) -> (TestApp, Client, Slapd) {
    let (app, slapd) = (open(db).await, Slapd::start());
    let admin = app.admin().await;
    admin.patch("/sign-in/ldap", slapd.settings(more)).await.expect(200);
    (app, admin, slapd)
}

/// A user with a password of his own here.
async fn local(app: &TestApp, login: &str, role: &str) -> String {
    let user = NewUser {
        login: login.into(),
        name: login.into(),
        roles: vec![role.into()],
        password: Some(PASSWORD.into()),
        ..NewUser::default()
    };
    app.engine.add_user(&Viewer::system("test"), user).await.expect("added").to_string()
}

async fn try_in(app: &TestApp, login: &str, password: &str) -> (u16, String) {
    let answer = app.nobody().sign_in(login, password).await.0;
    (answer.status, answer.code().to_owned())
}

fn refused(code: &str) -> (u16, String) {
    let status = match code {
        "ldap_unreachable" => 503,
        "ldap_unknown_user" => 403,
        "too_many_requests" => 429,
        _ => 401,
    };
    (status, code.to_owned())
}

/// How many entries of the access log say so.
async fn entries(admin: &Client, kind: &str, login: &str, via: &str) -> usize {
    let filter = json!({"and": [["kind", "=", kind], ["summary", "=", login], ["via", "=", via]]});
    admin.matching("access_event", &filter).await.len()
}

both_databases! {
    async fn whom_the_directory_knows_comes_in(db) {
        let (app, admin, _slapd) = with_directory(db, json!({"create": true, "role": "manager"})).await;
        let wrong = refused("invalid_credentials");
        assert_eq!(try_in(&app, "zhang", "not the password").await, wrong);
        assert_eq!(logged(&admin, "ldap_link").await, 0, "nobody is made a user before he has proven anything");
        let (answer, browser) = app.nobody().sign_in(" Zhang ", DIRECTORY).await;
        let user = answer.expect(200).json["user"].clone();
        assert_eq!((&user["login"], &user["name"], &user["roles"], &user["directory"]), (&json!("zhang"), &json!("张三"), &json!(["manager"]), &json!(true)));
        let id = id_of(&app, "zhang").await;
        assert_eq!(admin.get(&format!("/records/user/{id}")).await.json["email"], json!("zhang@example.com"));
        assert_eq!(status(&browser).await, 200);
        // The second time he is the same.
        app.nobody().sign_in("zhang", DIRECTORY).await.0.expect(200);
        assert_eq!((logged(&admin, "ldap_link").await, entries(&admin, "sign_in", "zhang", "ldap").await), (1, 2));
        assert_eq!(try_in(&app, "zhang", "not the password").await, wrong);
        assert_eq!(entries(&admin, "sign_in_refused", "zhang", "ldap").await, 1);
        // He is who he is in the directory, whatever he is called here.
        admin.patch(&format!("/records/user/{id}"), json!({"login": "zhang.san"})).await.expect(200);
        assert_eq!(app.nobody().sign_in("zhang", DIRECTORY).await.0.expect(200).json["user"]["login"], json!("zhang.san"));
        // Disabled here is disabled.
        admin.post(&format!("/records/user/{id}/actions/deactivate"), json!({})).await.expect(200);
        assert_eq!((try_in(&app, "zhang", DIRECTORY).await, status(&browser).await), (wrong, 401));
    }

    async fn what_proves_nothing_lets_nobody_in(db) {
        let (app, admin, _slapd) = with_directory(db, json!({"create": true})).await;
        admin.patch("/sign-in/settings", json!({"lock_after": 100})).await.expect(200);
        let wrong = refused("invalid_credentials");
        for password in ["", " ", "\u{3000}", "\0", "\0x", &"x".repeat(5000)] {
            assert_eq!(try_in(&app, "zhang", password).await, wrong, "{password:?}");
        }
        let long = "x".repeat(10_000);
        for login in ["*", "zh*", "zhang)(uid=*", "*)(objectClass=*", "zhang)(|(uid=*", "\\00", "zhang\\00", "\\2a", "zhang\0", "", "nobody", "uid=zhang,ou=people,dc=example,dc=com", long.as_str()] {
            assert_eq!(try_in(&app, login, DIRECTORY).await, wrong, "{login}");
        }
        // The directory knows two of this name.
        assert_eq!(try_in(&app, "twin", DIRECTORY).await, wrong);
        assert_eq!(try_in(&app, "reader", READER).await, wrong);
        assert_eq!(logged(&admin, "ldap_link").await, 0);
        assert_eq!(admin.matching("user", &json!(["login", "!=", "admin"])).await.len(), 0);
    }

    async fn who_is_linked_has_one_password(db) {
        let (app, admin, mut slapd) = with_directory(db, json!({"link": true})).await;
        let (zhang, _) = (local(&app, "zhang", "member").await, local(&app, "wang", "administrator").await);
        // Until the first time with the directory's password it is his own; then never again.
        app.nobody().sign_in("zhang", PASSWORD).await.0.expect(200);
        assert_eq!(app.nobody().sign_in("zhang", PASSWORD).await.0.json["user"]["directory"], json!(false));
        let (answer, browser) = app.nobody().sign_in("zhang", DIRECTORY).await;
        answer.expect(200);
        app.nobody().sign_in("wang", DIRECTORY).await.0.expect(200);
        for login in ["zhang", "wang"] {
            assert_eq!(try_in(&app, login, PASSWORD).await, refused("invalid_credentials"), "{login}");
        }
        assert_eq!(try_in(&app, "li", DIRECTORY).await, refused("ldap_unknown_user"));
        // Nobody changes it here.
        let elsewhere = (409, "directory_password");
        assert_eq!(problem(&browser.post("/session/password", json!({"current": DIRECTORY, "new": "another password"})).await), elsewhere);
        assert_eq!(problem(&admin.post(&format!("/records/user/{zhang}/actions/set_password"), json!({"password": "another password"})).await), elsewhere);
        // Where his password is asked for, it is the directory's.
        assert_eq!(browser.post("/session/totp", json!({"password": PASSWORD})).await.errors(), [("password".to_owned(), "wrong_password".to_owned())]);
        browser.post("/session/totp", json!({"password": DIRECTORY})).await.expect(200);

        slapd.stop();
        assert_eq!(try_in(&app, "zhang", PASSWORD).await, refused("ldap_unreachable"));
        assert_eq!(try_in(&app, "wang", "not the password").await, refused("ldap_unreachable"));
        let (answer, _) = app.nobody().sign_in("wang", PASSWORD).await;
        answer.expect(200);
        assert_eq!(entries(&admin, "sign_in", "wang", "page").await, 1, "administrators have a way in");
        assert!(slapd.run());
        // Turned off, it is the same.
        admin.patch("/sign-in/ldap", json!({"enabled": false})).await.expect(200);
        assert_eq!(try_in(&app, "zhang", PASSWORD).await, refused("invalid_credentials"));
        app.nobody().sign_in("wang", PASSWORD).await.0.expect(200);
        // Taken out of the directory he needs a new password: the one from before is gone.
        let unlink = format!("/records/user/{zhang}/actions/unlink_ldap");
        browser.post(&unlink, json!({})).await.expect(403);
        admin.post(&unlink, json!({})).await.expect(200);
        assert_eq!(problem(&admin.post(&unlink, json!({})).await), (409, "not_linked"));
        assert_eq!(try_in(&app, "zhang", PASSWORD).await, refused("invalid_credentials"));
        admin.post(&format!("/records/user/{zhang}/actions/set_password"), json!({"password": "another password"})).await.expect(200);
        app.nobody().sign_in("zhang", "another password").await.0.expect(200);
        assert_eq!(logged(&admin, "ldap_unlink").await, 1);
    }

    async fn without_linking_a_login_that_is_taken_stays_whose_it_is(db) {
        let (app, admin, _slapd) = with_directory(db, json!({"create": true})).await;
        local(&app, "zhang", "administrator").await;
        assert_eq!(try_in(&app, "zhang", DIRECTORY).await, refused("ldap_unknown_user"));
        app.nobody().sign_in("zhang", PASSWORD).await.0.expect(200);
        assert_eq!(logged(&admin, "ldap_refused").await, 1);
        // Nor does a login open anything that went to somebody else in the directory.
        admin.patch("/sign-in/ldap", json!({"link": true})).await.expect(200);
        app.nobody().sign_in("zhang", DIRECTORY).await.0.expect(200);
        admin.patch("/sign-in/ldap", json!({"id_attribute": "mail"})).await.expect(200);
        assert_eq!(try_in(&app, "zhang", DIRECTORY).await, refused("ldap_unknown_user"));
    }

    async fn without_the_directory_local_accounts_go_on(db) {
        let (app, admin, mut slapd) = with_directory(db, json!({"create": true})).await;
        admin.patch("/sign-in/settings", json!({"lock_after": 3})).await.expect(200);
        let login = with_password(&app, db, "local").await;
        app.nobody().sign_in("li", DIRECTORY).await.0.expect(200);
        let (_, browser) = app.nobody().sign_in("zhang", DIRECTORY).await;
        slapd.stop();
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
        assert_eq!(status(&browser).await, 200, "who is in stays in");
        // Known or not: the answer is the same, and a right password is not a wrong one.
        let away = refused("ldap_unreachable");
        for login in ["zhang", "zhang", "zhang", "zhang", "nobody", login.as_str()] {
            assert_eq!(try_in(&app, login, DIRECTORY).await, away, "{login}");
        }
        assert_eq!(problem(&browser.post("/session/totp", json!({"password": DIRECTORY})).await), (503, "ldap_unreachable"));
        // Who guesses at a local account is counted all the same.
        for _ in 0..2 {
            assert_eq!(try_in(&app, &login, "not the password").await, away);
        }
        assert_eq!(try_in(&app, &login, PASSWORD).await, refused("too_many_requests"));
        assert!(slapd.run());
        app.nobody().sign_in("zhang", DIRECTORY).await.0.expect(200);
    }

    async fn who_guesses_is_locked_however_he_writes_the_login(db) {
        let filter = "(|(uid={login})(mail={login}))";
        let (app, admin, _slapd) = with_directory(db, json!({"create": true, "filter": filter})).await;
        admin.patch("/sign-in/settings", json!({"lock_after": 3})).await.expect(200);
        app.nobody().sign_in("zhang@example.com", DIRECTORY).await.0.expect(200);
        assert_eq!(admin.matching("user", &json!(["login", "=", "zhang"])).await.len(), 1);
        // Full-width letters are the same letters to a directory.
        for login in ["zhang", "zhang@example.com", "ｚhang"] {
            assert_eq!(try_in(&app, login, "not the password").await, refused("invalid_credentials"), "{login}");
        }
        for login in ["zhang", "ZHANG@example.com", "zｈang"] {
            assert_eq!(try_in(&app, login, DIRECTORY).await, refused("too_many_requests"), "{login}");
        }
        assert_eq!((logged(&admin, "lockout").await, logged(&admin, "sign_in_refused").await), (1, 3));
        let id = id_of(&app, "zhang").await;
        admin.post(&format!("/records/user/{id}/actions/unlock"), json!({})).await.expect(200);
        app.nobody().sign_in("zhang", DIRECTORY).await.0.expect(200);
    }

    async fn the_second_step_is_the_workspaces(db) {
        let (app, admin, _slapd) = with_directory(db, json!({"create": true})).await;
        admin.patch("/sign-in/settings", json!({"totp_for_all": true, "max_age_days": 1})).await.expect(200);
        let (answer, browser) = app.nobody().sign_in("zhang", DIRECTORY).await;
        assert_eq!((problem(&answer), status(&browser).await), ((401, "totp_enrolment_required"), 401));
        let secret = answer.json["enrolment"]["secret"].as_str().expect("a secret").to_owned();
        let given = json!({"login": "zhang", "password": DIRECTORY, "code": code_at(&secret, app.engine.now())});
        app.nobody().sign_in_with(given.clone()).await.0.expect(200);
        assert_eq!(problem(&app.nobody().sign_in("zhang", DIRECTORY).await.0), (401, "totp_required"));
        assert_eq!(problem(&app.nobody().sign_in_with(given).await.0), (401, "totp_wrong"), "a code works once");
        app.clock.advance(jiff::SignedDuration::from_hours(48));
        let given = json!({"login": "zhang", "password": DIRECTORY, "code": code_at(&secret, app.engine.now())});
        app.nobody().sign_in_with(given).await.0.expect(200);
    }
}
