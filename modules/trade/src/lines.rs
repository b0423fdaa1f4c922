//! The lines of documents: what they take over from the lines they are made from, what they come to, and what their documents come to.

use crate::{
    ORDER_LINE,
    amounts::{Amounts, Rounding, Terms, minor_units},
    kinds::{Kind, RETURN, Source, Taking, is_posted, number},
    progress::{Progress, settlement, share},
    takings::Takings,
};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value, coerce::decimal_fits};
use guanxi_store::records::Record;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most lines of a document.
const MOST_LINES: usize = 2000;
/// What a line has from the one it is made from.
const TAKEN_OVER: [&str; 9] =
    ["kind", "product", "name", "unit", "list_price", "price", "discount", "tax_rate", "order_line"];
/// What a line is priced by.
const PRICING: [&str; 3] = ["price", "discount", "tax_rate"];

/// How a document makes its amounts.
pub(crate) fn terms(document: &Record) -> Terms {
    Terms {
        rounding: Rounding::named(document.get("rounding").as_text()),
        tax_included: document.get("tax_included").as_bool().unwrap_or(true),
        decimals: minor_units(document.get("currency").as_text().unwrap_or_default()),
    }
}

/// A line has product, price and terms from what it is made from; its amounts follow, and those of its document.
pub(crate) struct LineRule(pub &'static Kind);

#[async_trait]
impl Rule for LineRule {
    fn object(&self) -> &'static str {
        self.0.line
    }

    async fn look_ahead(&self, drafts: &[&Draft], context: &mut Context<'_>) -> Result<()> {
        let named = |field: &'static str| drafts.iter().filter_map(move |draft| draft.get(field).as_id());
        context.read_ahead(self.0.document, named(self.0.document)).await?;
        context.read_ahead("product", named("product")).await?;
        for source in self.0.sources {
            context.read_ahead(source.line, named(source.line)).await?;
            let lines: Vec<Uuid> = named(source.line).collect();
            let mut documents = BTreeSet::new();
            for line in lines {
                documents
                    .extend(context.read(source.line, line).await?.and_then(|line| line.get(source.document).as_id()));
            }
            context.read_ahead(source.document, documents).await?;
        }
        Ok(())
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let Some(document) = draft.get(self.0.document).as_id() else { return Ok(()) };
        let Some(document) = context.read(self.0.document, document).await? else { return Ok(()) };
        if document.get("status").as_text() != Some("draft") {
            // Only what became of it is noted then.
            return Ok(());
        }
        for field in ["customer", "date"] {
            if self.0.line == ORDER_LINE {
                draft.set(field, document.get(field).clone());
            }
        }
        if self.0.priced {
            draft.set("currency", document.get("currency").clone());
        }
        let source = match self.0.source_of(|name| draft.get(name)) {
            Some((source, id)) => match context.read(source.line, id).await? {
                Some(line) => Some((source, line)),
                // That there is no such line is said by the check of lookups.
                None => return Ok(()),
            },
            None => None,
        };
        let former = Takings::of_former(self.0, &document, context).await?;
        if let Some((source, line)) = &source {
            self.take_over(draft, source, line, &former, context).await?;
        }
        name_it(draft, context).await?;
        number_it(self.0, draft, context).await?;
        let signed = draft.get("quantity").as_decimal();
        let credit = is_credit(&document);
        match signed {
            None => return Ok(()),
            Some(quantity) if quantity.is_zero() || quantity.is_sign_negative() != credit => {
                context.refuse(if credit {
                    FieldError::new(
                        "quantity",
                        "out_of_range",
                        "红字发票的数量要小于 0",
                        "a credit note has quantities below zero",
                    )
                } else {
                    FieldError::new("quantity", "out_of_range", "数量要大于 0", "more than nothing")
                });
                return Ok(());
            }
            Some(_) => {}
        }
        if draft.object.field("cost").is_some() {
            let cost = product_cost(draft.get("product").as_id(), context).await?;
            draft.set("cost", cost.unwrap_or_default());
        }
        if self.0.line == ORDER_LINE {
            let itself = delivered_by_itself(&document, draft.get("kind"));
            let delivered = if itself { draft.get("quantity").clone() } else { Value::Decimal(Decimal::ZERO) };
            draft.set("delivered", delivered);
        }
        if !self.0.priced {
            return Ok(());
        }
        let shared = match &source {
            Some((source, line)) => {
                let ordered = match draft.get(ORDER_LINE).as_id() {
                    Some(ordered) => context.read(ORDER_LINE, ordered).await?,
                    None => None,
                };
                let ordered = ordered.map(|ordered| former.applied_to(ORDER_LINE, &ordered));
                let line = former.applied_to(source.line, line);
                complete(draft);
                let apart = at_other_prices(source, &line, draft.get("quantity"), context).await?;
                shared(&terms(&document), source, &line, ordered.as_ref(), apart, |field| draft.get(field))
            }
            None => None,
        };
        price_it(draft, &document, shared, context);
        Ok(())
    }

    async fn after_batch(&self, drafts: &[&Draft], context: &mut Context<'_>) -> Result<()> {
        let counted = ["quantity", "amount", "net", "tax", "total", "tax_rate", self.0.document];
        let mut documents = BTreeSet::new();
        for draft in drafts.iter().filter(|draft| draft.is_new() || counted.iter().any(|field| draft.changed(field))) {
            documents.extend(draft.get(self.0.document).as_id());
            documents.extend(draft.before(self.0.document).as_id());
        }
        for document in documents {
            sum_up(self.0, document, context).await?;
        }
        Ok(())
    }

    async fn after_removal(&self, line: &Record, context: &mut Context<'_>) -> Result<()> {
        match line.get(self.0.document).as_id() {
            Some(document) => sum_up(self.0, document, context).await,
            None => Ok(()),
        }
    }
}

