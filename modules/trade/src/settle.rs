//! What an order comes to in the documents made from it. A document that is rounded as a whole may be a cent off its share of the
//! order: the one that settles the order takes what is left, so that all of them together come to the order.

use crate::{
    ORDER_LINE,
    amounts::{Amounts, Rounding, Terms},
    kinds::{INVOICE, Kind, ORDER, RETURN, number},
    lines::lines_of,
    takings::Held,
};
use guanxi_engine::{Context, Result};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where an order keeps what such documents come to, with tax and the tax itself.
fn kept_in(kind: &Kind) -> Option<[&'static str; 2]> {
    match kind.document {
        name if name == INVOICE.document => Some(["invoiced_total", "invoiced_tax"]),
        name if name == RETURN.document => Some(["returned_total", "returned_tax"]),
        _ => None,
    }
}

/// Total and tax by order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shares(BTreeMap<Uuid, (Decimal, Decimal)>);

fn order_of<'h>(line: &Record, held: &'h Held) -> Option<&'h Record> {
    line.get(ORDER_LINE).as_id().and_then(|id| held.get(&id)).map(|(_, order)| order)
}

/// The order that all lines are from; nothing where there are several, or lines of none.
fn only_order<'h>(lines: &[Record], held: &'h Held) -> Option<&'h Record> {
    let first = order_of(lines.first()?, held)?;
    lines.iter().all(|line| order_of(line, held).is_some_and(|order| order.id == first.id)).then_some(first)
}

impl Shares {
    /// Adds what a document of these lines comes to.
    pub fn add(&mut self, kind: &Kind, terms: &Terms, whole: &Amounts, lines: &[Record], held: &Held, factor: Decimal) {
        if kept_in(kind).is_none() {
            return;
        }
        let mut tax = Decimal::ZERO;
        let mut total = Decimal::ZERO;
        for line in lines {
            tax += number(line, "tax");
            total += number(line, "total");
            if let Some(order) = order_of(line, held) {
                let share = self.0.entry(order.id).or_default();
                share.0 += number(line, "total") * factor;
                share.1 += number(line, "tax") * factor;
            }
        }
        if let Some(order) = only_order(lines, held).filter(|_| terms.rounding == Rounding::Document) {
            let share = self.0.entry(order.id).or_default();
            share.0 += (whole.total - total) * factor;
            share.1 += (whole.tax - tax) * factor;
        }
    }

    /// What is so far noted at an order, with these shares.
    fn noted(&self, kind: &Kind, order: &Record) -> Option<(Decimal, Decimal)> {
        let [total, tax] = kept_in(kind)?;
        let (more, more_tax) = self.0.get(&order.id).copied().unwrap_or_default();
        Some((number(order, total) + more, number(order, tax) + more_tax))
    }

    /// Notes them at their orders.
    pub fn note(&self, kind: &Kind, held: &Held, context: &mut Context<'_>) {
        let Some([total, tax]) = kept_in(kind) else { return };
        for order in self.0.keys() {
            let Some((_, order)) = held.values().find(|(_, document)| document.id == *order) else { continue };
            let Some((noted, noted_tax)) = self.noted(kind, order) else { continue };
            let values = vec![(total, Value::Decimal(noted)), (tax, Value::Decimal(noted_tax))];
            context.update(ORDER.document, order.id, values);
        }
    }

    /// What a document that is rounded as a whole comes to, where it settles its order: what is left of it. `held` is as it will be, and
    /// these shares are those of what it replaces.
    ///
    /// # Errors
    /// The database's.
    pub async fn settle(
        &self,
        kind: &Kind,
        terms: &Terms,
        whole: Amounts,
        lines: &[Record],
        held: &Held,
        context: &mut Context<'_>,
    ) -> Result<Amounts> {
        let sourced = lines.iter().any(|line| order_of(line, held).is_some());
        if terms.rounding != Rounding::Document || kept_in(kind).is_none() || !sourced {
            return Ok(whole);
        }
        let Some(order) = only_order(lines, held) else {
            context.refuse(FieldError::new(
                "rounding",
                "one_order_only",
                "按单舍入的单据只能包含同一张订单的明细",
                "a document that is rounded as a whole has lines of one order only",
            ));
            return Ok(whole);
        };
        let Some((noted, noted_tax)) = self.noted(kind, order) else { return Ok(whole) };
        let settled = lines_of(&ORDER, order.id, context).await?.into_iter().all(|line| {
            let line = held.get(&line.id).map_or(&line, |(held, _)| held);
            let returned = number(line, "returned");
            match kind.document {
                name if name == RETURN.document => returned == number(line, "quantity"),
                _ => number(line, "invoiced") == number(line, "quantity") - returned,
            }
        });
        if !settled {
            return Ok(whole);
        }
        let mut due = (number(order, "total"), number(order, "tax"));
        if kind.document == INVOICE.document {
            due.0 -= number(order, "returned_total");
            due.1 -= number(order, "returned_tax");
        }
        let (total, tax) = (due.0 - noted, due.1 - noted_tax);
        Ok(Amounts { amount: whole.amount, net: total - tax, tax, total })
    }
}
