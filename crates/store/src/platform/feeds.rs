//! Secret addresses under which people's calendars are read: one for each who has made one.

use super::{at, execute, id, read};
use crate::{Database, Result};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// Somebody's address, without its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// Whose.
    pub user: Uuid,
    /// Since when it is this one.
    pub created_at: Timestamp,
    /// Does it give everything, or only what calendars show at a time?
    pub whole: bool,
}

/// Gives a user an address, in place of the one he had.
///
/// # Errors
/// Whatever the database says.
pub async fn put_feed(database: &Database, feed: Feed, hash: &str) -> Result<()> {
    let sql = "INSERT INTO _calendar_feeds (user_id, hash, created_at, whole) VALUES (?, ?, ?, ?)
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at, whole = excluded.whole";
    let params = vec![feed.user.into(), hash.into(), feed.created_at.into(), feed.whole.into()];
    execute(database, sql, params).await.map(|_| ())
}

/// Changes what a user's address gives; false when he has none.
///
/// # Errors
/// Whatever the database says.
pub async fn change_feed(database: &Database, user: Uuid, whole: bool) -> Result<bool> {
    let sql = "UPDATE _calendar_feeds SET whole = ? WHERE user_id = ?";
    Ok(execute(database, sql, vec![whole.into(), user.into()]).await? > 0)
}

/// Takes a user's address away; false when he has none.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_feed(database: &Database, user: Uuid) -> Result<bool> {
    Ok(execute(database, "DELETE FROM _calendar_feeds WHERE user_id = ?", vec![user.into()]).await? > 0)
}

/// A user's address.
///
/// # Errors
/// Whatever the database says.
pub async fn feed_of(database: &Database, user: Uuid) -> Result<Option<Feed>> {
    one(database, "SELECT user_id, created_at, whole FROM _calendar_feeds WHERE user_id = ?", user.into()).await
}

/// The address with this hash.
///
/// # Errors
/// Whatever the database says.
pub async fn feed(database: &Database, hash: &str) -> Result<Option<Feed>> {
    one(database, "SELECT user_id, created_at, whole FROM _calendar_feeds WHERE hash = ?", hash.into()).await
}

async fn one(database: &Database, sql: &str, key: guanxi_model::Value) -> Result<Option<Feed>> {
    let rows = read(database, sql, vec![key], &[Kind::Id, Kind::Instant, Kind::Bool]).await?;
    let feed = |row: &crate::sql::Row| Feed {
        user: id(&row[0]),
        created_at: at(&row[1]),
        whole: row[2].as_bool() == Some(true),
    };
    Ok(rows.first().map(feed))
}
