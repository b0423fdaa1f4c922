//! Imports and exports, and what undoing an import needs.

use super::{at, id, read, text};
use crate::{
    Database, Result, Tx,
    sql::{Row, statement},
};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// A long-running job: an import or an export. What it is about stands in `detail`, as JSON of the engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// `import` or `export`.
    pub kind: String,
    /// Who started it.
    pub user: Option<Uuid>,
    /// Which object.
    pub object: String,
    /// Where it stands.
    pub state: String,
    /// The file's name.
    pub file_name: String,
    /// JSON.
    pub detail: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

const JOB_COLUMNS: [Kind; 9] =
    [Kind::Id, Kind::Text, Kind::Id, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Instant, Kind::Instant];
const JOB_SELECT: &str =
    "SELECT id, kind, user_id, object, state, file_name, detail, created_at, updated_at FROM _jobs";

fn job_from(row: &Row) -> Job {
    Job {
        id: id(&row[0]),
        kind: text(&row[1]),
        user: row[2].as_id(),
        object: text(&row[3]),
        state: text(&row[4]),
        file_name: text(&row[5]),
        detail: text(&row[6]),
        created_at: at(&row[7]),
        updated_at: at(&row[8]),
    }
}

/// Writes a job's entry, new or changed, within a transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn put_job_in(tx: &mut Tx, job: &Job) -> Result<()> {
    let sql = "INSERT INTO _jobs (id, kind, user_id, object, state, file_name, detail, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, detail = excluded.detail, updated_at = excluded.updated_at, object = excluded.object";
    let params = vec![
        job.id.into(),
        job.kind.as_str().into(),
        job.user.into(),
        job.object.as_str().into(),
        job.state.as_str().into(),
        job.file_name.as_str().into(),
        job.detail.as_str().into(),
        job.created_at.into(),
        job.updated_at.into(),
    ];
    tx.execute(&statement(tx.dialect(), sql, params, &[])).await?;
    Ok(())
}

/// Writes a job's entry, new or changed.
///
/// # Errors
/// Whatever the database says.
pub async fn put_job(database: &Database, job: Job) -> Result<()> {
    database.write(move |tx| Box::pin(async move { put_job_in(tx, &job).await })).await
}

/// A job by id.
///
/// # Errors
/// Whatever the database says.
pub async fn job(database: &Database, job: Uuid) -> Result<Option<Job>> {
    let rows = read(database, &format!("{JOB_SELECT} WHERE id = ?"), vec![job.into()], &JOB_COLUMNS).await?;
    Ok(rows.first().map(job_from))
}

/// The latest jobs of a user (or of everybody), newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn jobs(database: &Database, kind: &str, user: Option<Uuid>, limit: usize) -> Result<Vec<Job>> {
    let tail = format!("ORDER BY created_at DESC, id DESC LIMIT {limit}");
    let rows = match user {
        Some(user) => {
            let sql = format!("{JOB_SELECT} WHERE kind = ? AND user_id = ? {tail}");
            read(database, &sql, vec![kind.into(), user.into()], &JOB_COLUMNS).await?
        }
        None => read(database, &format!("{JOB_SELECT} WHERE kind = ? {tail}"), vec![kind.into()], &JOB_COLUMNS).await?,
    };
    Ok(rows.iter().map(job_from).collect())
}

/// The jobs of a kind in a state, of a user or of everybody, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn jobs_in(
    database: &Database,
    kind: &str,
    state: &str,
    user: Option<Uuid>,
    limit: usize,
) -> Result<Vec<Job>> {
    let mut sql = database.sql();
    sql.push(JOB_SELECT).push(" WHERE kind = ").bind(kind).push(" AND state = ").bind(state);
    if let Some(user) = user {
        sql.push(" AND user_id = ").bind(user);
    }
    sql.push(&format!(" ORDER BY created_at DESC, id DESC LIMIT {limit}")).returning(JOB_COLUMNS);
    Ok(database.read(sql).await?.iter().map(job_from).collect())
}

/// A row that an import wrote, so that it can be undone.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Counts within the import.
    pub seq: i64,
    /// Which object.
    pub object: String,
    /// Which record.
    pub record: Uuid,
    /// Made by the import, or only changed.
    pub created: bool,
    /// The version it left.
    pub version: i64,
    /// For a changed one: field → value before, in JSON.
    pub before: Option<String>,
}

/// Notes rows that an import wrote, in the transaction that wrote them.
///
/// # Errors
/// Whatever the database says.
pub async fn add_import_rows(tx: &mut Tx, import: Uuid, rows: Vec<ImportRow>) -> Result<()> {
    let columns = [
        ("import", Kind::Id),
        ("seq", Kind::Int),
        ("object", Kind::Text),
        ("record", Kind::Id),
        ("created", Kind::Bool),
        ("version", Kind::Int),
        ("before", Kind::Text),
    ];
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|row| {
            vec![
                import.into(),
                row.seq.into(),
                row.object.into(),
                row.record.into(),
                row.created.into(),
                row.version.into(),
                row.before.into(),
            ]
        })
        .collect();
    tx.insert_rows("_import_rows", &columns, &rows).await?;
    Ok(())
}

/// Rows that an import wrote, last first, before a number.
///
/// # Errors
/// Whatever the database says.
pub async fn import_rows(database: &Database, import: Uuid, before: i64, limit: usize) -> Result<Vec<ImportRow>> {
    let sql = format!(
        "SELECT seq, object, record, created, version, before FROM _import_rows WHERE import = ? AND seq < ? ORDER BY seq DESC LIMIT {limit}"
    );
    let kinds = [Kind::Int, Kind::Text, Kind::Id, Kind::Bool, Kind::Int, Kind::Text];
    let rows = read(database, &sql, vec![import.into(), before.into()], &kinds).await?;
    Ok(rows
        .iter()
        .map(|row| ImportRow {
            seq: row[0].as_int().unwrap_or_default(),
            object: text(&row[1]),
            record: id(&row[2]),
            created: row[3].as_bool().unwrap_or_default(),
            version: row[4].as_int().unwrap_or_default(),
            before: row[5].as_text().map(str::to_owned),
        })
        .collect())
}
