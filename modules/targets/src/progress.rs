//! How far targets are reached.

use crate::{
    actuals::{By, Measure, Sums, reached},
    period::{Period, today},
    target::TARGET,
};
use async_trait::async_trait;
use guanxi_engine::{Engine, Error, Figures, Result, Viewer};
use guanxi_model::{FieldDef, FieldType, Label, Value};
use guanxi_store::records::Record;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value as Json, json};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Targets of a `period` (`2026`, `2026-Q3`, `2026-07`; this quarter) for a `measure` (`won_amount`), those of a `product` or those
/// of none.
pub(crate) struct Targets;

#[async_trait]
impl Figures for Targets {
    fn name(&self) -> &'static str {
        "targets"
    }

    fn takes(&self) -> Vec<FieldDef> {
        let product = FieldDef::new("product", FieldType::Lookup, Label::new("产品", "Product"));
        vec![
            FieldDef::new("period", FieldType::Text, Label::new("期间", "Period")),
            FieldDef::new("measure", FieldType::Text, Label::new("指标", "Measure")),
            FieldDef { to: Some("product".to_owned()), ..product },
            FieldDef::new("mine", FieldType::Boolean, Label::new("只看自己的", "Mine only")),
        ]
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Json> {
        if !may_read_targets(engine, viewer) {
            return Err(Error::forbidden("没有查看目标的权限", "you may not read targets"));
        }
        let today = today(engine);
        let period = match asked.get("period").and_then(Value::as_text) {
            Some(text) => Period::parse(text)?,
            None => Period::quarter_of(today),
        };
        let name = asked.get("measure").and_then(Value::as_text).unwrap_or("won_amount");
        let measure = Measure::parse(name)
            .ok_or_else(|| Error::bad("bad_measure", "没有这个指标", "there is no such measure"))?;
        let product = asked.get("product").and_then(Value::as_id);
        let mut filter = vec![json!(["year", "=", period.year]), json!(["measure", "=", name])];
        if let Some(product) = product {
            filter.push(json!(["product", "=", product]));
        }
        if asked.get("mine").and_then(Value::as_bool) == Some(true) {
            filter.push(json!(["level", "=", "person"]));
            filter.push(json!(["owner", "=", viewer.id]));
        }
        let targets: Vec<Goal> =
            engine.find_all(viewer, TARGET, &json!({"and": filter})).await?.iter().map(Goal::read).collect();
        let knows = |by_product: bool| {
            measure.rests_on(by_product).iter().all(|(object, field)| engine.may_read(viewer, object, field))
        };
        let known = targets.iter().all(|goal| knows(goal.product.is_some()));
        let actuals = match known {
            true => Some(Actuals::of(engine, measure, &targets, period.year).await?),
            false => None,
        };
        let weighted = measure == Measure::WonAmount && engine.may_read(viewer, "opportunity", "expected");
        let unsold: Vec<Goal> = targets.iter().filter(|goal| goal.product.is_none()).cloned().collect();
        let weighted = match weighted {
            true => Some(Actuals::of(engine, Measure::Weighted, &unsold, period.year).await?),
            false => None,
        };
        let names = names(engine, viewer, &targets).await?;
        let mut rows: Vec<Row> = targets
            .iter()
            .map(|goal| Row {
                target: goal.within(&period),
                actual: actuals.as_ref().map(|actuals| actuals.within(goal, &period)),
                months: (1..=12)
                    .map(|month| {
                        let one = Period { year: period.year, months: month..=month };
                        (goal.within(&one), actuals.as_ref().map(|actuals| actuals.within(goal, &one)))
                    })
                    .collect(),
                weighted: weighted.as_ref().filter(|_| goal.product.is_none()).map(|open| open.within(goal, &period)),
                goal: goal.clone(),
            })
            .collect();
        rows.sort_by(|one, other| one.order().cmp(&other.order()).then(other.rate().cmp(&one.rate())));
        let places = places(&rows);
        let (passed, days) = period.days(today);
        Ok(json!({
            "period": period.name(), "measure": name, "days_passed": passed, "days": days,
            "currency": (measure == Measure::WonAmount).then(|| engine.settings().currency.clone()),
            "rows": rows.iter().zip(places).map(|(row, place)| row.shown(&names, place)).collect::<Vec<_>>(),
        }))
    }
}

/// A target as it is kept.
#[derive(Debug, Clone)]
struct Goal {
    id: Uuid,
    by: By,
    /// The person or the department.
    who: Option<Uuid>,
    owner: Option<Uuid>,
    product: Option<Uuid>,
    months: Vec<Option<Decimal>>,
}

