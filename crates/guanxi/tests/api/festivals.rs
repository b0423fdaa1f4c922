//! Festivals: when they come, and who is reminded to greet how many of his customers.

use crate::open;
use guanxi_model::field::FieldAccess;
use guanxi_testkit::{Client, Made, TestApp, both_databases};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

fn is(field: &str, value: &str) -> String {
    json!([field, "=", value]).to_string()
}

/// Half past midnight in Shanghai on a day, with the daily work done.
async fn night(app: &TestApp, before: &str) {
    app.clock.set(format!("{before}T16:30:00Z").parse::<Timestamp>().expect("a moment"));
    app.engine.do_chores().await.expect("daily work");
    app.settle().await;
}

/// Name, number of customers and owner of the greetings that somebody sees.
async fn greetings(client: &Client) -> Vec<(String, i64, String)> {
    let listed = client.list("festival_greeting", &[("sort", "day,name,customers")]).await.expect(200).json;
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = listed["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| (text(&one["name"]), one["customers"].as_i64().unwrap_or_default(), text(&one["owner"]["title"])))
        .collect();
    all.sort();
    all
}

/// Every festival switched off, so that a test has only its own.
async fn quiet(admin: &Client) {
    for id in admin.list("festival", &[("limit", "100")]).await.expect(200).each("id") {
        admin.patch(&format!("/records/festival/{id}"), json!({"active": false})).await.expect(200);
    }
}

both_databases! {
    async fn festivals_come_when_the_calendar_says(db) {
        let app = open(db).await;
        let (admin, boss, zhang) = (app.admin().await, app.user("boss", "manager", "销售部").await, app.user("zhang", "member", "销售部").await);
        let next = async |name: &str| zhang.list("festival", &[("filter", &is("name", name))]).await.expect(200).json["items"][0]["next_on"].as_str().unwrap_or_default().to_owned();
        // Today is 21 November 2026. The seeds, as published; the twelfth month of this lunar year has 29 days.
        for (name, day) in [
            ("元旦", "2027-01-01"), ("除夕", "2027-02-05"), ("春节", "2027-02-06"), ("元宵节", "2027-02-20"), ("清明节", "2027-04-05"), ("劳动节", "2027-05-01"),
            ("端午节", "2027-06-09"), ("七夕", "2027-08-08"), ("教师节", "2027-09-10"), ("中秋节", "2027-09-15"), ("国庆节", "2027-10-01"), ("重阳节", "2027-10-08"),
        ] {
            assert_eq!(next(name).await, day, "{name}");
        }
        // The eve is the day before whether the month has 29 days or 30, and what is over comes again.
        for (night_before, eve, spring) in [("2027-02-06", "2028-01-25", "2028-01-26"), ("2028-01-26", "2029-02-12", "2029-02-13"), ("2029-02-13", "2030-02-02", "2030-02-03")] {
            night(&app, night_before).await;
            assert_eq!((next("除夕").await.as_str(), next("春节").await.as_str()), (eve, spring));
        }
        // Managers and administrators keep them, everybody reads them.
        assert_eq!(zhang.post("/records/festival", json!({"name": "店庆", "month": 5, "day": 1})).await.status, 403);
        let made = boss.create("festival", json!({"name": "冬至", "calendar": "term", "term": "dongzhi", "month": 3, "day": 9})).await;
        assert_eq!((&made.json["next_on"], &made.json["month"], &made.json["day"]), (&json!("2029-12-21"), &Json::Null, &Json::Null), "{}", made.json);
        let moved = boss.patch(&made.path(), json!({"calendar": "solar", "month": 2, "day": 29})).await.expect(200).json;
        assert_eq!((&moved["next_on"], &moved["term"]), (&json!("2029-02-28"), &Json::Null));
        for (values, field, code) in [
            (json!({"calendar": "solar", "month": 2, "day": 30}), "day", "no_such_day"),
            (json!({"calendar": "lunar", "month": 1, "day": 31}), "day", "no_such_day"),
            (json!({"calendar": "solar", "month": 13, "day": 1}), "month", "out_of_range"),
            (json!({"calendar": "lunar", "day": 1}), "month", "required"),
            (json!({"calendar": "solar", "month": 1}), "day", "required"),
            (json!({"calendar": "term"}), "term", "required"),
            (json!({"calendar": "term", "term": "monday"}), "term", "unknown_option"),
            (json!({"calendar": "mayan", "month": 1, "day": 1}), "calendar", "unknown_option"),
            (json!({"month": 1, "day": 1, "remind_days": 61}), "remind_days", "out_of_range"),
            (json!({"month": 1, "day": 1, "remind_days": null}), "remind_days", "required"),
            (json!({"month": 1, "day": 1, "next_on": "2030-01-01"}), "next_on", "read_only"),
        ] {
            let mut whole = json!({"name": "坏"});
            whole.as_object_mut().expect("values").extend(values.as_object().cloned().unwrap_or_default());
            let answer = admin.post("/records/festival", whole).await;
            assert_eq!((answer.status, answer.errors()), (422, named(field, code)), "{values}: {}", answer.text);
        }
        assert_eq!(admin.post("/records/festival", json!({"name": "春节", "month": 1, "day": 1})).await.errors(), named("name", "not_unique"));
    }

    async fn criteria_ask_for_the_customer_itself(db) {
        let app = open(db).await;
        let (admin, boss) = (app.admin().await, app.user("boss", "manager", "销售部").await);
        app.change_role("manager", |rights| {
            let mut grant = rights.owned.clone();
            grant.fields.insert("tax_number".into(), FieldAccess::None);
            rights.objects.insert("customer".into(), grant);
        }).await;
        let with = async |client: &Client, criteria: &str| client.post("/records/festival", json!({"name": "店庆", "month": 5, "day": 1, "criteria": criteria})).await;
        for wrong in [
            "vip", "[", "[]", "{}", r#"{"and": []}"#, r#"["nothing", "=", 1]"#, r#"["level", "=", "planet"]"#, r#"["owner.name", "contains", "张"]"#, r#"["parent.name", "not_null"]"#,
            r#"["owner", "=", "me"]"#, r#"["created_by", "=", "me"]"#, r#"["name", "drop table", 1]"#, "null", "5",
        ] {
            assert_eq!(with(&admin, wrong).await.errors(), named("criteria", "bad_filter"), "{wrong}");
        }
        // What he may not see he cannot ask for.
        let hidden = r#"["tax_number", "contains", "9144"]"#;
        assert_eq!(with(&boss, hidden).await.errors(), named("criteria", "bad_filter"));
        let made = with(&admin, hidden).await.expect(201).json;
        let path = format!("/records/festival/{}", made["id"].as_str().expect("an id"));
        boss.patch(&path, json!({"remind_days": 3})).await.expect(200);
        for right in [r#"["level", "in", ["vip", "a"]]"#, r#"{"or": [["tags", "contains", "茶"], {"not": ["region", "under", "440000"]}]}"#, r#"["last_contact_at", "within", "last_90_days"]"#] {
            boss.patch(&path, json!({"criteria": right})).await.expect(200);
        }
        assert_eq!(boss.patch(&path, json!({"criteria": null})).await.expect(200).json["criteria"], Json::Null);
    }

    async fn everybody_greets_his_own(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        quiet(&admin).await;
        let boss = app.user("boss", "manager", "销售部").await;
        let (zhang, li) = (app.user("zhang", "member", "销售部/华东").await, app.user("li", "member", "市场部").await);
        let (wang, zhao) = (app.user("wang", "member", "市场部").await, app.user("zhao", "member", "市场部").await);
        let customer = async |client: &Client, name: &str, more: Json| -> Made {
            let mut values = json!({"name": name});
            values.as_object_mut().expect("values").extend(more.as_object().cloned().unwrap_or_default());
            client.create("customer", values).await
        };
        for (name, more) in [("甲", json!({"level": "a"})), ("乙", json!({"level": "b"})), ("丙", json!({"level": "c"})), ("丁", json!({"level": "a", "life_cycle": "lost"}))] {
            customer(&zhang, name, more).await;
        }
        let gone = customer(&zhang, "没了", json!({"level": "a"})).await;
        zhang.delete(&gone.path()).await.expect(204);
        customer(&li, "戊", json!({"level": "a"})).await;
        // None that matches, one who has left, and one in a pool that nobody owns.
        customer(&wang, "己", json!({"level": "c"})).await;
        customer(&zhao, "庚", json!({"level": "a"})).await;
        admin.patch(&format!("/records/user/{}", zhao.id()), json!({"active": false})).await.expect(200);
        let pool = admin.list("pool", &[("filter", &is("object", "customer"))]).await.expect(200).each("id").remove(0);
        customer(&admin, "辛", json!({"level": "a", "pool": pool})).await;
        let criteria = json!(["level", "in", ["a", "b"]]);
        let festival = boss.create("festival", json!({"name": "圣诞", "month": 12, "day": 25, "remind_days": 7, "criteria": criteria.to_string()})).await;
        app.engine.remind().await.expect("reminders");
        // Not a day too early.
        night(&app, "2026-12-16").await;
        assert_eq!(greetings(&admin).await, []);
        night(&app, "2026-12-17").await;
        let one = |owner: &str, customers: i64| ("圣诞 2026".to_owned(), customers, owner.to_owned());
        assert_eq!(greetings(&admin).await, [one("li", 1), one("zhang", 2)]);
        assert_eq!((greetings(&zhang).await, greetings(&li).await), (vec![one("zhang", 2)], vec![one("li", 1)]));
        assert_eq!((greetings(&wang).await, greetings(&boss).await), (vec![], vec![one("zhang", 2)]), "who leads sees those below");
        // He is told at nine, once.
        app.clock.set("2026-12-18T01:00:00Z".parse().expect("a moment"));
        app.engine.remind().await.expect("reminders");
        app.engine.remind().await.expect("reminders");
        let told = async |client: &Client| client.get("/notifications").await.expect(200).json["items"].as_array().expect("news").iter().filter(|item| item["kind"] == json!("festival_greeting.greet")).map(|item| item["count"].as_i64().unwrap_or_default()).sum::<i64>();
        assert_eq!((told(&zhang).await, told(&li).await, told(&wang).await), (1, 1, 0));
        // The list of exactly those customers, by the criteria of that day.
        let mine = zhang.list("festival_greeting", &[]).await.expect(200).json["items"][0].clone();
        let asked: Json = serde_json::from_str(mine["criteria"].as_str().expect("criteria")).expect("JSON");
        let list = json!({"and": [["owner", "=", zhang.id()], ["pool", "is_null"], {"not": ["life_cycle", "=", "lost"]}, asked]});
        let mut names = zhang.matching("customer", &list).await;
        names.sort();
        assert_eq!(names, ["乙", "甲"]);
        // Once more the next night, with other criteria: what was made stays as it is, and who has customers now gets his.
        boss.patch(&festival.path(), json!({"criteria": json!(["level", "=", "c"]).to_string()})).await.expect(200);
        night(&app, "2026-12-18").await;
        night(&app, "2026-12-19").await;
        assert_eq!(greetings(&admin).await, [one("li", 1), one("wang", 1), one("zhang", 2)]);
        // Another process has nothing left to do, and the day itself is moved: still once a year.
        app.second_engine().await.do_chores().await.expect("daily work");
        boss.patch(&festival.path(), json!({"day": 24})).await.expect(200);
        night(&app, "2026-12-20").await;
        assert_eq!(greetings(&admin).await.len(), 3);
        // He says that it is done; nobody makes one by hand, or says so for another.
        let path = format!("/records/festival_greeting/{}", mine["id"].as_str().expect("an id"));
        assert_eq!(li.post(&format!("{path}/actions/greet"), json!({})).await.status, 404);
        let done = zhang.post(&format!("{path}/actions/greet"), json!({})).await.expect(200).json;
        assert!(!done["greeted_at"].is_null(), "{done}");
        assert_eq!(zhang.post(&format!("{path}/actions/greet"), json!({})).await.code(), "action_not_possible");
        zhang.patch(&path, json!({"remark": "寄了贺卡"})).await.expect(200);
        for (field, value) in [("customers", json!(99)), ("day", json!("2026-12-31")), ("festival", json!(festival.id)), ("criteria", json!("[]"))] {
            assert_eq!(zhang.patch(&path, json!({field: value})).await.errors(), named(field, "read_only"));
        }
        assert_eq!(zhang.post("/records/festival_greeting", json!({"remark": "x"})).await.status, 403);
        assert_eq!(zhang.delete(&path).await.status, 403);
        // Switched off: nothing new, what there is stays.
        boss.patch(&festival.path(), json!({"active": false})).await.expect(200);
        night(&app, "2027-12-18").await;
        assert_eq!(greetings(&admin).await.len(), 3);
        boss.patch(&festival.path(), json!({"active": true})).await.expect(200);
        night(&app, "2027-12-19").await;
        let again: Vec<String> = greetings(&admin).await.into_iter().map(|greeting| greeting.0).filter(|name| name == "圣诞 2027").collect();
        assert_eq!(again.len(), 2, "those of grade C: of wang and of zhang");
    }
}
