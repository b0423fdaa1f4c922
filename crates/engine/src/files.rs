//! Files: bytes on disk under their id, an entry in the database. A file belongs to a record; who may read or change
//! the record may read or change the file.

use crate::{
    Engine, Error, Result,
    save::{Checked, Session},
};
use guanxi_access::{RowFilter, Verb, Viewer};
use guanxi_model::{FieldDef, FieldType, ObjectDef, Trait, Value};
use guanxi_store::{
    Tx,
    platform::{self, File},
    query::Life,
    records,
};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Largest file.
pub const MAX_FILE: u64 = 200 * 1024 * 1024;

impl Engine {
    /// Where an upload is written while it comes in. Leftovers of a killed process are removed at the next start.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn upload_path(&self) -> Result<PathBuf> {
        let folder = self.folder().join("uploads");
        std::fs::create_dir_all(&folder).map_err(|error| io(&error))?;
        Ok(folder.join(Uuid::now_v7().to_string()))
    }

    /// Removes uploads that a killed process left behind. Younger ones may belong to a server that is running.
    pub(crate) fn sweep_uploads(&self) {
        let day = std::time::Duration::from_secs(24 * 3600);
        for entry in std::fs::read_dir(self.folder().join("uploads")).into_iter().flatten().flatten() {
            let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|changed| changed.elapsed().ok());
            if age.is_some_and(|age| age > day) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Takes an upload over: the bytes first, then the entry, so that there is never an entry without bytes.
    ///
    /// # Errors
    /// 404 or 403 for a record that is not the viewer's to change.
    pub async fn keep_file(
        &self,
        viewer: &Viewer,
        upload: &Path,
        name: &str,
        media_type: &str,
        attach: Option<(&str, Uuid)>,
    ) -> Result<Json> {
        if let Some((object, id)) = attach {
            self.check_attach(viewer, object, id).await?;
        }
        let id = Uuid::now_v7();
        let path = self.file_path(id);
        let size = {
            let (upload, path) = (upload.to_owned(), path.clone());
            tokio::task::spawn_blocking(move || move_durably(&upload, &path))
                .await
                .map_err(|error| Error::bad("io", error.to_string(), error.to_string()))?
        }
        .map_err(|error| io(&error))?;
        let clean: String =
            name.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect();
        let file = File {
            id,
            record: attach.map(|(object, record)| (object.to_owned(), record)),
            name: if clean.trim().is_empty() { "file".to_owned() } else { clean },
            size: i64::try_from(size).unwrap_or(i64::MAX),
            media_type: media_type.to_owned(),
            created_at: self.now(),
            created_by: viewer.id,
        };
        platform::add_file(self.database(), &file).await?;
        Ok(file_json(&file, Some(&viewer.name)))
    }

    /// May the viewer put files on this record?
    ///
    /// # Errors
    /// 404, 403, or 422 when the object takes no files.
    pub async fn check_attach(&self, viewer: &Viewer, object: &str, id: Uuid) -> Result<()> {
        let definition = self.object(object)?;
        self.require(viewer, &definition, id, Verb::Update).await?;
        if definition.has(Trait::Attachments) {
            Ok(())
        } else {
            Err(Error::bad("no_attachments", "这类记录不能添加附件", "files cannot be put on these records"))
        }
    }

    /// The files of a record.
    ///
    /// # Errors
    /// 404 where the viewer may not read it.
    pub async fn attachments(&self, viewer: &Viewer, object: &str, id: Uuid) -> Result<Vec<Json>> {
        let definition = self.object(object)?;
        self.require(viewer, &definition, id, Verb::Read).await?;
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        // What is attached follows the record, and would tell what is hidden.
        if !access.veils(viewer, &definition).is_empty()
            && let Some(record) = records::get(self.database(), &definition, id, &RowFilter::All, Life::Living).await?
            && !access.veiled(viewer, &definition, |field| record.get(field)).is_empty()
        {
            return Ok(Vec::new());
        }
        let files = platform::attachments(self.database(), object, id).await?;
        let mut out = Vec::with_capacity(files.len());
        let field =
            guanxi_model::FieldDef::new("created_by", guanxi_model::FieldType::User, guanxi_model::Label::default());
        let authors: Vec<guanxi_model::Value> = files.iter().map(|file| file.created_by.into()).collect();
        let titles =
            self.titles_for(viewer, &catalogue, authors.iter().map(|author| (&field, author)).collect()).await?;
        for file in files {
            let mut item = file_json(&file, None);
            item["created_by"] = file.created_by.map_or(Json::Null, |id| titles.reference(id));
            out.push(item);
        }
        Ok(out)
    }

    /// A file's entry and where its bytes are.
    ///
    /// # Errors
    /// 404 where the viewer may not read the record it belongs to.
    pub async fn open_file(&self, viewer: &Viewer, id: Uuid) -> Result<(File, PathBuf)> {
        let Some(file) = platform::file(self.database(), id).await? else {
            // What is not there takes as many looks as what is not his.
            let people = self.object("user")?;
            records::get(self.database(), &people, Uuid::nil(), &RowFilter::All, Life::Any).await?;
            return Err(Error::NotFound);
        };
        match &file.record {
            Some((object, record)) => {
                let definition = self.object(object)?;
                let catalogue = self.catalogue();
                let access = self.access(&catalogue);
                let rows = access.rows(viewer, &definition, Verb::Read);
                let record = records::get(self.database(), &definition, *record, &rows, Life::Any).await?;
                let record = record.ok_or(Error::NotFound)?;
                let hidden = access.veiled(viewer, &definition, |field| record.get(field));
                let stands =
                    |field: &FieldDef| record.get(&field.name) == &Value::Id(id) && !hidden.contains(&field.name);
                if !hidden.is_empty() && !definition.fields.values().any(stands) {
                    return Err(Error::NotFound);
                }
            }
            None if viewer.is_system() || (viewer.id.is_some() && file.created_by == viewer.id) => {}
            None => return Err(Error::NotFound),
        }
        Ok((file, self.file_path(id)))
    }

    /// Removes a file.
    ///
    /// # Errors
    /// 404 or 403 like the record it belongs to.
    pub async fn remove_file(&self, viewer: &Viewer, id: Uuid) -> Result<()> {
        let (file, path) = self.open_file(viewer, id).await?;
        if let Some((object, record)) = &file.record {
            let definition = self.object(object)?;
            self.require(viewer, &definition, *record, Verb::Update).await?;
        }
        platform::remove_file(self.database(), id).await?;
        // The entry is gone; bytes that stay behind after a crash are nobody's any more.
        let _ = tokio::fs::remove_file(path).await;
        Ok(())
    }

    fn file_path(&self, id: Uuid) -> PathBuf {
        let name = id.to_string();
        // The last characters of a UUIDv7 are random: folders fill evenly.
        self.folder().join("files").join(&name[name.len() - 2..]).join(name)
    }
}

