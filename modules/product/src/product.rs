//! Products come to an end of sale, and do not go while anything names them.

use crate::{COMPONENT, PRODUCT};
use async_trait::async_trait;
use guanxi_engine::{Action, Context, Draft, Error, Result, Rule};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use jiff::civil::Date;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Where products stand on lines. Some of these may not be in the catalogue.
const LINES: [(&str, &str); 8] = [
    ("opportunity_product", PRODUCT),
    ("quote_line", PRODUCT),
    ("contract_line", PRODUCT),
    ("order_line", PRODUCT),
    ("delivery_line", PRODUCT),
    ("invoice_line", PRODUCT),
    ("return_line", PRODUCT),
    (COMPONENT, "component"),
];

fn today(context: &Context<'_>) -> Date {
    context.now.to_zoned(context.engine.settings().zone.clone()).date()
}

/// Lets one transaction at a time change what bundles are made of.
pub(crate) async fn hold_bundles(context: &mut Context<'_>) -> Result<()> {
    context.hold("bundles", Uuid::nil()).await
}

/// Whether it is sold goes with its dates; a bundle stays one as long as it is made of something.
pub(crate) struct ProductRule;

#[async_trait]
impl Rule for ProductRule {
    fn object(&self) -> &'static str {
        PRODUCT
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("active").is_null() {
            draft.set("active", true);
        }
        if draft.changed("active") {
            if draft.get("active").as_bool() == Some(true) {
                draft.set("discontinued_on", Value::Null);
                draft.set("discontinue_reason", Value::Null);
            } else if draft.get("discontinued_on").is_null() {
                draft.set("discontinued_on", Value::Date(today(context)));
            }
        }
        let was_bundle = !draft.is_new() && draft.before("kind").as_text() == Some("bundle");
        if was_bundle && draft.changed("kind") {
            hold_bundles(context).await?;
            if context.count(COMPONENT, &json!(["bundle", "=", draft.id])).await? > 0 {
                context.refuse(FieldError::new(
                    "kind",
                    "has_components",
                    "请先删除套装组成",
                    "take its components away first",
                ));
            }
        }
        Ok(())
    }

    async fn before_removal(&self, product: &Record, context: &mut Context<'_>) -> Result<()> {
        let mut lines = 0;
        for (object, field) in LINES {
            if context.engine.catalogue().object(object).is_some() {
                lines += context.count(object, &json!([field, "=", product.id])).await?;
            }
        }
        if lines > 0 {
            return Err(Error::conflict(
                "product_in_use",
                format!("还有 {lines} 行明细使用此产品，请改为停售"),
                format!("{lines} lines name this product; discontinue it instead"),
            ));
        }
        Ok(())
    }
}

/// It is not sold any more.
pub(crate) struct Discontinue;

#[async_trait]
impl Action for Discontinue {
    fn object(&self) -> &'static str {
        PRODUCT
    }

    fn name(&self) -> &'static str {
        "discontinue"
    }

    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        if record.get("active").as_bool() == Some(false) {
            return Err(Error::conflict("action_not_possible", "已经停售", "it is discontinued already"));
        }
        let day = match input.get("on") {
            Some(Value::Date(day)) => *day,
            _ => today(context),
        };
        if day > today(context) {
            context.refuse(FieldError::new("on", "in_future", "不能晚于今天", "not after today"));
            return Ok(());
        }
        let reason = input.get("reason").cloned().unwrap_or_default();
        let values =
            vec![("active", false.into()), ("discontinued_on", Value::Date(day)), ("discontinue_reason", reason)];
        context.update(PRODUCT, record.id, values);
        Ok(())
    }
}

/// It is sold again.
pub(crate) struct Restore;

#[async_trait]
impl Action for Restore {
    fn object(&self) -> &'static str {
        PRODUCT
    }

    fn name(&self) -> &'static str {
        "restore"
    }

    async fn act(&self, record: &Record, _: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        if record.get("active").as_bool() != Some(false) {
            return Err(Error::conflict("action_not_possible", "没有停售", "it is on sale"));
        }
        context.update(PRODUCT, record.id, vec![("active", true.into())]);
        Ok(())
    }
}
