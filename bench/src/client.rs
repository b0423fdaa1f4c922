//! A client that waits for each answer, and many of them at once.

use anyhow::{Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value as Json;
use std::{
    fmt::Write,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::net::TcpStream;

/// One connection.
pub(crate) struct Client {
    sender: http1::SendRequest<Full<Bytes>>,
    host: String,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string() })
    }

    /// Sends a request; a body is sent as JSON.
    pub async fn send(&mut self, method: &str, path: &str, token: &str, body: Option<String>) -> Result<(u16, Bytes)> {
        self.sender.ready().await?;
        let mut request = Request::builder().method(method).uri(path).header("host", &self.host);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Full::new(Bytes::from(body.unwrap_or_default())))?;
        let response = self.sender.send_request(request).await?;
        let status = response.status().as_u16();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }

    pub async fn get(&mut self, path: &str, token: &str) -> Result<(u16, Bytes)> {
        self.send("GET", path, token, None).await
    }

    /// Posts JSON under an idempotency key.
    pub async fn keyed(&mut self, path: &str, token: &str, key: &str, body: &Json) -> Result<(u16, Bytes)> {
        self.sender.ready().await?;
        let request = Request::post(path)
            .header("host", &self.host)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        let response = self.sender.send_request(request.body(Full::new(Bytes::from(body.to_string())))?).await?;
        let status = response.status().as_u16();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }

    /// Uploads a file to be imported.
    pub async fn upload(&mut self, token: &str, object: &str, name: &str, content: &str) -> Result<Json> {
        let mark = "----guanxi-bench";
        let body = format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"object\"\r\n\r\n{object}\r\n--{mark}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--{mark}--\r\n"
        );
        self.sender.ready().await?;
        let request = Request::post("/api/v1/imports")
            .header("host", &self.host)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", format!("multipart/form-data; boundary={mark}"));
        let response = self.sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let status = response.status();
        let answer = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            bail!("upload: {status} {}", String::from_utf8_lossy(&answer));
        }
        Ok(serde_json::from_slice(&answer)?)
    }

    /// Sends a request that must succeed; answers its JSON.
    pub async fn json(&mut self, method: &str, path: &str, token: &str, body: Option<Json>) -> Result<Json> {
        let (status, bytes) = self.send(method, path, token, body.map(|body| body.to_string())).await?;
        if !(200..300).contains(&status) {
            bail!("{method} {path}: {status} {}", String::from_utf8_lossy(&bytes));
        }
        Ok(if bytes.is_empty() { Json::Null } else { serde_json::from_slice(&bytes)? })
    }

    /// Signs in and makes a token for programs.
    pub async fn sign_in(&mut self, login: &str) -> Result<String> {
        self.sender.ready().await?;
        let body = serde_json::json!({"login": login, "password": crate::company::PASSWORD}).to_string();
        let request =
            Request::post("/api/v1/session").header("host", &self.host).header("content-type", "application/json");
        let response = self.sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let cookie =
            response.headers().get("set-cookie").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let status = response.status();
        let answer = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            bail!("{login} cannot sign in: {}", String::from_utf8_lossy(&answer));
        }
        self.sender.ready().await?;
        let request = Request::post("/api/v1/tokens")
            .header("host", &self.host)
            .header("cookie", cookie.split(';').next().unwrap_or_default())
            .header("content-type", "application/json");
        let response = self.sender.send_request(request.body(Full::new(Bytes::from("{\"name\":\"bench\"}")))?).await?;
        let answer: Json = serde_json::from_slice(&response.into_body().collect().await?.to_bytes())?;
        match answer["token"].as_str() {
            Some(token) => Ok(token.to_owned()),
            None => bail!("no token: {answer}"),
        }
    }
}

/// Text in a query string.
pub(crate) fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// One request to be made.
pub(crate) struct Ask {
    pub method: &'static str,
    pub path: String,
    pub token: String,
    pub body: Option<String>,
}

/// How long answers took.
#[derive(Default)]
pub(crate) struct Times {
    micros: Vec<u32>,
    pub elapsed: Duration,
}

impl Times {
    pub fn add(&mut self, taken: Duration) {
        self.micros.push(u32::try_from(taken.as_micros()).unwrap_or(u32::MAX));
    }

    /// Milliseconds below which this share of the answers came.
    pub fn quantile(&mut self, share: f64) -> f64 {
        self.micros.sort_unstable();
        let place = ((self.micros.len() as f64 * share).ceil() as usize).clamp(1, self.micros.len().max(1)) - 1;
        self.micros.get(place).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }

    pub fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.elapsed.as_secs_f64()
    }

    pub fn join(&mut self, other: Self) {
        self.micros.extend(other.micros);
    }
}

/// Lets `clients` ask for a time, each waiting for its answer. Any answer but a success is an error.
pub(crate) async fn load(
    address: SocketAddr,
    clients: usize,
    seconds: u64,
    ask: impl Fn(usize) -> Ask + 'static,
) -> Result<Times> {
    let ask = Arc::new(ask);
    let local = tokio::task::LocalSet::new();
    let begun = Instant::now();
    let next = std::rc::Rc::new(std::cell::Cell::new(0));
    let mut total = Times::default();
    let results: Vec<Result<Times>> = local
        .run_until(async {
            let mut tasks = Vec::new();
            for _ in 0..clients {
                let (ask, next) = (ask.clone(), next.clone());
                tasks.push(tokio::task::spawn_local(async move {
                    let mut client = Client::connect(address).await?;
                    let mut times = Times::default();
                    while begun.elapsed() < Duration::from_secs(seconds) {
                        let number = next.replace(next.get() + 1);
                        let Ask { method, path, token, body } = ask(number);
                        let started = Instant::now();
                        let (status, answer) = client.send(method, &path, &token, body).await?;
                        times.add(started.elapsed());
                        if !(200..300).contains(&status) {
                            bail!("{method} {path}: {status} {}", String::from_utf8_lossy(&answer));
                        }
                    }
                    Ok(times)
                }));
            }
            let mut out = Vec::new();
            for task in tasks {
                out.push(task.await.unwrap_or_else(|error| Err(error.into())));
            }
            out
        })
        .await;
    for result in results {
        total.join(result?);
    }
    total.elapsed = begun.elapsed();
    Ok(total)
}
