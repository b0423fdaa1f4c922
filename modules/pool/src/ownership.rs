//! Owner and pool exclude each other; what follows from either is kept here.

use crate::capacity;
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use uuid::Uuid;

/// What somebody's getting or losing a record brings with it.
pub(crate) struct Ownership(pub &'static str);

#[async_trait]
impl Rule for Ownership {
    fn object(&self) -> &'static str {
        self.0
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() && !draft.get("pool").is_null() && !draft.was_given("owner") {
            draft.set("owner", Value::Null);
        }
        if draft.changed("pool") && !draft.get("pool").is_null() {
            self.check_pool(draft, context).await?;
        }
        if draft.changed("owner")
            && let Some(owner) = draft.get("owner").as_id()
        {
            self.received(owner, draft, context).await?;
        }
        if draft.get("owner").is_null() && draft.changed("pool") && !draft.get("pool").is_null() {
            draft.set("pooled_at", context.now);
            draft.set("former_owner", draft.before("owner").clone());
            draft.set("recycle_at", Value::Null);
        }
        // Something has happened with it: whether it will be recycled is to be found out anew.
        if ["last_contact_at", "last_opportunity_at", "last_deal_at", "locked"].iter().any(|field| draft.changed(field))
        {
            draft.set("recycle_at", Value::Null);
        }
        Ok(())
    }
}

impl Ownership {
    async fn check_pool(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.is_new() && !context.viewer.is_system() {
            context.refuse(FieldError::new("pool", "read_only", "请用“退回公海”", "use the action “release”"));
        }
        let Some(id) = draft.get("pool").as_id() else { return Ok(()) };
        // One that does not exist is refused by validation, which names the field.
        let Some(pool) = context.read("pool", id).await? else { return Ok(()) };
        if pool.get("object").as_text() != Some(self.0) {
            context.refuse(FieldError::new(
                "pool",
                "wrong_pool",
                "该公海不存放这类记录",
                "the pool does not hold such records",
            ));
        }
        Ok(())
    }

    async fn received(&self, owner: Uuid, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        // What a file says was so already.
        if !draft.imported
            && let Some(full) = capacity::is_full(self.0, owner, Some(draft.id), context).await?
        {
            context.refuse(FieldError::new("owner", "capacity_full", full.zh, full.en));
        }
        Ok(())
    }
}
