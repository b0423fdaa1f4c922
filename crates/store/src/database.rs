//! One workspace's database, whichever it is.

use crate::{
    Result,
    dialect::Dialect,
    error::Error,
    location::Location,
    postgres::{self, Postgres},
    schema::SEARCH_COLUMN,
    sequence::Counters,
    sql::{Row, Sql},
    sqlite::{self, Done, Sqlite},
};
use futures::future::BoxFuture;
use guanxi_model::{Kind, Value};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::{oneshot, watch};

/// A workspace's database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    backend: Backend,
    committed: Arc<watch::Sender<u64>>,
    reads: Arc<AtomicU64>,
}

#[derive(Clone)]
enum Backend {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({:?})", self.dialect())
    }
}

impl Database {
    /// Opens the database, making the file or schema if it is not there.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(location: &Location) -> Result<Self> {
        let committed = Arc::new(watch::Sender::new(0));
        let backend = match location {
            Location::File(path) => {
                let signal = committed.clone();
                Backend::Sqlite(Arc::new(Sqlite::open(path.clone(), move || signal.send_modify(|count| *count += 1))?))
            }
            Location::Schema { url, schema, connections } => {
                Backend::Postgres(Arc::new(Postgres::open(url, schema, *connections).await?))
            }
        };
        Ok(Self { backend, committed, reads: Arc::default() })
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        match self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// An empty statement for this database.
    pub fn sql(&self) -> Sql {
        Sql::new(self.dialect())
    }

    /// Wakes whenever this process committed something.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// With how many statements it was read so far: what is hidden and what is not there must take as many.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Reads outside any transaction.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn read(&self, sql: Sql) -> Result<Vec<Row>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.read(sql).await,
            Backend::Postgres(postgres) => postgres.read(sql).await,
        }
    }

    /// Reads a few rows by their keys. Nothing that may scan belongs here: on SQLite it holds up the calling thread.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn read_few(&self, sql: Sql) -> Result<Vec<Row>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.read_few(sql).await,
            Backend::Postgres(postgres) => postgres.read(sql).await,
        }
    }

    /// Runs a job in a transaction and answers after the commit. An error from the job rolls all of it back.
    /// The job runs to its end even when nobody waits for the answer any more.
    ///
    /// # Errors
    /// The job's own, or the database's.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.backend {
            Backend::Sqlite(sqlite) => {
                let (answer, result) = oneshot::channel();
                sqlite.submit(Box::new(move |tx| {
                    let run = std::panic::AssertUnwindSafe(|| futures::executor::block_on(job(tx)));
                    let result = std::panic::catch_unwind(run).unwrap_or_else(|_| {
                        Err(Error::Other("a rule or the engine panicked; nothing was written".into()).into())
                    });
                    let keep = result.is_ok();
                    let deliver = Box::new(move |commit: Result<()>| {
                        let result = match (result, commit) {
                            (Ok(_), Err(error)) => Err(error.into()),
                            (result, _) => result,
                        };
                        // Nobody listening is fine: the client went away, the write stands.
                        let _ = answer.send(result);
                    });
                    Done { keep, deliver }
                }))?;
                result
                    .await
                    .unwrap_or_else(|_| Err(Error::Unreachable("the database's writer has stopped".into()).into()))
            }
            Backend::Postgres(postgres) => {
                let committed = self.committed.clone();
                transaction(&postgres.pool, job, move || committed.send_modify(|count| *count += 1)).await
            }
        }
    }

    /// A short transaction apart from the one that is open, which writes nothing that anybody follows: PostgreSQL only,
    /// where it has connections of its own.
    ///
    /// # Errors
    /// The job's own, or the database's.
    pub(crate) async fn write_apart<T, F>(&self, job: F) -> Result<T>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        match &self.backend {
            Backend::Postgres(postgres) => transaction(&postgres.side, job, || ()).await,
            Backend::Sqlite(_) => Err(Error::Other("SQLite has one writer".into())),
        }
    }

    /// Numbers that wait to be given out together; PostgreSQL only.
    pub(crate) fn counters(&self) -> Option<&Counters> {
        match &self.backend {
            Backend::Postgres(postgres) => Some(&postgres.counters),
            Backend::Sqlite(_) => None,
        }
    }

    /// Runs one statement that changes something in a transaction of its own.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn execute(&self, sql: Sql) -> Result<u64> {
        self.write(move |tx| Box::pin(async move { tx.execute(&sql).await })).await
    }

    /// Stops accepting work and waits for what was accepted.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(sqlite) => {
                let sqlite = sqlite.clone();
                let _ = tokio::task::spawn_blocking(move || sqlite.close()).await;
            }
            Backend::Postgres(postgres) => {
                postgres.pool.close();
                postgres.side.close();
            }
        }
    }
}

