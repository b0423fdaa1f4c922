//! Is the log what was sealed? Everything is computed anew, stretch by stretch; a stretch at a time is in memory.

use super::form::{BEGINNING, Sealing, Short, fits, row_hash, short, unpack};
use crate::{Engine, Result};
use guanxi_access::RowFilter;
use guanxi_model::{Label, ObjectDef, Value, json};
use guanxi_store::{
    changes::Cursor,
    query::Life,
    records::{self, Record},
    seals::{self, LogRow, Seal},
};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use uuid::Uuid;

/// Seals read at a time.
const SEALS: usize = 20;
/// Rows read at a time.
const ROWS: usize = 1_000;

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A row of the change log, by number, says something else than when it was sealed.
    RowAltered(i64),
    /// A row is gone.
    RowMissing(i64),
    /// A row stands in a sealed stretch and was not sealed with it.
    RowInserted(i64),
    /// A seal is gone.
    SealMissing(i64),
    /// A seal says something else than what was signed.
    SealAltered(i64),
    /// The signatures from one seal to another do not fit the key: it is another key, or they are forged.
    Signature(i64, i64),
    /// Seals are there and no key to check their signatures with.
    NoKey,
    /// The head published under this number is not the seal that is there.
    HeadDiffers(i64),
    /// Nothing was published though there are seals: the file with the heads is gone.
    NoHeads,
    /// An entry of the access log differs from what the change log says of it.
    EntryAltered(Uuid),
    /// An entry of the access log is gone.
    EntryMissing(Uuid),
    /// An entry of the access log that nobody wrote through Guanxi.
    EntryInserted(Uuid),
}

impl Finding {
    /// In words.
    pub fn message(&self) -> Label {
        let of = |zh: &str, en: &str, what: &dyn std::fmt::Display| {
            Label::new(format!("{zh} {what}"), format!("{en} {what}"))
        };
        match self {
            Self::RowAltered(seq) => of("变更记录被篡改：", "change altered:", seq),
            Self::RowMissing(seq) => of("变更记录被删除：", "change missing:", seq),
            Self::RowInserted(seq) => of("变更记录是后来插入的：", "change inserted afterwards:", seq),
            Self::SealMissing(number) => of("封存缺失：", "seal missing:", number),
            Self::SealAltered(number) => of("封存被篡改：", "seal altered:", number),
            Self::Signature(from, to) => of(
                "签名与密钥不符（密钥不对，或封存系伪造）：",
                "signatures do not fit the key (another key, or forged seals):",
                &format!("{from}–{to}"),
            ),
            Self::NoKey => {
                Label::new("没有封存密钥，无法核对签名", "there is no seal key: signatures were not checked")
            }
            Self::HeadDiffers(number) => of("封存与公布的不一致：", "seal differs from what was published:", number),
            Self::NoHeads => {
                Label::new("公布封存的文件 seal-heads.log 不见了", "the published heads (seal-heads.log) are gone")
            }
            Self::EntryAltered(id) => of("访问日志被篡改：", "access log entry altered:", id),
            Self::EntryMissing(id) => of("访问日志被删除：", "access log entry missing:", id),
            Self::EntryInserted(id) => of("访问日志是伪造的：", "access log entry that nobody made:", id),
        }
    }
}

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verified {
    /// Seals.
    pub seals: i64,
    /// Rows of the change log within them.
    pub rows: i64,
    /// Rows after the last seal; nothing can be said of them yet.
    pub unsealed: i64,
}

/// Told of every finding.
pub type Report<'a> = dyn FnMut(Finding) + Send + 'a;

impl Engine {
    /// Checks the whole log against its seals, the signatures, and the heads published beside the database.
    ///
    /// # Errors
    /// The database's, or the files' beside it; what does not fit is a finding.
    pub async fn verify_seals(&self, report: &mut Report<'_>) -> Result<Verified> {
        let mut verified = Verified::default();
        let key = self.seal_key()?;
        let mut unsigned: Option<(i64, i64)> = None;
        let mut previous = Some(BEGINNING.to_owned());
        let (mut number, mut total) = (0, 0);
        // Also what was smuggled in before the first row belongs to the first stretch.
        let mut end = Cursor { xid: i64::MIN, seq: i64::MIN };
        loop {
            let seals = seals::after(self.database(), number, SEALS).await?;
            if seals.is_empty() {
                break;
            }
            for seal in seals {
                for gone in number + 1..seal.number {
                    report(Finding::SealMissing(gone));
                    previous = None;
                }
                let signed = key.as_ref().is_none_or(|key| fits(key, &seal));
                if !signed {
                    unsigned = Some(match unsigned {
                        Some((from, to)) if to + 1 == seal.number => (from, seal.number),
                        Some((from, to)) => {
                            report(Finding::Signature(from, to));
                            (seal.number, seal.number)
                        }
                        None => (seal.number, seal.number),
                    });
                }
                let chained = previous.as_ref().is_none_or(|hash| *hash == seal.previous)
                    && (previous.is_none() || (seal.after == end || number == 0 && seal.after == Cursor::default()))
                    && (previous.is_none() || seal.total == total + seal.count);
                // Rows of a seal that is gone are nobody's: they are not looked at a second time.
                let from = if previous.is_some() { end } else { seal.after };
                let sound = self.verify_stretch(from, &seal, report).await?;
                if !sound || !chained {
                    report(Finding::SealAltered(seal.number));
                }
                verified.seals += 1;
                verified.rows += seal.count;
                (number, total, end) = (seal.number, seal.total, seal.last);
                previous = Some(seal.hash);
            }
        }
        if let Some((from, to)) = unsigned {
            report(Finding::Signature(from, to));
        }
        if key.is_none() && verified.seals > 0 {
            report(Finding::NoKey);
        }
        verified.unsealed = seals::unsealed(self.database(), end, usize::MAX >> 1).await?;
        self.verify_heads(number, report).await?;
        let mut after = Uuid::nil();
        loop {
            let found = seals::unlogged_entries(self.database(), after, ROWS).await?;
            let Some(last) = found.last() else { break };
            after = *last;
            found.into_iter().for_each(|id| report(Finding::EntryInserted(id)));
        }
        Ok(verified)
    }

