//! What is expected to come in: open opportunities by category and weighted, beside what is won, and how that moved.

use crate::{
    actuals::{ask, id_of, number},
    moves::MOVES,
    period::{Period, today},
    progress::{plain, set_for},
};
use async_trait::async_trait;
use guanxi_engine::{Engine, Error, Figures, Result, Viewer};
use guanxi_model::{FieldDef, FieldType, Label, Value};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Most rows of an aggregate.
const MOST: usize = 10_000;

/// The forecast of a `period` (`2026`, `2026-Q3`, `2026-07`; this quarter): opportunities that close in it, in the workspace's
/// currency, as far as the viewer may read them.
pub(crate) struct Forecast;

#[async_trait]
impl Figures for Forecast {
    fn name(&self) -> &'static str {
        "forecast"
    }

    fn takes(&self) -> Vec<FieldDef> {
        vec![FieldDef::new("period", FieldType::Text, Label::new("期间", "Period"))]
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Json> {
        let needed = ["amount", "expected", "close_date", "status", "forecast_category", "owner"];
        if engine.readable_fields(viewer, "opportunity", &needed).len() < needed.len()
            || !engine.may_read(viewer, "opportunity", "amount")
        {
            return Err(Error::forbidden("没有查看商机金额的权限", "you may not read the amounts of opportunities"));
        }
        let today = today(engine);
        let period = match asked.get("period").and_then(Value::as_text) {
            Some(text) => Period::parse(text)?,
            None => Period::quarter_of(today),
        };
        let filter = within(engine, &period);
        let people = by(engine, viewer, &filter, &json!("owner"), "owner").await?;
        let by_month = json!({"field": "close_date", "by": "month"});
        let months = by(engine, viewer, &filter, &by_month, "close_date").await?;
        let mut total = Sums::default();
        people.values().for_each(|(_, sums)| total.add(sums));
        let goals = set_for(engine, viewer, &period).await?;
        let target = |who: Option<Uuid>| who.and_then(|who| goals.of.get(&who)).copied();
        let mut rows: Vec<(Decimal, Json)> = people
            .values()
            .map(|(owner, sums)| {
                let mut row = sums.shown();
                row.insert("owner".into(), owner.clone());
                row.insert("target".into(), json!(target(id_of(Some(owner))).map(plain)));
                (sums.won + sums.weighted, Json::Object(row))
            })
            .collect();
        // Who has a target and nothing in sight is the one to look for.
        let without: Vec<Uuid> =
            goals.of.keys().filter(|who| !people.contains_key(&who.to_string())).copied().collect();
        for user in engine.find_all(viewer, "user", &json!(["id", "in", without])).await? {
            let mut row = Sums::default().shown();
            row.insert("owner".into(), json!({"id": user.id, "title": user.get("name").as_text()}));
            row.insert("target".into(), json!(target(Some(user.id)).map(plain)));
            rows.push((Decimal::ZERO, Json::Object(row)));
        }
        rows.sort_by_key(|(sum, _)| std::cmp::Reverse(*sum));
        let mut whole = total.shown();
        whole.insert("target".into(), json!(goals.whole.map(plain)));
        let (passed, days) = period.days(today);
        Ok(json!({
            "period": period.name(), "first": period.first().to_string(), "after": period.after().to_string(),
            "days_passed": passed, "days": days, "currency": engine.settings().currency,
            "total": whole,
            "rows": rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>(),
            "months": months.into_iter().map(|(month, (_, sums))| {
                let mut row = sums.shown();
                row.insert("month".into(), json!(month));
                row
            }).collect::<Vec<_>>(),
            "late": late(engine, viewer, today).await?,
            "elsewhere": elsewhere(engine, viewer, &period).await?,
            "history": history(engine, viewer, &period).await?,
        }))
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Won,
    Commit,
    BestCase,
    Pipeline,
}

/// What opportunities bring, by how sure it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Won already.
    pub won: Decimal,
    /// Open, by category.
    pub commit: Decimal,
    /// The same.
    pub best_case: Decimal,
    /// The same.
    pub pipeline: Decimal,
    /// Amounts by their probability, of those three.
    pub weighted: Decimal,
    /// How many opportunities those are.
    pub deals: i64,
}

impl Sums {
    /// Adds opportunities of a kind.
    fn take(&mut self, kind: Kind, group: &Map<String, Json>) {
        let amount = number(group.get("sum_amount")).unwrap_or_default();
        match kind {
            Kind::Won => {
                self.won += amount;
                return;
            }
            Kind::Commit => self.commit += amount,
            Kind::BestCase => self.best_case += amount,
            Kind::Pipeline => self.pipeline += amount,
        }
        self.weighted += number(group.get("sum_expected")).unwrap_or_default();
        self.deals += group.get("count").and_then(Json::as_i64).unwrap_or_default();
    }

    fn add(&mut self, other: &Self) {
        self.won += other.won;
        self.commit += other.commit;
        self.best_case += other.best_case;
        self.pipeline += other.pipeline;
        self.weighted += other.weighted;
        self.deals += other.deals;
    }

    fn shown(&self) -> Map<String, Json> {
        let shown = json!({
            "won": plain(self.won), "commit": plain(self.commit), "best_case": plain(self.best_case),
            "pipeline": plain(self.pipeline), "weighted": plain(self.weighted), "deals": self.deals,
        });
        if let Json::Object(shown) = shown { shown } else { Map::new() }
    }
}

