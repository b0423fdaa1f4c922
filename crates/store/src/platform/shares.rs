//! Teams of records: who may read or change a record besides those whose roles open it.

use super::{at, id, read, text};
use crate::{Database, Result, Tx, sql::statement};
use guanxi_model::{Kind, Value};
use jiff::Timestamp;
use uuid::Uuid;

/// A member of a record's team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Who.
    pub user: Uuid,
    /// `read` or `write`.
    pub level: String,
    /// Until when; unset: for good.
    pub expires_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Uuid>,
}

const COLUMNS: &str = "user_id, level, expires_at, created_at, created_by";
const KINDS: [Kind; 5] = [Kind::Id, Kind::Text, Kind::Instant, Kind::Instant, Kind::Id];

fn from_row(row: &[Value]) -> Share {
    Share {
        user: id(&row[0]),
        level: text(&row[1]),
        expires_at: row[2].as_instant(),
        created_at: at(&row[3]),
        created_by: row[4].as_id(),
    }
}

/// The team of a record, longest members first.
///
/// # Errors
/// Whatever the database says.
pub async fn team(database: &Database, object: &str, record: Uuid) -> Result<Vec<Share>> {
    let sql = format!("SELECT {COLUMNS} FROM _shares WHERE object = ? AND record = ? ORDER BY created_at, user_id");
    let rows = read(database, &sql, vec![object.into(), record.into()], &KINDS).await?;
    Ok(rows.iter().map(|row| from_row(row)).collect())
}

/// One member of a team, within a transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn share(tx: &mut Tx, object: &str, record: Uuid, user: Uuid) -> Result<Option<Share>> {
    let sql = format!("SELECT {COLUMNS} FROM _shares WHERE object = ? AND record = ? AND user_id = ?");
    let params = vec![object.into(), record.into(), user.into()];
    let rows = tx.query(&statement(tx.dialect(), &sql, params, &KINDS)).await?;
    Ok(rows.first().map(|row| from_row(row)))
}

/// Takes somebody into a record's team, or changes what he may do there.
///
/// # Errors
/// Whatever the database says.
pub async fn put_share(tx: &mut Tx, object: &str, record: Uuid, share: Share) -> Result<()> {
    let sql = format!(
        "INSERT INTO _shares (object, record, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (object, record, user_id) DO UPDATE SET level = excluded.level, expires_at = excluded.expires_at"
    );
    let params = vec![
        object.into(),
        record.into(),
        share.user.into(),
        share.level.into(),
        share.expires_at.into(),
        share.created_at.into(),
        share.created_by.into(),
    ];
    tx.execute(&statement(tx.dialect(), &sql, params, &[])).await?;
    Ok(())
}

/// Takes somebody, or everybody, out of a record's team.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_shares(tx: &mut Tx, object: &str, record: Uuid, user: Option<Uuid>) -> Result<()> {
    let mut params = vec![object.into(), record.into()];
    let mut sql = "DELETE FROM _shares WHERE object = ? AND record = ?".to_owned();
    if let Some(user) = user {
        sql.push_str(" AND user_id = ?");
        params.push(user.into());
    }
    tx.execute(&statement(tx.dialect(), &sql, params, &[])).await?;
    Ok(())
}

/// In how many teams somebody is, by object.
///
/// # Errors
/// Whatever the database says.
pub async fn shares_of(database: &Database, user: Uuid, now: Timestamp) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT object, COUNT(*) FROM _shares WHERE user_id = ? AND (expires_at IS NULL OR expires_at > ?) GROUP BY object ORDER BY object";
    let rows = read(database, sql, vec![user.into(), now.into()], &[Kind::Text, Kind::Int]).await?;
    Ok(rows.iter().map(|row| (text(&row[0]), row[1].as_int().unwrap_or_default())).collect())
}
