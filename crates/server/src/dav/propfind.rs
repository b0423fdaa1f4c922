//! PROPFIND: what there is, and what there is to know of it. PROPPATCH: nothing of it can be changed here.

use super::{
    Call,
    paths::Place,
    properties::{Thing, answer, asked},
    refusal::{Refusal, Result},
    sync::Now,
    xml::{self, DAV, Multistatus},
};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// An answer about many things.
pub(super) fn many(body: Multistatus) -> Response {
    (StatusCode::MULTI_STATUS, [(header::CONTENT_TYPE, xml::TYPE)], body.done()).into_response()
}

pub(super) async fn find(call: &Call) -> Result<Response> {
    let body = xml::read(&call.body, &call.viewer)?;
    if body.as_ref().is_some_and(|body| !body.is(DAV, "propfind")) {
        return Err(Refusal::bad_xml(&call.viewer));
    }
    let asked = asked(body.as_ref());
    let deeper = match call.header("depth").unwrap_or("0").trim() {
        "0" => false,
        "1" => true,
        _ => return Err(Refusal::infinite(&call.viewer)),
    };
    let mut out = Multistatus::new();
    let mut tell = async |place: &Place, thing: &Thing<'_>| -> Result<()> {
        let (found, missing) = answer(call, thing, &asked).await?;
        out.found(&place.path(&call.viewer), &found, &missing);
        Ok(())
    };
    match &call.place {
        Place::Root => {
            tell(&Place::Root, &Thing::Root).await?;
            if deeper {
                tell(&Place::Principal, &Thing::Principal).await?;
                tell(&Place::Home, &Thing::Home).await?;
            }
        }
        Place::Principal => tell(&Place::Principal, &Thing::Principal).await?,
        Place::Home => {
            tell(&Place::Home, &Thing::Home).await?;
            for calendar in call.app.engine.calendars().filter(|_| deeper) {
                let now = Now::of(call, calendar).await?;
                tell(&Place::Calendar(calendar.name().to_owned()), &Thing::Calendar(&now)).await?;
            }
        }
        Place::Calendar(name) => {
            let now = Now::of(call, &call.calendar(name)?).await?;
            tell(&call.place, &Thing::Calendar(&now)).await?;
            for (entry, mark) in now.entries.iter().filter(|_| deeper) {
                let place = Place::Entry(name.clone(), entry.name.clone());
                tell(&place, &Thing::Entry(entry, mark)).await?;
            }
        }
        Place::Entry(name, wanted) => {
            let entry =
                super::objects::entry(call, name, wanted).await?.ok_or_else(|| Refusal::not_found(&call.viewer))?;
            let mark = entry.mark();
            tell(&call.place, &Thing::Entry(&entry, &mark)).await?;
        }
    }
    Ok(many(out))
}

/// Programs try to set colours and such; each of them is told that it stays.
pub(super) fn patch(call: &Call) -> Result<Response> {
    let body = xml::read(&call.body, &call.viewer)?.filter(|body| body.is(DAV, "propertyupdate"));
    let body = body.ok_or_else(|| Refusal::bad_xml(&call.viewer))?;
    if let Place::Calendar(name) | Place::Entry(name, _) = &call.place {
        call.calendar(name)?;
    }
    let parts = body.children.iter().filter_map(|change| change.child(DAV, "prop"));
    let names: Vec<xml::Name> = parts.flat_map(|prop| &prop.children).map(|child| child.name.clone()).collect();
    let mut out = Multistatus::new();
    out.unchanged(&call.place.path(&call.viewer), &names);
    Ok(many(out))
}
