//! Leads: what they are worth, who gets them, and what becomes of them.

use crate::open;
use futures::future::join_all;
use guanxi_testkit::{Client, Made, both_databases};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A scoring rule.
async fn scored(admin: &Client, name: &str, criteria: Json, points: i64) -> Made {
    admin.create("lead_score_rule", json!({"name": name, "criteria": criteria.to_string(), "points": points})).await
}

fn worth(lead: &Json) -> (Json, Json) {
    (lead["score"].clone(), lead["rating"].clone())
}

async fn read(client: &Client, made: &Made) -> Json {
    client.get(&made.path()).await.expect(200).json
}

async fn convert(client: &Client, lead: &Made, input: Json) -> guanxi_testkit::Response {
    client.post(&format!("{}/actions/convert", lead.path()), input).await
}

/// How many leads each of these owns.
async fn owned(admin: &Client, people: &[&Client]) -> Vec<usize> {
    let mut by_owner: BTreeMap<String, usize> = BTreeMap::new();
    for item in admin.list("lead", &[("limit", "200")]).await.expect(200).json["items"].as_array().expect("items") {
        *by_owner.entry(item["owner"]["id"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    people.iter().map(|person| by_owner.get(&person.id().to_string()).copied().unwrap_or_default()).collect()
}

/// Everything that there is of these, as the administrator counts it.
async fn counts(admin: &Client) -> Vec<Json> {
    let mut out = Vec::new();
    for object in ["customer", "contact", "opportunity"] {
        out.push(admin.list(object, &[("count", "true"), ("fields", "id")]).await.expect(200).json["total"].clone());
    }
    out
}

/// Brings records in from a file.
pub(crate) async fn import(client: &Client, object: &str, csv: String, columns: &[&str]) {
    let import = client.upload_with("/imports", "x.csv", csv.as_bytes(), &[("object", object)]).await.expect(201);
    let path = format!("/imports/{}", import.json["id"].as_str().expect("an id"));
    let columns: serde_json::Map<String, Json> =
        columns.iter().map(|column| ((*column).to_owned(), json!({"field": column}))).collect();
    client.post(&format!("{path}/start"), json!({"mapping": {"object": object, "columns": columns}})).await.expect(202);
    for _ in 0..1000 {
        if client.get(&path).await.expect(200).json["state"] == json!("done") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the import does not end");
}

both_databases! {
    async fn who_has_no_room_is_passed_by(db) {
        let app = open(db).await;
        let (admin, a, b) = (app.admin().await, app.user("a", "member", "").await, app.user("b", "member", "").await);
        admin.create("capacity", json!({"name": "甲满了", "object": "lead", "users": [a.id()], "most": 1})).await;
        admin.create("lead_assignment", json!({"name": "轮流", "users": [a.id(), b.id()]})).await;
        let mut owners = Vec::new();
        for name in 0..4 {
            let lead = admin.post("/records/lead", json!({"name": format!("线索{name}")})).await.expect(201).json;
            owners.push((lead["owner"]["title"].clone(), lead["pool"].is_null()));
        }
        // His second turn goes to the pool, and the turn goes on.
        assert_eq!(owners, [(json!("a"), true), (json!("b"), true), (Json::Null, false), (json!("b"), true)]);
        let own = a.post("/records/lead", json!({"name": "自己的", "owner": a.id()})).await;
        assert_eq!(own.errors(), [("owner".to_owned(), "capacity_full".to_owned())]);
    }

    async fn leads_are_scored(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let before = zhang.create("lead", json!({"name": "没有规则"})).await;
        assert_eq!(worth(&before.json), (Json::Null, Json::Null));
        scored(&admin, "转介绍", json!(["source", "=", "referral"]), 40).await;
        scored(&admin, "有预算", json!({"and": [["budget", ">=", "100000"], ["budget", "not_null"]]}), 25).await;
        scored(&admin, "华南", json!(["region", "under", "440000"]), 10).await;
        scored(&admin, "没有电话", json!({"and": [["mobile", "is_null"], ["phone", "is_null"]]}), -50).await;
        let lead = zhang.create("lead", json!({"name": "甲", "source": "referral", "mobile": "13800138001", "region": "440305"})).await;
        assert_eq!(worth(&lead.json), (json!(50), json!("warm")));
        let lead_now = zhang.patch(&lead.path(), json!({"budget": "100000"})).await.expect(200).json;
        assert_eq!(worth(&lead_now), (json!(75), json!("hot")));
        let lead_now = zhang.patch(&lead.path(), json!({"source": "website", "budget": "99999.99"})).await.expect(200).json;
        assert_eq!(worth(&lead_now), (json!(10), json!("cold")));
        // It does not fall below zero, and nobody sets it himself.
        assert_eq!(worth(&zhang.create("lead", json!({"name": "乙"})).await.json), (json!(0), json!("cold")));
        assert_eq!(zhang.patch(&lead.path(), json!({"score": 100})).await.errors(), [("score".to_owned(), "read_only".to_owned())]);
        // Who does not administer neither sees nor makes rules.
        assert!(matches!(zhang.list("lead_score_rule", &[]).await.status, 403 | 404) || zhang.list("lead_score_rule", &[]).await.json["items"] == json!([]));
        assert_eq!(zhang.post("/records/lead_score_rule", json!({"name": "x", "criteria": "[\"status\",\"=\",\"new\"]", "points": 5})).await.status, 403);
    }

    /// A rule means by its criteria what a list means by the same filter.
    async fn rules_match_what_lists_find(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        for values in [
            json!({"name": "Alpha", "company": "海象科技", "source": "referral", "budget": "300000", "region": "440305", "tags": ["展会", "急"], "locked": true}),
            json!({"name": "beta", "source": "website", "budget": "299999.99", "region": "440000", "tags": ["展会"], "email": "A@example.com"}),
            json!({"name": "gamma", "company": "象牙", "source": "exhibition", "region": "310115", "next_contact_at": "2026-12-01T00:00:00Z"}),
            json!({"name": "delta", "need": "ALPHA 的同行"}),
        ] {
            admin.create("lead", values).await;
        }
        let rule = scored(&admin, "试", json!(["name", "not_null"]), 1).await;
        for (criteria, wanted) in [
            (json!(["source", "=", "referral"]), 1),
            (json!(["source", "!=", "referral"]), 3),
            (json!(["source", "in", ["referral", "website"]]), 2),
            (json!(["source", "not_in", ["referral", "website"]]), 2),
            (json!(["company", "contains", "象"]), 2),
            (json!({"or": [["name", "contains", "ALPHA"], ["need", "contains", "alpha"]]}), 2),
            (json!(["company", "starts_with", "象"]), 1),
            (json!(["budget", ">=", "300000"]), 1),
            (json!(["budget", "<", 300_000]), 1),
            (json!(["budget", "between", [299_999, 300_000]]), 2),
            (json!({"not": ["budget", "is_null"]}), 2),
            (json!(["region", "under", "440000"]), 2),
            (json!(["region", "under", "CN"]), 3),
            (json!(["tags", "contains", "展会"]), 2),
            (json!(["locked", "=", true]), 1),
            (json!(["next_contact_at", ">", "2026-11-30T00:00:00Z"]), 1),
            (json!({"not": {"and": [["source", "not_null"], ["region", "not_null"]]}}), 1),
        ] {
            admin.patch(&rule.path(), json!({"criteria": criteria.to_string()})).await.expect(200);
            app.settle().await;
            let listed = admin.matching("lead", &criteria).await;
            assert_eq!((admin.matching("lead", &json!(["score", "=", 1])).await, listed.len()), (listed, wanted), "{criteria}");
        }
    }

    async fn criteria_make_sense(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        for criteria in [
            "no json",
            "{\"and\": []}",
            "[\"nothing\", \"=\", 1]",
            "[\"source\", \"=\", \"nowhere\"]",
            "[\"referred_by.name\", \"=\", \"甲\"]",
            "[\"next_contact_at\", \"within\", \"today\"]",
            "[\"owner\", \"=\", \"me\"]",
            "[\"score\", \">\", 10]",
            "[\"created_at\", \"not_null\"]",
        ] {
            for (object, more) in [("lead_score_rule", json!({"points": 1})), ("lead_assignment", json!({"users": [admin.id()]}))] {
                let mut values = json!({"name": "x", "criteria": criteria});
                values.as_object_mut().expect("values").extend(more.as_object().cloned().unwrap_or_default());
                let answer = admin.post(&format!("/records/{object}"), values).await;
                assert_eq!(answer.errors(), [("criteria".to_owned(), "bad_filter".to_owned())], "{object} {criteria}: {}", answer.text);
            }
        }
        let answer = admin.post("/records/lead_score_rule", json!({"name": "x", "criteria": "[\"status\",\"=\",\"new\"]", "points": 101})).await;
        assert_eq!(answer.errors()[0].0, "points");
        assert_eq!(admin.post("/records/lead_assignment", json!({"name": "x"})).await.errors(), [("users".to_owned(), "required".to_owned())]);
    }

    async fn changed_rules_score_anew(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        // More than go into one transaction.
        let rows: String = (0..520).map(|row| format!("名{row},{}\n", if row % 2 == 0 { "referral" } else { "website" })).collect();
        import(&zhang, "lead", format!("name,source\n{rows}"), &["name", "source"]).await;
        let over = zhang.create("lead", json!({"name": "无效的", "source": "referral", "status": "invalid"})).await;
        let count = async |filter: Json| zhang.list("lead", &[("filter", &filter.to_string()), ("count", "true"), ("limit", "1")]).await.expect(200).json["total"].clone();
        assert_eq!((count(json!(["status", "=", "new"])).await, count(json!(["score", "not_null"])).await), (json!(520), json!(0)));
        let rule = scored(&admin, "转介绍", json!(["source", "=", "referral"]), 35).await;
        app.settle().await;
        assert_eq!((count(json!(["score", "=", 35])).await, count(json!(["score", "=", 0])).await), (json!(260), json!(260)));
        assert_eq!(worth(&read(&zhang, &over).await), (Json::Null, Json::Null), "what is over keeps what it had");
        let progress = admin.list("lead_rescoring", &[]).await.expect(200).json["items"][0].clone();
        assert_eq!((&progress["running"], &progress["examined"]), (&json!(false), &json!(520)));
        admin.patch(&rule.path(), json!({"points": 70})).await.expect(200);
        app.settle().await;
        assert_eq!(count(json!(["rating", "=", "hot"])).await, json!(260));
        admin.delete(&rule.path()).await.expect(204);
        app.settle().await;
        assert_eq!(count(json!(["score", "not_null"])).await, json!(0));
        assert_eq!(admin.list("lead_rescoring", &[("count", "true")]).await.expect(200).json["total"], json!(1));
        assert_eq!(admin.post("/records/lead_rescoring", json!({})).await.status, 403, "nobody but the follower keeps it");
    }

    async fn leads_go_round(db) {
        let app = open(db).await;
        let (admin, form) = (app.admin().await, app.user("form", "manager", "").await);
        let (a, b, c, gone) = (app.user("a", "member", "销售部").await, app.user("b", "member", "销售部").await, app.user("c", "member", "客服部/一组").await, app.user("gone", "member", "销售部").await);
        admin.patch(&format!("/records/user/{}", gone.id()), json!({"active": false})).await.expect(200);
        let rest = admin.create("lead_assignment", json!({"name": "其余", "sort_order": 2, "users": [a.id(), gone.id(), b.id()], "departments": [], "channels": ["api"]})).await;
        admin.create("lead_assignment", json!({"name": "客服", "sort_order": 1, "criteria": "[\"source\",\"=\",\"website\"]", "departments": [admin.list("department", &[("filter", &json!(["name", "=", "客服部"]).to_string())]).await.expect(200).each("id")[0]]})).await;
        // Sixteen at once, of which one half meets the first rule.
        let made = join_all((0..16).map(|number| {
            let form = form.clone();
            async move { form.create("lead", json!({"name": format!("线索{number}"), "source": if number < 8 { "website" } else { "search" }})).await }
        }))
        .await;
        assert_eq!(owned(&admin, &[&a, &b, &c, &gone, &form]).await, [4, 4, 8, 0, 0]);
        assert!(made.iter().all(|lead| !lead.json["department"].is_null()), "the department is the new owner's");
        // What is refused takes nobody's turn.
        for _ in 0..3 {
            assert_eq!(form.post("/records/lead", json!({"name": "x", "budget": "-1"})).await.status, 422);
            assert_eq!(form.post("/records/lead", json!({"need": "谁也不是"})).await.errors(), [("name".to_owned(), "required".to_owned())]);
        }
        form.create("lead", json!({"company": "某公司", "contact_name": "王五"})).await;
        form.create("lead", json!({"name": "又一条"})).await;
        assert_eq!(owned(&admin, &[&a, &b]).await, [5, 5]);
        // Who names an owner is heard; and no rule, no owner but who wrote it.
        assert_eq!(form.create("lead", json!({"name": "指定", "owner": form.id()})).await.json["owner"]["title"], json!("form"));
        admin.patch(&rest.path(), json!({"active": false})).await.expect(200);
        assert_eq!(form.create("lead", json!({"name": "没有规则"})).await.json["owner"]["title"], json!("form"));
    }

    async fn leads_go_to_who_works_their_territory(db) {
        let app = open(db).await;
        let (admin, form) = (app.admin().await, app.user("form", "manager", "").await);
        let [north, south, city, machines] = [app.user("north", "member", "销售部").await, app.user("south", "member", "销售部").await, app.user("city", "member", "销售部").await, app.user("machines", "member", "销售部").await];
        let territory = async |name: &str, more: Json| {
            let mut values = json!({"name": name});
            values.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            admin.create("territory", values).await
        };
        let province = territory("广东", json!({"region": "440000", "members": [south.id()]})).await;
        let shenzhen = territory("深圳", json!({"parent": province.id, "region": "440300", "members": [city.id(), south.id()]})).await;
        // Nobody is named here: who works the province does.
        territory("佛山", json!({"parent": province.id, "region": "440600"})).await;
        territory("广东制造", json!({"parent": province.id, "region": "440000", "industries": ["manufacturing"], "members": [machines.id()]})).await;
        territory("空的", json!({"members": [north.id()]})).await;
        admin.create("lead_assignment", json!({"name": "区域", "sort_order": 1, "method": "territory"})).await;
        let rest = admin.create("lead_assignment", json!({"name": "其余", "sort_order": 2, "users": [north.id()]})).await;
        let gets = async |values: Json| {
            let mut lead = json!({"name": "线索"});
            lead.as_object_mut().expect("an object").extend(values.as_object().expect("an object").clone());
            form.create("lead", lead).await.json["owner"]["title"].as_str().expect("a name").to_owned()
        };
        assert_eq!(gets(json!({"region": "440100"})).await, "south");
        assert_eq!(gets(json!({"region": "440100", "industry": "manufacturing"})).await, "machines");
        // The smaller place counts for more than the trade; its members take turns.
        assert_eq!(gets(json!({"region": "440305", "industry": "manufacturing"})).await, "city");
        assert_eq!(gets(json!({"region": "440300"})).await, "south");
        assert_eq!(gets(json!({"region": "440304"})).await, "city");
        assert_eq!(gets(json!({"region": "440604"})).await, "south");
        assert_eq!((gets(json!({"region": "310000"})).await, gets(json!({})).await), ("north".to_owned(), "north".to_owned()));
        // Who has left is passed over, and so is a territory that is switched off.
        admin.patch(&format!("/records/user/{}", city.id()), json!({"active": false})).await.expect(200);
        assert_eq!((gets(json!({"region": "440300"})).await, gets(json!({"region": "440300"})).await), ("south".to_owned(), "south".to_owned()));
        admin.patch(&shenzhen.path(), json!({"active": false})).await.expect(200);
        assert_eq!(gets(json!({"region": "440300", "industry": "manufacturing"})).await, "machines");
        // Where the rule names people, only those of them.
        let rule = admin.list("lead_assignment", &[("filter", &json!(["name", "=", "区域"]).to_string())]).await.expect(200).each("id")[0].clone();
        admin.patch(&format!("/records/lead_assignment/{rule}"), json!({"users": [south.id()]})).await.expect(200);
        assert_eq!((gets(json!({"region": "440100"})).await, gets(json!({"region": "440100", "industry": "manufacturing"})).await), ("south".to_owned(), "north".to_owned()));
        admin.delete(&rest.path()).await.expect(204);
        assert_eq!(gets(json!({"region": "310000"})).await, "form");
    }

    async fn who_has_the_fewest_gets_the_next(db) {
        let app = open(db).await;
        let (admin, form) = (app.admin().await, app.user("form", "manager", "").await);
        let (a, b) = (app.user("a", "member", "销售部").await, app.user("b", "member", "销售部").await);
        for number in 0..3 {
            a.create("lead", json!({"name": format!("在手{number}")})).await;
        }
        b.create("lead", json!({"name": "不算", "status": "invalid"})).await;
        admin.create("lead_assignment", json!({"name": "均衡", "method": "load", "users": [a.id(), b.id()]})).await;
        join_all((0..7).map(|number| {
            let form = form.clone();
            async move { form.create("lead", json!({"name": format!("新{number}")})).await }
        }))
        .await;
        assert_eq!(owned(&admin, &[&a, &b]).await, [5, 6]);
        // A file is one transaction, in which those before count too.
        let rows: String = (0..20).map(|row| format!("文件{row}\n")).collect();
        import(&form, "lead", format!("name\n{rows}"), &["name"]).await;
        assert_eq!(owned(&admin, &[&a, &b]).await, [15, 16]);
    }
}

both_databases! {
    async fn a_lead_becomes_a_customer(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let lead = zhang.create("lead", json!({
            "company": "深圳市海象科技有限公司", "contact_name": "王五", "title": "采购经理", "mobile": "13800138001", "email": "wang@example.com",
            "wechat": "wang5", "region": "440305", "industry": "technology", "source": "referral", "need": "要五十台", "budget": "120000",
            "tags": ["展会"], "next_contact_at": "2026-12-01T01:00:00Z",
        })).await;
        assert_eq!(lead.json["name"], json!("深圳市海象科技有限公司 · 王五"));
        assert_eq!(lead.json["number"], json!("XS-20261121-0001"));
        let talk = zhang.create("follow_up", json!({"content": "聊过", "lead": lead.id, "happened_at": "2026-11-20T01:00:00Z"})).await;
        app.settle().await;
        let now = read(&zhang, &lead).await;
        assert_eq!((&now["status"], &now["last_contact_at"], &now["last_contact_by"]["title"]), (&json!("contacted"), &json!("2026-11-20T01:00:00Z"), &json!("zhang")));
        // The stage of conversion cannot be said, only done.
        assert_eq!(zhang.patch(&lead.path(), json!({"status": "converted"})).await.errors(), [("status".to_owned(), "use_convert".to_owned())]);
        let done = convert(&zhang, &lead, json!({"opportunity_name": "五十台机器人"})).await.expect(200).json;
        assert_eq!((&done["status"], &done["next_contact_at"], &done["converted_contact"]["title"]), (&json!("converted"), &Json::Null, &json!("王五")));
        let at = |name: &str| format!("/records/{}/{}", name.trim_start_matches("converted_"), done[name]["id"].as_str().expect("an id"));
        let customer = zhang.get(&at("converted_customer")).await.expect(200).json;
        let shown: Vec<&Json> = ["name", "kind", "life_cycle", "mobile", "region", "industry", "source", "tags", "next_contact_at"].iter().map(|name| &customer[*name]).collect();
        assert_eq!(json!(shown), json!(["深圳市海象科技有限公司", "company", "potential", "13800138001", "440305", "technology", "referral", ["展会"], "2026-12-01T01:00:00Z"]));
        assert_eq!((&customer["owner"]["title"], &customer["created_by"]["title"]), (&json!("zhang"), &json!("zhang")));
        let contact = zhang.get(&at("converted_contact")).await.expect(200).json;
        assert_eq!((&contact["title"], &contact["wechat"], &contact["email"], &contact["customer"]["id"]), (&json!("采购经理"), &json!("wang5"), &json!("wang@example.com"), &done["converted_customer"]["id"]));
        let deal = zhang.get(&at("converted_opportunity")).await.expect(200).json;
        assert_eq!((&deal["amount"], &deal["remark"], &deal["contact"]["title"], &deal["stage"]["title"]), (&json!("120000.00"), &json!("要五十台"), &json!("王五"), &json!("初步接触")));
        // What was said before is with the customer now, and still with the lead; what is said later too.
        let said = read(&zhang, &talk).await;
        assert_eq!((&said["customer"]["id"], &said["lead"]["id"]), (&done["converted_customer"]["id"], &json!(lead.id)));
        let later = zhang.create("follow_up", json!({"content": "再聊", "lead": lead.id})).await;
        assert_eq!(later.json["customer"]["id"], done["converted_customer"]["id"]);
        app.settle().await;
        assert_eq!(zhang.get(&at("converted_customer")).await.expect(200).json["last_contact_summary"], json!("再聊"));
        // Once is enough.
        let again = convert(&zhang, &lead, json!({})).await;
        assert_eq!((again.status, again.code()), (409, "already_converted"));
        assert_eq!(zhang.patch(&lead.path(), json!({"status": "new"})).await.errors(), [("status".to_owned(), "already_converted".to_owned())]);
        zhang.patch(&lead.path(), json!({"remark": "还可以写"})).await.expect(200);
        assert_eq!(counts(&admin).await, [json!(1), json!(1), json!(1)]);
    }

    async fn a_person_alone_is_the_customer(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let lead = zhang.create("lead", json!({"contact_name": "李四", "mobile": "13800138002", "email": "li@example.com"})).await;
        let done = convert(&zhang, &lead, json!({})).await.expect(200).json;
        let customer = zhang.get(&format!("/records/customer/{}", done["converted_customer"]["id"].as_str().expect("an id"))).await.expect(200).json;
        assert_eq!((&customer["name"], &customer["kind"], &customer["email"]), (&json!("李四"), &json!("person"), &json!("li@example.com")));
        assert_eq!((&done["converted_contact"], &done["converted_opportunity"]), (&Json::Null, &Json::Null));
        // To one who is a customer already: the person becomes a contact there, and the amount that is said counts.
        let next = zhang.create("lead", json!({"contact_name": "李四的同事", "budget": "5"})).await;
        let done = convert(&zhang, &next, json!({"customer": customer["id"], "opportunity_name": "单子", "amount": "7"})).await.expect(200).json;
        assert_eq!(done["converted_customer"]["id"], customer["id"]);
        let deal = zhang.get(&format!("/records/opportunity/{}", done["converted_opportunity"]["id"].as_str().expect("an id"))).await.expect(200).json;
        assert_eq!((&deal["amount"], &deal["contact"]["title"]), (&json!("7.00"), &json!("李四的同事")));
        assert_eq!(counts(&admin).await, [json!(1), json!(1), json!(1)]);
    }

    async fn not_every_lead_can_be_converted(db) {
        let app = open(db).await;
        let (admin, zhang, li) = (app.admin().await, app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let lead = zhang.create("lead", json!({"company": "甲公司", "contact_name": "王五"})).await;
        // A colleague does not know of it; who may only read it may not.
        assert_eq!(convert(&li, &lead, json!({})).await.status, 404);
        zhang.put(&format!("{}/team/{}", lead.path(), li.id()), json!({"level": "read"})).await;
        assert_eq!((li.get(&lead.path()).await.status, convert(&li, &lead, json!({})).await.status), (200, 403));
        // Nor onto a customer that he cannot see.
        let hidden = li.create("customer", json!({"name": "乙公司"})).await;
        assert_eq!(convert(&zhang, &lead, json!({"customer": hidden.id})).await.errors(), [("customer".to_owned(), "unknown_record".to_owned())]);
        let invalid = zhang.create("lead", json!({"name": "无效", "status": "invalid", "invalid_reason": "no_need"})).await;
        let refused = convert(&zhang, &invalid, json!({})).await;
        assert_eq!((refused.status, refused.code()), (409, "lead_invalid"));
        assert_eq!(zhang.patch(&invalid.path(), json!({"status": "contacted"})).await.expect(200).json["invalid_reason"], Json::Null);
        // One in a pool belongs to nobody.
        let pooled = zhang.create("lead", json!({"name": "退回的"})).await;
        zhang.post(&format!("{}/actions/release", pooled.path()), json!({"reason": "没空"})).await.expect(200);
        let refused = convert(&admin, &pooled, json!({})).await;
        assert_eq!((refused.status, refused.code()), (409, "in_pool"));
        // It takes the right to make what it makes.
        for object in ["customer", "contact", "opportunity"] {
            app.change_role("member", |rights| {
                for name in ["customer", "contact", "opportunity"] {
                    let mut grant = rights.owned.clone();
                    grant.create = name != object;
                    rights.objects.insert(name.into(), grant);
                }
            })
            .await;
            assert_eq!(convert(&zhang, &lead, json!({"opportunity_name": "单子"})).await.status, 403, "without {object}");
        }
        let now = read(&zhang, &lead).await;
        assert_eq!((&now["status"], &now["converted_customer"]), (&json!("new"), &Json::Null));
        assert_eq!(counts(&admin).await, [json!(1), json!(0), json!(0)]);
    }

    async fn converted_at_once_it_becomes_one_customer(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        for round in 0..5 {
            let lead = zhang.create("lead", json!({"company": format!("公司{round}"), "contact_name": "王五"})).await;
            let answers = join_all((0..4).map(|_| convert(&zhang, &lead, json!({"opportunity_name": "单子"})))).await;
            let mut seen: Vec<(u16, &str)> = answers.iter().map(|answer| (answer.status, answer.code())).collect();
            seen.sort_unstable();
            assert_eq!(seen, [(200, ""), (409, "already_converted"), (409, "already_converted"), (409, "already_converted")]);
            assert_eq!(counts(&admin).await, vec![json!(round + 1); 3]);
        }
    }

    async fn a_known_customer_is_pointed_out(db) {
        let app = open(db).await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let customer = li.create("customer", json!({"name": "深圳市海象科技有限公司", "phone": "0755-86013388"})).await;
        for values in [json!({"name": "甲", "mobile": "(0755) 8601 3388"}), json!({"name": "乙", "company": "深圳市海象科技股份有限公司"})] {
            // Who may not read the customer learns that there is one, and nothing of him.
            let lead = zhang.create("lead", values.clone()).await;
            assert_eq!(lead.json["matching_customer"], json!({"id": customer.id, "title": null}), "{values}");
            assert_eq!(zhang.matching("lead", &json!(["matching_customer.name", "contains", "海象"])).await, Vec::<String>::new());
            let own = li.create("lead", values).await;
            assert_eq!(own.json["matching_customer"]["title"], json!("深圳市海象科技有限公司"));
            assert_eq!(zhang.patch(&lead.path(), json!({"mobile": null, "company": null})).await.expect(200).json["matching_customer"], Json::Null);
        }
        // It cannot be said, and what was pointed out opens no door.
        assert_eq!(zhang.post("/records/lead", json!({"name": "丙", "matching_customer": customer.id})).await.errors(), [("matching_customer".to_owned(), "read_only".to_owned())]);
        let mixed = zhang.post("/records/lead", json!({"name": "丙", "mobile": "0755-86013388", "referred_by": customer.id})).await;
        assert_eq!(mixed.errors(), [("referred_by".to_owned(), "unknown_record".to_owned())]);
        // Leads are compared with leads by the platform.
        li.create("lead", json!({"name": "丁", "phone": "021-61234567", "company": "云杉物流有限公司"})).await;
        for values in [json!({"name": "戊", "mobile": "021 6123 4567"}), json!({"name": "戊", "company": "云杉物流"})] {
            assert_eq!(zhang.post("/records/lead", values).await.code(), "duplicate_warning");
        }
    }
}
