//! Field type × everything that can be done with a field. A cell that is missing fails.

use guanxi_model::{FieldType, Operator};
use guanxi_testkit::{Client, Made, TestApp, both_databases, specimen};
use serde_json::{Value as Json, json};

/// What the cells of one field type are made of.
struct Sample {
    /// A value, as a client sends it and as it comes back.
    low: (Json, Json),
    /// A larger one; for types without an order just another one.
    high: (Json, Json),
    /// More ways to say something, and how each comes back.
    spellings: Vec<(Json, Json)>,
    /// What is refused, with the code.
    bad: Vec<(Json, &'static str)>,
    /// Operators that the values alone do not settle: operand and who matches of `low`, `high` and `empty`.
    operators: Vec<(Operator, Json, &'static [&'static str])>,
}

/// Records that samples refer to.
struct World {
    admin: Client,
    targets: [Made; 2],
    categories: [Made; 2],
    child_category: Made,
    users: [Json; 2],
    departments: [Json; 2],
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let admin = app.admin().await;
        let target = async |name: &str| admin.create("specimen_target", json!({"name": name})).await;
        let category = async |name: &str, parent: Json| {
            admin.create("specimen_category", json!({"name": name, "parent": parent})).await
        };
        let targets = [target("安").await, target("赵").await];
        let categories = [category("安类", Json::Null).await, category("赵类", Json::Null).await];
        let child_category = category("子类", json!(categories[0].id)).await;
        let mut users = Vec::new();
        let mut departments = Vec::new();
        for login in ["an", "zhao"] {
            let client = app.user(login, "member", &format!("{login}部")).await;
            let record = admin.get(&format!("/records/user/{}", client.id())).await.expect(200);
            users.push(reference(&client.id().to_string(), login));
            departments.push(record.json["department"].clone());
        }
        Self {
            targets,
            categories,
            child_category,
            users: users.try_into().expect("two"),
            departments: departments.try_into().expect("two"),
            admin,
        }
    }

    /// The samples of a type. Not a `match` with a default: a new type does not compile until it has its row.
    fn sample(&self, kind: FieldType) -> Sample {
        use Operator::{Contains, StartsWith, Under, Within};
        let titled = |made: &Made| reference(&made.id(), made.json["name"].as_str().expect("a name"));
        let same = |value: Json| (value.clone(), value);
        let by_id = |shown: &Json| (shown["id"].clone(), shown.clone());
        let nobody = json!("00000000-0000-7000-8000-000000000000");
        let text = |low: &str, high: &str, bad: Vec<(Json, &'static str)>| Sample {
            low: same(json!(low)),
            high: same(json!(high)),
            spellings: vec![(json!(format!("  {low} ")), json!(low)), (json!("   "), Json::Null)],
            bad: [
                vec![
                    (json!(5), "wrong_type"),
                    (json!(["a"]), "wrong_type"),
                    (json!({"id": 1}), "wrong_type"),
                    (json!(true), "wrong_type"),
                ],
                bad,
            ]
            .concat(),
            operators: vec![
                (Contains, json!(&low[1..low.len() - 1]), &["low"]),
                (StartsWith, json!(&high[..3]), &["high"]),
            ],
        };
        let decimal = |money: bool| Sample {
            low: (json!("-12.5"), json!(if money { "-12.50" } else { "-12.5" })),
            high: (json!(1234.5678), json!("1234.5678")),
            spellings: vec![
                (json!("1,234.50"), json!(if money { "1234.50" } else { "1234.5" })),
                (json!("￥１２．５"), json!(if money { "12.50" } else { "12.5" })),
                // Half up, away from zero, at the fifth decimal.
                (json!("0.00005"), json!("0.0001")),
                (json!("-0.00005"), json!("-0.0001")),
                (json!(0), json!(if money { "0.00" } else { "0" })),
                (json!("1e3"), json!(if money { "1000.00" } else { "1000" })),
                (json!("900000000000000"), json!(if money { "900000000000000.00" } else { "900000000000000" })),
            ],
            bad: vec![
                (json!("zwölf"), "bad_number"),
                (json!("1.2.3"), "bad_number"),
                (json!("900000000000000.0001"), "out_of_range"),
                (json!("1e400"), "bad_number"),
                (json!(true), "wrong_type"),
                (json!([1]), "wrong_type"),
            ],
            operators: vec![],
        };
        let ids = |low: &Json, high: &Json| Sample {
            low: by_id(low),
            high: by_id(high),
            spellings: vec![
                (json!({"id": low["id"]}), low.clone()),
                (json!({"id": low["id"], "title": "anything"}), low.clone()),
                (json!(""), Json::Null),
            ],
            bad: vec![
                (nobody.clone(), "unknown_record"),
                (json!("not an id"), "unknown_record"),
                (json!({"title": "x"}), "wrong_type"),
                (json!(7), "wrong_type"),
                (json!([low["id"]]), "wrong_type"),
            ],
            operators: vec![],
        };
        match kind {
            FieldType::Text => {
                let mut sample = text(
                    "Alpha 100%",
                    "Beta_甲乙丙",
                    vec![(json!("x".repeat(256)), "too_long"), (json!("a\u{0}b"), "bad_character")],
                );
                sample.spellings.push((json!("two\nlines"), json!("two lines")));
                sample.spellings.push((json!("\u{200B}零\u{200B}宽\u{FEFF} "), json!("零宽")));
                sample.spellings.push((json!("\u{2060} \u{200B}"), Json::Null));
                sample
                    .spellings
                    .push((json!("<b>HTML</b> & 'quotes' \"too\""), json!("<b>HTML</b> & 'quotes' \"too\"")));
                sample
            }
            FieldType::LongText => {
                let mut sample = text(
                    "Alpha 100%",
                    "Beta_甲乙丙",
                    vec![(json!("x".repeat(100_001)), "too_long"), (json!("\u{7}"), "bad_character")],
                );
                sample.spellings.push(same(json!("two\nlines")));
                sample
            }
            FieldType::Address => text("Alpha 1 hao", "Beta_甲乙丙", vec![(json!("路".repeat(501)), "too_long")]),
            FieldType::Email => text(
                "an@example.com",
                "zhao@example.cn",
                vec![(json!("nobody"), "bad_email"), (json!("a@b"), "bad_email"), (json!("a b@c.de"), "bad_email")],
            ),
            FieldType::Url => {
                let mut sample = text(
                    "http://a.example",
                    "https://z.example/?q=1",
                    vec![
                        (json!("javascript:alert(1)"), "bad_url"),
                        (json!("ftp://x.y"), "bad_url"),
                        (json!("word"), "bad_url"),
                    ],
                );
                sample.operators[1] = (StartsWith, json!("https"), &["high"]);
                sample
            }
            FieldType::Phone => {
                let mut sample = text(
                    "020-8765 4321",
                    "13812345678",
                    vec![(json!("call me"), "bad_phone"), (json!("1"), "bad_phone")],
                );
                sample.operators[0] = (Contains, json!("8765"), &["low"]);
                sample
            }
            FieldType::AutoNumber => Sample {
                low: same(json!("BB-20261121-0001")),
                high: same(json!("BB-20261121-0002")),
                spellings: vec![],
                bad: vec![(json!("BB-1"), "read_only"), (json!(5), "read_only")],
                operators: vec![
                    (Contains, json!("1-0001"), &["low"]),
                    (StartsWith, json!("BB-20261121-0002"), &["high"]),
                ],
            },
            FieldType::Formula => Sample {
                low: same(json!("-25")),
                high: same(json!("25")),
                spellings: vec![],
                bad: vec![(json!("5"), "read_only")],
                operators: vec![],
            },
            FieldType::Integer => Sample {
                low: same(json!(-7)),
                high: same(json!(7_000_000_000_i64)),
                spellings: vec![
                    (json!("12"), json!(12)),
                    (json!("1,000"), json!(1000)),
                    (json!(5.0), json!(5)),
                    (json!("９"), json!(9)),
                    (json!(""), Json::Null),
                ],
                bad: vec![
                    (json!(1.5), "bad_number"),
                    (json!("many"), "bad_number"),
                    (json!("99999999999999999999"), "bad_number"),
                    (json!(true), "wrong_type"),
                    (json!({}), "wrong_type"),
                ],
                operators: vec![],
            },
            FieldType::Rating => Sample {
                low: same(json!(0)),
                high: same(json!(5)),
                spellings: vec![(json!("3"), json!(3))],
                bad: vec![
                    (json!(6), "out_of_range"),
                    (json!(-1), "out_of_range"),
                    (json!("x"), "bad_number"),
                    (json!(2.5), "bad_number"),
                ],
                operators: vec![],
            },
            FieldType::Decimal | FieldType::Percent => decimal(false),
            FieldType::Money => decimal(true),
            FieldType::Boolean => Sample {
                low: same(json!(false)),
                high: same(json!(true)),
                spellings: vec![(json!(""), Json::Null)],
                bad: vec![(json!("true"), "wrong_type"), (json!(1), "wrong_type"), (json!([]), "wrong_type")],
                operators: vec![],
            },
            FieldType::Date => Sample {
                low: same(json!("2026-11-20")),
                high: same(json!("2026-11-21")),
                spellings: vec![
                    (json!("2026/1/2"), json!("2026-01-02")),
                    (json!("2026年11月5日"), json!("2026-11-05")),
                    (json!("20260229".replace("0229", "0228")), json!("2026-02-28")),
                    // The day it is in the workspace's time zone.
                    (json!("2026-11-20T17:00:00Z"), json!("2026-11-21")),
                ],
                bad: vec![
                    (json!("2026-02-30"), "bad_date"),
                    (json!("tomorrow"), "bad_date"),
                    (json!("0000-01-01"), "bad_date"),
                    (json!("9999-12-31"), "bad_date"),
                    (json!(20_261_121), "wrong_type"),
                ],
                operators: vec![(Within, json!("yesterday"), &["low"])],
            },
            FieldType::Datetime => Sample {
                low: same(json!("2026-11-20T15:59:59Z")),
                high: same(json!("2026-11-21T01:30:00.123456Z")),
                spellings: vec![
                    (json!("2026-11-21T14:30:00+08:00"), json!("2026-11-21T06:30:00Z")),
                    (json!("2026-11-21 14:30"), json!("2026-11-21T06:30:00Z")),
                    (json!("2026-11-21"), json!("2026-11-20T16:00:00Z")),
                    (json!("2026-11-21T01:30:00.1234567Z"), json!("2026-11-21T01:30:00.123456Z")),
                ],
                bad: vec![
                    (json!("2026-11-21 25:00"), "bad_datetime"),
                    (json!("soon"), "bad_datetime"),
                    (json!(0), "wrong_type"),
                    (json!("+999999-01-01T00:00:00Z"), "bad_datetime"),
                ],
                // Midnight in Shanghai lies between the two.
                operators: vec![(Within, json!("today"), &["high"])],
            },
            FieldType::Choice => Sample {
                low: same(json!("small")),
                high: same(json!("large")),
                spellings: vec![
                    (json!("中"), json!("medium")),
                    (json!("Large"), json!("large")),
                    (json!(" SMALL "), json!("small")),
                ],
                bad: vec![
                    (json!("huge"), "unknown_option"),
                    (json!(1), "wrong_type"),
                    (json!(["small"]), "wrong_type"),
                ],
                operators: vec![],
            },
            FieldType::MultiChoice => Sample {
                low: same(json!(["red"])),
                high: same(json!(["green", "blue"])),
                spellings: vec![
                    (json!("红;blue"), json!(["red", "blue"])),
                    (json!(["red", "red"]), json!(["red"])),
                    (json!([]), Json::Null),
                ],
                bad: vec![
                    (json!(["pink"]), "unknown_option"),
                    (json!(5), "wrong_type"),
                    (json!([5]), "wrong_type"),
                    (json!({"a": 1}), "wrong_type"),
                ],
                operators: vec![(Contains, json!("blue"), &["high"])],
            },
            FieldType::Tags => Sample {
                low: same(json!(["重要"])),
                high: same(json!(["VIP", "它山之石 \"引号\""])),
                spellings: vec![
                    (json!("甲、乙；丙"), json!(["甲", "乙", "丙"])),
                    (json!([" 甲 ", "甲"]), json!(["甲"])),
                ],
                bad: vec![
                    (json!(["x".repeat(51)]), "too_long"),
                    (json!([""]), "too_long"),
                    (json!([1]), "wrong_type"),
                    (json!((0..201).map(|n| n.to_string()).collect::<Vec<_>>()), "too_many"),
                ],
                operators: vec![(Contains, json!("它山之石 \"引号\""), &["high"])],
            },
            FieldType::Region => Sample {
                low: same(json!("110105")),
                high: same(json!("440305")),
                spellings: vec![
                    (json!("广东省深圳市南山区"), json!("440305")),
                    (json!("深圳"), json!("440300")),
                    (json!("us"), json!("US")),
                ],
                bad: vec![
                    (json!("亚特兰蒂斯"), "unknown_region"),
                    (json!("999999"), "unknown_region"),
                    (json!(440_305), "wrong_type"),
                ],
                operators: vec![(Under, json!("440300"), &["high"])],
            },
            FieldType::Lookup => ids(&titled(&self.targets[0]), &titled(&self.targets[1])),
            FieldType::Category => {
                let mut sample = ids(&titled(&self.categories[0]), &titled(&self.categories[1]));
                sample.operators.push((Under, json!(self.categories[1].id), &["high"]));
                sample
            }
            FieldType::User => ids(&self.users[0], &self.users[1]),
            FieldType::Department => {
                let mut sample = ids(&self.departments[0], &self.departments[1]);
                sample.operators.push((Under, self.departments[0]["id"].clone(), &["low"]));
                sample
            }
            FieldType::MultiLookup => {
                let [one, two] = self.targets.each_ref().map(titled);
                Sample {
                    low: (json!([one["id"]]), json!([one])),
                    high: (json!([two["id"]]), json!([two])),
                    spellings: vec![
                        (json!([{"id": one["id"]}, two["id"], one["id"]]), json!([one, two])),
                        (json!([]), Json::Null),
                    ],
                    bad: vec![
                        (json!([nobody]), "unknown_record"),
                        (json!([7]), "wrong_type"),
                        (json!(["x"]), "unknown_record"),
                        (json!(7), "wrong_type"),
                    ],
                    operators: vec![(Contains, two["id"].clone(), &["high"])],
                }
            }
            // A file belongs to one record: names stand here, `say` uploads a file for each.
            FieldType::File | FieldType::Image => Sample {
                low: (json!("a.png"), json!({"title": "a.png", "size": 5, "type": "image/png"})),
                high: (json!("bb.png"), json!({"title": "bb.png", "size": 6, "type": "image/png"})),
                spellings: vec![
                    (json!({"id": "a.png"}), json!({"title": "a.png", "size": 5, "type": "image/png"})),
                    (json!(""), Json::Null),
                ],
                bad: vec![
                    (nobody, "unknown_file"),
                    (json!("not an id"), "unknown_record"),
                    (json!(7), "wrong_type"),
                    (json!({}), "wrong_type"),
                ],
                operators: vec![],
            },
            FieldType::Id => unreachable!("no definition can name it"),
        }
    }
}

