//! Two-step verification: an app, a list of recovery codes, and those who must have them.

use crate::{
    open,
    sign_in::{PASSWORD, problem, status, with_password},
    sign_in_policy::{id_of, logged, settings},
};
use guanxi_testkit::{Client, TestApp, both_databases, code_at};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

async fn with_code(app: &TestApp, login: &str, code: &str) -> (guanxi_testkit::Response, Client) {
    app.nobody().sign_in_with(json!({"login": login, "password": PASSWORD, "code": code})).await
}

/// Sets an app up from a browser; answers its secret and the recovery codes.
async fn enrol(app: &TestApp, browser: &Client) -> (String, Vec<String>) {
    let begun = browser.post("/session/totp", json!({"password": PASSWORD})).await.expect(200);
    let secret = begun.json["secret"].as_str().expect("a secret").to_owned();
    let codes =
        browser.post("/session/totp/confirm", json!({"code": code_at(&secret, app.engine.now())})).await.expect(200);
    let codes = codes.json["recovery_codes"]
        .as_array()
        .expect("codes")
        .iter()
        .map(|code| code.as_str().expect("text").to_owned());
    (secret, codes.collect())
}

/// Another code; the one before was used.
fn next(app: &TestApp, secret: &str) -> String {
    app.clock.advance(SignedDuration::from_secs(30));
    code_at(secret, app.engine.now())
}

