//! The schedule of one or several people for a stretch of time: `GET /figures/schedule?from=…&to=…&people=…`. Events with every
//! time of them, tasks that are due, and what was agreed as the next contact, each as far as the viewer may see it.

use crate::{
    timing::{Time, Timing},
    zone_of,
};
use async_trait::async_trait;
use guanxi_engine::{Engine, Error, Figures, ListRequest, Result, Viewer};
use guanxi_model::{FieldDef, FieldType, Label, Value};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Longest stretch.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 400);
/// Most people at once.
const MOST_PEOPLE: usize = 20;
/// Most records of a kind.
const MOST_RECORDS: usize = 2000;
/// Most times of one event.
const MOST_TIMES: usize = 500;
/// Entries in one answer at most: more than any page shows, little enough to be sent.
const MOST_ITEMS: usize = 6_000;

pub(crate) type Item = Map<String, Json>;

/// The schedule.
pub(crate) struct Schedule;

/// What is asked for.
struct Stretch {
    from: Timestamp,
    to: Timestamp,
    people: Vec<Uuid>,
}

#[async_trait]
impl Figures for Schedule {
    fn name(&self) -> &'static str {
        "schedule"
    }

    fn takes(&self) -> Vec<FieldDef> {
        let field = |name: &str, kind, zh: &str, en: &str| FieldDef {
            required: name != "people",
            to: (name == "people").then(|| "user".to_owned()),
            ..FieldDef::new(name, kind, Label::new(zh, en))
        };
        vec![
            field("from", FieldType::Datetime, "从", "From"),
            field("to", FieldType::Datetime, "到", "To"),
            field("people", FieldType::MultiLookup, "谁的日程", "Whose schedule"),
        ]
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Json> {
        let stretch = stretch(viewer, asked)?;
        let mut all = Gathered::default();
        events(engine, viewer, &stretch, &mut all).await?;
        tasks(engine, viewer, &stretch, &mut all).await?;
        contacts(engine, viewer, &stretch, &mut all).await?;
        all.items.sort_by(|one, other| {
            let key = |item: &Json| (item["start"].as_str().map(str::to_owned), item["id"].as_str().map(str::to_owned));
            key(one).cmp(&key(other))
        });
        Ok(json!({"items": all.items, "cut": all.cut}))
    }
}

