//! What people are reminded of: events and tasks, some time before.

use crate::{
    schedule::{series_with, timing_of},
    timing::Timing,
};
use async_trait::async_trait;
use guanxi_engine::{Due, Engine, Reminders, Result, Viewer};
use guanxi_model::Value;
use guanxi_store::records::Record;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// How long before people are reminded, in minutes: most want an hour or a day, so that what is far off need not be looked at each
/// time. The last is the `max` of `remind_minutes`.
const AHEAD: [i64; 3] = [60, 24 * 60, 28 * 24 * 60];

/// Events and tasks with `remind_minutes`.
pub(crate) struct Planned;

#[async_trait]
impl Reminders for Planned {
    async fn due(&self, engine: &Engine, from: Timestamp, until: Timestamp) -> Result<Vec<Due>> {
        let system = Viewer::system("reminders");
        let filter = json!({"and": [["ends_by", ">=", from], {"or": soon("starts_at", until)}]});
        let events = engine.find_all(&system, "event", &filter).await?;
        let ids = events.iter().filter_map(|event| stands_for(event).map(|(id, _)| id)).collect();
        let series = series_with(engine, ids).await?;
        let mut found: Vec<Due> =
            events.iter().flat_map(|event| of_event(engine, event, &series, from, until)).collect();
        let open = [json!(["status", "=", "open"]), json!(["due_at", ">", from]), json!({"or": soon("due_at", until)})];
        for task in engine.find_all(&system, "task", &json!({"and": open})).await? {
            let (Some(moment), Some(before)) = (task.get("due_at").as_instant(), before(&task)) else { continue };
            let at = moment.saturating_sub(before).unwrap_or(Timestamp::MIN);
            if let Some(user) = task.get("owner").as_id().filter(|_| at > from && at <= until) {
                found.push(Due { object: "task", notice: "reminder", record: task.id, user, moment });
            }
        }
        found.sort_by_key(|due| (due.moment, due.record, due.user));
        Ok(found)
    }
}

/// Filters on what may have a reminder by now, by how long before it is.
fn soon(field: &str, until: Timestamp) -> Vec<Json> {
    let mut least = 0;
    let each = AHEAD.map(|most| {
        let latest = until.saturating_add(SignedDuration::from_mins(most)).unwrap_or(Timestamp::MAX);
        let band = json!({"and": [["remind_minutes", "between", [least, most]], [field, "<=", latest]]});
        least = most + 1;
        band
    });
    each.to_vec()
}

fn before(record: &Record) -> Option<SignedDuration> {
    record.get("remind_minutes").as_int().map(SignedDuration::from_mins)
}

fn stands_for(event: &Record) -> Option<(Uuid, Timestamp)> {
    let one = event.get("continues").as_bool() != Some(true);
    event.get("series").as_id().zip(event.get("occurrence").as_instant()).filter(|_| one)
}

fn of_event(
    engine: &Engine,
    event: &Record,
    series: &HashMap<Uuid, Timing>,
    from: Timestamp,
    until: Timestamp,
) -> Vec<Due> {
    let gone = stands_for(event).is_some_and(|(id, at)| !series.get(&id).is_some_and(|series| series.has(at)));
    let (Some(timing), Some(before), false) = (timing_of(engine, event), before(event), gone) else {
        return Vec::new();
    };
    let declined = event.get("declined").members();
    let asked = event.get("participants").members().iter().filter(|one| !declined.contains(one));
    let mut people: Vec<Uuid> = event.get("owner").as_id().into_iter().chain(asked.filter_map(Value::as_id)).collect();
    people.sort_unstable();
    people.dedup();
    let begin = from.saturating_add(before).unwrap_or(from);
    let end = until.saturating_add(before).unwrap_or(until);
    let times = timing.within(begin, end.saturating_add(SignedDuration::from_secs(1)).unwrap_or(end), 1000);
    let due = times.into_iter().map(|time| time.starts).filter(|starts| *starts > begin && *starts <= end);
    due.flat_map(|moment| {
        people.iter().map(move |user| Due {
            object: "event",
            notice: "reminder",
            record: event.id,
            user: *user,
            moment,
        })
    })
    .collect()
}
