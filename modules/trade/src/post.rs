//! Documents take effect, and lose it again. Both happen whole, with everything they touch held: nothing is delivered, invoiced or
//! credited twice, however many ask at once.

use crate::{
    ORDER_LINE,
    amounts::{Amounts, minor_units},
    course,
    document::still_valid,
    kinds::{Kind, Source, is_posted, number},
    lines::{
        at_other_prices, cost_of, delivered_by_itself, fields_of, is_open_for, lines_of, more_than_left, shared, terms,
        total_fields, totals,
    },
    progress::Progress,
    rates,
    settle::Shares,
    takings::{Held, Takings},
};
use async_trait::async_trait;
use guanxi_engine::{Action, Context, Error, Result};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A document takes effect.
pub(crate) struct Post(pub &'static Kind);

/// It loses it again.
pub(crate) struct Reverse(pub &'static Kind);

pub(crate) fn not_possible() -> Error {
    Error::conflict("action_not_possible", "记录当前状态不能执行此操作", "the record is not in a state for this")
}

pub(crate) fn today(context: &Context<'_>) -> Date {
    context.now.to_zoned(context.engine.settings().zone.clone()).date()
}

/// Takes from lines what is to be taken, or says why not.
fn take(takings: &Takings, held: &mut Held, context: &mut Context<'_>) {
    let today = today(context);
    let mut changes: BTreeMap<(&'static str, Uuid), Vec<(&'static str, Value)>> = BTreeMap::new();
    for (source, credit, id, part) in takings.iter() {
        let Some((line, document)) = held.get_mut(&id) else {
            context.refuse(FieldError::new(
                source.line,
                "unknown_record",
                "来源单据行不存在或已删除",
                "a line that it is made from is not there any more",
            ));
            continue;
        };
        let progress = Progress::of(line, document.get("invoice_by"));
        let more = part.quantity > Decimal::ZERO;
        let problem = match (credit, more) {
            // A credit that is taken back brings back what was invoiced.
            (true, true) => None,
            (true, false) => credit_refusal(line, &progress, -part.quantity),
            (false, true) => refusal(source, line, document, &progress, part.quantity, today),
            (false, false) => (!progress.may_release(source.taking, -part.quantity)).then(|| followed(line)),
        };
        match problem {
            Some(problem) => context.refuse(problem),
            None => changes.entry((source.line, id)).or_default().extend(Takings::note(source, part, line)),
        }
    }
    for ((line, id), values) in changes {
        context.update(line, id, values);
    }
}

fn line_name(line: &Record) -> String {
    line.get("name").as_text().unwrap_or_default().to_owned()
}

fn refusal(
    source: &Source,
    line: &Record,
    document: &Record,
    progress: &Progress,
    quantity: Decimal,
    today: Date,
) -> Option<FieldError> {
    let name = line_name(line);
    if !is_open_for(document, source.taking) {
        return Some(FieldError::new(
            source.line,
            "not_in_force",
            format!("{name}：来源单据未生效或已作废"),
            format!("{name}: what it is made from is not in force"),
        ));
    }
    if source.document == "quote" && !still_valid(document, today) {
        return Some(FieldError::new(
            source.line,
            "expired",
            "报价已过有效期，请做新版本",
            "the quote is not valid any more; make a new version of it",
        ));
    }
    let left = progress.left(source.taking);
    (quantity > left).then(|| {
        let problem = more_than_left(source.line, left);
        FieldError {
            message: guanxi_model::Label::new(
                format!("{name}：{}", problem.message.zh),
                format!("{name}: {}", problem.message.en),
            ),
            ..problem
        }
    })
}

fn credit_refusal(line: &Record, progress: &Progress, quantity: Decimal) -> Option<FieldError> {
    let over = (-progress.due()).max(Decimal::ZERO);
    (quantity > over).then(|| {
        let (name, over) = (line_name(line), over.normalize());
        FieldError::new(
            "return_line",
            "more_than_invoiced",
            format!("{name}：超过可红冲数量，多开的只有 {over}"),
            format!("{name}: only {over} of it was invoiced above what the customer keeps"),
        )
    })
}

fn followed(line: &Record) -> FieldError {
    let name = line_name(line);
    FieldError::new(
        "status",
        "has_followers",
        format!("{name}：已有后续单据，请先作废后续单据"),
        format!("{name}: other documents were made from it since; reverse those first"),
    )
}

/// Refuses while something was made from the lines of a document.
pub(crate) fn refuse_followed(kind: &Kind, document: &Record, lines: &[Record], context: &mut Context<'_>) {
    for line in lines {
        let itself = kind.line == ORDER_LINE && delivered_by_itself(document, line.get("kind"));
        if Progress::of(line, document.get("invoice_by")).is_touched(itself) {
            context.refuse(followed(line));
        }
    }
}

fn ended(status: &str, reason: Value, context: &Context<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("status", status.into()),
        ("reversed_at", context.now.into()),
        ("reversed_by", context.viewer.id.into()),
        ("reverse_reason", reason),
    ]
}

#[async_trait]
impl Action for Post {
    fn object(&self) -> &'static str {
        self.0.document
    }

    fn name(&self) -> &'static str {
        "post"
    }

    async fn act(&self, record: &Record, _: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        let kind = self.0;
        if record.get("status").as_text() != Some("draft") {
            return Err(not_possible());
        }
        let mut lines = lines_of(kind, record.id, context).await?;
        if lines.is_empty() {
            return Err(Error::conflict("no_lines", "单据没有明细", "the document has no lines"));
        }
        // What it takes the place of goes in the same step.
        let mut replaced = None;
        if let Some(former) = record.get("corrects").as_id() {
            let former = context.lock(kind.document, former).await?.filter(is_posted).ok_or_else(|| {
                Error::conflict(
                    "corrected_already",
                    "被更正的单据已作废或已被更正",
                    "what it was to replace is not in force any more",
                )
            })?;
            let former_lines = lines_of(kind, former.id, context).await?;
            refuse_followed(kind, &former, &former_lines, context);
            replaced = Some(former);
        }
        let released = Takings::of_former(kind, record, context).await?;
        let mut all = released.clone();
        all.add(kind, &lines, Decimal::ONE);
        let mut held = all.hold(context).await?;
        agree(kind, record, &held, context);
        self.reckon(record, &mut lines, &held, &released, context).await?;
        let mut net = released;
        net.add(kind, &lines, Decimal::ONE);
        take(&net, &mut held, context);
        let mut values = Vec::new();
        if kind.priced {
            let terms = terms(record);
            let mut shares = Shares::default();
            if let Some(former) = &replaced {
                let former_lines = lines_of(kind, former.id, context).await?;
                shares.add(kind, &terms, &whole(former), &former_lines, &held, Decimal::NEGATIVE_ONE);
            }
            let (sum, difference) = totals(&terms, &lines);
            let settled = shares.settle(kind, &terms, sum, &lines, &held, context).await?;
            shares.add(kind, &terms, &settled, &lines, &held, Decimal::ONE);
            shares.note(kind, &held, context);
            values = total_fields((settled, difference + settled.total - sum.total));
        }
        self.cost(&lines, context).await?;
        values.extend(value_in_own_currency(kind, record, &values, context).await?);
        if kind.line == ORDER_LINE {
            values.push(("delivery_status", course::delivered(&lines).into()));
        }
        values.extend([
            ("status", Value::from("posted")),
            ("posted_at", context.now.into()),
            ("posted_by", context.viewer.id.into()),
        ]);
        if let Some(former) = replaced {
            let values = ended("replaced", record.get("number").clone(), context);
            context.update(kind.document, former.id, values);
        }
        context.update(kind.document, record.id, values);
        Ok(())
    }
}

