//! Lists and aggregates against a naive model in memory: random records, filters, sorts and page sizes.

use guanxi_engine::{AggregateRequest, ListRequest, Viewer};
use guanxi_model::{
    Catalogue, CoerceContext, Condition, FieldDef, FieldType, Filter, ObjectDef, Value, coerce,
    dates::CalendarRules,
    filter::{FilterContext, compare},
    formula::round4,
    json::decimal_text,
    pinyin, regions,
};
use guanxi_testkit::{Client, Db, Made, TestApp, both_databases, specimen};
use jiff::tz::TimeZone;
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner},
};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
};
use uuid::Uuid;

/// Records of one data set.
const RECORDS: usize = 60;
/// Data sets per database.
const SETS: u8 = 3;
/// Random cases per data set.
const CASES: u32 = 100;

/// A record as the model knows it.
#[derive(Debug, Clone)]
struct Known {
    id: Uuid,
    values: HashMap<String, Value>,
}

struct Model {
    catalogue: std::sync::Arc<Catalogue>,
    specimens: Vec<Known>,
    others: HashMap<Uuid, Known>,
    context: FilterContext,
}

fn name() -> impl Strategy<Value = &'static str> {
    // Names that sort apart by pinyin and by code point, some alike.
    select(vec![
        "曾国华",
        "重庆啤酒",
        "张三",
        "赵四",
        "Acme",
        "acme",
        "阿里",
        "安",
        "10% off",
        "10_off",
        "Ωmega",
        "曾",
        "zhang",
        "'; DROP",
    ])
}

fn amount() -> impl Strategy<Value = &'static str> {
    select(vec!["-12.5", "0", "0.0001", "12.5", "12.50", "99.99", "1000000", "-0.0001"])
}

fn moment() -> impl Strategy<Value = &'static str> {
    select(vec![
        "2026-11-20T15:59:59Z",
        "2026-11-20T16:00:00Z",
        "2026-11-21T02:00:00Z",
        "2026-10-31T16:00:00Z",
        "2025-12-31T15:59:59.999999Z",
        "2026-11-23T00:00:00Z",
    ])
}

fn day() -> impl Strategy<Value = &'static str> {
    select(vec!["2026-11-20", "2026-11-21", "2026-11-22", "2026-01-01", "2025-12-31", "2026-10-01"])
}

fn region() -> impl Strategy<Value = &'static str> {
    select(vec!["110105", "440305", "440300", "440000", "US", "500103"])
}

/// Places in the lists of targets, categories and users.
fn place() -> impl Strategy<Value = usize> {
    0_usize..4
}

/// What a specimen says, with places instead of ids.
fn specimen_values() -> impl Strategy<Value = Json> {
    let texts =
        (name(), prop::option::of(name()), prop::option::of(select(vec!["red", "green"])), prop::option::of(region()));
    let numbers = (
        prop::option::of(-2_i64..3),
        prop::option::of(amount()),
        prop::option::of(amount()),
        prop::option::of(0..6_i64),
        prop::option::of(any::<bool>()),
    );
    let times = (prop::option::of(day()), prop::option::of(moment()));
    let choices = (
        prop::option::of(select(vec!["small", "medium", "large"])),
        prop::collection::vec(select(vec!["甲", "乙", "VIP"]), 0..3),
    );
    let links = (
        prop::option::of(place()),
        prop::option::of(place()),
        prop::option::of(place()),
        prop::collection::vec(place(), 0..3),
    );
    (texts, numbers, times, choices, links).prop_map(|(texts, numbers, times, choices, links)| {
        json!({
            "name": texts.0, "text": texts.1, "multi_choice": texts.2.map(|one| vec![one]), "region": texts.3,
            "integer": numbers.0, "decimal": numbers.1, "money": numbers.2, "rating": numbers.3, "boolean": numbers.4,
            "date": times.0, "datetime": times.1, "choice": choices.0, "tags": choices.1,
            "lookup": links.0, "category": links.1, "user": links.2, "multi_lookup": links.3,
        })
    })
}