async fn transaction<T, E, F>(
    pool: &deadpool_postgres::Pool,
    job: F,
    committed: impl FnOnce() + Send + 'static,
) -> Result<T, E>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let client = pool.get().await.map_err(Error::from)?;
    // A task of its own: a client that goes away must not leave a transaction half done.
    let task = tokio::spawn(async move {
        let mut tx = Tx::postgres(client);
        tx.begin().await?;
        let result = job(&mut tx).await;
        tx.end(result.is_ok()).await?;
        committed();
        result
    });
    task.await.unwrap_or_else(|_| Err(Error::Other("a rule or the engine panicked; nothing was written".into()).into()))
}

/// An open transaction.
pub struct Tx {
    inner: Inner,
}

enum Inner {
    Sqlite(sqlite::Writing),
    Postgres { client: Option<deadpool_postgres::Object>, open: bool },
    Closed(Error),
}

impl Tx {
    pub(crate) fn sqlite(connection: rusqlite::Connection) -> Self {
        Self { inner: Inner::Sqlite(sqlite::Writing::new(connection)) }
    }

    pub(crate) fn closed(error: Error) -> Self {
        Self { inner: Inner::Closed(error) }
    }

    fn postgres(client: deadpool_postgres::Object) -> Self {
        Self { inner: Inner::Postgres { client: Some(client), open: false } }
    }

    /// The writer's own connection and what it has yet to index; nothing on PostgreSQL.
    pub(crate) fn writing(&mut self) -> Option<&mut sqlite::Writing> {
        match &mut self.inner {
            Inner::Sqlite(writing) => Some(writing),
            _ => None,
        }
    }

    fn client(&self) -> Result<&deadpool_postgres::Object> {
        match &self.inner {
            Inner::Postgres { client: Some(client), .. } => Ok(client),
            Inner::Closed(error) => Err(error.clone()),
            _ => Err(Error::Other("no connection".into())),
        }
    }

    async fn begin(&mut self) -> Result<()> {
        self.client()?.batch_execute("BEGIN").await?;
        if let Inner::Postgres { open, .. } = &mut self.inner {
            *open = true;
        }
        Ok(())
    }

