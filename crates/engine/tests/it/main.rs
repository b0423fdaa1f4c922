//! The engine against both databases. One binary, because linking is slow.

mod followers;
mod matrix;
mod properties;
mod scope;
mod upgrade;
mod writes;
