//! When a customer last had a new opportunity, and when he last bought.

use async_trait::async_trait;
use guanxi_engine::{Context, Follower, Result};
use guanxi_model::Value;
use guanxi_store::changes::Change;

/// Keeps it in step with his opportunities.
pub(crate) struct Dealings;

#[async_trait]
impl Follower for Dealings {
    fn name(&self) -> &'static str {
        "customer_dealings"
    }

    fn objects(&self) -> &'static [&'static str] {
        &["opportunity"]
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        for customer in context.concerned(changes, "customer").await? {
            let Some(record) = context.read("customer", customer).await? else { continue };
            let all = context.find("opportunity", "customer", customer.into()).await?;
            let newest = all.iter().filter_map(|found| found.get("created_at").as_instant()).max();
            let deal = all
                .iter()
                .filter(|found| found.get("status").as_text() == Some("won"))
                .filter_map(|found| match found.get("close_date") {
                    Value::Date(day) => Some(*day),
                    _ => None,
                })
                .max();
            let values =
                vec![("last_opportunity_at", newest.into()), ("last_deal_at", deal.map_or(Value::Null, Value::Date))];
            if values.iter().any(|(field, value)| record.get(field) != value) {
                context.update("customer", customer, values);
            }
        }
        Ok(())
    }
}