    /// One stretch; false when the seal itself is not what was made over rows that are all as they were.
    async fn verify_stretch(&self, from: Cursor, seal: &Seal, report: &mut Report<'_>) -> Result<bool> {
        let list = unpack(&seal.rows);
        let known = list.is_some();
        let mut expected: HashMap<i64, Short> = list.into_iter().flatten().collect();
        let mut sound = known && expected.len() as i64 == seal.count;
        let mut sealing = Sealing::begin(seal);
        let mut named = false;
        let mut place = from;
        loop {
            let rows = seals::between(self.database(), place, seal.last, ROWS).await?;
            let Some((last, _)) = rows.last() else { break };
            place = *last;
            for (at, row) in &rows {
                let hash = row_hash(row);
                sealing.row(&hash);
                match expected.remove(&at.seq) {
                    Some(short_hash) if short_hash == short(&hash) => {}
                    _ if !known => {}
                    Some(_) => {
                        named = true;
                        report(Finding::RowAltered(at.seq));
                    }
                    None => {
                        named = true;
                        report(Finding::RowInserted(at.seq));
                    }
                }
            }
            self.verify_entries(&rows, report).await?;
        }
        let mut gone: Vec<i64> = expected.into_keys().collect();
        gone.sort_unstable();
        named |= !gone.is_empty();
        gone.into_iter().for_each(|seq| report(Finding::RowMissing(seq)));
        // With a row altered the hash cannot fit, and that row has been named.
        sound &= named || sealing.end() == seal.hash;
        Ok(sound)
    }

    /// The access log's records are what the change log says that they were made as: nothing ever changes them.
    async fn verify_entries(&self, rows: &[LogRow], report: &mut Report<'_>) -> Result<()> {
        let object = self.object("access_event")?;
        let text = |row: &[Value], column: usize| row[column].as_text().map(str::to_owned);
        let made: Vec<(Uuid, &LogRow)> = rows
            .iter()
            .filter(|(_, row)| {
                text(row, 6).as_deref() == Some("access_event") && text(row, 8).as_deref() == Some("create")
            })
            .filter_map(|entry| Some((entry.1[7].as_id()?, entry)))
            .collect();
        for made in made.chunks(400) {
            let ids: Vec<Uuid> = made.iter().map(|(id, _)| *id).collect();
            let found = records::get_many(self.database(), &object, &ids, &RowFilter::All, Life::Any).await?;
            let mut found: HashMap<Uuid, Record> = found.into_iter().map(|record| (record.id, record)).collect();
            for (id, (_, row)) in made {
                match found.remove(id) {
                    None => report(Finding::EntryMissing(*id)),
                    Some(record) if !says(&object, &record, row) => report(Finding::EntryAltered(*id)),
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    /// What was published must be there, unchanged: this finds a log whose end was cut off together with its seals.
    async fn verify_heads(&self, last: i64, report: &mut Report<'_>) -> Result<()> {
        let Some(mut heads) = self.published()? else {
            if last > 0 {
                report(Finding::NoHeads);
            }
            return Ok(());
        };
        let mut fresh = Vec::new();
        let mut first = true;
        loop {
            fresh.extend(heads.by_ref().take(200));
            if fresh.is_empty() {
                break;
            }
            let from = fresh.iter().map(|head: &super::key::Head| head.number).min().unwrap_or_default();
            let to = fresh.iter().map(|head| head.number).max().unwrap_or_default();
            let mut known = HashMap::new();
            let mut number = from - 1;
            while number < to {
                let seals = seals::after(self.database(), number, SEALS).await?;
                let Some(last) = seals.last() else { break };
                number = last.number;
                known.extend(seals.into_iter().map(|seal| (seal.number, (seal.hash, seal.total))));
            }
            for head in fresh.drain(..) {
                match known.get(&head.number) {
                    Some((hash, total)) if *hash == head.hash && *total == head.total => {}
                    Some(_) => report(Finding::HeadDiffers(head.number)),
                    // A gap in the middle has been told already.
                    None if head.number <= last => {}
                    None => report(Finding::SealMissing(head.number)),
                }
            }
            first = false;
        }
        if first && last > 0 {
            report(Finding::NoHeads);
        }
        Ok(())
    }
}

/// Does a record say what the change that made it says?
fn says(object: &ObjectDef, record: &Record, row: &[Value]) -> bool {
    let diff: Map<String, Json> =
        row[10].as_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let same = object.fields.values().filter(|field| !field.system).all(|field| {
        let told = diff.get(&field.name).and_then(|pair| pair.get(1)).cloned().unwrap_or(Json::Null);
        json::to_json(field, record.get(&field.name)) == told
    });
    same && record.deleted_at.is_none()
        && record.version == 1
        && record.get("created_at").as_instant().is_some_and(|at| Some(at) == row[1].as_instant())
}
