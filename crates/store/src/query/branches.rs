//! A page of records within a scope of several terms, read as one branch per term.
//!
//! `owner = me OR department IN (…)` in the order of a third column leaves a database only two ways: to read everything that
//! is in scope and sort it, or to walk the whole table in that order until enough is in scope. Either is slow for somebody.
//! A branch for each owner and each department follows an index that has both, where there is one, and gives its first
//! records; the first of them all are the page. Where a filter names a record (the contacts of one customer), that decides
//! more than any scope.

use super::{
    Life, Query, SortKey, Start,
    filter::term,
    order::{Ordered, keyset, order_by},
};
use crate::{Dialect, Sql};
use guanxi_access::{RowFilter, RowTerm};
use guanxi_model::{FieldDef, Filter, Kind, ObjectDef, Operand, Operator, Value};
use uuid::Uuid;

/// More branches than this cost more than they save.
const MAX_BRANCHES: usize = 32;

/// One branch of a scope.
enum Branch<'r> {
    /// The rows of a term.
    Term(&'r RowTerm),
    /// The rows of one department, as long as it is below these.
    Department(Uuid, &'r [Uuid]),
    /// The rows of each department below these, one after the other.
    Tree(&'r [Uuid]),
}

impl Query<'_> {
    /// The ids of the first records of a page, where reading them by branches is the better way.
    pub(super) fn branches(&self, filter: &Filter, sort: &[SortKey], start: &Start, limit: usize) -> Option<Sql> {
        let rows = self.scopes.rows(self.object);
        let RowFilter::Any(terms) = &rows else { return None };
        let [SortKey { path, .. }] = sort else { return None };
        let ready = |column: &str| path.via.is_empty() && self.has_index(column, &path.field);
        if self.life != Life::Living || names_few(self.object, filter, "") {
            return None;
        }
        let mut branches = Vec::new();
        for term in terms {
            let column = match term {
                RowTerm::Owner(_) => "owner",
                RowTerm::In(_) | RowTerm::Under(_) => "department",
                // Teams are small; for what matches, the database finds the way.
                RowTerm::Shared { .. } | RowTerm::Matching { .. } => {
                    branches.push(Branch::Term(term));
                    continue;
                }
                // No index has what another record decides.
                RowTerm::Via { .. } => return None,
            };
            if !ready(column) {
                return None;
            }
            match (term, self.dialect) {
                (RowTerm::In(departments), _) => {
                    branches.extend(departments.iter().map(|department| Branch::Department(*department, &[])));
                }
                (RowTerm::Under(above), Dialect::Postgres) => branches.push(Branch::Tree(above)),
                (RowTerm::Under(above), Dialect::Sqlite) => {
                    let tree = &self.hints?.tree;
                    let mut below: Vec<Uuid> = above.iter().filter_map(|id| tree.get(id)).flatten().copied().collect();
                    below.sort_unstable();
                    below.dedup();
                    branches.extend(below.into_iter().map(|department| Branch::Department(department, above)));
                }
                (term, _) => branches.push(Branch::Term(term)),
            }
        }
        let simple = matches!(branches.as_slice(), [] | [Branch::Term(_)]);
        if simple || branches.len() > MAX_BRANCHES {
            return None;
        }
        let mut sql = Sql::new(self.dialect);
        for (index, branch) in branches.iter().enumerate() {
            sql.push(if index > 0 { " UNION " } else { "" }).push("SELECT id FROM (");
            sql.append(self.branch(branch, filter, sort, start, limit));
            sql.push(&format!(") b{index}"));
        }
        Some(sql)
    }

    /// Does an index begin with this column and go on in the order of that field?
    fn has_index(&self, column: &str, field: &str) -> bool {
        // Every object with an owner has those by which lists are sorted at first.
        field == "updated_at"
            || self.object.indexes.iter().any(|index| index.fields.starts_with(&[column.to_owned(), field.to_owned()]))
    }

    fn branch(&self, branch: &Branch<'_>, filter: &Filter, sort: &[SortKey], start: &Start, limit: usize) -> Sql {
        let mut query = Self::new(self.catalogue, self.object, self.scopes, self.dialect).life(self.life);
        let ordered: Vec<Ordered> = sort.iter().filter_map(|key| query.ordered(key)).collect();
        let mut condition = Sql::new(self.dialect);
        query.living(&mut condition);
        condition.push(" AND ");
        match branch {
            // SQLite knows no numbers: it would gather and sort all that matches. The plus keeps it from the index on what is
            // compared, so that it walks in the order of the page.
            Branch::Term(one @ RowTerm::Matching { rule, .. })
                if self.dialect == Dialect::Sqlite && self.hints.is_some_and(|hints| hints.dense.contains(rule)) =>
            {
                term(&mut condition, one, "+t", 0);
            }
            Branch::Term(one) => term(&mut condition, one, "t", 0),
            Branch::Department(department, above) => {
                condition.column("t", "department").push(" = ").bind(*department);
                if !above.is_empty() {
                    // What was remembered of the tree may be a moment old; whose it is, is asked now.
                    condition.push(" AND EXISTS (SELECT 1 FROM _department_tree WHERE ancestor IN (");
                    condition.bind_all(above.iter().copied()).push(") AND descendant = ").bind(*department).push(")");
                }
            }
            Branch::Tree(_) => {
                condition.column("t", "department").push(" = d.descendant");
            }
        }
        query.matching(&mut condition, filter);
        keyset(&mut condition, &ordered, start, ordered.first().is_some_and(|key| key.descending));
        let mut list = Sql::new(self.dialect);
        list.push("t.id");
        let mut sql = query.select(list, condition);
        order_by(&mut sql, &ordered, limit);
        let Branch::Tree(above) = branch else { return sql };
        let mut each = Sql::new(self.dialect);
        each.push("SELECT x.id FROM _department_tree d CROSS JOIN LATERAL (");
        each.append(sql);
        each.push(") x WHERE d.ancestor IN (").bind_all(above.iter().copied()).push(")");
        each
    }
}

/// How many records match a term, counted up to a limit, as a statement.
pub fn matching_up_to(dialect: Dialect, object: &ObjectDef, one: &RowTerm, limit: usize) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT COUNT(*) FROM (SELECT 1 FROM ").ident(&object.name).push(" t WHERE t.deleted_at IS NULL AND ");
    term(&mut sql, one, "t", 0);
    sql.push(&format!(" LIMIT {limit}) m"));
    sql.returning([Kind::Int]);
    sql
}

/// How many of the newest records match a term, as a statement.
pub fn newest_matching(dialect: Dialect, object: &ObjectDef, one: &RowTerm, newest: usize) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT COUNT(*) FROM (SELECT t.* FROM ").ident(&object.name).push(" t WHERE t.deleted_at IS NULL");
    sql.push(" ORDER BY t.updated_at ")
        .push(dialect.order(true))
        .push(&format!(", t.id DESC LIMIT {newest}) t WHERE "));
    term(&mut sql, one, "t", 0);
    sql.returning([Kind::Int]);
    sql
}

/// Must every match have a certain value in a lookup, or in a field of which no two records have the same, other than this one?
pub(super) fn names_few(object: &ObjectDef, filter: &Filter, besides: &str) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().any(|part| names_few(object, part, besides)),
        Filter::Is(condition) => {
            let equal = matches!(condition.operator, Operator::Eq | Operator::In) && condition.via.is_empty();
            let unique = || object.field(&condition.field).is_some_and(FieldDef::names_one);
            let id = |value: &Value| matches!(value, Value::Id(_)) || unique();
            equal
                && condition.field != besides
                && match &condition.operand {
                    Operand::One(value) => id(value),
                    Operand::Many(values) => values.iter().all(id),
                    _ => false,
                }
        }
        _ => false,
    }
}
