//! Who signs in by way of another service, and those who are on their way there.

use super::{at, execute, id, read, text};
use crate::{Database, Result, Tx, sql::statement};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// Somebody who went to another service to sign in there.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// Hash of the secret in his cookie.
    pub hash: String,
    /// Who wants to link his account; nobody yet for one who signs in.
    pub user: Option<Uuid>,
    /// Where he wants to be afterwards.
    pub next: String,
    /// Until when he must be back.
    pub expires_at: Timestamp,
}

/// Notes that somebody goes; forgets those who never came back.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_journey(database: &Database, journey: &Journey, now: Timestamp) -> Result<()> {
    execute(database, "DELETE FROM _journeys WHERE expires_at < ?", vec![now.into()]).await?;
    let sql = "INSERT INTO _journeys (hash, user_id, next, expires_at) VALUES (?, ?, ?, ?)";
    let params = vec![
        journey.hash.as_str().into(),
        journey.user.into(),
        journey.next.as_str().into(),
        journey.expires_at.into(),
    ];
    execute(database, sql, params).await.map(|_| ())
}

/// Somebody is back, and cannot come back once more.
///
/// # Errors
/// Whatever the database says.
pub async fn end_journey(database: &Database, hash: String, now: Timestamp) -> Result<Option<Journey>> {
    database
        .write(move |tx| {
            Box::pin(async move {
                let dialect = tx.dialect();
                let sql = "SELECT user_id, next, expires_at FROM _journeys WHERE hash = ? AND expires_at > ?";
                let kinds = [Kind::Id, Kind::Text, Kind::Instant];
                let rows = tx.query(&statement(dialect, sql, vec![hash.as_str().into(), now.into()], &kinds)).await?;
                let sql = "DELETE FROM _journeys WHERE hash = ?";
                // Of two at the same moment only one deletes it.
                if tx.execute(&statement(dialect, sql, vec![hash.as_str().into()], &[])).await? == 0 {
                    return Ok(None);
                }
                Ok(rows.first().map(|row| Journey {
                    hash,
                    user: row[0].as_id(),
                    next: text(&row[1]),
                    expires_at: at(&row[2]),
                }))
            })
        })
        .await
}

/// The user whom a service knows by a name of its own.
///
/// # Errors
/// Whatever the database says.
pub async fn user_of_identity(database: &Database, issuer: &str, subject: &str) -> Result<Option<Uuid>> {
    let sql = "SELECT user_id FROM _identities WHERE issuer = ? AND subject = ?";
    let rows = read(database, sql, vec![issuer.into(), subject.into()], &[Kind::Id]).await?;
    Ok(rows.first().map(|row| id(&row[0])))
}

/// Links a user with what a service calls him; false when that is somebody's already.
///
/// # Errors
/// Whatever the database says.
pub async fn link_identity(
    database: &Database,
    issuer: &str,
    subject: &str,
    user: Uuid,
    now: Timestamp,
) -> Result<bool> {
    let sql =
        "INSERT INTO _identities (issuer, subject, user_id, linked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    Ok(execute(database, sql, vec![issuer.into(), subject.into(), user.into(), now.into()]).await? > 0)
}

/// What a service calls a user who is linked with it.
///
/// # Errors
/// Whatever the database says.
pub async fn subject_of_identity(database: &Database, issuer: &str, user: Uuid) -> Result<Option<String>> {
    let sql = "SELECT subject FROM _identities WHERE issuer = ? AND user_id = ? ORDER BY linked_at";
    let rows = read(database, sql, vec![issuer.into(), user.into()], &[Kind::Text]).await?;
    Ok(rows.first().map(|row| text(&row[0])))
}

/// Ends what links a user with a service, and forgets the password that he had beside it; false when nothing linked him.
///
/// # Errors
/// Whatever the database says.
pub async fn forget_identity(database: &Database, issuer: &'static str, user: Uuid) -> Result<bool> {
    database
        .write(move |tx| {
            Box::pin(async move {
                let dialect = tx.dialect();
                let sql = "DELETE FROM _identities WHERE issuer = ? AND user_id = ?";
                if tx.execute(&statement(dialect, sql, vec![issuer.into(), user.into()], &[])).await? == 0 {
                    return Ok(false);
                }
                let sql = "DELETE FROM _credentials WHERE user_id = ?";
                tx.execute(&statement(dialect, sql, vec![user.into()], &[])).await?;
                Ok(true)
            })
        })
        .await
}

/// Since when a user is linked with a service.
///
/// # Errors
/// Whatever the database says.
pub async fn linked_since(database: &Database, issuer: &str, user: Uuid) -> Result<Option<Timestamp>> {
    let sql = "SELECT linked_at FROM _identities WHERE issuer = ? AND user_id = ? ORDER BY linked_at";
    let rows = read(database, sql, vec![issuer.into(), user.into()], &[Kind::Instant]).await?;
    Ok(rows.first().map(|row| at(&row[0])))
}

/// Ends what links a user with a service; false when nothing did.
///
/// # Errors
/// Whatever the database says.
pub async fn unlink_identity(database: &Database, issuer: &str, user: Uuid) -> Result<bool> {
    let sql = "DELETE FROM _identities WHERE issuer = ? AND user_id = ?";
    Ok(execute(database, sql, vec![issuer.into(), user.into()]).await? > 0)
}

/// Active users with an e-mail address, however it is written.
///
/// # Errors
/// Whatever the database says.
pub async fn users_with_email(tx: &mut Tx, email: &str) -> Result<Vec<Uuid>> {
    let sql = "SELECT id FROM \"user\" WHERE deleted_at IS NULL AND active = ? AND LOWER(email) = ?";
    let rows =
        tx.query(&statement(tx.dialect(), sql, vec![true.into(), email.to_lowercase().into()], &[Kind::Id])).await?;
    Ok(rows.iter().map(|row| id(&row[0])).collect())
}
