//! Reports of work: drafted from what was recorded, sent, read and answered, and who has not sent any.

use crate::{open, opportunities::stages};
use futures::future::join_all;
use guanxi_testkit::{Client, Made, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Map, Value as Json, json};

async fn draft(client: &Client, query: &str) -> Json {
    client.clone().speaking("zh-CN").get(&format!("/figures/work_draft?{query}")).await.expect(200).json
}

/// Count and what is expected at least, by measure.
fn counts(draft: &Json) -> Map<String, Json> {
    let items = draft["counts"].as_array().expect("counts").iter();
    items
        .map(|item| (item["name"].as_str().expect("a name").to_owned(), json!([item["count"], item["least"]])))
        .collect()
}

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

async fn department(admin: &Client, name: &str) -> String {
    let filter = json!(["name", "=", name]).to_string();
    admin.list("department", &[("filter", &filter)]).await.expect(200).each("id").remove(0)
}

async fn call(client: &Client, customer: &Made, at: &str, result: Option<&str>) -> Made {
    let words = json!({"content": "谈了价格，\n客户要求  再降一点", "customer": customer.id, "kind": "call", "happened_at": at, "result": result});
    client.create("follow_up", words).await
}

/// A salesman's Friday, of which one call was on Thursday.
async fn a_day(zhang: &Client) -> (Made, Made) {
    let stages = stages(zhang).await;
    let customer = zhang.create("customer", json!({"name": "海象科技"})).await;
    call(zhang, &customer, "2026-11-20T02:00:00Z", Some("interested")).await;
    call(zhang, &customer, "2026-11-20T03:00:00Z", Some("no_answer")).await;
    call(zhang, &customer, "2026-11-20T04:00:00Z", None).await;
    // The last moment of Thursday, and the first of Friday.
    call(zhang, &customer, "2026-11-19T15:59:59Z", Some("agreed")).await;
    let visit = json!({"content": "上门演示", "customer": customer.id, "kind": "visit", "happened_at": "2026-11-19T16:00:00Z", "result": "progress"});
    zhang.create("follow_up", visit).await;
    let deal = json!({"name": "仓储一期", "customer": customer.id, "stage": stages["方案报价"], "amount": 5, "close_date": "2026-11-20"});
    let deal = zhang.create("opportunity", deal).await;
    zhang.patch(&deal.path(), json!({"stage": stages["赢单"], "close_date": "2026-11-20"})).await.expect(200);
    (customer, deal)
}

async fn open_with_team(db: guanxi_testkit::Db) -> (TestApp, Client, Client, Client) {
    let app = open(db).await;
    let zhang = app.user("zhang", "member", "销售部/华东").await;
    let boss = app.user("boss", "manager", "销售部").await;
    let li = app.user("li", "member", "客服部").await;
    (app, zhang, boss, li)
}

