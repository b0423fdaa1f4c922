//! The calendar of events.

use super::{
    found::{Found, Which, events, id_of, kept_since, name_of, named, uid_of},
    people::People,
    put, write,
};
use crate::schedule::Item;
use async_trait::async_trait;
use calcard::icalendar::ICalendar;
use guanxi_engine::{
    Calendar, Engine, Error, Result, Viewer,
    calendars::{Entry, Wanted},
};
use guanxi_model::Label;
use jiff::Timestamp;
use serde_json::Value as Json;
use std::collections::HashSet;
use uuid::Uuid;

/// Somebody's events.
pub(crate) struct Events;

/// The records of an event, with their versions.
pub(super) fn records(found: &Found) -> Vec<(Uuid, i64)> {
    let version = |item: &Item| item.get("version").and_then(Json::as_i64).unwrap_or_default();
    let mut records = vec![(found.id(), version(&found.main))];
    records.extend(found.changed.iter().map(|(_, item)| (id_of(item), version(item))));
    records
}

/// An event as an entry.
fn entry(engine: &Engine, viewer: &Viewer, found: &Found, people: &People, page: &str) -> Entry {
    Entry {
        name: name_of(viewer, &found.main),
        uid: uid_of(&found.main),
        records: records(found),
        parts: write::event(engine, found, people, page),
    }
}

async fn people_of(engine: &Engine, viewer: &Viewer, found: &[Found]) -> Result<People> {
    let mut items: Vec<&Item> = Vec::new();
    for one in found {
        items.push(&one.main);
        items.extend(one.changed.iter().map(|(_, item)| item));
    }
    People::of(engine, viewer, &items).await
}

/// Names are said once in a calendar: a second one goes by its id.
pub(super) fn once(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut names = HashSet::new();
    for entry in &mut entries {
        if !names.insert(entry.name.clone())
            && let Some((id, _)) = entry.record()
        {
            entry.name = format!("{id}.ics");
        }
    }
    entries
}

#[async_trait]
impl Calendar for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    fn label(&self) -> Label {
        Label::new("日程", "Events")
    }

    fn component(&self) -> &'static str {
        "VEVENT"
    }

    fn color(&self) -> &'static str {
        "#1677FF"
    }

    fn optional(&self) -> bool {
        false
    }

    async fn entries(&self, engine: &Engine, viewer: &Viewer, wanted: &Wanted<'_>) -> Result<Vec<Entry>> {
        let mut found = events(engine, viewer, Which::Since(kept_since(engine, wanted.from))).await?;
        if wanted.from.is_some() || wanted.to.is_some() {
            let (from, to) = (wanted.from.unwrap_or(Timestamp::MIN), wanted.to.unwrap_or(Timestamp::MAX));
            found.retain(|one| one.touches(engine, from, to));
        }
        let people = people_of(engine, viewer, &found).await?;
        Ok(once(found.iter().map(|one| entry(engine, viewer, one, &people, wanted.page)).collect()))
    }

    async fn entry(&self, engine: &Engine, viewer: &Viewer, name: &str, page: &str) -> Result<Option<Entry>> {
        let Some(found) = named(engine, viewer, name).await? else { return Ok(None) };
        let people = people_of(engine, viewer, std::slice::from_ref(&found)).await?;
        let entry = entry(engine, viewer, &found, &people, page);
        Ok(Some(Entry { name: name.to_owned(), ..entry }))
    }

    async fn put(
        &self,
        engine: &Engine,
        viewer: &Viewer,
        name: &str,
        current: Option<&Entry>,
        sent: &ICalendar,
    ) -> Result<()> {
        match current {
            Some(current) => put::change(engine, viewer, name, current, sent).await,
            None => put::create(engine, viewer, name, sent).await,
        }
    }

    async fn remove(&self, engine: &Engine, viewer: &Viewer, entry: &Entry) -> Result<()> {
        let (id, version) = entry.record().ok_or(Error::NotFound)?;
        engine.delete(viewer, "event", id, Some(version)).await
    }
}
