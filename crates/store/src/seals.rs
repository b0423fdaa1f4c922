//! The seals of the change log, and its rows exactly as they stand in the database.

use crate::{
    Database, Dialect, Result, Tx,
    changes::{Cursor, horizon},
    sql::{Row, Sql, statement},
};
use guanxi_model::{Kind, Value};
use jiff::Timestamp;

/// A sealed stretch of the change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Counts from one.
    pub number: i64,
    /// The stretch begins after this place.
    pub after: Cursor,
    /// Its last row.
    pub last: Cursor,
    /// Rows in it.
    pub count: i64,
    /// Rows up to its end.
    pub total: i64,
    /// When it was sealed.
    pub at: Timestamp,
    /// The hash of the seal before, in hexadecimal; zeros for the first.
    pub previous: String,
    /// The hash, in hexadecimal.
    pub hash: String,
    /// Numbers and short hashes of the rows, packed and in Base64: by them altered rows are named.
    pub rows: String,
    /// The signature over hash and rows, in hexadecimal.
    pub mac: String,
}

/// A row of the log as it stands: its place, and its columns in the order of the canonical form. Nothing is interpreted.
pub type LogRow = (Cursor, Row);

const COLUMNS: &str = "number, after_xid, after_seq, last_xid, last_seq, count, total, at, previous, hash, rows, mac";
const KINDS: [Kind; 12] = [
    Kind::Int,
    Kind::Int,
    Kind::Int,
    Kind::Int,
    Kind::Int,
    Kind::Int,
    Kind::Int,
    Kind::Instant,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Text,
];

/// The transaction stands in front; it orders rows but is not part of them.
const LOG_COLUMNS: &str = "xid, seq, at, actor, via, reason, address, object, record, kind, version, diff";
const LOG_KINDS: [Kind; 12] = [
    Kind::Int,
    Kind::Int,
    Kind::Instant,
    Kind::Id,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Id,
    Kind::Text,
    Kind::Int,
    Kind::Text,
];

fn seal_from(row: &Row) -> Seal {
    let int = |index: usize| row[index].as_int().unwrap_or_default();
    let text = |index: usize| row[index].as_text().unwrap_or_default().to_owned();
    Seal {
        number: int(0),
        after: Cursor { xid: int(1), seq: int(2) },
        last: Cursor { xid: int(3), seq: int(4) },
        count: int(5),
        total: int(6),
        at: row[7].as_instant().unwrap_or_default(),
        previous: text(8),
        hash: text(9),
        rows: text(10),
        mac: text(11),
    }
}

fn log_row(mut row: Row) -> LogRow {
    let own = row.split_off(1);
    let xid = row.first().and_then(Value::as_int).unwrap_or_default();
    (Cursor { xid, seq: own.first().and_then(Value::as_int).unwrap_or_default() }, own)
}

fn last_statement(dialect: Dialect) -> Sql {
    statement(dialect, &format!("SELECT {COLUMNS} FROM _seals ORDER BY number DESC LIMIT 1"), vec![], &KINDS)
}

/// The last seal.
///
/// # Errors
/// Whatever the database says.
pub async fn last(database: &Database) -> Result<Option<Seal>> {
    Ok(database.read(last_statement(database.dialect())).await?.first().map(seal_from))
}

/// The last seal; nobody else seals until the transaction ends.
///
/// # Errors
/// Whatever the database says.
pub async fn lock_last(tx: &mut Tx) -> Result<Option<Seal>> {
    tx.one_at_a_time("seal").await?;
    Ok(tx.query(&last_statement(tx.dialect())).await?.first().map(seal_from))
}

/// Seals after a number, in order.
///
/// # Errors
/// Whatever the database says.
pub async fn after(database: &Database, number: i64, limit: usize) -> Result<Vec<Seal>> {
    let text = format!("SELECT {COLUMNS} FROM _seals WHERE number > ? ORDER BY number LIMIT {limit}");
    let rows = database.read(statement(database.dialect(), &text, vec![number.into()], &KINDS)).await?;
    Ok(rows.iter().map(seal_from).collect())
}

