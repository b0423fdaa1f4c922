//! What products cost whom on which day, what they are made of, and the end of their sale.

use crate::{
    open,
    trade::{self, act, make, post},
};
use futures::future::join_all;
use guanxi_testkit::{Client, Made, TestApp, both_databases, encoded};
use serde_json::{Value as Json, json};

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

/// Amounts without the cents that they have not.
fn tidy(mut record: Json) -> Json {
    for value in record.as_object_mut().expect("a record").values_mut() {
        if let Some(amount) = value.as_str().and_then(|text| text.strip_suffix(".00")) {
            *value = json!(amount);
        }
    }
    record
}

/// What the page is told of a price.
async fn price(client: &Client, product: &Made, more: &str) -> Json {
    tidy(client.get(&format!("/figures/price?product={}{more}", product.id)).await.expect(200).json)
}

async fn lines(client: &Client, object: &str, document: &str) -> Vec<Json> {
    trade::lines(client, object, document).await.into_iter().map(tidy).collect()
}

/// A new line of an opportunity.
async fn line_of(client: &Client, values: Json) -> Made {
    let made = client.create("opportunity_product", values).await;
    Made { json: tidy(made.json.clone()), ..made }
}

async fn book(client: &Client, values: Json, items: &[(&Made, i64, &str)]) -> Made {
    let made = client.create("price_book", values).await;
    for (product, from, price) in items {
        let item = json!({"price_book": made.id, "product": product.id, "min_quantity": from, "price": price});
        client.create("price_item", item).await;
    }
    made
}

async fn bundle(client: &Client, name: &str, parts: &[(&Made, &str)]) -> Made {
    let made = client.create("product", json!({"name": name, "kind": "bundle"})).await;
    for (part, quantity) in parts {
        let line = json!({"bundle": made.id, "component": part.id, "quantity": quantity});
        client.create("product_component", line).await;
    }
    made
}

async fn deal(client: &Client, customer: &Made) -> Made {
    client.create("opportunity", json!({"name": "项目", "customer": customer.id})).await
}

struct Shop {
    app: TestApp,
    admin: Client,
    customer: Made,
    robot: Made,
    sensor: Made,
}

async fn shop(app: TestApp) -> Shop {
    let admin = app.admin().await;
    let customer = admin.create("customer", json!({"name": "海象科技", "level": "a"})).await;
    let robot = admin
        .create(
            "product",
            json!({"name": "机器人", "price": 1130, "unit": "台", "cost": 600, "barcode": "6901234567892"}),
        )
        .await;
    let sensor = admin.create("product", json!({"name": "传感器", "price": 100, "unit": "个", "tax_rate": 6})).await;
    Shop { app, admin, customer, robot, sensor }
}