impl Goal {
    fn read(record: &Record) -> Self {
        let owner = record.get("owner").as_id();
        let (by, who) = match record.get("level").as_text() {
            Some("company") => (By::Company, None),
            Some("department") => (By::Department, record.get("team").as_id()),
            _ => (By::Owner, owner),
        };
        Self {
            id: record.id,
            by,
            who,
            owner,
            product: record.get("product").as_id(),
            months: (1..=12).map(|month| record.get(&format!("m{month}")).as_decimal()).collect(),
        }
    }

    /// Nothing when no month of the period says anything.
    fn within(&self, period: &Period) -> Option<Decimal> {
        let place = |month: i8| usize::try_from(month - 1).ok();
        let months = period.months.clone().filter_map(|month| self.months.get(place(month)?).copied().flatten());
        months.reduce(|one, more| one + more)
    }
}

/// What is to be won in a period, as far as the viewer may read targets.
#[derive(Debug, Default)]
pub(crate) struct GoalsSet {
    /// By person.
    pub of: HashMap<Uuid, Decimal>,
    /// Together: the company's target, or that of the viewer's department, or else what the people's add up to.
    pub whole: Option<Decimal>,
}

/// The targets of amounts won, of no single product.
pub(crate) async fn set_for(engine: &Engine, viewer: &Viewer, period: &Period) -> Result<GoalsSet> {
    if !may_read_targets(engine, viewer) {
        return Ok(GoalsSet::default());
    }
    let filter = json!({"and": [["year", "=", period.year], ["measure", "=", "won_amount"], ["product", "is_null"]]});
    let goals: Vec<Goal> = engine.find_all(viewer, TARGET, &filter).await?.iter().map(Goal::read).collect();
    let of: HashMap<Uuid, Decimal> = goals
        .iter()
        .filter(|goal| goal.by == By::Owner)
        .filter_map(|goal| Some((goal.who?, goal.within(period)?)))
        .collect();
    let first = |by: By, who: Option<Uuid>| {
        goals.iter().find(|goal| goal.by == by && goal.who == who).and_then(|goal| goal.within(period))
    };
    let whole = first(By::Company, None)
        .or_else(|| viewer.department().and_then(|department| first(By::Department, Some(department))))
        .or_else(|| of.values().copied().reduce(|one, more| one + more));
    Ok(GoalsSet { of, whole })
}

fn may_read_targets(engine: &Engine, viewer: &Viewer) -> bool {
    let months: Vec<String> = (1..=12).map(|month| format!("m{month}")).collect();
    let mut needed = vec!["year", "measure", "level", "owner", "team", "product"];
    needed.extend(months.iter().map(String::as_str));
    engine.may_read(viewer, TARGET, "year") && engine.readable_fields(viewer, TARGET, &needed).len() == needed.len()
}

/// What was reached, by level and product.
struct Actuals {
    sums: HashMap<(By, Option<Uuid>), Sums>,
    /// A department with all below it.
    below: HashMap<Uuid, HashSet<Uuid>>,
}

impl Actuals {
    async fn of(engine: &Engine, measure: Measure, goals: &[Goal], year: i16) -> Result<Self> {
        let teams: BTreeSet<Uuid> =
            goals.iter().filter(|goal| goal.by == By::Department).filter_map(|goal| goal.who).collect();
        let below = if teams.is_empty() { HashMap::new() } else { below(engine, &teams).await? };
        let kinds: BTreeSet<(By, Option<Uuid>)> = goals.iter().map(|goal| (goal.by, goal.product)).collect();
        let mut sums = HashMap::new();
        for (by, product) in kinds {
            let mut whose: Vec<Uuid> = match by {
                By::Company => Vec::new(),
                By::Owner => goals
                    .iter()
                    .filter(|goal| goal.by == by && goal.product == product)
                    .filter_map(|goal| goal.who)
                    .collect(),
                By::Department => below.values().flatten().copied().collect(),
            };
            whose.sort_unstable();
            whose.dedup();
            sums.insert((by, product), reached(engine, (measure, product), (by, &whose), year).await?);
        }
        Ok(Self { sums, below })
    }

    fn within(&self, goal: &Goal, period: &Period) -> Decimal {
        let Some(sums) = self.sums.get(&(goal.by, goal.product)) else { return Decimal::ZERO };
        let of =
            |who: Option<Uuid>| -> Decimal { period.months.clone().filter_map(|month| sums.get(&(who, month))).sum() };
        match (goal.by, goal.who) {
            (By::Department, Some(team)) => {
                self.below.get(&team).into_iter().flatten().map(|department| of(Some(*department))).sum()
            }
            (By::Company, _) => of(None),
            (_, who) => of(who),
        }
    }
}

