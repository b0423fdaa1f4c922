//! Records of products, what they are made of, and the price books.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::{CATEGORIES, PRODUCTS};
use super::organisation::first_day;
use super::{Record, at, record};

pub fn categories(today: Date) -> Vec<Record> {
    let make = |(order, (name, parent)): (usize, &(&str, Option<usize>))| {
        record([
            ("name", json!(name)),
            ("parent", parent.map_or(Value::Null, |p| at("product_category", p))),
            ("sort_order", json!(order + 1)),
            ("created_at", json!(first_day(today))),
        ])
    };
    CATEGORIES.iter().enumerate().map(make).collect()
}

/// Kind, specification, tax rate and standard cost in yuan of each of [`PRODUCTS`], in their order.
const DETAILS: [(&str, &str, i64, i64); 15] = [
    ("product", "载重 300 kg，激光 SLAM 导航", 13, 39_500),
    ("product", "载重 600 kg，激光 SLAM 导航", 13, 74_000),
    ("product", "载重 2 t，举升 3 m", 13, 121_000),
    ("product", "载重 1.2 t，双向四轮", 13, 90_500),
    ("product", "四层，24 个电子标签", 13, 3_300),
    ("product", "轨道式，每组 12 列", 13, 7_400),
    ("product", "-40~85 ℃，±0.3 ℃，LoRa", 13, 215),
    ("product", "三轴，10 Hz~5 kHz，IP67", 13, 620),
    ("product", "三相，0.5 级，RS-485", 13, 470),
    ("product", "四核，4G + 双网口", 13, 2_050),
    ("product", "标准版，50 并发用户", 13, 96_000),
    ("service", "1000 台设备接入，按年订阅", 6, 31_000),
    ("product", "标准版，30 台机器人", 13, 58_000),
    ("service", "高级工程师驻场", 6, 1_250),
    ("service", "7×24 响应，每季巡检", 6, 24_000),
];

/// Places of the products that are named below, and of those that are not in [`PRODUCTS`].
const ROBOT: usize = 0;
const SENSOR: usize = 6;
const VIBRATION: usize = 7;
const METER: usize = 8;
const GATEWAY: usize = 9;
const CLOUD: usize = 11;
const FIELD_SERVICE: usize = 13;
const STARTER_KIT: usize = PRODUCTS.len();

pub fn products(today: Date) -> Vec<Record> {
    let mut all: Vec<Record> = PRODUCTS
        .iter()
        .zip(DETAILS)
        .map(|(product, (kind, specification, tax_rate, cost))| {
            record([
                ("name", json!(product.name)),
                ("code", json!(product.code)),
                ("kind", json!(kind)),
                ("specification", json!(specification)),
                ("category", at("product_category", product.category)),
                ("price", json!(product.price.to_string())),
                ("tax_rate", json!(tax_rate.to_string())),
                ("cost", json!(cost.to_string())),
                ("unit", json!(product.unit)),
                ("active", json!(true)),
                ("created_at", json!(first_day(today))),
            ])
        })
        .collect();
    all.push(record([
        ("name", json!("设备监测入门套装")),
        ("code", json!("KIT-IOT")),
        ("kind", json!("bundle")),
        ("specification", json!("一个车间起步用")),
        ("category", at("product_category", 3)),
        ("tax_rate", json!("13")),
        ("unit", json!("套")),
        ("active", json!(true)),
        ("description", json!("网关、传感器和上线服务一次配齐，价格按组成产品计算。")),
        ("created_at", json!(first_day(today))),
    ]));
    all.push(record([
        ("name", json!("LH-AMR200 潜伏式搬运机器人")),
        ("code", json!("AMR200")),
        ("kind", json!("product")),
        ("specification", json!("载重 200 kg，二维码导航")),
        ("category", at("product_category", 1)),
        ("price", json!("52000")),
        ("tax_rate", json!("13")),
        ("cost", json!("36000")),
        ("unit", json!("台")),
        ("active", json!(false)),
        ("discontinued_on", json!(today.saturating_sub(120.days()).to_string())),
        ("discontinue_reason", json!("换代：由 AMR300 接替")),
        ("created_at", json!(first_day(today))),
    ]));
    all
}

pub fn attributes(today: Date) -> Vec<Record> {
    let known = [
        (ROBOT, "颜色", "澜海蓝"),
        (ROBOT, "外形尺寸", "980 × 680 × 260 mm"),
        (ROBOT, "续航", "8 小时"),
        (SENSOR, "供电", "锂电池，3 年"),
        (SENSOR, "防护等级", "IP65"),
        (GATEWAY, "安装方式", "导轨"),
    ];
    known
        .iter()
        .map(|(product, name, value)| {
            record([
                ("product", at("product", *product)),
                ("name", json!(name)),
                ("value", json!(value)),
                ("created_at", json!(first_day(today))),
            ])
        })
        .collect()
}

pub fn components(today: Date) -> Vec<Record> {
    [(GATEWAY, "1"), (SENSOR, "10"), (VIBRATION, "4"), (METER, "2"), (FIELD_SERVICE, "2")]
        .iter()
        .map(|(component, quantity)| {
            record([
                ("bundle", at("product", STARTER_KIT)),
                ("component", at("product", *component)),
                ("quantity", json!(quantity)),
                ("created_at", json!(first_day(today))),
            ])
        })
        .collect()
}

pub fn price_books(today: Date) -> Vec<Record> {
    let made = json!(first_day(today));
    let from = json!(format!("{}-01-01", today.year()));
    vec![
        record([
            ("name", json!("传感器批量价")),
            ("starts_on", from.clone()),
            ("remark", json!("按数量分档，对所有客户")),
            ("created_at", made.clone()),
        ]),
        record([
            ("name", json!("VIP 客户价")),
            ("level", json!("vip")),
            ("starts_on", from.clone()),
            ("ends_on", json!(format!("{}-12-31", today.year()))),
            ("created_at", made.clone()),
        ]),
        record([
            ("name", json!("一级经销商供货客户价")),
            ("dealer_level", json!("1")),
            ("starts_on", from),
            ("created_at", made),
        ]),
    ]
}

pub fn prices(today: Date) -> Vec<Record> {
    let known = [
        (0, SENSOR, "100", "430", Some("3")),
        (0, SENSOR, "500", "398", Some("2")),
        (0, VIBRATION, "100", "1190", Some("3")),
        (0, METER, "100", "920", Some("3")),
        (1, ROBOT, "1", "65000", Some("5")),
        (1, ROBOT, "10", "62000", Some("3")),
        (1, CLOUD, "1", "88000", Some("5")),
        (1, GATEWAY, "1", "3600", Some("5")),
        (2, ROBOT, "1", "66500", None),
        (2, GATEWAY, "1", "3700", None),
    ];
    known
        .iter()
        .map(|(book, product, from, price, limit)| {
            record([
                ("price_book", at("price_book", *book)),
                ("product", at("product", *product)),
                ("min_quantity", json!(from)),
                ("price", json!(price)),
                ("max_discount", limit.map_or(Value::Null, |limit| json!(limit))),
                ("created_at", json!(first_day(today))),
            ])
        })
        .collect()
}
