//! Signing in and out, guessing, cookies from elsewhere, tokens, the first start.

use crate::open;
use guanxi_engine::{Viewer, auth::NewUser};
use guanxi_testkit::{Client, Db, Response, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

pub(crate) const PASSWORD: &str = "一个 long enough 密码";

/// A user with a password.
pub(crate) async fn with_password(app: &TestApp, db: Db, login: &str) -> String {
    let login = format!("{login}.{db:?}").to_lowercase();
    let user = NewUser {
        login: login.clone(),
        name: "张三".into(),
        department_path: Some("销售部/华东".into()),
        password: Some(PASSWORD.into()),
        ..NewUser::default()
    };
    app.engine.add_user(&Viewer::system("test"), user).await.expect("the user is added");
    login
}

pub(crate) fn problem(answer: &Response) -> (u16, &str) {
    (answer.status, answer.code())
}

pub(crate) async fn status(client: &Client) -> u16 {
    client.get("/session").await.status
}

both_databases! {
    async fn in_and_out(db) {
        let app = open(db).await;
        let login = with_password(&app, db, "in-and-out").await;
        let (answer, browser) = app.nobody().sign_in(&login.to_uppercase(), PASSWORD).await;
        let answer = answer.expect(200);
        assert_eq!((&answer.json["user"]["name"], &answer.json["user"]["roles"], &answer.json["user"]["department"]["title"]), (&json!("张三"), &json!(["member"]), &json!("华东")));
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
        assert!(!cookie.contains("Secure"));
        assert!(!answer.text.contains(cookie.split(['=', ';']).nth(1).expect("a secret")), "the secret is in the cookie only");
        let shown = browser.get("/session").await.expect(200);
        assert_eq!(shown.json["preferences"], json!({}));
        browser.put("/preferences/theme", json!({"dark": true})).await.expect(204);
        assert_eq!(browser.get("/session").await.json["preferences"], json!({"theme": {"dark": true}}));
        browser.delete("/session").await.expect(204);
        assert_eq!(problem(&browser.get("/session").await), (401, "unauthenticated"));
        // Behind a proxy that speaks TLS the cookie is for TLS only.
        let secure = app.nobody().with("x-forwarded-proto", "https").sign_in(&login, PASSWORD).await.0;
        assert!(secure.expect(200).header("set-cookie").contains("; Secure"));
    }

    async fn sessions_are_seen_and_ended(db) {
        let app = open(db).await;
        let (admin, other) = (app.admin().await, app.user("other", "member", "").await);
        let login = with_password(&app, db, "sessions").await;
        app.nobody().sign_in(&login, "not the password").await.0.expect(401);
        let (_, desk) = app.nobody().with("user-agent", "Desk/1").sign_in(&login, PASSWORD).await;
        let (_, phone) = app.nobody().with("user-agent", "Phone/1").sign_in(&login, PASSWORD).await;
        let open = desk.get("/sessions").await.expect(200);
        let agents: Vec<(&Json, &Json)> =
            open.json["items"].as_array().expect("sessions").iter().map(|one| (&one["agent"], &one["current"])).collect();
        assert_eq!(agents.len(), 2);
        assert!(agents.contains(&(&json!("Desk/1"), &json!(true))) && agents.contains(&(&json!("Phone/1"), &json!(false))), "{}", open.text);
        let lost = open.json["items"].as_array().expect("sessions").iter().find(|one| one["current"] == json!(false)).expect("the other")["id"].clone();
        let lost = format!("/sessions/{}", lost.as_str().expect("an id"));
        other.delete(&lost).await.expect(404);
        desk.delete(&lost).await.expect(204);
        assert_eq!((status(&desk).await, status(&phone).await), (200, 401));
        desk.delete(&lost).await.expect(404);
        let himself = desk.get("/session").await.json["user"]["id"].as_str().expect("an id").to_owned();
        other.post(&format!("/records/user/{himself}/actions/sign_out"), json!({})).await.expect(403);
        admin.post(&format!("/records/user/{himself}/actions/sign_out"), json!({})).await.expect(200);
        assert_eq!(status(&desk).await, 401);
        let kinds = |kind: &str| json!({"and": [["kind", "=", kind], ["summary", "=", login.clone()]]});
        assert_eq!(admin.matching("access_event", &kinds("sign_in")).await.len(), 2);
        assert_eq!(admin.matching("access_event", &kinds("sign_in_refused")).await.len(), 1);
        assert_eq!(admin.matching("access_event", &kinds("password")).await.len(), 1);
    }

    async fn wrong_in_every_way_sounds_alike(db) {
        let app = open(db).await;
        let login = with_password(&app, db, "alike").await;
        let mut answers = Vec::new();
        for (login, password) in [(login.as_str(), "wrong password"), ("nobody-at-all", PASSWORD), (login.as_str(), ""), ("", ""), (login.as_str(), &"x".repeat(5000))] {
            let (answer, browser) = app.nobody().sign_in(login, password).await;
            assert_eq!(answer.header("set-cookie"), "");
            assert_eq!(status(&browser).await, 401);
            answers.push((answer.status, answer.text));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(answers[0].0, 401);
        let other = app.nobody().post("/session", json!({"login": login, "password": PASSWORD, "workspace": "another"})).await;
        assert_eq!(problem(&other), (401, "invalid_credentials"));
        for body in [json!({}), json!({"login": 5, "password": []}), json!([])] {
            assert_eq!(app.nobody().post("/session", body).await.code(), "bad_json");
        }
    }

    async fn sessions_end(db) {
        let app = open(db).await;
        let login = with_password(&app, db, "ending").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        assert_eq!(status(&browser).await, 200);
        app.clock.advance(SignedDuration::from_hours(24 * 13));
        assert_eq!(status(&browser).await, 200);
        app.clock.advance(SignedDuration::from_hours(24 + 1));
        assert_eq!(status(&browser).await, 401, "after two weeks");
        // A new password ends the others.
        let (_, here) = app.nobody().sign_in(&login, PASSWORD).await;
        let (_, there) = app.nobody().sign_in(&login, PASSWORD).await;
        let wrong = here.post("/session/password", json!({"current": "not it", "new": "another password"})).await;
        assert_eq!((wrong.status, wrong.errors()), (422, vec![("current".to_owned(), "wrong_password".to_owned())]));
        let weak = here.post("/session/password", json!({"current": PASSWORD, "new": "short"})).await;
        assert_eq!((weak.status, weak.errors()), (422, vec![("new".to_owned(), "bad_password".to_owned())]));
        here.post("/session/password", json!({"current": PASSWORD, "new": "another password"})).await.expect(204);
        assert_eq!((status(&here).await, status(&there).await), (200, 401));
        assert_eq!(app.nobody().sign_in(&login, PASSWORD).await.0.status, 401);
        app.nobody().sign_in(&login, "another password").await.0.expect(200);
    }

    async fn other_sites_cannot_act(db) {
        let app = open(db).await;
        let login = with_password(&app, db, "cross-site").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        let act = async |headers: &[(&str, &str)]| {
            let mut request = browser.request("POST", "/records/customer?allow_duplicate=true").json(&json!({"name": "甲"}));
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let answer = request.send().await;
            (answer.status, answer.code().to_owned())
        };
        let refused = (403, "cross_site".to_owned());
        for headers in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![("origin", "https://crm.example.evil.example")],
            vec![("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        ] {
            assert_eq!(act(&headers).await, refused, "{headers:?}");
        }
        for headers in [vec![("sec-fetch-site", "same-origin")], vec![("origin", "https://crm.example")], vec![("sec-fetch-site", "none")], vec![]] {
            assert_eq!(act(&headers).await.0, 201, "{headers:?}");
        }
        for (method, path) in [("DELETE", "/session"), ("PATCH", "/records/customer/x"), ("PUT", "/preferences/x"), ("DELETE", "/records/customer/x"), ("POST", "/session")] {
            let answer = browser.request(method, path).header("origin", "https://evil.example").json(&json!({"login": login, "password": PASSWORD})).send().await;
            assert_eq!(problem(&answer), (403, "cross_site"), "{method} {path}");
        }
        assert_eq!(status(&browser).await, 200, "still signed in");
        // Reading is for the browser's own rules; a token is never sent by itself.
        assert_eq!(browser.request("GET", "/session").header("origin", "https://evil.example").send().await.status, 200);
        let token = app.admin().await;
        assert_eq!(token.request("POST", "/records/customer").header("origin", "https://evil.example").json(&json!({"name": "乙"})).send().await.status, 201);
        // No answer is for another site to read, or to frame.
        let answer = browser.request("GET", "/catalog").header("origin", "https://evil.example").send().await;
        assert_eq!((answer.header("access-control-allow-origin"), answer.header("x-frame-options"), answer.header("x-content-type-options")), ("", "DENY", "nosniff"));
    }

    async fn tokens_live_and_die(db) {
        let app = open(db).await;
        let (zhang, li) = (app.user("zhang", "member", "").await, app.user("li", "member", "").await);
        let made = zhang.post("/tokens", json!({"name": "脚本", "expires_at": "2026-11-22T02:00:00Z"})).await.expect(201);
        let secret = made.json["token"].as_str().expect("the secret").to_owned();
        let program = app.nobody().with("authorization", &format!("Bearer {secret}"));
        assert_eq!(program.get("/session").await.expect(200).json["user"]["login"], json!("zhang"));
        assert_eq!(app.nobody().with("authorization", &format!("bearer  {secret}")).get("/session").await.status, 200);
        let listed = zhang.get("/tokens").await.expect(200);
        assert!(listed.text.contains("脚本") && !listed.text.contains(&secret), "the secret is shown once");
        assert!(!li.get("/tokens").await.text.contains("脚本"));
        assert_eq!(li.delete(&format!("/tokens/{}", made.json["id"].as_str().expect("an id"))).await.status, 404);
        app.clock.advance(SignedDuration::from_hours(24) + SignedDuration::from_secs(6));
        assert_eq!(problem(&program.get("/session").await), (401, "token_expired"));
        let lasting = zhang.post("/tokens", json!({"name": "ohne Ende"})).await.expect(201);
        let program = app.nobody().with("authorization", &format!("Bearer {}", lasting.json["token"].as_str().expect("the secret")));
        assert_eq!(status(&program).await, 200);
        zhang.delete(&format!("/tokens/{}", lasting.json["id"].as_str().expect("an id"))).await.expect(204);
        assert_eq!(status(&program).await, 401, "taken away");
        let past = zhang.post("/tokens", json!({"name": "alt", "expires_at": "2020-01-01T00:00:00Z"})).await;
        assert_eq!(past.errors(), [("expires_at".to_owned(), "out_of_range".to_owned())]);
        assert_eq!(zhang.post("/tokens", json!({"name": " "})).await.status, 422);
        for header in ["Bearer", "Bearer ", "Bearer gx_", "Basic eDp5", "Bearer null", &format!("Bearer {secret}x")] {
            assert_eq!(status(&app.nobody().with("authorization", header)).await, 401, "{header}");
        }
    }

    async fn who_leaves_is_out(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "leaving").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        let id = browser.get("/session").await.json["user"]["id"].as_str().expect("an id").to_owned();
        let member = admin.get(&format!("/records/user/{id}")).await.expect(200);
        assert!(!member.text.contains("argon2"), "no hash is in any answer");
        admin.post(&format!("/records/user/{id}/actions/deactivate"), json!({})).await.expect(200);
        assert_eq!(status(&browser).await, 401);
        assert_eq!(app.nobody().sign_in(&login, PASSWORD).await.0.status, 401);
        assert_eq!(problem(&admin.post(&format!("/records/user/{id}/actions/deactivate"), json!({})).await), (409, "action_not_possible"));
        admin.post(&format!("/records/user/{id}/actions/activate"), json!({})).await.expect(200);
        assert_eq!(status(&browser).await, 401, "old sessions stay dead");
        let set = async |client: &Client, password: Json| client.post(&format!("/records/user/{id}/actions/set_password"), json!({"password": password})).await;
        assert_eq!(set(&admin, json!("short")).await.status, 422);
        assert_eq!(set(&app.user("zhang", "manager", "").await, json!("good enough now")).await.status, 403);
        set(&admin, json!("good enough now")).await.expect(200);
        app.nobody().sign_in(&login, "good enough now").await.0.expect(200);
    }

    async fn the_first_start_gives_one_link(db) {
        let app = open(db).await;
        let token = app.engine.ensure_administrator(None).await.expect("works").expect("a link");
        assert!(app.engine.ensure_administrator(None).await.expect("works").is_none(), "there is one now");
        let nobody = app.nobody();
        assert_eq!(nobody.get(&format!("/setup?token={token}")).await.expect(200).json, json!({"login": "admin"}));
        assert_eq!(nobody.get("/setup?token=wrong").await.status, 404);
        assert_eq!(nobody.post("/setup", json!({"token": token, "password": "short"})).await.status, 422);
        nobody.post("/setup", json!({"token": token, "password": "first password"})).await.expect(200);
        assert_eq!(nobody.post("/setup", json!({"token": token, "password": "other password"})).await.status, 404, "used up");
        nobody.sign_in("admin", "first password").await.0.expect(200);
        let late = open(db).await;
        let token = late.engine.ensure_administrator(None).await.expect("works").expect("a link");
        late.clock.advance(SignedDuration::from_hours(25));
        assert_eq!(late.nobody().get(&format!("/setup?token={token}")).await.status, 404, "a day later it has expired");
    }
}
