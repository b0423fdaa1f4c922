//! Tables being written: CSV and XLSX, cell by cell.

use super::{cell::guarded, export::Format, source::bad};
use crate::{Error, Result};
use guanxi_model::{FieldDef, FieldType, Lang, regions};
use jiff::{Timestamp, civil, tz::TimeZone};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use serde_json::Value as Json;
use std::{
    collections::HashMap,
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    /// As exact text; a number on a sheet where that keeps every digit.
    Number(String),
    Date(civil::Date),
    Moment(civil::DateTime),
}

/// How values become cells.
pub(crate) struct Cells {
    pub lang: Lang,
    pub zone: TimeZone,
    /// Object → id → path, of the trees.
    pub paths: HashMap<String, HashMap<Uuid, String>>,
}

impl Cells {
    /// A value, as reads give it, in the words that an import understands.
    pub fn cell(&self, field: &FieldDef, value: &Json) -> Cell {
        let text = || value.as_str().unwrap_or_default();
        match (field.effective(), value) {
            (_, Json::Null) => Cell::Empty,
            (_, Json::Bool(flag)) => Cell::Text(
                match (self.lang, flag) {
                    (Lang::Zh, true) => "是",
                    (Lang::Zh, false) => "否",
                    (Lang::En, true) => "yes",
                    (Lang::En, false) => "no",
                }
                .to_owned(),
            ),
            (FieldType::Integer | FieldType::Rating, Json::Number(number)) => Cell::Number(number.to_string()),
            (FieldType::Decimal | FieldType::Money | FieldType::Percent, Json::String(number)) => {
                Cell::Number(number.clone())
            }
            (FieldType::Date, Json::String(day)) => day.parse().map_or_else(|_| Cell::Text(day.clone()), Cell::Date),
            (FieldType::Datetime, Json::String(moment)) => self.moment(moment, field.system),
            (FieldType::Choice, Json::String(option)) => Cell::Text(self.option(field, option)),
            (FieldType::MultiChoice, Json::Array(options)) => Cell::Text(
                options
                    .iter()
                    .filter_map(Json::as_str)
                    .map(|option| self.option(field, option))
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
            (FieldType::MultiLookup, Json::Array(members)) => {
                Cell::Text(members.iter().map(|member| self.reference(field, member)).collect::<Vec<_>>().join("; "))
            }
            (_, Json::Array(members)) => {
                Cell::Text(members.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("; "))
            }
            (FieldType::Region, Json::String(code)) => Cell::Text(self.region(code)),
            (_, Json::Object(_)) => Cell::Text(self.reference(field, value)),
            _ => Cell::Text(text().to_owned()),
        }
    }

    fn moment(&self, text: &str, stamp: bool) -> Cell {
        let Ok(moment) = text.parse::<Timestamp>() else { return Cell::Text(text.to_owned()) };
        let local = moment.to_zoned(self.zone.clone());
        // Parts of a second, and the hour that summer time repeats, only survive in full. The platform's own stamps are
        // for reading.
        let exact = local.datetime().to_zoned(self.zone.clone()).is_ok_and(|again| again.timestamp() == moment);
        let whole = moment.subsec_nanosecond() == 0 && exact;
        if whole || stamp { Cell::Moment(local.datetime()) } else { Cell::Text(text.to_owned()) }
    }

    fn option(&self, field: &FieldDef, value: &str) -> String {
        field.option(value).map_or(value, |option| option.label.get(self.lang)).to_owned()
    }

    fn region(&self, code: &str) -> String {
        let name = regions::full_name(code).unwrap_or_else(|| code.to_owned());
        // A name that means several places says less than the code.
        if regions::find(&name).is_ok_and(|found| found == code) { name } else { code.to_owned() }
    }

    fn reference(&self, field: &FieldDef, value: &Json) -> String {
        let id = value["id"].as_str().unwrap_or_default();
        let target = field.target().unwrap_or_default();
        if let Some(paths) = self.paths.get(target) {
            let path = Uuid::try_parse(id).ok().and_then(|id| paths.get(&id));
            return path.cloned().unwrap_or_else(|| id.to_owned());
        }
        match value["title"].as_str() {
            // Titles are cut for lists; a cut one finds nothing.
            Some(title) if title.chars().count() <= 80 && !title.is_empty() => title.to_owned(),
            _ => id.to_owned(),
        }
    }
}

/// A file being written.
#[expect(clippy::large_enum_variant, reason = "there is one of it per transfer")]
pub(crate) enum Table {
    Csv(csv::Writer<BufWriter<File>>),
    Xlsx(Box<Sheet>),
}

/// A workbook being written.
pub(crate) struct Sheet {
    book: Workbook,
    path: PathBuf,
    row: u32,
    bold: CellFormat,
    day: CellFormat,
    moment: CellFormat,
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    bad(format!("无法写入文件：{error}"), format!("the file cannot be written: {error}"))
}

impl Table {
    pub fn create(format: Format, path: &Path) -> Result<Self> {
        match format {
            Format::Csv => {
                let mut file =
                    BufWriter::with_capacity(256 * 1024, File::create(path).map_err(|error| failed(&error))?);
                file.write_all(b"\xEF\xBB\xBF").map_err(|error| failed(&error))?;
                Ok(Self::Csv(csv::Writer::from_writer(file)))
            }
            Format::Xlsx => {
                let mut book = Workbook::new();
                // Rows go to a temporary file as they are written.
                book.add_worksheet_with_constant_memory().map_err(|error| failed(&error))?;
                Ok(Self::Xlsx(Box::new(Sheet {
                    book,
                    path: path.to_owned(),
                    row: 0,
                    bold: CellFormat::new().set_bold(),
                    day: CellFormat::new().set_num_format("yyyy-mm-dd"),
                    moment: CellFormat::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
                })))
            }
        }
    }