/// Departments with all below them.
async fn below(engine: &Engine, teams: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, HashSet<Uuid>>> {
    let all = engine.find_all(&Viewer::system("targets"), "department", &json!(["name", "not_null"])).await?;
    let parents: HashMap<Uuid, Option<Uuid>> =
        all.iter().map(|department| (department.id, department.get("parent").as_id())).collect();
    let mut found: HashMap<Uuid, HashSet<Uuid>> = teams.iter().map(|team| (*team, HashSet::from([*team]))).collect();
    for department in parents.keys() {
        let mut above = Some(*department);
        // A tree has no more levels than departments.
        for _ in 0..=parents.len() {
            let Some(now) = above else { break };
            if let Some(team) = found.get_mut(&now) {
                team.insert(*department);
            }
            above = parents.get(&now).copied().flatten();
        }
    }
    Ok(found)
}

/// How people, departments and products are called, as far as the viewer may know.
async fn names(engine: &Engine, viewer: &Viewer, goals: &[Goal]) -> Result<HashMap<Uuid, String>> {
    let mut names = HashMap::new();
    let people = goals.iter().filter(|goal| goal.by == By::Owner).filter_map(|goal| goal.who);
    let teams = goals.iter().filter(|goal| goal.by == By::Department).filter_map(|goal| goal.who);
    let products = goals.iter().filter_map(|goal| goal.product);
    let asked: [(&str, BTreeSet<Uuid>); 3] =
        [("user", people.collect()), ("department", teams.collect()), ("product", products.collect())];
    for (object, ids) in asked {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        if !engine.may_read(viewer, object, "name") {
            continue;
        }
        for some in ids.chunks(500) {
            for record in engine.find_all(viewer, object, &json!(["id", "in", some])).await? {
                names.insert(record.id, record.get("name").as_text().unwrap_or_default().to_owned());
            }
        }
    }
    Ok(names)
}

struct Row {
    goal: Goal,
    target: Option<Decimal>,
    actual: Option<Decimal>,
    months: Vec<(Option<Decimal>, Option<Decimal>)>,
    weighted: Option<Decimal>,
}

impl Row {
    fn order(&self) -> (By, bool, Option<Uuid>) {
        (self.goal.by, self.goal.product.is_some(), self.goal.product)
    }

    /// In percent; nothing of nothing.
    fn rate(&self) -> Option<Decimal> {
        let target = self.target.filter(|target| !target.is_zero())?;
        (self.actual? * Decimal::ONE_HUNDRED).checked_div(target)
    }

    fn shown(&self, names: &HashMap<Uuid, String>, place: Option<usize>) -> Json {
        let reference =
            |id: Option<Uuid>| id.map(|id| json!({"id": id, "title": names.get(&id).map_or("", String::as_str)}));
        let level = match self.goal.by {
            By::Company => "company",
            By::Department => "department",
            By::Owner => "person",
        };
        let months: Vec<Json> = self
            .months
            .iter()
            .map(|(target, actual)| json!({"target": target.map(plain), "actual": actual.map(plain)}))
            .collect();
        json!({
            "id": self.goal.id, "level": level, "who": reference(self.goal.who), "product": reference(self.goal.product),
            "owner": self.goal.owner, "target": self.target.map(plain), "actual": self.actual.map(plain),
            "rate": self.rate().map(|rate| format!("{:.1}", rate.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))),
            "gap": self.target.zip(self.actual).map(|(target, actual)| plain((target - actual).max(Decimal::ZERO))),
            "weighted": self.weighted.map(plain), "rank": place, "months": months,
        })
    }
}

/// Without zeros at the end.
pub(crate) fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// Places by rate among those of one level and product, in whose order the rows are; alike are alike. Nothing for whoever stands
/// alone, or has no rate.
fn places(rows: &[Row]) -> Vec<Option<usize>> {
    let mut places = Vec::with_capacity(rows.len());
    for peers in rows.chunk_by(|one, other| one.order() == other.order()) {
        let rates: Vec<Option<Decimal>> = peers.iter().map(Row::rate).collect();
        let several = rates.iter().flatten().count() > 1 && peers[0].goal.by != By::Company;
        places.extend(rates.iter().map(|rate| {
            let place = rates.iter().position(|other| other == rate).filter(|_| several && rate.is_some());
            place.map(|place| place + 1)
        }));
    }
    places
}
