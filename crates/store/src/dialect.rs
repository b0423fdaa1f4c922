//! Everything in which the two databases differ in SQL.

use crate::sql::Sql;
use guanxi_model::{Kind, Mask, Value};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite, bundled.
    Sqlite,
    /// PostgreSQL 14 or later.
    Postgres,
}

impl Dialect {
    /// What a placeholder begins with.
    pub fn placeholder_prefix(self) -> &'static str {
        match self {
            Self::Sqlite => "?",
            Self::Postgres => "$",
        }
    }

    /// The column type for a kind of value. Text compares by code point on both.
    pub fn column_type(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Sqlite, Kind::Bool | Kind::Int | Kind::Decimal | Kind::Instant) => "INTEGER",
            (Self::Sqlite, Kind::Text | Kind::Date | Kind::List) => "TEXT",
            (Self::Sqlite, Kind::Id) => "BLOB",
            (Self::Postgres, Kind::Bool) => "BOOLEAN",
            (Self::Postgres, Kind::Int) => "BIGINT",
            (Self::Postgres, Kind::Decimal) => "NUMERIC(19,4)",
            (Self::Postgres, Kind::Text) => "TEXT COLLATE \"C\"",
            (Self::Postgres, Kind::Date) => "DATE",
            (Self::Postgres, Kind::Instant) => "TIMESTAMPTZ",
            (Self::Postgres, Kind::Id) => "UUID",
            (Self::Postgres, Kind::List) => "JSONB",
        }
    }

    /// The array type for [`crate::Tx::insert_rows`] on PostgreSQL and how an element becomes the column's type.
    pub(crate) fn array_cast(kind: Kind) -> (&'static str, &'static str) {
        match kind {
            Kind::Bool => ("bool[]", ""),
            Kind::Int => ("int8[]", ""),
            Kind::Decimal => ("numeric[]", ""),
            Kind::Text => ("text[]", ""),
            Kind::Date => ("date[]", ""),
            Kind::Instant => ("timestamptz[]", ""),
            Kind::Id => ("uuid[]", ""),
            Kind::List => ("text[]", "::jsonb"),
        }
    }

    /// A key that counts up by itself.
    pub fn serial_key(self) -> &'static str {
        match self {
            Self::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
            Self::Postgres => "BIGSERIAL PRIMARY KEY",
        }
    }

    /// `ORDER BY` direction in which null is smaller than everything.
    pub fn order(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Sqlite, false) => "ASC",
            (Self::Sqlite, true) => "DESC",
            (Self::Postgres, false) => "ASC NULLS FIRST",
            (Self::Postgres, true) => "DESC NULLS LAST",
        }
    }

    /// Locks the rows that a `SELECT` in a transaction reads, where readers and writers do not exclude each other anyway.
    pub fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// A column as it is shown: whole, or as much of it as [`Mask::apply`] leaves.
    pub fn shown(self, sql: &mut Sql, alias: &str, column: &str, mask: Option<Mask>) {
        let Some(mask) = mask else {
            sql.column(alias, column);
            return;
        };
        let name = format!("{alias}.\"{column}\"");
        let at = match self {
            Self::Sqlite => format!("INSTR({name}, '@')"),
            Self::Postgres => format!("STRPOS({name}, '@')"),
        };
        let first = format!("SUBSTR({name}, 1, 1) || '***'");
        let shown = match mask {
            Mask::Phone => format!(
                "CASE WHEN LENGTH({name}) >= 7 THEN SUBSTR({name}, 1, 3) || '****' || SUBSTR({name}, LENGTH({name}) - 3) ELSE '****' END"
            ),
            Mask::Email => format!("CASE WHEN {at} > 0 THEN {first} || SUBSTR({name}, {at}) ELSE {first} END"),
            Mask::Text => first,
        };
        sql.push(&format!("CASE WHEN {name} IS NULL THEN NULL ELSE {shown} END"));
    }

    /// Text contains text, ASCII case ignored.
    pub fn contains(self, sql: &mut Sql, alias: &str, column: &str, part: &str) {
        let mut pattern = String::with_capacity(part.len() + 2);
        pattern.push('%');
        for c in part.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        sql.column(alias, column);
        sql.push(match self {
            Self::Sqlite => " LIKE ",
            Self::Postgres => " ILIKE ",
        });
        sql.bind(pattern).push(" ESCAPE '\\'");
    }

    /// A column is one of what a statement gives: the statement comes first, so that an index on the column serves even beside
    /// an `OR`.
    pub fn among(self, sql: &mut Sql, alias: &str, column: &str, select: impl FnOnce(&mut Sql)) {
        let (before, after) = match self {
            Self::Sqlite => (" IN (", ")"),
            Self::Postgres => (" = ANY(ARRAY(", "))"),
        };
        sql.column(alias, column).push(before);
        select(sql);
        sql.push(after);
    }

    /// A list column has this member.
    pub fn has_member(self, sql: &mut Sql, alias: &str, column: &str, member: &Value) {
        let text = match member {
            Value::Id(id) => id.to_string(),
            other => other.as_text().unwrap_or_default().to_owned(),
        };
        match self {
            Self::Sqlite => {
                sql.push("EXISTS (SELECT 1 FROM json_each(")
                    .column(alias, column)
                    .push(") m WHERE m.value = ")
                    .bind(text)
                    .push(")");
            }
            Self::Postgres => {
                sql.column(alias, column).push(" @> jsonb_build_array(").bind(text).push("::text)");
            }
        }
    }

    /// The day that a moment lies in: a date, on SQLite a number that [`Self::period`] understands. `offset` is the time zone's offset
    /// from UTC in seconds.
    pub fn day_of(self, sql: &mut Sql, alias: &str, column: &str, offset: i64) {
        match self {
            Self::Sqlite => {
                let offset = offset + BEFORE_1970 * 86_400;
                sql.push("((").column(alias, column).push(&format!(" / 1000000 + {offset}) / 86400)"));
            }
            Self::Postgres => {
                sql.push("(").column(alias, column);
                sql.push(&format!(" AT TIME ZONE 'UTC' + interval '{offset} seconds')::date"));
            }
        }
    }

    /// The text of a period that a day lies in, e.g. `2026-11` for a month: of a date, or of what [`Self::day_of`] gave for a moment.
    pub fn period(self, sql: &mut Sql, day: &str, kind: Kind, by: Period) {
        match self {
            Self::Sqlite => {
                let date = match kind {
                    Kind::Instant => format!("({day} - {BEFORE_1970}) * 86400, 'unixepoch'"),
                    _ => day.to_owned(),
                };
                sql.push(&match by {
                    Period::Day => format!("date({date})"),
                    Period::Week => format!("strftime('%G-W%V', {date})"),
                    Period::Month => format!("strftime('%Y-%m', {date})"),
                    Period::Quarter => {
                        format!("strftime('%Y', {date}) || '-Q' || ((CAST(strftime('%m', {date}) AS INTEGER) + 2) / 3)")
                    }
                    Period::Year => format!("strftime('%Y', {date})"),
                });
            }
            Self::Postgres => {
                let format = match by {
                    Period::Day => "YYYY-MM-DD",
                    Period::Week => "IYYY-\"W\"IW",
                    Period::Month => "YYYY-MM",
                    Period::Quarter => "YYYY-\"Q\"Q",
                    Period::Year => "YYYY",
                };
                sql.push(&format!("to_char({day}::timestamp, '{format}')"));
            }
        }
    }
}

/// So many days before 1970 SQLite begins to count them, so that none is below zero: it divides towards zero.
const BEFORE_1970: i64 = 1_000_000;

/// A period for grouping dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// `2026-11-21`
    Day,
    /// `2026-W47`, ISO 8601
    Week,
    /// `2026-11`
    Month,
    /// `2026-Q4`
    Quarter,
    /// `2026`
    Year,
}

impl Period {
    /// Reads the public name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            _ => return None,
        })
    }
}
