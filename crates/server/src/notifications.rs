//! What people are told, what they want to hear of, and by which ways it leaves the house.

use crate::{
    bodies::JsonBody,
    extract::{Path, Query},
    problem::{Result, Said},
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, patch, post},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/notifications", get(list))
        .route("/notifications/unread", get(unread).post(mark_unread))
        .route("/notifications/read", post(mark_read))
        .route("/notifications/settings", get(settings).patch(change_settings))
        .route("/notifications/kinds", get(kinds))
        .route("/mail", get(mail).patch(change_mail))
        .route("/mail/test", post(test_mail))
        .route("/robots", get(robots).post(add_robot))
        .route("/robots/{id}", patch(change_robot).delete(remove_robot))
        .route("/robots/{id}/test", post(test_robot))
        .route("/deliveries", get(deliveries))
        .route("/deliveries/{id}/retry", post(retry))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    unread: bool,
    kind: Option<String>,
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

async fn list(State(app): State<App>, Caller(viewer): Caller, Query(wanted): Query<Wanted>) -> Result<Json<Value>> {
    let Wanted { unread, kind, cursor, limit, .. } = wanted;
    let found = app.engine.notifications(&viewer, unread, kind.as_deref(), cursor.as_deref(), limit).await;
    found.map(Json).said(viewer.lang)
}

async fn unread(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    let unread = app.engine.unread_notifications(&viewer).await.said(viewer.lang)?;
    Ok(Json(json!({"unread": unread})))
}

async fn mark_read(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    let unread = app.engine.mark_notifications(&viewer, &input, true).await.said(viewer.lang)?;
    Ok(Json(json!({"unread": unread})))
}

async fn mark_unread(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    let unread = app.engine.mark_notifications(&viewer, &input, false).await.said(viewer.lang)?;
    Ok(Json(json!({"unread": unread})))
}

async fn settings(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.notification_settings(&viewer).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wishes {
    kinds: Map<String, Value>,
}

async fn change_settings(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(wishes): JsonBody<Wishes>,
) -> Result<Json<Value>> {
    app.engine.change_notification_settings(&viewer, &wishes.kinds).await.map(Json).said(viewer.lang)
}

async fn kinds(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.notification_kinds(&viewer).map(Json).said(viewer.lang)
}

async fn mail(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.mail_settings(&viewer).await.map(Json).said(viewer.lang)
}

async fn change_mail(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    app.engine.change_mail_settings(&viewer, &input).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct To {
    to: String,
}

async fn test_mail(State(app): State<App>, Caller(viewer): Caller, JsonBody(to): JsonBody<To>) -> Result<Json<Value>> {
    app.engine.test_mail(&viewer, &to.to).await.said(viewer.lang)?;
    Ok(Json(json!({"sent": true})))
}

async fn robots(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.robots(&viewer).await.map(Json).said(viewer.lang)
}

async fn add_robot(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>)> {
    let robot = app.engine.put_robot(&viewer, None, &input).await.said(viewer.lang)?;
    Ok((StatusCode::CREATED, Json(robot)))
}

async fn change_robot(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
    JsonBody(input): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    app.engine.put_robot(&viewer, Some(id), &input).await.map(Json).said(viewer.lang)
}

async fn remove_robot(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<StatusCode> {
    app.engine.remove_robot(&viewer, id).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn test_robot(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.test_robot(&viewer, id).await.said(viewer.lang)?;
    Ok(Json(json!({"sent": true})))
}

async fn deliveries(
    State(app): State<App>,
    Caller(viewer): Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Value>> {
    let Wanted { state, cursor, limit, .. } = wanted;
    app.engine.deliveries(&viewer, state.as_deref(), cursor.as_deref(), limit).await.map(Json).said(viewer.lang)
}

async fn retry(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<StatusCode> {
    app.engine.retry_delivery(&viewer, id).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}
