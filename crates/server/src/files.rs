//! Files: upload, download, removal, and the files of a record.

use crate::{
    bodies::Upload,
    extract::{Multipart, Path},
    problem::{Problem, Result, Said},
    state::{App, Caller},
};
use axum::{
    Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use guanxi_engine::{Error, files::MAX_FILE};
use guanxi_model::Lang;
use serde_json::{Value, json};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/files", post(upload))
        .route("/files/{id}", get(download).delete(remove))
        .route("/records/{object}/{id}/attachments", get(list).post(attach))
        // Uploads are streamed to disk and limited there.
        .layer(DefaultBodyLimit::disable())
}

fn media_type(name: &str) -> String {
    mime_guess::from_path(name).first_or_octet_stream().to_string()
}

async fn upload(
    State(app): State<App>,
    Caller(viewer): Caller,
    Multipart(parts): Multipart,
) -> Result<(StatusCode, Json<Value>)> {
    let upload = Upload::read(&app.engine, parts, MAX_FILE, viewer.lang).await?;
    let file = app
        .engine
        .keep_file(&viewer, &upload.path, &upload.name, &media_type(&upload.name), None)
        .await
        .said(viewer.lang)?;
    Ok((StatusCode::CREATED, Json(file)))
}

async fn attach(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, Uuid)>,
    Multipart(parts): Multipart,
) -> Result<(StatusCode, Json<Value>)> {
    // Asked before the bytes are taken.
    app.engine.check_attach(&viewer, &object, id).await.said(viewer.lang)?;
    let upload = Upload::read(&app.engine, parts, MAX_FILE, viewer.lang).await?;
    let file = app
        .engine
        .keep_file(&viewer, &upload.path, &upload.name, &media_type(&upload.name), Some((&object, id)))
        .await
        .said(viewer.lang)?;
    Ok((StatusCode::CREATED, Json(file)))
}

async fn list(
    State(app): State<App>,
    Caller(viewer): Caller,
    Path((object, id)): Path<(String, Uuid)>,
) -> Result<Json<Value>> {
    let items = app.engine.attachments(&viewer, &object, id).await.said(viewer.lang)?;
    Ok(Json(json!({"items": items})))
}

async fn download(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<Response> {
    let (file, path) = app.engine.open_file(&viewer, id).await.said(viewer.lang)?;
    // Pictures and PDF may be looked at in place; anything else could be a page of somebody's own.
    let inline =
        matches!(file.media_type.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "application/pdf");
    send(&path, &file.name, &file.media_type, inline, viewer.lang).await
}

/// Streams a file from disk.
pub(crate) async fn send(
    path: &std::path::Path,
    name: &str,
    media_type: &str,
    inline: bool,
    lang: Lang,
) -> Result<Response> {
    let gone = |_| Problem::new(Error::NotFound, lang);
    let file = tokio::fs::File::open(path).await.map_err(gone)?;
    let size = file.metadata().await.map_err(gone)?.len();
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let kind = if inline { "inline" } else { "attachment" };
    let mut response = Body::from_stream(ReaderStream::with_capacity(file, 64 * 1024)).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, media_type.to_owned());
    set(header::CONTENT_LENGTH, size.to_string());
    set(header::CONTENT_DISPOSITION, format!("{kind}; filename*=UTF-8''{encoded}"));
    set(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned());
    set(header::CACHE_CONTROL, "private, no-store".to_owned());
    Ok(response)
}

async fn remove(State(app): State<App>, Caller(viewer): Caller, Path(id): Path<Uuid>) -> Result<StatusCode> {
    app.engine.remove_file(&viewer, id).await.said(viewer.lang)?;
    Ok(StatusCode::NO_CONTENT)
}
