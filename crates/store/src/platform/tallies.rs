//! How often people have done something on a day, counted exactly where a limit hangs on it.

use crate::{Database, Result, Tx, sql::statement};
use guanxi_model::{Kind, Value};
use uuid::Uuid;

/// Adds one within a transaction, unless that would exceed `most`. The row is held until the transaction ends, so that of many at
/// once no more pass than may.
///
/// # Errors
/// Whatever the database says.
pub async fn tally(tx: &mut Tx, kind: &str, who: Uuid, day: &str, most: i64) -> Result<bool> {
    if most < 1 {
        return Ok(false);
    }
    let sql = "INSERT INTO _tallies (kind, user_id, day, count) VALUES (?, ?, ?, 1) ON CONFLICT (kind, user_id, day) \
               DO UPDATE SET count = _tallies.count + 1 WHERE _tallies.count < ?";
    let values: Vec<Value> = vec![kind.into(), who.into(), day.into(), most.into()];
    Ok(tx.execute(&statement(tx.dialect(), sql, values, &[])).await? > 0)
}

/// Holds a person's row of a kind until the transaction ends, making it if need be: one transaction at a time goes on from here.
///
/// # Errors
/// Whatever the database says.
pub async fn hold(tx: &mut Tx, kind: &str, who: Uuid) -> Result<()> {
    let sql = "INSERT INTO _tallies (kind, user_id, day, count) VALUES (?, ?, '', 0) ON CONFLICT (kind, user_id, day) \
               DO UPDATE SET count = _tallies.count";
    tx.execute(&statement(tx.dialect(), sql, vec![kind.into(), who.into()], &[])).await.map(|_| ())
}

/// How often somebody did it on a day.
///
/// # Errors
/// Whatever the database says.
pub async fn tallied(database: &Database, kind: &str, who: Uuid, day: &str) -> Result<i64> {
    let sql = "SELECT count FROM _tallies WHERE kind = ? AND user_id = ? AND day = ?";
    let rows = super::read(database, sql, vec![kind.into(), who.into(), day.into()], &[Kind::Int]).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// Forgets what was counted before a day.
///
/// # Errors
/// Whatever the database says.
pub async fn forget_tallies(database: &Database, day: &str) -> Result<()> {
    super::execute(database, "DELETE FROM _tallies WHERE day < ? AND day <> ''", vec![day.into()]).await.map(|_| ())
}
