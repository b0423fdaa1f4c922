//! Lines of opportunities and documents: what they take over from their product, and at what price.

use crate::{
    PRODUCT,
    price::{Question, price_of, value_of},
};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use rust_decimal::Decimal;
use uuid::Uuid;

/// Lines with prices, and the field that says what they are lines of.
pub(crate) const PRICED: [(&str, &str); 4] = [
    ("opportunity_product", "opportunity"),
    ("quote_line", "quote"),
    ("contract_line", "contract"),
    ("order_line", "sales_order"),
];
/// Lines that a line may be made from: it has its price from there.
const SOURCES: [&str; 2] = ["quote_line", "contract_line"];

/// A line has name, unit, tax rate and price from its product, where its writer says nothing else.
pub(crate) struct PriceRule {
    pub line: &'static str,
    pub parent: &'static str,
}

#[async_trait]
impl Rule for PriceRule {
    fn object(&self) -> &'static str {
        self.line
    }

    async fn look_ahead(&self, drafts: &[&Draft], context: &mut Context<'_>) -> Result<()> {
        let named = |field: &'static str| drafts.iter().filter_map(move |draft| draft.get(field).as_id());
        context.read_ahead(self.parent, named(self.parent)).await?;
        context.read_ahead(PRODUCT, named(PRODUCT)).await
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if SOURCES.iter().any(|source| !draft.get(source).is_null()) {
            return Ok(());
        }
        let compared = draft.object.field("list_price").is_some();
        let Some(id) = draft.get(PRODUCT).as_id() else {
            if compared && draft.changed(PRODUCT) {
                draft.set("list_price", Value::Null);
            }
            return Ok(());
        };
        let chosen = draft.changed(PRODUCT);
        let counted = draft.changed("quantity");
        // The rule of a document asks for its lines without saying anything when its customer or its day changes.
        let touched = compared && !draft.is_new() && draft.given.is_empty();
        if !(chosen || counted || touched || draft.get("price").is_null()) {
            return Ok(());
        }
        let Some(parent) = draft.get(self.parent).as_id() else { return Ok(()) };
        let Some(parent) = context.read(self.parent, parent).await? else { return Ok(()) };
        if self.parent != "opportunity" && parent.get("status").as_text() != Some("draft") {
            // It is in force; only what became of it is noted.
            return Ok(());
        }
        // That there is no such product is said by the check of lookups.
        let Some(product) = context.read(PRODUCT, id).await? else { return Ok(()) };
        if chosen {
            take_over(draft, &product);
            if !draft.imported && product.get("active").as_bool() == Some(false) {
                self.refuse_discontinued(&parent, id, context).await?;
            }
        }
        let said = draft.was_given("price") && !draft.get("price").is_null();
        if said && (draft.imported || !compared) {
            return Ok(());
        }
        let asked = asked(&parent, id, draft.get("quantity"), context);
        let now = price_of(context, &asked).await?.and_then(|answer| answer.price);
        if compared {
            draft.set("list_price", value_of(now));
        }
        if said {
            return Ok(());
        }
        if chosen || draft.get("price").is_null() {
            draft.set("price", value_of(now));
        } else if let Some(quantity) = draft.before("quantity").as_decimal().filter(|_| counted) {
            let former = price_of(context, &Question { quantity, ..asked }).await?.and_then(|answer| answer.price);
            // A price of its own stays.
            if now.is_some() && former.is_some() && draft.get("price").as_decimal() == former {
                draft.set("price", value_of(now));
            }
        }
        Ok(())
    }
}

impl PriceRule {
    /// What is not sold any more is on no new line, but for the correction of a document that has it.
    async fn refuse_discontinued(&self, parent: &Record, product: Uuid, context: &mut Context<'_>) -> Result<()> {
        if let Some(former) = parent.get("corrects").as_id() {
            let lines = context.find(self.line, self.parent, former.into()).await?;
            if lines.iter().any(|line| line.get(PRODUCT).as_id() == Some(product)) {
                return Ok(());
            }
        }
        context.refuse(FieldError::new(PRODUCT, "discontinued", "产品已停售", "this product is not sold any more"));
        Ok(())
    }
}

/// What the writer does not say himself.
fn take_over(draft: &mut Draft, product: &Record) {
    for field in ["name", "unit", "tax_rate"] {
        let open = draft.object.field(field).is_some() && (!draft.was_given(field) || draft.get(field).is_null());
        if open {
            draft.set(field, product.get(field).clone());
        }
    }
}

fn asked(parent: &Record, product: Uuid, quantity: &Value, context: &Context<'_>) -> Question {
    let settings = context.engine.settings();
    let day = match parent.get("date") {
        Value::Date(day) => *day,
        _ => context.now.to_zoned(settings.zone.clone()).date(),
    };
    Question {
        product,
        customer: parent.get("customer").as_id(),
        currency: parent.get("currency").as_text().unwrap_or(&settings.currency).to_owned(),
        quantity: quantity.as_decimal().unwrap_or(Decimal::ONE),
        day,
        tax_included: parent.get("tax_included").as_bool().unwrap_or(true),
    }
}