both_databases! {
    async fn a_report_is_drafted_from_what_was_done(db) {
        let (app, zhang, _, li) = open_with_team(db).await;
        let admin = app.admin().await;
        let (customer, _) = a_day(&zhang).await;
        let rule = json!({"name": "销售日报", "kind": "daily", "departments": [department(&admin, "销售部").await], "roles": ["member"], "least_effective_calls": 20, "least_visits": 1});
        admin.create("report_rule", rule).await;
        let event = json!({"title": "合同评审", "starts_at": "2026-11-23T01:30:00Z", "ends_at": "2026-11-23T02:30:00Z", "customer": customer.id});
        zhang.create("event", event).await;
        zhang.create("task", json!({"name": "寄样品", "due_at": "2026-11-21T09:00:00Z", "customer": customer.id})).await;
        zhang.create("task", json!({"name": "以后再说", "due_at": "2026-11-24T09:00:00Z"})).await;
        let friday = draft(&zhang, "day=2026-11-20").await;
        assert_eq!((&friday["kind"], &friday["first_day"], &friday["last_day"]), (&json!("daily"), &json!("2026-11-20"), &json!("2026-11-20")));
        assert_eq!((&friday["expected"], &friday["sent"]), (&json!(true), &Json::Null));
        let expected = json!({
            "effective_calls": [1, 20], "calls": [3, null], "visits": [1, 1], "follow_ups": [4, null], "new_customers": [0, null],
            "new_leads": [0, null], "new_deals": [0, null], "won_deals": [1, null], "tasks_done": [0, null],
        });
        assert_eq!(json!(counts(&friday)), expected);
        let summary = friday["summary"].as_str().expect("a text");
        assert_eq!(summary.lines().next(), Some("跟进"));
        assert!(summary.contains("2. 海象科技，电话 · 有意向：谈了价格， 客户要求 再降一点"), "{summary}");
        assert_eq!(summary.matches("海象科技").count(), 4, "{summary}");
        // The weekend belongs to what a Friday plans.
        assert_eq!(friday["plan"], json!("1. 11-21 17:00 海象科技：寄样品\n2. 11-23 09:30 海象科技：合同评审"));
        // Today brought the customer and the deal into being, and moved it.
        let today = draft(&zhang, "").await;
        let counted = counts(&today);
        assert_eq!((&counted["new_customers"], &counted["new_deals"], &counted["won_deals"]), (&json!([1, null]), &json!([1, null]), &json!([0, null])));
        assert_eq!(today["expected"], json!(false), "nobody has to report on a Saturday");
        let text = today["summary"].as_str().expect("a text");
        assert!(text.contains("商机推进\n1. 仓储一期：方案报价 → 赢单") && text.contains("新增客户\n1. 海象科技"), "{text}");
        // A task counts on the day it is done, and no more once it is open again.
        let task = zhang.create("task", json!({"name": "回电话"})).await;
        zhang.post(&format!("{}/actions/complete", task.path()), json!({})).await.expect(200);
        let done = draft(&zhang, "").await;
        assert_eq!(counts(&done)["tasks_done"], json!([1, null]));
        assert!(done["summary"].as_str().is_some_and(|text| text.contains("完成任务\n1. 回电话")));
        zhang.post(&format!("{}/actions/reopen", task.path()), json!({})).await.expect(200);
        assert_eq!(counts(&draft(&zhang, "").await)["tasks_done"], json!([0, null]));
        // The week holds them all; its plan is the next week's.
        let week = draft(&zhang, "kind=weekly&day=2026-11-18").await;
        assert_eq!((&week["first_day"], &week["last_day"]), (&json!("2026-11-16"), &json!("2026-11-22")));
        assert_eq!((&counts(&week)["calls"], &counts(&week)["new_customers"]), (&json!([4, null]), &json!([1, null])));
        assert_eq!(week["plan"], json!("1. 11-23 09:30 海象科技：合同评审\n2. 11-24 17:00 以后再说"));
        // In one's own language; of nobody else's doings.
        let english = zhang.clone().speaking("en-US").get("/figures/work_draft?day=2026-11-20").await.expect(200).json;
        assert!(english["summary"].as_str().is_some_and(|text| text.starts_with("Contacts\n") && text.contains("海象科技, Call · Interested: ")), "{english}");
        let other = draft(&li, "day=2026-11-20").await;
        assert_eq!((&other["summary"], &other["plan"], &other["expected"]), (&json!(""), &json!(""), &json!(false)));
        for query in ["kind=hourly", "day=someday", "day=2026-02-30", "day=-1", "day=2026-11-20&who=x"] {
            assert!([400, 422].contains(&li.get(&format!("/figures/work_draft?{query}")).await.status), "{query}");
        }
        // At the calendar's very ends nothing breaks.
        for day in ["0001-01-01", "9999-12-31"] {
            let answer = li.get(&format!("/figures/work_draft?kind=weekly&day={day}")).await;
            assert!(answer.status < 500, "{}", answer.text);
        }
    }

    async fn a_report_is_sent_read_and_answered(db) {
        let (app, zhang, boss, li) = open_with_team(db).await;
        let admin = app.admin().await;
        a_day(&zhang).await;
        let sales = department(&admin, "销售部").await;
        admin.patch(&format!("/records/department/{sales}"), json!({"manager": boss.id()})).await.expect(200);
        let sent = zhang.create("work_report", json!({"first_day": "2026-11-20", "summary": "谈了三家"})).await;
        let report = zhang.get(&sent.path()).await.expect(200).json;
        assert_eq!((&report["name"], &report["last_day"], &report["late"]), (&json!("zhang 2026-11-20"), &json!("2026-11-20"), &json!(false)));
        assert_eq!((&report["effective_calls"], &report["calls"], &report["visits"], &report["won_deals"]), (&json!(1), &json!(3), &json!(1), &json!(1)));
        assert_eq!(report["recipients"][0]["title"], json!("boss"), "who leads the department above");
        app.settle().await;
        let told = boss.get("/notifications?kind=work_report.sent").await.expect(200).json;
        assert_eq!(told["items"][0]["title"], json!("zhang 2026-11-20"), "{told}");
        assert_eq!(draft(&zhang, "day=2026-11-20").await["sent"], json!(sent.id));
        // What happens later is not in it; what is expected is counted anew.
        let customer = zhang.create("customer", json!({"name": "再一家"})).await;
        call(&zhang, &customer, "2026-11-20T05:00:00Z", Some("interested")).await;
        zhang.patch(&sent.path(), json!({"summary": "谈了四家"})).await.expect(200);
        assert_eq!(zhang.get(&sent.path()).await.json["effective_calls"], json!(1));
        assert_eq!(counts(&draft(&zhang, "day=2026-11-20").await)["effective_calls"], json!([2, null]));
        // Whom it is sent to reads it, and whoever leads him; nobody else.
        assert_eq!(li.get(&sent.path()).await.status, 404);
        let comment = json!({"report": sent.id, "content": "价格谁批的？ @li"});
        assert_eq!(li.post("/records/report_comment", comment.clone()).await.errors(), named("report", "unknown_record"));
        zhang.patch(&sent.path(), json!({"recipients": [li.id()]})).await.expect(200);
        assert_eq!(li.get(&sent.path()).await.status, 200);
        assert_eq!(boss.get(&sent.path()).await.status, 200, "his department's are his to read");
        // A comment is told to the author and to those who spoke before.
        let asked = boss.create("report_comment", comment).await;
        let answered = li.create("report_comment", json!({"report": sent.id, "content": "我批的"})).await;
        app.settle().await;
        let heard = async |client: &Client| client.get("/notifications?kind=report_comment.written").await.expect(200).json["items"].as_array().expect("items").len();
        assert_eq!((heard(&zhang).await, heard(&boss).await, heard(&li).await), (2, 1, 0));
        let mentioned = li.get("/notifications?kind=mentioned").await.expect(200).json;
        assert_eq!(mentioned["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(zhang.get(&answered.path()).await.status, 200);
        // Nobody puts words into another's mouth.
        assert_eq!(boss.patch(&sent.path(), json!({"summary": "什么都没谈"})).await.errors(), named("summary", "not_the_author"));
        assert_eq!(admin.patch(&asked.path(), json!({"content": "好"})).await.errors(), named("content", "not_the_author"));
        assert_eq!(boss.patch(&asked.path(), json!({"content": "价格是谁批的？"})).await.status, 200);
        assert_eq!(boss.post("/records/work_report", json!({"owner": zhang.id(), "first_day": "2026-11-19", "summary": "x"})).await.errors(), named("owner", "own_only"));
        for (field, code, values) in [
            ("first_day", "sent_already", json!({"first_day": "2026-11-20", "summary": "又"})),
            ("first_day", "not_begun", json!({"first_day": "2026-11-22", "summary": "明天"})),
            ("first_day", "not_begun", json!({"kind": "weekly", "first_day": "2026-11-23", "summary": "下周"})),
            ("summary", "required", json!({"first_day": "2026-11-19", "summary": "  "})),
            ("summary", "too_long", json!({"first_day": "2026-11-19", "summary": "长".repeat(20_001)})),
            ("kind", "unknown_option", json!({"kind": "yearly", "summary": "x"})),
            ("calls", "read_only", json!({"first_day": "2026-11-19", "summary": "x", "calls": 99})),
        ] {
            assert_eq!(zhang.post("/records/work_report", values.clone()).await.errors(), named(field, code), "{values}");
        }
        for (field, values) in [("kind", json!({"kind": "weekly"})), ("first_day", json!({"first_day": "2026-11-18"}))] {
            assert_eq!(zhang.patch(&sent.path(), values).await.errors(), named(field, "fixed"));
        }
        // Once, however often it is sent; any day of the week is that week; late is what comes two days after.
        let answers = join_all((0..5).map(|_| li.post("/records/work_report", json!({"kind": "weekly", "first_day": "2026-11-12", "summary": "上周"})))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{:?}", answers.iter().map(|answer| &answer.text).collect::<Vec<_>>());
        let week = answers.iter().find(|answer| answer.status == 201).expect("one").json.clone();
        assert_eq!((&week["first_day"], &week["last_day"], &week["late"], &week["name"]), (&json!("2026-11-09"), &json!("2026-11-15"), &json!(true), &json!("li 2026-11-09 – 11-15")));
        assert_eq!(week["recipients"], Json::Null, "nobody leads him");
        let friday = li.create("work_report", json!({"first_day": "2026-11-20", "summary": "x"})).await;
        assert_eq!(li.get(&friday.path()).await.json["late"], json!(false));
        app.clock.advance(SignedDuration::from_hours(14));
        let saturday = li.create("work_report", json!({"first_day": "2026-11-21", "summary": "x"})).await;
        assert_eq!(li.get(&saturday.path()).await.json["late"], json!(false));
        let friday = boss.create("work_report", json!({"first_day": "2026-11-20", "summary": "x"})).await;
        assert_eq!(boss.get(&friday.path()).await.json["late"], json!(true), "Sunday has begun");
    }

    async fn who_leads_sees_who_has_not_reported(db) {
        let (app, zhang, boss, li) = open_with_team(db).await;
        let admin = app.admin().await;
        a_day(&zhang).await;
        let wang = app.user("wang", "member", "销售部").await;
        let sales = department(&admin, "销售部").await;
        let rule = json!({"name": "销售日报", "kind": "daily", "departments": [sales], "roles": ["member"], "least_effective_calls": 2, "least_visits": 1});
        let rule = admin.create("report_rule", rule).await;
        zhang.create("work_report", json!({"first_day": "2026-11-20", "summary": "谈了三家"})).await;
        let team = async |client: &Client, query: &str| client.get(&format!("/figures/work_reports?{query}")).await.expect(200).json["rows"].as_array().expect("rows").clone();
        let row = |rows: &[Json], who: &str| rows.iter().find(|row| row["who"]["title"] == json!(who)).cloned().unwrap_or_default();
        let rows = team(&boss, "day=2026-11-20").await;
        assert_eq!(rows.iter().map(|row| row["who"]["title"].as_str().expect("a name")).collect::<Vec<_>>(), ["boss", "wang", "zhang"]);
        let of_zhang = row(&rows, "zhang");
        assert_eq!((&of_zhang["expected"], &of_zhang["short"], &of_zhang["late"]), (&json!(true), &json!(true), &json!(false)));
        assert!(of_zhang["report"].is_string() && of_zhang["sent_at"].is_string());
        assert_eq!((&of_zhang["counts"]["effective_calls"], &of_zhang["counts"]["visits"]), (&json!({"count": 1, "least": 2}), &json!({"count": 1, "least": 1})));
        let of_wang = row(&rows, "wang");
        assert_eq!((&of_wang["expected"], &of_wang["report"], &of_wang["counts"]["calls"]["count"]), (&json!(true), &Json::Null, &json!(0)));
        assert_eq!(row(&rows, "boss")["expected"], json!(false));
        admin.patch(&rule.path(), json!({"least_effective_calls": 1})).await.expect(200);
        assert_eq!(row(&team(&boss, "day=2026-11-20").await, "zhang")["short"], json!(false));
        // The first rule that fits holds, switched-off ones never.
        let first = admin.create("report_rule", json!({"name": "先看这条", "kind": "daily", "sort_order": -1, "least_visits": 9})).await;
        assert_eq!(row(&team(&boss, "day=2026-11-20").await, "zhang")["counts"]["visits"]["least"], json!(9));
        admin.patch(&first.path(), json!({"active": false})).await.expect(200);
        assert_eq!(row(&team(&boss, "day=2026-11-20").await, "zhang")["counts"]["visits"]["least"], json!(1));
        assert_eq!(row(&team(&boss, "").await, "zhang")["expected"], json!(false), "a Saturday");
        admin.patch(&rule.path(), json!({"weekends": true})).await.expect(200);
        assert_eq!(row(&team(&boss, "").await, "zhang")["expected"], json!(true));
        // Everybody sees his own; who leads others sees none of these.
        assert_eq!(team(&wang, "day=2026-11-20").await.len(), 1);
        assert_eq!(team(&li, "day=2026-11-20").await.iter().map(|row| row["who"]["title"].clone()).collect::<Vec<_>>(), [json!("li")]);
        assert_eq!(zhang.post("/records/report_rule", json!({"name": "x"})).await.status, 403);
        for (field, values) in [("least_visits", json!({"least_visits": 0})), ("roles", json!({"roles": ["没有这个角色"]})), ("departments", json!({"departments": [zhang.id()]}))] {
            let answer = admin.patch(&rule.path(), values).await;
            assert_eq!((answer.status, answer.errors().first().map(|error| error.0.clone())), (422, Some(field.to_owned())), "{}", answer.text);
        }
    }

    async fn counts_tell_nothing_that_is_hidden(db) {
        let (app, zhang, _, _) = open_with_team(db).await;
        let admin = app.admin().await;
        a_day(&zhang).await;
        let rights = json!({"owned": {"read": "all", "create": true, "update": "own"}, "shared": {"read": "all"}, "organisation": {"read": "all"},
            "objects": {"follow_up": {"read": "all", "create": true, "fields": {"result": "none"}}, "opportunity": {"read": "own"}, "customer": {"read": "own"}}});
        admin.create("role", json!({"name": "看不到结果", "code": "blind", "rights": rights.to_string()})).await;
        let blind = app.user("blind", "blind", "销售部").await;
        let sent = zhang.create("work_report", json!({"first_day": "2026-11-20", "summary": "x"})).await;
        let seen = blind.get(&sent.path()).await.expect(200).json;
        assert_eq!((&seen["calls"], seen.get("effective_calls")), (&json!(3), None));
        let rows = blind.get("/figures/work_reports?day=2026-11-20").await.expect(200).json["rows"].clone();
        let of_zhang = rows.as_array().expect("rows").iter().find(|row| row["who"]["title"] == json!("zhang")).expect("a row");
        assert_eq!((of_zhang["counts"].get("effective_calls"), &of_zhang["counts"]["calls"]["count"]), (None, &json!(3)));
        // Deals and customers of others are not all his to see: what he sees of them is no measure.
        assert_eq!((of_zhang["counts"].get("won_deals"), of_zhang["counts"].get("new_customers")), (None, None));
        let own = draft(&blind, "day=2026-11-20").await;
        assert_eq!(counts(&own)["effective_calls"], json!([null, null]));
        // What is closed as a whole tells nothing, nor does a day that is hidden stop the rest.
        let rights = json!({"owned": {"read": "all", "create": true, "update": "own"}, "shared": {"read": "all"}, "organisation": {"read": "all"},
            "objects": {"follow_up": {"read": "all", "create": true, "fields": {"happened_at": "none"}}, "opportunity": {"read": "none"}}});
        admin.create("role", json!({"name": "看不到商机", "code": "closed", "rights": rights.to_string()})).await;
        let closed = app.user("closed", "closed", "销售部").await;
        let seen = closed.get(&sent.path()).await.expect(200).json;
        assert_eq!((seen.get("won_deals"), seen.get("new_deals"), &seen["new_customers"]), (None, None, &json!(0)));
        let own = draft(&closed, "day=2026-11-20").await;
        assert_eq!((&counts(&own)["calls"], &counts(&own)["new_customers"]), (&json!([null, null]), &json!([0, null])));
    }

    async fn nobody_speaks_as_somebody_else(db) {
        let (app, zhang, boss, li) = open_with_team(db).await;
        let admin = app.admin().await;
        let sent = zhang.create("work_report", json!({"first_day": "2026-11-20", "summary": "x", "recipients": [li.id()]})).await;
        // Not by way of another owner either.
        for (who, to) in [(&zhang, li.id()), (&boss, boss.id()), (&admin, boss.id())] {
            assert_eq!(who.patch(&sent.path(), json!({"owner": to})).await.errors(), named("owner", "fixed"));
        }
        let said = li.create("report_comment", json!({"report": sent.id, "content": "底价 80 万"})).await;
        assert_eq!(li.patch(&said.path(), json!({"owner": zhang.id()})).await.errors(), named("owner", "fixed"));
        // Not by a file.
        let file = format!("owner,first_day,summary\n{},2026-11-19,没干活\n", zhang.id());
        let import = li.upload_with("/imports", "r.csv", file.as_bytes(), &[("object", "work_report")]).await.expect(201);
        let place = format!("/imports/{}", import.json["id"].as_str().expect("an id"));
        let _ = li.post(&format!("{place}/run"), json!({})).await;
        app.settle().await;
        assert_eq!(zhang.matching("work_report", &json!(["first_day", "=", "2026-11-19"])).await, Vec::<String>::new());
        // Who leads whoever commented reads nothing of what is closed to him.
        let head = app.user("head", "manager", "客服部").await;
        assert_eq!((head.get(&sent.path()).await.status, head.get(&said.path()).await.status), (404, 404));
        assert_eq!(boss.get(&said.path()).await.status, 200);
        // To whom it was closed again nothing more is said.
        zhang.patch(&sent.path(), json!({"recipients": [boss.id()]})).await.expect(200);
        boss.create("report_comment", json!({"report": sent.id, "content": "好"})).await;
        app.settle().await;
        assert_eq!(li.get("/notifications?kind=report_comment.written").await.expect(200).json["items"], json!([]));
        // One that was thrown away may be sent anew.
        zhang.delete(&sent.path()).await.expect(204);
        zhang.create("work_report", json!({"first_day": "2026-11-20", "summary": "重写"})).await;
        assert_eq!(zhang.post(&format!("/trash/work_report/{}/restore", sent.id), json!({})).await.status, 422);
    }

    async fn it_goes_to_who_works_here(db) {
        let (app, zhang, boss, _) = open_with_team(db).await;
        let admin = app.admin().await;
        let gone = app.user("gone", "manager", "销售部").await;
        let sales = department(&admin, "销售部").await;
        admin.patch(&format!("/records/user/{}", zhang.id()), json!({"manager": gone.id()})).await.expect(200);
        admin.patch(&format!("/records/department/{sales}"), json!({"manager": boss.id()})).await.expect(200);
        let first = zhang.create("work_report", json!({"first_day": "2026-11-19", "summary": "x"})).await;
        assert_eq!(first.json["recipients"][0]["title"], json!("gone"));
        admin.patch(&format!("/records/user/{}", gone.id()), json!({"active": false})).await.expect(200);
        let second = zhang.create("work_report", json!({"first_day": "2026-11-20", "summary": "x"})).await;
        assert_eq!(second.json["recipients"][0]["title"], json!("boss"));
        // A department that a rule is for does not vanish under it.
        let team = admin.create("department", json!({"name": "临时组"})).await;
        admin.create("report_rule", json!({"name": "临时", "kind": "daily", "departments": [team.id]})).await;
        admin.delete(&team.path()).await;
        let rows = boss.get("/figures/work_reports?day=2026-11-20").await.expect(200).json["rows"].clone();
        assert!(rows.as_array().expect("rows").iter().all(|row| row["expected"] == json!(false)), "{rows}");
    }
}
