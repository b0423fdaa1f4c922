//! The settings of a directory, and their trial.

use crate::{
    open,
    sign_in_policy::logged,
    slapd::{DIRECTORY, READER, Slapd},
};
use guanxi_testkit::{Client, both_databases};
use serde_json::{Value as Json, json};

/// What a trial says: each step, and whether it worked.
async fn trial(admin: &Client, given: Json) -> Vec<(String, bool)> {
    let answer = admin.post("/sign-in/ldap/test", given).await.expect(200);
    assert!(!answer.text.contains(READER) && !answer.text.contains(DIRECTORY), "{}", answer.text);
    let steps: Vec<(String, bool)> = answer.json["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (step["step"].as_str().expect("a name").to_owned(), step["ok"] == json!(true)))
        .collect();
    assert_eq!(answer.json["ok"], json!(steps.iter().all(|(_, worked)| *worked)));
    steps
}

fn steps(all: &[(&str, bool)]) -> Vec<(String, bool)> {
    all.iter().map(|(name, worked)| ((*name).to_owned(), *worked)).collect()
}

both_databases! {
    async fn administrators_set_the_directory(db) {
        let (app, slapd) = (open(db).await, Slapd::start());
        let admin = app.admin().await;
        let member = app.user("zhao", "member", "").await;
        for path in ["/sign-in/ldap", "/sign-in/ldap/test"] {
            app.nobody().post(path, json!({})).await;
        }
        member.get("/sign-in/ldap").await.expect(403);
        member.patch("/sign-in/ldap", json!({"enabled": false})).await.expect(403);
        member.post("/sign-in/ldap/test", json!({})).await.expect(403);
        for (change, field, code) in [
            (json!({"address": "ldap://dc.example.com"}), "address", "not_encrypted"),
            (json!({"address": "http://127.0.0.1"}), "address", "bad_url"),
            (json!({"address": "ldap://127.0.0.1:1"}), "address", "ldap_unreachable"),
            (json!({"address": 7}), "address", "bad_value"),
            (json!({"bind_password": "another"}), "bind_dn", "ldap_bind_refused"),
            (json!({"bind_password": ""}), "bind_password", "required"),
            (json!({"bind_password": " "}), "bind_password", "required"),
            (json!({"base_dn": ""}), "base_dn", "required"),
            (json!({"filter": "(uid=zhang)"}), "filter", "bad_filter"),
            (json!({"filter": "(uid={login}"}), "filter", "bad_filter"),
            (json!({"login_attribute": "uid)(cn=*"}), "login_attribute", "bad_value"),
            (json!({"ca": "no certificate"}), "ca", "bad_certificate"),
            (json!({"role": "nobody"}), "role", "unknown_role"),
            (json!({"label": "x"}), "label", "unknown_field"),
            (json!({"base_dn": "x".repeat(600)}), "base_dn", "too_long"),
        ] {
            let refused = admin.patch("/sign-in/ldap", slapd.settings(change.clone())).await;
            let errors = refused.errors();
            assert!(refused.status == 422 && errors.contains(&(field.to_owned(), code.to_owned())), "{change}: {errors:?}");
            assert!(!refused.text.contains(READER), "{}", refused.text);
        }
        let refused = admin.patch("/sign-in/ldap", json!({"bind_password": [READER]})).await.expect(422);
        assert!(!refused.text.contains(READER), "{}", refused.text);
        let made = admin.patch("/sign-in/ldap", slapd.settings(json!({}))).await.expect(200);
        assert_eq!(made.json["bind_password"], json!(true));
        for path in ["/sign-in/ldap", "/sign-in"] {
            assert!(!admin.get(path).await.expect(200).text.contains(READER));
        }
        let stored = guanxi_store::platform::meta(app.engine.database(), "ldap").await.expect("read").expect("kept");
        assert!(!stored.contains(READER), "{stored}");
        assert_eq!(logged(&admin, "policy").await, 1);
        // The kept password goes nowhere else.
        let moved = admin.patch("/sign-in/ldap", json!({"address": slapd.tls_address(), "enabled": false})).await;
        assert_eq!(moved.errors(), [("bind_password".to_owned(), "required".to_owned())]);
        admin.patch("/sign-in/ldap", json!({"name_attribute": "displayName"})).await.expect(200);
    }

    async fn passwords_travel_by_tls(db) {
        let (app, slapd) = (open(db).await, Slapd::start());
        let admin = app.admin().await;
        let by = |change: Json| slapd.settings(change);
        // Nobody who is trusted signed its certificate.
        let strange = admin.patch("/sign-in/ldap", by(json!({"address": slapd.tls_address(), "create": true}))).await;
        assert_eq!(strange.errors(), [("address".to_owned(), "ldap_unreachable".to_owned())]);
        let other = Slapd::start();
        let strange = admin.patch("/sign-in/ldap", by(json!({"address": slapd.tls_address(), "ca": other.ca}))).await;
        assert_eq!(strange.errors(), [("address".to_owned(), "ldap_unreachable".to_owned())]);
        admin.patch("/sign-in/ldap", by(json!({"address": slapd.tls_address(), "ca": slapd.ca, "create": true}))).await.expect(200);
        app.nobody().sign_in("zhang", DIRECTORY).await.0.expect(200);
        // What begins in the clear goes on by TLS, before any password is sent; without the right authority it ends there.
        let strange = admin.patch("/sign-in/ldap", by(json!({"starttls": true, "ca": other.ca}))).await;
        assert_eq!(strange.errors(), [("address".to_owned(), "ldap_unreachable".to_owned())]);
        admin.patch("/sign-in/ldap", by(json!({"starttls": true, "ca": slapd.ca}))).await.expect(200);
        app.nobody().sign_in("zhang", DIRECTORY).await.0.expect(200);
        assert_eq!(app.nobody().sign_in("zhang", "not the password").await.0.status, 401);
    }

    async fn a_trial_says_what_works(db) {
        let (app, mut slapd) = (open(db).await, Slapd::start());
        let admin = app.admin().await;
        assert_eq!(admin.post("/sign-in/ldap/test", json!({})).await.errors(), [("address".to_owned(), "required".to_owned())]);
        let set = async |more: Json| {
            let mut whole = slapd.settings(more);
            whole["enabled"] = json!(false);
            admin.patch("/sign-in/ldap", whole).await.expect(200);
        };
        set(json!({})).await;
        let there = [("connect", true), ("bind", true), ("search", true)];
        assert_eq!(trial(&admin, json!({})).await, steps(&there));
        assert!(admin.post("/sign-in/ldap/test", json!({})).await.text.contains("found 5"), "those who have a uid");
        let found = admin.post("/sign-in/ldap/test", json!({"login": "Zhang"})).await.expect(200);
        assert!(found.text.contains("张三") && found.text.contains("zhang@example.com"), "{}", found.text);
        let with = |worked| steps(&[there.as_slice(), &[("password", worked)]].concat());
        assert_eq!(trial(&admin, json!({"login": "zhang", "password": DIRECTORY})).await, with(true));
        assert_eq!(trial(&admin, json!({"login": "zhang", "password": "not the password"})).await, with(false));
        for login in ["nobody", "twin", "*"] {
            assert_eq!(trial(&admin, json!({"login": login})).await, steps(&[there[0], there[1], ("search", false)]), "{login}");
        }
        set(json!({"base_dn": "dc=nowhere"})).await;
        assert_eq!(trial(&admin, json!({})).await, steps(&[there[0], there[1], ("search", false)]));
        set(json!({"bind_password": "another"})).await;
        assert_eq!(trial(&admin, json!({})).await, steps(&[there[0], ("bind", false)]));
        set(json!({"id_attribute": "displayName"})).await;
        assert_eq!(trial(&admin, json!({"login": "zhang"})).await, steps(&[there[0], there[1], ("search", false)]));
        slapd.stop();
        assert_eq!(trial(&admin, json!({})).await, steps(&[("connect", false)]));
        // Each trial left a trace, and no password.
        let log = admin.get("/records/access_event?limit=200").await.expect(200);
        assert!(log.text.contains("LDAP: test zhang") && !log.text.contains(DIRECTORY) && !log.text.contains(READER));
    }
}
