//! Pools and the rules by which records come into them make sense.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value, error::excerpt};
use serde_json::json;

/// A pool has members, and its administrators are among them.
pub(crate) struct PoolRule;

#[async_trait]
impl Rule for PoolRule {
    fn object(&self) -> &'static str {
        "pool"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let mut members: Vec<Value> = draft.get("members").members().to_vec();
        let missing: Vec<Value> =
            draft.get("admins").members().iter().filter(|admin| !members.contains(admin)).cloned().collect();
        if !missing.is_empty() {
            members.extend(missing);
            draft.set("members", Value::List(members.clone()));
        }
        let somebody = draft.get("everybody").as_bool() == Some(true)
            || !members.is_empty()
            || !draft.get("departments").members().is_empty();
        if !somebody {
            context.refuse(FieldError::new(
                "members",
                "required",
                "请选择成员、部门，或设为全体成员",
                "name members or departments, or open it to everybody",
            ));
        }
        self.check_hidden(draft, context)?;
        // What it holds cannot become something else.
        if !draft.is_new() && draft.changed("object") {
            let before = draft.before("object").as_text().unwrap_or_default().to_owned();
            if context.count(&before, &json!(["pool", "=", draft.id])).await? > 0 {
                context.refuse(FieldError::new(
                    "object",
                    "in_use",
                    "公海里还有记录，不能改变存放的对象",
                    "there are records in it",
                ));
            }
        }
        Ok(())
    }
}

/// What a pool cannot hide: how one knows that a record is there, whose it is, and what the rules of pools go by.
const SHOWN: [&str; 10] = [
    "id",
    "owner",
    "department",
    "pool",
    "pooled_at",
    "former_owner",
    "owned_since",
    "recycle_at",
    "locked",
    "release_reason",
];

impl PoolRule {
    /// The fields that it hides are fields of what it holds, each once.
    fn check_hidden(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let Some(object) = draft.get("object").as_text() else { return Ok(()) };
        let definition = context.engine.object(object)?;
        let mut hidden: Vec<Value> = Vec::new();
        for name in draft.get("hidden_fields").members() {
            let text = name.as_text().unwrap_or_default();
            let shown = excerpt(text);
            let known = definition.field(text).filter(|field| {
                !(field.system || field.name == definition.title || SHOWN.contains(&field.name.as_str()))
            });
            if known.is_none() {
                context.refuse(FieldError::new(
                    "hidden_fields",
                    "unknown_field",
                    format!("“{shown}”不是可以隐藏的字段"),
                    format!("“{shown}” is no field that can be hidden"),
                ));
                return Ok(());
            }
            if !hidden.contains(name) {
                hidden.push(name.clone());
            }
        }
        draft.set("hidden_fields", Value::List(hidden));
        Ok(())
    }
}

/// A recycling rule says after how long, and into a pool of its own kind.
pub(crate) struct RecycleRuleRule;

#[async_trait]
impl Rule for RecycleRuleRule {
    fn object(&self) -> &'static str {
        "recycle_rule"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let days: Vec<i64> = ["idle_days", "no_opportunity_days", "no_deal_days"]
            .iter()
            .filter_map(|field| draft.get(field).as_int())
            .collect();
        let Some(shortest) = days.iter().min() else {
            context.refuse(FieldError::new(
                "idle_days",
                "required",
                "请至少填写一个天数条件",
                "give at least one number of days",
            ));
            return Ok(());
        };
        let customers = draft.get("object").as_text() == Some("customer");
        for field in ["no_opportunity_days", "no_deal_days", "levels"] {
            let given = !draft.get(field).is_null() && !matches!(draft.get(field), Value::List(all) if all.is_empty());
            if given && !customers {
                context.refuse(FieldError::new(field, "not_here", "只能用于客户", "it is for customers only"));
            }
        }
        if draft.get("warn_days").as_int().is_some_and(|warn| warn >= *shortest) {
            context.refuse(FieldError::new(
                "warn_days",
                "out_of_range",
                "提醒天数要小于条件天数",
                "less than the days of the conditions",
            ));
        }
        if let Some(pool) = draft.get("pool").as_id()
            && let Some(pool) = context.read("pool", pool).await?
            && pool.get("object") != draft.get("object")
        {
            context.refuse(FieldError::new(
                "pool",
                "wrong_pool",
                "该公海不存放这类记录",
                "the pool does not hold such records",
            ));
        }
        Ok(())
    }
}
