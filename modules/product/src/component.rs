//! What bundles are made of: anything but themselves.

use crate::{COMPONENT, PRODUCT, price::MOST_DEEP, product::hold_bundles};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most components of a bundle.
const MOST: usize = 50;

/// A component is of a bundle, is not the bundle itself at any depth, and there is more than none of it.
pub(crate) struct ComponentRule;

#[async_trait]
impl Rule for ComponentRule {
    fn object(&self) -> &'static str {
        COMPONENT
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("quantity").as_decimal().is_some_and(|quantity| quantity.is_zero()) {
            context.refuse(FieldError::new("quantity", "out_of_range", "数量要大于 0", "more than nothing"));
        }
        if !(draft.changed("bundle") || draft.changed("component")) {
            return Ok(());
        }
        let (Some(bundle), Some(component)) = (draft.get("bundle").as_id(), draft.get("component").as_id()) else {
            return Ok(());
        };
        // Two that come at once wait for each other here: each may be right by itself.
        hold_bundles(context).await?;
        if let Some(product) = context.read(PRODUCT, component).await? {
            draft.set("name", product.get("name").clone());
        }
        // As it is now, not as it was before somebody else was done.
        let whole = context.lock(PRODUCT, bundle).await?;
        if whole.is_some_and(|whole| whole.get("kind").as_text() != Some("bundle")) {
            context.refuse(FieldError::new(
                "bundle",
                "not_a_bundle",
                "只有套装才有组成产品",
                "only bundles have components",
            ));
        }
        if let Some(problem) = problem(bundle, component, context).await? {
            context.refuse(problem);
        }
        Ok(())
    }

    /// Once more, now that all of them are written.
    async fn after_batch(&self, drafts: &[&Draft], context: &mut Context<'_>) -> Result<()> {
        let mut bundles = BTreeSet::new();
        for draft in drafts.iter().filter(|draft| draft.changed("bundle") || draft.changed("component")) {
            let (Some(bundle), Some(component)) = (draft.get("bundle").as_id(), draft.get("component").as_id()) else {
                continue;
            };
            bundles.insert(bundle);
            if let Some(problem) = problem(bundle, component, context).await? {
                context.refuse(problem);
            }
        }
        for bundle in bundles {
            if context.find(COMPONENT, "bundle", bundle.into()).await?.len() > MOST {
                context.refuse(FieldError::new(
                    "bundle",
                    "too_many",
                    format!("一个套装最多 {MOST} 种组成产品"),
                    format!("a bundle has at most {MOST} components"),
                ));
            }
        }
        Ok(())
    }
}

/// Why this cannot be a component of that.
async fn problem(bundle: Uuid, component: Uuid, context: &mut Context<'_>) -> Result<Option<FieldError>> {
    let below = reach(component, "bundle", "component", context).await?;
    if below.iter().flatten().any(|product| *product == bundle) {
        return Ok(Some(FieldError::new(
            "component",
            "in_itself",
            "套装不能包含自己",
            "a bundle cannot be part of itself",
        )));
    }
    let above = reach(bundle, "component", "bundle", context).await?;
    // The component alone is one step below the bundle.
    if above.len() + below.len() > MOST_DEEP + 1 {
        return Ok(Some(FieldError::new(
            "component",
            "too_deep",
            format!("套装最多嵌套 {MOST_DEEP} 层"),
            format!("bundles stand in each other at most {MOST_DEEP} deep"),
        )));
    }
    Ok(None)
}

/// The products that are reached from one, by steps; itself is the first.
async fn reach(from: Uuid, by: &str, to: &str, context: &mut Context<'_>) -> Result<Vec<BTreeSet<Uuid>>> {
    let mut steps = vec![BTreeSet::from([from])];
    // One more than is allowed is enough to see that it is too deep.
    while steps.len() <= MOST_DEEP + 1 {
        let last: Vec<Value> = steps.last().into_iter().flatten().map(|id| (*id).into()).collect();
        let found = context.find_any(COMPONENT, by, &last).await?;
        let next: BTreeSet<Uuid> = found.iter().filter_map(|line| line.get(to).as_id()).collect();
        if next.is_empty() {
            break;
        }
        steps.push(next);
    }
    Ok(steps)
}
