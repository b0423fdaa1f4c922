//! What a program says of an event.

use super::{UNTITLED, alarm, all_of, moments, people, people::Answer, plain, text_of, unfit};
use crate::repeat::{Repeat, moment};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName, ICalendarProperty,
    ICalendarStatus, ICalendarValue,
};
use guanxi_engine::{Engine, Error, Result, Viewer, calendars::LONGEST_NAME};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// An event as a program sent it.
pub(super) struct Said {
    /// Fields, as they are written.
    pub fields: Map<String, Json>,
    pub starts: Timestamp,
    pub whole: bool,
    pub zone: TimeZone,
    pub repeat: Option<Repeat>,
    /// The moments it leaves out.
    pub excluded: Vec<Timestamp>,
    /// It stands for this occurrence.
    pub occurrence: Option<Timestamp>,
    pub cancelled: bool,
    pub asked: Vec<(Uuid, Answer)>,
}

/// The components of one kind, all with the same `UID`: the main one, if it is there, and those that stand for occurrences.
pub(super) struct Sent<'a> {
    pub uid: &'a str,
    pub main: Option<&'a ICalendarComponent>,
    pub others: Vec<&'a ICalendarComponent>,
}

/// Picks the components that count out of what was sent.
pub(super) fn components<'a>(sent: &'a ICalendar, kind: &ICalendarComponentType) -> Result<Sent<'a>> {
    let inner = sent.components.first().map(|root| root.component_ids.as_slice()).unwrap_or_default();
    let mut main = None;
    let mut others = Vec::new();
    let mut uid: Option<&str> = None;
    for component in inner.iter().filter_map(|id| sent.components.get(*id as usize)) {
        if component.component_type == ICalendarComponentType::VTimezone {
            continue;
        }
        if component.component_type != *kind {
            return Err(Error::bad(
                "wrong_component",
                format!("这个日历只保存 {}", kind.as_str()),
                format!("this calendar keeps {} only", kind.as_str()),
            ));
        }
        let its = text_of(component, &ICalendarProperty::Uid)
            .filter(|uid| uid.len() <= LONGEST_NAME && !uid.chars().any(char::is_control))
            .ok_or_else(|| unfit("每个条目都要有 UID，最多 255 字节", "every entry has a UID of at most 255 bytes"))?;
        if uid.is_some_and(|known| known != its) {
            return Err(unfit("一次只能保存一个条目", "one entry is kept at a time"));
        }
        uid = Some(its);
        if component.has_property(&ICalendarProperty::RecurrenceId) {
            others.push(component);
        } else if main.replace(component).is_some() {
            return Err(unfit("同一条目出现了两次", "the entry is there twice"));
        }
    }
    let uid = uid.ok_or_else(|| unfit("其中没有条目", "there is no entry in it"))?;
    Ok(Sent { uid, main, others })
}

