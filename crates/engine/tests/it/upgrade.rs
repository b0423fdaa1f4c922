//! Workspaces that an older release made.

use guanxi_store::{
    Dialect,
    changes::{self, Change, ChangeKind},
};
use guanxi_testkit::{TestApp, both_databases, specimen};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Makes the workspace what it was while a user's position was text: a position and an earlier change of it for each of them.
async fn positions_as_text(app: &TestApp, users: Vec<(Uuid, &'static str)>) {
    let now = app.engine.now();
    let search = match app.engine.database().dialect() {
        Dialect::Sqlite => "DROP TABLE position__search;",
        Dialect::Postgres => "",
    };
    let older = format!(
        "DROP INDEX user__i__position; ALTER TABLE \"user\" DROP COLUMN position; ALTER TABLE \"user\" ADD COLUMN position TEXT;
         {search} DROP TABLE position; UPDATE _meta SET value = '' WHERE key = 'catalogue';"
    );
    app.engine
        .database()
        .write(move |tx| {
            Box::pin(async move {
                tx.batch(&older).await?;
                for (user, position) in users {
                    let mut sql = tx.sql();
                    sql.push("UPDATE \"user\" SET position = ").bind(position).push(" WHERE id = ").bind(user);
                    tx.execute(&sql).await?;
                    let change = Change {
                        seq: 0,
                        xid: 0,
                        at: now,
                        actor: None,
                        via: "page".into(),
                        reason: None,
                        address: None,
                        object: "user".into(),
                        record: user,
                        kind: ChangeKind::Update,
                        version: 1,
                        diff: json!({"position": ["实习生", position]}).to_string(),
                    };
                    changes::append(tx, vec![change]).await?;
                }
                Ok::<_, guanxi_store::Error>(())
            })
        })
        .await
        .expect("an older workspace");
}

both_databases! {
    /// What a release added to the platform's own tables is there after opening, and nothing is lost.
    async fn older_tables_gain_columns(db) {
        let mut app = TestApp::open(db, vec![specimen::module()]).await;
        let made = app.admin().await.create("specimen", json!({"name": "甲"})).await;
        let older = "ALTER TABLE _changes DROP COLUMN address; ALTER TABLE _tokens DROP COLUMN expires_at;";
        app.engine.database().write(move |tx| Box::pin(async move { tx.batch(older).await })).await.expect("older tables");
        app.reopen().await;
        let other = app.user("other", "administrator", "").await;
        other.patch(&made.path(), json!({"name": "乙"})).await.expect(200);
        let history = other.get(&format!("{}/history", made.path())).await.expect(200);
        assert_eq!(history.json["items"].as_array().map(Vec::len), Some(2));
    }

    /// An index that a definition no longer names costs every write for nothing: it goes.
    async fn indexes_follow_the_definitions(db) {
        let mut app = TestApp::open(db, vec![specimen::module()]).await;
        let older = "CREATE INDEX specimen__i__older ON specimen (integer); CREATE INDEX mine ON specimen (text);
             UPDATE _meta SET value = '' WHERE key = 'catalogue';";
        app.engine.database().write(move |tx| Box::pin(async move { tx.batch(older).await })).await.expect("older indexes");
        app.reopen().await;
        let makes = async |name: &'static str| {
            let script = format!("CREATE INDEX {name} ON specimen (integer)");
            app.engine.database().write(move |tx| Box::pin(async move { tx.batch(&script).await })).await.is_ok()
        };
        assert!(makes("specimen__i__older").await, "it had gone");
        assert!(!makes("mine").await, "what somebody else made stays");
    }

    /// A workspace in which nobody had a position opens, too.
    async fn no_positions_at_all(db) {
        let mut app = TestApp::open(db, vec![specimen::module()]).await;
        let zhang = app.user("zhang", "member", "").await.id();
        positions_as_text(&app, vec![(zhang, "")]).await;
        app.reopen().await;
        let admin = app.admin().await;
        assert_eq!(admin.list("position", &[]).await.expect(200).each("name"), Vec::<String>::new());
        assert_eq!(admin.get(&format!("/records/user/{zhang}")).await.expect(200).json["position"], Json::Null);
    }

    /// Positions were text once. They are records after opening, once, whoever opens; and what the history says stays readable.
    async fn positions_become_records(db) {
        let mut app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let mut users = Vec::new();
        for (login, position) in [("zhang", "销售经理"), ("li", " 销售经理 "), ("wang", "客服 '主管'"), ("zhao", ""), ("sun", "   ")] {
            users.push((app.user(login, "member", "").await.id(), position));
        }
        let view = |name: &str, object: &str, filter: Json| json!({"object": object, "name": name, "kind": "table", "definition": {"filter": filter, "columns": ["name", "position"]}});
        let saved = [
            view("mine", "user", json!({"and": [["position", "contains", "经理"], ["position", "not_null"], ["name", "contains", "position"]]})),
            view("theirs", "specimen", json!(["owner.position", "=", "销售经理"])),
        ];
        for view in saved {
            admin.post("/views", view).await.expect(201);
        }
        positions_as_text(&app, users.clone()).await;
        app.engine.close().await;
        let (one, other) = tokio::join!(app.second_engine(), app.second_engine());
        one.close().await;
        other.close().await;
        app.reopen().await;
        let admin = app.user("other", "administrator", "").await;
        let names = admin.list("position", &[("sort", "name")]).await.expect(200);
        let mut names = names.each("name");
        names.sort();
        assert_eq!(names, ["客服 '主管'", "销售经理"]);
        for (id, position) in &users {
            let user = admin.get(&format!("/records/user/{id}")).await.expect(200);
            let title = Some(position.trim()).filter(|text| !text.is_empty());
            assert_eq!(user.json["position"]["title"].as_str(), title);
            let history = admin.get(&format!("/records/user/{id}/history")).await.expect(200);
            let changes: Vec<Json> = history.json["items"].as_array().expect("entries").iter().flat_map(|entry| entry["changes"].as_array().cloned().unwrap_or_default()).filter(|change| change["field"] == json!("position")).collect();
            let older = |text: &str| json!({"id": null, "title": text});
            if title.is_some() {
                assert_eq!(changes.len(), 2, "{}", history.text);
                assert_eq!((&changes[0]["before"]["title"], &changes[0]["after"]), (&json!(title), &user.json["position"]));
            }
            assert_eq!(changes.last().map(|change| &change["before"]), Some(&older("实习生")));
        }
        // The words are found by, as they were.
        let managers = admin.matching("user", &json!(["position.name", "contains", "经理"])).await;
        assert_eq!(managers.len(), 2);
        let views = admin.get("/views").await.text;
        assert!(!views.contains("[\"position\",\"contains\""), "{views}");
        app.reopen().await;
        assert_eq!(app.engine.list(&guanxi_engine::Viewer::system("test"), "position", &guanxi_engine::ListRequest::default()).await.expect("listed").items.len(), 2);
    }
}
