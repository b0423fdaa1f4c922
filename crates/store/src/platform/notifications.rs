//! What people are told, and what of it still has to leave the house by mail or to a robot.

use super::{at, execute, id, read, text};
use crate::{
    Database, Result, Tx,
    sql::{Row, Sql, statement},
};
use guanxi_model::{Kind, Value};
use jiff::Timestamp;
use uuid::Uuid;

/// Something that a person is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Its id, by which they are in order.
    pub id: Uuid,
    /// Who is told.
    pub user: Uuid,
    /// What kind of news.
    pub kind: String,
    /// About a record of which object.
    pub object: String,
    /// Which record.
    pub record: Uuid,
    /// Whose doing it was; nobody for the system.
    pub actor: Option<Uuid>,
    /// How many records it stands for.
    pub count: i64,
    /// What is due, when.
    pub moment: Option<Timestamp>,
    /// The field of the record in whose text he is mentioned.
    pub field: Option<String>,
    /// When it was made or last counted on.
    pub at: Timestamp,
    /// When he read it.
    pub read_at: Option<Timestamp>,
    /// Is it in his list, or only sent?
    pub listed: bool,
}

const COLUMNS: &str = "id, user_id, kind, object, record, actor, count, moment, field, at, read_at, listed";
const KINDS: [Kind; 12] = [
    Kind::Id,
    Kind::Id,
    Kind::Text,
    Kind::Text,
    Kind::Id,
    Kind::Id,
    Kind::Int,
    Kind::Instant,
    Kind::Text,
    Kind::Instant,
    Kind::Instant,
    Kind::Bool,
];

fn from_row(row: &Row) -> Notification {
    Notification {
        id: id(&row[0]),
        user: id(&row[1]),
        kind: text(&row[2]),
        object: text(&row[3]),
        record: id(&row[4]),
        actor: row[5].as_id(),
        count: row[6].as_int().unwrap_or(1),
        moment: row[7].as_instant(),
        field: row[8].as_text().map(str::to_owned),
        at: at(&row[9]),
        read_at: row[10].as_instant(),
        listed: row[11].as_bool().unwrap_or_default(),
    }
}

/// Writes news down, within a transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn add_notifications(tx: &mut Tx, all: &[Notification]) -> Result<()> {
    let names =
        ["id", "user_id", "kind", "object", "record", "actor", "count", "moment", "field", "at", "read_at", "listed"];
    let columns: Vec<_> = names.into_iter().zip(KINDS).collect();
    let rows: Vec<Row> = all
        .iter()
        .map(|one| {
            vec![
                one.id.into(),
                one.user.into(),
                one.kind.as_str().into(),
                one.object.as_str().into(),
                one.record.into(),
                one.actor.into(),
                one.count.into(),
                one.moment.into(),
                one.field.clone().into(),
                one.at.into(),
                one.read_at.into(),
                one.listed.into(),
            ]
        })
        .collect();
    tx.insert_rows("_notifications", &columns, &rows).await?;
    Ok(())
}

/// News of the same kind, object and doer that a person has not read and that is not older than `since`, the newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn similar(tx: &mut Tx, like: &Notification, since: Timestamp, limit: usize) -> Result<Vec<Uuid>> {
    let mut sql = Sql::new(tx.dialect());
    sql.push("SELECT id FROM _notifications WHERE user_id = ")
        .bind(like.user)
        .push(" AND kind = ")
        .bind(like.kind.as_str());
    sql.push(" AND object = ").bind(like.object.as_str()).push(" AND at >= ").bind(since).push(" AND read_at IS NULL");
    match like.actor {
        Some(actor) => sql.push(" AND actor = ").bind(actor),
        None => sql.push(" AND actor IS NULL"),
    };
    sql.push(&format!(" ORDER BY id DESC LIMIT {limit}")).returning([Kind::Id]);
    Ok(tx.query(&sql).await?.iter().map(|row| id(&row[0])).collect())
}

