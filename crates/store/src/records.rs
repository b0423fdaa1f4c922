//! Writing records: rows, their sort and match keys, and their search tokens.

use crate::{
    Database, Dialect, Result, Sql, Tx,
    query::{Life, Scopes, scope},
    schema::{SEARCH_COLUMN, columns, match_columns, sort_key_column},
    sql::{Row, statement},
};
use guanxi_access::RowFilter;
use guanxi_model::{FieldDef, Kind, Mask, ObjectDef, Trait, Value, field::FieldType, object::Normalize};
use jiff::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// Its id.
    pub id: Uuid,
    /// Counts its writes, from 1.
    pub version: i64,
    /// When it went to the recycle bin.
    pub deleted_at: Option<Timestamp>,
    /// Values by field; empty ones may be missing.
    pub values: HashMap<String, Value>,
}

impl Record {
    /// A field's value.
    pub fn get(&self, field: &str) -> &Value {
        const NULL: &Value = &Value::Null;
        self.values.get(field).unwrap_or(NULL)
    }
}

/// What is written beside the values so that the record is found, sorted and compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Keys {
    /// Pinyin sort key of the title.
    pub sort: Option<String>,
    /// Match column → normalised value.
    pub matching: Vec<(String, Option<String>)>,
    /// Search tokens, separated by spaces; unset: leave them as they are.
    pub tokens: Option<String>,
}

/// Stored fields of an object: everything but the id.
fn stored(object: &ObjectDef) -> impl Iterator<Item = &FieldDef> {
    object.fields.values().filter(|field| field.kind != FieldType::Id)
}

/// Columns of a full read, in the order of [`from_row`].
fn full(sql: &mut Sql, object: &ObjectDef, alias: &str) {
    sql.column(alias, "id").push(", ").column(alias, "version").push(", ").column(alias, "deleted_at");
    sql.returning([Kind::Id, Kind::Int, Kind::Instant]);
    for field in stored(object) {
        sql.push(", ").column(alias, &field.name);
        sql.returning([field.storage()]);
    }
}

fn from_row(object: &ObjectDef, row: Row) -> Record {
    let mut values = row.into_iter();
    let mut next = || values.next().unwrap_or_default();
    let mut record = Record {
        id: next().as_id().unwrap_or_default(),
        version: next().as_int().unwrap_or_default(),
        deleted_at: next().as_instant(),
        values: HashMap::new(),
    };
    for (field, value) in stored(object).zip(values) {
        if !value.is_null() {
            record.values.insert(field.name.clone(), value);
        }
    }
    record
}

/// A statement that reads whole records by id, within a scope.
pub fn select(dialect: Dialect, object: &ObjectDef, ids: &[Uuid], rows: &RowFilter, life: Life) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT ");
    full(&mut sql, object, "t");
    sql.push(" FROM ").ident(&object.name).push(" t WHERE t.id IN (").bind_all(ids.iter().copied()).push(")");
    sql.push(match life {
        Life::Living => " AND t.deleted_at IS NULL",
        Life::Deleted => " AND t.deleted_at IS NOT NULL",
        Life::Any => "",
    });
    if *rows != RowFilter::All {
        sql.push(" AND ");
        scope(&mut sql, rows, "t", 0);
    }
    sql
}

/// Reads one record outside a transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn get(
    database: &Database,
    object: &ObjectDef,
    id: Uuid,
    rows: &RowFilter,
    life: Life,
) -> Result<Option<Record>> {
    let found = database.read_few(select(database.dialect(), object, &[id], rows, life)).await?;
    Ok(found.into_iter().next().map(|row| from_row(object, row)))
}

/// Several of them, in no order.
///
/// # Errors
/// Whatever the database says.
pub async fn get_many(
    database: &Database,
    object: &ObjectDef,
    ids: &[Uuid],
    rows: &RowFilter,
    life: Life,
) -> Result<Vec<Record>> {
    let found = database.read_few(select(database.dialect(), object, ids, rows, life)).await?;
    Ok(found.into_iter().map(|row| from_row(object, row)).collect())
}

/// Reads records for writing: they stay locked until the transaction ends.
///
/// # Errors
/// Whatever the database says.
pub async fn lock(tx: &mut Tx, object: &ObjectDef, ids: &[Uuid], rows: &RowFilter, life: Life) -> Result<Vec<Record>> {
    let mut sql = select(tx.dialect(), object, ids, rows, life);
    sql.push(" ORDER BY t.id");
    if tx.dialect() == Dialect::Postgres {
        sql.push(" FOR UPDATE OF t");
    }
    Ok(tx.query(&sql).await?.into_iter().map(|row| from_row(object, row)).collect())
}

