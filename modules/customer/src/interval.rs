//! How long a customer may go without anybody being in touch, and who is excused from it.

use crate::CUSTOMER;
use async_trait::async_trait;
use guanxi_engine::{Action, Chore, Context, Draft, Engine, Error, Result, Rule, Viewer};
use guanxi_model::{FieldError, Value};
use guanxi_store::{platform, records::Record};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde_json::json;
use std::{collections::HashMap, sync::Arc};

/// The object of the rules.
const RULE: &str = "contact_rule";
/// Longest time to be excused for, in days.
const LONGEST_EXCUSE: i64 = 366;

/// The moment after which a customer is overdue follows from the rules.
pub(crate) struct ContactDue;

#[async_trait]
impl Rule for ContactDue {
    fn object(&self) -> &'static str {
        CUSTOMER
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let rules = context.settings(RULE, "active").await?;
        let zone = context.engine.settings().zone.clone();
        let now = context.now;
        // Since when it is his is written after the rules.
        let taken = draft.changed("owner");
        let due = due(&rules, &zone, now, |field| match field {
            "owned_since" if taken => Value::Instant(now),
            _ => draft.get(field).clone(),
        });
        draft.set("contact_due_at", due);
        Ok(())
    }
}

/// By the first rule that fits, from the last contact or since it has its owner, whichever is later. Nothing for what nobody owns, and
/// for customers that are lost.
fn due(rules: &[Record], zone: &TimeZone, now: Timestamp, value: impl Fn(&str) -> Value) -> Option<Timestamp> {
    if value("owner").is_null() || value("life_cycle").as_text() == Some("lost") {
        return None;
    }
    let fits = |rule: &&Record| {
        let among = |list: &str, field: &str| {
            let members = rule.get(list).members();
            members.is_empty() || members.contains(&value(field))
        };
        among("levels", "level") && among("life_cycles", "life_cycle")
    };
    let rule = rules.iter().filter(fits).min_by_key(|rule| (rule.get("sort_order").as_int(), rule.id))?;
    let days = rule.get("days").as_int()?;
    let since =
        ["last_contact_at", "owned_since", "created_at"].into_iter().find_map(|field| value(field).as_instant());
    let due = since.unwrap_or(now).checked_add(SignedDuration::from_hours(24 * days)).ok()?;
    let excused = match value("excused_until") {
        Value::Date(day) => end_of(day, zone),
        _ => None,
    };
    Some(excused.map_or(due, |excused| excused.max(due)))
}

fn end_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.checked_add(1.day()).ok()?.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Excuses a customer from being contacted until a day, with a reason.
pub(crate) struct Excuse;

#[async_trait]
impl Action for Excuse {
    fn object(&self) -> &'static str {
        CUSTOMER
    }

    fn name(&self) -> &'static str {
        "excuse"
    }

    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        let today = context.now.to_zoned(context.engine.settings().zone.clone()).date();
        let Some(Value::Date(until)) = input.get("until") else { return Ok(()) };
        let days = i64::from((*until - today).get_days());
        if !(0..=LONGEST_EXCUSE).contains(&days) {
            context.refuse(FieldError::new(
                "until",
                "out_of_range",
                "应在今天到一年以内",
                "between today and a year from now",
            ));
            return Ok(());
        }
        let reason = input.get("reason").cloned().unwrap_or_default();
        if reason.as_text().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Error::invalid("reason", "required", "请填写原因", "a reason is required"));
        }
        context.update(CUSTOMER, record.id, vec![("excused_until", Value::Date(*until)), ("excuse", reason)]);
        Ok(())
    }
}

/// Customers whose moment is another since a rule changed get it during the night.
pub(crate) struct KeepDue;

