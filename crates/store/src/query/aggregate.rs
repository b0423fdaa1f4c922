//! Groups and measures.
//!
//! A scope of several terms is summed up term by term, each row under the first that it is within. `owner = me OR department IN (…)` as
//! one condition makes a database read every row to look whether it is within; an index has the rows of an owner, another those of a
//! department, and where it has all that is asked for besides, the rows themselves are not read at all.

use super::{FieldPath, Life, Query, branches::names_few, filter::term};
use crate::{Dialect, Sql, dialect::Period, schema};
use guanxi_access::{RowFilter, RowTerm};
use guanxi_model::{Filter, Kind, Operand, Operator, Value};

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
        let places: Vec<String> = (1..=groups.len()).map(|place| place.to_string()).collect();
        let places = places.join(", ");
        let mut sql = match self.terms(filter) {
            None => {
                if self.dialect == Dialect::Sqlite {
                    self.index = self.index_of_owners(groups, measures, filter);
                }
                let (list, columns) = self.measured(groups, measures, zone_offset)?;
                let mut condition = Sql::new(self.dialect);
                self.condition(&mut condition, filter);
                let mut sql = self.select(list, condition);
                sql.returning(columns);
                sql
            }
            Some(terms) => self.summed(&terms, groups, measures, filter, zone_offset)?,
        };
        if !groups.is_empty() {
            sql.push(&format!(" GROUP BY {places} ORDER BY {places}"));
        }
        sql.push(&format!(" LIMIT {limit}"));
        Some(sql)
    }

    /// The groups and measures as a list, named `c1`, `c2`, …, and the kinds of its columns.
    fn measured(&mut self, groups: &[Group], measures: &[Measure], zone_offset: i64) -> Option<(Sql, Vec<Kind>)> {
        let mut list = Sql::new(self.dialect);
        let mut columns = Vec::new();
        let named = |list: &mut Sql, columns: &mut Vec<Kind>, kind: Kind| {
            columns.push(kind);
            list.push(&format!(" AS c{}", columns.len()));
        };
        for group in groups {
            list.push(if columns.is_empty() { "" } else { ", " });
            let (alias, field) = self.reach(&group.path)?;
            let kind = match group.by {
                Some(period) => {
                    self.dialect.period(&mut list, &alias, &field.name, field.storage(), period, zone_offset);
                    Kind::Text
                }
                None => {
                    list.column(&alias, &field.name);
                    field.storage()
                }
            };
            named(&mut list, &mut columns, kind);
        }
        for measure in measures {
            list.push(if columns.is_empty() { "" } else { ", " });
            let kind = match measure {
                Measure::Count => {
                    list.push("COUNT(*)");
                    Kind::Int
                }
                Measure::Of(function, path) => {
                    let (alias, field) = self.reach(path)?;
                    list.push(function.name()).push("(").column(&alias, &field.name).push(")");
                    let kind = if *function == Function::CountOf { Kind::Int } else { field.storage() };
                    whole(&mut list, *function, kind);
                    kind
                }
            };
            named(&mut list, &mut columns, kind);
        }
        Some((list, columns))
    }

    /// The terms of the scope in the order in which they are summed up; nothing where that is not the better way.
    fn terms(&self, filter: &Filter) -> Option<Vec<RowTerm>> {
        let RowFilter::Any(mut terms) = self.scopes.rows(self.object) else { return None };
        // Whoever asks for a department that is wholly his is within the scope by that alone.
        if self.life == Life::Living
            && let Some(place) = terms.iter().position(|term| asks_within(filter, term))
        {
            return Some(vec![terms.swap_remove(place)]);
        }
        // What another record decides is looked at row by row in any case.
        let apart = !terms.is_empty() && !terms.iter().any(|term| matches!(term, RowTerm::Via { .. }));
        if !apart || self.life != Life::Living || names_few(self.object, filter, "") {
            return None;
        }
        terms.sort_by_key(|term| match term {
            RowTerm::In(_) | RowTerm::Under(_) => 0,
            RowTerm::Owner(_) => 1,
            _ => 2,
        });
        Some(terms)
    }

    /// The sums of all terms, not yet grouped.
    fn summed(
        &self,
        terms: &[RowTerm],
        groups: &[Group],
        measures: &[Measure],
        filter: &Filter,
        zone_offset: i64,
    ) -> Option<Sql> {
        let mut parts = Sql::new(self.dialect);
        let mut columns = Vec::new();
        for (index, one) in terms.iter().enumerate() {
            let mut query = Self::new(self.catalogue, self.object, self.scopes, self.dialect).life(self.life);
            let (list, kinds) = query.measured(groups, measures, zone_offset)?;
            let mut condition = Sql::new(self.dialect);
            query.living(&mut condition);
            condition.push(" AND ");
            term(&mut condition, one, "t", 0);
            if index > 0 {
                condition.push(" AND NOT COALESCE((");
                for (place, before) in terms[..index].iter().enumerate() {
                    condition.push(if place > 0 { " OR " } else { "" });
                    term(&mut condition, before, "t", 0);
                }
                condition.push(match self.dialect {
                    Dialect::Sqlite => "), 0)",
                    Dialect::Postgres => "), FALSE)",
                });
            }
            query.matching(&mut condition, filter);
            let departments = matches!(one, RowTerm::In(_) | RowTerm::Under(_));
            let sqlite = self.dialect == Dialect::Sqlite;
            if departments && sqlite {
                query.index = self.index_of_departments(filter);
            }
            parts.push(if index > 0 { " UNION ALL " } else { "" }).append(query.select(list, condition));
            if !groups.is_empty() {
                // SQLite sorts what does not come in the order of an index; department by department it does.
                parts.push(if departments && sqlite { " GROUP BY t.department" } else { " GROUP BY " });
                let first = if departments && sqlite { ", " } else { "" };
                let places: Vec<String> = (1..=groups.len()).map(|place| place.to_string()).collect();
                parts.push(first).push(&places.join(", "));
            }
            columns = kinds;
        }
        let mut sql = Sql::new(self.dialect);
        sql.push("SELECT ");
        for (index, kind) in columns.iter().enumerate() {
            sql.push(if index > 0 { ", " } else { "" });
            let column = format!("c{}", index + 1);
            let Some(measure) = index.checked_sub(groups.len()).and_then(|index| measures.get(index)) else {
                sql.push(&column);
                continue;
            };
            let function = match measure {
                Measure::Of(function @ (Function::Min | Function::Max), _) => *function,
                _ => Function::Sum,
            };
            sql.push(function.name()).push("(").push(&column).push(")");
            whole(&mut sql, function, *kind);
        }
        sql.push(" FROM (").append(parts).push(") p");
        sql.returning(columns);
        Some(sql)
    }

    /// The index that has a department and most of what is compared. SQLite counts nothing beforehand, and would take one that has what
    /// is compared for the whole company.
    fn index_of_departments(&self, filter: &Filter) -> Option<String> {
        let (length, index) = self.indexes_of("department", filter).max_by_key(|(length, _)| *length)?;
        (length > 0).then(|| schema::index_name(&self.object.name, false, index))
    }

    /// The index that has what is asked of owners, and their departments. Of several that begin with an owner SQLite would take any.
    fn index_of_owners(&self, groups: &[Group], measures: &[Measure], filter: &Filter) -> Option<String> {
        let few = names_few(self.object, filter, "owner");
        if self.life != Life::Living || compared(filter, "owner") != Some(Compared::Equal) || few {
            return None;
        }
        let mut asked: Vec<&str> = vec!["department"];
        asked.extend(groups.iter().map(|group| group.path.first()));
        asked.extend(measures.iter().filter_map(|measure| match measure {
            Measure::Count => None,
            Measure::Of(_, path) => Some(path.first()),
        }));
        fields_of(filter, &mut asked);
        let all = self.indexes_of("owner", filter);
        let whole = all.filter(|(_, index)| asked.iter().all(|field| index.iter().any(|known| known == field)));
        let (_, index) = whole.max_by_key(|(length, _)| *length)?;
        Some(schema::index_name(&self.object.name, false, index))
    }

    /// The indexes that begin with a field, and how much of what is compared follows it.
    fn indexes_of<'f>(&'f self, first: &'f str, filter: &'f Filter) -> impl Iterator<Item = (usize, &'f [String])> {
        let length = |fields: &[String]| {
            let mut length = 0;
            for field in fields {
                match compared(filter, field) {
                    None => break,
                    Some(Compared::Equal) => length += 1,
                    Some(Compared::Range) => return length + 1,
                }
            }
            length
        };
        self.object.indexes.iter().rev().filter_map(move |index| match index.fields.split_first() {
            Some((begins, rest)) if begins == first => Some((length(rest), index.fields.as_slice())),
            _ => None,
        })
    }
}

