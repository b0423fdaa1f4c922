//! A lead's name, and what its status brings with it.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};

/// Names leads, and keeps conversion to the action that does it.
pub(crate) struct StatusRule;

#[async_trait]
impl Rule for StatusRule {
    fn object(&self) -> &'static str {
        crate::LEAD
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("name").is_null() {
            let parts = ["company", "contact_name", "mobile", "phone"];
            let known: Vec<&str> = parts.iter().filter_map(|field| draft.get(field).as_text()).take(2).collect();
            let name: String = known.join(" · ").chars().take(200).collect();
            if !name.is_empty() {
                draft.set("name", name);
            }
        }
        let status = |value: &Value| value.as_text() == Some("converted");
        let (was, is) = (status(draft.before("status")), status(draft.get("status")));
        // A file may tell of what was converted elsewhere.
        if was != is && !draft.imported && !context.viewer.is_system() {
            let (code, zh, en) = if is {
                ("use_convert", "请用“转化”", "use the action “convert”")
            } else {
                ("already_converted", "已转化的线索不能改变状态", "the status of a converted lead cannot change")
            };
            context.refuse(FieldError::new("status", code, zh, en));
        }
        // What a file says about the past stays as it is.
        if draft.get("status").as_text() != Some("invalid") && !draft.was_given("invalid_reason") && !draft.imported {
            draft.set("invalid_reason", Value::Null);
        }
        Ok(())
    }
}
