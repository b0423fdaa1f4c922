//! Where workspaces are: a SQLite file each, or a schema each of one PostgreSQL database; and how a whole one is found,
//! measured, put in another's place and removed.

use crate::{Result, error::Error};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};
use tokio_postgres::{Client, Config, NoTls};

/// Where a workspace's data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A schema of a PostgreSQL database.
    Schema {
        /// `postgres://…`
        url: String,
        /// The schema's name.
        schema: String,
        /// How many connections at most.
        connections: usize,
    },
}

/// Schemas with the platform's tables in them. Others of the same database are somebody else's.
const OURS: &str = "SELECT n.nspname FROM pg_namespace n
     WHERE EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = '_meta' AND c.relkind = 'r')
       AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = '_changes' AND c.relkind IN ('r', 'p'))
       AND has_schema_privilege(n.oid, 'USAGE')";

/// A connection for one errand: what concerns whole schemas belongs to none of their pools.
async fn connect(url: &str) -> Result<Client> {
    let mut config = Config::from_str(url).map_err(|error| Error::Unreachable(error.to_string()))?;
    config.application_name("guanxi");
    config.connect_timeout(Duration::from_secs(10));
    let (client, connection) = config.connect(NoTls).await?;
    // Ends with the client.
    tokio::spawn(connection);
    Ok(client)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', ""))
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::Unreachable(format!("{}: {error}", path.display()))
}

/// The schemas of a PostgreSQL database that hold workspaces.
///
/// # Errors
/// When it cannot be reached.
pub async fn schemas(url: &str) -> Result<Vec<String>> {
    let rows = connect(url).await?.query(OURS, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Is there a schema of this name, ours or not?
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_schema(url: &str, schema: &str) -> Result<bool> {
    let found = connect(url).await?.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema]).await?;
    Ok(found.is_some())
}

/// Gives a schema the name under which it is used; one that has it already is called `former` from then on. Both at once,
/// or neither.
///
/// # Errors
/// When the database cannot be reached, or the name is taken and `former` is none.
pub async fn rename_schema(url: &str, from: &str, to: &str, former: Option<&str>) -> Result<()> {
    let mut client = connect(url).await?;
    let work = client.transaction().await?;
    work.batch_execute("SET LOCAL lock_timeout = '10s'").await?;
    if let Some(former) = former {
        work.batch_execute(&format!("ALTER SCHEMA {} RENAME TO {}", quoted(to), quoted(former))).await?;
    }
    work.batch_execute(&format!("ALTER SCHEMA {} RENAME TO {}", quoted(from), quoted(to))).await?;
    Ok(work.commit().await?)
}

impl Location {
    /// How many bytes it takes.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn bytes(&self) -> Result<u64> {
        match self {
            Self::File(path) => Ok(std::fs::metadata(path).map_err(|error| failed(path, &error))?.len()),
            Self::Schema { url, schema, .. } => {
                let text = "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint
                     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname = $1 AND c.relkind IN ('r', 'm')";
                let row = connect(url).await?.query_one(text, &[schema]).await?;
                Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or_default())
            }
        }
    }

    /// Which workspace lies there now: who has a file open goes on reading it when another one has taken its place. A schema's
    /// name is looked up with every statement, so that its connections know.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn instance(&self) -> Result<Option<String>> {
        let Self::File(path) = self else { return Ok(None) };
        let path = path.clone();
        let look = tokio::task::spawn_blocking(move || {
            let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            connection.busy_timeout(Duration::from_secs(5))?;
            let text = "SELECT value FROM _meta WHERE key = 'instance'";
            connection.query_row(text, [], |row| row.get(0)).optional()
        });
        Ok(look.await.map_err(|error| Error::Other(error.to_string()))??)
    }

    /// Removes a schema with everything in it. A file goes with its folder.
    ///
    /// # Errors
    /// When it cannot be reached, or somebody works in it.
    pub async fn remove(&self) -> Result<()> {
        if let Self::Schema { url, schema, .. } = self {
            let text = format!("SET lock_timeout = '10s'; DROP SCHEMA IF EXISTS {} CASCADE", quoted(schema));
            connect(url).await?.batch_execute(&text).await?;
        }
        Ok(())
    }
}