    async fn end(&mut self, keep: bool) -> Result<()> {
        let outcome = self.client()?.batch_execute(if keep { "COMMIT" } else { "ROLLBACK" }).await;
        if outcome.is_ok()
            && let Inner::Postgres { open, .. } = &mut self.inner
        {
            *open = false;
        }
        Ok(outcome?)
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Postgres { .. } => Dialect::Postgres,
            Inner::Sqlite(_) | Inner::Closed(_) => Dialect::Sqlite,
        }
    }

    /// An empty statement for this database.
    pub fn sql(&self) -> Sql {
        Sql::new(self.dialect())
    }

    /// Reads within the transaction.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn query(&mut self, sql: &Sql) -> Result<Vec<Row>> {
        match &self.inner {
            Inner::Sqlite(writing) => sqlite::run(&writing.connection, sql),
            _ => postgres::run(self.client()?, sql).await,
        }
    }

    /// Changes something; answers how many rows.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn execute(&mut self, sql: &Sql) -> Result<u64> {
        match &self.inner {
            Inner::Sqlite(writing) => sqlite::execute(&writing.connection, &sql.text, &sql.params),
            _ => postgres::execute(self.client()?, &sql.text, &sql.params).await,
        }
    }

    /// Runs statements without parameters, several separated by semicolons.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn batch(&mut self, text: &str) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(writing) => Ok(writing.connection.execute_batch(text)?),
            _ => Ok(self.client()?.batch_execute(text).await?),
        }
    }

    /// Inserts rows: one prepared statement run per row on SQLite, one statement for all of them on PostgreSQL.
    ///
    /// # Errors
    /// Whatever the database says; nothing of the call is kept then.
    pub async fn insert_rows(&mut self, table: &str, columns: &[(&str, Kind)], rows: &[Row]) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        let mut sql = self.sql();
        sql.push("INSERT INTO ").ident(table).push(" (");
        for (index, (name, _)) in columns.iter().enumerate() {
            if index > 0 {
                sql.push(", ");
            }
            sql.ident(name);
        }
        match &self.inner {
            Inner::Sqlite(writing) => {
                sql.push(") VALUES (").bind_all(columns.iter().map(|_| Value::Null)).push(")");
                for row in rows {
                    sqlite::execute(&writing.connection, &sql.text, row)?;
                }
                Ok(rows.len() as u64)
            }
            _ => {
                sql.push(") SELECT ");
                for (index, (name, kind)) in columns.iter().enumerate() {
                    let cast = Dialect::array_cast(*kind).1;
                    sql.push(if index > 0 { ", " } else { "" });
                    if *name == SEARCH_COLUMN {
                        sql.push(&format!("array_to_tsvector(string_to_array(c{index}, ' '))"));
                    } else {
                        sql.push(&format!("c{index}{cast}"));
                    }
                }
                sql.push(" FROM unnest(");
                for (index, (_, kind)) in columns.iter().enumerate() {
                    let array = Dialect::array_cast(*kind).0;
                    sql.push(if index > 0 { ", " } else { "" }).push(&format!("${}::{array}", index + 1));
                }
                sql.push(") AS r(");
                for index in 0..columns.len() {
                    sql.push(if index > 0 { ", " } else { "" }).push(&format!("c{index}"));
                }
                sql.push(")");
                let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
                postgres::insert_arrays(self.client()?, &sql.text, &kinds, rows).await
            }
        }
    }

    /// Lets one transaction at a time past this point, until it ends: for what holds over several rows and so cannot be
    /// guarded by locking one. SQLite has one writer anyway.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn one_at_a_time(&mut self, what: &'static str) -> Result<()> {
        match self.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => {
                self.batch(&format!("SELECT pg_advisory_xact_lock(7102, hashtext(current_schema() || '.{what}'))"))
                    .await
            }
        }
    }

    /// Begins a part that can be taken back by itself.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn savepoint(&mut self) -> Result<()> {
        self.batch("SAVEPOINT part").await?;
        if let Some(writing) = self.writing() {
            writing.mark();
        }
        Ok(())
    }

    /// Keeps or takes back what happened since [`Tx::savepoint`].
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn end_savepoint(&mut self, keep: bool) -> Result<()> {
        if let Some(writing) = self.writing() {
            writing.end_mark(keep);
        }
        self.batch(if keep { "RELEASE SAVEPOINT part" } else { "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part" })
            .await
    }

    /// Begins one statement that may be refused. PostgreSQL gives up the whole transaction when a statement fails unless
    /// it stands in a savepoint; SQLite takes back just the statement.
    ///
    /// # Errors
    /// Whatever the database says.
    pub(crate) async fn guard(&mut self, needed: bool) -> Result<()> {
        if needed && self.dialect() == Dialect::Postgres { self.savepoint().await } else { Ok(()) }
    }

    /// Ends the statement begun with [`Tx::guard`].
    ///
    /// # Errors
    /// Whatever the database says.
    pub(crate) async fn end_guard(&mut self, needed: bool, keep: bool) -> Result<()> {
        if needed && self.dialect() == Dialect::Postgres { self.end_savepoint(keep).await } else { Ok(()) }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        // A connection whose transaction did not end goes back to nobody: dropping it makes the server roll back.
        if let Inner::Postgres { client, open: true } = &mut self.inner
            && let Some(client) = client.take()
        {
            drop(deadpool_postgres::Object::take(client));
        }
    }
}
