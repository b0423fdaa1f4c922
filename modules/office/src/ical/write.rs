//! Records as components.

use super::{
    UNTITLED, alarm,
    found::{Found, id_of, uid_of},
    moments::{self, local, utc},
    people::People,
    plain,
};
use crate::{
    event::excluded,
    repeat::{Repeat, shifted},
    schedule::{Item, text, timing},
    timing::Timing,
};
use calcard::icalendar::{
    ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarProperty, ICalendarStatus, ICalendarValue, Uri,
};
use guanxi_engine::{Engine, calendars::Part};
use guanxi_model::Value;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::Value as Json;

/// What every component begins with.
pub(super) fn begun(kind: ICalendarComponentType, uid: &str, item: &Item) -> ICalendarComponent {
    let mut out = ICalendarComponent::new(kind);
    let at = |field: &str| text(item, field).and_then(|at| at.parse::<Timestamp>().ok());
    let changed = at("updated_at").or_else(|| at("created_at")).unwrap_or(Timestamp::UNIX_EPOCH);
    out.add_uid(uid);
    out.entries.push(utc(ICalendarProperty::Dtstamp, changed));
    out.entries.push(utc(ICalendarProperty::LastModified, changed));
    out.entries.extend(at("created_at").map(|at| utc(ICalendarProperty::Created, at)));
    out.add_sequence(item.get("version").and_then(Json::as_i64).unwrap_or_default());
    out
}

/// Where the page shows a record.
pub(super) fn place_on_page(page: &str, object: &str, item: &Item) -> Option<ICalendarEntry> {
    let place = format!("{page}/o/{object}/{}", id_of(item));
    (!page.is_empty())
        .then(|| ICalendarEntry::new(ICalendarProperty::Url).with_value(ICalendarValue::Uri(Uri::Location(place))))
}

/// An event and what stands for its occurrences.
pub(super) fn event(engine: &Engine, found: &Found, people: &People, page: &str) -> Vec<Part> {
    let uid = uid_of(&found.main);
    let mut main = component(&uid, &found.main, &found.timing, people, page);
    let Timing { whole, zone, .. } = &found.timing;
    if let Some(rule) = text(&found.main, "repeat")
        .and_then(|rule| Repeat::read(&rule, found.timing.starts, zone).ok())
        .and_then(|repeat| moments::rule(&repeat, *whole, zone))
    {
        main.outer.add_property(ICalendarProperty::Rrule, rule);
        let shown: Vec<Timestamp> = found.changed.iter().map(|(at, _)| *at).collect();
        for at in excluded(&Value::from(text(&found.main, "excluded"))) {
            if !shown.contains(&at) {
                main.outer.entries.push(local(ICalendarProperty::Exdate, at, *whole, zone));
            }
        }
    }
    let mut parts = vec![main];
    for (at, item) in &found.changed {
        let Some(timing) = timing(engine, item) else { continue };
        let mut one = component(&uid, item, &timing, people, page);
        one.outer.entries.push(local(ICalendarProperty::RecurrenceId, *at, *whole, zone));
        parts.push(one);
    }
    parts
}

fn component(uid: &str, item: &Item, timing: &Timing, people: &People, page: &str) -> Part {
    let mut out = begun(ICalendarComponentType::VEvent, uid, item);
    let title = text(item, "title").map_or_else(|| UNTITLED.to_owned(), |title| plain(&title));
    let Timing { starts, whole, zone, .. } = timing;
    out.entries.push(local(ICalendarProperty::Dtstart, *starts, *whole, zone));
    out.entries.extend(end(timing).map(|ends| local(ICalendarProperty::Dtend, ends, *whole, zone)));
    out.add_property(ICalendarProperty::Summary, title.as_str());
    for (field, name) in [("place", ICalendarProperty::Location), ("description", ICalendarProperty::Description)] {
        if let Some(text) = text(item, field) {
            out.add_property(name, plain(&text));
        }
    }
    if let Some(kind) = item.get("kind").and_then(|kind| kind["title"].as_str()) {
        out.add_property(ICalendarProperty::Categories, kind);
    }
    out.add_property(ICalendarProperty::Status, ICalendarStatus::Confirmed);
    out.entries.extend(people.write(item));
    out.entries.extend(place_on_page(page, "event", item));
    let minutes = item.get("remind_minutes").and_then(Json::as_i64);
    Part { outer: out, inner: minutes.map(|minutes| alarm::write(minutes, &title, false)).into_iter().collect() }
}

/// When it is over; of whole days the day after the last one.
fn end(timing: &Timing) -> Option<Timestamp> {
    if timing.whole { shifted(timing.ends, 1.day(), &timing.zone) } else { Some(timing.ends) }
}

/// A task.
pub(super) fn task(item: &Item, uid: &str, zone: &TimeZone, page: &str) -> Part {
    let mut out = begun(ICalendarComponentType::VTodo, uid, item);
    let title = text(item, "name").map_or_else(|| UNTITLED.to_owned(), |name| plain(&name));
    out.add_property(ICalendarProperty::Summary, title.as_str());
    let at = |field: &str| text(item, field).and_then(|at| at.parse::<Timestamp>().ok());
    let due = at("due_at");
    out.entries.extend(at("starts_at").map(|at| local(ICalendarProperty::Dtstart, at, false, zone)));
    out.entries.extend(due.map(|at| local(ICalendarProperty::Due, at, false, zone)));
    if let Some(text) = text(item, "description") {
        out.add_property(ICalendarProperty::Description, plain(&text));
    }
    if let Some(priority) = text(item, "priority") {
        out.add_property(ICalendarProperty::Priority, super::tasks::priority_number(&priority));
    }
    let done = text(item, "status").as_deref() == Some("done");
    out.add_property(
        ICalendarProperty::Status,
        if done { ICalendarStatus::Completed } else { ICalendarStatus::NeedsAction },
    );
    if done {
        out.add_property(ICalendarProperty::PercentComplete, 100);
        out.entries.extend(at("updated_at").map(|at| utc(ICalendarProperty::Completed, at)));
    }
    out.entries.extend(place_on_page(page, "task", item));
    let minutes = item.get("remind_minutes").and_then(Json::as_i64).filter(|_| due.is_some() && !done);
    Part { outer: out, inner: minutes.map(|minutes| alarm::write(minutes, &title, true)).into_iter().collect() }
}
