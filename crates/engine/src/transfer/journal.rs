//! Files that grow beside the database: refused rows, and rows that wait for others. They are written before the batch
//! that belongs to them commits, and cut back to the last commit when it does not.

use super::{cell::guarded, source::bad};
use crate::{Error, Result};
use guanxi_model::{Label, Lang};
use std::{
    fs::{File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// A file that only grows.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: Option<File>,
    pub size: u64,
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    bad(format!("无法写入 {}：{error}", path.display()), format!("cannot write {}: {error}", path.display()))
}

impl Journal {
    /// A journal of which so much is good; it is made when something is written.
    pub fn new(path: PathBuf, size: u64) -> Self {
        Self { path, file: None, size }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn append(&mut self, bytes: &[u8], durable: bool) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let path = self.path.clone();
        self.append_inner(bytes, durable).map_err(|error| failed(&path, &error))
    }

    fn append_inner(&mut self, bytes: &[u8], durable: bool) -> std::io::Result<()> {
        if self.file.is_none() {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&self.path)?;
            file.set_len(self.size)?;
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(self.size))?;
            file.write_all(bytes)?;
            if durable {
                file.sync_data()?;
            }
        }
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Cuts it back.
    pub fn truncate(&mut self, size: u64) -> Result<()> {
        if self.size > size {
            self.size = size;
            if let Some(file) = &mut self.file {
                file.set_len(size).map_err(|error| failed(&self.path, &error))?;
            }
        }
        Ok(())
    }
}

/// Lines of the file of refused rows.
pub(crate) struct ErrorLines {
    writer: csv::Writer<Vec<u8>>,
}

impl ErrorLines {
    /// With the headings when the file is new.
    pub fn new(columns: &[String], lang: Lang, with_headings: bool) -> Result<Self> {
        // Excel takes a CSV for UTF-8 only with the mark.
        let start = if with_headings { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        let mut lines = Self { writer: csv::WriterBuilder::new().flexible(true).from_writer(start) };
        if with_headings {
            let last = match lang {
                Lang::Zh => "错误原因",
                Lang::En => "Reason",
            };
            lines.write(columns.iter().map(String::as_str).chain([last]))?;
        }
        Ok(lines)
    }

    fn write<'t>(&mut self, cells: impl Iterator<Item = &'t str>) -> Result<()> {
        for cell in cells {
            self.writer
                .write_field(guarded(cell).as_ref())
                .map_err(|error| bad(error.to_string(), error.to_string()))?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(|error| bad(error.to_string(), error.to_string()))
    }

    /// A refused row as it was, and why.
    pub fn add<'t>(
        &mut self,
        cells: impl Iterator<Item = &'t str>,
        columns: usize,
        line: u64,
        reason: &Label,
        lang: Lang,
    ) -> Result<()> {
        let reason = match lang {
            Lang::Zh => format!("第 {line} 行：{}", reason.zh),
            Lang::En => format!("line {line}: {}", reason.en),
        };
        let cells: Vec<&str> = cells.chain(std::iter::repeat("")).take(columns).collect();
        self.write(cells.into_iter().chain([reason.as_str()]))
    }

    pub fn finish(self) -> Result<Vec<u8>> {
        self.writer.into_inner().map_err(|error| bad(error.to_string(), error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_rows_are_written_so_that_no_spreadsheet_runs_them() {
        let columns = ["a".to_owned(), "b".to_owned()];
        let mut lines = ErrorLines::new(&columns, Lang::En, true).expect("headings");
        lines.add(["=1+1", "x,y"].into_iter(), 2, 7, &Label::new("坏", "bad"), Lang::En).expect("a line");
        let text = String::from_utf8(lines.finish().expect("bytes")).expect("UTF-8");
        assert_eq!(text, "\u{feff}a,b,Reason\n'=1+1,\"x,y\",line 7: bad\n");
    }

    #[test]
    fn a_journal_is_cut_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x").join("errors.csv");
        let mut journal = Journal::new(path.clone(), 0);
        journal.append(b"one", true).expect("written");
        journal.append(b"two", false).expect("written");
        journal.truncate(3).expect("cut");
        journal.append(b"three", false).expect("written");
        assert_eq!(std::fs::read(&path).expect("read"), b"onethree");
        let mut again = Journal::new(path.clone(), 3);
        again.append(b"!", false).expect("written");
        assert_eq!(std::fs::read(&path).expect("read"), b"one!");
    }
}
