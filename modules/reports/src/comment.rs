//! A comment is told to the report's author and to everybody who has commented on it before.

use crate::report::words_of_another;
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The object.
const COMMENT: &str = "report_comment";

/// Whom it is told, and whose words it is.
pub(crate) struct CommentRule;

#[async_trait]
impl Rule for CommentRule {
    fn object(&self) -> &'static str {
        COMMENT
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let me = context.viewer.id;
        if !draft.is_new() {
            if draft.changed("content") && me.is_some() && me != draft.before("owner").as_id() {
                context.refuse(words_of_another("content"));
            }
            let moved = me.is_some() && draft.changed("owner");
            for field in [draft.changed("report").then_some("report"), moved.then_some("owner")].into_iter().flatten() {
                context.refuse(FieldError::new(
                    field,
                    "fixed",
                    "评论不能移到别的汇报，也不能换人",
                    "a comment stays with its report and its author",
                ));
            }
            return Ok(());
        }
        if me.is_some() && draft.get("owner").as_id() != me {
            context.refuse(FieldError::new(
                "owner",
                "own_only",
                "只能以自己的名义评论",
                "everybody speaks for himself",
            ));
            return Ok(());
        }
        let Some(report) = draft.get("report").as_id() else { return Ok(()) };
        let mut told: BTreeSet<Uuid> = BTreeSet::new();
        told.extend(context.read("work_report", report).await?.and_then(|report| report.get("owner").as_id()));
        let mut spoke = BTreeSet::new();
        for other in context.find(COMMENT, "report", report.into()).await? {
            spoke.extend(other.get("owner").as_id());
        }
        for who in spoke {
            // To whom it was open once it may be closed now.
            if context.engine.is_open_to(who, "work_report", report).await? {
                told.insert(who);
            }
        }
        let author = draft.get("owner").as_id();
        let told: Vec<Value> = told.into_iter().filter(|who| Some(*who) != author).map(Value::Id).collect();
        draft.set("told", if told.is_empty() { Value::Null } else { Value::List(told) });
        Ok(())
    }
}
