//! Rules by which something repeats (RFC 5545, `RRULE`): read, bounded, and worked out for a stretch of time.
//!
//! A rule is worked out on the clock on the wall: the hour stays the same through daylight saving, and only then becomes a moment
//! in the event's zone. Which days a rule means is the crate `rrule`'s; here is what it may ask for, so that no rule makes the
//! server count for long: once a day at most, a thousand times or up to a day where it is bounded, and something at all.

use guanxi_model::FieldError;
use jiff::{Span, Timestamp, ToSpan, civil::DateTime, tz::TimeZone};
use rrule::RRuleSet;
use std::fmt::Write;

/// Most times of a rule that counts.
const MOST_TIMES: u32 = 1000;
/// Largest step.
const MOST_STEP: i64 = 366;
/// Longest rule, in bytes.
const LONGEST: usize = 300;
/// The parts that are passed on as they are.
const PASSED_ON: [&str; 5] = ["BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"];

/// How often something repeats at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Days,
    Weeks,
    Months,
    Years,
}

/// Until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// To the end of a day, wherever.
    Day(jiff::civil::Date),
    /// Up to a moment, which belongs to it.
    Moment(Timestamp),
}

/// A rule that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repeat {
    step: Step,
    interval: i64,
    count: Option<u32>,
    until: Option<Until>,
    rest: Vec<(String, String)>,
}

