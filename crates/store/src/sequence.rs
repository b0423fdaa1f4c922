//! Counters for numbering rules.

use crate::{Database, Result, Tx, error::Error, sql::statement};
use guanxi_model::Kind;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::oneshot;

const NEXT: &str = "INSERT INTO _sequences (name, period, value) VALUES (?, ?, ?)
     ON CONFLICT (name, period) DO UPDATE SET value = _sequences.value + excluded.value RETURNING value";

/// A counter: its name and the period it counts in.
type Key = (String, String);

/// Somebody who waits for so many numbers.
type Waiting = (i64, oneshot::Sender<Result<i64>>);

/// Counters that are being asked, each with those who wait for the next answer.
#[derive(Default)]
pub(crate) struct Counters {
    asked: Mutex<HashMap<Key, Vec<Waiting>>>,
}

impl Counters {
    /// Queues up; true for whoever has to ask for all.
    fn join(&self, key: &Key, waiting: Waiting) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let first = !asked.contains_key(key);
        asked.entry(key.clone()).or_default().push(waiting);
        first
    }

    /// Those who wait; when nobody does, the counter is no longer being asked.
    fn waiting(&self, key: &Key) -> Vec<Waiting> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = asked.get_mut(key).map(std::mem::take).unwrap_or_default();
        if waiting.is_empty() {
            asked.remove(key);
        }
        waiting
    }
}

/// Takes `count` numbers; answers the first of them.
///
/// On SQLite it is part of the transaction, so a failed write leaves no gap. On PostgreSQL it commits by itself, so that
/// writers do not wait for each other's commits, and those of one process who wait at the same time are served together;
/// a failed write leaves a gap there.
///
/// # Errors
/// Whatever the database says.
pub async fn take(database: &Database, tx: &mut Tx, name: &str, period: &str, count: i64) -> Result<i64> {
    let Some(counters) = database.counters() else {
        let sql = statement(tx.dialect(), NEXT, vec![name.into(), period.into(), count.into()], &[Kind::Int]);
        let rows = tx.query(&sql).await?;
        return Ok(first(&rows, count));
    };
    let key = (name.to_owned(), period.to_owned());
    let (answer, result) = oneshot::channel();
    if counters.join(&key, (count, answer)) {
        let database = database.clone();
        // A task of its own: whoever began it may go away while others wait.
        tokio::spawn(async move { serve(&database, &key).await });
    }
    result.await.unwrap_or_else(|_| Err(Error::Other("numbering has stopped".into())))
}

/// Asks for all who wait, until nobody does.
async fn serve(database: &Database, key: &Key) {
    loop {
        let waiting = database.counters().map(|counters| counters.waiting(key)).unwrap_or_default();
        if waiting.is_empty() {
            return;
        }
        let total: i64 = waiting.iter().map(|(count, _)| count).sum();
        let mut next = take_apart(database, key, total).await;
        for (count, answer) in waiting {
            // Whoever went away leaves a gap.
            let _ = answer.send(next.clone());
            next = next.map(|first| first + count);
        }
    }
}

/// The commit need not be durable at once: the record's own commit comes later in the same log and takes it along.
async fn take_apart(database: &Database, (name, period): &Key, count: i64) -> Result<i64> {
    let params = vec![name.as_str().into(), period.as_str().into(), count.into()];
    let sql = statement(database.dialect(), NEXT, params, &[Kind::Int]);
    let rows = database
        .write_apart(move |apart| {
            Box::pin(async move {
                apart.batch("SET LOCAL synchronous_commit = off").await?;
                apart.query(&sql).await
            })
        })
        .await?;
    Ok(first(&rows, count))
}

fn first(rows: &[crate::sql::Row], count: i64) -> i64 {
    rows.first().and_then(|row| row[0].as_int()).unwrap_or(count) - count + 1
}
