//! Who has to report, and what is expected of him at least.

use crate::span::Span;
use guanxi_engine::{Engine, Result, Viewer};
use guanxi_model::Value;
use guanxi_store::records::Record;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// The object of the rules.
const RULE: &str = "report_rule";

/// The rules for a kind of report.
pub(crate) struct Duties {
    rules: Vec<Record>,
    /// Departments by what is above them.
    above: HashMap<Uuid, Option<Uuid>>,
}

impl Duties {
    /// Those that hold for a day or a week. On a weekend only the rules that say so ask for a daily report.
    pub(crate) async fn on(engine: &Engine, span: &Span) -> Result<Self> {
        let system = Viewer::system("work_reports");
        let filter = json!({"and": [["active", "=", true], ["kind", "=", span.kind()]]});
        let mut rules = engine.find_all(&system, RULE, &filter).await?;
        rules.retain(|rule| !span.is_weekend() || rule.get("weekends").as_bool() == Some(true));
        rules.sort_by_key(|rule| (rule.get("sort_order").as_int().unwrap_or_default(), rule.id));
        let departments = match rules.iter().any(|rule| !rule.get("departments").members().is_empty()) {
            true => engine.find_all(&system, "department", &json!(["name", "not_null"])).await?,
            false => Vec::new(),
        };
        let above = departments.iter().map(|one| (one.id, one.get("parent").as_id())).collect();
        Ok(Self { rules, above })
    }

    /// The first rule that fits a user.
    pub(crate) fn of(&self, user: &Record) -> Option<Duty<'_>> {
        self.rules.iter().find(|rule| self.fits(rule, user)).map(Duty)
    }

    fn fits(&self, rule: &Record, user: &Record) -> bool {
        let roles = rule.get("roles").members();
        let departments = rule.get("departments").members();
        let held = user.get("roles").members();
        (roles.is_empty() || roles.iter().any(|role| held.contains(role)))
            && (departments.is_empty() || self.is_under(departments, user.get("department").as_id()))
    }

    fn is_under(&self, departments: &[Value], mut department: Option<Uuid>) -> bool {
        // A tree has no more levels than departments.
        for _ in 0..=self.above.len() {
            let Some(here) = department else { return false };
            if departments.contains(&Value::Id(here)) {
                return true;
            }
            department = self.above.get(&here).copied().flatten();
        }
        false
    }
}

/// What a rule asks of somebody.
pub(crate) struct Duty<'r>(&'r Record);

impl Duty<'_> {
    /// How much of a measure, where it says anything.
    pub(crate) fn least(&self, measure: &str) -> Option<i64> {
        self.0.get(&format!("least_{measure}")).as_int()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: u128, values: &[(&str, Value)]) -> Record {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Record { id: Uuid::from_u128(id), version: 1, deleted_at: None, values }
    }

    #[test]
    fn a_rule_fits_by_role_and_department() {
        let id = |number: u128| Value::Id(Uuid::from_u128(number));
        let roles = |names: &[&str]| Value::List(names.iter().map(|name| Value::from(*name)).collect());
        let duties = Duties {
            rules: vec![
                record(1, &[("roles", roles(&["manager"])), ("least_visits", 1.into())]),
                record(2, &[("departments", Value::List(vec![id(10)])), ("least_visits", 2.into())]),
            ],
            // 12 is below 11, 11 below 10; 20 and 21 are above each other.
            above: [(10, None), (11, Some(10)), (12, Some(11)), (20, Some(21)), (21, Some(20))]
                .into_iter()
                .map(|(id, above)| (Uuid::from_u128(id), above.map(Uuid::from_u128)))
                .collect(),
        };
        let least = |names: &[&str], department: Value| {
            let user = record(3, &[("roles", roles(names)), ("department", department)]);
            duties.of(&user).and_then(|duty| duty.least("visits"))
        };
        assert_eq!(least(&["member"], id(12)), Some(2));
        assert_eq!(least(&["member", "manager"], id(12)), Some(1), "the first holds");
        assert_eq!(least(&["member"], id(20)), None);
        assert_eq!(least(&["member"], Value::Null), None);
        assert_eq!(least(&["manager"], Value::Null), Some(1));
    }
}