/// A condition: field, operator, operand; operands of references are places.
fn condition() -> BoxedStrategy<Json> {
    let equal = || select(vec!["=", "!="]);
    let ordered = || select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let text = |field: &'static str, values: BoxedStrategy<&'static str>| {
        prop_oneof![
            (equal(), values.clone()).prop_map(move |(operator, value)| json!([field, operator, value])),
            (select(vec!["in", "not_in"]), prop::collection::vec(values.clone(), 0..3))
                .prop_map(move |(operator, list)| json!([field, operator, list])),
            (select(vec!["contains", "starts_with"]), select(vec!["a", "A", "%", "_", "曾", "10", "'", "ω", "张"]))
                .prop_map(move |(operator, part)| json!([field, operator, part])),
        ]
        .boxed()
    };
    let number = |field: &'static str| {
        prop_oneof![
            (ordered(), amount()).prop_map(move |(operator, value)| json!([field, operator, value])),
            (amount(), amount()).prop_map(move |(from, to)| json!([field, "between", [from, to]])),
        ]
        .boxed()
    };
    let whole = |field: &'static str| {
        prop_oneof![
            (ordered(), 0..4_i64).prop_map(move |(operator, value)| json!([field, operator, value])),
            (0..3_i64, 0..5_i64).prop_map(move |(from, to)| json!([field, "between", [from, to]])),
        ]
        .boxed()
    };
    let within = |field: &'static str| {
        select(vec![
            "today",
            "yesterday",
            "this_week",
            "this_month",
            "last_month",
            "this_year",
            "last_year",
            "last_7_days",
            "next_3_days",
            "overdue",
            "this_fiscal_quarter",
        ])
        .prop_map(move |range| json!([field, "within", range]))
    };
    let time = |field: &'static str, values: BoxedStrategy<&'static str>| {
        prop_oneof![
            (select(vec!["=", "<", "<=", ">", ">="]), values.clone())
                .prop_map(move |(operator, value)| json!([field, operator, value])),
            (values.clone(), values).prop_map(move |(from, to)| json!([field, "between", [from, to]])),
            within(field),
        ]
        .boxed()
    };
    let reference = |field: &'static str| {
        prop_oneof![
            (equal(), place()).prop_map(move |(operator, place)| json!([field, operator, place])),
            (select(vec!["in", "not_in"]), prop::collection::vec(place(), 0..3))
                .prop_map(move |(operator, list)| json!([field, operator, list])),
        ]
        .boxed()
    };
    let every = vec![
        "name",
        "text",
        "multi_choice",
        "region",
        "integer",
        "decimal",
        "money",
        "rating",
        "boolean",
        "date",
        "datetime",
        "choice",
        "tags",
        "lookup",
        "category",
        "user",
        "multi_lookup",
        "lookup.code",
        "lookup.weight",
        "lookup.parent",
        "lookup.parent.name",
        "formula",
        "auto_number",
    ];
    prop_oneof![
        text("name", name().boxed()),
        text("text", name().boxed()),
        text("lookup.name", name().boxed()),
        text("lookup.parent.name", name().boxed()),
        number("decimal"),
        number("money"),
        number("formula"),
        number("lookup.weight"),
        whole("integer"),
        whole("rating"),
        (equal(), any::<bool>()).prop_map(|(operator, value)| json!(["boolean", operator, value])),
        time("date", day().boxed()),
        time("datetime", moment().boxed()),
        (equal(), select(vec!["small", "large"])).prop_map(|(operator, value)| json!(["choice", operator, value])),
        (select(vec!["in", "not_in"]), prop::collection::vec(select(vec!["small", "medium"]), 0..3))
            .prop_map(|(operator, list)| json!(["choice", operator, list])),
        select(vec!["red", "blue"]).prop_map(|value| json!(["multi_choice", "contains", value])),
        select(vec!["甲", "VIP", "丁"]).prop_map(|value| json!(["tags", "contains", value])),
        place().prop_map(|place| json!(["multi_lookup", "contains", place])),
        (select(vec!["under", "=", "!="]), region()).prop_map(|(operator, value)| json!(["region", operator, value])),
        reference("lookup"),
        reference("category"),
        reference("user"),
        reference("lookup.parent"),
        place().prop_map(|place| json!(["category", "under", place])),
        (select(every), select(vec!["is_null", "not_null"])).prop_map(|(field, operator)| json!([field, operator])),
    ]
    .boxed()
}

fn filter() -> impl Strategy<Value = Json> {
    condition().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| json!({"and": parts})),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| json!({"or": parts})),
            inner.prop_map(|inner| json!({"not": inner})),
        ]
    })
}

