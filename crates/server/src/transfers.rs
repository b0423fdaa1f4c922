//! Imports and exports: start, progress, cancel, result, undo.

use crate::{
    bodies::{JsonBody, Upload},
    extract::{Multipart, Path, Query},
    files::send,
    problem::{Problem, Result, Said},
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use guanxi_engine::{Error, files::MAX_FILE};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    let uploads = Router::new().route("/imports", get(imports).post(create_import)).layer(DefaultBodyLimit::disable());
    Router::new()
        .merge(uploads)
        .route("/imports/{id}", get(import))
        .route("/imports/{id}/start", post(start_import))
        .route("/imports/{id}/cancel", post(cancel_import))
        .route("/imports/{id}/resume", post(resume_import))
        .route("/imports/{id}/undo", post(undo_import))
        .route("/imports/{id}/errors", get(import_errors))
        .route("/exports", get(exports).post(create_export))
        .route("/exports/{id}", get(export))
        .route("/exports/{id}/cancel", post(cancel_export))
        .route("/exports/{id}/actions/approve", post(approve_export))
        .route("/exports/{id}/actions/reject", post(reject_export))
        .route("/exports/{id}/file", get(export_file))
}

async fn create_import(
    State(app): State<App>,
    Caller(viewer): Caller,
    Multipart(parts): Multipart,
) -> Result<(StatusCode, Json<Value>)> {
    let upload = Upload::read(&app.engine, parts, MAX_FILE, viewer.lang).await?;
    let object = upload.field("object").unwrap_or_default().to_owned();
    let created = app.engine.create_import(&viewer, &object, &upload.name, &upload.path).await;
    // The engine has moved it; what it refused is nobody's.
    let _ = tokio::fs::remove_file(&upload.path).await;
    created.map(|import| (StatusCode::CREATED, Json(import))).said(viewer.lang)
}

async fn imports(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    let items = app.engine.imports(&viewer).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

async fn import(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.import(&viewer, id).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    mapping: Value,
    #[serde(default)]
    dry_run: bool,
}

async fn start_import(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
    JsonBody(body): JsonBody<Start>,
) -> Result<(StatusCode, Json<Value>)> {
    let import = app.engine.start_import(&viewer, id, &body.mapping, body.dry_run).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(import)))
}

async fn cancel_import(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.cancel_import(&viewer, id).await.map(Json).said(viewer.lang)
}

async fn resume_import(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Value>)> {
    let import = app.engine.resume_import(&viewer, id).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(import)))
}

async fn undo_import(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.undo_import(&viewer, id).await.map(Json).said(viewer.lang)
}

async fn import_errors(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Response> {
    let path = app.engine.import_errors_path(&viewer, id).await.said(viewer.lang)?;
    send(&path, "errors.csv", "text/csv; charset=utf-8", false, viewer.lang).await
}

async fn create_export(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<Value>,
) -> Result<(StatusCode, Json<Value>)> {
    let export = app.engine.create_export(&viewer, &body).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(export)))
}

async fn export(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.export(&viewer, id).await.map(Json).said(viewer.lang)
}

async fn cancel_export(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.cancel_export(&viewer, id).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
struct Exports {
    state: Option<String>,
}

async fn exports(State(app): State<App>, Caller(viewer): Caller, Query(query): Query<Exports>) -> Result<Json<Value>> {
    let state = query.state.as_deref().filter(|state| !state.is_empty());
    let items = app.engine.exports(&viewer, state).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

async fn approve_export(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Json<Value>> {
    app.engine.approve_export(&viewer, id).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reject {
    #[serde(default)]
    reason: String,
}

async fn reject_export(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
    JsonBody(body): JsonBody<Reject>,
) -> Result<Json<Value>> {
    app.engine.reject_export(&viewer, id, &body.reason).await.map(Json).said(viewer.lang)
}

async fn export_file(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Response> {
    let (path, name) = app.engine.export_path(&viewer, id).await.said(viewer.lang)?;
    let kind = if name.ends_with(".xlsx") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else {
        "text/csv; charset=utf-8"
    };
    if name.is_empty() {
        return Err(Problem::new(Error::NotFound, viewer.lang));
    }
    send(&path, &name, kind, false, viewer.lang).await
}
