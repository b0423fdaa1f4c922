//! What the administrator has laid down: whose region is whose, who sees what besides, and when a customer goes back.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::{Record, at, moment, record, working_day};

/// Half a year ago, when the rules were made.
fn made(today: Date) -> Value {
    json!(moment(working_day(today.saturating_sub(180.days())), 10 * 60))
}

/// Provinces, and the area managers who look after them.
pub fn territories(today: Date) -> Vec<Record> {
    let territory = |name: &str, region: &str, manager: usize| {
        record([
            ("name", json!(name)),
            ("region", json!(region)),
            ("members", json!([at("user", manager)])),
            ("created_at", made(today)),
        ])
    };
    vec![
        territory("上海", "310000", 2),
        territory("浙江", "330000", 2),
        territory("广东", "440000", 3),
        territory("北京", "110000", 4),
    ]
}

/// Whoever answers the telephone knows the best customers.
pub fn sharing_rules(today: Date) -> Vec<Record> {
    vec![record([
        ("name", json!("客服查看重点客户")),
        ("object", json!("customer")),
        ("criteria", json!(json!(["level", "in", ["vip", "a"]]).to_string())),
        ("departments", json!([at("department", 6)])),
        ("level", json!("read")),
        ("created_at", made(today)),
    ])]
}

/// A customer of little weight with whom nobody has spoken for a year goes to the pool.
pub fn recycle_rules(today: Date) -> Vec<Record> {
    vec![record([
        ("name", json!("一年未跟进")),
        ("object", json!("customer")),
        ("pool", json!("@pool=客户公海")),
        ("idle_days", json!(365)),
        ("levels", json!(["c"])),
        ("warn_days", json!(15)),
        ("created_at", made(today)),
    ])]
}

/// Nobody sits on more customers than he can look after.
pub fn capacities(today: Date) -> Vec<Record> {
    vec![record([
        ("name", json!("客户经理库容")),
        ("object", json!("customer")),
        ("departments", json!([at("department", 1)])),
        ("most", json!(200)),
        ("created_at", made(today)),
    ])]
}
