//! Figures that modules compute for pages.

use crate::{
    extract::{Path, Query},
    problem::{Result, Said},
    state::{App, Caller},
};
use axum::{Json, Router, extract::State, routing::get};
use serde_json::Value;
use std::collections::HashMap;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/figures/{figures}", get(figures))
}

async fn figures(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(name): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Json<Value>> {
    app.engine.figures(&viewer, &name, asked).await.map(Json).said(viewer.lang)
}
