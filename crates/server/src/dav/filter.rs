//! Filters of calendar-query: by component, time, and the text of properties.

use super::{
    refusal::{Refusal, Result},
    xml::{CALDAV, Element},
};
use guanxi_engine::{
    Calendar, Viewer,
    calendars::{Entry, Part},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Nothing of this calendar can match.
    pub nothing: bool,
    properties: Vec<Property>,
}

/// A property that there must, or must not, be.
#[derive(Debug)]
struct Property {
    name: String,
    absent: bool,
    text: Option<Text>,
}

#[derive(Debug)]
struct Text {
    wanted: String,
    exact: bool,
    not: bool,
}

fn moment(text: &str) -> Option<Timestamp> {
    let clock = DateTime::strptime("%Y%m%dT%H%M%S", text.strip_suffix('Z')?).ok()?;
    Some(TimeZone::UTC.to_zoned(clock).ok()?.timestamp())
}

/// Reads a filter for a calendar.
pub(super) fn read(filter: Option<&Element>, calendar: &dyn Calendar, viewer: &Viewer) -> Result<Wanted> {
    let refuse = || Refusal::bad_filter(viewer);
    let mut wanted = Wanted::default();
    let Some(filter) = filter else { return Ok(wanted) };
    let [root] = filter.children.as_slice() else { return Err(refuse()) };
    if !root.is(CALDAV, "comp-filter") || root.attribute("name") != Some("VCALENDAR") {
        return Err(refuse());
    }
    for inner in &root.children {
        if !inner.is(CALDAV, "comp-filter") {
            return Err(refuse());
        }
        let absent = inner.child(CALDAV, "is-not-defined").is_some();
        let ours = inner.attribute("name") == Some(calendar.component());
        // What is only in another calendar, and what must not be what this one holds.
        if ours == absent {
            wanted.nothing = true;
        }
        if !ours || absent {
            continue;
        }
        for condition in &inner.children {
            if condition.is(CALDAV, "time-range") {
                let bound = |name: &str| match condition.attribute(name) {
                    Some(text) => moment(text).map(Some).ok_or_else(refuse),
                    None => Ok(None),
                };
                (wanted.from, wanted.to) = (bound("start")?, bound("end")?);
                if wanted.from.zip(wanted.to).is_some_and(|(from, to)| to <= from) {
                    return Err(refuse());
                }
            } else if condition.is(CALDAV, "prop-filter") {
                wanted.properties.push(property(condition).ok_or_else(refuse)?);
            } else {
                return Err(refuse());
            }
        }
    }
    Ok(wanted)
}

fn property(condition: &Element) -> Option<Property> {
    let mut property = Property { name: condition.attribute("name")?.to_ascii_uppercase(), absent: false, text: None };
    for inner in &condition.children {
        if inner.is(CALDAV, "is-not-defined") {
            property.absent = true;
        } else if inner.is(CALDAV, "text-match") {
            property.text = Some(Text {
                wanted: inner.text.clone(),
                exact: inner.attribute("collation") == Some("i;octet"),
                not: inner.attribute("negate-condition") == Some("yes"),
            });
        } else {
            return None;
        }
    }
    Some(property)
}

impl Wanted {
    /// Does one of an entry's components have what is asked of properties?
    pub fn fits(&self, entry: &Entry) -> bool {
        entry.parts.iter().any(|part| self.properties.iter().all(|property| property.fits(part)))
    }
}

impl Property {
    fn fits(&self, part: &Part) -> bool {
        let mut there = part.outer.entries.iter().filter(|entry| entry.name.as_str() == self.name).peekable();
        if self.absent {
            return there.peek().is_none();
        }
        let Some(text) = &self.text else { return there.peek().is_some() };
        there.any(|entry| {
            entry.values.iter().any(|value| {
                let value = value.clone().into_text().unwrap_or_default();
                let has = if text.exact {
                    value.contains(&text.wanted)
                } else {
                    value.to_ascii_lowercase().contains(&text.wanted.to_ascii_lowercase())
                };
                has != text.not
            })
        })
    }
}
