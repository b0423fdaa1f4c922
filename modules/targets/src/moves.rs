//! Once a day what the forecast has moved by since it was looked at last is written down, by person and month.

use crate::{
    actuals::{ask, id_of, number},
    forecast::{Sums, by, within},
    period::{Period, first_of, today},
};
use async_trait::async_trait;
use guanxi_engine::{Chore, Engine, Result, Viewer};
use guanxi_model::coerce::decimal_fits;
use jiff::{ToSpan as _, civil::Date};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The object.
pub(crate) const MOVES: &str = "forecast_move";
/// Months from the one two years ago that are looked at: what closed before does not move any more, what closes later is no forecast.
const BEHIND: i32 = 24;
const MONTHS: i32 = 37;

/// Writes them down. What was written already is not written again, however often it runs.
pub(crate) struct ForecastMoves;

#[async_trait]
impl Chore for ForecastMoves {
    fn name(&self) -> &'static str {
        MOVES
    }

    fn hour(&self) -> i8 {
        23
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let today = today(engine);
        let this = first_of(today.year(), today.month());
        let mut failed = None;
        for ahead in 0..MONTHS {
            let Ok(month) = this.checked_add((ahead - BEHIND).months()) else { continue };
            if let Err(error) = note(engine, month, today).await {
                tracing::warn!(%month, %error, "the forecast of a month cannot be noted");
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

/// How somebody's forecast stands, in the order of the fields.
const PARTS: [&str; 5] = ["won", "commit", "best_case", "pipeline", "weighted"];
type Standing = ([Decimal; PARTS.len()], i64);

async fn note(engine: &Engine, month: Date, today: Date) -> Result<()> {
    let viewer = Viewer::system("forecast");
    let now = standing(engine, &viewer, month).await?;
    let noted = noted(engine, &viewer, month).await?;
    let people: BTreeSet<Option<Uuid>> = now.keys().chain(noted.keys()).copied().collect();
    let moves: Vec<Map<String, Json>> = people
        .into_iter()
        .filter_map(|owner| {
            let of = |sums: &HashMap<Option<Uuid>, Standing>| sums.get(&owner).copied().unwrap_or_default();
            let ((now, deals), (before, deals_before)) = (of(&now), of(&noted));
            let moved: Vec<Decimal> = now.iter().zip(before).map(|(now, before)| *now - before).collect();
            if moved.iter().all(Decimal::is_zero) && deals == deals_before {
                return None;
            }
            if !moved.iter().copied().all(decimal_fits) {
                tracing::warn!(?owner, %month, "somebody's forecast is too large to be noted");
                return None;
            }
            let values = [
                ("name", json!(format!("{} · {today}", month.strftime("%Y-%m")))),
                ("owner", json!(owner)),
                ("month", json!(month.to_string())),
                ("day", json!(today.to_string())),
                ("deals", json!(deals - deals_before)),
            ];
            let parts = PARTS.into_iter().zip(moved).map(|(part, amount)| (part, json!(amount.to_string())));
            Some(values.into_iter().chain(parts).map(|(field, value)| (field.to_owned(), value)).collect())
        })
        .collect();
    for some in moves.chunks(500) {
        engine.load_records(&viewer, MOVES, some).await?;
    }
    Ok(())
}

/// How it stands now.
async fn standing(engine: &Engine, viewer: &Viewer, month: Date) -> Result<HashMap<Option<Uuid>, Standing>> {
    let period = Period { year: month.year(), months: month.month()..=month.month() };
    let people = by(engine, viewer, &within(engine, &period), &json!("owner"), "owner").await?;
    Ok(people
        .into_values()
        .map(|(owner, Sums { won, commit, best_case, pipeline, weighted, deals })| {
            (id_of(Some(&owner)), ([won, commit, best_case, pipeline, weighted], deals))
        })
        .collect())
}

/// How it stood when it was written down last.
async fn noted(engine: &Engine, viewer: &Viewer, month: Date) -> Result<HashMap<Option<Uuid>, Standing>> {
    let mut measures: Vec<Json> = PARTS.iter().map(|part| json!({"fn": "sum", "field": part})).collect();
    measures.push(json!({"fn": "sum", "field": "deals"}));
    let request = json!({
        "group_by": ["owner"], "measures": measures, "limit": 10_000, "filter": ["month", "=", month.to_string()],
    });
    let rows = ask(engine, viewer, MOVES, request).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let parts = PARTS.map(|part| number(row.get(&format!("sum_{part}"))).unwrap_or_default());
            let deals = row.get("sum_deals").and_then(Json::as_i64).unwrap_or_default();
            (id_of(row.get("owner")), (parts, deals))
        })
        .collect())
}
