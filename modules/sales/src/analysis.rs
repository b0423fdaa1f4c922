//! How opportunities go through a pipeline: funnel, pace, wins and losses. Each part is one aggregate over what the viewer may read.

use async_trait::async_trait;
use guanxi_engine::{AggregateRequest, Engine, Error, Figures, ListRequest, Result, Viewer};
use guanxi_model::{FieldDef, FieldType, Label, Value};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Longest filter.
const MOST_FILTER: usize = 20_000;
/// Most groups of one part: more competitors, reasons and stages than anybody looks at.
const MOST_ROWS: usize = 10_000;

type Row = Map<String, Json>;

/// `pipeline` (its id; without it the default one) and `filter` (on opportunities, in its JSON form) narrow them.
pub(crate) struct Analysis;

#[async_trait]
impl Figures for Analysis {
    fn name(&self) -> &'static str {
        "sales_analysis"
    }

    fn takes(&self) -> Vec<FieldDef> {
        let pipeline = FieldDef::new("pipeline", FieldType::Lookup, Label::new("销售流程", "Pipeline"));
        vec![
            FieldDef { to: Some("pipeline".to_owned()), ..pipeline },
            FieldDef::new("filter", FieldType::LongText, Label::new("筛选", "Filter")),
        ]
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, question: &HashMap<String, Value>) -> Result<Json> {
        if !engine.may_read(viewer, "opportunity", "stage") {
            return Err(Error::forbidden("没有查看商机的权限", "you may not read opportunities"));
        }
        let Some(pipeline) = pipeline(engine, viewer, question.get("pipeline").and_then(Value::as_id)).await? else {
            return Ok(json!({"pipeline": null, "stages": [], "loss_reasons": [], "competitors": []}));
        };
        let narrowed = narrowed(question.get("filter").and_then(Value::as_text))?;
        let asked = Asked { engine, viewer, pipeline: pipeline["id"].clone(), narrowed };
        let stages = asked.stages().await?;
        let here = asked.here().await?;
        let reached = asked.reached().await?;
        let (won, lost, open) = (reached.of("won"), reached.of("lost"), reached.of("open"));
        let closed = won.count + lost.count;
        Ok(json!({
            "pipeline": pipeline,
            "filter": asked.filter(&[]),
            "open": open.shown(), "won": won.shown(), "lost": lost.shown(),
            "win_rate": percent(won.count, closed),
            "cycle_days": asked.cycle().await?,
            "stages": funnel(&stages, &reached, &here, &asked.stays().await?),
            "loss_reasons": asked.loss_reasons().await?,
            "competitors": asked.competitors().await?,
            "elsewhere": reached.elsewhere,
        }))
    }
}

/// The pipeline that is meant, as far as the viewer may read it.
async fn pipeline(engine: &Engine, viewer: &Viewer, asked: Option<Uuid>) -> Result<Option<Row>> {
    let filter = match asked {
        Some(id) => json!(["id", "=", id]),
        None => json!(["active", "=", true]),
    };
    let request = ListRequest {
        filter: Some(filter),
        sort: Some("sort_order".into()),
        fields: Some(vec!["name".into(), "is_default".into()]),
        ..ListRequest::default()
    };
    let found = engine.list(viewer, "pipeline", &request).await?.items;
    let chosen = found.iter().find(|one| one.get("is_default") == Some(&json!(true))).or(found.first()).cloned();
    match (chosen, asked) {
        (None, Some(_)) => Err(Error::NotFound),
        (chosen, _) => Ok(chosen),
    }
}

fn narrowed(filter: Option<&str>) -> Result<Option<Json>> {
    let Some(text) = filter.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let bad = || Error::bad("bad_filter", "filter 不是可以读取的 JSON", "the filter is no JSON that can be read");
    if text.len() > MOST_FILTER {
        return Err(bad());
    }
    serde_json::from_str(text).map(Some).map_err(|_| bad())
}

/// Opportunities and what they bring, in the workspace's currency.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    count: i64,
    amount: Option<Decimal>,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.amount = match (self.amount, other.amount) {
            (Some(one), Some(more)) => Some(one + more),
            (one, more) => one.or(more),
        };
    }

    fn shown(&self) -> Json {
        json!({"count": self.count, "amount": self.amount.map(|amount| format!("{amount:.2}"))})
    }
}

/// By stage (or what else is grouped by) and status.
#[derive(Debug, Default)]
struct Sums {
    by: BTreeMap<(String, String), Sum>,
    titles: BTreeMap<String, Json>,
    /// Opportunities whose amount is in another currency and in no sum.
    elsewhere: i64,
}

impl Sums {
    /// Of a status, wherever.
    fn of(&self, status: &str) -> Sum {
        let mut sum = Sum::default();
        self.by.iter().filter(|((_, known), _)| known == status).for_each(|(_, one)| sum.add(*one));
        sum
    }

