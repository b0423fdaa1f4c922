//! SQLite: one writer thread that commits in groups, and a few read connections.
//!
//! Every write is a job for the writer thread. Jobs that wait while another commits share the next transaction, each in
//! a savepoint of its own, so that one `fsync` serves many clients; none is answered before the commit is durable.
//! Search tokens are gathered and go into the index right before the commit: FTS5 writes a piece of index at every
//! savepoint that it has seen, and many small pieces are dear to merge. A second thread copies the log into the
//! database file, so that the writer need not.

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
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How many jobs share one transaction at most.
const GROUP: usize = 128;
/// No job joins a transaction that is open for longer than this.
const GROUP_TIME: Duration = Duration::from_millis(8);
/// After so many changed rows the log is copied into the database file.
const CHECKPOINT_AFTER: u64 = 1000;
/// Decimals are stored as integers scaled by this.
const SCALE: i64 = 10_000;

/// What a job leaves behind: whether to keep its changes, and how to tell its client once the commit is known.
pub(crate) struct Done {
    pub keep: bool,
    pub deliver: Box<dyn FnOnce(Result<()>) + Send>,
}

pub(crate) type Job = Box<dyn FnOnce(&mut Tx) -> Done + Send>;

pub(crate) struct Sqlite {
    checkpointer: Mutex<Option<std::thread::JoinHandle<()>>>,
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<std::thread::JoinHandle<()>>>,
    readers: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
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
         PRAGMA cache_size = -32768; PRAGMA mmap_size = 1073741824; PRAGMA wal_autocheckpoint = 32768;
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
        let failed = |error: std::io::Error| Error::Other(error.to_string());
        let copier = open(&path, false)?;
        let (wake, woken) = mpsc::channel();
        let checkpointer = std::thread::Builder::new()
            .name("guanxi-checkpoint".into())
            .spawn(move || checkpoint_loop(&copier, &woken))
            .map_err(failed)?;
        let handle = std::thread::Builder::new()
            .name("guanxi-writer".into())
            .spawn(move || {
                let _runtime = runtime.enter();
                write_loop(writer, &queue, &committed, wake);
            })
            .map_err(failed)?;
        Ok(Self {
            checkpointer: Mutex::new(Some(checkpointer)),
            jobs: Mutex::new(Some(jobs)),
            writer: Mutex::new(Some(handle)),
            readers: Mutex::new(readers),
            permits: Arc::new(Semaphore::new(count)),
        })
    }

    pub(crate) fn submit(&self, job: Job) -> Result<()> {
        let jobs = self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let sender = jobs.as_ref().ok_or_else(|| Error::Unreachable("the database is closed".into()))?;
        sender.send(job).map_err(|_| Error::Unreachable("the database's writer has stopped".into()))
    }

    pub(crate) async fn read(self: &Arc<Self>, sql: Sql) -> Result<Vec<Row>> {
        let Ok(permit) = self.permits.clone().acquire_owned().await else {
            return Err(Error::Unreachable("the database is closed".into()));
        };
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            // Whoever asked may have gone away meanwhile; the connection is in use until the statement ends.
            let _permit = permit;
            let connection = this.lock_readers().pop().ok_or_else(|| Error::Other("no read connection".into()))?;
            let rows = run(&connection, &sql);
            this.lock_readers().push(connection);
            rows
        })
        .await
        .map_err(|error| Error::Other(error.to_string()))?
    }

    /// Reads a few rows by key on the calling thread, which takes less time than handing the statement to another one.
    pub(crate) async fn read_few(self: &Arc<Self>, sql: Sql) -> Result<Vec<Row>> {
        let Ok(_permit) = self.permits.try_acquire() else { return self.read(sql).await };
        let connection = self.lock_readers().pop().ok_or_else(|| Error::Other("no read connection".into()))?;
        let rows = run(&connection, &sql);
        self.lock_readers().push(connection);
        rows
    }

    fn lock_readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits until every job has been written; nothing is accepted afterwards.
    pub(crate) fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        for thread in [&self.writer, &self.checkpointer] {
            if let Some(handle) = thread.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
                let _ = handle.join();
            }
        }
    }
}

