//! Recycling: what an owner neglects goes into a pool, after a warning.

use crate::{POOLED, claim::days_after};
use async_trait::async_trait;
use guanxi_engine::{Chore, Engine, Result, Viewer};
use guanxi_model::Value;
use guanxi_store::records::Record;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// A rule as it is read for a night's work.
#[derive(Debug, Clone)]
struct Rule {
    name: String,
    pool: Uuid,
    all: bool,
    idle: Option<i64>,
    no_opportunity: Option<i64>,
    no_deal: Option<i64>,
    levels: Vec<Value>,
    exempt_signed: bool,
    warn: i64,
}

impl Rule {
    fn read(record: &Record) -> Option<Self> {
        let days = |field: &str| record.get(field).as_int().filter(|days| *days > 0);
        Some(Self {
            name: record.get("name").as_text().unwrap_or_default().to_owned(),
            pool: record.get("pool").as_id()?,
            all: record.get("match").as_text() == Some("all"),
            idle: days("idle_days"),
            no_opportunity: days("no_opportunity_days"),
            no_deal: days("no_deal_days"),
            levels: record.get("levels").members().to_vec(),
            exempt_signed: record.get("exempt_signed").as_bool() == Some(true),
            warn: days("warn_days").unwrap_or_default(),
        })
    }

    /// What it looks at: days, and the field that says since when.
    fn conditions(&self) -> impl Iterator<Item = (i64, &'static str)> {
        let named = [
            (self.idle, "last_contact_at"),
            (self.no_opportunity, "last_opportunity_at"),
            (self.no_deal, "last_deal_at"),
        ];
        named.into_iter().filter_map(|(days, field)| days.map(|days| (days, field)))
    }

    /// Which records it may concern by now, its warning included. Exact is [`Rule::due`].
    fn candidates(&self, now: Timestamp, zone: &TimeZone) -> Json {
        let before =
            |days: i64| now.checked_sub(SignedDuration::from_hours(24 * (days - self.warn))).unwrap_or(Timestamp::MIN);
        let mut parts = vec![json!(["owner", "not_null"]), json!({"not": ["locked", "=", true]})];
        let conditions: Vec<Json> = self
            .conditions()
            .map(|(days, field)| {
                let cutoff = before(days);
                let limit = if field == "last_deal_at" {
                    // A day counts from its beginning; one more is looked at than need be.
                    json!(cutoff.to_zoned(zone.clone()).date().tomorrow().ok())
                } else {
                    json!(cutoff)
                };
                let held = json!({"or": [["owned_since", "<=", cutoff], ["owned_since", "is_null"]]});
                json!({"and": [held, {"or": [[field, "is_null"], [field, "<=", limit]]}]})
            })
            .collect();
        parts.push(if self.all { json!({"and": conditions}) } else { json!({"or": conditions}) });
        if !self.levels.is_empty() {
            let levels: Vec<&str> = self.levels.iter().filter_map(Value::as_text).collect();
            parts.push(json!(["level", "in", levels]));
        }
        json!({"and": parts})
    }

    /// When it takes a record away, if it concerns it.
    fn due(&self, record: &Record, zone: &TimeZone) -> Option<Timestamp> {
        // What is over is nobody's neglect: leads that were converted or found invalid.
        let over = matches!(record.get("status").as_text(), Some("converted" | "invalid"));
        let spared = over
            || record.get("owner").is_null()
            || record.get("locked").as_bool() == Some(true)
            || (!self.levels.is_empty() && !self.levels.contains(record.get("level")))
            || (self.exempt_signed && !record.get("last_deal_at").is_null());
        if spared {
            return None;
        }
        // Whoever has just got it has as long as anybody; what was there before this was kept counts from its beginning.
        let held = record.get("owned_since").as_instant().or_else(|| record.get("created_at").as_instant())?;
        let moments = self.conditions().map(|(days, field)| {
            let last = match record.get(field) {
                Value::Date(day) => day.to_zoned(zone.clone()).ok().map(|start| start.timestamp()),
                other => other.as_instant(),
            };
            days_after(last.map_or(held, |last| last.max(held)), days)
        });
        if self.all { moments.max() } else { moments.min() }
    }
}

/// What a night decides about a record: its owner loses it, or is warned, or the warning is taken back.
fn decide(rules: &[Rule], record: &Record, now: Timestamp, zone: &TimeZone) -> Option<Vec<(&'static str, Value)>> {
    let first = rules.iter().filter_map(|rule| Some((rule.due(record, zone)?, rule))).min_by_key(|(due, _)| *due);
    let warned = record.get("recycle_at").as_instant();
    match first {
        Some((due, rule)) if due <= now => Some(vec![
            ("owner", Value::Null),
            ("pool", rule.pool.into()),
            ("release_reason", rule.name.as_str().into()),
        ]),
        Some((due, rule)) => {
            let soon = rule.warn > 0 && due <= days_after(now, rule.warn);
            let wanted = soon.then_some(due);
            (wanted != warned).then(|| vec![("recycle_at", wanted.into())])
        }
        None => warned.map(|_| vec![("recycle_at", Value::Null)]),
    }
}

