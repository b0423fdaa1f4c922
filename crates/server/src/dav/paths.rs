//! What addresses mean: `/dav/`, `/dav/users/{id}/`, `/dav/calendars/{id}/`, `/dav/calendars/{id}/{calendar}/{entry}`.

use super::ROOT;
use guanxi_engine::{Viewer, calendars::LONGEST_NAME};
use std::fmt::Write;
use uuid::Uuid;

/// A place that is the viewer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    /// Himself.
    Principal,
    /// The calendars.
    Home,
    Calendar(String),
    Entry(String, String),
}

fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, later)) = rest.split_first() {
        if *first == b'%' {
            let code = std::str::from_utf8(later.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            rest = &later[2..];
        } else {
            bytes.push(*first);
            rest = later;
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let fits = text.len() <= LONGEST_NAME && !text.contains('/') && !text.chars().any(char::is_control);
    fits.then_some(text)
}

fn encoded(part: &str) -> String {
    let mut out = String::new();
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

impl Place {
    /// Reads a path, or the address of the same server that a program writes into a request.
    pub fn read(path: &str, viewer: &Viewer) -> Option<Self> {
        let path = match path.split_once("://") {
            Some((_, rest)) => &rest[rest.find('/')?..],
            None => path,
        };
        let parts: Vec<String> = format!("{path}/")
            .strip_prefix(ROOT)?
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decoded)
            .collect::<Option<_>>()?;
        let mine = |id: &str| id.parse::<Uuid>().is_ok_and(|id| Some(id) == viewer.id);
        match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => Some(Self::Root),
            ["users", id] if mine(id) => Some(Self::Principal),
            ["calendars", id] if mine(id) => Some(Self::Home),
            ["calendars", id, calendar] if mine(id) => Some(Self::Calendar((*calendar).to_owned())),
            ["calendars", id, calendar, entry] if mine(id) => {
                Some(Self::Entry((*calendar).to_owned(), (*entry).to_owned()))
            }
            _ => None,
        }
    }

    /// Its address.
    pub fn path(&self, viewer: &Viewer) -> String {
        let id = viewer.id.unwrap_or_default();
        match self {
            Self::Root => ROOT.to_owned(),
            Self::Principal => format!("{ROOT}users/{id}/"),
            Self::Home => format!("{ROOT}calendars/{id}/"),
            Self::Calendar(calendar) => format!("{ROOT}calendars/{id}/{}/", encoded(calendar)),
            Self::Entry(calendar, entry) => format!("{ROOT}calendars/{id}/{}/{}", encoded(calendar), encoded(entry)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guanxi_engine::Via;

    #[test]
    fn addresses_are_read_as_they_are_written() {
        let id = Uuid::from_u128(7);
        let viewer = Viewer::user(id, "zhang", "张", Vec::new(), Vec::new(), Via::Api);
        let entry = |name: &str| Place::Entry("events".to_owned(), name.to_owned());
        for place in
            [Place::Root, Place::Principal, Place::Home, Place::Calendar("events".into()), entry("会 议%2F@x.ics")]
        {
            let path = place.path(&viewer);
            assert_eq!(Place::read(&path, &viewer), Some(place.clone()), "{path}");
            assert_eq!(Place::read(&format!("https://crm.example.com{path}"), &viewer), Some(place));
        }
        assert_eq!(Place::read("/dav", &viewer), Some(Place::Root));
        let mine = format!("/dav/calendars/{id}/events");
        for strange in [
            "/davx/".to_owned(),
            "/api/v1/session".to_owned(),
            format!("/dav/calendars/{}/events/", Uuid::from_u128(8)),
            format!("{mine}/a%2Fb"),
            format!("{mine}/%zz"),
            format!("{mine}/%FF"),
            format!("{mine}/%00"),
            format!("{mine}/a/b"),
            format!("{mine}/{}", "x".repeat(256)),
        ] {
            assert_eq!(Place::read(&strange, &viewer), None, "{strange}");
        }
    }
}