/// What is wrong with a rule, for whoever wrote it.
type Wrong = (&'static str, String, String);

fn wrong(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Wrong {
    (code, zh.into(), en.into())
}

impl Repeat {
    /// Reads a rule, with or without `RRULE:` before it, for something that begins then.
    pub fn read(text: &str, starts: Timestamp, zone: &TimeZone) -> Result<Self, FieldError> {
        Self::read_moved(text, 0, starts, zone)
    }

    /// The same for something that was moved by so many days since the rule was written.
    pub fn read_moved(text: &str, days: i64, starts: Timestamp, zone: &TimeZone) -> Result<Self, FieldError> {
        let read = Self::parse(text).and_then(|repeat| {
            let repeat = repeat.moved(days);
            repeat.makes_sense(starts, zone)?;
            Ok(repeat)
        });
        read.map_err(|(code, zh, en)| FieldError::new("repeat", code, zh, en))
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        let bad = || {
            wrong(
                "bad_rule",
                "重复规则无法识别，请写成 FREQ=WEEKLY;BYDAY=MO,TH 这样",
                "the rule cannot be read; write it like FREQ=WEEKLY;BYDAY=MO,TH",
            )
        };
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        if text.len() > LONGEST {
            return Err(bad());
        }
        let mut step = None;
        let mut repeat = Self { step: Step::Days, interval: 1, count: None, until: None, rest: Vec::new() };
        let mut seen = Vec::new();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(bad)?;
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '+' | '-');
            if seen.contains(&name) || value.is_empty() || !value.chars().all(plain) {
                return Err(bad());
            }
            seen.push(name);
            match name {
                "FREQ" => step = Some(frequency(value)?),
                "INTERVAL" => repeat.interval = within(value, MOST_STEP).ok_or_else(step_out_of_range)?,
                "COUNT" => {
                    let count = within(value, i64::from(MOST_TIMES)).and_then(|count| u32::try_from(count).ok());
                    repeat.count = Some(count.ok_or_else(|| {
                        wrong(
                            "bad_rule",
                            format!("重复次数为 1 到 {MOST_TIMES}"),
                            format!("it repeats 1 to {MOST_TIMES} times"),
                        )
                    })?);
                }
                "UNTIL" => repeat.until = Some(until(value).ok_or_else(bad)?),
                name if PASSED_ON.contains(&name) => repeat.rest.push((name.to_owned(), value.to_owned())),
                _ => {
                    let name = guanxi_model::error::excerpt(name);
                    return Err(wrong(
                        "bad_rule",
                        format!("不支持重复规则中的“{name}”"),
                        format!("“{name}” is not understood in a rule"),
                    ));
                }
            }
        }
        repeat.step = step.ok_or_else(bad)?;
        if repeat.count.is_some() && repeat.until.is_some() {
            return Err(wrong(
                "bad_rule",
                "次数与截止日只能写一个",
                "a rule has a number of times or an end, not both",
            ));
        }
        Ok(repeat)
    }

    /// Does it give anything? A rule for the thirtieth of February would be counted through for nothing each time it is asked.
    fn makes_sense(&self, starts: Timestamp, zone: &TimeZone) -> Result<(), Wrong> {
        let start = starts.to_zoned(zone.clone()).datetime();
        let set = self.set(start, zone).map_err(|error| {
            let error = guanxi_model::error::excerpt(&error.to_string()).to_owned();
            wrong("bad_rule", format!("重复规则有误：{error}"), format!("the rule is wrong: {error}"))
        })?;
        // Without its end: the crate compares that with what the rule gives, and one that gives nothing is counted through.
        let endless = Self { until: None, ..self.clone() };
        let set = if self.until.is_some() { endless.set(start, zone).unwrap_or(set) } else { set };
        if (&set.limit()).into_iter().next().is_none() {
            return Err(wrong("never_happens", "这个规则永远不会发生", "by this rule it never happens"));
        }
        Ok(())
    }

    /// The rule as the crate knows it, on the clock on the wall.
    fn set(&self, start: DateTime, zone: &TimeZone) -> Result<RRuleSet, rrule::RRuleError> {
        let mut text = format!("DTSTART:{}Z\nRRULE:{}", start.strftime("%Y%m%dT%H%M%S"), self.parts());
        match self.until {
            Some(Until::Day(day)) => {
                let _ = write!(text, ";UNTIL={}T235959Z", day.strftime("%Y%m%d"));
            }
            Some(Until::Moment(moment)) => {
                let clock = moment.to_zoned(zone.clone()).datetime();
                let _ = write!(text, ";UNTIL={}Z", clock.strftime("%Y%m%dT%H%M%S"));
            }
            None => {}
        }
        text.parse()
    }

    fn parts(&self) -> String {
        let step = match self.step {
            Step::Days => "DAILY",
            Step::Weeks => "WEEKLY",
            Step::Months => "MONTHLY",
            Step::Years => "YEARLY",
        };
        let mut text = format!("FREQ={step}");
        if self.interval != 1 {
            let _ = write!(text, ";INTERVAL={}", self.interval);
        }
        for (name, value) in &self.rest {
            let _ = write!(text, ";{name}={value}");
        }
        if let Some(count) = self.count {
            let _ = write!(text, ";COUNT={count}");
        }
        text
    }

    /// The occurrences that begin in `[from, to)`, at most so many. What begins the series belongs to it, whatever the rule says.
    pub fn between(
        &self,
        starts: Timestamp,
        zone: &TimeZone,
        from: Timestamp,
        to: Timestamp,
        most: usize,
    ) -> Vec<Timestamp> {
        let mut found = Vec::new();
        if starts >= from && starts < to {
            found.push(starts);
        }
        let start = starts.to_zoned(zone.clone()).datetime();
        let begin = self.nearer(start, from.to_zoned(zone.clone()).datetime());
        let Ok(set) = self.set(begin, zone) else { return found };
        let set = set.limit();
        for occurrence in &set {
            let Some(moment) = civil(occurrence.timestamp()).and_then(|clock| moment(clock, zone)) else { break };
            if moment >= to || found.len() >= most {
                break;
            }
            if moment >= from && moment > starts {
                found.push(moment);
            }
        }
        found
    }

    /// A beginning from which the rule gives the same, and which is not far before what is asked for.
    fn nearer(&self, start: DateTime, asked: DateTime) -> DateTime {
        let days = match (self.step, self.count) {
            (Step::Days, None) => self.interval,
            (Step::Weeks, None) => self.interval * 7,
            // Months and years are few.
            _ => return start,
        };
        let between = asked.date().since(start.date()).map_or(0, |span| i64::from(span.get_days()));
        let steps = (between - 1).div_euclid(days).max(0);
        start.checked_add((steps * days).days()).unwrap_or(start)
    }

    /// When the last one begins; nothing where there is no end.
    pub fn last(&self, starts: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match (self.count, self.until) {
            (None, None) => None,
            (None, Some(Until::Moment(moment))) => Some(moment.max(starts)),
            (None, Some(Until::Day(day))) => {
                let end = day.at(23, 59, 59, 0);
                Some(moment(end, zone).unwrap_or(starts).max(starts))
            }
            (Some(count), _) => self.between(starts, zone, starts, Timestamp::MAX, count as usize + 1).last().copied(),
        }
    }

    /// The first one after a moment.
    pub fn next_after(&self, starts: Timestamp, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
        let from = after.checked_add(1.microsecond()).ok()?;
        self.between(starts, zone, from, Timestamp::MAX, 1).first().copied()
    }

    /// Does one begin at this moment?
    pub fn has(&self, starts: Timestamp, zone: &TimeZone, at: Timestamp) -> bool {
        at.checked_add(1.microsecond()).is_ok_and(|end| !self.between(starts, zone, at, end, 1).is_empty())
    }

    /// The same rule, over before a moment.
    #[must_use]
    pub fn ending_before(&self, moment: Timestamp) -> Self {
        let until = moment.checked_sub(1.second()).unwrap_or(moment);
        Self { count: None, until: Some(Until::Moment(until)), ..self.clone() }
    }

    /// What is left of it after so many times; nothing where none is.
    #[must_use]
    pub fn after_times(&self, times: usize) -> Option<Self> {
        let Some(count) = self.count else { return Some(self.clone()) };
        let left = count.checked_sub(u32::try_from(times).ok()?).filter(|left| *left > 0)?;
        Some(Self { count: Some(left), ..self.clone() })
    }

    /// The same rule with its end as iCalendar wants it: a day for whole days, a moment for others.
    #[must_use]
    pub fn for_programs(&self, whole: bool, zone: &TimeZone) -> Self {
        let until = match self.until {
            Some(Until::Moment(at)) if whole => Some(Until::Day(at.to_zoned(zone.clone()).date())),
            Some(Until::Day(day)) if !whole => moment(day.at(23, 59, 59, 0), zone).map(Until::Moment),
            until => until,
        };
        Self { until, ..self.clone() }
    }

    /// Do both say the same, in whatever order?
    pub fn says_the_same(&self, other: &Self) -> bool {
        let sorted = |repeat: &Self| {
            let mut sorted = repeat.clone();
            sorted.rest.sort();
            sorted
        };
        sorted(self) == sorted(other)
    }

    /// The same rule for something that was moved by so many days: its days of the week go along.
    #[must_use]
    pub fn moved(&self, days: i64) -> Self {
        const WEEK: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let mut moved = self.clone();
        if self.step != Step::Weeks {
            return moved;
        }
        for (_, value) in moved.rest.iter_mut().filter(|(name, _)| name == "BYDAY") {
            let shifted = value.split(',').map(|day| match WEEK.iter().position(|known| *known == day) {
                Some(place) => WEEK[usize::try_from((place as i64 + days).rem_euclid(7)).unwrap_or_default()],
                None => day,
            });
            *value = shifted.collect::<Vec<_>>().join(",");
        }
        moved
    }
}

