//! The platform's own tables: sign-in, tokens, preferences, saved views, recently opened records, files, jobs.
//! They hold no business records; the engine decides who may touch which row.

mod feeds;
mod files;
mod guard;
mod handover;
mod identities;
mod jobs;
mod notifications;
mod personal;
mod second_factor;
mod shares;
mod sign_in;
mod tallies;
mod usage;

pub use feeds::{Feed, change_feed, feed, feed_of, put_feed, remove_feed};
pub use files::{File, add_file, attachments, claim_file, file, files, remove_file};
pub use guard::{
    Failures, failures, forget_failures, forget_old_failures, locked_until, locked_users, put_failures, unlock,
};
pub use handover::{Handed, add_handed, handed, handed_counts, handed_records, last_handed};
pub use identities::{
    Journey, begin_journey, end_journey, forget_identity, link_identity, linked_since, subject_of_identity,
    unlink_identity, user_of_identity, users_with_email,
};
pub use jobs::{ImportRow, Job, add_import_rows, import_rows, job, jobs, jobs_in, put_job, put_job_in};
pub use notifications::{
    Delivery, Notification, Wanted, add_deliveries, add_notifications, count_deliveries, count_on, deliveries,
    due_deliveries, forget_notifications, is_waiting, mark_read, move_mark, notifications, notifications_by_id,
    retry_delivery, settle_deliveries, similar, told_since, unread, unread_between,
};
pub use personal::{
    View, preferences, preferences_of_all, put_view, recent, remove_view, set_preference, set_preference_in,
    set_view_definition, touch_recent, view_definitions, views,
};
pub use second_factor::{
    SecondFactor, confirm_second_factor, put_second_factor, recovery_codes_left, remove_second_factor, second_factor,
    set_recovery_codes, use_recovery_code, use_step,
};
pub use shares::{Share, put_share, remove_shares, share, shares_of, team};
pub use sign_in::{
    Credential, OpenSession, Session, Token, add_session, add_setup_link, add_token, credential, last_passwords,
    note_refused_token, remove_access, remove_session, remove_sessions, remove_token, session, sessions,
    set_credential, setup_link, token, tokens,
};
pub use tallies::{forget_tallies, hold, tallied, tally};
pub use usage::{count_reading, first_notice, forget_usage, move_job, release_export, reserve_export};

use crate::{
    Database, Result,
    sql::{Row, statement},
};
use guanxi_model::{Kind, Value};
use jiff::Timestamp;
use std::collections::HashMap;
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

/// All values of the workspace's settings that are named, as far as they are set.
///
/// # Errors
/// Whatever the database says.
pub async fn metas(database: &Database, keys: &[&str]) -> Result<HashMap<String, String>> {
    let marks = vec!["?"; keys.len()].join(", ");
    let sql = format!("SELECT key, value FROM _meta WHERE key IN ({marks})");
    let keys = keys.iter().map(|key| (*key).into()).collect();
    let rows = read(database, &sql, keys, &[Kind::Text, Kind::Text]).await?;
    Ok(rows.iter().map(|row| (text(&row[0]), text(&row[1]))).collect())
}

/// Takes a lease until a moment, unless somebody has it still; false then.
///
/// # Errors
/// Whatever the database says.
pub async fn lease(database: &Database, key: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
    // Moments in this form compare as text.
    let text = |moment: Timestamp| format!("{moment:.6}");
    let sql = "INSERT INTO _meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value \
               WHERE _meta.value <= ?";
    Ok(execute(database, sql, vec![key.into(), text(until).into(), text(now).into()]).await? > 0)
}

/// Sets values of the workspace's settings that nobody has set yet.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_metas(database: &Database, values: Vec<(String, String)>) -> Result<()> {
    database
        .write(move |tx| {
            Box::pin(async move {
                for (key, value) in values {
                    let sql = "INSERT INTO _meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING";
                    tx.execute(&statement(tx.dialect(), sql, vec![key.into(), value.into()], &[])).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Sets a value of the workspace's settings.
///
/// # Errors
/// Whatever the database says.
pub async fn set_meta(database: &Database, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO _meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    execute(database, sql, vec![key.into(), value.into()]).await.map(|_| ())
}
