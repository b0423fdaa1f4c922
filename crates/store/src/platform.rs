//! The platform's own tables: sign-in, tokens, preferences, saved views, recently opened records, files, jobs.
//! They hold no business records; the engine decides who may touch which row.

use crate::{
    Database, Result, Tx,
    sql::{Row, statement},
};
use guanxi_model::{Kind, Value};
use jiff::Timestamp;
use uuid::Uuid;

async fn read(database: &Database, text: &str, params: Vec<Value>, columns: &[Kind]) -> Result<Vec<Row>> {
    database.read(statement(database.dialect(), text, params, columns)).await
}

async fn execute(database: &Database, text: &str, params: Vec<Value>) -> Result<u64> {
    database.execute(statement(database.dialect(), text, params, &[])).await
}

fn text(value: &Value) -> String {
    value.as_text().unwrap_or_default().to_owned()
}

fn id(value: &Value) -> Uuid {
    value.as_id().unwrap_or_default()
}

fn at(value: &Value) -> Timestamp {
    value.as_instant().unwrap_or_default()
}

/// A value of the workspace's settings.
///
/// # Errors
/// Whatever the database says.
pub async fn meta(database: &Database, key: &str) -> Result<Option<String>> {
    let rows = read(database, "SELECT value FROM _meta WHERE key = ?", vec![key.into()], &[Kind::Text]).await?;
    Ok(rows.first().map(|row| text(&row[0])))
}

/// Sets a value of the workspace's settings.
///
/// # Errors
/// Whatever the database says.
pub async fn set_meta(database: &Database, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO _meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    execute(database, sql, vec![key.into(), value.into()]).await.map(|_| ())
}

/// The password hash of a user.
///
/// # Errors
/// Whatever the database says.
pub async fn credential(database: &Database, user: Uuid) -> Result<Option<String>> {
    let rows =
        read(database, "SELECT hash FROM _credentials WHERE user_id = ?", vec![user.into()], &[Kind::Text]).await?;
    Ok(rows.first().map(|row| text(&row[0])))
}

/// Sets a user's password hash and signs him out everywhere else.
///
/// # Errors
/// Whatever the database says.
pub async fn set_credential(
    database: &Database,
    user: Uuid,
    hash: String,
    now: Timestamp,
    keep_session: Option<String>,
) -> Result<()> {
    database
        .write(move |tx| {
            Box::pin(async move {
                let dialect = tx.dialect();
                let sql = "INSERT INTO _credentials (user_id, hash, changed_at) VALUES (?, ?, ?)
                     ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at";
                tx.execute(&statement(dialect, sql, vec![user.into(), hash.into(), now.into()], &[])).await?;
                let keep = keep_session.unwrap_or_default();
                let sql = "DELETE FROM _sessions WHERE user_id = ? AND hash <> ?";
                tx.execute(&statement(dialect, sql, vec![user.into(), keep.into()], &[])).await?;
                let sql = "DELETE FROM _setup_links WHERE user_id = ?";
                tx.execute(&statement(dialect, sql, vec![user.into()], &[])).await?;
                Ok(())
            })
        })
        .await
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Hash of the secret in the cookie.
    pub hash: String,
    /// Who.
    pub user: Uuid,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Remembers a session.
///
/// # Errors
/// Whatever the database says.
pub async fn add_session(
    database: &Database,
    session: &Session,
    now: Timestamp,
    address: &str,
    agent: &str,
) -> Result<()> {
    let sql = "INSERT INTO _sessions (hash, user_id, created_at, expires_at, address, agent) VALUES (?, ?, ?, ?, ?, ?)";
    let params = vec![
        session.hash.as_str().into(),
        session.user.into(),
        now.into(),
        session.expires_at.into(),
        address.into(),
        agent.chars().take(200).collect::<String>().into(),
    ];
    execute(database, sql, params).await.map(|_| ())
}

/// A session by the hash of its secret, if it has not expired.
///
/// # Errors
/// Whatever the database says.
pub async fn session(database: &Database, hash: &str, now: Timestamp) -> Result<Option<Session>> {
    let sql = "SELECT hash, user_id, expires_at FROM _sessions WHERE hash = ? AND expires_at > ?";
    let rows = read(database, sql, vec![hash.into(), now.into()], &[Kind::Text, Kind::Id, Kind::Instant]).await?;
    Ok(rows.first().map(|row| Session { hash: text(&row[0]), user: id(&row[1]), expires_at: at(&row[2]) }))
}

/// Ends a session.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_session(database: &Database, hash: &str) -> Result<()> {
    execute(database, "DELETE FROM _sessions WHERE hash = ?", vec![hash.into()]).await.map(|_| ())
}

