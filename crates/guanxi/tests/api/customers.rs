//! Work on customers: how they are classed, by when they are to be contacted, how complete they are, when they are thought of.

use crate::{
    open,
    opportunities::{everything, stages},
};
use guanxi_testkit::{Client, Made, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn read(client: &Client, made: &Made) -> Json {
    client.get(&made.path()).await.expect(200).json
}

async fn next_day(app: &TestApp) {
    app.clock.advance(days(1));
    app.settle().await;
    app.engine.do_chores().await.expect("daily work");
    app.settle().await;
}

/// The rules that a workspace begins with, off.
async fn without_rules(admin: &Client, object: &str) {
    for rule in everything(admin, object).await {
        admin
            .patch(&format!("/records/{object}/{}", rule["id"].as_str().expect("an id")), json!({"active": false}))
            .await
            .expect(200);
    }
}

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

/// Where a customer's life cycle went, in order.
async fn moves(client: &Client, customer: &Made) -> Vec<String> {
    let filter = json!(["customer", "=", customer.id]).to_string();
    let listed = client.list("customer_change", &[("filter", &filter), ("sort", "changed_at")]).await.expect(200);
    listed
        .each("from_life_cycle")
        .into_iter()
        .zip(listed.each("to_life_cycle"))
        .map(|(from, to)| format!("{from} → {to}"))
        .collect()
}

both_databases! {
    async fn rules_wait_in_a_workspace_that_is_in_use(db) {
        let mut app = open(db).await;
        let admin = app.admin().await;
        let active = async |admin: &Client, object: &str| {
            everything(admin, object).await.iter().filter(|rule| rule["active"] == json!(true)).count()
        };
        assert_eq!((active(&admin, "contact_rule").await, active(&admin, "customer_rule").await), (1, 3), "a new one begins with them");
        for object in ["contact_rule", "customer_rule"] {
            for rule in everything(&admin, object).await {
                admin.delete(&format!("/records/{object}/{}", rule["id"].as_str().expect("an id"))).await.expect(204);
            }
        }
        // As it was before the module had any.
        let mut sql = app.engine.database().sql();
        sql.push("DELETE FROM _meta WHERE key = 'seeded:modules/customer/module.toml'");
        app.engine.database().execute(sql).await.expect("forgotten");
        app.reopen().await;
        let admin = app.user("later", "administrator", "").await;
        assert_eq!((everything(&admin, "contact_rule").await.len(), everything(&admin, "customer_rule").await.len()), (1, 4));
        assert_eq!((active(&admin, "contact_rule").await, active(&admin, "customer_rule").await), (0, 0), "somebody switches them on");
    }

    async fn customers_go_their_way(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let stages = stages(&admin).await;
        let buys = zhang.create("customer", json!({"name": "买的"})).await;
        let talks = zhang.create("customer", json!({"name": "谈的"})).await;
        let quiet = zhang.create("customer", json!({"name": "不动的"})).await;
        let deal = zhang.create("opportunity", json!({"name": "单", "customer": buys.id, "amount": 5})).await;
        zhang.create("opportunity", json!({"name": "单", "customer": talks.id, "amount": 5})).await;
        next_day(&app).await;
        for (customer, expected) in [(&buys, "potential"), (&talks, "potential"), (&quiet, "stranger")] {
            assert_eq!(read(&zhang, customer).await["life_cycle"], json!(expected));
        }
        zhang.patch(&deal.path(), json!({"stage": stages["赢单"]})).await.expect(200);
        next_day(&app).await;
        assert_eq!(read(&zhang, &buys).await["life_cycle"], json!("signed"));
        // Nothing happens twice, and nobody moves twice in a night.
        next_day(&app).await;
        assert_eq!(moves(&zhang, &buys).await, ["stranger → potential", "potential → signed"]);
        app.clock.advance(days(89));
        next_day(&app).await;
        assert_eq!(moves(&zhang, &buys).await.last().map(String::as_str), Some("signed → maintained"));
        // By hand, too: who and when, and no rule.
        zhang.patch(&quiet.path(), json!({"life_cycle": "lost", "phase": "ended"})).await.expect(200);
        let filter = json!(["customer", "=", quiet.id]).to_string();
        let by_hand = zhang.list("customer_change", &[("filter", &filter)]).await.expect(200).json["items"].clone();
        assert_eq!(by_hand.as_array().map(Vec::len), Some(2));
        assert!(by_hand.as_array().expect("moves").iter().all(|change| change["rule"].is_null() && change["changed_by"]["id"] == json!(zhang.id())));
        let by_rule = moves(&zhang, &buys).await;
        assert_eq!(by_rule.len(), 3);
        let counted = admin.post("/records/customer_change/aggregate", json!({"group_by": ["to_life_cycle"], "measures": [{"fn": "count"}], "filter": ["field", "=", "life_cycle"]})).await.expect(200);
        let mut counts: Vec<(String, i64)> = counted.json["rows"].as_array().expect("rows").iter().map(|row| (row["to_life_cycle"].as_str().unwrap_or_default().to_owned(), row["count"].as_i64().unwrap_or_default())).collect();
        counts.sort();
        assert_eq!(counts, [("lost".into(), 1), ("maintained".into(), 1), ("potential".into(), 2), ("signed".into(), 1)]);
        // Whoever may not see the customer sees nothing of his way.
        let li = app.user("li", "member", "市场部").await;
        assert_eq!(li.list("customer_change", &[]).await.expect(200).json["items"], json!([]));
        assert_eq!(zhang.post("/records/customer_change", json!({})).await.status, 403);
    }

    async fn rules_on_classes_make_sense(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        assert_eq!(zhang.list("customer_rule", &[]).await.json["items"], json!([]));
        let make = async |values: Json| {
            let mut whole = json!({"name": "试", "field": "level", "to_value": "a", "criteria": json!(["employees", ">", 100]).to_string()});
            whole.as_object_mut().expect("values").extend(values.as_object().cloned().unwrap_or_default());
            admin.post("/records/customer_rule", whole).await
        };
        for (field, code, values) in [
            ("to_value", "unknown_option", json!({"to_value": "signed"})), ("from_values", "unknown_option", json!({"from_values": ["z"]})), ("from_values", "same_class", json!({"from_values": ["a", "b"]})),
            ("criteria", "bad_filter", json!({"criteria": "没有"})), ("criteria", "bad_filter", json!({"criteria": "[\"nothing\",\"=\",1]"})), ("criteria", "required", json!({"criteria": ""})),
        ] {
            let answer = make(values.clone()).await;
            assert_eq!((answer.status, answer.errors()), (422, named(field, code)), "{values}");
        }
        make(json!({})).await.expect(201);
        let circle = make(json!({"name": "回", "to_value": "b", "from_values": ["a"]})).await;
        assert_eq!(circle.errors(), named("criteria", "circular"));
        make(json!({"name": "回", "to_value": "b", "from_values": ["a"], "active": false})).await.expect(201);
        // The first rule holds; a score may be the criterion, and who has no grade gets one.
        make(json!({"name": "大客户", "to_value": "vip", "criteria": json!(["employees", ">", 1000]).to_string(), "sort_order": -1})).await.expect(201);
        let large = admin.create("customer", json!({"name": "大", "employees": 5000})).await;
        let middle = admin.create("customer", json!({"name": "中", "employees": 500, "level": "c"})).await;
        let small = admin.create("customer", json!({"name": "小", "employees": 5})).await;
        next_day(&app).await;
        for (customer, expected) in [(&large, json!("vip")), (&middle, json!("a")), (&small, Json::Null)] {
            assert_eq!(read(&admin, customer).await["level"], expected);
        }
        let history = everything(&admin, "customer_change").await;
        assert_eq!(history.iter().find(|change| change["to_level"] == json!("vip")).expect("a move")["rule"], json!("大客户"));
    }

    async fn who_is_overdue_is_known(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        without_rules(&admin, "contact_rule").await;
        admin.create("contact_rule", json!({"name": "其他", "days": 30, "sort_order": 2})).await;
        let vip = admin.create("contact_rule", json!({"name": "重要", "levels": ["vip", "a"], "days": 7, "sort_order": 1})).await;
        let often = zhang.create("customer", json!({"name": "常联系", "level": "a"})).await;
        let seldom = zhang.create("customer", json!({"name": "少联系"})).await;
        let nobody = admin.create("customer", json!({"name": "没人管", "owner": null})).await;
        let due = async |made: &Made| read(&admin, made).await["contact_due_at"].clone();
        assert_eq!((due(&often).await, due(&seldom).await, due(&nobody).await), (json!("2026-11-28T02:00:00Z"), json!("2026-12-21T02:00:00Z"), Json::Null));
        app.clock.advance(days(10));
        let overdue = json!(["contact_due_at", "<", app.engine.now().to_string()]);
        assert_eq!(zhang.matching("customer", &overdue).await, ["常联系"]);
        // A new owner has as long as anybody.
        admin.patch(&nobody.path(), json!({"owner": zhang.id()})).await.expect(200);
        assert_eq!(due(&nobody).await, json!("2026-12-31T02:00:00Z"));
        // A contact ends it; the grade decides how long.
        zhang.create("follow_up", json!({"content": "打过电话", "customer": often.id})).await;
        app.settle().await;
        assert_eq!(due(&often).await, json!("2026-12-08T02:00:00Z"));
        zhang.patch(&often.path(), json!({"level": "c"})).await.expect(200);
        assert_eq!(due(&often).await, json!("2026-12-31T02:00:00Z"));
        // Excused with a reason, until the end of that day in Shanghai.
        let excuse = async |client: &Client, input: Json| client.post(&format!("{}/actions/excuse", seldom.path()), input).await;
        excuse(&zhang, json!({"until": "2027-02-01", "reason": "客户出国"})).await.expect(200);
        let now = read(&zhang, &seldom).await;
        assert_eq!((&now["contact_due_at"], &now["excused_until"], &now["excuse"]), (&json!("2027-02-01T16:00:00Z"), &json!("2027-02-01"), &json!("客户出国")));
        for (field, input) in [
            ("until", json!({"until": "2026-11-30", "reason": "x"})), ("until", json!({"until": "2028-02-01", "reason": "x"})), ("reason", json!({"until": "2026-12-30", "reason": "  "})),
            ("reason", json!({"until": "2026-12-30"})), ("until", json!({"reason": "x"})), ("until", json!({"until": "明日复明日", "reason": "x"})),
        ] {
            let answer = excuse(&zhang, input.clone()).await;
            assert_eq!((answer.status, answer.errors().first().map(|error| error.0.clone())), (422, Some(field.to_owned())), "{input}: {}", answer.text);
        }
        assert_eq!(excuse(&app.user("li", "member", "市场部").await, json!({"until": "2026-12-30", "reason": "x"})).await.status, 404);
        // Changed rules reach everybody during the night, also who has lost his rule.
        admin.patch(&vip.path(), json!({"levels": null, "days": 3})).await.expect(200);
        next_day(&app).await;
        assert_eq!(due(&often).await, json!("2026-12-04T02:00:00Z"));
        without_rules(&admin, "contact_rule").await;
        next_day(&app).await;
        assert_eq!((due(&often).await, due(&seldom).await), (Json::Null, Json::Null));
        zhang.patch(&seldom.path(), json!({"life_cycle": "lost"})).await.expect(200);
        for values in [json!({"days": 0}), json!({"days": -1}), json!({"days": 99999}), json!({"levels": ["planet"]})] {
            let mut whole = json!({"name": "坏", "days": 5});
            whole.as_object_mut().expect("values").extend(values.as_object().cloned().unwrap_or_default());
            assert_eq!(admin.post("/records/contact_rule", whole).await.status, 422, "{values}");
        }
    }

    async fn archives_are_more_or_less_complete(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let company = zhang.create("customer", json!({"name": "公司"})).await;
        assert_eq!(company.json["completeness"], json!("0"));
        let fill = async |values: Json| zhang.patch(&company.path(), values).await.expect(200).json["completeness"].clone();
        assert_eq!(fill(json!({"mobile": "13800138000", "phone": "010-12345678"})).await, json!("9"), "one of eleven");
        assert_eq!(fill(json!({"industry": "software", "source": "website", "region": "440305", "address": "科技园", "email": "a@example.com"})).await, json!("55"));
        assert_eq!(fill(json!({"level": "a", "tax_number": "91440300MA5", "invoice_title": "公司", "employees": 0, "established": 2001})).await, json!("100"));
        assert_eq!(fill(json!({"industry": null})).await, json!("91"));
        assert_eq!(fill(json!({"kind": "person"})).await, json!("100"), "a person has no tax number to give");
        assert_eq!(zhang.matching("customer", &json!(["completeness", "<", 100])).await, Vec::<String>::new());
        assert_eq!(zhang.patch(&company.path(), json!({"completeness": 5})).await.errors(), named("completeness", "read_only"));
        // Originals that are away are missed when their time is over.
        app.engine.remind().await.expect("reminders");
        let loan = zhang.create("archive_loan", json!({"document": "合同正本", "customer": company.id, "due_at": "2026-11-25T01:00:00Z"})).await;
        app.clock.advance(days(5));
        app.settle().await;
        app.engine.remind().await.expect("reminders");
        let news = zhang.get("/notifications").await.expect(200).json;
        assert_eq!((&news["items"][0]["title"], &news["items"][0]["kind"]), (&json!("合同正本"), &json!("archive_loan.due")), "{news}");
        let back = zhang.post(&format!("{}/actions/give_back", loan.path()), json!({})).await.expect(200).json;
        assert_eq!(back["returned_on"], json!("2026-11-26"));
        assert_eq!(zhang.post(&format!("{}/actions/give_back", loan.path()), json!({})).await.code(), "action_not_possible");
    }

    async fn days_come_every_year(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let customer = zhang.create("customer", json!({"name": "海象科技"})).await;
        let care = async |values: Json| {
            let mut whole = json!({"customer": customer.id, "kind": "anniversary"});
            whole.as_object_mut().expect("values").extend(values.as_object().cloned().unwrap_or_default());
            zhang.post("/records/care_date", whole).await
        };
        let next = async |values: Json| {
            let made = care(values).await.expect(201).json;
            (made["next_on"].as_str().unwrap_or_default().to_owned(), made["years"].clone())
        };
        // Today is 21 November 2026, the thirteenth of the tenth lunar month.
        assert_eq!(next(json!({"month": 11, "day": 21, "year": 2020})).await, ("2026-11-21".into(), json!(6)));
        assert_eq!(next(json!({"month": 11, "day": 20, "year": 2020})).await, ("2027-11-20".into(), json!(7)));
        assert_eq!(next(json!({"month": 2, "day": 29})).await, ("2027-02-28".into(), Json::Null));
        assert_eq!(next(json!({"calendar": "lunar", "month": 1, "day": 1, "year": 1990})).await, ("2027-02-06".into(), json!(37)));
        assert_eq!(next(json!({"calendar": "lunar", "month": 12, "day": 30})).await, ("2027-02-05".into(), Json::Null));
        assert_eq!(next(json!({"calendar": "lunar", "month": 6, "day": 1, "leap": true})).await.0, next(json!({"calendar": "lunar", "month": 6, "day": 1})).await.0, "no leap month next year");
        for values in [json!({"month": 2, "day": 30}), json!({"calendar": "lunar", "month": 5, "day": 31}), json!({"month": 4, "day": 31})] {
            assert_eq!(care(values.clone()).await.errors(), named("day", "no_such_day"), "{values}");
        }
        for values in [json!({"month": 13, "day": 1}), json!({"month": 0, "day": 1}), json!({"day": 1}), json!({"month": "五", "day": 1}), json!({"month": 5, "day": 1, "remind_days": 99})] {
            assert_eq!(care(values.clone()).await.status, 422, "{values}");
        }
        // A contact's birthday comes into the calendar by itself, by the moon where he keeps it so.
        let born = json!({"name": "王总", "customer": customer.id, "birthday": "1980-02-16"});
        let contact = zhang.create("contact", born).await;
        let birthdays = async || zhang.list("care_date", &[("filter", &json!(["kind", "=", "birthday"]).to_string())]).await.expect(200).json["items"].clone();
        let day = birthdays().await;
        assert_eq!((&day[0]["name"], &day[0]["next_on"], &day[0]["years"], &day[0]["remind_at"]), (&json!("王总 生日"), &json!("2027-02-16"), &json!(47), &json!("2027-02-13T01:00:00Z")));
        zhang.patch(&contact.path(), json!({"birthday_calendar": "lunar"})).await.expect(200);
        let day = birthdays().await;
        // New Year's Day of the year of the monkey.
        assert_eq!((day.as_array().map(Vec::len), &day[0]["calendar"], &day[0]["month"], &day[0]["day"], &day[0]["year"], &day[0]["next_on"]), (Some(1), &json!("lunar"), &json!(1), &json!(1), &json!(1980), &json!("2027-02-06")));
        app.engine.remind().await.expect("reminders");
        // The owner is told before, once a year, and the day moves on when it is over.
        app.clock.set("2027-02-03T02:00:00Z".parse().expect("a moment"));
        app.engine.remind().await.expect("reminders");
        let told = async || {
            let news = zhang.get("/notifications").await.expect(200).json;
            news["items"].as_array().expect("news").iter().filter(|item| item["title"] == json!("王总 生日")).map(|item| item["count"].as_i64().unwrap_or_default()).sum::<i64>()
        };
        assert_eq!(told().await, 1);
        zhang.patch(&format!("/records/care_date/{}", day[0]["id"].as_str().expect("an id")), json!({"remark": "送茶叶"})).await.expect(200);
        app.clock.set("2027-02-07T02:00:00Z".parse().expect("a moment"));
        app.engine.do_chores().await.expect("daily work");
        app.engine.remind().await.expect("reminders");
        assert_eq!((told().await, &birthdays().await[0]["next_on"]), (1, &json!("2028-01-26")));
        // With the customer's new owner it goes along.
        assert_eq!(app.user("li", "member", "市场部").await.list("care_date", &[]).await.json["items"], json!([]));
        assert!(!everything(&admin, "care_date").await.is_empty());
    }

    async fn records_of_contacts_are_checked(db) {
        let app = open(db).await;
        let (boss, zhang, li) = (
            app.user("boss", "manager", "销售部").await,
            app.user("zhang", "member", "销售部").await,
            app.user("li", "member", "销售部").await,
        );
        let said = zhang.create("follow_up", json!({"content": "拜访了客户", "kind": "visit"})).await;
        let check = async |client: &Client, input: Json| client.post(&format!("{}/actions/check", said.path()), input).await;
        assert_eq!(check(&zhang, json!({"result": "true"})).await.status, 403, "not himself");
        assert_eq!(check(&li, json!({"result": "true"})).await.status, 404);
        assert_eq!(check(&boss, json!({})).await.errors(), named("result", "required"));
        assert_eq!(check(&boss, json!({"result": "maybe"})).await.errors(), named("result", "unknown_option"));
        check(&boss, json!({"result": "untrue", "remark": "客户说没来过"})).await.expect(200);
        let now = read(&zhang, &said).await;
        assert_eq!((&now["checked"], &now["checked_by"]["title"], &now["checked_at"], &now["check_remark"]), (&json!("untrue"), &json!("boss"), &json!("2026-11-21T02:00:00Z"), &json!("客户说没来过")));
        // What is written anew was not checked.
        zhang.patch(&said.path(), json!({"result": "有意向"})).await;
        assert_eq!(read(&zhang, &said).await["checked"], json!("untrue"));
        zhang.patch(&said.path(), json!({"content": "打了电话"})).await.expect(200);
        assert_eq!(read(&zhang, &said).await["checked"], Json::Null);
        zhang.patch(&said.path(), json!({"content": "拜访了客户"})).await.expect(200);
        check(&boss, json!({"result": "untrue", "remark": "客户说没来过"})).await.expect(200);
        assert_eq!(zhang.patch(&said.path(), json!({"checked": "true"})).await.errors(), named("checked", "read_only"));
        let untrue = json!(["checked", "=", "untrue"]).to_string();
        assert_eq!(boss.list("follow_up", &[("filter", &untrue)]).await.expect(200).each("content"), ["拜访了客户"]);
    }
}
