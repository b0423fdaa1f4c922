//! What people are told: on the page, by mail, and through robots.

use crate::{
    leads::import,
    open,
    smtp::{PASSWORD, Smtp},
};
use axum::{Json, Router, extract::State, http::HeaderMap, routing::post};
use guanxi_testkit::{Client, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

async fn news(client: &Client) -> Vec<(String, String, i64)> {
    let all = client.get("/notifications").await.expect(200).json;
    let items = all["items"].as_array().expect("items");
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    items
        .iter()
        .map(|item| (text(item, "kind"), text(item, "title"), item["count"].as_i64().unwrap_or_default()))
        .collect()
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Everything that the server does by itself.
async fn let_it_work(app: &TestApp) {
    app.settle().await;
    app.engine.remind().await.expect("reminders");
    app.clock.advance(minutes(2));
    app.engine.post().await.expect("the post");
}

async fn with_address(admin: &Client, user: &Client, email: &str) {
    admin.patch(&format!("/records/user/{}", user.id()), json!({"email": email})).await.expect(200);
}

async fn mail_server(admin: &Client, server: &Smtp, security: &str) {
    let settings = json!({
        "host": "localhost", "port": server.port, "security": security, "ca": server.ca, "user": "crm", "password": PASSWORD,
        "from": "关系 <crm@example.com>", "page_address": "https://crm.example.com/", "enabled": true,
    });
    admin.patch("/mail", settings).await.expect(200);
}

both_databases! {
    async fn what_fills_a_workspace_is_no_news(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        admin.create("task", json!({"name": "演示", "owner": zhang.id()})).await;
        app.engine.pass_history().await.expect("history is passed");
        admin.create("task", json!({"name": "回访", "owner": zhang.id()})).await;
        app.settle().await;
        assert_eq!(news(&zhang).await, [("assigned".to_owned(), "回访".to_owned(), 1)]);
    }

    async fn who_gets_a_record_is_told(db) {
        let app = open(db).await;
        let (admin, zhang, li) =
            (app.admin().await, app.user("zhang", "member", "").await, app.user("li", "member", "").await);
        let task = admin.create("task", json!({"name": "回访", "owner": zhang.id()})).await;
        zhang.create("task", json!({"name": "自己记的"})).await;
        app.settle().await;
        assert_eq!(news(&zhang).await, [("assigned".to_owned(), "回访".to_owned(), 1)], "his own doing is no news");
        let shown = zhang.get("/notifications").await.expect(200).json;
        assert_eq!((&shown["unread"], &shown["next"]), (&json!(1), &Value::Null));
        let first = &shown["items"][0];
        assert_eq!((&first["actor"]["id"], &first["record"], &first["object"]), (&json!(admin.id()), &json!(task.id), &json!("task")));
        for (tag, label) in [("zh", "分配给我"), ("en", "Assigned to me")] {
            assert_eq!(zhang.clone().speaking(tag).get("/notifications").await.json["items"][0]["label"], label);
        }
        assert_eq!(news(&li).await, []);
        // It goes on to somebody else: what the first was told stays, without what he may not see any more.
        admin.patch(&task.path(), json!({"owner": li.id()})).await.expect(200);
        app.settle().await;
        assert_eq!(news(&li).await.len(), 1);
        let kept = zhang.get("/notifications").await.expect(200).json;
        assert_eq!((&kept["items"][0]["title"], &kept["items"][0]["kind"]), (&Value::Null, &json!("assigned")));

        let id = first["id"].as_str().expect("an id");
        assert_eq!(li.post("/notifications/read", json!({"ids": [id]})).await.expect(200).json["unread"], 1, "not his to mark");
        assert_eq!(zhang.post("/notifications/read", json!({"ids": [id]})).await.expect(200).json["unread"], 0);
        assert_eq!(zhang.get("/notifications?unread=true").await.json["items"], json!([]));
        assert_eq!(zhang.post("/notifications/unread", json!({"ids": [id]})).await.expect(200).json["unread"], 1);
        assert_eq!(zhang.post("/notifications/read", json!({"all": true})).await.expect(200).json["unread"], 0);
        for bad in [json!({}), json!({"all": false}), json!({"ids": "x"}), json!({"ids": ["x"]}), json!({"ids": vec![id; 201]}), json!({"ids": [], "all": true})] {
            assert_eq!(zhang.post("/notifications/read", bad).await.status, 422);
        }
        assert_eq!(zhang.post("/notifications/unread", json!({"all": true})).await.status, 422, "nobody wants that");
        assert_eq!(zhang.get("/notifications?cursor=x").await.code(), "bad_cursor");
        assert_eq!(zhang.get("/notifications?kind=nothing").await.status, 422);
    }

    async fn much_at_once_is_said_once(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        for name in 0..8 {
            admin.create("customer", json!({"name": format!("客户{name}"), "owner": zhang.id()})).await;
        }
        app.settle().await;
        let told = news(&zhang).await;
        assert!(told.len() <= 3 && told.iter().map(|told| told.2).sum::<i64>() == 8, "{told:?}");
        for name in 8..16 {
            admin.create("customer", json!({"name": format!("客户{name}"), "owner": zhang.id()})).await;
        }
        app.settle().await;
        let told = news(&zhang).await;
        assert!(told.len() <= 3 && told.iter().map(|told| told.2).sum::<i64>() == 16, "counted on while nobody has read it: {told:?}");
        zhang.post("/notifications/read", json!({"all": true})).await.expect(200);
        for name in 16..24 {
            admin.create("customer", json!({"name": format!("客户{name}"), "owner": zhang.id()})).await;
        }
        app.settle().await;
        assert_eq!(news(&zhang).await.iter().map(|told| told.2).sum::<i64>(), 24, "what was read counts no further");
        assert!(zhang.get("/notifications/unread").await.json["unread"].as_i64().is_some_and(|unread| unread >= 1));
    }

    async fn who_is_mentioned_is_told_if_he_may_read_it(db) {
        let app = open(db).await;
        let (admin, zhang, li) =
            (app.admin().await, app.user("zhang", "member", "销售部").await, app.user("li", "member", "市场部").await);
        admin.patch(&format!("/records/user/{}", zhang.id()), json!({"name": "张伟"})).await.expect(200);
        admin.patch(&format!("/records/user/{}", li.id()), json!({"name": "张伟明"})).await.expect(200);
        let customer = admin.create("customer", json!({"name": "海里的公司", "owner": zhang.id()})).await;
        zhang.post("/notifications/read", json!({"all": true})).await.expect(200);
        admin.create("follow_up", json!({"customer": customer.id, "content": "请@张伟 周五前报价，info@zhang 不算"})).await;
        admin.create("follow_up", json!({"customer": customer.id, "content": "请@张伟明看一下"})).await;
        app.settle().await;
        let told = zhang.get("/notifications?kind=mentioned").await.expect(200).json;
        assert_eq!(told["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(told["items"][0]["excerpt"], "请@张伟 周五前报价，info@zhang 不算");
        assert_eq!(news(&li).await, [], "the customer is closed to him");
        // The same again is no news; a login does as well as a name.
        let remark = json!({"remark": "@ZHANG 见合同"});
        admin.patch(&customer.path(), remark).await.expect(200);
        admin.patch(&customer.path(), json!({"remark": "@ZHANG 见合同第二页"})).await.expect(200);
        app.settle().await;
        assert_eq!(zhang.get("/notifications?kind=mentioned").await.json["items"].as_array().map(Vec::len), Some(2));
    }

    async fn moments_are_told_once_by_whoever_looks(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        app.engine.remind().await.expect("the beginning");
        let due = |minutes: i64| (app.engine.now() + SignedDuration::from_mins(minutes)).to_string();
        let task = zhang.create("task", json!({"name": "打电话", "due_at": due(30)})).await;
        zhang.create("task", json!({"name": "已完成", "due_at": due(30), "status": "done"})).await;
        zhang.create("customer", json!({"name": "海里的公司", "next_contact_at": due(45)})).await;
        app.clock.advance(minutes(29));
        app.engine.remind().await.expect("too early");
        assert_eq!(news(&zhang).await, []);
        app.clock.advance(minutes(1));
        let other = app.second_engine().await;
        let (one, two) = tokio::join!(app.engine.remind(), other.remind());
        one.and(two).expect("one of them tells");
        assert_eq!(news(&zhang).await, [("task.due".to_owned(), "打电话".to_owned(), 1)]);
        let shown = zhang.get("/notifications?kind=task").await.expect(200).json;
        assert_eq!(shown["items"][0]["moment"], task.json["due_at"]);
        assert_eq!(shown["items"][0]["actor"], Value::Null);
        // The server slept for two days: what came meanwhile is told when it wakes.
        app.clock.advance(SignedDuration::from_hours(48));
        other.remind().await.expect("later");
        assert_eq!(news(&zhang).await.len(), 2);
        // A clock that goes backwards tells nothing twice.
        let now = app.engine.now();
        app.clock.set(now - SignedDuration::from_hours(72));
        app.engine.remind().await.expect("set back");
        app.clock.set(now);
        app.engine.remind().await.expect("again");
        assert_eq!(news(&zhang).await.len(), 2);
        admin.get("/notifications").await.expect(200);
    }

    async fn who_is_about_to_lose_a_customer_is_told(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        let pools = admin.list("pool", &[("filter", &json!(["object", "=", "customer"]).to_string())]).await.expect(200);
        admin.create("recycle_rule", json!({"name": "三十天", "pool": pools.json["items"][0]["id"], "idle_days": 30, "warn_days": 7})).await;
        zhang.create("customer", json!({"name": "没人管的公司"})).await;
        app.clock.advance(SignedDuration::from_hours(24 * 25));
        app.engine.do_chores().await.expect("the night's work");
        app.settle().await;
        let told = news(&zhang).await;
        assert_eq!(told, [("customer.recycling".to_owned(), "没人管的公司".to_owned(), 1)]);
        app.clock.advance(SignedDuration::from_hours(24 * 6));
        app.engine.do_chores().await.expect("the night's work");
        app.settle().await;
        assert_eq!(news(&zhang).await[0].0, "customer.recycled");
    }

    async fn one_hears_of_what_one_wants(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        let settings = zhang.clone().speaking("zh").get("/notifications/settings").await.expect(200).json;
        let kind = |name: &str| settings["kinds"].as_array().expect("kinds").iter().find(|kind| kind["kind"] == name).cloned();
        assert_eq!(kind("task.due").expect("it is there"), json!({"kind": "task.due", "label": "任务到期", "group": {"name": "task", "label": "任务"}, "in_app": true, "mail": "none"}));
        assert_eq!((&settings["mail_available"], &settings["email"]), (&json!(false), &Value::Null));
        let off = json!({"kinds": {"assigned": {"in_app": false}}});
        let after = zhang.patch("/notifications/settings", off).await.expect(200).json;
        assert_eq!(after["kinds"][0]["in_app"], false);
        admin.create("task", json!({"name": "回访", "owner": zhang.id()})).await;
        app.settle().await;
        assert_eq!(news(&zhang).await, []);
        for (bad, field) in [
            (json!({"kinds": {"nothing": {}}}), "nothing"),
            (json!({"kinds": {"assigned": {"mail": "hourly"}}}), "assigned"),
            (json!({"kinds": {"assigned": {"sms": true}}}), "assigned"),
            (json!({"kinds": {"assigned": "off"}}), "assigned"),
        ] {
            let answer = zhang.patch("/notifications/settings", bad).await;
            assert_eq!((answer.status, answer.errors()[0].0.as_str()), (422, field));
        }
        assert!(zhang.patch("/notifications/settings", json!({"kinds": []})).await.status >= 400);
    }

    async fn mail_goes_out_once_and_waits_for_the_server(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        with_address(&admin, &zhang, "zhang@example.com").await;
        let mut server = Smtp::start("starttls");
        mail_server(&admin, &server, "starttls").await;
        admin.post("/mail/test", json!({"to": "boss@example.com"})).await.expect(200);
        assert!(server.mail()[0].encrypted);
        zhang.patch("/notifications/settings", json!({"kinds": {"assigned": {"mail": "now"}}})).await.expect(200);
        server.stop();
        let task = admin.create("task", json!({"name": "回访\u{2028}甲", "owner": zhang.id()})).await;
        let_it_work(&app).await;
        let queue = admin.get("/deliveries?state=waiting").await.expect(200).json;
        assert_eq!((&queue["waiting"], &queue["failed"], &queue["items"][0]["attempts"]), (&json!(1), &json!(0), &json!(1)));
        assert!(queue["items"][0]["error"].as_str().is_some_and(|error| !error.is_empty()), "it is shown why");
        assert_eq!(queue["items"][0]["to"], "zhang");
        // Another one meanwhile: both go in one message once the server is back.
        admin.create("task", json!({"name": "报价", "owner": zhang.id()})).await;
        server.run();
        app.clock.advance(minutes(5));
        let_it_work(&app).await;
        let mail = server.wait_for(2).await;
        assert_eq!(mail.len(), 2);
        assert_eq!((mail[1].to.as_str(), mail[1].subject.as_str()), ("zhang@example.com", "您有 2 条新通知"));
        assert!(mail[1].body.contains(&format!("https://crm.example.com/o/task/{}", task.id)), "{}", mail[1].body);
        assert!(mail[1].body.contains("报价"));
        let_it_work(&app).await;
        assert_eq!(server.mail().len(), 2, "nothing goes twice");
        let sent = admin.get("/deliveries?state=sent").await.expect(200).json;
        assert_eq!(sent["items"].as_array().map(Vec::len), Some(2));
        // What was read on the page before it left is not sent any more.
        admin.create("task", json!({"name": "读过的", "owner": zhang.id()})).await;
        app.settle().await;
        zhang.post("/notifications/read", json!({"all": true})).await.expect(200);
        let_it_work(&app).await;
        assert_eq!(server.mail().len(), 2);
        // Who does not exist is given up, and can be tried again.
        with_address(&admin, &zhang, "nobody@example.com").await;
        admin.create("task", json!({"name": "退信", "owner": zhang.id()})).await;
        let_it_work(&app).await;
        let failed = admin.get("/deliveries?state=failed").await.expect(200).json;
        assert_eq!(failed["failed"], 1);
        assert!(failed["items"][0]["error"].as_str().is_some_and(|error| error.contains("no such user")));
        with_address(&admin, &zhang, "zhang@example.com").await;
        let retry = format!("/deliveries/{}/retry", failed["items"][0]["id"].as_str().expect("an id"));
        admin.post(&retry, json!({})).await.expect(204);
        let_it_work(&app).await;
        assert_eq!(server.wait_for(3).await[2].subject, "admin把任务“退信”分配给您");
        assert_eq!(admin.post(&retry, json!({})).await.status, 404, "it has left");
        // A member has no business with any of this.
        for (method, path) in [("GET", "/mail"), ("GET", "/deliveries"), ("GET", "/robots"), ("GET", "/notifications/kinds")] {
            assert_eq!(zhang.request(method, path).send().await.status, 403, "{path}");
        }
    }

    async fn what_is_counted_on_is_sent_too(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        with_address(&admin, &zhang, "zhang@example.com").await;
        let server = Smtp::start("tls");
        mail_server(&admin, &server, "tls").await;
        zhang.patch("/notifications/settings", json!({"kinds": {"assigned": {"mail": "now"}}})).await.expect(200);
        let assign = async |count: usize| {
            for name in 0..count {
                admin.create("task", json!({"name": format!("任务{name}"), "owner": zhang.id()})).await;
            }
        };
        assign(3).await;
        let_it_work(&app).await;
        assert_eq!(server.wait_for(1).await.len(), 1);
        assign(20).await;
        let_it_work(&app).await;
        let mail = server.wait_for(2).await;
        assert_eq!(mail.len(), 2, "one more, for all of them");
        let_it_work(&app).await;
        assert_eq!(server.mail().len(), 2);
    }

    async fn once_a_day_in_one_message(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        with_address(&admin, &zhang, "zhang@example.com").await;
        let server = Smtp::start("tls");
        mail_server(&admin, &server, "tls").await;
        zhang.patch("/notifications/settings", json!({"kinds": {"assigned": {"mail": "daily", "in_app": false}}})).await.expect(200);
        app.engine.do_chores().await.expect("today's");
        admin.create("task", json!({"name": "甲", "owner": zhang.id()})).await;
        admin.create("task", json!({"name": "乙", "owner": zhang.id()})).await;
        let_it_work(&app).await;
        assert_eq!(server.mail().len(), 0, "not now");
        assert_eq!(news(&zhang).await, [], "and not on the page");
        app.clock.advance(SignedDuration::from_hours(23));
        app.engine.do_chores().await.expect("tomorrow's");
        let_it_work(&app).await;
        let mail = server.wait_for(1).await;
        assert_eq!(mail.iter().map(|mail| mail.subject.as_str()).collect::<Vec<_>>(), ["您有 2 条新通知"]);
        assert!(mail[0].encrypted && mail[0].body.contains("“甲”") && mail[0].body.contains("“乙”"));
        app.engine.do_chores().await.expect("done already");
        let_it_work(&app).await;
        assert_eq!(server.mail().len(), 1);
    }

    async fn the_settings_of_the_mail_server_are_checked(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let fields = async |input: Value| {
            let answer = admin.patch("/mail", input).await;
            assert_eq!(answer.status, 422);
            answer.errors().into_iter().map(|(field, code)| format!("{field} {code}")).collect::<Vec<_>>()
        };
        assert_eq!(fields(json!({"enabled": true})).await, ["host required", "from required"]);
        assert_eq!(fields(json!({"port": 0, "host": "a b", "from": "x"})).await, ["host bad_value", "port bad_value", "from bad_value"]);
        assert_eq!(fields(json!({"port": 70000})).await, ["port bad_value"]);
        assert_eq!(fields(json!({"page_address": "javascript:alert(1)"})).await, ["page_address bad_value"]);
        assert_eq!(fields(json!({"ca": "not a certificate"})).await, ["ca bad_certificate"]);
        assert_eq!(fields(json!({"nothing": 1})).await, ["nothing unknown_field"]);
        assert_eq!(fields(json!({"security": "none", "host": "mail.example.com", "user": "crm"})).await, ["security unsafe"]);
        admin.patch("/mail", json!({"host": "mail.example.com", "user": "crm", "password": "geheim", "from": "crm@example.com"})).await.expect(200);
        let shown = admin.get("/mail").await.expect(200);
        assert_eq!(shown.json["password"], true);
        assert_eq!(fields(json!({"host": "mail.thief.example.com"})).await, ["password required"]);
        let log = admin.list("access_event", &[]).await.expect(200);
        assert!(!log.json.to_string().contains("geheim"));
        // Nobody answers there: said, with a reason.
        admin.patch("/mail", json!({"host": "127.0.0.1", "port": 1, "security": "none", "user": "", "password": ""})).await.expect(200);
        assert_eq!(admin.post("/mail/test", json!({"to": "a@example.com"})).await.errors(), [("to".to_owned(), "mail_failed".to_owned())]);
        assert_eq!(admin.post("/mail/test", json!({"to": "a@example.com\r\nBcc: b@example.com"})).await.status, 422);
    }

    async fn robots_tell_a_group(db) {
        let app = open(db).await;
        let (admin, zhang, li) =
            (app.admin().await, app.user("zhang", "member", "销售部").await, app.user("li", "member", "市场部").await);
        let group = Group::open().await;
        let department = zhang.get(&format!("/records/user/{}", zhang.id())).await.json["department"]["id"].clone();
        let robot = json!({
            "name": "销售群", "format": "generic", "url": format!("{}/hook?key=geheim", group.address), "secret": "signed",
            "kinds": ["assigned"], "departments": [department],
        });
        let made = admin.post("/robots", robot).await.expect(201).json;
        assert!(!made.to_string().contains("geheim"), "{made}");
        assert_eq!((&made["secret"], &made["active"]), (&json!(true), &json!(true)));
        let id = made["id"].as_str().expect("an id").to_owned();
        admin.post(&format!("/robots/{id}/test"), json!({})).await.expect(200);
        admin.create("task", json!({"name": "回访", "owner": zhang.id()})).await;
        admin.create("task", json!({"name": "别部门的", "owner": li.id()})).await;
        let_it_work(&app).await;
        let heard = group.heard();
        assert_eq!(heard.len(), 2, "the test, and what concerns the department");
        assert_eq!(heard[1].0["text"], "@zhang admin把任务“回访”分配给您");
        assert!(heard[1].1.starts_with("sha256="));
        // A group that is gone for a while hears it later; what it refuses for good is given up.
        group.answer(500);
        admin.create("task", json!({"name": "再来", "owner": zhang.id()})).await;
        let_it_work(&app).await;
        assert_eq!(admin.get("/deliveries?state=waiting").await.json["items"][0]["robot"], "销售群");
        group.answer(200);
        app.clock.advance(minutes(5));
        let_it_work(&app).await;
        assert_eq!(group.heard().len(), 4, "the one that was refused, and once more");
        for (bad, field) in [
            (json!({"name": "x", "url": "http://10.0.0.1/x", "kinds": []}), "url"),
            (json!({"name": "", "url": "https://a.example.com/x"}), "name"),
            (json!({"name": "x", "url": "https://a.example.com/x", "kinds": ["nothing"]}), "kinds"),
            (json!({"name": "x", "url": "https://a.example.com/x", "departments": [admin.id()]}), "departments"),
            (json!({"name": "x", "url": "https://a.example.com/x", "format": "irc"}), "format"),
        ] {
            let answer = admin.post("/robots", bad).await;
            assert_eq!((answer.status, answer.errors()[0].0.as_str()), (422, field));
        }
        admin.patch(&format!("/robots/{id}"), json!({"active": false})).await.expect(200);
        admin.delete(&format!("/robots/{id}")).await.expect(204);
        assert_eq!(admin.delete(&format!("/robots/{id}")).await.status, 404);
    }

    async fn what_a_file_brings_is_no_news(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        import(&admin, "customer", "name,owner\n甲公司,zhang\n乙公司,zhang\n".to_owned(), &["name", "owner"]).await;
        assert_eq!(zhang.matching("customer", &json!(["owner", "=", zhang.id()])).await.len(), 2);
        app.settle().await;
        assert_eq!(news(&zhang).await, []);
    }
}

/// A chat group that listens on a loopback port.
struct Group {
    address: String,
    inner: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    said: Vec<(Value, String)>,
    status: u16,
}

impl Group {
    async fn open() -> Self {
        let inner = Arc::new(Mutex::new(Heard { status: 200, ..Heard::default() }));
        let hear = async |State(inner): State<Arc<Mutex<Heard>>>, headers: HeaderMap, Json(said): Json<Value>| {
            let mut inner = inner.lock().expect("nobody panicked");
            let signed = headers.get("x-guanxi-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
            inner.said.push((said, signed.to_owned()));
            axum::http::StatusCode::from_u16(inner.status).expect("a status")
        };
        let router = Router::new().route("/hook", post(hear)).with_state(inner.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inner }
    }

    fn heard(&self) -> Vec<(Value, String)> {
        self.inner.lock().expect("nobody panicked").said.clone()
    }

    fn answer(&self, status: u16) {
        self.inner.lock().expect("nobody panicked").status = status;
    }
}
