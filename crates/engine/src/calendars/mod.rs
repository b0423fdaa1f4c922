//! Calendars that modules publish to programs that know iCalendar (RFC 5545): a feed to read, and CalDAV to read and write.
//!
//! A module says what is in a calendar and what becomes of an entry that a program writes; how programs ask for it is the
//! server's affair, how the text looks is in [`text`].

pub mod text;

use crate::{Engine, Result};
use async_trait::async_trait;
use calcard::icalendar::{ICalendar, ICalendarComponent};
use guanxi_access::Viewer;
use guanxi_model::Label;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// How long what is over stays in calendars.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Longest name and `UID` of an entry, in bytes.
pub const LONGEST_NAME: usize = 255;

/// A calendar of everybody's own, read and written with his rights.
#[async_trait]
pub trait Calendar: Send + Sync {
    /// Its name in addresses.
    fn name(&self) -> &'static str;

    /// What people call it.
    fn label(&self) -> Label;

    /// The components it holds: `VEVENT`, `VTODO`.
    fn component(&self) -> &'static str;

    /// Its colour, `#RRGGBB`.
    fn color(&self) -> &'static str;

    /// Is it part of a feed only where that is asked for?
    fn optional(&self) -> bool;

    /// What is in it for the viewer.
    ///
    /// # Errors
    /// The database's.
    async fn entries(&self, engine: &Engine, viewer: &Viewer, wanted: &Wanted<'_>) -> Result<Vec<Entry>>;

    /// One entry by its name; nothing where there is none that he may know of.
    ///
    /// # Errors
    /// The database's.
    async fn entry(&self, engine: &Engine, viewer: &Viewer, name: &str, page: &str) -> Result<Option<Entry>>;

    /// Makes an entry of what a program sent, or changes the one it was read as.
    ///
    /// # Errors
    /// What is wrong with it; nothing has changed then. [`crate::Error::Stale`] when it is not any more as it was read.
    async fn put(
        &self,
        engine: &Engine,
        viewer: &Viewer,
        name: &str,
        current: Option<&Entry>,
        sent: &ICalendar,
    ) -> Result<()>;

    /// Removes an entry.
    ///
    /// # Errors
    /// The viewer may not; it is not any more as it was read.
    async fn remove(&self, engine: &Engine, viewer: &Viewer, entry: &Entry) -> Result<()>;
}

/// Which entries.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Only those that touch the time from here.
    pub from: Option<Timestamp>,
    /// Only those that touch the time before this.
    pub to: Option<Timestamp>,
    /// Where the page is, so that entries can say where they are shown.
    pub page: &'a str,
}

/// A component with those inside it, alarms say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The component.
    pub outer: ICalendarComponent,
    /// What is inside.
    pub inner: Vec<ICalendarComponent>,
}

/// An entry of a calendar: what iCalendar calls a calendar object, one `UID` with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called in its calendar.
    pub name: String,
    /// Its `UID`.
    pub uid: String,
    /// The records it is made of, with their versions, the main one first.
    pub records: Vec<(Uuid, i64)>,
    /// What it says.
    pub parts: Vec<Part>,
}

impl Entry {
    /// The main record and its version.
    pub fn record(&self) -> Option<(Uuid, i64)> {
        self.records.first().copied()
    }

    /// A mark that changes whenever what it says, or a record it is made of, changes.
    pub fn mark(&self) -> String {
        let mut hash = Sha256::new();
        for (id, version) in &self.records {
            hash.update(id.as_bytes());
            hash.update(version.to_be_bytes());
        }
        hash.update(text::write_parts(&self.parts));
        short(&hash.finalize())
    }

    /// The whole of it, as programs read it.
    pub fn text(&self) -> String {
        text::write(None, &self.parts)
    }
}

/// Enough of a hash to tell one state from another.
pub(crate) fn short(hash: &[u8]) -> String {
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A mark of many entries at once, by their names and marks.
pub fn mark_of_all<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut hash = Sha256::new();
    for (name, mark) in entries {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name);
        hash.update(mark);
    }
    short(&hash.finalize())
}

impl Engine {
    /// The calendars that modules publish.
    pub fn calendars(&self) -> impl Iterator<Item = &Arc<dyn Calendar>> {
        self.inner.modules.iter().flat_map(|module| &module.calendars)
    }

    /// A calendar by its name.
    pub fn calendar(&self, name: &str) -> Option<&Arc<dyn Calendar>> {
        self.calendars().find(|calendar| calendar.name() == name)
    }

    /// The viewer's calendars in one text, and its mark; `whole` with those that are not always wanted.
    ///
    /// # Errors
    /// The database's.
    pub async fn calendar_feed(&self, viewer: &Viewer, whole: bool, page: &str) -> Result<(String, String)> {
        let since = self.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        let mut parts = Vec::new();
        let mut marks = Vec::new();
        for calendar in self.calendars().filter(|calendar| whole || !calendar.optional()) {
            // What is at no time has no place among what is to come.
            let wanted = Wanted { from: Some(since), to: None, page };
            for entry in calendar.entries(self, viewer, &wanted).await? {
                marks.push((entry.name.clone(), entry.mark()));
                parts.extend(entry.parts);
            }
        }
        let mark = mark_of_all(marks.iter().map(|(name, mark)| (name.as_str(), mark.as_str())));
        let title = Label::new("关系日程", "Guanxi schedule");
        Ok((text::write(Some(title.get(viewer.lang)), &parts), mark))
    }
}
