//! Opportunities on their way: what a stage asks for, products and competitors, what boards mark and figures count.

use crate::open;
use guanxi_testkit::{Client, Made, Response, both_databases, encoded};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};

/// Stages of the shipped pipeline by name.
pub(crate) async fn stages(client: &Client) -> HashMap<String, String> {
    let filter = json!(["pipeline.name", "=", "标准销售流程"]).to_string();
    let listed = client.list("stage", &[("filter", &filter)]).await.expect(200);
    listed.each("name").into_iter().zip(listed.each("id")).collect()
}

async fn ask(admin: &Client, stage: &str, values: Json) {
    admin.patch(&format!("/records/stage/{stage}"), values).await.expect(200);
}

async fn read(client: &Client, made: &Made) -> Json {
    client.get(&made.path()).await.expect(200).json
}

fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

fn sorted(answer: &Response) -> Vec<(String, String)> {
    let mut errors = answer.errors();
    errors.sort();
    errors
}

async fn analysis(client: &Client, pipeline: &str, filter: &Json) -> Json {
    let path = format!("/figures/sales_analysis?pipeline={pipeline}&filter={}", encoded(&filter.to_string()));
    client.get(&path).await.expect(200).json
}

/// Opportunities and their moves as somebody reads them, for counting without the database.
pub(crate) async fn everything(client: &Client, object: &str) -> Vec<Json> {
    let mut out = Vec::new();
    let mut cursor = None::<String>;
    loop {
        let mut query = vec![("limit", "200")];
        if let Some(cursor) = &cursor {
            query.push(("cursor", cursor));
        }
        let page = client.list(object, &query).await.expect(200).json;
        out.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return out,
        }
    }
}

