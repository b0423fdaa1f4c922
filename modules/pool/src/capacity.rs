//! How much somebody may own at a time (库容).

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Label, Value};
use guanxi_store::records::Record;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Why somebody cannot own one more, if so. Whoever asks for the same person waits until this transaction ends, so that two at
/// once do not both take the last place.
pub(crate) async fn is_full(
    object: &'static str,
    owner: Uuid,
    but: Option<Uuid>,
    context: &mut Context<'_>,
) -> Result<Option<Label>> {
    // Tests of the platform have no such object.
    if context.engine.object("capacity").is_err() {
        return Ok(None);
    }
    let mut rules = Vec::new();
    for rule in context.find("capacity", "object", object.into()).await? {
        if rule.get("active").as_bool() == Some(true) && concerns(&rule, owner, context).await? {
            rules.push(rule);
        }
    }
    if rules.is_empty() {
        return Ok(None);
    }
    context.hold("capacity", owner).await?;
    for rule in rules {
        let most = rule.get("most").as_int().unwrap_or(i64::MAX);
        let mut parts = vec![json!(["owner", "=", owner])];
        parts.extend(but.map(|id| json!(["id", "!=", id])));
        if let Some(spared) = not_counted(&rule) {
            parts.push(json!({"not": spared}));
        }
        let coming = *context.so_far(&coming(object), owner);
        if context.count(object, &json!({"and": parts})).await? + coming >= most {
            return Ok(Some(Label::new(
                format!("库容已满：每人最多 {most} 条"),
                format!("no room: at most {most} for each"),
            )));
        }
    }
    Ok(None)
}

/// How many of a batch somebody gets that are not written yet.
pub(crate) fn coming(object: &str) -> String {
    format!("coming: {object}")
}

async fn concerns(rule: &Record, owner: Uuid, context: &mut Context<'_>) -> Result<bool> {
    let users = rule.get("users").members();
    let departments = rule.get("departments").members();
    if users.contains(&Value::Id(owner)) || (users.is_empty() && departments.is_empty()) {
        return Ok(true);
    }
    let Some(user) = context.read("user", owner).await? else { return Ok(false) };
    let mut his: Vec<Uuid> = user.get("other_departments").members().iter().filter_map(Value::as_id).collect();
    his.extend(user.get("department").as_id());
    // A department of his, or one above it, is named. Trees are shallow, and have no circles.
    for mut department in his {
        loop {
            if departments.contains(&Value::Id(department)) {
                return Ok(true);
            }
            match context.read("department", department).await?.and_then(|found| found.get("parent").as_id()) {
                Some(parent) => department = parent,
                None => break,
            }
        }
    }
    Ok(false)
}

fn not_counted(rule: &Record) -> Option<Json> {
    rule.get("not_counted").as_text().and_then(|text| serde_json::from_str(text).ok())
}

/// What is not counted can be read.
pub(crate) struct CapacityRule;

#[async_trait]
impl Rule for CapacityRule {
    fn object(&self) -> &'static str {
        "capacity"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let Some(text) = draft.get("not_counted").as_text().map(str::to_owned) else { return Ok(()) };
        let object = draft.get("object").as_text().unwrap_or_default().to_owned();
        let problem = match serde_json::from_str::<Json>(&text) {
            Ok(filter) => context.check_filter(&object, &filter).err().map(|error| error.message()),
            Err(error) => Some(Label::new(format!("不是有效的 JSON：{error}"), format!("it is not JSON: {error}"))),
        };
        if let Some(problem) = problem {
            context.refuse(FieldError::new("not_counted", "bad_filter", problem.zh, problem.en));
        }
        Ok(())
    }
}
