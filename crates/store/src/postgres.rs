//! PostgreSQL: a pool of connections whose search path is the workspace's schema.

use crate::{
    Result,
    error::Error,
    sequence::Counters,
    sql::{Row, Sql},
    sqlite::{list_from_text, list_text},
};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use guanxi_model::{Kind, Value};
use rust_decimal::Decimal;
use std::{error::Error as StdError, str::FromStr, time::Duration};
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use tokio_postgres::{Config, NoTls, Statement};
use uuid::Uuid;

pub(crate) struct Postgres {
    /// Reads and transactions.
    pub pool: Pool,
    /// Short transactions begun while another one is open. Were they to wait in the same queue, transactions that hold
    /// every connection could wait for each other for ever.
    pub side: Pool,
    pub counters: Counters,
}

impl Postgres {
    pub(crate) async fn open(url: &str, schema: &str, size: usize) -> Result<Self> {
        let mut config = Config::from_str(url).map_err(|error| Error::Unreachable(error.to_string()))?;
        let quoted = schema.replace('"', "");
        config.options(format!("-c search_path=\"{quoted}\" -c timezone=UTC -c jit=off"));
        config.application_name("guanxi");
        config.connect_timeout(Duration::from_secs(10));
        let make = |size: usize| {
            let fast = ManagerConfig { recycling_method: RecyclingMethod::Fast };
            Pool::builder(Manager::from_config(config.clone(), NoTls, fast))
                .max_size(size)
                .wait_timeout(Some(Duration::from_secs(30)))
                .runtime(Runtime::Tokio1)
                .build()
                .map_err(|error| Error::Unreachable(error.to_string()))
        };
        let (pool, side) = (make(size)?, make(4)?);
        let client = pool.get().await?;
        client.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS \"{quoted}\"")).await?;
        drop(client);
        Ok(Self { pool, side, counters: Counters::default() })
    }

    pub(crate) async fn read(&self, sql: Sql) -> Result<Vec<Row>> {
        let client = self.pool.get().await?;
        if !sql.by_index {
            return run(&client, &sql).await;
        }
        let statement = client.prepare_cached(&sql.text).await?;
        // All three are on their way at once, so the setting costs no round trip and ends with the statement.
        let (begun, rows, ended) = futures::join!(
            client.batch_execute(BY_INDEX),
            query(&client, &statement, &sql),
            client.batch_execute("COMMIT")
        );
        begun?;
        ended?;
        rows
    }
}

/// How a statement that shall go through indexes begins. Planning it for the words at hand would take longer than it runs,
/// and tell nothing.
const BY_INDEX: &str =
    "BEGIN READ ONLY; SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan";

pub(crate) async fn run(client: &Object, sql: &Sql) -> Result<Vec<Row>> {
    let statement = client.prepare_cached(&sql.text).await?;
    query(client, &statement, sql).await
}

async fn query(client: &Object, statement: &Statement, sql: &Sql) -> Result<Vec<Row>> {
    let params: Vec<Param> = sql.params.iter().map(Param).collect();
    let references: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as &(dyn ToSql + Sync)).collect();
    let rows = client.query(statement, &references).await?;
    rows.iter()
        .map(|row| sql.columns.iter().enumerate().map(|(index, kind)| decode(row, index, *kind)).collect())
        .collect()
}

pub(crate) async fn execute(client: &Object, text: &str, params: &[Value]) -> Result<u64> {
    let statement = client.prepare_cached(text).await?;
    let params: Vec<Param> = params.iter().map(Param).collect();
    let references: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as &(dyn ToSql + Sync)).collect();
    Ok(client.execute(&statement, &references).await?)
}

/// Inserts any number of rows with one statement, one array per column.
pub(crate) async fn insert_arrays(client: &Object, text: &str, kinds: &[Kind], rows: &[Row]) -> Result<u64> {
    let statement = client.prepare_cached(text).await?;
    let arrays: Vec<Box<dyn ToSql + Sync + Send>> =
        kinds.iter().enumerate().map(|(index, kind)| array(*kind, rows, index)).collect();
    let references: Vec<&(dyn ToSql + Sync)> =
        arrays.iter().map(|array| array.as_ref() as &(dyn ToSql + Sync)).collect();
    Ok(client.execute(&statement, &references).await?)
}

fn array(kind: Kind, rows: &[Row], index: usize) -> Box<dyn ToSql + Sync + Send> {
    fn gather<T>(rows: &[Row], index: usize, pick: impl Fn(&Value) -> Option<T>) -> Vec<Option<T>> {
        rows.iter().map(|row| pick(&row[index])).collect()
    }
    match kind {
        Kind::Bool => Box::new(gather(rows, index, Value::as_bool)),
        Kind::Int => Box::new(gather(rows, index, Value::as_int)),
        Kind::Decimal => Box::new(gather(rows, index, Value::as_decimal)),
        Kind::Text => Box::new(gather(rows, index, |value| value.as_text().map(str::to_owned))),
        Kind::Date => {
            Box::new(gather(rows, index, |value| if let Value::Date(date) = value { Some(*date) } else { None }))
        }
        Kind::Instant => Box::new(gather(rows, index, Value::as_instant)),
        Kind::Id => Box::new(gather(rows, index, Value::as_id)),
        Kind::List => {
            Box::new(gather(rows, index, |value| if value.is_null() { None } else { Some(list_text(value)) }))
        }
    }
}

#[derive(Debug)]
struct Param<'a>(&'a Value);

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(flag) => flag.to_sql(ty, out),
            Value::Int(number) => match *ty {
                Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
                Type::NUMERIC => Decimal::from(*number).to_sql(ty, out),
                _ => number.to_sql(ty, out),
            },
            Value::Decimal(number) => number.to_sql(ty, out),
            Value::Text(text) => match *ty {
                Type::JSON | Type::JSONB => serde_json::from_str::<serde_json::Value>(text)?.to_sql(ty, out),
                _ => text.to_sql(ty, out),
            },
            Value::Date(date) => date.to_sql(ty, out),
            Value::Instant(moment) => moment.to_sql(ty, out),
            Value::Id(id) => id.to_sql(ty, out),
            Value::List(members) => match *ty {
                Type::TEXT_ARRAY => members
                    .iter()
                    .map(|member| member.as_text().unwrap_or_default())
                    .collect::<Vec<_>>()
                    .to_sql(ty, out),
                Type::UUID_ARRAY => members.iter().filter_map(Value::as_id).collect::<Vec<_>>().to_sql(ty, out),
                _ => serde_json::from_str::<serde_json::Value>(&list_text(self.0))?.to_sql(ty, out),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn decode(row: &tokio_postgres::Row, index: usize, kind: Kind) -> Result<Value> {
    Ok(match kind {
        Kind::Bool => row.try_get::<_, Option<bool>>(index)?.into(),
        Kind::Int => row.try_get::<_, Option<i64>>(index)?.into(),
        Kind::Decimal => {
            row.try_get::<_, Option<Decimal>>(index)?.map_or(Value::Null, |number| Value::Decimal(number.normalize()))
        }
        Kind::Text => row.try_get::<_, Option<String>>(index)?.into(),
        Kind::Date => row.try_get::<_, Option<jiff::civil::Date>>(index)?.map_or(Value::Null, Value::Date),
        Kind::Instant => row.try_get::<_, Option<jiff::Timestamp>>(index)?.into(),
        Kind::Id => row.try_get::<_, Option<Uuid>>(index)?.into(),
        Kind::List => row
            .try_get::<_, Option<serde_json::Value>>(index)?
            .map_or(Value::Null, |json| list_from_text(&json.to_string())),
    })
}
