//! The rules of the modules: opportunities and their stages, follow-ups and the last contact, tasks.

use crate::open;
use guanxi_testkit::{Client, Made, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

async fn stages(client: &Client) -> HashMap<String, String> {
    let listed = client.list("stage", &[]).await.expect(200);
    listed.each("name").into_iter().zip(listed.each("id")).collect()
}

/// The fields that a stage decides.
fn outcome(json: &Json) -> (Json, Json, Json, Json) {
    (json["status"].clone(), json["probability"].clone(), json["close_date"].clone(), json["loss_reason"].clone())
}

async fn contact(client: &Client, customer: &Made) -> Json {
    let json = client.get(&customer.path()).await.expect(200).json;
    json!({
        "at": json["last_contact_at"], "by": json["last_contact_by"]["title"], "kind": json["last_contact_kind"],
        "what": json["last_contact_summary"], "next": json["next_contact_at"],
    })
}

async fn talk(app: &TestApp, client: &Client, values: Json) -> Made {
    let made = client.create("follow_up", values).await;
    app.settle().await;
    made
}

both_databases! {
    async fn an_opportunity_follows_its_stage(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let stages = stages(&zhang).await;
        let made = zhang.create("opportunity", json!({"name": "单子", "amount": "1000"})).await;
        assert_eq!(made.json["stage"]["title"], json!("初步接触"), "the first stage of the default pipeline");
        assert_eq!(outcome(&made.json), (json!("open"), json!("10"), Json::Null, Json::Null));
        assert_eq!((&made.json["expected"], &made.json["number"], &made.json["opened_on"]), (&json!("100.00"), &json!("SJ-20261121-0001"), &json!("2026-11-21")));
        let go = async |stage: &str, more: Json| {
            let mut values = json!({"stage": stages[stage]});
            values.as_object_mut().expect("values").extend(more.as_object().cloned().unwrap_or_default());
            zhang.patch(&made.path(), values).await.expect(200).json
        };
        app.clock.advance(SignedDuration::from_hours(36));
        assert_eq!(outcome(&go("方案报价", json!({})).await), (json!("open"), json!("50"), Json::Null, Json::Null));
        assert_eq!(go("商务谈判", json!({"probability": 66})).await["probability"], json!("66"), "his own estimate stays");
        assert_eq!(outcome(&go("输单", json!({"loss_reason": "price", "probability": 66})).await), (json!("lost"), json!("0"), json!("2026-11-22"), json!("price")));
        let won = go("赢单", json!({"close_date": "2026-11-20"})).await;
        assert_eq!((outcome(&won), &won["expected"]), ((json!("won"), json!("100"), json!("2026-11-20"), Json::Null), &json!("1000.00")));
        assert_eq!(outcome(&go("需求确认", json!({})).await).0, json!("open"));
        // The status cannot be said, only the stage.
        let said = zhang.patch(&made.path(), json!({"status": "won"})).await;
        assert_eq!(said.errors(), [("status".to_owned(), "read_only".to_owned())]);
        // Every move is kept, with the days spent.
        let moves = zhang.list("stage_change", &[("filter", &json!(["opportunity", "=", made.id]).to_string()), ("sort", "changed_at")]).await.expect(200);
        let mut kept: Vec<(String, Json)> = moves.json["items"].as_array().expect("items").iter().map(|item| (item["summary"].as_str().unwrap_or_default().to_owned(), item["days"].clone())).collect();
        assert_eq!(kept.remove(0), ("初步接触".to_owned(), Json::Null));
        assert_eq!(kept.iter().find(|(summary, _)| summary == "初步接触 → 方案报价").map(|(_, days)| days), Some(&json!("1.5")));
        assert_eq!(kept.len(), 5);
        let written = zhang.patch(&format!("/records/stage_change/{}", moves.each("id")[0]), json!({"summary": "x"})).await;
        assert!(written.status == 403 || written.status == 422, "nobody edits the history of stages: {}", written.text);
    }

    async fn stages_belong_to_pipelines(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let stages = stages(&admin).await;
        let other = admin.create("pipeline", json!({"name": "续约"})).await;
        let foreign = admin.create("stage", json!({"name": "谈续约", "pipeline": other.id, "probability": 70, "kind": "open"})).await;
        let made = admin.create("opportunity", json!({"name": "单子", "stage": foreign.id})).await;
        assert_eq!((&made.json["pipeline"]["title"], &made.json["probability"]), (&json!("续约"), &json!("70")));
        let mixed = admin.post("/records/opportunity", json!({"name": "x", "stage": stages["赢单"], "pipeline": other.id})).await;
        assert_eq!(mixed.errors(), [("stage".to_owned(), "not_a_candidate".to_owned())]);
        // Moving to another stage takes the pipeline along; to another pipeline, its first stage.
        let moved = admin.patch(&made.path(), json!({"stage": stages["赢单"]})).await.expect(200);
        assert_eq!((&moved.json["pipeline"]["title"], &moved.json["status"]), (&json!("标准销售流程"), &json!("won")));
        let moved = admin.patch(&made.path(), json!({"pipeline": other.id})).await.expect(200);
        assert_eq!((&moved.json["stage"]["title"], &moved.json["status"]), (&json!("谈续约"), &json!("open")));
        // A stage in use cannot go.
        let removed = admin.delete(&foreign.path()).await;
        assert_eq!((removed.status, removed.code()), (409, "stage_in_use"));
    }

    async fn follow_ups_move_the_last_contact(db) {
        let app = open(db).await;
        let (zhang, boss) = (app.user("zhang", "member", "销售部").await, app.user("boss", "manager", "销售部").await);
        let customer = zhang.create("customer", json!({"name": "甲"})).await;
        let other = zhang.create("customer", json!({"name": "乙"})).await;
        let nothing = json!({"at": null, "by": null, "kind": null, "what": null, "next": null});
        assert_eq!(contact(&zhang, &customer).await, nothing);
        let call = talk(&app, &zhang, json!({"customer": customer.id, "content": "  打了\n电话 ", "happened_at": "2026-11-20T01:00:00Z", "next_at": "2026-11-25T01:00:00Z"})).await;
        let after_call = json!({"at": "2026-11-20T01:00:00Z", "by": "zhang", "kind": "call", "what": "打了 电话", "next": "2026-11-25T01:00:00Z"});
        assert_eq!(contact(&zhang, &customer).await, after_call);
        // A colleague's later visit counts, an older one entered late does not.
        let visit = talk(&app, &boss, json!({"customer": customer.id, "content": "拜访", "kind": "visit", "happened_at": "2026-11-21T01:00:00Z"})).await;
        let after_visit = json!({"at": "2026-11-21T01:00:00Z", "by": "boss", "kind": "visit", "what": "拜访", "next": "2026-11-25T01:00:00Z"});
        assert_eq!(contact(&zhang, &customer).await, after_visit);
        talk(&app, &zhang, json!({"customer": customer.id, "content": "补记", "happened_at": "2026-11-01T01:00:00Z", "next_at": "2026-11-02T01:00:00Z"})).await;
        assert_eq!(contact(&zhang, &customer).await, after_visit);
        // Moved to another customer, both are brought up to date; the appointment was the call's.
        boss.patch(&visit.path(), json!({"customer": other.id})).await.expect(200);
        app.settle().await;
        assert_eq!(contact(&zhang, &customer).await, after_call);
        assert_eq!(contact(&zhang, &other).await["what"], json!("拜访"));
        // Deleted, restored, purged.
        zhang.delete(&call.path()).await.expect(204);
        app.settle().await;
        assert_eq!(contact(&zhang, &customer).await["what"], json!("补记"));
        zhang.post(&format!("/trash/follow_up/{}/restore", call.id), json!({})).await.expect(200);
        app.settle().await;
        assert_eq!(contact(&zhang, &customer).await, after_call);
        // Changed in its words.
        zhang.patch(&call.path(), json!({"content": "改过", "kind": "mail"})).await.expect(200);
        app.settle().await;
        assert_eq!((&contact(&zhang, &customer).await["what"], &contact(&zhang, &customer).await["kind"]), (&json!("改过"), &json!("mail")));
        // The follower's work shows as such in the history and nobody may write the fields himself.
        let history = zhang.get(&format!("{}/history", customer.path())).await.expect(200);
        assert_eq!(history.json["items"][0]["via"], json!("rule"));
        assert_eq!(zhang.patch(&customer.path(), json!({"last_contact_at": null})).await.errors()[0].1, "read_only");
        let timeline = zhang.get(&format!("{}/timeline", customer.path())).await.expect(200);
        assert_eq!(timeline.json["items"].as_array().expect("items").iter().filter(|item| item["object"] == json!("follow_up")).count(), 2);
    }

    async fn a_follow_up_finds_its_customer(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let customer = zhang.create("customer", json!({"name": "甲"})).await;
        let opportunity = zhang.create("opportunity", json!({"name": "单子", "customer": customer.id})).await;
        let person = zhang.create("contact", json!({"name": "张三", "customer": customer.id})).await;
        let other = zhang.create("customer", json!({"name": "乙"})).await;
        assert_eq!(zhang.create("follow_up", json!({"content": "x", "opportunity": opportunity.id})).await.json["customer"]["title"], json!("甲"));
        assert_eq!(zhang.create("follow_up", json!({"content": "x", "contact": person.id})).await.json["customer"]["title"], json!("甲"));
        assert_eq!(zhang.create("task", json!({"name": "x", "opportunity": opportunity.id})).await.json["customer"]["title"], json!("甲"));
        let mixed = zhang.post("/records/follow_up", json!({"content": "x", "customer": other.id, "opportunity": opportunity.id, "contact": person.id})).await;
        let mut errors = mixed.errors();
        errors.sort();
        assert_eq!(errors, [("contact".to_owned(), "not_a_candidate".to_owned()), ("opportunity".to_owned(), "not_a_candidate".to_owned())]);
        app.settle().await;
        assert_eq!(contact(&zhang, &customer).await["what"], json!("x"));
    }

    async fn tasks_are_done_and_reopened(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let task = zhang.create("task", json!({"name": "打电话", "due_at": "2026-11-21T01:00:00Z"})).await;
        let later = zhang.create("task", json!({"name": "明天", "due_at": "2026-11-22T01:00:00Z"})).await;
        let due = async |range: &str| zhang.matching("task", &json!({"and": [["status", "=", "open"], ["owner", "=", "me"], ["due_at", "within", range]]})).await;
        assert_eq!(due("overdue").await, ["打电话"]);
        assert_eq!(due("tomorrow").await, ["明天"]);
        let act = async |action: &str| zhang.post(&format!("{}/actions/{action}", task.path()), json!({})).await;
        assert_eq!(act("complete").await.expect(200).json["status"], json!("done"));
        assert_eq!(act("complete").await.code(), "action_not_possible");
        assert_eq!(due("overdue").await, Vec::<String>::new());
        assert_eq!(act("reopen").await.expect(200).json["status"], json!("open"));
        assert_eq!(act("explode").await.status, 404);
        assert_eq!(later.json["priority"], json!("normal"));
    }

    async fn customers_are_numbered_and_known_again(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let first = zhang.create("customer", json!({"name": "深圳市腾讯计算机系统有限公司", "tax_number": "9144 0300 7084 61136T"})).await;
        assert_eq!(first.json["number"], json!("KH-20261121-0001"));
        for values in [
            json!({"name": "深圳市腾讯计算机系统有限责任公司"}),
            json!({"name": "x", "tax_number": "9144 0300 7084 61136t"}),
        ] {
            assert_eq!(zhang.post("/records/customer", values.clone()).await.code(), "duplicate_warning", "{values}");
        }
        zhang.patch(&first.path(), json!({"phone": "0755-86013388"})).await.expect(200);
        assert_eq!(zhang.post("/records/customer", json!({"name": "y", "mobile": "(0755) 8601 3388"})).await.json["duplicates"][0]["fields"], json!(["mobile"]));
        // A company cannot be its own parent, at any depth.
        let child = zhang.create("customer", json!({"name": "子公司", "parent": first.id})).await;
        assert_eq!(zhang.patch(&first.path(), json!({"parent": child.id})).await.errors(), [("parent".to_owned(), "circle".to_owned())]);
        assert_eq!(zhang.patch(&first.path(), json!({"parent": first.id})).await.errors(), [("parent".to_owned(), "own_parent".to_owned())]);
        // A customer takes his contacts along, and leaves his deals.
        let person = zhang.create("contact", json!({"name": "马", "customer": first.id})).await;
        let deal = zhang.create("opportunity", json!({"name": "单子", "customer": first.id})).await;
        zhang.delete(&first.path()).await.expect(204);
        zhang.delete(&format!("/trash/customer/{}", first.id)).await.expect(204);
        assert_eq!(zhang.get(&person.path()).await.status, 404);
        assert_eq!(zhang.get(&deal.path()).await.expect(200).json["customer"], Json::Null);
        assert_eq!(zhang.get(&child.path()).await.expect(200).json["parent"], Json::Null);
    }

    /// Sums of several currencies are refused unless grouped by currency.
    async fn money_is_summed_by_currency(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        for (amount, currency) in [("0.1", "CNY"), ("0.2", "CNY"), ("1000000000000.99", "CNY")] {
            zhang.create("opportunity", json!({"name": "x", "amount": amount, "currency": currency})).await;
        }
        let sum = async |groups: Json| zhang.post("/records/opportunity/aggregate", json!({"group_by": groups, "measures": [{"fn": "sum", "field": "amount"}, {"fn": "avg", "field": "amount"}, {"fn": "count"}]})).await;
        assert_eq!(sum(json!([])).await.expect(200).json["rows"], json!([{"sum_amount": "1000000000001.29", "avg_amount": "333333333333.7633", "count": 3}]));
        zhang.create("opportunity", json!({"name": "x", "amount": "5", "currency": "USD"})).await;
        assert_eq!((sum(json!([])).await.status, sum(json!(["status"])).await.code()), (400, "bad_aggregate"));
        let rows = sum(json!(["currency"])).await.expect(200).json["rows"].clone();
        assert_eq!(rows[1], json!({"currency": "USD", "sum_amount": "5.00", "avg_amount": "5.00", "count": 1}));
        let dated = zhang.post("/records/opportunity/aggregate", json!({"group_by": [{"field": "created_at", "by": "month"}], "measures": [{"fn": "count"}]})).await.expect(200);
        assert_eq!(dated.json["rows"], json!([{"created_at": "2026-11", "count": 4}]));
        for (by, label) in [("day", "2026-11-21"), ("week", "2026-W47"), ("quarter", "2026-Q4"), ("year", "2026")] {
            let rows = zhang.post("/records/opportunity/aggregate", json!({"group_by": [{"field": "opened_on", "by": by}], "measures": [{"fn": "count"}]})).await.expect(200);
            assert_eq!(rows.json["rows"][0]["opened_on"], json!(label), "{by}");
        }
    }
}
