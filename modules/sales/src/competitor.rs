//! Competitors met over opportunities.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};

/// The object.
const MET: &str = "opportunity_competitor";

/// A meeting is named after the competitor; the first over an opportunity is its main one unless somebody says another.
pub(crate) struct MetRule;

#[async_trait]
impl Rule for MetRule {
    fn object(&self) -> &'static str {
        MET
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if let Some(competitor) = draft.get("competitor").as_id()
            && let Some(competitor) = context.read("competitor", competitor).await?
        {
            draft.set("name", competitor.get("name").clone());
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.is_new() {
            return Ok(());
        }
        let Some(opportunity) = draft.get("opportunity").as_id() else { return Ok(()) };
        let Some(record) = context.lock("opportunity", opportunity).await? else { return Ok(()) };
        if record.get("competitor").is_null() {
            context.update("opportunity", opportunity, vec![("competitor", draft.get("competitor").clone())]);
        }
        Ok(())
    }
}

/// A competitor's new name is what he is called wherever he was met.
pub(crate) struct CompetitorRule;

#[async_trait]
impl Rule for CompetitorRule {
    fn object(&self) -> &'static str {
        "competitor"
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() || !draft.changed("name") {
            return Ok(());
        }
        for met in context.find(MET, "competitor", draft.id.into()).await? {
            context.update(MET, met.id, vec![("name", draft.get("name").clone())]);
        }
        Ok(())
    }
}
