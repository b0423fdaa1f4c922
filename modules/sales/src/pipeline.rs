//! Pipelines and stages make sense, and stay while opportunities stand in them.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Error, Result, Rule};
use guanxi_model::{FieldDef, FieldError, FieldType, Value};
use guanxi_store::records::Record;
use serde_json::json;

/// Most fields that a stage may ask for.
const MOST_REQUIRED: usize = 30;

/// Fields of an opportunity that say where it stands: a stage cannot ask for them.
const PLACE: [&str; 3] = ["pipeline", "stage", "status"];

/// Can somebody fill it, so that a stage may ask for it?
fn can_be_filled(field: &FieldDef) -> bool {
    let kept = field.system || field.read_only || field.hidden || PLACE.contains(&field.name.as_str());
    !kept && !matches!(field.kind, FieldType::Formula | FieldType::AutoNumber)
}

/// A stage asks for fields that there are, and does not change its nature under what stands in it.
pub(crate) struct StageDefinition;

#[async_trait]
impl Rule for StageDefinition {
    fn object(&self) -> &'static str {
        "stage"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.changed("required_fields") {
            check_required(draft, context)?;
        }
        if draft.is_new() {
            return Ok(());
        }
        for field in ["kind", "pipeline"] {
            if draft.changed(field) {
                // How many there are is for those who may remove it.
                if context.count("opportunity", &json!(["stage", "=", draft.id])).await? > 0 {
                    context.refuse(FieldError::new(
                        field,
                        "stage_in_use",
                        "还有商机处于此阶段，不能修改",
                        "opportunities stand in this stage",
                    ));
                }
            }
        }
        Ok(())
    }

    async fn before_removal(&self, stage: &Record, context: &mut Context<'_>) -> Result<()> {
        let here = context.count("opportunity", &json!(["stage", "=", stage.id])).await?;
        if here > 0 {
            return Err(Error::conflict(
                "stage_in_use",
                format!("还有 {here} 个商机处于此阶段，请先把它们移到其他阶段"),
                format!("{here} opportunities stand in this stage; move them to another one first"),
            ));
        }
        let open = stage.get("kind").as_text() == Some("open");
        let Some(pipeline) = stage.get("pipeline").as_id().filter(|_| open) else { return Ok(()) };
        // Of a pipeline that is gone itself nothing needs to stay.
        if context.read("pipeline", pipeline).await?.is_none() {
            return Ok(());
        }
        let others = json!({"and": [["pipeline", "=", pipeline], ["kind", "=", "open"], ["id", "!=", stage.id]]});
        if context.count("stage", &others).await? == 0 {
            return Err(Error::conflict(
                "last_stage",
                "流程至少要有一个进行中的阶段",
                "a pipeline needs one open stage",
            ));
        }
        Ok(())
    }
}

fn check_required(draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    let opportunity = context.engine.object("opportunity")?;
    let mut known: Vec<Value> = Vec::new();
    for name in draft.get("required_fields").members() {
        let Some(name) = name.as_text() else { continue };
        if !opportunity.field(name).is_some_and(can_be_filled) {
            let name: String = name.chars().take(60).collect();
            context.refuse(FieldError::new(
                "required_fields",
                "unknown_field",
                format!("商机没有可以填写的字段“{name}”"),
                format!("an opportunity has no field “{name}” that can be filled"),
            ));
        } else if !known.iter().any(|one| one.as_text() == Some(name)) {
            known.push(name.into());
        }
    }
    if known.len() > MOST_REQUIRED {
        context.refuse(FieldError::new(
            "required_fields",
            "too_many",
            format!("最多 {MOST_REQUIRED} 个字段"),
            format!("at most {MOST_REQUIRED} fields"),
        ));
    }
    draft.set("required_fields", if known.is_empty() { Value::Null } else { Value::List(known) });
    Ok(())
}

/// One pipeline is the default, and none goes while opportunities are on their way through it.
pub(crate) struct PipelineDefinition;

#[async_trait]
impl Rule for PipelineDefinition {
    fn object(&self) -> &'static str {
        "pipeline"
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.changed("is_default") && draft.get("is_default").as_bool() == Some(true) {
            for other in context.find("pipeline", "is_default", true.into()).await? {
                if other.id != draft.id {
                    context.update("pipeline", other.id, vec![("is_default", false.into())]);
                }
            }
        }
        Ok(())
    }

    async fn before_removal(&self, pipeline: &Record, context: &mut Context<'_>) -> Result<()> {
        let here = context.count("opportunity", &json!(["pipeline", "=", pipeline.id])).await?;
        if here > 0 {
            return Err(Error::conflict(
                "pipeline_in_use",
                format!("还有 {here} 个商机使用此流程"),
                format!("{here} opportunities use this pipeline"),
            ));
        }
        if pipeline.get("is_default").as_bool() == Some(true) {
            return Err(Error::conflict(
                "default_pipeline",
                "请先把另一个流程设为默认",
                "make another pipeline the default first",
            ));
        }
        Ok(())
    }
}