#[async_trait]
impl Chore for KeepDue {
    fn name(&self) -> &'static str {
        "contact_due"
    }

    fn hour(&self) -> i8 {
        1
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let viewer = Viewer::system("contact_due");
        let rules = engine.find_all(&viewer, RULE, &json!(["active", "=", true])).await?;
        let (zone, now) = (engine.settings().zone.clone(), engine.now());
        // While the rules are what they were, few can have another moment: those whose owner changed without a save, and those of an
        // older release.
        let said = fingerprint(&rules, &zone);
        let known = platform::meta(engine.database(), FINGERPRINT).await?;
        let some = if known.as_ref() == Some(&said) {
            json!({"or": [["owned_since", "within", "last_2_days"], ["completeness", "is_null"]]})
        } else {
            json!({"or": [["owner", "not_null"], ["contact_due_at", "not_null"], ["completeness", "is_null"]]})
        };
        let decide = move |record: &Record| {
            let due = due(&rules, &zone, now, |field| record.get(field).clone());
            let stale = due != record.get("contact_due_at").as_instant() || record.get("completeness").is_null();
            // Nothing is said of it: the rules find it.
            stale.then(Vec::new)
        };
        let written = engine.sweep(&viewer, CUSTOMER, &some, Arc::new(decide)).await?;
        platform::set_meta(engine.database(), FINGERPRINT, &said).await?;
        if written > 0 {
            tracing::info!(written, "customers have another day by which they are to be contacted");
        }
        Ok(())
    }
}

/// The rules that all customers were last looked at by.
const FINGERPRINT: &str = "contact_due.rules";

fn fingerprint(rules: &[Record], zone: &TimeZone) -> String {
    let mut words: Vec<String> = rules
        .iter()
        .map(|rule| {
            let said = ["sort_order", "levels", "life_cycles", "days"].map(|field| format!("{:?}", rule.get(field)));
            format!("{} {}", rule.id, said.join(" "))
        })
        .collect();
    words.sort();
    words.extend(zone.iana_name().map(str::to_owned));
    words.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn rule(order: i64, levels: &[&str], days: i64) -> Record {
        let levels: Vec<Value> = levels.iter().map(|level| Value::from(*level)).collect();
        let levels = if levels.is_empty() { Value::Null } else { Value::List(levels) };
        let values = [("sort_order", order.into()), ("levels", levels), ("days", days.into())];
        let values = values.into_iter().map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect();
        Record { id: Uuid::from_u128(u128::try_from(order).unwrap_or_default()), version: 1, deleted_at: None, values }
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let rules = [rule(2, &[], 30), rule(1, &["vip"], 7)];
        let due = |pairs: &[(&str, Value)]| {
            let known: HashMap<&str, Value> = pairs.iter().cloned().collect();
            let now = moment("2026-11-21T02:00:00Z");
            due(&rules, &TimeZone::fixed(jiff::tz::offset(8)), now, |field| {
                known.get(field).cloned().unwrap_or_default()
            })
        };
        let owner = ("owner", Value::Id(Uuid::max()));
        let last = ("last_contact_at", Value::Instant(moment("2026-11-01T00:00:00Z")));
        assert_eq!(due(&[owner.clone(), last.clone()]), Some(moment("2026-12-01T00:00:00Z")));
        assert_eq!(due(&[owner.clone(), last.clone(), ("level", "vip".into())]), Some(moment("2026-11-08T00:00:00Z")));
        assert_eq!(due(std::slice::from_ref(&last)), None, "nobody's");
        assert_eq!(due(&[owner.clone(), ("life_cycle", "lost".into())]), None);
        let excused = ("excused_until", Value::Date(jiff::civil::date(2026, 12, 24)));
        assert_eq!(
            due(&[owner.clone(), last, excused]),
            Some(moment("2026-12-24T16:00:00Z")),
            "that day is still free"
        );
        let since = ("owned_since", Value::Instant(moment("2026-11-20T00:00:00Z")));
        assert_eq!(due(&[owner, since]), Some(moment("2026-12-20T00:00:00Z")));
    }
}
