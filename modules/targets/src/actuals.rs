//! What has been reached: sums over the records that a measure counts, by month.

use crate::period::{begins, first_of};
use guanxi_engine::{AggregateRequest, Engine, Result, Viewer};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// People or departments of one statement: their months stay below the most rows of an aggregate.
const SOME: usize = 500;

/// A measure of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// What opportunities brought that were won, in the workspace's currency.
    WonAmount,
    /// How many were won.
    WonCount,
    /// How much of a product their lines hold.
    SoldQuantity,
    /// Customers entered.
    NewCustomers,
    /// What open opportunities bring by their probability; no target is set for it.
    Weighted,
}

impl Measure {
    /// By its value in the field.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "won_amount" => Self::WonAmount,
            "won_count" => Self::WonCount,
            "sold_quantity" => Self::SoldQuantity,
            "new_customers" => Self::NewCustomers,
            _ => return None,
        })
    }

    /// The fields that one must be able to read to know of it.
    pub(crate) fn rests_on(self, by_product: bool) -> &'static [(&'static str, &'static str)] {
        match (self, by_product) {
            (Self::WonAmount, false) => &[("opportunity", "amount")],
            (Self::WonAmount, true) => &[("opportunity_product", "amount"), ("opportunity_product", "product")],
            (Self::WonCount, _) => &[("opportunity", "status")],
            (Self::SoldQuantity, _) => &[("opportunity_product", "quantity"), ("opportunity_product", "product")],
            (Self::NewCustomers, _) => &[("customer", "name")],
            (Self::Weighted, _) => &[("opportunity", "expected")],
        }
    }

    /// What is counted of it for a product, or for all.
    fn source(self, product: Option<Uuid>) -> Source {
        let deals = |by_lines: bool| {
            let way = if by_lines { "opportunity." } else { "" };
            let filter = vec![json!([format!("{way}status"), "=", "won"])];
            Source {
                object: if by_lines { "opportunity_product" } else { "opportunity" },
                way,
                date: "close_date",
                filter,
                sum: None,
            }
        };
        let mut source = match self {
            Self::WonAmount => Source { sum: Some("amount"), ..deals(product.is_some()) },
            Self::WonCount => deals(false),
            Self::SoldQuantity => Source { sum: Some("quantity"), ..deals(true) },
            Self::NewCustomers => {
                Source { object: "customer", way: "", date: "created_at", filter: Vec::new(), sum: None }
            }
            Self::Weighted => Source {
                sum: Some("expected"),
                filter: vec![json!(["status", "=", "open"]), json!(["forecast_category", "!=", "omitted"])],
                ..deals(false)
            },
        };
        source.filter.extend(product.map(|product| json!(["product", "=", product])));
        source
    }
}

struct Source {
    object: &'static str,
    /// The path to the record that has date, owner and department.
    way: &'static str,
    date: &'static str,
    filter: Vec<Json>,
    /// The field that is summed up; none: they are counted.
    sum: Option<&'static str>,
}

/// Whose share is whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum By {
    /// Everything is the company's.
    Company,
    /// A record is its department's.
    Department,
    /// A record is its owner's.
    Owner,
}

/// By whom and month (1 to 12); for [`By::Company`] by nobody.
pub(crate) type Sums = HashMap<(Option<Uuid>, i8), Decimal>;

/// What was reached in a year by each of some people or departments, or by the company. Everything counts, whoever may read the
/// single records.
pub(crate) async fn reached(
    engine: &Engine,
    (measure, product): (Measure, Option<Uuid>),
    (by, whose): (By, &[Uuid]),
    year: i16,
) -> Result<Sums> {
    let viewer = Viewer::system("targets");
    let source = measure.source(product);
    let mut sums = Sums::new();
    let groups: Vec<&[Uuid]> = if by == By::Company { vec![&[]] } else { whose.chunks(SOME).collect() };
    for some in groups {
        let owner = match by {
            By::Company => None,
            By::Department => Some(format!("{}department", source.way)),
            By::Owner => Some(format!("{}owner", source.way)),
        };
        let date = format!("{}{}", source.way, source.date);
        let (from, to) = (first_of(year, 1), first_of(year + 1, 1));
        let mut filter = source.filter.clone();
        if source.date == "created_at" {
            let moments = [begins(engine, from), begins(engine, to)];
            filter.push(json!([date, ">=", moments[0].to_string()]));
            filter.push(json!([date, "<", moments[1].to_string()]));
        } else {
            filter.push(json!([date, ">=", from.to_string()]));
            filter.push(json!([date, "<", to.to_string()]));
        }
        filter.extend(owner.as_ref().map(|owner| json!([owner, "in", some])));
        if matches!(source.sum, Some("amount" | "expected")) {
            // A sum over several currencies would mean nothing.
            filter.push(json!(["currency", "=", engine.settings().currency]));
        }
        let measure = match source.sum {
            Some(field) => json!({"fn": "sum", "field": field}),
            None => json!({"fn": "count"}),
        };
        let groups: Vec<Json> =
            owner.iter().map(|owner| json!(owner)).chain([json!({"field": date, "by": "month"})]).collect();
        let request = json!({"group_by": groups, "measures": [measure], "filter": {"and": filter}, "limit": 10_000});
        for row in ask(engine, &viewer, source.object, request).await? {
            let who = owner.as_ref().and_then(|owner| id_of(row.get(owner.as_str())));
            let month = row.get(&date).and_then(Json::as_str).and_then(|month| month.get(5..7)?.parse().ok());
            let value = match source.sum {
                Some(field) => number(row.get(&format!("sum_{field}"))),
                None => row.get("count").and_then(Json::as_i64).map(Decimal::from),
            };
            if let (Some(month), Some(value)) = (month, value) {
                *sums.entry((who, month)).or_default() += value;
            }
        }
    }
    Ok(sums)
}

/// An aggregate from its JSON form.
pub(crate) async fn ask(
    engine: &Engine,
    viewer: &Viewer,
    object: &str,
    request: Json,
) -> Result<Vec<Map<String, Json>>> {
    let request: AggregateRequest = serde_json::from_value(request).unwrap_or_default();
    engine.aggregate(viewer, object, &request).await
}

/// The record that a lookup shows.
pub(crate) fn id_of(shown: Option<&Json>) -> Option<Uuid> {
    shown?.get("id")?.as_str().and_then(|id| Uuid::try_parse(id).ok())
}

/// An exact number.
pub(crate) fn number(shown: Option<&Json>) -> Option<Decimal> {
    shown?.as_str()?.parse().ok()
}
