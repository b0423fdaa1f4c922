//! The schedule as calendar programs know it (RFC 5545): events as `VEVENT` in one calendar, tasks as `VTODO` in another, since
//! programs show the two in different places and some take only one of them.
//!
//! A repeating event and the events that stand for single occurrences of it are one entry. Everything is read and written with
//! the rights of who asks.

mod alarm;
mod events;
mod found;
mod moments;
mod names;
mod people;
mod put;
mod read;
mod tasks;
mod write;

pub(crate) use events::Events;
pub(crate) use names::Names;
pub(crate) use tasks::Tasks;

use calcard::icalendar::{ICalendarComponent, ICalendarEntry, ICalendarProperty};
use guanxi_engine::{Error, calendars::KEPT};

/// What an entry without a title is called.
const UNTITLED: &str = "（无主题）";

/// That an entry cannot be kept as it is.
fn unfit(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::bad("bad_calendar", zh, en)
}

/// A text as programs can have it: lines end in one way, and there are no other control characters.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Do two texts say the same to a program?
fn same_text(one: &str, other: &str) -> bool {
    plain(one).trim() == plain(other).trim()
}

/// A property's only text.
fn text_of<'a>(component: &'a ICalendarComponent, name: &ICalendarProperty) -> Option<&'a str> {
    component.property(name)?.values.first()?.as_text().map(str::trim).filter(|text| !text.is_empty())
}

/// All properties of a name.
fn all_of<'a>(
    component: &'a ICalendarComponent,
    name: &'a ICalendarProperty,
) -> impl Iterator<Item = &'a ICalendarEntry> {
    component.entries.iter().filter(move |entry| entry.name == *name)
}
