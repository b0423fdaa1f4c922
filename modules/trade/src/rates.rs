//! Exchange rates: what foreign money was worth on a day.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// The object.
const RATE: &str = "exchange_rate";

/// The rate of a currency that holds on a day: the last one from that day or before.
pub(crate) async fn on(currency: &str, day: Date, context: &mut Context<'_>) -> Result<Option<Decimal>> {
    let rates = context.find(RATE, "code", currency.into()).await?;
    let known = rates.iter().filter_map(|rate| match rate.get("date") {
        Value::Date(from) if *from <= day => Some((*from, rate.get("rate").as_decimal()?)),
        _ => None,
    });
    Ok(known.max_by_key(|(from, _)| *from).map(|(_, rate)| rate))
}

/// A code of three letters that is not the workspace's own, and a rate above zero.
pub(crate) struct RateRule;

#[async_trait]
impl Rule for RateRule {
    fn object(&self) -> &'static str {
        RATE
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if let Some(code) = draft.get("code").as_text().map(str::to_ascii_uppercase) {
            if code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
                context.refuse(FieldError::new(
                    "code",
                    "bad_currency",
                    "应为三个字母的币种代码，如 USD",
                    "a code of three letters such as USD",
                ));
            } else if code == context.engine.settings().currency {
                context.refuse(FieldError::new(
                    "code",
                    "own_currency",
                    "这是本位币",
                    "this is the currency of the workspace",
                ));
            }
            draft.set("code", code);
        }
        if draft.get("rate").as_decimal().is_some_and(|rate| rate.is_zero()) {
            context.refuse(FieldError::new("rate", "out_of_range", "汇率要大于 0", "more than nothing"));
        }
        Ok(())
    }
}