both_databases! {
    async fn a_stage_asks_for_what_it_needs(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let stages = stages(&admin).await;
        ask(&admin, &stages["方案报价"], json!({"required_fields": ["amount", "customer", "next_step"]})).await;
        ask(&admin, &stages["赢单"], json!({"tasks_done": true})).await;
        let deal = zhang.create("opportunity", json!({"name": "单子", "next_step": "  "})).await;
        let go = async |stage: &str, more: Json| {
            let mut values = json!({"stage": stages[stage]});
            values.as_object_mut().expect("values").extend(more.as_object().cloned().unwrap_or_default());
            zhang.patch(&deal.path(), values).await
        };
        // Every missing field is named at once, and nothing has happened.
        let refused = go("方案报价", json!({})).await.expect(422);
        let missing = named(&[("amount", "required_for_stage"), ("customer", "required_for_stage"), ("next_step", "required_for_stage")]);
        assert_eq!(sorted(&refused), missing);
        assert!(refused.text.contains("Amount is needed before “方案报价”"), "{}", refused.text);
        assert_eq!(read(&zhang, &deal).await["stage"]["title"], json!("初步接触"));
        // The same by other ways: many at once, and made there.
        let second = zhang.create("opportunity", json!({"name": "第二个", "amount": 1, "customer": zhang.create("customer", json!({"name": "乙"})).await.id, "next_step": "谈"})).await;
        let bulk = zhang.post("/records/opportunity/bulk", json!({"action": "update", "ids": [deal.id, second.id], "values": {"stage": stages["方案报价"]}})).await.expect(200);
        assert_eq!((&bulk.json["done"], &bulk.json["failed"][0]["id"], &bulk.json["failed"][0]["code"]), (&json!(1), &json!(deal.id), &json!("invalid")));
        let made = zhang.post("/records/opportunity", json!({"name": "新", "stage": stages["方案报价"], "amount": 5, "next_step": "约见"})).await;
        assert_eq!(sorted(&made), named(&[("customer", "required_for_stage")]));
        // Filled in the same request it goes through.
        let customer = zhang.create("customer", json!({"name": "王工"})).await;
        go("方案报价", json!({"amount": 5, "customer": customer.id, "next_step": "报价"})).await.expect(200);
        // Staying asks nothing again, going back neither; coming forward does.
        zhang.patch(&deal.path(), json!({"next_step": null})).await.expect(200);
        go("初步接触", json!({})).await.expect(200);
        assert_eq!(sorted(&go("方案报价", json!({})).await), named(&[("next_step", "required_for_stage")]));
        // Lost and taken up again it skips nothing, but may be where it was.
        go("输单", json!({"loss_reason": "price"})).await.expect(200);
        go("方案报价", json!({})).await.expect(200);
        let fresh = zhang.create("opportunity", json!({"name": "另一个"})).await;
        zhang.patch(&fresh.path(), json!({"stage": stages["输单"]})).await.expect(200);
        assert_eq!(zhang.patch(&fresh.path(), json!({"stage": stages["方案报价"]})).await.status, 422);
        zhang.patch(&fresh.path(), json!({"stage": stages["初步接触"]})).await.expect(200);
        // An open task holds it up until it is done.
        let task = zhang.create("task", json!({"name": "寄样品", "opportunity": deal.id})).await;
        assert_eq!(sorted(&go("赢单", json!({})).await), named(&[("stage", "open_tasks")]));
        zhang.patch(&task.path(), json!({"status": "done"})).await.expect(200);
        go("赢单", json!({})).await.expect(200);
    }

    /// What somebody may not see is not named to him, and a file about the past is taken as it is.
    async fn conditions_name_nothing_hidden_and_spare_imports(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let stages = stages(&admin).await;
        ask(&admin, &stages["需求确认"], json!({"required_fields": ["amount", "remark"]})).await;
        app.change_role("member", |rights| {
            let mut grant = rights.owned.clone();
            grant.fields.insert("remark".into(), guanxi_model::field::FieldAccess::None);
            rights.objects.insert("opportunity".into(), grant);
        }).await;
        let deal = zhang.create("opportunity", json!({"name": "单子"})).await;
        let refused = zhang.patch(&deal.path(), json!({"stage": stages["需求确认"]})).await.expect(422);
        assert_eq!(sorted(&refused), named(&[("amount", "required_for_stage"), ("stage", "required_for_stage")]));
        assert!(!refused.text.contains("备注") && !refused.text.contains("remark"), "{}", refused.text);
        // From a file.
        let csv = "name,stage\n老单子,需求确认\n";
        let import = admin.upload_with("/imports", "x.csv", csv.as_bytes(), &[("object", "opportunity")]).await.expect(201);
        let path = format!("/imports/{}", import.json["id"].as_str().expect("an id"));
        admin.post(&format!("{path}/start"), json!({"mapping": {"object": "opportunity", "columns": {"name": {"field": "name"}, "stage": {"field": "stage"}}}})).await.expect(202);
        for _ in 0..1000 {
            if admin.get(&path).await.expect(200).json["state"] == json!("done") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let old = admin.list("opportunity", &[("filter", &json!(["name", "=", "老单子"]).to_string())]).await.expect(200);
        assert_eq!(old.json["items"][0]["stage"]["title"], json!("需求确认"));
    }

    async fn stages_and_pipelines_are_designed(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let stages = stages(&admin).await;
        let path = format!("/records/stage/{}", stages["方案报价"]);
        for wrong in [json!(["nothing"]), json!(["status"]), json!(["expected"]), json!(["created_at"]), json!(["amount", "furthest_stage"]), json!(["'; DROP TABLE stage; --"])] {
            assert_eq!(admin.patch(&path, json!({"required_fields": wrong})).await.errors(), named(&[("required_fields", "unknown_field")]), "{wrong}");
        }
        let kept = admin.patch(&path, json!({"required_fields": ["amount", "amount", "next_step"]})).await.expect(200);
        assert_eq!(kept.json["required_fields"], json!(["amount", "next_step"]));
        for days in [0, -1, 4000] {
            assert_eq!(admin.patch(&path, json!({"rotting_days": days})).await.errors(), named(&[("rotting_days", "out_of_range")]));
        }
        assert_eq!(zhang.patch(&path, json!({"rotting_days": 5})).await.status, 403);
        // What stands there keeps a stage as it is, and says how many.
        for name in ["甲", "乙"] {
            admin.create("opportunity", json!({"name": name, "stage": stages["方案报价"], "amount": 1, "next_step": "谈"})).await;
        }
        let removed = admin.delete(&path).await;
        assert_eq!((removed.status, removed.code()), (409, "stage_in_use"));
        assert!(removed.text.contains("2 opportunities"), "{}", removed.text);
        assert_eq!(admin.patch(&path, json!({"kind": "won"})).await.errors(), named(&[("kind", "stage_in_use")]));
        let pipelines = admin.list("pipeline", &[]).await.expect(200).each("id");
        let used = admin.delete(&format!("/records/pipeline/{}", pipelines[0])).await;
        assert_eq!((used.status, used.code()), (409, "pipeline_in_use"));
        // Another pipeline: one default, one open stage at least.
        let other = admin.create("pipeline", json!({"name": "续约", "is_default": true})).await;
        assert_eq!(admin.get(&format!("/records/pipeline/{}", pipelines[0])).await.json["is_default"], json!(false));
        let first = admin.create("stage", json!({"name": "谈续约", "pipeline": other.id})).await;
        let last = admin.delete(&first.path()).await;
        assert_eq!((last.status, last.code()), (409, "last_stage"));
        let default = admin.delete(&other.path()).await;
        assert_eq!((default.status, default.code()), (409, "default_pipeline"));
        admin.create("stage", json!({"name": "签约", "pipeline": other.id, "sort_order": 2})).await;
        admin.delete(&first.path()).await.expect(204);
    }

    async fn products_make_the_amount(db) {
        let app = open(db).await;
        let (admin, zhang, li) = (app.admin().await, app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let robot = admin.create("product", json!({"name": "机器人", "price": "33.335"})).await;
        let free = admin.create("product", json!({"name": "咨询"})).await;
        let deal = zhang.create("opportunity", json!({"name": "单子", "amount": "7"})).await;
        let amount = async || read(&zhang, &deal).await["amount"].clone();
        let line = zhang.create("opportunity_product", json!({"opportunity": deal.id, "product": robot.id, "quantity": "3", "discount": "10"})).await;
        assert_eq!((&line.json["name"], &line.json["price"], &line.json["amount"]), (&json!("机器人"), &json!("33.335"), &json!("90.00")));
        assert_eq!(amount().await, json!("90.00"), "what was typed gives way");
        // Without a list price one is asked for.
        let asked = zhang.post("/records/opportunity_product", json!({"opportunity": deal.id, "product": free.id})).await;
        assert_eq!(asked.errors(), named(&[("price", "required")]));
        let talk = zhang.create("opportunity_product", json!({"opportunity": deal.id, "product": free.id, "price": "0.005"})).await;
        assert_eq!((talk.json["amount"].clone(), amount().await), (json!("0.01"), json!("90.01")));
        let typed = zhang.patch(&deal.path(), json!({"amount": 1_000_000})).await;
        assert_eq!(typed.errors(), named(&[("amount", "sum_of_lines")]));
        zhang.patch(&deal.path(), json!({"amount": "90.01", "next_step": "x"})).await.expect(200);
        zhang.patch(&line.path(), json!({"quantity": 1})).await.expect(200);
        assert_eq!(amount().await, json!("30.01"));
        // Thrown away and fetched back it counts as it should.
        zhang.delete(&line.path()).await.expect(204);
        assert_eq!(amount().await, json!("0.01"));
        zhang.post(&format!("/trash/opportunity_product/{}/restore", line.id), json!({})).await.expect(200);
        assert_eq!(amount().await, json!("30.01"));
        for one in [&line, &talk] {
            zhang.delete(&one.path()).await.expect(204);
        }
        // Without lines it is typed by hand again.
        zhang.patch(&deal.path(), json!({"amount": "12"})).await.expect(200);
        for (wrong, field) in [(json!({"quantity": 0}), "quantity"), (json!({"quantity": -1}), "quantity"), (json!({"discount": 101}), "discount"), (json!({"quantity": "999999999", "price": "999999999"}), "quantity")] {
            let mut values = json!({"opportunity": deal.id, "product": robot.id});
            values.as_object_mut().expect("values").extend(wrong.as_object().cloned().unwrap_or_default());
            assert_eq!(zhang.post("/records/opportunity_product", values).await.errors(), named(&[(field, "out_of_range")]), "{wrong}");
        }
        // Whoever may not change the opportunity adds nothing to it, whether he sees it or not.
        let put = json!({"opportunity": deal.id, "product": robot.id});
        assert_eq!(li.post("/records/opportunity_product", put.clone()).await.errors(), named(&[("opportunity", "unknown_record")]));
        let team = format!("{}/team/{}", deal.path(), li.id());
        zhang.put(&team, json!({"level": "read"})).await.expect(200);
        assert_eq!(li.post("/records/opportunity_product", put.clone()).await.errors(), named(&[("opportunity", "forbidden")]));
        zhang.put(&team, json!({"level": "write"})).await.expect(200);
        li.post("/records/opportunity_product", put).await.expect(201);
        assert_eq!(amount().await, json!("33.34"));
    }

    async fn a_new_opportunity_takes_its_products_along(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let robot = admin.create("product", json!({"name": "机器人", "price": "100"})).await;
        let free = admin.create("product", json!({"name": "咨询"})).await;
        let with = |lines: Json| json!({"name": "单子", "_lines": lines});
        let made = zhang.post("/records/opportunity", with(json!({"opportunity_product": [{"product": robot.id, "quantity": 2}, {"product": free.id, "price": 50, "discount": 10}]}))).await.expect(201);
        assert_eq!(made.json["amount"], json!("245.00"));
        let lines = zhang.list("opportunity_product", &[("filter", &json!(["opportunity", "=", made.json["id"]]).to_string())]).await.expect(200);
        assert_eq!(lines.json["items"].as_array().map(Vec::len), Some(2));
        // All of it or nothing.
        let before = zhang.list("opportunity", &[("count", "true")]).await.expect(200).json["total"].clone();
        let refused = zhang.post("/records/opportunity", with(json!({"opportunity_product": [{"product": robot.id}, {"product": free.id}]}))).await;
        assert_eq!(refused.errors(), named(&[("_lines.opportunity_product.1.price", "required")]));
        for (wrong, field) in [
            (json!([]), "_lines"), (json!("x"), "_lines"), (json!({"task": [{"name": "x"}]}), "_lines"), (json!({"nothing": []}), "_lines"),
            (json!({"opportunity_product": {}}), "_lines"), (json!({"opportunity_product": [1]}), "_lines"),
            (json!({"opportunity_product": vec![json!({"product": robot.id}); 201]}), "_lines"),
            (json!({"opportunity_product": [{"product": robot.id, "amount": 5}]}), "_lines.opportunity_product.0.amount"),
            (json!({"opportunity_product": [{"product": robot.id, "sum": 5}]}), "_lines.opportunity_product.0.sum"),
            // What happens to opportunities is nobody's to write.
            (json!({"stage_change": [{"summary": "x"}]}), "_lines.stage_change.0.summary"),
        ] {
            let answer = zhang.post("/records/opportunity", with(wrong.clone())).await;
            assert_eq!((answer.status, answer.errors().first().map(|(field, _)| field.clone()).as_deref()), (422, Some(field)), "{wrong}: {}", answer.text);
        }
        let forbidden = zhang.post("/records/opportunity", with(json!({"stage_change": [{}]}))).await;
        assert_eq!(forbidden.status, 403, "{}", forbidden.text);
        assert_eq!(zhang.list("opportunity", &[("count", "true")]).await.expect(200).json["total"], before);
    }

    /// However many write lines at once, the opportunity is worth all of them.
    async fn lines_written_at_once_are_all_counted(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let product = app.admin().await.create("product", json!({"name": "机器人", "price": "10"})).await;
        let deal = zhang.create("opportunity", json!({"name": "单子"})).await;
        let put = (1..=12).map(|quantity| zhang.post("/records/opportunity_product", json!({"opportunity": deal.id, "product": product.id, "quantity": quantity})));
        for answer in futures::future::join_all(put.collect::<Vec<_>>()).await {
            answer.expect(201);
        }
        assert_eq!(read(&zhang, &deal).await["amount"], json!("780.00"));
    }

    async fn competitors_are_met(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let (first, second) = (admin.create("competitor", json!({"name": "北辰"})).await, admin.create("competitor", json!({"name": "智库"})).await);
        let deal = zhang.create("opportunity", json!({"name": "单子"})).await;
        let met = zhang.create("opportunity_competitor", json!({"opportunity": deal.id, "competitor": first.id, "price": "80000"})).await;
        assert_eq!(met.json["name"], json!("北辰"));
        zhang.create("opportunity_competitor", json!({"opportunity": deal.id, "competitor": second.id})).await;
        assert_eq!(read(&zhang, &deal).await["competitor"]["title"], json!("北辰"), "the first one met is the main one");
        let twice = zhang.post("/records/opportunity_competitor", json!({"opportunity": deal.id, "competitor": first.id})).await;
        assert_eq!(twice.errors().first().map(|(_, code)| code.clone()).as_deref(), Some("not_unique"));
        admin.patch(&first.path(), json!({"name": "北辰自动化"})).await.expect(200);
        assert_eq!(read(&zhang, &met).await["name"], json!("北辰自动化"));
        admin.delete(&first.path()).await.expect(204);
        assert_eq!(admin.delete(&format!("/trash/competitor/{}", first.id)).await.code(), "in_use");
    }

    /// The competitor was text once: opening such a workspace makes the texts competitors.
    async fn competitors_as_text_become_records(db) {
        let mut app = open(db).await;
        let admin = app.admin().await;
        let deals = [admin.create("opportunity", json!({"name": "甲"})).await, admin.create("opportunity", json!({"name": "乙"})).await];
        let known = admin.create("competitor", json!({"name": "智库"})).await;
        let older = "DROP INDEX IF EXISTS opportunity__i__competitor; ALTER TABLE opportunity DROP COLUMN competitor;
             ALTER TABLE opportunity ADD COLUMN competitor TEXT; UPDATE _meta SET value = '' WHERE key = 'catalogue';
             UPDATE opportunity SET competitor = '北辰' WHERE name = '甲'; UPDATE opportunity SET competitor = ' 智库 ' WHERE name = '乙';";
        app.engine.database().write(move |tx| Box::pin(async move { tx.batch(older).await })).await.expect("an older workspace");
        app.reopen().await;
        let admin = app.client_of(admin.id()).await;
        assert_eq!(read(&admin, &deals[0]).await["competitor"]["title"], json!("北辰"));
        assert_eq!(read(&admin, &deals[1]).await["competitor"], json!({"id": known.id, "title": "智库"}));
        assert_eq!(admin.list("competitor", &[("sort", "name")]).await.expect(200).each("name").len(), 2);
    }

    async fn movement_and_cycle_are_kept(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let stages = stages(&zhang).await;
        let deal = zhang.create("opportunity", json!({"name": "单子"})).await;
        assert_eq!(deal.json["moved_at"], json!(app.engine.now()));
        app.clock.advance(SignedDuration::from_hours(48));
        zhang.patch(&deal.path(), json!({"next_step": "等"})).await.expect(200);
        assert_eq!(read(&zhang, &deal).await["moved_at"], deal.json["moved_at"], "a note is no movement");
        let talk = zhang.create("follow_up", json!({"opportunity": deal.id, "content": "电话"})).await;
        app.settle().await;
        assert_eq!(read(&zhang, &deal).await["moved_at"], json!(app.engine.now()));
        zhang.delete(&talk.path()).await.expect(204);
        app.settle().await;
        assert_eq!(read(&zhang, &deal).await["moved_at"], deal.json["moved_at"], "it has not been talked about after all");
        let won = zhang.patch(&deal.path(), json!({"stage": stages["赢单"], "close_date": "2026-12-01"})).await.expect(200).json;
        assert_eq!((&won["moved_at"], &won["cycle_days"], &won["furthest_stage"]["title"]), (&json!(app.engine.now()), &json!(10), &json!("赢单")));
        // Taken up again it has come as far as it had before it was won.
        let again = zhang.patch(&deal.path(), json!({"stage": stages["需求确认"]})).await.expect(200).json;
        assert_eq!((&again["cycle_days"], &again["furthest_stage"]["title"]), (&Json::Null, &json!("需求确认")));
        let lost = zhang.patch(&deal.path(), json!({"stage": stages["输单"]})).await.expect(200).json;
        assert_eq!(lost["furthest_stage"]["title"], json!("需求确认"), "lost is not further");
    }

    /// What an older release left without these fields has them after a night.
    async fn older_opportunities_catch_up(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let stages = stages(&zhang).await;
        let deal = zhang.create("opportunity", json!({"name": "单子"})).await;
        zhang.patch(&deal.path(), json!({"stage": stages["商务谈判"]})).await.expect(200);
        let lost = zhang.patch(&deal.path(), json!({"stage": stages["输单"]})).await.expect(200).json;
        app.engine.database().write(|tx| Box::pin(async move { tx.batch("UPDATE opportunity SET furthest_stage = NULL, moved_at = NULL").await })).await.expect("an older one");
        app.engine.do_chores().await.expect("chores");
        let now = read(&zhang, &deal).await;
        assert_eq!((&now["furthest_stage"]["title"], &now["moved_at"]), (&json!("商务谈判"), &lost["moved_at"]));
    }

    /// Every figure is what somebody counts by hand from what he may read.
    async fn figures_are_what_one_counts(db) {
        let app = open(db).await;
        let (admin, zhang, boss) = (app.admin().await, app.user("zhang", "member", "销售部/华东").await, app.user("boss", "manager", "销售部").await);
        let others = app.user("chen", "member", "市场部").await;
        let stages = stages(&admin).await;
        let rivals = [admin.create("competitor", json!({"name": "甲"})).await, admin.create("competitor", json!({"name": "乙"})).await];
        let way = ["初步接触", "需求确认", "方案报价", "商务谈判", "赢单"];
        let mut number = 7_u32;
        // The same every time, and as mixed as life.
        let mut chance = |most: u32| { number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223); (number >> 16) % most };
        for place in 0..40 {
            let client = [&zhang, &boss, &others][place % 3];
            let deal = client.create("opportunity", json!({"name": format!("单{place}"), "amount": format!("{}.50", chance(9000))})).await;
            let far = chance(5) as usize;
            for stage in way.iter().take(far + 1).skip(1) {
                app.clock.advance(SignedDuration::from_hours(i64::from(chance(60))));
                client.patch(&deal.path(), json!({"stage": stages[*stage]})).await.expect(200);
            }
            if far < 4 && chance(3) == 0 {
                let reason = ["price", "fit"][chance(2) as usize];
                client.patch(&deal.path(), json!({"stage": stages["输单"], "loss_reason": reason, "competitor": rivals[chance(2) as usize].id})).await.expect(200);
            } else if chance(4) == 0 {
                client.patch(&deal.path(), json!({"stage": stages["初步接触"]})).await.expect(200);
            }
        }
        let pipeline = admin.list("pipeline", &[]).await.expect(200).each("id").remove(0);
        for (viewer, filter) in [(&admin, json!({"and": []})), (&boss, json!({"and": []})), (&zhang, json!({"and": []})), (&admin, json!(["amount", ">", 3000])), (&admin, json!({"not": ["owner", "=", zhang.id()]}))] {
            let shown = analysis(viewer, &pipeline, &filter).await;
            let ids = viewer.matching("opportunity", &filter).await;
            let deals: Vec<Json> = everything(viewer, "opportunity").await.into_iter().filter(|deal| ids.iter().any(|name| deal["name"] == json!(name))).collect();
            let moves = everything(viewer, "stage_change").await;
            check(&shown, &deals, &moves, &way);
        }
        // Whoever may not know amounts sees none.
        app.change_role("member", |rights| {
            let mut grant = rights.owned.clone();
            grant.fields.insert("amount".into(), guanxi_model::field::FieldAccess::None);
            rights.objects.insert("opportunity".into(), grant);
        }).await;
        let blind = analysis(&zhang, &pipeline, &json!({"and": []})).await;
        assert_eq!((&blind["won"]["amount"], &blind["stages"][0]["reached"]["amount"]), (&Json::Null, &Json::Null));
        for wrong in ["nonsense", "[\"nothing\",\"=\",1]", "[\"amount\",\">\",1]", "{\"and\":5}"] {
            assert_eq!(zhang.get(&format!("/figures/sales_analysis?filter={}", encoded(wrong))).await.status, 400, "{wrong}");
        }
        assert_eq!(zhang.get("/figures/sales_analysis?pipeline=00000000-0000-7000-8000-000000000000").await.status, 404);
    }
}

fn number(value: &Json) -> f64 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn close_to(shown: &Json, counted: Option<f64>, what: &str) {
    match counted {
        None => assert_eq!(*shown, Json::Null, "{what}"),
        Some(counted) => assert!((number(shown) - counted).abs() <= 0.051, "{what}: {shown} instead of {counted}"),
    }
}

/// Counts everything anew from the records.
fn check(shown: &Json, deals: &[Json], moves: &[Json], way: &[&str]) {
    let rank = |stage: &Json| way.iter().position(|name| stage["title"] == json!(name));
    let mine = |change: &&Json| deals.iter().any(|deal| deal["id"] == change["opportunity"]["id"]);
    // How far each has come, from its moves alone: won counts while it is won.
    let furthest = |deal: &Json| {
        let seen = moves.iter().filter(|change| change["opportunity"]["id"] == deal["id"]);
        let ranks = seen
            .filter_map(|change| rank(&change["to_stage"]))
            .filter(|rank| *rank < 4 || deal["status"] == json!("won"));
        ranks.max().unwrap_or_default()
    };
    let with = |status: &str| deals.iter().filter(|deal| deal["status"] == json!(status)).count();
    let cents = |deals: &[&Json]| deals.iter().map(|deal| number(&deal["amount"])).sum::<f64>();
    for (place, stage) in way.iter().enumerate() {
        let row = &shown["stages"][place];
        assert_eq!(row["name"], json!(stage));
        let came: Vec<&Json> = deals.iter().filter(|deal| furthest(deal) >= place).collect();
        assert_eq!(row["reached"]["count"], json!(came.len()), "reached {stage}");
        if !came.is_empty() {
            assert!((number(&row["reached"]["amount"]) - cents(&came)).abs() < 0.001, "amount at {stage}");
        }
        let on = deals.iter().filter(|deal| furthest(deal) > place).count();
        let share = (place < 4 && !came.is_empty()).then(|| on as f64 * 100.0 / came.len() as f64);
        close_to(&row["conversion"], share, &format!("conversion of {stage}"));
        let here = deals.iter().filter(|deal| deal["stage"]["title"] == json!(stage)).count();
        assert_eq!(row["here"]["count"], json!(here), "in {stage}");
        let stays: Vec<f64> = moves
            .iter()
            .filter(mine)
            .filter(|change| change["from_stage"]["title"] == json!(stage))
            .map(|change| number(&change["days"]))
            .collect();
        assert_eq!(row["stays"], json!(stays.len()), "stays in {stage}");
        let average = (!stays.is_empty()).then(|| stays.iter().sum::<f64>() / stays.len() as f64);
        close_to(&row["average_days"], average, &format!("days in {stage}"));
    }
    let (won, lost) = (with("won"), with("lost"));
    assert_eq!(
        (&shown["won"]["count"], &shown["lost"]["count"], &shown["open"]["count"]),
        (&json!(won), &json!(lost), &json!(with("open")))
    );
    close_to(&shown["win_rate"], (won + lost > 0).then(|| won as f64 * 100.0 / (won + lost) as f64), "win rate");
    let cycles: Vec<f64> = deals
        .iter()
        .filter(|deal| deal["status"] == json!("won"))
        .filter_map(|deal| deal["cycle_days"].as_f64())
        .collect();
    close_to(
        &shown["cycle_days"],
        (!cycles.is_empty()).then(|| cycles.iter().sum::<f64>() / cycles.len() as f64),
        "cycle",
    );
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut rivals: BTreeMap<String, usize> = BTreeMap::new();
    for deal in deals.iter().filter(|deal| deal["status"] == json!("lost")) {
        *reasons.entry(deal["loss_reason"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        *rivals.entry(deal["competitor"]["title"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    let rows = |name: &str| shown[name].as_array().expect("rows").clone();
    let told: BTreeMap<String, usize> = rows("loss_reasons")
        .iter()
        .map(|row| {
            (row["reason"].as_str().unwrap_or_default().to_owned(), row["count"].as_u64().unwrap_or_default() as usize)
        })
        .collect();
    assert_eq!(told, reasons);
    let told: BTreeMap<String, usize> = rows("competitors")
        .iter()
        .map(|row| {
            (
                row["competitor"]["title"].as_str().unwrap_or_default().to_owned(),
                row["lost"]["count"].as_u64().unwrap_or_default() as usize,
            )
        })
        .filter(|(_, lost)| *lost > 0)
        .collect();
    assert_eq!(told, rivals);
}
