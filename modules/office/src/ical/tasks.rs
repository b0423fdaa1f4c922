//! The calendar of tasks.

use super::{
    UNTITLED, alarm,
    events::once,
    found::{id_of, kept_since, name_of, uid_of},
    moments, plain, put, same_text, text_of, unfit, write,
};
use crate::schedule::{Gathered, Item, asks_by, text};
use async_trait::async_trait;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarStatus, ICalendarValue,
};
use guanxi_engine::{
    Calendar, Engine, Error, Result, Step, Viewer,
    calendars::{Entry, Wanted},
};
use guanxi_model::Label;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// What is read of a task.
const FIELDS: &[&str] = &[
    "name",
    "status",
    "priority",
    "starts_at",
    "due_at",
    "repeat",
    "remind_minutes",
    "description",
    "owner",
    "calendar_name",
    "calendar_uid",
    "created_at",
    "updated_at",
];
/// A task that is due on a day is due at the end of it, to the minute.
const END_OF_DAY: SignedDuration = SignedDuration::from_secs(86_340);

/// Somebody's tasks.
pub(crate) struct Tasks;

/// The number of a priority.
pub(super) fn priority_number(priority: &str) -> i64 {
    match priority {
        "high" => 1,
        "low" => 9,
        _ => 5,
    }
}

fn priority_word(number: i64) -> &'static str {
    match number {
        1..=4 => "high",
        6..=9 => "low",
        _ => "normal",
    }
}

async fn tasks(engine: &Engine, viewer: &Viewer, that: Json) -> Result<Vec<Item>> {
    let Some(me) = viewer.id else { return Ok(Vec::new()) };
    if !asks_by(engine, viewer, "task", &["owner", "status", "due_at", "calendar_name", "calendar_uid"]) {
        return Ok(Vec::new());
    }
    let filter = json!({"and": [["owner", "=", me], that]});
    Gathered::default().list(engine, viewer, ("task", FIELDS, "-created_at"), &filter).await
}

async fn named(engine: &Engine, viewer: &Viewer, name: &str) -> Result<Option<Item>> {
    let found = tasks(engine, viewer, json!(["calendar_name", "=", name])).await?.pop();
    let id: Option<Uuid> = name.strip_suffix(".ics").and_then(|id| id.parse().ok());
    match (found, id) {
        (None, Some(id)) => Ok(tasks(engine, viewer, json!(["id", "=", id])).await?.pop()),
        (found, _) => Ok(found),
    }
}

fn entry(engine: &Engine, viewer: &Viewer, item: &Item, page: &str) -> Entry {
    let uid = uid_of(item);
    let version = item.get("version").and_then(Json::as_i64).unwrap_or_default();
    let parts = vec![write::task(item, &uid, &engine.settings().zone, page)];
    Entry { name: name_of(viewer, item), uid, records: vec![(id_of(item), version)], parts }
}

fn moment(item: &Item, field: &str) -> Option<Timestamp> {
    text(item, field)?.parse().ok()
}

/// Does it touch a time? One that is due at no time touches none.
fn touches(item: &Item, wanted: &Wanted<'_>) -> bool {
    let Some(due) = moment(item, "due_at").or_else(|| moment(item, "starts_at")) else { return false };
    let starts = moment(item, "starts_at").unwrap_or(due);
    wanted.from.is_none_or(|from| due >= from) && wanted.to.is_none_or(|to| starts < to)
}

/// What a program says of a task.
fn read(
    engine: &Engine,
    sent: &ICalendar,
    component: &ICalendarComponent,
    now: Option<i64>,
) -> Result<Map<String, Json>> {
    let zone = engine.settings().zone.clone();
    let at = |name: ICalendarProperty, end_of_day: bool| -> Result<Option<Timestamp>> {
        let Some(entry) = component.property(&name) else { return Ok(None) };
        let value = entry.values.first().ok_or_else(|| unfit("时间无法识别", "a time cannot be read"))?;
        let (at, day) = moments::read(sent, entry, value, &zone)?;
        let later = if day && end_of_day { END_OF_DAY } else { SignedDuration::ZERO };
        Ok(Some(at.saturating_add(later).unwrap_or(at)))
    };
    let starts = at(ICalendarProperty::Dtstart, false)?;
    let mut due = at(ICalendarProperty::Due, true)?;
    if let (None, Some(starts), Some(entry)) = (due, starts, component.property(&ICalendarProperty::Duration))
        && let Some(ICalendarValue::Duration(lasts)) = entry.values.first()
    {
        due = starts.checked_add(SignedDuration::from_secs(lasts.as_seconds())).ok();
    }
    let first = |name: &ICalendarProperty| component.property(name).and_then(|entry| entry.values.first());
    let done = match first(&ICalendarProperty::Status) {
        Some(ICalendarValue::Status(status)) => *status == ICalendarStatus::Completed,
        _ => component.has_property(&ICalendarProperty::Completed),
    };
    let priority = first(&ICalendarProperty::Priority).and_then(ICalendarValue::as_integer).unwrap_or_default();
    let anchor = due.or(starts);
    let reminds = anchor.and_then(|anchor| {
        alarm::read(sent, component, (starts.unwrap_or(anchor), due.unwrap_or(anchor)), anchor, now)
    });
    let description = text_of(component, &ICalendarProperty::Description).map(plain);
    let mut fields = Map::new();
    fields.insert("name".into(), json!(text_of(component, &ICalendarProperty::Summary).unwrap_or(UNTITLED)));
    fields.insert("status".into(), json!(if done { "done" } else { "open" }));
    fields.insert("priority".into(), json!(priority_word(priority)));
    fields.insert("starts_at".into(), json!(starts));
    fields.insert("due_at".into(), json!(due));
    fields.insert("remind_minutes".into(), json!(reminds));
    fields.insert("description".into(), json!(description));
    Ok(fields)
}

