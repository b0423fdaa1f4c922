//! The catalogue is told once, until something of it changes.

use crate::open;
use guanxi_testkit::{Client, both_databases};
use serde_json::json;

/// Its mark, and what the server says to whoever has that already.
async fn mark(client: &Client) -> String {
    let answer = client.get("/catalog").await.expect(200);
    let mark = answer.header("etag").to_owned();
    assert!(mark.len() > 10, "a mark: {mark:?}");
    mark
}

both_databases! {
    async fn the_catalogue_is_told_once(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (zhang, li) = (app.user("zhang", "member", "销售一部").await, app.user("li", "member", "销售二部").await);
        let his = mark(&zhang).await;
        let again = zhang.request("GET", "/catalog").header("if-none-match", &his).send().await.expect(304);
        assert_eq!((again.text.as_str(), again.header("cache-control")), ("", "private, no-cache"));
        // Whoever may do the same is told the same, and nobody else.
        assert_eq!(mark(&li).await, his);
        let all = admin.request("GET", "/catalog").header("if-none-match", &his).send().await.expect(200);
        assert!(all.json["objects"]["role"].is_object());

        // Another field, another right: told at once.
        let field = json!({"name": "c_channel", "type": "text", "label": {"zh": "渠道", "en": "Channel"}});
        admin.post("/catalog/customer/fields", field).await.expect(201);
        let told = zhang.request("GET", "/catalog").header("if-none-match", &his).send().await.expect(200);
        assert_eq!(told.json["objects"]["customer"]["fields"]["c_channel"]["writable"], json!(true));
        let with_field = mark(&zhang).await;
        let rights = json!({"objects": {"customer": {"read": "own", "create": true, "update": "own", "fields": {"c_channel": "none"}}}}).to_string();
        let role = admin.list("role", &[("filter", r#"["code","=","member"]"#)]).await.expect(200).each("id")[0].clone();
        admin.patch(&format!("/records/role/{role}"), json!({"rights": rights})).await.expect(200);
        let told = zhang.request("GET", "/catalog").header("if-none-match", &with_field).send().await.expect(200);
        assert!(told.json["objects"]["customer"]["fields"].get("c_channel").is_none(), "a field that is hidden from him since");
        assert!(told.json["objects"].get("task").is_none(), "an object that is hidden from him since");
    }
}