impl World {
    /// A value as a client sends it; for files, the id of one that was just uploaded.
    async fn say(&self, kind: FieldType, value: &Json) -> Json {
        if !matches!(kind, FieldType::File | FieldType::Image) {
            return value.clone();
        }
        let name = value.as_str().or_else(|| value["id"].as_str()).filter(|name| name.ends_with(".png"));
        let Some(name) = name else { return value.clone() };
        let id = self.admin.upload("/files", name, name.as_bytes()).await.expect(201).json["id"].clone();
        if value.is_string() { id } else { json!({"id": id}) }
    }
}

/// A value as it comes back; for files without the id, which differs each time.
fn shown(kind: FieldType, value: &Json) -> Json {
    let mut value = value.clone();
    if let (FieldType::File | FieldType::Image, Some(map)) = (kind, value.as_object_mut()) {
        map.remove("id").expect("a file has an id");
    }
    value
}

fn reference(id: &str, title: &str) -> Json {
    json!({"id": id, "title": title})
}

/// Operand and matches for operators that follow from the two values; nothing for those that a sample must give.
fn general(operator: Operator, low: &Json, high: &Json) -> Option<(Json, &'static [&'static str])> {
    Some(match operator {
        Operator::Eq => (low.clone(), &["low"]),
        Operator::Ne => (low.clone(), &["high", "empty"]),
        Operator::Lt => (high.clone(), &["low"]),
        Operator::Le => (low.clone(), &["low"]),
        Operator::Gt => (low.clone(), &["high"]),
        Operator::Ge => (low.clone(), &["low", "high"]),
        Operator::In => (json!([high]), &["high"]),
        Operator::NotIn => (json!([high]), &["low", "empty"]),
        Operator::Between => (json!([low, low]), &["low"]),
        Operator::IsNull => (Json::Null, &["empty"]),
        Operator::NotNull => (Json::Null, &["low", "high"]),
        Operator::Contains | Operator::StartsWith | Operator::Within | Operator::Under => return None,
    })
}

