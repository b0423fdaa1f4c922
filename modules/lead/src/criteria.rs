//! Criteria of rules on leads: filters that are answered from the lead at hand, whether it is stored yet or not.

use guanxi_engine::{Context, Draft};
use guanxi_model::{Condition, FieldType, Filter, Label, ObjectDef, Operator, Value, filter::FilterContext, regions};
use jiff::SignedDuration;
use serde_json::Value as Json;
use std::sync::Arc;
use uuid::Uuid;

/// Reads criteria from their JSON form.
pub(crate) fn parse(text: &str, context: &Context<'_>) -> Result<Filter, Label> {
    let json: Json = serde_json::from_str(text).map_err(|error| {
        Label::new(format!("条件不是有效的 JSON：{error}"), format!("the criteria are not JSON: {error}"))
    })?;
    let catalogue = context.engine.catalogue();
    let Some(lead) = catalogue.object(crate::LEAD) else {
        return Err(Label::new("没有线索", "there are no leads"));
    };
    let settings = context.engine.settings();
    let asked = |days: i64, who: Uuid| FilterContext {
        now: context.now + SignedDuration::from_hours(24 * days),
        zone: settings.zone.clone(),
        rules: settings.rules.clone(),
        me: Some(who),
        my_department: Some(who),
    };
    let filter = Filter::parse(&json, &catalogue, lead, &asked(0, Uuid::nil())).map_err(|error| error.message)?;
    if filter.conditions().is_empty() {
        return Err(Label::new("请至少设置一个条件", "criteria have at least one condition"));
    }
    // What holds for a lead must hold until it changes, whoever asks.
    if Filter::parse(&json, &catalogue, lead, &asked(500, Uuid::max())).ok().as_ref() != Some(&filter) {
        return Err(Label::new(
            "条件不能使用“我”“今天”等随人或时间变化的值",
            "criteria cannot depend on who asks or when (me, today …)",
        ));
    }
    match filter.conditions().into_iter().find(|condition| !is_answered(condition, lead)) {
        Some(condition) => Err(Label::new(
            format!("条件不能使用字段“{}”：只能使用线索自己填写的字段", condition.field),
            format!("criteria cannot ask for “{}”: only for what people write into the lead itself", condition.field),
        )),
        None => Ok(filter),
    }
}

/// Can it be answered before the lead is stored? Not what other records hold, nor what comes of the rules themselves or after
/// them.
fn is_answered(condition: &Condition, lead: &Arc<ObjectDef>) -> bool {
    let Some(field) = lead.field(&condition.field) else { return false };
    condition.via.is_empty()
        && !field.system
        && !field.is_computed()
        && !matches!(field.name.as_str(), "score" | "rating" | "matching_customer")
        && (condition.operator != Operator::Under || field.effective() == FieldType::Region)
}

/// Does a lead meet criteria?
pub(crate) fn meets(filter: &Filter, lead: &Draft) -> bool {
    filter.matches(&|condition| lead.get(&condition.field).clone(), &lies_in)
}

/// Does a region lie in another, or is it the same? As the database compares them.
pub(crate) fn lies_in(above: &Value, region: &Value) -> bool {
    let (Some(above), Some(region)) = (above.as_text(), region.as_text()) else { return false };
    regions::under_prefixes(above).into_iter().any(|prefix| region.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_lie_in_those_above() {
        for (above, region, inside) in [
            ("440000", "440305", true),
            ("440300", "440305", true),
            ("440305", "440305", true),
            ("440305", "440306", false),
            ("310000", "440305", false),
            ("CN", "440305", true),
            ("CN", "US", false),
            ("440305", "440300", false),
        ] {
            assert_eq!(lies_in(&above.into(), &region.into()), inside, "{region} in {above}");
        }
        assert!(!lies_in(&Value::Null, &"440305".into()));
    }
}
