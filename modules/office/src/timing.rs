//! When an event takes place: every time of it within a stretch of time.

use crate::{
    event::excluded,
    repeat::{Repeat, shift, shifted},
};
use guanxi_model::Value;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// When an event takes place, as far as somebody may know it.
pub(crate) struct Timing {
    pub starts: Timestamp,
    /// The end; for whole days, the beginning of the last one.
    pub ends: Timestamp,
    pub whole: bool,
    pub zone: TimeZone,
    repeat: Option<Repeat>,
    excluded: Vec<Timestamp>,
}

/// One time of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Time {
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// The first and the last day, for whole days.
    pub days: Option<(Date, Date)>,
}

impl Timing {
    /// From the fields of an event, as texts.
    pub fn of(text: impl Fn(&str) -> Option<String>, whole: bool, zone: TimeZone) -> Option<Self> {
        let moment = |field: &str| text(field)?.parse::<Timestamp>().ok();
        let starts = moment("starts_at")?;
        let repeat = text("repeat").and_then(|rule| Repeat::read(&rule, starts, &zone).ok());
        let excluded = excluded(&Value::from(text("excluded")));
        Some(Self { starts, ends: moment("ends_at").unwrap_or(starts), whole, zone, repeat, excluded })
    }

    /// Does it repeat?
    pub fn repeats(&self) -> bool {
        self.repeat.is_some()
    }

    /// Is there an occurrence that begins then, by its rule?
    pub fn has(&self, at: Timestamp) -> bool {
        self.repeat.as_ref().is_some_and(|repeat| repeat.has(self.starts, &self.zone, at))
    }

    /// The times of it that touch `[from, to)`, at most so many.
    pub fn within(&self, from: Timestamp, to: Timestamp, most: usize) -> Vec<Time> {
        // A day more, for whole days and for days that daylight saving makes longer.
        let lasts = self.starts.duration_until(self.ends) + SignedDuration::from_hours(if self.whole { 49 } else { 1 });
        let begin = from.checked_sub(lasts).unwrap_or(Timestamp::MIN);
        let starts = match &self.repeat {
            Some(repeat) => repeat.between(self.starts, &self.zone, begin, to, most),
            None => vec![self.starts],
        };
        starts
            .into_iter()
            .filter(|starts| !self.excluded.contains(starts))
            .filter_map(|starts| self.time(starts))
            .filter(|time| time.starts < to && (time.ends > from || time.starts == time.ends && time.starts == from))
            .collect()
    }

    fn time(&self, starts: Timestamp) -> Option<Time> {
        if !self.whole {
            return Some(Time {
                starts,
                ends: starts.checked_add(self.starts.duration_until(self.ends)).ok()?,
                days: None,
            });
        }
        let last = shifted(starts, shift(self.starts, self.ends, &self.zone)?, &self.zone)?;
        let day = |at: Timestamp| at.to_zoned(self.zone.clone()).date();
        Some(Time { starts, ends: shifted(last, 1.day(), &self.zone)?, days: Some((day(starts), day(last))) })
    }
}