fn sort() -> impl Strategy<Value = String> {
    let fields = vec![
        "name",
        "text",
        "integer",
        "decimal",
        "money",
        "rating",
        "boolean",
        "date",
        "datetime",
        "choice",
        "region",
        "lookup",
        "category",
        "user",
        "formula",
        "auto_number",
        "created_at",
        "lookup.weight",
        "lookup.code",
        "lookup.name",
        "lookup.parent",
    ];
    prop::collection::vec((select(fields), any::<bool>()), 0..4).prop_map(|keys| {
        let keys: Vec<String> =
            keys.into_iter().map(|(field, down)| format!("{}{field}", if down { "-" } else { "" })).collect();
        keys.join(",")
    })
}

/// Puts ids where strategies left places.
fn placed(json: &Json, ids: &HashMap<&str, Vec<Uuid>>) -> Json {
    let Json::Array(parts) = json else {
        return match json {
            Json::Object(map) => {
                Json::Object(map.iter().map(|(key, inner)| (key.clone(), placed_inner(inner, ids))).collect())
            }
            other => other.clone(),
        };
    };
    let Some(list) =
        parts[0].as_str().and_then(|field| ids.get(field.trim_start_matches("lookup."))).filter(|_| parts.len() == 3)
    else {
        return json.clone();
    };
    let place = |operand: &Json| operand.as_u64().map_or_else(|| operand.clone(), |index| json!(list[index as usize]));
    let operand = match &parts[2] {
        Json::Array(operands) => Json::Array(operands.iter().map(place).collect()),
        one => place(one),
    };
    json!([parts[0], parts[1], operand])
}

fn placed_inner(json: &Json, ids: &HashMap<&str, Vec<Uuid>>) -> Json {
    match json {
        // The members of `and` and `or`; a condition begins with a text.
        Json::Array(parts) if parts.first().is_none_or(|first| !first.is_string()) => {
            Json::Array(parts.iter().map(|part| placed(part, ids)).collect())
        }
        other => placed(other, ids),
    }
}

impl Model {
    fn object(&self, name: &str) -> &ObjectDef {
        self.catalogue.object(name).expect("an object of the specimen module")
    }

    /// The value at the end of a dotted path.
    fn read(&self, record: &Known, via: &[String], field: &str) -> Value {
        let mut current = record;
        for step in via {
            let Some(next) = current.values.get(step).and_then(Value::as_id).and_then(|id| self.others.get(&id)) else {
                return Value::Null;
            };
            current = next;
        }
        if field == "id" { Value::Id(current.id) } else { current.values.get(field).cloned().unwrap_or_default() }
    }

    fn matches(&self, filter: &Filter, record: &Known) -> bool {
        let read = |condition: &Condition| self.read(record, &condition.via, &condition.field);
        filter.matches(&read, &|above, value| self.is_under(above, value))
    }

    fn is_under(&self, above: &Value, value: &Value) -> bool {
        if above == value {
            return true;
        }
        match value {
            Value::Text(code) => regions::get(code)
                .and_then(|region| region.parent)
                .is_some_and(|parent| self.is_under(above, &parent.into())),
            Value::Id(id) => self
                .others
                .get(id)
                .and_then(|record| record.values.get("parent"))
                .is_some_and(|parent| !parent.is_null() && self.is_under(above, parent)),
            _ => false,
        }
    }

    /// What a sort key compares: titles by pinyin, choices by place, lookups by title.
    fn sort_value(&self, record: &Known, path: &str) -> Value {
        let (via, object, field) = self.catalogue.resolve(self.object("specimen"), path).expect("a known path");
        let value = self.read(record, &via, &field.name);
        self.comparable(object, field, value)
    }

    fn comparable(&self, object: &ObjectDef, field: &FieldDef, value: Value) -> Value {
        match (&value, field.target()) {
            (Value::Id(id), Some(target)) => {
                let target = self.object(target);
                let title = self
                    .others
                    .get(id)
                    .and_then(|record| record.values.get(&target.title))
                    .cloned()
                    .unwrap_or_default();
                self.comparable(target, target.field(&target.title).expect("a title"), title)
            }
            (Value::Text(text), _) if field.name == object.title => Value::Text(pinyin::sort_key(text)),
            (Value::Text(text), _) if field.kind == FieldType::Choice => field
                .options
                .iter()
                .position(|option| option.value == *text)
                .map_or(Value::Null, |place| Value::Int(place as i64)),
            _ => value,
        }
    }

