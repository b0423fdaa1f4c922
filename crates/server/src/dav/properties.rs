//! What there is to know of each place.

use super::{
    Call,
    paths::Place,
    refusal::{Refusal, Result},
    sync::Now,
    xml::{APPLE, CALDAV, DAV, Element, Name, SERVER, escaped},
};
use guanxi_engine::calendars::{Entry, text::LARGEST};

/// Something that is asked about.
pub(super) enum Thing<'a> {
    Root,
    Principal,
    Home,
    Calendar(&'a Now),
    /// With its mark.
    Entry(&'a Entry, &'a str),
}

/// What is wanted to be known.
pub(super) enum Asked {
    All,
    Names,
    These(Vec<Name>),
}

/// What is known without being asked for by name.
const COMMON: [(&str, &str); 12] = [
    (DAV, "resourcetype"),
    (DAV, "displayname"),
    (DAV, "getetag"),
    (DAV, "getcontenttype"),
    (DAV, "getcontentlength"),
    (DAV, "current-user-principal"),
    (DAV, "owner"),
    (DAV, "current-user-privilege-set"),
    (DAV, "supported-report-set"),
    (DAV, "sync-token"),
    (SERVER, "getctag"),
    (CALDAV, "supported-calendar-component-set"),
];

/// What a body asks for.
pub(super) fn asked(body: Option<&Element>) -> Asked {
    let Some(body) = body else { return Asked::All };
    if let Some(prop) = body.child(DAV, "prop") {
        return Asked::These(prop.children.iter().map(|child| child.name.clone()).collect());
    }
    if body.child(DAV, "propname").is_some() { Asked::Names } else { Asked::All }
}

/// Answers what of it there is, and what there is not.
pub(super) async fn answer(call: &Call, thing: &Thing<'_>, asked: &Asked) -> Result<(Vec<String>, Vec<Name>)> {
    let common = || COMMON.iter().map(|(space, local)| Name { space: (*space).into(), local: (*local).into() });
    let names: Vec<Name> = match asked {
        Asked::These(names) => names.clone(),
        Asked::All | Asked::Names => common().collect(),
    };
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in names {
        match value(call, thing, &name).await? {
            Some(_) if matches!(asked, Asked::Names) => found.push(name.written()),
            Some(value) => {
                let empty = name.written();
                let tag = empty.trim_start_matches('<').trim_end_matches("/>");
                found.push(format!("<{tag}>{value}</{tag}>"));
            }
            None if matches!(asked, Asked::These(_)) => missing.push(name),
            None => {}
        }
    }
    Ok((found, missing))
}

fn href(path: &str) -> String {
    format!("<D:href>{}</D:href>", escaped(path))
}

async fn value(call: &Call, thing: &Thing<'_>, name: &Name) -> Result<Option<String>> {
    let path = |place: Place| href(&place.path(&call.viewer));
    Ok(match (name.space.as_str(), name.local.as_str()) {
        (DAV, "resourcetype") => Some(
            match thing {
                Thing::Root | Thing::Home => "<D:collection/>",
                Thing::Principal => "<D:collection/><D:principal/>",
                Thing::Calendar(_) => "<D:collection/><C:calendar/>",
                Thing::Entry(..) => "",
            }
            .to_owned(),
        ),
        (DAV, "displayname") => Some(escaped(&match thing {
            Thing::Root => "Guanxi".to_owned(),
            Thing::Principal | Thing::Home => call.viewer.name.clone(),
            Thing::Calendar(now) => now.calendar.label().get(call.viewer.lang).to_owned(),
            Thing::Entry(..) => return Ok(None),
        })),
        (DAV, "current-user-principal" | "owner" | "principal-URL") => Some(path(Place::Principal)),
        (DAV, "principal-collection-set") => Some(path(Place::Root)),
        (DAV, "current-user-privilege-set") => Some(privileges(thing)),
        (DAV, "supported-report-set") => Some(reports(thing)),
        (CALDAV, "calendar-home-set") => Some(path(Place::Home)),
        (CALDAV, "calendar-user-address-set") => Some(addresses(call).await?),
        _ => match thing {
            Thing::Calendar(now) => of_calendar(call, now, name),
            Thing::Entry(entry, mark) => of_entry(entry, mark, name),
            _ => None,
        },
    })
}

fn of_calendar(call: &Call, now: &Now, name: &Name) -> Option<String> {
    Some(match (name.space.as_str(), name.local.as_str()) {
        (DAV, "sync-token") => escaped(&now.token(&call.app.seen)),
        (SERVER, "getctag") => escaped(now.mark()),
        (DAV, "getetag") => escaped(&format!("\"{}\"", now.mark())),
        (DAV, "getcontenttype") => "text/calendar".to_owned(),
        (CALDAV, "supported-calendar-component-set") => format!("<C:comp name=\"{}\"/>", now.calendar.component()),
        (CALDAV, "supported-calendar-data") => "<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>".to_owned(),
        (CALDAV, "supported-collation-set") => {
            "<C:supported-collation>i;ascii-casemap</C:supported-collation><C:supported-collation>i;octet</C:supported-collation>".to_owned()
        }
        (CALDAV, "max-resource-size") => LARGEST.to_string(),
        (APPLE, "calendar-color") => now.calendar.color().to_owned(),
        (APPLE, "calendar-order") => {
            let place = call.app.engine.calendars().position(|one| one.name() == now.calendar.name());
            (place.unwrap_or_default() + 1).to_string()
        }
        _ => return None,
    })
}

fn of_entry(entry: &Entry, mark: &str, name: &Name) -> Option<String> {
    Some(match (name.space.as_str(), name.local.as_str()) {
        (DAV, "getetag") => escaped(&format!("\"{mark}\"")),
        (DAV, "getcontenttype") => "text/calendar; charset=utf-8".to_owned(),
        (DAV, "getcontentlength") => entry.text().len().to_string(),
        (CALDAV, "calendar-data") => escaped(&entry.text()),
        _ => return None,
    })
}

fn privileges(thing: &Thing<'_>) -> String {
    let names: &[&str] = match thing {
        Thing::Calendar(_) => &["read", "read-current-user-privilege-set", "write-content", "bind", "unbind"],
        Thing::Entry(..) => &["read", "read-current-user-privilege-set", "write-content"],
        _ => &["read", "read-current-user-privilege-set"],
    };
    names.iter().map(|name| format!("<D:privilege><D:{name}/></D:privilege>")).collect()
}

fn reports(thing: &Thing<'_>) -> String {
    let names: &[&str] = match thing {
        Thing::Calendar(_) => &["C:calendar-query", "C:calendar-multiget", "D:sync-collection"],
        _ => &[],
    };
    let one = |name: &&str| format!("<D:supported-report><D:report><{name}/></D:report></D:supported-report>");
    names.iter().map(one).collect()
}

/// The addresses by which he is asked to take part.
async fn addresses(call: &Call) -> Result<String> {
    let id = call.viewer.id.unwrap_or_default();
    let user = call.app.engine.get(&call.viewer, "user", id, Some(&["email".to_owned()])).await;
    let mail = match user {
        Ok(user) => user.get("email").and_then(|mail| mail.as_str()).map(|mail| href(&format!("mailto:{mail}"))),
        Err(guanxi_engine::Error::Store(error)) => {
            return Err(Refusal::of(guanxi_engine::Error::Store(error), call.viewer.lang));
        }
        // He may not know it himself.
        Err(_) => None,
    };
    let principal = href(&Place::Principal.path(&call.viewer));
    Ok(format!("{}{}{principal}", mail.unwrap_or_default(), href(&format!("urn:uuid:{id}"))))
}
