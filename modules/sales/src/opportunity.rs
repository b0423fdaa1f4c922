//! Status and probability follow the stage; closing stamps the date; every move is kept.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::Value;
use rust_decimal::Decimal;
use uuid::Uuid;

/// What the stage decides about an opportunity.
pub(crate) struct StageRule;

#[async_trait]
impl Rule for StageRule {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        choose_stage(draft, context).await?;
        if !draft.changed("stage") {
            return Ok(());
        }
        let Some(stage) = draft.get("stage").as_id() else { return Ok(()) };
        // A stage that does not exist is refused by validation, which names the field.
        let Some(stage) = context.read("stage", stage).await? else { return Ok(()) };
        let kind = stage.get("kind").clone();
        let closed = matches!(kind.as_text(), Some("won" | "lost"));
        draft.set("status", kind);
        if closed || !draft.was_given("probability") {
            draft.set("probability", stage.get("probability").clone());
        }
        // What a file says about the past stays as it is.
        if !draft.imported {
            let today = context.now.to_zoned(context.engine.settings().zone.clone()).date();
            if closed && !draft.was_given("close_date") {
                draft.set("close_date", Value::Date(today));
            }
            if draft.get("status").as_text() != Some("lost") && !draft.was_given("loss_reason") {
                draft.set("loss_reason", Value::Null);
            }
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.changed("stage") {
            return Ok(());
        }
        let from = draft.before("stage").as_id();
        let to = draft.get("stage").as_id();
        let (from_name, to_name) = (stage_name(from, context).await?, stage_name(to, context).await?);
        let since = match from {
            Some(_) => context.newest("stage_change", "opportunity", draft.id.into(), "changed_at").await?,
            None => None,
        };
        let since = since
            .map_or_else(|| draft.before("created_at").as_instant(), |change| change.get("changed_at").as_instant());
        let days = since.map(|since| days_between(since, context.now));
        let summary = if from.is_some() { format!("{from_name} → {to_name}") } else { to_name };
        let who = context.viewer.id;
        let now = context.now;
        context.create(
            "stage_change",
            vec![
                ("summary", summary.into()),
                ("opportunity", draft.id.into()),
                ("from_stage", from.into()),
                ("to_stage", to.into()),
                ("changed_at", now.into()),
                ("changed_by", who.into()),
                ("days", days.map_or(Value::Null, Value::Decimal)),
            ],
        );
        Ok(())
    }
}

/// Days with one decimal.
fn days_between(since: jiff::Timestamp, until: jiff::Timestamp) -> Decimal {
    let hours = until.duration_since(since).as_hours();
    Decimal::new(hours * 10 / 24, 1)
}

async fn stage_name(stage: Option<Uuid>, context: &mut Context<'_>) -> Result<String> {
    let Some(stage) = stage else { return Ok(String::new()) };
    let found = context.read("stage", stage).await?;
    Ok(found.and_then(|stage| stage.get("name").as_text().map(str::to_owned)).unwrap_or_default())
}

/// A missing pipeline is the stage's or the default one; a missing or foreign stage is the pipeline's first.
async fn choose_stage(draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    if !draft.is_new() && !draft.changed("pipeline") && !draft.changed("stage") {
        return Ok(());
    }
    let stage = match draft.get("stage").as_id() {
        Some(stage) => context.read("stage", stage).await?,
        None => None,
    };
    let stage_moved = draft.was_given("stage") && !draft.was_given("pipeline");
    if let Some(stage) = stage.as_ref().filter(|_| draft.get("pipeline").is_null() || stage_moved) {
        draft.set("pipeline", stage.get("pipeline").clone());
    }
    if draft.get("pipeline").is_null() {
        let defaults = context.find("pipeline", "is_default", true.into()).await?;
        draft.set("pipeline", defaults.first().map(|pipeline| pipeline.id));
    }
    let fits = stage.as_ref().is_some_and(|stage| stage.get("pipeline") == draft.get("pipeline"));
    if !fits && !draft.was_given("stage") {
        let mut stages = context.find("stage", "pipeline", draft.get("pipeline").clone()).await?;
        stages.retain(|stage| stage.get("kind").as_text() == Some("open"));
        stages.sort_by_key(|stage| stage.get("sort_order").as_int());
        draft.set("stage", stages.first().map(|stage| stage.id));
    }
    Ok(())
}
