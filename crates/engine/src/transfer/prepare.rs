//! From a row of text to typed values, without the database: replace, coerce, find keys that come twice. Runs beside the
//! writer, on a thread of its own.

use super::{
    mapping::Mode,
    plan::{Origin, Plan, Target},
    source::{Place, Row},
};
use crate::{Error, Result};
use guanxi_model::{CoerceContext, FieldDef, FieldError, FieldType, Label, Value, coerce, error::excerpt, normalise};
use jiff::{Timestamp, fmt::strtime::BrokenDownTime};
use rust_decimal::Decimal;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::{BuildHasher, Hash, Hasher, RandomState},
    ops::ControlFlow,
    str::FromStr,
    sync::Arc,
};
use tokio::sync::mpsc;

/// Rows of one transaction.
pub(crate) const BATCH: usize = 1000;

/// A row ready for the database, but for its lookups.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prepared {
    /// Counts the rows of the file, from 1.
    pub number: u64,
    pub row: Row,
    /// Values by place in the plan's targets.
    pub values: Vec<(usize, Value)>,
    /// Texts that lookups have to find.
    pub lookups: Vec<(usize, String)>,
    /// The very same row stood in the file before.
    pub again: bool,
    /// Why the row cannot go in.
    pub problem: Option<Label>,
}

/// Which texts of its own title (or other field) a file contains: a lookup to one of them can wait for its row.
#[derive(Debug, Default)]
pub(crate) struct InFile {
    hasher: RandomState,
    texts: HashSet<u64>,
}

impl InFile {
    fn hash(&self, field: &str, text: &str) -> u64 {
        self.hasher.hash_one((field, normalise::exact_key(text)))
    }

    /// Has the file a row whose field is this text?
    pub fn has(&self, field: &str, text: &str) -> bool {
        self.texts.contains(&self.hash(field, text))
    }
}

