//! Days that come every year, by the sun or by the moon.

use jiff::civil::Date;
use tyme4rs::tyme::{
    lunar::{LunarDay, LunarMonth, LunarYear},
    solar::{SolarDay, SolarTerm},
};

/// A day of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Yearly {
    /// By the moon?
    pub lunar: bool,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    /// In a leap month.
    pub leap: bool,
}

impl Yearly {
    /// Is there such a day in any year?
    pub(crate) fn exists(self) -> bool {
        let most = match (self.lunar, self.month) {
            (true, _) => 30,
            (false, 2) => 29,
            (false, 4 | 6 | 9 | 11) => 30,
            _ => 31,
        };
        (1..=12).contains(&self.month) && (1..=most).contains(&self.day) && (self.lunar || !self.leap)
    }

    /// The first such day from a day on.
    pub(crate) fn next(self, from: Date) -> Option<Date> {
        // A lunar year begins up to two months after the solar one.
        (from.year() - 1..=from.year() + 1).filter_map(|year| self.in_year(year)).find(|day| *day >= from)
    }

    /// The day in a year of its calendar; the last of the month where the month is shorter.
    fn in_year(self, year: i16) -> Option<Date> {
        if !self.lunar {
            let first = Date::new(year, self.month, 1).ok()?;
            return first.with().day(self.day.min(first.days_in_month())).build().ok();
        }
        // The tables say nothing of other times.
        if !(1800..=2300).contains(&year) {
            return None;
        }
        let (year, month) = (isize::from(year), isize::from(self.month));
        let leap = self.leap && LunarYear::from_year(year).get_leap_month() == usize::try_from(month).ok()?;
        let month = LunarMonth::new(year, if leap { -month } else { month }).ok()?;
        let day = usize::try_from(self.day).ok()?.min(month.get_day_count());
        let solar = LunarDay::new(year, month.get_month_with_leap(), day).ok()?.get_solar_day();
        date(&solar)
    }

    /// The lunar day of the year on which a solar date falls.
    pub(crate) fn lunar_of(date: Date) -> Option<Self> {
        let (month, day) = (usize::try_from(date.month()).ok()?, usize::try_from(date.day()).ok()?);
        let lunar = SolarDay::new(isize::from(date.year()), month, day).ok()?.get_lunar_day();
        let month = lunar.get_lunar_month();
        Some(Self {
            lunar: true,
            month: i8::try_from(month.get_month()).ok()?,
            day: i8::try_from(lunar.get_day()).ok()?,
            leap: month.is_leap(),
        })
    }
}

/// The solar terms in the order of the tables, which begin a year with the winter solstice of the December before.
const TERMS: [&str; 24] = [
    "dongzhi",
    "xiaohan",
    "dahan",
    "lichun",
    "yushui",
    "jingzhe",
    "chunfen",
    "qingming",
    "guyu",
    "lixia",
    "xiaoman",
    "mangzhong",
    "xiazhi",
    "xiaoshu",
    "dashu",
    "liqiu",
    "chushu",
    "bailu",
    "qiufen",
    "hanlu",
    "shuangjiang",
    "lidong",
    "xiaoxue",
    "daxue",
];

/// The first day from a day on at which a solar term begins.
pub(crate) fn next_term(term: &str, from: Date) -> Option<Date> {
    let index = TERMS.iter().position(|known| *known == term)?;
    // The tables say nothing of other times.
    let years = (from.year()..=from.year() + 2).filter(|year| (1800..=2300).contains(year));
    let days = years.map(|year| SolarTerm::from_index(isize::from(year), index as isize).get_solar_day());
    days.filter_map(|day| date(&day)).find(|day| *day >= from)
}

/// The year of its calendar in which a date lies.
pub(crate) fn year_of(date: Date, lunar: bool) -> i16 {
    if !lunar {
        return date.year();
    }
    let day = usize::try_from(date.month()).ok().zip(usize::try_from(date.day()).ok());
    day.and_then(|(month, day)| SolarDay::new(isize::from(date.year()), month, day).ok())
        .and_then(|day| i16::try_from(day.get_lunar_day().get_year()).ok())
        .unwrap_or(date.year())
}

