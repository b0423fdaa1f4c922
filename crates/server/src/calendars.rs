//! The secret address of one's calendar, and what is read under it.

use crate::{
    bodies::JsonBody,
    conditional::unless_known,
    extract::Path,
    problem::{Problem, Result, Said},
    session::is_secure,
    state::{Address, App, Caller, Speaks},
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::get,
};
use guanxi_engine::Error;
use serde::Deserialize;
use serde_json::{Value, json};

/// Where feeds are. What stands behind it is a secret, and is not written down anywhere.
pub(crate) const FEEDS: &str = "/calendar/";

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/calendar-feed", get(show).post(renew).patch(change).delete(remove))
}

/// Outside the API, for programs that know nothing but an address.
pub(crate) fn feeds() -> Router<App> {
    Router::new().route("/calendar/{file}", get(feed))
}

/// A path as it may stand in a log.
pub(crate) fn without_secret(path: &str) -> &str {
    if path.starts_with(FEEDS) { FEEDS } else { path }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    whole: bool,
}

/// Where the page is, as the client calls this server; nothing where that cannot be said.
pub(crate) fn page_of(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("x-forwarded-host").or_else(|| text("host")).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_');
    if host.is_empty() || host.len() > 255 || !host.chars().all(plain) {
        return String::new();
    }
    format!("{}://{host}", if is_secure(headers) { "https" } else { "http" })
}

async fn show(State(app): State<App>, Caller(viewer): Caller) -> Result<Json<Value>> {
    app.engine.feed(&viewer).await.map(Json).said(viewer.lang)
}

async fn renew(
    State(app): State<App>,
    Caller(viewer): Caller,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<(StatusCode, Json<Value>)> {
    let secret = app.engine.renew_feed(&viewer, asked.whole).await.said(viewer.lang)?;
    let path = format!("{FEEDS}{}.ics", app.issue(&secret));
    let mut out = app.engine.feed(&viewer).await.said(viewer.lang)?;
    out["address"] = json!(format!("{}{path}", page_of(&headers)));
    Ok((StatusCode::CREATED, Json(out)))
}

async fn change(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<Json<Value>> {
    app.engine.change_feed(&viewer, asked.whole).await.said(viewer.lang)?;
    app.engine.feed(&viewer).await.map(Json).said(viewer.lang)
}

async fn remove(State(app): State<App>, Caller(viewer): Caller) -> Result<StatusCode> {
    app.engine.remove_feed(&viewer).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn feed(
    State(app): State<App>,
    Speaks(lang): Speaks,
    Address(address): Address,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let nowhere = || Problem::new(Error::NotFound, lang);
    let secret = file.strip_suffix(".ics").and_then(|shown| app.own(shown)).ok_or_else(nowhere)?;
    let (viewer, whole) = app.engine.viewer_of_feed(secret).await.said(lang)?;
    let viewer = app.engine.coming_from(viewer, address).await.said(lang)?;
    let (text, mark) = app.engine.calendar_feed(&viewer, whole, &page_of(&headers)).await.said(lang)?;
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"guanxi.ics\""),
    ];
    Ok(unless_known(&headers, &mark, || (kind, text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    #[test]
    fn secrets_stay_out_of_the_log() {
        assert_eq!(without_secret("/calendar/north.secret.ics"), "/calendar/");
        assert_eq!(without_secret("/api/v1/calendar-feed"), "/api/v1/calendar-feed");
    }

    #[test]
    fn the_page_is_where_the_client_came() {
        let page = |given: &[(&'static str, &'static str)]| {
            let header = |(name, value): &(&'static str, &'static str)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            };
            page_of(&given.iter().map(header).collect())
        };
        assert_eq!(page(&[("host", "crm.example.com:8080")]), "http://crm.example.com:8080");
        assert_eq!(page(&[("host", "[::1]:80"), ("x-forwarded-proto", "https")]), "https://[::1]:80");
        assert_eq!(page(&[("host", "a"), ("x-forwarded-host", "b")]), "http://b");
        for wrong in [&[][..], &[("host", "a\"><script>")], &[("host", "a/b")]] {
            assert_eq!(page(wrong), "");
        }
    }
}
