//! Counters for numbering rules.

use crate::{Database, Dialect, Result, Tx, sql::statement};
use guanxi_model::Kind;

const NEXT: &str = "INSERT INTO _sequences (name, period, value) VALUES (?, ?, ?)
     ON CONFLICT (name, period) DO UPDATE SET value = _sequences.value + excluded.value RETURNING value";

/// Takes `count` numbers; answers the first of them.
///
/// On SQLite it is part of the transaction, so a failed write leaves no gap. On PostgreSQL it commits by itself, so that
/// writers do not wait for each other's commits; a failed write leaves a gap there. Its commit need not be durable at
/// once: the record's own commit comes later in the same log and takes it along.
///
/// # Errors
/// Whatever the database says.
pub async fn take(database: &Database, tx: &mut Tx, name: &str, period: &str, count: i64) -> Result<i64> {
    let sql = statement(tx.dialect(), NEXT, vec![name.into(), period.into(), count.into()], &[Kind::Int]);
    let rows = match tx.dialect() {
        Dialect::Sqlite => tx.query(&sql).await?,
        Dialect::Postgres => {
            database
                .write_apart(move |apart| {
                    Box::pin(async move {
                        apart.batch("SET LOCAL synchronous_commit = off").await?;
                        apart.query(&sql).await
                    })
                })
                .await?
        }
    };
    let last = rows.first().and_then(|row| row[0].as_int()).unwrap_or(count);
    Ok(last - count + 1)
}
