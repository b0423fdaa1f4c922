//! Handovers: what somebody holds, preview, start, progress, cancel, resume, undo.

use crate::{
    bodies::JsonBody,
    extract::Path,
    problem::{Result, Said},
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/users/{id}/holdings", get(holdings))
        .route("/handovers", get(list).post(start))
        .route("/handovers/preview", post(preview))
        .route("/handovers/{id}", get(show))
        .route("/handovers/{id}/cancel", post(cancel))
        .route("/handovers/{id}/resume", post(resume))
        .route("/handovers/{id}/undo", post(undo))
}

async fn holdings(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.holdings(&viewer, id).await.map(Json).said(viewer.lang)
}

async fn list(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    let items = app.engine.handovers(&viewer).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

async fn preview(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<Value>,
) -> Result<Json<Value>> {
    app.engine.preview_handover(&viewer, &body).await.map(Json).said(viewer.lang)
}

async fn start(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<Value>,
) -> Result<(StatusCode, Json<Value>)> {
    let handover = app.engine.start_handover(&viewer, &body).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(handover)))
}

async fn show(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.handover(&viewer, id).await.map(Json).said(viewer.lang)
}

async fn cancel(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.cancel_handover(&viewer, id).await.map(Json).said(viewer.lang)
}

async fn resume(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Value>)> {
    let handover = app.engine.resume_handover(&viewer, id).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(handover)))
}

async fn undo(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Value>)> {
    let handover = app.engine.undo_handover(&viewer, id).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(handover)))
}
