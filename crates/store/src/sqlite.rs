//! SQLite: one writer thread that commits in groups, and a few read connections.
//!
//! Every write is a job for the writer thread. Jobs that wait while another commits share the next transaction, each in
//! a savepoint of its own, so that one `fsync` serves many clients; none is answered before the commit is durable.

use crate::{
    Result,
    database::Tx,
    error::Error,
    sql::{Row, Sql},
};
use guanxi_model::{Kind, Value};
use rusqlite::{
    Connection, OpenFlags, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use rust_decimal::Decimal;
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, mpsc},
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How many jobs share one transaction at most.
const GROUP: usize = 128;
/// No job joins a transaction that is open for longer than this.
const GROUP_TIME: Duration = Duration::from_millis(8);
/// Decimals are stored as integers scaled by this.
const SCALE: i64 = 10_000;

/// What a job leaves behind: whether to keep its changes, and how to tell its client once the commit is known.
pub(crate) struct Done {
    pub keep: bool,
    pub deliver: Box<dyn FnOnce(Result<()>) + Send>,
}

pub(crate) type Job = Box<dyn FnOnce(&mut Tx) -> Done + Send>;

pub(crate) struct Sqlite {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<std::thread::JoinHandle<()>>>,
    readers: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

fn open(path: &Path, read_only: bool) -> Result<Connection> {
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    };
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| Error::Unreachable(format!("{}: {error}", path.display())))?;
    connection.busy_timeout(Duration::from_secs(30))?;
    connection.set_prepared_statement_cache_capacity(256);
    if !read_only {
        connection.pragma_update(None, "journal_mode", "WAL")?;
    }
    // FULL: a commit that was answered survives loss of power.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768; PRAGMA mmap_size = 1073741824; PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

impl Sqlite {
    pub(crate) fn open(path: PathBuf, committed: impl Fn() + Send + 'static) -> Result<Self> {
        let writer = open(&path, false)?;
        let count = std::thread::available_parallelism().map_or(4, usize::from).clamp(2, 8) * 2;
        let readers = (0..count).map(|_| open(&path, true)).collect::<Result<Vec<_>>>()?;
        let (jobs, queue) = mpsc::channel::<Job>();
        let runtime = tokio::runtime::Handle::current();
        let handle = std::thread::Builder::new()
            .name("guanxi-writer".into())
            .spawn(move || {
                let _runtime = runtime.enter();
                write_loop(writer, &queue, &committed);
            })
            .map_err(|error| Error::Other(error.to_string()))?;
        Ok(Self {
            jobs: Mutex::new(Some(jobs)),
            writer: Mutex::new(Some(handle)),
            readers: Mutex::new(readers),
            permits: Semaphore::new(count),
        })
    }

    pub(crate) fn submit(&self, job: Job) -> Result<()> {
        let jobs = self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let sender = jobs.as_ref().ok_or_else(|| Error::Unreachable("the database is closed".into()))?;
        sender.send(job).map_err(|_| Error::Unreachable("the database's writer has stopped".into()))
    }

    pub(crate) async fn read(self: &std::sync::Arc<Self>, sql: Sql) -> Result<Vec<Row>> {
        let Ok(permit) = self.permits.acquire().await else {
            return Err(Error::Unreachable("the database is closed".into()));
        };
        let this = self.clone();
        let rows = tokio::task::spawn_blocking(move || {
            let connection = this.lock_readers().pop().ok_or_else(|| Error::Other("no read connection".into()))?;
            let rows = run(&connection, &sql);
            this.lock_readers().push(connection);
            rows
        })
        .await
        .map_err(|error| Error::Other(error.to_string()))?;
        drop(permit);
        rows
    }

    fn lock_readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits until every job has been written; nothing is accepted afterwards.
    pub(crate) fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        if let Some(handle) = self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
            let _ = handle.join();
        }
    }
}

fn write_loop(writer: Connection, queue: &mpsc::Receiver<Job>, committed: &impl Fn()) {
    let mut tx = Tx::sqlite(writer);
    while let Ok(first) = queue.recv() {
        let begun = Instant::now();
        if let Err(error) = tx.sqlite_batch("BEGIN IMMEDIATE") {
            refuse(first, error);
            continue;
        }
        let mut done = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            done.push(run_job(&mut tx, job));
            next = if done.len() < GROUP && begun.elapsed() < GROUP_TIME { queue.try_recv().ok() } else { None };
        }
        let outcome = tx.sqlite_batch("COMMIT");
        if outcome.is_err() {
            let _ = tx.sqlite_batch("ROLLBACK");
        }
        for job in done {
            (job.deliver)(outcome.clone());
        }
        committed();
    }
    // A clean stop leaves no log behind.
    let _ = tx.sqlite_batch("PRAGMA wal_checkpoint(TRUNCATE)");
}

