//! Who decides at the customer: the buying centre of an opportunity, and whom contacts report to.

use crate::{open, opportunities::stages};
use guanxi_model::field::FieldAccess;
use guanxi_testkit::{Client, Made, both_databases};
use serde_json::{Value as Json, json};

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

async fn read(client: &Client, made: &Made) -> Json {
    client.get(&made.path()).await.expect(200).json
}

async fn member(client: &Client, values: Json) -> guanxi_testkit::Response {
    client.post("/records/opportunity_contact", values).await
}

both_databases! {
    async fn members_are_contacts_of_the_customer(db) {
        let app = open(db).await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "市场部").await);
        let customer = zhang.create("customer", json!({"name": "海象科技"})).await;
        let other = zhang.create("customer", json!({"name": "别家"})).await;
        let wang = zhang.create("contact", json!({"name": "王总", "customer": customer.id, "role": "decider"})).await;
        let qian = zhang.create("contact", json!({"name": "钱工", "customer": customer.id})).await;
        let sun = zhang.create("contact", json!({"name": "孙总", "customer": other.id, "role": "buyer"})).await;
        let deal = zhang.create("opportunity", json!({"name": "单子", "customer": customer.id})).await;
        // His part is that of the contact unless another is said; nobody without one.
        let first = member(&zhang, json!({"opportunity": deal.id, "contact": wang.id})).await.expect(201).json;
        assert_eq!((&first["role"], &first["attitude"], &first["customer"]["title"]), (&json!("decider"), &json!("unknown"), &json!("海象科技")));
        assert_eq!(member(&zhang, json!({"opportunity": deal.id, "contact": qian.id})).await.errors(), named("role", "required"));
        let second = member(&zhang, json!({"opportunity": deal.id, "contact": qian.id, "role": "user", "attitude": "opponent", "influence": "low", "concerns": "怕停产"})).await.expect(201).json;
        // Once each, of this customer, in parts and attitudes that there are.
        assert_eq!(member(&zhang, json!({"opportunity": deal.id, "contact": qian.id, "role": "buyer"})).await.errors(), named("contact", "not_unique"));
        for (values, field, code) in [
            (json!({"opportunity": deal.id, "contact": sun.id}), "contact", "not_a_candidate"),
            (json!({"opportunity": deal.id, "contact": uuid::Uuid::now_v7(), "role": "user"}), "contact", "unknown_record"),
            (json!({"opportunity": deal.id, "contact": wang.id, "role": "emperor"}), "role", "unknown_option"),
            (json!({"opportunity": deal.id, "contact": wang.id, "attitude": "friend"}), "attitude", "unknown_option"),
            (json!({"opportunity": deal.id, "contact": wang.id, "customer": other.id}), "customer", "read_only"),
            (json!({"opportunity": deal.id, "role": "user"}), "contact", "required"),
        ] {
            let answer = member(&zhang, values.clone()).await;
            assert_eq!((answer.status, answer.errors()), (422, named(field, code)), "{values}: {}", answer.text);
        }
        let path = format!("/records/opportunity_contact/{}", second["id"].as_str().expect("an id"));
        assert_eq!(zhang.patch(&path, json!({"contact": sun.id})).await.errors(), named("contact", "not_a_candidate"));
        zhang.patch(&path, json!({"attitude": "neutral"})).await.expect(200);
        let nowhere = zhang.create("opportunity", json!({"name": "没有客户"})).await;
        assert_eq!(member(&zhang, json!({"opportunity": nowhere.id, "contact": wang.id})).await.errors(), named("contact", "no_customer"));
        // The opportunity keeps its customer as long as somebody of it is named.
        for value in [json!(other.id), Json::Null] {
            assert_eq!(zhang.patch(&deal.path(), json!({"customer": value})).await.errors(), named("customer", "has_members"));
        }
        // Who does not see the opportunity sees nobody and adds nobody.
        assert_eq!(li.get(&path).await.status, 404);
        assert_eq!(li.list("opportunity_contact", &[]).await.expect(200).json["items"], json!([]));
        assert_eq!(li.patch(&path, json!({"attitude": "supporter"})).await.status, 404);
        let refused = member(&li, json!({"opportunity": deal.id, "contact": wang.id})).await;
        assert!(refused.errors().contains(&("opportunity".to_owned(), "unknown_record".to_owned())), "{}", refused.text);
        // Whoever may only read the opportunity changes nobody.
        zhang.put(&format!("{}/team/{}", deal.path(), li.id()), json!({"level": "read"})).await.expect(200);
        let seen = li.get(&path).await.expect(200).json;
        assert_eq!((&seen["attitude"], &seen["contact"]["title"]), (&json!("neutral"), &Json::Null), "the contact is not his to see");
        assert_eq!(li.patch(&path, json!({"attitude": "supporter"})).await.status, 403);
        for made in [first, second] {
            zhang.delete(&format!("/records/opportunity_contact/{}", made["id"].as_str().expect("an id"))).await.expect(204);
        }
        zhang.patch(&deal.path(), json!({"customer": other.id})).await.expect(200);
    }

    /// Whoever may not see the part of contacts does not learn it from who was named.
    async fn the_part_of_a_contact_stays_hidden(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let customer = zhang.create("customer", json!({"name": "海象科技"})).await;
        let wang = zhang.create("contact", json!({"name": "王总", "customer": customer.id, "role": "decider"})).await;
        let deal = zhang.create("opportunity", json!({"name": "单子", "customer": customer.id})).await;
        let made = admin.create("opportunity_contact", json!({"opportunity": deal.id, "contact": wang.id})).await;
        assert_eq!(made.json["role"], json!("decider"));
        app.change_role("member", |rights| {
            let mut grant = rights.owned.clone();
            grant.fields.insert("role".into(), FieldAccess::None);
            rights.objects.insert("contact".into(), grant);
        }).await;
        let seen = zhang.get(&made.path()).await.expect(200);
        assert!(seen.json.get("role").is_none() && !seen.text.contains("decider"), "{}", seen.text);
        let by_role = zhang.list("opportunity_contact", &[("filter", &json!(["role", "=", "decider"]).to_string())]).await;
        assert_eq!((by_role.status, by_role.code()), (400, "bad_filter"));
    }

    async fn a_stage_asks_for_a_decider(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "销售部").await);
        let stages = stages(&admin).await;
        for stage in ["初步接触", "方案报价"] {
            admin.patch(&format!("/records/stage/{}", stages[stage]), json!({"decider_named": true, "required_fields": null})).await.expect(200);
        }
        let customer = zhang.create("customer", json!({"name": "海象科技"})).await;
        let contact = async |name: &str, role: &str| zhang.create("contact", json!({"name": name, "customer": customer.id, "role": role})).await;
        let (wang, qian) = (contact("王总", "decider").await, contact("钱工", "user").await);
        // A new one begins where all begin, and nowhere else.
        let deal = zhang.create("opportunity", json!({"name": "单子", "customer": customer.id})).await;
        let skipped = zhang.post("/records/opportunity", json!({"name": "跳过", "customer": customer.id, "stage": stages["方案报价"]})).await;
        assert_eq!(skipped.errors(), named("stage", "no_decider"));
        let go = async || zhang.patch(&deal.path(), json!({"stage": stages["方案报价"]})).await;
        member(&zhang, json!({"opportunity": deal.id, "contact": qian.id})).await.expect(201);
        let refused = go().await;
        assert_eq!((refused.status, refused.errors()), (422, named("stage", "no_decider")));
        assert!(refused.text.contains("name a decider in its buying centre before “方案报价”"), "{}", refused.text);
        let chinese = zhang.clone().speaking("zh-CN").patch(&deal.path(), json!({"stage": stages["方案报价"]})).await;
        assert!(chinese.text.contains("请在购买决策链中指定决策者"), "{}", chinese.text);
        let decider = member(&zhang, json!({"opportunity": deal.id, "contact": wang.id})).await.expect(201).json;
        let decider = format!("/records/opportunity_contact/{}", decider["id"].as_str().expect("an id"));
        zhang.delete(&decider).await.expect(204);
        assert_eq!(go().await.errors(), named("stage", "no_decider"), "one in the recycle bin decides nothing");
        member(&zhang, json!({"opportunity": deal.id, "contact": wang.id})).await.expect(201);
        go().await.expect(200);
        assert_eq!(read(&zhang, &deal).await["stage"]["title"], json!("方案报价"));
    }

    async fn contacts_report_to_each_other_without_circles(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let customer = zhang.create("customer", json!({"name": "海象科技"})).await;
        let other = zhang.create("customer", json!({"name": "别家"})).await;
        let contact = async |name: &str, customer: &Made, above: Option<&Made>| {
            zhang.create("contact", json!({"name": name, "customer": customer.id, "reports_to": above.map(|made| made.id)})).await
        };
        let top = contact("董事长", &customer, None).await;
        let middle = contact("总监", &customer, Some(&top)).await;
        let low = contact("主管", &customer, Some(&middle)).await;
        let stranger = contact("外人", &other, None).await;
        let set = async |made: &Made, above: Json| zhang.patch(&made.path(), json!({"reports_to": above})).await;
        assert_eq!(set(&top, json!(top.id)).await.errors(), named("reports_to", "own_superior"));
        assert_eq!(set(&top, json!(low.id)).await.errors(), named("reports_to", "circle"));
        assert_eq!(set(&top, json!(middle.id)).await.errors(), named("reports_to", "circle"));
        assert_eq!(set(&top, json!(stranger.id)).await.errors(), named("reports_to", "not_a_candidate"));
        assert_eq!(set(&low, json!(top.id)).await.expect(200).json["reports_to"]["title"], json!("董事长"));
        set(&low, json!(middle.id)).await.expect(200);
        // Both at once: one of them is refused.
        let (a, b) = (contact("甲", &customer, None).await, contact("乙", &customer, None).await);
        let (one, two) = tokio::join!(set(&a, json!(b.id)), set(&b, json!(a.id)));
        let mut answers = [one.status, two.status];
        answers.sort_unstable();
        assert_eq!(answers, [200, 422], "{} {}", one.text, two.text);
        // Who goes to another customer reports to nobody, and nobody to him.
        zhang.patch(&middle.path(), json!({"customer": other.id})).await.expect(200);
        assert_eq!(read(&zhang, &middle).await["reports_to"], Json::Null);
        assert_eq!(read(&zhang, &low).await["reports_to"], Json::Null);
        zhang.patch(&middle.path(), json!({"customer": customer.id, "reports_to": top.id})).await.expect(200);
        let wrong = zhang.patch(&middle.path(), json!({"customer": other.id, "reports_to": top.id})).await;
        assert_eq!(wrong.status, 200, "what stands there already is no new claim: {}", wrong.text);
        assert_eq!(read(&zhang, &middle).await["reports_to"], Json::Null);
        // The whole customer goes into the recycle bin and comes back.
        zhang.delete(&top.path()).await.expect(204);
        assert_eq!(set(&low, json!(top.id)).await.errors(), named("reports_to", "unknown_record"));
    }
}
