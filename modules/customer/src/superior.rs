//! Whom a contact reports to: somebody of the same customer, and in the end nobody who reports to him.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use std::collections::HashSet;

/// The object.
const CONTACT: &str = "contact";

/// Keeps whom a contact reports to without circles and within his customer.
pub(crate) struct Superior;

#[async_trait]
impl Rule for Superior {
    fn object(&self) -> &'static str {
        CONTACT
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.changed("customer") && !draft.changed("reports_to") {
            draft.set("reports_to", Value::Null);
        }
        let (Some(superior), Some(customer)) = (draft.get("reports_to").as_id(), draft.get("customer").as_id()) else {
            return Ok(());
        };
        if !draft.changed("reports_to") {
            return Ok(());
        }
        if superior == draft.id {
            context.refuse(FieldError::new("reports_to", "own_superior", "不能选择自己", "nobody reports to himself"));
            return Ok(());
        }
        // Two at once could make a circle that neither of them sees.
        context.hold("reports_to", customer).await?;
        let (mut above, mut seen) = (Some(superior), HashSet::new());
        while let Some(id) = above.filter(|id| seen.insert(*id)) {
            if id == draft.id {
                context.refuse(FieldError::new(
                    "reports_to",
                    "circle",
                    "上级不能是自己的下级",
                    "the superior reports to this contact",
                ));
                break;
            }
            // Past the cache: an earlier record of the batch may just have been changed.
            above = context.read_any(CONTACT, id).await?.and_then(|found| found.get("reports_to").as_id());
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() || !draft.changed("customer") {
            return Ok(());
        }
        // Who reported to him reports to nobody of another customer.
        for below in context.find(CONTACT, "reports_to", draft.id.into()).await? {
            if below.get("customer") != draft.get("customer") {
                context.update(CONTACT, below.id, vec![("reports_to", Value::Null)]);
            }
        }
        Ok(())
    }
}
