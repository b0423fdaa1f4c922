//! Fields that were text in an older release and are references to records in this one. Their texts wait in a column beside them
//! until the engine has made them records; then that column goes.

use crate::{
    Database, Dialect, Result, Tx,
    schema::{index_name, lock},
    sql::{Row, statement},
};
use guanxi_model::{FieldDef, Kind, ObjectDef};
use uuid::Uuid;

/// Where `_meta` keeps which texts wait: `object.field`, with spaces between.
const KEY: &str = "former_texts";

fn column(field: &str) -> String {
    format!("{field}__text")
}

/// Renames the text columns of fields that are references now, and notes which.
pub(crate) async fn set_aside(tx: &mut Tx, object: &ObjectDef) -> Result<()> {
    let table = &object.name;
    let texts = text_columns(tx, table).await?;
    let changed = |field: &&FieldDef| field.kind.is_single_reference() && texts.contains(&field.name);
    for FieldDef { name, .. } in object.fields.values().filter(changed) {
        let aside = column(name);
        // An index would go with the column, and keep its name from the new one's.
        let [plain, unique] = [false, true].map(|unique| index_name(table, unique, std::slice::from_ref(name)));
        tx.batch(&format!(
            "DROP INDEX IF EXISTS \"{plain}\"; DROP INDEX IF EXISTS \"{unique}\";
             ALTER TABLE \"{table}\" RENAME COLUMN \"{name}\" TO \"{aside}\""
        ))
        .await?;
        let sql = format!(
            "INSERT INTO _meta (key, value) VALUES ('{KEY}', ?)
             ON CONFLICT (key) DO UPDATE SET value = _meta.value || ' ' || excluded.value"
        );
        tx.execute(&statement(tx.dialect(), &sql, vec![format!("{table}.{name}").into()], &[])).await?;
    }
    Ok(())
}

async fn text_columns(tx: &mut Tx, table: &str) -> Result<Vec<String>> {
    let text = match tx.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'",
        Dialect::Postgres => {
            "SELECT column_name::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND data_type = 'text' AND table_name = ?"
        }
    };
    let sql = statement(tx.dialect(), text, vec![table.into()], &[Kind::Text]);
    Ok(tx.query(&sql).await?.into_iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
}

/// Do texts wait to become records?
///
/// # Errors
/// Whatever the database says.
pub async fn are_waiting(database: &Database) -> Result<bool> {
    let sql = format!("SELECT value FROM _meta WHERE key = '{KEY}'");
    Ok(!database.read(statement(database.dialect(), &sql, vec![], &[Kind::Text])).await?.is_empty())
}

/// Takes the fields, object and name, whose texts wait. Whoever takes them makes them records in the same transaction: of two
/// processes the second waits, and then finds nothing left to do.
///
/// # Errors
/// Whatever the database says.
pub async fn take(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    lock(tx).await?;
    let dialect = tx.dialect();
    let sql = format!("SELECT value FROM _meta WHERE key = '{KEY}'");
    let rows = tx.query(&statement(dialect, &sql, vec![], &[Kind::Text])).await?;
    tx.execute(&statement(dialect, &format!("DELETE FROM _meta WHERE key = '{KEY}'"), vec![], &[])).await?;
    let list = rows.first().and_then(|row| row[0].as_text()).unwrap_or_default();
    let split = |name: &str| name.split_once('.').map(|(object, field)| (object.to_owned(), field.to_owned()));
    Ok(list.split(' ').filter_map(split).collect())
}

/// The waiting texts of a field: record, its version, text. Records in the recycle bin have theirs, too.
///
/// # Errors
/// Whatever the database says.
pub async fn texts(tx: &mut Tx, object: &ObjectDef, field: &FieldDef) -> Result<Vec<(Uuid, i64, String)>> {
    let aside = column(&field.name);
    let mut sql = tx.sql();
    sql.push("SELECT id, version, ").ident(&aside).push(" FROM ").ident(&object.name);
    sql.push(" WHERE ").ident(&aside).push(" IS NOT NULL ORDER BY id").returning([Kind::Id, Kind::Int, Kind::Text]);
    let read = |row: Row| {
        let text = row[2].as_text().map(str::trim).filter(|text| !text.is_empty())?;
        Some((row[0].as_id()?, row[1].as_int()?, text.to_owned()))
    };
    Ok(tx.query(&sql).await?.into_iter().filter_map(read).collect())
}

/// Points a record at what its text has become; it has its next version then.
///
/// # Errors
/// Whatever the database says.
pub async fn point(tx: &mut Tx, object: &ObjectDef, field: &FieldDef, record: Uuid, to: Uuid) -> Result<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE ").ident(&object.name).push(" SET ").ident(&field.name).push(" = ").bind(to);
    sql.push(", version = version + 1 WHERE id = ").bind(record);
    tx.execute(&sql).await.map(|_| ())
}

/// Drops the column of texts that are all records now.
///
/// # Errors
/// Whatever the database says.
pub async fn forget(tx: &mut Tx, object: &ObjectDef, field: &FieldDef) -> Result<()> {
    let (table, aside) = (&object.name, column(&field.name));
    tx.batch(&format!("ALTER TABLE \"{table}\" DROP COLUMN \"{aside}\"")).await
}
