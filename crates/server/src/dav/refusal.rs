//! Refusals as DAV has them: a status, the condition that does not hold, and words.

use super::xml::{self, escaped};
use crate::problem::Problem;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use guanxi_engine::{Error, Viewer};
use guanxi_model::{Label, Lang};

pub(super) type Result<T, E = Refusal> = std::result::Result<T, E>;

/// Why not.
#[derive(Debug)]
pub(super) enum Refusal {
    /// As everywhere else.
    Plain(Box<Problem>),
    /// Nobody is let in without his login and a token.
    Nobody(Box<Problem>),
    /// A condition of DAV or CalDAV does not hold.
    Condition(StatusCode, &'static str, String),
}

impl Refusal {
    fn condition(status: StatusCode, condition: &'static str, lang: Lang, zh: &str, en: &str) -> Self {
        Self::Condition(status, condition, Label::new(zh, en).get(lang).to_owned())
    }

    pub fn of(error: Error, lang: Lang) -> Self {
        let words = |error: &Error| error.message().get(lang).to_owned();
        match &error {
            Error::BadRequest("wrong_component", _) => {
                Self::Condition(StatusCode::FORBIDDEN, "<C:supported-calendar-component/>", words(&error))
            }
            Error::BadRequest("bad_calendar", _) => {
                Self::Condition(StatusCode::FORBIDDEN, "<C:valid-calendar-data/>", words(&error))
            }
            // Somebody was faster with the same name.
            Error::Invalid(problems) if problems.iter().any(|problem| problem.code == "not_unique") => {
                Self::Condition(StatusCode::PRECONDITION_FAILED, "", words(&error))
            }
            Error::Invalid(_) => Self::Condition(StatusCode::FORBIDDEN, "<C:valid-calendar-data/>", words(&error)),
            Error::Conflict("uid_taken", _) => {
                Self::Condition(StatusCode::CONFLICT, "<C:no-uid-conflict/>", words(&error))
            }
            Error::TooLarge(_) => {
                Self::Condition(StatusCode::PAYLOAD_TOO_LARGE, "<C:max-resource-size/>", words(&error))
            }
            Error::Forbidden(_) | Error::Denied(..) => {
                Self::Condition(StatusCode::FORBIDDEN, "<D:need-privileges/>", words(&error))
            }
            Error::Stale(_) => Self::Condition(StatusCode::PRECONDITION_FAILED, "", words(&error)),
            _ => Self::Plain(Box::new(Problem::new(error, lang))),
        }
    }

    pub fn nobody(lang: Lang) -> Self {
        Self::Nobody(Box::new(Problem::new(Error::Unauthenticated, lang)))
    }

    pub fn cross_site(lang: Lang) -> Self {
        Self::Plain(Box::new(Problem::cross_site(lang)))
    }

    pub fn not_found(viewer: &Viewer) -> Self {
        Self::of(Error::NotFound, viewer.lang)
    }

    pub fn too_large(viewer: &Viewer) -> Self {
        Self::of(Error::TooLarge(Label::new("内容过大", "the body is too large")), viewer.lang)
    }

    pub fn no_more_calendars(viewer: &Viewer) -> Self {
        let (zh, en) = ("不能新建日历", "no calendars can be added");
        Self::condition(StatusCode::FORBIDDEN, "<C:calendar-collection-location-ok/>", viewer.lang, zh, en)
    }

    pub fn infinite(viewer: &Viewer) -> Self {
        let (zh, en) = ("Depth 只能是 0 或 1", "Depth is 0 or 1");
        Self::condition(StatusCode::FORBIDDEN, "<D:propfind-finite-depth/>", viewer.lang, zh, en)
    }

    pub fn bad_xml(viewer: &Viewer) -> Self {
        let error = Error::bad(
            "bad_xml",
            "XML 有误，或含有实体与文档类型声明",
            "not the XML that is wanted, or with a document type or entities",
        );
        Self::of(error, viewer.lang)
    }

    pub fn bad_report(viewer: &Viewer) -> Self {
        let (zh, en) = ("没有这种报告", "there is no such report here");
        Self::condition(StatusCode::FORBIDDEN, "<D:supported-report/>", viewer.lang, zh, en)
    }

    pub fn bad_filter(viewer: &Viewer) -> Self {
        let (zh, en) = ("不支持这样的筛选", "such a filter is not understood");
        Self::condition(StatusCode::FORBIDDEN, "<C:supported-filter/>", viewer.lang, zh, en)
    }

    pub fn bad_expansion(viewer: &Viewer) -> Self {
        let (zh, en) = ("不支持由服务器展开重复", "what repeats is not expanded here");
        Self::condition(StatusCode::FORBIDDEN, "<C:supported-calendar-data/>", viewer.lang, zh, en)
    }

    pub fn bad_type(viewer: &Viewer) -> Self {
        let (zh, en) = ("内容类型应为 text/calendar", "the content type is text/calendar");
        Self::condition(StatusCode::UNSUPPORTED_MEDIA_TYPE, "<C:supported-calendar-data/>", viewer.lang, zh, en)
    }

    pub fn bad_sync_token(viewer: &Viewer) -> Self {
        let (zh, en) = ("同步标记已失效，请重新同步", "the sync token does not hold any longer; begin anew");
        Self::condition(StatusCode::FORBIDDEN, "<D:valid-sync-token/>", viewer.lang, zh, en)
    }

    pub fn failed(viewer: &Viewer) -> Self {
        let (zh, en) = ("条目已被修改，或已经存在", "the entry has changed meanwhile, or is there already");
        Self::condition(StatusCode::PRECONDITION_FAILED, "", viewer.lang, zh, en)
    }

    pub fn not_to_remove(viewer: &Viewer) -> Self {
        let (zh, en) = ("日历不能删除", "a calendar cannot be removed");
        Self::condition(StatusCode::FORBIDDEN, "<D:need-privileges/>", viewer.lang, zh, en)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Plain(problem) => problem.into_response(),
            Self::Nobody(problem) => {
                let mut response = problem.into_response();
                let asks = HeaderValue::from_static("Basic realm=\"Guanxi\", charset=\"UTF-8\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, asks);
                response
            }
            Self::Condition(status, condition, words) => {
                let body = format!(
                    "{}<D:error {}>{condition}<G:message>{}</G:message></D:error>",
                    xml::DECLARATION,
                    xml::NAMESPACES,
                    escaped(&words)
                );
                (status, [(header::CONTENT_TYPE, xml::TYPE)], body).into_response()
            }
        }
    }
}