impl std::fmt::Display for Repeat {
    /// As it is stored, and as others read it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.parts())?;
        match self.until {
            Some(Until::Day(day)) => write!(f, ";UNTIL={}", day.strftime("%Y%m%d")),
            Some(Until::Moment(moment)) => write!(f, ";UNTIL={}", moment.strftime("%Y%m%dT%H%M%SZ")),
            None => Ok(()),
        }
    }
}

fn frequency(value: &str) -> Result<Step, Wrong> {
    match value {
        "DAILY" => Ok(Step::Days),
        "WEEKLY" => Ok(Step::Weeks),
        "MONTHLY" => Ok(Step::Months),
        "YEARLY" => Ok(Step::Years),
        _ => Err(wrong("bad_rule", "只能按天、周、月、年重复", "it repeats by days, weeks, months or years")),
    }
}

fn step_out_of_range() -> Wrong {
    wrong("bad_rule", format!("间隔为 1 到 {MOST_STEP}"), format!("the interval is 1 to {MOST_STEP}"))
}

fn within(value: &str, most: i64) -> Option<i64> {
    value.parse().ok().filter(|number| (1..=most).contains(number))
}

/// `20261121`, `20261121T020000Z`; without `Z` it is taken as UTC too, as clients that forget it mean it.
fn until(value: &str) -> Option<Until> {
    match value.split_once('T') {
        None => jiff::civil::Date::strptime("%Y%m%d", value).ok().map(Until::Day),
        Some(_) => {
            let clock = DateTime::strptime("%Y%m%dT%H%M%S", value.trim_end_matches('Z')).ok()?;
            Some(Until::Moment(moment(clock, &TimeZone::UTC)?))
        }
    }
}

