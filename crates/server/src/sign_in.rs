//! How one signs in here: what the sign-in page must know, and the settings that administrators make.

use crate::{
    bodies::JsonBody,
    problem::{Result, Said},
    state::{App, Caller, Speaks},
};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(offers))
        .route("/sign-in/settings", get(settings).patch(change_settings))
        .route("/sign-in/locked", get(locked))
        .route("/sign-in/ldap", get(ldap_settings).patch(change_ldap_settings))
        .route("/sign-in/ldap/test", post(try_ldap))
}

async fn offers(State(app): State<App>, Speaks(lang): Speaks) -> Result<Json<Value>> {
    app.engine.sign_in_offers().await.map(Json).said(lang)
}

async fn settings(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.sign_in_settings(&viewer).await.map(Json).said(viewer.lang)
}

async fn change_settings(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    app.engine.change_sign_in_settings(&viewer, &input).await.map(Json).said(viewer.lang)
}

async fn locked(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    let items = app.engine.locked_users(&viewer).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

async fn ldap_settings(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.ldap_settings(&viewer).await.map(Json).said(viewer.lang)
}

async fn change_ldap_settings(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    app.engine.change_ldap_settings(&viewer, &input).await.map(Json).said(viewer.lang)
}

/// Whom to look up, and with what password; both may be left out.
#[derive(Deserialize)]
struct Trial {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
}

async fn try_ldap(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(trial): JsonBody<Trial>,
) -> Result<Json<Value>> {
    app.engine.try_ldap(&viewer, &trial.login, &trial.password).await.map(Json).said(viewer.lang)
}