    pub fn headings(&mut self, headings: &[String]) -> Result<()> {
        match self {
            Self::Csv(writer) => writer.write_record(headings).map_err(|error| failed(&error)),
            Self::Xlsx(sheet) => {
                let bold = sheet.bold.clone();
                let worksheet = sheet.book.worksheet_from_index(0).map_err(|error| failed(&error))?;
                for (column, heading) in headings.iter().enumerate() {
                    worksheet
                        .write_string_with_format(0, column as u16, heading, &bold)
                        .map_err(|error| failed(&error))?;
                }
                worksheet.set_freeze_panes(1, 0).map_err(|error| failed(&error))?;
                sheet.row = 1;
                Ok(())
            }
        }
    }

    pub fn row(&mut self, cells: impl Iterator<Item = Cell>) -> Result<()> {
        match self {
            Self::Csv(writer) => {
                for cell in cells {
                    let text = match cell {
                        Cell::Empty => String::new(),
                        Cell::Text(text) => guarded(&text).into_owned(),
                        Cell::Number(text) => text,
                        Cell::Date(day) => day.to_string(),
                        Cell::Moment(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                    };
                    writer.write_field(text).map_err(|error| failed(&error))?;
                }
                writer.write_record(None::<&[u8]>).map_err(|error| failed(&error))
            }
            Self::Xlsx(sheet) => sheet.write(cells).map_err(|error| failed(&error)),
        }
    }

    pub fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush().map_err(|error| failed(&error)),
            Self::Xlsx(mut sheet) => sheet.book.save(&sheet.path).map_err(|error| failed(&error)),
        }
    }
}

