//! The one door: every read and write of records goes through [`Engine`] with a [`Viewer`].
//!
//! A write takes the path *coerce → may this viewer? → defaults, numbering → rules → validate → duplicates → one
//! transaction with row, search tokens and change-log row → commit → wake followers*. See [`save`].

mod access_log;
mod actions;
mod aggregate;
mod audit;
pub mod auth;
pub mod calendars;
mod catalogue;
mod chores;
mod data_safety;
mod describe;
mod duplicates;
mod error;
mod figures;
pub mod files;
mod follow;
mod handover;
mod history;
mod notifications;
mod numbering;
mod organisation;
mod outside;
mod pace;
mod present;
mod process;
mod read;
mod remove;
pub mod requests;
mod roles;
mod rules;
pub mod save;
pub mod seal;
mod search;
pub mod seed;
mod sharing;
mod team;
pub mod transfer;
mod upgrade;
mod workspace;
mod workspace_settings;
pub mod workspaces;

pub use aggregate::AggregateRequest;
pub use audit::AuditFilter;
pub use calendars::Calendar;
pub use chores::{Chore, Decide};
pub use data_safety::DataSafety;
pub use error::{Error, Result};
pub use figures::Figures;
pub use guanxi_access::{Ability, Grant, Network, Rights, Scope, Via, Viewer};
pub use notifications::{Due, Reminders};
pub use read::{ListRequest, Page};
pub use rules::{Action, Context, Draft, Follower, Module, Rule, Rules};
pub use save::{Outcome, Saved, Step, Write};
pub use search::SearchRequest;
pub use workspace::{Clock, Engine, Live, Options, Settings, SystemClock};
pub use workspaces::{Card, CardChange, Workspaces};
