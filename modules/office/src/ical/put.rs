//! An event that a program writes: what differs is changed, all of it or nothing, by the path of every other write.

use super::{
    events,
    found::{Found, Which, id_of, uid_of},
    people::Answer,
    read::{Said, components, event},
    same_text, unfit,
};
use crate::{
    event::excluded,
    repeat::{Repeat, shift, shifted},
    schedule::{Item, id_in, members, text},
};
use calcard::icalendar::{ICalendar, ICalendarComponentType};
use guanxi_engine::{Engine, Error, Result, Step, Viewer, calendars::Entry};
use guanxi_model::Value;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// That the viewer has it under another name.
pub(super) fn uid_taken() -> Error {
    Error::conflict("uid_taken", "日历中已有相同 UID 的条目", "the calendar has an entry with this UID already")
}

/// That it is not any more as the program read it.
fn stale() -> Error {
    Error::Stale(Box::default())
}

fn others_of(said: &Said, owner: Option<Uuid>) -> BTreeSet<Uuid> {
    said.asked.iter().map(|(id, _)| *id).filter(|id| Some(*id) != owner).collect()
}

fn list(ids: &BTreeSet<Uuid>) -> Json {
    if ids.is_empty() { Json::Null } else { json!(ids) }
}

fn moments(list: &[Timestamp]) -> Json {
    crate::event::written(list.to_vec()).as_text().map_or(Json::Null, |text| json!(text))
}

/// All that a program says of a new event.
fn all_fields(said: &Said, owner: Option<Uuid>) -> Map<String, Json> {
    let mut fields = said.fields.clone();
    if said.whole {
        // A day is one wherever: the workspace's zone, or the series'.
        fields.remove("zone");
    }
    fields.insert("participants".into(), list(&others_of(said, owner)));
    fields
}

/// The answer that the viewer gives in what his program sent, where he is asked.
fn answer(said: &Said, viewer: &Viewer) -> Answer {
    said.asked.iter().find(|(id, _)| Some(*id) == viewer.id).map_or(Answer::Open, |(_, says)| *says)
}

/// Makes an event.
pub(super) async fn create(engine: &Engine, viewer: &Viewer, name: &str, sent: &ICalendar) -> Result<()> {
    let parts = components(sent, &ICalendarComponentType::VEvent)?;
    let main = parts.main.ok_or_else(|| unfit("缺少系列本身", "the series itself is missing"))?;
    if !super::found::events(engine, viewer, Which::Uid(parts.uid)).await?.is_empty() {
        return Err(uid_taken());
    }
    let zone = engine.settings().zone.clone();
    let said = event(engine, viewer, sent, main, &zone, None).await?;
    let id = Uuid::now_v7();
    let mut fields = all_fields(&said, viewer.id);
    fields.insert("calendar_name".into(), json!(name));
    fields.insert("calendar_uid".into(), json!(parts.uid));
    fields.insert("repeat".into(), said.repeat.as_ref().map_or(Json::Null, |repeat| json!(repeat.to_string())));
    let mut left_out = said.excluded.clone();
    let mut later = Vec::new();
    for component in parts.others {
        let one = event(engine, viewer, sent, component, &said.zone, None).await?;
        let at = one.occurrence.unwrap_or(one.starts);
        if one.cancelled {
            left_out.push(at);
        } else {
            left_out.retain(|known| *known != at);
            later.push(stand_in(&one, id, at, viewer.id));
        }
    }
    if said.repeat.is_some() {
        fields.insert("excluded".into(), moments(&left_out));
    }
    let mut steps = vec![Step::Create(id, fields)];
    steps.extend(later);
    engine.change_together(viewer, "event", steps).await
}

fn stand_in(one: &Said, series: Uuid, at: Timestamp, owner: Option<Uuid>) -> Step {
    let mut fields = all_fields(one, owner);
    fields.insert("series".into(), json!(series));
    fields.insert("occurrence".into(), json!(at));
    Step::Create(Uuid::now_v7(), fields)
}

