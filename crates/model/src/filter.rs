//! Filters: a small tree of conditions, parsed against the catalogue so that everything in it is known and typed.

use crate::{
    catalogue::Catalogue,
    coerce::{self, CoerceContext},
    dates::{self, CalendarRules},
    error::excerpt,
    field::{FieldDef, FieldType, Operator},
    label::Label,
    object::ObjectDef,
    value::{Kind, Value},
};
use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::Value as Json;
use uuid::Uuid;

/// How deep a filter may be nested.
pub const MAX_DEPTH: usize = 20;
/// How many conditions a filter may have.
pub const MAX_CONDITIONS: usize = 200;
/// How many values `in` may list.
pub const MAX_VALUES: usize = 1000;

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of these; none at all matches everything.
    And(Vec<Filter>),
    /// Any of these; none at all matches nothing.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A condition on a field.
    Is(Condition),
}

/// What a condition compares with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// Nothing (`is_null`, `not_null`).
    None,
    /// One value; never `Null`.
    One(Value),
    /// Any of these.
    Many(Vec<Value>),
    /// From the first to the second, both included.
    Closed(Value, Value),
    /// From the first up to but not including the second.
    HalfOpen(Value, Value),
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Lookups to walk from the object before the field.
    pub via: Vec<String>,
    /// The object that has the field.
    pub object: String,
    /// The field.
    pub field: String,
    /// The comparison.
    pub operator: Operator,
    /// What with.
    pub operand: Operand,
}

/// A filter that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// Where in the filter, e.g. `filter.and[2]`.
    pub place: String,
    /// What is wrong.
    pub message: Label,
}

/// What the words `me`, `today` … mean for this request.
#[derive(Debug, Clone)]
pub struct FilterContext {
    /// The moment of the request.
    pub now: Timestamp,
    /// The workspace's time zone.
    pub zone: TimeZone,
    /// The workspace's weeks and fiscal year.
    pub rules: CalendarRules,
    /// The viewer.
    pub me: Option<Uuid>,
    /// His department.
    pub my_department: Option<Uuid>,
}

impl FilterContext {
    /// The day it is in the workspace.
    pub fn today(&self) -> civil::Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    fn coercion(&self) -> CoerceContext {
        CoerceContext { zone: self.zone.clone() }
    }
}

fn error(place: &str, zh: impl Into<String>, en: impl Into<String>) -> FilterError {
    FilterError { place: place.to_owned(), message: Label::new(zh, en) }
}

struct Parser<'a> {
    catalogue: &'a Catalogue,
    context: &'a FilterContext,
    conditions: usize,
}

impl Filter {
    /// The filter that lets everything through.
    pub fn all() -> Self {
        Self::And(Vec::new())
    }

    /// Parses the public JSON form against an object.
    ///
    /// # Errors
    /// A [`FilterError`] with the place in the filter.
    pub fn parse(
        json: &Json,
        catalogue: &Catalogue,
        object: &ObjectDef,
        context: &FilterContext,
    ) -> Result<Self, FilterError> {
        let mut parser = Parser { catalogue, context, conditions: 0 };
        parser.filter(json, object, "filter", 0)
    }

    /// Every condition in it.
    pub fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::conditions).collect(),
            Self::Not(inner) => inner.conditions(),
            Self::Is(condition) => vec![condition],
        }
    }

    /// Both this and another.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::And(mut left), Self::And(right)) => {
                left.extend(right);
                Self::And(left)
            }
            (Self::And(mut left), other) => {
                left.push(other);
                Self::And(left)
            }
            (left, right) => Self::And(vec![left, right]),
        }
    }

    /// Does a record match? The plain meaning of a filter, against which the SQL is tested; `under` is answered by
    /// `is_under(ancestor, value)`.
    pub fn matches(&self, read: &impl Fn(&Condition) -> Value, is_under: &impl Fn(&Value, &Value) -> bool) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.matches(read, is_under)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(read, is_under)),
            Self::Not(inner) => !inner.matches(read, is_under),
            Self::Is(condition) => condition.matches(&read(condition), is_under),
        }
    }
}

