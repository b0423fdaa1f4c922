//! The catalogue, custom fields, regions, the OpenAPI document.

use crate::{
    bodies::JsonBody,
    conditional::unless_known,
    extract::Path,
    openapi,
    problem::{Result, Said},
    state::{Address, App, Caller, viewer},
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use guanxi_model::regions;
use serde_json::{Map, Value, json};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/catalog", get(catalog))
        .route("/catalog/{object}/fields", post(add_field))
        .route("/regions", get(all_regions))
        .route("/openapi.json", get(document))
}

async fn catalog(State(app): State<App>, Caller(viewer): Caller, headers: HeaderMap) -> Response {
    let described = app.engine.described(&viewer);
    let kind = [(header::CONTENT_TYPE, "application/json")];
    unless_known(&headers, &described.mark, || (kind, described.text.to_string()))
}

async fn add_field(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(object): Path<String>,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>)> {
    let field = app.engine.add_field(&viewer, &object, &body).await.said(viewer.lang)?;
    Ok((StatusCode::CREATED, Json(field)))
}

async fn all_regions(Caller(_): Caller) -> Response {
    let items: Vec<Value> = regions::all()
        .iter()
        .map(|region| {
            let mut item = json!({"code": region.code, "name": region.name, "parent": region.parent});
            if let Some(en) = region.en {
                item["en"] = json!(en);
            }
            item
        })
        .collect();
    ([(header::CACHE_CONTROL, "private, max-age=86400")], Json(json!({"items": items}))).into_response()
}

async fn document(
    State(app): State<App>,
    Address(address): Address,
    method: Method,
    headers: HeaderMap,
) -> Json<Value> {
    let known = viewer(&app, &method, &headers, address).await.is_ok();
    Json(openapi::document(&app.engine.catalogue(), known))
}
