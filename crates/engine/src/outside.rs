//! Talking with other services by HTTP: only where nobody can listen, with a limit on time and size, and without redirects.

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request, StatusCode, Uri, body::Bytes, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value as Json;
use std::time::Duration;

/// How long the other side may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer that is read, in bytes.
const LARGEST: usize = 512 * 1024;

/// Is it an address that nobody on the way can read or change?
pub(crate) fn is_safe(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    !host.is_empty() && (uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && here))
}

/// The certificates in a PEM text.
pub(crate) fn certificates(text: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    match found {
        Ok(found) if found.is_empty() => Err("there is no certificate in it".into()),
        Ok(found) => {
            let mut roots = RootCertStore::empty();
            found.iter().try_for_each(|one| roots.add(one.clone())).map_err(|error| error.to_string())?;
            Ok(found)
        }
        Err(error) => Err(error.to_string()),
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn client() -> Result<Client<HttpsConnector<HttpConnector>, Full<Bytes>>, String> {
    let connector = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
        .map_err(words)?
        .https_or_http()
        .enable_http1()
        .build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// As much of an address as may be told: what follows the host may be a secret.
pub(crate) fn place(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find(['/', '?', '#']).map_or(address.len(), |at| host + at);
    &address[..end]
}

/// Asks another service. What is no JSON in its answer is null.
///
/// # Errors
/// In words, when there is no answer.
pub(crate) async fn ask(
    method: Method,
    address: &str,
    headers: &[(header::HeaderName, String)],
    body: String,
) -> Result<(StatusCode, Json), String> {
    let place = place(address);
    if !is_safe(address) {
        return Err(format!("{place} is neither https nor on this machine"));
    }
    let mut request = Request::builder().method(method).uri(address).header(header::ACCEPT, "application/json");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(words)?;
    let answer = async {
        let response = client()?.request(request).await.map_err(words)?;
        let status = response.status();
        // Redirects are not followed: they could lead anywhere.
        let bytes = Limited::new(response.into_body(), LARGEST).collect().await.map_err(words)?.to_bytes();
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    };
    tokio::time::timeout(PATIENCE, answer).await.map_err(|_| format!("{place} does not answer"))?
}

#[cfg(test)]
mod tests {
    use super::{is_safe, place};

    #[test]
    fn nobody_learns_a_secret_from_an_address() {
        assert_eq!(place("https://a.example.com/robot/send?access_token=1234"), "https://a.example.com");
        assert_eq!(place("https://a.example.com:8443/hook/1234-secret"), "https://a.example.com:8443");
        assert_eq!(place("https://a.example.com?key=1"), "https://a.example.com");
        assert_eq!(place("nonsense"), "nonsense");
    }

    #[test]
    fn only_what_nobody_can_listen_to_is_asked() {
        for safe in [
            "https://login.example.com",
            "https://login.example.com/realms/a",
            "http://127.0.0.1:8970",
            "http://localhost:3",
            "http://[::1]:4/x",
        ] {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_one in [
            "http://login.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "https://",
            "//a",
            "",
            "javascript:alert(1)",
            "http://10.0.0.1",
        ] {
            assert!(!is_safe(unsafe_one), "{unsafe_one}");
        }
    }
}
