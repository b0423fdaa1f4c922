//! Teams of records.

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
    routing::{get, put},
};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/records/{object}/{id}/team", get(team))
        .route("/records/{object}/{id}/team/{user}", put(add).delete(remove))
}

async fn team(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, Uuid)>,
) -> Result<Json<Value>> {
    app.engine.team(&viewer, &object, id).await.map(Json).said(viewer.lang)
}

async fn add(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id, user)): Path<(String, Uuid, Uuid)>,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> Result<Json<Value>> {
    app.engine.put_in_team(&viewer, &object, id, user, &body).await.map(Json).said(viewer.lang)
}

async fn remove(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id, user)): Path<(String, Uuid, Uuid)>,
) -> Result<StatusCode> {
    app.engine.remove_from_team(&viewer, &object, id, user).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}
