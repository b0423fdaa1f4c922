//! What a record *is*: object definitions, field types, values, filters, formulas and the catalogue that holds them.
//!
//! This crate does no I/O: it neither reads files nor talks to a database nor looks at the clock. Everything it needs
//! (text of definitions, "now", the time zone) is handed in.

pub mod catalogue;
pub mod coerce;
pub mod dates;
pub mod error;
pub mod field;
pub mod filter;
pub mod formula;
pub mod json;
pub mod label;
pub mod mask;
pub mod normalise;
pub mod notice;
pub mod object;
pub mod pinyin;
pub mod regions;
pub mod tokens;
pub mod value;

pub use catalogue::{Catalogue, Source};
pub use coerce::CoerceContext;
pub use error::{DefinitionError, FieldError};
pub use field::{FieldDef, FieldType, Operator};
pub use filter::{Condition, Filter, Operand};
pub use label::{Label, Lang};
pub use mask::Mask;
pub use object::{ObjectDef, Trait};
pub use value::{Kind, Value};