/// Lets news stand for more records, from now on where a moment is given.
///
/// # Errors
/// Whatever the database says.
pub async fn count_on(tx: &mut Tx, news: Uuid, more: i64, at: Option<Timestamp>) -> Result<()> {
    let mut sql = Sql::new(tx.dialect());
    sql.push("UPDATE _notifications SET count = count + ").bind(more);
    if let Some(at) = at {
        sql.push(", at = ").bind(at);
    }
    sql.push(" WHERE id = ").bind(news);
    tx.execute(&sql).await.map(|_| ())
}

/// Does news wait already to leave by a robot, or else by mail?
///
/// # Errors
/// Whatever the database says.
pub async fn is_waiting(tx: &mut Tx, news: Uuid, robot: Option<Uuid>) -> Result<bool> {
    let mut sql = Sql::new(tx.dialect());
    sql.push("SELECT COUNT(*) FROM _deliveries WHERE state = ").bind("waiting").push(" AND notification = ").bind(news);
    match robot {
        Some(robot) => sql.push(" AND robot = ").bind(robot),
        None => sql.push(" AND robot IS NULL"),
    };
    sql.returning([Kind::Int]);
    Ok(tx.query(&sql).await?.first().and_then(|row| row[0].as_int()).unwrap_or_default() > 0)
}

/// Which of somebody's news is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only what is not read.
    pub unread: bool,
    /// Only of these kinds; empty: of all.
    pub kinds: Vec<String>,
    /// Only before this.
    pub before: Option<Uuid>,
    /// How many at most.
    pub limit: usize,
}

/// Somebody's news, the newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn notifications(database: &Database, user: Uuid, wanted: &Wanted) -> Result<Vec<Notification>> {
    let mut sql = database.sql();
    sql.push(&format!("SELECT {COLUMNS} FROM _notifications WHERE user_id = "))
        .bind(user)
        .push(" AND listed = ")
        .bind(true);
    if wanted.unread {
        sql.push(" AND read_at IS NULL");
    }
    if !wanted.kinds.is_empty() {
        sql.push(" AND kind IN (").bind_all(wanted.kinds.iter().map(String::as_str)).push(")");
    }
    if let Some(before) = wanted.before {
        sql.push(" AND id < ").bind(before);
    }
    sql.push(&format!(" ORDER BY id DESC LIMIT {}", wanted.limit)).returning(KINDS);
    Ok(database.read(sql).await?.iter().map(from_row).collect())
}

/// News by ids, in their order.
///
/// # Errors
/// Whatever the database says.
pub async fn notifications_by_id(database: &Database, ids: &[Uuid]) -> Result<Vec<Notification>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = database.sql();
    sql.push(&format!("SELECT {COLUMNS} FROM _notifications WHERE id IN (")).bind_all(ids.iter().copied());
    sql.push(") ORDER BY id").returning(KINDS);
    Ok(database.read(sql).await?.iter().map(from_row).collect())
}

