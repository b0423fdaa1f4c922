//! Records: the heart of the API.

use crate::{
    bodies::JsonBody,
    extract::{Path, Query},
    problem::{Problem, Result, Said},
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use guanxi_engine::{AggregateRequest, Error, ListRequest, SearchRequest};
use guanxi_model::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

type Object = Map<String, Value>;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/records/{object}", get(list).post(create))
        .route("/records/{object}/aggregate", post(aggregate))
        .route("/records/{object}/duplicates", post(duplicates))
        .route("/records/{object}/bulk", post(bulk))
        .route("/records/{object}/{id}", get(show).patch(update).delete(remove))
        .route("/records/{object}/{id}/actions/{action}", post(act))
        .route("/records/{object}/{id}/history", get(history))
        .route("/records/{object}/{id}/timeline", get(timeline))
        .route("/search", get(search))
        .route("/trash", get(trash))
        .route("/trash/{object}/{id}", delete(purge))
        .route("/trash/{object}/{id}/restore", post(restore))
}

/// An id in a path; one that is none names no record.
fn record_id(text: &str, lang: Lang) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| Problem::new(Error::NotFound, lang))
}

/// A parameter of a query string, if there is one.
pub(crate) fn parameter<T: std::str::FromStr>(text: Option<&String>, name: &str, lang: Lang) -> Result<Option<T>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        Problem::new(
            Error::bad("bad_parameter", format!("参数 {name} 有误"), format!("the parameter {name} is wrong")),
            lang,
        )
    })
}

/// The filter of a query string.
fn filter(text: Option<&str>, lang: Lang) -> Result<Option<Value>> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|error| {
        let error = Error::bad(
            "bad_filter",
            format!("filter 不是有效的 JSON：{error}"),
            format!("filter is not JSON: {error}"),
        );
        Problem::new(error, lang)
    })
}

#[derive(Deserialize, Default)]
struct ListQuery {
    filter: Option<String>,
    sort: Option<String>,
    fields: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
    seek: Option<String>,
    count: Option<String>,
}

async fn list(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(object): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>> {
    let lang = viewer.lang;
    let filter = filter(query.filter.as_deref(), lang)?;
    let request = ListRequest {
        filter,
        sort: query.sort,
        fields: query.fields.map(|fields| fields.split(',').map(str::to_owned).collect()),
        limit: parameter(query.limit.as_ref(), "limit", lang)?,
        cursor: query.cursor.filter(|cursor| !cursor.is_empty()),
        seek: query.seek.filter(|seek| !seek.is_empty()),
        count: query.count.as_deref() == Some("true"),
    };
    app.engine.list(&viewer, &object, &request).await.map(|page| Json(page.into_json())).said(lang)
}

fn with_tag(status: StatusCode, record: Object) -> Response {
    let tag = format!("\"{}\"", record.get("version").and_then(Value::as_i64).unwrap_or_default());
    let mut response = (status, Json(record)).into_response();
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// The version in `If-Match`, if the caller sent one.
fn if_match(headers: &HeaderMap, lang: Lang) -> Result<Option<i64>> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let number = text.trim_start_matches("W/").trim_matches('"').parse().ok();
    number.map(Some).ok_or_else(|| {
        Problem::new(Error::bad("bad_etag", "If-Match 应为读取时的 ETag", "If-Match is the ETag of a read"), lang)
    })
}

#[derive(Deserialize, Default)]
struct WriteQuery {
    allow_duplicate: Option<String>,
}

impl WriteQuery {
    fn insists(&self) -> bool {
        self.allow_duplicate.as_deref() == Some("true")
    }
}

async fn create(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(object): Path<String>,
    Query(query): Query<WriteQuery>,
    JsonBody(body): JsonBody<Object>,
) -> Result<Response> {
    let record = app.engine.create(&viewer, &object, &body, query.insists()).await.said(viewer.lang)?;
    let id = record.get("id").and_then(Value::as_str).unwrap_or_default();
    let location = HeaderValue::from_str(&format!("/api/v1/records/{object}/{id}")).ok();
    let mut response = with_tag(StatusCode::CREATED, record);
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

#[derive(Deserialize, Default)]
struct ShowQuery {
    fields: Option<String>,
}

async fn show(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, String)>,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    let id = record_id(&id, viewer.lang)?;
    let fields: Option<Vec<String>> = query.fields.map(|fields| fields.split(',').map(str::to_owned).collect());
    let record = app.engine.get(&viewer, &object, id, fields.as_deref()).await.said(viewer.lang)?;
    Ok(with_tag(StatusCode::OK, record))
}

async fn update(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, String)>,
    Query(query): Query<WriteQuery>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<Object>,
) -> Result<Response> {
    let id = record_id(&id, viewer.lang)?;
    let version = if_match(&headers, viewer.lang)?;
    let record = app.engine.update(&viewer, &object, id, &body, version, query.insists()).await.said(viewer.lang)?;
    Ok(with_tag(StatusCode::OK, record))
}

