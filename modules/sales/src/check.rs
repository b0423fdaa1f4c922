//! Spot checks (抽查): a supervisor verifies what somebody wrote down about a contact.

use async_trait::async_trait;
use guanxi_engine::{Action, Context, Error, Result};
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
