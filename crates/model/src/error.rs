//! Errors of definitions and of input, in both languages.

use crate::label::{Label, Lang};
use serde::Serialize;

/// A mistake in an object definition, with the place a person must look at.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("{file}:{line}: {message}")]
pub struct DefinitionError {
    /// The definition's file, or `custom field of …` for one made at run time.
    pub file: String,
    /// Line from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Input that a field refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name; empty when the whole record is meant.
    pub field: String,
    /// A stable word for programs: `required`, `wrong_type`, `too_long`, `unknown_option` …
    pub code: &'static str,
    /// What was wrong and what to do.
    #[serde(skip)]
    pub message: Label,
}

impl FieldError {
    /// Makes an error for a field.
    pub fn new(field: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: field.to_owned(), code, message: Label::new(zh, en) }
    }

    /// The message in one language.
    pub fn message(&self, lang: Lang) -> &str {
        self.message.get(lang)
    }
}

/// Shortens text from outside before it is put into a message.
pub fn excerpt(text: &str) -> String {
    let mut out: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        out.push('…');
    }
    out
}
