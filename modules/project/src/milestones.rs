//! A project is as far as its milestones are.

use crate::{MILESTONE, PROJECT};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::Value;
use guanxi_store::records::Record;
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

/// The day it was done, and what that makes of the project.
pub(crate) struct MilestoneRule;

#[async_trait]
impl Rule for MilestoneRule {
    fn object(&self) -> &'static str {
        MILESTONE
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        done_on(draft, context);
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if !["status", "weight", "project"].iter().any(|field| draft.changed(field)) {
            return Ok(());
        }
        let now = draft.get("project").as_id();
        let before = draft.before("project").as_id().filter(|before| now != Some(*before));
        for project in now.into_iter().chain(before) {
            sum_up(project, context).await?;
        }
        Ok(())
    }

    async fn after_removal(&self, milestone: &Record, context: &mut Context<'_>) -> Result<()> {
        match milestone.get("project").as_id() {
            Some(project) => sum_up(project, context).await,
            None => Ok(()),
        }
    }
}

/// What is marked as done was done today, unless somebody says when; what is not done has no such day.
pub(crate) fn done_on(draft: &mut Draft, context: &Context<'_>) {
    match (draft.get("status").as_text(), draft.get("done_on").is_null()) {
        (Some("done"), true) => {
            let today = context.now.to_zoned(context.engine.settings().zone.clone()).date();
            draft.set("done_on", Value::Date(today));
        }
        (Some("done"), false) => {}
        _ => draft.set("done_on", Value::Null),
    }
}

/// The weight of what is done, in percent of all that is not skipped; nothing without milestones.
async fn sum_up(project: Uuid, context: &mut Context<'_>) -> Result<()> {
    // Two that finish at once wait for each other here.
    let Some(known) = context.lock(PROJECT, project).await? else { return Ok(()) };
    let milestones = context.find(MILESTONE, "project", project.into()).await?;
    let weight = |status: &[&str]| -> i64 {
        let some = milestones.iter().filter(|one| one.get("status").as_text().is_some_and(|now| status.contains(&now)));
        some.filter_map(|one| one.get("weight").as_int()).sum()
    };
    let (done, all) = (weight(&["done"]), weight(&["done", "open"]));
    let progress = (all > 0).then(|| {
        let part = Decimal::from(done * 100) / Decimal::from(all);
        Value::Decimal(part.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
    });
    let progress = progress.unwrap_or_default();
    if known.get("progress") != &progress {
        context.update(PROJECT, project, vec![("progress", progress)]);
    }
    Ok(())
}
