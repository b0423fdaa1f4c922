//! Conditions: filters and row scopes.

use super::{FieldPath, Query};
use crate::{Dialect, Sql};
use guanxi_access::{RowFilter, RowTerm};
use guanxi_model::{Condition, FieldDef, Filter, Kind, ObjectDef, Operand, Operator, Value, field::FieldType, regions};

impl Query<'_> {
    pub(super) fn filter(&mut self, sql: &mut Sql, filter: &Filter) {
        tree(sql, filter, &mut |sql, condition| {
            let path = FieldPath { via: condition.via.clone(), field: condition.field.clone(), mask: None };
            match self.reach(&path) {
                Some((alias, field)) => comparison(sql, &alias, field, condition),
                None => {
                    sql.push("1 = 0");
                }
            }
        });
    }
}

/// A filter, its conditions written by `write`.
fn tree(sql: &mut Sql, filter: &Filter, write: &mut impl FnMut(&mut Sql, &Condition)) {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            let (word, empty) = if matches!(filter, Filter::And(_)) { (" AND ", "1 = 1") } else { (" OR ", "1 = 0") };
            sql.push("(");
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    sql.push(word);
                }
                tree(sql, part, write);
            }
            sql.push(if parts.is_empty() { empty } else { "" }).push(")");
        }
        // A comparison with null is unknown in SQL; "not" must turn it into true.
        Filter::Not(inner) => {
            sql.push("NOT COALESCE((");
            tree(sql, inner, write);
            let no = if sql.dialect == Dialect::Postgres { "FALSE" } else { "0" };
            sql.push("), ").push(no).push(")");
        }
        Filter::Is(condition) => write(sql, condition),
    }
}

fn comparison(sql: &mut Sql, alias: &str, field: &FieldDef, condition: &Condition) {
    let dialect = sql.dialect;
    let column = field.name.as_str();
    let simple = |sql: &mut Sql, operator: &str, value: &Value| {
        sql.column(alias, column).push(operator).bind(value.clone());
    };
    sql.push("(");
    match (condition.operator, &condition.operand) {
        (Operator::IsNull, _) => {
            sql.column(alias, column).push(" IS NULL");
        }
        (Operator::NotNull, _) => {
            sql.column(alias, column).push(" IS NOT NULL");
        }
        (Operator::Eq, Operand::One(value)) => simple(sql, " = ", value),
        (Operator::Ne, Operand::One(value)) => {
            simple(sql, " <> ", value);
            sql.push(" OR ").column(alias, column).push(" IS NULL");
        }
        (Operator::Lt, Operand::One(value)) => simple(sql, " < ", value),
        (Operator::Le, Operand::One(value)) => simple(sql, " <= ", value),
        (Operator::Gt, Operand::One(value)) => simple(sql, " > ", value),
        (Operator::Ge, Operand::One(value)) => simple(sql, " >= ", value),
        (Operator::In, Operand::Many(values)) if !values.is_empty() => {
            sql.column(alias, column).push(" IN (").bind_all(values.iter().cloned()).push(")");
        }
        (Operator::NotIn, Operand::Many(values)) if !values.is_empty() => {
            sql.column(alias, column).push(" NOT IN (").bind_all(values.iter().cloned()).push(") OR ");
            sql.column(alias, column).push(" IS NULL");
        }
        (Operator::NotIn, Operand::Many(_)) => {
            sql.push("1 = 1");
        }
        (Operator::Contains, Operand::One(Value::Text(part))) if field.storage() == Kind::Text => {
            dialect.contains(sql, alias, column, part);
        }
        // Kept where an index finds them.
        (Operator::Contains, Operand::One(Value::Id(user))) if field.readers => {
            let key = field.readers_key(&condition.object);
            dialect.among(sql, alias, "id", |sql| {
                sql.push("SELECT record FROM _shares WHERE user_id = ").bind(*user).push(" AND object = ").bind(key);
            });
        }
        (Operator::Contains, Operand::One(member)) => dialect.has_member(sql, alias, column, member),
        (Operator::StartsWith, Operand::One(Value::Text(part))) => starts_with(sql, alias, column, part),
        (Operator::Under, Operand::One(value)) => under(sql, alias, field, value),
        (_, Operand::Closed(from, to)) => {
            simple(sql, " >= ", from);
            sql.push(" AND ");
            simple(sql, " <= ", to);
        }
        (_, Operand::HalfOpen(from, to)) => {
            simple(sql, " >= ", from);
            sql.push(" AND ");
            simple(sql, " < ", to);
        }
        _ => {
            sql.push("1 = 0");
        }
    }
    sql.push(")");
}

