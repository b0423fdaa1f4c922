//! What handlers share, and who is calling them.

use crate::{idempotency::Claimed, problem::Problem};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, Method, header, request::Parts},
};
use guanxi_engine::{Engine, Error, Viewer};
use guanxi_model::Lang;
use std::{convert::Infallible, net::SocketAddr, sync::Arc};
use tokio::sync::watch;

/// The name of the session cookie.
pub(crate) const COOKIE: &str = "guanxi_session";

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) engine: Engine,
    pub(crate) stop: Arc<watch::Sender<bool>>,
}

impl App {
    /// Serves one workspace.
    pub fn new(engine: Engine) -> Self {
        Self { engine, stop: Arc::new(watch::Sender::new(false)) }
    }

    /// Ends open event streams, so that the server can stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}

/// The signed-in viewer of a request, by token or cookie.
pub(crate) struct Caller(pub Viewer);

/// The language of answers.
pub(crate) struct Speaks(pub Lang);

/// The client's address.
pub(crate) struct Address(pub String);

pub(crate) fn language(headers: &HeaderMap) -> Lang {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map_or(Lang::Zh, Lang::from_tag)
}

/// The secret in the session cookie.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, secret)| secret.to_owned())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Did another site make the browser send this? Browsers say so in `Sec-Fetch-Site` and `Origin`; programs send neither.
pub(crate) fn is_cross_site(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return false };
    let host = text("x-forwarded-host").or_else(|| text("host")).unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, from)| !from.eq_ignore_ascii_case(host))
}

pub(crate) async fn viewer(app: &App, method: &Method, headers: &HeaderMap) -> Result<Viewer, Problem> {
    let lang = language(headers);
    let wrap = |error| Problem::new(error, lang);
    let viewer = if let Some(token) = bearer(headers) {
        app.engine.viewer_of_token(token).await.map_err(wrap)?
    } else if let Some(secret) = cookie(headers) {
        let viewer = app.engine.viewer_of_session(&secret).await.map_err(wrap)?;
        if is_cross_site(method, headers) {
            return Err(Problem::cross_site(lang));
        }
        viewer
    } else {
        return Err(wrap(Error::Unauthenticated));
    };
    Ok(viewer.speaking(lang))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let claim = parts.extensions.get::<Claimed>().map(|claimed| claimed.0);
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        let viewer = viewer(app, &parts.method, &parts.headers).await?;
        Ok(Self(viewer.from_address(address).claiming(claim)))
    }
}

impl<S: Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(language(&parts.headers)))
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        Ok(Self(address.unwrap_or_default()))
    }
}