/// The fields that a program changes.
fn differing(item: &Item, said: Map<String, Json>) -> Map<String, Json> {
    // Where a task is done its reminder is not shown, so that its being left out says nothing.
    let silent = text(item, "status").as_deref() == Some("done") || moment(item, "due_at").is_none();
    let same = |name: &str, value: &Json| {
        let now = item.get(name).unwrap_or(&Json::Null);
        match name {
            "starts_at" | "due_at" => {
                let second =
                    |json: &Json| json.as_str().and_then(|at| at.parse::<Timestamp>().ok()).map(|at| at.as_second());
                second(now) == second(value)
            }
            "remind_minutes" if silent && value.is_null() => true,
            "priority" => now == value || now.is_null() && *value == json!("normal"),
            _ => match (now.as_str(), value.as_str()) {
                (Some(now), Some(value)) => same_text(now, value),
                _ => now == value,
            },
        }
    };
    said.into_iter().filter(|(name, value)| item.contains_key(name) && !same(name, value)).collect()
}

#[async_trait]
impl Calendar for Tasks {
    fn name(&self) -> &'static str {
        "tasks"
    }

    fn label(&self) -> Label {
        Label::new("任务", "Tasks")
    }

    fn component(&self) -> &'static str {
        "VTODO"
    }

    fn color(&self) -> &'static str {
        "#FA8C16"
    }

    fn optional(&self) -> bool {
        true
    }

    async fn entries(&self, engine: &Engine, viewer: &Viewer, wanted: &Wanted<'_>) -> Result<Vec<Entry>> {
        let since = kept_since(engine, wanted.from);
        let that = json!({"or": [["status", "=", "open"], ["due_at", ">=", since]]});
        let mut found = tasks(engine, viewer, that).await?;
        if wanted.from.is_some() || wanted.to.is_some() {
            found.retain(|item| touches(item, wanted));
        }
        Ok(once(found.iter().map(|item| entry(engine, viewer, item, wanted.page)).collect()))
    }

    async fn entry(&self, engine: &Engine, viewer: &Viewer, name: &str, page: &str) -> Result<Option<Entry>> {
        let found = named(engine, viewer, name).await?;
        Ok(found.map(|item| Entry { name: name.to_owned(), ..entry(engine, viewer, &item, page) }))
    }

    async fn put(
        &self,
        engine: &Engine,
        viewer: &Viewer,
        name: &str,
        current: Option<&Entry>,
        sent: &ICalendar,
    ) -> Result<()> {
        let parts = super::read::components(sent, &ICalendarComponentType::VTodo)?;
        let main = parts
            .main
            .filter(|_| parts.others.is_empty())
            .ok_or_else(|| unfit("任务的单次修改不受支持", "a single occurrence of a task cannot be changed"))?;
        let step = match current {
            Some(current) => {
                let item = named(engine, viewer, name).await?.ok_or(Error::Stale(Box::default()))?;
                let (id, version) = current.record().ok_or(Error::NotFound)?;
                if parts.uid != uid_of(&item) {
                    return Err(put::uid_taken());
                }
                let reminds = item.get("remind_minutes").and_then(Json::as_i64);
                Step::Update(id, version, differing(&item, read(engine, sent, main, reminds)?))
            }
            None => {
                if !tasks(engine, viewer, json!(["calendar_uid", "=", parts.uid])).await?.is_empty() {
                    return Err(put::uid_taken());
                }
                let mut fields = read(engine, sent, main, None)?;
                fields.insert("calendar_name".into(), json!(name));
                fields.insert("calendar_uid".into(), json!(parts.uid));
                if let Some(ICalendarValue::RecurrenceRule(rule)) =
                    main.property(&ICalendarProperty::Rrule).and_then(|entry| entry.values.first())
                {
                    fields.insert("repeat".into(), json!(rule.to_string()));
                }
                Step::Create(Uuid::now_v7(), fields)
            }
        };
        if matches!(&step, Step::Update(_, _, fields) if fields.is_empty()) {
            return Ok(());
        }
        engine.change_together(viewer, "task", vec![step]).await
    }

    async fn remove(&self, engine: &Engine, viewer: &Viewer, entry: &Entry) -> Result<()> {
        let (id, version) = entry.record().ok_or(Error::NotFound)?;
        engine.delete(viewer, "task", id, Some(version)).await
    }
}
