//! CSV and its like: encodings, delimiters, quotes.
//!
//! Rows are divided as bytes and decoded one by one, so that a row in another encoding is an error of that row and never
//! becomes garbage in the database. (UTF-16, where a byte is no character, is decoded before.)

use super::{
    cell::unguarded,
    guard::{LINE_TOO_LONG, LineGuard, MAX_LINE, UNPACKS_TOO_MUCH},
    mapping::Encoding,
    source::{ReadOptions, Row, RowSink, bad, too_large},
};
use crate::{Error, Result};
use csv::ByteRecord;
use encoding_rs::{Decoder, GB18030, UTF_16BE, UTF_16LE};
use std::{
    borrow::Cow,
    io::{Cursor, Read},
};

/// So much of a file is looked at to find out how it is written.
const SAMPLE: usize = 1024 * 1024;

type Input = LineGuard<Box<dyn Read + Send>>;

/// A text file being read.
pub(crate) struct Delimited {
    reader: csv::Reader<Input>,
    charset: Charset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    /// Only ASCII so far; the first row with more decides.
    Open,
    Utf8,
    Gb18030,
}

/// Words for an error of the reader below.
pub(crate) fn broken(error: &std::io::Error) -> Error {
    let text = error.to_string();
    if text.contains(UNPACKS_TOO_MUCH) {
        return too_large();
    }
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => bad("压缩文件不完整（被截断）", "the compressed file is cut off"),
        _ => bad(format!("文件读取失败：{text}"), format!("the file cannot be read: {text}")),
    }
}

impl Delimited {
    /// Finds out how the file is written and reads its headings.
    pub fn open(mut input: Box<dyn Read + Send>, options: &ReadOptions) -> Result<(Self, Vec<String>)> {
        let mut sample = Vec::new();
        (&mut input).take(SAMPLE as u64).read_to_end(&mut sample).map_err(|error| broken(&error))?;
        let (charset, input): (Charset, Box<dyn Read + Send>) = match wide(&sample, options.encoding)? {
            Some(decoder) => {
                let mut all = Transcoded::new(Cursor::new(sample).chain(input), decoder);
                let mut head = Vec::new();
                (&mut all).take(SAMPLE as u64).read_to_end(&mut head).map_err(|error| broken(&error))?;
                sample = head;
                (Charset::Utf8, Box::new(all))
            }
            None => (narrow(&sample, options.encoding), input),
        };
        let skipped = if sample.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let delimiter = options.delimiter.unwrap_or_else(|| sniff(&sample[skipped..]));
        let mut rest = Cursor::new(sample);
        rest.set_position(skipped as u64);
        let input = LineGuard::new(Box::new(rest.chain(input)) as Box<dyn Read + Send>);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(64 * 1024)
            .from_reader(input);
        let mut delimited = Self { reader, charset };
        let mut record = ByteRecord::new();
        if !delimited.next(&mut record)? {
            return Ok((delimited, Vec::new()));
        }
        let row = delimited.decode(&record, 0);
        if let Some(problem) = row.problem {
            return Err(Error::BadRequest("bad_file", problem));
        }
        Ok((delimited, row.cells().map(str::to_owned).collect()))
    }

    fn next(&mut self, record: &mut ByteRecord) -> Result<bool> {
        let line = self.reader.position().line();
        let more = self.reader.read_byte_record(record).map_err(|error| match error.kind() {
            csv::ErrorKind::Io(inner) if inner.to_string().contains(LINE_TOO_LONG) => {
                let limit = MAX_LINE / 1024 / 1024;
                bad(
                    format!("第 {line} 行超过 {limit} MB：可能缺少换行或引号没有成对，请检查这一行"),
                    format!("line {line} is longer than {limit} MB: perhaps line ends are missing or a quote is not closed; look at that line"),
                )
            }
            csv::ErrorKind::Io(inner) => broken(inner),
            _ => bad(format!("第 {line} 行：{error}"), format!("line {line}: {error}")),
        })?;
        self.reader.get_mut().reset();
        Ok(more)
    }

