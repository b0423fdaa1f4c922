//! Signing in by way of an OpenID Connect provider: the browser goes there, and comes back.

use crate::{
    bodies::JsonBody,
    extract::Query,
    problem::{Problem, Result, Said},
    session,
    state::{Address, App, Caller, Speaks},
    workspaces::Nowhere,
};
use axum::{
    Extension, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
    routing::{get, post},
};
use guanxi_engine::{
    Error,
    auth::{self, Return, SetOut},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The cookie of one who is at the provider.
pub(crate) const COOKIE: &str = "guanxi_oidc";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/oidc/start", get(start))
        .route("/oidc/callback", get(callback))
        .route("/oidc/link", post(link))
        .route("/oidc/identity", get(identity).delete(unlink))
        .route("/sign-in/oidc", get(settings).patch(change_settings))
}

fn journey_cookie(secret: &str, seconds: i64, headers: &HeaderMap) -> String {
    let secure = if session::is_secure(headers) { "; Secure" } else { "" };
    // Lax: the provider's redirect brings it back, other sites' requests do not.
    format!("{COOKIE}={secret}; Path=/api/v1/oidc; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

fn go(address: &str, cookies: Vec<String>) -> Response {
    let cookies = AppendHeaders(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())], cookies).into_response()
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn start(
    State(app): State<App>,
    Speaks(lang): Speaks,
    headers: HeaderMap,
    nowhere: Option<Extension<Nowhere>>,
    Query(wanted): Query<Next>,
) -> Result<Response> {
    if nowhere.is_some() {
        return Err(Problem::new(Error::NotFound, lang));
    }
    match app.engine.oidc_start(None, &wanted.next).await {
        Ok(SetOut { secret, address }) => {
            Ok(go(&address, vec![journey_cookie(&app.issue(&secret), auth::JOURNEY.as_secs(), &headers)]))
        }
        Err(error @ Error::Unavailable(..)) => Ok(go(&app.sign_in_page(error.code()), Vec::new())),
        Err(error) => Err(Problem::new(error, lang)),
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

async fn callback(
    State(app): State<App>,
    Speaks(lang): Speaks,
    Address(address): Address,
    headers: HeaderMap,
    Query(said): Query<Answer>,
) -> Result<Response> {
    let secret = app.cookie_named(&headers, COOKIE);
    let given = Return {
        secret: secret.as_deref(),
        state: &said.state,
        code: &said.code,
        error: &said.error,
        address: address.as_deref().unwrap_or_default(),
        agent: headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default(),
    };
    let used = journey_cookie("", 0, &headers);
    match app.engine.oidc_return(&given).await {
        Ok(back) => {
            let session =
                back.signed_in.map(|signed_in| session::session_cookie(&app.issue(&signed_in.secret), &headers));
            Ok(go(&back.next, std::iter::once(used).chain(session).collect()))
        }
        // A browser is waiting, not a program: the page says what went wrong.
        Err(error @ (Error::Denied(..) | Error::Unavailable(..) | Error::TooMany(_))) => {
            Ok(go(&app.sign_in_page(error.code()), vec![used]))
        }
        Err(error) => Err(Problem::new(error, lang)),
    }
}

async fn link(State(app): State<App>, Caller(viewer): Caller, headers: HeaderMap) -> Result<Response> {
    let SetOut { secret, address } = app.engine.oidc_start(Some(&viewer), "/account").await.said(viewer.lang)?;
    let cookie = journey_cookie(&app.issue(&secret), auth::JOURNEY.as_secs(), &headers);
    Ok(([(header::SET_COOKIE, cookie)], Json(json!({"url": address}))).into_response())
}

async fn identity(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.oidc_identity(&viewer).await.map(Json).said(viewer.lang)
}

async fn unlink(State(app): State<App>, Caller(viewer): Caller) -> Result<StatusCode> {
    app.engine.oidc_unlink(&viewer).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn settings(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.oidc_settings(&viewer).await.map(Json).said(viewer.lang)
}

async fn change_settings(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    app.engine.change_oidc_settings(&viewer, &input).await.map(Json).said(viewer.lang)
}