/// The writer's connection, and the search tokens that are written before the commit.
pub(crate) struct Writing {
    pub connection: Connection,
    search: Vec<Entry>,
    marks: Vec<usize>,
}

enum Entry {
    /// A new row.
    Add(String, i64, String),
    /// A row that may have tokens already.
    Replace(String, i64, String),
    /// A row that goes.
    Remove(String, i64),
}

impl Writing {
    pub fn new(connection: Connection) -> Self {
        Self { connection, search: Vec::new(), marks: Vec::new() }
    }

    /// Indexes the row that was inserted last.
    pub fn index_inserted(&mut self, object: &str, tokens: &str) {
        self.search.push(Entry::Add(object.to_owned(), self.connection.last_insert_rowid(), tokens.to_owned()));
    }

    /// Indexes a row anew.
    pub fn index(&mut self, object: &str, row: i64, tokens: &str) {
        self.search.push(Entry::Replace(object.to_owned(), row, tokens.to_owned()));
    }

    /// Takes a row out of the index.
    pub fn unindex(&mut self, object: &str, row: i64) {
        self.search.push(Entry::Remove(object.to_owned(), row));
    }

    /// A savepoint begins.
    pub fn mark(&mut self) {
        self.marks.push(self.search.len());
    }

    /// The last savepoint ends.
    pub fn end_mark(&mut self, keep: bool) {
        if let Some(mark) = self.marks.pop()
            && !keep
        {
            self.search.truncate(mark);
        }
    }

    /// Where a job begins.
    fn place(&self) -> (usize, usize) {
        (self.search.len(), self.marks.len())
    }

    /// A job ends that began there. One that failed may have left savepoints open.
    fn end_job(&mut self, (entries, marks): (usize, usize), keep: bool) {
        self.marks.truncate(marks);
        if !keep {
            self.search.truncate(entries);
        }
    }

    fn forget(&mut self) {
        self.search.clear();
        self.marks.clear();
    }

    fn batch(&self, text: &str) -> Result<()> {
        Ok(self.connection.execute_batch(text)?)
    }