/// The records of one type: `low`, `high` and, where the type can be empty, `empty`.
struct Row {
    field: String,
    records: Vec<(&'static str, Made)>,
}

impl Row {
    async fn new(world: &World, kind: FieldType, sample: &Sample) -> Self {
        let field = specimen::field_of(kind);
        let mut records = Vec::new();
        for (name, value) in [("low", Some(&sample.low.0)), ("high", Some(&sample.high.0)), ("empty", None)] {
            let mut values = json!({"name": name, "text": format!("{kind:?}")});
            match (kind, value) {
                // Filled by themselves: from another field, or in the order of creation.
                (FieldType::Formula, Some(_)) => {
                    values["decimal"] = json!(if name == "low" { "-12.5" } else { "12.5" })
                }
                (FieldType::AutoNumber, _) if name == "empty" => continue,
                (FieldType::AutoNumber, _) | (_, None) => {}
                (FieldType::Text, Some(value)) => values["text"] = value.clone(),
                (_, Some(value)) => values[&field] = world.say(kind, value).await,
            }
            if kind == FieldType::Text && value.is_none() {
                values["text"] = Json::Null;
            }
            records.push((name, world.admin.create("specimen", values).await));
        }
        Self { field, records }
    }

    /// A filter for the records of this row only.
    fn only(&self, more: &Json) -> Json {
        json!({"and": [["id", "in", self.records.iter().map(|(_, made)| made.id()).collect::<Vec<_>>()], more]})
    }

