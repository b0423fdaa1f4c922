//! Pools: claiming, giving out, releasing, capacities, and what comes back by itself.

use crate::open;
use guanxi_testkit::{Client, Made, Response, TestApp, both_databases};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The pool of customers that every workspace starts with, with settings of its own.
async fn pool(admin: &Client, settings: Value) -> String {
    let found = admin.list("pool", &[("filter", &json!(["object", "=", "customer"]).to_string())]).await.expect(200);
    let id = found.json["items"][0]["id"].as_str().expect("a pool").to_owned();
    admin.patch(&format!("/records/pool/{id}"), settings).await.expect(200);
    id
}

async fn pooled(admin: &Client, pool: &str, name: &str) -> Made {
    admin.create("customer", json!({"name": name, "pool": pool})).await
}

async fn act(client: &Client, made: &Made, action: &str, input: Value) -> Response {
    client.post(&format!("{}/actions/{action}", made.path()), input).await
}

fn refusal(answer: &Response) -> (u16, &str) {
    (answer.status, answer.code())
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn figures(client: &Client) -> Value {
    client.get("/figures/pools").await.expect(200).json["items"][0].clone()
}

/// A customer as the administrator sees him.
async fn seen(admin: &Client, made: &Made) -> Value {
    admin.get(&made.path()).await.expect(200).json
}

both_databases! {
    async fn a_member_claims_and_releases(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let pool = pool(&admin, json!({})).await;
        let customer = pooled(&admin, &pool, "海里的公司").await;
        assert_eq!((&customer.json["owner"], &customer.json["pool"]["id"]), (&Value::Null, &json!(pool)));
        assert!(!customer.json["pooled_at"].is_null());
        let (zhang, li) = (app.user("zhang", "member", "销售部/华东").await, app.user("li", "member", "市场部").await);
        // Everybody is a member: he reads it, and may not change it as long as it is not his.
        assert_eq!(zhang.matching("customer", &json!(["pool", "=", pool])).await, ["海里的公司"]);
        assert_eq!(zhang.patch(&customer.path(), json!({"remark": "x"})).await.status, 403);
        assert_eq!(figures(&zhang).await["records"], 1);
        let claimed = act(&zhang, &customer, "claim", json!({})).await.expect(200).json;
        assert_eq!((&claimed["owner"]["id"], &claimed["pool"]), (&json!(zhang.id()), &Value::Null));
        assert_eq!(claimed["department"]["title"], "华东");
        zhang.patch(&customer.path(), json!({"remark": "我的"})).await.expect(200);
        assert_eq!(act(&li, &customer, "claim", json!({})).await.status, 404, "gone from his sight");
        assert_eq!(refusal(&act(&admin, &customer, "claim", json!({})).await), (409, "already_claimed"));
        // In the log he did it, not the system.
        let history = zhang.get(&format!("{}/history", customer.path())).await.expect(200);
        assert!(history.text.contains("\"zhang\""), "{}", history.text);

        assert_eq!(act(&zhang, &customer, "release", json!({})).await.expect(422).errors()[0].0, "reason");
        assert_eq!(act(&zhang, &customer, "release", json!({"reason": "x", "pool": zhang.id()})).await.status, 422);
        assert_eq!(act(&li, &customer, "release", json!({"reason": "抢"})).await.status, 404);
        let released = act(&zhang, &customer, "release", json!({"reason": "没有预算"})).await.expect(200).json;
        assert_eq!((&released["pool"]["id"], &released["release_reason"], &released["former_owner"]["id"]), (&json!(pool), &json!("没有预算"), &json!(zhang.id())));
        assert_eq!(refusal(&act(&admin, &customer, "release", json!({"reason": "x"})).await), (409, "already_released"));
        act(&li, &customer, "claim", json!({})).await.expect(200);
        // The pool is no field that one writes.
        assert_eq!(li.patch(&customer.path(), json!({"pool": pool})).await.expect(422).errors()[0].0, "pool");
    }

    async fn a_pool_hides_fields_until_one_claims(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (zhang, li) = (app.user("zhang", "member", "销售部/华东").await, app.user("li", "member", "市场部").await);
        let chief = app.user("chief", "manager", "销售部").await;
        let pool = pool(&admin, json!({"hidden_fields": ["mobile", "annual_revenue", "level", "mobile"], "admins": [li.id()]})).await;
        let stored = admin.get(&format!("/records/pool/{pool}")).await.expect(200).json;
        assert_eq!(stored["hidden_fields"], json!(["mobile", "annual_revenue", "level"]));
        let made = admin.create("customer", json!({"name": "海里的公司", "pool": pool, "mobile": "13912345678", "annual_revenue": "7000000", "level": "a", "remark": "可以看"})).await;
        let own = zhang.create("customer", json!({"name": "自己的公司", "mobile": "13912349999", "annual_revenue": "1", "level": "b"})).await;
        admin.create("contact", json!({"name": "海里的人", "customer": made.id, "mobile": "13812345678"})).await;
        app.settle().await;

        // As if nothing stood there, one by one and in lists, in every field that tells of it.
        let hidden = |record: &Value| assert_eq!((&record["mobile"], &record["annual_revenue"], &record["level"]), (&Value::Null, &Value::Null, &Value::Null), "{record}");
        let seen_by = async |client: &Client| client.get(&made.path()).await.expect(200).json;
        for client in [&zhang, &chief] {
            let record = seen_by(client).await;
            hidden(&record);
            assert_eq!(record["remark"], "可以看");
        }
        let list = zhang.list("customer", &[("sort", "-annual_revenue"), ("fields", "name,mobile,annual_revenue,level")]).await.expect(200);
        assert_eq!(list.each("name"), ["自己的公司", "海里的公司"], "sorted as if it had none");
        hidden(&list.json["items"][1]);
        assert_eq!(list.json["items"][0]["mobile"], "13912349999");
        // A page that goes on behind it, and one before it.
        let first = zhang.list("customer", &[("sort", "annual_revenue"), ("fields", "name"), ("limit", "1")]).await.expect(200);
        assert_eq!(first.each("name"), ["海里的公司"]);
        let next = first.json["next"].as_str().expect("a cursor").to_owned();
        assert_eq!(zhang.list("customer", &[("sort", "annual_revenue"), ("limit", "1"), ("cursor", &next)]).await.expect(200).each("name"), ["自己的公司"]);
        // Not found, counted or summed by what is hidden.
        for filter in [json!(["mobile", "=", "13912345678"]), json!(["mobile", "contains", "5678"]), json!(["annual_revenue", ">", "5000000"]), json!(["level", "=", "a"]), json!(["level", "in", ["a"]])] {
            assert!(zhang.matching("customer", &filter).await.is_empty(), "{filter}");
            assert_eq!(admin.matching("customer", &filter).await, ["海里的公司"], "{filter}");
        }
        let hits = async |client: &Client, text: &str| client.get(&format!("/search?q={text}")).await.expect(200).json["items"].as_array().map_or(0, Vec::len);
        assert_eq!((hits(&zhang, "13912345678").await, hits(&admin, "13912345678").await, hits(&zhang, "13912349999").await), (0, 1, 1));
        assert_eq!(hits(&zhang, "海里").await, 1, "by its name, and nobody of its people");
        let sum = async |client: &Client| {
            let request = json!({"group_by": ["level"], "measures": [{"fn": "sum", "field": "annual_revenue"}, {"fn": "count"}]});
            client.post("/records/customer/aggregate", request).await.expect(200).text
        };
        assert!(sum(&admin).await.contains("7000000") && !sum(&zhang).await.contains("7000000"));
        assert!(!sum(&zhang).await.contains("\"a\""));
        // Nor through another record, its history, the list of those below it or a file.
        let deal = zhang.create("opportunity", json!({"name": "单子", "customer": made.id, "amount": "1"})).await;
        let through = zhang.list("opportunity", &[("fields", "name,customer.mobile,customer.name,customer.level")]).await.expect(200);
        assert_eq!((&through.json["items"][0]["customer.mobile"], &through.json["items"][0]["customer.name"]), (&Value::Null, &json!("海里的公司")));
        assert!(zhang.matching("opportunity", &json!(["customer.level", "=", "a"])).await.is_empty());
        admin.patch(&made.path(), json!({"mobile": "13912345670", "remark": "改了"})).await.expect(200);
        for place in ["history", "timeline"] {
            let told = zhang.get(&format!("{}/{place}", made.path())).await.expect(200).text;
            assert!(!told.contains("1391234567") && !told.contains("7000000"), "{place}: {told}");
        }
        let history = zhang.get(&format!("{}/history", made.path())).await.expect(200).text;
        assert!(history.contains("改了"), "{history}");
        assert!(zhang.matching("contact", &json!(["customer", "=", made.id])).await.is_empty(), "what follows it would tell");
        assert!(zhang.matching("customer_change", &json!(["customer", "=", made.id])).await.is_empty());

        let file = admin.upload(&format!("{}/attachments", made.path()), "合同.txt", "合同".as_bytes()).await.expect(201).json["id"].as_str().expect("an id").to_owned();
        let attached = async |client: &Client| client.get(&format!("{}/attachments", made.path())).await.expect(200).json["items"].as_array().map_or(0, Vec::len);
        assert_eq!((attached(&zhang).await, attached(&admin).await), (0, 1));
        assert_eq!((zhang.get(&format!("/files/{file}")).await.status, li.get(&format!("/files/{file}")).await.status), (404, 200));

        // Its administrators see everything, and so does who reads everybody's.
        for client in [&li, &admin] {
            assert_eq!(seen_by(client).await["mobile"], "13912345670");
            assert_eq!(client.matching("contact", &json!(["customer", "=", made.id])).await, ["海里的人"]);
        }
        assert_eq!(figures(&zhang).await["hidden_fields"], json!(["level", "mobile", "annual_revenue"]));
        assert_eq!(figures(&li).await["hidden_fields"], json!([]));

        // Who claims it sees it.
        let claimed = act(&zhang, &made, "claim", json!({})).await.expect(200).json;
        assert_eq!((&claimed["mobile"], &claimed["level"]), (&json!("13912345670"), &json!("a")));
        assert_eq!(zhang.matching("contact", &json!(["customer", "=", made.id])).await, ["海里的人"]);
        // And not after he has given it back: the answer that says so shows nothing any more.
        let released = act(&zhang, &made, "release", json!({"reason": "没有预算"})).await.expect(200).json;
        hidden(&released);
        hidden(&seen_by(&zhang).await);
        assert_eq!(zhang.get(&deal.path()).await.expect(200).json["name"], "单子");
        assert_eq!(zhang.get(&own.path()).await.expect(200).json["level"], "b");
    }

    async fn what_a_pool_can_hide(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let pool = pool(&admin, json!({})).await;
        for wrong in ["name", "pool", "owner", "created_at", "nothing", "contact.name", "\"; --"] {
            let answer = admin.patch(&format!("/records/pool/{pool}"), json!({"hidden_fields": ["mobile", wrong]})).await;
            assert_eq!(answer.expect(422).errors(), [("hidden_fields".to_owned(), "unknown_field".to_owned())], "{wrong}");
        }
        admin.patch(&format!("/records/pool/{pool}"), json!({"hidden_fields": ["mobile"]})).await.expect(200);
        admin.patch(&format!("/records/pool/{pool}"), json!({"hidden_fields": []})).await.expect(200);
    }

    async fn who_is_no_member_sees_nothing(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let zhang = app.user("zhang", "member", "销售部/华东").await;
        let li = app.user("li", "member", "市场部").await;
        let wang = app.user("wang", "member", "市场部").await;
        let sales = department(&admin, "销售部").await;
        let pool = pool(&admin, json!({"everybody": false, "departments": [sales], "admins": [wang.id()]})).await;
        let customer = pooled(&admin, &pool, "海里的公司").await;
        assert_eq!(li.get(&customer.path()).await.status, 404);
        assert_eq!(act(&li, &customer, "claim", json!({})).await.status, 404);
        assert_eq!(li.get("/figures/pools").await.expect(200).json["items"].as_array().map(Vec::len), Some(1), "only that of leads");
        // Who sees it for another reason may not claim it either.
        let manager = app.user("chief", "manager", "").await;
        let answer = act(&manager, &customer, "claim", json!({})).await;
        assert!([(403, "not_a_member"), (404, "not_found")].contains(&refusal(&answer)), "{}", answer.text);
        assert_eq!(refusal(&act(&zhang, &customer, "assign", json!({"owner": zhang.id()})).await), (403, "not_a_pool_administrator"));
        assert_eq!(act(&wang, &customer, "assign", json!({"owner": customer.id()})).await.status, 422);
        act(&wang, &customer, "assign", json!({"owner": li.id()})).await.expect(200);
        assert_eq!(seen(&admin, &customer).await["owner"]["id"], json!(li.id()));
        assert_eq!(li.patch(&format!("/records/pool/{pool}"), json!({"everybody": true})).await.status, 403);
        assert_eq!(admin.patch(&format!("/records/pool/{pool}"), json!({"everybody": false, "departments": [], "admins": [], "members": []})).await.expect(422).errors()[0].0, "members");
        for wrong in [json!({"daily_claim_limit": 0}), json!({"cooldown_days": -1}), json!({"object": "user"})] {
            assert_eq!(admin.patch(&format!("/records/pool/{pool}"), wrong.clone()).await.status, 422, "{wrong}");
        }
    }

    async fn limits_hold(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let pool = pool(&admin, json!({"daily_claim_limit": 2, "cooldown_days": 3})).await;
        let zhang = app.user("zhang", "member", "").await;
        let mut all = Vec::new();
        for number in 0..5 {
            all.push(pooled(&admin, &pool, &format!("公司{number}")).await);
        }
        act(&zhang, &all[0], "claim", json!({})).await.expect(200);
        let ids: Vec<String> = all[1..4].iter().map(Made::id).collect();
        let bulk = zhang.post("/records/customer/bulk", json!({"action": "claim", "ids": ids, "values": {}})).await.expect(200).json;
        assert_eq!((&bulk["done"], bulk["failed"].as_array().map(Vec::len)), (&json!(1), Some(2)), "{bulk}");
        assert_eq!(bulk["failed"][0]["code"], "claim_limit");
        let now = figures(&zhang).await;
        assert_eq!((&now["claimed_today"], &now["daily_claim_limit"], &now["records"]), (&json!(2), &json!(2), &json!(3)));
        // What he gives back counts all the same, and he may not have it again soon.
        act(&zhang, &all[0], "release", json!({"reason": "x"})).await.expect(200);
        assert_eq!(refusal(&act(&zhang, &all[4], "claim", json!({})).await), (409, "claim_limit"));
        app.clock.advance(days(1));
        assert_eq!(refusal(&act(&zhang, &all[0], "claim", json!({})).await), (409, "cooling_down"));
        act(&zhang, &all[4], "claim", json!({})).await.expect(200);
        app.clock.advance(days(3));
        act(&zhang, &all[0], "claim", json!({})).await.expect(200);
        // What has just come is kept for a while.
        admin.patch(&format!("/records/pool/{pool}"), json!({"protect_days": 2})).await.expect(200);
        let fresh = pooled(&admin, &pool, "新公司").await;
        assert_eq!(refusal(&act(&zhang, &fresh, "claim", json!({})).await), (409, "too_new"));
        app.clock.advance(days(2));
        act(&zhang, &fresh, "claim", json!({})).await.expect(200);
    }

    async fn sixty_four_claim_a_thousand(db) {
        let app = TestApp::with_connections(db, crate::modules(), 16).await;
        let admin = app.admin().await;
        // Eight go for the same twenty: with two for each, nobody can fail to reach his limit.
        const LIMIT: usize = 2;
        let pool = pool(&admin, json!({"daily_claim_limit": LIMIT})).await;
        let mut ids = Vec::new();
        for number in 0..1000 {
            ids.push(pooled(&admin, &pool, &format!("公司{number}")).await);
        }
        let mut tasks = Vec::new();
        for number in 0..64 {
            let client = app.user(&format!("u{number}"), "member", "").await;
            let ids = ids.clone();
            tasks.push(tokio::spawn(async move {
                let mut mine = Vec::new();
                // Neighbours go for the same ones.
                for step in 0..20 {
                    let made = &ids[(number / 8 * 100 + step * 3) % ids.len()];
                    let answer = act(&client, made, "claim", json!({})).await;
                    match refusal(&answer) {
                        (200, _) => mine.push(made.id),
                        (409, "already_claimed" | "claim_limit") | (404, _) => {}
                        other => panic!("{other:?}: {}", answer.text),
                    }
                }
                (client.id(), mine)
            }));
        }
        let mut owners = HashMap::new();
        for task in tasks {
            let (who, mine) = task.await.expect("a claimer");
            assert_eq!(mine.len(), LIMIT, "neither more nor less");
            for id in mine {
                assert_eq!(owners.insert(id, who), None, "two were told that it is theirs");
            }
        }
        for made in ids.iter().filter(|made| owners.contains_key(&made.id)) {
            let now = seen(&admin, made).await;
            assert_eq!((&now["owner"]["id"], &now["pool"]), (&json!(owners[&made.id]), &Value::Null));
        }
        let left = admin.list("customer", &[("filter", &json!(["pool", "=", pool]).to_string()), ("count", "true")]).await;
        assert_eq!(left.json["total"], json!(1000 - owners.len()));
    }

    async fn a_batch_goes_no_further_than_the_capacity(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        admin.create("capacity", json!({"name": "每人五个", "most": 5})).await;
        let mut ids = Vec::new();
        for name in 0..12 {
            ids.push(admin.create("customer", json!({"name": format!("批量{name}"), "owner": null})).await.id());
        }
        let body = json!({"action": "update", "ids": ids, "values": {"owner": zhang.id()}});
        let answer = admin.post("/records/customer/bulk", body).await.expect(200).json;
        assert_eq!((&answer["done"], answer["failed"].as_array().map(Vec::len)), (&json!(5), Some(7)), "{answer}");
        assert_eq!(zhang.list("customer", &[("count", "true")]).await.json["total"], json!(5));
    }

    async fn nobody_owns_more_than_his_capacity(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let pool = pool(&admin, json!({})).await;
        let zhang = app.user("zhang", "member", "销售部/华东").await;
        let sales = department(&admin, "销售部").await;
        let capacity = json!({"name": "销售库容", "departments": [sales], "most": 2, "not_counted": json!(["level", "=", "vip"]).to_string()});
        assert_eq!(zhang.post("/records/capacity", capacity.clone()).await.status, 403);
        admin.create("capacity", capacity).await;
        for wrong in ["{", "[\"nothing\", \"=\", 1]", "[\"owner.name\", \"=\", 1]"] {
            let bad = json!({"name": format!("坏{wrong}"), "most": 1, "not_counted": wrong});
            assert_eq!(admin.post("/records/capacity", bad).await.expect(422).errors()[0].0, "not_counted", "{wrong}");
        }
        assert_eq!(admin.post("/records/capacity", json!({"name": "零", "most": 0})).await.status, 422);
        zhang.create("customer", json!({"name": "贵宾", "level": "vip"})).await;
        let one = zhang.create("customer", json!({"name": "一"})).await;
        let several: Vec<Made> = vec![pooled(&admin, &pool, "甲").await, pooled(&admin, &pool, "乙").await, pooled(&admin, &pool, "丙").await];
        let tries = several.iter().map(|made| {
            let (client, made) = (zhang.clone(), made.clone());
            tokio::spawn(async move { act(&client, &made, "claim", json!({})).await.status })
        });
        let mut answers = Vec::new();
        for task in tries {
            answers.push(task.await.expect("an answer"));
        }
        answers.sort_unstable();
        assert_eq!(answers, [200, 409, 409], "one place was left");
        assert_eq!(zhang.post("/records/customer", json!({"name": "二"})).await.expect(422).errors(), [("owner".to_owned(), "capacity_full".to_owned())]);
        let taken = zhang.matching("customer", &json!(["owner", "=", zhang.id()])).await;
        assert_eq!(taken.len(), 3, "{taken:?}");
        act(&zhang, &one, "release", json!({"reason": "x"})).await.expect(200);
        let again = act(&zhang, &one, "claim", json!({})).await;
        assert_eq!(again.status, 200, "{}", again.text);
        // Who is not named has room.
        let li = app.user("li", "member", "市场部").await;
        for number in 0..3 {
            li.create("customer", json!({"name": format!("李{number}")})).await;
        }
    }

    async fn what_is_neglected_comes_back(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let pool = pool(&admin, json!({})).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let rule = json!({"name": "30 天未跟进", "pool": pool, "idle_days": 30, "warn_days": 7, "exempt_signed": true});
        for (field, wrong) in [("warn_days", json!({"warn_days": 30})), ("idle_days", json!({"idle_days": null})), ("idle_days", json!({"idle_days": 0}))] {
            let mut bad = rule.clone();
            bad.as_object_mut().expect("an object").extend(wrong.as_object().cloned().expect("an object"));
            assert_eq!(admin.post("/records/recycle_rule", bad).await.expect(422).errors()[0].0, field);
        }
        admin.create("recycle_rule", rule).await;
        let idle = zhang.create("customer", json!({"name": "没人管"})).await;
        let busy = zhang.create("customer", json!({"name": "常联系"})).await;
        let locked = admin.create("customer", json!({"name": "锁定", "owner": zhang.id(), "locked": true})).await;
        let bought = zhang.create("customer", json!({"name": "成交"})).await;
        zhang.create("opportunity", json!({"name": "单", "customer": bought.id, "stage": won_stage(&admin).await})).await;
        app.settle().await;
        assert!(!seen(&admin, &bought).await["last_deal_at"].is_null());

        app.clock.advance(days(24));
        app.engine.do_chores().await.expect("the night's work");
        assert!(seen(&admin, &idle).await["recycle_at"].is_string(), "warned a week before");
        assert!(seen(&admin, &locked).await["recycle_at"].is_null());
        let soon = zhang.get("/figures/recycling").await.expect(200).each("title");
        assert_eq!(soon, ["没人管", "常联系"]);
        assert_eq!(zhang.get("/figures/nothing").await.status, 404);
        // A contact takes the warning back.
        assert!(seen(&admin, &busy).await["recycle_at"].is_string());
        zhang.create("follow_up", json!({"content": "打了电话", "customer": busy.id})).await;
        app.settle().await;
        assert!(seen(&admin, &busy).await["recycle_at"].is_null());
        // Once a day is enough, whoever looks.
        app.clock.advance(days(7));
        let other = app.second_engine().await;
        let (one, two) = tokio::join!(app.engine.do_chores(), other.do_chores());
        one.expect("the night's work");
        two.expect("the night's work");
        app.engine.do_chores().await.expect("nothing is due");
        other.close().await;
        let gone = seen(&admin, &idle).await;
        assert_eq!((&gone["owner"], &gone["pool"]["id"], &gone["release_reason"]), (&Value::Null, &json!(pool), &json!("30 天未跟进")));
        assert_eq!(gone["former_owner"]["id"], json!(zhang.id()));
        let history = admin.get(&format!("{}/history", idle.path())).await.expect(200);
        assert_eq!(history.text.matches("\"recycle_at\"").count(), 2, "warned once and taken once: {}", history.text);
        for kept in [&busy, &locked, &bought] {
            assert_eq!(seen(&admin, kept).await["owner"]["id"], json!(zhang.id()));
        }
        app.clock.advance(days(17));
        app.engine.do_chores().await.expect("the night's work");
        assert!(seen(&admin, &busy).await["recycle_at"].is_string(), "30 days after the contact, warned a week before");
    }

    async fn what_is_handed_over_is_in_no_pool(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let pool = pool(&admin, json!({})).await;
        let zhang = app.user("zhang", "member", "").await;
        let customer = pooled(&admin, &pool, "海里的公司").await;
        let part = json!({"object": "customer", "filter": ["id", "=", customer.id], "to": [zhang.id()]});
        let started = admin.post("/handovers", json!({"parts": [part]})).await.expect(202);
        let path = format!("/handovers/{}", started.json["id"].as_str().expect("an id"));
        for _ in 0..500 {
            if admin.get(&path).await.json["state"] == "done" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        app.settle().await;
        let now = seen(&admin, &customer).await;
        assert_eq!((&now["owner"]["id"], &now["pool"]), (&json!(zhang.id()), &Value::Null));
        assert!(now["owned_since"].is_string());
    }
}

async fn department(admin: &Client, name: &str) -> Value {
    admin.list("department", &[("filter", &json!(["name", "=", name]).to_string())]).await.json["items"][0]["id"]
        .clone()
}

async fn won_stage(admin: &Client) -> Value {
    admin.list("stage", &[("filter", &json!(["kind", "=", "won"]).to_string())]).await.json["items"][0]["id"].clone()
}
