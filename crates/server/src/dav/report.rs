//! REPORT: what matches (calendar-query), what is named (calendar-multiget), what is otherwise now (sync-collection).

use super::{
    Call, filter,
    objects::entry,
    paths::Place,
    properties::{Asked, Thing, answer, asked},
    propfind::many,
    refusal::{Refusal, Result},
    sync::Now,
    xml::{self, CALDAV, DAV, Element, Multistatus},
};
use axum::response::Response;
use guanxi_engine::calendars::{Entry, Wanted};

/// Most entries that are asked for by name at once.
const MOST: usize = 2_000;

pub(super) async fn report(call: &Call) -> Result<Response> {
    let body = xml::read(&call.body, &call.viewer)?.ok_or_else(|| Refusal::bad_xml(&call.viewer))?;
    let Place::Calendar(name) = &call.place else { return Err(Refusal::bad_report(&call.viewer)) };
    let data = body.child(DAV, "prop").and_then(|prop| prop.child(CALDAV, "calendar-data"));
    if data.is_some_and(|data| data.child(CALDAV, "expand").is_some()) {
        return Err(Refusal::bad_expansion(&call.viewer));
    }
    match (body.name.space.as_str(), body.name.local.as_str()) {
        (CALDAV, "calendar-query") => query(call, name, &body).await,
        (CALDAV, "calendar-multiget") => multiget(call, name, &body).await,
        (DAV, "sync-collection") => sync(call, name, &body).await,
        _ => Err(Refusal::bad_report(&call.viewer)),
    }
}

/// Says of an entry what was asked.
async fn tell(call: &Call, out: &mut Multistatus, calendar: &str, entry: &Entry, asked: &Asked) -> Result<()> {
    let place = Place::Entry(calendar.to_owned(), entry.name.clone());
    let (found, missing) = answer(call, &Thing::Entry(entry, &entry.mark()), asked).await?;
    out.found(&place.path(&call.viewer), &found, &missing);
    Ok(())
}

async fn query(call: &Call, name: &str, body: &Element) -> Result<Response> {
    let calendar = call.calendar(name)?;
    let wanted = filter::read(body.child(CALDAV, "filter"), calendar.as_ref(), &call.viewer)?;
    let asked = asked(Some(body));
    let mut out = Multistatus::new();
    if !wanted.nothing {
        let within = Wanted { from: wanted.from, to: wanted.to, page: &call.page };
        let found = calendar.entries(&call.app.engine, &call.viewer, &within).await;
        let found = found.map_err(|error| Refusal::of(error, call.viewer.lang))?;
        for entry in found.iter().filter(|entry| wanted.fits(entry)) {
            tell(call, &mut out, name, entry, &asked).await?;
        }
    }
    Ok(many(out))
}

async fn multiget(call: &Call, name: &str, body: &Element) -> Result<Response> {
    let calendar = call.calendar(name)?;
    let asked = asked(Some(body));
    let hrefs: Vec<&str> =
        body.children.iter().filter(|child| child.is(DAV, "href")).map(|href| href.text.trim()).collect();
    if hrefs.len() > MOST {
        return Err(Refusal::too_large(&call.viewer));
    }
    let mut out = Multistatus::new();
    // Of many it is cheaper to read everything once.
    let all = if hrefs.len() > 5 { Now::of(call, &calendar).await?.entries } else { Vec::new() };
    for href in hrefs {
        let Some(Place::Entry(of, wanted)) =
            Place::read(href, &call.viewer).filter(|place| matches!(place, Place::Entry(of, _) if of == name))
        else {
            out.gone(href);
            continue;
        };
        let known = all.iter().find(|(entry, _)| entry.name == wanted).map(|(entry, _)| entry.clone());
        let found = match known {
            Some(known) => Some(known),
            None => entry(call, &of, &wanted).await?,
        };
        match found {
            Some(found) => tell(call, &mut out, name, &found, &asked).await?,
            None => out.gone(href),
        }
    }
    Ok(many(out))
}

async fn sync(call: &Call, name: &str, body: &Element) -> Result<Response> {
    let calendar = call.calendar(name)?;
    let now = Now::of(call, &calendar).await?;
    let token = body.child(DAV, "sync-token").map(|token| token.text.trim()).unwrap_or_default();
    let since = now.since(&call.app.seen, token).ok_or_else(|| Refusal::bad_sync_token(&call.viewer))?;
    let asked = asked(Some(body));
    let mut out = Multistatus::new();
    for (entry, _) in since.changed {
        tell(call, &mut out, name, entry, &asked).await?;
    }
    for name in since.gone {
        out.gone(&Place::Entry(calendar.name().to_owned(), name).path(&call.viewer));
    }
    out.sync_token(&now.token(&call.app.seen));
    Ok(many(out))
}
