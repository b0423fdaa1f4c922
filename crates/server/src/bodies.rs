//! Request bodies, with problems instead of the framework's plain texts.

use crate::{problem::Problem, state::language};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
};
use guanxi_engine::{Engine, Error};
use guanxi_model::Lang;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use tokio::io::AsyncWriteExt;

/// A JSON body.
pub(crate) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Problem> {
        let lang = language(request.headers());
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large(lang)
            } else {
                Problem::new(Error::bad("bad_body", "无法读取请求内容", "cannot read the body"), lang)
            }
        })?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(text).map(Self).map_err(|error| {
            Problem::new(
                Error::bad("bad_json", format!("JSON 有误：{error}"), format!("not the JSON that is wanted: {error}")),
                lang,
            )
        })
    }
}

pub(crate) fn too_large(lang: Lang) -> Problem {
    Problem::new(Error::TooLarge(guanxi_model::Label::new("内容过大", "the body is too large")), lang)
}

/// A file that came in as a multipart part, written to disk as it came.
pub(crate) struct Upload {
    pub path: PathBuf,
    pub name: String,
    /// The other parts, as text.
    pub fields: Vec<(String, String)>,
}

impl Upload {
    /// Reads a multipart body: the part `file` goes to disk, at most `limit` bytes of it.
    pub async fn read(engine: &Engine, mut parts: Multipart, limit: u64, lang: Lang) -> Result<Self, Problem> {
        let bad = |zh: &str, en: &str| Problem::new(Error::bad("bad_upload", zh, en), lang);
        let broken = |_| bad("上传中断或格式有误", "the upload broke off or is not multipart");
        let mut file = None;
        let mut fields = Vec::new();
        while let Some(mut part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name != "file" {
                let text = part.text().await.map_err(broken)?;
                if text.len() > 100_000 || fields.len() > 20 {
                    return Err(too_large(lang));
                }
                fields.push((name, text));
                continue;
            }
            let path = engine.upload_path().map_err(|error| Problem::new(error, lang))?;
            let guard = RemoveOnDrop(Some(path.clone()));
            let file_name = part.file_name().unwrap_or("file").to_owned();
            let disk = |_| bad("无法写入上传的文件", "cannot write the upload");
            let mut out = tokio::fs::File::create(&path).await.map_err(disk)?;
            let mut size = 0;
            while let Some(chunk) = part.chunk().await.map_err(broken)? {
                size += chunk.len() as u64;
                if size > limit {
                    return Err(too_large(lang));
                }
                out.write_all(&chunk).await.map_err(disk)?;
            }
            out.flush().await.map_err(disk)?;
            file = Some((path, file_name, guard));
        }
        let Some((path, name, mut guard)) = file else {
            return Err(bad("缺少文件（file）", "the part `file` is missing"));
        };
        guard.0 = None;
        Ok(Self { path, name, fields })
    }

    /// One of the other parts.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

/// Removes a half-written upload when its request ends early.
struct RemoveOnDrop(Option<PathBuf>);

impl Drop for RemoveOnDrop {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}
