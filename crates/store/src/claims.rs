//! Claims on idempotency keys: who works on a request, what it wrote, and the answer it got.

use crate::{Database, Dialect, Result, Tx, sql::statement};
use guanxi_model::{Kind, Value};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A claim on a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Its id.
    pub id: Uuid,
    /// Whose key it is.
    pub user: Uuid,
    /// The key.
    pub key: String,
    /// Hash of the request.
    pub request: String,
    /// The process that works on it.
    pub process: String,
    /// Object and id of the record that it wrote, noted in the transaction of the write.
    pub wrote: Option<(String, Uuid)>,
    /// HTTP status and body, once the request is done.
    pub answer: Option<(i64, String)>,
    /// Since when.
    pub at: Timestamp,
}

const COLUMNS: &str = "claim, user_id, key, request, process, object, record, status, answer, at";
const KINDS: [Kind; 10] = [
    Kind::Id,
    Kind::Id,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Id,
    Kind::Int,
    Kind::Text,
    Kind::Instant,
];

/// Lays the claim, unless there is one for this key: then answers that. With `instead_of`, a claim that nobody works on
/// any more makes way.
///
/// # Errors
/// Whatever the database says.
pub async fn lay(database: &Database, claim: Claim, instead_of: Option<Uuid>) -> Result<Option<Claim>> {
    database
        .write(move |tx| {
            Box::pin(async move {
                let dialect = tx.dialect();
                let old = "DELETE FROM _idempotency WHERE at < ?";
                tx.execute(&statement(dialect, old, vec![(claim.at - KEPT).into()], &[])).await?;
                if let Some(id) = instead_of {
                    let gone = "DELETE FROM _idempotency WHERE claim = ? AND status IS NULL AND record IS NULL";
                    tx.execute(&statement(dialect, gone, vec![id.into()], &[])).await?;
                }
                let sql = "INSERT INTO _idempotency (claim, user_id, key, request, process, at) VALUES (?, ?, ?, ?, ?, ?) \
                           ON CONFLICT DO NOTHING";
                let params = vec![
                    claim.id.into(),
                    claim.user.into(),
                    claim.key.as_str().into(),
                    claim.request.into(),
                    claim.process.into(),
                    claim.at.into(),
                ];
                if tx.execute(&statement(dialect, sql, params, &[])).await? == 1 {
                    return Ok(None);
                }
                find(tx, dialect, claim.user, claim.key).await
            })
        })
        .await
}

async fn find(tx: &mut Tx, dialect: Dialect, user: Uuid, key: String) -> Result<Option<Claim>> {
    let sql = format!("SELECT {COLUMNS} FROM _idempotency WHERE user_id = ? AND key = ?");
    let rows = tx.query(&statement(dialect, &sql, vec![user.into(), key.into()], &KINDS)).await?;
    let text = |value: &Value| value.as_text().unwrap_or_default().to_owned();
    Ok(rows.first().map(|row| Claim {
        id: row[0].as_id().unwrap_or_default(),
        user,
        key: text(&row[2]),
        request: text(&row[3]),
        process: text(&row[4]),
        wrote: row[5].as_text().map(str::to_owned).zip(row[6].as_id()),
        answer: row[7].as_int().zip(row[8].as_text().map(str::to_owned)),
        at: row[9].as_instant().unwrap_or_default(),
    }))
}

/// Notes which record the request wrote, within the transaction that writes it.
///
/// # Errors
/// Whatever the database says.
pub async fn note(tx: &mut Tx, claim: Uuid, object: &str, record: Uuid) -> Result<()> {
    let sql = "UPDATE _idempotency SET object = ?, record = ? WHERE claim = ?";
    tx.execute(&statement(tx.dialect(), sql, vec![object.into(), record.into(), claim.into()], &[])).await?;
    Ok(())
}

/// Keeps the answer, or gives the key free when there is none worth keeping.
///
/// # Errors
/// Whatever the database says.
pub async fn settle(database: &Database, claim: Uuid, answer: Option<(i64, String)>) -> Result<()> {
    let (sql, params) = match answer {
        Some((status, body)) => (
            "UPDATE _idempotency SET status = ?, answer = ? WHERE claim = ?",
            vec![status.into(), body.into(), claim.into()],
        ),
        None => ("DELETE FROM _idempotency WHERE claim = ?", vec![claim.into()]),
    };
    database.execute(statement(database.dialect(), sql, params, &[])).await?;
    Ok(())
}
