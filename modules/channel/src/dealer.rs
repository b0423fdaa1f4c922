//! On which level a dealer stands, and how long agreements hold.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};

/// The object.
const DEALER: &str = "dealer";
/// Levels of dealers.
const LEVELS: u8 = 5;

/// A dealer stands one level below the one that supplies it, and so do those that it supplies.
pub(crate) struct DealerLevel;

#[async_trait]
impl Rule for DealerLevel {
    fn object(&self) -> &'static str {
        DEALER
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let above = match draft.get("parent").as_id() {
            // Held, so that it does not move while this one takes its place below it.
            Some(parent) => context.lock(DEALER, parent).await?.map_or(0, |parent| level(parent.get("level"))),
            None => 0,
        };
        if above >= LEVELS {
            context.refuse(FieldError::new(
                "parent",
                "too_deep",
                "经销商最多五级",
                "there are five levels of dealers at most",
            ));
            return Ok(());
        }
        draft.set("level", (above + 1).to_string());
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() || !draft.changed("level") {
            return Ok(());
        }
        for below in context.find(DEALER, "parent", draft.id.into()).await? {
            // Nothing is said of it: the rule finds its level.
            context.update(DEALER, below.id, Vec::new());
        }
        Ok(())
    }
}

fn level(value: &Value) -> u8 {
    value.as_text().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// An agreement ends after it begins.
pub(crate) struct Agreement(pub &'static str);

#[async_trait]
impl Rule for Agreement {
    fn object(&self) -> &'static str {
        self.0
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if let (Value::Date(from), Value::Date(until)) = (draft.get("agreed_from"), draft.get("agreed_until"))
            && until < from
        {
            context.refuse(FieldError::new(
                "agreed_until",
                "ends_before_start",
                "到期不能早于开始",
                "it cannot end before it begins",
            ));
        }
        Ok(())
    }
}
