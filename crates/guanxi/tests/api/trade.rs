//! From quote to invoice and back: every document made from the last, in parts, and nothing twice.

use crate::open;
use futures::future::join_all;
use guanxi_testkit::{Client, Made, Response, TestApp, both_databases};
use serde_json::{Value as Json, json};

pub(crate) async fn act(client: &Client, path: &str, action: &str, input: Json) -> Response {
    client.post(&format!("{path}/actions/{action}"), input).await
}

/// Makes the next document, and answers where it is.
pub(crate) async fn make(client: &Client, path: &str, action: &str) -> String {
    let answer = act(client, path, action, json!({})).await.expect(200).json;
    let made = &answer["_made"][0];
    format!("/records/{}/{}", made["object"].as_str().expect("an object"), made["id"].as_str().expect("an id"))
}

pub(crate) async fn post(client: &Client, path: &str) -> Json {
    act(client, path, "post", json!({})).await.expect(200).json
}

/// The lines of a document in their order.
pub(crate) async fn lines(client: &Client, object: &str, document: &str) -> Vec<Json> {
    let (parent, id) = document.trim_start_matches("/records/").split_once('/').expect("a path");
    let filter = json!([parent, "=", id]).to_string();
    let listed = client.list(object, &[("filter", &filter), ("sort", "line_no"), ("limit", "200")]).await.expect(200);
    listed.json["items"].as_array().expect("items").clone()
}

pub(crate) fn line_path(object: &str, line: &Json) -> String {
    format!("/records/{object}/{}", line["id"].as_str().expect("an id"))
}

fn field(list: &[Json], name: &str) -> Vec<String> {
    list.iter().map(|line| line[name].as_str().unwrap_or("–").to_owned()).collect()
}

struct Shop {
    app: TestApp,
    client: Client,
    customer: Made,
    desk: Made,
    chair: Made,
    setup: Made,
}

async fn shop(app: TestApp) -> Shop {
    let client = app.admin().await;
    let customer = client.create("customer", json!({"name": "海象科技"})).await;
    let desk = client.create("product", json!({"name": "办公桌", "code": "D1", "price": 999.99, "unit": "张"})).await;
    let chair = client.create("product", json!({"name": "办公椅", "code": "C1", "price": 333.33, "unit": "把"})).await;
    let setup = client.create("product", json!({"name": "安装", "code": "S1", "price": 100})).await;
    Shop { app, client, customer, desk, chair, setup }
}

impl Shop {
    async fn quote(&self) -> Json {
        let lines = json!([
            {"product": self.desk.id, "quantity": 10, "price": 999.99, "tax_rate": 13},
            {"product": self.chair.id, "quantity": 40, "price": 333.33, "discount": 10, "tax_rate": 13},
            {"name": "运费", "quantity": 1, "price": 500, "tax_rate": 9},
        ]);
        let quote = json!({"customer": self.customer.id, "valid_until": "2026-12-31", "_lines": {"quote_line": lines}});
        self.client.post("/records/quote", quote).await.expect(201).json
    }

    /// An order in force.
    async fn order(&self, lines: Json, more: Json) -> String {
        let mut order = json!({"customer": self.customer.id, "_lines": {"order_line": lines}});
        order.as_object_mut().expect("an order").extend(more.as_object().expect("values").clone());
        let made = self.client.post("/records/sales_order", order).await.expect(201);
        let path = format!("/records/sales_order/{}", made.json["id"].as_str().expect("an id"));
        post(&self.client, &path).await;
        path
    }

    async fn get(&self, path: &str) -> Json {
        self.client.get(path).await.expect(200).json
    }
}

fn path(object: &str, record: &Json) -> String {
    format!("/records/{object}/{}", record["id"].as_str().expect("an id"))
}

