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
}
