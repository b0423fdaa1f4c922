//! Trade: quotes, contracts, orders, deliveries, invoices and returns, each made from the last, in parts.

mod amounts;
mod course;
mod document;
mod kinds;
mod lines;
mod make;
mod post;
mod progress;
mod rates;
mod settle;
mod takings;

use guanxi_engine::{Action, Module, Rule};
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// What a customer ordered of something: the line that deliveries, invoices and returns go by.
const ORDER_LINE: &str = "order_line";

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/trade/objects/quote.toml", text: include_str!("../objects/quote.toml") },
        Source { file: "modules/trade/objects/quote_line.toml", text: include_str!("../objects/quote_line.toml") },
        Source { file: "modules/trade/objects/contract.toml", text: include_str!("../objects/contract.toml") },
        Source {
            file: "modules/trade/objects/contract_line.toml",
            text: include_str!("../objects/contract_line.toml"),
        },
        Source { file: "modules/trade/objects/sales_order.toml", text: include_str!("../objects/sales_order.toml") },
        Source { file: "modules/trade/objects/order_line.toml", text: include_str!("../objects/order_line.toml") },
        Source { file: "modules/trade/objects/delivery.toml", text: include_str!("../objects/delivery.toml") },
        Source {
            file: "modules/trade/objects/delivery_line.toml",
            text: include_str!("../objects/delivery_line.toml"),
        },
        Source { file: "modules/trade/objects/invoice.toml", text: include_str!("../objects/invoice.toml") },
        Source { file: "modules/trade/objects/invoice_line.toml", text: include_str!("../objects/invoice_line.toml") },
        Source { file: "modules/trade/objects/sales_return.toml", text: include_str!("../objects/sales_return.toml") },
        Source { file: "modules/trade/objects/return_line.toml", text: include_str!("../objects/return_line.toml") },
        Source {
            file: "modules/trade/objects/exchange_rate.toml",
            text: include_str!("../objects/exchange_rate.toml"),
        },
    ];
    let mut rules: Vec<Arc<dyn Rule>> = vec![Arc::new(rates::RateRule)];
    let mut actions: Vec<Arc<dyn Action>> = vec![Arc::new(make::MakeQuote)];
    for kind in kinds::ALL {
        rules.push(Arc::new(document::DocumentRule(kind)));
        rules.push(Arc::new(lines::LineRule(kind)));
        rules.push(Arc::new(course::Course(kind)));
        actions.push(Arc::new(post::Post(kind)));
        actions.push(Arc::new(post::Reverse(kind)));
        actions.push(Arc::new(make::Correct(kind)));
    }
    for (name, from, to) in [
        ("make_contract", &kinds::QUOTE, &kinds::CONTRACT),
        ("make_order", &kinds::QUOTE, &kinds::ORDER),
        ("make_order", &kinds::CONTRACT, &kinds::ORDER),
        ("make_delivery", &kinds::ORDER, &kinds::DELIVERY),
        ("make_invoice", &kinds::ORDER, &kinds::INVOICE),
        ("make_return", &kinds::ORDER, &kinds::RETURN),
        ("make_credit_note", &kinds::RETURN, &kinds::INVOICE),
    ] {
        actions.push(Arc::new(make::Make { name, from, to }));
    }
    for (name, before, after) in [("close", "posted", "closed"), ("reopen", "closed", "posted")] {
        actions.push(Arc::new(make::Close { name, before, after }));
    }
    Module {
        source: ModuleSource {
            module: Source { file: "modules/trade/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules,
        followers: Vec::new(),
        actions,
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: None,
    }
}
