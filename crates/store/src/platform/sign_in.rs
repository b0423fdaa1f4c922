//! Passwords, sessions, tokens and set-up links.

use super::{at, execute, id, read, text};
use crate::{
    Database, Result, Tx,
    sql::{Row, statement},
};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// How many former passwords of a user are kept.
const FORMER: usize = 24;

/// A user's password.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    /// Its hash.
    pub hash: String,
    /// Since when he has it.
    pub changed_at: Timestamp,
}

/// The password of a user.
///
/// # Errors
/// Whatever the database says.
pub async fn credential(database: &Database, user: Uuid) -> Result<Option<Credential>> {
    let sql = "SELECT hash, changed_at FROM _credentials WHERE user_id = ?";
    let rows = read(database, sql, vec![user.into()], &[Kind::Text, Kind::Instant]).await?;
    Ok(rows.first().map(|row| Credential { hash: text(&row[0]), changed_at: at(&row[1]) }))
}

/// The hashes of the user's last passwords, the present one first.
///
/// # Errors
/// Whatever the database says.
pub async fn last_passwords(database: &Database, user: Uuid, count: usize) -> Result<Vec<String>> {
    let mut hashes: Vec<String> = credential(database, user).await?.map(|known| known.hash).into_iter().collect();
    let sql = format!("SELECT hash FROM _former_passwords WHERE user_id = ? ORDER BY id DESC LIMIT {FORMER}");
    hashes.extend(read(database, &sql, vec![user.into()], &[Kind::Text]).await?.iter().map(|row| text(&row[0])));
    hashes.truncate(count);
    Ok(hashes)
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
                let sql = "INSERT INTO _former_passwords (id, user_id, hash) SELECT ?, user_id, hash FROM _credentials WHERE user_id = ?";
                tx.execute(&statement(dialect, sql, vec![Uuid::now_v7().into(), user.into()], &[])).await?;
                let sql = format!(
                    "DELETE FROM _former_passwords WHERE user_id = ? AND id NOT IN
                     (SELECT id FROM _former_passwords WHERE user_id = ? ORDER BY id DESC LIMIT {FORMER})"
                );
                tx.execute(&statement(dialect, &sql, vec![user.into(), user.into()], &[])).await?;
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
pub async fn add_session(tx: &mut Tx, session: &Session, now: Timestamp, address: &str, agent: &str) -> Result<()> {
    let sql = "INSERT INTO _sessions (hash, user_id, created_at, expires_at, address, agent) VALUES (?, ?, ?, ?, ?, ?)";
    let params = vec![
        session.hash.as_str().into(),
        session.user.into(),
        now.into(),
        session.expires_at.into(),
        address.into(),
        agent.chars().take(200).collect::<String>().into(),
    ];
    tx.execute(&statement(tx.dialect(), sql, params, &[])).await.map(|_| ())
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

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenSession {
    /// Hash of the secret in the cookie.
    pub hash: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// From where it was begun.
    pub address: String,
    /// With what.
    pub agent: String,
}

/// The sessions of a user that have not expired, the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn sessions(database: &Database, user: Uuid, now: Timestamp) -> Result<Vec<OpenSession>> {
    let sql = "SELECT hash, created_at, expires_at, address, agent FROM _sessions
         WHERE user_id = ? AND expires_at > ? ORDER BY created_at DESC";
    let kinds = [Kind::Text, Kind::Instant, Kind::Instant, Kind::Text, Kind::Text];
    let rows = read(database, sql, vec![user.into(), now.into()], &kinds).await?;
    Ok(rows
        .iter()
        .map(|row| OpenSession {
            hash: text(&row[0]),
            created_at: at(&row[1]),
            expires_at: at(&row[2]),
            address: text(&row[3]),
            agent: text(&row[4]),
        })
        .collect())
}

/// Ends the sessions of a user but this one; answers how many.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_sessions(database: &Database, user: Uuid, but: &str) -> Result<u64> {
    let sql = "DELETE FROM _sessions WHERE user_id = ? AND hash <> ?";
    execute(database, sql, vec![user.into(), but.into()]).await
}

/// Ends a session.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_session(database: &Database, hash: &str) -> Result<()> {
    execute(database, "DELETE FROM _sessions WHERE hash = ?", vec![hash.into()]).await.map(|_| ())
}

/// Ends all sessions of a user and takes his tokens and his calendar's address away: he was deactivated.
///
/// # Errors
/// Whatever the database says.
pub async fn remove_access(tx: &mut Tx, user: Uuid) -> Result<()> {
    for table in ["_sessions", "_tokens", "_calendar_feeds"] {
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
    /// The roles it is restricted to.
    pub roles: Option<Vec<String>>,
}

const TOKEN_COLUMNS: [Kind; 6] = [Kind::Id, Kind::Id, Kind::Text, Kind::Instant, Kind::Instant, Kind::Text];

fn token_from(row: &Row) -> Token {
    Token {
        id: id(&row[0]),
        user: id(&row[1]),
        name: text(&row[2]),
        created_at: at(&row[3]),
        expires_at: row[4].as_instant(),
        // A restriction that cannot be read leaves nothing.
        roles: row[5].as_text().map(|roles| serde_json::from_str(roles).unwrap_or_default()),
    }
}

/// Remembers a token by the hash of its secret.
///
/// # Errors
/// Whatever the database says.
pub async fn add_token(database: &Database, token: &Token, hash: &str) -> Result<()> {
    let sql =
        "INSERT INTO _tokens (id, user_id, name, hash, created_at, expires_at, roles) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let roles = token.roles.as_ref().map(|roles| serde_json::to_string(roles).unwrap_or_default());
    let params = vec![
        token.id.into(),
        token.user.into(),
        token.name.as_str().into(),
        hash.into(),
        token.created_at.into(),
        token.expires_at.into(),
        roles.into(),
    ];
    execute(database, sql, params).await.map(|_| ())
}

/// The token with this hash, expired or not.
///
/// # Errors
/// Whatever the database says.
pub async fn token(database: &Database, hash: &str) -> Result<Option<Token>> {
    let sql = "SELECT id, user_id, name, created_at, expires_at, roles FROM _tokens WHERE hash = ?";
    let rows = read(database, sql, vec![hash.into()], &TOKEN_COLUMNS).await?;
    Ok(rows.first().map(token_from))
}

/// Notes that a token was refused because it had expired; true the first time.
///
/// # Errors
/// Whatever the database says.
pub async fn note_refused_token(database: &Database, token: Uuid, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE _tokens SET refused_at = ? WHERE id = ? AND refused_at IS NULL";
    Ok(execute(database, sql, vec![now.into(), token.into()]).await? > 0)
}

/// A user's tokens.
///
/// # Errors
/// Whatever the database says.
pub async fn tokens(database: &Database, user: Uuid) -> Result<Vec<Token>> {
    let sql = "SELECT id, user_id, name, created_at, expires_at, roles FROM _tokens WHERE user_id = ? ORDER BY created_at DESC, id DESC";
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