    fn at(&self, place: &str, status: &str) -> Sum {
        self.by.get(&(place.to_owned(), status.to_owned())).copied().unwrap_or_default()
    }

    fn all_at(&self, place: &str) -> Sum {
        let mut sum = Sum::default();
        self.by.iter().filter(|((known, _), _)| known == place).for_each(|(_, one)| sum.add(*one));
        sum
    }
}

/// Half up, one decimal; nothing of nothing.
fn percent(part: i64, whole: i64) -> Option<String> {
    (whole > 0).then(|| tenths(Decimal::from(part * 100) / Decimal::from(whole)))
}

fn tenths(number: Decimal) -> String {
    format!("{:.1}", number.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))
}

struct Asked<'a> {
    engine: &'a Engine,
    viewer: &'a Viewer,
    pipeline: Json,
    narrowed: Option<Json>,
}

impl Asked<'_> {
    /// What is counted: this pipeline's opportunities that match, and that match this besides.
    fn filter(&self, more: &[Json]) -> Json {
        let mut parts = vec![json!(["pipeline", "=", self.pipeline])];
        parts.extend(self.narrowed.clone());
        parts.extend(more.iter().cloned());
        json!({"and": parts})
    }

    async fn ask(&self, object: &str, request: Json) -> Result<Vec<Row>> {
        let request: AggregateRequest = serde_json::from_value(request).unwrap_or_default();
        self.engine.aggregate(self.viewer, object, &request).await
    }

    async fn stages(&self) -> Result<Vec<Row>> {
        let request = ListRequest {
            filter: Some(json!(["pipeline", "=", self.pipeline])),
            sort: Some("sort_order".into()),
            fields: Some(vec!["name".into(), "kind".into()]),
            limit: Some(100),
            ..ListRequest::default()
        };
        Ok(self.engine.list(self.viewer, "stage", &request).await?.items)
    }

    /// Counts, and sums where the viewer may know them, by a field and the status.
    async fn sums(&self, field: &str, more: &[Json]) -> Result<Sums> {
        let amounts = self.engine.may_read(self.viewer, "opportunity", "amount");
        let mut groups = vec![json!(field)];
        if field != "status" {
            groups.push(json!("status"));
        }
        let mut measures = vec![json!({"fn": "count"})];
        if amounts {
            // A sum over several currencies would mean nothing.
            groups.push(json!("currency"));
            measures.push(json!({"fn": "sum", "field": "amount"}));
        }
        let request = json!({
            "group_by": groups, "measures": measures, "filter": self.filter(more), "limit": MOST_ROWS,
        });
        let home = self.engine.settings().currency.clone();
        let mut sums = Sums::default();
        for row in self.ask("opportunity", request).await? {
            let place = row.get(field).cloned().unwrap_or_default();
            let key = place.get("id").unwrap_or(&place).as_str().unwrap_or_default().to_owned();
            let status = row.get("status").and_then(Json::as_str).unwrap_or_default().to_owned();
            let count = row.get("count").and_then(Json::as_i64).unwrap_or_default();
            let at_home = row.get("currency").and_then(Json::as_str).is_none_or(|currency| currency == home);
            let sum = row.get("sum_amount").and_then(Json::as_str).and_then(|text| text.parse().ok());
            if !at_home {
                sums.elsewhere += count;
            }
            sums.by.entry((key.clone(), status)).or_default().add(Sum { count, amount: sum.filter(|_| at_home) });
            sums.titles.insert(key, place);
        }
        Ok(sums)
    }

    /// By the furthest stage they have come to.
    async fn reached(&self) -> Result<Sums> {
        self.sums("furthest_stage", &[]).await
    }

    /// By where they stand now.
    async fn here(&self) -> Result<Sums> {
        self.sums("stage", &[]).await
    }

    /// How long opportunities stayed in a stage before they left it: days and how many times, by stage.
    async fn stays(&self) -> Result<BTreeMap<String, (Json, Json)>> {
        let filter = json!({"and": [
            ["from_stage", "not_null"], ["days", "not_null"], below(&self.filter(&[]), "opportunity"),
        ]});
        let request = json!({
            "group_by": ["from_stage"], "measures": [{"fn": "avg", "field": "days"}, {"fn": "count"}],
            "filter": filter, "limit": MOST_ROWS,
        });
        let rows = self.ask("stage_change", request).await?;
        let read = |row: &Row| {
            let id = row.get("from_stage")?.get("id")?.as_str()?.to_owned();
            let days = row.get("avg_days")?.as_str().and_then(|days| days.parse().ok()).map(tenths);
            Some((id, (json!(days), row.get("count")?.clone())))
        };
        Ok(rows.iter().filter_map(read).collect())
    }

    /// Days from the beginning to the win, on average.
    async fn cycle(&self) -> Result<Json> {
        let request = json!({
            "measures": [{"fn": "avg", "field": "cycle_days"}],
            "filter": self.filter(&[json!(["status", "=", "won"])]),
        });
        let rows = self.ask("opportunity", request).await?;
        let days = rows.first().and_then(|row| row.get("avg_cycle_days")?.as_str()?.parse().ok());
        Ok(json!(days.map(tenths)))
    }

    async fn loss_reasons(&self) -> Result<Vec<Json>> {
        if !self.engine.may_read(self.viewer, "opportunity", "loss_reason") {
            return Ok(Vec::new());
        }
        let sums = self.sums("loss_reason", &[json!(["status", "=", "lost"])]).await?;
        let mut rows: Vec<(Sum, Json)> = sums
            .titles
            .keys()
            .map(|reason| {
                let sum = sums.all_at(reason);
                let value = Some(reason).filter(|reason| !reason.is_empty());
                (sum, merged(json!({"reason": value}), &sum))
            })
            .collect();
        rows.sort_by_key(|(sum, _)| std::cmp::Reverse(sum.count));
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Against whom it was won and lost, by the main competitor.
    async fn competitors(&self) -> Result<Vec<Json>> {
        if !self.engine.may_read(self.viewer, "opportunity", "competitor") {
            return Ok(Vec::new());
        }
        let sums = self.sums("competitor", &[json!(["competitor", "not_null"])]).await?;
        let mut rows: Vec<(i64, Json)> = sums
            .titles
            .iter()
            .map(|(id, competitor)| {
                let [open, won, lost] = ["open", "won", "lost"].map(|status| sums.at(id, status));
                let row = json!({
                    "competitor": competitor, "open": open.shown(), "won": won.shown(), "lost": lost.shown(),
                    "win_rate": percent(won.count, won.count + lost.count),
                });
                (open.count + won.count + lost.count, row)
            })
            .collect();
        rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }
}