/// Opportunities that close in a period and count for it.
pub(crate) fn within(engine: &Engine, period: &Period) -> Json {
    json!({"and": [
        ["close_date", ">=", period.first().to_string()], ["close_date", "<", period.after().to_string()],
        ["status", "in", ["open", "won"]], ["currency", "=", engine.settings().currency],
    ]})
}

/// Sums of opportunities by a group, under its text: how it is shown, and the sums.
pub(crate) async fn by(
    engine: &Engine,
    viewer: &Viewer,
    filter: &Json,
    group: &Json,
    field: &str,
) -> Result<BTreeMap<String, (Json, Sums)>> {
    let open = |category: Json| json!({"and": [filter, ["status", "=", "open"], category]});
    let kinds: [(Kind, Json); 4] = [
        (Kind::Won, json!({"and": [filter, ["status", "=", "won"]]})),
        (Kind::Commit, open(json!(["forecast_category", "=", "commit"]))),
        (Kind::BestCase, open(json!(["forecast_category", "=", "best_case"]))),
        // Those of an older release have none until they are looked at.
        (Kind::Pipeline, open(json!({"not": ["forecast_category", "in", ["commit", "best_case", "omitted"]]}))),
    ];
    let mut found = BTreeMap::new();
    for (kind, filter) in kinds {
        let request = json!({
            "group_by": [group], "limit": MOST, "filter": filter,
            "measures": [{"fn": "count"}, {"fn": "sum", "field": "amount"}, {"fn": "sum", "field": "expected"}],
        });
        let rows = ask(engine, viewer, "opportunity", request).await?;
        if rows.len() >= MOST {
            // Better none than a wrong one.
            return Err(Error::conflict(
                "too_many_groups",
                "人员太多，无法汇总预测",
                "there are too many people to sum up their forecast",
            ));
        }
        for row in rows {
            let shown = row.get(field).cloned().unwrap_or_default();
            let key = shown.get("id").unwrap_or(&shown).as_str().unwrap_or_default().to_owned();
            let (_, sums) = found.entry(key).or_insert_with(|| (shown, Sums::default()));
            sums.take(kind, &row);
        }
    }
    Ok(found)
}

/// Open opportunities that should have closed by now.
async fn late(engine: &Engine, viewer: &Viewer, today: jiff::civil::Date) -> Result<Json> {
    let filter = json!({"and": [
        ["status", "=", "open"], ["close_date", "<", today.to_string()], ["currency", "=", engine.settings().currency],
    ]});
    let request = json!({"measures": [{"fn": "count"}, {"fn": "sum", "field": "amount"}], "filter": filter});
    let rows = ask(engine, viewer, "opportunity", request).await?;
    let row = rows.into_iter().next().unwrap_or_default();
    Ok(json!({
        "deals": row.get("count"), "amount": plain(number(row.get("sum_amount")).unwrap_or_default()), "filter": filter,
    }))
}

/// How many close in the period whose amount is in another currency and in no sum.
async fn elsewhere(engine: &Engine, viewer: &Viewer, period: &Period) -> Result<Json> {
    let filter = json!({"and": [
        ["close_date", ">=", period.first().to_string()], ["close_date", "<", period.after().to_string()],
        ["status", "in", ["open", "won"]], {"not": ["currency", "=", engine.settings().currency]}, ["amount", "not_null"],
    ]});
    let request = json!({"measures": [{"fn": "count"}], "filter": filter});
    let rows = ask(engine, viewer, "opportunity", request).await?;
    Ok(rows.first().and_then(|row| row.get("count").cloned()).unwrap_or_default())
}

/// The forecast for the period as it stood after each day on which it moved.
async fn history(engine: &Engine, viewer: &Viewer, period: &Period) -> Result<Vec<Json>> {
    const PARTS: [&str; 6] = ["won", "commit", "best_case", "pipeline", "weighted", "deals"];
    if engine.readable_fields(viewer, MOVES, &PARTS).len() < PARTS.len() {
        return Ok(Vec::new());
    }
    let measures: Vec<Json> = PARTS.iter().map(|part| json!({"fn": "sum", "field": part})).collect();
    let filter = json!({"and": [
        ["month", ">=", period.first().to_string()], ["month", "<", period.after().to_string()],
    ]});
    let request =
        json!({"group_by": [{"field": "day", "by": "day"}], "measures": measures, "filter": filter, "limit": MOST});
    let mut rows: Vec<(String, Map<String, Json>)> = ask(engine, viewer, MOVES, request)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.get("day")?.as_str()?.to_owned(), row)))
        .collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    let mut stands = [Decimal::ZERO; PARTS.len()];
    Ok(rows
        .into_iter()
        .map(|(day, row)| {
            let mut shown = Map::from_iter([("day".to_owned(), json!(day))]);
            for (part, stands) in PARTS.iter().zip(&mut stands) {
                let cell = row.get(&format!("sum_{part}"));
                *stands += number(cell).or_else(|| cell?.as_i64().map(Decimal::from)).unwrap_or_default();
                let counted = (*part == "deals").then(|| stands.to_i64()).flatten();
                shown.insert((*part).to_owned(), counted.map_or_else(|| json!(plain(*stands)), |count| json!(count)));
            }
            Json::Object(shown)
        })
        .collect())
}
