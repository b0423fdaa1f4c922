//! XML, read with bounds and without document types, and written.

use super::refusal::{Refusal, Result};
use guanxi_engine::Viewer;
use quick_xml::{
    escape::escape,
    events::{BytesStart, Event},
    name::ResolveResult,
    reader::NsReader,
};
use std::fmt::Write;

pub(super) const DAV: &str = "DAV:";
pub(super) const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
pub(super) const SERVER: &str = "http://calendarserver.org/ns/";
pub(super) const APPLE: &str = "http://apple.com/ns/ical/";

pub(super) const TYPE: &str = "application/xml; charset=utf-8";
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
/// The names that answers use.
pub(super) const NAMESPACES: &str = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
     xmlns:S=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\" xmlns:G=\"urn:guanxi\"";

/// How deep.
const DEEPEST: usize = 24;
/// How many.
const MOST: usize = 20_000;

/// An element's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub space: String,
    pub local: String,
}

impl Name {
    pub fn is(&self, space: &str, local: &str) -> bool {
        self.space == space && self.local == local
    }

    /// An empty element of this name.
    pub fn written(&self) -> String {
        let prefix = match self.space.as_str() {
            DAV => "D:",
            CALDAV => "C:",
            SERVER => "S:",
            APPLE => "A:",
            _ => return format!("<{} xmlns=\"{}\"/>", self.local, escaped(&self.space)),
        };
        format!("<{prefix}{}/>", self.local)
    }
}

/// An element with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub name: Name,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
}

impl Element {
    pub fn is(&self, space: &str, local: &str) -> bool {
        self.name.is(space, local)
    }

    pub fn child(&self, space: &str, local: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(space, local))
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A name may go back into an answer as it came: it must be one.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) && !name.is_empty() && name.len() <= 200
}

fn begun(space: &ResolveResult<'_>, start: &BytesStart<'_>) -> Option<Element> {
    let space = match space {
        ResolveResult::Bound(space) => space.0.to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return None,
    };
    let local = start.local_name().into_inner().to_owned();
    if !is_plain(&local) || local.starts_with(|c: char| !c.is_alphabetic() && c != '_') {
        return None;
    }
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = quick_xml::escape::unescape(&attribute.value).ok()?.into_owned();
        attributes.push((attribute.key.local_name().into_inner().to_owned(), value));
    }
    Some(Element { name: Name { space, local }, attributes, children: Vec::new(), text: String::new() })
}

fn parse(text: &str) -> Option<Element> {
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut count = 0;
    loop {
        let (space, event) = reader.read_resolved_event().ok()?;
        let (done, text) = match event {
            Event::Start(start) => {
                count += 1;
                if open.len() >= DEEPEST || count > MOST || root.is_some() {
                    return None;
                }
                open.push(begun(&space, &start)?);
                (None, None)
            }
            Event::Empty(start) => {
                count += 1;
                if count > MOST || root.is_some() {
                    return None;
                }
                (Some(begun(&space, &start)?), None)
            }
            Event::End(_) => (Some(open.pop()?), None),
            Event::Text(text) => (None, Some(text.xml10_content().into_owned())),
            Event::CData(text) => (None, Some(text.xml10_content().into_owned())),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(character) => (None, Some(character.to_string())),
                None => {
                    let known = match reference.into_inner().as_ref() {
                        "lt" => "<",
                        "gt" => ">",
                        "amp" => "&",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => return None,
                    };
                    (None, Some(known.to_owned()))
                }
            },
            // Nobody needs them, and much harm has come of them.
            Event::DocType(_) => return None,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => (None, None),
            Event::Eof => return root.filter(|_| open.is_empty()),
        };
        if let (Some(text), Some(inner)) = (text, open.last_mut()) {
            inner.text.push_str(&text);
        }
        if let Some(done) = done {
            match open.last_mut() {
                Some(outer) => outer.children.push(done),
                None => root = Some(done),
            }
        }
    }
}

/// Reads a body; nothing where it is empty.
pub(super) fn read(body: &[u8], viewer: &Viewer) -> Result<Option<Element>> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::bad_xml(viewer))?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse(text).map(Some).ok_or_else(|| Refusal::bad_xml(viewer))
}

/// Text as it may stand in XML: what cannot be said there at all is left out.
pub(super) fn escaped(text: &str) -> String {
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let text: String = text.chars().filter(|c| allowed(*c)).collect();
    escape(text.as_str()).replace('\r', "&#13;")
}

/// An answer about many things at once.
pub(super) struct Multistatus(String);

impl Multistatus {
    pub fn new() -> Self {
        Self(format!("{DECLARATION}<D:multistatus {NAMESPACES}>"))
    }

    /// What one has, and what it has not.
    pub fn found(&mut self, path: &str, found: &[String], missing: &[Name]) {
        let _ = write!(self.0, "<D:response><D:href>{}</D:href>", escaped(path));
        if !found.is_empty() || missing.is_empty() {
            let found = found.concat();
            let _ =
                write!(self.0, "<D:propstat><D:prop>{found}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>");
        }
        self.refused(missing, "404 Not Found", "");
        self.0.push_str("</D:response>");
    }

    /// What one does not let be changed.
    pub fn unchanged(&mut self, path: &str, names: &[Name]) {
        let _ = write!(self.0, "<D:response><D:href>{}</D:href>", escaped(path));
        self.refused(names, "403 Forbidden", "<D:error><D:cannot-modify-protected-property/></D:error>");
        self.0.push_str("</D:response>");
    }

    fn refused(&mut self, names: &[Name], status: &str, why: &str) {
        if names.is_empty() {
            return;
        }
        let names: String = names.iter().map(Name::written).collect();
        let _ = write!(
            self.0,
            "<D:propstat><D:prop>{names}</D:prop><D:status>HTTP/1.1 {status}</D:status>{why}</D:propstat>"
        );
    }

    /// One that is not there.
    pub fn gone(&mut self, path: &str) {
        let path = escaped(path);
        let _ = write!(
            self.0,
            "<D:response><D:href>{path}</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"
        );
    }

    /// Where the program stands now.
    pub fn sync_token(&mut self, token: &str) {
        let _ = write!(self.0, "<D:sync-token>{}</D:sync-token>", escaped(token));
    }

    pub fn done(self) -> String {
        self.0 + "</D:multistatus>"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_with_their_names() {
        let text = "<?xml version=\"1.0\"?><propfind xmlns=\"DAV:\" xmlns:c='urn:ietf:params:xml:ns:caldav'><prop><c:calendar-data/><x xmlns=\"\">a&amp;b&#x4e2d;<![CDATA[<]]></x></prop></propfind>";
        let root = parse(text).expect("XML");
        assert!(root.is(DAV, "propfind"));
        let prop = root.child(DAV, "prop").expect("a child");
        assert!(prop.children[0].is(CALDAV, "calendar-data"));
        assert_eq!(prop.child("", "x").expect("a child").text, "a&b中<");
    }

    #[test]
    fn hostile_xml_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        let wide = format!("<a>{}</a>", "<b/>".repeat(MOST + 1));
        for text in [
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
            "<a>&x;</a>",
            "<a>",
            "</a>",
            "<a></b>",
            "<a/><b/>",
            "<p:a/>",
            "a",
            &deep,
            &wide,
        ] {
            assert_eq!(parse(text), None, "{}", &text[..text.len().min(80)]);
        }
    }

    #[test]
    fn nothing_that_xml_forbids_is_written() {
        assert_eq!(escaped("a\u{0}\u{8}<b>&\r\n中"), "a&lt;b&gt;&amp;&#13;\n中");
    }
}
