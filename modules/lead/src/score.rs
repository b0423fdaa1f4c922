//! How promising a lead is: the points of the scoring rules that it meets.

use crate::{OPEN, criteria};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};

/// Points from which on a lead is hot, and warm.
const HOT: i64 = 60;
const WARM: i64 = 30;

/// Score and rating follow the rules, as long as something is to be done with the lead: what is over keeps what it had.
pub(crate) struct ScoreLead;

#[async_trait]
impl Rule for ScoreLead {
    fn object(&self) -> &'static str {
        crate::LEAD
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let open = draft.get("status").as_text().is_some_and(|status| OPEN.contains(&status));
        if !open && !draft.is_new() {
            return Ok(());
        }
        let rules = context.settings("lead_score_rule", "active").await?;
        let mut score = None;
        for rule in rules.iter() {
            let filter = match criteria::parse(rule.get("criteria").as_text().unwrap_or_default(), context) {
                Ok(filter) => filter,
                Err(problem) => {
                    let name = rule.get("name").as_text().unwrap_or_default();
                    tracing::error!(name, problem = problem.en, "a scoring rule cannot be read; it gives no points");
                    continue;
                }
            };
            let points = rule.get("points").as_int().unwrap_or_default();
            let so_far = score.get_or_insert(0_i64);
            if criteria::meets(&filter, draft) {
                *so_far += points;
            }
        }
        let score = score.map(|score| score.max(0));
        draft.set("score", score);
        draft.set("rating", score.map(rating));
        Ok(())
    }
}

fn rating(score: i64) -> &'static str {
    match score {
        HOT.. => "hot",
        WARM.. => "warm",
        _ => "cold",
    }
}

/// A scoring rule can be read.
pub(crate) struct ScoreRuleRule;

#[async_trait]
impl Rule for ScoreRuleRule {
    fn object(&self) -> &'static str {
        "lead_score_rule"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        refuse_unreadable(draft.get("criteria").clone(), context);
        Ok(())
    }
}

/// Refuses criteria that cannot be answered.
pub(crate) fn refuse_unreadable(criteria: Value, context: &mut Context<'_>) {
    let Some(text) = criteria.as_text() else { return };
    if let Err(problem) = criteria::parse(text, context) {
        context.refuse(FieldError::new("criteria", "bad_filter", problem.zh, problem.en));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_begin_at_their_points() {
        for (score, expected) in [(0, "cold"), (29, "cold"), (30, "warm"), (59, "warm"), (60, "hot"), (1000, "hot")] {
            assert_eq!(rating(score), expected, "{score}");
        }
    }
}
