//! The audit, for those who administer.

use crate::{
    bodies::JsonBody,
    extract::Query,
    problem::{Result, Said},
    records::parameter,
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use guanxi_engine::{AuditFilter, transfer::Format};
use serde::Deserialize;
use serde_json::Value;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/audit", get(list)).route("/audit/exports", post(export)).route("/audit/seal", get(seal))
}

#[derive(Deserialize, Default)]
struct AuditQuery {
    from: Option<String>,
    to: Option<String>,
    user: Option<String>,
    object: Option<String>,
    record: Option<String>,
    field: Option<String>,
    kind: Option<String>,
    via: Option<String>,
    address: Option<String>,
    only: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

async fn list(State(app): State<App>, Caller(viewer): Caller, Query(query): Query<AuditQuery>) -> Result<Json<Value>> {
    let limit = parameter(query.limit.as_ref(), "limit", viewer.lang)?;
    let AuditQuery { from, to, user, object, record, field, kind, via, address, only, cursor, .. } = query;
    let filter = AuditFilter { from, to, user, object, record, field, kind, via, address, only };
    let cursor = cursor.as_deref().filter(|cursor| !cursor.is_empty());
    app.engine.audit(&viewer, &filter, cursor, limit).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuditExport {
    #[serde(default)]
    format: Format,
    #[serde(default)]
    filter: AuditFilter,
}

async fn export(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(body): JsonBody<AuditExport>,
) -> Result<(StatusCode, Json<Value>)> {
    let export = app.engine.create_audit_export(&viewer, body.format, body.filter).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(export)))
}

async fn seal(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.seal_status(&viewer).await.map(Json).said(viewer.lang)
}
