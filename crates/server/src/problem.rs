//! Errors as RFC 9457 problem documents.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use guanxi_engine::Error;
use guanxi_model::{Label, Lang};
use serde_json::{Value, json};
use std::any::Any;

/// An error on its way to a client, in his language.
#[derive(Debug)]
pub(crate) struct Problem {
    error: Error,
    lang: Lang,
    status: Option<StatusCode>,
}

pub(crate) type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    pub fn new(error: Error, lang: Lang) -> Self {
        Self { error, lang, status: None }
    }

    /// A state-changing request that another site made the browser send.
    pub fn cross_site(lang: Lang) -> Self {
        let error =
            Error::bad("cross_site", "请求来自其他网站，已拒绝", "the request came from another site and was refused");
        Self { error, lang, status: Some(StatusCode::FORBIDDEN) }
    }

    /// An error with a status of its own.
    pub fn with_status(error: Error, lang: Lang, status: StatusCode) -> Self {
        Self { error, lang, status: Some(status) }
    }

    fn status(&self) -> StatusCode {
        self.status.unwrap_or(match &self.error {
            Error::Unauthenticated | Error::Challenge(..) => StatusCode::UNAUTHORIZED,
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden(_) | Error::Denied(..) => StatusCode::FORBIDDEN,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Stale(_) | Error::Duplicate { .. } | Error::Conflict(..) => StatusCode::CONFLICT,
            Error::BadRequest(..) => StatusCode::BAD_REQUEST,
            Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooMany(_) | Error::Limit(..) => StatusCode::TOO_MANY_REQUESTS,
            Error::Store(
                guanxi_store::Error::Busy(_) | guanxi_store::Error::Unreachable(_) | guanxi_store::Error::Timeout,
            ) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Unavailable(..) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        })
    }
}

fn title(status: StatusCode) -> Label {
    let (zh, en) = match status.as_u16() {
        400 => ("请求有误", "Bad request"),
        401 => ("未登录", "Not signed in"),
        403 => ("没有权限", "Forbidden"),
        404 => ("未找到", "Not found"),
        405 => ("方法不支持", "Method not allowed"),
        409 => ("冲突", "Conflict"),
        413 => ("内容过大", "Too large"),
        422 => ("填写有误", "Invalid input"),
        429 => ("操作过于频繁", "Too many requests"),
        503 => ("服务暂时不可用", "Unavailable"),
        _ => ("服务器出错", "Server error"),
    };
    Label::new(zh, en)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let lang = self.lang;
        let detail = match &self.error {
            Error::Store(error) => {
                tracing::error!(%error, "the database failed");
                // The database's words are for the log.
                Label::new("数据库暂时无法完成操作，请稍后再试", "the database could not do this now; try again later")
            }
            Error::Invalid(_) => Label::new("请检查标出的字段", "look at the fields named"),
            error => error.message(),
        };
        let mut body = json!({
            "type": "about:blank",
            "title": title(status).get(lang),
            "status": status.as_u16(),
            "code": self.error.code(),
            "detail": detail.get(lang),
        });
        let mut retry = None;
        match self.error {
            Error::Invalid(problems) => {
                body["errors"] = problems
                    .iter()
                    .map(|problem| json!({"field": problem.field, "code": problem.code, "message": problem.message(lang)}))
                    .collect();
            }
            Error::Stale(current) if !current.is_empty() => body["current"] = Value::Object(*current),
            Error::Duplicate { found, blocked } => {
                body["duplicates"] = Value::Array(found);
                body["blocked"] = json!(blocked);
            }
            Error::Challenge(_, _, more) => {
                if let Value::Object(body) = &mut body {
                    body.extend(*more);
                }
            }
            Error::TooMany(seconds) => retry = Some(seconds),
            _ => {}
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Adds the caller's language to an engine error.
pub(crate) trait Said<T> {
    fn said(self, lang: Lang) -> Result<T>;
}

impl<T> Said<T> for std::result::Result<T, Error> {
    fn said(self, lang: Lang) -> Result<T> {
        self.map_err(|error| Problem::new(error, lang))
    }
}

/// Paths under `/api/v1` that there are not.
pub(crate) async fn no_such_path(crate::state::Speaks(lang): crate::state::Speaks) -> Problem {
    Problem::new(Error::NotFound, lang)
}

/// Methods that a path under `/api/v1` does not have.
pub(crate) async fn no_such_method(crate::state::Speaks(lang): crate::state::Speaks) -> Problem {
    Problem::with_status(
        Error::bad("method_not_allowed", "该地址不支持此方法", "there is no such method here"),
        lang,
        StatusCode::METHOD_NOT_ALLOWED,
    )
}

/// A panic in a handler is a 500 and a line in the log; the server goes on.
pub(crate) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("?"), "a handler panicked");
    Problem::new(Error::Store(guanxi_store::Error::Other("panic".into())), Lang::Zh).into_response()
}
