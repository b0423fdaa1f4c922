//! What is a user's own: preferences, saved views, recently opened records.

use super::{at, execute, id, read, text};
use crate::{
    Database, Result, Tx,
    sql::{Row, statement},
};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// All preferences of a user: key and JSON.
///
/// # Errors
/// Whatever the database says.
pub async fn preferences(database: &Database, user: Uuid) -> Result<Vec<(String, String)>> {
    let sql = "SELECT key, value FROM _preferences WHERE user_id = ?";
    let rows = read(database, sql, vec![user.into()], &[Kind::Text, Kind::Text]).await?;
    Ok(rows.iter().map(|row| (text(&row[0]), text(&row[1]))).collect())
}

/// One preference of everybody who has set it: user and JSON.
///
/// # Errors
/// Whatever the database says.
pub async fn preferences_of_all(database: &Database, key: &str) -> Result<Vec<(Uuid, String)>> {
    let sql = "SELECT user_id, value FROM _preferences WHERE key = ? ORDER BY user_id";
    let rows = read(database, sql, vec![key.into()], &[Kind::Id, Kind::Text]).await?;
    Ok(rows.iter().map(|row| (id(&row[0]), text(&row[1]))).collect())
}

/// Sets a preference.
///
/// # Errors
/// Whatever the database says.
pub async fn set_preference(database: &Database, user: Uuid, key: &str, value: &str) -> Result<()> {
    let (key, value) = (key.to_owned(), value.to_owned());
    database.write(move |tx| Box::pin(async move { set_preference_in(tx, user, &key, &value).await })).await
}

/// Sets a preference within a transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn set_preference_in(tx: &mut Tx, user: Uuid, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO _preferences (user_id, key, value) VALUES (?, ?, ?) ON CONFLICT (user_id, key) DO UPDATE SET value = excluded.value";
    tx.execute(&statement(tx.dialect(), sql, vec![user.into(), key.into(), value.into()], &[])).await.map(|_| ())
}

/// A saved view.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub user: Uuid,
    /// Of which object.
    pub object: String,
    /// What it is called.
    pub name: String,
    /// `table`, `board`, `calendar`.
    pub kind: String,
    /// JSON of the page.
    pub definition: String,
    /// Opens first.
    pub is_default: bool,
}

const VIEW_COLUMNS: [Kind; 7] = [Kind::Id, Kind::Id, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Bool];

fn view_from(row: &Row) -> View {
    View {
        id: id(&row[0]),
        user: id(&row[1]),
        object: text(&row[2]),
        name: text(&row[3]),
        kind: text(&row[4]),
        definition: text(&row[5]),
        is_default: row[6].as_bool().unwrap_or_default(),
    }
}

/// A user's saved views, of one object or of all.
///
/// # Errors
/// Whatever the database says.
pub async fn views(database: &Database, user: Uuid, object: Option<&str>) -> Result<Vec<View>> {
    let base = "SELECT id, user_id, object, name, kind, definition, is_default FROM _views WHERE user_id = ?";
    let rows = match object {
        Some(object) => {
            read(
                database,
                &format!("{base} AND object = ? ORDER BY id"),
                vec![user.into(), object.into()],
                &VIEW_COLUMNS,
            )
            .await?
        }
        None => read(database, &format!("{base} ORDER BY id"), vec![user.into()], &VIEW_COLUMNS).await?,
    };
    Ok(rows.iter().map(view_from).collect())
}

/// Adds or overwrites a saved view; a default one takes that from the others of its object.
///
/// # Errors
/// Whatever the database says.
pub async fn put_view(database: &Database, view: View) -> Result<()> {
    database
        .write(move |tx| {
            Box::pin(async move {
                let dialect = tx.dialect();
                if view.is_default {
                    let sql = "UPDATE _views SET is_default = ? WHERE user_id = ? AND object = ?";
                    let params = vec![false.into(), view.user.into(), view.object.as_str().into()];
                    tx.execute(&statement(dialect, sql, params, &[])).await?;
                }
                let sql = "INSERT INTO _views (id, user_id, object, name, kind, definition, is_default) VALUES (?, ?, ?, ?, ?, ?, ?)
                     ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, definition = excluded.definition,
                     is_default = excluded.is_default";
                let params = vec![
                    view.id.into(),
                    view.user.into(),
                    view.object.into(),
                    view.name.into(),
                    view.kind.into(),
                    view.definition.into(),
                    view.is_default.into(),
                ];
                tx.execute(&statement(dialect, sql, params, &[])).await?;
                Ok(())
            })
        })
        .await
}

/// The saved views of everybody: id, object, definition.
///
/// # Errors
/// Whatever the database says.
pub async fn view_definitions(tx: &mut Tx) -> Result<Vec<(Uuid, String, String)>> {
    let sql = "SELECT id, object, definition FROM _views ORDER BY id";
    let rows = tx.query(&statement(tx.dialect(), sql, vec![], &[Kind::Id, Kind::Text, Kind::Text])).await?;
    Ok(rows.iter().map(|row| (id(&row[0]), text(&row[1]), text(&row[2]))).collect())
}

/// Changes what a saved view shows.
///
/// # Errors
/// Whatever the database says.
pub async fn set_view_definition(tx: &mut Tx, view: Uuid, definition: &str) -> Result<()> {
    let sql = "UPDATE _views SET definition = ? WHERE id = ?";
    tx.execute(&statement(tx.dialect(), sql, vec![definition.into(), view.into()], &[])).await.map(|_| ())
}

/// Removes a saved view; false when the user has none with this id.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_view(database: &Database, user: Uuid, view: Uuid) -> Result<bool> {
    Ok(execute(database, "DELETE FROM _views WHERE id = ? AND user_id = ?", vec![view.into(), user.into()]).await? > 0)
}

/// Notes that a user opened a record.
///
/// # Errors
/// Whatever the database says.
pub async fn touch_recent(database: &Database, user: Uuid, object: &str, record: Uuid, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO _recent (user_id, object, record, at) VALUES (?, ?, ?, ?)
         ON CONFLICT (user_id, object, record) DO UPDATE SET at = excluded.at";
    execute(database, sql, vec![user.into(), object.into(), record.into(), now.into()]).await.map(|_| ())
}

/// Records a user opened lately: object, record, when.
///
/// # Errors
/// Whatever the database says.
pub async fn recent(database: &Database, user: Uuid, limit: usize) -> Result<Vec<(String, Uuid, Timestamp)>> {
    let sql = format!("SELECT object, record, at FROM _recent WHERE user_id = ? ORDER BY at DESC LIMIT {limit}");
    let rows = read(database, &sql, vec![user.into()], &[Kind::Text, Kind::Id, Kind::Instant]).await?;
    Ok(rows.iter().map(|row| (text(&row[0]), id(&row[1]), at(&row[2]))).collect())
}