fn under(sql: &mut Sql, alias: &str, field: &FieldDef, value: &Value) {
    match (field.effective(), value) {
        (FieldType::Region, Value::Text(code)) => {
            for (index, prefix) in regions::under_prefixes(code).into_iter().enumerate() {
                sql.push(if index > 0 { " OR " } else { "" });
                starts_with(sql, alias, &field.name, prefix);
            }
        }
        (FieldType::Department, value) => {
            sql.column(alias, &field.name);
            sql.push(" IN (SELECT descendant FROM _department_tree WHERE ancestor = ").bind(value.clone()).push(")");
        }
        (_, value) => {
            let target = field.target().unwrap_or_default();
            sql.column(alias, &field.name).push(" IN (WITH RECURSIVE below(id) AS (SELECT id FROM ").ident(target);
            sql.push(" WHERE id = ").bind(value.clone()).push(" UNION SELECT c.id FROM ").ident(target);
            sql.push(" c JOIN below ON c.parent = below.id) SELECT id FROM below)");
        }
    }
}

/// Text begins with text. A range, so that an index serves it.
fn starts_with(sql: &mut Sql, alias: &str, column: &str, part: &str) {
    sql.column(alias, column).push(" >= ").bind(part).push(" AND ");
    sql.column(alias, column).push(" < ").bind(format!("{part}\u{10FFFF}"));
}

/// The rows of a scope.
pub fn scope(sql: &mut Sql, rows: &RowFilter, alias: &str, depth: usize) {
    let terms = match rows {
        RowFilter::All => {
            sql.push("1 = 1");
            return;
        }
        RowFilter::Any(terms) => terms,
    };
    if terms.is_empty() {
        sql.push("1 = 0");
        return;
    }
    sql.push("(");
    for (index, one) in terms.iter().enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        term(sql, one, alias, depth);
    }
    sql.push(")");
}

/// A filter whose conditions are on the object's own fields.
pub(super) fn own_filter(sql: &mut Sql, filter: &Filter, object: &ObjectDef, alias: &str) {
    tree(sql, filter, &mut |sql, condition| match object.field(&condition.field) {
        Some(field) if condition.via.is_empty() => comparison(sql, alias, field, condition),
        _ => {
            sql.push("1 = 0");
        }
    });
}

/// The rows of one term of a scope.
pub(super) fn term(sql: &mut Sql, term: &RowTerm, alias: &str, depth: usize) {
    match term {
        RowTerm::Owner(user) => {
            sql.column(alias, "owner").push(" = ").bind(*user);
        }
        RowTerm::In(departments) => {
            sql.column(alias, "department").push(" IN (").bind_all(departments.iter().copied()).push(")");
        }
        RowTerm::Under(departments) => sql.dialect.among(sql, alias, "department", |sql| {
            sql.push("SELECT descendant FROM _department_tree WHERE ancestor IN (");
            sql.bind_all(departments.iter().copied()).push(")");
        }),
        RowTerm::Shared { object, user, write, now } => sql.dialect.among(sql, alias, "id", |sql| {
            sql.push("SELECT record FROM _shares WHERE user_id = ")
                .bind(*user)
                .push(" AND object = ")
                .bind(object.as_str());
            sql.push(" AND (expires_at IS NULL OR expires_at > ").bind(*now).push(")");
            if *write {
                sql.push(" AND level = 'write'");
            }
        }),
        RowTerm::Matching { object, filter, .. } => own_filter(sql, filter, object, alias),
        RowTerm::Via { field, target, filter } => {
            let inner = format!("v{depth}");
            sql.push("EXISTS (SELECT 1 FROM ").ident(target).push(&format!(" {inner} WHERE {inner}.id = "));
            sql.column(alias, field);
            if *filter != RowFilter::All {
                sql.push(" AND ");
                scope(sql, filter, &inner, depth + 1);
            }
            sql.push(")");
        }
    }
}
