//! The price of a product, for a page, before anything is written.

use crate::{
    BOOK, ITEM, PRODUCT,
    price::{Origin, Outside, Question, price_of},
};
use async_trait::async_trait;
use guanxi_engine::{Engine, Error, Figures, Result, Viewer};
use guanxi_model::{FieldDef, FieldType, Label, Value, json::decimal_text};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// What a product costs a customer.
pub(crate) struct Price;

#[async_trait]
impl Figures for Price {
    fn name(&self) -> &'static str {
        "price"
    }

    fn takes(&self) -> Vec<FieldDef> {
        let lookup = |name: &str, zh: &str, en: &str| FieldDef {
            to: Some(name.to_owned()),
            ..FieldDef::new(name, FieldType::Lookup, Label::new(zh, en))
        };
        vec![
            FieldDef { required: true, ..lookup(PRODUCT, "产品", "Product") },
            lookup("customer", "客户", "Customer"),
            FieldDef {
                max_length: Some(3),
                ..FieldDef::new("currency", FieldType::Text, Label::new("币种", "Currency"))
            },
            FieldDef {
                min: Some(0.into()),
                ..FieldDef::new("quantity", FieldType::Decimal, Label::new("数量", "Quantity"))
            },
            FieldDef::new("date", FieldType::Date, Label::new("日期", "Date")),
            FieldDef::new("tax_included", FieldType::Boolean, Label::new("含税价", "With tax")),
        ]
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Json> {
        let given = |name: &str| asked.get(name).unwrap_or(&Value::Null);
        let product = given(PRODUCT).as_id().ok_or(Error::NotFound)?;
        let customer = given("customer").as_id();
        // Prices are nothing to whom his roles do not show them.
        let shown = engine.may_read(viewer, PRODUCT, "price") && engine.may_read(viewer, ITEM, "price");
        if !shown || !sees(engine, viewer, PRODUCT, product).await? {
            return Err(Error::NotFound);
        }
        if let Some(customer) = customer
            && !sees(engine, viewer, "customer", customer).await?
        {
            return Err(Error::NotFound);
        }
        let settings = engine.settings();
        let question = Question {
            product,
            customer,
            currency: given("currency").as_text().map_or(settings.currency.clone(), str::to_ascii_uppercase),
            quantity: given("quantity").as_decimal().unwrap_or(Decimal::ONE),
            day: match given("date") {
                Value::Date(day) => *day,
                _ => engine.now().to_zoned(settings.zone.clone()).date(),
            },
            tax_included: given("tax_included").as_bool().unwrap_or(true),
        };
        let answer = price_of(&mut Outside(engine), &question).await?.ok_or(Error::NotFound)?;
        let open = engine.readable_fields(viewer, PRODUCT, &["name", "unit", "tax_rate", "active"]);
        let text = |field: &str| answer.product.get(field).as_text().filter(|_| open.contains(&field));
        let number = |number: Option<Decimal>| number.map(|number| decimal_text(number, FieldType::Decimal));
        let money = |number: Option<Decimal>| number.map(|number| decimal_text(number, FieldType::Money));
        let rate = answer.product.get("tax_rate").as_decimal().filter(|_| open.contains(&"tax_rate"));
        let limit = answer.max_discount.filter(|_| engine.may_read(viewer, ITEM, "max_discount"));
        let tier = answer.min_quantity.filter(|_| engine.may_read(viewer, ITEM, "min_quantity"));
        let book = answer.book.as_ref().filter(|_| engine.may_read(viewer, BOOK, "name"));
        Ok(json!({
            "product": product,
            "name": text("name"),
            "unit": text("unit"),
            "active": answer.product.get("active").as_bool().filter(|_| open.contains(&"active")),
            "tax_rate": number(rate),
            "currency": question.currency,
            "tax_included": question.tax_included,
            "quantity": number(Some(question.quantity)),
            "date": question.day.to_string(),
            "price": money(answer.price),
            "list_price": money(answer.list_price),
            "origin": match answer.origin {
                Origin::Book => Some("price_book"),
                Origin::List => Some("list_price"),
                Origin::Components => Some("components"),
                Origin::Nowhere => None,
            },
            "book": book.map(|(id, name)| json!({"id": id, "name": name})),
            "min_quantity": number(tier),
            "max_discount": number(limit),
        }))
    }
}

/// May the viewer see this record?
async fn sees(engine: &Engine, viewer: &Viewer, object: &str, id: Uuid) -> Result<bool> {
    Ok(!engine.find_all(viewer, object, &json!(["id", "=", id])).await?.is_empty())
}
