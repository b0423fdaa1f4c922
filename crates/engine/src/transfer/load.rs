//! Records handed in by a program of this house (the demo, say) rather than by a file.

use crate::{Engine, Error, Result, save::Write};
use guanxi_access::Viewer;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

impl Engine {
    /// Creates records in one transaction, as an import would: rules keep what is given, duplicates that only warn go in.
    /// Answers their ids in order.
    ///
    /// # Errors
    /// The first refusal, with the record it is about; the records before and after it stay.
    pub async fn load_records(
        &self,
        viewer: &Viewer,
        object: &str,
        records: &[Map<String, Json>],
    ) -> Result<Vec<Uuid>> {
        let definition = self.object(object)?;
        let mut writes = Vec::with_capacity(records.len());
        for input in records {
            let values = self.coerce_input(viewer, &definition, input).map_err(|error| about(input, &error))?;
            writes.push(Write { values, allow_duplicate: true, imported: true, ..Write::default() });
        }
        let mut ids = Vec::with_capacity(writes.len());
        for (result, input) in self.save_batch(viewer, &definition, writes).await?.into_iter().zip(records) {
            ids.push(result.map_err(|error| about(input, &error))?.record.id);
        }
        Ok(ids)
    }
}

fn about(input: &Map<String, Json>, error: &Error) -> Error {
    let message = error.message();
    let text: String = Json::Object(input.clone()).to_string().chars().take(300).collect();
    Error::bad("bad_record", format!("{}：{text}", message.zh), format!("{}: {text}", message.en))
}
