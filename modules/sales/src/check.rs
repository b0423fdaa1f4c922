//! Spot checks (抽查): a supervisor verifies what somebody wrote down about a contact.

use async_trait::async_trait;
use guanxi_access::Verb;
use guanxi_engine::{Action, Context, Draft, Error, Result, Rule};
use guanxi_model::Value;
use guanxi_store::records::Record;
use std::collections::HashMap;

/// Keeps what a check found. Nobody checks himself.
pub(crate) struct SpotCheck;

#[async_trait]
impl Action for SpotCheck {
    fn object(&self) -> &'static str {
        "follow_up"
    }

    fn name(&self) -> &'static str {
        "check"
    }

    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        let own = ["owner", "created_by"].iter().any(|field| record.get(field).as_id() == context.viewer.id);
        if own {
            return Err(Error::forbidden("不能抽查自己的跟进记录", "nobody checks his own records"));
        }
        // With whom it is only shared is no supervisor.
        let whose = |field: &str| record.get(field).as_id();
        if !context.would_hold(Verb::Update, "follow_up", whose("owner"), whose("department")).await? {
            return Err(Error::forbidden("只有主管可以抽查", "only a supervisor checks it"));
        }
        let given = |name: &str| input.get(name).cloned().unwrap_or_default();
        let (who, now) = (context.viewer.id, context.now);
        context.update(
            "follow_up",
            record.id,
            vec![
                ("checked", given("result")),
                ("check_remark", given("remark")),
                ("checked_by", who.into()),
                ("checked_at", now.into()),
            ],
        );
        Ok(())
    }
}

/// What was checked is checked no more once it says something else.
pub(crate) struct CheckedAsWritten;

#[async_trait]
impl Rule for CheckedAsWritten {
    fn object(&self) -> &'static str {
        "follow_up"
    }

    async fn before_save(&self, draft: &mut Draft, _: &mut Context<'_>) -> Result<()> {
        let rewritten =
            ["content", "kind", "customer", "contact", "happened_at"].iter().any(|field| draft.changed(field));
        if !draft.is_new() && rewritten {
            for field in ["checked", "checked_by", "checked_at", "check_remark"] {
                draft.set(field, Value::Null);
            }
        }
        Ok(())
    }
}