fn date(solar: &SolarDay) -> Option<Date> {
    Date::new(
        i16::try_from(solar.get_year()).ok()?,
        i8::try_from(solar.get_month()).ok()?,
        i8::try_from(solar.get_day()).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const fn lunar(month: i8, day: i8, leap: bool) -> Yearly {
        Yearly { lunar: true, month, day, leap }
    }

    #[test]
    fn festivals_fall_where_the_calendar_has_them() {
        // Published dates of the Spring, Dragon Boat and Mid-Autumn festivals.
        for (month, day, dates) in [
            (1, 1, [date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2033, 1, 31)]),
            (5, 5, [date(2024, 6, 10), date(2025, 5, 31), date(2026, 6, 19), date(2027, 6, 9), date(2033, 6, 1)]),
            (8, 15, [date(2024, 9, 17), date(2025, 10, 6), date(2026, 9, 25), date(2027, 9, 15), date(2033, 9, 8)]),
        ] {
            for day_of_year in dates {
                let from = date(day_of_year.year(), 1, 1);
                assert_eq!(lunar(month, day, false).next(from), Some(day_of_year));
                assert_eq!(lunar(month, day, false).next(day_of_year), Some(day_of_year), "the day itself");
                assert_eq!(Yearly::lunar_of(day_of_year), Some(lunar(month, day, false)));
            }
        }
    }

    #[test]
    fn leap_months_and_short_months() {
        // 2025 has a leap sixth month (from 25 July), 2026 has none, 2023 had a leap second one (from 22 March).
        assert_eq!(lunar(6, 1, true).next(date(2025, 1, 1)), Some(date(2025, 7, 25)));
        assert_eq!(lunar(6, 1, false).next(date(2025, 1, 1)), Some(date(2025, 6, 25)));
        assert_eq!(lunar(6, 1, true).next(date(2026, 1, 1)), lunar(6, 1, false).next(date(2026, 1, 1)));
        assert_eq!(Yearly::lunar_of(date(2023, 3, 22)), Some(lunar(2, 1, true)));
        // New Year's Eve: the twelfth month has 29 days in 2025's lunar year and 30 in 2023's.
        assert_eq!(lunar(12, 30, false).next(date(2024, 2, 1)), Some(date(2024, 2, 9)));
        assert_eq!(lunar(12, 30, false).next(date(2026, 2, 1)), Some(date(2026, 2, 16)));
    }

    #[test]
    fn solar_terms_fall_where_the_calendar_has_them() {
        // Published days of Qingming and of the winter solstice.
        for (term, days) in [
            ("qingming", [date(2024, 4, 4), date(2025, 4, 4), date(2026, 4, 5), date(2027, 4, 5), date(2028, 4, 4)]),
            (
                "dongzhi",
                [date(2024, 12, 21), date(2025, 12, 21), date(2026, 12, 22), date(2027, 12, 22), date(2028, 12, 21)],
            ),
            ("xiaohan", [date(2024, 1, 6), date(2025, 1, 5), date(2026, 1, 5), date(2027, 1, 5), date(2028, 1, 6)]),
        ] {
            for day in days {
                assert_eq!(next_term(term, date(day.year(), 1, 1)), Some(day), "{term}");
                assert_eq!(next_term(term, day), Some(day), "the day itself");
                assert!(
                    next_term(term, day.tomorrow().expect("a day")).is_some_and(|next| next.year() == day.year() + 1)
                );
            }
        }
        assert_eq!(next_term("mondays", date(2026, 1, 1)), None);
    }

    #[test]
    fn the_sun_has_its_29th_of_february() {
        let leap_day = Yearly { lunar: false, month: 2, day: 29, leap: false };
        assert_eq!(leap_day.next(date(2027, 1, 1)), Some(date(2027, 2, 28)));
        assert_eq!(leap_day.next(date(2027, 3, 1)), Some(date(2028, 2, 29)));
        let thirtieth = Yearly { month: 4, day: 31, ..leap_day };
        assert_eq!((leap_day.exists(), thirtieth.exists(), lunar(2, 30, false).exists()), (true, false, true));
        assert!(!lunar(2, 31, false).exists() && !Yearly { leap: true, ..leap_day }.exists());
    }

    #[test]
    fn every_year_has_every_day() {
        for year in (1900..=2100).step_by(9) {
            for month in 1..=12 {
                for (day, leap) in [(1, false), (30, false), (15, true)] {
                    let next = lunar(month, day, leap).next(date(year, 6, 1)).expect("a day");
                    assert!(
                        next >= date(year, 6, 1) && next <= date(year + 1, 7, 20),
                        "{year} {month} {day} {leap}: {next}"
                    );
                }
            }
        }
    }
}
