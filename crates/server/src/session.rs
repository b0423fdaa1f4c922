//! Signing in and out, the first password, tokens, preferences.

use crate::{
    bodies::JsonBody,
    extract::{Path, Query},
    problem::{Problem, Result, Said},
    state::{Address, App, COOKIE, Caller, Speaks, is_cross_site},
    workspaces::Nowhere,
};
use axum::{
    Extension, Json, Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use guanxi_engine::{
    Error,
    auth::{self, SignIn, SignedIn},
};
use guanxi_store::platform;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/session", get(show).post(sign_in).delete(sign_out))
        .route("/session/password", post(change_password))
        .route("/session/totp", get(totp).post(begin_totp))
        .route("/session/totp/confirm", post(confirm_totp))
        .route("/session/totp/recovery-codes", post(renew_recovery_codes))
        .route("/session/totp/disable", post(disable_totp))
        .route("/setup", get(setup).post(finish_setup))
        .route("/preferences/{key}", put(set_preference))
        .route("/sessions", get(sessions))
        .route("/sessions/{id}", delete(end_session))
        .route("/tokens", get(tokens).post(add_token))
        .route("/tokens/{id}", delete(remove_token))
}

#[derive(Deserialize)]
struct Given {
    login: String,
    password: String,
    /// Of the authenticator app, or a recovery code.
    #[serde(default)]
    code: Option<String>,
    /// In place of one that has expired.
    #[serde(default)]
    new_password: Option<String>,
    #[serde(default)]
    workspace: Option<String>,
}

