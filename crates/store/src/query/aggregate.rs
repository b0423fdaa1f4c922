//! Groups and measures.
//!
//! A scope of several terms is summed up term by term, each row under the first that it is within. `owner = me OR department IN (…)` as
//! one condition makes a database read every row to look whether it is within; an index has the rows of an owner, another those of a
//! department, and where it has all that is asked for besides, the rows themselves are not read at all.

use super::{FieldPath, Life, Query, branches::names_few, filter::scope};
use crate::{Dialect, Sql, dialect::Period, schema};
use guanxi_access::{RowFilter, RowTerm};
use guanxi_model::{Filter, Kind, Operand, Operator, Value};
use std::borrow::Cow;

/// A filter of more choices is not taken apart.
const MAX_WAYS: usize = 4;

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

/// Rows that a sum is made of. No row is in two.
struct Part {
    /// Within any of these terms of the scope and none of those before; the whole scope without them.
    terms: Option<usize>,
    filter: Filter,
}

/// Does an index by department have these rows?
fn by_department(terms: &[RowTerm]) -> bool {
    matches!(terms, [RowTerm::In(_) | RowTerm::Under(_)])
}

impl Query<'_> {
    /// Groups and measures. Columns: one per group, then one per measure (`avg` gives sum and count).
    pub fn aggregate(
        self,
        groups: &[Group],
        measures: &[Measure],
        filter: &Filter,
        zone_offset: i64,
        limit: usize,
    ) -> Option<Sql> {
        let (terms, filter) = self.terms(filter);
        let parts = self.parts(&terms, &filter);
        let sqlite = self.dialect == Dialect::Sqlite;
        // SQLite sorts what does not come in the order of an index; department by department it does.
        let stepwise =
            |part: &Part| sqlite && !groups.is_empty() && part.terms.is_some_and(|place| by_department(&terms[place]));
        let places: Vec<String> = (1..=groups.len()).map(|place| place.to_string()).collect();
        let places = places.join(", ");
        let direct = match parts.as_slice() {
            [one] => groups.iter().all(|group| group.by.is_none()) && !stepwise(one),
            _ => false,
        };
        let mut all = Sql::new(self.dialect);
        let mut columns = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let mut query = Self::new(self.catalogue, self.object, self.scopes, self.dialect).life(self.life);
            if sqlite {
                query.index = match part.terms.map(|place| terms[place].as_slice()) {
                    None => query.index_of_owners(groups, measures, &part.filter),
                    // That a row is of one of the departments before, that index tells without the row.
                    Some(these) if by_department(these) || these.iter().any(is_via) => {
                        query.index_of_departments(&part.filter)
                    }
                    Some(_) => None,
                };
            }
            let (list, kinds) = query.measured(groups, measures, zone_offset)?;
            let mut condition = Sql::new(self.dialect);
            query.within(&mut condition, part.terms.map(|last| &terms[..=last]));
            query.matching(&mut condition, &part.filter);
            all.push(if index > 0 { " UNION ALL " } else { "" }).append(query.select(list, condition));
            if !groups.is_empty() && !direct {
                all.push(if stepwise(part) { " GROUP BY t.department, " } else { " GROUP BY " }).push(&places);
            }
            columns = kinds;
        }
        let mut sql = if direct { all } else { self.summed(&all, &mut columns, groups, measures) };
        sql.returning(columns);
        if !groups.is_empty() {
            sql.push(&format!(" GROUP BY {places} ORDER BY {places}"));
        }
        sql.push(&format!(" LIMIT {limit}"));
        Some(sql)
    }

    /// The groups and measures as a list, named `c1`, `c2`, …, and the kinds of its columns. What is grouped by a period is so by day,
    /// which takes a division; what the period is called takes much longer, and is asked once for each day.
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
            let kind = field.storage();
            if group.by.is_some() && kind == Kind::Instant {
                self.dialect.day_of(&mut list, &alias, &field.name, zone_offset);
            } else {
                list.column(&alias, &field.name);
            }
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

    /// The terms of the scope in the order in which they are summed up, some together, none where that is not the better way; and what
    /// is left to compare.
    fn terms<'f>(&self, filter: &'f Filter) -> (Vec<Vec<RowTerm>>, Cow<'f, Filter>) {
        let whole = (Vec::new(), Cow::Borrowed(filter));
        let RowFilter::Any(terms) = self.scopes.rows(self.object) else { return whole };
        if self.life != Life::Living {
            return whole;
        }
        // Whoever asks for a department that is wholly his is within the scope by that alone.
        if let Some((term, left)) = terms.iter().find_map(|term| narrowed(filter, term)) {
            return (vec![vec![term]], Cow::Owned(left));
        }
        if names_few(self.object, filter, "") {
            return whole;
        }
        let (mut groups, rest): (Vec<Vec<RowTerm>>, Vec<Vec<RowTerm>>) =
            terms.into_iter().map(|term| vec![term]).partition(|term| by_department(term));
        if rest.iter().flatten().any(is_via) {
            // What another record decides is looked at row by row in any case, if the department does not.
            if groups.is_empty() {
                return whole;
            }
            groups.push(rest.concat());
        } else {
            let (owner, others): (Vec<_>, Vec<_>) =
                rest.into_iter().partition(|term| matches!(term.as_slice(), [RowTerm::Owner(_)]));
            groups.extend(owner);
            groups.extend(others);
        }
        (groups, Cow::Borrowed(filter))
    }

    /// What is summed up: the rows of each term, and of each way to match.
    fn parts(&self, terms: &[Vec<RowTerm>], filter: &Filter) -> Vec<Part> {
        let scopes = if terms.is_empty() { vec![None] } else { (0..terms.len()).map(Some).collect() };
        let ways = |these: Option<usize>| {
            let first = match these.map(|place| terms[place].as_slice()) {
                Some([RowTerm::In(_) | RowTerm::Under(_)]) => "department",
                Some([RowTerm::Owner(_)]) => "owner",
                None if compared(filter, "owner") == Some(Compared::Equal) => "owner",
                _ => return vec![filter.clone()],
            };
            self.ways(first, filter)
        };
        scopes.into_iter().flat_map(|terms| ways(terms).into_iter().map(move |filter| Part { terms, filter })).collect()
    }

    /// A filter as several of which no record matches two, where an index that begins with a field has more of each than of the whole:
    /// `due today, or overdue` are two ranges of it, but one walk over all that is due.
    fn ways(&self, first: &str, filter: &Filter) -> Vec<Filter> {
        let whole = vec![filter.clone()];
        let Filter::And(parts) = filter else { return whole };
        let (choices, rest): (Vec<&Filter>, Vec<&Filter>) =
            parts.iter().partition(|part| matches!(part, Filter::Or(_)));
        let [Filter::Or(choices)] = choices.as_slice() else { return whole };
        let longest = |filter: &Filter| self.indexes_of(first, filter).map(|(length, _)| length).max().unwrap_or(0);
        let with = |more: &[Filter]| Filter::And(rest.iter().copied().chain(more).cloned().collect());
        let known = longest(&with(&[]));
        if choices.len() > MAX_WAYS || choices.iter().any(|one| longest(&with(std::slice::from_ref(one))) <= known) {
            return whole;
        }
        let way = |(place, one): (usize, &Filter)| {
            let earlier = choices[..place].iter().map(|before| Filter::Not(Box::new(before.clone())));
            with(&std::iter::once(one.clone()).chain(earlier).collect::<Vec<_>>())
        };
        choices.iter().enumerate().map(way).collect()
    }

    /// The rows of the last of these that are within none before; of the whole scope without any.
    fn within(&self, condition: &mut Sql, terms: Option<&[Vec<RowTerm>]>) {
        self.living(condition);
        let Some((last, earlier)) = terms.and_then(<[Vec<RowTerm>]>::split_last) else {
            let rows = self.scopes.rows(self.object);
            if rows != RowFilter::All {
                condition.push(" AND ");
                scope(condition, &rows, "t", 0);
            }
            return;
        };
        if !earlier.is_empty() {
            condition.push(" AND NOT COALESCE(");
            scope(condition, &RowFilter::Any(earlier.concat()), "t", 0);
            condition.push(match self.dialect {
                Dialect::Sqlite => ", 0)",
                Dialect::Postgres => ", FALSE)",
            });
        }
        condition.push(" AND ");
        scope(condition, &RowFilter::Any(last.clone()), "t", 0);
    }

    /// The sums of all parts, not yet grouped, each group called by its period.
    fn summed(&self, parts: &Sql, columns: &mut [Kind], groups: &[Group], measures: &[Measure]) -> Sql {
        let mut sql = Sql::new(self.dialect);
        sql.push("SELECT ");
        for (index, kind) in columns.iter_mut().enumerate() {
            sql.push(if index > 0 { ", " } else { "" });
            let column = format!("c{}", index + 1);
            if let Some(group) = groups.get(index) {
                match group.by {
                    Some(period) => {
                        self.dialect.period(&mut sql, &column, *kind, period);
                        *kind = Kind::Text;
                    }
                    None => {
                        sql.push(&column);
                    }
                }
                continue;
            }
            let function = match measures.get(index - groups.len()) {
                Some(Measure::Of(function @ (Function::Min | Function::Max), _)) => *function,
                _ => Function::Sum,
            };
            sql.push(function.name()).push("(").push(&column).push(")");
            whole(&mut sql, function, *kind);
        }
        sql.push(" FROM (").append(parts.clone()).push(") p");
        sql
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

/// Does another record decide?
fn is_via(term: &RowTerm) -> bool {
    matches!(term, RowTerm::Via { .. })
}

/// PostgreSQL's sum of whole numbers is none.
fn whole(sql: &mut Sql, function: Function, kind: Kind) {
    if function == Function::Sum && kind == Kind::Int && sql.dialect == Dialect::Postgres {
        sql.push("::bigint");
    }
}

/// Where a filter asks for a department that is wholly within a term: the term of that department, and what else is compared.
fn narrowed(filter: &Filter, term: &RowTerm) -> Option<(RowTerm, Filter)> {
    match filter {
        Filter::And(parts) => parts.iter().enumerate().find_map(|(place, part)| {
            let (term, left) = narrowed(part, term)?;
            let mut parts = parts.clone();
            match left {
                Filter::And(none) if none.is_empty() => drop(parts.remove(place)),
                left => parts[place] = left,
            }
            Some((term, Filter::And(parts)))
        }),
        Filter::Is(condition) if condition.via.is_empty() && condition.field == "department" => {
            let Operand::One(Value::Id(asked)) = &condition.operand else { return None };
            let within = match (term, condition.operator) {
                (RowTerm::Under(under), Operator::Under) if under.contains(asked) => RowTerm::Under(vec![*asked]),
                (RowTerm::Under(these) | RowTerm::In(these), Operator::Eq) if these.contains(asked) => {
                    RowTerm::In(vec![*asked])
                }
                _ => return None,
            };
            Some((within, Filter::And(Vec::new())))
        }
        _ => None,
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
            Operator::Eq | Operator::In | Operator::IsNull => Some(Compared::Equal),
            Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => Some(Compared::Range),
            _ => matches!(condition.operand, Operand::Closed(..) | Operand::HalfOpen(..)).then_some(Compared::Range),
        },
        _ => None,
    }
}
