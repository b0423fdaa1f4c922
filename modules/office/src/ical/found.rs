//! The events of somebody's calendar: his own and those he takes part in, a series with the events that stand for single
//! occurrences of it.

use super::KEPT;
use crate::{
    schedule::{Gathered, Item, asks_by, id_in, series_with, stands_for, text, timing},
    timing::Timing,
};
use guanxi_engine::{Engine, Result, Viewer};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is read of an event.
pub(super) const FIELDS: &[&str] = &[
    "title",
    "kind",
    "starts_at",
    "ends_at",
    "all_day",
    "zone",
    "place",
    "description",
    "participants",
    "accepted",
    "declined",
    "repeat",
    "excluded",
    "series",
    "occurrence",
    "continues",
    "remind_minutes",
    "owner",
    "calendar_name",
    "calendar_uid",
    "created_at",
    "updated_at",
];

/// An event with what stands for single occurrences of it.
pub(super) struct Found {
    pub main: Item,
    pub timing: Timing,
    pub changed: Vec<(Timestamp, Item)>,
}

impl Found {
    /// Its record's id.
    pub fn id(&self) -> Uuid {
        id_of(&self.main)
    }

    /// Does any time of it touch these?
    pub fn touches(&self, engine: &Engine, from: Timestamp, to: Timestamp) -> bool {
        !self.timing.within(from, to, 1).is_empty()
            || self
                .changed
                .iter()
                .any(|(_, item)| timing(engine, item).is_some_and(|timing| !timing.within(from, to, 1).is_empty()))
    }
}

/// A record's id.
pub(super) fn id_of(item: &Item) -> Uuid {
    text(item, "id").and_then(|id| id.parse().ok()).unwrap_or_default()
}

/// Which of somebody's events.
pub(super) enum Which<'a> {
    /// Those that are not over since this moment.
    Since(Timestamp),
    /// One of them.
    Id(Uuid),
    /// Of his own, the one that a program gave this name.
    Named(&'a str),
    /// Of his own, the one that a program gave this `UID`.
    Uid(&'a str),
}

async fn list(engine: &Engine, viewer: &Viewer, filter: Json) -> Result<Vec<Item>> {
    Gathered::default().list(engine, viewer, ("event", FIELDS, "-ends_by"), &filter).await
}

/// The beginning of what is still in calendars.
pub(super) fn kept_since(engine: &Engine, from: Option<Timestamp>) -> Timestamp {
    let kept = engine.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    from.map_or(kept, |from| from.min(kept))
}

/// The events of the viewer's calendar.
pub(super) async fn events(engine: &Engine, viewer: &Viewer, which: Which<'_>) -> Result<Vec<Found>> {
    let Some(me) = viewer.id else { return Ok(Vec::new()) };
    if !asks_by(engine, viewer, "event", &["owner", "starts_at", "ends_by", "series", "calendar_name", "calendar_uid"])
    {
        return Ok(Vec::new());
    }
    let (that, only_own) = match which {
        Which::Since(at) => (json!(["ends_by", ">=", at]), false),
        Which::Id(id) => (json!(["id", "=", id]), false),
        Which::Named(name) => (json!(["calendar_name", "=", name]), true),
        Which::Uid(uid) => (json!(["calendar_uid", "=", uid]), true),
    };
    let mine = json!(["owner", "=", me]);
    let asked = asks_by(engine, viewer, "event", &["participants"]).then(|| json!(["participants", "contains", me]));
    let mut found = list(engine, viewer, json!({"and": [mine, that]})).await?;
    if let Some(asked) = asked.as_ref().filter(|_| !only_own) {
        found.extend(list(engine, viewer, json!({"and": [asked, that]})).await?);
    }
    // What stands for an occurrence of a series that is here belongs to it, however long ago it was.
    let repeating: Vec<Uuid> = found.iter().filter(|item| text(item, "repeat").is_some()).map(id_of).collect();
    for some in repeating.chunks(100) {
        let of_these = json!(["series", "in", some]);
        found.extend(list(engine, viewer, json!({"and": [mine, of_these]})).await?);
        if let Some(asked) = &asked {
            found.extend(list(engine, viewer, json!({"and": [asked, of_these]})).await?);
        }
    }
    let mut seen = HashSet::new();
    found.retain(|item| seen.insert(id_of(item)));
    gathered(engine, found).await
}

async fn gathered(engine: &Engine, found: Vec<Item>) -> Result<Vec<Found>> {
    let series = found.iter().filter_map(|item| stands_for(item).map(|(id, _)| id)).collect();
    let series = series_with(engine, series).await?;
    let (stand_ins, main): (Vec<Item>, Vec<Item>) = found.into_iter().partition(|item| stands_for(item).is_some());
    let mut out: Vec<Found> = Vec::new();
    let mut places = HashMap::new();
    for item in main {
        let Some(timing) = timing(engine, &item) else { continue };
        places.insert(id_of(&item), out.len());
        out.push(Found { main: item, timing, changed: Vec::new() });
    }
    for item in stand_ins {
        let Some((id, at)) = stands_for(&item) else { continue };
        // What stood for an occurrence that is no more is not there either.
        if !series.get(&id).is_some_and(|series| series.has(at)) {
            continue;
        }
        match places.get(&id) {
            Some(place) => out[*place].changed.push((at, item)),
            // He takes part in this one only.
            None => out.extend(timing(engine, &item).map(|timing| Found { main: item, timing, changed: Vec::new() })),
        }
    }
    for found in &mut out {
        found.changed.sort_by_key(|(at, _)| *at);
    }
    out.sort_by_key(Found::id);
    Ok(out)
}

/// The entry that goes by a name: by the one a program gave it, else by its id.
pub(super) async fn named(engine: &Engine, viewer: &Viewer, name: &str) -> Result<Option<Found>> {
    let own = events(engine, viewer, Which::Named(name)).await?.into_iter().next();
    let id: Option<Uuid> = name.strip_suffix(".ics").and_then(|id| id.parse().ok());
    match (own, id) {
        (Some(own), _) => Ok(Some(own)),
        (None, Some(id)) => Ok(events(engine, viewer, Which::Id(id)).await?.into_iter().find(|found| found.id() == id)),
        (None, None) => Ok(None),
    }
}

/// What an entry is called: by whom it belongs to as his program called it, by everybody else by its id.
pub(super) fn name_of(viewer: &Viewer, item: &Item) -> String {
    let own = viewer.id.is_some() && id_in(item, "owner") == viewer.id;
    text(item, "calendar_name").filter(|_| own).unwrap_or_else(|| format!("{}.ics", id_of(item)))
}

/// Its `UID`.
pub(super) fn uid_of(item: &Item) -> String {
    text(item, "calendar_uid").unwrap_or_else(|| id_of(item).to_string())
}