impl Function {
    fn name(self) -> &'static str {
        match self {
            Self::Sum => "SUM",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::CountOf => "COUNT",
        }
    }
}

/// PostgreSQL's sum of whole numbers is none.
fn whole(sql: &mut Sql, function: Function, kind: Kind) {
    if function == Function::Sum && kind == Kind::Int && sql.dialect == Dialect::Postgres {
        sql.push("::bigint");
    }
}

/// Is every match in a department of this term?
fn asks_within(filter: &Filter, term: &RowTerm) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().any(|part| asks_within(part, term)),
        Filter::Is(condition) if condition.via.is_empty() && condition.field == "department" => {
            let Operand::One(Value::Id(asked)) = &condition.operand else { return false };
            match (term, condition.operator) {
                (RowTerm::Under(under), Operator::Under | Operator::Eq) => under.contains(asked),
                (RowTerm::In(these), Operator::Eq) => these.contains(asked),
                _ => false,
            }
        }
        _ => false,
    }
}

/// The fields of the object itself that a filter looks at.
fn fields_of<'f>(filter: &'f Filter, into: &mut Vec<&'f str>) {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().for_each(|part| fields_of(part, into)),
        Filter::Not(inner) => fields_of(inner, into),
        Filter::Is(condition) => into.push(condition.via.first().unwrap_or(&condition.field)),
    }
}

/// How a filter narrows a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// To one value, or some.
    Equal,
    /// To what lies between two, or on one side.
    Range,
}

/// How every match of the filter is narrowed in a field of the object itself.
fn compared(filter: &Filter, field: &str) -> Option<Compared> {
    match filter {
        Filter::And(parts) => parts.iter().find_map(|part| compared(part, field)),
        Filter::Is(condition) if condition.via.is_empty() && condition.field == field => match condition.operator {
            Operator::Eq | Operator::In => Some(Compared::Equal),
            Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => Some(Compared::Range),
            _ => matches!(condition.operand, Operand::Closed(..) | Operand::HalfOpen(..)).then_some(Compared::Range),
        },
        _ => None,
    }
}