both_databases! {
    async fn each_document_is_made_from_the_last(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let quote = shop.quote().await;
        assert_eq!((&quote["status"], &quote["total"]), (&json!("draft"), &json!("22499.78")), "9999.90 + 11999.88 + 500");
        let quoted = path("quote", &quote);
        // Nothing is made from what is not in force.
        assert_eq!(act(client, &quoted, "make_order", json!({})).await.code(), "action_not_possible");
        let posted = post(client, &quoted).await;
        assert_eq!((&posted["status"], &posted["posted_by"]["title"], &posted["base_total"]), (&json!("posted"), &json!("admin"), &json!("22499.78")));
        let contract = make(client, &quoted, "make_contract").await;
        let agreed = shop.get(&contract).await;
        assert_eq!((&agreed["customer"]["title"], &agreed["quote"]["id"], &agreed["total"]), (&json!("海象科技"), &quote["id"], &json!("22499.78")));
        client.patch(&contract, json!({"name": "办公家具采购"})).await.expect(200);
        post(client, &contract).await;
        assert_eq!(shop.get(&quoted).await["order_status"], json!("full"), "all of the quote is in the contract");
        assert_eq!(act(client, &quoted, "make_order", json!({})).await.code(), "nothing_open");
        // An order of part of it.
        let order = make(client, &contract, "make_order").await;
        let ordered = lines(client, "order_line", &order).await;
        assert_eq!(field(&ordered, "kind"), ["product", "product", "charge"]);
        client.patch(&line_path("order_line", &ordered[1]), json!({"quantity": 15})).await.expect(200);
        assert_eq!(shop.get(&order).await["total"], json!("14999.86"), "15 × 333.33 × 0.9 = 4499.955");
        let in_force = post(client, &order).await;
        assert_eq!((&in_force["delivery_status"], &in_force["invoice_status"]), (&json!("part"), &json!("none")), "the charge is delivered by itself");
        assert_eq!(shop.get(&contract).await["order_status"], json!("part"));
        // Delivered in two parts.
        let delivery = make(client, &order, "make_delivery").await;
        let delivered = lines(client, "delivery_line", &delivery).await;
        assert_eq!(field(&delivered, "name"), ["办公桌", "办公椅"]);
        client.patch(&line_path("delivery_line", &delivered[0]), json!({"quantity": 4})).await.expect(200);
        post(client, &delivery).await;
        assert_eq!(field(&lines(client, "order_line", &order).await, "delivered"), ["4", "15", "1"]);
        // No more is invoiced than was delivered.
        let invoice = make(client, &order, "make_invoice").await;
        let invoiced = lines(client, "invoice_line", &invoice).await;
        assert_eq!(field(&invoiced, "quantity"), ["4", "15", "1"]);
        let more = client.patch(&line_path("invoice_line", &invoiced[0]), json!({"quantity": 5})).await;
        assert_eq!((more.status, more.errors()), (422, vec![("quantity".to_owned(), "more_than_open".to_owned())]));
        let issued = post(client, &invoice).await;
        assert_eq!((&issued["total"], &issued["due_on"]), (&json!("8999.92"), &json!("2026-11-21")), "3999.96 + 4499.96 + 500");
        let rest = make(client, &order, "make_delivery").await;
        post(client, &rest).await;
        assert_eq!(shop.get(&order).await["delivery_status"], json!("full"));
        let last = make(client, &order, "make_invoice").await;
        let last = post(client, &last).await;
        assert_eq!(last["total"], json!("5999.94"), "six desks");
        assert_eq!(shop.get(&order).await["invoice_status"], json!("full"));
        // Two chairs come back, and are credited.
        let back = make(client, &order, "make_return").await;
        let coming = lines(client, "return_line", &back).await;
        for line in [&coming[0], &coming[2]] {
            client.delete(&line_path("return_line", line)).await.expect(204);
        }
        client.patch(&line_path("return_line", &coming[1]), json!({"quantity": 2})).await.expect(200);
        post(client, &back).await;
        assert_eq!(field(&lines(client, "order_line", &order).await, "returned"), ["0", "2", "0"]);
        let note = make(client, &back, "make_credit_note").await;
        let credit = shop.get(&note).await;
        assert_eq!((&credit["kind"], &credit["total"], &credit["sales_order"]["id"]), (&json!("credit_note"), &json!("-599.99"), &shop.get(&order).await["id"]));
        post(client, &note).await;
        assert_eq!(field(&lines(client, "order_line", &order).await, "invoiced"), ["10", "13", "1"]);
        let course = shop.get(&order).await;
        assert_eq!((&course["delivery_status"], &course["invoice_status"]), (&json!("full"), &json!("full")));
        assert_eq!(shop.get(&back).await["credit_status"], json!("full"));
        assert_eq!(act(client, &back, "make_credit_note", json!({})).await.code(), "nothing_open");
        // What followed must go before what it was made from.
        let held = act(client, &order, "reverse", json!({})).await;
        assert_eq!((held.status, held.errors()[0].1.as_str()), (422, "has_followers"));
        assert_eq!(act(client, &back, "reverse", json!({})).await.errors()[0].1, "has_followers");
        act(client, &note, "reverse", json!({"reason": "开错"})).await.expect(200);
        act(client, &back, "reverse", json!({})).await.expect(200);
        assert_eq!(field(&lines(client, "order_line", &order).await, "invoiced"), ["10", "15", "1"]);
        assert_eq!(field(&lines(client, "order_line", &order).await, "returned"), ["0", "0", "0"]);
        assert_eq!(act(client, &note, "reverse", json!({})).await.code(), "action_not_possible", "once");
    }

    async fn what_is_in_force_is_never_edited(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let order = shop.order(json!([{"product": shop.desk.id, "quantity": 3, "price": 100, "tax_rate": 13}]), json!({})).await;
        let line = lines(client, "order_line", &order).await.remove(0);
        let closed = |answer: Response| assert_eq!((answer.status, answer.code()), (409, "closed"), "{}", answer.text);
        closed(client.patch(&order, json!({"date": "2026-11-20"})).await);
        closed(client.delete(&order).await);
        closed(client.patch(&line_path("order_line", &line), json!({"quantity": 4})).await);
        closed(client.delete(&line_path("order_line", &line)).await);
        closed(client.post("/records/order_line", json!({"sales_order": line["sales_order"]["id"], "product": shop.desk.id, "quantity": 1})).await);
        let draft = client.create("sales_order", json!({"customer": shop.customer.id})).await;
        let bulk = client.post("/records/sales_order/bulk", json!({"action": "update", "ids": [line["sales_order"]["id"], draft.id], "values": {"date": "2026-11-20"}})).await.expect(200).json;
        assert_eq!((&bulk["done"], &bulk["failed"][0]["code"]), (&json!(1), &json!("closed")));
        // What says the same, and what stays open, may be written.
        client.patch(&order, json!({"date": "2026-11-21", "remark": "电话确认"})).await.expect(200);
        // It is corrected in one step, and both are kept.
        let corrected = make(client, &order, "correct").await;
        assert_eq!(make(client, &order, "correct").await, corrected, "begun already");
        let copy = lines(client, "order_line", &corrected).await.remove(0);
        client.patch(&line_path("order_line", &copy), json!({"quantity": 5})).await.expect(200);
        assert_eq!(shop.get(&order).await["status"], json!("posted"), "until the new one takes effect");
        post(client, &corrected).await;
        let (old, new) = (shop.get(&order).await, shop.get(&corrected).await);
        assert_eq!((&old["status"], &new["status"], &new["corrects"]["id"], &new["total"]), (&json!("replaced"), &json!("posted"), &old["id"], &json!("500.00")));
        assert_eq!(old["total"], json!("300.00"), "as it was");
        // Drafts are drafts.
        let draft = make(client, &corrected, "correct").await;
        client.delete(&draft).await.expect(204);
    }

    async fn a_correction_takes_the_place_of_what_it_corrects(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let order = shop.order(json!([{"product": shop.desk.id, "quantity": 10, "price": 9.99, "tax_rate": 13}]), json!({"invoice_by": "ordered"})).await;
        let invoice = make(client, &order, "make_invoice").await;
        post(client, &invoice).await;
        // All of it is invoiced; its correction is for less, or for the same, never for more.
        let corrected = make(client, &invoice, "correct").await;
        let line = lines(client, "invoice_line", &corrected).await.remove(0);
        assert_eq!(client.patch(&line_path("invoice_line", &line), json!({"quantity": 11})).await.errors()[0].1, "more_than_open");
        client.patch(&line_path("invoice_line", &line), json!({"quantity": 7})).await.expect(200);
        post(client, &corrected).await;
        assert_eq!(field(&lines(client, "order_line", &order).await, "invoiced"), ["7"]);
        assert_eq!(field(&lines(client, "order_line", &order).await, "invoiced_amount"), ["69.93"]);
        let rest = make(client, &order, "make_invoice").await;
        assert_eq!(post(client, &rest).await["total"], json!("29.97"));
        assert_eq!(field(&lines(client, "order_line", &order).await, "invoiced_amount"), ["99.90"]);
        // A delivery is not corrected below what was invoiced of it.
        let by_delivery = shop.order(json!([{"product": shop.desk.id, "quantity": 10, "price": 1, "tax_rate": 0}]), json!({})).await;
        let delivery = make(client, &by_delivery, "make_delivery").await;
        post(client, &delivery).await;
        let part = make(client, &by_delivery, "make_invoice").await;
        let line = lines(client, "invoice_line", &part).await.remove(0);
        client.patch(&line_path("invoice_line", &line), json!({"quantity": 8})).await.expect(200);
        post(client, &part).await;
        let less = make(client, &delivery, "correct").await;
        let line = lines(client, "delivery_line", &less).await.remove(0);
        client.patch(&line_path("delivery_line", &line), json!({"quantity": 7})).await.expect(200);
        assert_eq!(act(client, &less, "post", json!({})).await.errors()[0].1, "has_followers");
        client.patch(&line_path("delivery_line", &line), json!({"quantity": 8})).await.expect(200);
        post(client, &less).await;
        assert_eq!(field(&lines(client, "order_line", &by_delivery).await, "delivered"), ["8"]);
    }

    async fn a_quote_has_versions_and_an_end(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let quote = path("quote", &shop.quote().await);
        post(client, &quote).await;
        let second = make(client, &quote, "correct").await;
        assert_eq!(shop.get(&second).await["revision"], json!(2));
        post(client, &second).await;
        assert_eq!(act(client, &quote, "make_order", json!({})).await.code(), "action_not_possible");
        // A price that differs from what was offered is no part of that offer.
        let order = make(client, &second, "make_order").await;
        let line = lines(client, "order_line", &order).await.remove(0);
        let cheaper = client.patch(&line_path("order_line", &line), json!({"price": 900})).await;
        assert_eq!(cheaper.errors(), [("price".to_owned(), "differs_from_source".to_owned())]);
        // The list price may change meanwhile: what was offered holds.
        client.patch(&shop.desk.path(), json!({"price": 2000})).await.expect(200);
        shop.app.clock.set("2027-01-01T02:00:00Z".parse().expect("a moment"));
        assert_eq!(act(client, &order, "post", json!({})).await.errors()[0].1, "expired");
        assert_eq!(act(client, &second, "make_order", json!({})).await.code(), "expired");
        shop.app.clock.set("2026-12-31T02:00:00Z".parse().expect("a moment"));
        let ordered = post(client, &order).await;
        assert_eq!(ordered["total"], json!("22499.78"));
    }

    async fn what_comes_back_at_another_price_changes_no_other(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let order = shop.order(json!([{"product": shop.desk.id, "quantity": 3, "price": 33.33, "discount": 5, "tax_rate": 13}]), json!({"delivery_mode": "on_the_spot"})).await;
        let take_back = async |quantity: u8, price: Option<&str>| {
            let back = make(client, &order, "make_return").await;
            let line = line_path("return_line", &lines(client, "return_line", &back).await.remove(0));
            client.patch(&line, json!({"quantity": quantity})).await.expect(200);
            if let Some(price) = price {
                client.patch(&line, json!({"price": price})).await.expect(200);
            }
            post(client, &back).await["total"].as_str().expect("a total").to_owned()
        };
        assert_eq!(take_back(1, Some("10")).await, "9.50", "less is given back for it");
        assert_eq!(take_back(2, None).await, "63.33", "two thirds of 94.99, nothing more");
        assert_eq!(field(&lines(client, "order_line", &order).await, "returned"), ["3"]);
    }

    async fn many_at_once_take_no_more_than_there_is(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let order = shop.order(json!([{"product": shop.desk.id, "quantity": 10, "price": 9.99, "tax_rate": 13}, {"product": shop.chair.id, "quantity": 10, "price": 1, "tax_rate": 13}]), json!({})).await;
        // Thirty-two deliveries of three each are drafted; three of them can be.
        let ordered = lines(client, "order_line", &order).await;
        let id = order.rsplit_once('/').expect("a path").1.to_owned();
        let mut drafts = Vec::new();
        for _ in 0..32 {
            let both: Vec<Json> = ordered.iter().rev().map(|line| json!({"order_line": line["id"], "quantity": 3})).collect();
            let delivery = json!({"customer": shop.customer.id, "sales_order": id, "_lines": {"delivery_line": both}});
            drafts.push(path("delivery", &client.post("/records/delivery", delivery).await.expect(201).json));
        }
        let answers = join_all(drafts.iter().map(|draft| act(client, draft, "post", json!({})))).await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(done, 3, "{:?}", answers.iter().map(|answer| answer.text.clone()).collect::<Vec<_>>());
        assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.errors()[0].1 == "more_than_open"));
        assert_eq!(field(&lines(client, "order_line", &order).await, "delivered"), ["9", "9"]);
        // Two people post, and reverse, the same document: one does.
        let last = make(client, &order, "make_delivery").await;
        let answers = join_all((0..8).map(|_| act(client, &last, "post", json!({})))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(field(&lines(client, "order_line", &order).await, "delivered"), ["10", "10"]);
        let answers = join_all((0..8).map(|_| act(client, &last, "reverse", json!({})))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.code() == "action_not_possible"));
        assert_eq!(field(&lines(client, "order_line", &order).await, "delivered"), ["9", "9"]);
        // Lines are not changed under a document that takes effect.
        let draft = make(client, &order, "make_delivery").await;
        let line = line_path("delivery_line", &lines(client, "delivery_line", &draft).await.remove(0));
        let (posted, changed) = futures::join!(act(client, &draft, "post", json!({})), client.patch(&line, json!({"quantity": 0.5})));
        posted.expect(200);
        let taken: String = shop.get(&line).await["quantity"].as_str().expect("a quantity").to_owned();
        assert_eq!(changed.status == 200, taken == "0.5", "{}", changed.text);
        let total = if taken == "0.5" { "9.5" } else { "10" };
        assert_eq!(field(&lines(client, "order_line", &order).await, "delivered")[0], total);
    }

    async fn bad_input_changes_nothing(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let order = |line: Json, more: Json| {
            let mut order = json!({"customer": shop.customer.id, "_lines": {"order_line": [line]}});
            order.as_object_mut().expect("an order").extend(more.as_object().expect("values").clone());
            order
        };
        for (line, field, code) in [
            (json!({"product": shop.desk.id, "quantity": -1, "price": 1}), "quantity", "out_of_range"),
            (json!({"product": shop.desk.id, "quantity": 0, "price": 1}), "quantity", "out_of_range"),
            (json!({"product": shop.desk.id, "quantity": 1e12, "price": 1e12}), "quantity", "out_of_range"),
            (json!({"product": shop.desk.id, "quantity": "1e99", "price": 1}), "quantity", "bad_number"),
            (json!({"product": shop.desk.id, "quantity": 1, "price": -1}), "price", "out_of_range"),
            (json!({"product": shop.desk.id, "quantity": 1, "price": 1, "discount": 101}), "discount", "out_of_range"),
            (json!({"quantity": 1, "price": 1}), "name", "required"),
            (json!({"product": shop.desk.id, "price": 1}), "quantity", "required"),
            (json!({"product": shop.desk.id, "quantity": 1, "price": 1, "delivered": 1}), "delivered", "read_only"),
        ] {
            let answer = client.post("/records/sales_order", order(line.clone(), json!({}))).await;
            assert_eq!((answer.status, answer.errors()), (422, vec![(format!("_lines.order_line.0.{field}"), code.to_owned())]), "{line}: {}", answer.text);
        }
        assert_eq!(client.matching("sales_order", &json!(["status", "=", "draft"])).await.len(), 0, "nothing is left of them");
        let empty = client.create("sales_order", json!({"customer": shop.customer.id})).await;
        assert_eq!(act(client, &empty.path(), "post", json!({})).await.code(), "no_lines");
        // Foreign money takes a rate.
        let foreign = order(json!({"product": shop.desk.id, "quantity": 3, "price": 10.05, "tax_rate": 0}), json!({"currency": "USD"}));
        let foreign = path("sales_order", &client.post("/records/sales_order", foreign).await.expect(201).json);
        assert_eq!(act(client, &foreign, "post", json!({})).await.errors(), [("currency".to_owned(), "no_rate".to_owned())]);
        for (values, code) in [(json!({"code": "usd1", "rate": 700}), "too_long"), (json!({"code": "U1D", "rate": 700}), "bad_currency"), (json!({"code": "CNY", "rate": 100}), "own_currency"), (json!({"code": "USD", "rate": 0}), "out_of_range")] {
            assert_eq!(client.post("/records/exchange_rate", values).await.errors()[0].1, code);
        }
        for (day, rate) in [("2026-11-22", 800), ("2026-11-01", 712), ("2026-10-01", 700)] {
            client.create("exchange_rate", json!({"code": "usd", "date": day, "rate": rate})).await;
        }
        let posted = post(client, &foreign).await;
        assert_eq!((&posted["exchange_rate"], &posted["total"], &posted["base_total"]), (&json!("712"), &json!("30.15"), &json!("214.67")));
        // A product that is gone is not ordered.
        let draft = order(json!({"product": shop.setup.id, "quantity": 1, "price": 1}), json!({}));
        client.delete(&shop.setup.path()).await.expect(204);
        assert_eq!(client.post("/records/sales_order", draft).await.errors()[0].1, "unknown_record");
        // An invoice with lines does not become a credit note by saying so.
        let invoice = json!({"customer": shop.customer.id, "_lines": {"invoice_line": [{"product": shop.desk.id, "quantity": 1, "price": 1, "tax_rate": 0}]}});
        let invoice = path("invoice", &client.post("/records/invoice", invoice).await.expect(201).json);
        assert_eq!(client.patch(&invoice, json!({"kind": "credit_note"})).await.errors(), [("quantity".to_owned(), "out_of_range".to_owned())]);
        assert_eq!(shop.get(&invoice).await["kind"], json!("invoice"));
        // Somebody else's lines are no source.
        let other = client.create("customer", json!({"name": "别家"})).await;
        let mine = shop.order(json!([{"product": shop.desk.id, "quantity": 1, "price": 1, "tax_rate": 0}]), json!({})).await;
        let mine_id = mine.rsplit_once('/').expect("a path").1;
        let wrong = client.post("/records/delivery", json!({"customer": other.id, "sales_order": mine_id})).await;
        assert!(wrong.errors().iter().any(|(field, _)| field == "customer" || field == "sales_order"), "{}", wrong.text);
    }

    async fn rounding_is_as_the_document_says(db) {
        let shop = shop(open(db).await).await;
        let client = &shop.client;
        let lines_of = json!([{"name": "甲", "quantity": 1, "price": 0.3333, "tax_rate": 0}, {"name": "乙", "quantity": 1, "price": 0.3333, "tax_rate": 0}, {"name": "丙", "quantity": 1, "price": 0.3333, "tax_rate": 0}]);
        for (rounding, total, difference) in [("line", "0.99", "0"), ("document", "1.00", "0.0001"), ("none", "0.9999", "0")] {
            let order = json!({"customer": shop.customer.id, "rounding": rounding, "_lines": {"order_line": lines_of.clone()}});
            let order = client.post("/records/sales_order", order).await.expect(201).json;
            let found = |name: &str| order[name].as_str().and_then(|text| text.parse::<f64>().ok()).expect("a number");
            assert_eq!((found("total"), found("difference")), (total.parse().expect("a number"), difference.parse().expect("a number")), "{rounding}");
        }
        // Changing how prices are meant reckons every line anew.
        let order = json!({"customer": shop.customer.id, "_lines": {"order_line": [{"name": "甲", "quantity": 1, "price": 113, "tax_rate": 13}]}});
        let order = client.post("/records/sales_order", order).await.expect(201).json;
        assert_eq!((&order["net"], &order["tax"], &order["total"]), (&json!("100.00"), &json!("13.00"), &json!("113.00")));
        let order = path("sales_order", &order);
        client.patch(&order, json!({"tax_included": false})).await.expect(200);
        let order = shop.get(&order).await;
        assert_eq!((&order["net"], &order["tax"], &order["total"]), (&json!("113.00"), &json!("14.69"), &json!("127.69")));
    }
}
