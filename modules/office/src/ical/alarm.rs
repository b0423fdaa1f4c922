//! Reminders: so many minutes before.

use calcard::icalendar::{
    ICalendar, ICalendarAction, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry,
    ICalendarParameter, ICalendarParameterName, ICalendarParameterValue, ICalendarProperty, ICalendarRelated,
    ICalendarValue,
};
use jiff::{Timestamp, tz::TimeZone};

/// Longest before, in minutes: the `max` of `remind_minutes`.
const EARLIEST: i64 = 40_320;

/// An alarm so many minutes before the beginning, or before the end: for tasks, when they are due.
pub(super) fn write(minutes: i64, title: &str, before_end: bool) -> ICalendarComponent {
    let mut alarm = ICalendarComponent::new(ICalendarComponentType::VAlarm);
    alarm.add_property(ICalendarProperty::Action, ICalendarAction::Display);
    alarm.add_property(ICalendarProperty::Description, title);
    let before = ICalendarDuration::from_seconds(-60 * minutes);
    let mut trigger = ICalendarEntry::new(ICalendarProperty::Trigger).with_value(before);
    if before_end {
        trigger = trigger.with_param(ICalendarParameter::related(ICalendarRelated::End));
    }
    alarm.entries.push(trigger);
    alarm
}

/// How many minutes before `anchor` a component reminds. Of several alarms the one that is there already counts, else the first:
/// there is one reminder.
pub(super) fn read(
    sent: &ICalendar,
    component: &ICalendarComponent,
    (starts, ends): (Timestamp, Timestamp),
    anchor: Timestamp,
    now: Option<i64>,
) -> Option<i64> {
    let alarms = component.component_ids.iter().filter_map(|id| sent.components.get(*id as usize));
    let alarms = alarms.filter(|inner| inner.component_type == ICalendarComponentType::VAlarm);
    let minutes: Vec<i64> = alarms.filter_map(|alarm| minutes_of(sent, alarm, (starts, ends), anchor)).collect();
    now.filter(|now| minutes.contains(now)).or_else(|| minutes.first().copied())
}

fn minutes_of(
    sent: &ICalendar,
    alarm: &ICalendarComponent,
    (starts, ends): (Timestamp, Timestamp),
    anchor: Timestamp,
) -> Option<i64> {
    // One that does nothing says that there is to be none.
    let action = alarm.property(&ICalendarProperty::Action)?.values.first()?;
    if !matches!(action, ICalendarValue::Action(_)) {
        return None;
    }
    let trigger = alarm.property(&ICalendarProperty::Trigger)?;
    let at = match trigger.values.first()? {
        ICalendarValue::Duration(before) => {
            let related = trigger.parameter(&ICalendarParameterName::Related);
            let from_end = matches!(related, Some(ICalendarParameterValue::Related(ICalendarRelated::End)));
            let base = if from_end { ends } else { starts };
            Timestamp::from_second(base.as_second().checked_add(before.as_seconds())?).ok()?
        }
        value => super::moments::read(sent, trigger, value, &TimeZone::UTC).ok()?.0,
    };
    let minutes = anchor.as_second().checked_sub(at.as_second())?.div_euclid(60);
    (0..=EARLIEST).contains(&minutes).then_some(minutes)
}
