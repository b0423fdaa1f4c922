//! Live events: whoever may see a record hears that it changed, nobody else does.

use crate::open;
use axum::body::Body;
use futures::StreamExt;
use guanxi_testkit::{Client, both_databases};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// An open stream of events.
pub(crate) struct Ear {
    stream: axum::body::BodyDataStream,
    buffer: String,
}

impl Ear {
    pub async fn open(client: &Client) -> Self {
        let answer = client.request("GET", "/events").stream().await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let body: Body = answer.into_body();
        Self { stream: body.into_data_stream(), buffer: String::new() }
    }

    /// The next event, unless nothing comes for so long.
    pub async fn next(&mut self, within: Duration) -> Option<(String, Json)> {
        let wait = async {
            loop {
                if let Some((event, rest)) = self.buffer.split_once("\n\n") {
                    let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                    let found = line("event:")
                        .zip(line("data:"))
                        .map(|(kind, data)| (kind.to_owned(), serde_json::from_str(data).unwrap_or_default()));
                    let rest = rest.to_owned();
                    self.buffer = rest;
                    if found.is_some() {
                        return found;
                    }
                    continue;
                }
                let chunk = self.stream.next().await?.ok()?;
                self.buffer.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        tokio::time::timeout(within, wait).await.ok().flatten()
    }

    /// Everything up to a change of this object.
    async fn until(&mut self, object: &str) -> Vec<Json> {
        let mut out = Vec::new();
        while let Some((kind, data)) = self.next(Duration::from_secs(10)).await {
            assert_eq!(kind, "change");
            let found = data["object"] == json!(object);
            out.push(data);
            if found {
                return out;
            }
        }
        panic!("no word of a {object}; heard {out:?}");
    }
}

both_databases! {
    async fn those_in_scope_hear(db) {
        let app = open(db).await;
        app.engine.start_followers();
        let (zhang, li) = (app.user("zhang", "member", "销售部/华东").await, app.user("li", "member", "销售部/华东").await);
        let boss = app.user("boss", "manager", "销售部").await;
        // What was written before the stream opened may still be on its way.
        app.settle().await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        let (mut his, mut hers, mut bosses) = (Ear::open(&zhang).await, Ear::open(&li).await, Ear::open(&boss).await);
        let customer = zhang.create("customer", json!({"name": "甲"})).await;
        let expected = json!({"object": "customer", "id": customer.id, "kind": "create", "version": 1, "actor": zhang.id()});
        // On a busy machine what the workspace began with may still come before it.
        assert_eq!(his.until("customer").await.last(), Some(&expected));
        assert_eq!(bosses.until("customer").await.last(), Some(&expected));
        zhang.patch(&customer.path(), json!({"remark": "好"})).await.expect(200);
        zhang.delete(&customer.path()).await.expect(204);
        assert_eq!(his.until("customer").await[0]["kind"], json!("update"));
        assert_eq!(his.until("customer").await[0]["kind"], json!("delete"));
        // The colleague hears of his own and of nothing before it.
        let own = li.create("task", json!({"name": "eigene"})).await;
        let heard = hers.until("task").await;
        assert_eq!(heard.last(), Some(&json!({"object": "task", "id": own.id, "kind": "create", "version": 1, "actor": li.id()})));
        assert!(heard.iter().all(|event| event["object"] != json!("customer")), "{heard:?}");
        assert!(his.next(Duration::from_millis(300)).await.is_none(), "and zhang nothing of it");
    }

    async fn a_new_field_is_told_to_all(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        let mut his = Ear::open(&zhang).await;
        admin.post("/catalog/customer/fields", json!({"name": "c_x", "type": "text", "label": {"zh": "新", "en": "New"}})).await.expect(201);
        assert_eq!(his.next(Duration::from_secs(10)).await, Some(("catalog".to_owned(), json!({}))));
    }

    /// An import or a colleague's `PATCH` shows who did it, and a follower's change comes too.
    async fn followers_are_heard(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let customer = zhang.create("customer", json!({"name": "甲"})).await;
        app.engine.start_followers();
        app.settle().await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        let mut his = Ear::open(&zhang).await;
        zhang.create("follow_up", json!({"content": "聊了", "customer": customer.id})).await;
        // On a busy machine what the workspace began with, the customer included, may still come before it.
        let mut heard = his.until("follow_up").await;
        heard.extend(his.until("customer").await);
        let place = heard.iter().position(|event| event["object"] == json!("follow_up")).expect("the follow-up");
        assert_eq!((&heard[place + 1]["kind"], &heard[place + 1]["version"]), (&json!("update"), &json!(2)));
    }
}