impl Post {
    /// The amounts of parts, now that everything they are parts of is held: others may have been taken in between.
    async fn reckon(
        &self,
        record: &Record,
        lines: &mut [Record],
        held: &Held,
        released: &Takings,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let terms = terms(record);
        for line in lines.iter_mut().filter(|_| self.0.priced) {
            let Some((source, id)) = self.0.source_of(|name| line.get(name)) else { continue };
            let Some((from, _)) = held.get(&id) else { continue };
            let from = released.applied_to(source.line, from);
            let ordered = line.get(ORDER_LINE).as_id().and_then(|id| held.get(&id));
            let ordered = ordered.map(|(line, _)| released.applied_to(ORDER_LINE, line));
            let apart = at_other_prices(source, &from, line.get("quantity"), context).await?;
            let Some(amounts) = shared(&terms, source, &from, ordered.as_ref(), apart, |field| line.get(field)) else {
                continue;
            };
            if number(line, "amount") != amounts.amount || number(line, "tax") != amounts.tax {
                let values = fields_of(&amounts);
                line.values.extend(values.iter().map(|(field, value)| ((*field).to_owned(), value.clone())));
                context.update(self.0.line, line.id, values.to_vec());
            }
        }
        Ok(())
    }

    /// What it costs by now.
    async fn cost(&self, lines: &[Record], context: &mut Context<'_>) -> Result<()> {
        if !matches!(self.0.line, ORDER_LINE | "delivery_line") {
            return Ok(());
        }
        context.read_ahead("product", lines.iter().filter_map(|line| line.get("product").as_id())).await?;
        for line in lines {
            let mut values = Vec::new();
            if let Some(cost) = cost_of(line, context).await?
                && line.get("cost") != &cost
            {
                values.push(("cost", cost));
            }
            if !values.is_empty() {
                context.update(self.0.line, line.id, values);
            }
        }
        Ok(())
    }
}

