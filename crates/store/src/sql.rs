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

    /// Adds a list of placeholders separated by commas.
    pub fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
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
