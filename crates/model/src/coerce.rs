//! From what a client or a file says to a typed value, or to an error that says what would be right.

use crate::{
    error::{FieldError, excerpt},
    field::{FieldDef, FieldType},
    formula::round4,
    normalise, regions,
    value::Value,
};
use jiff::{Timestamp, civil, tz::TimeZone};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::{ops::RangeInclusive, str::FromStr};
use uuid::Uuid;

/// What coercion needs to know besides the field.
#[derive(Debug, Clone)]
pub struct CoerceContext {
    /// The workspace's time zone: what a time without offset means.
    pub zone: TimeZone,
}

/// Largest absolute value of a decimal, so that it fits a scaled 64-bit integer on every database.
pub const DECIMAL_LIMIT: i64 = 900_000_000_000_000;

/// Years of a date: those before and after would leave what can be told in some time zone.
pub const YEARS: RangeInclusive<i16> = 1..=9998;

/// Does the decimal fit what every database can hold?
pub fn decimal_fits(value: Decimal) -> bool {
    value.abs() <= Decimal::from(DECIMAL_LIMIT)
}

/// Coerces a JSON value sent by a client. Empty strings and empty lists are `Null`.
///
/// # Errors
/// A [`FieldError`] naming the field, with a stable code.
pub fn from_json(field: &FieldDef, json: &Json, context: &CoerceContext) -> Result<Value, FieldError> {
    use FieldType as T;
    let kind = field.effective();
    let value = match (kind, json) {
        (_, Json::Null) => Value::Null,
        (T::Boolean, Json::Bool(flag)) => Value::Bool(*flag),
        (T::MultiChoice | T::Tags | T::MultiLookup, Json::Array(members)) => {
            let mut list = Vec::with_capacity(members.len());
            for member in members {
                let value = member_from_json(field, member)?;
                if !list.contains(&value) {
                    list.push(value);
                }
            }
            if list.len() > 200 {
                return Err(FieldError::new(&field.name, "too_many", "最多 200 项", "at most 200 entries"));
            }
            if list.is_empty() { Value::Null } else { Value::List(list) }
        }
        (T::Integer | T::Rating | T::Decimal | T::Money | T::Percent, Json::Number(number)) => {
            from_text(field, &number.to_string(), context)?
        }
        (T::Lookup | T::Category | T::User | T::Department | T::File | T::Image | T::Id, Json::Object(_)) => {
            return id_of(field, json);
        }
        (T::Boolean, Json::String(text)) if !text.trim().is_empty() => return Err(wrong_type(field, json)),
        (_, Json::String(text)) => from_text(field, text, context)?,
        _ => return Err(wrong_type(field, json)),
    };
    Ok(value)
}