/// Reads the whole file once for what its self-lookups may name: rows that will be refused for what stands in them cannot
/// be waited for.
pub(crate) fn look_ahead(place: &Place, plan: &Plan, context: &CoerceContext) -> Result<InFile> {
    let mut found = InFile::default();
    let mut fields: Vec<usize> = Vec::new();
    for (_, _, lookup) in plan.waits() {
        let number = plan
            .object
            .fields
            .values()
            .find(|field| field.kind == FieldType::AutoNumber)
            .map(|field| field.name.as_str());
        let also = if lookup.named { None } else { number };
        for name in std::iter::once(lookup.matching.as_str()).chain(also) {
            fields.extend(plan.target_of(name).filter(|index| !fields.contains(index)));
        }
    }
    if fields.is_empty() {
        return Ok(found);
    }
    place.open()?.rows(&mut |row| {
        let prepared = prepare(plan, context, row);
        if prepared.problem.is_none() {
            for index in &fields {
                let target = &plan.targets[*index];
                let text = text_of(plan, target, &prepared.row);
                if !text.trim().is_empty() {
                    let hash = found.hash(&target.field.name, &text);
                    found.texts.insert(hash);
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn text_of<'a>(plan: &'a Plan, target: &'a Target, row: &'a Row) -> Cow<'a, str> {
    match &target.origin {
        Origin::Column(column) => Cow::Borrowed(plan.cell(row, *column)),
        Origin::Text(template) => Cow::Owned(plan.render(template, row)),
        Origin::Constant(_) => Cow::Borrowed(""),
    }
}

/// Keys seen so far in a file, hashed: some twenty bytes for each row.
struct Keys {
    hasher: RandomState,
    seen: HashMap<u64, (u32, u32)>,
}

enum Seen {
    New,
    /// The very same row again, first seen there.
    Again,
    /// Another row with this key, first seen there.
    Taken(u64),
}

impl Keys {
    fn add(&mut self, plan: &Plan, prepared: &Prepared) -> Seen {
        let mut hasher = self.hasher.build_hasher();
        let mut empty = true;
        for index in &plan.key {
            let text =
                prepared.lookups.iter().find(|(target, _)| target == index).map(|(_, text)| normalise::exact_key(text));
            let value = prepared.values.iter().find(|(target, _)| target == index).map(|(_, value)| value);
            let value = match (text, value) {
                (Some(text), _) => Value::Text(text),
                (None, Some(value)) => super::find::canonical(&plan.targets[*index].field, value),
                (None, None) => Value::Null,
            };
            empty &= value.is_null();
            value.hash(&mut hasher);
        }
        if empty {
            return Seen::New;
        }
        let key = hasher.finish();
        let content = self.hasher.hash_one(prepared.row.cells().collect::<Vec<_>>()) as u32;
        match self.seen.get(&key) {
            None => {
                self.seen.insert(key, (content, u32::try_from(prepared.row.line).unwrap_or(u32::MAX)));
                Seen::New
            }
            Some((known, _)) if *known == content => Seen::Again,
            Some((_, line)) => Seen::Taken(u64::from(*line)),
        }
    }
}

/// Reads a file and sends its rows in batches. The first `skip` rows have been dealt with before: they only count for
/// finding keys that come twice.
pub(crate) fn produce(
    place: &Place,
    plan: &Plan,
    context: &CoerceContext,
    skip: u64,
    out: &mpsc::Sender<Arc<Vec<Prepared>>>,
) -> Result<()> {
    let mut source = place.open()?;
    let mut keys = Keys { hasher: RandomState::new(), seen: HashMap::new() };
    let mut batch: Vec<Prepared> = Vec::with_capacity(BATCH);
    let mut number = 0;
    let mut closed = false;
    let outcome = source.rows(&mut |row| {
        number += 1;
        let mut prepared = prepare(plan, context, row);
        prepared.number = number;
        let mut again = false;
        if prepared.problem.is_none() && !plan.key.is_empty() {
            match keys.add(plan, &prepared) {
                Seen::New => {}
                Seen::Again if plan.mode != Mode::Create => {
                    again = true;
                    prepared.again = true;
                }
                Seen::Again => {
                    prepared.problem = Some(Label::new("与文件中另一行相同", "the same row stands in the file already"))
                }
                Seen::Taken(line) => {
                    prepared.problem = Some(Label::new(
                        format!("与第 {line} 行的 key 相同"),
                        format!("the key is the same as in line {line}"),
                    ));
                }
            }
        }
        if number <= skip {
            return ControlFlow::Continue(());
        }
        // A row met before finds its record only once that is written.
        if batch.len() >= BATCH || (again && !batch.is_empty()) {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            if out.blocking_send(Arc::new(full)).is_err() {
                closed = true;
                return ControlFlow::Break(());
            }
        }
        batch.push(prepared);
        ControlFlow::Continue(())
    });
    if !closed && !batch.is_empty() {
        // Nobody listening: the import was cancelled.
        let _ = out.blocking_send(Arc::new(batch));
    }
    outcome
}

/// Coerces one row; the first problem of each field is told.
pub(crate) fn prepare(plan: &Plan, context: &CoerceContext, row: Row) -> Prepared {
    let mut prepared = Prepared { values: Vec::with_capacity(plan.targets.len()), ..Prepared::default() };
    let mut problems: Vec<(&Target, FieldError)> = Vec::new();
    if row.problem.is_none() {
        for (index, target) in plan.targets.iter().enumerate() {
            if let Origin::Constant(value) = &target.origin {
                prepared.values.push((index, value.clone()));
                continue;
            }
            let text = text_of(plan, target, &row);
            let text = text.trim();
            if text.is_empty() {
                if !target.keep_empty {
                    prepared.values.push((index, Value::Null));
                }
            } else if target.lookup.is_some() {
                prepared.lookups.push((index, text.to_owned()));
            } else {
                match value_of(plan, target, text, context) {
                    Ok(value) => prepared.values.push((index, value)),
                    Err(problem) => problems.push((target, problem)),
                }
            }
        }
    }
    prepared.problem = row.problem.clone();
    if !problems.is_empty() {
        let zh: Vec<String> =
            problems.iter().map(|(target, problem)| format!("列“{}”：{}", target.place, problem.message.zh)).collect();
        let en: Vec<String> = problems
            .iter()
            .map(|(target, problem)| format!("column “{}”: {}", target.place, problem.message.en))
            .collect();
        prepared.problem = Some(Label::new(zh.join("；"), en.join("; ")));
    }
    prepared.row = row;
    prepared
}

/// The value a text means for a field.
pub(crate) fn value_of(plan: &Plan, target: &Target, text: &str, context: &CoerceContext) -> Result<Value, FieldError> {
    if let Some(format) = &target.format {
        return match moment(target, format, text, context) {
            Some(value) => Ok(value),
            // A true date of a spreadsheet has no writing of its own.
            None if plan.true_dates && text.as_bytes().get(4) == Some(&b'-') => {
                coerce::from_text(&target.field, text, context)
            }
            None => Err(FieldError::new(
                &target.field.name,
                "bad_date",
                format!("“{}”不符合日期格式 {format}", excerpt(text)),
                format!("“{}” is not a date written as {format}", excerpt(text)),
            )),
        };
    }
    let Some(scale) = target.scale else {
        return match target.field.kind {
            FieldType::Choice => {
                coerce::from_text(&target.field, option_of(&target.field, text).unwrap_or(text), context)
            }
            FieldType::MultiChoice => {
                let parts = text.split([';', '；', '、', '|']).map(str::trim);
                let options: Vec<&str> = parts.map(|part| option_of(&target.field, part).unwrap_or(part)).collect();
                coerce::from_text(&target.field, &options.join(";"), context)
            }
            _ => coerce::from_text(&target.field, text, context),
        };
    };
    match plain_number(text).and_then(|number| number.checked_mul(scale)) {
        Some(number) => coerce::from_text(&target.field, &number.normalize().to_string(), context),
        // What is not a number gets the usual words for it.
        None => match coerce::from_text(&target.field, text, context) {
            Err(problem) => Err(problem),
            Ok(_) => Err(FieldError::new(&target.field.name, "out_of_range", "数字太大", "the number is too large")),
        },
    }
}

/// The option that a text means: spaces, width and case are only looks (A级 is the option A 级).
fn option_of<'f>(field: &'f FieldDef, text: &str) -> Option<&'f str> {
    let exact = field.options.iter().find(|option| option.value == text || option.label.matches(text));
    let option = exact.or_else(|| {
        let wanted = normalise::compact(text);
        let says = |known: &str| normalise::compact(known) == wanted;
        let mut fitting = field
            .options
            .iter()
            .filter(|option| says(&option.value) || says(&option.label.zh) || says(&option.label.en));
        let first = fitting.next();
        // Two that only differ in signs are not told apart.
        first.filter(|_| !wanted.is_empty() && fitting.next().is_none())
    });
    option.map(|option| option.value.as_str())
}

fn moment(target: &Target, format: &str, text: &str, context: &CoerceContext) -> Option<Value> {
    let parsed = BrokenDownTime::parse(format, text).ok()?;
    if target.field.effective() == FieldType::Date {
        let date = parsed.to_date().ok()?;
        return coerce::YEARS.contains(&date.year()).then_some(Value::Date(date));
    }
    let moment = match parsed.to_timestamp() {
        Ok(moment) => moment,
        Err(_) => {
            let time = parsed.to_time().unwrap_or(jiff::civil::Time::midnight());
            parsed.to_date().ok()?.to_datetime(time).to_zoned(context.zone.clone()).ok()?.timestamp()
        }
    };
    Timestamp::from_microsecond(moment.as_microsecond()).ok().map(Value::Instant)
}

/// A number as people write it: full-width digits, thousands separators and currency signs are only looks. Not rounded:
/// that comes after scaling.
fn plain_number(text: &str) -> Option<Decimal> {
    let folded = normalise::fold(text);
    let plain: String = folded
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '\u{a0}' | '¥' | '￥' | '$' | '%'))
        .map(|c| if c == '−' { '-' } else { c })
        .collect();
    Decimal::from_str(&plain).or_else(|_| Decimal::from_scientific(&plain)).ok()
}

