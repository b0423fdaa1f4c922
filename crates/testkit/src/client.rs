//! A client of the API: requests go straight into the routes.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use guanxi_engine::Viewer;
use serde_json::{Value as Json, json};
use std::net::SocketAddr;
use tower::ServiceExt;
use uuid::Uuid;

/// Largest answer a test reads.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// A caller: with a token, with a session cookie, or nobody.
#[derive(Clone)]
pub struct Client {
    router: Router,
    headers: Vec<(String, String)>,
    viewer: Option<Viewer>,
    address: Option<SocketAddr>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// The body, if it is JSON; null otherwise.
    pub json: Json,
    /// The body as text.
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// Headers.
    pub headers: HeaderMap,
}

/// A record that a test made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its id.
    pub id: Uuid,
    /// Its object.
    pub object: String,
    /// As the API answered it.
    pub json: Json,
}

/// A request that is being put together.
pub struct Outgoing {
    client: Client,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Made {
    /// `/records/customer/…`
    pub fn path(&self) -> String {
        format!("/records/{}/{}", self.object, self.id)
    }

    /// The id as text.
    pub fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Response {
    /// The stable word of a problem.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `(field, code)` pairs of a 422.
    pub fn errors(&self) -> Vec<(String, String)> {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        self.json["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| (text(&error["field"]), text(&error["code"])))
            .collect()
    }

    /// One member of each of `items`, as text.
    pub fn each(&self, name: &str) -> Vec<String> {
        self.json["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|item| item[name].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Insists on a status.
    ///
    /// # Panics
    /// With the body, when it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// Text as it stands in a query or a path.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

impl Client {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, headers: vec![("accept-language".into(), "en-US".into())], viewer: None, address: None }
    }

    pub(crate) fn with_token(mut self, token: &str, viewer: Viewer) -> Self {
        self.headers.push(("authorization".into(), format!("Bearer {token}")));
        self.viewer = Some(viewer);
        self
    }

    /// The same caller sending one more header with everything.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same caller coming from an address such as `10.0.0.7`.
    ///
    /// # Panics
    /// When that is no address.
    #[must_use]
    pub fn from_address(mut self, address: &str) -> Self {
        self.address = Some(SocketAddr::new(address.parse().expect("an address"), 40_000));
        self
    }

    /// The same caller reading another language.
    #[must_use]
    pub fn speaking(mut self, tag: &str) -> Self {
        self.headers.retain(|(name, _)| name != "accept-language");
        self.with("accept-language", tag)
    }

    /// Who he is to the engine.
    ///
    /// # Panics
    /// For somebody who has no token.
    pub fn viewer(&self) -> &Viewer {
        self.viewer.as_ref().expect("a caller with a token")
    }

    /// His id.
    ///
    /// # Panics
    /// For somebody who has no token.
    pub fn id(&self) -> Uuid {
        self.viewer().id.expect("a user has an id")
    }

    /// A request to a path under `/api/v1`, or to any path that begins with `//`.
    pub fn request(&self, method: &str, path: &str) -> Outgoing {
        let path = path
            .strip_prefix('/')
            .filter(|rest| rest.starts_with('/'))
            .map_or_else(|| format!("/api/v1{path}"), str::to_owned);
        Outgoing {
            client: self.clone(),
            method: method.parse().expect("a method"),
            path,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// GET
    pub async fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().await
    }

    /// POST
    pub async fn post(&self, path: &str, body: Json) -> Response {
        self.request("POST", path).json(&body).send().await
    }

    /// PUT
    pub async fn put(&self, path: &str, body: Json) -> Response {
        self.request("PUT", path).json(&body).send().await
    }

    /// PATCH
    pub async fn patch(&self, path: &str, body: Json) -> Response {
        self.request("PATCH", path).json(&body).send().await
    }

    /// DELETE
    pub async fn delete(&self, path: &str) -> Response {
        self.request("DELETE", path).send().await
    }

    /// Makes a record.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn create(&self, object: &str, values: Json) -> Made {
        let shown = values.to_string();
        let answer = self.post(&format!("/records/{object}?allow_duplicate=true"), values).await;
        assert_eq!(answer.status, 201, "{object} {shown}: {}", answer.text);
        let id = answer.json["id"].as_str().and_then(|id| Uuid::try_parse(id).ok()).expect("a record has an id");
        Made { id, object: object.to_owned(), json: answer.json }
    }

    /// Lists records with the given query parameters.
    pub async fn list(&self, object: &str, query: &[(&str, &str)]) -> Response {
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.get(&format!("/records/{object}?{}", query.join("&"))).await
    }

    /// What matches a filter, by the title field.
    ///
    /// # Panics
    /// When the filter is refused.
    pub async fn matching(&self, object: &str, filter: &Json) -> Vec<String> {
        let answer = self
            .list(object, &[("filter", &filter.to_string()), ("limit", "200"), ("sort", "created_at")])
            .await
            .expect(200);
        answer.each("name")
    }

    /// Titles that a search finds, best first.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn search(&self, query: &str) -> Vec<String> {
        self.get(&format!("/search?q={}", encoded(query))).await.expect(200).each("title")
    }

    /// Uploads a file to a path.
    pub async fn upload(&self, path: &str, name: &str, content: &[u8]) -> Response {
        self.upload_with(path, name, content, &[]).await
    }

    /// Uploads a file with more parts.
    pub async fn upload_with(&self, path: &str, name: &str, content: &[u8], parts: &[(&str, &str)]) -> Response {
        let boundary = "guanxi-boundary";
        let mut body = Vec::new();
        for (part, text) in parts {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{part}\"\r\n\r\n{text}\r\n").as_bytes(),
            );
        }
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        self.request("POST", path)
            .header("content-type", &format!("multipart/form-data; boundary={boundary}"))
            .body(body)
            .send()
            .await
    }

    /// Signs in with a password; answers a caller with the session's cookie, as a browser on the page's own site.
    pub async fn sign_in(&self, login: &str, password: &str) -> (Response, Self) {
        let answer = self.post("/session", json!({"login": login, "password": password})).await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let browser = Self::new(self.router.clone()).with("cookie", &cookie).with("host", "crm.example");
        (answer, browser)
    }
}

impl Outgoing {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &Json) -> Self {
        self.header("content-type", "application/json").body(body.to_string().into_bytes())
    }

    /// Any body.
    #[must_use]
    pub fn body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// Sends it and leaves the body of the answer as it comes, for streams.
    ///
    /// # Panics
    /// When it is no request at all: a mistake in the test.
    pub async fn stream(self) -> axum::response::Response {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.client.headers.iter().chain(&self.headers) {
            request = request.header(name, value);
        }
        if let Some(address) = self.client.address {
            request = request.extension(ConnectInfo(address));
        }
        let request =
            request.header(header::CONTENT_LENGTH, self.body.len()).body(Body::from(self.body)).expect("a request");
        self.client.router.oneshot(request).await.expect("routes always answer")
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Panics
    /// When the answer breaks off.
    pub async fn send(self) -> Response {
        let answer = self.stream().await;
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, MAX_ANSWER).await.expect("the answer is whole").to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Response {
            status: parts.status.as_u16(),
            json: serde_json::from_slice(&bytes).unwrap_or_default(),
            text,
            bytes,
            headers: parts.headers,
        }
    }
}
