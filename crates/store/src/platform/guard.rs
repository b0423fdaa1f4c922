//! Failed sign-ins, and how long a login or an address is locked for them.

use super::{at, execute, id, read};
use crate::{Database, Result, Tx, sql::statement};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// The failures of a login or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    /// How many.
    pub count: i64,
    /// When the last one was.
    pub last_at: Timestamp,
    /// Until when nothing is tried at all.
    pub locked_until: Option<Timestamp>,
}

/// The latest moment until which any of these keys is locked.
///
/// # Errors
/// Whatever the database says.
pub async fn locked_until(database: &Database, keys: &[String], now: Timestamp) -> Result<Option<Timestamp>> {
    let mut sql = database.sql();
    sql.push("SELECT locked_until FROM _failures WHERE key IN (").bind_all(keys.iter().map(String::as_str));
    sql.push(") AND locked_until > ").bind(now).push(" ORDER BY locked_until DESC");
    sql.returning([Kind::Instant]);
    Ok(database.read(sql).await?.first().map(|row| at(&row[0])))
}

/// The failures of a key, which nobody else counts until the transaction ends.
///
/// # Errors
/// Whatever the database says.
pub async fn failures(tx: &mut Tx, key: &str, now: Timestamp) -> Result<Failures> {
    let dialect = tx.dialect();
    // The row is there from now on, and locked: two who count at the same moment count one after the other.
    let text = "INSERT INTO _failures (key, count, last_at) VALUES (?, 0, ?) ON CONFLICT (key) DO UPDATE SET key = excluded.key";
    tx.execute(&statement(dialect, text, vec![key.into(), now.into()], &[])).await?;
    let text = "SELECT count, last_at, locked_until FROM _failures WHERE key = ?";
    let rows =
        tx.query(&statement(dialect, text, vec![key.into()], &[Kind::Int, Kind::Instant, Kind::Instant])).await?;
    Ok(rows.first().map_or_else(Failures::default, |row| Failures {
        count: row[0].as_int().unwrap_or_default(),
        last_at: at(&row[1]),
        locked_until: row[2].as_instant(),
    }))
}

/// Keeps the failures of a key; `user` is whose login it is, if it is anybody's.
///
/// # Errors
/// Whatever the database says.
pub async fn put_failures(tx: &mut Tx, key: &str, user: Option<Uuid>, failures: Failures) -> Result<()> {
    let text = "UPDATE _failures SET user_id = ?, count = ?, last_at = ?, locked_until = ? WHERE key = ?";
    let params =
        vec![user.into(), failures.count.into(), failures.last_at.into(), failures.locked_until.into(), key.into()];
    tx.execute(&statement(tx.dialect(), text, params, &[])).await.map(|_| ())
}

/// Forgets the failures of a key.
///
/// # Errors
/// Whatever the database says.
pub async fn forget_failures(tx: &mut Tx, key: &str) -> Result<()> {
    tx.execute(&statement(tx.dialect(), "DELETE FROM _failures WHERE key = ?", vec![key.into()], &[])).await.map(|_| ())
}

/// Forgets some of what has no effect any more: made-up logins would fill the table otherwise. A row at a time, because two
/// that wait for each other's rows would never end.
///
/// # Errors
/// Whatever the database says.
pub async fn forget_old_failures(database: &Database, before: Timestamp, now: Timestamp) -> Result<()> {
    let text = "DELETE FROM _failures WHERE key IN (SELECT key FROM _failures
         WHERE last_at < ? AND (locked_until IS NULL OR locked_until < ?) ORDER BY last_at LIMIT 1)";
    // A failure adds two at most.
    for _ in 0..2 {
        execute(database, text, vec![before.into(), now.into()]).await?;
    }
    Ok(())
}

/// Unlocks a user; false when he was not locked.
///
/// # Errors
/// Whatever the database says.
pub async fn unlock(tx: &mut Tx, user: Uuid, now: Timestamp) -> Result<bool> {
    let text = "DELETE FROM _failures WHERE user_id = ? AND locked_until > ?";
    let locked = tx.execute(&statement(tx.dialect(), text, vec![user.into(), now.into()], &[])).await? > 0;
    let text = "DELETE FROM _failures WHERE user_id = ?";
    tx.execute(&statement(tx.dialect(), text, vec![user.into()], &[])).await?;
    Ok(locked)
}

/// Users who are locked, and until when.
///
/// # Errors
/// Whatever the database says.
pub async fn locked_users(database: &Database, now: Timestamp) -> Result<Vec<(Uuid, Timestamp)>> {
    let text = "SELECT user_id, locked_until FROM _failures WHERE user_id IS NOT NULL AND locked_until > ? ORDER BY locked_until DESC";
    let rows = read(database, text, vec![now.into()], &[Kind::Id, Kind::Instant]).await?;
    Ok(rows.iter().map(|row| (id(&row[0]), at(&row[1]))).collect())
}
