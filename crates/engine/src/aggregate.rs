//! Aggregates: groups and measures over the records a viewer may read.

use crate::{Engine, Error, Result};
use guanxi_access::Viewer;
use guanxi_model::{FieldDef, FieldType, Kind, ObjectDef, Value, formula::round4, json};
use guanxi_store::{
    dialect::Period,
    query::{FieldPath, Function, Group, Measure, Query},
};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

/// What to group by.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum GroupBy {
    /// A field.
    Field(String),
    /// A date by period.
    Period {
        /// The field.
        field: String,
        /// `day`, `week`, `month`, `quarter`, `year`.
        by: String,
    },
}

/// What to measure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureRequest {
    /// `count`, `sum`, `avg`, `min`, `max`.
    #[serde(rename = "fn")]
    pub function: String,
    /// Of which field; none for `count`.
    #[serde(default)]
    pub field: Option<String>,
}

/// An aggregate, as the API takes it.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct AggregateRequest {
    /// Groups in order; none: one row over everything.
    #[serde(default)]
    pub group_by: Vec<GroupBy>,
    /// Measures; at least one.
    pub measures: Vec<MeasureRequest>,
    /// Filter in its JSON form.
    #[serde(default)]
    pub filter: Option<Json>,
    /// Most rows, up to 10,000 (default 1,000).
    #[serde(default)]
    pub limit: Option<usize>,
}

enum Out {
    Plain(String, FieldType),
    Average(String, FieldType),
}

