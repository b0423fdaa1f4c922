//! What is counted of somebody's work, each from the records that it is made of.

use crate::span::Span;
use guanxi_engine::{AggregateRequest, Context, Engine, Result, Viewer};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// People of one statement.
const SOME: usize = 500;

/// Something that is counted. Its name is that of the report's field; `least_` and the name that of the rule's, where it has one.
pub(crate) struct Measure {
    /// Its name.
    pub name: &'static str,
    /// What is counted.
    pub object: &'static str,
    /// The field that says when it was.
    date: &'static str,
    /// Is that field a day, not a moment?
    by_day: bool,
    /// What else it must match.
    only: fn() -> Vec<Json>,
    /// The fields that one must be able to read to know of it.
    rests_on: &'static [&'static str],
}

/// All of them, in the order in which they are shown.
pub(crate) const MEASURES: [Measure; 9] = [
    of_follow_ups("effective_calls", effective, &["kind", "result"]),
    of_follow_ups("calls", || vec![json!(["kind", "=", "call"])], &["kind"]),
    of_follow_ups("visits", || vec![json!(["kind", "=", "visit"])], &["kind"]),
    of_follow_ups("follow_ups", Vec::new, &["kind"]),
    created("new_customers", "customer"),
    created("new_leads", "lead"),
    created("new_deals", "opportunity"),
    Measure {
        name: "won_deals",
        object: "opportunity",
        date: "close_date",
        by_day: true,
        only: || vec![json!(["status", "=", "won"])],
        rests_on: &["status", "close_date"],
    },
    Measure {
        name: "tasks_done",
        object: "task",
        date: "done_at",
        by_day: false,
        only: || vec![json!(["status", "=", "done"])],
        rests_on: &["status", "done_at"],
    },
];

const fn of_follow_ups(name: &'static str, only: fn() -> Vec<Json>, rests_on: &'static [&'static str]) -> Measure {
    Measure { name, object: "follow_up", date: "happened_at", by_day: false, only, rests_on }
}

const fn created(name: &'static str, object: &'static str) -> Measure {
    Measure { name, object, date: "created_at", by_day: false, only: Vec::new, rests_on: &["name"] }
}

/// Somebody was reached, and something came of it.
fn effective() -> Vec<Json> {
    vec![json!(["kind", "=", "call"]), json!(["result", "not_null"]), json!(["result", "!=", "no_answer"])]
}

impl Measure {
    /// The filter on what is counted in a span.
    fn filter(&self, engine: &Engine, span: &Span) -> Vec<Json> {
        let mut filter = (self.only)();
        if self.by_day {
            filter.extend([json!([self.date, ">=", span.first]), json!([self.date, "<=", span.last])]);
        } else {
            let (from, to) = span.moments(engine);
            filter.extend([json!([self.date, ">=", from]), json!([self.date, "<", to])]);
            if self.date == "created_at" {
                // The same records, found by the index of what an owner's were changed last.
                filter.push(json!(["updated_at", ">=", from]));
            }
        }
        filter
    }

    /// May the viewer know of it?
    pub(crate) fn is_open_to(&self, engine: &Engine, viewer: &Viewer) -> bool {
        let needed: Vec<&str> = self.rests_on.iter().copied().chain([self.date, "owner"]).collect();
        needed.iter().all(|field| engine.may_read(viewer, self.object, field))
    }
}

/// What one person did, whoever asks, with all that the transaction has written.
pub(crate) async fn of_one(context: &mut Context<'_>, who: Uuid, span: &Span) -> Result<Vec<(&'static str, i64)>> {
    let mut found = Vec::new();
    for measure in &MEASURES {
        let mut filter = measure.filter(context.engine, span);
        filter.push(json!(["owner", "=", who]));
        found.push((measure.name, context.count(measure.object, &json!({"and": filter})).await?));
    }
    Ok(found)
}

/// Counts by person; a measure that the viewer may not know of is not among them.
pub(crate) type Counts = HashMap<&'static str, HashMap<Uuid, i64>>;

/// What some people did, as far as the viewer sees their records.
pub(crate) async fn of_all(engine: &Engine, viewer: &Viewer, people: &[Uuid], span: &Span) -> Result<Counts> {
    let mut counts = Counts::new();
    for measure in MEASURES.iter().filter(|measure| measure.is_open_to(engine, viewer)) {
        let by_person = counts.entry(measure.name).or_default();
        for some in people.chunks(SOME) {
            let mut filter = measure.filter(engine, span);
            filter.push(json!(["owner", "in", some]));
            let request = json!({
                "group_by": ["owner"], "measures": [{"fn": "count"}], "filter": {"and": filter}, "limit": SOME,
            });
            let request: AggregateRequest = serde_json::from_value(request).unwrap_or_default();
            for row in engine.aggregate(viewer, measure.object, &request).await? {
                let who = row.get("owner").and_then(|owner| owner["id"].as_str()?.parse().ok());
                let count = row.get("count").and_then(Json::as_i64);
                by_person.extend(who.zip(count));
            }
        }
    }
    Ok(counts)
}
