//! A test application behind a real port, with a door through which who plays against it passes the time.

use crate::{TestApp, TestClock, app::settle};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::post,
};
use guanxi_engine::Engine;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, sync::Mutex};

/// Where the time is passed: `POST {"to": "2026-11-23T09:00:00+08:00"}`, or `{}` to let followers catch up.
pub const CLOCK: &str = "/testkit/clock";

/// Longest stretch of one request: every hour of it is lived through.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 40);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What the door moves. One hand at a time.
#[derive(Clone)]
struct Door {
    engine: Engine,
    clock: TestClock,
    hand: Arc<Mutex<()>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    to: Option<Timestamp>,
}

impl TestApp {
    /// Serves the application on a free port of this machine for as long as the runtime lives; answers where.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn serve_with_door(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let door = Door { engine: self.engine.clone(), clock: self.clock.clone(), hand: Arc::new(Mutex::new(())) };
        let routes = self.router.clone().merge(Router::new().route(CLOCK, post(pass)).with_state(door));
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        address
    }
}

/// Goes on to a moment, hour by hour, as a server would have lived through it: followers follow, what is done once a day is done, and
/// people are reminded.
async fn pass(State(door): State<Door>, Json(wanted): Json<Wanted>) -> Response {
    let _held = door.hand.lock().await;
    let now = door.engine.now();
    let until = wanted.to.unwrap_or(now);
    if until < now || until.duration_since(now) > LONGEST {
        let said = json!({"code": "bad_moment", "detail": "time goes forward, by forty days at most"});
        return (StatusCode::BAD_REQUEST, Json(said)).into_response();
    }
    match live_until(&door, now, until).await {
        Ok(()) => Json(json!({"now": until})).into_response(),
        Err(error) => {
            let said = json!({"code": "failed", "detail": error.to_string()});
            (StatusCode::INTERNAL_SERVER_ERROR, Json(said)).into_response()
        }
    }
}

/// What a server does besides answering. People are reminded at the end, of all that has become due on the way.
async fn live_until(door: &Door, from: Timestamp, until: Timestamp) -> guanxi_engine::Result<()> {
    let mut at = from;
    settle(&door.engine).await?;
    while at < until {
        at = next_hour(at).min(until);
        door.clock.set(at);
        door.engine.do_chores().await?;
        settle(&door.engine).await?;
    }
    door.engine.remind().await?;
    settle(&door.engine).await
}

/// The next full hour: daily work is due by hours of the day.
fn next_hour(at: Timestamp) -> Timestamp {
    let seconds = HOUR.as_secs();
    Timestamp::from_second((at.as_second().div_euclid(seconds) + 1) * seconds)
        .expect("a test's time stays within the calendar")
}