/// A refusal in the words of the file: columns instead of fields where there is one.
pub(crate) fn reason(plan: &Plan, error: &Error) -> Label {
    match error {
        Error::Invalid(problems) => {
            let place = |field: &str| {
                plan.targets.iter().find(|target| target.field.name == field).map(|target| target.place.clone())
            };
            let zh: Vec<String> = problems
                .iter()
                .map(|problem| match place(&problem.field) {
                    Some(place) => format!("列“{place}”：{}", problem.message.zh),
                    None if problem.field.is_empty() => problem.message.zh.clone(),
                    None => format!("字段 {}：{}", problem.field, problem.message.zh),
                })
                .collect();
            let en: Vec<String> = problems
                .iter()
                .map(|problem| match place(&problem.field) {
                    Some(place) => format!("column “{place}”: {}", problem.message.en),
                    None if problem.field.is_empty() => problem.message.en.clone(),
                    None => format!("field {}: {}", problem.field, problem.message.en),
                })
                .collect();
            Label::new(zh.join("；"), en.join("; "))
        }
        Error::Duplicate { found, .. } => {
            let titles: Vec<&str> = found.iter().filter_map(|entry| entry["title"].as_str()).collect();
            let message = error.message();
            if titles.is_empty() {
                message
            } else {
                Label::new(
                    format!("{}：{}", message.zh, titles.join("、")),
                    format!("{}: {}", message.en, titles.join(", ")),
                )
            }
        }
        Error::NotFound => {
            Label::new("没有修改该记录的权限，或记录已被删除", "you may not change that record, or it is gone")
        }
        error => error.message(),
    }
}
