//! Roles that give their rights from some networks only.

use crate::{
    open,
    sign_in::{PASSWORD, problem, status, with_password},
    sign_in_policy::logged,
};
use guanxi_testkit::{Client, both_databases};
use serde_json::{Value as Json, json};

async fn office_role(admin: &Client, name: &str, addresses: Json) -> String {
    let rights = json!({"shared": {"read": "all"}, "organisation": {"read": "all"}, "owned": {"read": "all"}, "addresses": addresses});
    let made = admin.create("role", json!({"name": name, "rights": rights.to_string()})).await;
    made.json["code"].as_str().expect("a code").to_owned()
}

both_databases! {
    async fn a_role_gives_nothing_from_elsewhere(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let code = office_role(&admin, "内勤", json!(["10.0.0.0/8", "2001:db8::/32"])).await;
        let zhang = app.user("zhang", &code, "").await;
        for inside in ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7"] {
            assert_eq!(zhang.clone().at(inside).get("/session").await.status, 200, "{inside}");
        }
        for outside in ["203.0.113.7", "2001:db9::7", "127.0.0.1"] {
            for path in ["/session", "/catalog", "/records/customer", "/search?q=a", "/events"] {
                assert_eq!(problem(&zhang.clone().at(outside).get(path).await), (403, "address_not_allowed"), "{outside} {path}");
            }
        }
        assert_eq!(problem(&zhang.get("/session").await), (403, "address_not_allowed"), "from nowhere that is known");
        assert_eq!(logged(&admin, "address_refused").await, 4, "once an hour for an address");

        // Of several roles, those that hold here.
        let login = with_password(&app, db, "both-roles").await;
        let user = app.engine.list(&guanxi_engine::Viewer::system("test"), "user", &guanxi_engine::ListRequest { filter: Some(json!(["login", "=", login])), ..Default::default() }).await.expect("listed");
        let path = format!("/records/user/{}", user.items[0]["id"].as_str().expect("an id"));
        admin.patch(&path, json!({"roles": ["member", code]})).await.expect(200);
        let theirs = admin.create("customer", json!({"name": "别人的"})).await;
        let (_, browser) = app.nobody().at("203.0.113.7").sign_in(&login, PASSWORD).await;
        assert_eq!(browser.get("/session").await.expect(200).json["user"]["roles"], json!(["member"]));
        assert_eq!((browser.get(&theirs.path()).await.status, browser.clone().at("10.0.0.9").get(&theirs.path()).await.status), (404, 200));
        // Nobody signs in where none of his roles holds, and the password alone tells it.
        admin.patch(&path, json!({"roles": [code]})).await.expect(200);
        assert_eq!(problem(&app.nobody().at("203.0.113.7").sign_in(&login, PASSWORD).await.0), (403, "address_not_allowed"));
        assert_eq!(problem(&app.nobody().at("203.0.113.7").sign_in(&login, "not it").await.0), (401, "invalid_credentials"));
        assert_eq!(problem(&browser.get("/session").await), (403, "address_not_allowed"), "at each request");
        let (_, there) = app.nobody().at("10.0.0.9").sign_in(&login, PASSWORD).await;
        assert_eq!(status(&there).await, 200);
    }

    async fn only_a_trusted_proxy_is_believed(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let code = office_role(&admin, "内勤", json!(["10.0.0.0/8"])).await;
        let zhang = app.user("zhang", &code, "").await;
        for (socket, forwarded, answer) in [
            ("203.0.113.7", "10.1.1.1", 403),
            ("192.0.2.5", "10.1.1.1", 200),
            ("192.0.2.5", "203.0.113.7", 403),
            // What a client writes himself stands before what the proxy adds.
            ("192.0.2.5", "10.1.1.1, 203.0.113.7", 403),
            ("192.0.2.5", "203.0.113.7, 10.1.1.1", 200),
            ("192.0.2.5", "10.1.1.1, 192.0.2.9", 200),
            ("192.0.2.5", "10.1.1.1, not an address", 403),
            ("192.0.2.5", "", 403),
            ("10.1.1.1", "203.0.113.7", 200),
        ] {
            let answered = zhang.clone().at(socket).with("x-forwarded-for", forwarded).get("/session").await;
            assert_eq!(answered.status, answer, "{socket} {forwarded}");
        }
    }

    async fn lists_are_checked_and_nobody_locks_himself_out(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let role = |addresses: Json| json!({"name": "某角色", "rights": json!({"addresses": addresses}).to_string()});
        for wrong in [json!(["10.0.0.1/8"]), json!(["10.0.0.0/33"]), json!(["office"]), json!([""]), json!(["10.0.0.0/8", "::1/200"]), json!("10.0.0.0/8"), json!([8]), json!(vec!["10.0.0.0/8"; 201])] {
            let refused = admin.post("/records/role", role(wrong.clone())).await;
            assert_eq!((refused.status, refused.errors().first().cloned()), (422, Some(("rights".to_owned(), "bad_rights".to_owned()))), "{wrong}");
        }
        // Somebody who administers by a role of the company's own.
        let rights = |addresses: Json| json!({"abilities": ["administer"], "organisation": {"read": "all", "create": true, "update": "all"}, "addresses": addresses}).to_string();
        let made = admin.create("role", json!({"name": "系统管理", "rights": rights(json!([]))})).await;
        let chief = app.user("chief", made.json["code"].as_str().expect("a code"), "").await.at("10.1.1.1");
        let refused = chief.patch(&made.path(), json!({"rights": rights(json!(["192.168.0.0/16"]))})).await;
        assert_eq!(refused.errors(), [("rights".to_owned(), "own_address".to_owned())]);
        chief.patch(&made.path(), json!({"rights": rights(json!(["10.0.0.0/8"]))})).await.expect(200);
        assert_eq!(problem(&chief.clone().at("192.168.1.1").get("/roles").await), (403, "address_not_allowed"));
        chief.get("/roles").await.expect(200);
        // The administrator's own role takes no list at all.
        let own = admin.list("role", &[("filter", &json!(["code", "=", "administrator"]).to_string())]).await.expect(200).each("id").remove(0);
        assert_eq!(admin.patch(&format!("/records/role/{own}"), json!({"rights": rights(json!(["10.0.0.0/8"]))})).await.status, 422);
    }
}
