//! Where an opportunity stands in the forecast.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::Value;
use rust_decimal::Decimal;

/// Probabilities, in percent, from which on an opportunity counts as commit and as best case where its stage does not say.
const COMMIT: Decimal = Decimal::from_parts(80, 0, 0, false, 0);
const BEST_CASE: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// An open opportunity has the category of its stage until somebody says otherwise; one that is over has none.
pub(crate) struct ForecastCategory;

#[async_trait]
impl Rule for ForecastCategory {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("status").as_text() != Some("open") {
            draft.set("forecast_category", Value::Null);
            return Ok(());
        }
        let said = draft.was_given("forecast_category") && !draft.get("forecast_category").is_null();
        if said || !(draft.changed("stage") || draft.get("forecast_category").is_null()) {
            return Ok(());
        }
        let stage = match draft.get("stage").as_id() {
            Some(stage) => context.read("stage", stage).await?,
            None => None,
        };
        let of_stage = stage.map(|stage| stage.get("forecast_category").clone()).filter(|category| !category.is_null());
        let category = of_stage.unwrap_or_else(|| by_probability(draft.get("probability").as_decimal()).into());
        draft.set("forecast_category", category);
        Ok(())
    }
}

fn by_probability(probability: Option<Decimal>) -> &'static str {
    match probability {
        Some(percent) if percent >= COMMIT => "commit",
        Some(percent) if percent >= BEST_CASE => "best_case",
        _ => "pipeline",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_begin_at_their_probabilities() {
        let percent = |number: i64| by_probability(Some(Decimal::from(number)));
        assert_eq!(
            [0, 49, 50, 79, 80, 100].map(percent),
            ["pipeline", "pipeline", "best_case", "best_case", "commit", "commit"]
        );
        assert_eq!(by_probability(None), "pipeline");
    }
}