/// Reads records in a transaction without locking them.
///
/// # Errors
/// Whatever the database says.
pub async fn read(tx: &mut Tx, object: &ObjectDef, ids: &[Uuid], rows: &RowFilter, life: Life) -> Result<Vec<Record>> {
    let sql = select(tx.dialect(), object, ids, rows, life);
    Ok(tx.query(&sql).await?.into_iter().map(|row| from_row(object, row)).collect())
}

/// Living records whose field has one of these values, within a scope: used to find lookups by title or number.
///
/// # Errors
/// Whatever the database says.
pub async fn find_by(
    tx: &mut Tx,
    object: &ObjectDef,
    field: &str,
    values: &[Value],
    rows: &RowFilter,
) -> Result<Vec<Record>> {
    let mut sql = tx.sql();
    sql.push("SELECT ");
    full(&mut sql, object, "t");
    sql.push(" FROM ").ident(&object.name).push(" t WHERE t.deleted_at IS NULL AND ").column("t", field).push(" IN (");
    sql.bind_all(values.iter().cloned()).push(")");
    if *rows != RowFilter::All {
        sql.push(" AND ");
        scope(&mut sql, rows, "t", 0);
    }
    sql.push(" ORDER BY t.id LIMIT 5000");
    Ok(tx.query(&sql).await?.into_iter().map(|row| from_row(object, row)).collect())
}

/// The living record with the largest `by` among those with a value in a field.
///
/// # Errors
/// Whatever the database says.
pub async fn newest(tx: &mut Tx, object: &ObjectDef, field: &str, value: Value, by: &str) -> Result<Option<Record>> {
    let mut sql = tx.sql();
    sql.push("SELECT ");
    full(&mut sql, object, "t");
    sql.push(" FROM ")
        .ident(&object.name)
        .push(" t WHERE t.deleted_at IS NULL AND ")
        .column("t", field)
        .push(" = ")
        .bind(value);
    sql.push(" ORDER BY ").column("t", by).push(" ").push(tx.dialect().order(true)).push(", t.id DESC LIMIT 1");
    Ok(tx.query(&sql).await?.into_iter().next().map(|row| from_row(object, row)))
}

/// Titles of records by id, within a scope, perhaps masked.
pub fn titles(dialect: Dialect, object: &ObjectDef, ids: &[Uuid], scopes: &dyn Scopes, mask: Option<Mask>) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT t.id, ");
    dialect.shown(&mut sql, "t", &object.title, mask);
    sql.push(" FROM ").ident(&object.name).push(" t WHERE t.id IN (");
    sql.bind_all(ids.iter().copied()).push(")");
    let rows = scopes.rows(object);
    if rows != RowFilter::All {
        sql.push(" AND ");
        scope(&mut sql, &rows, "t", 0);
    }
    sql.returning([Kind::Id, Kind::Text]);
    sql
}

