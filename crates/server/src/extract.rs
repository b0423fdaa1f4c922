//! Paths, queries and uploads, with problems instead of the framework's plain texts.

use crate::{problem::Problem, state::language};
use axum::{
    extract::{self, FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use guanxi_engine::Error;
use serde::de::DeserializeOwned;

/// Parts of a path; an id that is none names nothing.
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let lang = language(&parts.headers);
        extract::Path::from_request_parts(parts, state)
            .await
            .map(|extract::Path(inner)| Self(inner))
            .map_err(|_| Problem::new(Error::NotFound, lang))
    }
}

/// Query parameters.
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let lang = language(&parts.headers);
        extract::Query::from_request_parts(parts, state).await.map(|extract::Query(inner)| Self(inner)).map_err(
            |rejection| {
                let text = rejection.body_text();
                Problem::new(
                    Error::bad(
                        "bad_parameter",
                        format!("查询参数有误：{text}"),
                        format!("a query parameter is wrong: {text}"),
                    ),
                    lang,
                )
            },
        )
    }
}

/// A multipart body.
pub(crate) struct Multipart(pub extract::Multipart);

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let lang = language(request.headers());
        extract::Multipart::from_request(request, state).await.map(Self).map_err(|_| {
            Problem::new(Error::bad("bad_upload", "需要 multipart/form-data", "multipart/form-data is wanted"), lang)
        })
    }
}
