//! The change log and the cursors of those who follow it.

use crate::{
    Database, Dialect, Result, Tx,
    sql::{Row, Sql, statement},
};
use guanxi_model::{Kind, Value};
use jiff::Timestamp;
use uuid::Uuid;

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It was made.
    Create,
    /// Fields changed.
    Update,
    /// It went to the recycle bin.
    Delete,
    /// It came back.
    Restore,
    /// It is gone for good.
    Purge,
}

impl ChangeKind {
    /// The word in the log and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Purge => "purge",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Create, Self::Update, Self::Delete, Self::Restore, Self::Purge]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A row of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its number; on PostgreSQL not the order of commits.
    pub seq: i64,
    /// The transaction that wrote it (0 on SQLite).
    pub xid: i64,
    /// When.
    pub at: Timestamp,
    /// Who; nobody for the system.
    pub actor: Option<Uuid>,
    /// By which door.
    pub via: String,
    /// Why, for the system.
    pub reason: Option<String>,
    /// The address it came from; nothing for the command line, and for changes older than the column.
    pub address: Option<String>,
    /// Which object.
    pub object: String,
    /// Which record.
    pub record: Uuid,
    /// What.
    pub kind: ChangeKind,
    /// The record's version afterwards.
    pub version: i64,
    /// Field → `[before, after]`, in JSON.
    pub diff: String,
}

/// Where a follower stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    /// Transaction id of the last change taken.
    pub xid: i64,
    /// Number of the last change taken.
    pub seq: i64,
}