/// Coerces text, as it stands in a file or a query. Blank text is `Null`.
///
/// # Errors
/// A [`FieldError`] naming the field, with a stable code.
pub fn from_text(field: &FieldDef, text: &str, context: &CoerceContext) -> Result<Value, FieldError> {
    use FieldType as T;
    let seen = normalise::seen(text);
    let trimmed = seen.trim();
    if trimmed.is_empty() {
        return Ok(Value::Null);
    }
    Ok(match field.effective() {
        T::Text | T::LongText | T::Address | T::AutoNumber | T::Formula => Value::Text(clean_text(field, trimmed)?),
        T::Phone => Value::Text(phone(field, trimmed)?),
        T::Email => Value::Text(email(field, trimmed)?),
        T::Url => Value::Text(url(field, trimmed)?),
        T::Integer | T::Rating => Value::Int(integer(field, trimmed)?),
        T::Decimal | T::Money | T::Percent => Value::Decimal(decimal(field, trimmed)?),
        T::Boolean => Value::Bool(boolean(field, trimmed)?),
        T::Date => Value::Date(day(trimmed, context).ok_or_else(|| {
            out_of_years(field, "bad_date", trimmed).unwrap_or_else(|| {
                FieldError::new(
                    &field.name,
                    "bad_date",
                    format!("“{}”不是日期，请写成 2026-11-21", excerpt(trimmed)),
                    format!("“{}” is not a date; write 2026-11-21", excerpt(trimmed)),
                )
            })
        })?),
        T::Datetime => Value::Instant(instant(trimmed, context).ok_or_else(|| {
            out_of_years(field, "bad_datetime", trimmed).unwrap_or_else(|| {
                FieldError::new(
                    &field.name,
                    "bad_datetime",
                    format!("“{}”不是时间，请写成 2026-11-21 14:30", excerpt(trimmed)),
                    format!("“{}” is not a time; write 2026-11-21 14:30", excerpt(trimmed)),
                )
            })
        })?),
        T::Choice => Value::Text(choice(field, trimmed)?),
        T::Region => Value::Text(region(field, trimmed)?),
        T::MultiChoice | T::Tags | T::MultiLookup => {
            let parts: Vec<Json> = trimmed
                .split([';', '；', '、', '|'])
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(Json::from)
                .collect();
            from_json(field, &Json::Array(parts), context)?
        }
        T::Lookup | T::Category | T::User | T::Department | T::File | T::Image | T::Id => {
            Value::Id(parse_id(field, trimmed)?)
        }
    })
}

fn member_from_json(field: &FieldDef, json: &Json) -> Result<Value, FieldError> {
    match (field.effective(), json) {
        (FieldType::MultiLookup, _) => id_of(field, json),
        (FieldType::MultiChoice, Json::String(text)) => choice(field, text).map(Value::Text),
        (_, Json::String(text)) => {
            let text = clean_text(field, normalise::seen(text).trim())?;
            if text.chars().count() > 50 || text.is_empty() {
                return Err(FieldError::new(
                    &field.name,
                    "too_long",
                    "每个标签 1 到 50 个字",
                    "each tag has 1 to 50 characters",
                ));
            }
            Ok(Value::Text(text))
        }
        _ => Err(wrong_type(field, json)),
    }
}

fn id_of(field: &FieldDef, json: &Json) -> Result<Value, FieldError> {
    let id = match json {
        Json::String(text) => Some(text.as_str()),
        Json::Object(map) => map.get("id").and_then(Json::as_str),
        _ => None,
    };
    parse_id(field, id.ok_or_else(|| wrong_type(field, json))?).map(Value::Id)
}

fn parse_id(field: &FieldDef, text: &str) -> Result<Uuid, FieldError> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        FieldError::new(
            &field.name,
            "unknown_record",
            format!("没有这条记录：“{}”", excerpt(text)),
            format!("there is no such record: “{}”", excerpt(text)),
        )
    })
}

fn wrong_type(field: &FieldDef, json: &Json) -> FieldError {
    let (zh, en) = match json {
        Json::Null => ("空值", "null"),
        Json::Bool(_) => ("是/否", "a boolean"),
        Json::Number(_) => ("数字", "a number"),
        Json::String(_) => ("文本", "a text"),
        Json::Array(_) => ("列表", "a list"),
        Json::Object(_) => ("对象", "an object"),
    };
    let (want_zh, want_en) = match field.effective() {
        FieldType::Integer | FieldType::Rating => ("整数", "a whole number"),
        FieldType::Decimal | FieldType::Money | FieldType::Percent => ("数字（用字符串表示）", "a number, as a string"),
        FieldType::Boolean => ("true 或 false", "true or false"),
        FieldType::MultiChoice | FieldType::Tags | FieldType::MultiLookup => ("列表", "a list"),
        FieldType::Lookup | FieldType::Category | FieldType::User | FieldType::Department => {
            ("记录的 id", "a record's id")
        }
        FieldType::File | FieldType::Image => ("文件的 id", "a file's id"),
        _ => ("文本", "a text"),
    };
    FieldError::new(
        &field.name,
        "wrong_type",
        format!("这里需要{want_zh}，收到的是{zh}"),
        format!("wants {want_en}, got {en}"),
    )
}

