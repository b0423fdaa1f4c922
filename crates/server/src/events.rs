//! Live events: what changes, to those who may see it.

use crate::{
    problem::Result,
    state::{App, Caller, viewer},
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use guanxi_engine::Live;
use serde_json::json;
use std::{convert::Infallible, time::Duration};
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;

/// How often an open stream asks whether its viewer is still signed in.
const RECHECK: Duration = Duration::from_secs(30);

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/events", get(stream))
}

async fn stream(State(app): State<App>, Caller(first): Caller, headers: HeaderMap) -> Result<Response> {
    let (sender, receiver) = mpsc::channel::<std::result::Result<Event, Infallible>>(256);
    tokio::spawn(async move {
        let mut changes = app.engine.listen();
        let mut stop = app.stop.subscribe();
        let address = first.address.clone();
        let mut caller = first;
        let mut recheck = tokio::time::interval(RECHECK);
        recheck.tick().await;
        loop {
            let event = tokio::select! {
                _ = sender.closed() => return,
                () = async { let _ = stop.wait_for(|stop| *stop).await; } => return,
                _ = recheck.tick() => {
                    match viewer(&app, &Method::GET, &headers, address.clone()).await {
                        Ok(viewer) => caller = viewer,
                        Err(_) => return,
                    }
                    continue;
                }
                change = changes.recv() => match change {
                    Ok(Live::Record { object, id, kind, version, actor }) => {
                        match app.engine.may_hear(&caller, &object, id).await {
                            Ok(true) => Event::default()
                                .event("change")
                                .data(json!({"object": object, "id": id, "kind": kind, "version": version, "actor": actor}).to_string()),
                            Ok(false) => continue,
                            Err(error) => {
                                tracing::warn!(%error, "cannot decide who may hear of a change");
                                continue;
                            }
                        }
                    }
                    Ok(Live::News { user }) if caller.id == Some(user) => Event::default().event("notification").data("{}"),
                    Ok(Live::News { .. }) => continue,
                    Ok(Live::Catalogue) => Event::default().event("catalog").data("{}"),
                    // Too much at once: the page reads anew what it shows.
                    Err(RecvError::Lagged(_)) => Event::default().event("resync").data("{}"),
                    Err(RecvError::Closed) => return,
                },
            };
            if sender.send(Ok(event)).await.is_err() {
                return;
            }
        }
    });
    Ok(Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response())
}
