//! XLSX: the sheet is read cell by cell; only the shared texts of the workbook are held in memory.

use super::{
    cell::number_text,
    mapping::Sheet,
    source::{Row, RowSink, bad, too_large},
};
use crate::{Error, Result};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::{
    fs::File,
    io::{BufReader, Read},
    ops::ControlFlow,
};

/// All parts but the sheets, unpacked: these are held in memory.
const MAX_PARTS: u64 = 200 * 1024 * 1024;
/// The sheets, unpacked. A full sheet of a million rows and ten columns has about 400 MB.
const MAX_SHEETS: u64 = 2 * 1024 * 1024 * 1024;
/// XML of sheets unpacks to ten or twenty times its size.
const MAX_RATIO: u64 = 200;
/// Below this size the ratio says nothing.
const RATIO_FROM: u64 = 32 * 1024 * 1024;
/// A sheet has 1,048,576 rows at most.
const MAX_ROWS: u32 = 1_100_000;

/// A sheet being read.
pub(crate) struct Workbook {
    book: Xlsx<BufReader<File>>,
    sheet: String,
    /// A file unpacked for reading lives as long as this.
    _unpacked: Option<tempfile::TempPath>,
}

fn damaged(error: &XlsxError) -> Error {
    bad(format!("Excel 文件损坏或不完整：{error}"), format!("the workbook is damaged or cut off: {error}"))
}

/// Unpacks every part into nothing, so that one that claims to be small and is not is found before it fills the memory,
/// and a damaged one before its first row is written.
fn inspect(file: &File) -> Result<()> {
    let broken = |error: &dyn std::fmt::Display| {
        bad(format!("Excel 文件损坏或不完整：{error}"), format!("the workbook is damaged or cut off: {error}"))
    };
    let file = file.try_clone().map_err(|error| broken(&error))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| broken(&error))?;
    let (mut sheets, mut parts) = (0_u64, 0_u64);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| broken(&error))?;
        // Pictures and the like are never unpacked.
        let name = entry.name().map_err(|error| broken(&error))?.into_owned();
        if name.starts_with("xl/media/") {
            continue;
        }
        let is_sheet = name.starts_with("xl/worksheets/");
        let (sum, limit) = if is_sheet { (&mut sheets, MAX_SHEETS) } else { (&mut parts, MAX_PARTS) };
        let suspicious = |size: u64, packed: u64| size > RATIO_FROM && size / packed.max(1) > MAX_RATIO;
        if entry.size() > limit || suspicious(entry.size(), entry.compressed_size()) {
            return Err(too_large());
        }
        let claimed = entry.size();
        let real =
            std::io::copy(&mut (&mut entry).take(claimed + 1), &mut std::io::sink()).map_err(|error| broken(&error))?;
        *sum += real;
        if real > claimed || *sum > limit {
            return Err(too_large());
        }
    }
    Ok(())
}

impl Workbook {
    /// Looks whether the file is sound and reads the headings.
    pub fn open(
        file: BufReader<File>,
        sheet: Option<&Sheet>,
        unpacked: Option<tempfile::TempPath>,
    ) -> Result<(Self, Vec<String>)> {
        inspect(file.get_ref())?;
        let mut book: Xlsx<_> = Xlsx::new(file).map_err(|error| damaged(&error))?;
        let names = book.sheet_names();
        let listed = names.iter().take(20).cloned().collect::<Vec<_>>().join("、");
        let found = match sheet {
            None => names.first(),
            Some(Sheet::Number(number)) => number.checked_sub(1).and_then(|index| names.get(index)),
            Some(Sheet::Name(name)) => names.iter().find(|known| *known == name),
        };
        let sheet = found.cloned().ok_or_else(|| {
            bad(
                format!("没有这个工作表，文件中有：{listed}"),
                format!("there is no such sheet; the file has: {listed}"),
            )
        })?;
        let mut headings = Vec::new();
        each_row(&mut book, &sheet, &mut |row| {
            headings = row.cells().map(str::to_owned).collect();
            ControlFlow::Break(())
        })?;
        Ok((Self { book, sheet, _unpacked: unpacked }, headings))
    }

    pub fn rows(&mut self, columns: usize, sink: &mut RowSink<'_>) -> Result<()> {
        let mut first = true;
        each_row(&mut self.book, &self.sheet, &mut |mut row| {
            if std::mem::take(&mut first) {
                return ControlFlow::Continue(());
            }
            if (columns..row.len()).any(|index| !row.cell(index).trim().is_empty()) {
                row.refuse(
                    format!("这一行在第 {columns} 列之后还有内容，但没有列名"),
                    format!("the row has cells beyond column {columns}, where there is no heading"),
                );
            }
            while row.len() < columns {
                row.push("");
            }
            sink(row)
        })
    }
}

