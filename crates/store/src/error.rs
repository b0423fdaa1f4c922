//! What can go wrong below the engine.

/// A storage error.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Two rows with the same value where only one may be; names the index or constraint.
    #[error("not unique: {0}")]
    NotUnique(String),
    /// The database is locked by another process for too long.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A sum left the range of exact numbers.
    #[error("a sum is out of range")]
    Overflow,
    /// The database cannot be reached or refuses the sign-in.
    #[error("cannot reach the database: {0}")]
    Unreachable(String),
    /// The operation took too long and was stopped.
    #[error("the query took too long")]
    Timeout,
    /// A text with characters that this database cannot hold (NUL on PostgreSQL).
    #[error("the text has characters that cannot be kept")]
    BadText,
    /// Anything else, with the driver's words.
    #[error("database error: {0}")]
    Other(String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match &error {
            rusqlite::Error::SqliteFailure(failure, message) => {
                let text = message.clone().unwrap_or_else(|| failure.to_string());
                match failure.code {
                    ErrorCode::ConstraintViolation if text.starts_with("UNIQUE") => Self::NotUnique(text),
                    ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy(text),
                    ErrorCode::OperationInterrupted => Self::Timeout,
                    ErrorCode::CannotOpen | ErrorCode::NotADatabase => Self::Unreachable(text),
                    _ if text.contains("integer overflow") => Self::Overflow,
                    _ => Self::Other(text),
                }
            }
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(problem) = error.as_db_error() else { return Self::Unreachable(error.to_string()) };
        match *problem.code() {
            SqlState::UNIQUE_VIOLATION => Self::NotUnique(problem.constraint().unwrap_or_default().to_owned()),
            SqlState::QUERY_CANCELED => Self::Timeout,
            SqlState::CHARACTER_NOT_IN_REPERTOIRE | SqlState::UNTRANSLATABLE_CHARACTER => Self::BadText,
            SqlState::NUMERIC_VALUE_OUT_OF_RANGE => Self::Overflow,
            SqlState::LOCK_NOT_AVAILABLE | SqlState::T_R_DEADLOCK_DETECTED => Self::Busy(problem.message().to_owned()),
            _ => Self::Other(format!("{} ({})", problem.message(), problem.code().code())),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            other => Self::Unreachable(other.to_string()),
        }
    }
}
