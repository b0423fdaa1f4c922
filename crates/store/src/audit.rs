//! Searching the change log: newest first, page by page, however long it is.
//!
//! A search walks one index (of the moment, of a user or of an object) and looks at what it passes. Of rare things a walk may
//! pass millions; so it stops after [`WALK`] entries and says where, and the next page goes on from there.

use crate::{
    Database, Result,
    changes::{COLUMNS, Change, ChangeKind, KINDS, from_row},
    sql::Sql,
};
use guanxi_model::Kind;
use jiff::Timestamp;
use uuid::Uuid;

/// So many entries of an index are walked for one page.
const WALK: usize = 20_000;

/// A place in the log, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The moment.
    pub at: Timestamp,
    /// The change's number, where several happened in one moment.
    pub seq: i64,
}

impl Position {
    /// Where a change stands.
    pub fn of(change: &Change) -> Self {
        Self { at: change.at, seq: change.seq }
    }
}

/// An object whose changes are wanted; with fields, only those that touch one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The object's name.
    pub object: String,
    /// Names of its fields; empty for all changes.
    pub fields: Vec<String>,
}

/// What is searched for; everything unset holds for every change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
    /// By this user.
    pub actor: Option<Uuid>,
    /// Of these objects; empty for all.
    pub parts: Vec<Part>,
    /// Of this record; wants one part.
    pub record: Option<Uuid>,
    /// Touching this field, of whatever object.
    pub field: Option<String>,
    /// Of this kind.
    pub kind: Option<ChangeKind>,
    /// By this door.
    pub via: Option<String>,
    /// From this address.
    pub address: Option<String>,
    /// Older than this place.
    pub before: Option<Position>,
}

/// A page of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Changes, newest first.
    pub changes: Vec<Change>,
    /// Where to go on; nothing when the log ends here. A page may be short, or empty, and the search yet not at its end.
    pub next: Option<Position>,
}

impl Search {
    /// Walks by user where one is given, else by object: one index at a time, the rest is looked at on the way.
    fn by_actor(&self) -> bool {
        self.actor.is_some() && self.parts.len() <= 1 && self.record.is_none()
    }

    /// Writes what the index is walked by.
    fn walk(&self, sql: &mut Sql, part: Option<&Part>) {
        let mut glue = " WHERE ";
        let mut and = |sql: &mut Sql, text: &str| {
            sql.push(glue).push(text);
            glue = " AND ";
        };
        if let Some(actor) = self.actor.filter(|_| self.by_actor()) {
            and(sql, "actor = ");
            sql.bind(actor);
        } else if let Some(part) = part {
            and(sql, "object = ");
            sql.bind(part.object.as_str());
            if let Some(record) = self.record {
                and(sql, "record = ");
                sql.bind(record);
            }
        }
        if let Some(from) = self.from {
            and(sql, "at >= ");
            sql.bind(from);
        }
        if let Some(to) = self.to {
            and(sql, "at < ");
            sql.bind(to);
        }
        if let Some(before) = self.before {
            and(sql, "(at, seq) < (");
            sql.bind(before.at).push(", ").bind(before.seq).push(")");
        }
        sql.push(" ORDER BY at DESC, seq DESC");
    }

    /// What is looked at on the way; false when there is nothing to look at.
    fn looked_at(&self, sql: &mut Sql, part: Option<&Part>) -> bool {
        let start = sql.text.len();
        let and = |sql: &mut Sql, text: &str| {
            let glue = if sql.text.len() == start { " WHERE " } else { " AND " };
            sql.push(glue).push(text);
        };
        if let Some(actor) = self.actor.filter(|_| !self.by_actor()) {
            and(sql, "w.actor = ");
            sql.bind(actor);
        }
        if let Some(part) = part.filter(|_| self.by_actor()) {
            and(sql, "w.object = ");
            sql.bind(part.object.as_str());
        }
        if let Some(kind) = self.kind {
            and(sql, "w.kind = ");
            sql.bind(kind.as_str());
        }
        if let Some(via) = &self.via {
            and(sql, "w.via = ");
            sql.bind(via.as_str());
        }
        if let Some(address) = &self.address {
            and(sql, "w.address = ");
            sql.bind(address.as_str());
        }
        if let Some(field) = &self.field {
            and(sql, "");
            touches(sql, field);
        }
        if let Some(part) = part.filter(|part| !part.fields.is_empty()) {
            and(sql, "(");
            for (index, field) in part.fields.iter().enumerate() {
                sql.push(if index > 0 { " OR " } else { "" });
                touches(sql, field);
            }
            sql.push(")");
        }
        sql.text.len() > start
    }

    /// The statement for a page, and those that say where the walks of its parts end.
    fn statements(&self, empty: &Sql, limit: usize) -> (Sql, Vec<Sql>) {
        let mut page = empty.clone();
        let mut ends = Vec::new();
        let parts: Vec<Option<&Part>> =
            if self.parts.is_empty() { vec![None] } else { self.parts.iter().map(Some).collect() };
        let most = limit + 1;
        for (index, part) in parts.iter().enumerate() {
            page.push(if index > 0 { " UNION ALL " } else { "" });
            page.push(&format!("SELECT * FROM (SELECT {COLUMNS} FROM (SELECT {COLUMNS} FROM _changes"));
            self.walk(&mut page, *part);
            let walk = page.text.len();
            page.push(&format!(" LIMIT {WALK}) w"));
            if self.looked_at(&mut page, *part) {
                let mut end = empty.clone();
                end.push("SELECT at, seq FROM _changes");
                self.walk(&mut end, *part);
                end.push(&format!(" LIMIT 1 OFFSET {}", WALK - 1)).returning([Kind::Instant, Kind::Int]);
                ends.push(end);
            } else {
                // Everything that is walked is wanted.
                page.text.truncate(walk);
                page.push(&format!(" LIMIT {most}) w"));
            }
            page.push(&format!(" ORDER BY at DESC, seq DESC LIMIT {most}) p{index}"));
        }
        page.push(&format!(" ORDER BY at DESC, seq DESC LIMIT {most}")).returning(KINDS);
        page.by_index = true;
        (page, ends)
    }
}

/// A change touches a field when its diff names it. Quotes within texts are escaped in the diff, so that no value looks
/// like a name.
fn touches(sql: &mut Sql, field: &str) {
    let dialect = sql.dialect;
    dialect.contains(sql, "w", "diff", &format!("\"{field}\":["));
}

/// A page of what was searched for, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn search(database: &Database, search: &Search, limit: usize) -> Result<Found> {
    let (page, ends) = search.statements(&database.sql(), limit);
    let mut changes: Vec<Change> = database.read(page).await?.into_iter().map(from_row).collect();
    let mut floor: Option<Position> = None;
    if changes.len() <= limit {
        for end in ends {
            let rows = database.read(end).await?;
            let end = rows.first().and_then(|row| Some(Position { at: row[0].as_instant()?, seq: row[1].as_int()? }));
            floor = floor.max(end);
        }
        // Below the place where one walk ended another may have gone on; the page ends where all of them have been.
        changes.retain(|change| floor.is_none_or(|floor| Position::of(change) >= floor));
    }
    let more = changes.len() > limit;
    changes.truncate(limit);
    let next = if more { changes.last().map(Position::of) } else { floor };
    Ok(Found { changes, next })
}