/// The fields of an event that a program changes, of those its user may see.
fn differing(item: &Item, said: &Said) -> Map<String, Json> {
    let same = |name: &str, value: &Json| {
        let now = item.get(name).unwrap_or(&Json::Null);
        match name {
            // Programs know no parts of seconds.
            "starts_at" | "ends_at" => {
                let second =
                    |json: &Json| json.as_str().and_then(|at| at.parse::<Timestamp>().ok()).map(|at| at.as_second());
                second(now) == second(value)
            }
            "zone" => said.whole || now == value,
            _ => match (now.as_str(), value.as_str()) {
                (Some(now), Some(value)) => same_text(now, value),
                _ => now == value || (now.is_null() && *value == json!(false)),
            },
        }
    };
    let mut out: Map<String, Json> = said
        .fields
        .iter()
        .filter(|(name, value)| item.contains_key(*name) && !same(name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let owner = id_in(item, "owner");
    let asked = others_of(said, owner);
    let now: BTreeSet<Uuid> = members(item, "participants").into_iter().filter(|id| Some(*id) != owner).collect();
    if item.contains_key("participants") && asked != now {
        out.insert("participants".into(), list(&asked));
    }
    // Where it begins and where it ends belong together.
    if out.contains_key("starts_at") || out.contains_key("all_day") {
        for name in ["starts_at", "ends_at"] {
            out.insert(name.into(), said.fields.get(name).cloned().unwrap_or_default());
        }
    }
    out
}

fn version_of(item: &Item) -> i64 {
    item.get("version").and_then(Json::as_i64).unwrap_or_default()
}

fn reminds(item: &Item) -> Option<i64> {
    item.get("remind_minutes").and_then(Json::as_i64)
}

/// Changes the event that was read as an entry.
pub(super) async fn change(
    engine: &Engine,
    viewer: &Viewer,
    name: &str,
    current: &Entry,
    sent: &ICalendar,
) -> Result<()> {
    let found = super::found::named(engine, viewer, name).await?.ok_or_else(stale)?;
    let now = events::records(&found);
    if now != current.records {
        return Err(stale());
    }
    let parts = components(sent, &ICalendarComponentType::VEvent)?;
    if parts.uid != uid_of(&found.main) {
        return Err(uid_taken());
    }
    let main = parts.main.ok_or_else(|| unfit("缺少系列本身", "the series itself is missing"))?;
    let zone = found.timing.zone.clone();
    let said = event(engine, viewer, sent, main, &zone, reminds(&found.main)).await?;
    let mut others = Vec::new();
    for component in parts.others {
        let at = event(engine, viewer, sent, component, &said.zone, None).await?;
        let occurrence = at.occurrence.unwrap_or(at.starts);
        let known = found.changed.iter().find(|(now, _)| moved(*now, &found, &said) == occurrence);
        let read = match known {
            Some((_, item)) => event(engine, viewer, sent, component, &said.zone, reminds(item)).await?,
            None => at,
        };
        others.push((occurrence, known.map(|(_, item)| item), read));
    }
    let steps = steps(&found, &said, &others);
    if !steps.is_empty() {
        engine.change_together(viewer, "event", steps).await?;
    }
    say(engine, viewer, &found.main, &said).await?;
    for (_, item, one) in &others {
        if let Some(item) = item {
            say(engine, viewer, item, one).await?;
        }
    }
    Ok(())
}

/// An occurrence as the series will have it: moved, everything goes along.
fn moved(at: Timestamp, found: &Found, said: &Said) -> Timestamp {
    let zone: &TimeZone = &found.timing.zone;
    shift(found.timing.starts, said.starts, zone).and_then(|by| shifted(at, by, zone)).unwrap_or(at)
}

fn steps(found: &Found, said: &Said, others: &[(Timestamp, Option<&Item>, Said)]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut left_out = said.excluded.clone();
    let mut later = Vec::new();
    let owner = id_in(&found.main, "owner");
    for (at, item, one) in others {
        match item {
            _ if one.cancelled => left_out.push(*at),
            Some(item) => {
                left_out.push(*at);
                let differs = differing(item, one);
                if !differs.is_empty() {
                    steps.push(Step::Update(id_of(item), version_of(item), differs));
                }
            }
            None => {
                left_out.retain(|known| known != at);
                later.push(stand_in(one, found.id(), *at, owner));
            }
        }
    }
    for (_, item) in &found.changed {
        let kept = others
            .iter()
            .any(|(_, known, one)| !one.cancelled && known.is_some_and(|known| id_of(known) == id_of(item)));
        if !kept {
            steps.push(Step::Delete(id_of(item), version_of(item)));
        }
    }
    let mut fields = differing(&found.main, said);
    let zone = &found.timing.zone;
    let now = text(&found.main, "repeat").and_then(|rule| Repeat::read(&rule, found.timing.starts, zone).ok());
    let same = match (&now, &said.repeat) {
        (Some(now), Some(repeat)) => {
            now.for_programs(said.whole, &said.zone).says_the_same(&repeat.for_programs(said.whole, &said.zone))
        }
        (now, repeat) => now.is_none() && repeat.is_none(),
    };
    if !same && found.main.contains_key("repeat") {
        fields.insert("repeat".into(), said.repeat.as_ref().map_or(Json::Null, |repeat| json!(repeat.to_string())));
    }
    let mut before = excluded(&Value::from(text(&found.main, "excluded")));
    before.sort_unstable();
    left_out.sort_unstable();
    left_out.dedup();
    let shifted = found.timing.starts != said.starts;
    if said.repeat.is_some() && found.main.contains_key("excluded") && (before != left_out || shifted) {
        fields.insert("excluded".into(), moments(&left_out));
    }
    if !fields.is_empty() {
        steps.push(Step::Update(found.id(), version_of(&found.main), fields));
    }
    steps.extend(later);
    steps
}

/// Lets the viewer answer where his program does.
async fn say(engine: &Engine, viewer: &Viewer, item: &Item, said: &Said) -> Result<()> {
    let Some(me) = viewer.id.filter(|me| members(item, "participants").contains(me)) else { return Ok(()) };
    let (action, field) = match answer(said, viewer) {
        Answer::Accepted => ("accept", "accepted"),
        Answer::Declined => ("decline", "declined"),
        Answer::Open => return Ok(()),
    };
    if !members(item, field).contains(&me) {
        engine.act(viewer, "event", id_of(item), action, &Map::new()).await?;
    }
    Ok(())
}
