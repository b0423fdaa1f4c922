//! Single entries: read, written and removed, where they are still as the program saw them.

use super::{
    Call,
    paths::Place,
    refusal::{Refusal, Result},
};
use crate::conditional::unless_known;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use guanxi_engine::calendars::{Entry, text};

/// An entry that the viewer may know of.
pub(super) async fn entry(call: &Call, calendar: &str, name: &str) -> Result<Option<Entry>> {
    let calendar = call.calendar(calendar)?;
    let found = calendar.entry(&call.app.engine, &call.viewer, name, &call.page).await;
    found.map_err(|error| Refusal::of(error, call.viewer.lang))
}

fn named(call: &Call) -> Result<(&str, &str)> {
    match &call.place {
        Place::Entry(calendar, name) => Ok((calendar, name)),
        _ => Err(Refusal::not_found(&call.viewer)),
    }
}

/// Is it still as the program saw it?
fn holds(call: &Call, current: Option<&Entry>) -> bool {
    let mark = current.map(|entry| format!("\"{}\"", entry.mark()));
    let is_there = |given: &str| {
        given.split(',').map(str::trim).any(|one| match &mark {
            Some(mark) => one == "*" || one.trim_start_matches("W/") == mark,
            None => false,
        })
    };
    call.header("if-match").is_none_or(is_there) && !call.header("if-none-match").is_some_and(is_there)
}

pub(super) async fn get(call: &Call) -> Result<Response> {
    let (calendar, name) = named(call)?;
    let entry = entry(call, calendar, name).await?.ok_or_else(|| Refusal::not_found(&call.viewer))?;
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok(unless_known(&call.headers, &entry.mark(), || (kind, entry.text())))
}

/// Writes an entry. The answer has no `ETag`: what is kept is not the same text, so that programs fetch it.
pub(super) async fn put(call: &Call) -> Result<Response> {
    let (calendar, name) = named(call)?;
    if let Some(kind) = call.header("content-type")
        && !kind.trim_start().to_ascii_lowercase().starts_with("text/calendar")
    {
        return Err(Refusal::bad_type(&call.viewer));
    }
    let current = entry(call, calendar, name).await?;
    if !holds(call, current.as_ref()) {
        return Err(Refusal::failed(&call.viewer));
    }
    let refuse = |error| Refusal::of(error, call.viewer.lang);
    let sent = text::read(&call.body).map_err(refuse)?;
    let calendar = call.calendar(calendar)?;
    calendar.put(&call.app.engine, &call.viewer, name, current.as_ref(), &sent).await.map_err(refuse)?;
    Ok(if current.is_some() { StatusCode::NO_CONTENT } else { StatusCode::CREATED }.into_response())
}

pub(super) async fn delete(call: &Call) -> Result<Response> {
    let Place::Entry(calendar, name) = &call.place else {
        return Err(Refusal::not_to_remove(&call.viewer));
    };
    let current = entry(call, calendar, name).await?.ok_or_else(|| Refusal::not_found(&call.viewer))?;
    if !holds(call, Some(&current)) {
        return Err(Refusal::failed(&call.viewer));
    }
    let removed = call.calendar(calendar)?.remove(&call.app.engine, &call.viewer, &current).await;
    removed.map_err(|error| Refusal::of(error, call.viewer.lang))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
