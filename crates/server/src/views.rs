//! What the page keeps with a user: saved views and recently opened records.

use crate::{
    bodies::JsonBody,
    extract::{Path, Query},
    problem::{Result, Said},
    state::{App, Caller},
};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, patch},
};
use guanxi_engine::{Error, Viewer};
use guanxi_store::platform::{self, View};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/views", get(list).post(add))
        .route("/views/{id}", patch(change).delete(remove))
        .route("/recent", get(recent).post(touch))
}

fn own(viewer: &Viewer) -> Result<Uuid> {
    viewer.id.ok_or(Error::Unauthenticated).said(viewer.lang)
}

fn view_json(view: &View) -> Value {
    json!({
        "id": view.id,
        "object": view.object,
        "name": view.name,
        "kind": view.kind,
        "definition": serde_json::from_str::<Value>(&view.definition).unwrap_or_default(),
        "is_default": view.is_default,
    })
}

#[derive(Deserialize)]
struct ObjectQuery {
    object: Option<String>,
}

async fn list(State(app): State<App>, Caller(viewer): Caller, Query(query): Query<ObjectQuery>) -> Result<Json<Value>> {
    let views = platform::views(app.engine.database(), own(&viewer)?, query.object.as_deref())
        .await
        .map_err(Error::from)
        .said(viewer.lang)?;
    Ok(Json(json!({"items": views.iter().map(view_json).collect::<Vec<_>>()})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewInput {
    object: Option<String>,
    name: Option<String>,
    kind: Option<String>,
    definition: Option<Value>,
    is_default: Option<bool>,
}

impl ViewInput {
    fn apply(self, view: &mut View) -> std::result::Result<(), Error> {
        if let Some(name) = self.name {
            name.trim().clone_into(&mut view.name);
        }
        if view.name.is_empty() || view.name.chars().count() > 60 {
            return Err(Error::invalid(
                "name",
                "required",
                "请填写名称，最多 60 个字",
                "give it a name of at most 60 characters",
            ));
        }
        if let Some(kind) = self.kind {
            view.kind = kind;
        }
        if !matches!(view.kind.as_str(), "table" | "board" | "calendar") {
            return Err(Error::invalid(
                "kind",
                "unknown_option",
                "应为 table、board 或 calendar",
                "is table, board or calendar",
            ));
        }
        if let Some(definition) = self.definition {
            view.definition = definition.to_string();
        }
        if view.definition.len() > 100_000 {
            return Err(Error::invalid("definition", "too_long", "内容过大", "is too large"));
        }
        view.is_default = self.is_default.unwrap_or(view.is_default);
        Ok(())
    }
}

async fn add(
    State(app): State<App>,
    Caller(viewer): Caller,
    JsonBody(input): JsonBody<ViewInput>,
) -> Result<(StatusCode, Json<Value>)> {
    let object = app.engine.object(input.object.as_deref().unwrap_or_default()).said(viewer.lang)?;
    let mut view = View {
        id: Uuid::now_v7(),
        user: own(&viewer)?,
        object: object.name.clone(),
        name: String::new(),
        kind: "table".into(),
        definition: "{}".into(),
        is_default: false,
    };
    input.apply(&mut view).said(viewer.lang)?;
    let answer = view_json(&view);
    platform::put_view(app.engine.database(), view).await.map_err(Error::from).said(viewer.lang)?;
    Ok((StatusCode::CREATED, Json(answer)))
}

async fn change(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path(id): Path<Uuid>,
    JsonBody(input): JsonBody<ViewInput>,
) -> Result<Json<Value>> {
    let views =
        platform::views(app.engine.database(), own(&viewer)?, None).await.map_err(Error::from).said(viewer.lang)?;
    let mut view = views.into_iter().find(|view| view.id == id).ok_or(Error::NotFound).said(viewer.lang)?;
    input.apply(&mut view).said(viewer.lang)?;
    let answer = view_json(&view);
    platform::put_view(app.engine.database(), view).await.map_err(Error::from).said(viewer.lang)?;
    Ok(Json(answer))
}

async fn remove(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<StatusCode> {
    let removed =
        platform::remove_view(app.engine.database(), own(&viewer)?, id).await.map_err(Error::from).said(viewer.lang)?;
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound).said(viewer.lang) }
}

#[derive(Deserialize)]
struct Limit {
    limit: Option<usize>,
}

async fn recent(State(app): State<App>, Caller(viewer): Caller, Query(query): Query<Limit>) -> Result<Json<Value>> {
    let limit = query.limit.unwrap_or(20).clamp(1, 100);
    let touched =
        platform::recent(app.engine.database(), own(&viewer)?, limit).await.map_err(Error::from).said(viewer.lang)?;
    let mut items = Vec::with_capacity(touched.len());
    for (object, id, at) in touched {
        let Ok(definition) = app.engine.object(&object) else { continue };
        // A record that was deleted, or left the viewer's scope, drops out.
        if let Ok(record) = app.engine.get(&viewer, &object, id, Some(std::slice::from_ref(&definition.title))).await {
            items.push(json!({"object": object, "id": id, "title": record.get(&definition.title), "at": at}));
        }
    }
    Ok(Json(json!({"items": items})))
}

#[derive(Deserialize)]
struct Touch {
    object: String,
    id: Uuid,
}

async fn touch(State(app): State<App>, Caller(viewer): Caller, JsonBody(body): JsonBody<Touch>) -> Result<StatusCode> {
    app.engine.get(&viewer, &body.object, body.id, Some(&[])).await.said(viewer.lang)?;
    let now = app.engine.now();
    platform::touch_recent(app.engine.database(), own(&viewer)?, &body.object, body.id, now)
        .await
        .map_err(Error::from)
        .said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}