fn merged(mut row: Json, sum: &Sum) -> Json {
    if let (Some(row), Json::Object(sum)) = (row.as_object_mut(), sum.shown()) {
        row.extend(sum);
    }
    row
}

/// The stages in their order: how many came there or further, which part of those came on, what stands there, how long it stays. What
/// was lost ended wherever it stood, so that a lost stage is none of them.
fn funnel(stages: &[Row], reached: &Sums, here: &Sums, stays: &BTreeMap<String, (Json, Json)>) -> Vec<Json> {
    let id = |stage: &Row| stage.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
    let way: Vec<&Row> = stages.iter().filter(|stage| stage.get("kind") != Some(&json!("lost"))).collect();
    let mut came = vec![Sum::default(); way.len() + 1];
    for (place, stage) in way.iter().enumerate().rev() {
        came[place] = came[place + 1];
        came[place].add(reached.all_at(&id(stage)));
    }
    let all = came.first().copied().unwrap_or_default().count;
    way.iter()
        .enumerate()
        .map(|(place, stage)| {
            let id = id(stage);
            let on = (place + 1 < way.len()).then(|| percent(came[place + 1].count, came[place].count)).flatten();
            let (days, stays) = stays.get(&id).cloned().unwrap_or((Json::Null, json!(0)));
            let further: Vec<String> = way[place..]
                .iter()
                .map(|stage| stage.get("id").and_then(Json::as_str).unwrap_or_default().to_owned())
                .collect();
            json!({
                "id": id, "name": stage.get("name"), "kind": stage.get("kind"),
                "reached": came[place].shown(), "of_all": percent(came[place].count, all), "conversion": on,
                "here": here.all_at(&id).shown(), "lost_here": reached.at(&id, "lost").shown(),
                "average_days": days, "stays": stays, "further": further,
            })
        })
        .collect()
}

/// A filter on records as one on what points at them through a lookup.
fn below(filter: &Json, lookup: &str) -> Json {
    match filter {
        Json::Array(parts) => match parts.split_first() {
            Some((Json::String(path), rest)) => {
                let mut condition = vec![json!(format!("{lookup}.{path}"))];
                condition.extend(rest.iter().cloned());
                Json::Array(condition)
            }
            _ => filter.clone(),
        },
        Json::Object(members) => Json::Object(
            members
                .iter()
                .map(|(word, inner)| {
                    let inner = match inner {
                        Json::Array(parts) if word != "not" => {
                            Json::Array(parts.iter().map(|part| below(part, lookup)).collect())
                        }
                        one => below(one, lookup),
                    };
                    (word.clone(), inner)
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_go_through_the_lookup() {
        let filter = json!({"and": [["pipeline", "=", "x"], {"not": ["owner.department", "under", "y"]}, {"or": []}]});
        let through = json!({"and": [
            ["opportunity.pipeline", "=", "x"], {"not": ["opportunity.owner.department", "under", "y"]}, {"or": []},
        ]});
        assert_eq!(below(&filter, "opportunity"), through);
    }

    #[test]
    fn percentages_are_half_up() {
        assert_eq!(percent(1, 3).as_deref(), Some("33.3"));
        assert_eq!(percent(1, 16).as_deref(), Some("6.3"));
        assert_eq!(percent(0, 0), None);
    }
}
