//! What calendar programs call an entry, and its `UID`: a person has each of them once.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::FieldError;

/// Names and `UID`s of an object's records.
pub(crate) struct Names(pub &'static str);

#[async_trait]
impl Rule for Names {
    fn object(&self) -> &'static str {
        self.0
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        for field in ["calendar_name", "calendar_uid"] {
            let Some(name) = draft.get(field).as_text().filter(|_| draft.changed(field)) else { continue };
            if name.chars().any(|c| c == '/' && field == "calendar_name" || c.is_control()) {
                context.refuse(FieldError::new(
                    field,
                    "bad_value",
                    "不能含有斜杠或控制字符",
                    "has a stroke or a control character",
                ));
                continue;
            }
            // Who writes into another's calendar is not told what is in it; of two of a name one goes by its id.
            let Some(owner) = draft.get("owner").as_id().filter(|owner| Some(*owner) == context.viewer.id) else {
                continue;
            };
            // Of two programs that put the same thing at once, one comes second.
            let value = draft.get(field).clone();
            context.hold("calendar", owner).await?;
            let others = context.find(self.0, field, value).await?;
            if others.iter().any(|one| one.id != draft.id && one.get("owner").as_id() == Some(owner)) {
                context.refuse(FieldError::new(
                    field,
                    "not_unique",
                    "日历中已有此条目",
                    "it is in the calendar already",
                ));
            }
        }
        Ok(())
    }
}