    pub fn rows(&mut self, columns: usize, sink: &mut RowSink<'_>) -> Result<()> {
        let mut record = ByteRecord::new();
        while self.next(&mut record)? {
            let mut row = self.decode(&record, columns);
            if row.problem.is_none() && row.is_blank() {
                continue;
            }
            let extra = (columns..row.len()).any(|index| !row.cell(index).trim().is_empty());
            if row.len() < columns || extra {
                let count = row.len();
                row.refuse(
                    format!("这一行有 {count} 个单元格，列名有 {columns} 个：请检查分隔符和引号"),
                    format!(
                        "the row has {count} cells, there are {columns} headings: look at its delimiters and quotes"
                    ),
                );
            }
            if sink(row).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn decode(&mut self, record: &ByteRecord, columns: usize) -> Row {
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = Row::new(line, record.as_slice().len() + 8, record.len().max(columns));
        if record.as_slice().is_ascii() {
            for cell in record {
                // Just seen to be ASCII.
                row.push(unguarded(std::str::from_utf8(cell).unwrap_or_default()));
            }
            return row;
        }
        if self.charset == Charset::Open {
            let utf8 = record.iter().all(|cell| std::str::from_utf8(cell).is_ok());
            self.charset = if utf8 { Charset::Utf8 } else { Charset::Gb18030 };
        }
        for (index, cell) in record.iter().enumerate() {
            match text_of(self.charset, cell) {
                Some(text) => row.push(unguarded(&text)),
                None => {
                    row.push(&String::from_utf8_lossy(cell));
                    let column = index + 1;
                    let (zh, en) = match self.charset {
                        Charset::Gb18030 => ("GB18030", "GB18030"),
                        _ => ("UTF-8", "UTF-8"),
                    };
                    row.refuse(
                        format!("第 {line} 行第 {column} 列的编码与文件其余部分（{zh}）不同，请将文件统一另存为 UTF-8"),
                        format!("line {line}, column {column} is not in the encoding of the rest of the file ({en}); save the whole file as UTF-8"),
                    );
                }
            }
        }
        row
    }
}

/// The text of a cell, if it is in the file's encoding.
fn text_of(charset: Charset, cell: &[u8]) -> Option<Cow<'_, str>> {
    if charset != Charset::Gb18030 || cell.is_ascii() {
        return std::str::from_utf8(cell).ok().map(Cow::Borrowed);
    }
    // Chinese in UTF-8 is often readable as GB18030, as garbage. What is whole UTF-8 with characters of three bytes is
    // hardly ever Chinese in GB18030; two bytes may well be (模 is also ģ).
    if std::str::from_utf8(cell).is_ok_and(|text| text.chars().any(|c| c.len_utf8() >= 3)) {
        return None;
    }
    GB18030.decode_without_bom_handling_and_without_replacement(cell)
}

/// Is the file in UTF-16?
fn wide(sample: &[u8], encoding: Encoding) -> Result<Option<Decoder>> {
    let by_mark = match sample {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    let chosen = match (encoding, by_mark) {
        (Encoding::Auto | Encoding::Utf16, Some(found)) => Some(found),
        (Encoding::Utf16, None) => Some(UTF_16LE),
        _ => None,
    };
    if chosen.is_none() && sample.contains(&0) {
        return Err(bad(
            "不是文本文件。支持 CSV、XLSX 及其 .gz",
            "this is not a text file; CSV, XLSX and either as .gz can be imported",
        ));
    }
    Ok(chosen.map(encoding_rs::Encoding::new_decoder_with_bom_removal))
}

/// UTF-8 or GB18030: by the mark, else by what most lines of the sample are.
fn narrow(sample: &[u8], encoding: Encoding) -> Charset {
    match encoding {
        Encoding::Utf8 | Encoding::Utf16 => return Charset::Utf8,
        Encoding::Gb18030 => return Charset::Gb18030,
        Encoding::Auto if sample.starts_with(b"\xEF\xBB\xBF") => return Charset::Utf8,
        Encoding::Auto => {}
    }
    let (mut utf8, mut other) = (0_usize, 0_usize);
    let mut lines = sample.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        // The last line of a full sample is cut anywhere.
        let cut = lines.peek().is_none() && sample.len() >= SAMPLE && (utf8 + other) > 0;
        if line.is_ascii() || cut {
            continue;
        }
        match std::str::from_utf8(line) {
            Ok(_) => utf8 += 1,
            Err(error) if error.error_len().is_none() && lines.peek().is_none() => utf8 += 1,
            Err(_) => other += 1,
        }
    }
    match (utf8, other) {
        (0, 0) => Charset::Open,
        (utf8, other) if utf8 >= other => Charset::Utf8,
        _ => Charset::Gb18030,
    }
}

/// The delimiter that divides the headings into most parts; a comma when in doubt.
fn sniff(sample: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in sample.iter().take(64 * 1024) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(known, _)| known == byte) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    // The first of equals wins.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}

/// UTF-16 as UTF-8, as it is read.
struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    decoded: Vec<u8>,
    given: usize,
    finished: bool,
}

impl<R: Read> Transcoded<R> {
    fn new(inner: R, decoder: Decoder) -> Self {
        Self { inner, decoder, raw: vec![0; 32 * 1024], decoded: Vec::new(), given: 0, finished: false }
    }

