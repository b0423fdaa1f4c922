//! What the engine refuses, and why, in both languages.

use guanxi_model::{FieldError, Label, filter::FilterError};
use serde_json::{Map, Value as Json};

/// Result of an engine call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal or a failure.
#[derive(Debug, Clone)]
pub enum Error {
    /// Nobody is signed in, or not any more.
    Unauthenticated,
    /// There is no such record, or the viewer may not know of it.
    NotFound,
    /// He may see it but not do this.
    Forbidden(Label),
    /// Input that fields or rules refuse; every problem at once.
    Invalid(Vec<FieldError>),
    /// Somebody else saved first; carries the record as it is now.
    Stale(Box<Map<String, Json>>),
    /// There seems to be such a record already.
    Duplicate {
        /// What was found, as the API shows it.
        found: Vec<Json>,
        /// A rule forbids it; otherwise the writer may insist.
        blocked: bool,
    },
    /// A request that cannot be understood: stable code and reason.
    BadRequest(&'static str, Label),
    /// The state of things forbids it: stable code and reason.
    Conflict(&'static str, Label),
    /// Larger than what is accepted.
    TooLarge(Label),
    /// More than somebody may have in a time: stable code and reason.
    Limit(&'static str, Label),
    /// Too often; try again after so many seconds.
    TooMany(u64),
    /// Signing in takes one step more, or a token does not work any longer: stable code, reason, and what the step needs.
    Challenge(&'static str, Label, Box<Map<String, Json>>),
    /// Refused for a reason that has a stable code of its own.
    Denied(&'static str, Label),
    /// Another service does not answer: stable code and reason.
    Unavailable(&'static str, Label),
    /// The database.
    Store(guanxi_store::Error),
}

impl Error {
    /// A request that cannot be understood.
    pub fn bad(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::BadRequest(code, Label::new(zh, en))
    }

    /// Something the state of things forbids.
    pub fn conflict(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict(code, Label::new(zh, en))
    }

    /// Something the viewer may not do.
    pub fn forbidden(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Forbidden(Label::new(zh, en))
    }

    /// A step that signing in takes, and what it needs.
    pub fn challenge(code: &'static str, zh: impl Into<String>, en: impl Into<String>, more: Json) -> Self {
        let more = match more {
            Json::Object(more) => more,
            _ => Map::new(),
        };
        Self::Challenge(code, Label::new(zh, en), Box::new(more))
    }

    /// A refusal with a stable code.
    pub fn denied(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Denied(code, Label::new(zh, en))
    }

    /// Another service that does not answer.
    pub fn unavailable(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unavailable(code, Label::new(zh, en))
    }

    /// One problem with one field.
    pub fn invalid(field: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, zh, en)])
    }

    /// The problem in words, for logs, import reports and the command line.
    pub fn message(&self) -> Label {
        match self {
            Self::Unauthenticated => Label::new("请先登录", "please sign in"),
            Self::NotFound => Label::new("没有这条记录", "there is no such record"),
            Self::Forbidden(label)
            | Self::BadRequest(_, label)
            | Self::Conflict(_, label)
            | Self::Limit(_, label)
            | Self::TooLarge(label)
            | Self::Challenge(_, label, _)
            | Self::Denied(_, label)
            | Self::Unavailable(_, label) => label.clone(),
            Self::Invalid(problems) => {
                let zh: Vec<String> =
                    problems.iter().map(|problem| format!("{}：{}", problem.field, problem.message.zh)).collect();
                let en: Vec<String> =
                    problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message.en)).collect();
                Label::new(zh.join("；"), en.join("; "))
            }
            Self::Stale(_) => Label::new("记录已被他人修改", "somebody else changed the record meanwhile"),
            Self::Duplicate { .. } => Label::new("可能重复", "there seems to be such a record already"),
            Self::TooMany(_) => Label::new("操作太频繁，请稍后再试", "too many attempts, try again later"),
            Self::Store(error) => Label::new(format!("数据库错误：{error}"), error.to_string()),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for Error {}

impl From<guanxi_store::Error> for Error {
    fn from(error: guanxi_store::Error) -> Self {
        match error {
            guanxi_store::Error::Overflow => Self::bad("overflow", "合计超出可表示的范围", "a sum is out of range"),
            guanxi_store::Error::BadText => {
                Self::bad("bad_character", "含有无法保存的字符", "has characters that cannot be kept")
            }
            error => Self::Store(error),
        }
    }
}

impl From<FilterError> for Error {
    fn from(error: FilterError) -> Self {
        let FilterError { place, message } = error;
        Self::bad("bad_filter", format!("{place}：{}", message.zh), format!("{place}: {}", message.en))
    }
}