    async fn matching(&self, world: &World, filter: &Json) -> Vec<String> {
        let mut names = world.admin.matching("specimen", &self.only(filter)).await;
        names.sort_by_key(|name| ["low", "high", "empty"].iter().position(|known| known == name));
        names
    }

    fn record(&self, name: &str) -> &Made {
        &self.records.iter().find(|(known, _)| *known == name).expect("the row has it").1
    }
}

both_databases! {
    /// One pass over everything, so that the world is made once.
    async fn every_type_does_everything(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let world = World::new(&app).await;
        for kind in number_first() {
            let sample = world.sample(kind);
            let row = Row::new(&world, kind, &sample).await;
            coerces(&world, kind, &sample, &row).await;
            refuses(&world, kind, &sample, &row).await;
            filters(&app, &world, kind, &sample, &row).await;
            sorts(&world, kind, &row, &app).await;
            goes_round(&world, kind, &row).await;
            remembers(&world, kind, &sample).await;
        }
        under_reaches_below(&world).await;
    }
}

/// Every type; auto numbers first, so that their row gets the first numbers.
fn number_first() -> Vec<FieldType> {
    let mut kinds = FieldType::ALL.to_vec();
    kinds.sort_by_key(|kind| *kind != FieldType::AutoNumber);
    kinds
}

fn computed(kind: FieldType) -> bool {
    matches!(kind, FieldType::AutoNumber | FieldType::Formula)
}

async fn coerces(world: &World, kind: FieldType, sample: &Sample, row: &Row) {
    for (name, made) in &row.records {
        let wanted = match *name {
            "low" => &sample.low.1,
            "high" => &sample.high.1,
            _ => &Json::Null,
        };
        let read = world.admin.get(&made.path()).await.expect(200);
        assert_eq!(shown(kind, &read.json[&row.field]), *wanted, "{kind:?} {name}");
        assert_eq!(
            shown(kind, &made.json[&row.field]),
            *wanted,
            "{kind:?} {name}: what a create answers is what a read gives"
        );
        let listed = world
            .admin
            .list("specimen", &[("filter", &json!(["id", "=", made.id]).to_string()), ("fields", &row.field)])
            .await
            .expect(200);
        assert_eq!(shown(kind, &listed.json["items"][0][&row.field]), *wanted, "{kind:?} {name} in a list");
    }
    let made = world.admin.create("specimen", json!({"name": "spelling"})).await;
    for (said, wanted) in &sample.spellings {
        let read = world.admin.patch(&made.path(), json!({&row.field: world.say(kind, said).await})).await.expect(200);
        assert_eq!(shown(kind, &read.json[&row.field]), *wanted, "{kind:?} {said}");
    }
    assert!(computed(kind) || !sample.spellings.is_empty(), "{kind:?} has no spellings");
    if !computed(kind) {
        let read = world
            .admin
            .patch(&made.path(), json!({&row.field: world.say(kind, &sample.low.0).await}))
            .await
            .expect(200);
        assert_eq!(shown(kind, &read.json[&row.field]), sample.low.1, "{kind:?}");
        let read = world.admin.patch(&made.path(), json!({&row.field: null})).await.expect(200);
        assert_eq!(read.json[&row.field], Json::Null, "{kind:?}: null empties");
    }
}

async fn refuses(world: &World, kind: FieldType, sample: &Sample, row: &Row) {
    assert!(!sample.bad.is_empty(), "{kind:?} refuses nothing");
    let made = row.record("low");
    let before = world.admin.get(&made.path()).await.expect(200).json;
    for (bad, code) in &sample.bad {
        let created = world.admin.post("/records/specimen", json!({"name": "bad", &row.field: bad})).await;
        assert_eq!(
            (created.status, created.errors()),
            (422, vec![(row.field.clone(), (*code).to_owned())]),
            "{kind:?} {bad}: {}",
            created.text
        );
        let changed = world.admin.patch(&made.path(), json!({&row.field: bad})).await;
        assert_eq!(
            (changed.status, changed.errors()),
            (422, vec![(row.field.clone(), (*code).to_owned())]),
            "{kind:?} {bad}: {}",
            changed.text
        );
    }
    assert_eq!(world.admin.get(&made.path()).await.json, before, "{kind:?}: what is refused changes nothing");
    assert_eq!(world.admin.matching("specimen", &json!(["name", "=", "bad"])).await, Vec::<String>::new(), "{kind:?}");
}

async fn filters(app: &TestApp, world: &World, kind: FieldType, sample: &Sample, row: &Row) {
    let catalogue = app.engine.catalogue();
    let field =
        catalogue.object("specimen").and_then(|object| object.field(&row.field)).expect("the specimen has every type");
    assert_eq!(field.kind, kind);
    let said = |value: &(Json, Json)| if computed(kind) { value.1.clone() } else { value.0.clone() };
    let (low, high) = (said(&sample.low), said(&sample.high));
    assert!(!field.operators().is_empty());
    for operator in field.operators() {
        let given = sample
            .operators
            .iter()
            .find(|(known, _, _)| known == operator)
            .map(|(_, operand, wanted)| (operand.clone(), *wanted));
        let (operand, wanted) = given
            .or_else(|| general(*operator, &low, &high))
            .unwrap_or_else(|| panic!("{kind:?} × {operator:?}: no cell"));
        let name = serde_json::to_value(operator).expect("an operator has a name");
        let condition = json!([row.field, name, operand]);
        let wanted: Vec<&str> =
            wanted.iter().copied().filter(|name| row.records.iter().any(|(known, _)| known == name)).collect();
        assert_eq!(row.matching(world, &condition).await, wanted, "{kind:?} × {operator:?} {operand}");
        let rest: Vec<&str> = row.records.iter().map(|(name, _)| *name).filter(|name| !wanted.contains(name)).collect();
        assert_eq!(
            row.matching(world, &json!({"not": condition})).await,
            rest,
            "not {kind:?} × {operator:?} {operand}"
        );
        // The catalogue that clients read says the same.
        let described = world.admin.get("/catalog").await.expect(200);
        assert!(
            described.json["objects"]["specimen"]["fields"][&row.field]["operators"]
                .as_array()
                .is_some_and(|known| known.contains(&name)),
            "{kind:?} × {operator:?}"
        );
    }
    for (operator, ..) in &sample.operators {
        assert!(
            field.operators().contains(operator),
            "{kind:?} × {operator:?}: a cell for an operator that there is not"
        );
    }
    let all = [
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "in",
        "not_in",
        "contains",
        "starts_with",
        "between",
        "is_null",
        "not_null",
        "within",
        "under",
    ];
    for name in
        all.iter().filter(|name| Operator::parse(name).is_some_and(|operator| !field.operators().contains(&operator)))
    {
        let answer = world.admin.list("specimen", &[("filter", &json!([row.field, name, low]).to_string())]).await;
        assert_eq!((answer.status, answer.code()), (400, "bad_filter"), "{kind:?} × {name}");
    }
}

async fn sorts(world: &World, kind: FieldType, row: &Row, app: &TestApp) {
    let catalogue = app.engine.catalogue();
    let field =
        catalogue.object("specimen").and_then(|object| object.field(&row.field)).expect("the specimen has every type");
    let filter = row.only(&json!({"and": []})).to_string();
    for (sort, mut wanted) in
        [(row.field.clone(), vec!["empty", "low", "high"]), (format!("-{}", row.field), vec!["high", "low", "empty"])]
    {
        let answer = world.admin.list("specimen", &[("filter", &filter), ("sort", &sort)]).await;
        if !field.sortable() {
            assert_eq!((answer.status, answer.code()), (400, "bad_sort"), "{kind:?}");
            continue;
        }
        wanted.retain(|name| row.records.iter().any(|(known, _)| known == name));
        assert_eq!(answer.expect(200).each("name"), wanted, "{kind:?} by {sort}");
        // Page by page it is the same, also over the empty one.
        let mut paged = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = world
                .admin
                .list("specimen", &[("filter", &filter), ("sort", &sort), ("limit", "1"), ("cursor", &cursor)])
                .await
                .expect(200);
            paged.extend(page.each("name"));
            match page.json["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(paged, wanted, "{kind:?} by {sort}, paged");
    }
}

/// What a read gives may be sent back and changes nothing.
async fn goes_round(world: &World, kind: FieldType, row: &Row) {
    for (name, made) in &row.records {
        let before = world.admin.get(&made.path()).await.expect(200);
        let sent = world.admin.patch(&made.path(), json!({&row.field: before.json[&row.field]})).await;
        if computed(kind) {
            assert_eq!(sent.errors(), vec![(row.field.clone(), "read_only".to_owned())], "{kind:?} {name}");
            continue;
        }
        let after = sent.expect(200);
        assert_eq!(after.json, before.json, "{kind:?} {name}: version and all");
        assert_eq!(after.header("etag"), before.header("etag"));
    }
}

async fn remembers(world: &World, kind: FieldType, sample: &Sample) {
    let field = specimen::field_of(kind);
    let (low, high) = (sample.low.clone(), sample.high.clone());
    let made = match kind {
        FieldType::Formula => world.admin.create("specimen", json!({"name": "history", "decimal": "-12.5"})).await,
        FieldType::AutoNumber => world.admin.create("specimen", json!({"name": "history"})).await,
        _ => world.admin.create("specimen", json!({"name": "history", &field: world.say(kind, &low.0).await})).await,
    };
    let first = if kind == FieldType::AutoNumber { made.json[&field].clone() } else { low.1.clone() };
    let history = async |index: usize| {
        let answer = world.admin.get(&format!("{}/history", made.path())).await.expect(200);
        let entry = answer.json["items"][index].clone();
        let mut change = entry["changes"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|change| change["field"] == json!(field))
            .cloned()
            .unwrap_or_default();
        for side in ["before", "after"] {
            change[side] = shown(kind, &change[side]);
        }
        (entry["kind"].clone(), change)
    };
    assert_eq!(
        history(0).await,
        (json!("create"), json!({"field": field, "before": null, "after": first})),
        "{kind:?}"
    );
    match kind {
        FieldType::AutoNumber => return,
        FieldType::Formula => world.admin.patch(&made.path(), json!({"decimal": "12.5"})).await.expect(200),
        _ => world.admin.patch(&made.path(), json!({&field: world.say(kind, &high.0).await})).await.expect(200),
    };
    assert_eq!(
        history(0).await,
        (json!("update"), json!({"field": field, "before": low.1, "after": high.1})),
        "{kind:?}"
    );
    let emptied = if kind == FieldType::Formula { "decimal".to_owned() } else { field.clone() };
    world.admin.patch(&made.path(), json!({emptied: null})).await.expect(200);
    assert_eq!(
        history(0).await,
        (json!("update"), json!({"field": field, "before": high.1, "after": null})),
        "{kind:?}"
    );
}

async fn under_reaches_below(world: &World) {
    let made = world
        .admin
        .create("specimen", json!({"name": "deep", "category": world.child_category.id, "region": "440305"}))
        .await;
    let filter = |field: &str, value: Json| json!({"and": [["id", "=", made.id], [field, "under", value]]});
    for (field, value, found) in [
        ("category", json!(world.categories[0].id), true),
        ("category", json!(world.categories[1].id), false),
        ("category", json!(world.child_category.id), true),
        ("region", json!("广东"), true),
        ("region", json!("深圳"), true),
        ("region", json!("440305"), true),
        ("region", json!("北京"), false),
        ("region", json!("US"), false),
    ] {
        assert_eq!(
            !world.admin.matching("specimen", &filter(field, value.clone())).await.is_empty(),
            found,
            "{field} under {value}"
        );
    }
}

/// Types whose values a file does not carry into another workspace: an upload is no text, a formula is computed anew.
const NOT_IMPORTED: &[FieldType] = &[FieldType::File, FieldType::Image, FieldType::Formula];

/// Three records that have a value of every type, another one of every type, and nothing.
async fn fill(world: &World) -> Vec<Made> {
    let mut made = Vec::new();
    for name in ["low", "high", "empty"] {
        let mut values = json!({"name": name});
        for kind in FieldType::ALL.into_iter().filter(|kind| !computed(*kind) && name != "empty") {
            let sample = world.sample(kind);
            let value = if name == "low" { &sample.low.0 } else { &sample.high.0 };
            values[specimen::field_of(kind)] = world.say(kind, value).await;
        }
        made.push(world.admin.create("specimen", values).await);
    }
    made
}

/// Waits for a job of the background.
async fn finished(client: &Client, path: &str) -> Json {
    for _ in 0..1000 {
        let job = client.get(path).await.expect(200).json;
        if job["state"] != json!("running") {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{path} does not end");
}

async fn exported(client: &Client, format: &str, fields: &[String]) -> Vec<u8> {
    let request = json!({"object": "specimen", "format": format, "fields": fields, "sort": "auto_number"});
    let started = client.post("/exports", request).await.expect(202);
    let path = format!("/exports/{}", started.json["id"].as_str().expect("an id"));
    let job = finished(client, &path).await;
    assert_eq!((&job["state"], &job["rows"]), (&json!("done"), &json!(3)), "{job}");
    client.get(&format!("{path}/file")).await.expect(200).bytes
}

/// Imports a file as the wizard would, with the guessed columns; answers the job and the mapping.
async fn imported(client: &Client, format: &str, file: &[u8], key: &[&str]) -> Json {
    let name = format!("specimens.{format}");
    let uploaded = client.upload_with("/imports", &name, file, &[("object", "specimen")]).await.expect(201);
    let path = format!("/imports/{}", uploaded.json["id"].as_str().expect("an id"));
    let mut columns = serde_json::Map::new();
    for column in uploaded.json["columns"].as_array().expect("columns") {
        if let Some(field) = column["field"].as_str() {
            columns.insert(column["name"].as_str().expect("a heading").to_owned(), json!({"field": field}));
        }
    }
    let mapping = json!({"object": "specimen", "columns": columns, "key": key});
    client.post(&format!("{path}/start"), json!({"mapping": mapping})).await.expect(202);
    let mut job = finished(client, &path).await;
    if job["has_errors"] == json!(true) {
        job["refused"] = json!(client.get(&format!("{path}/errors")).await.text);
    }
    job
}

/// A value without ids, which differ from workspace to workspace.
fn without_ids(value: &Json) -> Json {
    match value {
        Json::Object(map) => {
            Json::Object(map.iter().filter(|(name, _)| *name != "id").map(|(n, v)| (n.clone(), v.clone())).collect())
        }
        Json::Array(list) => list.iter().map(without_ids).collect(),
        other => other.clone(),
    }
}

both_databases! {
    /// What is exported and imported into another workspace has equal values, in both formats.
    async fn every_type_travels_in_a_file(db) {
        let here = TestApp::open(db, vec![specimen::module()]).await;
        let there = TestApp::open(db, vec![specimen::module()]).await;
        let (from, to) = (World::new(&here).await, World::new(&there).await);
        let sent = fill(&from).await;
        let fields: Vec<String> = std::iter::once("name".to_owned()).chain(FieldType::ALL.into_iter().map(specimen::field_of)).collect();
        for format in ["csv", "xlsx"] {
            let file = exported(&from.admin, format, &fields).await;
            let job = imported(&to.admin, format, &file, &[]).await;
            assert_eq!((&job["state"], &job["created"], &job["failed"]), (&json!("done"), &json!(3), &json!(0)), "{format}: {job}");
            let arrived = to.admin.list("specimen", &[("sort", "auto_number")]).await.expect(200);
            let arrived = arrived.json["items"].as_array().expect("items");
            for (sent, arrived) in sent.iter().zip(arrived) {
                let sent = from.admin.get(&sent.path()).await.expect(200).json;
                for kind in FieldType::ALL.into_iter().filter(|kind| !NOT_IMPORTED.contains(kind)) {
                    let field = specimen::field_of(kind);
                    assert_eq!(without_ids(&arrived[&field]), without_ids(&sent[&field]), "{kind:?} of {} in {format}", sent["name"]);
                }
                assert_eq!(arrived["formula"], sent["formula"], "computed anew in {format}");
            }
            // The same file again, by number, changes nothing.
            let again = imported(&to.admin, format, &file, &["auto_number"]).await;
            let counts = [&again["created"], &again["updated"], &again["unchanged"], &again["failed"]];
            assert_eq!(counts, [&json!(0), &json!(0), &json!(3), &json!(0)], "{format}: {again}");
            let all = to.admin.list("specimen", &[]).await.each("id");
            to.admin.post("/records/specimen/bulk", json!({"action": "delete", "ids": all})).await.expect(200);
            for id in all {
                to.admin.delete(&format!("/trash/specimen/{id}")).await.expect(204);
            }
        }
    }

    /// What a field refuses from a client it refuses from a file, naming row and column; the other rows go in.
    async fn every_type_refuses_bad_cells(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let world = World::new(&app).await;
        for kind in FieldType::ALL {
            // What can stand in a cell at all, and is not a matter of JSON.
            let sample = world.sample(kind);
            let bad = sample.bad.iter().find_map(|(bad, code)| {
                bad.as_str().filter(|text| *code != "read_only" && *code != "bad_character" && text.chars().count() < 600 && !text.is_empty())
            });
            let bad = match kind {
                FieldType::Boolean => "vielleicht",
                FieldType::MultiChoice => "pink",
                FieldType::MultiLookup | FieldType::Lookup | FieldType::Category | FieldType::User | FieldType::Department => "不存在的",
                FieldType::Rating => "6",
                // Anything can be one of these, or they are not imported.
                FieldType::Tags | FieldType::LongText | FieldType::AutoNumber | FieldType::File | FieldType::Image | FieldType::Formula => continue,
                _ => bad.unwrap_or_else(|| panic!("{kind:?} has no bad cell")),
            };
            let field = specimen::field_of(kind);
            let cell = format!("\"{}\"", bad.replace('"', "\"\""));
            let file = format!("name,{field}\n好的,\n坏的,{cell}\n");
            let job = imported(&world.admin, "csv", file.as_bytes(), &[]).await;
            assert_eq!((&job["created"], &job["failed"]), (&json!(1), &json!(1)), "{kind:?} {bad}: {job}");
            let refused = job["refused"].as_str().expect("the rows refused");
            assert!(refused.contains("坏的") && !refused.contains("好的"), "{kind:?}: {refused}");
        }
    }
}
