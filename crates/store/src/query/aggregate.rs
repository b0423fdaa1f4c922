//! Groups and measures.

use super::{FieldPath, Query};
use crate::{Dialect, Sql, dialect::Period};
use guanxi_model::{Filter, Kind};

/// A group of an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// By what.
    pub path: FieldPath,
    /// For dates: by which period.
    pub by: Option<Period>,
}

/// A function over the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The sum.
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// How many are there.
    CountOf,
}

/// A measure of an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// How many records.
    Count,
    /// A function of a field.
    Of(Function, FieldPath),
}

impl Query<'_> {
    /// Groups and measures. Columns: one per group, then one per measure (`avg` gives sum and count).
    pub fn aggregate(
        mut self,
        groups: &[Group],
        measures: &[Measure],
        filter: &Filter,
        zone_offset: i64,
        limit: usize,
    ) -> Option<Sql> {
        let mut list = Sql::new(self.dialect);
        let mut columns = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            if index > 0 {
                list.push(", ");
            }
            let (alias, field) = self.reach(&group.path)?;
            let kind = field.storage();
            match group.by {
                Some(period) => {
                    self.dialect.period(&mut list, &alias, &field.name, kind, period, zone_offset);
                    columns.push(Kind::Text);
                }
                None => {
                    list.column(&alias, &field.name);
                    columns.push(kind);
                }
            }
        }
        for (index, measure) in measures.iter().enumerate() {
            if index > 0 || !groups.is_empty() {
                list.push(", ");
            }
            match measure {
                Measure::Count => {
                    list.push("COUNT(*)");
                    columns.push(Kind::Int);
                }
                Measure::Of(function, path) => {
                    let (alias, field) = self.reach(path)?;
                    let kind = field.storage();
                    let name = match function {
                        Function::Sum => "SUM",
                        Function::Min => "MIN",
                        Function::Max => "MAX",
                        Function::CountOf => "COUNT",
                    };
                    list.push(name).push("(").column(&alias, &field.name).push(")");
                    columns.push(match (function, kind) {
                        (Function::CountOf, _) => Kind::Int,
                        (Function::Sum, Kind::Int) => {
                            if self.dialect == Dialect::Postgres {
                                list.push("::bigint");
                            }
                            Kind::Int
                        }
                        (_, kind) => kind,
                    });
                }
            }
        }
        let mut condition = Sql::new(self.dialect);
        self.condition(&mut condition, filter);
        let mut sql = self.select(list, condition);
        if !groups.is_empty() {
            let places: Vec<String> = (1..=groups.len()).map(|place| place.to_string()).collect();
            sql.push(&format!(" GROUP BY {0} ORDER BY {0}", places.join(", ")));
        }
        sql.push(&format!(" LIMIT {limit}"));
        sql.returning(columns);
        Some(sql)
    }
}
