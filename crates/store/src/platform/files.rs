//! Files beside the database.

use super::{at, execute, id, read, text};
use crate::{
    Database, Result, Tx,
    sql::{Row, statement},
};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// An uploaded file's entry. The bytes lie in the data folder under its id.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its id.
    pub id: Uuid,
    /// The record it is attached to, if any.
    pub record: Option<(String, Uuid)>,
    /// The name it was uploaded with.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type by its name.
    pub media_type: String,
    /// When.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Uuid>,
}

const FILE_COLUMNS: [Kind; 8] =
    [Kind::Id, Kind::Text, Kind::Id, Kind::Text, Kind::Int, Kind::Text, Kind::Instant, Kind::Id];
const FILE_SELECT: &str = "SELECT id, object, record, name, size, media_type, created_at, created_by FROM _files";

fn file_from(row: &Row) -> File {
    File {
        id: id(&row[0]),
        record: row[1].as_text().map(str::to_owned).zip(row[2].as_id()),
        name: text(&row[3]),
        size: row[4].as_int().unwrap_or_default(),
        media_type: text(&row[5]),
        created_at: at(&row[6]),
        created_by: row[7].as_id(),
    }
}

/// Enters an uploaded file.
///
/// # Errors
/// Whatever the database says.
pub async fn add_file(database: &Database, file: &File) -> Result<()> {
    let sql = "INSERT INTO _files (id, object, record, name, size, media_type, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let (object, record) = file.record.clone().unzip();
    let params = vec![
        file.id.into(),
        object.into(),
        record.into(),
        file.name.as_str().into(),
        file.size.into(),
        file.media_type.as_str().into(),
        file.created_at.into(),
        file.created_by.into(),
    ];
    execute(database, sql, params).await.map(|_| ())
}

/// Makes a file a record's: one that belongs to nobody yet and was uploaded by this user (or anybody, for the system), or
/// one that is the record's already. False when it is neither.
///
/// # Errors
/// Whatever the database says.
pub async fn claim_file(tx: &mut Tx, file: Uuid, owner: (&str, Uuid), user: Option<Uuid>, any: bool) -> Result<bool> {
    let (object, record) = owner;
    let who = if any { "1 = 1" } else { "created_by = ?" };
    let sql = format!(
        "UPDATE _files SET object = ?, record = ? WHERE id = ? AND ((record IS NULL AND {who}) OR (object = ? AND record = ?))"
    );
    let mut params = vec![object.into(), record.into(), file.into()];
    if !any {
        params.push(user.into());
    }
    params.extend([object.into(), record.into()]);
    Ok(tx.execute(&statement(tx.dialect(), &sql, params, &[])).await? > 0)
}

/// A file's entry.
///
/// # Errors
/// Whatever the database says.
pub async fn file(database: &Database, file: Uuid) -> Result<Option<File>> {
    let rows = read(database, &format!("{FILE_SELECT} WHERE id = ?"), vec![file.into()], &FILE_COLUMNS).await?;
    Ok(rows.first().map(file_from))
}

/// Entries of several files.
///
/// # Errors
/// Whatever the database says.
pub async fn files(database: &Database, ids: &[Uuid]) -> Result<Vec<File>> {
    let mut sql = database.sql();
    sql.push(FILE_SELECT).push(" WHERE id IN (").bind_all(ids.iter().copied()).push(")").returning(FILE_COLUMNS);
    Ok(database.read(sql).await?.iter().map(file_from).collect())
}

/// The files attached to a record, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn attachments(database: &Database, object: &str, record: Uuid) -> Result<Vec<File>> {
    let sql = format!("{FILE_SELECT} WHERE object = ? AND record = ? ORDER BY created_at DESC, id DESC LIMIT 500");
    let rows = read(database, &sql, vec![object.into(), record.into()], &FILE_COLUMNS).await?;
    Ok(rows.iter().map(file_from).collect())
}

/// Removes a file's entry.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_file(database: &Database, file: Uuid) -> Result<()> {
    execute(database, "DELETE FROM _files WHERE id = ?", vec![file.into()]).await.map(|_| ())
}
