//! Tokens that can do less than their user, or only for a time.

use crate::{
    open,
    sign_in::{problem, status},
    sign_in_policy::{id_of, logged},
};
use guanxi_testkit::{Client, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

async fn token(app: &TestApp, owner: &Client, body: Json) -> Client {
    let made = owner.post("/tokens", body).await.expect(201);
    app.nobody().with("authorization", &format!("Bearer {}", made.json["token"].as_str().expect("a secret")))
}

both_databases! {
    async fn a_token_has_the_roles_that_both_it_and_its_user_have(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let zhang = app.user("zhang", "member", "销售部/华东").await;
        let id = id_of(&app, "zhang").await;
        admin.patch(&format!("/records/user/{id}"), json!({"roles": ["member", "manager"]})).await.expect(200);
        let li = app.user("li", "member", "销售部/华东").await;
        let made = li.create("customer", json!({"name": "李的客户"})).await;
        let program = token(&app, &zhang, json!({"name": "只读自己", "roles": ["member"]})).await;
        assert_eq!(program.get("/session").await.expect(200).json["user"]["roles"], json!(["member"]));
        assert_eq!((zhang.get(&made.path()).await.status, program.get(&made.path()).await.status), (200, 404));
        let listed = zhang.get("/tokens").await.expect(200);
        assert_eq!(listed.json["items"][0]["roles"], json!(["member"]));

        for roles in [json!(["administrator"]), json!([]), json!(["member", "nobody"])] {
            let refused = zhang.post("/tokens", json!({"name": "x", "roles": roles})).await;
            assert_eq!(refused.errors(), [("roles".to_owned(), "unknown_role".to_owned())], "{roles}");
        }
        for body in [json!({"name": "x", "roles": "member"}), json!({"name": "x", "roles": [1]}), json!({"name": "x", "days": 1e9}), json!({"name": "x", "days": -1}), json!({"name": "x", "expires_at": "soon"})] {
            assert_eq!(zhang.post("/tokens", body.clone()).await.code(), "bad_json", "{body}");
        }
        assert_eq!(zhang.post("/tokens", json!({"name": "x", "days": 0})).await.errors(), [("expires_at".to_owned(), "out_of_range".to_owned())]);

        // A role that he gets later is not the token's; one that he loses is gone from it.
        let both = token(&app, &zhang, json!({"name": "两个", "roles": ["member", "manager"]})).await;
        admin.patch(&format!("/records/user/{id}"), json!({"roles": ["manager", "administrator"]})).await.expect(200);
        assert_eq!(both.get("/session").await.json["user"]["roles"], json!(["manager"]));
        assert_eq!(program.get("/session").await.json["user"]["roles"], json!([]));
        assert_eq!(program.get(&made.path()).await.status, 404);
        both.get("/roles").await.expect(403);
        zhang.get("/roles").await.expect(200);
    }

    async fn a_restricted_token_makes_itself_no_better_one(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "manager", "").await;
        for body in [json!({"name": "a", "roles": ["manager"]}), json!({"name": "b", "days": 30})] {
            let program = token(&app, &zhang, body).await;
            for (path, body) in [
                ("/tokens", json!({"name": "better"})),
                ("/session/password", json!({"current": "x", "new": "another password"})),
                ("/session/totp", json!({"password": "x"})),
                ("/session/totp/confirm", json!({"code": "123456"})),
            ] {
                assert_eq!(problem(&program.post(path, body).await), (403, "restricted_token"), "{path}");
            }
        }
        zhang.post("/tokens", json!({"name": "as before"})).await.expect(201);
    }

    async fn an_expired_token_says_so_and_is_logged_once(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let zhang = app.user("zhang", "member", "").await;
        let program = token(&app, &zhang, json!({"name": "报表", "days": 30})).await;
        assert_eq!(status(&program).await, 200);
        app.clock.advance(SignedDuration::from_hours(24 * 30));
        for _ in 0..3 {
            assert_eq!(problem(&program.get("/session").await), (401, "token_expired"));
        }
        let log = admin.list("access_event", &[("filter", &json!(["kind", "=", "token_expired"]).to_string())]).await.expect(200);
        assert_eq!(logged(&admin, "token_expired").await, 1);
        assert_eq!((&log.json["items"][0]["summary"], &log.json["items"][0]["actor"]["title"]), (&json!("报表"), &json!("zhang")));
    }
}
