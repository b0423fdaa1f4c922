//! Is it alive, and how is it doing?

use crate::state::{Address, App, viewer};
use axum::{
    Json, Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use guanxi_engine::Ability;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics))
}

/// The process's recorder; several servers in one process (tests) share it.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

async fn healthz(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let mut sql = app.engine.database().sql();
    sql.push("SELECT 1").returning([]);
    match tokio::time::timeout(Duration::from_secs(5), app.engine.database().read(sql)).await {
        Ok(Ok(_)) => (StatusCode::OK, Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))),
        _ => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "database unavailable"}))),
    }
}

/// Prometheus text, for programs on this machine and for administrators.
async fn metrics(State(app): State<App>, Address(address): Address, method: Method, headers: HeaderMap) -> Response {
    let forwarded = headers.contains_key("x-forwarded-for");
    let local = !forwarded
        && address
            .as_ref()
            .is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()));
    // They are the whole server's.
    let allowed = local
        || app.home
            && viewer(&app, &method, &headers, address)
                .await
                .is_ok_and(|viewer| app.engine.may(&viewer, Ability::Administer));
    match recorder().filter(|_| allowed) {
        Some(handle) => {
            handle.run_upkeep();
            handle.render().into_response()
        }
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

/// Counts and times requests by route.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    recorder();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "page".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().to_string();
    let begun = Instant::now();
    let response = next.run(request).await;
    let labels = [("method", method), ("route", route), ("status", response.status().as_u16().to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(begun.elapsed().as_secs_f64());
    response
}
