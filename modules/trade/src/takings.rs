//! What documents take from the lines that they are made from, line by line.

use crate::{
    ORDER_LINE,
    kinds::{ALL, Kind, Source, Taking, number},
    lines::lines_of,
};
use guanxi_engine::{Context, Result};
use guanxi_model::Value;
use guanxi_store::records::Record;
use rust_decimal::Decimal;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};
use uuid::Uuid;

/// How much of a line, and what amount and tax go with it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part {
    pub quantity: Decimal,
    pub amount: Decimal,
    pub tax: Decimal,
}

/// From which lines, how, and whether it is a credit note that does so: that one gives back what was invoiced.
type Place = (&'static str, &'static str, bool);

/// What is taken, or given back where it is less than nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Takings(BTreeMap<Place, (&'static Source, BTreeMap<Uuid, Part>)>);

/// Lines that are taken from, with their documents.
pub(crate) type Held = HashMap<Uuid, (Record, Record)>;

impl Takings {
    /// Adds what the lines of a document take, or what they give back with a factor below zero.
    pub fn add(&mut self, kind: &Kind, lines: &[Record], factor: Decimal) {
        for line in lines {
            let Some((source, id)) = kind.source_of(|name| line.get(name)) else { continue };
            if source.taking == Taking::Credited {
                // Its quantities are below zero.
                self.put(source, false, id, line, -factor);
                let invoiced = kind.sources.iter().find(|source| source.taking == Taking::Invoiced);
                if let (Some(invoiced), Some(ordered)) = (invoiced, line.get(ORDER_LINE).as_id()) {
                    self.put(invoiced, true, ordered, line, factor);
                }
            } else {
                self.put(source, false, id, line, factor);
            }
        }
    }

    fn put(&mut self, source: &'static Source, credit: bool, id: Uuid, line: &Record, factor: Decimal) {
        let place = (source.line, source.taking.field(), credit);
        let (_, of) = self.0.entry(place).or_insert_with(|| (source, BTreeMap::new()));
        let sum = of.entry(id).or_default();
        sum.quantity += number(line, "quantity") * factor;
        sum.amount += number(line, "amount") * factor;
        sum.tax += number(line, "tax") * factor;
    }

    /// Each of them: how, whether it is a credit note's, from which line, and how much.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Source, bool, Uuid, Part)> {
        self.0
            .iter()
            .flat_map(|((_, _, credit), (source, of))| of.iter().map(|(id, part)| (*source, *credit, *id, *part)))
    }

    /// Notes in a line what is taken from it, and answers which fields that changed.
    pub fn note(source: &Source, part: Part, line: &mut Record) -> Vec<(&'static str, Value)> {
        let mut values = vec![(source.taking.field(), part.quantity)];
        if let Some([amount, tax]) = source.taking.sums() {
            values.extend([(amount, part.amount), (tax, part.tax)]);
        }
        let noted: Vec<(&'static str, Value)> =
            values.into_iter().map(|(field, more)| (field, Value::Decimal(number(line, field) + more))).collect();
        line.values.extend(noted.iter().map(|(field, value)| ((*field).to_owned(), value.clone())));
        noted
    }

    /// A line as it is with this noted.
    pub fn applied_to(&self, object: &str, line: &Record) -> Record {
        let mut line = line.clone();
        for (source, _, id, part) in self.iter() {
            if source.line == object && id == line.id {
                Self::note(source, part, &mut line);
            }
        }
        line
    }

    /// What the document that this one is to replace gives back when it does.
    pub async fn of_former(kind: &'static Kind, document: &Record, context: &mut Context<'_>) -> Result<Self> {
        let mut takings = Self::default();
        if let Some(former) = document.get("corrects").as_id() {
            takings.add(kind, &lines_of(kind, former, context).await?, Decimal::NEGATIVE_ONE);
        }
        Ok(takings)
    }

    /// The lines that are taken from, with their documents; all of them held, documents first, each kind in the order of ids.
    pub async fn hold(&self, context: &mut Context<'_>) -> Result<Held> {
        let mut by_line: BTreeMap<Reverse<usize>, (&'static Source, BTreeSet<Uuid>)> = BTreeMap::new();
        for (source, _, id, _) in self.iter() {
            let place = ALL.iter().position(|kind| kind.line == source.line).unwrap_or_default();
            by_line.entry(Reverse(place)).or_insert((source, BTreeSet::new())).1.insert(id);
        }
        let mut held = Held::new();
        // Later documents before those that they are made from, as whoever posts them does.
        for (Source { document, line, .. }, ids) in by_line.into_values() {
            context.read_ahead(line, ids.iter().copied()).await?;
            let mut above = BTreeSet::new();
            for id in &ids {
                above.extend(context.read(line, *id).await?.and_then(|line| line.get(document).as_id()));
            }
            let documents: HashMap<Uuid, Record> =
                context.lock_all(document, &above).await?.into_iter().map(|record| (record.id, record)).collect();
            for line in context.lock_all(line, &ids).await? {
                if let Some(document) = line.get(document).as_id().and_then(|id| documents.get(&id)) {
                    held.insert(line.id, (line, document.clone()));
                }
            }
        }
        Ok(held)
    }
}