pub(crate) const COLUMNS: &str = "seq, xid, at, actor, via, reason, address, object, record, kind, version, diff";
pub(crate) const KINDS: [Kind; 12] = [
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

pub(crate) fn from_row(row: Row) -> Change {
    let mut values = row.into_iter();
    let mut next = || values.next().unwrap_or_default();
    let text = |value: Value| if let Value::Text(text) = value { text } else { String::new() };
    Change {
        seq: next().as_int().unwrap_or_default(),
        xid: next().as_int().unwrap_or_default(),
        at: next().as_instant().unwrap_or_default(),
        actor: next().as_id(),
        via: text(next()),
        reason: next().as_text().map(str::to_owned),
        address: next().as_text().map(str::to_owned),
        object: text(next()),
        record: next().as_id().unwrap_or_default(),
        kind: ChangeKind::parse(&text(next())).unwrap_or(ChangeKind::Update),
        version: next().as_int().unwrap_or_default(),
        diff: text(next()),
    }
}

/// Appends changes to the log, within the transaction that makes them.
///
/// # Errors
/// Whatever the database says.
pub async fn append(tx: &mut Tx, changes: Vec<Change>) -> Result<()> {
    let columns = [
        ("at", Kind::Instant),
        ("actor", Kind::Id),
        ("via", Kind::Text),
        ("reason", Kind::Text),
        ("address", Kind::Text),
        ("object", Kind::Text),
        ("record", Kind::Id),
        ("kind", Kind::Text),
        ("version", Kind::Int),
        ("diff", Kind::Text),
    ];
    let rows: Vec<Row> = changes
        .into_iter()
        .map(|change| {
            vec![
                change.at.into(),
                change.actor.into(),
                change.via.into(),
                change.reason.into(),
                change.address.into(),
                change.object.into(),
                change.record.into(),
                change.kind.as_str().into(),
                change.version.into(),
                change.diff.into(),
            ]
        })
        .collect();
    tx.insert_rows("_changes", &columns, &rows).await?;
    Ok(())
}

/// Which changes may be read: on PostgreSQL only those of transactions older than every one still running.
pub(crate) fn horizon(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "seq > ?",
        Dialect::Postgres => "(xid, seq) > (?, ?) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    }
}

fn cursor_params(dialect: Dialect, cursor: Cursor) -> Vec<Value> {
    match dialect {
        Dialect::Sqlite => vec![cursor.seq.into()],
        Dialect::Postgres => vec![cursor.xid.into(), cursor.seq.into()],
    }
}

/// The next changes after a cursor, in the order in which followers must take them.
///
/// # Errors
/// Whatever the database says.
pub async fn after(database: &Database, cursor: Cursor, limit: i64) -> Result<Vec<Change>> {
    let dialect = database.dialect();
    let text = format!("SELECT {COLUMNS} FROM _changes WHERE {} ORDER BY xid, seq LIMIT {limit}", horizon(dialect));
    let text = if dialect == Dialect::Sqlite { text.replace("ORDER BY xid, seq", "ORDER BY seq") } else { text };
    let rows = database.read(statement(dialect, &text, cursor_params(dialect, cursor), &KINDS)).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The cursor after everything that followers may read now.
///
/// # Errors
/// Whatever the database says.
pub async fn head(database: &Database) -> Result<Cursor> {
    last(database, &horizon(database.dialect()).replace('?', "-1")).await
}

/// The cursor after everything that was written, and before which others may still be writing: for a workspace in use, see [`head`].
///
/// # Errors
/// Whatever the database says.
pub async fn end(database: &Database) -> Result<Cursor> {
    last(database, "1 = 1").await
}

async fn last(database: &Database, among: &str) -> Result<Cursor> {
    let dialect = database.dialect();
    let text = format!("SELECT xid, seq FROM _changes WHERE {among} ORDER BY {} LIMIT 1", in_order(dialect, true));
    let rows = database.read(statement(dialect, &text, vec![], &[Kind::Int, Kind::Int])).await?;
    Ok(rows.first().map_or_else(Cursor::default, |row| Cursor {
        xid: row[0].as_int().unwrap_or_default(),
        seq: row[1].as_int().unwrap_or_default(),
    }))
}

/// The history of a record, newest first, before a sequence number.
///
/// # Errors
/// Whatever the database says.
pub async fn history(database: &Database, object: &str, record: Uuid, before: i64, limit: i64) -> Result<Vec<Change>> {
    let text = format!(
        "SELECT {COLUMNS} FROM _changes WHERE object = ? AND record = ? AND seq < ? ORDER BY seq DESC LIMIT {limit}"
    );
    let params = vec![object.into(), record.into(), before.into()];
    let rows = database.read(statement(database.dialect(), &text, params, &KINDS)).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The follower's cursor, made at the beginning of the log if it is new. Locks it until the transaction ends.
///
/// # Errors
/// Whatever the database says.
pub async fn lock_cursor(tx: &mut Tx, name: &str) -> Result<Cursor> {
    let dialect = tx.dialect();
    let make = "INSERT INTO _followers (name, xid, seq) VALUES (?, 0, 0) ON CONFLICT (name) DO NOTHING";
    tx.execute(&statement(dialect, make, vec![name.into()], &[])).await?;
    let text = format!("SELECT xid, seq FROM _followers WHERE name = ?{}", dialect.for_update());
    let rows = tx.query(&statement(dialect, &text, vec![name.into()], &[Kind::Int, Kind::Int])).await?;
    Ok(rows.first().map_or_else(Cursor::default, |row| Cursor {
        xid: row[0].as_int().unwrap_or_default(),
        seq: row[1].as_int().unwrap_or_default(),
    }))
}

/// What follows a cursor for somebody who wants the changes of some objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The changes he wants, in order.
    pub changes: Vec<Change>,
    /// Up to here everything was looked at; nothing when the cursor is at the end.
    pub upto: Option<Cursor>,
    /// How many changes were looked at.
    pub looked_at: i64,
}

/// Most changes that are looked at in one go, wanted or not.
pub const LOOK: i64 = 10_000;

fn in_order(dialect: Dialect, downwards: bool) -> &'static str {
    match (dialect, downwards) {
        (Dialect::Sqlite, false) => "seq",
        (Dialect::Sqlite, true) => "seq DESC",
        (Dialect::Postgres, false) => "xid, seq",
        (Dialect::Postgres, true) => "xid DESC, seq DESC",
    }
}

/// The end of the next [`LOOK`] changes after a cursor, and how many those are.
fn ahead(dialect: Dialect, cursor: Cursor) -> Sql {
    let text = format!(
        "SELECT xid, seq, COUNT(*) OVER () FROM (SELECT xid, seq FROM _changes WHERE {} ORDER BY {} LIMIT {LOOK}) ahead
         ORDER BY {} LIMIT 1",
        horizon(dialect),
        in_order(dialect, false),
        in_order(dialect, true)
    );
    statement(dialect, &text, cursor_params(dialect, cursor), &[Kind::Int, Kind::Int, Kind::Int])
}

fn wanted(dialect: Dialect, (after, upto): (Cursor, Cursor), objects: &[&str], limit: i64) -> Sql {
    let only = match objects.len() {
        0 => "1 = 1".to_owned(),
        count => format!("COALESCE(object, '') IN ({})", vec!["?"; count].join(", ")),
    };
    // An expression on the object, so that no index on objects is tempting: few rows lie between the two cursors.
    let text = format!(
        "SELECT {COLUMNS} FROM _changes WHERE {} AND {} AND {only} ORDER BY {} LIMIT {limit}",
        horizon(dialect),
        match dialect {
            Dialect::Sqlite => "seq <= ?",
            Dialect::Postgres => "(xid, seq) <= (?, ?)",
        },
        in_order(dialect, false)
    );
    let mut params = cursor_params(dialect, after);
    params.extend(cursor_params(dialect, upto));
    params.extend(objects.iter().map(|object| (*object).into()));
    statement(dialect, &text, params, &KINDS)
}

fn end_of(rows: &[Row]) -> Option<(Cursor, i64)> {
    let number = |value: &Value| value.as_int().unwrap_or_default();
    rows.first().map(|row| (Cursor { xid: number(&row[0]), seq: number(&row[1]) }, number(&row[2])))
}

/// The next changes of some objects, or of all when none is named, after a cursor, read within the follower's own transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn take(tx: &mut Tx, cursor: Cursor, objects: &[&str], limit: i64) -> Result<Taken> {
    let dialect = tx.dialect();
    let Some((end, looked_at)) = end_of(&tx.query(&ahead(dialect, cursor)).await?) else {
        return Ok(Taken { changes: Vec::new(), upto: None, looked_at: 0 });
    };
    let rows = tx.query(&wanted(dialect, (cursor, end), objects, limit)).await?;
    let changes: Vec<Change> = rows.into_iter().map(from_row).collect();
    let full = changes.len() as i64 >= limit;
    let last = changes.last().filter(|_| full).map(|last| Cursor { xid: last.xid, seq: last.seq });
    Ok(Taken { changes, upto: Some(last.unwrap_or(end)), looked_at })
}

