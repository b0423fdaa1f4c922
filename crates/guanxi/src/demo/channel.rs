//! Who else is in the business: dealers in two levels, partners, suppliers. The names are made up.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::{Record, at, moment, record};

/// A dealer: name, the one above, who looks after it, region, area, discount.
type Dealer = (&'static str, Option<usize>, usize, &'static str, &'static str, i64);

const DEALERS: &[Dealer] = &[
    ("江浙智仓商贸有限公司", None, 2, "320506", "江苏、浙江", 72),
    ("宁波港城自动化设备商行", Some(0), 5, "330110", "宁波、舟山", 78),
    ("南京金陵工控经营部", Some(0), 6, "320115", "南京及周边", 80),
    ("粤东联合工业设备有限公司", None, 3, "440303", "广东", 70),
    ("东莞厚德机电经营部", Some(3), 7, "440303", "东莞、惠州", 79),
    ("京津冀智联科技有限公司", None, 4, "110108", "北京、天津、河北", 74),
];

fn since(today: Date, days: i64) -> Value {
    json!(moment(today.saturating_sub(days.days()), 10 * 60))
}

fn days(today: Date, days: i64) -> Value {
    json!(today.saturating_add(days.days()).to_string())
}

/// Dealers; those above come first.
pub fn dealers(today: Date) -> Vec<Record> {
    DEALERS
        .iter()
        .enumerate()
        .map(|(place, (name, above, owner, region, area, discount))| {
            let ago = 320 - 20 * i64::try_from(place).unwrap_or_default();
            record([
                ("name", json!(name)),
                ("parent", above.map_or(Value::Null, |above| at("dealer", above))),
                ("grade", json!(if above.is_none() { "core" } else { "normal" })),
                ("status", json!(if place == 4 { "paused" } else { "active" })),
                ("region", json!(region)),
                ("area", json!(area)),
                ("discount", json!(discount)),
                ("categories", json!([at("product_category", 0), at("product_category", 3)])),
                ("agreed_from", days(today, -ago)),
                ("agreed_until", days(today, 365 - ago)),
                ("owner", at("user", *owner)),
                ("created_at", since(today, ago)),
                ("created_by", at("user", *owner)),
            ])
        })
        .collect()
}

/// The dealer through which every tenth or so is supplied, by the place of the one who looks after him.
pub fn supplied_by(place: usize) -> Option<Value> {
    (place % 11 == 3).then(|| at("dealer", place / 11 % DEALERS.len()))
}

/// Those with whom deals are done together.
pub fn partners(today: Date) -> Vec<Record> {
    [
        ("华东智造系统集成有限公司", "integrator", "strategic", "active", "承接整厂改造，带来仓储机器人的配套需求"),
        ("云栈物联软件有限公司", "software", "gold", "active", "MES、WMS 对接，有现成接口"),
        ("同衡管理咨询有限公司", "consulting", "normal", "active", "为制造企业做数字化规划，会推荐方案"),
        ("远泰融资租赁有限公司", "finance", "normal", "talking", "为设备采购提供分期"),
    ]
    .iter()
    .enumerate()
    .map(|(place, (name, kind, grade, status, strengths))| {
        let ago = 260 - 30 * i64::try_from(place).unwrap_or_default();
        record([
            ("name", json!(name)),
            ("kind", json!(kind)),
            ("grade", json!(grade)),
            ("status", json!(status)),
            ("strengths", json!(strengths)),
            ("owner", at("user", 1)),
            ("created_at", since(today, ago)),
            ("created_by", at("user", 1)),
        ])
    })
    .collect()
}

/// From whom parts and services are bought.
pub fn suppliers(today: Date) -> Vec<Record> {
    [
        ("精驰伺服电机有限公司", "a", 20, 60),
        ("海维传感技术有限公司", "a", 12, 30),
        ("恒固货架制造有限公司", "b", 30, 45),
        ("速达干线运输有限公司", "b", 2, 30),
    ]
    .iter()
    .enumerate()
    .map(|(place, (name, grade, lead, pay))| {
        let ago = 300 - 25 * i64::try_from(place).unwrap_or_default();
        record([
            ("name", json!(name)),
            ("grade", json!(grade)),
            ("status", json!("active")),
            ("lead_days", json!(lead)),
            ("payment_days", json!(pay)),
            ("owner", at("user", 0)),
            ("created_at", since(today, ago)),
            ("created_by", at("user", 0)),
        ])
    })
    .collect()
}
