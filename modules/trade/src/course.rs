//! How far a document has come: words on its header that follow from its lines.

use crate::{
    kinds::{Kind, number},
    lines::lines_of,
    progress::state,
};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::Value;
use guanxi_store::records::Record;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// A document says how far its lines are.
pub(crate) struct Course(pub &'static Kind);

/// How far all lines are: all of them, some, or none.
fn together(lines: &[Record], done: impl Fn(&Record) -> Decimal, whole: impl Fn(&Record) -> Decimal) -> &'static str {
    let states: Vec<&str> = lines.iter().map(|line| state(done(line), whole(line))).collect();
    if states.iter().all(|state| *state == "full") {
        "full"
    } else if states.iter().all(|state| *state == "none") {
        "none"
    } else {
        "part"
    }
}

/// How much of the lines of an order has been delivered.
pub(crate) fn delivered(lines: &[Record]) -> &'static str {
    together(lines, |line| number(line, "delivered"), |line| number(line, "quantity"))
}

#[async_trait]
impl Rule for Course {
    fn object(&self) -> &'static str {
        self.0.line
    }

    async fn after_batch(&self, drafts: &[&Draft], context: &mut Context<'_>) -> Result<()> {
        let taken: BTreeSet<&str> = self.0.taken_by().map(|(_, source)| source.taking.field()).collect();
        let mut documents = BTreeSet::new();
        for draft in drafts.iter().filter(|draft| !draft.is_new() && taken.iter().any(|field| draft.changed(field))) {
            documents.extend(draft.get(self.0.document).as_id());
        }
        for id in documents {
            let Some(document) = context.lock(self.0.document, id).await? else { continue };
            if document.get("status").as_text() == Some("draft") {
                continue;
            }
            let lines = lines_of(self.0, id, context).await?;
            let quantity = |line: &Record| number(line, "quantity");
            let values: Vec<(&'static str, &'static str)> = match self.0.line {
                crate::ORDER_LINE => {
                    let kept = |line: &Record| quantity(line) - number(line, "returned");
                    vec![
                        ("delivery_status", delivered(&lines)),
                        ("invoice_status", together(&lines, |line| number(line, "invoiced"), kept)),
                    ]
                }
                "return_line" => {
                    vec![("credit_status", together(&lines, |line| number(line, "credited"), quantity))]
                }
                _ => {
                    let made = |line: &Record| number(line, "ordered") + number(line, "contracted");
                    vec![("order_status", together(&lines, made, quantity))]
                }
            };
            let values: Vec<(&str, Value)> = values
                .into_iter()
                .map(|(field, state)| (field, Value::from(state)))
                .filter(|(field, state)| document.get(field) != state)
                .collect();
            if !values.is_empty() {
                context.update(self.0.document, id, values);
            }
        }
        Ok(())
    }
}
