//! Files as rows of text, in constant memory: CSV in any usual encoding, XLSX, either of them compressed.

use super::{
    delimited::Delimited,
    mapping::{Encoding, Mapping, Sheet},
    workbook::Workbook,
};
use crate::{Error, Result};
use flate2::read::MultiGzDecoder;
use guanxi_model::Label;
use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Most columns a file may have.
pub(crate) const MAX_COLUMNS: usize = 1000;
/// A compressed workbook is unpacked before it is read; at most to this size.
const MAX_UNPACKED: u64 = 200 * 1024 * 1024;

/// A file that cannot be read, and why.
pub(crate) fn bad(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::bad("bad_file", zh, en)
}

/// How a file is to be read, where the mapping says so.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadOptions {
    pub encoding: Encoding,
    pub delimiter: Option<u8>,
    pub sheet: Option<Sheet>,
}

impl ReadOptions {
    /// What a mapping says.
    pub fn of(mapping: &Mapping) -> Result<Self> {
        let delimiter = match mapping.delimiter.as_deref() {
            None => None,
            Some("\\t" | "tab") => Some(b'\t'),
            Some(text) => match text.as_bytes() {
                [byte] if !matches!(byte, b'"' | b'\n' | b'\r') && byte.is_ascii() => Some(*byte),
                _ => {
                    return Err(super::mapping::bad(
                        "delimiter 应为一个半角字符，如 \",\" 或 \"\\t\"",
                        "delimiter is one ASCII character, such as \",\" or \"\\t\"",
                    ));
                }
            },
        };
        Ok(Self { encoding: mapping.encoding, delimiter, sheet: mapping.sheet.clone() })
    }
}

/// A row of a file: its cells as text, one behind the other in one string.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Row {
    /// Where it begins, from 1.
    pub line: u64,
    text: String,
    ends: Vec<u32>,
    /// Why it cannot be used, if so; its cells are then only fit for showing.
    pub problem: Option<Label>,
}

impl Row {
    pub fn new(line: u64, text_size: usize, cells: usize) -> Self {
        Self { line, text: String::with_capacity(text_size), ends: Vec::with_capacity(cells), problem: None }
    }

    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len() as u32);
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty behind the last.
    pub fn cell(&self, index: usize) -> &str {
        let Some(end) = self.ends.get(index) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..*end as usize]
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.cell(index))
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Keeps the first problem.
    pub fn refuse(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.problem.get_or_insert_with(|| Label::new(zh, en));
    }
}

/// What is called with each row; may stop the reading.
pub(crate) type RowSink<'a> = dyn FnMut(Row) -> ControlFlow<()> + 'a;

/// A file ready to be read.
pub(crate) struct Source {
    /// Headings, trimmed, each once.
    pub columns: Vec<String>,
    /// Are its dates true dates (written as ISO here) rather than what somebody typed?
    pub true_dates: bool,
    kind: Kind,
}

#[expect(clippy::large_enum_variant, reason = "there is one of it per transfer")]
enum Kind {
    Text(Box<Delimited>),
    Workbook(Workbook),
}

