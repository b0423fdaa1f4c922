//! Talking with an OpenID Connect provider: what it offers, a code for an ID token, and whether that is genuine.

use super::Settings;
use crate::{Error, Result, outside};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::{Method, header};
use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, Jwk},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// Seconds that clocks may differ.
const LEEWAY: i64 = 120;
/// Signatures that are accepted: those whose keys are public.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What a provider says about itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Provider {
    issuer: String,
    pub authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// Why somebody could not be told by the provider.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It does not answer, or not as it should.
    Provider(String),
    /// What it answered is not to be believed.
    Forged(String),
}

fn provider(error: impl std::fmt::Display) -> Trouble {
    Trouble::Provider(error.to_string())
}

fn forged(what: impl Into<String>) -> Trouble {
    Trouble::Forged(what.into())
}

async fn ask(
    method: Method,
    address: &str,
    headers: &[(header::HeaderName, String)],
    body: String,
) -> Result<Json, Trouble> {
    let (status, json) = outside::ask(method, address, headers, body).await.map_err(provider)?;
    if !status.is_success() {
        let said = json["error"].as_str().unwrap_or_default();
        return Err(provider(format!("{address} answered {status} {said}")));
    }
    Ok(json)
}

fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// What the provider says about itself, at the place that its issuer names.
pub(super) async fn discover(issuer: &str) -> Result<Provider, Trouble> {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let found: Provider =
        serde_json::from_value(ask(Method::GET, &address, &[], String::new()).await?).map_err(provider)?;
    if found.issuer != issuer {
        return Err(provider(format!("it calls itself {}", found.issuer)));
    }
    Ok(found)
}

/// Trades the code for what the provider knows of somebody.
pub(super) async fn claims(
    settings: &Settings,
    secret: &str,
    code: &str,
    verifier: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<Map<String, Json>, Trouble> {
    let found = discover(&settings.issuer).await?;
    let redirect = settings.redirect();
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect.as_str()),
        ("code_verifier", verifier),
        ("client_id", settings.client_id.as_str()),
    ];
    let mut headers = vec![(header::CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned())];
    let methods = &found.token_endpoint_auth_methods_supported;
    let in_body = !methods.is_empty() && !methods.iter().any(|method| method == "client_secret_basic");
    if secret.is_empty() {
        // A public client: PKCE alone.
    } else if in_body {
        pairs.push(("client_secret", secret));
    } else {
        let pair = STANDARD.encode(format!("{}:{}", encoded(&settings.client_id), encoded(secret)));
        headers.push((header::AUTHORIZATION, format!("Basic {pair}")));
    }
    let tokens = ask(Method::POST, &found.token_endpoint, &headers, form(&pairs)).await?;
    let token = tokens["id_token"].as_str().ok_or_else(|| provider("there is no id_token in its answer"))?;
    let mut claims = verified(settings, &found, token, nonce, now).await?;
    // Many keep the ID token small and tell the rest here.
    if let (Some(address), Some(access)) = (&found.userinfo_endpoint, tokens["access_token"].as_str()) {
        let headers = [(header::AUTHORIZATION, format!("Bearer {access}"))];
        if let Json::Object(more) = ask(Method::GET, address, &headers, String::new()).await? {
            if more.get("sub") != claims.get("sub") {
                return Err(forged("userinfo is about somebody else"));
            }
            for (name, value) in more {
                claims.entry(name).or_insert(value);
            }
        }
    }
    Ok(claims)
}

async fn verified(
    settings: &Settings,
    found: &Provider,
    token: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<Map<String, Json>, Trouble> {
    let head = decode_header(token).map_err(|error| forged(error.to_string()))?;
    if !ALGORITHMS.contains(&head.alg) {
        return Err(forged(format!("{:?} is no signature that is accepted", head.alg)));
    }
    let keys = ask(Method::GET, &found.jwks_uri, &[], String::new()).await?;
    let keys: Vec<Jwk> = keys["keys"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|key| serde_json::from_value(key.clone()).ok())
        .filter(|key: &Jwk| !matches!(key.algorithm, AlgorithmParameters::OctetKey(_)))
        .filter(|key: &Jwk| head.kid.is_none() || key.common.key_id == head.kid)
        .collect();
    let mut rules = Validation::new(head.alg);
    rules.set_audience(&[&settings.client_id]);
    rules.set_issuer(&[&settings.issuer]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // By the workspace's clock, below.
    rules.validate_exp = false;
    let claims = keys
        .iter()
        .filter_map(|key| DecodingKey::from_jwk(key).ok())
        .find_map(|key| decode::<Map<String, Json>>(token, &key, &rules).ok())
        .ok_or_else(|| forged("the ID token is not signed by the provider for this client"))?
        .claims;
    let number = |name: &str| claims.get(name).and_then(Json::as_i64);
    let second = now.as_second();
    if number("exp").is_none_or(|until| until.saturating_add(LEEWAY) < second) {
        return Err(forged("the ID token has expired"));
    }
    if number("iat").is_some_and(|from| from > second + LEEWAY) {
        return Err(forged("the ID token is from the future"));
    }
    if claims.get("nonce").and_then(Json::as_str) != Some(nonce) {
        return Err(forged("the ID token is of another sign-in"));
    }
    if claims.get("azp").is_some_and(|party| party.as_str() != Some(settings.client_id.as_str())) {
        return Err(forged("the ID token is for another client"));
    }
    Ok(claims)
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Provider(why) => {
                tracing::warn!(%why, "the OpenID Connect provider cannot be used");
                Self::unavailable(
                    "oidc_unreachable",
                    "统一登录服务暂时不可用",
                    "the provider cannot be reached, or does not answer as it should",
                )
            }
            Trouble::Forged(_) => {
                Self::denied("oidc_refused", "统一登录的结果无效，已拒绝", "the provider's answer was refused")
            }
        }
    }
}