both_databases! {
    async fn an_app_is_set_up_and_asked_for(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "two-steps").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        assert_eq!(browser.get("/session/totp").await.json, json!({"since": null, "recovery_codes_left": 0, "required": false}));
        let wrong = browser.post("/session/totp", json!({"password": "not it"})).await;
        assert_eq!(wrong.errors(), [("password".to_owned(), "wrong_password".to_owned())]);
        assert_eq!(problem(&browser.post("/session/totp/confirm", json!({"code": "123456"})).await), (409, "totp_not_begun"));
        let begun = browser.post("/session/totp", json!({"password": PASSWORD})).await.expect(200).json;
        let secret = begun["secret"].as_str().expect("a secret").to_owned();
        assert!(begun["uri"].as_str().expect("an address").starts_with("otpauth://totp/Guanxi:two-steps."), "{begun}");
        // Until it is confirmed nothing changes, and the same secret is shown again.
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
        assert_eq!(browser.post("/session/totp", json!({"password": PASSWORD})).await.json["secret"], json!(secret));
        let (_, codes) = enrol(&app, &browser).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(problem(&browser.post("/session/totp", json!({"password": PASSWORD})).await), (409, "totp_on"));
        let shown = browser.get("/session/totp").await;
        assert_eq!(shown.json["recovery_codes_left"], json!(10));
        assert!(!shown.text.contains(&secret));

        assert_eq!(problem(&app.nobody().sign_in(&login, PASSWORD).await.0), (401, "totp_required"));
        assert_eq!(problem(&app.nobody().sign_in(&login, "not the password").await.0), (401, "invalid_credentials"));
        // The code that confirmed it was used; so is one that let somebody in.
        assert_eq!(problem(&with_code(&app, &login, &code_at(&secret, app.engine.now())).await.0), (401, "totp_wrong"));
        let code = next(&app, &secret);
        let (answer, inside) = with_code(&app, &login, &format!(" {} {} ", &code[..3], &code[3..])).await;
        answer.expect(200);
        assert_eq!(status(&inside).await, 200);
        assert_eq!(problem(&with_code(&app, &login, &code).await.0), (401, "totp_wrong"), "replayed");
        // Two at the same moment with one code: one of them is in.
        let code = next(&app, &secret);
        let both = futures::future::join_all((0..2).map(|_| with_code(&app, &login, &code))).await;
        let mut statuses: Vec<u16> = both.iter().map(|(answer, _)| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
        assert_eq!(logged(&admin, "totp_on").await, 1);
    }

    async fn wrong_codes_lock(db) {
        let app = open(db).await;
        let login = with_password(&app, db, "guess-code").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        let (secret, _) = enrol(&app, &browser).await;
        let late = code_at(&secret, app.engine.now() - SignedDuration::from_mins(5));
        for code in ["000000", &late, "", "aaaa-bbbb-cccc-dddd", &"9".repeat(5000)] {
            assert_eq!(problem(&with_code(&app, &login, code).await.0), (401, "totp_wrong"), "{code}");
        }
        let code = next(&app, &secret);
        assert_eq!(with_code(&app, &login, &code).await.0.status, 429);
        app.clock.advance(SignedDuration::from_mins(15));
        with_code(&app, &login, &code_at(&secret, app.engine.now())).await.0.expect(200);
        assert_eq!(app.nobody().post("/session", json!({"login": login, "password": PASSWORD, "code": 123_456})).await.code(), "bad_json");
    }

    async fn recovery_codes_work_once(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "recovers").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        let (secret, codes) = enrol(&app, &browser).await;
        with_code(&app, &login, &codes[3].to_uppercase()).await.0.expect(200);
        assert_eq!(problem(&with_code(&app, &login, &codes[3]).await.0), (401, "totp_wrong"));
        assert_eq!(browser.get("/session/totp").await.json["recovery_codes_left"], json!(9));
        assert_eq!(logged(&admin, "recovery_code").await, 1);
        let body = json!({"password": PASSWORD, "code": next(&app, &secret)});
        let fresh = browser.post("/session/totp/recovery-codes", body.clone()).await.expect(200);
        assert_eq!(browser.post("/session/totp/recovery-codes", body).await.errors(), [("code".to_owned(), "wrong_code".to_owned())]);
        assert_eq!(with_code(&app, &login, &codes[4]).await.0.status, 401, "the former ones are gone");
        with_code(&app, &login, fresh.json["recovery_codes"][0].as_str().expect("a code")).await.0.expect(200);
        // Somebody else's are worth nothing here.
        let other = with_password(&app, db, "recovers-too").await;
        let (_, others) = app.nobody().sign_in(&other, PASSWORD).await;
        enrol(&app, &others).await;
        assert_eq!(with_code(&app, &other, fresh.json["recovery_codes"][1].as_str().expect("a code")).await.0.status, 401);
    }

    async fn it_is_turned_off_by_himself_or_reset(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "turns-off").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        let off = async |password: &str, code: &str| browser.post("/session/totp/disable", json!({"password": password, "code": code})).await;
        assert_eq!(problem(&off(PASSWORD, "123456").await), (409, "totp_off"));
        let (secret, _) = enrol(&app, &browser).await;
        let code = next(&app, &secret);
        assert_eq!(off("not it", &code).await.errors(), [("password".to_owned(), "wrong_password".to_owned())]);
        assert_eq!(off(PASSWORD, "000000").await.errors(), [("code".to_owned(), "wrong_code".to_owned())]);
        off(PASSWORD, &code).await.expect(204);
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
        assert_eq!(logged(&admin, "totp_off").await, 1);

        enrol(&app, &browser).await;
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(401);
        let reset = format!("/records/user/{}/actions/reset_totp", id_of(&app, &login).await);
        app.user("boss", "manager", "").await.post(&reset, json!({})).await.expect(403);
        let answer = admin.post(&reset, json!({})).await.expect(200);
        assert!(answer.json.get("secret").is_none());
        admin.post(&reset, json!({})).await.expect(200);
        assert_eq!(logged(&admin, "totp_reset").await, 1);
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
    }

    async fn it_can_be_demanded(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let login = with_password(&app, db, "must").await;
        let refused = admin.patch("/sign-in/settings", json!({"totp_roles": ["nobody"]})).await;
        assert_eq!(refused.errors(), [("totp_roles".to_owned(), "unknown_role".to_owned())]);
        settings(&admin, json!({"totp_roles": ["manager"]})).await;
        app.nobody().sign_in(&login, PASSWORD).await.0.expect(200);
        settings(&admin, json!({"totp_roles": ["member"]})).await;
        assert_eq!(problem(&app.nobody().sign_in(&login, "not it").await.0), (401, "invalid_credentials"));
        let (asked, outside) = app.nobody().sign_in(&login, PASSWORD).await;
        assert_eq!(problem(&asked), (401, "totp_enrolment_required"));
        assert_eq!(status(&outside).await, 401);
        let secret = asked.json["enrolment"]["secret"].as_str().expect("a secret").to_owned();
        assert_eq!(app.nobody().sign_in(&login, PASSWORD).await.0.json["enrolment"]["secret"], json!(secret));
        assert_eq!(problem(&with_code(&app, &login, "000000").await.0), (401, "totp_wrong"));
        let (answer, inside) = with_code(&app, &login, &code_at(&secret, app.engine.now())).await;
        assert_eq!(answer.expect(200).json["recovery_codes"].as_array().map(Vec::len), Some(10));
        assert_eq!(inside.get("/session/totp").await.json["required"], json!(true));
        let (answer, _) = with_code(&app, &login, &next(&app, &secret)).await;
        assert_eq!(answer.expect(200).json["recovery_codes"], Json::Null);
        let off = inside.post("/session/totp/disable", json!({"password": PASSWORD, "code": next(&app, &secret)})).await;
        assert_eq!(problem(&off), (409, "totp_demanded"));
        // Both steps at once: an old password and a code.
        settings(&admin, json!({"max_age_days": 1})).await;
        app.clock.advance(SignedDuration::from_hours(25));
        let (asked, _) = app.nobody().sign_in(&login, PASSWORD).await;
        assert_eq!(problem(&asked), (401, "password_expired"));
        let body = json!({"login": login, "password": PASSWORD, "new_password": "quite another one"});
        assert_eq!(problem(&app.nobody().sign_in_with(body.clone()).await.0), (401, "totp_required"), "nothing is set before he is in");
        let mut whole = body;
        whole["code"] = json!(next(&app, &secret));
        app.nobody().sign_in_with(whole).await.0.expect(200);
        assert_eq!(problem(&app.nobody().sign_in(&login, PASSWORD).await.0), (401, "invalid_credentials"));
        assert_eq!(problem(&app.nobody().sign_in(&login, "quite another one").await.0), (401, "totp_required"));
    }

    /// The database alone gives no secret away; without the key, only the app fails.
    async fn secrets_are_sealed(db) {
        let mut app = open(db).await;
        let login = with_password(&app, db, "sealed").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        let key = json!("the same key twice").to_string();
        let begun = browser.request("POST", "/session/totp").header("idempotency-key", &key).json(&json!({"password": PASSWORD})).send().await.expect(200);
        assert_eq!(begun.header("idempotency-replayed"), "");
        let (secret, codes) = enrol(&app, &browser).await;
        let mut sql = app.engine.database().sql();
        sql.push("SELECT secret FROM _second_factors UNION ALL SELECT hash FROM _recovery_codes UNION ALL SELECT COALESCE(answer, '') || request FROM _idempotency");
        sql.returning([guanxi_model::Kind::Text]);
        for row in app.engine.database().read(sql).await.expect("rows") {
            let text = row[0].as_text().expect("text").to_owned();
            assert!(!text.contains(&secret) && !codes.contains(&text), "{text}");
        }
        let file = app.database.folder().join("secret.key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).expect("the key is there").permissions().mode() & 0o777, 0o600);
        }
        app.reopen().await;
        let code = next(&app, &secret);
        with_code(&app, &login, &code).await.0.expect(200);
        std::fs::remove_file(&file).expect("removed");
        app.reopen().await;
        let code = next(&app, &secret);
        assert_eq!(problem(&with_code(&app, &login, &code).await.0), (401, "totp_wrong"));
        assert!(!file.exists(), "no other key takes its place");
        with_code(&app, &login, &codes[0]).await.0.expect(200);
    }
}