    /// Decodes the next piece of the input.
    fn refill(&mut self) -> std::io::Result<()> {
        let count = self.inner.read(&mut self.raw)?;
        self.finished = count == 0;
        let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(4 * self.raw.len());
        self.decoded.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..count], &mut self.decoded, self.finished);
        self.decoded.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.decoded.len() && !self.finished {
            self.refill()?;
        }
        let count = buffer.len().min(self.decoded.len() - self.given);
        buffer[..count].copy_from_slice(&self.decoded[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    fn read(bytes: &[u8]) -> (Vec<String>, Vec<Row>) {
        read_as(bytes, &ReadOptions::default()).expect("a readable file")
    }

    fn read_as(bytes: &[u8], options: &ReadOptions) -> Result<(Vec<String>, Vec<Row>)> {
        let (mut file, columns) = Delimited::open(Box::new(Cursor::new(bytes.to_vec())), options)?;
        let mut rows = Vec::new();
        file.rows(columns.len(), &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok((columns, rows))
    }

    fn gbk(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "名称,电话\n澜海科技,0755\n\"张,三\",“模”\n";
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let utf16_be: Vec<u8> =
            [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let marked: Vec<u8> = b"\xEF\xBB\xBF".iter().copied().chain(text.bytes()).collect();
        for bytes in [text.as_bytes().to_vec(), marked, gbk(text), utf16, utf16_be] {
            let (columns, rows) = read(&bytes);
            assert_eq!(columns, ["名称", "电话"]);
            assert_eq!(rows[0].cells().collect::<Vec<_>>(), ["澜海科技", "0755"]);
            assert_eq!(rows[1].cells().collect::<Vec<_>>(), ["张,三", "“模”"]);
            assert_eq!((rows[0].line, rows[1].line), (2, 3));
            assert!(rows.iter().all(|row| row.problem.is_none()));
        }
    }

    #[test]
    fn a_row_in_another_encoding_is_an_error_of_that_row() {
        let mut bytes = "名称,备注\n一,好\n".as_bytes().to_vec();
        bytes.extend(gbk("二,坏\n"));
        bytes.extend("三,好\n".as_bytes());
        let (_, rows) = read(&bytes);
        assert_eq!(rows.iter().map(|row| row.problem.is_some()).collect::<Vec<_>>(), [false, true, false]);
        assert!(rows[1].problem.as_ref().expect("a problem").en.starts_with("line 3, column 1"));

        let mut bytes = gbk("名称,备注\n一,好\n二,好\n三,好\n");
        bytes.extend("四,中文\n".as_bytes());
        let (_, rows) = read(&bytes);
        assert_eq!(rows.iter().map(|row| row.problem.is_some()).collect::<Vec<_>>(), [false, false, false, true]);
    }

    #[test]
    fn the_first_row_beyond_ascii_decides_for_a_plain_beginning() {
        let mut bytes = b"name,remark\n".to_vec();
        bytes.extend(std::iter::repeat_n(b"a,b\n".as_slice(), SAMPLE / 4 + 10).flatten());
        bytes.extend(gbk("澜海,好\n"));
        let (_, rows) = read(&bytes);
        assert_eq!(rows.last().expect("rows").cell(0), "澜海");
    }

    #[test]
    fn delimiters_are_found() {
        for (text, columns) in
            [("a;b;c\n1;2;3\n", 3), ("a\tb\n1\t2\n", 2), ("a|b\n1|2\n", 2), ("a\n1\n", 1), ("\"a;b\",c\n1,2\n", 2)]
        {
            let (found, rows) = read(text.as_bytes());
            assert_eq!(found.len(), columns, "{text}");
            assert!(rows.iter().all(|row| row.problem.is_none()), "{text}");
        }
    }

    #[test]
    fn rows_with_too_few_or_too_many_cells_are_errors() {
        let (_, rows) = read(b"a,b\n1\n1,2,\n1,2,3\n\n , \n1,2\n");
        assert_eq!(rows.iter().map(|row| row.problem.is_some()).collect::<Vec<_>>(), [true, false, true, false]);
    }

    #[test]
    fn an_endless_line_is_refused_with_its_number() {
        let mut bytes = b"a,b\n1,2\n\"".to_vec();
        bytes.extend(std::iter::repeat_n(b'x', MAX_LINE as usize + 200_000));
        let error = read_as(&bytes, &ReadOptions::default()).expect_err("too long");
        assert!(error.to_string().starts_with("line 3 is longer than 8 MB"), "{error}");
    }

    #[test]
    fn other_files_are_refused() {
        assert!(read_as(b"\x7FELF\0\0\0", &ReadOptions::default()).is_err());
    }
}