/// What a document comes to.
fn whole(document: &Record) -> Amounts {
    let value = |field| number(document, field);
    Amounts { amount: value("amount"), net: value("net"), tax: value("tax"), total: value("total") }
}

/// A document is of the customer and the currency of what it is made from; where its parts have to add up, also priced alike.
fn agree(kind: &Kind, record: &Record, held: &Held, context: &mut Context<'_>) {
    let parts = kind.sources.iter().any(|source| source.taking.sums().is_some());
    let fields: &[&str] =
        if parts { &["customer", "currency", "tax_included", "rounding"] } else { &["customer", "currency"] };
    for field in fields.iter().filter(|field| kind.priced || **field == "customer") {
        if held.values().any(|(_, document)| document.get(field) != record.get(field)) {
            context.refuse(FieldError::new(
                field,
                "differs_from_source",
                "与来源单据不一致",
                "differs from what it is made from",
            ));
        }
    }
}

/// Its total in the currency of the workspace, by the rate of its day.
async fn value_in_own_currency(
    kind: &Kind,
    record: &Record,
    values: &[(&'static str, Value)],
    context: &mut Context<'_>,
) -> Result<Vec<(&'static str, Value)>> {
    if !kind.priced {
        return Ok(Vec::new());
    }
    let total = values.iter().find(|(field, _)| *field == "total").map_or(record.get("total"), |(_, value)| value);
    let total = total.as_decimal().unwrap_or_default();
    let own = context.engine.settings().currency.clone();
    let currency = record.get("currency").as_text().unwrap_or_default().to_owned();
    if currency == own {
        return Ok(vec![("base_total", Value::Decimal(total))]);
    }
    let Value::Date(day) = record.get("date") else { return Ok(Vec::new()) };
    let rate = rates::on(&currency, *day, context).await?;
    let Some(rate) = rate else {
        context.refuse(FieldError::new(
            "currency",
            "no_rate",
            format!("没有 {currency} 在 {day} 或之前的汇率"),
            format!("there is no exchange rate of {currency} on {day} or before"),
        ));
        return Ok(Vec::new());
    };
    let value = total.checked_mul(rate).map(|value| {
        let decimals = minor_units(&own);
        (value / Decimal::ONE_HUNDRED).round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
    });
    match value.filter(|value| guanxi_model::coerce::decimal_fits(*value)) {
        Some(value) => Ok(vec![("exchange_rate", Value::Decimal(rate)), ("base_total", Value::Decimal(value))]),
        None => {
            context.refuse(FieldError::new("total", "out_of_range", "金额太大", "the amount is too large"));
            Ok(Vec::new())
        }
    }
}

#[async_trait]
impl Action for Reverse {
    fn object(&self) -> &'static str {
        self.0.document
    }

    fn name(&self) -> &'static str {
        "reverse"
    }

    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        if !is_posted(record) {
            return Err(not_possible());
        }
        let lines = lines_of(self.0, record.id, context).await?;
        refuse_followed(self.0, record, &lines, context);
        let mut takings = Takings::default();
        takings.add(self.0, &lines, Decimal::NEGATIVE_ONE);
        let mut held = takings.hold(context).await?;
        take(&takings, &mut held, context);
        let mut shares = Shares::default();
        shares.add(self.0, &terms(record), &whole(record), &lines, &held, Decimal::NEGATIVE_ONE);
        shares.note(self.0, &held, context);
        let reason = input.get("reason").cloned().unwrap_or_default();
        let values = ended("reversed", reason, context);
        context.update(self.0.document, record.id, values);
        Ok(())
    }
}
