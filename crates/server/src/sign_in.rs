//! How one signs in here: what the sign-in page must know, and the settings that administrators make.

use crate::{
    bodies::JsonBody,
    hub::Chosen,
    problem::{Result, Said},
    state::{App, Caller, Speaks},
    workspaces::Nowhere,
};
use axum::{
    Extension, Json, Router,
    extract::State,
    routing::{get, post},
};
use guanxi_engine::Engine;
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

async fn offers(
    State(app): State<App>,
    Speaks(lang): Speaks,
    nowhere: Option<Extension<Nowhere>>,
    chosen: Option<Extension<Chosen>>,
) -> Result<Json<Value>> {
    let fixed = chosen.is_some_and(|chosen| chosen.fixed);
    let mut offers = match &nowhere {
        Some(_) => Engine::no_sign_in_offers(),
        None => app.engine.sign_in_offers().await.said(lang)?,
    };
    let listed = if fixed { Vec::new() } else { app.listed() };
    let here = app.engine.name();
    // What it is called is told where it is offered to everybody, or reached by a name of its own.
    let card = app.engine.card();
    let title = if fixed || card.listed { card.title } else { String::new() };
    offers["workspace"] =
        if nowhere.is_none() && (fixed || app.home) { json!({"name": here, "title": title}) } else { Value::Null };
    offers["workspaces"] = listed.into_iter().map(|(name, card)| json!({"name": name, "title": card.title})).collect();
    offers["fixed"] = json!(fixed);
    Ok(Json(offers))
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
