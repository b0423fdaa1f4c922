//! What must be so before an opportunity may stand in a stage.

use crate::buying::decider_named;
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use serde_json::json;

/// Whoever moves an opportunity into a stage has filled what the stage asks for. Only a file may say otherwise about the past.
pub(crate) struct EntryConditions;

#[async_trait]
impl Rule for EntryConditions {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.imported || !draft.changed("stage") {
            return Ok(());
        }
        let Some(to) = draft.get("stage").as_id() else { return Ok(()) };
        let Some(to) = context.read("stage", to).await? else { return Ok(()) };
        let tasks = to.get("tasks_done").as_bool() == Some(true);
        let decider = to.get("decider_named").as_bool() == Some(true);
        if (to.get("required_fields").is_null() && !tasks && !decider) || goes_back(draft, &to, context).await? {
            return Ok(());
        }
        refuse_empty(draft, &to, context)?;
        if tasks && !draft.is_new() {
            let open = json!({"and": [["opportunity", "=", draft.id], ["status", "=", "open"]]});
            let left = context.count("task", &open).await?;
            if left > 0 {
                let name = name_of(&to);
                context.refuse(FieldError::new(
                    "stage",
                    "open_tasks",
                    format!("进入“{name}”前请完成待办任务（还有 {left} 项）"),
                    format!("finish its open tasks before “{name}” ({left} left)"),
                ));
            }
        }
        // A new one has nobody yet; it may begin where all begin.
        let begins = decider && draft.is_new() && is_first(&to, context).await?;
        if decider && !begins && !decider_named(draft.id, context).await? {
            let name = name_of(&to);
            context.refuse(FieldError::new(
                "stage",
                "no_decider",
                format!("进入“{name}”前请在购买决策链中指定决策者"),
                format!("name a decider in its buying centre before “{name}”"),
            ));
        }
        Ok(())
    }
}

fn name_of(stage: &Record) -> &str {
    stage.get("name").as_text().unwrap_or_default()
}

/// Does no open stage of its pipeline stand before it?
async fn is_first(stage: &Record, context: &mut Context<'_>) -> Result<bool> {
    let before = json!({"and": [
        ["pipeline", "=", stage.get("pipeline").as_id()],
        ["kind", "=", "open"],
        ["sort_order", "<", stage.get("sort_order").as_int().unwrap_or_default()],
    ]});
    Ok(context.count("stage", &before).await? == 0)
}

/// Names every field that the stage asks for and that is empty. One that the writer may not see is not named.
fn refuse_empty(draft: &Draft, to: &Record, context: &mut Context<'_>) -> Result<()> {
    let name = name_of(to);
    let mut unseen = false;
    for field in to.get("required_fields").members().iter().filter_map(Value::as_text) {
        // A field of the workspace's own may have gone since.
        let Some(field) = draft.object.field(field) else { continue };
        let empty = match draft.get(&field.name) {
            Value::Text(text) => text.trim().is_empty(),
            value => value.is_null(),
        };
        if !empty {
            continue;
        }
        if !context.may_see(&draft.object.name, &field.name)? {
            unseen = true;
            continue;
        }
        context.refuse(FieldError::new(
            &field.name,
            "required_for_stage",
            format!("进入“{name}”前请填写{}", field.label.zh),
            format!("{} is needed before “{name}”", field.label.en),
        ));
    }
    if unseen {
        context.refuse(FieldError::new(
            "stage",
            "required_for_stage",
            format!("进入“{name}”还需要填写您无权查看的内容，请联系主管"),
            format!("“{name}” needs what you may not see; ask your manager"),
        ));
    }
    Ok(())
}

/// Going back asks nothing. From an open stage back is what stands before it; from the end of the way, where it has been before: a
/// deal that is lost and taken up again does not skip anything by that.
async fn goes_back(draft: &Draft, to: &Record, context: &mut Context<'_>) -> Result<bool> {
    let Some(from) = draft.before("stage").as_id() else { return Ok(false) };
    let Some(from) = context.read("stage", from).await? else { return Ok(false) };
    if from.get("pipeline") != to.get("pipeline") || to.get("kind").as_text() != Some("open") {
        return Ok(false);
    }
    if from.get("kind").as_text() == Some("open") {
        return Ok(to.get("sort_order").as_int() < from.get("sort_order").as_int());
    }
    let been = json!({"and": [["opportunity", "=", draft.id], ["to_stage", "=", to.id]]});
    Ok(context.count("stage_change", &been).await? > 0)
}
