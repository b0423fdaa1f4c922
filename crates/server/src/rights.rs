//! What somebody may do, looks at what is masked, and the settings of the workspace.

use crate::{
    bodies::JsonBody,
    extract::{Path, Query},
    problem::{Result, Said},
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/roles", get(roles))
        .route("/settings/{section}", get(settings).put(put_settings))
        .route("/users/{id}/rights", get(rights))
        .route("/records/{object}/{id}/reveal", post(reveal))
}

async fn roles(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.describe_roles(&viewer).map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
struct Rights {
    /// Also how many records he sees of each object: that takes a look at all of them.
    counts: Option<bool>,
}

async fn rights(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
    Query(asked): Query<Rights>,
) -> Result<Json<Value>> {
    app.engine.explain_rights(&viewer, id, asked.counts.unwrap_or(true)).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
struct Reveal {
    field: String,
}

async fn reveal(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, Uuid)>,
    JsonBody(body): JsonBody<Reveal>,
) -> Result<Json<Value>> {
    app.engine.reveal(&viewer, &object, id, &body.field).await.map(Json).said(viewer.lang)
}

async fn settings(State(app): State<App>, Caller(viewer): Caller, Path(section): Path<String>) -> Result<Json<Value>> {
    app.engine.settings_section(&section).await.map(Json).said(viewer.lang)
}

async fn put_settings(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(section): Path<String>,
    JsonBody(body): JsonBody<Value>,
) -> Result<Json<Value>> {
    app.engine.put_settings(&viewer, &section, &body).await.map(Json).said(viewer.lang)
}