impl Condition {
    fn matches(&self, value: &Value, is_under: &impl Fn(&Value, &Value) -> bool) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = |other: &Value| compare(value, other);
        match (self.operator, &self.operand) {
            (Operator::IsNull, _) => value.is_null(),
            (Operator::NotNull, _) => !value.is_null(),
            (Operator::Ne, Operand::One(other)) => value != other,
            (Operator::NotIn, Operand::Many(others)) => !others.contains(value),
            (Operator::In, Operand::Many(others)) => others.contains(value),
            (Operator::Eq, Operand::One(other)) => value == other,
            (Operator::Lt, Operand::One(other)) => order(other) == Some(Less),
            (Operator::Le, Operand::One(other)) => matches!(order(other), Some(Less | Equal)),
            (Operator::Gt, Operand::One(other)) => order(other) == Some(Greater),
            (Operator::Ge, Operand::One(other)) => matches!(order(other), Some(Greater | Equal)),
            (Operator::Contains, Operand::One(other)) => match (value, other) {
                (Value::Text(text), Value::Text(part)) => {
                    text.to_ascii_lowercase().contains(&part.to_ascii_lowercase())
                }
                (Value::List(members), member) => members.contains(member),
                _ => false,
            },
            (Operator::StartsWith, Operand::One(other)) => match (value, other) {
                (Value::Text(text), Value::Text(part)) => text.starts_with(part.as_str()),
                _ => false,
            },
            (Operator::Under, Operand::One(other)) => !value.is_null() && is_under(other, value),
            (_, Operand::Closed(from, to)) => {
                matches!(order(from), Some(Greater | Equal)) && matches!(order(to), Some(Less | Equal))
            }
            (_, Operand::HalfOpen(from, to)) => matches!(order(from), Some(Greater | Equal)) && order(to) == Some(Less),
            _ => false,
        }
    }
}

/// Orders two values of one kind; nothing when either is missing.
pub fn compare(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    Some(match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Id(a), Value::Id(b)) => a.cmp(b),
        _ => return None,
    })
}

