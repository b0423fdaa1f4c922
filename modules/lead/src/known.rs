//! Is whoever a lead is about a customer already? The platform compares leads with leads; this compares them with customers, by
//! the same keys.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{Value, normalise, object::Normalize};
use guanxi_store::records;
use uuid::Uuid;

/// Fields of a lead, how they are compared, with which fields of customers, and the shortest key that says anything.
const COMPARED: [(&[&str], Normalize, &[&str], usize); 2] = [
    (&["mobile", "phone"], Normalize::Phone, &["phone", "mobile"], 5),
    (&["company"], Normalize::Company, &["name"], 2),
];

/// Finds the customer that a lead is probably about.
pub(crate) struct MatchingCustomer;

#[async_trait]
impl Rule for MatchingCustomer {
    fn object(&self) -> &'static str {
        crate::LEAD
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let touched = COMPARED.iter().flat_map(|(fields, ..)| *fields).any(|field| draft.changed(field));
        if draft.imported || !touched {
            return Ok(());
        }
        let mut found = None;
        for (fields, normalize, theirs, least) in COMPARED {
            let keys = fields.iter().filter_map(|field| draft.get(field).as_text()).map(|text| match normalize {
                Normalize::Phone => normalise::phone_key(text),
                Normalize::Company => normalise::company_key(text),
                Normalize::Exact => normalise::exact_key(text),
            });
            let keys: Vec<String> = keys.filter(|key| key.chars().count() >= least).collect();
            // A number says more than a name.
            if found.is_none() && !keys.is_empty() {
                found = oldest(normalize, theirs, &keys, context).await?;
            }
        }
        draft.set("matching_customer", Value::from(found));
        Ok(())
    }
}

/// The customer that has been there for longest, of those that have one of the keys.
async fn oldest(
    normalize: Normalize,
    fields: &[&str],
    keys: &[String],
    context: &mut Context<'_>,
) -> Result<Option<Uuid>> {
    let customer = context.engine.object("customer")?;
    let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    // Keys are kept of what a duplicate rule compares.
    let kept = |field: &String| {
        customer.duplicates.iter().any(|rule| rule.normalize == normalize && rule.fields.contains(field))
    };
    if !fields.iter().any(kept) {
        return Ok(None);
    }
    let sql = records::matches(context.tx.dialect(), &customer, normalize, &fields, keys);
    Ok(context.tx.query(&sql).await?.iter().filter_map(|row| row[0].as_id()).min())
}
