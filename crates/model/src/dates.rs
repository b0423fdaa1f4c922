//! Relative dates: "last 7 days", "this fiscal quarter" … as half-open ranges of days.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// How a company counts its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRules {
    /// First month of the fiscal year, 1–12.
    pub fiscal_year_start: i8,
    /// First day of the week: 1 Monday … 7 Sunday.
    pub week_start: i8,
}

impl Default for CalendarRules {
    fn default() -> Self {
        Self { fiscal_year_start: 1, week_start: 1 }
    }
}

/// Days from `from` up to but not including `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// First day.
    pub from: Date,
    /// Day after the last.
    pub to: Date,
}

/// Reads a relative range such as `this_month` or `last_7_days`.
///
/// `last_N_days` ends with today, `next_N_days` begins with it; N is 1 to 3660. Nothing for an unknown name.
pub fn range(name: &str, today: Date, rules: &CalendarRules) -> Option<DayRange> {
    let days = |from: i64, to: i64| {
        Some(DayRange { from: today.checked_add(from.days()).ok()?, to: today.checked_add(to.days()).ok()? })
    };
    match name {
        "today" => return days(0, 1),
        "yesterday" => return days(-1, 0),
        "tomorrow" => return days(1, 2),
        _ => {}
    }
    if let Some(count) = counted(name, "last_") {
        return days(1 - count, 1);
    }
    if let Some(count) = counted(name, "next_") {
        return days(0, count);
    }
    let (which, unit) = name.split_once('_')?;
    let step = match which {
        "last" => -1,
        "this" => 0,
        "next" => 1,
        _ => return None,
    };
    if unit == "week" {
        let first = Weekday::from_monday_one_offset(rules.week_start).ok()?;
        let from = today.checked_sub(i64::from(today.weekday().since(first)).days()).ok()?;
        let from = from.checked_add((step * 7).days()).ok()?;
        return Some(DayRange { from, to: from.checked_add(7.days()).ok()? });
    }
    let (months, fiscal) = match unit {
        "month" => (1, false),
        "quarter" => (3, false),
        "year" => (12, false),
        "fiscal_quarter" => (3, true),
        "fiscal_year" => (12, true),
        _ => return None,
    };
    let start = if fiscal { i64::from(rules.fiscal_year_start) - 1 } else { 0 };
    let month = i64::from(today.month()) - 1;
    let back = (month - start).rem_euclid(months);
    let first = today.first_of_month().checked_sub(back.months()).ok()?;
    let from = first.checked_add((step * months).months()).ok()?;
    Some(DayRange { from, to: from.checked_add(months.months()).ok()? })
}

fn counted(name: &str, prefix: &str) -> Option<i64> {
    let count: i64 = name.strip_prefix(prefix)?.strip_suffix("_days")?.parse().ok()?;
    (1..=3660).contains(&count).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(name: &str, from: Date, to: Date) {
        let rules = CalendarRules { fiscal_year_start: 4, week_start: 1 };
        assert_eq!(range(name, date(2026, 11, 21), &rules), Some(DayRange { from, to }), "{name}");
    }

    #[test]
    fn ranges_are_half_open() {
        check("today", date(2026, 11, 21), date(2026, 11, 22));
        check("last_7_days", date(2026, 11, 15), date(2026, 11, 22));
        check("next_7_days", date(2026, 11, 21), date(2026, 11, 28));
        check("this_week", date(2026, 11, 16), date(2026, 11, 23));
        check("last_week", date(2026, 11, 9), date(2026, 11, 16));
        check("this_month", date(2026, 11, 1), date(2026, 12, 1));
        check("next_month", date(2026, 12, 1), date(2027, 1, 1));
        check("this_quarter", date(2026, 10, 1), date(2027, 1, 1));
        check("last_year", date(2025, 1, 1), date(2026, 1, 1));
        check("this_fiscal_year", date(2026, 4, 1), date(2027, 4, 1));
        check("last_fiscal_quarter", date(2026, 7, 1), date(2026, 10, 1));
    }

    #[test]
    fn unknown_names_are_nothing() {
        for name in ["", "last", "last_0_days", "last_9999999_days", "this_decade", "some_month"] {
            assert_eq!(range(name, date(2026, 11, 21), &CalendarRules::default()), None, "{name}");
        }
    }
}