impl Parser<'_> {
    fn filter(&mut self, json: &Json, object: &ObjectDef, place: &str, depth: usize) -> Result<Filter, FilterError> {
        if depth > MAX_DEPTH {
            return Err(error(
                "filter",
                format!("筛选条件嵌套太深，最多 {MAX_DEPTH} 层"),
                format!("nested too deeply: at most {MAX_DEPTH} levels"),
            ));
        }
        match json {
            Json::Object(map) if map.len() == 1 => {
                let Some((key, inner)) = map.iter().next() else { unreachable!("one entry") };
                match (key.as_str(), inner) {
                    ("and" | "or", Json::Array(parts)) => {
                        let parts = parts
                            .iter()
                            .enumerate()
                            .map(|(index, part)| {
                                self.filter(part, object, &format!("{place}.{key}[{index}]"), depth + 1)
                            })
                            .collect::<Result<_, _>>()?;
                        Ok(if key == "and" { Filter::And(parts) } else { Filter::Or(parts) })
                    }
                    ("not", inner) => {
                        Ok(Filter::Not(Box::new(self.filter(inner, object, &format!("{place}.not"), depth + 1)?)))
                    }
                    _ => Err(error(place, "只能是 and、or（列表）或 not", "wants and, or (with a list) or not")),
                }
            }
            Json::Array(parts) => self.condition(parts, object, place),
            _ => Err(error(
                place,
                "应为 [字段, 运算符, 值] 或 {\"and\":[…]}",
                "wants [field, operator, value] or {\"and\":[…]}",
            )),
        }
    }

    fn condition(&mut self, parts: &[Json], object: &ObjectDef, place: &str) -> Result<Filter, FilterError> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            return Err(error(
                place,
                format!("条件太多，最多 {MAX_CONDITIONS} 个"),
                format!("too many conditions: at most {MAX_CONDITIONS}"),
            ));
        }
        let (path, operator, operand) = match parts {
            [Json::String(path), Json::String(operator)] => (path, operator, &Json::Null),
            [Json::String(path), Json::String(operator), operand] => (path, operator, operand),
            _ => return Err(error(place, "应为 [字段, 运算符, 值]", "wants [field, operator, value]")),
        };
        let Some((via, owner, field)) = self.catalogue.resolve(object, path) else {
            return Err(error(
                place,
                format!("没有字段“{}”", excerpt(path)),
                format!("there is no field “{}”", excerpt(path)),
            ));
        };
        let known = Operator::parse(operator);
        let Some(operator) = known.filter(|operator| field.operators().contains(operator)) else {
            return Err(error(
                place,
                format!("“{}”不能用于字段“{}”", excerpt(operator), field.label.zh),
                format!("“{}” does not fit the field “{}”", excerpt(operator), field.label.en),
            ));
        };
        let condition = |operator, operand| {
            Filter::Is(Condition {
                via: via.clone(),
                object: owner.name.clone(),
                field: field.name.clone(),
                operator,
                operand,
            })
        };
        Ok(match operator {
            Operator::IsNull | Operator::NotNull => condition(operator, Operand::None),
            Operator::In | Operator::NotIn => {
                let Json::Array(values) = operand else {
                    return Err(error(place, "这里需要一个列表", "wants a list here"));
                };
                if values.len() > MAX_VALUES {
                    return Err(error(
                        place,
                        format!("列表太长，最多 {MAX_VALUES} 个值"),
                        format!("the list is too long: at most {MAX_VALUES} values"),
                    ));
                }
                let values =
                    values.iter().map(|value| self.value(field, value, place)).collect::<Result<Vec<_>, _>>()?;
                condition(operator, Operand::Many(values))
            }
            Operator::Between => match operand {
                Json::Array(ends) if ends.len() == 2 => {
                    let from = self.value(field, &ends[0], place)?;
                    let to = self.value(field, &ends[1], place)?;
                    condition(operator, Operand::Closed(from, to))
                }
                _ => return Err(error(place, "这里需要 [从, 到]", "wants [from, to] here")),
            },
            Operator::Within => {
                let name = operand.as_str().unwrap_or_default();
                self.within(field, name, place).map(|(operator, operand)| condition(operator, operand))?
            }
            Operator::Contains | Operator::StartsWith if field.storage() == Kind::Text => match operand {
                // A part of a number or an address is not itself valid, so it is not coerced as a whole.
                Json::String(text) if !text.is_empty() && text.len() <= 1000 && !text.contains('\0') => {
                    condition(operator, Operand::One(Value::Text(text.clone())))
                }
                _ => return Err(error(place, "这里需要文本", "wants a text here")),
            },
            Operator::Contains if self.meant(field, operand).is_some() => {
                condition(operator, Operand::One(self.meant(field, operand).unwrap_or_default()))
            }
            Operator::Contains => {
                let value = self.value(field, &Json::Array(vec![operand.clone()]), place)?;
                condition(operator, Operand::One(value.members().first().cloned().unwrap_or_default()))
            }
            Operator::Eq if operand.is_null() => condition(Operator::IsNull, Operand::None),
            Operator::Ne if operand.is_null() => condition(Operator::NotNull, Operand::None),
            _ => condition(operator, Operand::One(self.value(field, operand, place)?)),
        })
    }

    fn within(&self, field: &FieldDef, name: &str, place: &str) -> Result<(Operator, Operand), FilterError> {
        let zone = &self.context.zone;
        let is_date = field.storage() == Kind::Date;
        if name == "overdue" {
            let now = if is_date { Value::Date(self.context.today()) } else { Value::Instant(self.context.now) };
            return Ok((Operator::Lt, Operand::One(now)));
        }
        let range = dates::range(name, self.context.today(), &self.context.rules).ok_or_else(|| {
            error(
                place,
                format!("没有“{}”这个时间范围", excerpt(name)),
                format!("there is no time range “{}”", excerpt(name)),
            )
        })?;
        let end = |day: civil::Date| {
            if is_date {
                return Ok(Value::Date(day));
            }
            let start =
                day.to_zoned(zone.clone()).map_err(|_| error(place, "时间超出范围", "out of the calendar's range"))?;
            Ok(Value::Instant(start.timestamp()))
        };
        Ok((Operator::Within, Operand::HalfOpen(end(range.from)?, end(range.to)?)))
    }

    /// Whom a word such as `me` means.
    fn meant(&self, field: &FieldDef, json: &Json) -> Option<Value> {
        let meant = match (field.target(), json.as_str()?) {
            (Some("user"), "me") => self.context.me,
            (Some("department"), "my_department") => self.context.my_department,
            _ => return None,
        };
        // Who has no department finds nothing in it.
        Some(Value::Id(meant.unwrap_or_default()))
    }

    fn value(&self, field: &FieldDef, json: &Json, place: &str) -> Result<Value, FilterError> {
        if let Some(meant) = self.meant(field, json) {
            return Ok(meant);
        }
        // Bounds hold for what is stored, not for what is looked for.
        let mut relaxed;
        let field = if field.min.is_some() || field.max.is_some() {
            relaxed = field.clone();
            relaxed.min = None;
            relaxed.max = None;
            &relaxed
        } else {
            field
        };
        let context = self.context.coercion();
        let value = coerce::from_json(field, json, &context)
            .map_err(|problem| FilterError { place: place.to_owned(), message: problem.message })?;
        match value {
            Value::Null => Err(error(
                place,
                "这里需要一个值；找空值请用 is_null",
                "wants a value here; use is_null for empty ones",
            )),
            // A day compared with a moment means its beginning.
            value => Ok(value),
        }
    }
}

/// Splits `a.b.c` into lookups and a last field, for anything that names fields by path.
pub fn split_path(path: &str) -> (Vec<&str>, &str) {
    let mut parts: Vec<&str> = path.split('.').collect();
    let last = parts.pop().unwrap_or_default();
    (parts, last)
}

/// The kinds of fields a condition may be dotted through.
pub fn can_walk(field: &FieldDef) -> bool {
    field.kind.is_single_reference() && field.kind != FieldType::MultiLookup
}