/// Reads a component. `zone` is that of days, and of clocks that name none; `reminds` what it reminds by now.
pub(super) async fn event(
    engine: &Engine,
    viewer: &Viewer,
    sent: &ICalendar,
    component: &ICalendarComponent,
    zone: &TimeZone,
    reminds: Option<i64>,
) -> Result<Said> {
    for (name, zh) in [(ICalendarProperty::Rdate, "RDATE"), (ICalendarProperty::Exrule, "EXRULE")] {
        if component.has_property(&name) {
            return Err(unfit(format!("不支持 {zh}"), format!("{zh} is not kept")));
        }
    }
    let first =
        |name: &ICalendarProperty| component.property(name).and_then(|entry| Some((entry, entry.values.first()?)));
    let (entry, value) =
        first(&ICalendarProperty::Dtstart).ok_or_else(|| unfit("缺少开始时间 DTSTART", "DTSTART is missing"))?;
    let (starts, whole) = moments::read(sent, entry, value, zone)?;
    let mut fields = Map::new();
    let ends = ends(sent, component, starts, whole, zone)?;
    let rule = rule(component)?;
    let zone = match moments::zone_of(sent, entry)?.filter(|_| !whole) {
        Some(named) => named,
        // What repeats by UTC keeps its hour there.
        None if !whole && moments::is_utc(value) && rule.is_some() => TimeZone::get("UTC").unwrap_or(TimeZone::UTC),
        None => zone.clone(),
    };
    let title = text_of(component, &ICalendarProperty::Summary).unwrap_or(UNTITLED);
    fields.insert("title".into(), json!(title));
    fields.insert("starts_at".into(), json!(starts));
    fields.insert("ends_at".into(), json!(ends.0));
    fields.insert("all_day".into(), json!(whole));
    fields.insert("zone".into(), json!(zone.iana_name()));
    let text = |name: &ICalendarProperty| text_of(component, name).map(plain);
    fields.insert("place".into(), json!(text(&ICalendarProperty::Location)));
    fields.insert("description".into(), json!(text(&ICalendarProperty::Description)));
    let reminds = alarm::read(sent, component, (starts, ends.1), starts, reminds);
    fields.insert("remind_minutes".into(), json!(reminds));
    let mut excluded = Vec::new();
    for entry in all_of(component, &ICalendarProperty::Exdate) {
        for value in &entry.values {
            excluded.push(occurrence(sent, entry, value, (starts, whole), &zone)?);
        }
    }
    let occurrence = match first(&ICalendarProperty::RecurrenceId) {
        Some((entry, value)) => {
            if entry.has_parameter(&ICalendarParameterName::Range) {
                return Err(unfit("不支持 RANGE=THISANDFUTURE", "RANGE=THISANDFUTURE is not kept"));
            }
            Some(moments::read(sent, entry, value, &zone)?.0)
        }
        None => None,
    };
    let status = component.property(&ICalendarProperty::Status).and_then(|status| status.values.first());
    let cancelled = matches!(status, Some(ICalendarValue::Status(ICalendarStatus::Cancelled)));
    let asked = people::read(engine, viewer, component).await?;
    let repeat = rule.map(|rule| Repeat::read(&rule, starts, &zone)).transpose();
    let repeat = repeat.map_err(|problem| Error::Invalid(vec![problem]))?;
    Ok(Said { fields, starts, whole, zone, repeat, excluded, occurrence, cancelled, asked })
}

/// The only rule of a component.
fn rule(component: &ICalendarComponent) -> Result<Option<String>> {
    let mut rules = all_of(component, &ICalendarProperty::Rrule);
    let rule = rules.next();
    if rules.next().is_some() {
        return Err(unfit("只能有一条重复规则", "there is one rule at most"));
    }
    Ok(rule.and_then(|rule| rule.values.first()).map(|value| match value {
        ICalendarValue::RecurrenceRule(rule) => rule.to_string(),
        value => value.as_text().unwrap_or_default().to_owned(),
    }))
}

/// The end as it is kept, of whole days the beginning of the last one; and when it is over.
fn ends(
    sent: &ICalendar,
    component: &ICalendarComponent,
    starts: Timestamp,
    whole: bool,
    zone: &TimeZone,
) -> Result<(Timestamp, Timestamp)> {
    let wrong = || unfit("结束时间无法识别", "the end cannot be read");
    let over = if let Some(entry) = component.property(&ICalendarProperty::Dtend) {
        let value = entry.values.first().ok_or_else(wrong)?;
        moments::read(sent, entry, value, zone)?.0
    } else if let Some(entry) = component.property(&ICalendarProperty::Duration) {
        let Some(ICalendarValue::Duration(lasts)) = entry.values.first() else { return Err(wrong()) };
        starts.checked_add(SignedDuration::from_secs(lasts.as_seconds())).map_err(|_| wrong())?
    } else {
        starts
    };
    if !whole {
        return Ok((over, over));
    }
    let first = starts.to_zoned(zone.clone()).date();
    let after = over.to_zoned(zone.clone()).date();
    let last = after.checked_sub(1.day()).map_err(|_| wrong())?.max(first);
    let midnight = |date: jiff::civil::Date| moment(date.at(0, 0, 0, 0), zone).ok_or_else(wrong);
    Ok((midnight(last)?, midnight(last.checked_add(1.day()).map_err(|_| wrong())?)?))
}

/// A moment that names an occurrence; a day alone names that day's.
fn occurrence(
    sent: &ICalendar,
    entry: &ICalendarEntry,
    value: &ICalendarValue,
    (starts, whole): (Timestamp, bool),
    zone: &TimeZone,
) -> Result<Timestamp> {
    let (at, day) = moments::read(sent, entry, value, zone)?;
    if day == whole {
        return Ok(at);
    }
    let date = at.to_zoned(zone.clone()).date();
    let clock = if whole { jiff::civil::Time::midnight() } else { starts.to_zoned(zone.clone()).time() };
    moment(date.to_datetime(clock), zone).ok_or_else(|| unfit("EXDATE 无法识别", "an EXDATE cannot be read"))
}
