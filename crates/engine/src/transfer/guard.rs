//! Readers that stop in time: before a line fills the memory, before a bomb has unpacked.

use std::io::{Error, ErrorKind, Read};

/// Longest line (or quoted cell) of a text file, in bytes.
pub(crate) const MAX_LINE: u64 = 8 * 1024 * 1024;
/// Largest text file once unpacked.
const MAX_TEXT: u64 = 64 * 1024 * 1024 * 1024;
/// Text compresses to a tenth, at best to a hundredth; what unpacks to more than this was made to do harm.
const MAX_RATIO: u64 = 300;
/// Below this size the ratio says nothing.
const RATIO_FROM: u64 = 32 * 1024 * 1024;

/// Said in an [`Error`] when a line is too long.
pub(crate) const LINE_TOO_LONG: &str = "line too long";
/// Said in an [`Error`] when too much comes out of a compressed file.
pub(crate) const UNPACKS_TOO_MUCH: &str = "unpacks to too much";

/// Counts what was read since the last row and refuses to go on beyond [`MAX_LINE`].
pub(crate) struct LineGuard<R> {
    inner: R,
    since: u64,
}

impl<R> LineGuard<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, since: 0 }
    }

    /// A row has ended.
    pub fn reset(&mut self) {
        self.since = 0;
    }
}

impl<R: Read> Read for LineGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.since > MAX_LINE {
            return Err(Error::new(ErrorKind::InvalidData, LINE_TOO_LONG));
        }
        let count = self.inner.read(buffer)?;
        self.since += count as u64;
        Ok(count)
    }
}

/// What comes out of a compressed file, as long as it is in proportion to what went in.
pub(crate) struct Unpacked<R> {
    inner: R,
    packed: u64,
    count: u64,
}

impl<R> Unpacked<R> {
    pub fn new(inner: R, packed: u64) -> Self {
        Self { inner, packed, count: 0 }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        let total = self.count;
        if total > MAX_TEXT || (total > RATIO_FROM && total / self.packed.max(1) > MAX_RATIO) {
            return Err(Error::new(ErrorKind::InvalidData, UNPACKS_TOO_MUCH));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_refused_early() {
        let mut guard = LineGuard::new(std::io::repeat(b'x'));
        let mut buffer = vec![0; 64 * 1024];
        let mut total = 0;
        let error = loop {
            match guard.read(&mut buffer) {
                Ok(count) => total += count as u64,
                Err(error) => break error,
            }
        };
        assert_eq!(error.to_string(), LINE_TOO_LONG);
        assert!(total <= MAX_LINE + 64 * 1024);
    }

    #[test]
    fn a_bomb_stops() {
        let mut bomb = Unpacked::new(std::io::repeat(0), 1000);
        let copied = std::io::copy(&mut bomb, &mut std::io::sink());
        assert_eq!(copied.expect_err("stopped").to_string(), UNPACKS_TOO_MUCH);
    }
}