/// Is it an invoice that gives back?
pub(crate) fn is_credit(document: &Record) -> bool {
    document.get("kind").as_text() == Some("credit_note")
}

impl LineRule {
    /// What comes from the line it is made from, and whether that one is open for so much.
    async fn take_over(
        &self,
        draft: &mut Draft,
        source: &Source,
        line: &Record,
        former: &Takings,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let fresh = draft.is_new() || draft.changed(source.line);
        for field in TAKEN_OVER {
            let known = draft.object.field(field).is_some() && !line.get(field).is_null();
            if known && fresh && (draft.get(field).is_null() || !draft.was_given(field)) {
                draft.set(field, line.get(field).clone());
            }
        }
        // A return says itself what it gives back.
        let pricing: &[&str] = if source.taking == Taking::Returned { &[] } else { &PRICING };
        for field in ["product"].iter().chain(pricing).filter(|field| draft.object.field(field).is_some()) {
            if draft.get(field) != line.get(field) && !(draft.get(field).is_null() || line.get(field).is_null()) {
                context.refuse(FieldError::new(
                    field,
                    "differs_from_source",
                    "与来源单据不一致；请更正来源单据，或去掉来源",
                    "differs from what it is made from: correct that one, or take the link away",
                ));
            }
        }
        let document = match line.get(source.document).as_id() {
            Some(document) => context.read(source.document, document).await?,
            None => None,
        };
        if !document.as_ref().is_some_and(|document| is_open_for(document, source.taking)) {
            context.refuse(FieldError::new(
                source.line,
                "not_in_force",
                "来源单据未生效或已作废",
                "what it is made from is not in force",
            ));
        } else if let Some(quantity) = draft.get("quantity").as_decimal()
            && (fresh || draft.changed("quantity"))
        {
            let invoice_by = document.map_or(Value::Null, |document| document.get("invoice_by").clone());
            let line = former.applied_to(source.line, line);
            let left = Progress::of(&line, &invoice_by).left(source.taking);
            if quantity.abs() > left {
                context.refuse(more_than_left("quantity", left));
            }
        }
        Ok(())
    }
}

/// No discount and no tax where none is said.
fn complete(draft: &mut Draft) {
    for field in ["discount", "tax_rate"] {
        if draft.get(field).is_null() {
            draft.set(field, Value::Decimal(Decimal::ZERO));
        }
    }
}

