//! Several workspaces on one server: which of them a request is for, and its way there.
//!
//! A request names its workspace by the host name, by `X-Guanxi-Workspace` or `workspace=`, when signing in by the body, or
//! else by its session or token, which begin with the name (`north.…`) unless it is home. A session or token of another
//! workspace than the one that was named counts as none. What is not there, archived or broken answers as a workspace
//! would in which nobody has an account.

mod keep;

pub(crate) use keep::NewWorkspace;

use crate::{
    state::{App, COOKIE, bearer, cookie_named},
    workspaces::Nowhere,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, Uri, header},
    response::{IntoResponse, Response},
};
use guanxi_engine::{Engine, Error, Network, Workspaces};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, RwLock, Weak},
    time::Instant,
};
use tokio::sync::watch;
use tower::ServiceExt;

/// A body of which the workspace's name is wanted is read so far.
const PEEKED: usize = 64 * 1024;

/// What a server of workspaces is made of.
#[derive(Clone)]
pub struct HubOptions {
    /// Where the workspaces are.
    pub workspaces: Workspaces,
    /// The one whose administrators look after the others, and that is meant where none is named.
    pub home: String,
    /// `crm.example.com`: then `north.crm.example.com` is the workspace `north`.
    pub domain: Option<String>,
    /// Proxies whose `X-Forwarded-For` counts.
    pub proxies: Vec<Network>,
}

/// A server of workspaces. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

pub(crate) struct Shared {
    options: HubOptions,
    rooms: RwLock<HashMap<String, Room>>,
    /// What is being made, or could not be.
    works: Mutex<HashMap<String, Work>>,
    /// One at a time opens, closes and exchanges workspaces.
    changing: tokio::sync::Mutex<()>,
    stop: watch::Sender<bool>,
}

/// A workspace on this server.
enum Room {
    Open(Box<Open>),
    /// Archived: nobody comes in, and nothing goes on.
    Closed(Engine, String),
    /// It could not be opened.
    Failed(String, Instant),
}

struct Open {
    app: App,
    /// Which one was opened under the name.
    instance: String,
    router: Router,
}

enum Work {
    Busy,
    Failed(String),
}

/// How a request came to its workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// By the host name: there is no choice.
    pub fixed: bool,
}

/// Which workspace a request names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    host: Option<String>,
    said: Option<String>,
    credential: Option<String>,
}

fn owner_of(credential: &str) -> Option<String> {
    credential.split_once('.').map(|(name, _)| name.to_owned())
}

impl Named {
    fn read(uri: &Uri, headers: &HeaderMap, domain: Option<&str>) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST.as_str()).or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
        let query = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("workspace="));
        let feed = uri.path().strip_prefix(crate::calendars::FEEDS);
        let credential = match bearer(headers) {
            _ if feed.is_some() => feed.and_then(|file| owner_of(file.strip_suffix(".ics")?)),
            Some(token) => owner_of(token),
            None if uri.path().starts_with(crate::dav::ROOT) => {
                crate::dav::password(headers).as_deref().and_then(owner_of)
            }
            None if uri.path() == "/api/v1/oidc/callback" => {
                cookie_named(headers, crate::oidc::COOKIE).as_deref().and_then(owner_of)
            }
            None => cookie_named(headers, COOKIE).as_deref().and_then(owner_of),
        };
        Self {
            host: host.zip(domain).and_then(|(host, domain)| by_host(host, domain)),
            said: text("x-guanxi-workspace").or(query).filter(|name| !name.is_empty()).map(str::to_owned),
            credential,
        }
    }
}

/// The workspace of a host name under the domain. A host name has no underscores.
fn by_host(host: &str, domain: &str) -> Option<String> {
    let without_port = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
    let host = without_port.map_or(host, |(host, _)| host).to_ascii_lowercase();
    let label = host.strip_suffix(domain)?.strip_suffix('.')?;
    (!label.contains('.') && label != "www").then(|| label.replace('-', "_"))
}

/// What is asked before anybody is signed in.
fn is_door(method: &Method, path: &str) -> bool {
    matches!(path.strip_prefix("/api/v1"), Some("/sign-in" | "/setup" | "/oidc/start"))
        || method == Method::POST && path == "/api/v1/session"
}

/// The workspace that the body of a sign-in names, and the request as it was.
async fn signing_in(request: Request) -> (Option<String>, Request) {
    let short = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok())
        .is_none_or(|length| length <= PEEKED);
    if !short {
        return (None, request);
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, PEEKED).await else {
        // Longer than any sign-in; an empty body is refused where it is read.
        return (None, Request::from_parts(parts, Body::empty()));
    };
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let name = json["workspace"].as_str().map(str::to_owned);
    (name, Request::from_parts(parts, Body::from(bytes)))
}

impl Hub {
    /// Opens home; the others follow with [`Hub::start`].
    ///
    /// # Errors
    /// Whatever keeps home from being opened.
    pub async fn open(options: HubOptions) -> Result<Self, Error> {
        let home = options.workspaces.open(&options.home).await?;
        let name = options.home.clone();
        let shared = Shared {
            options,
            rooms: RwLock::default(),
            works: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            stop: watch::Sender::new(false),
        };
        let hub = Self(Arc::new(shared));
        hub.put(&name, Room::Open(Box::new(hub.furnish(home))));
        Ok(hub)
    }

