//! Figures that modules compute for pages.

use crate::{
    extract::{Path, Query},
    problem::{Result, Said},
    state::{App, Caller},
};
use axum::{Json, Router, extract::State, routing::get};
use guanxi_engine::Question;
use serde_json::Value;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/figures/{figures}", get(figures))
}

async fn figures(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(name): Path<String>,
    Query(question): Query<Question>,
) -> Result<Json<Value>> {
    app.engine.figures(&viewer, &name, &question).await.map(Json).said(viewer.lang)
}
