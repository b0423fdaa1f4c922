//! Which documents there are, and what each is made from. Everything else about them is the same code.

use guanxi_model::Value;
use guanxi_store::records::Record;
use rust_decimal::Decimal;
use uuid::Uuid;

/// What a line takes from the line it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taking {
    /// Part of a quote becomes a contract.
    Contracted,
    /// Part of a quote or a contract is ordered.
    Ordered,
    /// Part of an order is delivered.
    Delivered,
    /// Part of an order is invoiced.
    Invoiced,
    /// Part of what was delivered comes back.
    Returned,
    /// Part of what came back is credited.
    Credited,
}

impl Taking {
    /// Where the line that is taken from keeps how much that is by now.
    pub fn field(self) -> &'static str {
        match self {
            Self::Contracted => "contracted",
            Self::Ordered => "ordered",
            Self::Delivered => "delivered",
            Self::Invoiced => "invoiced",
            Self::Returned => "returned",
            Self::Credited => "credited",
        }
    }

    /// Where it keeps what amount and what tax went with it, for parts that add up to the whole.
    pub fn sums(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Invoiced => Some(["invoiced_amount", "invoiced_tax"]),
            Self::Returned => Some(["returned_amount", "returned_tax"]),
            Self::Credited => Some(["credited_amount", "credited_tax"]),
            Self::Contracted | Self::Ordered | Self::Delivered => None,
        }
    }
}

/// What a document may be made from. Its header names the other document in a field of that document's name, and its lines name
/// lines in a field of the lines' name.
#[derive(Debug)]
pub(crate) struct Source {
    pub document: &'static str,
    pub line: &'static str,
    pub taking: Taking,
}

/// A kind of document. Its lines belong to it by a field of its name.
#[derive(Debug)]
pub(crate) struct Kind {
    pub document: &'static str,
    pub line: &'static str,
    /// Have its lines prices?
    pub priced: bool,
    /// The closer one first: a credit note's lines name the order's lines as well.
    pub sources: &'static [Source],
}

const QUOTED_IN_CONTRACT: Source = Source { document: "quote", line: "quote_line", taking: Taking::Contracted };
const QUOTED: Source = Source { document: "quote", line: "quote_line", taking: Taking::Ordered };
const AGREED: Source = Source { document: "contract", line: "contract_line", taking: Taking::Ordered };
const DELIVERED: Source = Source { document: "sales_order", line: "order_line", taking: Taking::Delivered };
const INVOICED: Source = Source { document: "sales_order", line: "order_line", taking: Taking::Invoiced };
const RETURNED: Source = Source { document: "sales_order", line: "order_line", taking: Taking::Returned };
const CREDITED: Source = Source { document: "sales_return", line: "return_line", taking: Taking::Credited };

pub(crate) static QUOTE: Kind = Kind { document: "quote", line: "quote_line", priced: true, sources: &[] };
pub(crate) static CONTRACT: Kind =
    Kind { document: "contract", line: "contract_line", priced: true, sources: &[QUOTED_IN_CONTRACT] };
pub(crate) static ORDER: Kind =
    Kind { document: "sales_order", line: "order_line", priced: true, sources: &[AGREED, QUOTED] };
pub(crate) static DELIVERY: Kind =
    Kind { document: "delivery", line: "delivery_line", priced: false, sources: &[DELIVERED] };
pub(crate) static INVOICE: Kind =
    Kind { document: "invoice", line: "invoice_line", priced: true, sources: &[CREDITED, INVOICED] };
pub(crate) static RETURN: Kind =
    Kind { document: "sales_return", line: "return_line", priced: true, sources: &[RETURNED] };

/// All of them.
pub(crate) static ALL: [&Kind; 6] = [&QUOTE, &CONTRACT, &ORDER, &DELIVERY, &INVOICE, &RETURN];

impl Kind {
    /// The line that a line was made from, by the values of its fields.
    pub fn source_of<'v>(&self, value: impl Fn(&str) -> &'v Value) -> Option<(&'static Source, Uuid)> {
        self.sources.iter().find_map(|source| Some((source, value(source.line).as_id()?)))
    }

    /// What is taken from its lines, with the kinds of documents that do so.
    pub fn taken_by(&self) -> impl Iterator<Item = (&'static Self, &'static Source)> {
        let line = self.line;
        ALL.into_iter().flat_map(move |other| {
            other.sources.iter().filter(move |source| source.line == line).map(move |source| (other, source))
        })
    }
}

/// A number of a record, zero where there is none.
pub(crate) fn number(record: &Record, field: &str) -> Decimal {
    record.get(field).as_decimal().unwrap_or_default()
}

/// Is the document in force, so that others may be made from it?
pub(crate) fn is_posted(record: &Record) -> bool {
    record.get("status").as_text() == Some("posted")
}
