//! Follow-ups on leads: they move the lead's last and next contact, and go to the customer that it becomes.

use crate::LEAD;
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Follower, Result, Rule};
use guanxi_model::Value;
use guanxi_store::changes::Change;
use uuid::Uuid;

/// A follow-up on a lead that has been converted is one on its customer.
pub(crate) struct CustomerOfLead;

#[async_trait]
impl Rule for CustomerOfLead {
    fn object(&self) -> &'static str {
        "follow_up"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.get("customer").is_null() || !draft.changed("lead") {
            return Ok(());
        }
        let Some(lead) = draft.get("lead").as_id() else { return Ok(()) };
        // Held, so that a conversion under way either takes the follow-up along or is seen here.
        if let Some(lead) = context.lock(LEAD, lead).await? {
            draft.set("customer", lead.get("converted_customer").clone());
        }
        Ok(())
    }
}

/// Keeps a lead's last contact (when, who), its next contact and its first step in step with its follow-ups.
pub(crate) struct LeadContact;

#[async_trait]
impl Follower for LeadContact {
    fn name(&self) -> &'static str {
        "lead_contact"
    }

    fn objects(&self) -> &'static [&'static str] {
        &["follow_up"]
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        for lead in context.concerned(changes, "lead").await? {
            bring_up_to_date(lead, context).await?;
        }
        Ok(())
    }
}

async fn bring_up_to_date(lead: Uuid, context: &mut Context<'_>) -> Result<()> {
    let Some(record) = context.lock(LEAD, lead).await? else { return Ok(()) };
    let newest = context.newest("follow_up", "lead", lead.into(), "happened_at").await?;
    let read = |field: &str| newest.as_ref().map_or(Value::Null, |follow_up| follow_up.get(field).clone());
    let happened = read("happened_at");
    let mut values = vec![("last_contact_at", happened.clone()), ("last_contact_by", read("owner"))];
    // Once it is converted, the customer's next contact counts.
    if record.get("status").as_text() != Some("converted") {
        let planned = record.get("next_contact_at").as_instant();
        let next = read("next_at");
        if !next.is_null() {
            values.push(("next_contact_at", next));
        } else if planned.zip(happened.as_instant()).is_some_and(|(planned, happened)| planned <= happened) {
            // An appointment that was kept is over; one further ahead stands.
            values.push(("next_contact_at", Value::Null));
        }
        if newest.is_some() && record.get("status").as_text() == Some("new") {
            values.push(("status", "contacted".into()));
        }
    }
    if values.iter().any(|(field, value)| record.get(field) != value) {
        context.update(LEAD, lead, values);
    }
    Ok(())
}
