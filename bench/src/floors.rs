//! What nobody can be faster than: the same statements run bare through the driver, and a handler that does nothing.

use crate::{Setting, company};
use anyhow::{Context, Result, bail};
use guanxi_model::{
    Value,
    tokens::{self, TokenClass},
};
use guanxi_store::Sql;
use rusqlite::{OpenFlags, types::Value as Raw};
use std::{cell::RefCell, collections::HashMap, path::Path, time::Instant};
use tokio_postgres::{NoTls, Statement, types::ToSql};
use uuid::Uuid;

/// A server whose every answer is empty.
pub(crate) async fn serve_nothing(address: &str) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, axum::Router::new().fallback(|| async {})).await?;
    Ok(())
}

/// A connection of the driver's own, without anything of Guanxi's around it.
pub(crate) enum Bare {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client, RefCell<HashMap<String, Statement>>),
}

/// The SQLite file of a workspace.
pub(crate) fn file(data: &Path, workspace: &str) -> std::path::PathBuf {
    data.join("workspaces").join(workspace).join("guanxi.db")
}

impl Bare {
    pub async fn open(setting: &Setting, workspace: &str) -> Result<Self> {
        let Some(url) = &setting.database else {
            let path = file(&company::data(setting), workspace);
            let connection = rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            connection.execute_batch("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -32768;")?;
            return Ok(Self::Sqlite(connection));
        };
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = \"{workspace}\"")).await?;
        Ok(Self::Postgres(client, RefCell::default()))
    }

    /// Runs a statement and steps through its rows; answers how many.
    pub async fn run(&self, sql: &Sql) -> Result<usize> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&sql.text)?;
                let params: Vec<Raw> = sql.params.iter().map(raw).collect::<Result<_>>()?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                let mut count = 0;
                while let Some(row) = rows.next()? {
                    for column in 0..sql.columns.len() {
                        std::hint::black_box(row.get_ref(column)?);
                    }
                    count += 1;
                }
                Ok(count)
            }
            Self::Postgres(client, known) => {
                let ready = known.borrow().get(&sql.text).cloned();
                let statement = match ready {
                    Some(statement) => statement,
                    None => {
                        let statement = client.prepare(&sql.text).await?;
                        known.borrow_mut().insert(sql.text.clone(), statement.clone());
                        statement
                    }
                };
                let params: Vec<Box<dyn ToSql + Sync>> = sql.params.iter().map(typed).collect::<Result<_>>()?;
                let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(AsRef::as_ref).collect();
                let rows = client.query(&statement, &params).await?;
                Ok(rows.len())
            }
        }
    }
}

fn raw(value: &Value) -> Result<Raw> {
    Ok(match value {
        Value::Null => Raw::Null,
        Value::Int(number) => Raw::Integer(*number),
        Value::Text(text) => Raw::Text(text.clone()),
        Value::Id(id) => Raw::Blob(id.as_bytes().to_vec()),
        Value::Instant(moment) => Raw::Integer(moment.as_microsecond()),
        Value::Decimal(number) => {
            let mut scaled = *number;
            scaled.rescale(4);
            Raw::Integer(i64::try_from(scaled.mantissa())?)
        }
        other => bail!("no bare form of {other:?}"),
    })
}

fn typed(value: &Value) -> Result<Box<dyn ToSql + Sync>> {
    Ok(match value {
        Value::Int(number) => Box::new(*number),
        Value::Text(text) => Box::new(text.clone()),
        Value::Id(id) => Box::new(*id),
        Value::Instant(moment) => Box::new(*moment),
        Value::Decimal(number) => Box::new(*number),
        other => bail!("no bare form of {other:?}"),
    })
}

/// Rows per second of a CSV file inserted into a table with the columns and indexes of `customer`, by a prepared
/// statement, so many rows to a transaction. Search tokens are made beforehand; they go into an equal index.
pub(crate) fn insert_csv(setting: &Setting, workspace: &str, csv: &Path, batch: usize) -> Result<f64> {
    let original = rusqlite::Connection::open_with_flags(
        file(&company::data(setting), workspace),
        OpenFlags::SQLITE_OPEN_READ_ONLY,
    )?;
    let path = setting.folder.join("floor.db");
    remove(&path);
    let target = rusqlite::Connection::open(&path)?;
    target.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000;",
    )?;
    let mut statement = original.prepare(
        "SELECT sql FROM sqlite_master WHERE tbl_name IN ('customer', 'customer__search') AND sql IS NOT NULL ORDER BY rowid",
    )?;
    for sql in statement.query_map([], |row| row.get::<_, String>(0))? {
        target.execute_batch(&sql?)?;
    }
    let mut reader = csv::Reader::from_path(csv)?;
    let rows: Vec<(csv::StringRecord, String)> = reader
        .records()
        .map(|record| {
            let record = record?;
            let text = text_tokens(&record);
            Ok((record, text))
        })
        .collect::<Result<_>>()?;
    let names = company::HEADINGS.join(", ");
    let marks = vec!["?"; company::HEADINGS.len() + 11].join(", ");
    let insert = format!(
        "INSERT INTO customer (id, version, created_at, updated_at, owner, department, name__key, name__company, \
         phone__phone, mobile__phone, number, {names}) VALUES ({marks})",
        names = names.replace(", owner", ", created_by")
    );
    let begun = Instant::now();
    for chunk in rows.chunks(batch) {
        target.execute_batch("BEGIN IMMEDIATE")?;
        let mut statement = target.prepare_cached(&insert)?;
        let mut search =
            target.prepare_cached("INSERT INTO customer__search (rowid, tokens) VALUES (last_insert_rowid(), ?)")?;
        for (number, (record, tokens)) in chunk.iter().enumerate() {
            let id = Uuid::now_v7();
            let moment = i64::try_from(number)? + 1_780_000_000_000_000;
            let name = record.get(0).context("a name")?;
            let mut params: Vec<Raw> = vec![
                Raw::Blob(id.as_bytes().to_vec()),
                Raw::Integer(1),
                Raw::Integer(moment),
                Raw::Integer(moment),
                Raw::Blob(vec![1; 16]),
                Raw::Blob(vec![2; 16]),
            ];
            for text in [name, name, &record[7], &record[8]] {
                params.push(Raw::Text(text.to_owned()));
            }
            params.push(Raw::Text(id.to_string()));
            params.extend(record.iter().map(|text| Raw::Text(text.to_owned())));
            statement.execute(rusqlite::params_from_iter(params))?;
            search.execute([tokens])?;
        }
        target.execute_batch("COMMIT")?;
    }
    let speed = rows.len() as f64 / begun.elapsed().as_secs_f64();
    drop(statement);
    drop(target);
    remove(&path);
    Ok(speed)
}

