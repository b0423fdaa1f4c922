//! What exactly is sealed: the canonical form of a row, and the hashes over rows.
//!
//! It must be the same on both databases and in every release: a seal is checked years later. Every value says what it is
//! and how long it is, so that no two rows have the same form.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use guanxi_model::Value;
use guanxi_store::{Row, seals::Seal};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A whole hash.
pub(super) type Hash = [u8; 32];
/// As much of a row's hash as a seal keeps, to name the row that was altered.
pub(super) type Short = [u8; 8];

/// The hash that stands before the first seal.
pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of a row: moments in microseconds, numbers with the highest byte first, nothing apart from empty.
pub(super) fn row_hash(row: &Row) -> Hash {
    let mut sha = Sha256::new();
    sha.update(b"guanxi row 1");
    for value in row {
        match value {
            Value::Int(number) => {
                sha.update([1]);
                sha.update(number.to_be_bytes());
            }
            Value::Text(text) => {
                sha.update([2]);
                sha.update((text.len() as u64).to_be_bytes());
                sha.update(text.as_bytes());
            }
            Value::Instant(moment) => {
                sha.update([3]);
                sha.update(moment.as_microsecond().to_be_bytes());
            }
            Value::Id(id) => {
                sha.update([4]);
                sha.update(id.as_bytes());
            }
            // The log has columns of no other kind.
            _ => sha.update([0]),
        }
    }
    sha.finalize().into()
}

/// The first bytes of a hash.
pub(super) fn short(hash: &Hash) -> Short {
    let mut out = [0; 8];
    out.copy_from_slice(&hash[..8]);
    out
}

/// The hash of a seal over the whole hashes of its rows, being fed one by one.
pub(super) struct Sealing(Sha256);

impl Sealing {
    /// Everything of the seal but its rows. Its own hashes and signature are not looked at.
    pub fn begin(seal: &Seal) -> Self {
        let mut sha = Sha256::new();
        sha.update(b"guanxi seal 1");
        for number in [
            seal.number,
            seal.after.xid,
            seal.after.seq,
            seal.last.xid,
            seal.last.seq,
            seal.count,
            seal.total,
            seal.at.as_microsecond(),
        ] {
            sha.update(number.to_be_bytes());
        }
        sha.update((seal.previous.len() as u64).to_be_bytes());
        sha.update(seal.previous.as_bytes());
        Self(sha)
    }

    pub fn row(&mut self, hash: &Hash) {
        self.0.update(hash);
    }

    /// In hexadecimal.
    pub fn end(self) -> String {
        hex(&self.0.finalize())
    }
}

/// The signature over a seal's hash and the list of its rows, in hexadecimal.
pub(super) fn sign(key: &[u8], hash: &str, rows: &str) -> String {
    let mut mac = keyed(key);
    feed(&mut mac, hash, rows);
    hex(&mac.finalize().into_bytes())
}

/// Does the signature fit? Compared without telling by its time where it differs.
pub(super) fn fits(key: &[u8], seal: &Seal) -> bool {
    let mut mac = keyed(key);
    feed(&mut mac, &seal.hash, &seal.rows);
    unhex(&seal.mac).is_some_and(|given| mac.verify_slice(&given).is_ok())
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // A key of any length is good for HMAC.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default()))
}

fn feed(mac: &mut Hmac<Sha256>, hash: &str, rows: &str) {
    mac.update(b"guanxi signature 1");
    mac.update(hash.as_bytes());
    mac.update(&Sha256::digest(rows.as_bytes()));
}

/// Numbers and short hashes of rows, packed: the step from the number before, then eight bytes.
pub(super) fn pack(rows: &[(i64, Short)]) -> String {
    let mut out = Vec::with_capacity(rows.len() * 9);
    let mut before = 0_i64;
    for (seq, short) in rows {
        let step = seq.wrapping_sub(before);
        let mut zigzag = ((step << 1) ^ (step >> 63)).cast_unsigned();
        while zigzag >= 0x80 {
            out.push((zigzag & 0x7f) as u8 | 0x80);
            zigzag >>= 7;
        }
        out.push(zigzag as u8);
        out.extend_from_slice(short);
        before = *seq;
    }
    STANDARD_NO_PAD.encode(out)
}

/// Nothing for a list that was tampered with.
pub(super) fn unpack(text: &str) -> Option<Vec<(i64, Short)>> {
    let bytes = STANDARD_NO_PAD.decode(text).ok()?;
    let mut rest = bytes.as_slice();
    let mut out = Vec::new();
    let mut before = 0_i64;
    while !rest.is_empty() {
        let mut zigzag = 0_u64;
        let mut shift = 0;
        loop {
            let (first, others) = rest.split_first()?;
            rest = others;
            zigzag |= u64::from(first & 0x7f).checked_shl(shift)?;
            shift += 7;
            if first & 0x80 == 0 {
                break;
            }
        }
        let step = (zigzag >> 1).cast_signed() ^ -((zigzag & 1).cast_signed());
        before = before.wrapping_add(step);
        let (short, others) = rest.split_at_checked(8)?;
        rest = others;
        out.push((before, short.try_into().ok()?));
    }
    Some(out)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use uuid::Uuid;

    fn row() -> Row {
        let at = Timestamp::from_microsecond(1_795_000_000_123_456).expect("a moment");
        vec![
            Value::Int(7),
            Value::Instant(at),
            Value::Null,
            Value::from("page"),
            Value::Null,
            Value::from(""),
            Value::from("customer"),
            Value::Id(Uuid::from_u128(9)),
            Value::from("update"),
            Value::Int(2),
            Value::from("{\"name\":[\"澜\",\"海\"]}"),
        ]
    }

    /// Seals of earlier releases must stay good: these bytes never change.
    #[test]
    fn the_form_of_a_row_never_changes() {
        assert_eq!(hex(&row_hash(&row())), "1bf1f41ef5aff6491d24674e22a1ae55cb0ab7bdd23f18c7296c3ed34f8f8378");
    }

    #[test]
    fn nothing_empty_and_borders_of_texts_differ() {
        let whole = row_hash(&row());
        for (place, value) in [
            (2, Value::Id(Uuid::nil())),
            (4, Value::from("")),
            (5, Value::Null),
            (3, Value::from("pag")),
            (0, Value::Int(8)),
            (1, Value::Instant(Timestamp::from_microsecond(1_795_000_000_123_457).expect("a moment"))),
        ] {
            let mut other = row();
            other[place] = value;
            assert_ne!(row_hash(&other), whole, "{place}");
        }
    }

    #[test]
    fn lists_of_rows_come_back_as_they_were() {
        let rows: Vec<(i64, Short)> = [1, 2, 3, 500, 7, -9, i64::MAX, i64::MIN, 0]
            .into_iter()
            .map(|seq: i64| (seq, seq.wrapping_mul(77).to_be_bytes()))
            .collect();
        assert_eq!(unpack(&pack(&rows)), Some(rows));
        assert_eq!(unpack(""), Some(Vec::new()));
        for broken in ["!", "AA", "gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgA"] {
            assert_eq!(unpack(broken), None, "{broken}");
        }
    }
}
