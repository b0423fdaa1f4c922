//! A database of its own for each test: a SQLite file, or a PostgreSQL schema that is dropped at the end.

use guanxi_store::Location;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use uuid::Uuid;

/// The address of a PostgreSQL server for tests.
const SERVER: &str = "GUANXI_TEST_POSTGRES";

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Db {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A database that goes away with the test.
#[derive(Debug)]
pub struct TestDatabase {
    folder: TempDir,
    location: Location,
}

impl TestDatabase {
    /// An empty database with room for this many connections where that means something.
    ///
    /// # Panics
    /// Without a PostgreSQL server to run on.
    pub fn new(db: Db, connections: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = match db {
            Db::Sqlite => Location::File(folder.path().join("guanxi.db")),
            Db::Postgres => {
                Location::Schema { url: server(), schema: format!("test_{}", Uuid::now_v7().simple()), connections }
            }
        };
        Self { folder, location }
    }

    /// Where it is.
    pub fn location(&self) -> Location {
        self.location.clone()
    }

    /// The folder for files.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder for whatever else a test writes.
    pub fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// A connection past the pool, for tests that need a transaction of their own.
    ///
    /// # Panics
    /// On SQLite.
    pub async fn raw(&self) -> tokio_postgres::Client {
        let Location::Schema { url, schema, .. } = &self.location else {
            panic!("only PostgreSQL has connections of its own")
        };
        connect(url, Some(schema)).await
    }
}

pub(crate) fn server() -> String {
    std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} is not set: run the tests with `make test` (or scripts/with-postgres cargo test), which starts a PostgreSQL for them")
    })
}

pub(crate) async fn connect(url: &str, schema: Option<&str>) -> tokio_postgres::Client {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("the PostgreSQL server of the tests answers");
    tokio::spawn(connection);
    if let Some(schema) = schema {
        client.batch_execute(&format!("SET search_path = \"{schema}\"")).await.expect("the test's schema");
    }
    client
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Location::Schema { url, schema, .. } = self.location.clone() else { return };
        // A runtime of its own: the test's may be ending, or panicking.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let client = connect(&url, None).await;
                // Whatever a test left open must not hold up the others.
                let _ = client
                    .batch_execute(&format!("SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS \"{schema}\" CASCADE"))
                    .await;
            });
            Ok::<_, std::io::Error>(())
        });
        let _ = dropped.join();
    }
}