/// Puts the cells of a sheet together to rows; blank rows are left out.
fn each_row(book: &mut Xlsx<BufReader<File>>, sheet: &str, sink: &mut RowSink<'_>) -> Result<()> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| damaged(&error))?;
    let mut current: Option<Row> = None;
    loop {
        let cell = reader.next_cell().map_err(|error| damaged(&error))?;
        let Some(cell) = cell else { break };
        let (line, column) = cell.get_position();
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if line >= MAX_ROWS {
            return Err(bad(
                format!("超过 {MAX_ROWS} 行，请拆分或改用 CSV"),
                format!("more than {MAX_ROWS} rows; divide the file or use CSV"),
            ));
        }
        let number = u64::from(line) + 1;
        if current.as_ref().is_some_and(|row| row.line != number)
            && let Some(done) = current.take()
            && !done.is_blank()
            && sink(done).is_break()
        {
            return Ok(());
        }
        let row = current.get_or_insert_with(|| Row::new(number, 64, 16));
        while row.len() < column as usize {
            row.push("");
        }
        push_cell(row, column, cell.get_value());
    }
    if let Some(done) = current
        && !done.is_blank()
    {
        let _ = sink(done);
    }
    Ok(())
}

fn push_cell(row: &mut Row, column: u32, value: &DataRef<'_>) {
    match value {
        DataRef::Empty => row.push(""),
        DataRef::String(text) => row.push(text),
        DataRef::SharedString(text) => row.push(text),
        DataRef::Int(number) => row.push(&number.to_string()),
        DataRef::Float(number) => row.push(&number_text(*number)),
        DataRef::Bool(flag) => row.push(if *flag { "true" } else { "false" }),
        DataRef::DateTime(moment) => row.push(&moment_text(moment)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.push(text),
        DataRef::Error(error) => {
            let place = format!("{}{}", column_letters(column), row.line);
            row.push(&error.to_string());
            row.refuse(
                format!("单元格 {place} 是公式错误 {error}"),
                format!("cell {place} holds the formula error {error}"),
            );
        }
    }
}

/// A date as ISO; with the time of day only where there is one.
fn moment_text(moment: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let whole = moment.as_f64().fract().abs() < 1e-9;
    if !moment.is_datetime() || moment.as_f64() < 1.0 {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    if whole {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// `A`, `Z`, `AA` …
fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::source::{ReadOptions, Source};
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Writer};
    use std::{io::Write, path::Path};

    fn read(path: &Path) -> Result<(Vec<String>, Vec<Row>)> {
        Source::sample(path, &ReadOptions::default(), usize::MAX)
    }

    fn book() -> Vec<u8> {
        let mut book = Writer::new();
        let sheet = book.add_worksheet();
        for (column, name) in ["名称", "金额", "日期", "时间", "在售"].iter().enumerate() {
            sheet.write(0, column as u16, *name).expect("a cell");
        }
        sheet.write(1, 0, "澜海").expect("a cell");
        sheet.write(1, 1, 1100.04).expect("a cell");
        let day = ExcelDateTime::from_ymd(2026, 11, 21).expect("a day");
        sheet.write_with_format(1, 2, &day, &Format::new().set_num_format("yyyy-mm-dd")).expect("a cell");
        let moment = ExcelDateTime::from_ymd(2026, 11, 21).expect("a day").and_hms(14, 30, 5).expect("a time");
        sheet.write_with_format(1, 3, &moment, &Format::new().set_num_format("yyyy-mm-dd hh:mm:ss")).expect("a cell");
        sheet.write(1, 4, true).expect("a cell");
        sheet.write(3, 0, "第二").expect("a cell");
        book.save_to_buffer().expect("a workbook")
    }

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        file
    }

    #[test]
    fn a_workbook_becomes_rows_of_text() {
        let bytes = book();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&bytes).expect("packed");
        for bytes in [bytes, packed.finish().expect("packed")] {
            let file = file(&bytes);
            let (columns, rows) = read(file.path()).expect("readable");
            assert_eq!(columns, ["名称", "金额", "日期", "时间", "在售"]);
            assert_eq!(
                rows[0].cells().collect::<Vec<_>>(),
                ["澜海", "1100.04", "2026-11-21", "2026-11-21 14:30:05", "true"]
            );
            assert_eq!(rows[1].cells().collect::<Vec<_>>(), ["第二", "", "", "", ""]);
            assert_eq!((rows[0].line, rows[1].line), (2, 4));
        }
    }

    #[test]
    fn a_cut_workbook_is_an_error_in_words() {
        let bytes = book();
        for length in [30, bytes.len() / 2, bytes.len() - 10] {
            let file = file(&bytes[..length]);
            let error = read(file.path()).expect_err("cut");
            assert!(error.to_string().contains("damaged or cut off"), "{error}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_unpacks() {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        archive.start_file("xl/worksheets/sheet1.xml", options).expect("an entry");
        let block = vec![b' '; 1024 * 1024];
        for _ in 0..64 {
            archive.write_all(&block).expect("written");
        }
        let file = file(archive.finish().expect("an archive").get_ref());
        let error = read(file.path()).expect_err("a bomb");
        assert!(matches!(error, Error::TooLarge(_)), "{error}");
    }

    #[test]
    fn old_workbooks_are_named() {
        let file = file(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]);
        assert!(read(file.path()).expect_err("old").to_string().contains(".xlsx"));
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(column_letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