    fn sorted(&self, sort: &str, found: &mut [&Known]) {
        let mut keys: Vec<(&str, bool)> = Vec::new();
        for part in sort.split(',').filter(|part| !part.is_empty()) {
            let key = part.strip_prefix('-').map_or((part, false), |path| (path, true));
            if !keys.iter().any(|(path, _)| *path == key.0) {
                keys.push(key);
            }
        }
        let directed = |order: Ordering, down: bool| if down { order.reverse() } else { order };
        found.sort_by(|a, b| {
            for (path, down) in &keys {
                let (left, right) = (self.sort_value(a, path), self.sort_value(b, path));
                // Null is smaller than everything.
                let order = compare(&left, &right).unwrap_or_else(|| (!left.is_null()).cmp(&!right.is_null()));
                if order != Ordering::Equal {
                    return directed(order, *down);
                }
            }
            directed(a.id.cmp(&b.id), keys.first().is_some_and(|(_, down)| *down))
        });
    }
}

/// The values of a record as the model keeps them: coerced once more from what was sent and from what came back.
fn known(object: &ObjectDef, made: &Made) -> Known {
    let context = CoerceContext { zone: TimeZone::get("Asia/Shanghai").expect("a zone") };
    let values = object
        .fields
        .values()
        .filter_map(|field| {
            let value = coerce::from_json(field, made.json.get(&field.name)?, &context).ok()?;
            Some((field.name.clone(), value))
        })
        .collect();
    Known { id: made.id, values }
}

struct World {
    app: TestApp,
    admin: Client,
    ids: HashMap<&'static str, Vec<Uuid>>,
    others: HashMap<Uuid, Known>,
}