/// Amount, net, tax and total.
fn price_it(draft: &mut Draft, document: &Record, shared: Option<Amounts>, context: &mut Context<'_>) {
    complete(draft);
    let given = |field: &str| draft.get(field).as_decimal().unwrap_or_default();
    let Some(price) = draft.get("price").as_decimal() else {
        context.refuse(FieldError::new("price", "required", "请填写单价", "a price is required"));
        return;
    };
    let terms = terms(document);
    let amounts = shared.or_else(|| {
        let amount = terms.amount(given("quantity"), price, given("discount"))?;
        terms.line(amount, given("tax_rate"))
    });
    match amounts.filter(|amounts| decimal_fits(amounts.total) && decimal_fits(amounts.amount)) {
        Some(amounts) => {
            for (field, value) in fields_of(&amounts) {
                draft.set(field, value);
            }
        }
        None => context.refuse(FieldError::new("quantity", "out_of_range", "金额太大", "the amount is too large")),
    }
}

/// What a line comes to that is part of another, where such parts have to add up and it has that one's price.
pub(crate) fn shared<'v>(
    terms: &Terms,
    source: &Source,
    from: &Record,
    ordered: Option<&Record>,
    at_other_prices: bool,
    value: impl Fn(&str) -> &'v Value,
) -> Option<Amounts> {
    if PRICING.iter().any(|field| value(field) != from.get(field)) {
        return None;
    }
    let quantity = value("quantity").as_decimal()?;
    let settled =
        ordered.filter(|_| source.taking == Taking::Credited).and_then(|line| settlement(line, quantity.abs()));
    let (amount, tax) = settled.or_else(|| share(terms, source, from, quantity.abs(), at_other_prices))?;
    let sign = if quantity.is_sign_negative() { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    Some(terms.with_tax(amount * sign, tax * sign))
}

/// Did earlier returns of an order's line give back another price? Asked for the one that completes it.
pub(crate) async fn at_other_prices(
    source: &Source,
    line: &Record,
    quantity: &Value,
    context: &mut Context<'_>,
) -> Result<bool> {
    let completes = quantity.as_decimal() == Some(number(line, "quantity") - number(line, "returned"));
    if source.taking != Taking::Returned || !completes || number(line, "returned").is_zero() {
        return Ok(false);
    }
    for other in context.find(RETURN.line, source.line, line.id.into()).await? {
        if PRICING.iter().any(|field| other.get(field) != line.get(field))
            && let Some(document) = other.get(RETURN.document).as_id()
            && context.read(RETURN.document, document).await?.as_ref().is_some_and(is_posted)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Does a line of an order count as delivered by itself? What is no goods, and what is handed over at once.
pub(crate) fn delivered_by_itself(document: &Record, kind: &Value) -> bool {
    kind.as_text() != Some("product") || document.get("delivery_mode").as_text() == Some("on_the_spot")
}

/// What one of its product costs by now, in the currency of the workspace.
pub(crate) async fn cost_of(line: &Record, context: &mut Context<'_>) -> Result<Option<Value>> {
    product_cost(line.get("product").as_id(), context).await
}

async fn product_cost(product: Option<Uuid>, context: &mut Context<'_>) -> Result<Option<Value>> {
    let Some(product) = product else { return Ok(None) };
    let Some(product) = context.read("product", product).await? else { return Ok(None) };
    let own = product.get("currency").as_text() == Some(context.engine.settings().currency.as_str());
    Ok(Some(product.get("cost")).filter(|cost| own && !cost.is_null()).cloned())
}

/// Amounts by the names of their fields.
pub(crate) fn fields_of(amounts: &Amounts) -> [(&'static str, Value); 4] {
    [
        ("amount", Value::Decimal(amounts.amount)),
        ("net", Value::Decimal(amounts.net)),
        ("tax", Value::Decimal(amounts.tax)),
        ("total", Value::Decimal(amounts.total)),
    ]
}

/// May such parts still be taken from the lines of a document? What was ordered is invoiced and taken back after the order is closed, too.
pub(crate) fn is_open_for(document: &Record, taking: Taking) -> bool {
    let closed = document.get("status").as_text() == Some("closed");
    is_posted(document) || (closed && matches!(taking, Taking::Invoiced | Taking::Returned))
}

pub(crate) fn more_than_left(field: &str, left: Decimal) -> FieldError {
    let left = left.normalize();
    FieldError::new(
        field,
        "more_than_open",
        format!("超过未完成数量，还可以 {left}"),
        format!("more than is open: {left} at most"),
    )
}

/// Its name, its kind and what else the product says.
async fn name_it(draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    let product = match draft.get("product").as_id() {
        Some(product) => context.read("product", product).await?,
        None => None,
    };
    if let Some(product) = &product {
        for field in ["name", "unit", "tax_rate"] {
            if draft.object.field(field).is_some() && draft.get(field).is_null() {
                draft.set(field, product.get(field).clone());
            }
        }
    }
    if draft.get("kind").is_null() || (draft.changed("product") && !draft.was_given("kind")) {
        let service = product.as_ref().is_some_and(|product| product.get("kind").as_text() == Some("service"));
        match product {
            Some(_) => draft.set("kind", if service { "service" } else { "product" }),
            None if draft.get("kind").is_null() => draft.set("kind", "charge"),
            None => {}
        }
    }
    // That there is no such product is said by the check of lookups.
    if draft.get("name").is_null() && (product.is_some() || draft.get("product").is_null()) {
        context.refuse(FieldError::new("name", "required", "请选择产品或填写名称", "choose a product or give a name"));
    }
    Ok(())
}

/// The next place in its document.
async fn number_it(kind: &Kind, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    let Some(document) = draft.get(kind.document).as_id().filter(|_| draft.get("line_no").is_null()) else {
        return Ok(());
    };
    let counter = format!("{} lines", kind.document);
    if *context.so_far(&counter, document) == 0 {
        let last = context.newest(kind.line, kind.document, document.into(), "line_no").await?;
        *context.so_far(&counter, document) = last.and_then(|last| last.get("line_no").as_int()).unwrap_or_default();
    }
    let next = context.so_far(&counter, document);
    *next += 1;
    let place = *next;
    draft.set("line_no", place);
    Ok(())
}

/// The lines of a document, in their order.
pub(crate) async fn lines_of(kind: &Kind, document: Uuid, context: &mut Context<'_>) -> Result<Vec<Record>> {
    let mut lines = context.find(kind.line, kind.document, document.into()).await?;
    lines.sort_by_key(|line| line.get("line_no").as_int());
    Ok(lines)
}

/// A document comes to what its lines come to. It is held meanwhile, so that of lines written at once none is left out.
async fn sum_up(kind: &Kind, document: Uuid, context: &mut Context<'_>) -> Result<()> {
    let Some(record) = context.lock(kind.document, document).await? else { return Ok(()) };
    let lines = lines_of(kind, document, context).await?;
    if lines.len() > MOST_LINES {
        context.refuse(FieldError::new(
            kind.document,
            "too_many",
            format!("一张单据最多 {MOST_LINES} 行"),
            format!("a document has at most {MOST_LINES} lines"),
        ));
        return Ok(());
    }
    if !kind.priced {
        return Ok(());
    }
    let values = total_fields(totals(&terms(&record), &lines));
    if !values.iter().all(|(_, value)| value.as_decimal().is_some_and(decimal_fits)) {
        context.refuse(FieldError::new("amount", "out_of_range", "金额太大", "the amount is too large"));
    } else if values.iter().any(|(field, value)| record.get(field) != value) {
        context.update(kind.document, document, values);
    }
    Ok(())
}

/// What a document of these lines comes to, and what rounding added to that.
pub(crate) fn totals(terms: &Terms, lines: &[Record]) -> (Amounts, Decimal) {
    let lines: Vec<(Decimal, Amounts)> = lines
        .iter()
        .map(|line| {
            let value = |field| number(line, field);
            let amounts =
                Amounts { amount: value("amount"), net: value("net"), tax: value("tax"), total: value("total") };
            (value("tax_rate"), amounts)
        })
        .collect();
    terms.document(&lines)
}

/// The totals of a document by the names of their fields.
pub(crate) fn total_fields((sum, difference): (Amounts, Decimal)) -> Vec<(&'static str, Value)> {
    let mut values = fields_of(&sum).to_vec();
    values.push(("difference", Value::Decimal(difference)));
    values
}
