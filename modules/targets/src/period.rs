//! The time that a target or a forecast is for.

use guanxi_engine::{Engine, Error, Result};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use std::{ops::RangeInclusive, str::FromStr};

/// Months of one calendar year: all of them, those of a quarter, or one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    /// The year.
    pub year: i16,
    /// Its months.
    pub months: RangeInclusive<i8>,
}

impl Period {
    /// Reads `2026`, `2026-Q3` or `2026-07`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let read = || {
            let (year, rest) = text.split_at_checked(4)?;
            let year = digits(year, 4, 2000..=2200)?;
            let months = match rest.strip_prefix('-') {
                None if rest.is_empty() => 1..=12,
                None => return None,
                Some(rest) => match rest.strip_prefix('Q') {
                    Some(quarter) => {
                        let quarter: i8 = digits(quarter, 1, 1..=4)?;
                        quarter * 3 - 2..=quarter * 3
                    }
                    None => {
                        let month: i8 = digits(rest, 2, 1..=12)?;
                        month..=month
                    }
                },
            };
            Some(Self { year, months })
        };
        read().ok_or_else(|| {
            Error::bad("bad_period", "period 应为 2026、2026-Q3 或 2026-07", "period is 2026, 2026-Q3 or 2026-07")
        })
    }

    /// The quarter of a day.
    pub(crate) fn quarter_of(day: Date) -> Self {
        let first = (day.month() - 1) / 3 * 3 + 1;
        Self { year: day.year(), months: first..=first + 2 }
    }

    /// As it is asked for.
    pub(crate) fn name(&self) -> String {
        let (first, last) = (*self.months.start(), *self.months.end());
        match last - first {
            11 => format!("{:04}", self.year),
            2 => format!("{:04}-Q{}", self.year, last / 3),
            _ => format!("{:04}-{first:02}", self.year),
        }
    }

    /// Its first day.
    pub(crate) fn first(&self) -> Date {
        first_of(self.year, *self.months.start())
    }

    /// The day after its last one.
    pub(crate) fn after(&self) -> Date {
        let last = first_of(self.year, *self.months.end());
        last.checked_add(1.month()).unwrap_or(last)
    }

    /// Days of it that are over on a day, that day included, and all its days.
    pub(crate) fn days(&self, today: Date) -> (i64, i64) {
        let between = |from: Date, to: Date| i64::from((to - from).get_days());
        let all = between(self.first(), self.after());
        let tomorrow = today.checked_add(1.day()).unwrap_or(today);
        (between(self.first(), tomorrow).clamp(0, all), all)
    }
}

/// A number of so many digits within bounds.
fn digits<N: FromStr + PartialOrd>(text: &str, length: usize, bounds: RangeInclusive<N>) -> Option<N> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| plain && bounds.contains(number))
}

/// The first day of a month.
pub(crate) fn first_of(year: i16, month: i8) -> Date {
    Date::new(year, month, 1).unwrap_or(Date::MIN)
}

/// The moment at which a day begins for the workspace.
pub(crate) fn begins(engine: &Engine, day: Date) -> Timestamp {
    day.to_zoned(engine.settings().zone.clone()).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
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
    fn periods_are_read_and_named() {
        for (text, months) in
            [("2026", 1..=12), ("2026-Q1", 1..=3), ("2026-Q4", 10..=12), ("2026-02", 2..=2), ("2026-12", 12..=12)]
        {
            let period = Period::parse(text).expect(text);
            assert_eq!((period.year, period.months.clone(), period.name()), (2026, months, text.to_owned()));
        }
        for text in [
            "",
            "26",
            "2026-",
            "2026-Q5",
            "2026-Q0",
            "2026-13",
            "2026-00",
            "2026-1",
            "1999",
            "2201",
            "2026-01-01",
            "２０２６",
            "2026-+1",
            "+026",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_counted() {
        let quarter = Period::quarter_of(date(2028, 2, 29));
        assert_eq!(
            (quarter.name().as_str(), quarter.first(), quarter.after()),
            ("2028-Q1", date(2028, 1, 1), date(2028, 4, 1))
        );
        assert_eq!(quarter.days(date(2028, 2, 29)), (60, 91));
        assert_eq!(quarter.days(date(2027, 12, 31)), (0, 91));
        assert_eq!(quarter.days(date(2029, 1, 1)), (91, 91));
        assert_eq!(Period::parse("2027").expect("a year").days(date(2027, 1, 1)), (1, 365));
    }
}
