//! Counters that are exact: part of the transaction that asks.

use crate::{Result, Tx, sql::statement};
use guanxi_model::Kind;

/// The next number of a counter, from zero on. Whoever asks for the same counter waits until this transaction ends, and what is
/// rolled back was not counted; so turns go round evenly, where numbers of [`crate::sequence`] may have gaps.
///
/// # Errors
/// Whatever the database says.
pub async fn next(tx: &mut Tx, name: &str) -> Result<i64> {
    let sql = "INSERT INTO _sequences (name, period, value) VALUES (?, '', 1)
         ON CONFLICT (name, period) DO UPDATE SET value = _sequences.value + 1 RETURNING value";
    let rows = tx.query(&statement(tx.dialect(), sql, vec![name.into()], &[Kind::Int])).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or(1) - 1)
}