/// Inserts new records with their keys and tokens; answers for each of them. One that is refused does not hold up the
/// others, unless it is `alone`: then the caller ends the transaction with it.
///
/// # Errors
/// Whatever the database says; within the answers, [`crate::Error::NotUnique`] names the violated index.
pub async fn insert(
    tx: &mut Tx,
    object: &ObjectDef,
    records: &[(Record, Keys)],
    alone: bool,
) -> Result<Vec<Result<()>>> {
    let dialect = tx.dialect();
    let all = columns(object);
    let mut names: Vec<(&str, Kind)> = all.iter().map(|column| (column.name.as_str(), column.kind)).collect();
    if dialect == Dialect::Postgres {
        names.push((SEARCH_COLUMN, Kind::Text));
    }
    let sort_column = object.field(&object.title).map(sort_key_column).unwrap_or_default();
    let rows: Vec<Row> = records
        .iter()
        .map(|(record, keys)| {
            names
                .iter()
                .map(|(name, _)| match *name {
                    "id" => record.id.into(),
                    "version" => record.version.into(),
                    "deleted_at" | "deleted_by" => Value::Null,
                    "position" if object.has(Trait::ChildOf) => record.get("position").clone(),
                    SEARCH_COLUMN => keys.tokens.clone().unwrap_or_default().into(),
                    name if name == sort_column => keys.sort.clone().unwrap_or_default().into(),
                    name => match keys.matching.iter().find(|(column, _)| column == name) {
                        Some((_, key)) => key.clone().into(),
                        None => record.get(name).clone(),
                    },
                })
                .collect()
        })
        .collect();
    if dialect == Dialect::Postgres && rows.len() > 1 {
        tx.guard(true).await?;
        let together = tx.insert_rows(&object.name, &names, &rows).await;
        tx.end_guard(true, together.is_ok()).await?;
        match together {
            Ok(_) => return Ok(rows.iter().map(|_| Ok(())).collect()),
            // One of them is taken already: find out which, one by one.
            Err(crate::Error::NotUnique(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let mut out = Vec::with_capacity(rows.len());
    for ((_, keys), row) in records.iter().zip(&rows) {
        tx.guard(!alone).await?;
        let result = tx.insert_rows(&object.name, &names, std::slice::from_ref(row)).await;
        tx.end_guard(!alone, result.is_ok()).await?;
        match result {
            Ok(_) => {
                if let (Some(tokens), Some(writing)) = (&keys.tokens, tx.writing()) {
                    writing.index_inserted(&object.name, tokens);
                }
                out.push(Ok(()));
            }
            Err(error @ crate::Error::NotUnique(_)) => out.push(Err(error)),
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

/// The row number of a record, by which the search index knows it.
async fn row_number(tx: &mut Tx, object: &ObjectDef, id: Uuid) -> Result<Option<i64>> {
    let mut sql = tx.sql();
    sql.push("SELECT rid FROM ").ident(&object.name).push(" WHERE id = ").bind(id).returning([Kind::Int]);
    Ok(tx.query(&sql).await?.first().and_then(|row| row[0].as_int()))
}

/// Writes the named fields of a record and its keys; the version must be the one that was read. False when it is not.
/// Being refused spoils nothing else in the transaction, unless the record is `alone` in it.
///
/// # Errors
/// Whatever the database says; [`crate::Error::NotUnique`] names the violated index.
pub async fn update(
    tx: &mut Tx,
    object: &ObjectDef,
    record: &Record,
    fields: &[String],
    keys: &Keys,
    alone: bool,
) -> Result<bool> {
    let mut sql = tx.sql();
    sql.push("UPDATE ").ident(&object.name).push(" SET version = ").bind(record.version);
    for name in fields {
        sql.push(", ").ident(name).push(" = ").bind(record.get(name).clone());
    }
    if let (Some(sort), Some(title)) = (&keys.sort, object.field(&object.title)) {
        sql.push(", ").ident(&sort_key_column(title)).push(" = ").bind(sort.as_str());
    }
    for (column, key) in &keys.matching {
        sql.push(", ").ident(column).push(" = ").bind(key.clone());
    }
    if let (Some(tokens), Dialect::Postgres) = (&keys.tokens, tx.dialect()) {
        sql.push(", ")
            .ident(SEARCH_COLUMN)
            .push(" = array_to_tsvector(string_to_array(")
            .bind(tokens.as_str())
            .push(", ' '))");
    }
    sql.push(" WHERE id = ").bind(record.id).push(" AND version = ").bind(record.version - 1);
    tx.guard(!alone).await?;
    let result = tx.execute(&sql).await;
    tx.end_guard(!alone, result.is_ok()).await?;
    if result? == 0 {
        return Ok(false);
    }
    if let (Some(tokens), Dialect::Sqlite) = (&keys.tokens, tx.dialect())
        && let Some(row) = row_number(tx, object, record.id).await?
        && let Some(writing) = tx.writing()
    {
        writing.index(&object.name, row, tokens);
    }
    Ok(true)
}

/// Puts a record into the recycle bin or takes it out.
///
/// # Errors
/// Whatever the database says; [`crate::Error::NotUnique`] when a restored value is taken meanwhile.
pub async fn set_deleted(
    tx: &mut Tx,
    object: &ObjectDef,
    id: Uuid,
    version: i64,
    deleted: Option<(Timestamp, Option<Uuid>)>,
) -> Result<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE ").ident(&object.name).push(" SET version = ").bind(version);
    sql.push(", deleted_at = ")
        .bind(deleted.map(|(at, _)| at))
        .push(", deleted_by = ")
        .bind(deleted.and_then(|(_, by)| by));
    sql.push(" WHERE id = ").bind(id);
    tx.execute(&sql).await?;
    Ok(())
}

/// Removes a record for good.
///
/// # Errors
/// Whatever the database says.
pub async fn purge(tx: &mut Tx, object: &ObjectDef, id: Uuid) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite
        && let Some(row) = row_number(tx, object, id).await?
        && let Some(writing) = tx.writing()
    {
        writing.unindex(&object.name, row);
    }
    let mut sql = tx.sql();
    sql.push("DELETE FROM ").ident(&object.name).push(" WHERE id = ").bind(id);
    tx.execute(&sql).await?;
    Ok(())
}

/// Ids of records (living or not) whose lookup points at a record.
///
/// # Errors
/// Whatever the database says.
pub async fn pointing_at(tx: &mut Tx, object: &ObjectDef, field: &FieldDef, id: Uuid) -> Result<Vec<Uuid>> {
    let mut sql = tx.sql();
    sql.push("SELECT t.id FROM ").ident(&object.name).push(" t WHERE ");
    if field.kind == FieldType::MultiLookup {
        tx.dialect().has_member(&mut sql, "t", &field.name, &Value::Id(id));
    } else {
        sql.column("t", &field.name).push(" = ").bind(id);
    }
    sql.returning([Kind::Id]);
    Ok(tx.query(&sql).await?.into_iter().filter_map(|row| row[0].as_id()).collect())
}

/// A possible duplicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The record.
    pub id: Uuid,
    /// The match column and key that met.
    pub column: String,
    /// The key.
    pub key: String,
}

/// Living records whose match columns have one of these keys.
pub fn matches(dialect: Dialect, object: &ObjectDef, normalize: Normalize, fields: &[String], keys: &[String]) -> Sql {
    let mut sql = Sql::new(dialect);
    let columns: Vec<String> = match_columns(object)
        .into_iter()
        .filter(|(field, kind, _)| *kind == normalize && fields.iter().any(|name| name == field))
        .map(|(_, _, column)| column)
        .collect();
    // One branch per column, so that each uses its index.
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            sql.push(" UNION ALL ");
        }
        sql.push("SELECT t.id, ").column("t", column).push(" FROM ").ident(&object.name);
        sql.push(" t WHERE t.deleted_at IS NULL AND ")
            .column("t", column)
            .push(" IN (")
            .bind_all(keys.iter().map(String::as_str))
            .push(")");
    }
    sql.push(" LIMIT 2000").returning([Kind::Id, Kind::Text]);
    sql
}

/// Which of these values a field has already, in any record: numbers that a numbering rule must not give again.
///
/// # Errors
/// Whatever the database says.
pub async fn taken(tx: &mut Tx, object: &ObjectDef, field: &str, values: &[String]) -> Result<Vec<String>> {
    let mut sql = tx.sql();
    sql.push("SELECT ")
        .column("t", field)
        .push(" FROM ")
        .ident(&object.name)
        .push(" t WHERE t.deleted_at IS NULL AND ");
    sql.column("t", field).push(" IN (").bind_all(values.iter().map(String::as_str)).push(")").returning([Kind::Text]);
    Ok(tx.query(&sql).await?.into_iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
}

/// The ancestors of every department, itself included, made anew from the departments' parents.
///
/// # Errors
/// Whatever the database says.
pub async fn rebuild_department_tree(tx: &mut Tx) -> Result<()> {
    tx.one_at_a_time("department").await?;
    tx.batch("DELETE FROM _department_tree").await?;
    let text = "INSERT INTO _department_tree (ancestor, descendant)
        WITH RECURSIVE pairs(ancestor, descendant) AS (
            SELECT id, id FROM department UNION
            SELECT pairs.ancestor, child.id FROM department child JOIN pairs ON child.parent = pairs.descendant)
        SELECT ancestor, descendant FROM pairs";
    tx.execute(&statement(tx.dialect(), text, vec![], &[])).await?;
    Ok(())
}

/// Whose a record is.
#[derive(Debug, Clone, PartialEq)]
pub struct Belonging {
    /// The record.
    pub id: Uuid,
    /// Its owner.
    pub owner: Option<Uuid>,
    /// His department.
    pub department: Option<Uuid>,
    /// The record's version.
    pub version: i64,
    /// What a new owner changes besides, as it is.
    pub besides: Vec<(String, Value)>,
}

/// The fields that a new owner changes besides.
fn besides(object: &ObjectDef) -> Vec<&FieldDef> {
    let names = object.ownership.iter().flat_map(|ownership| ownership.since.iter().chain(&ownership.clears));
    names.filter_map(|name| object.field(name)).collect()
}

/// Whose these records are, within a scope, living or not; they stay locked until the transaction ends.
///
/// # Errors
/// Whatever the database says.
pub async fn lock_owners(tx: &mut Tx, object: &ObjectDef, ids: &[Uuid], rows: &RowFilter) -> Result<Vec<Belonging>> {
    let mut sql = tx.sql();
    let besides = besides(object);
    sql.push("SELECT t.id, t.owner, t.department, t.version");
    for field in &besides {
        sql.push(", ").column("t", &field.name);
    }
    sql.push(" FROM ").ident(&object.name).push(" t WHERE t.id IN (");
    sql.bind_all(ids.iter().copied()).push(")");
    if *rows != RowFilter::All {
        sql.push(" AND ");
        scope(&mut sql, rows, "t", 0);
    }
    sql.push(" ORDER BY t.id");
    if tx.dialect() == Dialect::Postgres {
        sql.push(" FOR UPDATE OF t");
    }
    let kinds = [Kind::Id, Kind::Id, Kind::Id, Kind::Int].into_iter();
    sql.returning(kinds.chain(besides.iter().map(|field| field.storage())));
    Ok(tx
        .query(&sql)
        .await?
        .into_iter()
        .map(|row| Belonging {
            id: row[0].as_id().unwrap_or_default(),
            owner: row[1].as_id(),
            department: row[2].as_id(),
            version: row[3].as_int().unwrap_or_default(),
            besides: besides.iter().zip(&row[4..]).map(|(field, value)| (field.name.clone(), value.clone())).collect(),
        })
        .collect())
}

/// Gives locked records to another owner: as a change of each, which the caller logs.
///
/// # Errors
/// Whatever the database says.
pub async fn give(
    tx: &mut Tx,
    object: &ObjectDef,
    ids: &[Uuid],
    owner: Option<Uuid>,
    department: Option<Uuid>,
    by: (Timestamp, Option<Uuid>),
) -> Result<u64> {
    let mut sql = tx.sql();
    sql.push("UPDATE ").ident(&object.name).push(" SET owner = ").bind(owner).push(", department = ").bind(department);
    if let Some(ownership) = &object.ownership {
        if let Some(since) = &ownership.since {
            sql.push(", ").ident(since).push(" = ").bind(owner.map(|_| by.0));
        }
        for field in ownership.clears.iter().filter(|_| owner.is_some()) {
            sql.push(", ").ident(field).push(" = ").bind(Value::Null);
        }
    }
    sql.push(", version = version + 1, updated_at = ").bind(by.0).push(", updated_by = ").bind(by.1);
    sql.push(" WHERE id IN (").bind_all(ids.iter().copied()).push(")");
    tx.execute(&sql).await
}

/// Records that follow what a handover moved, and belonged to the same one: with the one who has the other now. `field` is the
/// lookup of `other` to what was moved.
pub fn following(
    dialect: Dialect,
    other: &ObjectDef,
    field: &str,
    moved: (Uuid, i64, &str),
    window: (i64, i64),
    rows: &RowFilter,
) -> Sql {
    let mut sql = Sql::new(dialect);
    let (handover, part, object) = moved;
    sql.push("SELECT t.id, h.after FROM _handed h JOIN ").ident(&other.name).push(" t ON ").column("t", field);
    sql.push(" = h.record WHERE h.handover = ").bind(handover).push(" AND h.part = ").bind(part);
    sql.push(" AND h.object = ")
        .bind(object)
        .push(" AND h.seq > ")
        .bind(window.0)
        .push(" AND h.seq <= ")
        .bind(window.1);
    sql.push(" AND t.owner = h.before");
    if *rows != RowFilter::All {
        sql.push(" AND ");
        scope(&mut sql, rows, "t", 0);
    }
    sql.returning([Kind::Id, Kind::Id]);
    sql
}

/// Every record of an object that a user owns gets the user's new department.
///
/// # Errors
/// Whatever the database says.
pub async fn move_owner(tx: &mut Tx, object: &ObjectDef, owner: Uuid, department: Value) -> Result<u64> {
    let mut sql = tx.sql();
    sql.push("UPDATE ")
        .ident(&object.name)
        .push(" SET department = ")
        .bind(department)
        .push(" WHERE owner = ")
        .bind(owner);
    tx.execute(&sql).await
}
