//! The days that a report is about, and those that it plans.

use guanxi_engine::Engine;
use guanxi_model::{FieldDef, FieldType, Label, Value};
use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, Weekday},
};
use std::collections::HashMap;

/// A day or a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Is it a week?
    pub weekly: bool,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

impl Span {
    /// The day itself, or the week from Monday to Sunday that it is in.
    pub(crate) fn around(weekly: bool, day: Date) -> Self {
        if !weekly {
            return Self { weekly, first: day, last: day };
        }
        let first = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
        Self { weekly, first, last: first.saturating_add(6.days()) }
    }

    /// What figures are asked for.
    pub(crate) fn takes() -> Vec<FieldDef> {
        vec![
            FieldDef::new("kind", FieldType::Text, Label::new("类型", "Kind")),
            FieldDef::new("day", FieldType::Date, Label::new("日期", "Day")),
        ]
    }

    /// As it is asked for: `daily` or `weekly` and a day in it; today when none is named. Nothing for another kind.
    pub(crate) fn asked(engine: &Engine, asked: &HashMap<String, Value>) -> Option<Self> {
        let weekly = match asked.get("kind").and_then(Value::as_text) {
            None | Some("daily") => false,
            Some("weekly") => true,
            Some(_) => return None,
        };
        let day = match asked.get("day") {
            Some(Value::Date(day)) => *day,
            _ => today(engine),
        };
        Some(Self::around(weekly, day))
    }

    /// Its value in the field.
    pub(crate) fn kind(&self) -> &'static str {
        if self.weekly { "weekly" } else { "daily" }
    }

    /// What is planned in it: the next working day, or the next week.
    pub(crate) fn next(&self) -> Self {
        let after = self.last.saturating_add(1.day());
        if self.weekly {
            return Self::around(true, after);
        }
        let days = match after.weekday() {
            Weekday::Saturday => 2,
            Weekday::Sunday => 1,
            _ => 0,
        };
        // A weekend's plans are not left out.
        Self { weekly: false, first: after, last: after.saturating_add(days.days()) }
    }

    /// Its first moment, and the first one after it.
    pub(crate) fn moments(&self, engine: &Engine) -> (Timestamp, Timestamp) {
        (begins(engine, self.first), begins(engine, self.last.saturating_add(1.day())))
    }

    /// Is it of no weekday?
    pub(crate) fn is_weekend(&self) -> bool {
        !self.weekly && matches!(self.first.weekday(), Weekday::Saturday | Weekday::Sunday)
    }
}

/// The moment at which a day begins for the workspace.
pub(crate) fn begins(engine: &Engine, day: Date) -> Timestamp {
    day.to_zoned(engine.settings().zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// The workspace's day.
pub(crate) fn today(engine: &Engine) -> Date {
    engine.now().to_zoned(engine.settings().zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_is_from_monday_to_sunday() {
        for day in [date(2026, 11, 16), date(2026, 11, 19), date(2026, 11, 22)] {
            let week = Span::around(true, day);
            assert_eq!((week.first, week.last), (date(2026, 11, 16), date(2026, 11, 22)));
            assert_eq!((week.next().first, week.next().last), (date(2026, 11, 23), date(2026, 11, 29)));
        }
    }

    #[test]
    fn a_day_plans_the_next_working_day() {
        let next = |day| {
            let next = Span::around(false, day).next();
            (next.first, next.last)
        };
        assert_eq!(next(date(2026, 11, 19)), (date(2026, 11, 20), date(2026, 11, 20)), "a Thursday");
        assert_eq!(next(date(2026, 11, 20)), (date(2026, 11, 21), date(2026, 11, 23)), "a Friday");
        assert_eq!(next(date(2026, 11, 22)), (date(2026, 11, 23), date(2026, 11, 23)), "a Sunday");
        assert_eq!(next(date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 1, 1)), "over the year's end");
        assert!(Span::around(false, date(2026, 11, 22)).is_weekend());
        assert!(!Span::around(true, date(2026, 11, 22)).is_weekend());
    }
}
