//! What is to be done around today.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::customers::Customer;
use super::deals::Deal;
use super::rng::Rng;
use super::{Record, at, moment, office_minutes, record, working_day};

/// What is to be done for a deal in each open stage.
const DEAL_TASKS: [&[&str]; 4] = [
    &["给{}发公司介绍和案例", "约{}做技术交流", "了解{}的决策流程"],
    &["整理{}的需求清单", "去{}现场勘查", "请研发评估{}的接口"],
    &["完成{}的方案与报价", "准备{}的方案汇报", "给{}做投资回报测算"],
    &["跟进{}的合同审批", "申请{}的折扣", "和{}确认付款方式"],
];

const OTHER_TASKS: &[&str] = &[
    "回访{}使用情况",
    "给{}寄样品",
    "给{}发节日问候",
    "更新{}的客户资料",
    "邀请{}参加产品开放日",
    "核对{}的开票信息",
    "催收{}的尾款",
];

/// Tasks around today: most still to do, a few overdue, some done.
pub fn tasks(rng: &mut Rng, today: Date, customers: &[Customer], deals: &[Deal]) -> Vec<Record> {
    let open: Vec<usize> = (0..deals.len()).filter(|&d| deals[d].open()).collect();
    let mut tasks = Vec::new();
    for number in 0..96 {
        let deal = (number % 3 != 2 && !open.is_empty()).then(|| rng.pick(&open));
        let customer = deal.map_or_else(|| rng.below(customers.len()), |d| deals[d].customer);
        let template = match deal {
            Some(d) => rng.pick(DEAL_TASKS[deals[d].stage().min(3)]),
            None => rng.pick(OTHER_TASKS),
        };
        let days = if number < 14 { 0 } else { rng.between(-9, 14) };
        let due = if days == 0 { today } else { working_day(today.saturating_add(days.days())) };
        let done = if due < today { rng.chance(78) } else { due > today && rng.chance(6) };
        let owner = customers[customer].owner;
        let created = working_day(due.min(today).saturating_sub(rng.between(3, 12).days()));
        let priority = rng.pick(&["high", "normal", "normal", "normal", "low"]);
        tasks.push((
            created,
            record([
                ("name", json!(template.replace("{}", &customers[customer].short))),
                ("status", json!(if done { "done" } else { "open" })),
                ("priority", json!(priority)),
                ("due_at", json!(moment(due, 10 * 60 + 30 * rng.between(0, 15)))),
                ("customer", at("customer", customer)),
                ("opportunity", deal.map_or(Value::Null, |d| at("opportunity", d))),
                ("owner", at("user", owner)),
                ("created_by", at("user", owner)),
                ("created_at", json!(moment(created, office_minutes(rng)))),
            ]),
        ));
    }
    tasks.sort_by_key(|(created, _)| *created);
    tasks.into_iter().map(|(_, task)| task).collect()
}
