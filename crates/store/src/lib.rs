//! SQL: the two dialects, tables kept in step with the catalogue, rows, search tokens and the change log.
//!
//! Nothing here decides who may see what; the engine hands in a [`guanxi_access::RowFilter`] with every read of records
//! and this crate makes it part of the query. Identifiers in SQL come only from the catalogue or from constants here;
//! everything that a person typed is bound as a parameter.

pub mod audit;
pub mod changes;
pub mod claims;
mod database;
pub mod dialect;
mod error;
pub mod former;
pub mod location;
pub mod platform;
mod postgres;
pub mod query;
pub mod records;
pub mod schema;
pub mod seals;
pub mod sequence;
pub mod sql;
mod sqlite;
pub mod turns;

pub use database::{Database, Tx};
pub use dialect::Dialect;
pub use error::Error;
pub use location::Location;
pub use sql::{Column, Row, Sql};

/// Result of a store operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;
