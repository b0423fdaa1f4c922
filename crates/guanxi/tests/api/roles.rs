//! Roles that a company makes itself: they hold at once, on every way out, and nobody can raise himself by them.

use crate::open;
use guanxi_testkit::{Client, TestApp, both_databases};
use serde_json::{Value as Json, json};

/// Rights of somebody who reads everything of the company but phones, and notes nothing.
fn reader() -> Json {
    json!({
        "shared": {"read": "all"},
        "organisation": {"read": "all"},
        "objects": {
            "customer": {
                "read": "all", "abilities": ["reveal", "export"],
                "fields": {"phone": "masked", "mobile": "masked", "email": "masked", "tax_number": "none", "name": "masked"},
            },
            "contact": {"read": "all"},
        },
    })
}

async fn make_role(admin: &Client, name: &str, rights: &Json) -> String {
    let role = admin.create("role", json!({"name": name, "rights": rights.to_string()})).await;
    role.json["code"].as_str().expect("a code").to_owned()
}

async fn reader_of(app: &TestApp, admin: &Client) -> Client {
    let code = make_role(admin, "质检", &reader()).await;
    assert_eq!(code, "zhijian");
    app.user("zhou", &code, "").await
}

both_databases! {
    /// What is masked is masked in lists, records, history, exports and titles; nothing is found, sorted or counted by it,
    /// and every whole look stands in the log.
    async fn masked_fields_show_only_their_ends(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let phone = "13812348023";
        let made = admin
            .create("customer", json!({"name": "澜海科技", "mobile": phone, "email": "wang@lanhai.cn", "tax_number": "91310000MA1K35U27X"}))
            .await;
        admin.patch(&made.path(), json!({"phone": "021-5555666"})).await.expect(200);
        let contact = admin.create("contact", json!({"name": "王总", "customer": made.id})).await;
        let zhou = reader_of(&app, &admin).await;

        let fields = &zhou.get("/catalog").await.expect(200).json["objects"]["customer"]["fields"];
        assert_eq!((&fields["mobile"]["masked"], &fields["mobile"]["operators"]), (&json!(true), &json!([])));
        assert!(fields.get("tax_number").is_none());
        for (key, whole) in [("sortable", false), ("searchable", false), ("groupable", false), ("writable", false)] {
            assert_eq!(fields["mobile"][key], json!(whole), "{key}");
        }

        let shown = json!({"name": "澜***", "mobile": "138****8023", "email": "w***@lanhai.cn", "phone": "021****5666"});
        let record = zhou.get(&made.path()).await.expect(200).json;
        let listed = zhou.list("customer", &[]).await.expect(200).json["items"][0].clone();
        let asked = zhou.get(&format!("{}?fields=name,mobile,email,phone", made.path())).await.expect(200).json;
        for (name, value) in shown.as_object().expect("fields") {
            for (place, read) in [("record", &record), ("list", &listed), ("fields", &asked)] {
                assert_eq!(&read[name], value, "{name} in the {place}");
            }
        }
        assert!(record.get("tax_number").is_none());
        let of_contact = zhou.get(&format!("{}?fields=name,customer,customer.mobile", contact.path())).await.expect(200).json;
        assert_eq!((&of_contact["customer"]["title"], &of_contact["customer.mobile"]), (&json!("澜***"), &json!("138****8023")));

        for path in [
            "/records/customer?sort=mobile".to_owned(),
            format!("/records/customer?filter={}", guanxi_testkit::encoded(&json!(["mobile", "=", phone]).to_string())),
            format!("/records/contact?filter={}", guanxi_testkit::encoded(&json!(["customer.mobile", "starts_with", "138"]).to_string())),
            "/records/customer?sort=tax_number".to_owned(),
            "/records/contact?sort=customer".to_owned(),
        ] {
            zhou.get(&path).await.expect(400);
        }
        zhou.post("/records/customer/aggregate", json!({"group_by": ["mobile"], "measures": [{"fn": "count"}]})).await.expect(400);
        for query in [phone, "8023", "lanhai", "澜海", "91310000MA1K35U27X"] {
            let found = zhou.get(&format!("/search?q={}", guanxi_testkit::encoded(query))).await.expect(200);
            assert_eq!(found.json["items"], json!([]), "{query}");
        }
        let export = zhou.post("/exports", json!({"object": "customer", "format": "csv"})).await.expect(202).json["id"].clone();
        let export = format!("/exports/{}", export.as_str().expect("an id"));
        while zhou.get(&export).await.expect(200).json["state"] != json!("done") {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let everything = [
            zhou.get(&format!("{export}/file")).await.expect(200).text,
            zhou.get(&format!("{}/history", made.path())).await.expect(200).text,
            zhou.get(&format!("{}/timeline", made.path())).await.expect(200).text,
            zhou.post("/records/customer/duplicates", json!({"name": "澜海科技"})).await.expect(200).text,
        ];
        let asked = json!({"name": "澜海科技", "mobile": phone, "tax_number": "91310000MA1K35U27X"});
        let met = zhou.post("/records/customer/duplicates", asked).await.expect(200);
        assert_eq!(met.json["items"], json!([]), "what he may not write he cannot ask for");
        for text in everything {
            for secret in [phone, "5555666", "wang@", "91310000MA1K35U27X", "澜海"] {
                assert!(!text.replace("021****5666", "").contains(secret), "{secret} in {text}");
            }
        }
        zhou.patch(&made.path(), json!({"mobile": "1"})).await.expect(403);

        let whole = zhou.post(&format!("{}/reveal", made.path()), json!({"field": "mobile"})).await.expect(200);
        assert_eq!(whole.json, json!({"field": "mobile", "value": phone}));
        zhou.post(&format!("{}/reveal", made.path()), json!({"field": "tax_number"})).await.expect(400);
        let exported = admin.list("access_event", &[("filter", &json!(["kind", "=", "export"]).to_string())]).await.expect(200);
        assert_eq!(exported.json["items"][0]["rows"], json!(1));
        let log = admin.list("access_event", &[("filter", &json!(["kind", "=", "reveal"]).to_string())]).await.expect(200);
        let entry = &log.json["items"][0];
        assert_eq!((&entry["record"], &entry["field"], &entry["actor"]["title"]), (&json!(made.id), &json!("mobile"), &json!("zhou")));
        zhou.get(&format!("/records/access_event/{}", entry["id"].as_str().expect("an id"))).await.expect(404);
        admin.delete(&format!("/records/access_event/{}", entry["id"].as_str().expect("an id"))).await.expect(403);
    }

    /// A role changes, and with the next request so does what its people may do; also in another process.
    async fn roles_hold_at_once(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let made = admin.create("customer", json!({"name": "甲公司"})).await;
        let code = make_role(&admin, "访客", &json!({"objects": {"customer": {"read": "own"}}})).await;
        let guest = app.user("guest", &code, "").await;
        guest.get(&made.path()).await.expect(404);
        let second = app.second_engine().await;
        assert_eq!(second.roles(), app.engine.roles());
        let role = admin.list("role", &[("filter", &json!(["code", "=", code]).to_string())]).await.expect(200).json["items"][0].clone();
        let path = format!("/records/role/{}", role["id"].as_str().expect("an id"));
        admin.patch(&path, json!({"rights": json!({"objects": {"customer": {"read": "all", "update": "all"}}}).to_string()})).await.expect(200);
        guest.get(&made.path()).await.expect(200);
        guest.patch(&made.path(), json!({"remark": "好"})).await.expect(200);
        guest.patch(&made.path(), json!({"owner": guest.id()})).await.expect(422);
        let other = admin.create("customer", json!({"name": "乙公司"})).await;
        guest.post("/records/customer/bulk", json!({"action": "update", "ids": [made.id, other.id], "values": {"remark": "坏"}})).await.expect(403);
        guest.post("/exports", json!({"object": "customer", "format": "csv"})).await.expect(403);
        guest.delete(&made.path()).await.expect(403);
        // What changed after another process had read the roles, and before it began to follow, reaches it too.
        second.start_followers();
        for _ in 0..500 {
            if second.roles() == app.engine.roles() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(second.roles(), app.engine.roles(), "another process learns of it by itself");
        second.close().await;

        let rights = admin.get(&format!("/users/{}/rights", guest.id())).await.expect(200).json;
        assert_eq!(rights["objects"]["customer"]["update"], json!({&code: "all"}));
        assert_eq!(rights["objects"]["customer"]["visible"], json!(2));
        assert_eq!(rights["objects"]["opportunity"]["read"], json!({}));
        let uncounted = guest.get(&format!("/users/{}/rights?counts=false", guest.id())).await.expect(200).json;
        assert_eq!((&uncounted["objects"]["customer"]["visible"], &uncounted["objects"]["customer"]["read"]), (&Json::Null, &rights["objects"]["customer"]["read"]));
        assert_eq!(guest.get(&format!("/users/{}/rights?counts=maybe", guest.id())).await.status, 400);
        guest.get(&format!("/users/{}/rights", admin.id())).await.expect(403);
    }

    /// Several roles add up: the widest of each.
    async fn rights_of_several_roles_add_up(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        app.user("east", "member", "销售部/华东").await;
        let reads = make_role(&admin, "看", &json!({"objects": {"customer": {"read": "department", "fields": {"mobile": "masked"}}}})).await;
        let chosen = admin.list("department", &[("filter", &json!(["name", "=", "华东"]).to_string())]).await.expect(200).json["items"][0]["id"].clone();
        let east = make_role(&admin, "华东", &json!({"objects": {"customer": {"read": "chosen", "departments": [chosen], "fields": {"mobile": "read"}}}})).await;
        let mine = app.user("both", &reads, "市场部").await;
        let path = format!("/records/user/{}", mine.id());
        let colleague = app.user("colleague", "member", "市场部").await;
        let below = app.user("below", "member", "市场部/活动组").await;
        let far = app.user("far", "member", "销售部/华东/上海").await;
        let mut ids = Vec::new();
        for owner in [&colleague, &below, &far] {
            ids.push(owner.create("customer", json!({"name": format!("客户{}", owner.id()), "mobile": "13812348023"})).await);
        }
        let sees = async |client: &Client| {
            let mut seen = client.list("customer", &[]).await.expect(200).each("id");
            seen.sort();
            seen
        };
        let id = |index: usize| ids[index].id();
        assert_eq!(sees(&mine).await, [id(0)]);
        admin.patch(&path, json!({"roles": [reads, east]})).await.expect(200);
        let both = app.client_of(mine.id()).await;
        assert_eq!(sees(&both).await, [id(0), id(2)]);
        let record = both.get(&ids[0].path()).await.expect(200);
        assert_eq!(record.json["mobile"], json!("13812348023"), "the wider right of two");
        admin.patch(&path, json!({"roles": [east]})).await.expect(200);
        let one = app.client_of(mine.id()).await;
        assert_eq!(sees(&one).await, [id(2)]);
    }

    /// Nobody gives himself more than he has, and nobody locks the company out.
    async fn nobody_raises_himself(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let code = make_role(&admin, "人事", &json!({
            "organisation": {"read": "all", "create": true, "update": "all", "delete": "all"},
            "objects": {"user": {"read": "all", "create": true, "update": "all", "fields": {"roles": "write", "login": "write"}}},
        })).await;
        let clerk = app.user("clerk", &code, "").await;
        let himself = format!("/records/user/{}", clerk.id());
        clerk.patch(&himself, json!({"roles": ["administrator"]})).await.expect(422);
        let position = admin.create("position", json!({"name": "人事专员"})).await.id;
        let refused = clerk.patch(&himself, json!({"position": position})).await;
        assert_eq!(refused.errors(), [("position".to_owned(), "read_only".to_owned())]);
        clerk.post("/records/user", json!({"name": "内鬼", "roles": ["administrator"]})).await.expect(422);
        let roles = admin.list("role", &[]).await.expect(200).json["items"].as_array().expect("roles").clone();
        let path_of = |code: &str| {
            let role = roles.iter().find(|role| role["code"] == json!(code)).expect("the role");
            format!("/records/role/{}", role["id"].as_str().expect("an id"))
        };
        let everything = json!({"abilities": ["administer"]}).to_string();
        clerk.patch(&path_of(&code), json!({"rights": everything})).await.expect(422);
        clerk.patch(&path_of(&code), json!({"description": "无害"})).await.expect(403);
        clerk.post("/records/role", json!({"name": "全能", "rights": everything})).await.expect(422);
        clerk.post("/records/role", json!({"name": "全能"})).await.expect(403);
        clerk.get("/roles").await.expect(403);
        // That there are roles is no secret; what each may do is the administrators' affair.
        assert!(clerk.list("role", &[]).await.expect(200).json["items"][0].get("rights").is_none());

        let rights = |rights: Json| json!({"rights": rights.to_string()});
        let refused = [
            (path_of("administrator"), rights(json!({})), "fixed"),
            (path_of(&code), json!({"code": "other"}), "fixed"),
            (path_of(&code), json!({"rights": "{"}), "bad_rights"),
            (path_of(&code), rights(json!({"objects": {"nothing": {"read": "all"}}})), "bad_rights"),
            (path_of(&code), rights(json!({"objects": {"customer": {"read": "everything"}}})), "bad_rights"),
            (path_of(&code), rights(json!({"objects": {"customer": {"read": "chosen"}}})), "bad_rights"),
            (path_of(&code), rights(json!({"objects": {"customer": {"update": "all"}}})), "bad_rights"),
            (path_of(&code), rights(json!({"objects": {"customer": {"read": "all", "fields": {"nothing": "read"}}}})), "bad_rights"),
            (path_of(&code), rights(json!({"objects": {"customer": {"read": "all", "fields": {"level": "masked"}}}})), "bad_rights"),
            (path_of(&code), rights(json!({"owned": {"abilities": ["administer"]}})), "bad_rights"),
            (path_of(&code), rights(json!({"hidden_modules": ["nothing"]})), "bad_rights"),
        ];
        for (path, change, wanted) in refused {
            let answer = admin.patch(&path, change.clone()).await.expect(422);
            assert_eq!(answer.json["errors"][0]["code"], json!(wanted), "{change}");
        }
        clerk.delete(&path_of("manager")).await.expect(403);
        assert_eq!(admin.delete(&path_of("member")).await.expect(409).code(), "built_in");
        assert_eq!(admin.delete(&path_of(&code)).await.expect(409).code(), "in_use");
        admin.patch(&himself, json!({"roles": ["member"]})).await.expect(200);
        admin.delete(&path_of(&code)).await.expect(204);
        admin.patch(&himself, json!({"roles": [code]})).await.expect(422);
        // Where it is told what somebody may do, a role of one's own has its name.
        admin.patch(&path_of("member"), json!({"name": "业务员", "name_en": "Salesman"})).await.expect(200);
        let options = &admin.get("/catalog").await.expect(200).json["objects"]["user"]["fields"]["roles"]["options"];
        let member = options.as_array().expect("options").iter().find(|option| option["value"] == json!("member")).expect("it is there").clone();
        assert_eq!(member["label"], json!({"zh": "业务员", "en": "Salesman"}));
    }
}
