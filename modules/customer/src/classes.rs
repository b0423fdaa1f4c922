//! Classes of customers: life cycle, phase and grade. Rules move customers once a night, and every move is kept.

use crate::CUSTOMER;
use async_trait::async_trait;
use guanxi_engine::{Chore, Context, Decide, Draft, Engine, Result, Rule, Viewer};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use serde_json::{Value as Json, json};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};
use uuid::Uuid;

/// The object of the rules.
const RULE: &str = "customer_rule";
/// The fields that are classes, and where the history has them before and after.
const CLASSES: [(&str, &str, &str); 3] = [
    ("life_cycle", "from_life_cycle", "to_life_cycle"),
    ("phase", "from_phase", "to_phase"),
    ("level", "from_level", "to_level"),
];

/// Keeps every move.
pub(crate) struct ClassHistory;

#[async_trait]
impl Rule for ClassHistory {
    fn object(&self) -> &'static str {
        CUSTOMER
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        // What somebody begins with is no move.
        if draft.is_new() {
            return Ok(());
        }
        for (field, from, to) in CLASSES.into_iter().filter(|(field, ..)| draft.changed(field)) {
            // The classes stand in their own fields, whose rights are those of the customer's.
            let label = draft.object.field(field).map(|field| field.label.zh.clone()).unwrap_or_default();
            let (before, after) = (draft.before(field).clone(), draft.get(field).clone());
            let rule = context.viewer.is_system().then(|| context.viewer.name.clone());
            let (who, now) = (context.viewer.id, context.now);
            context.create(
                "customer_change",
                vec![
                    ("summary", label.into()),
                    ("customer", draft.id.into()),
                    ("field", field.into()),
                    (from, before),
                    (to, after),
                    ("rule", rule.into()),
                    ("changed_at", now.into()),
                    ("changed_by", who.into()),
                ],
            );
        }
        Ok(())
    }
}

/// A rule moves to a class that there is, from others, by criteria that can be read.
pub(crate) struct ClassRule;

#[async_trait]
impl Rule for ClassRule {
    fn object(&self) -> &'static str {
        RULE
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let class = draft.get("field").as_text().unwrap_or_default().to_owned();
        let customer = context.engine.object(CUSTOMER)?;
        let known = |value: &str| {
            customer.field(&class).is_some_and(|field| field.options.iter().any(|option| option.value == value))
        };
        let to = draft.get("to_value").as_text().unwrap_or_default().to_owned();
        if !to.is_empty() && !known(&to) {
            context.refuse(FieldError::new("to_value", "unknown_option", "没有这个选项值", "there is no such value"));
        }
        let from: Vec<String> =
            draft.get("from_values").members().iter().filter_map(|one| one.as_text().map(str::to_owned)).collect();
        if let Some(odd) = from.iter().find(|one| !known(one)) {
            context.refuse(FieldError::new(
                "from_values",
                "unknown_option",
                format!("没有选项值“{odd}”"),
                format!("there is no value “{odd}”"),
            ));
        }
        if from.contains(&to) {
            context.refuse(FieldError::new(
                "from_values",
                "same_class",
                "“原来是”不能包含要改成的值",
                "it would move customers to where they are",
            ));
        }
        let Some(text) = draft.get("criteria").as_text() else { return Ok(()) };
        let read = serde_json::from_str::<Json>(text).map_err(|error| {
            FieldError::new(
                "criteria",
                "bad_filter",
                format!("条件不是有效的 JSON：{error}"),
                format!("the criteria are not JSON: {error}"),
            )
        });
        match read {
            Err(problem) => context.refuse(problem),
            Ok(json) => {
                if let Err(error) = context.check_filter(CUSTOMER, &json) {
                    let message = error.message();
                    context.refuse(FieldError::new("criteria", "bad_filter", message.zh, message.en));
                }
            }
        }
        self.refuse_circle(draft, context).await
    }
}

impl ClassRule {
    /// Two rules with the same criteria that move to and fro would never come to rest.
    async fn refuse_circle(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("active").as_bool() != Some(true) {
            return Ok(());
        }
        let others = context.find(RULE, "active", true.into()).await?;
        let text = |value: &Value| value.as_text().unwrap_or_default().to_owned();
        let criteria = |value: &Value| serde_json::from_str::<Json>(&text(value)).ok();
        let takes = |from: &Value, value: &Value| from.is_null() || from.members().contains(value);
        let circle = others.iter().filter(|other| other.id != draft.id).find(|other| {
            other.get("field") == draft.get("field")
                && other.get("to_value") != draft.get("to_value")
                && criteria(other.get("criteria")) == criteria(draft.get("criteria"))
                && takes(other.get("from_values"), draft.get("to_value"))
                && takes(draft.get("from_values"), other.get("to_value"))
        });
        if let Some(other) = circle {
            let name = text(other.get("name"));
            context.refuse(FieldError::new(
                "criteria",
                "circular",
                format!("与规则“{name}”条件相同、方向相反，客户会来回变动"),
                format!("it would move customers back from where “{name}” moves them"),
            ));
        }
        Ok(())
    }
}

/// Moves those that match, the first rule first; nobody twice in a night.
pub(crate) struct Classify;

#[async_trait]
impl Chore for Classify {
    fn name(&self) -> &'static str {
        "customer_classes"
    }

    fn hour(&self) -> i8 {
        1
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let mut rules = engine.find_all(&Viewer::system("classes"), RULE, &json!(["active", "=", true])).await?;
        rules.sort_by_key(|rule| (rule.get("sort_order").as_int(), rule.id));
        for (class, ..) in CLASSES {
            let moved: Arc<Mutex<HashSet<Uuid>>> = Arc::default();
            for rule in rules.iter().filter(|rule| rule.get("field").as_text() == Some(class)) {
                let name = rule.get("name").as_text().unwrap_or_default();
                match apply(engine, rule, class, &moved).await {
                    Ok(0) => {}
                    Ok(count) => tracing::info!(rule = name, count, "customers have gone to another class"),
                    // A field may have gone since the rule was written; the others hold nevertheless.
                    Err(error) => tracing::warn!(rule = name, %error, "a rule on classes cannot be applied"),
                }
            }
        }
        Ok(())
    }
}

async fn apply(engine: &Engine, rule: &Record, class: &'static str, moved: &Arc<Mutex<HashSet<Uuid>>>) -> Result<u64> {
    let (Some(to), Some(criteria)) = (rule.get("to_value").as_text(), rule.get("criteria").as_text()) else {
        return Ok(0);
    };
    let criteria: Json = serde_json::from_str(criteria).unwrap_or_default();
    let mut filter = vec![criteria, json!({"not": [class, "=", to]})];
    let from: Vec<&str> = rule.get("from_values").members().iter().filter_map(Value::as_text).collect();
    if !from.is_empty() {
        filter.push(json!([class, "in", from]));
    }
    let (to, moved) = (to.to_owned(), moved.clone());
    let decide: Decide = Arc::new(move |record| {
        let first = moved.lock().is_ok_and(|mut moved| moved.insert(record.id));
        first.then(|| vec![(class, Value::from(to.as_str()))])
    });
    let name = rule.get("name").as_text().unwrap_or_default();
    engine.sweep(&Viewer::system(name), CUSTOMER, &json!({"and": filter}), decide).await
}
