//! Closing the archives of a year (分年度清理): every customer's archive is written down as it stands, some hundred to a transaction.
//! How far it has come stands in the closing itself, whose own change brings the next of them about, so that it goes on where it
//! was cut off and writes nobody twice.

use crate::CUSTOMER;
use async_trait::async_trait;
use guanxi_access::RowFilter;
use guanxi_engine::{Action, Context, Draft, Error, Follower, Result, Rule};
use guanxi_model::{Condition, FieldError, Filter, ObjectDef, Operand, Operator, Value, filter::FilterContext};
use guanxi_store::{
    changes::Change,
    query::{FieldPath, Function, Group, Life, Measure, Query, Start},
    records::{self, Record},
};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The objects.
const CLOSING: &str = "archive_closing";
const YEAR: &str = "archive_year";
/// Customers of one transaction.
const BATCH: usize = 200;
/// What is counted.
const COUNTS: [&str; 5] = ["archives", "complete", "incomplete", "untouched", "originals_out"];

fn is_open(status: &Value) -> bool {
    status.as_text() == Some("open")
}

fn closed() -> Error {
    Error::conflict("closed", "该年度已经清理，不能再改动", "this year has been closed and stays as it is")
}

/// What is closed stays as it is.
pub(crate) struct ClosingRule;

#[async_trait]
impl Rule for ClosingRule {
    fn object(&self) -> &'static str {
        CLOSING
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.is_new() && draft.changed("year") && !is_open(draft.before("status")) {
            context.refuse(FieldError::new(
                "year",
                "closed",
                "该年度已经清理，不能再改动",
                "this year has been closed and stays as it is",
            ));
        }
        if let Some(year) = draft.get("year").as_int() {
            draft.set("name", format!("{year}"));
        }
        Ok(())
    }

    async fn before_removal(&self, closing: &Record, _: &mut Context<'_>) -> Result<()> {
        if is_open(closing.get("status")) { Ok(()) } else { Err(closed()) }
    }
}

/// What was written down stays.
pub(crate) struct YearRule;

#[async_trait]
impl Rule for YearRule {
    fn object(&self) -> &'static str {
        YEAR
    }

    async fn before_removal(&self, _: &Record, _: &mut Context<'_>) -> Result<()> {
        Err(closed())
    }
}

/// Begins it.
pub(crate) struct Close;

#[async_trait]
impl Action for Close {
    fn object(&self) -> &'static str {
        CLOSING
    }

    fn name(&self) -> &'static str {
        "close"
    }

    async fn act(&self, closing: &Record, _: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        if !is_open(closing.get("status")) {
            return Err(Error::conflict(
                "action_not_possible",
                "该年度已经开始清理",
                "the closing of this year has begun already",
            ));
        }
        let this = context.now.to_zoned(context.engine.settings().zone.clone()).year();
        let year = closing.get("year").as_int().unwrap_or(i64::MAX);
        if year >= i64::from(this) {
            return Err(Error::conflict(
                "year_not_over",
                format!("{year} 年还没有结束，结束后才能清理"),
                format!("{year} is not over yet; it can be closed after that"),
            ));
        }
        let mut values =
            vec![("status", "running".into()), ("closed_by", context.viewer.id.into()), ("reached", Value::Null)];
        values.extend(COUNTS.map(|count| (count, 0.into())));
        context.update(CLOSING, closing.id, values);
        Ok(())
    }
}

/// Writes the archives down, batch by batch.
pub(crate) struct WriteYears;

#[async_trait]
impl Follower for WriteYears {
    fn name(&self) -> &'static str {
        CLOSING
    }

    fn objects(&self) -> &'static [&'static str] {
        &[CLOSING]
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        let concerned: BTreeSet<Uuid> = changes.iter().map(|change| change.record).collect();
        for closing in concerned {
            let Some(closing) = context.lock(CLOSING, closing).await? else { continue };
            if closing.get("status").as_text() == Some("running") {
                go_on(&closing, context).await?;
            }
        }
        Ok(())
    }
}

/// The year, its end and its last day.
struct Span {
    year: i64,
    begins: Timestamp,
    ends: Timestamp,
    last: Date,
}

fn span(closing: &Record, context: &Context<'_>) -> Option<Span> {
    let year = closing.get("year").as_int()?;
    let first = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
    let next = Date::new(first.year() + 1, 1, 1).ok()?;
    let zone = &context.engine.settings().zone;
    let begin = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
    Some(Span { year, begins: begin(first)?, ends: begin(next)?, last: first.last_of_year() })
}

