//! Moments as iCalendar writes them: a day, a clock in a zone, or UTC.

use super::unfit;
use crate::repeat::{Repeat, moment};
use calcard::{
    Entry, Parser,
    common::PartialDateTime,
    icalendar::{
        ICalendar, ICalendarEntry, ICalendarParameter, ICalendarParameterName, ICalendarProperty,
        ICalendarRecurrenceRule, ICalendarValue, ICalendarValueType,
    },
};
use guanxi_engine::Result;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

fn day_of(date: Date) -> PartialDateTime {
    PartialDateTime {
        year: u16::try_from(date.year()).ok(),
        month: u8::try_from(date.month()).ok(),
        day: u8::try_from(date.day()).ok(),
        ..PartialDateTime::default()
    }
}

fn clock_of(clock: DateTime) -> PartialDateTime {
    PartialDateTime {
        hour: u8::try_from(clock.hour()).ok(),
        minute: u8::try_from(clock.minute()).ok(),
        second: u8::try_from(clock.second()).ok(),
        ..day_of(clock.date())
    }
}

/// A day.
pub(super) fn day(name: ICalendarProperty, date: Date) -> ICalendarEntry {
    ICalendarEntry::new(name).with_param(ICalendarParameter::value(ICalendarValueType::Date)).with_value(day_of(date))
}

/// A moment as UTC has it.
pub(super) fn utc(name: ICalendarProperty, at: Timestamp) -> ICalendarEntry {
    ICalendarEntry::new(name).with_value(in_utc(at))
}

fn in_utc(at: Timestamp) -> PartialDateTime {
    PartialDateTime { tz_hour: Some(0), tz_minute: Some(0), ..clock_of(at.to_zoned(TimeZone::UTC).datetime()) }
}

/// A moment as a clock in the zone shows it, or its day.
pub(super) fn local(name: ICalendarProperty, at: Timestamp, whole: bool, zone: &TimeZone) -> ICalendarEntry {
    let clock = at.to_zoned(zone.clone()).datetime();
    if whole {
        return day(name, clock.date());
    }
    match zone.iana_name().filter(|name| !matches!(*name, "UTC" | "Etc/UTC")) {
        Some(zone) => {
            ICalendarEntry::new(name).with_param(ICalendarParameter::tzid(zone.to_owned())).with_value(clock_of(clock))
        }
        None => utc(name, at),
    }
}

/// What a property says: the moment, and whether it is a day. Days are those of the zone, as are clocks that name none.
pub(super) fn read(
    sent: &ICalendar,
    entry: &ICalendarEntry,
    value: &ICalendarValue,
    zone: &TimeZone,
) -> Result<(Timestamp, bool)> {
    let name = entry.name.as_str();
    let wrong = || unfit(format!("{name} 的时间无法识别"), format!("the time of {name} cannot be read"));
    let said = value.as_partial_date_time().filter(|said| said.has_date()).ok_or_else(wrong)?;
    let number = |part: Option<u8>| i8::try_from(part.unwrap_or_default()).map_err(|_| wrong());
    let year = i16::try_from(said.year.unwrap_or_default()).map_err(|_| wrong())?;
    let date = Date::new(year, number(said.month)?, number(said.day)?).map_err(|_| wrong())?;
    if !said.has_time() {
        return Ok((moment(date.at(0, 0, 0, 0), zone).ok_or_else(wrong)?, true));
    }
    // The sixtieth second of a minute is the next one's first, which is near enough.
    let second = number(said.second)?.min(59);
    let clock = DateTime::new(year, date.month(), date.day(), number(said.hour)?, number(said.minute)?, second, 0)
        .map_err(|_| wrong())?;
    let zone = match (said.has_zone(), zone_of(sent, entry)?) {
        (true, _) => TimeZone::UTC,
        (false, Some(named)) => named,
        (false, None) => zone.clone(),
    };
    Ok((moment(clock, &zone).ok_or_else(wrong)?, false))
}

/// The zone that a property names, by the names that programs give it.
pub(super) fn zone_of(sent: &ICalendar, entry: &ICalendarEntry) -> Result<Option<TimeZone>> {
    let Some(name) = entry.parameter(&ICalendarParameterName::Tzid).and_then(|name| name.as_text()) else {
        return Ok(None);
    };
    let known = sent.build_tz_resolver().resolve(name).and_then(|zone| TimeZone::get(&zone.name()?).ok());
    let name = guanxi_model::error::excerpt(name).to_owned();
    known.map(Some).ok_or_else(|| unfit(format!("不认识时区“{name}”"), format!("the time zone “{name}” is not known")))
}

/// Is the moment said as UTC has it?
pub(super) fn is_utc(value: &ICalendarValue) -> bool {
    value.as_partial_date_time().is_some_and(PartialDateTime::has_zone)
}

/// A rule as programs want it: its end as a day for whole days, else as UTC has it.
pub(super) fn rule(repeat: &Repeat, whole: bool, zone: &TimeZone) -> Option<ICalendarRecurrenceRule> {
    let text = repeat.for_programs(whole, zone).to_string();
    let Entry::ICalendar(read) = Parser::new(&format!("BEGIN:VEVENT\r\nRRULE:{text}\r\nEND:VEVENT\r\n")).entry() else {
        return None;
    };
    match read.components.into_iter().next()?.entries.into_iter().next()?.values.into_iter().next()? {
        ICalendarValue::RecurrenceRule(rule) => Some(*rule),
        _ => None,
    }
}
