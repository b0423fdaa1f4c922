//! How far an opportunity has come, when it last moved, and how long it took: what boards and figures go by.

use async_trait::async_trait;
use guanxi_engine::{Chore, Context, Draft, Engine, Follower, Result, Rule, Viewer};
use guanxi_model::Value;
use guanxi_store::{changes::Change, records::Record};
use jiff::Timestamp;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Keeps furthest stage, last movement and length of the cycle in step with the opportunity.
pub(crate) struct Progress;

#[async_trait]
impl Rule for Progress {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let moved = draft.changed("stage");
        let stands = !draft.get("stage").is_null();
        if stands && !draft.was_given("furthest_stage") && (moved || draft.get("furthest_stage").is_null()) {
            let furthest = furthest(draft, context).await?;
            draft.set("furthest_stage", furthest);
        }
        if stands && !draft.was_given("moved_at") {
            if moved {
                let past = if draft.imported && draft.is_new() { draft.get("created_at").as_instant() } else { None };
                draft.set("moved_at", past.unwrap_or(context.now));
            } else if draft.get("moved_at").is_null() {
                let known = last_movement(draft.id, context).await?;
                draft.set("moved_at", known.or_else(|| draft.get("created_at").as_instant()));
            }
        }
        let open = draft.get("status").as_text() == Some("open");
        let days = match (draft.get("opened_on"), draft.get("close_date")) {
            (Value::Date(from), Value::Date(to)) if !open => Some(i64::from((*to - *from).get_days()).max(0)),
            _ => None,
        };
        draft.set("cycle_days", days);
        Ok(())
    }
}

/// The last stage of the pipeline that it has come to. Lost is none: it ends there wherever it stood. Won is one only while it is won.
async fn furthest(draft: &Draft, context: &mut Context<'_>) -> Result<Option<Uuid>> {
    let Some(pipeline) = draft.get("pipeline").as_id() else { return Ok(None) };
    let stages = context.find("stage", "pipeline", pipeline.into()).await?;
    let of = |id: Option<Uuid>| stages.iter().find(|stage| Some(stage.id) == id);
    let kind = |stage: &Record| stage.get("kind").as_text().unwrap_or_default().to_owned();
    let now = of(draft.get("stage").as_id());
    let before = of(draft.before("furthest_stage").as_id()).filter(|stage| kind(stage) == "open");
    let mut seen: Vec<&Record> = now.into_iter().filter(|stage| kind(stage) != "lost").chain(before).collect();
    if !draft.is_new() && before.is_none() {
        // Its history knows, where it was won before or comes from an older release.
        for change in context.find("stage_change", "opportunity", draft.id.into()).await? {
            let both = ["from_stage", "to_stage"].map(|field| of(change.get(field).as_id()));
            seen.extend(both.into_iter().flatten().filter(|stage| kind(stage) == "open"));
        }
        seen.extend(of(draft.before("stage").as_id()).filter(|stage| kind(stage) == "open"));
    }
    let order = |stage: &&Record| (stage.get("sort_order").as_int(), stage.id);
    let furthest = seen.into_iter().max_by_key(order);
    // Whoever was lost at once had at least begun.
    let first = || stages.iter().filter(|stage| kind(stage) == "open").min_by_key(order);
    Ok(furthest.or_else(first).map(|stage| stage.id))
}

/// When it last changed its stage or was talked about.
async fn last_movement(opportunity: Uuid, context: &mut Context<'_>) -> Result<Option<Timestamp>> {
    let mut last = None;
    for (object, field) in [("stage_change", "changed_at"), ("follow_up", "happened_at")] {
        let newest = context.newest(object, "opportunity", opportunity.into(), field).await?;
        last = last.max(newest.and_then(|found| found.get(field).as_instant()));
    }
    // What is planned has not happened yet.
    Ok(last.map(|moment| moment.min(context.now)))
}

/// A follow-up on an opportunity moves it.
pub(crate) struct Contacted;

#[async_trait]
impl Follower for Contacted {
    fn name(&self) -> &'static str {
        "opportunity_movement"
    }

    fn objects(&self) -> &'static [&'static str] {
        &["follow_up"]
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        for opportunity in context.concerned(changes, "opportunity").await? {
            let Some(record) = context.read("opportunity", opportunity).await? else { continue };
            let last = last_movement(opportunity, context).await?;
            if last.is_some() && record.get("moved_at").as_instant() != last {
                context.update("opportunity", opportunity, vec![("moved_at", last.into())]);
            }
        }
        Ok(())
    }
}

/// Opportunities of an older release learn how far they have come.
pub(crate) struct CatchUp;

#[async_trait]
impl Chore for CatchUp {
    fn name(&self) -> &'static str {
        "opportunity_progress"
    }

    fn hour(&self) -> i8 {
        0
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let unknown = json!({"and": [
            ["stage", "not_null"],
            {"or": [
                ["furthest_stage", "is_null"],
                ["moved_at", "is_null"],
                {"and": [["status", "=", "open"], ["forecast_category", "is_null"]]},
            ]},
        ]});
        // Nothing is said of them: the rule finds it.
        let written =
            engine.sweep(&Viewer::system("progress"), "opportunity", &unknown, Arc::new(|_| Some(Vec::new()))).await?;
        if written > 0 {
            tracing::info!(written, "opportunities have learnt how far they have come");
        }
        Ok(())
    }
}
