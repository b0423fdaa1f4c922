//! Targets and how far they are reached, the forecast and how it moves.

use crate::{
    open,
    opportunities::{everything, stages},
};
use guanxi_testkit::{Client, Made, TestApp, both_databases};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

async fn figures(client: &Client, query: &str) -> Json {
    client.get(&format!("/figures/targets?{query}")).await.expect(200).json
}

async fn forecast(client: &Client, period: &str) -> Json {
    client.get(&format!("/figures/forecast?period={period}")).await.expect(200).json
}

/// Subject → target, actual, rate, gap, place.
fn rows(figures: &Json) -> Vec<(String, [String; 5])> {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let items = figures["rows"].as_array().expect("rows").iter();
    items
        .map(|row| {
            let who = row["who"]["title"].as_str().unwrap_or("公司").to_owned();
            (who, ["target", "actual", "rate", "gap", "rank"].map(|part| text(&row[part])))
        })
        .collect()
}

fn row(who: &str, cells: [&str; 5]) -> (String, [String; 5]) {
    (who.to_owned(), cells.map(str::to_owned))
}

/// A deal that stands in a stage and closes on a day.
async fn deal(client: &Client, stage: &str, amount: &str, close: &str) -> Made {
    client.create("opportunity", json!({"name": "单", "stage": stage, "amount": amount, "close_date": close})).await
}

fn refusal(answer: &guanxi_testkit::Response) -> Vec<(String, String)> {
    assert_eq!(answer.status, 422, "{}", answer.text);
    answer.errors()
}

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

async fn department(admin: &Client, name: &str) -> String {
    let filter = json!(["name", "=", name]).to_string();
    admin.list("department", &[("filter", &filter)]).await.expect(200).each("id").remove(0)
}

fn number(value: &Json) -> Decimal {
    value.as_str().unwrap_or_default().parse().unwrap_or_default()
}

/// What the forecast must say, counted from the records that somebody reads.
async fn counted(client: &Client, from: &str, to: &str) -> BTreeMap<String, [Decimal; 5]> {
    let mut found: BTreeMap<String, [Decimal; 5]> = BTreeMap::new();
    for deal in everything(client, "opportunity").await {
        let close = deal["close_date"].as_str().unwrap_or_default();
        if close < from || close >= to || deal["currency"] != json!("CNY") {
            continue;
        }
        let sums = found.entry(deal["owner"]["title"].as_str().unwrap_or_default().to_owned()).or_default();
        let amount = number(&deal["amount"]);
        let place = match (deal["status"].as_str(), deal["forecast_category"].as_str()) {
            (Some("won"), _) => 0,
            (Some("open"), Some("commit")) => 1,
            (Some("open"), Some("best_case")) => 2,
            (Some("open"), Some("pipeline")) => 3,
            _ => continue,
        };
        sums[place] += amount;
        if place > 0 {
            sums[4] += (amount * number(&deal["probability"]) / Decimal::ONE_HUNDRED).round_dp(2);
        }
    }
    found.retain(|_, sums| sums.iter().any(|sum| !sum.is_zero()));
    found
}

fn shown(row: &Json) -> [Decimal; 5] {
    ["won", "commit", "best_case", "pipeline", "weighted"].map(|part| number(&row[part]))
}

fn people(forecast: &Json) -> BTreeMap<String, [Decimal; 5]> {
    let items = forecast["rows"].as_array().expect("rows").iter();
    items.map(|row| (row["owner"]["title"].as_str().unwrap_or_default().to_owned(), shown(row))).collect()
}

