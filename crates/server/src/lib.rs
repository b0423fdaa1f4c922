//! HTTP: sessions, the REST API, live events and the page. Handlers translate; everything they do is the engine's.

mod audit;
mod bodies;
mod calendars;
mod catalog;
mod conditional;
mod dav;
mod events;
mod extract;
mod figures;
mod files;
mod handovers;
mod health;
mod hub;
mod idempotency;
mod notifications;
mod oidc;
pub mod openapi;
mod page;
mod problem;
mod records;
mod rights;
mod session;
mod sign_in;
mod state;
mod team;
mod transfers;
mod views;
mod workspaces;

use axum::{Router, extract::DefaultBodyLimit, http::Request, middleware, response::Response};
use std::{net::SocketAddr, time::Duration};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, trace::TraceLayer};

pub use hub::{Hub, HubOptions};
pub use state::App;

/// Largest JSON body.
pub const MAX_BODY: usize = 2 * 1024 * 1024;

/// All routes.
pub fn router(app: App) -> Router {
    let api = Router::new()
        .merge(session::routes())
        .merge(sign_in::routes())
        .merge(oidc::routes())
        .merge(catalog::routes())
        .merge(records::routes())
        .merge(rights::routes())
        .merge(team::routes())
        .merge(handovers::routes())
        .merge(audit::routes())
        .merge(workspaces::routes())
        .merge(views::routes())
        .merge(figures::routes())
        .merge(calendars::routes())
        .merge(notifications::routes())
        .merge(files::routes())
        .merge(transfers::routes())
        .merge(events::routes())
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(app.clone(), idempotency::layer))
        .layer(DefaultBodyLimit::max(MAX_BODY));
    Router::new()
        .nest("/api/v1", api)
        .merge(health::routes())
        .merge(calendars::feeds())
        .merge(dav::routes())
        .fallback(page::serve)
        .layer(middleware::from_fn(page::security_headers))
        // Small answers and streams are not worth compressing.
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn(health::measure))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(|request: &Request<_>| tracing::debug_span!("request", method = %request.method(), path = calendars::without_secret(request.uri().path())))
                .on_response(|response: &Response, latency: Duration, _: &tracing::Span| {
                    tracing::debug!(status = response.status().as_u16(), ms = latency.as_secs_f64() * 1000.0, "answered");
                }),
        )
        .with_state(app)
}

/// Serves until `shutdown` ends, then lets requests finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    hub: Hub,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = hub.router().into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            shutdown.await;
            hub.stop();
        })
        .await
}