async fn sign_in(
    State(app): State<App>,
    Speaks(lang): Speaks,
    Address(address): Address,
    method: Method,
    headers: HeaderMap,
    nowhere: Option<Extension<Nowhere>>,
    JsonBody(body): JsonBody<Given>,
) -> Result<Response> {
    if is_cross_site(&method, &headers) {
        return Err(Problem::cross_site(lang));
    }
    let refused = || {
        let error = Error::bad("invalid_credentials", "账号或密码不正确", "the login or the password is wrong");
        Problem::with_status(error, lang, StatusCode::UNAUTHORIZED)
    };
    let elsewhere = match nowhere {
        Some(Extension(Nowhere(name))) => Some(name),
        None => body.workspace.filter(|name| name != app.engine.name()),
    };
    // Who names a workspace that is not there is nobody, and takes as long to be told so: no login has a stroke in it.
    let login = elsewhere.map_or_else(|| body.login.clone(), |name| format!("{name}/{}", body.login));
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = SignIn {
        login: &login,
        password: &body.password,
        code: body.code.as_deref(),
        new_password: body.new_password.as_deref(),
        address: address.as_deref().unwrap_or_default(),
        agent,
    };
    let SignedIn { secret, viewer, recovery_codes } = match app.engine.sign_in(&given).await {
        Ok(signed_in) => signed_in,
        Err(Error::Unauthenticated) => return Err(refused()),
        Err(error) => return Err(Problem::new(error, lang)),
    };
    let user = app.engine.describe_viewer(&viewer).await.said(lang)?;
    let cookie = session_cookie(&app.issue(&secret), &headers);
    let mut answer = json!({"user": user, "workspace": app.describe_place()});
    if let Some(codes) = recovery_codes {
        answer["recovery_codes"] = json!(codes);
    }
    Ok(([(header::SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// Did the browser come by TLS, as the proxy says?
pub(crate) fn is_secure(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https")
}

/// The cookie of a session.
pub(crate) fn session_cookie(secret: &str, headers: &HeaderMap) -> String {
    let secure = if is_secure(headers) { "; Secure" } else { "" };
    format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", auth::SESSION.as_secs())
}

async fn show(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    let user = app.engine.describe_viewer(&viewer).await.said(viewer.lang)?;
    let mut preferences = Map::new();
    if let Some(id) = viewer.id {
        let known = platform::preferences(app.engine.database(), id).await.map_err(Error::from).said(viewer.lang)?;
        preferences
            .extend(known.into_iter().map(|(key, value)| (key, serde_json::from_str(&value).unwrap_or_default())));
    }
    let server_administrator = app.hub_of(&viewer).is_ok();
    Ok(Json(json!({
        "user": user, "preferences": preferences, "workspace": app.describe_place(),
        "server_administrator": server_administrator,
    })))
}

async fn sign_out(
    State(app): State<App>,
    Speaks(lang): Speaks,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    if is_cross_site(&method, &headers) {
        return Err(Problem::cross_site(lang));
    }
    if let Some(secret) = app.cookie(&headers) {
        app.engine.sign_out(&secret).await.said(lang)?;
    }
    let gone = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

#[derive(Deserialize)]
struct ChangePassword {
    current: String,
    new: String,
}

async fn change_password(
    State(app): State<App>,
    Caller(viewer): Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ChangePassword>,
) -> Result<StatusCode> {
    let session = app.cookie(&headers);
    app.engine.change_password(&viewer, &body.current, &body.new, session.as_deref()).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Proofs {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

async fn totp(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.totp(&viewer).await.map(Json).said(viewer.lang)
}

async fn begin_totp(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<Proofs>,
) -> Result<Json<Value>> {
    app.engine.begin_totp(&viewer, &body.password).await.map(Json).said(viewer.lang)
}

async fn confirm_totp(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<Proofs>,
) -> Result<Json<Value>> {
    let codes = app.engine.confirm_totp(&viewer, &body.code).await.said(viewer.lang)?;
    Ok(Json(json!({"recovery_codes": codes})))
}

async fn renew_recovery_codes(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<Proofs>,
) -> Result<Json<Value>> {
    let codes = app.engine.renew_recovery_codes(&viewer, &body.password, &body.code).await.said(viewer.lang)?;
    Ok(Json(json!({"recovery_codes": codes})))
}

async fn disable_totp(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<Proofs>,
) -> Result<StatusCode> {
    app.engine.disable_totp(&viewer, &body.password, &body.code).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct SetupLink {
    token: String,
}

async fn setup(State(app): State<App>, Speaks(lang): Speaks, Query(link): Query<SetupLink>) -> Result<Json<Value>> {
    let login = app.engine.setup_login(&link.token).await.said(lang)?;
    Ok(Json(json!({"login": login})))
}

#[derive(Deserialize)]
struct FinishSetup {
    token: String,
    password: String,
}

async fn finish_setup(
    State(app): State<App>,
    Speaks(lang): Speaks,
    JsonBody(body): JsonBody<FinishSetup>,
) -> Result<Json<Value>> {
    let login = app.engine.finish_setup(&body.token, &body.password).await.said(lang)?;
    Ok(Json(json!({"login": login})))
}

async fn sessions(State(app): State<App>, Caller(viewer): Caller, headers: HeaderMap) -> Result<Json<Value>> {
    let current = app.cookie(&headers);
    let items = app.engine.sessions(&viewer, current.as_deref()).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

async fn end_session(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<String>) -> Result<StatusCode> {
    app.engine.end_session(&viewer, &id).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_preference(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(key): Path<String>,
    JsonBody(value): JsonBody<Value>,
) -> Result<StatusCode> {
    let user = viewer.id.ok_or(Error::Unauthenticated).said(viewer.lang)?;
    let text = value.to_string();
    if key.len() > 100 || text.len() > 100_000 {
        return Err(crate::bodies::too_large(viewer.lang));
    }
    platform::set_preference(app.engine.database(), user, &key, &text).await.map_err(Error::from).said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn tokens(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    let items = app.engine.tokens(&viewer).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

#[derive(Deserialize)]
struct NewToken {
    name: String,
    #[serde(default)]
    expires_at: Option<jiff::Timestamp>,
    /// In place of `expires_at`: days from now.
    #[serde(default)]
    days: Option<u16>,
    #[serde(default)]
    roles: Option<Vec<String>>,
}

async fn add_token(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<NewToken>,
) -> Result<(StatusCode, Json<Value>)> {
    let in_days = |days| app.engine.now() + jiff::SignedDuration::from_hours(24 * i64::from(days));
    let expires_at = body.expires_at.or_else(|| body.days.map(in_days));
    let mut token = app.engine.add_token(&viewer, &body.name, expires_at, body.roles).await.said(viewer.lang)?;
    let secret = token["token"].as_str().map(|secret| app.issue(secret));
    token["token"] = json!(secret);
    Ok((StatusCode::CREATED, Json(token)))
}

async fn remove_token(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<StatusCode> {
    app.engine.remove_token(&viewer, id).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}
