//! Random chains of orders, deliveries, invoices, returns, credits, corrections and reversals, in parts: after every step the books
//! are what adding up the documents in force gives, and once everything is settled not a cent is missing.

use crate::{
    open,
    trade::{act, lines, make, post},
};
use guanxi_testkit::{Client, TestApp, both_databases};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a small number") % sides
    }
}

fn number(record: &Json, field: &str) -> Decimal {
    record[field].as_str().map_or(Decimal::ZERO, |text| text.parse().expect("a number"))
}

fn id(record: &Json, field: &str) -> String {
    let value = &record[field];
    value["id"].as_str().or(value.as_str()).unwrap_or_default().to_owned()
}

async fn all(client: &Client, object: &str) -> Vec<Json> {
    let listed = client.list(object, &[("limit", "200"), ("sort", "created_at")]).await.expect(200).json;
    assert!(listed["next"].is_null(), "{object}: a page holds them");
    listed["items"].as_array().expect("items").clone()
}

/// Documents in force, and their lines by document.
struct Books {
    documents: HashMap<&'static str, Vec<Json>>,
    lines: HashMap<&'static str, Vec<Json>>,
}

const DOCUMENTS: [(&str, &str); 4] = [
    ("sales_order", "order_line"),
    ("delivery", "delivery_line"),
    ("invoice", "invoice_line"),
    ("sales_return", "return_line"),
];

impl Books {
    async fn of(client: &Client) -> Self {
        let (mut documents, mut all_lines) = (HashMap::new(), HashMap::new());
        for (document, line) in DOCUMENTS {
            let in_force: Vec<Json> =
                all(client, document).await.into_iter().filter(|record| record["status"] == json!("posted")).collect();
            let ids: Vec<String> = in_force.iter().map(|record| id(record, "id")).collect();
            let filter = json!([format!("{document}.status"), "=", "posted"]).to_string();
            let listed = client.list(line, &[("filter", &filter), ("limit", "200")]).await.expect(200).json;
            assert!(listed["next"].is_null(), "{line}: a page holds them");
            let lines: Vec<Json> = listed["items"].as_array().expect("items").clone();
            assert!(lines.iter().all(|line| ids.contains(&id(line, document))));
            documents.insert(document, in_force);
            all_lines.insert(line, lines);
        }
        Self { documents, lines: all_lines }
    }

    /// What lines of a kind that name an order's line come to in a field.
    fn sum(&self, object: &str, order_line: &str, field: &str) -> Decimal {
        let named = self.lines[object].iter().filter(|line| id(line, "order_line") == order_line);
        named.map(|line| number(line, field)).sum()
    }

    /// Everything that is kept is what the documents say, and nothing was taken that was not there.
    fn check(&self, step: &str) {
        for line in &self.lines["order_line"] {
            let (me, quantity) = (id(line, "id"), number(line, "quantity"));
            let told = |field: &str| number(line, field);
            let order = self.documents["sales_order"].iter().find(|order| id(order, "id") == id(line, "sales_order"));
            let on_the_spot = order.is_some_and(|order| order["delivery_mode"] == json!("on_the_spot"));
            let itself = on_the_spot || line["kind"] != json!("product");
            let delivered = if itself { quantity } else { self.sum("delivery_line", &me, "quantity") };
            assert_eq!(told("delivered"), delivered, "{step}: delivered of {line}");
            for (kept, object, field) in [
                ("returned", "return_line", "quantity"),
                ("returned_amount", "return_line", "amount"),
                ("returned_tax", "return_line", "tax"),
                ("invoiced", "invoice_line", "quantity"),
                ("invoiced_amount", "invoice_line", "amount"),
                ("invoiced_tax", "invoice_line", "tax"),
            ] {
                assert_eq!(told(kept), self.sum(object, &me, field), "{step}: {kept} of {line}");
            }
            assert!(delivered <= quantity && told("returned") <= delivered, "{step}: {line}");
            assert!(told("invoiced") >= Decimal::ZERO && told("invoiced") <= quantity, "{step}: {line}");
        }
        for line in &self.lines["return_line"] {
            let named = self.lines["invoice_line"].iter().filter(|other| id(other, "return_line") == id(line, "id"));
            let credited: Decimal = named.map(|other| -number(other, "quantity")).sum();
            assert_eq!(number(line, "credited"), credited, "{step}: credited of {line}");
            assert!(credited <= number(line, "quantity"), "{step}: {line}");
        }
        for (document, line) in DOCUMENTS.into_iter().filter(|(document, _)| *document != "delivery") {
            for record in &self.documents[document] {
                let own = self.lines[line].iter().filter(|other| id(other, document) == id(record, "id"));
                let sum: Decimal = own.map(|other| number(other, "total")).sum();
                assert_eq!(sum + number(record, "difference"), number(record, "total"), "{step}: {record}");
                assert_eq!(number(record, "net") + number(record, "tax"), number(record, "total"), "{step}: {record}");
                if record["rounding"] != json!("none") {
                    assert_eq!(number(record, "total").round_dp(2), number(record, "total"), "{step}: {record}");
                }
            }
        }
        for order in &self.documents["sales_order"] {
            for (kept, object) in [("invoiced_total", "invoice"), ("returned_total", "sales_return")] {
                let of_it = self.documents[object].iter().filter(|other| id(other, "sales_order") == id(order, "id"));
                let sum: Decimal = of_it.map(|other| number(other, "total")).sum();
                assert_eq!(number(order, kept), sum, "{step}: {kept} of {order}");
            }
        }
    }
}