impl World {
    async fn new(db: Db) -> Self {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let catalogue = app.engine.catalogue();
        let mut others = HashMap::new();
        let mut ids: HashMap<&'static str, Vec<Uuid>> = HashMap::new();
        let mut keep = |kind: &'static str, made: Made| {
            others.insert(made.id, known(catalogue.object(&made.object).expect("an object"), &made));
            ids.entry(kind).or_default().push(made.id);
        };
        let mut above = [Json::Null, Json::Null];
        for (index, name) in ["曾", "Acme", "张三", "10% off"].into_iter().enumerate() {
            let weight = ["12.5", "0", "99.99"].get(index).copied();
            let target = admin
                .create(
                    "specimen_target",
                    json!({"name": name, "code": format!("{}", 9 - index), "weight": weight, "parent": above[0]}),
                )
                .await;
            let category = admin.create("specimen_category", json!({"name": name, "parent": above[1]})).await;
            // The second is below the first, the fourth below the third.
            above = if index % 2 == 0 { [json!(target.id), json!(category.id)] } else { [Json::Null, Json::Null] };
            keep("lookup", target);
            keep("category", category);
            let user = app.user(&format!("u{index}"), "member", "").await;
            admin.patch(&format!("/records/user/{}", user.id()), json!({"name": name})).await.expect(200);
            let json = admin.get(&format!("/records/user/{}", user.id())).await.expect(200).json;
            keep("user", Made { id: user.id(), object: "user".into(), json });
        }
        for (alias, of) in [("parent", "lookup"), ("multi_lookup", "lookup")] {
            let list = ids[of].clone();
            ids.insert(alias, list);
        }
        Self { app, admin, ids, others }
    }

    /// Makes the records of a set; those of the set before go.
    async fn fill(&self, all: &[Json]) -> Model {
        let before: Vec<String> =
            self.admin.list("specimen", &[("fields", "name"), ("limit", "200")]).await.expect(200).each("id");
        if !before.is_empty() {
            self.admin.post("/records/specimen/bulk", json!({"action": "delete", "ids": before})).await.expect(200);
        }
        let catalogue = self.app.engine.catalogue();
        let object = catalogue.object("specimen").expect("specimens");
        let mut specimens = Vec::new();
        for values in all {
            let mut values = values.clone();
            for field in ["lookup", "category", "user", "multi_lookup"] {
                let list = &self.ids[field];
                let place = |json: &Json| json.as_u64().map(|index| list[index as usize]);
                values[field] = match &values[field] {
                    Json::Array(places) => json!(places.iter().filter_map(place).collect::<Vec<_>>()),
                    one => json!(place(one)),
                };
            }
            let made = self.admin.create("specimen", values).await;
            specimens.push(known(object, &made));
        }
        let context = FilterContext {
            now: self.app.engine.now(),
            zone: TimeZone::get("Asia/Shanghai").expect("a zone"),
            rules: CalendarRules::default(),
            me: self.admin.viewer().id,
            my_department: None,
        };
        Model { catalogue: catalogue.clone(), specimens, others: self.others.clone(), context }
    }

    async fn check(&self, model: &Model, filter: &Json, sort: &str, limit: usize) -> Result<(), TestCaseError> {
        let viewer = self.admin.viewer();
        let parsed = Filter::parse(filter, &model.catalogue, model.object("specimen"), &model.context)
            .map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let mut wanted: Vec<&Known> = model.specimens.iter().filter(|record| model.matches(&parsed, record)).collect();
        model.sorted(sort, &mut wanted);
        let wanted: Vec<Uuid> = wanted.into_iter().map(|record| record.id).collect();
        let mut request = ListRequest {
            filter: Some(filter.clone()),
            sort: Some(sort.to_owned()),
            fields: Some(vec!["name".into()]),
            limit: Some(limit),
            count: true,
            ..ListRequest::default()
        };
        let mut listed: Vec<Uuid> = Vec::new();
        loop {
            let page = self
                .app
                .engine
                .list(viewer, "specimen", &request)
                .await
                .map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            prop_assert!(page.items.len() <= limit);
            prop_assert_eq!(page.total, Some(wanted.len() as i64));
            listed.extend(page.items.iter().filter_map(|item| item["id"].as_str()?.parse::<Uuid>().ok()));
            prop_assert!(listed.len() <= wanted.len(), "more pages than records");
            request.cursor = page.next;
            if request.cursor.is_none() {
                break;
            }
        }
        prop_assert_eq!(listed, wanted);
        self.check_aggregate(viewer, model, filter, &parsed).await
    }

    /// Count, sum, average, smallest and largest by group.
    async fn check_aggregate(
        &self,
        viewer: &Viewer,
        model: &Model,
        filter: &Json,
        parsed: &Filter,
    ) -> Result<(), TestCaseError> {
        let found: Vec<&Known> = model.specimens.iter().filter(|record| model.matches(parsed, record)).collect();
        let periods = ["day", "week", "month", "quarter", "year"];
        let dated = |field: &'static str| periods.map(|by| (field, Some(by)));
        let groups = ["choice", "boolean", "lookup", "rating", "lookup.parent"].map(|field| (field, None));
        for (group, by) in groups.into_iter().chain(dated("date")).chain(dated("datetime")) {
            let request: AggregateRequest = serde_json::from_value(json!({
                "group_by": [by.map_or_else(|| json!(group), |by| json!({"field": group, "by": by}))],
                "measures": [{"fn": "count"}, {"fn": "count", "field": "decimal"}, {"fn": "sum", "field": "decimal"}, {"fn": "avg", "field": "decimal"},
                             {"fn": "min", "field": "integer"}, {"fn": "max", "field": "integer"}, {"fn": "sum", "field": "money"}],
                "filter": filter,
            }))
            .expect("a request");
            let rows = self
                .app
                .engine
                .aggregate(viewer, "specimen", &request)
                .await
                .map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            let mut wanted: BTreeMap<String, Vec<&Known>> = BTreeMap::new();
            let (via, _, field) = model.catalogue.resolve(model.object("specimen"), group).expect("a known path");
            for record in &found {
                let value = model.read(record, &via, &field.name);
                let key = match (by, value) {
                    (Some(by), value) => period_of(&value, by, &model.context.zone).to_string(),
                    (_, Value::Id(id)) => id.to_string(),
                    (_, value) => guanxi_model::json::to_json(field, &value).to_string(),
                };
                wanted.entry(key).or_default().push(record);
            }
            let got: BTreeMap<String, Map<String, Json>> = rows
                .into_iter()
                .map(|mut row| {
                    let key = row.remove(group).unwrap_or_default();
                    (key["id"].as_str().map_or_else(|| key.to_string(), str::to_owned), row)
                })
                .collect();
            prop_assert_eq!(got.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
            for (key, records) in &wanted {
                prop_assert_eq!(Json::Object(got[key].clone()), measured(records), "group {} of {}", key, group);
            }
        }
        Ok(())
    }
}