/// Ends all sessions of a user and takes his tokens away: he was deactivated.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_access(tx: &mut Tx, user: Uuid) -> Result<()> {
    for table in ["_sessions", "_tokens"] {
        let sql = format!("DELETE FROM {table} WHERE user_id = ?");
        tx.execute(&statement(tx.dialect(), &sql, vec![user.into()], &[])).await?;
    }
    Ok(())
}

/// An API token, without its secret.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// Whose rights it has.
    pub user: Uuid,
    /// What the user called it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Option<Timestamp>,
}

const TOKEN_COLUMNS: [Kind; 5] = [Kind::Id, Kind::Id, Kind::Text, Kind::Instant, Kind::Instant];

fn token_from(row: &Row) -> Token {
    Token {
        id: id(&row[0]),
        user: id(&row[1]),
        name: text(&row[2]),
        created_at: at(&row[3]),
        expires_at: row[4].as_instant(),
    }
}

/// Remembers a token by the hash of its secret.
///
/// # Errors
/// Whatever the database says.
pub async fn add_token(database: &Database, token: &Token, hash: &str) -> Result<()> {
    let sql = "INSERT INTO _tokens (id, user_id, name, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)";
    let params = vec![
        token.id.into(),
        token.user.into(),
        token.name.as_str().into(),
        hash.into(),
        token.created_at.into(),
        token.expires_at.into(),
    ];
    execute(database, sql, params).await.map(|_| ())
}

/// The token with this hash, if it has not expired.
///
/// # Errors
/// Whatever the database says.
pub async fn token(database: &Database, hash: &str, now: Timestamp) -> Result<Option<Token>> {
    let sql = "SELECT id, user_id, name, created_at, expires_at FROM _tokens WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)";
    let rows = read(database, sql, vec![hash.into(), now.into()], &TOKEN_COLUMNS).await?;
    Ok(rows.first().map(token_from))
}

/// A user's tokens.
///
/// # Errors
/// Whatever the database says.
pub async fn tokens(database: &Database, user: Uuid) -> Result<Vec<Token>> {
    let sql =
        "SELECT id, user_id, name, created_at, expires_at FROM _tokens WHERE user_id = ? ORDER BY created_at DESC";
    let rows = read(database, sql, vec![user.into()], &TOKEN_COLUMNS).await?;
    Ok(rows.iter().map(token_from).collect())
}

/// Takes a token away; false when the user has no such token.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_token(database: &Database, user: Uuid, token: Uuid) -> Result<bool> {
    let sql = "DELETE FROM _tokens WHERE id = ? AND user_id = ?";
    Ok(execute(database, sql, vec![token.into(), user.into()]).await? > 0)
}

/// Remembers a one-time set-up link.
///
/// # Errors
/// Whatever the database says.
pub async fn add_setup_link(database: &Database, hash: &str, user: Uuid, expires_at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO _setup_links (hash, user_id, expires_at) VALUES (?, ?, ?)";
    execute(database, sql, vec![hash.into(), user.into(), expires_at.into()]).await.map(|_| ())
}

/// The user of a set-up link.
///
/// # Errors
/// Whatever the database says.
pub async fn setup_link(database: &Database, hash: &str, now: Timestamp) -> Result<Option<Uuid>> {
    let sql = "SELECT user_id FROM _setup_links WHERE hash = ? AND expires_at > ?";
    let rows = read(database, sql, vec![hash.into(), now.into()], &[Kind::Id]).await?;
    Ok(rows.first().map(|row| id(&row[0])))
}

/// All preferences of a user: key and JSON.
///
/// # Errors
/// Whatever the database says.
pub async fn preferences(database: &Database, user: Uuid) -> Result<Vec<(String, String)>> {
    let sql = "SELECT key, value FROM _preferences WHERE user_id = ?";
    let rows = read(database, sql, vec![user.into()], &[Kind::Text, Kind::Text]).await?;
    Ok(rows.iter().map(|row| (text(&row[0]), text(&row[1]))).collect())
}

/// Sets a preference.
///
/// # Errors
/// Whatever the database says.
pub async fn set_preference(database: &Database, user: Uuid, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO _preferences (user_id, key, value) VALUES (?, ?, ?) ON CONFLICT (user_id, key) DO UPDATE SET value = excluded.value";
    execute(database, sql, vec![user.into(), key.into(), value.into()]).await.map(|_| ())
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
