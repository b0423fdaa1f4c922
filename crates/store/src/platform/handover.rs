//! The journal of handovers: what each moved, so that it can go on after an interruption and be taken back.

use super::{id, read, text};
use crate::{
    Database, Result, Tx,
    sql::{Row, statement},
};
use guanxi_model::Kind;
use uuid::Uuid;

/// A record that a handover gave to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Counts within the handover.
    pub seq: i64,
    /// Which part of the handover.
    pub part: i64,
    /// Which object.
    pub object: String,
    /// Which record.
    pub record: Uuid,
    /// In which field stood the one who gave.
    pub field: String,
    /// Who had it.
    pub before: Option<Uuid>,
    /// Who has it now.
    pub after: Option<Uuid>,
}

/// Notes what was moved, in the transaction that moved it.
///
/// # Errors
/// Whatever the database says.
pub async fn add_handed(tx: &mut Tx, handover: Uuid, rows: Vec<Handed>) -> Result<()> {
    let columns = [
        ("handover", Kind::Id),
        ("seq", Kind::Int),
        ("part", Kind::Int),
        ("object", Kind::Text),
        ("record", Kind::Id),
        ("field", Kind::Text),
        ("before", Kind::Id),
        ("after", Kind::Id),
    ];
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|row| {
            vec![
                handover.into(),
                row.seq.into(),
                row.part.into(),
                row.object.into(),
                row.record.into(),
                row.field.into(),
                row.before.into(),
                row.after.into(),
            ]
        })
        .collect();
    tx.insert_rows("_handed", &columns, &rows).await?;
    Ok(())
}

/// What a handover moved, last first, before a number.
///
/// # Errors
/// Whatever the database says.
pub async fn handed(database: &Database, handover: Uuid, before: i64, limit: usize) -> Result<Vec<Handed>> {
    let sql = format!(
        "SELECT seq, part, object, record, field, before, after FROM _handed WHERE handover = ? AND seq < ? ORDER BY seq DESC LIMIT {limit}"
    );
    let kinds = [Kind::Int, Kind::Int, Kind::Text, Kind::Id, Kind::Text, Kind::Id, Kind::Id];
    let rows = read(database, &sql, vec![handover.into(), before.into()], &kinds).await?;
    Ok(rows
        .iter()
        .map(|row| Handed {
            seq: row[0].as_int().unwrap_or_default(),
            part: row[1].as_int().unwrap_or_default(),
            object: text(&row[2]),
            record: id(&row[3]),
            field: text(&row[4]),
            before: row[5].as_id(),
            after: row[6].as_id(),
        })
        .collect())
}

/// The records that a part of a handover has moved already.
///
/// # Errors
/// Whatever the database says.
pub async fn handed_records(database: &Database, handover: Uuid, part: i64, object: &str) -> Result<Vec<Uuid>> {
    let sql = "SELECT record FROM _handed WHERE handover = ? AND part = ? AND object = ?";
    let rows = read(database, sql, vec![handover.into(), part.into(), object.into()], &[Kind::Id]).await?;
    Ok(rows.iter().map(|row| id(&row[0])).collect())
}

/// What a handover moved, by object and the one who has it now.
///
/// # Errors
/// Whatever the database says.
pub async fn handed_counts(database: &Database, handover: Uuid) -> Result<Vec<(String, Option<Uuid>, i64)>> {
    let sql =
        "SELECT object, after, COUNT(*) FROM _handed WHERE handover = ? GROUP BY object, after ORDER BY object, 3 DESC";
    let rows = read(database, sql, vec![handover.into()], &[Kind::Text, Kind::Id, Kind::Int]).await?;
    Ok(rows.iter().map(|row| (text(&row[0]), row[1].as_id(), row[2].as_int().unwrap_or_default())).collect())
}

/// The last number in the journal of a handover.
///
/// # Errors
/// Whatever the database says.
pub async fn last_handed(database: &Database, handover: Uuid) -> Result<i64> {
    let sql = "SELECT COALESCE(MAX(seq), 0) FROM _handed WHERE handover = ?";
    let rows = database.read(statement(database.dialect(), sql, vec![handover.into()], &[Kind::Int])).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}