/// What the period is called that a date or moment lies in.
fn period_of(value: &Value, by: &str, zone: &TimeZone) -> Json {
    let date = match value {
        Value::Date(date) => *date,
        Value::Instant(moment) => moment.to_zoned(zone.clone()).date(),
        _ => return Json::Null,
    };
    let week = date.iso_week_date();
    json!(match by {
        "day" => date.to_string(),
        "week" => format!("{:04}-W{:02}", week.year(), week.week()),
        "month" => format!("{:04}-{:02}", date.year(), date.month()),
        "quarter" => format!("{:04}-Q{}", date.year(), (date.month() + 2) / 3),
        _ => format!("{:04}", date.year()),
    })
}

fn measured(records: &[&Known]) -> Json {
    let numbers = |field: &str| -> Vec<_> {
        records.iter().filter_map(|record| record.values.get(field)?.as_decimal()).collect()
    };
    let (decimals, integers, money) = (numbers("decimal"), numbers("integer"), numbers("money"));
    let sum: Decimal = decimals.iter().sum();
    let some = !decimals.is_empty();
    json!({
        "count": records.len(),
        "count_decimal": decimals.len(),
        "sum_decimal": some.then(|| decimal_text(sum, FieldType::Decimal)),
        "avg_decimal": some.then(|| decimal_text(round4(sum / Decimal::from(decimals.len())), FieldType::Decimal)),
        "min_integer": integers.iter().min().map(|number| number.mantissa() as i64),
        "max_integer": integers.iter().max().map(|number| number.mantissa() as i64),
        "sum_money": decimal_text(money.iter().sum(), FieldType::Money),
    })
}

/// A runner whose cases are the same every time.
pub(crate) fn runner(cases: u32, seed: u8) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

both_databases! {
    async fn lists_and_aggregates_equal_a_naive_model(db) {
        let world = World::new(db).await;
        for seed in 0..SETS {
            let mut records = runner(1, seed);
            let all = prop::collection::vec(specimen_values(), RECORDS).new_tree(&mut records).expect("a data set").current();
            let model = world.fill(&all).await;
            let result = runner(CASES, seed + 100).run(&(filter(), sort(), 1_usize..30), |(filter, sort, limit)| {
                let filter = placed(&filter, &world.ids);
                let sort = sort.split(',').take(3).collect::<Vec<_>>().join(",");
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(world.check(&model, &filter, &sort, limit)))
            });
            if let Err(TestError::Fail(reason, case)) = result {
                panic!("{reason}\n{}\n{:?}", placed(&case.0, &world.ids), (case.1, case.2));
            }
        }
    }

    /// A cursor goes on where the list stood, whatever was added or removed before it meanwhile.
    async fn paging_survives_other_writes(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        for number in 0..20 {
            admin.create("specimen", json!({"name": format!("n{number}"), "integer": number * 10})).await;
        }
        let first = admin.list("specimen", &[("sort", "integer"), ("limit", "10")]).await.expect(200);
        let gone = first.each("id")[9].clone();
        admin.delete(&format!("/records/specimen/{gone}")).await.expect(204);
        admin.create("specimen", json!({"name": "before", "integer": 5})).await;
        admin.create("specimen", json!({"name": "after", "integer": 95})).await;
        let next = admin.list("specimen", &[("sort", "integer"), ("limit", "50"), ("cursor", first.json["next"].as_str().expect("more"))]).await.expect(200);
        let wanted: Vec<String> = std::iter::once("after".to_owned()).chain((10..20).map(|number| format!("n{number}"))).collect();
        assert_eq!(next.each("name"), wanted);
    }

    /// `seek` jumps into a list: by pinyin on names, by value on anything else with an order.
    async fn seek_jumps(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        for (number, name) in ["安", "李", "林", "王", "曾", "Larson"].into_iter().enumerate() {
            admin.create("specimen", json!({"name": name, "decimal": number})).await;
        }
        let names = async |sort: &str, seek: &str| admin.list("specimen", &[("sort", sort), ("seek", seek)]).await.expect(200).each("name");
        assert_eq!(names("name", "L").await, ["Larson", "李", "林", "王", "曾"]);
        assert_eq!(names("name", "李").await, ["李", "林", "王", "曾"]);
        assert_eq!(names("-name", "L").await, ["林", "李", "Larson", "安"]);
        assert_eq!(names("decimal", "3").await, ["王", "曾", "Larson"]);
        for (sort, seek) in [("", "L"), ("decimal", "viel"), ("choice", "small"), ("lookup.weight", "1")] {
            let answer = admin.list("specimen", &[("sort", sort), ("seek", seek)]).await;
            assert_eq!((answer.status, answer.code()), (400, "bad_seek"), "{sort} {seek}");
        }
    }
}