impl Sheet {
    fn write(&mut self, cells: impl Iterator<Item = Cell>) -> Result<(), XlsxError> {
        let worksheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in cells.enumerate() {
            let column = column as u16;
            match cell {
                Cell::Empty => {}
                // Always a text: a sheet does not run what is no formula cell.
                Cell::Text(text) => {
                    worksheet.write_string(self.row, column, fitting(&text))?;
                }
                Cell::Number(text) => match text.parse::<f64>() {
                    Ok(number) if text.bytes().filter(u8::is_ascii_digit).count() <= 15 => {
                        worksheet.write_number(self.row, column, number)?;
                    }
                    _ => {
                        worksheet.write_string(self.row, column, text)?;
                    }
                },
                Cell::Date(day) if day.year() >= 1900 => {
                    let value = ExcelDateTime::from_ymd(
                        day.year().unsigned_abs(),
                        day.month().unsigned_abs(),
                        day.day().unsigned_abs(),
                    )?;
                    worksheet.write_datetime_with_format(self.row, column, &value, &self.day)?;
                }
                Cell::Date(day) => {
                    worksheet.write_string(self.row, column, day.to_string())?;
                }
                Cell::Moment(moment) if moment.year() >= 1900 => {
                    let value = ExcelDateTime::from_ymd(
                        moment.year().unsigned_abs(),
                        moment.month().unsigned_abs(),
                        moment.day().unsigned_abs(),
                    )?
                    .and_hms(
                        u16::from(moment.hour().unsigned_abs()),
                        moment.minute().unsigned_abs(),
                        f64::from(moment.second()),
                    )?;
                    worksheet.write_datetime_with_format(self.row, column, &value, &self.moment)?;
                }
                Cell::Moment(moment) => {
                    worksheet.write_string(self.row, column, moment.strftime("%Y-%m-%d %H:%M:%S").to_string())?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }
}

/// A sheet's cell holds 32,767 characters; a longer text says that it was cut.
fn fitting(text: &str) -> String {
    const MOST: usize = 32_767;
    const CUT: &str = " …（超出单元格上限，完整内容请导出 CSV）";
    if text.encode_utf16().take(MOST + 1).count() <= MOST {
        return text.to_owned();
    }
    // Characters beyond the basic plane count twice; half of the limit is safe for any text.
    let mut short: String = text.chars().take(MOST / 2).collect();
    short.push_str(CUT);
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use guanxi_model::Label;
    use serde_json::json;

    fn cells() -> Cells {
        let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
        Cells { lang: Lang::Zh, zone, paths: HashMap::new() }
    }

    #[test]
    fn values_are_written_as_imports_read_them() {
        let field = |kind| FieldDef::new("f", kind, Label::new("字段", "Field"));
        let check =
            |kind, value: Json, expected: Cell| assert_eq!(cells().cell(&field(kind), &value), expected, "{kind:?}");
        check(FieldType::Text, json!("=1+1"), Cell::Text("=1+1".into()));
        check(FieldType::Money, json!("1234.50"), Cell::Number("1234.50".into()));
        check(FieldType::Boolean, json!(true), Cell::Text("是".into()));
        check(FieldType::Region, json!("440305"), Cell::Text("广东省 深圳市 南山区".into()));
        check(
            FieldType::Datetime,
            json!("2026-11-21T06:30:00Z"),
            Cell::Moment(civil::date(2026, 11, 21).at(14, 30, 0, 0)),
        );
        check(FieldType::Datetime, json!("2026-11-21T06:30:00.25Z"), Cell::Text("2026-11-21T06:30:00.25Z".into()));
        check(FieldType::Tags, json!(["a", "b"]), Cell::Text("a; b".into()));
        let id = "019352ab-0000-7000-8000-000000000000";
        check(FieldType::User, json!({"id": id, "title": "李娜"}), Cell::Text("李娜".into()));
        check(FieldType::User, json!({"id": id, "title": null}), Cell::Text(id.into()));
        check(FieldType::Date, Json::Null, Cell::Empty);
    }

    #[test]
    fn a_csv_runs_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.csv");
        let mut table = Table::create(Format::Csv, &path).expect("a file");
        table.headings(&["a".into(), "b".into()]).expect("headings");
        table
            .row([Cell::Text("=HYPERLINK(\"http://x\")".into()), Cell::Number("-5".into())].into_iter())
            .expect("a row");
        table.finish().expect("written");
        let text = std::fs::read_to_string(&path).expect("read");
        assert_eq!(text, "\u{feff}a,b\n\"'=HYPERLINK(\"\"http://x\"\")\",-5\n");
    }
}
