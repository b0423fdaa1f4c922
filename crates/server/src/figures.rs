//! Figures that modules compute for pages.

use crate::{
    extract::Path,
    problem::{Result, Said},
    state::{App, Caller},
};
use axum::{Json, Router, extract::State, routing::get};
use serde_json::Value;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/figures/{figures}", get(figures))
}

async fn figures(State(app): State<App>, Caller(viewer): Caller, Path(name): Path<String>) -> Result<Json<Value>> {
    app.engine.figures(&viewer, &name).await.map(Json).said(viewer.lang)
}
