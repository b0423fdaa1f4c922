//! A value as the engine holds it: typed, exact, free of any database.

use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use uuid::Uuid;

/// How a field is stored; each database knows a column type for each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// True or false.
    Bool,
    /// 64-bit signed integer.
    Int,
    /// Exact decimal with four places.
    Decimal,
    /// Text, compared by code point.
    Text,
    /// A day without time zone.
    Date,
    /// A moment, UTC, microseconds.
    Instant,
    /// A record's id.
    Id,
    /// A list of texts or ids, stored as a JSON array.
    List,
}

/// One value of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Nothing there.
    #[default]
    Null,
    /// See [`Kind::Bool`].
    Bool(bool),
    /// See [`Kind::Int`].
    Int(i64),
    /// See [`Kind::Decimal`]; always rounded to four places.
    Decimal(Decimal),
    /// See [`Kind::Text`].
    Text(String),
    /// See [`Kind::Date`].
    Date(civil::Date),
    /// See [`Kind::Instant`].
    Instant(Timestamp),
    /// See [`Kind::Id`].
    Id(Uuid),
    /// See [`Kind::List`]; never empty (an empty list is `Null`).
    List(Vec<Value>),
}

impl Value {
    /// Is there nothing?
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The id, if it is one.
    pub fn as_id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The moment, if it is one.
    pub fn as_instant(&self) -> Option<Timestamp> {
        match self {
            Self::Instant(value) => Some(*value),
            _ => None,
        }
    }

    /// The exact number, if it is a decimal or an integer.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Decimal(value) => Some(*value),
            Self::Int(value) => Some(Decimal::from(*value)),
            _ => None,
        }
    }

    /// The members of a list; nothing for any other value.
    pub fn members(&self) -> &[Value] {
        match self {
            Self::List(members) => members,
            _ => &[],
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Instant(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
