//! A follow-up (跟进) is about its opportunity's customer, and moves that customer's last and next contact.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Follower, Result, Rule};
use guanxi_model::Value;
use guanxi_store::changes::Change;
use uuid::Uuid;

/// A follow-up on an opportunity is one on its customer.
pub(crate) struct CustomerOfOpportunity;

#[async_trait]
impl Rule for CustomerOfOpportunity {
    fn object(&self) -> &'static str {
        "follow_up"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.get("customer").is_null() {
            return Ok(());
        }
        for lookup in ["opportunity", "contact"] {
            if draft.changed(lookup)
                && let Some(id) = draft.get(lookup).as_id()
                && let Some(record) = context.read(lookup, id).await?
            {
                draft.set("customer", record.get("customer").clone());
            }
        }
        Ok(())
    }
}

/// Keeps a customer's last contact (when, who, how, what) and next contact in step with his follow-ups.
pub(crate) struct LastContact;

#[async_trait]
impl Follower for LastContact {
    fn name(&self) -> &'static str {
        "last_contact"
    }

    fn objects(&self) -> &'static [&'static str] {
        &["follow_up"]
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        for customer in context.concerned(changes, "customer").await? {
            bring_up_to_date(customer, context).await?;
        }
        Ok(())
    }
}

async fn bring_up_to_date(customer: Uuid, context: &mut Context<'_>) -> Result<()> {
    let Some(record) = context.read("customer", customer).await? else { return Ok(()) };
    let newest = context.newest("follow_up", "customer", customer.into(), "happened_at").await?;
    let read = |field: &str| newest.as_ref().map_or(Value::Null, |follow_up| follow_up.get(field).clone());
    let summary = read("content")
        .as_text()
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect::<String>());
    let happened = read("happened_at");
    let mut values = vec![
        ("last_contact_at", happened.clone()),
        ("last_contact_by", read("owner")),
        ("last_contact_kind", read("kind")),
        ("last_contact_summary", summary.into()),
    ];
    // An appointment that was kept is over; one further ahead stands.
    let planned = record.get("next_contact_at").as_instant();
    let next = read("next_at");
    if !next.is_null() {
        values.push(("next_contact_at", next));
    } else if planned.zip(happened.as_instant()).is_some_and(|(planned, happened)| planned <= happened) {
        values.push(("next_contact_at", Value::Null));
    }
    if values.iter().any(|(field, value)| record.get(field) != value) {
        context.update("customer", customer, values);
    }
    Ok(())
}