impl Engine {
    /// Computes an aggregate.
    ///
    /// # Errors
    /// Unknown fields, functions that do not fit, sums out of range.
    pub async fn aggregate(
        &self,
        viewer: &Viewer,
        object: &str,
        request: &AggregateRequest,
    ) -> Result<Vec<Map<String, Json>>> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?;
        let filter = self.parse_filter(viewer, &catalogue, definition, request.filter.as_ref())?;
        let bad = |zh: &str, en: &str| Error::bad("bad_aggregate", zh, en);
        if request.group_by.len() > 3 || request.measures.is_empty() || request.measures.len() > 10 {
            return Err(bad("最多 3 个分组、1 到 10 个度量", "at most 3 groups, 1 to 10 measures"));
        }
        let mut groups = Vec::new();
        let mut group_fields = Vec::new();
        for group in &request.group_by {
            let (name, by) = match group {
                GroupBy::Field(name) => (name, None),
                GroupBy::Period { field, by } => (
                    field,
                    Some(Period::parse(by).ok_or_else(|| {
                        bad("by 应为 day、week、month、quarter 或 year", "by is day, week, month, quarter or year")
                    })?),
                ),
            };
            let (path, field) = self.readable_path(viewer, &catalogue, definition, name)?;
            let is_date = matches!(field.storage(), Kind::Date | Kind::Instant);
            if !field.groupable() || (by.is_some() && !is_date) {
                return Err(bad(
                    &format!("不能按“{}”分组", field.label.zh),
                    &format!("cannot group by “{}”", field.label.en),
                ));
            }
            groups.push(Group { path, by });
            group_fields.push((name.clone(), field, by));
        }
        let mut measures = Vec::new();
        let mut outs = Vec::new();
        for measure in &request.measures {
            let Some(name) = &measure.field else {
                if measure.function != "count" {
                    return Err(bad("这个度量需要字段", "this measure needs a field"));
                }
                measures.push(Measure::Count);
                outs.push(Out::Plain("count".into(), FieldType::Integer));
                continue;
            };
            let (path, field) = self.readable_path(viewer, &catalogue, definition, name)?;
            let key = format!("{}_{}", measure.function, name.replace('.', "_"));
            let number = matches!(field.storage(), Kind::Int | Kind::Decimal);
            let ordered = number || matches!(field.storage(), Kind::Date | Kind::Instant);
            let function = match measure.function.as_str() {
                "count" => Function::CountOf,
                "sum" | "avg" if number => Function::Sum,
                "min" if ordered => Function::Min,
                "max" if ordered => Function::Max,
                _ => {
                    return Err(bad(
                        &format!("“{}”不能这样计算", field.label.zh),
                        &format!("“{}” cannot be measured like this", field.label.en),
                    ));
                }
            };
            measures.push(Measure::Of(function, path.clone()));
            if measure.function == "avg" {
                measures.push(Measure::Of(Function::CountOf, path));
                outs.push(Out::Average(key, field.effective()));
            } else {
                outs.push(Out::Plain(
                    key,
                    if function == Function::CountOf { FieldType::Integer } else { field.effective() },
                ));
            }
        }
        let watch = self.watch_currencies(definition, request, &group_fields, &mut measures);
        let limit = request.limit.unwrap_or(1000).clamp(1, 10_000);
        let offset = i64::from(self.settings().zone.to_offset(self.now()).seconds());
        let sql = {
            let scopes = self.sight(&catalogue, viewer);
            Query::new(&catalogue, definition, &scopes, self.inner.database.dialect())
                .aggregate(&groups, &measures, &filter, offset, limit)
                .ok_or(Error::NotFound)?
        };
        let rows = self.inner.database.read(sql).await?;
        let cells = rows
            .iter()
            .flat_map(|row| group_fields.iter().zip(row).map(|((_, field, _), value)| (*field, value)))
            .collect();
        let titles = self.titles_for(viewer, &catalogue, cells).await?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let mut item = Map::with_capacity(row.len());
            let mut values = row.into_iter();
            for (name, field, by) in &group_fields {
                let value = values.next().unwrap_or_default();
                let shown = match by {
                    Some(_) => value.as_text().map_or(Json::Null, |text| json!(text)),
                    None => titles.value(field, &value),
                };
                item.insert(name.clone(), shown);
            }
            if watch {
                // The last two columns are the smallest and the largest currency of the group.
                let mut rest: Vec<Value> = values.by_ref().collect();
                if rest.pop() != rest.pop() {
                    return Err(bad(
                        "金额有多种币种，请按币种（currency）分组",
                        "the amounts are in several currencies; group by currency",
                    ));
                }
                values = rest.into_iter();
            }
            for measure in &outs {
                let value = values.next().unwrap_or_default();
                match measure {
                    Out::Plain(name, kind) => {
                        item.insert(name.clone(), measured(&value, *kind));
                    }
                    Out::Average(name, kind) => {
                        let count = values.next().and_then(|count| count.as_decimal()).unwrap_or_default();
                        let average = value
                            .as_decimal()
                            .filter(|_| !count.is_zero())
                            .map(|sum| json::decimal_text(round4(sum / count), *kind));
                        item.insert(name.clone(), json!(average));
                    }
                }
            }
            out.push(item);
        }
        Ok(out)
    }

    /// Sums of money over several currencies mean nothing: unless grouped by it, the currency is looked at too.
    fn watch_currencies(
        &self,
        object: &ObjectDef,
        request: &AggregateRequest,
        groups: &[(String, &FieldDef, Option<Period>)],
        measures: &mut Vec<Measure>,
    ) -> bool {
        let is_money = |name: &Option<String>| {
            name.as_ref().and_then(|name| object.field(name)).is_some_and(|field| field.effective() == FieldType::Money)
        };
        let summed = request.measures.iter().any(|measure| is_money(&measure.field));
        if !summed || groups.iter().any(|(name, _, _)| name == "currency") {
            return false;
        }
        let path = FieldPath::of("currency");
        measures.push(Measure::Of(Function::Min, path.clone()));
        measures.push(Measure::Of(Function::Max, path));
        true
    }
}

fn measured(value: &Value, kind: FieldType) -> Json {
    match value {
        Value::Int(number) => json!(number),
        Value::Decimal(number) => json!(json::decimal_text(*number, kind)),
        // A sum over nothing is nothing; for money people expect a zero.
        Value::Null if kind == FieldType::Money => json!(json::decimal_text(Decimal::ZERO, kind)),
        Value::Date(date) => json!(date.to_string()),
        Value::Instant(moment) => json!(moment.to_string()),
        _ => Json::Null,
    }
}