struct Play {
    app: TestApp,
    client: Client,
    dice: Dice,
    /// Steps that were done, and those that were refused, by what was tried.
    done: HashMap<String, (usize, usize)>,
}

impl Play {
    async fn new(app: TestApp, seed: u64) -> Self {
        Self { client: app.admin().await, app, dice: Dice(seed), done: HashMap::new() }
    }

    async fn order(&mut self, customer: &str, products: &[String]) {
        let rates = [0, 1, 3, 6, 9, 13];
        let lines: Vec<Json> = (0..=self.dice.roll(3))
            .map(|_| {
                let quantity = Decimal::new(i64::try_from(1 + self.dice.roll(4000)).expect("small"), 2);
                let price = Decimal::new(i64::try_from(self.dice.roll(2_000_000)).expect("small"), 4);
                let discount = [0, 0, 5, 33][self.dice.roll(4)];
                let rate = rates[self.dice.roll(6)];
                let mut line = json!({"quantity": quantity.to_string(), "price": price.to_string(), "discount": discount, "tax_rate": rate});
                match self.dice.roll(5) {
                    0 => line["name"] = json!("运费"),
                    which => line["product"] = json!(products[which % products.len()]),
                }
                line
            })
            .collect();
        let rounding = ["line", "document", "none"][self.dice.roll(3)];
        let invoice_by = ["delivered", "ordered"][self.dice.roll(2)];
        let delivery_mode = ["deliver", "deliver", "on_the_spot"][self.dice.roll(3)];
        let included = self.dice.roll(2) == 0;
        let order = json!({
            "customer": customer,
            "tax_included": included,
            "rounding": rounding,
            "invoice_by": invoice_by,
            "delivery_mode": delivery_mode,
            "_lines": {"order_line": lines},
        });
        let made = self.client.post("/records/sales_order", order).await.expect(201).json;
        post(&self.client, &format!("/records/sales_order/{}", id(&made, "id"))).await;
    }

    /// Makes a document of part of what is open, and puts it into effect.
    async fn next(&mut self, from: &str, action: &str, line: &str, whole: bool) -> bool {
        let sources: Vec<Json> =
            all(&self.client, from).await.into_iter().filter(|record| record["status"] == json!("posted")).collect();
        if sources.is_empty() {
            return false;
        }
        let source = format!("/records/{from}/{}", id(&sources[self.dice.roll(sources.len())], "id"));
        self.next_of(&source, action, line, whole).await
    }

    async fn next_of(&mut self, source: &str, action: &str, line: &str, whole: bool) -> bool {
        let answer = act(&self.client, source, action, json!({})).await;
        self.note(action, answer.status);
        if answer.status != 200 {
            assert!(["nothing_open", "action_not_possible"].contains(&answer.code()), "{action}: {}", answer.text);
            return false;
        }
        let made = &answer.json["_made"][0];
        let made =
            format!("/records/{}/{}", made["object"].as_str().expect("an object"), made["id"].as_str().expect("an id"));
        if !whole {
            self.cut(&made, line).await;
        }
        post(&self.client, &made).await;
        true
    }