fn clean_text(field: &FieldDef, text: &str) -> Result<String, FieldError> {
    if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(FieldError::new(
            &field.name,
            "bad_character",
            format!("含有不可见的控制字符 U+{:04X}", bad as u32),
            format!("contains the control character U+{:04X}", bad as u32),
        ));
    }
    let limit = field.text_limit();
    // Bytes bound characters from above, so most texts need no counting.
    if text.len() > limit && text.chars().count() > limit {
        return Err(FieldError::new(
            &field.name,
            "too_long",
            format!("最多 {limit} 个字"),
            format!("at most {limit} characters"),
        ));
    }
    let single_line = !matches!(field.effective(), FieldType::LongText | FieldType::Address);
    Ok(if single_line && text.contains(['\n', '\r', '\t']) {
        text.split(['\n', '\r', '\t']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    })
}

fn phone(field: &FieldDef, text: &str) -> Result<String, FieldError> {
    let text = clean_text(field, text)?;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = text.chars().all(|c| c.is_ascii_digit() || "+-() .,/#*转x ext（）－".contains(c));
    if digits < 3 || !fits {
        return Err(FieldError::new(
            &field.name,
            "bad_phone",
            format!("“{}”不是电话号码", excerpt(&text)),
            format!("“{}” is not a telephone number", excerpt(&text)),
        ));
    }
    Ok(text)
}

fn email(field: &FieldDef, text: &str) -> Result<String, FieldError> {
    let text = clean_text(field, text)?;
    let good = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.contains(|c: char| c.is_whitespace() || "<>()[],;:\"".contains(c))
            && !domain.contains('@')
    });
    if good {
        Ok(text)
    } else {
        Err(FieldError::new(
            &field.name,
            "bad_email",
            format!("“{}”不是邮箱地址", excerpt(&text)),
            format!("“{}” is not a mail address", excerpt(&text)),
        ))
    }
}

fn url(field: &FieldDef, text: &str) -> Result<String, FieldError> {
    let text = clean_text(field, text)?;
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {
            Some(rest)
        }
        Some(_) => None,
        None if text.contains('.') && !text.starts_with('.') => {
            // `javascript:` and its like have no dot before the colon; a port has.
            text.split_once(':').is_none_or(|(host, _)| host.contains('.')).then_some(text.as_str())
        }
        None => None,
    };
    if rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)) {
        Ok(text)
    } else {
        Err(FieldError::new(
            &field.name,
            "bad_url",
            format!("“{}”不是网址", excerpt(&text)),
            format!("“{}” is not a web address", excerpt(&text)),
        ))
    }
}

/// Full-width digits and signs, thousands separators and currency signs are what people paste from spreadsheets.
fn plain_number(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
            '．' => Some('.'),
            '－' | '−' => Some('-'),
            ',' | '，' | ' ' | '\u{a0}' | '¥' | '￥' | '$' => None,
            c => Some(c),
        })
        .collect()
}

fn number_error(field: &FieldDef, text: &str) -> FieldError {
    FieldError::new(
        &field.name,
        "bad_number",
        format!("“{}”不是数字", excerpt(text)),
        format!("“{}” is not a number", excerpt(text)),
    )
}

fn integer(field: &FieldDef, text: &str) -> Result<i64, FieldError> {
    let plain = plain_number(text);
    let whole = plain
        .split_once('.')
        .map_or(plain.as_str(), |(whole, rest)| if rest.chars().all(|c| c == '0') { whole } else { plain.as_str() });
    let value: i64 = whole.parse().map_err(|_| {
        FieldError::new(
            &field.name,
            "bad_number",
            format!("“{}”不是整数", excerpt(text)),
            format!("“{}” is not a whole number", excerpt(text)),
        )
    })?;
    if field.kind == FieldType::Rating && !(0..=5).contains(&value) {
        return Err(FieldError::new(&field.name, "out_of_range", "0 到 5", "0 to 5"));
    }
    check_range(field, Decimal::from(value))?;
    Ok(value)
}

