//! Who is calling: by login and one of his tokens for a password. Passwords of accounts are not taken, so that a second step,
//! an expiry and the lock after wrong guesses hold for everybody, and a lost phone costs one token.

use super::refusal::{Refusal, Result};
use crate::state::{App, bearer, is_cross_site, language};
use axum::http::{HeaderMap, header, request::Parts};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use guanxi_engine::{Error, Via, Viewer};

/// Longest login and password together.
const LONGEST: usize = 1000;

/// The login and what is given for a password.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, given) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let given = given.trim();
    if !scheme.eq_ignore_ascii_case("basic") || given.len() > LONGEST * 2 {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(given).ok()?).ok()?;
    text.split_once(':').map(|(login, password)| (login.to_owned(), password.to_owned()))
}

/// What a program gives for a password.
pub(crate) fn password(headers: &HeaderMap) -> Option<String> {
    basic(headers).map(|(_, password)| password)
}

/// The viewer of a request.
pub(super) async fn enter(app: &App, parts: &Parts) -> Result<Viewer> {
    let lang = language(&parts.headers);
    let (login, shown) = match bearer(&parts.headers) {
        Some(token) => (None, token.to_owned()),
        None => basic(&parts.headers).map(|(login, token)| (Some(login), token)).ok_or(Refusal::nobody(lang))?,
    };
    let token = app.own(shown.trim()).ok_or(Refusal::nobody(lang))?;
    let viewer = match app.engine.viewer_of_token(token).await {
        Err(Error::Unauthenticated | Error::Challenge(..)) => return Err(Refusal::nobody(lang)),
        other => other.map_err(|error| Refusal::of(error, lang))?,
    };
    if login.is_some_and(|login| login.trim().to_lowercase() != viewer.login.to_lowercase()) {
        return Err(Refusal::nobody(lang));
    }
    if is_cross_site(&parts.method, &parts.headers) {
        return Err(Refusal::cross_site(lang));
    }
    let address = app.address(&parts.extensions, &parts.headers);
    let viewer = app.engine.coming_from(viewer, address).await.map_err(|error| Refusal::of(error, lang))?;
    // In his own language, so that his calendars keep their names whatever program asks.
    Ok(viewer.through(Via::Calendar))
}