both_databases! {
    async fn a_price_is_the_one_that_goes_before_the_others(db) {
        let Shop { app, admin, customer, robot, sensor } = shop(open(db).await).await;
        let to = |customer: &Made| format!("&customer={}", customer.id);
        let plain = price(&admin, &robot, "").await;
        assert_eq!((&plain["price"], &plain["list_price"], &plain["origin"], &plain["book"]), (&json!("1130"), &json!("1130"), &json!("list_price"), &Json::Null));
        assert_eq!((&plain["unit"], &plain["tax_rate"], &plain["currency"], &plain["date"]), (&json!("台"), &json!("13"), &json!("CNY"), &json!("2026-11-21")));
        // For everybody, in tiers.
        let all = book(&admin, json!({"name": "标准"}), &[(&robot, 1, "1000"), (&robot, 10, "900"), (&robot, 100, "800")]).await;
        for (quantity, expected) in [("0.5", "1130"), ("1", "1000"), ("9.99", "1000"), ("10", "900"), ("1000", "800")] {
            assert_eq!(price(&admin, &robot, &format!("&quantity={quantity}")).await["price"], json!(expected), "{quantity}");
        }
        let tier = price(&admin, &robot, "&quantity=10").await;
        assert_eq!((&tier["origin"], &tier["book"]["name"], &tier["min_quantity"], &tier["list_price"]), (&json!("price_book"), &json!("标准"), &json!("10"), &json!("1130")));
        assert_eq!(price(&admin, &sensor, "").await["origin"], json!("list_price"), "no book names it");
        // A channel goes before all, a grade before a channel, a customer before a grade, whatever the priority.
        let dealer = admin.create("dealer", json!({"name": "一级"})).await;
        admin.patch(&customer.path(), json!({"dealer": dealer.id})).await.expect(200);
        admin.patch(&all.path(), json!({"priority": 100})).await.expect(200);
        book(&admin, json!({"name": "渠道", "dealer_level": "1"}), &[(&robot, 1, "950")]).await;
        assert_eq!(price(&admin, &robot, &to(&customer)).await["price"], json!("950"));
        assert_eq!(price(&admin, &robot, "").await["price"], json!("1000"), "for nobody in particular");
        book(&admin, json!({"name": "A 级", "level": "a"}), &[(&robot, 1, "940"), (&robot, 5, "930")]).await;
        book(&admin, json!({"name": "B 级", "level": "b"}), &[(&robot, 1, "1")]).await;
        assert_eq!(price(&admin, &robot, &to(&customer)).await["price"], json!("940"));
        book(&admin, json!({"name": "海象专价", "customer": customer.id}), &[(&robot, 3, "920")]).await;
        assert_eq!(price(&admin, &robot, &to(&customer)).await["price"], json!("940"), "it begins at three");
        assert_eq!(price(&admin, &robot, &format!("{}&quantity=50", to(&customer))).await["price"], json!("920"));
        let other = admin.create("customer", json!({"name": "别家", "level": "c"})).await;
        assert_eq!(price(&admin, &robot, &format!("{}&quantity=50", to(&other))).await["price"], json!("900"));
        // Of those alike: priority, then the newest start; only in its time.
        for (name, values, amount) in [
            ("甲", json!({"priority": 1, "starts_on": "2026-01-01"}), "71"),
            ("乙", json!({"priority": 2, "starts_on": "2026-01-01", "ends_on": "2026-11-21"}), "72"),
            ("丙", json!({"priority": 2, "starts_on": "2026-11-22"}), "73"),
            ("丁", json!({"priority": 9, "starts_on": "2026-01-01", "active": false}), "74"),
        ] {
            let mut values = values;
            values["name"] = json!(name);
            book(&admin, values, &[(&sensor, 0, amount)]).await;
        }
        for (day, expected) in [("2025-12-31", "100"), ("2026-11-21", "72"), ("2026-11-22", "73"), ("2027-01-01", "73")] {
            assert_eq!(price(&admin, &sensor, &format!("&date={day}")).await["price"], json!(expected), "{day}");
        }
        // Another currency: never reckoned over.
        let none = price(&admin, &robot, "&currency=usd").await;
        assert_eq!((&none["price"], &none["list_price"], &none["origin"], &none["currency"]), (&Json::Null, &Json::Null, &Json::Null, &json!("USD")));
        book(&admin, json!({"name": "出口", "currency": "usd", "tax_included": false}), &[(&robot, 1, "150")]).await;
        assert_eq!(price(&admin, &robot, "&currency=USD&tax_included=false").await["price"], json!("150"));
        assert_eq!(price(&admin, &robot, "&currency=USD").await["price"], json!("169.50"), "with 13 percent");
        assert_eq!(price(&admin, &robot, "&quantity=0&tax_included=false").await["price"], json!("1000"));
        // Who sees neither price nor cost.
        let zhang = app.user("zhang", "member", "").await;
        let his = price(&zhang, &robot, "").await;
        assert_eq!(his["price"], json!("1000"));
        assert!(!his.to_string().contains("600"), "what it costs us is not told: {his}");
        assert_eq!(zhang.get(&format!("/figures/price?product={}{}", robot.id, to(&customer))).await.status, 404, "not his customer");
        app.change_role("member", |rights| {
            rights.objects.entry("product".into()).or_default().fields.insert("price".into(), guanxi_model::field::FieldAccess::None);
        }).await;
        assert_eq!(zhang.get(&format!("/figures/price?product={}", robot.id)).await.status, 404);
        for (query, field, code) in [
            ("", "product", "required"),
            ("product=x", "product", "not_found"),
            ("product={}&quantity=-1", "quantity", "out_of_range"),
            ("product={}&quantity=x", "quantity", "not_a_number"),
            ("product={}&date=x", "date", "not_a_date"),
            ("product={}&colour=red", "colour", "unknown_field"),
        ] {
            let query = query.replace("{}", &robot.id());
            let answer = admin.get(&format!("/figures/price?{query}")).await;
            let errors = answer.errors();
            assert_eq!((answer.status, errors[0].0.as_str()), (422, field), "{query}: {errors:?} for {code}");
        }
        assert_eq!(admin.get(&format!("/figures/price?product={}", customer.id)).await.status, 404);
    }

    async fn lines_have_the_price_of_their_customer(db) {
        let Shop { app: _app, admin, customer, robot, sensor } = shop(open(db).await).await;
        book(&admin, json!({"name": "A 级", "level": "a"}), &[(&robot, 1, "1000"), (&robot, 10, "900")]).await;
        let opportunity = deal(&admin, &customer).await;
        let line = line_of(&admin, json!({"opportunity": opportunity.id, "product": robot.id, "quantity": 2})).await;
        let get = async || tidy(admin.get(&line.path()).await.expect(200).json);
        assert_eq!((&line.json["name"], &line.json["price"], &line.json["amount"]), (&json!("机器人"), &json!("1000"), &json!("2000")));
        // Another tier, as long as the price is the one of the tier.
        admin.patch(&line.path(), json!({"quantity": 10})).await.expect(200);
        assert_eq!((&get().await["price"], &get().await["amount"]), (&json!("900"), &json!("9000")));
        admin.patch(&line.path(), json!({"price": 850})).await.expect(200);
        admin.patch(&line.path(), json!({"quantity": 1})).await.expect(200);
        assert_eq!(get().await["price"], json!("850"), "agreed is agreed");
        admin.patch(&line.path(), json!({"price": null})).await.expect(200);
        assert_eq!(get().await["price"], json!("1000"));
        admin.patch(&line.path(), json!({"quantity": 10, "price": 1000})).await.expect(200);
        assert_eq!(get().await["price"], json!("1000"), "said in the same breath");
        // Another product has another price, and none where there is none.
        admin.patch(&line.path(), json!({"product": sensor.id})).await.expect(200);
        assert_eq!((&get().await["name"], &get().await["price"]), (&json!("传感器"), &json!("100")));
        let gift = admin.create("product", json!({"name": "赠品"})).await;
        let without = admin.patch(&line.path(), json!({"product": gift.id})).await;
        assert_eq!(without.errors(), named("price", "required"));
        let dollars = admin.create("product", json!({"name": "进口件", "price": 5, "currency": "USD"})).await;
        let foreign = admin.post("/records/opportunity_product", json!({"opportunity": opportunity.id, "product": dollars.id})).await;
        assert_eq!(foreign.errors(), named("price", "required"));
        let said = json!({"opportunity": opportunity.id, "product": gift.id, "price": 3, "name": "自定义"});
        let said = line_of(&admin, said).await;
        assert_eq!((&said.json["name"], &said.json["price"]), (&json!("自定义"), &json!("3")));
    }

    async fn documents_compare_with_the_price_of_their_day(db) {
        let Shop { app: _app, admin, customer, robot, sensor } = shop(open(db).await).await;
        book(&admin, json!({"name": "十一月", "ends_on": "2026-11-30"}), &[(&robot, 1, "1000"), (&robot, 5, "990")]).await;
        book(&admin, json!({"name": "十二月", "starts_on": "2026-12-01"}), &[(&robot, 1, "1200")]).await;
        let order = json!({"customer": customer.id, "_lines": {"order_line": [
            {"product": robot.id, "quantity": 5},
            {"product": sensor.id, "quantity": 1, "price": 80, "tax_rate": 9},
            {"name": "运费", "quantity": 1, "price": 50},
        ]}});
        let order = admin.post("/records/sales_order", order).await.expect(201).json;
        let path = format!("/records/sales_order/{}", order["id"].as_str().expect("an id"));
        let of = |lines: &[Json], field: &str| lines.iter().map(|line| line[field].clone()).collect::<Vec<_>>();
        let first = lines(&admin, "order_line", &path).await;
        assert_eq!(of(&first, "price"), [json!("990"), json!("80"), json!("50")]);
        assert_eq!(of(&first, "list_price"), [json!("990"), json!("100"), Json::Null]);
        assert_eq!(of(&first, "tax_rate"), [json!("13"), json!("9"), json!("0")]);
        assert_eq!(of(&first, "unit"), [json!("台"), json!("个"), Json::Null]);
        // On another day it compares with another price; what was agreed stays.
        admin.patch(&path, json!({"date": "2026-12-01"})).await.expect(200);
        let moved = lines(&admin, "order_line", &path).await;
        assert_eq!((of(&moved, "list_price"), &moved[0]["price"]), (vec![json!("1200"), json!("100"), Json::Null], &json!("990")));
        // Prices without tax, in a document that says so.
        let quote = json!({"customer": customer.id, "date": "2026-11-21", "tax_included": false, "_lines": {"quote_line": [
            {"product": robot.id, "quantity": 1}, {"product": sensor.id, "quantity": 2, "discount": 10},
        ]}});
        let quote = admin.post("/records/quote", quote).await.expect(201).json;
        let quoted = format!("/records/quote/{}", quote["id"].as_str().expect("an id"));
        let net = lines(&admin, "quote_line", &quoted).await;
        assert_eq!(of(&net, "price"), [json!("884.9558"), json!("94.3396")]);
        post(&admin, &quoted).await;
        // What comes from another document has its price, whatever the books say by then.
        book(&admin, json!({"name": "特价", "priority": 5}), &[(&robot, 1, "1")]).await;
        let ordered = make(&admin, &quoted, "make_order").await;
        let from_quote = lines(&admin, "order_line", &ordered).await;
        assert_eq!((of(&from_quote, "price"), of(&from_quote, "list_price")), (of(&net, "price"), of(&net, "list_price")));
        // What is in force is left as it is.
        post(&admin, &path).await;
        assert_eq!(of(&lines(&admin, "order_line", &path).await, "list_price"), of(&moved, "list_price"));
    }

    async fn bundles_cost_what_is_in_them(db) {
        let Shop { app: _app, admin, customer, robot, sensor } = shop(open(db).await).await;
        let set = bundle(&admin, "套装", &[(&robot, "1"), (&sensor, "2.5")]).await;
        let told = price(&admin, &set, "").await;
        assert_eq!((&told["price"], &told["origin"], &told["list_price"]), (&json!("1380"), &json!("components"), &Json::Null));
        // Of its parts by the same rules: four bundles have ten sensors.
        let tiers = book(&admin, json!({"name": "阶梯"}), &[(&sensor, 10, "80")]).await;
        assert_eq!(price(&admin, &set, "&quantity=4").await["price"], json!("1330"), "1130 + 2.5 × 80");
        let outer = bundle(&admin, "大套装", &[(&set, "2"), (&sensor, "1")]).await;
        assert_eq!(price(&admin, &outer, "").await["price"], json!("2860"));
        let opportunity = deal(&admin, &customer).await;
        let line = line_of(&admin, json!({"opportunity": opportunity.id, "product": outer.id})).await;
        assert_eq!((&line.json["price"], &line.json["name"]), (&json!("2860"), &json!("大套装")));
        // Its own price goes before; a part without a price leaves it without one.
        admin.patch(&set.path(), json!({"price": 1300})).await.expect(200);
        assert_eq!(price(&admin, &set, "").await["origin"], json!("list_price"));
        admin.create("price_item", json!({"price_book": tiers.id, "product": set.id, "price": 1250, "max_discount": 5})).await;
        let own = price(&admin, &set, "").await;
        assert_eq!((&own["price"], &own["max_discount"]), (&json!("1250"), &json!("5")));
        assert_eq!(price(&admin, &outer, "").await["max_discount"], json!("5"), "as little as of any part");
        let gift = admin.create("product", json!({"name": "赠品"})).await;
        admin.create("product_component", json!({"bundle": outer.id, "component": gift.id, "quantity": 1})).await;
        let none = price(&admin, &outer, "").await;
        assert_eq!((&none["price"], &none["origin"], &none["max_discount"]), (&Json::Null, &Json::Null, &Json::Null));
        assert_eq!(price(&admin, &bundle(&admin, "空", &[]).await, "").await["price"], Json::Null);
    }

    async fn no_bundle_is_in_itself(db) {
        let Shop { app: _app, admin, robot, sensor, .. } = shop(open(db).await).await;
        let (one, two) = (bundle(&admin, "一", &[(&robot, "1")]).await, bundle(&admin, "二", &[(&robot, "1")]).await);
        let put = async |bundle: &Made, part: &Made| {
            admin.post("/records/product_component", json!({"bundle": bundle.id, "component": part.id, "quantity": 1})).await
        };
        assert_eq!(put(&one, &one).await.errors(), named("component", "in_itself"));
        assert_eq!(put(&robot, &sensor).await.errors(), named("bundle", "not_a_bundle"));
        assert_eq!(put(&one, &robot).await.errors()[0].1, "not_unique", "it is in there already");
        let none = json!({"bundle": one.id, "component": sensor.id, "quantity": 0});
        assert_eq!(admin.post("/records/product_component", none).await.errors(), named("quantity", "out_of_range"));
        put(&one, &two).await.expect(201);
        assert_eq!(put(&two, &one).await.errors(), named("component", "in_itself"));
        let three = bundle(&admin, "三", &[(&one, "1")]).await;
        assert_eq!(put(&two, &three).await.errors(), named("component", "in_itself"), "at any depth");
        assert_eq!(put(&bundle(&admin, "四", &[]).await, &three).await.errors(), named("component", "too_deep"));
        assert_eq!(admin.patch(&one.path(), json!({"kind": "product"})).await.errors(), named("kind", "has_components"));
        // Two at once that would go round: one of them is refused.
        for round in 0..5 {
            let (left, right) = (bundle(&admin, &format!("左{round}"), &[]).await, bundle(&admin, &format!("右{round}"), &[]).await);
            let both = join_all([put(&left, &right), put(&right, &left)]).await;
            let mut stati: Vec<u16> = both.iter().map(|answer| answer.status).collect();
            stati.sort_unstable();
            assert_eq!(stati, [201, 422]);
        }
        // A new one with its lines.
        let whole = json!({"name": "整套", "kind": "bundle", "_lines": {"product_component": [{"component": robot.id, "quantity": 2}], "product_attribute": [{"name": "颜色", "value": "红"}]}});
        let whole = admin.post("/records/product", whole).await.expect(201).json;
        let attribute = json!({"product": whole["id"], "name": "颜色", "value": "蓝"});
        assert_eq!(admin.post("/records/product_attribute", attribute).await.errors()[0].1, "not_unique");
    }

    async fn discontinued_products_stay_on_old_lines(db) {
        let Shop { app, admin, customer, robot, .. } = shop(open(db).await).await;
        let opportunity = deal(&admin, &customer).await;
        let old = line_of(&admin, json!({"opportunity": opportunity.id, "product": robot.id})).await;
        let order = json!({"customer": customer.id, "_lines": {"order_line": [{"product": robot.id, "quantity": 1}]}});
        let order = admin.post("/records/sales_order", order).await.expect(201).json;
        let ordered = format!("/records/sales_order/{}", order["id"].as_str().expect("an id"));
        post(&admin, &ordered).await;
        // It does not go while anything names it.
        let gone = admin.delete(&robot.path()).await;
        assert_eq!((gone.status, gone.code()), (409, "product_in_use"));
        let zhang = app.user("zhang", "member", "").await;
        assert_eq!(act(&zhang, &robot.path(), "discontinue", json!({"reason": "x"})).await.status, 403);
        assert_eq!(act(&admin, &robot.path(), "discontinue", json!({})).await.errors(), named("reason", "required"));
        let later = json!({"reason": "换代", "on": "2026-11-22"});
        assert_eq!(act(&admin, &robot.path(), "discontinue", later).await.errors(), named("on", "in_future"));
        let done = act(&admin, &robot.path(), "discontinue", json!({"reason": "换代", "on": "2026-11-20"})).await.expect(200).json;
        assert_eq!((&done["active"], &done["discontinued_on"], &done["discontinue_reason"]), (&json!(false), &json!("2026-11-20"), &json!("换代")));
        assert_eq!(act(&admin, &robot.path(), "discontinue", json!({"reason": "x"})).await.code(), "action_not_possible");
        // On no new line …
        for (object, parent, id) in [("opportunity_product", "opportunity", json!(opportunity.id)), ("order_line", "sales_order", Json::Null)] {
            let id = if id.is_null() { json!(admin.create("sales_order", json!({"customer": customer.id})).await.id) } else { id };
            let line = json!({parent: id, "product": robot.id, "quantity": 1, "price": 1});
            assert_eq!(admin.post(&format!("/records/{object}"), line).await.errors(), named("product", "discontinued"), "{object}");
        }
        // … but old ones go on, and are corrected.
        admin.patch(&old.path(), json!({"quantity": 3})).await.expect(200);
        let corrected = make(&admin, &ordered, "correct").await;
        assert_eq!(lines(&admin, "order_line", &corrected).await[0]["name"], json!("机器人"));
        let again = act(&admin, &robot.path(), "restore", json!({})).await.expect(200).json;
        assert_eq!((&again["active"], &again["discontinued_on"], &again["discontinue_reason"]), (&json!(true), &Json::Null, &Json::Null));
        assert_eq!(act(&admin, &robot.path(), "restore", json!({})).await.code(), "action_not_possible");
        line_of(&admin, json!({"opportunity": opportunity.id, "product": robot.id})).await;
        // What nothing names may go; what a bundle is made of may not.
        let (part, free) = (admin.create("product", json!({"name": "件"})).await, admin.create("product", json!({"name": "闲"})).await);
        bundle(&admin, "套", &[(&part, "1")]).await;
        assert_eq!(admin.delete(&part.path()).await.code(), "product_in_use");
        admin.delete(&free.path()).await.expect(204);
    }

    async fn price_books_are_well_formed(db) {
        let Shop { app, admin, robot, .. } = shop(open(db).await).await;
        let first = book(&admin, json!({"name": "标准", "currency": "cny"}), &[(&robot, 1, "10")]).await;
        assert_eq!((&first.json["currency"], &first.json["tax_included"], &first.json["active"]), (&json!("CNY"), &json!(true), &json!(true)));
        let bad = async |values: Json| admin.post("/records/price_book", values).await;
        assert_eq!(bad(json!({"name": "x", "currency": "R1B"})).await.errors(), named("currency", "bad_currency"));
        assert_eq!(bad(json!({"name": "x", "starts_on": "2026-12-01", "ends_on": "2026-11-30"})).await.errors(), named("ends_on", "ends_before_start"));
        assert_eq!(bad(json!({"name": "x", "level": "z"})).await.status, 422);
        assert_eq!(bad(json!({"name": "标准"})).await.errors()[0].1, "not_unique");
        assert_eq!(admin.patch(&first.path(), json!({"currency": "USD"})).await.errors(), named("currency", "has_items"));
        let item = async |values: Json| {
            let mut all = json!({"price_book": first.id, "product": robot.id, "min_quantity": 5, "price": 1});
            all.as_object_mut().expect("values").extend(values.as_object().expect("values").clone());
            admin.post("/records/price_item", all).await
        };
        assert_eq!(item(json!({"min_quantity": 1})).await.errors()[0].1, "not_unique", "there is a price for one");
        for (values, field) in [(json!({"price": -1}), "price"), (json!({"price": null}), "price"), (json!({"min_quantity": -1}), "min_quantity"), (json!({"max_discount": 101}), "max_discount")] {
            assert_eq!(item(values).await.errors()[0].0, field);
        }
        for from in 2..=10 {
            item(json!({"min_quantity": from})).await.expect(201);
        }
        assert_eq!(item(json!({"min_quantity": 11})).await.errors(), named("min_quantity", "too_many"));
        // Read by everybody, kept by those who lead.
        let (zhang, lead) = (app.user("zhang", "member", "").await, app.user("lead", "manager", "").await);
        assert_eq!(zhang.list("price_item", &[]).await.expect(200).each("id").len(), 10);
        assert_eq!(zhang.post("/records/price_book", json!({"name": "x"})).await.status, 403);
        let line = json!({"price_book": first.id, "product": robot.id, "min_quantity": 0, "price": 1});
        let refused = |field: &str| (field.to_owned(), "forbidden".to_owned());
        assert_eq!(zhang.post("/records/price_item", line).await.errors().last(), Some(&refused("price_book")));
        let part = json!({"product": robot.id, "name": "尺寸", "value": "大"});
        assert_eq!(zhang.post("/records/product_attribute", part).await.errors().last(), Some(&refused("product")));
        lead.create("price_book", json!({"name": "经理的"})).await;
        let seen = async |client: &Client| client.get(&robot.path()).await.expect(200).json["cost"].clone();
        lead.patch(&robot.path(), json!({"cost": 650, "unit": "套"})).await.expect(200);
        lead.create("product_attribute", json!({"product": robot.id, "name": "颜色", "value": "红"})).await;
        assert_eq!((seen(&admin).await, seen(&lead).await, seen(&zhang).await), (json!("650.00"), json!("650.00"), Json::Null));
        let probe = encoded(&json!(["cost", ">", 0]).to_string());
        assert_eq!(zhang.get(&format!("/records/product?filter={probe}")).await.status, 400);
        assert_eq!(zhang.search("6901234567892").await, ["机器人"]);
    }
}