    fn write_search(&mut self) -> Result<()> {
        for entry in std::mem::take(&mut self.search) {
            // Names of objects come from the catalogue.
            match entry {
                Entry::Add(object, row, tokens) => {
                    let sql = format!("INSERT INTO \"{object}__search\" (rowid, tokens) VALUES (?, ?)");
                    self.connection.prepare_cached(&sql)?.execute((row, tokens))?;
                }
                Entry::Replace(object, row, tokens) => {
                    let sql = format!("INSERT OR REPLACE INTO \"{object}__search\" (rowid, tokens) VALUES (?, ?)");
                    self.connection.prepare_cached(&sql)?.execute((row, tokens))?;
                }
                Entry::Remove(object, row) => {
                    let sql = format!("DELETE FROM \"{object}__search\" WHERE rowid = ?");
                    self.connection.prepare_cached(&sql)?.execute([row])?;
                }
            }
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        let outcome = self.write_search().and_then(|()| self.batch("COMMIT"));
        if outcome.is_err() {
            let _ = self.batch("ROLLBACK");
        }
        self.forget();
        outcome
    }
}

fn write_loop(writer: Connection, queue: &mpsc::Receiver<Job>, committed: &impl Fn(), wake: mpsc::Sender<()>) {
    let mut tx = Tx::sqlite(writer);
    let mut copied = 0;
    while let Ok(first) = queue.recv() {
        let begun = Instant::now();
        if let Err(error) = begin(&mut tx) {
            refuse(first, error);
            continue;
        }
        let mut done = Vec::new();
        let first = first(&mut tx);
        if first.keep {
            done.push(first);
        } else {
            // It was alone so far: no savepoint is needed to take it back.
            let outcome = begin_anew(&mut tx);
            let lost = outcome.is_err();
            (first.deliver)(outcome);
            if lost {
                continue;
            }
        }
        while done.len() < GROUP
            && begun.elapsed() < GROUP_TIME
            && let Ok(job) = queue.try_recv()
        {
            done.push(run_job(&mut tx, job));
        }
        let outcome = tx.writing().map_or(Ok(()), Writing::commit);
        for job in done {
            (job.deliver)(outcome.clone());
        }
        committed();
        let changed = tx.writing().map_or(0, |writing| writing.connection.total_changes());
        if changed.saturating_sub(copied) > CHECKPOINT_AFTER {
            copied = changed;
            let _ = wake.send(());
        }
    }
    drop(wake);
    // A clean stop leaves no log behind.
    if let Some(writing) = tx.writing() {
        let _ = writing.batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

fn begin(tx: &mut Tx) -> Result<()> {
    tx.writing().map_or(Ok(()), |writing| writing.batch("BEGIN IMMEDIATE"))
}

fn begin_anew(tx: &mut Tx) -> Result<()> {
    let Some(writing) = tx.writing() else { return Ok(()) };
    writing.forget();
    // SQLite may have taken it back by itself, when the disk is full.
    let _ = writing.batch("ROLLBACK");
    writing.batch("BEGIN IMMEDIATE")
}

fn run_job(tx: &mut Tx, job: Job) -> Done {
    let place = tx.writing().map(|writing| writing.place()).unwrap_or_default();
    if let Err(error) = tx.writing().map_or(Ok(()), |writing| writing.batch("SAVEPOINT job")) {
        return Done { keep: false, deliver: Box::new(move |_| refuse(job, error)) };
    }
    let done = job(tx);
    let ended = tx.writing().map_or(Ok(()), |writing| {
        writing.end_job(place, done.keep);
        writing.batch(if done.keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" })
    });
    match ended {
        Ok(()) => done,
        Err(error) => Done { keep: false, deliver: Box::new(move |_| (done.deliver)(Err(error))) },
    }
}

/// Copies the log into the database file whenever there is something to copy, beside the writer.
fn checkpoint_loop(connection: &Connection, wake: &mpsc::Receiver<()>) {
    while wake.recv().is_ok() {
        while wake.try_recv().is_ok() {}
        // Busy is fine: the writer's own checkpoint comes to it.
        let _ = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dialect, sql::statement};

    /// Whoever goes away before he is answered leaves no reader without a connection.
    #[tokio::test(flavor = "multi_thread")]
    async fn who_goes_away_takes_no_connection_along() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Arc::new(Sqlite::open(folder.path().join("test.db"), || {}).expect("a database"));
        let slow =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT COUNT(*) FROM n";
        let ask = |text: &str| {
            let (database, sql) = (database.clone(), statement(Dialect::Sqlite, text, vec![], &[Kind::Int]));
            tokio::spawn(async move { database.read(sql).await })
        };
        for _ in 0..5 {
            let gone: Vec<_> = (0..8).map(|_| ask(slow)).collect();
            tokio::time::sleep(Duration::from_millis(5)).await;
            gone.iter().for_each(tokio::task::JoinHandle::abort);
            let staying: Vec<_> = (0..32).map(|_| ask("SELECT 1")).collect();
            for one in staying {
                assert_eq!(one.await.expect("it ran").expect("an answer").len(), 1);
            }
        }
        database.close();
    }

    #[test]
    fn a_failed_job_takes_its_search_words_along() {
        let mut writing = Writing::new(Connection::open_in_memory().expect("a database"));
        writing.index("customer", 1, "kept");
        let place = writing.place();
        writing.index("customer", 2, "before the savepoint");
        writing.mark();
        writing.index("customer", 3, "after it");
        // The job failed before it could end its savepoint.
        writing.end_job(place, false);
        assert_eq!((writing.search.len(), writing.marks.len()), (1, 0));
        writing.mark();
        writing.index("customer", 4, "taken back");
        writing.end_mark(false);
        assert_eq!(writing.search.len(), 1);
    }
}
