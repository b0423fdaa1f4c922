//! Years closed: how every archive stood, once for each customer and year, whatever happens meanwhile.

use crate::open;
use guanxi_engine::Viewer;
use guanxi_model::field::FieldAccess;
use guanxi_testkit::{Client, Made, TestApp, both_databases};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use std::time::Duration;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

async fn close(client: &Client, made: &Made) -> guanxi_testkit::Response {
    client.post(&format!("{}/actions/close", made.path()), json!({})).await
}

async fn count(client: &Client, filter: Json) -> i64 {
    let asked = json!({"measures": [{"fn": "count"}], "filter": filter});
    let rows = client.post("/records/archive_year/aggregate", asked).await.expect(200).json;
    rows["rows"][0]["count"].as_i64().unwrap_or_default()
}

/// So many customers of last year.
async fn many(app: &TestApp, number: usize) {
    let system = Viewer::system("test");
    let values = |place: usize| -> Map<String, Json> {
        json!({"name": format!("客户{place}")}).as_object().cloned().expect("values")
    };
    let all: Vec<_> = (0..number).map(values).collect();
    for some in all.chunks(100) {
        app.engine.load_records(&system, "customer", some).await.expect("customers");
    }
}

both_databases! {
    async fn a_year_is_closed(db) {
        let app = open(db).await;
        let (admin, boss) = (app.admin().await, app.user("boss", "manager", "销售部").await);
        let (zhang, li) = (app.user("zhang", "member", "销售部/华东").await, app.user("li", "member", "市场部").await);
        let customer = async |client: &Client, name: &str| client.create("customer", json!({"name": name, "level": "a"})).await;
        let (full, quiet, lent) = (customer(&zhang, "完整").await, customer(&zhang, "没人理").await, customer(&li, "有原件").await);
        zhang.patch(&full.path(), json!({"kind": "person", "mobile": "13800138000", "email": "a@example.com", "source": "website", "region": "440305", "address": "科技园", "life_cycle": "signed"})).await.expect(200);
        // The year ends in Shanghai: the second is of the next year already, the third of the year before.
        for (who, customer, moment) in [(&zhang, &full, "2026-12-31T15:59:00Z"), (&zhang, &full, "2026-11-22T02:00:00Z"), (&li, &lent, "2026-12-31T16:01:00Z"), (&li, &lent, "2025-12-31T15:00:00Z")] {
            who.create("follow_up", json!({"content": "聊了聊", "customer": customer.id, "happened_at": moment})).await;
        }
        for (document, back) in [("合同正本", Json::Null), ("执照", json!("2026-12-01"))] {
            li.create("archive_loan", json!({"document": document, "customer": lent.id, "lent_on": "2026-11-21", "due_at": "2026-12-20T00:00:00Z", "returned_on": back})).await;
        }
        let gone = customer(&zhang, "没了").await;
        zhang.delete(&gone.path()).await.expect(204);
        // Nobody else makes or sees it, and one year once.
        assert!(matches!(zhang.post("/records/archive_closing", json!({"year": 2026})).await.status, 403 | 404));
        let closing = boss.create("archive_closing", json!({"year": 2026})).await;
        assert_eq!((zhang.get(&closing.path()).await.status, close(&zhang, &closing).await.status), (404, 404));
        assert_eq!(admin.post("/records/archive_closing", json!({"year": 2026})).await.errors(), named("year", "not_unique"));
        for wrong in [json!({"year": 1800}), json!({"year": 99999}), json!({"year": "今年"}), json!({}), json!({"year": 2024, "status": "closed"}), json!({"year": 2024, "archives": 3})] {
            assert_eq!(admin.post("/records/archive_closing", wrong.clone()).await.status, 422, "{wrong}");
        }
        // Not before the year is over, which is when it is over in Shanghai.
        app.clock.set(at("2026-12-31T15:59:59Z"));
        let early = close(&boss, &closing).await;
        assert_eq!((early.status, early.code()), (409, "year_not_over"));
        assert!(early.text.contains("2026 is not over yet"), "{}", early.text);
        app.clock.set(at("2027-01-05T02:00:00Z"));
        customer(&zhang, "新来的").await;
        close(&boss, &closing).await.expect(200);
        app.settle().await;
        let done = boss.get(&closing.path()).await.expect(200).json;
        let counts = ["archives", "complete", "incomplete", "untouched", "originals_out"].map(|field| done[field].as_i64());
        assert_eq!(counts, [3, 1, 2, 2, 1].map(Some), "{done}");
        assert_eq!((&done["status"], &done["closed_by"]["title"], done["closed_at"].is_null()), (&json!("closed"), &json!("boss"), false));
        let year = async |client: &Client, made: &Made| client.list("archive_year", &[("filter", &json!(["customer", "=", made.id]).to_string())]).await.expect(200).json["items"][0].clone();
        let of = year(&zhang, &full).await;
        assert_eq!((&of["name"], &of["year"], &of["contacts"], &of["last_contact_at"]), (&json!("完整 2026"), &json!(2026), &json!(2), &json!("2026-12-31T15:59:00Z")));
        assert_eq!((&of["completeness"], &of["life_cycle"], &of["level"], &of["owner_then"]["title"]), (&json!("100"), &json!("signed"), &json!("a"), &json!("zhang")));
        let of = year(&admin, &lent).await;
        assert_eq!((&of["contacts"], &of["last_contact_at"], &of["originals"]), (&json!(0), &json!("2025-12-31T15:00:00Z"), &json!(1)));
        // Everybody sees those of his customers; the numbers are the lists.
        assert_eq!((count(&zhang, json!(["year", "=", 2026])).await, count(&li, json!(["year", "=", 2026])).await), (2, 1));
        for (filter, expected) in [(json!(["completeness", "<", 100]), 2), (json!(["contacts", "=", 0]), 2), (json!(["originals", ">", 0]), 1)] {
            assert_eq!(count(&admin, json!({"and": [["year", "=", 2026], filter]})).await, expected, "{filter}");
        }
        // Closed is closed, for everybody.
        assert_eq!(close(&admin, &closing).await.code(), "action_not_possible");
        assert_eq!(admin.patch(&closing.path(), json!({"year": 2020})).await.errors(), named("year", "closed"));
        assert_eq!(admin.patch(&closing.path(), json!({"archives": 9})).await.errors(), named("archives", "read_only"));
        assert_eq!((admin.delete(&closing.path()).await.status, admin.delete(&closing.path()).await.code()), (409, "closed"));
        let path = format!("/records/archive_year/{}", of["id"].as_str().expect("an id"));
        for client in [&admin, &li] {
            assert!(matches!(client.patch(&path, json!({"contacts": 9})).await.status, 403 | 422));
            assert!(matches!(client.delete(&path).await.status, 403 | 409));
            assert!(matches!(client.post("/records/archive_year", json!({"customer": lent.id, "year": 2027})).await.status, 403 | 422));
        }
        // What changes later changes nothing there; a new owner of the customer sees it, and who owned it then stays.
        zhang.patch(&quiet.path(), json!({"level": "c", "mobile": "13900139000"})).await.expect(200);
        admin.patch(&quiet.path(), json!({"owner": li.id()})).await.expect(200);
        app.settle().await;
        let of = year(&li, &quiet).await;
        assert_eq!((&of["level"], &of["owner_then"]["title"], &of["completeness"]), (&json!("a"), &json!("zhang"), &json!("9")));
        // One that was not begun may still be changed and thrown away.
        let other = admin.create("archive_closing", json!({"year": 2020})).await;
        admin.patch(&other.path(), json!({"year": 2025})).await.expect(200);
        close(&admin, &other).await.expect(200);
        app.settle().await;
        let empty = admin.get(&other.path()).await.expect(200).json;
        assert_eq!((&empty["status"], &empty["archives"]), (&json!("closed"), &json!(0)), "there was nobody yet");
        let unused = admin.create("archive_closing", json!({"year": 2019})).await;
        admin.delete(&unused.path()).await.expect(204);
    }

    /// Cut off again and again, and by two processes at once: nobody is written twice or left out.
    async fn it_goes_on_where_it_was_cut_off(db) {
        let mut app = open(db).await;
        many(&app, 450).await;
        app.clock.set(at("2027-02-01T02:00:00Z"));
        let admin = app.admin().await;
        let closing = admin.create("archive_closing", json!({"year": 2026})).await;
        close(&admin, &closing).await.expect(200);
        for _ in 0..3 {
            // Stopped in the middle of a batch or between two.
            let _ = tokio::time::timeout(Duration::from_millis(150), app.engine.settle()).await;
            app.reopen().await;
        }
        let other = app.second_engine().await;
        let (one, two) = tokio::join!(app.engine.settle(), other.settle());
        one.expect("it goes on");
        two.expect("so does the other");
        app.settle().await;
        other.close().await;
        let admin = app.client_of(admin.id()).await;
        let done = admin.get(&closing.path()).await.expect(200).json;
        assert_eq!((&done["status"], &done["archives"], &done["incomplete"], &done["untouched"]), (&json!("closed"), &json!(450), &json!(450), &json!(450)), "{done}");
        assert_eq!(count(&admin, json!(["year", "=", 2026])).await, 450);
    }

    /// What is hidden of a customer is hidden in what was written down of it.
    async fn copies_hide_what_their_source_hides(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        zhang.create("customer", json!({"name": "秘密客户名", "level": "vip"})).await;
        app.clock.set(at("2027-02-01T02:00:00Z"));
        let closing = admin.create("archive_closing", json!({"year": 2026})).await;
        close(&admin, &closing).await.expect(200);
        app.settle().await;
        app.change_role("member", |rights| {
            let mut grant = rights.owned.clone();
            for field in ["name", "level", "completeness", "last_contact_at"] {
                grant.fields.insert(field.into(), FieldAccess::None);
            }
            rights.objects.insert("customer".into(), grant);
        }).await;
        let seen = zhang.list("archive_year", &[]).await.expect(200);
        let item = &seen.json["items"][0];
        assert!(item["year"] == json!(2026) && ["name", "level", "completeness", "last_contact_at"].iter().all(|field| item.get(field).is_none()), "{item}");
        assert!(!seen.text.contains("秘密客户名") && !seen.text.contains("vip"), "{}", seen.text);
        for filter in [json!(["level", "=", "vip"]), json!(["completeness", "<", 100]), json!(["name", "contains", "秘密"])] {
            assert_eq!(zhang.list("archive_year", &[("filter", &filter.to_string())]).await.code(), "bad_filter", "{filter}");
        }
    }
}