/// How far one can go after a cursor without meeting a change of some objects, and how many changes that is; nothing when the next
/// ones hold such a change. A look costs no transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn skip(database: &Database, cursor: Cursor, objects: &[&str]) -> Result<Option<(Cursor, i64)>> {
    let dialect = database.dialect();
    let Some((end, count)) = end_of(&database.read(ahead(dialect, cursor)).await?) else {
        return Ok(Some((cursor, 0)));
    };
    let found = database.read(wanted(dialect, (cursor, end), objects, 1)).await?;
    Ok(found.is_empty().then_some((end, count)))
}

/// Moves the follower's cursor, within the transaction that did its work.
///
/// # Errors
/// Whatever the database says.
pub async fn move_cursor(tx: &mut Tx, name: &str, cursor: Cursor) -> Result<()> {
    let text = "UPDATE _followers SET xid = ?, seq = ? WHERE name = ?";
    tx.execute(&statement(tx.dialect(), text, vec![cursor.xid.into(), cursor.seq.into(), name.into()], &[])).await?;
    Ok(())
}

/// Puts a follower that is new somewhere in the log.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_cursor(database: &Database, name: &str, at: Cursor) -> Result<()> {
    let text = "INSERT INTO _followers (name, xid, seq) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING";
    let params = vec![name.into(), at.xid.into(), at.seq.into()];
    database.execute(statement(database.dialect(), text, params, &[])).await.map(|_| ())
}

/// Where a follower stands, without locking it.
///
/// # Errors
/// Whatever the database says.
pub async fn cursor(database: &Database, name: &str) -> Result<Cursor> {
    let text = "SELECT xid, seq FROM _followers WHERE name = ?";
    let rows = database.read(statement(database.dialect(), text, vec![name.into()], &[Kind::Int, Kind::Int])).await?;
    Ok(rows.first().map_or_else(Cursor::default, |row| Cursor {
        xid: row[0].as_int().unwrap_or_default(),
        seq: row[1].as_int().unwrap_or_default(),
    }))
}
