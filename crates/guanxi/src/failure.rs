//! Why a command could not do its work: wrong use, a bad definition or file, a database that cannot be reached. Exit code 2.

use guanxi_engine::Error;
use guanxi_model::Label;
use std::process::ExitCode;

/// What a command answers.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// A failure in words.
#[derive(Debug)]
pub(crate) struct Failure {
    pub message: Label,
}

impl Failure {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: Label::new(zh, en) }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(format!("{}：{error}", path.display()), format!("{}: {error}", path.display()))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { message: error.message() }
    }
}

impl From<guanxi_store::Error> for Failure {
    fn from(error: guanxi_store::Error) -> Self {
        Error::from(error).into()
    }
}