/// A file field may name a file that the writer uploaded and nobody uses yet, or one that is the record's already. From
/// then on the file belongs to the record.
pub(crate) async fn claim(
    session: &Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Checked<'_>],
) -> Result<()> {
    let is_file = |field: &&FieldDef| matches!(field.kind, FieldType::File | FieldType::Image);
    for field in object.fields.values().filter(is_file) {
        for item in items.iter_mut().filter(|item| item.problem.is_none()) {
            let Some(id) = item.draft.get(&field.name).as_id().filter(|_| item.draft.changed(&field.name)) else {
                continue;
            };
            let own = (object.name.as_str(), item.draft.id);
            if !platform::claim_file(tx, id, own, session.viewer.id, session.viewer.is_system()).await? {
                *item.problem = Some(Error::invalid(
                    &field.name,
                    "unknown_file",
                    format!("{}：没有这个文件", field.label.zh),
                    format!("{}: there is no such file", field.label.en),
                ));
            }
        }
    }
    Ok(())
}

fn move_durably(from: &Path, to: &Path) -> std::io::Result<u64> {
    let file = std::fs::File::open(from)?;
    file.sync_all()?;
    let size = file.metadata()?.len();
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
        std::fs::rename(from, to)?;
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(size)
}

fn io(error: &std::io::Error) -> Error {
    Error::bad("io", format!("无法写入文件：{error}"), format!("cannot write the file: {error}"))
}

fn file_json(file: &File, author: Option<&str>) -> Json {
    json!({
        "id": file.id,
        "name": file.name,
        "title": file.name,
        "size": file.size,
        "type": file.media_type,
        "created_at": file.created_at,
        "created_by": file.created_by.map(|id| json!({"id": id, "title": author})),
    })
}
