//! The headers of documents: what they take over from what they are made from, and what may not be mixed.

use crate::{
    kinds::{Kind, is_posted},
    lines::{is_open_for, lines_of},
};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};

/// What a document has from the one it is made from.
pub(crate) const TAKEN_OVER: [&str; 14] = [
    "name",
    "customer",
    "contact",
    "opportunity",
    "quote",
    "contract",
    "currency",
    "tax_included",
    "rounding",
    "payment_terms",
    "recipient",
    "recipient_phone",
    "address",
    "owner",
];

/// A document is of one customer and one currency; what it is made from is in force.
pub(crate) struct DocumentRule(pub &'static Kind);

#[async_trait]
impl Rule for DocumentRule {
    fn object(&self) -> &'static str {
        self.0.document
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        for source in self.0.sources {
            if !draft.changed(source.document) {
                continue;
            }
            let Some(id) = draft.get(source.document).as_id() else { continue };
            let Some(document) = context.read(source.document, id).await? else { continue };
            // A quote that became a contract is named by the order as well.
            let direct = source.document != "quote" || draft.get("contract").is_null();
            if direct && !is_open_for(&document, source.taking) {
                context.refuse(FieldError::new(
                    source.document,
                    "not_in_force",
                    "来源单据未生效或已作废",
                    "what it is made from is not in force",
                ));
            }
            for field in TAKEN_OVER.into_iter().filter(|field| *field != "owner") {
                let known = draft.object.field(field).is_some() && document.values.contains_key(field);
                if known && draft.is_new() && !draft.was_given(field) && !document.get(field).is_null() {
                    draft.set(field, document.get(field).clone());
                }
            }
            let parts = source.taking.sums().is_some();
            let priced_alike: &[&str] = if parts { &["tax_included", "rounding"] } else { &[] };
            for field in ["customer", "currency"].iter().chain(priced_alike) {
                let ours = draft.get(field);
                if draft.object.field(field).is_some() && !ours.is_null() && ours != document.get(field) {
                    context.refuse(FieldError::new(
                        field,
                        "differs_from_source",
                        "与来源单据不一致",
                        "differs from what it is made from",
                    ));
                }
            }
        }
        let bound = ["customer", "currency"].into_iter().find(|field| !draft.is_new() && draft.changed(field));
        if let Some(field) = bound {
            let lines = lines_of(self.0, draft.id, context).await?;
            if lines.iter().any(|line| self.0.source_of(|name| line.get(name)).is_some()) {
                context.refuse(FieldError::new(
                    field,
                    "has_sources",
                    "明细来自其他单据，不能更换",
                    "its lines are made from other documents",
                ));
            }
        }
        if self.0.document == "invoice" && draft.get("due_on").is_null() {
            draft.set("due_on", draft.get("date").clone());
        }
        for (from, until) in [("date", "valid_until"), ("starts_on", "ends_on"), ("date", "due_on")] {
            if let (Value::Date(first), Value::Date(last)) = (draft.get(from), draft.get(until))
                && last < first
            {
                context.refuse(FieldError::new(
                    until,
                    "ends_before_start",
                    "不能早于开始日期",
                    "it would end before it begins",
                ));
            }
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        let draws = ["currency", "tax_included", "rounding", "customer", "date", "delivery_mode", "kind"];
        if draft.is_new() || is_posted_now(draft) || !draws.iter().any(|field| draft.changed(field)) {
            return Ok(());
        }
        for line in lines_of(self.0, draft.id, context).await? {
            // The rule on lines reckons it anew.
            context.update(self.0.line, line.id, Vec::new());
        }
        Ok(())
    }
}

fn is_posted_now(draft: &Draft) -> bool {
    draft.get("status").as_text() != Some("draft")
}

/// What is in force is left as it is; so is its customer.
pub(crate) fn still_valid(document: &guanxi_store::records::Record, today: jiff::civil::Date) -> bool {
    is_posted(document) && !matches!(document.get("valid_until"), Value::Date(until) if *until < today)
}
