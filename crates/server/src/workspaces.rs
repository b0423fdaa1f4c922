//! The workspaces of this server, for its administrator: he sees how many there are and how large, not what is in them.

use crate::{
    bodies::JsonBody,
    extract::Path,
    hub::{Hub, NewWorkspace},
    problem::{Result, Said},
    session::is_secure,
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::{get, patch, post},
};
use guanxi_engine::{Ability, Card, CardChange, Error, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};

/// A request names a workspace that is not open.
#[derive(Debug, Clone)]
pub(crate) struct Nowhere(pub String);

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/workspaces", get(list).post(create))
        .route("/workspaces/{name}", patch(change))
        .route("/workspaces/{name}/reset", post(reset))
        .route("/workspaces/{name}/setup", post(invite))
}

impl App {
    /// The workspaces, for who looks after them.
    pub(crate) fn hub_of(&self, viewer: &Viewer) -> Result<Hub, Error> {
        let refused = || {
            Error::forbidden(
                "只有服务器管理员（主帐套的管理员）可以管理帐套",
                "only the server's administrators, those of the home workspace, look after workspaces",
            )
        };
        let hub = Hub::again(&self.hub).filter(|_| self.home && self.engine.may(viewer, Ability::Administer));
        hub.ok_or_else(refused)
    }

    /// The workspaces that are offered to everybody.
    pub(crate) fn listed(&self) -> Vec<(String, Card)> {
        Hub::again(&self.hub).map(|hub| hub.listed()).unwrap_or_default()
    }

    /// Where somebody is who is signed in.
    pub(crate) fn describe_place(&self) -> Value {
        json!({"name": self.engine.name(), "title": self.engine.card().title, "home": self.home})
    }

    /// The page where one signs in here, saying what went wrong.
    pub(crate) fn sign_in_page(&self, problem: &str) -> String {
        let workspace = if self.home { String::new() } else { format!("&workspace={}", self.engine.name()) };
        format!("/sign-in?problem={problem}{workspace}")
    }
}

/// Addresses of workspaces, as the caller's browser reaches this server.
fn addresses(hub: &Hub, headers: &HeaderMap) -> impl Fn(&str) -> Option<String> {
    let domain = hub.domain().map(str::to_owned);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let port = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
    let port = port.map(|(_, port)| format!(":{port}")).unwrap_or_default();
    let scheme = if is_secure(headers) { "https" } else { "http" };
    move |name| {
        let domain = domain.as_ref()?;
        Some(format!("{scheme}://{}.{domain}{port}", name.replace('_', "-")))
    }
}

async fn list(State(app): State<App>, Caller(viewer): Caller, headers: HeaderMap) -> Result<Json<Value>> {
    let hub = app.hub_of(&viewer).said(viewer.lang)?;
    let items = hub.describe(addresses(&hub, &headers)).await;
    Ok(Json(json!({"items": items})))
}

#[derive(Deserialize)]
struct Wanted {
    name: String,
    title: String,
    #[serde(default)]
    demo: bool,
    #[serde(default)]
    listed: bool,
}

async fn create(
    State(app): State<App>,
    Caller(viewer): Caller,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> Result<(StatusCode, Json<Value>)> {
    let hub = app.hub_of(&viewer).said(viewer.lang)?;
    let Wanted { name, title, demo, listed } = wanted;
    let new = NewWorkspace { name: name.clone(), title, demo, listed };
    let token = hub.create(new).await.said(viewer.lang)?;
    app.engine.note_workspace(&viewer, format!("新建帐套：{name}")).await.said(viewer.lang)?;
    let mut item = hub.item(&name, addresses(&hub, &headers)(&name)).await;
    if let Some(token) = token {
        item["setup"] = setup(&token);
    }
    Ok((StatusCode::CREATED, Json(item)))
}

fn setup(token: &str) -> Value {
    json!({"login": "admin", "token": token})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    listed: Option<bool>,
    #[serde(default)]
    archived: Option<bool>,
}

async fn change(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Change>,
) -> Result<Json<Value>> {
    let hub = app.hub_of(&viewer).said(viewer.lang)?;
    let Change { title, listed, archived } = wanted;
    let what = match archived {
        Some(true) => "归档帐套",
        Some(false) => "重新启用帐套",
        None => "修改帐套",
    };
    hub.change(&name, CardChange { title, listed, archived }).await.said(viewer.lang)?;
    app.engine.note_workspace(&viewer, format!("{what}：{name}")).await.said(viewer.lang)?;
    Ok(Json(hub.item(&name, addresses(&hub, &headers)(&name)).await))
}

async fn reset(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<Value>)> {
    let hub = app.hub_of(&viewer).said(viewer.lang)?;
    hub.reset(&name).said(viewer.lang)?;
    app.engine.note_workspace(&viewer, format!("重置演示帐套：{name}")).await.said(viewer.lang)?;
    Ok((StatusCode::ACCEPTED, Json(hub.item(&name, addresses(&hub, &headers)(&name)).await)))
}

async fn invite(State(app): State<App>, Caller(viewer): Caller, Path(name): Path<String>) -> Result<Json<Value>> {
    let hub = app.hub_of(&viewer).said(viewer.lang)?;
    let token = hub.invite(&name).await.said(viewer.lang)?;
    app.engine.note_workspace(&viewer, format!("重新发出帐套设置链接：{name}")).await.said(viewer.lang)?;
    Ok(Json(json!({"setup": setup(&token)})))
}
