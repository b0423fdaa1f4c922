//! Imports and exports. One engine stands behind the command line, the page's wizard and the API.
//!
//! An import goes *file → rows of text ([`source`]) → typed values ([`prepare`]) → lookups, keys, records in batches
//! ([`batch`]) → lookups to rows further down ([`later`])*. Every batch is one transaction that also says how far the
//! import has come and what undoing it needs, so that a killed import can be resumed or undone.

mod approval;
mod audit_table;
mod batch;
mod cell;
mod delimited;
mod export;
mod exports;
mod find;
mod guard;
mod guess;
mod import;
mod jobs;
mod journal;
mod later;
mod load;
mod lookups;
mod mapping;
mod plan;
mod prepare;
mod source;
pub(crate) mod state;
mod tables;
mod undo;
mod workbook;

#[cfg(test)]
mod tests;

pub use export::{ExportRequest, Format, Written};
pub use import::{Imported, Progress};
pub use mapping::{Column, Duplicates, Empty, Encoding, Mapping, Mode, Sheet};
pub use state::{Control, Refused, Summary};
