//! What handlers share, and who is calling them.

use crate::{dav, hub, idempotency::Claimed, problem::Problem};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, Method, header, request::Parts},
};
use guanxi_engine::{Engine, Error, Network, Viewer};
use guanxi_model::Lang;
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Weak},
};
use tokio::sync::watch;

/// The name of the session cookie.
pub(crate) const COOKIE: &str = "guanxi_session";

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) engine: Engine,
    pub(crate) stop: Arc<watch::Sender<bool>>,
    /// Proxies whose `X-Forwarded-For` counts.
    proxies: Arc<Vec<Network>>,
    /// The server's workspaces, where it has several.
    pub(crate) hub: Weak<hub::Shared>,
    /// Its administrators are the server's.
    pub(crate) home: bool,
    /// What calendar programs have seen.
    pub(crate) seen: Arc<dav::Memory>,
}

impl App {
    /// Serves one workspace.
    pub fn new(engine: Engine) -> Self {
        let stop = Arc::new(watch::Sender::new(false));
        Self { engine, stop, proxies: Arc::default(), hub: Weak::new(), home: true, seen: Arc::default() }
    }

    /// Serves it beside others.
    #[must_use]
    pub(crate) fn among(mut self, hub: Weak<hub::Shared>, home: bool) -> Self {
        (self.hub, self.home) = (hub, home);
        self
    }

    /// A secret as it is given out: it begins with the workspace's name, but for home.
    pub(crate) fn issue(&self, secret: &str) -> String {
        if self.home { secret.to_owned() } else { format!("{}.{secret}", self.engine.name()) }
    }

    /// The secret in what somebody shows, if it is one of this workspace.
    pub(crate) fn own<'a>(&self, shown: &'a str) -> Option<&'a str> {
        match shown.split_once('.') {
            None => self.home.then_some(shown),
            Some((name, secret)) => (name == self.engine.name()).then_some(secret),
        }
    }

    /// The secret in the session cookie.
    pub(crate) fn cookie(&self, headers: &HeaderMap) -> Option<String> {
        self.cookie_named(headers, COOKIE)
    }

    /// The secret in a cookie.
    pub(crate) fn cookie_named(&self, headers: &HeaderMap, wanted: &str) -> Option<String> {
        cookie_named(headers, wanted).and_then(|shown| self.own(&shown).map(str::to_owned))
    }

    /// Believes what these proxies say about where a request comes from.
    #[must_use]
    pub fn behind(mut self, proxies: Vec<Network>) -> Self {
        self.proxies = Arc::new(proxies);
        self
    }

    /// Where a request comes from: the socket's other end, or what a trusted proxy there says of it. Of several proxies, the
    /// first one from here that is not trusted.
    pub(crate) fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<String> {
        let mut address = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
        let trusted = |address: IpAddr| self.proxies.iter().any(|proxy| proxy.holds(address));
        let said: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in said.into_iter().rev() {
            if !trusted(address) {
                break;
            }
            // What cannot be read was not written by a proxy that is to be believed.
            let Ok(before) = hop.trim().parse::<IpAddr>() else { break };
            address = before.to_canonical();
        }
        Some(address.to_string())
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

/// The client's address, where it is known.
pub(crate) struct Address(pub Option<String>);

pub(crate) fn language(headers: &HeaderMap) -> Lang {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map_or(Lang::Zh, Lang::from_tag)
}

/// What is in a cookie.
pub(crate) fn cookie_named(headers: &HeaderMap, wanted: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, secret)| secret.to_owned())
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
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

pub(crate) async fn viewer(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    address: Option<String>,
) -> Result<Viewer, Problem> {
    let lang = language(headers);
    let wrap = |error| Problem::new(error, lang);
    let viewer = if let Some(token) = bearer(headers) {
        let token = app.own(token).ok_or_else(|| wrap(Error::Unauthenticated))?;
        app.engine.viewer_of_token(token).await.map_err(wrap)?
    } else if let Some(secret) = app.cookie(headers) {
        let viewer = app.engine.viewer_of_session(&secret).await.map_err(wrap)?;
        if is_cross_site(method, headers) {
            return Err(Problem::cross_site(lang));
        }
        viewer
    } else {
        return Err(wrap(Error::Unauthenticated));
    };
    Ok(app.engine.coming_from(viewer, address).await.map_err(wrap)?.speaking(lang))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let claim = parts.extensions.get::<Claimed>().map(|claimed| claimed.0);
        let address = app.address(&parts.extensions, &parts.headers);
        let viewer = viewer(app, &parts.method, &parts.headers, address).await?;
        Ok(Self(viewer.claiming(claim)))
    }
}

impl<S: Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(language(&parts.headers)))
    }
}

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(app.address(&parts.extensions, &parts.headers)))
    }
}