async fn go_on(closing: &Record, context: &mut Context<'_>) -> Result<()> {
    let Some(span) = span(closing, context) else { return Ok(()) };
    let reached = closing.get("reached").as_text().and_then(|id| Uuid::try_parse(id).ok()).unwrap_or_default();
    let ids = customers_after(reached, &span, context).await?;
    let definition = context.engine.object(CUSTOMER)?;
    let customers = records::read(context.tx, &definition, &ids, &RowFilter::All, Life::Living).await?;
    let happened = |bounds: Vec<Json>| {
        let parts = [vec![json!(["customer", "in", ids])], bounds].concat();
        json!({"and": parts})
    };
    let until = json!(["happened_at", "<", span.ends]);
    let (contacts, last, originals) = if ids.is_empty() {
        Default::default()
    } else {
        let in_year = happened(vec![until.clone(), json!(["happened_at", ">=", span.begins])]);
        let last = Measure::Of(Function::Max, FieldPath::of("happened_at"));
        let lent = happened(vec![json!(["lent_on", "<=", span.last.to_string()]), json!(["returned_on", "is_null"])]);
        (
            by_customer("follow_up", &in_year, Measure::Count, context).await?,
            by_customer("follow_up", &happened(vec![until]), last, context).await?,
            by_customer("archive_loan", &lent, Measure::Count, context).await?,
        )
    };
    let mut counts = COUNTS.map(|count| closing.get(count).as_int().unwrap_or_default());
    for customer in &customers {
        let number = |of: &HashMap<Uuid, Value>| of.get(&customer.id).and_then(Value::as_int).unwrap_or_default();
        let (contacts, originals) = (number(&contacts), number(&originals));
        let complete = customer.get("completeness").as_decimal() >= Some(Decimal::ONE_HUNDRED);
        let counted = [true, complete, !complete, contacts == 0, originals > 0];
        for (count, counted) in counts.iter_mut().zip(counted) {
            *count += i64::from(counted);
        }
        let name = customer.get("name").as_text().unwrap_or_default();
        context.create(
            YEAR,
            vec![
                ("name", format!("{name} {}", span.year).into()),
                ("customer", customer.id.into()),
                ("year", span.year.into()),
                ("life_cycle", customer.get("life_cycle").clone()),
                ("level", customer.get("level").clone()),
                ("completeness", customer.get("completeness").clone()),
                ("contacts", contacts.into()),
                ("last_contact_at", last.get(&customer.id).cloned().unwrap_or_default()),
                ("owner_then", customer.get("owner").clone()),
                ("originals", originals.into()),
                ("owner", customer.get("owner").clone()),
            ],
        );
    }
    let mut values: Vec<(&str, Value)> = COUNTS.into_iter().zip(counts.map(Value::from)).collect();
    values.push(("reached", ids.last().map(Uuid::to_string).into()));
    if ids.len() < BATCH {
        values.push(("status", "closed".into()));
        values.push(("closed_at", context.now.into()));
    }
    context.update(CLOSING, closing.id, values);
    Ok(())
}

fn filter_context(context: &Context<'_>) -> FilterContext {
    let settings = context.engine.settings();
    FilterContext {
        now: context.now,
        zone: settings.zone.clone(),
        rules: settings.rules.clone(),
        me: None,
        my_department: None,
    }
}

/// The next customers by id that there were at the end of the year.
async fn customers_after(reached: Uuid, span: &Span, context: &mut Context<'_>) -> Result<Vec<Uuid>> {
    let catalogue = context.engine.catalogue();
    let customer = context.engine.object(CUSTOMER)?;
    let there = json!(["created_at", "<", span.ends]);
    let there = Filter::parse(&there, &catalogue, &customer, &filter_context(context))?;
    let after = Filter::Is(Condition {
        via: Vec::new(),
        object: CUSTOMER.to_owned(),
        field: "id".to_owned(),
        operator: Operator::Gt,
        operand: Operand::One(reached.into()),
    });
    let scopes = |_: &ObjectDef| RowFilter::All;
    let query = Query::new(&catalogue, &customer, &scopes, context.tx.dialect());
    let sql = query.page(&[], &Filter::And(vec![there, after]), &[], &Start::First, BATCH);
    Ok(context.tx.query(&sql).await?.into_iter().filter_map(|mut row| row.pop()?.as_id()).collect())
}

/// One measure of other records for each customer that they name.
async fn by_customer(
    object: &str,
    filter: &Json,
    measure: Measure,
    context: &mut Context<'_>,
) -> Result<HashMap<Uuid, Value>> {
    let catalogue = context.engine.catalogue();
    let definition = context.engine.object(object)?;
    let filter = Filter::parse(filter, &catalogue, &definition, &filter_context(context))?;
    let scopes = |_: &ObjectDef| RowFilter::All;
    let group = Group { path: FieldPath::of("customer"), by: None };
    let sql = Query::new(&catalogue, &definition, &scopes, context.tx.dialect())
        .aggregate(&[group], &[measure], &filter, 0, BATCH)
        .ok_or(Error::NotFound)?;
    let rows = context.tx.query(&sql).await?;
    let pair = |mut row: Vec<Value>| {
        let value = row.pop()?;
        Some((row.pop()?.as_id()?, value))
    };
    Ok(rows.into_iter().filter_map(pair).collect())
}