/// Somebody's unread news of some kinds from one moment on and before another, the oldest first.
///
/// # Errors
/// Whatever the database says.
pub async fn unread_between(
    database: &Database,
    user: Uuid,
    kinds: &[String],
    (from, until): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<Uuid>> {
    let mut sql = database.sql();
    sql.push("SELECT id FROM _notifications WHERE user_id = ")
        .bind(user)
        .push(" AND read_at IS NULL AND at >= ")
        .bind(from);
    sql.push(" AND at < ").bind(until).push(" AND kind IN (").bind_all(kinds.iter().map(String::as_str));
    sql.push(&format!(") ORDER BY id LIMIT {limit}")).returning([Kind::Id]);
    Ok(database.read(sql).await?.iter().map(|row| id(&row[0])).collect())
}

/// How much somebody has not read.
///
/// # Errors
/// Whatever the database says.
pub async fn unread(database: &Database, user: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM _notifications WHERE user_id = ? AND read_at IS NULL AND listed = ?";
    let rows = read(database, sql, vec![user.into(), true.into()], &[Kind::Int]).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// Marks news of somebody as read at a moment, or as unread; all that he has when no ids are given.
///
/// # Errors
/// Whatever the database says.
pub async fn mark_read(
    database: &Database,
    user: Uuid,
    ids: Option<&[Uuid]>,
    read_at: Option<Timestamp>,
) -> Result<u64> {
    let mut sql = database.sql();
    sql.push("UPDATE _notifications SET read_at = ").bind(read_at).push(" WHERE user_id = ").bind(user);
    sql.push(if read_at.is_some() { " AND read_at IS NULL" } else { " AND read_at IS NOT NULL" });
    if let Some(ids) = ids {
        if ids.is_empty() {
            return Ok(0);
        }
        sql.push(" AND id IN (").bind_all(ids.iter().copied()).push(")");
    }
    database.execute(sql).await
}

/// Who got news since a moment, and when last.
///
/// # Errors
/// Whatever the database says.
pub async fn told_since(database: &Database, since: Timestamp) -> Result<Vec<(Uuid, Timestamp)>> {
    let sql = "SELECT user_id, MAX(at) FROM _notifications WHERE at > ? GROUP BY user_id";
    let rows = read(database, sql, vec![since.into()], &[Kind::Id, Kind::Instant]).await?;
    Ok(rows.iter().map(|row| (id(&row[0]), at(&row[1]))).collect())
}

/// Forgets news before a moment, and what was sent of it.
///
/// # Errors
/// Whatever the database says.
pub async fn forget_notifications(database: &Database, before: Timestamp) -> Result<()> {
    execute(database, "DELETE FROM _notifications WHERE at < ?", vec![before.into()]).await?;
    let sql = "DELETE FROM _deliveries WHERE created_at < ?";
    execute(database, sql, vec![before.into()]).await.map(|_| ())
}

/// Something that has to leave the house.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// `mail` or `robot`.
    pub channel: String,
    /// Which robot.
    pub robot: Option<Uuid>,
    /// Who gets the mail, or whom the robot speaks of.
    pub user: Uuid,
    /// What he is told.
    pub notification: Uuid,
    /// `waiting`, `sent`, `failed`, or `dropped` when there was nothing left to say.
    pub state: String,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// What the other side said last.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it left.
    pub sent_at: Option<Timestamp>,
}

impl Delivery {
    /// What waits to leave with news: by a robot, or else by mail.
    pub fn waiting(news: &Notification, robot: Option<Uuid>, due_at: Timestamp) -> Self {
        Self {
            id: Uuid::now_v7(),
            channel: if robot.is_some() { "robot" } else { "mail" }.to_owned(),
            robot,
            user: news.user,
            notification: news.id,
            state: "waiting".to_owned(),
            due_at,
            attempts: 0,
            error: None,
            created_at: news.at,
            sent_at: None,
        }
    }
}

const DELIVERY: &str = "id, channel, robot, user_id, notification, state, due_at, attempts, error, created_at, sent_at";
const DELIVERY_KINDS: [Kind; 11] = [
    Kind::Id,
    Kind::Text,
    Kind::Id,
    Kind::Id,
    Kind::Id,
    Kind::Text,
    Kind::Instant,
    Kind::Int,
    Kind::Text,
    Kind::Instant,
    Kind::Instant,
];

fn delivery_from(row: &Row) -> Delivery {
    Delivery {
        id: id(&row[0]),
        channel: text(&row[1]),
        robot: row[2].as_id(),
        user: id(&row[3]),
        notification: id(&row[4]),
        state: text(&row[5]),
        due_at: at(&row[6]),
        attempts: row[7].as_int().unwrap_or_default(),
        error: row[8].as_text().map(str::to_owned),
        created_at: at(&row[9]),
        sent_at: row[10].as_instant(),
    }
}

/// Notes what has to leave, in the transaction that made the news.
///
/// # Errors
/// Whatever the database says.
pub async fn add_deliveries(tx: &mut Tx, all: &[Delivery]) -> Result<()> {
    let names: Vec<&str> = DELIVERY.split(", ").collect();
    let columns: Vec<_> = names.into_iter().zip(DELIVERY_KINDS).collect();
    let rows: Vec<Row> = all
        .iter()
        .map(|one| {
            vec![
                one.id.into(),
                one.channel.as_str().into(),
                one.robot.into(),
                one.user.into(),
                one.notification.into(),
                one.state.as_str().into(),
                one.due_at.into(),
                one.attempts.into(),
                one.error.clone().into(),
                one.created_at.into(),
                one.sent_at.into(),
            ]
        })
        .collect();
    tx.insert_rows("_deliveries", &columns, &rows).await?;
    Ok(())
}

/// What is to leave by now, the oldest first.
///
/// # Errors
/// Whatever the database says.
pub async fn due_deliveries(database: &Database, now: Timestamp, limit: usize) -> Result<Vec<Delivery>> {
    let sql =
        format!("SELECT {DELIVERY} FROM _deliveries WHERE state = ? AND due_at <= ? ORDER BY due_at, id LIMIT {limit}");
    let rows = read(database, &sql, vec!["waiting".into(), now.into()], &DELIVERY_KINDS).await?;
    Ok(rows.iter().map(delivery_from).collect())
}

/// Deliveries in a state or in all, the newest first, before one.
///
/// # Errors
/// Whatever the database says.
pub async fn deliveries(
    database: &Database,
    state: Option<&str>,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Vec<Delivery>> {
    let mut sql = database.sql();
    sql.push(&format!("SELECT {DELIVERY} FROM _deliveries WHERE "));
    match state {
        Some(state) => sql.push("state = ").bind(state),
        None => sql.push("1 = 1"),
    };
    if let Some(before) = before {
        sql.push(" AND id < ").bind(before);
    }
    sql.push(&format!(" ORDER BY id DESC LIMIT {limit}")).returning(DELIVERY_KINDS);
    Ok(database.read(sql).await?.iter().map(delivery_from).collect())
}

/// How many deliveries are in a state.
///
/// # Errors
/// Whatever the database says.
pub async fn count_deliveries(database: &Database, state: &str) -> Result<i64> {
    let rows =
        read(database, "SELECT COUNT(*) FROM _deliveries WHERE state = ?", vec![state.into()], &[Kind::Int]).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// What became of deliveries: they left, or are tried again, or no more.
///
/// # Errors
/// Whatever the database says.
pub async fn settle_deliveries(
    database: &Database,
    ids: &[Uuid],
    state: &str,
    due_at: Timestamp,
    error: Option<&str>,
    sent_at: Option<Timestamp>,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut sql = database.sql();
    sql.push("UPDATE _deliveries SET state = ").bind(state).push(", due_at = ").bind(due_at);
    sql.push(", attempts = attempts + 1, error = ").bind(error.map_or(Value::Null, Value::from));
    sql.push(", sent_at = ").bind(sent_at).push(" WHERE id IN (").bind_all(ids.iter().copied()).push(")");
    database.execute(sql).await.map(|_| ())
}

/// Tries a delivery again that waits or has failed; false when there is none such.
///
/// # Errors
/// Whatever the database says.
pub async fn retry_delivery(database: &Database, delivery: Uuid, now: Timestamp) -> Result<bool> {
    let sql =
        "UPDATE _deliveries SET state = ?, due_at = ?, attempts = 0 WHERE id = ? AND state IN ('waiting', 'failed')";
    Ok(execute(database, sql, vec!["waiting".into(), now.into(), delivery.into()]).await? > 0)
}

/// Moves a mark in `_meta` from one value to another within a transaction; false when somebody else has moved it.
///
/// # Errors
/// Whatever the database says.
pub async fn move_mark(tx: &mut Tx, key: &str, from: &str, to: &str) -> Result<bool> {
    let sql = "UPDATE _meta SET value = ? WHERE key = ? AND value = ?";
    let params = vec![to.into(), key.into(), from.into()];
    Ok(tx.execute(&statement(tx.dialect(), sql, params, &[])).await? > 0)
}