    /// Takes lines out of a draft, or less of them.
    async fn cut(&mut self, draft: &str, line: &str) {
        let drafted = lines(&self.client, line, draft).await;
        let kept = self.dice.roll(drafted.len());
        for (place, each) in drafted.iter().enumerate() {
            let path = format!("/records/{line}/{}", id(each, "id"));
            match self.dice.roll(4) {
                0 if place != kept => {
                    self.client.delete(&path).await.expect(204);
                }
                1 | 2 => {
                    let quantity = number(each, "quantity");
                    let part = Decimal::new(i64::try_from(1 + self.dice.roll(99)).expect("small"), 2);
                    let less = (quantity * part).round_dp(2);
                    if !less.is_zero() {
                        self.client.patch(&path, json!({"quantity": less.to_string()})).await.expect(200);
                    }
                }
                _ => {}
            }
        }
    }

    fn note(&mut self, what: &str, status: u16) {
        let (done, refused) = self.done.entry(what.to_owned()).or_default();
        *(if status == 200 { done } else { refused }) += 1;
    }

    async fn undo(&mut self, what: &str) {
        let (document, line) = DOCUMENTS[self.dice.roll(4)];
        let in_force: Vec<Json> = all(&self.client, document)
            .await
            .into_iter()
            .filter(|record| record["status"] == json!("posted"))
            .collect();
        if in_force.is_empty() {
            return;
        }
        let path = format!("/records/{document}/{}", id(&in_force[self.dice.roll(in_force.len())], "id"));
        let answer = if what == "reverse" {
            act(&self.client, &path, "reverse", json!({"reason": "试"})).await
        } else {
            let begun = act(&self.client, &path, "correct", json!({})).await;
            if begun.status == 200 {
                let draft = make(&self.client, &path, "correct").await;
                self.cut(&draft, line).await;
                let answer = act(&self.client, &draft, "post", json!({})).await;
                if answer.status != 200 {
                    self.client.delete(&draft).await.expect(204);
                }
                answer
            } else {
                begun
            }
        };
        self.note(what, answer.status);
        if answer.status != 200 {
            let known = ["has_followers", "more_than_open", "more_than_invoiced"];
            assert_eq!(answer.status, 422, "{what} {path}: {}", answer.text);
            assert!(
                answer.errors().iter().all(|(_, code)| known.contains(&code.as_str())),
                "{what} {path}: {}",
                answer.text
            );
        }
    }
}

both_databases! {
    async fn books_are_equal_after_every_step(db) {
        let mut play = Play::new(open(db).await, 20_261_123).await;
        let customer = play.client.create("customer", json!({"name": "海象科技"})).await.id();
        let mut products = Vec::new();
        for name in ["办公桌", "办公椅", "文件柜"] {
            products.push(play.client.create("product", json!({"name": name, "price": 1})).await.id());
        }
        for _ in 0..8 {
            play.order(&customer, &products).await;
        }
        for step in 0..120 {
            match play.dice.roll(12) {
                0..=2 => { play.next("sales_order", "make_delivery", "delivery_line", false).await; }
                3..=5 => { play.next("sales_order", "make_invoice", "invoice_line", false).await; }
                6 | 7 => { play.next("sales_order", "make_return", "return_line", false).await; }
                8 => { play.next("sales_return", "make_credit_note", "invoice_line", false).await; }
                9 | 10 => play.undo("reverse").await,
                _ => play.undo("correct").await,
            }
            if step % 4 == 3 {
                Books::of(&play.client).await.check(&format!("step {step}"));
            }
        }
        for what in ["make_delivery", "make_invoice", "make_return", "make_credit_note", "reverse", "correct"] {
            assert!(play.done.get(what).is_some_and(|(done, _)| *done > 0), "{what}: {:?}", play.done);
        }
        // Everything that is left: delivered, credited, invoiced.
        for (from, action, line) in [("sales_order", "make_delivery", "delivery_line"), ("sales_return", "make_credit_note", "invoice_line"), ("sales_order", "make_invoice", "invoice_line")] {
            for record in all(&play.client, from).await.iter().filter(|record| record["status"] == json!("posted")) {
                play.next_of(&format!("/records/{from}/{}", id(record, "id")), action, line, true).await;
            }
        }
        let books = Books::of(&play.client).await;
        books.check("the end");
        for order in &books.documents["sales_order"] {
            assert_eq!(order["invoice_status"], json!("full"), "{order}");
            let kept = number(order, "total") - number(order, "returned_total");
            assert_eq!(number(order, "invoiced_total"), kept, "not a cent is missing: {order}");
        }
        drop(play.app);
    }
}
