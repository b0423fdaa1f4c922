//! `Idempotency-Key`: a repeated POST gets the first answer again.

use crate::{
    MAX_BODY,
    problem::Problem,
    state::{App, viewer},
};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use guanxi_engine::{Error, auth::fingerprint, requests::Keyed};
use uuid::Uuid;

/// The claim that a request holds on its key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claimed(pub Uuid);

/// Requests and answers with secrets in them: nothing of them is kept, whatever key they carry.
fn is_secret(path: &str) -> bool {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    ["/session", "/tokens", "/setup", "/sign-in", "/oidc", "/workspaces"].iter().any(|secret| path.starts_with(secret))
        || path.ends_with("/actions/set_password")
}

/// Looks after POSTs that carry a key; all others pass.
pub(crate) async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let kept = request.method() == Method::POST && !is_secret(request.uri().path());
    let Some(key) = key.filter(|_| kept) else { return next.run(request).await };
    match guarded(&app, request, next, key).await {
        Ok(response) | Err(response) => response,
    }
}

async fn guarded(app: &App, request: Request, next: Next, key: String) -> Result<Response, Response> {
    let lang = crate::state::language(request.headers());
    let problem = |error: Error| Problem::new(error, lang).into_response();
    if key.is_empty() || key.len() > 200 {
        return Err(problem(Error::bad(
            "bad_idempotency_key",
            "Idempotency-Key 为 1 到 200 个字符",
            "Idempotency-Key has 1 to 200 characters",
        )));
    }
    let address = app.address(request.extensions(), request.headers());
    // Signing in has no viewer yet, and nothing to protect.
    let Some(viewer) =
        viewer(app, request.method(), request.headers(), address).await.ok().filter(|viewer| viewer.id.is_some())
    else {
        return Ok(next.run(request).await);
    };
    let (parts, body) = request.into_parts();
    let is_json =
        parts.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"application/json"));
    let target = format!("{} {}", parts.method, parts.uri);
    let (fingerprinted, body) = if is_json {
        let bytes = to_bytes(body, MAX_BODY).await.map_err(|_| crate::bodies::too_large(lang).into_response())?;
        (fingerprint(&format!("{target}\n{}", String::from_utf8_lossy(&bytes))), Body::from(bytes))
    } else {
        // Uploads are streamed; their length stands for their content.
        let length =
            parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        (fingerprint(&format!("{target}\n{length}")), body)
    };
    let creates =
        parts.uri.path().rsplit_once("/records/").map(|(_, object)| object).filter(|path| !path.contains('/'));
    let working = match app.engine.claim(&viewer, &key, fingerprinted, creates).await.map_err(problem)? {
        Keyed::Work(working) => working,
        Keyed::Answered(status, text) => return Ok(replay(status, text)),
        Keyed::Created(record) => return Ok(replay(i64::from(StatusCode::CREATED.as_u16()), record.to_string())),
    };
    let mut parts = parts;
    parts.extensions.insert(Claimed(working.claim()));
    let response = next.run(Request::from_parts(parts, body)).await;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 16 * MAX_BODY).await.map_err(|_| problem(Error::NotFound))?;
    let worth_keeping = !parts.status.is_server_error() && parts.status != StatusCode::TOO_MANY_REQUESTS;
    let answer =
        worth_keeping.then(|| (i64::from(parts.status.as_u16()), String::from_utf8_lossy(&bytes).into_owned()));
    if let Err(error) = working.answered(answer).await {
        tracing::warn!(%error, "cannot keep an answer for its idempotency key");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(status: i64, text: String) -> Response {
    let status =
        u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    let mut response = (status, text).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