fn stretch(viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Stretch> {
    let moment = |name: &str| asked.get(name).and_then(Value::as_instant).unwrap_or_default();
    let (from, to) = (moment("from"), moment("to"));
    if to <= from || from.duration_until(to) > LONGEST {
        return Err(Error::invalid(
            "to",
            "bad_range",
            "结束应晚于开始，且不超过 400 天",
            "it ends after it begins, and within 400 days",
        ));
    }
    let mut people: Vec<Uuid> = asked
        .get("people")
        .map(|people| people.members().iter().filter_map(Value::as_id).collect())
        .unwrap_or_default();
    if people.is_empty() {
        people.extend(viewer.id);
    }
    if people.len() > MOST_PEOPLE {
        return Err(Error::invalid(
            "people",
            "too_many",
            format!("一次最多 {MOST_PEOPLE} 人"),
            format!("at most {MOST_PEOPLE} people at once"),
        ));
    }
    Ok(Stretch { from, to, people })
}

/// What was found so far.
#[derive(Default)]
pub(crate) struct Gathered {
    items: Vec<Json>,
    /// There was more than is shown.
    cut: bool,
}

impl Gathered {
    /// Every record that matches, as far as the viewer sees it; nothing where he may not know what decides it.
    pub(crate) async fn list(
        &mut self,
        engine: &Engine,
        viewer: &Viewer,
        (object, fields, sort): (&str, &[&str], &str),
        filter: &Json,
    ) -> Result<Vec<Item>> {
        let readable = engine.readable_fields(viewer, object, fields);
        let mut found: Vec<Item> = Vec::new();
        let mut cursor = None;
        loop {
            let request = ListRequest {
                filter: Some(filter.clone()),
                fields: Some(readable.iter().map(|name| (*name).to_owned()).collect()),
                sort: Some(sort.to_owned()),
                limit: Some(200),
                cursor,
                ..ListRequest::default()
            };
            let page = engine.list(viewer, object, &request).await?;
            found.extend(page.items);
            cursor = page.next;
            if cursor.is_none() || found.len() >= MOST_RECORDS {
                self.cut |= cursor.is_some();
                return Ok(found);
            }
        }
    }
}

/// May the viewer ask by these fields?
pub(crate) fn asks_by(engine: &Engine, viewer: &Viewer, object: &str, fields: &[&str]) -> bool {
    engine.readable_fields(viewer, object, fields).len() == fields.len()
}

pub(crate) fn text(item: &Item, field: &str) -> Option<String> {
    item.get(field)?.as_str().map(str::to_owned)
}

pub(crate) fn id_in(item: &Item, field: &str) -> Option<Uuid> {
    item.get(field)?.get("id")?.as_str()?.parse().ok()
}

pub(crate) fn members(item: &Item, field: &str) -> Vec<Uuid> {
    let members = item.get(field).and_then(Json::as_array).into_iter().flatten();
    members.filter_map(|member| member["id"].as_str()?.parse().ok()).collect()
}

const EVENT: &[&str] = &[
    "title",
    "kind",
    "starts_at",
    "ends_at",
    "all_day",
    "zone",
    "place",
    "customer",
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
];

async fn events(engine: &Engine, viewer: &Viewer, stretch: &Stretch, all: &mut Gathered) -> Result<()> {
    if !asks_by(engine, viewer, "event", &["owner", "starts_at", "ends_by"]) {
        return Ok(());
    }
    let colors = colors(engine, viewer).await?;
    let (from, to) = (stretch.from.to_string(), stretch.to.to_string());
    let filter = |whose: Json| json!({"and": [whose, ["ends_by", ">=", from], ["starts_at", "<", to]]});
    let what = ("event", EVENT, "ends_by");
    let mut found = all.list(engine, viewer, what, &filter(json!(["owner", "in", stretch.people]))).await?;
    if asks_by(engine, viewer, "event", &["participants"]) {
        let asked: Vec<Json> =
            stretch.people.iter().map(|person| json!(["participants", "contains", person])).collect();
        found.extend(all.list(engine, viewer, what, &filter(json!({"or": asked}))).await?);
    }
    let mut seen = HashSet::new();
    found.retain(|item| seen.insert(text(item, "id")));
    let series = series_of(engine, &found).await?;
    for item in &found {
        let Some(timing) = timing(engine, item) else { continue };
        let stands_for = stands_for(item);
        // What stands for an occurrence goes with it.
        if let Some((id, at)) = stands_for
            && !series.get(&id).is_some_and(|series| series.has(at))
        {
            continue;
        }
        let (owner, invited) = (id_in(item, "owner"), members(item, "participants"));
        let people: Vec<Uuid> =
            stretch.people.iter().filter(|one| owner == Some(**one) || invited.contains(*one)).copied().collect();
        let answer = viewer.id.filter(|me| invited.contains(me)).map(|me| {
            if members(item, "accepted").contains(&me) {
                "accepted"
            } else if members(item, "declined").contains(&me) {
                "declined"
            } else {
                "asked"
            }
        });
        let left = MOST_ITEMS.saturating_sub(all.items.len()).min(MOST_TIMES);
        let times = timing.within(stretch.from, stretch.to, left + 1);
        all.cut |= times.len() > left;
        for Time { starts, ends, days } in times.into_iter().take(left) {
            let mut out = base("event", item, "title", starts, ends, people.clone());
            for field in ["kind", "place", "customer", "participants", "remind_minutes"] {
                out.insert(field.into(), item.get(field).cloned().unwrap_or_default());
            }
            let color = id_in(item, "kind").and_then(|kind| colors.get(&kind).cloned());
            out.insert("color".into(), json!(color));
            out.insert("all_day".into(), json!(timing.whole));
            if let Some((first, last)) = days {
                out.insert("first_day".into(), json!(first.to_string()));
                out.insert("last_day".into(), json!(last.to_string()));
            }
            out.insert("repeats".into(), json!(timing.repeats()));
            out.insert("series".into(), json!(stands_for.map(|(series, _)| series)));
            out.insert("answer".into(), json!(answer));
            all.items.push(Json::Object(out));
        }
    }
    Ok(())
}

/// The occurrence that an event stands for.
pub(crate) fn stands_for(item: &Item) -> Option<(Uuid, Timestamp)> {
    if item.get("continues").and_then(Json::as_bool) == Some(true) {
        return None;
    }
    Some((id_in(item, "series")?, text(item, "occurrence")?.parse().ok()?))
}

pub(crate) fn timing(engine: &Engine, item: &Item) -> Option<Timing> {
    let whole = item.get("all_day").and_then(Json::as_bool) == Some(true);
    Timing::of(|field| text(item, field), whole, zone_of(engine, text(item, "zone").as_deref()))
}

/// The living series of events that stand for an occurrence. When they are is all that is taken from them.
async fn series_of(engine: &Engine, items: &[Item]) -> Result<HashMap<Uuid, Timing>> {
    let ids: Vec<Uuid> = items.iter().filter_map(|item| stands_for(item).map(|(id, _)| id)).collect();
    series_with(engine, ids).await
}

/// When the living among some series are.
pub(crate) async fn series_with(engine: &Engine, mut ids: Vec<Uuid>) -> Result<HashMap<Uuid, Timing>> {
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::new();
    for some in ids.chunks(200) {
        for series in engine.find_all(&Viewer::system("schedule"), "event", &json!(["id", "in", some])).await? {
            found.extend(timing_of(engine, &series).map(|timing| (series.id, timing)));
        }
    }
    Ok(found)
}

/// When a stored event is.
pub(crate) fn timing_of(engine: &Engine, event: &guanxi_store::records::Record) -> Option<Timing> {
    let text = |field: &str| match event.get(field) {
        Value::Text(text) => Some(text.clone()),
        Value::Instant(at) => Some(at.to_string()),
        _ => None,
    };
    let whole = event.get("all_day").as_bool() == Some(true);
    Timing::of(text, whole, zone_of(engine, event.get("zone").as_text()))
}

async fn tasks(engine: &Engine, viewer: &Viewer, stretch: &Stretch, all: &mut Gathered) -> Result<()> {
    const TASK: &[&str] =
        &["name", "kind", "status", "priority", "starts_at", "due_at", "customer", "repeat", "remind_minutes", "owner"];
    if !asks_by(engine, viewer, "task", &["owner", "due_at"]) {
        return Ok(());
    }
    let colors = colors(engine, viewer).await?;
    for item in all.list(engine, viewer, ("task", TASK, "due_at"), &in_stretch("due_at", stretch)).await? {
        let Some(due) = text(&item, "due_at").and_then(|due| due.parse().ok()) else { continue };
        let starts = text(&item, "starts_at").and_then(|starts| starts.parse().ok()).unwrap_or(due);
        let mut out = base("task", &item, "name", starts, due, id_in(&item, "owner").into_iter().collect());
        for field in ["kind", "status", "priority", "customer", "remind_minutes"] {
            out.insert(field.into(), item.get(field).cloned().unwrap_or_default());
        }
        let color = id_in(&item, "kind").and_then(|kind| colors.get(&kind).cloned());
        out.insert("color".into(), json!(color));
        out.insert("repeats".into(), json!(item.get("repeat").is_some_and(Json::is_string)));
        all.items.push(Json::Object(out));
    }
    Ok(())
}

/// The next contacts that were agreed with customers.
async fn contacts(engine: &Engine, viewer: &Viewer, stretch: &Stretch, all: &mut Gathered) -> Result<()> {
    const FOLLOW_UP: &[&str] = &["next_step", "next_at", "customer", "owner"];
    // Sales may not be there.
    if !asks_by(engine, viewer, "follow_up", &["owner", "next_at"]) {
        return Ok(());
    }
    let what = ("follow_up", FOLLOW_UP, "next_at");
    for item in all.list(engine, viewer, what, &in_stretch("next_at", stretch)).await? {
        let Some(at) = text(&item, "next_at").and_then(|at| at.parse().ok()) else { continue };
        let mut out = base("follow_up", &item, "next_step", at, at, id_in(&item, "owner").into_iter().collect());
        out.insert("customer".into(), item.get("customer").cloned().unwrap_or_default());
        all.items.push(Json::Object(out));
    }
    Ok(())
}

fn in_stretch(field: &str, stretch: &Stretch) -> Json {
    let (from, to) = (stretch.from.to_string(), stretch.to.to_string());
    json!({"and": [["owner", "in", stretch.people], [field, ">=", from], [field, "<", to]]})
}

/// What every entry has.
fn base(object: &str, item: &Item, title: &str, starts: Timestamp, ends: Timestamp, people: Vec<Uuid>) -> Item {
    let mut out = Map::new();
    out.insert("object".into(), json!(object));
    for field in ["id", "version", "_can", "owner"] {
        out.insert(field.into(), item.get(field).cloned().unwrap_or_default());
    }
    out.insert("title".into(), item.get(title).cloned().unwrap_or_default());
    out.insert("start".into(), json!(starts));
    out.insert("end".into(), json!(ends));
    out.insert("people".into(), json!(people));
    out
}

/// The colours of the kinds of events.
async fn colors(engine: &Engine, viewer: &Viewer) -> Result<HashMap<Uuid, String>> {
    if !asks_by(engine, viewer, "event_kind", &["color"]) {
        return Ok(HashMap::new());
    }
    let request = ListRequest {
        fields: Some(vec!["color".to_owned()]),
        sort: Some("created_at".to_owned()),
        limit: Some(200),
        ..ListRequest::default()
    };
    let page = engine.list(viewer, "event_kind", &request).await?;
    Ok(page.items.iter().filter_map(|kind| Some((text(kind, "id")?.parse().ok()?, text(kind, "color")?))).collect())
}

/// A time zone by its name, or the workspace's.
pub(crate) fn zone_named(engine: &Engine, name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| engine.settings().zone.clone())
}