fn run_job(tx: &mut Tx, job: Job) -> Done {
    if let Err(error) = tx.sqlite_batch("SAVEPOINT job") {
        return Done { keep: false, deliver: Box::new(move |_| refuse(job, error)) };
    }
    let done = job(tx);
    let end = if done.keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    match tx.sqlite_batch(end) {
        Ok(()) => done,
        Err(error) => Done { keep: false, deliver: Box::new(move |_| (done.deliver)(Err(error))) },
    }
}

/// Answers a job that could not run: it is run without a database, which gives its client the error.
fn refuse(job: Job, error: Error) {
    let mut nowhere = Tx::closed(error.clone());
    (job(&mut nowhere).deliver)(Err(error));
}

pub(crate) fn run(connection: &Connection, sql: &Sql) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(&sql.text)?;
    let mut rows = statement.query(params_from_iter(sql.params.iter().map(Bound)))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(sql.columns.len());
        for (index, kind) in sql.columns.iter().enumerate() {
            values.push(decode(row.get_ref(index)?, *kind)?);
        }
        out.push(values);
    }
    Ok(out)
}

pub(crate) fn execute(connection: &Connection, text: &str, params: &[Value]) -> Result<u64> {
    let mut statement = connection.prepare_cached(text)?;
    Ok(statement.execute(params_from_iter(params.iter().map(Bound)))? as u64)
}

struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(flag) => ToSqlOutput::from(i64::from(*flag)),
            Value::Int(number) => ToSqlOutput::from(*number),
            Value::Decimal(number) => ToSqlOutput::from(scaled(*number)),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Date(date) => ToSqlOutput::from(date.to_string()),
            Value::Instant(moment) => ToSqlOutput::from(moment.as_microsecond()),
            Value::Id(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Value::List(_) => ToSqlOutput::from(list_text(self.0)),
        })
    }
}

fn scaled(number: Decimal) -> i64 {
    let mut number = number;
    number.rescale(4);
    i64::try_from(number.mantissa()).unwrap_or(i64::MAX)
}

/// A list as the JSON array it is stored as.
pub(crate) fn list_text(list: &Value) -> String {
    let members: Vec<serde_json::Value> = list
        .members()
        .iter()
        .map(|member| match member {
            Value::Id(id) => id.to_string().into(),
            other => other.as_text().unwrap_or_default().into(),
        })
        .collect();
    serde_json::Value::Array(members).to_string()
}

/// Reads a stored JSON array; texts that are ids become ids again only where the field says so (the engine does that).
pub(crate) fn list_from_text(text: &str) -> Value {
    let members: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    if members.is_empty() {
        return Value::Null;
    }
    let as_ids: Option<Vec<Value>> = members
        .iter()
        .map(|member| if member.len() == 36 { Uuid::try_parse(member).ok().map(Value::Id) } else { None })
        .collect();
    Value::List(as_ids.unwrap_or_else(|| members.into_iter().map(Value::Text).collect()))
}

fn decode(raw: ValueRef<'_>, kind: Kind) -> Result<Value> {
    let unexpected = || Error::Other(format!("a stored value is not {kind:?}"));
    Ok(match (raw, kind) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(number), Kind::Bool) => Value::Bool(number != 0),
        (ValueRef::Integer(number), Kind::Int) => Value::Int(number),
        (ValueRef::Integer(number), Kind::Decimal) => Value::Decimal(Decimal::new(number, 4).normalize()),
        (ValueRef::Real(number), Kind::Decimal) => {
            Value::Decimal(Decimal::try_from(number / SCALE as f64).map_err(|_| Error::Overflow)?)
        }
        (ValueRef::Integer(number), Kind::Instant) => {
            Value::Instant(jiff::Timestamp::from_microsecond(number).map_err(|_| unexpected())?)
        }
        (ValueRef::Text(bytes), Kind::Text) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        (ValueRef::Text(bytes), Kind::Date) => {
            let text = std::str::from_utf8(bytes).map_err(|_| unexpected())?;
            Value::Date(text.parse().map_err(|_| unexpected())?)
        }
        (ValueRef::Text(bytes), Kind::List) => list_from_text(&String::from_utf8_lossy(bytes)),
        (ValueRef::Blob(bytes), Kind::Id) => Value::Id(Uuid::from_slice(bytes).map_err(|_| unexpected())?),
        _ => return Err(unexpected()),
    })
}
