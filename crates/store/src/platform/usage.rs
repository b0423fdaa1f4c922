//! How much people export and read, counted exactly where a limit hangs on it.

use super::{execute, read};
use crate::{Database, Result, Tx, sql::statement};
use guanxi_model::Kind;
use uuid::Uuid;

/// Adds rows to what a person has exported on a day, unless that would exceed `most`. Exact however many ask at once.
///
/// # Errors
/// Whatever the database says.
pub async fn reserve_export(database: &Database, user: Uuid, day: &str, rows: i64, most: i64) -> Result<bool> {
    if rows > most {
        return Ok(false);
    }
    let sql = "INSERT INTO _export_usage (user_id, day, rows) VALUES (?, ?, ?) ON CONFLICT (user_id, day) \
               DO UPDATE SET rows = _export_usage.rows + excluded.rows WHERE _export_usage.rows + excluded.rows <= ?";
    Ok(execute(database, sql, vec![user.into(), day.into(), rows.into(), most.into()]).await? > 0)
}

/// Gives rows back that were reserved and not written.
///
/// # Errors
/// Whatever the database says.
pub async fn release_export(database: &Database, user: Uuid, day: &str, rows: i64) -> Result<()> {
    let sql = "UPDATE _export_usage SET rows = rows - ? WHERE user_id = ? AND day = ?";
    execute(database, sql, vec![rows.into(), user.into(), day.into()]).await.map(|_| ())
}

/// Adds to the records that a person has read in an hour, and answers how many that makes.
///
/// # Errors
/// Whatever the database says.
pub async fn count_reading(database: &Database, user: Uuid, hour: i64, records: i64) -> Result<i64> {
    let sql = "INSERT INTO _reading (user_id, hour, records) VALUES (?, ?, ?) ON CONFLICT (user_id, hour) \
               DO UPDATE SET records = _reading.records + excluded.records";
    execute(database, sql, vec![user.into(), hour.into(), records.into()]).await?;
    let sql = "SELECT records FROM _reading WHERE user_id = ? AND hour = ?";
    let rows = read(database, sql, vec![user.into(), hour.into()], &[Kind::Int]).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// True once for a person, a kind of notice and an hour: whoever gets it tells the administrators.
///
/// # Errors
/// Whatever the database says.
pub async fn first_notice(database: &Database, user: Uuid, kind: &str, hour: i64) -> Result<bool> {
    let sql = "INSERT INTO _notices (user_id, kind, hour) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    Ok(execute(database, sql, vec![user.into(), kind.into(), hour.into()]).await? > 0)
}

/// Forgets what was read and exported before an hour and a day: nothing asks for it any more.
///
/// # Errors
/// Whatever the database says.
pub async fn forget_usage(database: &Database, hour: i64, day: &str) -> Result<()> {
    execute(database, "DELETE FROM _reading WHERE hour < ?", vec![hour.into()]).await?;
    execute(database, "DELETE FROM _notices WHERE hour < ?", vec![hour.into()]).await?;
    execute(database, "DELETE FROM _export_usage WHERE day < ?", vec![day.into()]).await.map(|_| ())
}

/// Moves a job from one state to another, with a new detail; false when it is not in that state any more.
///
/// # Errors
/// Whatever the database says.
pub async fn move_job(tx: &mut Tx, job: &super::Job, from: &str) -> Result<bool> {
    let sql = "UPDATE _jobs SET state = ?, detail = ?, updated_at = ? WHERE id = ? AND state = ?";
    let params =
        vec![job.state.as_str().into(), job.detail.as_str().into(), job.updated_at.into(), job.id.into(), from.into()];
    Ok(tx.execute(&statement(tx.dialect(), sql, params, &[])).await? > 0)
}