impl Source {
    /// Opens a file and reads its headings.
    ///
    /// # Errors
    /// `bad_file`: not a file that can be imported.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self> {
        let unreadable = |error: std::io::Error| {
            bad(format!("无法读取 {}：{error}", path.display()), format!("cannot read {}: {error}", path.display()))
        };
        let mut file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        let mut magic = [0_u8; 8];
        let mut known = 0;
        while known < magic.len() {
            match file.read(&mut magic[known..]).map_err(unreadable)? {
                0 => break,
                count => known += count,
            }
        }
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let magic = &magic[..known];
        if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
            return Self::workbook(file, options, None);
        }
        if magic.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(bad(
                "这是旧式 .xls 或加了密码的 Excel 文件，请另存为 .xlsx（不设密码）或 CSV",
                "this is an old .xls or a workbook with a password; save it as .xlsx without one, or as CSV",
            ));
        }
        if magic.starts_with(&[0x1F, 0x8B]) {
            return Self::compressed(file, size, options);
        }
        Self::text(Box::new(file), options)
    }

    fn text(input: Box<dyn Read + Send>, options: &ReadOptions) -> Result<Self> {
        let (delimited, columns) = Delimited::open(input, options)?;
        Ok(Self { columns: headings(columns)?, true_dates: false, kind: Kind::Text(Box::new(delimited)) })
    }

    fn workbook(file: File, options: &ReadOptions, unpacked: Option<tempfile::TempPath>) -> Result<Self> {
        let (workbook, columns) = Workbook::open(BufReader::new(file), options.sheet.as_ref(), unpacked)?;
        Ok(Self { columns: headings(columns)?, true_dates: true, kind: Kind::Workbook(workbook) })
    }

    fn compressed(file: File, size: u64, options: &ReadOptions) -> Result<Self> {
        let mut input = super::guard::Unpacked::new(MultiGzDecoder::new(BufReader::new(file)), size);
        let mut head = [0_u8; 4];
        let mut known = 0;
        while known < head.len() {
            match input.read(&mut head[known..]).map_err(|error| super::delimited::broken(&error))? {
                0 => break,
                count => known += count,
            }
        }
        let rest = std::io::Cursor::new(head[..known].to_vec()).chain(input);
        if !head.starts_with(b"PK\x03\x04") {
            return Self::text(Box::new(rest), options);
        }
        // A workbook's directory stands at its end: it has to be unpacked before it can be read.
        let mut target = tempfile::NamedTempFile::new().map_err(|error| super::delimited::broken(&error))?;
        let copied = std::io::copy(&mut rest.take(MAX_UNPACKED + 1), &mut target)
            .map_err(|error| super::delimited::broken(&error))?;
        if copied > MAX_UNPACKED {
            return Err(too_large());
        }
        let (file, path) = target.into_parts();
        Self::workbook(file, options, Some(path))
    }

    /// Gives every row after the headings to `sink`, blank ones left out.
    ///
    /// # Errors
    /// `bad_file` where the file cannot be read further; the rows before it have been given.
    pub fn rows(&mut self, sink: &mut RowSink<'_>) -> Result<()> {
        match &mut self.kind {
            Kind::Text(delimited) => delimited.rows(self.columns.len(), sink),
            Kind::Workbook(workbook) => workbook.rows(self.columns.len(), sink),
        }
    }

    /// The first rows, for showing.
    ///
    /// # Errors
    /// As [`Source::rows`].
    pub fn sample(path: &Path, options: &ReadOptions, count: usize) -> Result<(Vec<String>, Vec<Row>)> {
        let mut source = Self::open(path, options)?;
        let mut rows = Vec::new();
        source.rows(&mut |row| {
            rows.push(row);
            if rows.len() < count { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok((source.columns, rows))
    }
}

/// A file larger than what is accepted.
pub(crate) fn too_large() -> Error {
    Error::TooLarge(Label::new(
        "文件解压后过大（可能是压缩炸弹），请拆分后导入或改用 CSV",
        "the file is too large once unpacked (perhaps a ZIP bomb); divide it, or use CSV",
    ))
}

/// Headings without outer spaces; a second one of the same name gets a number, one without a name its place.
fn headings(raw: Vec<String>) -> Result<Vec<String>> {
    let mut columns: Vec<String> = Vec::with_capacity(raw.len());
    let last = raw.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |index| index + 1);
    for (index, name) in raw.iter().take(last).enumerate() {
        let name = name.trim();
        let base = if name.is_empty() { format!("#{}", index + 1) } else { name.to_owned() };
        let mut name = base.clone();
        let mut count = 1;
        while columns.contains(&name) {
            count += 1;
            name = format!("{base} ({count})");
        }
        columns.push(name);
    }
    if columns.is_empty() {
        return Err(bad("文件是空的：第一行应为列名", "the file is empty: its first row holds the headings"));
    }
    if columns.len() > MAX_COLUMNS {
        return Err(bad(format!("最多 {MAX_COLUMNS} 列"), format!("at most {MAX_COLUMNS} columns")));
    }
    Ok(columns)
}

/// A file kept open only as long as it is read; where it lies is remembered for reading it again.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub path: PathBuf,
    pub options: ReadOptions,
}

impl Place {
    pub fn open(&self) -> Result<Source> {
        Source::open(&self.path, &self.options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_each_there_once() {
        let raw = ["a", " a ", "", "b", "", " "].map(str::to_owned).to_vec();
        assert_eq!(headings(raw).expect("headings"), ["a", "a (2)", "#3", "b"]);
        assert!(headings(vec![String::new()]).is_err());
    }

    #[test]
    fn cells_of_a_row() {
        let mut row = Row::new(2, 8, 3);
        for cell in ["张", "", "x"] {
            row.push(cell);
        }
        assert_eq!(row.cells().collect::<Vec<_>>(), ["张", "", "x"]);
        assert_eq!(row.cell(7), "");
    }
}
