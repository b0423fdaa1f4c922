//! The mapping: which column of a file becomes which field. TOML for the command line, the same structure in JSON for the
//! API; `docs/import.md` describes it for people.

use crate::{Error, Result};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What an import may do with records that are there, and with those that are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every row is a new record.
    Create,
    /// Every row changes a record that is there.
    Update,
    /// Changes the record if it is there, else creates it.
    Upsert,
}

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Encoding {
    /// By byte-order mark, else UTF-8 where that fits, else GB18030.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// UTF-8.
    #[serde(rename = "utf-8", alias = "utf8", alias = "UTF-8")]
    Utf8,
    /// GB18030, which contains GBK and GB2312.
    #[serde(rename = "gb18030", alias = "gbk", alias = "gb2312", alias = "GB18030", alias = "GBK")]
    Gb18030,
    /// UTF-16; the byte order by its mark, else little end first as Windows writes it.
    #[serde(rename = "utf-16", alias = "utf16", alias = "UTF-16")]
    Utf16,
}

/// Which sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Sheet {
    /// From 1.
    Number(usize),
    /// By its name.
    Name(String),
}

/// What an empty cell does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    /// The field is empty afterwards.
    #[default]
    Clear,
    /// As if the column were not there.
    Keep,
}

/// What becomes of a row that a duplicate rule warns about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// It goes in; rules that block still block.
    #[default]
    Allow,
    /// It is an error.
    Refuse,
}

/// What one column becomes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The field it fills.
    pub field: String,
    /// Texts that stand for other texts; compared with the whole cell.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub replace: IndexMap<String, String>,
    /// What an empty cell does.
    #[serde(default)]
    pub empty: Empty,
    /// How dates and times are written, in strftime letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Numbers are multiplied with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Json>,
    /// The field of a lookup's target that the cell is compared with; its title when unset.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// Makes a lookup's target when it is missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create: bool,
    /// Values of a target that is made.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub with: IndexMap<String, Json>,
}

/// A whole mapping.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What the rows become.
    pub object: String,
    /// `upsert` with a key, else `create`, when unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// The fields by which a row finds its record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// How a text file is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// What divides the cells of a text file; found out when unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Which sheet of a workbook; the first when unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Sheet>,
    /// Columns left out on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// What becomes of possible duplicates.
    #[serde(default)]
    pub duplicates: Duplicates,
    /// By heading.
    #[serde(default)]
    pub columns: IndexMap<String, Column>,
    /// Fields that come from no column, or from several.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<String, Json>,
}

/// A mapping that cannot be used, and why.
pub(crate) fn bad(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::bad("bad_mapping", zh, en)
}

impl Mapping {
    /// Reads a mapping file; `place` is its name, for messages.
    ///
    /// # Errors
    /// `bad_mapping` with file and line.
    pub fn from_toml(text: &str, place: &str) -> Result<Self> {
        toml::from_str(text.trim_start_matches('\u{feff}')).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let message = error.message();
            bad(format!("{place}:{line}：映射文件有误：{message}"), format!("{place}:{line}: {message}"))
        })
    }

    /// Reads a mapping sent to the API.
    ///
    /// # Errors
    /// `bad_mapping` naming the part that is wrong.
    pub fn from_json(json: &Json) -> Result<Self> {
        let wrong = |place: &str, error: &serde_json::Error| {
            bad(format!("映射 {place}：{error}"), format!("mapping, {place}: {error}"))
        };
        let Json::Object(map) = json else {
            return Err(bad("mapping 应为对象", "the mapping is an object"));
        };
        let mut rest = map.clone();
        // Column by column, because the parser names no place.
        let mut columns = IndexMap::new();
        match rest.remove("columns") {
            None | Some(Json::Null) => {}
            Some(Json::Object(given)) => {
                for (heading, column) in given {
                    let column =
                        serde_json::from_value(column).map_err(|error| wrong(&format!("columns.{heading}"), &error))?;
                    columns.insert(heading, column);
                }
            }
            Some(_) => return Err(bad("columns 应为对象，以列名为键", "columns is an object with headings as keys")),
        }
        let mut mapping: Self = serde_json::from_value(Json::Object(rest)).map_err(|error| wrong("mapping", &error))?;
        mapping.columns = columns;
        Ok(mapping)
    }

    /// The mode, chosen by the key when the mapping names none.
    pub fn mode(&self) -> Mode {
        self.mode.unwrap_or(if self.key.is_empty() { Mode::Create } else { Mode::Upsert })
    }
}

/// TOML has dates of its own; in a mapping they mean their text.
pub(crate) fn plain(json: &Json) -> Json {
    match json {
        Json::Object(map) => match map.get("$__toml_private_datetime") {
            Some(text) => text.clone(),
            None => json.clone(),
        },
        _ => json.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_mapping_is_the_same_in_both_spellings() {
        let toml = r#"
            object = "opportunity"
            key = ["number"]
            sheet = "Tabelle1"
            encoding = "gbk"
            [columns.value]
            field = "amount"
            scale = 10000
            [columns.owner]
            field = "owner"
            match = "name"
            create = true
            with = { department = "{office}", roles = ["manager"] }
            [values]
            name = "{product}"
            opened_on = 2026-11-21
        "#;
        let from_toml = Mapping::from_toml(toml, "m.toml").expect("a good mapping");
        let json = serde_json::to_value(&from_toml).expect("JSON");
        let from_json = Mapping::from_json(&json).expect("the same mapping");
        assert_eq!(from_toml, from_json);
        assert_eq!(from_json.mode(), Mode::Upsert);
        assert_eq!(from_json.encoding, Encoding::Gb18030);
        assert_eq!(plain(&from_json.values["opened_on"]), json!("2026-11-21"));
    }

    #[test]
    fn mistakes_name_their_place() {
        let error = Mapping::from_toml("object = \"customer\"\n[columns.a]\nfeld = \"name\"\n", "m.toml")
            .expect_err("a bad key");
        assert!(error.to_string().starts_with("m.toml:3: unknown field `feld`"), "{error}");
        let error = Mapping::from_json(&json!({"object": "customer", "columns": {"a": {"field": 3}}}))
            .expect_err("a bad field");
        assert!(error.to_string().contains("columns.a"), "{error}");
        let error = Mapping::from_json(&json!({"objekt": "customer"})).expect_err("a bad key");
        assert!(error.to_string().contains("objekt"), "{error}");
    }
}
