//! iCalendar as text: written with the time zones it names, and read from whoever sends it.

use super::Part;
use crate::{Error, Result};
use calcard::{
    Entry as Parsed, Parser,
    icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarProperty},
};
use guanxi_model::Label;

/// Largest text that is read, in bytes.
pub const LARGEST: usize = 512 * 1024;
/// Most components in it.
const MOST_COMPONENTS: usize = 2_000;
/// Most properties in it.
const MOST_PROPERTIES: usize = 20_000;
/// How often those who follow a feed are to look.
const REFRESH: &str = "PT1H";

fn property(name: ICalendarProperty, value: &str) -> ICalendarEntry {
    ICalendarEntry::new(name).with_value(value)
}

/// A whole calendar, with a title where it stands for itself.
pub fn write(title: Option<&str>, parts: &[Part]) -> String {
    let mut root = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    root.entries.push(property(ICalendarProperty::Version, "2.0"));
    root.entries.push(property(ICalendarProperty::Prodid, "-//Guanxi//Guanxi CRM//ZH"));
    root.entries.push(property(ICalendarProperty::Calscale, "GREGORIAN"));
    if let Some(title) = title {
        root.entries.push(property(ICalendarProperty::Method, "PUBLISH"));
        root.entries.push(property(ICalendarProperty::Other("X-WR-CALNAME".to_owned()), title));
        root.entries.push(property(ICalendarProperty::Other("X-PUBLISHED-TTL".to_owned()), REFRESH));
    }
    let mut calendar = ICalendar { components: vec![root] };
    for part in parts {
        let place = add(&mut calendar, part);
        calendar.components[0].component_ids.push(place);
    }
    calendar.add_missing_timezones();
    calendar.to_string()
}

/// Puts a part behind what is there already; answers where it stands.
fn add(calendar: &mut ICalendar, part: &Part) -> u32 {
    let place = calendar.components.len();
    let mut outer = part.outer.clone();
    outer.component_ids = (0..part.inner.len()).map(|at| (place + 1 + at) as u32).collect();
    calendar.components.push(outer);
    calendar.components.extend(part.inner.iter().cloned());
    place as u32
}

/// Only the parts, to tell whether they have changed.
pub(super) fn write_parts(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        let mut alone = ICalendar::default();
        add(&mut alone, part);
        out.push_str(&alone.to_string());
    }
    out
}

/// Reads what a program sent.
///
/// # Errors
/// Too much, not UTF-8, no iCalendar, or cut off.
pub fn read(bytes: &[u8]) -> Result<ICalendar> {
    if bytes.len() > LARGEST {
        return Err(Error::TooLarge(Label::new("日历内容过大", "the calendar entry is too large")));
    }
    let bad = |zh: &str, en: &str| Error::bad("bad_calendar", zh, en);
    let text =
        std::str::from_utf8(bytes).map_err(|_| bad("日历内容必须是 UTF-8 编码", "a calendar entry must be UTF-8"))?;
    let not_one = || bad("无法识别为 iCalendar（RFC 5545）", "this is not iCalendar (RFC 5545)");
    let last = text.trim_end().rsplit(['\n', '\r']).next().unwrap_or_default().trim();
    let Parsed::ICalendar(calendar) = Parser::new(text).entry() else { return Err(not_one()) };
    let root = calendar.components.first().filter(|root| root.component_type == ICalendarComponentType::VCalendar);
    if root.is_none() {
        return Err(not_one());
    }
    // What broke off on its way is not taken for the whole.
    if !last.eq_ignore_ascii_case("END:VCALENDAR") {
        return Err(bad("日历内容不完整", "the calendar entry breaks off"));
    }
    let properties: usize = calendar.components.iter().map(|component| component.entries.len()).sum();
    if calendar.components.len() > MOST_COMPONENTS || properties > MOST_PROPERTIES {
        return Err(Error::TooLarge(Label::new("日历内容过多", "there is too much in the calendar entry")));
    }
    Ok(calendar)
}
