//! The audit: every change says what, who, when, how and from where, and is found by any of it.

use crate::open;
use guanxi_testkit::{Client, TestApp, both_databases, encoded};
use serde_json::{Value as Json, json};

/// The audit with a query, as items.
async fn audit(admin: &Client, query: &[(&str, &str)]) -> Vec<Json> {
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let answer = admin.get(&format!("/audit?{}", query.join("&"))).await.expect(200);
    answer.json["items"].as_array().expect("items").clone()
}

/// Waits for an export and gives its file.
async fn exported(client: &Client, path: &str, body: Json) -> String {
    let export = client.post(path, body).await.expect(202).json["id"].clone();
    let path = format!("/exports/{}", export.as_str().expect("an id"));
    for _ in 0..500 {
        let state = client.get(&path).await.expect(200).json;
        match state["state"].as_str() {
            Some("done") => return client.get(&format!("{path}/file")).await.expect(200).text,
            Some("running") => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            _ => panic!("{state}"),
        }
    }
    panic!("the export does not end");
}

async fn import_one(admin: &Client, name: &str) {
    let csv = format!("name\n{name}\n");
    let import = admin.upload_with("/imports", "x.csv", csv.as_bytes(), &[("object", "customer")]).await.expect(201);
    let path = format!("/imports/{}", import.json["id"].as_str().expect("an id"));
    let mapping = json!({"mapping": {"object": "customer", "columns": {"name": {"field": "name"}}}});
    admin.post(&format!("{path}/start"), mapping).await.expect(202);
    for _ in 0..500 {
        let state = admin.get(&path).await.expect(200).json["state"].clone();
        if state == json!("done") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the import does not end");
}

/// A day of the test's clock.
fn today(app: &TestApp) -> String {
    app.engine.now().to_zoned(app.engine.settings().zone.clone()).date().to_string()
}

both_databases! {
    /// A change says field, before, after, who, when and from where; by page, API, import and rule.
    async fn every_change_says_who_and_from_where(db) {
        let app = open(db).await;
        let admin = app.admin().await.at("10.1.2.3");
        let member = app.user("zhang", "member", "销售部").await.at("10.9.9.9");
        let made = member.create("customer", json!({"name": "澜海科技", "remark": "旧"})).await;
        member.patch(&made.path(), json!({"remark": "新"})).await.expect(200);
        let opportunity = member.create("opportunity", json!({"name": "商机一", "customer": made.id})).await;
        import_one(&admin, "导入的").await;
        app.settle().await;

        let found = audit(&admin, &[("object", "customer"), ("record", &made.id()), ("kind", "update"), ("field", "remark")]).await;
        assert_eq!(found.len(), 1);
        let change = &found[0];
        assert_eq!(change["changes"], json!([{"field": "remark", "before": "旧", "after": "新"}]));
        assert_eq!((&change["actor"]["title"], &change["via"], &change["address"]), (&json!("zhang"), &json!("api"), &json!("10.9.9.9")));
        assert_eq!((&change["object"], &change["record"]), (&json!("customer"), &json!({"id": made.id, "title": "澜海科技"})));
        assert_eq!(change["at"], json!(app.engine.now()));

        // A rule acts for the user from where he sits; an import comes from where it was started.
        let moves = audit(&admin, &[("object", "stage_change")]).await;
        assert_eq!((&moves[0]["via"], &moves[0]["address"], &moves[0]["actor"]["title"]), (&json!("rule"), &json!("10.9.9.9"), &json!("zhang")));
        let imported = audit(&admin, &[("via", "import")]).await;
        assert_eq!((imported.len(), &imported[0]["address"]), (1, &json!("10.1.2.3")));
        assert_eq!(audit(&admin, &[("address", "10.9.9.9"), ("object", "opportunity")]).await.len(), 1);
        assert_eq!(audit(&admin, &[("user", &member.id().to_string()), ("object", "opportunity")]).await[0]["record"]["id"], json!(opportunity.id));

        member.delete(&made.path()).await.expect(204);
        let gone = audit(&admin, &[("object", "customer"), ("kind", "delete")]).await;
        assert_eq!((&gone[0]["record"]["id"], &gone[0]["address"]), (&json!(made.id), &json!("10.9.9.9")));
        // The history that everybody reads does not say where a colleague sits.
        let history = member.get(&format!("{}/history", opportunity.path())).await.expect(200);
        assert!(!history.text.contains("10.9.9.9"));
    }

    /// Pages follow each other without a gap or a repetition, by every way of searching, newest first.
    async fn pages_of_the_audit_join(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let member = app.user("zhang", "member", "").await;
        for number in 0..7 {
            admin.create("customer", json!({"name": format!("甲{number}")})).await;
            let made = member.create("task", json!({"name": format!("乙{number}")})).await;
            member.patch(&made.path(), json!({"name": format!("丙{number}")})).await.expect(200);
            app.clock.advance(jiff::SignedDuration::from_hours(1));
        }
        let user = member.id().to_string();
        for query in [
            String::new(),
            "object=task".to_owned(),
            format!("user={user}"),
            format!("user={user}&kind=update&object=task"),
            "only=permissions".to_owned(),
            "via=api&field=name".to_owned(),
        ] {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = admin.get(&format!("/audit?{query}&limit=3&cursor={cursor}")).await.expect(200);
                seen.extend(page.each("seq"));
                match page.json["next"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            let whole = admin.get(&format!("/audit?{query}&limit=200")).await.expect(200);
            assert_eq!(seen, whole.each("seq"), "{query}");
            assert!(seen.len() >= 7 || query.contains("permissions"), "{query}: {}", seen.len());
            let times = whole.each("at");
            assert!(times.is_sorted_by(|a, b| a >= b), "{query} is newest first");
        }
        let day = today(&app);
        assert_eq!(audit(&admin, &[("object", "task"), ("to", &day), ("from", &day)]).await.len(), audit(&admin, &[("object", "task"), ("from", &day)]).await.len());
        let last = audit(&admin, &[("object", "task")]).await[0]["at"].as_str().expect("a moment").to_owned();
        assert_eq!(audit(&admin, &[("object", "task"), ("from", &last), ("to", &last)]).await.len(), 2, "both ends belong to it");
        assert_eq!(audit(&admin, &[("user", "018f0000-0000-7000-8000-000000000000")]).await, Vec::<Json>::new());
    }

    /// Roles, departments, and what gives a user his rights; nothing else.
    async fn permission_changes_are_found(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let member = app.user("zhang", "member", "销售部").await;
        let path = format!("/records/user/{}", member.id());
        admin.patch(&path, json!({"roles": ["manager"]})).await.expect(200);
        admin.patch(&path, json!({"mobile": "13800001111"})).await.expect(200);
        admin.create("role", json!({"name": "质检"})).await;
        admin.create("customer", json!({"name": "与权限无关"})).await;
        let found = audit(&admin, &[("only", "permissions"), ("user", &admin.id().to_string())]).await;
        let objects: Vec<_> = found.iter().map(|change| (change["object"].as_str().expect("text"), change["kind"].as_str().expect("text"))).collect();
        assert_eq!(objects, [("role", "create"), ("user", "update")]);
        assert_eq!(found[1]["changes"], json!([{"field": "roles", "before": ["member"], "after": ["manager"]}]));
        assert_eq!(audit(&admin, &[("only", "permissions"), ("object", "role"), ("user", &admin.id().to_string())]).await.len(), 1);
        assert_eq!(admin.get("/audit?only=permissions&object=customer").await.expect(400).code(), "bad_parameter");
    }

    /// What makes no sense is told; what looks like SQL or a pattern finds nothing.
    async fn bad_questions_are_refused(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        admin.create("customer", json!({"name": "\"website\":[\"骗\"]", "remark": "100%"})).await;
        for (query, code) in [
            ("user=x", "bad_parameter"),
            ("record=018f0000-0000-7000-8000-000000000000", "bad_parameter"),
            ("object=customer&record=7", "bad_parameter"),
            ("object=nothing", "bad_parameter"),
            ("object=_meta", "bad_parameter"),
            ("field=nothing", "bad_parameter"),
            ("object=customer&field=login", "bad_parameter"),
            ("kind=drop", "bad_parameter"),
            ("via=phone", "bad_parameter"),
            ("only=all", "bad_parameter"),
            ("from=yesterday", "bad_parameter"),
            ("to=0000-01-01", "bad_parameter"),
            ("from=-009000-01-01T00:00:00Z", "bad_parameter"),
            ("from=2026-11-02&to=2026-11-01", "bad_range"),
            ("limit=0", "bad_limit"),
            ("limit=201", "bad_limit"),
            ("limit=99999999999999999999", "bad_parameter"),
            ("limit=x", "bad_parameter"),
            ("cursor=x", "bad_cursor"),
            ("cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTo5", "bad_cursor"),
            ("address=%00", "bad_character"),
        ] {
            let answer = admin.get(&format!("/audit?{query}")).await;
            // SQLite keeps and compares a zero byte; PostgreSQL cannot.
            if code == "bad_character" && answer.status == 200 {
                continue;
            }
            assert_eq!((answer.status, answer.code()), (400, code), "{query}: {}", answer.text);
        }
        for hostile in ["' OR 1=1 --", "%", "_", "\"; DROP TABLE _changes; --", "10.0.0.%"] {
            assert_eq!(audit(&admin, &[("address", hostile)]).await, Vec::<Json>::new(), "{hostile}");
        }
        // A value that looks like a field's name in the log is none.
        assert_eq!(audit(&admin, &[("field", "website")]).await, Vec::<Json>::new());
        admin.post("/audit/exports", json!({"filter": {"user": 5}})).await.expect(400);
        admin.post("/audit/exports", json!({"filter": {"whom": "x"}})).await.expect(400);
        admin.post("/audit/exports", json!({"format": "pdf"})).await.expect(400);
        assert_eq!(admin.post("/audit/exports", json!({"filter": {"user": "5"}})).await.expect(400).code(), "bad_parameter");
    }

    /// The table has a row for every field, harmless to a spreadsheet; the export stands in the access log.
    async fn the_audit_is_exported(db) {
        let app = open(db).await;
        let admin = app.admin().await.at("10.1.2.3");
        let made = admin.create("customer", json!({"name": "=1+1", "remark": "一, \"二\"\n三"})).await;
        admin.patch(&made.path(), json!({"remark": "后", "phone": "021-5555666"})).await.expect(200);
        let filter = json!({"object": "customer", "kind": "update"});
        let text = exported(&admin, "/audit/exports", json!({"format": "csv", "filter": filter})).await;
        assert!(text.contains(",Remark,\"一, \"\"二\"\"\n三\",后,"), "{text}");
        assert!(text.contains(&format!(",admin,API,10.1.2.3,Customer,'=1+1,{},update,Phone,,021-5555666,", made.id())), "no formula: {text}");
        assert_eq!(text.matches(&made.id()).count(), 3, "a row for every field, the completeness among them");
        let log = admin.list("access_event", &[("filter", &json!(["object", "=", "audit"]).to_string())]).await.expect(200);
        assert_eq!((&log.json["items"][0]["kind"], &log.json["items"][0]["rows"]), (&json!("export"), &json!(3)));
        assert!(exported(&admin, "/audit/exports", json!({"format": "xlsx"})).await.starts_with("PK"));
    }

    /// Who administers sees every change; a field that is masked to him stays masked, in the table too.
    async fn masks_hold_in_the_audit(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let rights = json!({
            "shared": {"read": "all"}, "organisation": {"read": "all"},
            "objects": {"customer": {"read": "all", "fields": {"mobile": "masked", "tax_number": "none"}}},
            "abilities": ["administer"],
        });
        let role = admin.create("role", json!({"name": "审计员", "rights": rights.to_string()})).await;
        let auditor = app.user("auditor", role.json["code"].as_str().expect("a code"), "").await;
        admin.create("customer", json!({"name": "甲", "mobile": "13812348023", "tax_number": "91310000MA1K35U27X"})).await;
        let shown = auditor.get("/audit?object=customer").await.expect(200).text;
        assert!(shown.contains("138****8023"), "{shown}");
        let table = exported(&auditor, "/audit/exports", json!({"filter": {"object": "customer"}})).await;
        for text in [shown, table] {
            assert!(!text.contains("13812348023") && !text.contains("91310000MA1K35U27X"), "{text}");
        }
        for other in [app.user("m", "member", "").await, app.user("b", "manager", "").await] {
            other.get("/audit").await.expect(403);
            other.post("/audit/exports", json!({})).await.expect(403);
        }
    }
}
