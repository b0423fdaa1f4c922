//! Open leads get their score anew when a scoring rule changes: some hundred to a transaction, however many there are. How far
//! it has come stands in a record whose own change brings the next of them about, so that it goes on where it was cut off.

use crate::{LEAD, OPEN};
use async_trait::async_trait;
use guanxi_engine::{Context, Follower, Result};
use guanxi_model::{Condition, Filter, ObjectDef, Operand, Operator, Value};
use guanxi_store::{
    changes::Change,
    query::{Query, Start},
};
use uuid::Uuid;

/// The object that tells how far it has come, and the name of its one record.
const PROGRESS: &str = "lead_rescoring";
const NAME: &str = "线索";
/// Leads of one transaction.
const BATCH: usize = 500;

/// Rescores open leads.
pub(crate) struct Rescoring;

#[async_trait]
impl Follower for Rescoring {
    fn name(&self) -> &'static str {
        PROGRESS
    }

    fn objects(&self) -> &'static [&'static str] {
        &["lead_score_rule", PROGRESS]
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        let progress = context.find(PROGRESS, "name", NAME.into()).await?.into_iter().next();
        // A rule that changes meanwhile begins it anew: what was scored before went by the former one.
        if changes.iter().any(|change| change.object != PROGRESS) {
            let begin = vec![("running", true.into()), ("examined", 0.into()), ("reached", Value::Null)];
            match progress {
                Some(progress) => context.update(PROGRESS, progress.id, begin),
                None => context.create(PROGRESS, [vec![("name", NAME.into())], begin].concat()),
            }
            return Ok(());
        }
        let Some(progress) = progress.filter(|progress| progress.get("running").as_bool() == Some(true)) else {
            return Ok(());
        };
        let reached = progress.get("reached").as_text().and_then(|id| Uuid::try_parse(id).ok()).unwrap_or_default();
        let leads = open_after(reached, context).await?;
        for lead in &leads {
            // Nothing is said of it: the rule on leads finds whether its score is another now.
            context.update(LEAD, *lead, Vec::new());
        }
        let examined = progress.get("examined").as_int().unwrap_or_default() + leads.len() as i64;
        let last = leads.last().map(Uuid::to_string);
        context.update(
            PROGRESS,
            progress.id,
            vec![("running", (leads.len() == BATCH).into()), ("examined", examined.into()), ("reached", last.into())],
        );
        Ok(())
    }
}

/// The next open leads by id.
async fn open_after(reached: Uuid, context: &mut Context<'_>) -> Result<Vec<Uuid>> {
    let catalogue = context.engine.catalogue();
    let lead = context.engine.object(LEAD)?;
    let condition = |field: &str, operator, operand| {
        Filter::Is(Condition { via: Vec::new(), object: LEAD.to_owned(), field: field.to_owned(), operator, operand })
    };
    let open = OPEN.iter().map(|status| Value::from(*status)).collect();
    let filter = Filter::And(vec![
        condition("status", Operator::In, Operand::Many(open)),
        condition("id", Operator::Gt, Operand::One(reached.into())),
    ]);
    let scopes = |_: &ObjectDef| guanxi_access::RowFilter::All;
    let sql =
        Query::new(&catalogue, &lead, &scopes, context.tx.dialect()).page(&[], &filter, &[], &Start::First, BATCH);
    Ok(context.tx.query(&sql).await?.into_iter().filter_map(|mut row| row.pop()?.as_id()).collect())
}