fn decimal(field: &FieldDef, text: &str) -> Result<Decimal, FieldError> {
    let mut plain = plain_number(text);
    if field.effective() == FieldType::Percent && plain.ends_with('%') {
        plain.pop();
    }
    let value = Decimal::from_str(&plain)
        .or_else(|_| Decimal::from_scientific(&plain))
        .map_err(|_| number_error(field, text))?;
    let value = round4(value);
    if !decimal_fits(value) {
        return Err(FieldError::new(
            &field.name,
            "out_of_range",
            "数字太大，最多 15 位整数",
            "the number is too large: at most 15 digits before the point",
        ));
    }
    check_range(field, value)?;
    // One spelling per number: 1.50 and 1.5 are the same value everywhere.
    Ok(value.normalize())
}

fn check_range(field: &FieldDef, value: Decimal) -> Result<(), FieldError> {
    let below = field.min.is_some_and(|min| value < min);
    let above = field.max.is_some_and(|max| value > max);
    if !below && !above {
        return Ok(());
    }
    let (zh, en) = match (field.min, field.max) {
        (Some(min), Some(max)) => (format!("应在 {min} 到 {max} 之间"), format!("must be between {min} and {max}")),
        (Some(min), None) => (format!("不能小于 {min}"), format!("must be at least {min}")),
        (_, max) => {
            let max = max.unwrap_or_default();
            (format!("不能大于 {max}"), format!("must be at most {max}"))
        }
    };
    Err(FieldError::new(&field.name, "out_of_range", zh, en))
}

fn boolean(field: &FieldDef, text: &str) -> Result<bool, FieldError> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "是" | "真" | "有" | "√" => Ok(true),
        "false" | "0" | "no" | "n" | "否" | "假" | "无" | "×" => Ok(false),
        _ => Err(FieldError::new(
            &field.name,
            "bad_boolean",
            format!("“{}”不是“是”或“否”", excerpt(text)),
            format!("“{}” is neither yes nor no", excerpt(text)),
        )),
    }
}

fn choice(field: &FieldDef, text: &str) -> Result<String, FieldError> {
    let found = field.option(text).or_else(|| {
        field.options.iter().find(|option| option.value.eq_ignore_ascii_case(text) || option.label.matches(text))
    });
    found.map(|option| option.value.clone()).ok_or_else(|| {
        let names = |pick: fn(&crate::label::Label) -> &str| {
            field.options.iter().take(12).map(|option| pick(&option.label)).collect::<Vec<_>>()
        };
        FieldError::new(
            &field.name,
            "unknown_option",
            format!("没有“{}”这个选项，可选：{}", excerpt(text), names(|label| &label.zh).join("、")),
            format!("“{}” is not an option; there are: {}", excerpt(text), names(|label| &label.en).join(", ")),
        )
    })
}

fn region(field: &FieldDef, text: &str) -> Result<String, FieldError> {
    match regions::find(text) {
        Ok(code) => Ok(code.to_owned()),
        Err(regions::FindError::Unknown) => Err(FieldError::new(
            &field.name,
            "unknown_region",
            format!("没有“{}”这个地区", excerpt(text)),
            format!("there is no region “{}”", excerpt(text)),
        )),
        Err(regions::FindError::Ambiguous(candidates)) => {
            let names = candidates.into_iter().take(6).collect::<Vec<_>>();
            Err(FieldError::new(
                &field.name,
                "ambiguous_region",
                format!("“{}”有多个：{}", excerpt(text), names.join("、")),
                format!("“{}” may be any of: {}", excerpt(text), names.join(", ")),
            ))
        }
    }
}

