//! Finding records by what a file says of them: titles, numbers, logins, keys. Texts compare without regard to case, width
//! and outer spaces, by columns that are indexed.

use crate::Result;
use guanxi_access::RowFilter;
use guanxi_model::{FieldDef, FieldType, Kind, ObjectDef, Value, normalise, object::Normalize, pinyin};
use guanxi_store::{
    Sql, Tx,
    query::scope,
    schema::{match_columns, sort_key_column},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    pub id: Uuid,
    /// Values of the fields asked for.
    pub values: Vec<Value>,
}

/// The value by which two spellings are the same.
pub(crate) fn canonical(field: &FieldDef, value: &Value) -> Value {
    match value {
        Value::Text(text) if field.kind == FieldType::Phone => Value::Text(normalise::phone_key(text)),
        Value::Text(text) if field.kind.is_text() => Value::Text(normalise::exact_key(text)),
        value => value.clone(),
    }
}

/// Adds a condition that holds for every record whose field is one of these, and perhaps for some more.
fn condition(sql: &mut Sql, object: &ObjectDef, field: &FieldDef, values: &HashSet<&Value>) {
    let texts = || values.iter().filter_map(|value| value.as_text());
    let matching = match_columns(object).into_iter().find(|(name, normalize, _)| {
        *name == field.name
            && *normalize == if field.kind == FieldType::Phone { Normalize::Phone } else { Normalize::Exact }
    });
    let (column, wanted): (String, Vec<Value>) = if object.has_sort_key(field) {
        (sort_key_column(field), texts().map(|text| Value::Text(pinyin::sort_key(text))).collect())
    } else if let Some((_, _, column)) = matching {
        (column, values.iter().map(|value| canonical(field, value)).collect())
    } else if field.kind.is_text() {
        // The usual spellings; an index can only be asked for exact ones.
        let spellings = texts().flat_map(|text| {
            let folded = normalise::fold(text).into_owned();
            [text.to_owned(), folded.to_uppercase(), folded]
        });
        (field.name.clone(), spellings.map(Value::Text).collect())
    } else {
        (field.name.clone(), values.iter().map(|value| (*value).clone()).collect())
    };
    let mut wanted: Vec<Value> = wanted.into_iter().collect::<HashSet<_>>().into_iter().collect();
    // Few different lengths mean few different statements to prepare.
    let length = wanted.len().next_power_of_two();
    if let Some(last) = wanted.last().cloned() {
        wanted.resize(length, last);
    }
    sql.column("t", &column).push(" IN (").bind_all(wanted).push(")");
}

/// Living records whose `fields` are one of `keys` (each as long as `fields`), with the values of `fields` and then of
/// `extra`. All keys of one call have their empty values at the same places; one that is all empty finds nothing.
pub(crate) async fn by_values(
    tx: &mut Tx,
    object: &ObjectDef,
    fields: &[&FieldDef],
    keys: &[Vec<Value>],
    extra: &[&FieldDef],
    rows: &RowFilter,
) -> Result<Vec<Hit>> {
    let mut found = Vec::new();
    if keys.first().is_none_or(|key| key.iter().all(Value::is_null)) {
        return Ok(found);
    }
    for chunk in keys.chunks(500) {
        let mut sql = tx.sql();
        sql.push("SELECT t.id").returning([Kind::Id]);
        for field in fields.iter().chain(extra) {
            sql.push(", ").column("t", &field.name).returning([field.storage()]);
        }
        sql.push(" FROM ").ident(&object.name).push(" t WHERE t.deleted_at IS NULL");
        for (index, field) in fields.iter().enumerate() {
            let values: HashSet<&Value> =
                chunk.iter().map(|key| &key[index]).filter(|value| !value.is_null()).collect();
            sql.push(" AND ");
            if values.is_empty() {
                sql.column("t", &field.name).push(" IS NULL");
            } else {
                condition(&mut sql, object, field, &values);
            }
        }
        if *rows != RowFilter::All {
            sql.push(" AND ");
            scope(&mut sql, rows, "t", 0);
        }
        sql.push(" ORDER BY t.id");
        for row in tx.query(&sql).await? {
            let mut values = row.into_iter();
            let Some(id) = values.next().and_then(|value| value.as_id()) else { continue };
            found.push(Hit { id, values: values.collect() });
        }
    }
    Ok(found)
}

/// The field that a numbering rule fills.
pub(crate) fn number_field(object: &ObjectDef) -> Option<&FieldDef> {
    object.fields.values().find(|field| field.kind == FieldType::AutoNumber)
}

/// A dry run takes no number from the sequence, which may commit by itself.
pub(crate) fn placeholder_numbers(object: &ObjectDef, values: &mut HashMap<String, Value>) {
    for field in object.fields.values().filter(|field| field.kind == FieldType::AutoNumber) {
        let value = values.entry(field.name.clone()).or_default();
        if value.is_null() {
            *value = Value::Text(format!("~{}", Uuid::now_v7()));
        }
    }
}