/// Keeps a seal.
///
/// # Errors
/// Whatever the database says.
pub async fn add(tx: &mut Tx, seal: &Seal) -> Result<()> {
    let params = vec![
        seal.number.into(),
        seal.after.xid.into(),
        seal.after.seq.into(),
        seal.last.xid.into(),
        seal.last.seq.into(),
        seal.count.into(),
        seal.total.into(),
        seal.at.into(),
        seal.previous.as_str().into(),
        seal.hash.as_str().into(),
        seal.rows.as_str().into(),
        seal.mac.as_str().into(),
    ];
    let text = format!("INSERT INTO _seals ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    tx.execute(&statement(tx.dialect(), &text, params, &[])).await?;
    Ok(())
}

fn place(dialect: Dialect, compare: &str, cursor: Cursor) -> (String, Vec<Value>) {
    match dialect {
        Dialect::Sqlite => (format!("seq {compare} ?"), vec![cursor.seq.into()]),
        Dialect::Postgres => (format!("(xid, seq) {compare} (?, ?)"), vec![cursor.xid.into(), cursor.seq.into()]),
    }
}

fn order(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "seq",
        Dialect::Postgres => "xid, seq",
    }
}

/// The next rows to be sealed, in the order in which followers take them.
///
/// # Errors
/// Whatever the database says.
pub async fn take(tx: &mut Tx, after: Cursor, limit: usize) -> Result<Vec<LogRow>> {
    let dialect = tx.dialect();
    let (_, params) = place(dialect, ">", after);
    let text = format!(
        "SELECT {LOG_COLUMNS} FROM _changes WHERE {} ORDER BY {} LIMIT {limit}",
        horizon(dialect),
        order(dialect)
    );
    let rows = tx.query(&statement(dialect, &text, params, &LOG_KINDS)).await?;
    Ok(rows.into_iter().map(log_row).collect())
}

/// Rows after one place, up to another and with it, in order.
///
/// # Errors
/// Whatever the database says.
pub async fn between(database: &Database, after: Cursor, last: Cursor, limit: usize) -> Result<Vec<LogRow>> {
    let dialect = database.dialect();
    let (above, mut params) = place(dialect, ">", after);
    let (up_to, rest) = place(dialect, "<=", last);
    params.extend(rest);
    let order = order(dialect);
    let text = format!("SELECT {LOG_COLUMNS} FROM _changes WHERE {above} AND {up_to} ORDER BY {order} LIMIT {limit}");
    let rows = database.read(statement(dialect, &text, params, &LOG_KINDS)).await?;
    Ok(rows.into_iter().map(log_row).collect())
}

/// How many rows there are after a place, counted up to `most`.
///
/// # Errors
/// Whatever the database says.
pub async fn unsealed(database: &Database, after: Cursor, most: usize) -> Result<i64> {
    let dialect = database.dialect();
    let (above, params) = place(dialect, ">", after);
    let text = format!("SELECT COUNT(*) FROM (SELECT 1 FROM _changes WHERE {above} LIMIT {most}) u");
    let rows = database.read(statement(dialect, &text, params, &[Kind::Int])).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// Entries of the access log, after an id, that no change has made.
///
/// # Errors
/// Whatever the database says.
pub async fn unlogged_entries(database: &Database, after: uuid::Uuid, limit: usize) -> Result<Vec<uuid::Uuid>> {
    let text = format!(
        "SELECT t.id FROM access_event t WHERE t.id > ? AND NOT EXISTS (SELECT 1 FROM _changes c \
         WHERE c.object = 'access_event' AND c.record = t.id AND c.kind = 'create') ORDER BY t.id LIMIT {limit}"
    );
    let rows = database.read(statement(database.dialect(), &text, vec![after.into()], &[Kind::Id])).await?;
    Ok(rows.iter().filter_map(|row| row[0].as_id()).collect())
}
