//! An OpenID Connect provider as the way in: its settings, and returns that nobody began. The whole way, with a real provider
//! and a real browser, is e2e/tests/oidc.spec.ts.

use crate::{
    open,
    sign_in::{PASSWORD, problem, with_password},
    sign_in_policy::logged,
};
use axum::{Json, Router, routing::get};
use guanxi_testkit::{Client, Response, both_databases};
use serde_json::{Value, json};

/// A provider that says where it is, and knows nobody.
async fn provider() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    let said = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
    });
    // Its tokens are signed by nobody.
    let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsImlzcyI6IngiLCJhdWQiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.";
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(move || async move { Json(said) }))
        .route(
            "/token",
            axum::routing::post(move || async move { Json(json!({"id_token": token, "access_token": "a"})) }),
        )
        .route("/jwks", get(|| async { Json(json!({"keys": []})) }));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    issuer
}

fn settings(issuer: &str) -> Value {
    json!({"enabled": true, "issuer": issuer, "client_id": "guanxi", "client_secret": "very secret", "page": "http://127.0.0.1:8080", "label": "公司账号"})
}

/// The cookie and the state of somebody who sets out.
fn set_out(answer: &Response) -> (String, String) {
    assert_eq!(answer.status, 303, "{}", answer.text);
    let state =
        answer.header("location").split(['?', '&']).find_map(|pair| pair.strip_prefix("state=")).expect("a state");
    (answer.header("set-cookie").split(';').next().expect("a cookie").to_owned(), state.to_owned())
}

async fn back(client: &Client, cookie: &str, query: &str) -> String {
    let answer = client.clone().with("cookie", cookie).get(&format!("/oidc/callback?{query}")).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(
        !answer
            .headers
            .get_all("set-cookie")
            .iter()
            .any(|value| value.to_str().is_ok_and(|text| text.starts_with("guanxi_session")))
    );
    answer.header("location").to_owned()
}

both_databases! {
    async fn administrators_set_the_provider(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let member = app.user("zhang", "member", "").await;
        member.get("/sign-in/oidc").await.expect(403);
        member.patch("/sign-in/oidc", json!({"enabled": false})).await.expect(403);
        assert_eq!(app.nobody().get("/sign-in").await.json["oidc"], Value::Null);
        app.nobody().get("/oidc/start").await.expect(404);
        let issuer = provider().await;
        let with = |name: &str, value: Value| {
            let mut whole = settings(&issuer);
            whole[name] = value;
            whole
        };
        for (change, field, code) in [
            (with("issuer", json!("http://login.example.com")), "issuer", "bad_url"),
            (with("issuer", json!("http://127.0.0.1:1")), "issuer", "oidc_unreachable"),
            (with("issuer", json!(format!("{issuer}/"))), "issuer", "oidc_unreachable"),
            (with("issuer", json!(7)), "issuer", "bad_value"),
            (with("page", json!("http://crm.example.com")), "page", "bad_url"),
            (with("client_id", json!("")), "client_id", "required"),
            (with("label", json!("x".repeat(5000))), "label", "too_long"),
            (with("scopes", json!(["email"])), "scopes", "required"),
            (with("scopes", json!("openid")), "scopes", "bad_value"),
            (with("link", json!("everybody")), "link", "bad_value"),
            (with("role", json!("nobody")), "role", "unknown_role"),
            (with("admin", json!(true)), "admin", "unknown_field"),
        ] {
            let refused = admin.patch("/sign-in/oidc", change.clone()).await;
            let errors = refused.errors();
            assert!(refused.status == 422 && errors.contains(&(field.to_owned(), code.to_owned())), "{change}: {errors:?}");
        }
        let made = admin.patch("/sign-in/oidc", settings(&issuer)).await.expect(200);
        assert_eq!((&made.json["client_secret"], &made.json["redirect"]), (&json!(true), &json!("http://127.0.0.1:8080/api/v1/oidc/callback")));
        for path in ["/sign-in/oidc", "/sign-in"] {
            assert!(!admin.get(path).await.expect(200).text.contains("very secret"));
        }
        let stored = guanxi_store::platform::meta(app.engine.database(), "oidc").await.expect("read").expect("kept");
        assert!(!stored.contains("very secret"), "{stored}");
        assert_eq!(app.nobody().get("/sign-in").await.json["oidc"], json!({"label": "公司账号"}));
        assert_eq!(logged(&admin, "policy").await, 1);
        admin.patch("/sign-in/oidc", json!({"enabled": false})).await.expect(200);
        app.nobody().get("/oidc/start").await.expect(404);
    }

    async fn only_who_set_out_here_comes_back(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        admin.patch("/sign-in/oidc", settings(&provider().await)).await.expect(200);
        let nobody = app.nobody();
        let (cookie, state) = set_out(&nobody.get("/oidc/start?next=/o/customer").await);
        let (other_cookie, other_state) = set_out(&nobody.get("/oidc/start").await);
        let forged = "/sign-in?problem=oidc_state";
        for (cookie, query) in [
            ("x=y", format!("state={state}&code=c")),
            (cookie.as_str(), format!("state={other_state}&code=c")),
            (other_cookie.as_str(), format!("state={state}&code=c")),
            (cookie.as_str(), "code=c".to_owned()),
            ("guanxi_oidc=", "state=&code=c".to_owned()),
            ("guanxi_oidc=forged", format!("state={state}&code=c")),
        ] {
            assert_eq!(back(&nobody, cookie, &query).await, forged, "{query}");
        }
        // An entry an hour for each address says enough of what anybody can make up.
        assert_eq!(logged(&admin, "oidc_refused").await, 1);
        // The right one, whose token nobody signed; and it is used up.
        assert_eq!(back(&nobody, &cookie, &format!("state={state}&code=c")).await, "/sign-in?problem=oidc_refused");
        assert_eq!(back(&nobody, &cookie, &format!("state={state}&code=c")).await, forged);
        assert_eq!(back(&nobody, &other_cookie, &format!("state={other_state}&error=access_denied")).await, "/sign-in?problem=oidc_refused");
        let (late, state) = set_out(&nobody.get("/oidc/start").await);
        app.clock.advance(jiff::SignedDuration::from_mins(11));
        assert_eq!(back(&nobody, &late, &format!("state={state}&code=c")).await, forged);
    }

    async fn linking_takes_a_session_and_unlinking_a_password(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        admin.patch("/sign-in/oidc", settings(&provider().await)).await.expect(200);
        let login = with_password(&app, db, "links").await;
        let (_, browser) = app.nobody().sign_in(&login, PASSWORD).await;
        app.nobody().post("/oidc/link", json!({})).await.expect(401);
        let refused = browser.request("POST", "/oidc/link").header("origin", "https://evil.example").json(&json!({})).send().await;
        assert_eq!(problem(&refused), (403, "cross_site"));
        let begun = browser.post("/oidc/link", json!({})).await.expect(200);
        assert!(begun.json["url"].as_str().expect("an address").contains("code_challenge_method=S256"), "{}", begun.text);
        assert_eq!(browser.get("/oidc/identity").await.json, json!({"label": "公司账号", "since": null}));
        browser.delete("/oidc/identity").await.expect(404);
        assert_eq!(problem(&admin.delete("/oidc/identity").await), (409, "no_password"));
        let days = browser.post("/tokens", json!({"name": "x", "days": 1})).await.expect(201);
        let program = app.nobody().with("authorization", &format!("Bearer {}", days.json["token"].as_str().expect("a secret")));
        assert_eq!(problem(&program.post("/oidc/link", json!({})).await), (403, "restricted_token"));
    }
}