async fn remove(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode> {
    let id = record_id(&id, viewer.lang)?;
    let version = if_match(&headers, viewer.lang)?;
    app.engine.delete(&viewer, &object, id, version).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn act(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id, action)): Path<(String, String, String)>,
    JsonBody(body): JsonBody<Object>,
) -> Result<Response> {
    let id = record_id(&id, viewer.lang)?;
    let record = app.engine.act(&viewer, &object, id, &action, &body).await.said(viewer.lang)?;
    Ok(with_tag(StatusCode::OK, record))
}

/// Thousands, perhaps: they are written as they are, not first put into a value.
#[derive(Serialize)]
struct Rows {
    rows: Vec<Object>,
}

async fn aggregate(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(object): Path<String>,
    JsonBody(body): JsonBody<AggregateRequest>,
) -> Result<Json<Rows>> {
    let rows = app.engine.aggregate(&viewer, &object, &body).await.said(viewer.lang)?;
    Ok(Json(Rows { rows }))
}

async fn duplicates(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(object): Path<String>,
    JsonBody(body): JsonBody<Object>,
) -> Result<Json<Value>> {
    let items = app.engine.find_duplicates(&viewer, &object, &body).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bulk {
    action: String,
    ids: Vec<Uuid>,
    #[serde(default)]
    values: Object,
}

async fn bulk(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(object): Path<String>,
    JsonBody(body): JsonBody<Bulk>,
) -> Result<Json<Value>> {
    app.engine.bulk(&viewer, &object, &body.action, &body.ids, &body.values).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize, Default)]
struct PageQuery {
    object: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

impl PageQuery {
    /// An empty cursor is the first page, as in lists.
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }
}

async fn history(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, String)>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Value>> {
    let id = record_id(&id, viewer.lang)?;
    let limit = parameter(query.limit.as_ref(), "limit", viewer.lang)?.unwrap_or(50);
    app.engine.history(&viewer, &object, id, query.cursor(), limit).await.map(Json).said(viewer.lang)
}

async fn timeline(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, String)>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Value>> {
    let id = record_id(&id, viewer.lang)?;
    let limit = parameter(query.limit.as_ref(), "limit", viewer.lang)?.unwrap_or(30);
    app.engine.timeline(&viewer, &object, id, query.cursor(), limit).await.map(Json).said(viewer.lang)
}

#[derive(Deserialize, Default)]
struct SearchQuery {
    #[serde(default)]
    q: String,
    object: Option<String>,
    filter: Option<String>,
    limit: Option<String>,
}

async fn search(
    State(app): State<App>,
    Caller(viewer): Caller,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Value>> {
    let limit = parameter(query.limit.as_ref(), "limit", viewer.lang)?;
    let filter = filter(query.filter.as_deref(), viewer.lang)?;
    let request =
        SearchRequest { query: query.q, object: query.object.filter(|object| !object.is_empty()), filter, limit };
    let items = app.engine.search(&viewer, &request).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

async fn trash(State(app): State<App>, Caller(viewer): Caller, Query(query): Query<PageQuery>) -> Result<Json<Value>> {
    let limit = parameter(query.limit.as_ref(), "limit", viewer.lang)?.unwrap_or(50);
    app.engine.trash(&viewer, query.object.as_deref(), query.cursor(), limit).await.map(Json).said(viewer.lang)
}

async fn restore(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, String)>,
) -> Result<Response> {
    let id = record_id(&id, viewer.lang)?;
    let record = app.engine.restore(&viewer, &object, id).await.said(viewer.lang)?;
    Ok(with_tag(StatusCode::OK, record))
}

async fn purge(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, String)>,
) -> Result<StatusCode> {
    let id = record_id(&id, viewer.lang)?;
    app.engine.purge(&viewer, &object, id).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}