both_databases! {
    async fn targets_are_reached(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (boss, zhang, li) = (
            app.user("boss", "manager", "销售部").await,
            app.user("zhang", "member", "销售部/华东").await,
            app.user("li", "member", "销售部/华北").await,
        );
        let stages = stages(&admin).await;
        let (won, lost, talk) = (&stages["赢单"], &stages["输单"], &stages["方案报价"]);
        for (client, stage, amount, close) in [
            (&zhang, won, "100000", "2026-10-02"), (&zhang, won, "50000.50", "2026-11-30"), (&zhang, won, "7", "2026-09-30"),
            (&zhang, lost, "900000", "2026-10-05"), (&zhang, talk, "80000", "2026-12-01"),
            (&li, won, "30000", "2026-12-31"), (&li, won, "1", "2025-12-31"), (&boss, won, "20000", "2026-10-10"),
        ] {
            deal(client, stage, amount, close).await;
        }
        zhang.create("opportunity", json!({"name": "外币", "stage": won, "amount": 5, "currency": "USD", "close_date": "2026-10-03"})).await;
        let (sales, east) = (department(&admin, "销售部").await, department(&admin, "华东").await);
        let goal = |values: Json| {
            let mut whole = json!({"year": 2026, "m10": 100_000, "m11": 100_000, "m12": "100000.00"});
            whole.as_object_mut().expect("values").extend(values.as_object().cloned().unwrap_or_default());
            whole
        };
        let made = admin.create("target", goal(json!({"level": "company"}))).await;
        assert_eq!((&made.json["q4"], &made.json["total"], &made.json["q1"]), (&json!("300000"), &json!("300000"), &Json::Null));
        for values in [
            json!({"level": "department", "team": sales}), json!({"level": "department", "team": east}),
            json!({"owner": zhang.id()}), json!({"owner": li.id(), "m10": 0, "m11": 0, "m12": 20_000}),
        ] {
            boss.create("target", goal(values)).await;
        }
        boss.create("target", json!({"year": 2025, "owner": li.id(), "m1": 1})).await;
        let q4 = figures(&admin, "period=2026-Q4").await;
        assert_eq!(rows(&q4), [
            row("公司", ["300000", "200000.5", "66.7", "99999.5", "null"]),
            row("销售部", ["300000", "200000.5", "66.7", "99999.5", "1"]),
            row("华东", ["300000", "150000.5", "50.0", "149999.5", "2"]),
            row("li", ["20000", "30000", "150.0", "0", "1"]),
            row("zhang", ["300000", "150000.5", "50.0", "149999.5", "2"]),
        ]);
        assert_eq!((&q4["days_passed"], &q4["days"], &q4["currency"]), (&json!(52), &json!(92), &json!("CNY")));
        assert_eq!((&q4["rows"][4]["weighted"], &q4["rows"][0]["weighted"]), (&json!("40000"), &json!("40000")));
        assert_eq!(q4["rows"][4]["months"][8], json!({"target": null, "actual": "7"}));
        // Nothing given asks for this quarter; a month and a year are periods, too.
        assert_eq!(rows(&figures(&admin, "").await), rows(&q4));
        assert_eq!(rows(&figures(&zhang, "period=2026-11").await), [row("zhang", ["100000", "50000.5", "50.0", "49999.5", "null"])]);
        assert_eq!(rows(&figures(&admin, "period=2025").await), [row("li", ["1", "1", "100.0", "0", "null"])]);
        assert_eq!(rows(&figures(&li, "period=2026").await), [row("li", ["20000", "30000", "150.0", "0", "null"])], "nobody else's");
        assert_eq!(rows(&figures(&boss, "period=2026-Q4").await).len(), 4, "not the company's");
        assert_eq!(rows(&figures(&boss, "period=2026&mine=true").await), []);
        // A deal that goes back counts no more.
        let first = zhang.list("opportunity", &[("filter", &json!(["amount", "=", 100_000]).to_string())]).await.expect(200).each("id").remove(0);
        zhang.patch(&format!("/records/opportunity/{first}"), json!({"stage": talk, "close_date": "2026-10-02"})).await.expect(200);
        assert_eq!(rows(&figures(&zhang, "period=2026-10").await), [row("zhang", ["100000", "0", "0.0", "100000", "null"])]);
    }

    async fn targets_are_counted_in_many_ways(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let stages = stages(&admin).await;
        let product = admin.create("product", json!({"name": "软件", "price": 1000})).await.id();
        let line = json!({"product": product, "quantity": "2.5", "price": 1000});
        zhang.create("opportunity", json!({"name": "有明细", "stage": stages["赢单"], "close_date": "2026-11-02", "_lines": {"opportunity_product": [line]}})).await;
        zhang.create("opportunity", json!({"name": "谈着", "stage": stages["方案报价"], "close_date": "2026-11-02", "_lines": {"opportunity_product": [line]}})).await;
        deal(&zhang, &stages["赢单"], "500", "2026-11-05").await;
        for name in ["甲", "乙", "丙"] {
            zhang.create("customer", json!({"name": name})).await;
        }
        for values in [
            json!({"measure": "won_count", "m11": 4}), json!({"measure": "new_customers", "m11": 2}),
            json!({"measure": "sold_quantity", "product": product, "m11": 10}), json!({"measure": "won_amount", "product": product, "m11": 5000}),
            json!({"measure": "won_amount", "m11": 6000}),
        ] {
            let mut values = values;
            values["year"] = json!(2026);
            values["owner"] = json!(zhang.id());
            admin.create("target", values).await;
        }
        for (query, expected) in [
            ("measure=won_count", vec![["4", "2", "50.0", "2", "null"]]),
            ("measure=new_customers", vec![["2", "3", "150.0", "0", "null"]]),
            ("measure=sold_quantity", vec![["10", "2.5", "25.0", "7.5", "null"]]),
            ("measure=won_amount", vec![["6000", "3000", "50.0", "3000", "null"], ["5000", "2500", "50.0", "2500", "null"]]),
        ] {
            let cells: Vec<[String; 5]> = rows(&figures(&zhang, &format!("period=2026-11&{query}")).await).into_iter().map(|row| row.1).collect();
            assert_eq!(cells, expected, "{query}");
        }
        let one = figures(&zhang, &format!("period=2026-11&product={product}")).await;
        assert_eq!((one["rows"].as_array().map(Vec::len), &one["rows"][0]["product"]["title"]), (Some(1), &json!("软件")));
        // The day of a customer is the workspace's: what was entered in Shanghai's December is none of November.
        app.clock.set("2026-11-30T15:59:00Z".parse().expect("a moment"));
        zhang.create("customer", json!({"name": "十一月"})).await;
        app.clock.advance(SignedDuration::from_mins(2));
        zhang.create("customer", json!({"name": "十二月"})).await;
        let year = figures(&zhang, "period=2026&measure=new_customers").await;
        assert_eq!((&year["rows"][0]["months"][10]["actual"], &year["rows"][0]["months"][11]["actual"]), (&json!("4"), &json!("1")));
    }

    async fn targets_are_set_by_who_leads(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (boss, zhang, other) = (
            app.user("boss", "manager", "销售部").await,
            app.user("zhang", "member", "销售部/华东").await,
            app.user("other", "member", "市场部").await,
        );
        assert_eq!(zhang.post("/records/target", json!({"year": 2026, "m1": 1})).await.status, 403);
        let market = department(&admin, "市场部").await;
        let set = async |client: &Client, values: Json| {
            let mut whole = json!({"year": 2026});
            whole.as_object_mut().expect("values").extend(values.as_object().cloned().unwrap_or_default());
            client.post("/records/target", whole).await
        };
        // Whoever reads a target reads the sum it is about.
        for (field, values) in [
            ("level", json!({"level": "company"})), ("team", json!({"level": "department", "team": market})), ("owner", json!({"owner": other.id()})),
        ] {
            assert_eq!(refusal(&set(&boss, values).await), named(field, "not_yours"));
        }
        let mine = boss.create("target", json!({"year": 2026, "owner": zhang.id(), "m1": 10})).await;
        for values in [json!({"level": "company"}), json!({"owner": other.id()}), json!({"level": "department", "team": market})] {
            let answer = boss.patch(&mine.path(), values.clone()).await;
            assert!(answer.errors().iter().any(|error| error.1 == "not_yours"), "{values}: {}", answer.text);
        }
        assert_eq!(zhang.patch(&mine.path(), json!({"m1": 1})).await.status, 403, "one's own is no exception");
        assert_eq!(other.get(&mine.path()).await.status, 404);
        assert_eq!(zhang.get(&mine.path()).await.expect(200).json["name"], json!("2026 zhang"));
        // Once for everybody, however it is asked for.
        assert_eq!(refusal(&set(&boss, json!({"owner": zhang.id()})).await), named("year", "duplicate_target"));
        let many: Vec<_> = (0..8).map(|_| set(&admin, json!({"level": "company", "year": 2027}))).collect();
        let answers = futures::future::join_all(many).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "of eight at once");
        for (field, code, values) in [
            ("m1", "out_of_range", json!({"m1": -1})), ("m2", "not_whole", json!({"measure": "won_count", "m2": "1.5"})), ("team", "required", json!({"level": "department"})),
            ("product", "required", json!({"measure": "sold_quantity"})), ("year", "out_of_range", json!({"year": 1999})), ("m12", "out_of_range", json!({"m1": "900000000000000", "m2": "900000000000000"})), ("m1", "bad_number", json!({"m1": "很多"})),
            ("owner", "required", json!({"owner": null})), ("level", "unknown_option", json!({"level": "planet"})), ("q1", "read_only", json!({"q1": 5})),
        ] {
            let answer = set(&admin, values.clone()).await;
            assert_eq!(refusal(&answer), named(field, code), "{values}");
        }
    }

    async fn whoever_may_not_know_amounts_learns_none(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let rights = json!({"owned": {"read": "all", "create": true, "update": "all"}, "shared": {"read": "all"}, "organisation": {"read": "all"},
            "objects": {"opportunity": {"read": "all", "fields": {"amount": "none"}}}});
        admin.create("role", json!({"name": "看不到金额", "code": "blind", "rights": rights.to_string()})).await;
        let blind = app.user("blind", "blind", "销售部").await;
        let stages = stages(&admin).await;
        let made = deal(&admin, &stages["赢单"], "777.77", "2026-11-01").await;
        // Nor by what is worked out from them.
        assert_eq!(admin.get(&made.path()).await.json["expected"], json!("777.77"));
        assert!(blind.get(&made.path()).await.expect(200).json.get("expected").is_none());
        let asked = json!(["expected", ">", 1]).to_string();
        assert_eq!(blind.list("opportunity", &[("filter", &asked)]).await.status, 400);
        admin.create("target", json!({"year": 2026, "owner": admin.id(), "m11": 1000})).await;
        admin.create("target", json!({"year": 2026, "owner": admin.id(), "m11": 2, "measure": "won_count"})).await;
        app.clock.set("2026-11-21T15:30:00Z".parse().expect("a moment"));
        app.engine.do_chores().await.expect("daily work");
        let amounts = figures(&blind, "period=2026-11").await;
        assert_eq!((&amounts["rows"][0]["target"], &amounts["rows"][0]["actual"], &amounts["rows"][0]["weighted"]), (&json!("1000"), &Json::Null, &Json::Null));
        assert_eq!(figures(&blind, "period=2026-11&measure=won_count").await["rows"][0]["actual"], json!("1"));
        assert_eq!(blind.get("/figures/forecast").await.status, 403);
        let moves = blind.list("forecast_move", &[]).await.expect(200);
        assert!(!moves.text.contains("777") && !moves.json["items"].as_array().expect("items").is_empty(), "{}", moves.text);
        assert!(admin.list("forecast_move", &[]).await.text.contains("777.77"));
    }

    async fn categories_follow_the_stage(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let stages = stages(&admin).await;
        let category = async |made: &Made| admin.get(&made.path()).await.expect(200).json["forecast_category"].clone();
        let go = async |made: &Made, values: Json| {
            admin.patch(&made.path(), values).await.expect(200);
            category(made).await
        };
        // Where the stage says nothing, its probability does.
        let made = deal(&admin, &stages["初步接触"], "1", "2026-12-01").await;
        assert_eq!(category(&made).await, json!("pipeline"));
        assert_eq!(go(&made, json!({"stage": stages["方案报价"]})).await, json!("best_case"));
        assert_eq!(go(&made, json!({"forecast_category": "commit"})).await, json!("commit"));
        assert_eq!(go(&made, json!({"amount": 2})).await, json!("commit"), "what was said stays");
        assert_eq!(go(&made, json!({"stage": stages["商务谈判"], "forecast_category": "omitted"})).await, json!("omitted"));
        assert_eq!(go(&made, json!({"forecast_category": null})).await, json!("commit"));
        admin.patch(&format!("/records/stage/{}", stages["需求确认"]), json!({"forecast_category": "omitted"})).await.expect(200);
        assert_eq!(go(&made, json!({"stage": stages["需求确认"]})).await, json!("omitted"));
        assert_eq!(go(&made, json!({"stage": stages["赢单"]})).await, Json::Null);
        assert_eq!(go(&made, json!({"forecast_category": "commit"})).await, Json::Null, "it is over");
        assert_eq!(go(&made, json!({"stage": stages["商务谈判"]})).await, json!("commit"));
    }

    async fn the_forecast_is_the_sum_of_what_one_reads(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (boss, zhang, li) = (
            app.user("boss", "manager", "销售部").await,
            app.user("zhang", "member", "销售部").await,
            app.user("li", "member", "市场部").await,
        );
        let stages = stages(&admin).await;
        let names = ["初步接触", "需求确认", "方案报价", "商务谈判", "赢单", "输单"];
        for number in 0..36_usize {
            let client = [&zhang, &li, &boss][number % 3];
            let close = format!("2026-{:02}-{:02}", 9 + number % 4, 1 + number % 28);
            let made = deal(client, &stages[names[number % names.len()]], &format!("{}.5", 1000 + number * 37), &close).await;
            if number % 7 == 0 && names[number % names.len()] != "赢单" && names[number % names.len()] != "输单" {
                client.patch(&made.path(), json!({"forecast_category": "omitted"})).await.expect(200);
            }
        }
        zhang.create("opportunity", json!({"name": "外币", "amount": 5, "currency": "USD", "close_date": "2026-10-03"})).await;
        for (period, from, to) in [("2026-Q4", "2026-10-01", "2027-01-01"), ("2026-11", "2026-11-01", "2026-12-01"), ("2026", "2026-01-01", "2027-01-01"), ("2027-Q1", "2027-01-01", "2027-04-01")] {
            for client in [&admin, &boss, &zhang] {
                let answer = forecast(client, period).await;
                let expected = counted(client, from, to).await;
                assert_eq!(people(&answer), expected, "{period}");
                let mut total = [Decimal::ZERO; 5];
                expected.values().for_each(|sums| total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum));
                assert_eq!(shown(&answer["total"]), total);
                let months = answer["months"].as_array().expect("months");
                let mut by_month = [Decimal::ZERO; 5];
                months.iter().for_each(|month| by_month.iter_mut().zip(shown(month)).for_each(|(all, sum)| *all += sum));
                assert_eq!(by_month, total);
            }
        }
        assert_eq!(people(&forecast(&zhang, "2026-Q4").await).len(), 1);
        assert_eq!((&forecast(&zhang, "2026-Q4").await["elsewhere"], &forecast(&li, "2026-Q4").await["elsewhere"]), (&json!(1), &json!(0)));
        // What should have closed by now.
        let late = forecast(&admin, "2026-Q4").await["late"].clone();
        let listed = admin.matching("opportunity", &late["filter"]).await;
        assert_eq!(late["deals"], json!(listed.len()));
        assert!(!listed.is_empty());
        // Targets stand beside it.
        boss.create("target", json!({"year": 2026, "owner": zhang.id(), "m11": 10})).await;
        boss.create("target", json!({"year": 2026, "owner": boss.id(), "m12": 5})).await;
        let whole = forecast(&boss, "2026-Q4").await;
        assert_eq!(whole["total"]["target"], json!("15"));
        let idle = app.user("idle", "member", "销售部").await;
        boss.create("target", json!({"year": 2026, "owner": idle.id(), "m11": 7})).await;
        let rows = forecast(&boss, "2026-Q4").await["rows"].as_array().expect("rows").clone();
        let last = rows.last().expect("a row");
        assert_eq!((&last["owner"]["title"], &last["target"], &last["deals"]), (&json!("idle"), &json!("7"), &json!(0)));
        boss.patch(&format!("/records/target/{}", boss.list("target", &[("filter", &json!(["owner", "=", idle.id()]).to_string())]).await.each("id")[0]), json!({"m11": null})).await.expect(200);
        assert_eq!(forecast(&boss, "2026-11").await["total"]["target"], json!("10"));
        admin.create("target", json!({"year": 2026, "level": "company", "m12": 99})).await;
        assert_eq!(forecast(&admin, "2026-Q4").await["total"]["target"], json!("99"));
        for bad in ["", "2026-Q5", "20261", "2026-1-1", "abc", "2026-Q%00"] {
            let answer = admin.get(&format!("/figures/forecast?period={bad}")).await;
            assert!(bad.is_empty() || answer.status == 400 || answer.status == 422, "{bad}: {}", answer.text);
            let answer = admin.get(&format!("/figures/targets?period={bad}&measure=won_amount")).await;
            assert!(bad.is_empty() || answer.status == 400 || answer.status == 422, "{bad}: {}", answer.text);
        }
        assert_eq!(admin.get("/figures/targets?measure=nothing").await.code(), "bad_measure");
    }

    async fn the_forecast_is_noted_every_day(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let stages = stages(&admin).await;
        let made = deal(&zhang, &stages["方案报价"], "1000", "2026-12-10").await;
        deal(&zhang, &stages["初步接触"], "300", "2026-12-20").await;
        deal(&li, &stages["商务谈判"], "50", "2027-01-05").await;
        // An hour before midnight in Shanghai.
        app.clock.set("2026-11-21T15:30:00Z".parse().expect("a moment"));
        let next_day = async |app: &TestApp| {
            app.engine.do_chores().await.expect("daily work");
            app.clock.advance(hours(24));
        };
        next_day(&app).await;
        next_day(&app).await;
        // A day on which nothing moved leaves nothing behind.
        assert_eq!(everything(&admin, "forecast_move").await.len(), 2);
        zhang.patch(&made.path(), json!({"stage": stages["商务谈判"], "amount": 1200})).await.expect(200);
        next_day(&app).await;
        zhang.patch(&made.path(), json!({"close_date": "2027-01-02"})).await.expect(200);
        next_day(&app).await;
        admin.patch(&made.path(), json!({"owner": li.id()})).await.expect(200);
        next_day(&app).await;
        li.patch(&made.path(), json!({"stage": stages["赢单"], "close_date": "2026-12-01"})).await.expect(200);
        next_day(&app).await;
        let history = async |client: &Client, period: &str| {
            let answer = forecast(client, period).await;
            let days = answer["history"].as_array().expect("history").clone();
            let last = days.last().map(shown).unwrap_or_default();
            assert_eq!(days.last().map(|day| &day["deals"]), Some(&answer["total"]["deals"]));
            assert_eq!(last, shown(&answer["total"]), "as it stands now");
            days.iter().map(|day| (day["day"].as_str().unwrap_or_default()[5..].to_owned(), shown(day).map(|sum| sum.to_string()).join(" "))).collect::<Vec<_>>()
        };
        let day = |day: &str, sums: &str| (day.to_owned(), sums.to_owned());
        assert_eq!(history(&admin, "2026-12").await, [
            day("11-21", "0 0 1000 300 530"), day("11-23", "0 1200 0 300 990"), day("11-24", "0 0 0 300 30"), day("11-26", "1200 0 0 300 30"),
        ]);
        assert_eq!(history(&zhang, "2026-12").await, [
            day("11-21", "0 0 1000 300 530"), day("11-23", "0 1200 0 300 990"), day("11-24", "0 0 0 300 30"),
        ]);
        assert_eq!(history(&admin, "2027-Q1").await, [
            day("11-21", "0 50 0 0 40"), day("11-24", "0 1250 0 0 1000"), day("11-25", "0 1250 0 0 1000"), day("11-26", "0 50 0 0 40"),
        ]);
        assert_eq!(forecast(&zhang, "2027-Q1").await["history"].as_array().expect("history").len(), 2, "it came and went");
        // Nobody writes them, and a clock set back writes nothing twice.
        let noted = everything(&admin, "forecast_move").await;
        let path = format!("/records/forecast_move/{}", noted[0]["id"].as_str().expect("an id"));
        assert_eq!(admin.post("/records/forecast_move", json!({})).await.status, 403);
        assert_eq!(admin.patch(&path, json!({"won": 5})).await.status, 403);
        app.clock.advance(hours(-72));
        app.engine.do_chores().await.expect("daily work");
        assert_eq!(everything(&admin, "forecast_move").await.len(), noted.len());
    }
}
