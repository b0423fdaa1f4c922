//! Numbering rules (编码规则): a prefix, a date, a sequence per period.

use crate::{Engine, Result};
use guanxi_model::{FieldDef, ObjectDef};
use guanxi_store::{Tx, records, sequence};
use jiff::civil::Date;
use std::collections::HashSet;

/// A parsed pattern such as `KH-{date:YYYYMMDD}-{seq:4}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Date(String),
    Sequence(usize),
}

impl Pattern {
    pub(crate) fn parse(pattern: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                parts.push(Part::Text(rest[..open].to_owned()));
            }
            let close = rest[open..].find('}').ok_or("the pattern has { without }")? + open;
            let inner = &rest[open + 1..close];
            parts.push(match inner.split_once(':') {
                Some(("date", format))
                    if matches!(format, "YYYY" | "YY" | "YYYYMM" | "YYMM" | "YYYYMMDD" | "YYMMDD") =>
                {
                    Part::Date(format.to_owned())
                }
                Some(("seq", width)) => Part::Sequence(
                    width
                        .parse()
                        .ok()
                        .filter(|width| (1..=10).contains(width))
                        .ok_or("the sequence has 1 to 10 digits")?,
                ),
                _ => return Err(format!("{{{inner}}} is neither {{date:YYYYMMDD}} nor {{seq:4}}")),
            });
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if parts.iter().filter(|part| matches!(part, Part::Sequence(_))).count() != 1 {
            return Err("the pattern needs {seq:n} exactly once".to_owned());
        }
        Ok(Self { parts })
    }

    /// The part that decides in which period a number counts.
    fn period(&self, day: Date) -> String {
        self.parts
            .iter()
            .filter_map(|part| if let Part::Date(format) = part { Some(date_text(format, day)) } else { None })
            .collect()
    }

    fn render(&self, day: Date, number: i64) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Date(format) => date_text(format, day),
                Part::Sequence(width) => format!("{number:0width$}"),
            })
            .collect()
    }
}

fn date_text(format: &str, day: Date) -> String {
    let year = if format.starts_with("YYYY") {
        format!("{:04}", day.year())
    } else {
        format!("{:02}", day.year().rem_euclid(100))
    };
    let rest = format.trim_start_matches('Y');
    let month = if rest.contains("MM") { format!("{:02}", day.month()) } else { String::new() };
    let date = if rest.contains("DD") { format!("{:02}", day.day()) } else { String::new() };
    year + &month + &date
}

/// Gives `count` numbers that no record has. Numbers that came in by import are stepped over.
pub(crate) async fn next(
    engine: &Engine,
    tx: &mut Tx,
    object: &ObjectDef,
    field: &FieldDef,
    day: Date,
    count: usize,
) -> Result<Vec<String>> {
    let Some(pattern) = field.pattern.as_deref().and_then(|pattern| Pattern::parse(pattern).ok()) else {
        return Ok(Vec::new());
    };
    let name = format!("{}.{}", object.name, field.name);
    let period = pattern.period(day);
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let missing = (count - numbers.len()) as i64;
        let first = sequence::take(engine.database(), tx, &name, &period, missing).await?;
        let fresh: Vec<String> = (first..first + missing).map(|number| pattern.render(day, number)).collect();
        let taken: HashSet<String> = records::taken(tx, object, &field.name, &fresh).await?.into_iter().collect();
        numbers.extend(fresh.into_iter().filter(|number| !taken.contains(number)));
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_have_prefix_date_and_sequence() {
        let pattern = Pattern::parse("KH-{date:YYYYMMDD}-{seq:4}").expect("a good pattern");
        assert_eq!(pattern.render(date(2026, 11, 21), 1), "KH-20261121-0001");
        assert_eq!(pattern.render(date(2026, 11, 21), 12345), "KH-20261121-12345");
        assert_eq!(pattern.period(date(2026, 11, 21)), "20261121");
    }

    #[test]
    fn bad_patterns_are_refused() {
        for pattern in ["", "KH", "KH-{seq:0}", "{seq:4}{seq:4}", "{date:DD}{seq:3}", "{seq:4"] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
