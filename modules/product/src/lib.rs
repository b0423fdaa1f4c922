//! Products: what is sold, what it is made of, and what it costs whom on which day.

mod book;
mod component;
mod decide;
mod figures;
mod line;
mod price;
mod product;

use guanxi_engine::{Module, Rule};
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

const PRODUCT: &str = "product";
const COMPONENT: &str = "product_component";
const BOOK: &str = "price_book";
const ITEM: &str = "price_item";

/// The module. It stands before those whose lines have products: what a product brings along is there before lines are added up.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/product/objects/product.toml", text: include_str!("../objects/product.toml") },
        Source {
            file: "modules/product/objects/product_category.toml",
            text: include_str!("../objects/product_category.toml"),
        },
        Source { file: "modules/product/objects/price_book.toml", text: include_str!("../objects/price_book.toml") },
        Source { file: "modules/product/objects/price_item.toml", text: include_str!("../objects/price_item.toml") },
        Source {
            file: "modules/product/objects/product_attribute.toml",
            text: include_str!("../objects/product_attribute.toml"),
        },
        Source {
            file: "modules/product/objects/product_component.toml",
            text: include_str!("../objects/product_component.toml"),
        },
    ];
    let mut rules: Vec<Arc<dyn Rule>> = vec![
        Arc::new(product::ProductRule),
        Arc::new(component::ComponentRule),
        Arc::new(book::BookRule),
        Arc::new(book::ItemRule),
    ];
    for (line, parent) in line::PRICED {
        rules.push(Arc::new(line::PriceRule { line, parent }));
    }
    Module {
        source: ModuleSource {
            module: Source { file: "modules/product/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules,
        followers: Vec::new(),
        actions: vec![Arc::new(product::Discontinue), Arc::new(product::Restore)],
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: vec![Arc::new(figures::Price)],
        calendars: Vec::new(),
        seed: None,
    }
}