/// What the clock on the wall shows, of the seconds that the crate gives.
fn civil(seconds: i64) -> Option<DateTime> {
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).datetime())
}

/// The moment at which a clock in a zone shows this. An hour that daylight saving leaves out is taken an hour later.
pub(crate) fn moment(clock: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    Some(zone.to_ambiguous_zoned(clock).compatible().ok()?.timestamp())
}

/// How far one reading of a clock is from another, in whole days and time of day.
pub(crate) fn shift(from: Timestamp, to: Timestamp, zone: &TimeZone) -> Option<Span> {
    let (from, to) = (from.to_zoned(zone.clone()).datetime(), to.to_zoned(zone.clone()).datetime());
    to.since((jiff::Unit::Day, from)).ok()
}

/// A moment moved on the clock on the wall.
pub(crate) fn shifted(at: Timestamp, by: Span, zone: &TimeZone) -> Option<Timestamp> {
    moment(at.to_zoned(zone.clone()).datetime().checked_add(by).ok()?, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    /// What a rule gives in a year, as a clock in the zone shows it.
    fn shown(rule: &str, starts: &str, zone_name: &str, until: &str) -> Vec<String> {
        let zone = zone(zone_name);
        let starts: Timestamp = starts.parse().expect("a moment");
        let repeat = Repeat::read(rule, starts, &zone).expect("a rule");
        let to = until.parse().expect("a moment");
        let found = repeat.between(starts, &zone, starts, to, 1000);
        found.iter().map(|at| at.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string()).collect()
    }

    #[test]
    fn what_rules_give() {
        let check = |rule: &str, starts: &str, until: &str, wanted: &[&str]| {
            assert_eq!(shown(rule, starts, "Asia/Shanghai", until), wanted, "{rule}");
        };
        // Months without a 31st have none; the last day is said otherwise.
        check(
            "FREQ=MONTHLY",
            "2026-01-31T01:00:00Z",
            "2026-07-01T00:00:00Z",
            &["01-31 09:00", "03-31 09:00", "05-31 09:00"],
        );
        check(
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "2026-01-31T01:00:00Z",
            "2026-05-01T00:00:00Z",
            &["01-31 09:00", "02-28 09:00", "03-31 09:00", "04-30 09:00"],
        );
        // The 29th of February comes every four years.
        check(
            "RRULE:FREQ=YEARLY",
            "2024-02-29T01:00:00Z",
            "2033-01-01T00:00:00Z",
            &["02-29 09:00", "02-29 09:00", "02-29 09:00"],
        );
        check(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4",
            "2026-11-02T01:00:00Z",
            "2027-01-01T00:00:00Z",
            &["11-02 09:00", "11-05 09:00", "11-16 09:00", "11-19 09:00"],
        );
        check(
            "freq=monthly;byday=-1fr",
            "2026-11-27T01:00:00Z",
            "2027-01-01T00:00:00Z",
            &["11-27 09:00", "12-25 09:00"],
        );
        check(
            "FREQ=DAILY;UNTIL=20261123",
            "2026-11-22T01:00:00Z",
            "2027-01-01T00:00:00Z",
            &["11-22 09:00", "11-23 09:00"],
        );
        check(
            "FREQ=DAILY;UNTIL=20261123T010000Z",
            "2026-11-22T01:00:00Z",
            "2027-01-01T00:00:00Z",
            &["11-22 09:00", "11-23 09:00"],
        );
        // What begins the series belongs to it.
        check("FREQ=WEEKLY;BYDAY=TU", "2026-11-23T01:00:00Z", "2026-11-30T00:00:00Z", &["11-23 09:00", "11-24 09:00"]);
    }

    #[test]
    fn the_hour_stays_through_daylight_saving() {
        let shown = shown("FREQ=DAILY", "2026-10-24T07:00:00Z", "Europe/Berlin", "2026-10-27T00:00:00Z");
        assert_eq!(shown, ["10-24 09:00", "10-25 09:00", "10-26 09:00"]);
        // Half past two is left out in the night of the change: it takes place an hour later.
        let spring = super::tests::shown("FREQ=DAILY", "2026-03-28T01:30:00Z", "Europe/Berlin", "2026-03-31T00:00:00Z");
        assert_eq!(spring, ["03-28 02:30", "03-29 03:30", "03-30 02:30"]);
    }

    #[test]
    fn far_from_its_beginning_it_is_the_same() {
        let zone = zone("America/New_York");
        let starts: Timestamp = "1970-01-01T14:00:00Z".parse().expect("a moment");
        for rule in ["FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=2TU"] {
            let repeat = Repeat::read(rule, starts, &zone).expect("a rule");
            let all = repeat.between(starts, &zone, starts, "2027-01-01T00:00:00Z".parse().expect("one"), usize::MAX);
            let from: Timestamp = "2026-03-01T00:00:00Z".parse().expect("a moment");
            let begun = Instant::now();
            let some = repeat.between(starts, &zone, from, "2027-01-01T00:00:00Z".parse().expect("one"), 1000);
            assert!(begun.elapsed() < Duration::from_millis(500), "{rule} takes {:?}", begun.elapsed());
            assert_eq!(some, all.into_iter().filter(|at| *at >= from).collect::<Vec<_>>(), "{rule}");
            assert!(some.len() > 5, "{rule}");
        }
    }

    #[test]
    fn hostile_rules_are_refused_soon() {
        let starts: Timestamp = "2026-11-21T02:00:00Z".parse().expect("a moment");
        let long = format!("FREQ=DAILY;BYMONTHDAY={}", "1,".repeat(400));
        for rule in [
            "",
            "x",
            "FREQ=SECONDLY",
            "FREQ=HOURLY",
            "FREQ=DAILY;COUNT=1000000000",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=99999999999999999999",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;COUNT=2;UNTIL=20270101",
            "FREQ=DAILY;BYHOUR=1,2,3",
            "FREQ=DAILY;UNTIL=99999999T999999Z",
            "FREQ=DAILY;UNTIL=20200101",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
            "FREQ=MONTHLY;BYDAY=99MO",
            "FREQ=DAILY;BYMONTH=13",
            "FREQ=DAILY\nDTSTART:19700101T000000Z",
            "FREQ=DAILY;X=1",
            "FREQ=DAILY;BYMONTH=",
            "FREQ=日",
            &long,
        ] {
            let begun = Instant::now();
            assert!(Repeat::read(rule, starts, &zone("Asia/Shanghai")).is_err(), "{rule}");
            assert!(begun.elapsed() < Duration::from_secs(5), "{rule} takes {:?}", begun.elapsed());
        }
    }

    #[test]
    fn a_rule_is_written_as_it_was_read() {
        let starts: Timestamp = "2026-11-21T02:00:00Z".parse().expect("a moment");
        for rule in [
            "FREQ=DAILY",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
            "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3",
            "FREQ=YEARLY;UNTIL=20300101",
            "FREQ=DAILY;UNTIL=20300101T020000Z",
        ] {
            assert_eq!(Repeat::read(rule, starts, &zone("Asia/Shanghai")).expect(rule).to_string(), rule);
        }
        let weekly = Repeat::read("FREQ=WEEKLY;BYDAY=MO,SU", starts, &zone("Asia/Shanghai")).expect("a rule");
        assert_eq!(weekly.moved(2).to_string(), "FREQ=WEEKLY;BYDAY=WE,TU");
        assert_eq!(weekly.moved(-1).to_string(), "FREQ=WEEKLY;BYDAY=SU,SA");
    }
}
