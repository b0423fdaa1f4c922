//! A statement being written: text, bound values, and the kinds of the columns it gives.

use crate::dialect::Dialect;
use guanxi_model::{Kind, Value};

/// What a bound parameter or a result column is.
pub type Column = Kind;

/// A row of a result: values in the order of [`Sql::columns`].
pub type Row = Vec<Value>;

/// A statement being written. Identifiers go through [`Sql::ident`], values through [`Sql::bind`].
#[derive(Debug, Clone)]
pub struct Sql {
    /// The statement so far.
    pub text: String,
    /// Bound values in order.
    pub params: Vec<Value>,
    /// Kinds of the result's columns; empty for statements that give none.
    pub columns: Vec<Column>,
    /// For which database.
    pub dialect: Dialect,
    /// Through indexes, even where PostgreSQL would guess that reading the whole table is quicker.
    pub by_index: bool,
}

impl Sql {
    /// An empty statement.
    pub fn new(dialect: Dialect) -> Self {
        Self { text: String::with_capacity(1024), params: Vec::new(), columns: Vec::new(), dialect, by_index: false }
    }

    /// Adds SQL as it stands. Never pass anything that came from outside.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a quoted identifier.
    pub fn ident(&mut self, name: &str) -> &mut Self {
        self.text.push('"');
        // Names come from the catalogue, which admits no quotes; looking for them costs nothing.
        for (index, part) in name.split('"').enumerate() {
            self.text.push_str(if index > 0 { "\"\"" } else { "" });
            self.text.push_str(part);
        }
        self.text.push('"');
        self
    }

    /// Adds `alias."column"`.
    pub fn column(&mut self, alias: &str, name: &str) -> &mut Self {
        self.push(alias).push(".").ident(name)
    }

    /// Adds a placeholder and binds a value to it.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.params.push(value.into());
        self.text.push_str(self.dialect.placeholder_prefix());
        self.text.push_str(&self.params.len().to_string());
        self
    }

    /// Adds a list of placeholders separated by commas; of nothing, a null, since PostgreSQL knows no empty list and nothing equals
    /// a null.
    pub fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self.push("NULL");
        }
        for (index, value) in values.enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self
    }

    /// Adds a part that was written apart; its placeholders are numbered anew.
    pub fn append(&mut self, part: Self) -> &mut Self {
        let prefix = part.dialect.placeholder_prefix();
        let offset = self.params.len();
        if offset == 0 || part.params.is_empty() {
            self.text.push_str(&part.text);
        } else {
            let mut rest = part.text.as_str();
            while let Some(at) = rest.find(prefix) {
                let (before, after) = rest.split_at(at + prefix.len());
                self.text.push_str(before);
                let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let number: usize = after[..digits].parse().unwrap_or_default();
                self.text.push_str(&(number + offset).to_string());
                rest = &after[digits..];
            }
            self.text.push_str(rest);
        }
        self.params.extend(part.params);
        self
    }

    /// Says what the statement's columns are.
    pub fn returning(&mut self, columns: impl IntoIterator<Item = Column>) -> &mut Self {
        self.columns.extend(columns);
        self
    }
}

/// Writes a statement whose text is known: `?` stands for the next value. Meant for the platform's own tables.
pub fn statement(dialect: Dialect, text: &str, params: Vec<Value>, columns: &[Column]) -> Sql {
    let mut sql = Sql::new(dialect);
    let mut values = params.into_iter();
    for (index, part) in text.split('?').enumerate() {
        if index > 0 {
            sql.bind(values.next().unwrap_or_default());
        }
        sql.push(part);
    }
    sql.returning(columns.iter().copied());
    sql
}
