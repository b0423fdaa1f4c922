//! What the demo's company has sold: won deals go from quote to order, delivery, invoice and back, by the actions that everybody uses.

use guanxi_access::Viewer;
use guanxi_engine::{Engine, Error, ListRequest};
use jiff::{ToSpan, civil::Date};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// A deal on its way.
struct Deal<'a> {
    engine: &'a Engine,
    viewer: Viewer,
    closed_on: Date,
    today: Date,
}

type Document = (&'static str, Uuid);

fn id_of(value: &Json) -> Option<Uuid> {
    value.as_str().and_then(|id| Uuid::try_parse(id).ok())
}

impl Deal<'_> {
    /// A day after the deal was closed, or today.
    fn day(&self, after: i64) -> String {
        self.closed_on.saturating_add(after.days()).min(self.today).to_string()
    }

    async fn act(&self, (object, id): Document, action: &str) -> Result<Map<String, Json>, Error> {
        self.engine.act(&self.viewer, object, id, action, &Map::new()).await
    }

    /// Makes the next document; nothing where nothing is open.
    async fn make(&self, from: Document, action: &str, to: &'static str) -> Result<Option<Document>, Error> {
        let answer = match self.act(from, action).await {
            Ok(answer) => answer,
            Err(Error::Conflict(..)) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(answer.get("_made").and_then(|made| id_of(&made[0]["id"])).map(|id| (to, id)))
    }

    async fn change(&self, (object, id): Document, values: Json) -> Result<(), Error> {
        let values = values.as_object().cloned().unwrap_or_default();
        self.engine.update(&self.viewer, object, id, &values, None, true).await.map(|_| ())
    }

    async fn put_into_effect(&self, document: Document, values: Json) -> Result<(), Error> {
        self.change(document, values).await?;
        self.act(document, "post").await.map(|_| ())
    }

    /// Halves the first line of a draft.
    async fn in_part(&self, line: &'static str, (document, id): Document) -> Result<(), Error> {
        let request = ListRequest {
            filter: Some(json!([document, "=", id])),
            sort: Some("line_no".into()),
            limit: Some(1),
            ..ListRequest::default()
        };
        let page = self.engine.list(&self.viewer, line, &request).await?;
        let Some(first) = page.items.first() else { return Ok(()) };
        let quantity: f64 =
            first.get("quantity").and_then(Json::as_str).and_then(|text| text.parse().ok()).unwrap_or(1.0);
        if let Some(line_id) = first.get("id").and_then(id_of).filter(|_| quantity >= 2.0) {
            self.change((line, line_id), json!({"quantity": (quantity / 2.0).floor()})).await?;
        }
        Ok(())
    }

    /// A quote with the deal's products, or with the deal itself where it names none.
    async fn quote(&self, opportunity: Document, item: &Map<String, Json>) -> Result<Option<Document>, Error> {
        let Some(quote) = self.make(opportunity, "make_quote", "quote").await? else { return Ok(None) };
        let request =
            ListRequest { filter: Some(json!(["quote", "=", quote.1])), limit: Some(1), ..ListRequest::default() };
        if self.engine.list(&self.viewer, "quote_line", &request).await?.items.is_empty() {
            let product = item.get("product").map(|product| product["id"].clone()).unwrap_or_default();
            let line = json!({"quote": quote.1, "product": product, "name": item.get("name"), "quantity": 1, "price": item.get("amount")});
            let line = line.as_object().cloned().unwrap_or_default();
            self.engine.create(&self.viewer, "quote_line", &line, true).await?;
        }
        Ok(Some(quote))
    }

    /// From quote to order.
    async fn order(
        &self,
        opportunity: Document,
        item: &Map<String, Json>,
        with_contract: bool,
    ) -> Result<Option<Document>, Error> {
        let Some(quote) = self.quote(opportunity, item).await? else { return Ok(None) };
        let name = item.get("name").and_then(Json::as_str).unwrap_or_default();
        let until = self.today.saturating_add(30.days()).to_string();
        self.put_into_effect(
            quote,
            json!({"date": self.day(-14), "valid_until": until, "payment_terms": "签约付 30%，验收付 60%，质保金 10%"}),
        )
        .await?;
        let mut source = quote;
        if with_contract && let Some(contract) = self.make(quote, "make_contract", "contract").await? {
            let ends = self.closed_on.saturating_add(1.years()).to_string();
            let values = json!({"name": format!("{name}采购合同"), "date": self.day(-3), "starts_on": self.day(-3), "ends_on": ends});
            self.put_into_effect(contract, values).await?;
            source = contract;
        }
        let Some(order) = self.make(source, "make_order", "sales_order").await? else { return Ok(None) };
        let due = self.closed_on.saturating_add(21.days()).to_string();
        self.put_into_effect(order, json!({"date": self.day(0), "due_on": due})).await?;
        Ok(Some(order))
    }

    /// What became of an order by now.
    async fn carry_out(&self, order: Document, place: usize) -> Result<(), Error> {
        let Some(delivery) = self.make(order, "make_delivery", "delivery").await? else { return Ok(()) };
        if place % 4 == 1 {
            self.in_part("delivery_line", delivery).await?;
        }
        let carried = json!({"date": self.day(10), "carrier": "顺丰速运", "tracking_number": format!("SF15420{:08}", 31 * place + 7)});
        self.put_into_effect(delivery, carried).await?;
        let Some(invoice) = self.make(order, "make_invoice", "invoice").await? else { return Ok(()) };
        let due = self.closed_on.saturating_add(45.days()).to_string();
        self.put_into_effect(invoice, json!({"date": self.day(15), "due_on": due, "tax_form": "special"})).await?;
        if place % 8 == 3
            && let Some(back) = self.make(order, "make_return", "sales_return").await?
        {
            self.in_part("return_line", back).await?;
            self.put_into_effect(back, json!({"date": self.day(25), "reason": "surplus"})).await?;
            if let Some(credit) = self.make(back, "make_credit_note", "invoice").await? {
                self.put_into_effect(credit, json!({"date": self.day(26)})).await?;
            }
        }
        Ok(())
    }
}

/// Lets the won deals be carried out, and quotes be made of some that are still open.
pub(super) async fn fill(engine: &Engine, today: Date) -> Result<(), Error> {
    let system = Viewer::system("demo");
    for status in ["won", "open"] {
        let request = ListRequest {
            filter: Some(json!({"and": [["status", "=", status], ["customer", "not_null"], ["amount", ">", 0]]})),
            sort: Some("close_date".into()),
            limit: Some(if status == "won" { 60 } else { 24 }),
            ..ListRequest::default()
        };
        let page = engine.list(&system, "opportunity", &request).await?;
        for (place, item) in page.items.iter().enumerate() {
            let owner = item.get("owner").and_then(|owner| id_of(&owner["id"]));
            let closed_on = item.get("close_date").and_then(Json::as_str).and_then(|day| day.parse().ok());
            let (Some(id), Some(owner), Some(closed_on)) = (item.get("id").and_then(id_of), owner, closed_on) else {
                continue;
            };
            let deal = Deal { engine, viewer: Viewer::system("demo").on_behalf_of(Some(owner)), closed_on, today };
            let opportunity = ("opportunity", id);
            if status == "open" {
                if place % 2 == 0
                    && let Some(quote) = deal.quote(opportunity, item).await?
                    && place % 4 == 0
                {
                    let until = today.saturating_add(30.days()).to_string();
                    deal.put_into_effect(quote, json!({"valid_until": until})).await?;
                }
                continue;
            }
            let Some(order) = deal.order(opportunity, item, place % 3 == 0).await? else { continue };
            let age = deal.closed_on.until(today).map_or(0, |span| span.get_days());
            if age > 10 {
                deal.carry_out(order, place).await?;
            }
        }
    }
    Ok(())
}
