//! Second factors: the secret of an authenticator app, and recovery codes.

use super::{read, text};
use crate::{Database, Result, Tx, sql::statement};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// The authenticator app of a user.
#[derive(Debug, Clone, PartialEq)]
pub struct SecondFactor {
    /// Its secret, sealed.
    pub secret: String,
    /// Since when it is asked for; it is not yet confirmed without.
    pub confirmed_at: Option<Timestamp>,
}

/// The second factor of a user.
///
/// # Errors
/// Whatever the database says.
pub async fn second_factor(database: &Database, user: Uuid) -> Result<Option<SecondFactor>> {
    let sql = "SELECT secret, confirmed_at FROM _second_factors WHERE user_id = ?";
    let rows = read(database, sql, vec![user.into()], &[Kind::Text, Kind::Instant]).await?;
    Ok(rows.first().map(|row| SecondFactor { secret: text(&row[0]), confirmed_at: row[1].as_instant() }))
}

/// Keeps the secret of an app that is not confirmed yet; false when one is confirmed already.
///
/// # Errors
/// Whatever the database says.
pub async fn put_second_factor(database: &Database, user: Uuid, secret: &str) -> Result<bool> {
    let sql = "INSERT INTO _second_factors (user_id, secret) VALUES (?, ?)
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE _second_factors.confirmed_at IS NULL";
    Ok(super::execute(database, sql, vec![user.into(), secret.into()]).await? > 0)
}

/// Uses up a time step; false when it or a later one was used before.
///
/// # Errors
/// Whatever the database says.
pub async fn use_step(tx: &mut Tx, user: Uuid, step: i64) -> Result<bool> {
    let sql = "UPDATE _second_factors SET last_step = ? WHERE user_id = ? AND confirmed_at IS NOT NULL AND (last_step IS NULL OR last_step < ?)";
    Ok(tx.execute(&statement(tx.dialect(), sql, vec![step.into(), user.into(), step.into()], &[])).await? > 0)
}

/// From now on the app with this secret is asked for, and these recovery codes work; false when another was begun meanwhile.
///
/// # Errors
/// Whatever the database says.
pub async fn confirm_second_factor(
    tx: &mut Tx,
    user: Uuid,
    secret: &str,
    step: i64,
    codes: &[String],
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE _second_factors SET confirmed_at = ?, last_step = ? WHERE user_id = ? AND secret = ? AND confirmed_at IS NULL";
    let params = vec![now.into(), step.into(), user.into(), secret.into()];
    if tx.execute(&statement(tx.dialect(), sql, params, &[])).await? == 0 {
        return Ok(false);
    }
    set_recovery_codes(tx, user, codes).await?;
    Ok(true)
}

/// These recovery codes, by their hashes, and none of the former ones.
///
/// # Errors
/// Whatever the database says.
pub async fn set_recovery_codes(tx: &mut Tx, user: Uuid, hashes: &[String]) -> Result<()> {
    let dialect = tx.dialect();
    tx.execute(&statement(dialect, "DELETE FROM _recovery_codes WHERE user_id = ?", vec![user.into()], &[])).await?;
    for hash in hashes {
        let sql = "INSERT INTO _recovery_codes (user_id, hash) VALUES (?, ?)";
        tx.execute(&statement(dialect, sql, vec![user.into(), hash.as_str().into()], &[])).await?;
    }
    Ok(())
}

/// Uses up a recovery code; false when the user has no such code.
///
/// # Errors
/// Whatever the database says.
pub async fn use_recovery_code(tx: &mut Tx, user: Uuid, hash: &str) -> Result<bool> {
    let sql = "DELETE FROM _recovery_codes WHERE user_id = ? AND hash = ?";
    Ok(tx.execute(&statement(tx.dialect(), sql, vec![user.into(), hash.into()], &[])).await? > 0)
}

/// How many recovery codes are left.
///
/// # Errors
/// Whatever the database says.
pub async fn recovery_codes_left(database: &Database, user: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM _recovery_codes WHERE user_id = ?";
    let rows = read(database, sql, vec![user.into()], &[Kind::Int]).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// Takes the app and the recovery codes away; false when there was no confirmed one.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_second_factor(tx: &mut Tx, user: Uuid) -> Result<bool> {
    let dialect = tx.dialect();
    tx.execute(&statement(dialect, "DELETE FROM _recovery_codes WHERE user_id = ?", vec![user.into()], &[])).await?;
    let sql = "DELETE FROM _second_factors WHERE user_id = ? AND confirmed_at IS NOT NULL";
    let was = tx.execute(&statement(dialect, sql, vec![user.into()], &[])).await? > 0;
    tx.execute(&statement(dialect, "DELETE FROM _second_factors WHERE user_id = ?", vec![user.into()], &[])).await?;
    Ok(was)
}