/// Every night, all rules.
pub(crate) struct Recycle;

#[async_trait]
impl Chore for Recycle {
    fn name(&self) -> &'static str {
        "recycle"
    }

    fn hour(&self) -> i8 {
        2
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let viewer = Viewer::system("recycle");
        let now = engine.now();
        let zone = engine.settings().zone.clone();
        for object in POOLED {
            let filter = json!({"and": [["object", "=", object], ["active", "=", true]]});
            let stored = engine.find_all(&viewer, "recycle_rule", &filter).await?;
            // What is switched off takes nothing in: nobody would see it there.
            let open = engine.find_all(&viewer, "pool", &json!(["active", "=", true])).await?;
            let open: Vec<Uuid> = open.iter().map(|pool| pool.id).collect();
            let rules: Vec<Rule> =
                stored.iter().filter_map(Rule::read).filter(|rule| open.contains(&rule.pool)).collect();
            // First what was warned: a rule may have been changed or switched off since.
            let mut filters = vec![json!(["recycle_at", "not_null"])];
            filters.extend(rules.iter().map(|rule| rule.candidates(now, &zone)));
            for filter in filters {
                let (rules, zone) = (rules.clone(), zone.clone());
                let decide = Arc::new(move |record: &Record| decide(&rules, record, now, &zone));
                let changed = engine.sweep(&viewer, object, &filter, decide).await?;
                if changed > 0 {
                    tracing::info!(object, changed, "recycling");
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    const DAY: i64 = 24;

    fn at(days: i64) -> Timestamp {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a moment");
        start + SignedDuration::from_hours(DAY * days)
    }

    fn record(values: &[(&str, Value)]) -> Record {
        let mut all: HashMap<String, Value> =
            HashMap::from([("owner".into(), Value::Id(Uuid::nil())), ("owned_since".into(), at(0).into())]);
        all.extend(values.iter().map(|(field, value)| ((*field).to_owned(), value.clone())));
        Record { id: Uuid::nil(), version: 1, deleted_at: None, values: all }
    }

    fn rule() -> Rule {
        Rule {
            name: "r".into(),
            pool: Uuid::nil(),
            all: false,
            idle: Some(30),
            no_opportunity: None,
            no_deal: Some(90),
            levels: Vec::new(),
            exempt_signed: true,
            warn: 7,
        }
    }

    #[test]
    fn the_earliest_or_the_latest_condition_decides() {
        let zone = TimeZone::UTC;
        let seen = record(&[("last_contact_at", at(10).into())]);
        assert_eq!(rule().due(&seen, &zone), Some(at(40)));
        assert_eq!(Rule { all: true, ..rule() }.due(&seen, &zone), Some(at(90)));
        // What was said to a former owner does not shorten the new one's time.
        assert_eq!(rule().due(&record(&[("last_contact_at", at(-50).into())]), &zone), Some(at(30)));
    }

    #[test]
    fn what_is_locked_bought_or_of_another_grade_is_spared() {
        let zone = TimeZone::UTC;
        let day = at(-100).to_zoned(TimeZone::UTC).date();
        assert_eq!(rule().due(&record(&[("locked", true.into())]), &zone), None);
        assert_eq!(rule().due(&record(&[("last_deal_at", Value::Date(day))]), &zone), None);
        let graded = Rule { levels: vec!["a".into()], ..rule() };
        assert_eq!(graded.due(&record(&[("level", "b".into())]), &zone), None);
        assert_eq!(graded.due(&record(&[("level", "a".into())]), &zone), Some(at(30)));
        assert_eq!(rule().due(&record(&[("owner", Value::Null)]), &zone), None);
        assert_eq!(rule().due(&record(&[("status", "converted".into())]), &zone), None);
        assert_eq!(rule().due(&record(&[("status", "new".into())]), &zone), Some(at(30)));
    }

    #[test]
    fn one_is_warned_before_and_the_warning_is_taken_back() {
        let zone = TimeZone::UTC;
        let rules = [rule()];
        assert_eq!(decide(&rules, &record(&[]), at(20), &zone), None, "not yet");
        let warned = record(&[("recycle_at", at(30).into())]);
        assert_eq!(decide(&rules, &record(&[]), at(24), &zone), Some(vec![("recycle_at", at(30).into())]));
        assert_eq!(decide(&rules, &warned, at(25), &zone), None, "he knows");
        assert_eq!(decide(&[], &warned, at(25), &zone), Some(vec![("recycle_at", Value::Null)]));
        let gone = decide(&rules, &warned, at(30), &zone).expect("it goes");
        assert_eq!(gone[0], ("owner", Value::Null));
    }
}
