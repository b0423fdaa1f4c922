//! How complete a customer's archive is.

use crate::CUSTOMER;
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::Value;
use rust_decimal::{Decimal, RoundingStrategy};

/// What the archive of a company holds; any field of a group fills it.
const COMPANY: [&[&str]; 11] = [
    &["industry"],
    &["source"],
    &["region"],
    &["address"],
    &["phone", "mobile"],
    &["email", "website"],
    &["level"],
    &["tax_number"],
    &["invoice_title"],
    &["employees"],
    &["established"],
];
/// And that of a person.
const PERSON: [&[&str]; 6] = [&["phone", "mobile"], &["email"], &["source"], &["region"], &["address"], &["level"]];

/// Which part of it is there, in percent.
pub(crate) struct Completeness;

#[async_trait]
impl Rule for Completeness {
    fn object(&self) -> &'static str {
        CUSTOMER
    }

    async fn before_save(&self, draft: &mut Draft, _: &mut Context<'_>) -> Result<()> {
        let asked: &[&[&str]] = if draft.get("kind").as_text() == Some("person") { &PERSON } else { &COMPANY };
        let filled = asked.iter().filter(|group| group.iter().any(|field| !draft.get(field).is_null())).count();
        let part = Decimal::from(filled * 100) / Decimal::from(asked.len());
        let part = part.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        draft.set("completeness", Value::Decimal(part));
        Ok(())
    }
}