    fn furnish(&self, engine: Engine) -> Open {
        let home = engine.name() == self.0.options.home;
        let app = App::new(engine).behind(self.0.options.proxies.clone()).among(Arc::downgrade(&self.0), home);
        Open { router: crate::router(app.clone()), instance: app.engine.card().instance, app }
    }

    pub(crate) fn again(shared: &Weak<Shared>) -> Option<Self> {
        shared.upgrade().map(Self)
    }

    fn put(&self, name: &str, room: Room) -> Option<Room> {
        self.0.rooms.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(name.to_owned(), room)
    }

    pub(crate) fn domain(&self) -> Option<&str> {
        self.0.options.domain.as_deref()
    }

    /// The engine of a workspace that is open.
    pub fn engine(&self, name: &str) -> Option<Engine> {
        match self.0.rooms.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(name) {
            Some(Room::Open(open)) => Some(open.app.engine.clone()),
            _ => None,
        }
    }

    fn router_of(&self, name: &str) -> Option<Router> {
        match self.0.rooms.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(name) {
            Some(Room::Open(open)) => Some(open.router.clone()),
            _ => None,
        }
    }

    /// All routes of all workspaces.
    pub fn router(&self) -> Router {
        Router::new().fallback(dispatch).with_state(self.clone())
    }
}

async fn dispatch(State(hub): State<Hub>, request: Request) -> Response {
    let named = Named::read(request.uri(), request.headers(), hub.0.options.domain.as_deref());
    let mut request = request;
    let mut said = named.said;
    if request.method() == Method::POST && request.uri().path() == "/api/v1/session" {
        let (body, again) = signing_in(request).await;
        (said, request) = (body.or(said), again);
    }
    // Who comes to sign in may hold the session of another workspace; it says nothing of where he wants to go.
    let credential = named.credential.filter(|_| !is_door(request.method(), request.uri().path()));
    let fixed = named.host.is_some();
    let name = match (&named.host, &said) {
        // The host name says one, the request another: neither.
        (Some(host), Some(said)) if host != said => format!("{host}/{said}"),
        (Some(host), _) => host.clone(),
        (None, Some(said)) => said.clone(),
        (None, None) => credential.unwrap_or_else(|| hub.0.options.home.clone()),
    };
    request.extensions_mut().insert(Chosen { fixed });
    let router = match hub.router_of(&name) {
        Some(router) => router,
        None => {
            request.headers_mut().remove(header::AUTHORIZATION);
            request.headers_mut().remove(header::COOKIE);
            request.extensions_mut().insert(Nowhere(name));
            match hub.router_of(&hub.0.options.home) {
                Some(home) => home,
                // Home is being made anew.
                None => return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    };
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn read(uri: &str, headers: &[(&'static str, &'static str)]) -> Named {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Named::read(&uri.parse().expect("an address"), &headers, Some("crm.example.com"))
    }

    #[test]
    fn a_host_name_under_the_domain_is_a_workspace() {
        for (host, name) in [
            ("north.crm.example.com", Some("north")),
            ("NORTH-EAST.crm.example.com:8080", Some("north_east")),
            ("crm.example.com", None),
            ("www.crm.example.com", None),
            ("a.b.crm.example.com", None),
            ("northcrm.example.com", None),
            ("127.0.0.1:8080", None),
            ("[::1]:8080", None),
        ] {
            assert_eq!(by_host(host, "crm.example.com").as_deref(), name, "{host}");
        }
    }

    #[test]
    fn a_request_names_its_workspace_in_several_ways() {
        assert_eq!(read("/", &[]), Named::default());
        assert_eq!(read("/?a=b&workspace=north", &[]).said.as_deref(), Some("north"));
        assert_eq!(read("/?workspace=south", &[("x-guanxi-workspace", "north")]).said.as_deref(), Some("north"));
        assert_eq!(read("/", &[("cookie", "a=b; guanxi_session=north.x")]).credential.as_deref(), Some("north"));
        assert_eq!(read("/", &[("cookie", "guanxi_session=x")]).credential, None);
        let both = [("authorization", "Bearer south.gx_1"), ("cookie", "guanxi_session=north.x")];
        assert_eq!(read("/", &both).credential.as_deref(), Some("south"));
        let basic = [("authorization", "Basic emhhbmc6c291dGguZ3hfMQ==")];
        assert_eq!(read("/dav/", &basic).credential.as_deref(), Some("south"));
        assert_eq!(read("/api/v1/session", &basic).credential, None);
        assert_eq!(
            read("/calendar/south.x.ics", &[("cookie", "guanxi_session=north.x")]).credential.as_deref(),
            Some("south")
        );
        assert_eq!(read("/calendar/x.ics", &[("cookie", "guanxi_session=north.x")]).credential, None);
        let back = [("cookie", "guanxi_session=north.x; guanxi_oidc=south.y")];
        assert_eq!(read("/api/v1/oidc/callback?state=1", &back).credential.as_deref(), Some("south"));
    }
}