fn text_tokens(record: &csv::StringRecord) -> String {
    let mut out = String::new();
    let classes = [
        (0, TokenClass::Name),
        (7, TokenClass::Phone),
        (8, TokenClass::Phone),
        (9, TokenClass::Text),
        (11, TokenClass::Text),
    ];
    for (column, class) in classes {
        let mut part = String::new();
        tokens::write_tokens(&record[column], class, &mut part);
        for token in part.split_ascii_whitespace() {
            out.push_str("abc");
            out.push_str(token);
            out.push(' ');
        }
    }
    out
}

fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        std::fs::remove_file(format!("{}{ending}", path.display())).ok();
    }
}

/// Rows per second that PostgreSQL itself copies from `customer` into a table with the same columns and indexes, so many
/// rows to a transaction.
pub(crate) async fn copy_rows(setting: &Setting, workspace: &str, rows: usize, batch: usize) -> Result<f64> {
    let Bare::Postgres(client, _) = Bare::open(setting, workspace).await? else { bail!("PostgreSQL only") };
    client.batch_execute("DROP TABLE IF EXISTS _floor; CREATE TABLE _floor (LIKE customer INCLUDING ALL)").await?;
    let ids = client.query("SELECT id FROM customer ORDER BY id LIMIT $1", &[&i64::try_from(rows)?]).await?;
    let ids: Vec<Uuid> = ids.iter().map(|row| row.get(0)).collect();
    let copy = client.prepare("INSERT INTO _floor SELECT * FROM customer WHERE id = ANY($1)").await?;
    let begun = Instant::now();
    for chunk in ids.chunks(batch) {
        client.execute(&copy, &[&chunk]).await?;
    }
    let speed = ids.len() as f64 / begun.elapsed().as_secs_f64();
    client.batch_execute("DROP TABLE _floor").await?;
    Ok(speed)
}

/// One bare UPDATE that gives `rows` records to somebody else and touches the same indexes as a handover, taken back again;
/// answers its seconds.
pub(crate) async fn give_bare(setting: &Setting, workspace: &str, rows: usize) -> Result<f64> {
    let text = format!(
        "UPDATE customer SET owner = (SELECT id FROM \"user\" WHERE login = 'benchleft'),
            updated_at = (SELECT MAX(updated_at) FROM customer)
         WHERE id IN (SELECT id FROM customer WHERE industry = 'medical' AND deleted_at IS NULL ORDER BY id LIMIT {rows})"
    );
    let Some(url) = &setting.database else {
        let connection = rusqlite::Connection::open(file(&company::data(setting), workspace))?;
        connection.busy_timeout(std::time::Duration::from_secs(30))?;
        connection.execute_batch("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -32768; BEGIN IMMEDIATE")?;
        let begun = Instant::now();
        connection.execute(&text, [])?;
        let took = begun.elapsed().as_secs_f64();
        connection.execute_batch("ROLLBACK")?;
        return Ok(took);
    };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(&format!("SET search_path = \"{workspace}\"; BEGIN")).await?;
    let begun = Instant::now();
    client.batch_execute(&text).await?;
    let took = begun.elapsed().as_secs_f64();
    client.batch_execute("ROLLBACK").await?;
    Ok(took)
}

/// Runs statements bare.
pub(crate) async fn execute(setting: &Setting, workspace: &str, script: &str) -> Result<()> {
    let Some(url) = &setting.database else {
        let connection = rusqlite::Connection::open(file(&company::data(setting), workspace))?;
        return Ok(connection.execute_batch(script)?);
    };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client.batch_execute(&format!("SET search_path = \"{workspace}\"; {script}")).await?)
}

/// The number that a statement answers.
pub(crate) async fn number(setting: &Setting, workspace: &str, text: &str) -> Result<i64> {
    Ok(match Bare::open(setting, workspace).await? {
        Bare::Sqlite(connection) => connection.query_row(text, [], |row| row.get(0))?,
        Bare::Postgres(client, _) => client.query_one(text, &[]).await?.get(0),
    })
}

/// What PostgreSQL does by itself within a minute of a change: its planner learns how many rows there are of what.
pub(crate) async fn analyze(setting: &Setting, workspace: &str) -> Result<()> {
    let Some(url) = &setting.database else { return Ok(()) };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(&format!("SET search_path = \"{workspace}\"; ANALYZE")).await?;
    Ok(())
}