/// A day from `2026-11-21`, `2026/11/21`, `2026.11.21`, `2026年11月21日`, `20261121`, or the day of a time.
pub fn day(text: &str, context: &CoerceContext) -> Option<civil::Date> {
    if text.len() > 10 && (text.contains(':') || text.contains('T')) {
        return instant(text, context).map(|moment| moment.to_zoned(context.zone.clone()).date());
    }
    written(text).filter(|day| YEARS.contains(&day.year()))
}

/// A day as it is written, of whatever year.
fn written(text: &str) -> Option<civil::Date> {
    let parts: Vec<&str> =
        text.split(['-', '/', '.', '年', '月', '日']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        [whole] if whole.len() == 8 && whole.is_ascii() => (&whole[..4], &whole[4..6], &whole[6..]),
        _ => return None,
    };
    civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// What is wrong with a day, or the day of a time, that is one but of a year out of [`YEARS`].
fn out_of_years(field: &FieldDef, code: &'static str, text: &str) -> Option<FieldError> {
    let date = text.split_once(['T', ' ']).map_or(text, |(date, _)| date);
    written(date).filter(|day| !YEARS.contains(&day.year()))?;
    Some(FieldError::new(
        &field.name,
        code,
        format!("日期须在 0001-01-01 到 9998-12-31 之间，收到的是“{}”", excerpt(text)),
        format!("a date is between 0001-01-01 and 9998-12-31, got “{}”", excerpt(text)),
    ))
}

/// A moment from RFC 3339, or from a local date and time in the workspace's zone.
pub fn instant(text: &str, context: &CoerceContext) -> Option<Timestamp> {
    let moment = match text.parse::<Timestamp>() {
        Ok(moment) => moment,
        Err(_) => {
            let (date, time) = match text.split_once(['T', ' ']) {
                Some((date, time)) => (date, time.trim()),
                None => (text, ""),
            };
            let date = if time.is_empty() || !date.contains(':') { day(date, context)? } else { return None };
            let time = if time.is_empty() {
                civil::Time::midnight()
            } else {
                let mut parts = time.splitn(3, ':');
                let hour: i8 = parts.next()?.parse().ok()?;
                let minute: i8 = parts.next()?.parse().ok()?;
                let second: i8 = parts.next().map_or(Some(0), |part| part.split('.').next()?.parse().ok())?;
                civil::Time::new(hour, minute, second, 0).ok()?
            };
            date.to_datetime(time).to_zoned(context.zone.clone()).ok()?.timestamp()
        }
    };
    let year = moment.to_zoned(TimeZone::UTC).year();
    // Microseconds are what both databases keep.
    let micros = Timestamp::from_microsecond(moment.as_microsecond()).ok()?;
    YEARS.contains(&year).then_some(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_out_of_the_years_are_told_the_range() {
        let context = CoerceContext { zone: TimeZone::UTC };
        let said = |kind: &str, text: &str| {
            let field = serde_json::json!({"name": "on", "type": kind, "label": {"zh": "日期", "en": "On"}});
            let field: FieldDef = serde_json::from_value(field).expect("a field");
            from_text(&field, text, &context).map_err(|error| (error.code, error.message.en))
        };
        for text in ["9999-12-31", "99991231", "0000-01-01"] {
            let wanted = format!("a date is between 0001-01-01 and 9998-12-31, got “{text}”");
            assert_eq!(said("date", text), Err(("bad_date", wanted.clone())));
            assert_eq!(said("datetime", text), Err(("bad_datetime", wanted)));
        }
        assert!(said("datetime", "9999-12-31T23:59:59Z").is_err_and(|(_, why)| why.starts_with("a date is between")));
        assert_eq!(said("date", "9998-12-31"), Ok(Value::Date(civil::date(9998, 12, 31))));
        assert!(said("date", "9999-02-30").is_err_and(|(_, why)| why.contains("is not a date")));
    }
}
