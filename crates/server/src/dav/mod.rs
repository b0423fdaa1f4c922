//! CalDAV (RFC 4791): the calendars that modules publish, for programs that read and write them. A file per verb; what is in a
//! calendar, and what becomes of what is written, is the engine's.

mod door;
mod filter;
mod objects;
mod paths;
mod properties;
mod propfind;
mod refusal;
mod report;
mod sync;
mod xml;

pub(crate) use door::password;
pub(crate) use sync::Memory;

use crate::{calendars::page_of, state::App};
use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use guanxi_engine::{Calendar, Viewer, calendars::text::LARGEST};
use paths::Place;
use refusal::{Refusal, Result};
use std::sync::Arc;

/// Where it is.
pub(crate) const ROOT: &str = "/dav/";
/// What there is.
const ALLOWED: &str = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, REPORT";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/.well-known/caldav", any(well_known))
        .route("/dav", any(serve))
        .route("/dav/", any(serve))
        .route("/dav/{*path}", any(serve))
}

/// One request, as every verb wants it.
struct Call {
    app: App,
    viewer: Viewer,
    place: Place,
    headers: HeaderMap,
    body: Bytes,
    /// Where the page is.
    page: String,
}

impl Call {
    /// The calendar that a place names.
    fn calendar(&self, name: &str) -> Result<Arc<dyn Calendar>> {
        self.app.engine.calendar(name).cloned().ok_or_else(|| Refusal::not_found(&self.viewer))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Programs that know the server's name only find the way by this address (RFC 6764).
async fn well_known() -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, ROOT)]).into_response()
}

async fn serve(State(app): State<App>, request: Request) -> Response {
    let mut response = match answer(app, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert("dav", HeaderValue::from_static("1, 3, calendar-access"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

async fn answer(app: App, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    if parts.method == Method::OPTIONS {
        return Ok((StatusCode::OK, [(header::ALLOW, ALLOWED)]).into_response());
    }
    let viewer = door::enter(&app, &parts).await?;
    // Nobody but himself has anything to do with what is his.
    let place = Place::read(parts.uri.path(), &viewer).ok_or_else(|| Refusal::not_found(&viewer))?;
    // A little more than the largest entry, so that one that is too large is told so.
    let body = to_bytes(body, LARGEST + 1).await.map_err(|_| Refusal::too_large(&viewer))?;
    let page = page_of(&parts.headers);
    let call = Call { app, viewer, place, headers: parts.headers, body, page };
    match parts.method.as_str() {
        "GET" | "HEAD" => objects::get(&call).await,
        "PUT" => objects::put(&call).await,
        "DELETE" => objects::delete(&call).await,
        "PROPFIND" => propfind::find(&call).await,
        "PROPPATCH" => propfind::patch(&call),
        "REPORT" => report::report(&call).await,
        "MKCALENDAR" | "MKCOL" => Err(Refusal::no_more_calendars(&call.viewer)),
        _ => Ok((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, ALLOWED)]).into_response()),
    }
}
