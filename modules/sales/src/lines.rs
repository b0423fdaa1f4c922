//! The products of an opportunity: a line's amount, and the opportunity's, which is their sum.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value, coerce::decimal_fits};
use guanxi_store::records::Record;
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

/// The object.
const LINE: &str = "opportunity_product";
/// Most lines of an opportunity.
const MOST_LINES: usize = 500;

/// A line takes its currency from the opportunity; its amount follows. Name and price come from its product before that (`modules/product`).
pub(crate) struct LineRule;

#[async_trait]
impl Rule for LineRule {
    fn object(&self) -> &'static str {
        LINE
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let opportunity = match draft.get("opportunity").as_id() {
            Some(id) => context.read("opportunity", id).await?,
            None => None,
        };
        if let Some(opportunity) = &opportunity {
            draft.set("currency", opportunity.get("currency").clone());
        }
        if draft.get("discount").is_null() {
            draft.set("discount", Value::Decimal(Decimal::ZERO));
        }
        let Some(price) = draft.get("price").as_decimal() else {
            context.refuse(FieldError::new("price", "required", "请填写单价", "a price is required"));
            return Ok(());
        };
        let Some(quantity) = draft.get("quantity").as_decimal() else { return Ok(()) };
        if quantity.is_zero() {
            context.refuse(FieldError::new("quantity", "out_of_range", "数量要大于 0", "more than nothing"));
        }
        let discount = draft.get("discount").as_decimal().unwrap_or_default();
        match amount(quantity, price, discount) {
            Some(amount) => draft.set("amount", Value::Decimal(amount)),
            None => context.refuse(FieldError::new("quantity", "out_of_range", "金额太大", "the amount is too large")),
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        let now = draft.get("opportunity").as_id();
        let before = draft.before("opportunity").as_id().filter(|before| now != Some(*before));
        for opportunity in now.into_iter().chain(before) {
            sum_up(opportunity, context).await?;
        }
        Ok(())
    }

    async fn after_removal(&self, line: &Record, context: &mut Context<'_>) -> Result<()> {
        match line.get("opportunity").as_id() {
            Some(opportunity) => sum_up(opportunity, context).await,
            None => Ok(()),
        }
    }
}

/// Quantity × price × (1 − discount), half up to cents; nothing when it cannot be stored.
fn amount(quantity: Decimal, price: Decimal, discount: Decimal) -> Option<Decimal> {
    let part = (Decimal::ONE_HUNDRED - discount) / Decimal::ONE_HUNDRED;
    let exact = quantity.checked_mul(price)?.checked_mul(part)?;
    let cents = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    decimal_fits(cents).then_some(cents)
}

/// The opportunity is worth what its lines are, where there are any. It is held meanwhile, so that of two lines written at once
/// neither is left out.
async fn sum_up(opportunity: Uuid, context: &mut Context<'_>) -> Result<()> {
    let Some(record) = context.lock("opportunity", opportunity).await? else { return Ok(()) };
    let Some((lines, sum)) = total(opportunity, context).await? else { return Ok(()) };
    if lines > MOST_LINES {
        context.refuse(FieldError::new(
            "opportunity",
            "too_many",
            format!("一个商机最多 {MOST_LINES} 行产品明细"),
            format!("an opportunity has at most {MOST_LINES} products"),
        ));
    } else if record.get("amount").as_decimal() != Some(sum) {
        context.update("opportunity", opportunity, vec![("amount", Value::Decimal(sum))]);
    }
    Ok(())
}

/// How many lines there are and what they come to; nothing without lines.
async fn total(opportunity: Uuid, context: &mut Context<'_>) -> Result<Option<(usize, Decimal)>> {
    let lines = context.find(LINE, "opportunity", opportunity.into()).await?;
    let sum = lines.iter().filter_map(|line| line.get("amount").as_decimal()).sum();
    Ok((!lines.is_empty()).then_some((lines.len(), sum)))
}

/// Nobody types another amount over the sum of the lines, and they are in the opportunity's currency.
pub(crate) struct AmountOfLines;

#[async_trait]
impl Rule for AmountOfLines {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() || !draft.changed("amount") {
            return Ok(());
        }
        let Some((_, sum)) = total(draft.id, context).await? else { return Ok(()) };
        if draft.get("amount").as_decimal() != Some(sum) {
            context.refuse(FieldError::new(
                "amount",
                "sum_of_lines",
                "金额由产品明细合计得出，请修改明细",
                "the amount is the sum of the products; change those",
            ));
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() || !draft.changed("currency") {
            return Ok(());
        }
        for line in context.find(LINE, "opportunity", draft.id.into()).await? {
            // The rule on lines takes the currency over.
            context.update(LINE, line.id, Vec::new());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_half_up() {
        for (quantity, price, discount, expected) in [
            ("3", "33.335", "10", Some("90.00")),
            ("1", "0.005", "0", Some("0.01")),
            ("1", "0.0049", "0", Some("0.00")),
            ("2.5", "10.01", "0", Some("25.03")),
            ("1", "100", "100", Some("0.00")),
            ("7", "19.99", "12.5", Some("122.44")),
            ("999999999", "999999999", "0", None),
        ] {
            let read = |text: &str| text.parse::<Decimal>().expect("a number");
            let found = amount(read(quantity), read(price), read(discount));
            assert_eq!(found, expected.map(read), "{quantity} × {price} − {discount}%");
        }
    }
}
