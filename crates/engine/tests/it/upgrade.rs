//! Workspaces that an older release made.

use guanxi_testkit::{TestApp, both_databases, specimen};
use serde_json::json;

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
}
