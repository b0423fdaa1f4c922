//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod demo;
mod demo_trade;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod serve;
pub(crate) mod user;
pub(crate) mod workspace;
