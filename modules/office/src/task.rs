//! Tasks: whom they are about, and the next one of those that repeat.

use crate::repeat::Repeat;
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use jiff::Timestamp;

/// A task about an opportunity is about its customer.
pub(crate) struct TaskCustomer;

#[async_trait]
impl Rule for TaskCustomer {
    fn object(&self) -> &'static str {
        "task"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("customer").is_null()
            && draft.changed("opportunity")
            && let Some(id) = draft.get("opportunity").as_id()
            && let Some(opportunity) = context.read("opportunity", id).await?
        {
            draft.set("customer", opportunity.get("customer").clone());
        }
        Ok(())
    }
}

/// When a task was done.
pub(crate) struct TaskDone;

#[async_trait]
impl Rule for TaskDone {
    fn object(&self) -> &'static str {
        "task"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("status").as_text() != Some("done") {
            draft.set("done_at", Value::Null);
        } else if draft.changed("status") && !(draft.is_new() && draft.imported) {
            draft.set("done_at", context.now);
        }
        Ok(())
    }
}

/// What the next task has from the one that is done.
const KEPT: [&str; 9] =
    ["name", "kind", "priority", "remind_minutes", "followers", "customer", "opportunity", "description", "owner"];

/// A task that repeats makes the next one when it is done: due at the next time of its rule that is still to come.
pub(crate) struct NextTask;

#[async_trait]
impl Rule for NextTask {
    fn object(&self) -> &'static str {
        "task"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let (starts, due) = (draft.get("starts_at").as_instant(), draft.get("due_at").as_instant());
        if starts.zip(due).is_some_and(|(starts, due)| starts > due) {
            context.refuse(FieldError::new(
                "starts_at",
                "ends_before_start",
                "开始不能晚于截止",
                "it cannot start after it is due",
            ));
        }
        let Some(text) = draft.get("repeat").as_text().map(str::to_owned) else { return Ok(()) };
        let Some(due) = due else {
            context.refuse(FieldError::new(
                "due_at",
                "required",
                "重复的任务需要截止时间",
                "a task that repeats has to be due at some time",
            ));
            return Ok(());
        };
        let zone = context.engine.settings().zone.clone();
        match Repeat::read(&text, due, &zone) {
            Ok(repeat) => draft.set("repeat", repeat.to_string()),
            // The last one of its rule has nothing after it.
            Err(problem) if draft.changed("repeat") || draft.changed("due_at") => context.refuse(problem),
            Err(_) => {}
        }
        let done = draft.get("status").as_text() == Some("done") && draft.before("status").as_text() == Some("open");
        if done && draft.get("next_task").is_null() && !draft.imported {
            follow_on(draft, due, context);
        }
        Ok(())
    }
}

fn follow_on(draft: &mut Draft, due: Timestamp, context: &mut Context<'_>) {
    let zone = context.engine.settings().zone.clone();
    let Some(repeat) = draft.get("repeat").as_text().and_then(|text| Repeat::read(text, due, &zone).ok()) else {
        return;
    };
    let Some(next) = repeat.next_after(due, &zone, due.max(context.now)) else { return };
    let passed = repeat.between(due, &zone, due, next, usize::MAX).len();
    let Some(rest) = repeat.after_times(passed) else { return };
    let mut values: Vec<(&str, Value)> = KEPT.iter().map(|field| (*field, draft.get(field).clone())).collect();
    let starts =
        draft.get("starts_at").as_instant().and_then(|starts| next.checked_sub(starts.duration_until(due)).ok());
    values.extend([("due_at", next.into()), ("starts_at", starts.into()), ("repeat", rest.to_string().into())]);
    let next = context.create_with_id("task", values);
    draft.set("next_task", next);
}
