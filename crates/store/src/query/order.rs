//! Sort orders, and where a page of them begins.

use super::{FieldPath, Query};
use crate::{Sql, schema::sort_key_column};
use guanxi_model::{Kind, Value, field::FieldType};
use uuid::Uuid;

/// One key of a sort order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// By what.
    pub path: FieldPath,
    /// Largest first?
    pub descending: bool,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// At the first record.
    First,
    /// After the record with these sort values and this id.
    After(Vec<Value>, Uuid),
    /// At the first record whose first sort value is at or after this.
    Seek(Value),
}

/// A sort expression as it stands in a statement.
pub(super) struct Ordered {
    pub alias: String,
    pub column: String,
    pub kind: Kind,
    pub options: Vec<String>,
    pub descending: bool,
    pub nullable: bool,
}

impl Query<'_> {
    pub(super) fn ordered(&mut self, key: &SortKey) -> Option<Ordered> {
        let (alias, field) = self.reach(&key.path)?;
        let object = if key.path.via.is_empty() { self.object } else { self.owner_of(&key.path)? };
        let plain = |alias: String, column: String, kind, nullable| Ordered {
            alias,
            column,
            kind,
            options: Vec::new(),
            descending: key.descending,
            nullable,
        };
        let direct = key.path.via.is_empty();
        if object.has_sort_key(field) {
            return Some(plain(alias, sort_key_column(field), Kind::Text, !direct));
        }
        if let Some(target) =
            field.target().and_then(|name| self.catalogue.object(name)).filter(|_| field.kind.is_single_reference())
        {
            // Lookups sort by the title that people see.
            let mut via = key.path.via.clone();
            via.push(field.name.clone());
            let title = target.field(&target.title)?;
            let (alias, _) = self.reach(&FieldPath { via, field: title.name.clone(), mask: None })?;
            let column = if target.has_sort_key(title) { sort_key_column(title) } else { title.name.clone() };
            return Some(plain(alias, column, title.storage(), true));
        }
        let mut ordered = plain(alias, field.name.clone(), field.storage(), true);
        if field.effective() == FieldType::Choice {
            ordered.options = field.options.iter().map(|option| option.value.clone()).collect();
        }
        ordered.nullable = !(direct && matches!(field.name.as_str(), "created_at" | "updated_at" | "id"));
        Some(ordered)
    }
}

pub(super) fn order_expression(sql: &mut Sql, key: &Ordered) {
    if key.options.is_empty() {
        sql.column(&key.alias, &key.column);
        return;
    }
    sql.push("(CASE ").column(&key.alias, &key.column);
    for (index, option) in key.options.iter().enumerate() {
        // Options are data of the catalogue; quoted all the same.
        sql.push(&format!(" WHEN '{}' THEN CAST({index} AS BIGINT)", option.replace('\'', "''")));
    }
    sql.push(" END)");
}

/// The order and the end of a page.
pub(super) fn order_by(sql: &mut Sql, ordered: &[Ordered], limit: usize) {
    sql.push(" ORDER BY ");
    let dialect = sql.dialect;
    for key in ordered {
        order_expression(sql, key);
        // As the indexes are made, also where there are no nulls: PostgreSQL takes an index only for the very same order.
        sql.push(" ").push(dialect.order(key.descending)).push(", ");
    }
    let by_id = ordered.first().map_or("ASC", |key| dialect.order(key.descending));
    sql.push("t.id ").push(by_id).push(&format!(" LIMIT {limit}"));
}

/// Continues after a position: larger in the first key, or equal there and larger in the next …, null being the smallest.
pub(super) fn keyset(sql: &mut Sql, ordered: &[Ordered], start: &Start, descending: bool) {
    let (values, id) = match start {
        Start::First => return,
        Start::Seek(value) => {
            if let Some(key) = ordered.first() {
                sql.push(" AND ");
                order_expression(sql, key);
                sql.push(if key.descending { " <= " } else { " >= " }).bind(value.clone());
            }
            return;
        }
        Start::After(values, id) => (values, *id),
    };
    if let (Some(key), Some(value)) = (ordered.first(), values.first())
        && !value.is_null()
        && !(key.descending && key.nullable)
    {
        // Implied by what follows; says it in a way that an index can use.
        sql.push(" AND ");
        order_expression(sql, key);
        sql.push(if key.descending { " <= " } else { " >= " }).bind(value.clone());
    }
    sql.push(" AND (");
    for depth in 0..=ordered.len() {
        if depth > 0 {
            sql.push(" OR ");
        }
        sql.push("(");
        for (key, value) in ordered.iter().zip(values).take(depth) {
            order_expression(sql, key);
            if value.is_null() {
                sql.push(" IS NULL AND ");
            } else {
                sql.push(" = ").bind(value.clone()).push(" AND ");
            }
        }
        match (ordered.get(depth), values.get(depth)) {
            (Some(key), Some(Value::Null)) => {
                if key.descending {
                    sql.push("1 = 0");
                } else {
                    order_expression(sql, key);
                    sql.push(" IS NOT NULL");
                }
            }
            (Some(key), Some(value)) => {
                sql.push("(");
                order_expression(sql, key);
                sql.push(if key.descending { " < " } else { " > " }).bind(value.clone());
                if key.descending && key.nullable {
                    sql.push(" OR ");
                    order_expression(sql, key);
                    sql.push(" IS NULL");
                }
                sql.push(")");
            }
            _ => {
                sql.push("t.id").push(if descending { " < " } else { " > " }).bind(id);
            }
        }
        sql.push(")");
    }
    sql.push(")");
}
