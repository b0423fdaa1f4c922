//! What somebody is to be reminded of: for whoever notifies people.

use crate::{
    schedule::{series_with, timing_of},
    timing::Timing,
};
use guanxi_engine::{Engine, Result, Viewer};
use guanxi_model::Value;
use guanxi_store::records::Record;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Nobody is reminded earlier: the `max` of `remind_minutes`.
const EARLIEST: SignedDuration = SignedDuration::from_hours(24 * 28);

/// Something that people are to be reminded of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// `event` or `task`.
    pub object: &'static str,
    /// Which.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// Whom: the owner, and who takes part and did not decline.
    pub people: Vec<Uuid>,
    /// When they are to be reminded.
    pub at: Timestamp,
    /// When it begins, or is due.
    pub starts: Timestamp,
}

/// The reminders due in `(from, to]`, the earliest first.
///
/// # Errors
/// The database's.
pub async fn reminders_due(engine: &Engine, from: Timestamp, to: Timestamp) -> Result<Vec<Reminder>> {
    let system = Viewer::system("reminders");
    let latest = to.saturating_add(EARLIEST).unwrap_or(Timestamp::MAX);
    let filter = json!({"and": [
        ["remind_minutes", "not_null"], ["ends_by", ">=", from], ["starts_at", "<=", latest],
    ]});
    let events = engine.find_all(&system, "event", &filter).await?;
    let ids = events.iter().filter_map(|event| stands_for(event).map(|(id, _)| id)).collect();
    let series = series_with(engine, ids).await?;
    let mut found: Vec<Reminder> = events.iter().flat_map(|event| of_event(engine, event, &series, from, to)).collect();
    let filter = json!({"and": [
        ["remind_minutes", "not_null"], ["status", "=", "open"], ["due_at", ">", from], ["due_at", "<=", latest],
    ]});
    for task in engine.find_all(&system, "task", &filter).await? {
        let (Some(due), Some(before)) = (task.get("due_at").as_instant(), before(&task)) else { continue };
        let people = task.get("owner").as_id().into_iter().collect();
        found.extend(reminder("task", &task, "name", people, due, before).filter(|one| one.at > from && one.at <= to));
    }
    found.sort_by_key(|one| (one.at, one.id));
    Ok(found)
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
    to: Timestamp,
) -> Vec<Reminder> {
    let gone = stands_for(event).is_some_and(|(id, at)| !series.get(&id).is_some_and(|series| series.has(at)));
    let (Some(timing), Some(before), false) = (timing_of(engine, event), before(event), gone) else {
        return Vec::new();
    };
    let declined = event.get("declined").members();
    let asked = event.get("participants").members().iter().filter(|one| !declined.contains(one));
    let mut people: Vec<Uuid> = event.get("owner").as_id().into_iter().chain(asked.filter_map(Value::as_id)).collect();
    people.sort_unstable();
    people.dedup();
    let (begin, end) = (from.saturating_add(before).unwrap_or(from), to.saturating_add(before).unwrap_or(to));
    let times = timing.within(begin, end.saturating_add(SignedDuration::from_secs(1)).unwrap_or(end), 1000);
    let due = times.into_iter().filter(|time| time.starts > begin && time.starts <= end);
    due.filter_map(|time| reminder("event", event, "title", people.clone(), time.starts, before)).collect()
}

fn reminder(
    object: &'static str,
    record: &Record,
    title: &str,
    people: Vec<Uuid>,
    starts: Timestamp,
    before: SignedDuration,
) -> Option<Reminder> {
    let title = record.get(title).as_text().unwrap_or_default().to_owned();
    Some(Reminder { object, id: record.id, title, people, at: starts.checked_sub(before).ok()?, starts })
}
