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

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if std::mem::take(context.so_far(COMING, draft.id)) == 1
            && let Some(owner) = draft.get("owner").as_id()
        {
            *context.so_far(&capacity::coming(self.0), owner) -= 1;
        }
        Ok(())
    }
}

/// Records of a batch that have been counted for their new owner and are not written yet.
const COMING: &str = "counted for its owner";

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

    async fn received(&self, owner: Uuid, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        // What a file says was so already.
        if draft.imported {
            return Ok(());
        }
        let Some(full) = capacity::is_full(self.0, owner, Some(draft.id), context).await? else {
            *context.so_far(&capacity::coming(self.0), owner) += 1;
            *context.so_far(COMING, draft.id) = 1;
            return Ok(());
        };
        // A rule's choice is nobody's mistake: who has no room is passed by, and the record waits in a pool.
        let chosen = draft.is_new() && !draft.was_given("owner") && context.viewer.id != Some(owner);
        if chosen && let Some(pool) = first_pool(self.0, context).await? {
            draft.set("owner", Value::Null);
            draft.set("pool", pool);
        } else {
            context.refuse(FieldError::new("owner", "capacity_full", full.zh, full.en));
        }
        Ok(())
    }
}

/// The pool for everything of a kind: the first that was made of those that are open. Ids go by time.
pub(crate) async fn first_pool(object: &str, context: &mut Context<'_>) -> Result<Option<Uuid>> {
    let mut pools = context.find("pool", "object", object.into()).await?;
    pools.retain(|pool| pool.get("active").as_bool() == Some(true));
    Ok(pools.iter().map(|pool| pool.id).min())
}
