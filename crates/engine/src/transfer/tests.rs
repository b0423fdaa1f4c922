//! Whole imports and exports on a workspace of their own.

use super::{Control, ExportRequest, Format, Imported, Mapping, Summary};
use crate::{Clock, Engine, ListRequest, Module, Options, Via, Viewer};
use guanxi_model::{Source, catalogue::ModuleSource};
use guanxi_store::{Location, platform};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use std::{path::PathBuf, sync::Arc};

const COMPANY: &str = r#"
name = "company"
label = { zh = "公司", en = "Company" }
title = "name"
[fields.number]
type = "auto_number"
label = { zh = "编号", en = "Number" }
pattern = "C-{seq:4}"
[fields.name]
type = "text"
label = { zh = "名称", en = "Name" }
required = true
[fields.level]
type = "choice"
label = { zh = "级别", en = "Level" }
options = [
  { value = "a", label = { zh = "A 级", en = "Grade A" } },
  { value = "b", label = { zh = "B 级", en = "Grade B" } },
]
[fields.kinds]
type = "multi_choice"
label = { zh = "类别", en = "Kinds" }
options = [
  { value = "x", label = { zh = "甲", en = "X" } },
  { value = "y", label = { zh = "乙", en = "Y" } },
]
[fields.parent]
type = "lookup"
to = "company"
label = { zh = "上级", en = "Parent" }
[fields.partners]
type = "multi_lookup"
to = "company"
label = { zh = "伙伴", en = "Partners" }
[fields.keeper]
type = "user"
label = { zh = "负责人", en = "Keeper" }
[fields.revenue]
type = "money"
label = { zh = "营业额", en = "Revenue" }
[fields.founded]
type = "date"
label = { zh = "成立", en = "Founded" }
[fields.seen_at]
type = "datetime"
label = { zh = "最近", en = "Seen" }
[fields.active]
type = "boolean"
label = { zh = "有效", en = "Active" }
[fields.city]
type = "region"
label = { zh = "地区", en = "City" }
[fields.phone]
type = "phone"
label = { zh = "电话", en = "Phone" }
[fields.remark]
type = "long_text"
label = { zh = "备注", en = "Remark" }
"#;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-11-21T04:00:00Z".parse().expect("a moment")
    }
}

struct Place {
    engine: Engine,
    folder: tempfile::TempDir,
    viewer: Viewer,
}

impl Place {
    async fn new() -> Self {
        const OBJECTS: &[Source] = &[Source { file: "company.toml", text: COMPANY }];
        const MODULE: &str = "name = \"test\"\nlabel = { zh = \"测试\", en = \"Test\" }\nobjects = [\"company\"]\n";
        let source = ModuleSource { module: Source { file: "module.toml", text: MODULE }, objects: OBJECTS };
        let module = Module {
            source,
            rules: Vec::new(),
            followers: Vec::new(),
            actions: Vec::new(),
            chores: Vec::new(),
            reminders: Vec::new(),
            figures: Vec::new(),
            calendars: Vec::new(),
            seed: None,
        };
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            location: Location::File(folder.path().join("test.db")),
            folder: folder.path().to_owned(),
            name: "test".into(),
            modules: vec![module],
            clock: Arc::new(Noon),
            time_zone: "Asia/Shanghai".into(),
            currency: "CNY".into(),
            seal_key: None,
        };
        let engine = Engine::open(options).await.expect("a workspace");
        Self { engine, folder, viewer: Viewer::system("import").through(Via::Import) }
    }

    fn file(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("in.csv");
        std::fs::write(&path, text).expect("written");
        path
    }

    async fn run(&self, mapping: &str, text: &str, dry_run: bool) -> Imported {
        let mapping = Mapping::from_toml(&format!("object = \"company\"\n{mapping}"), "m.toml").expect("a mapping");
        let path = self.file(text);
        self.engine
            .import_file(&self.viewer, &mapping, &path, dry_run, Arc::default(), &mut |_| {})
            .await
            .expect("an import")
    }

    async fn import(&self, mapping: &str, text: &str) -> Imported {
        self.run(mapping, text, false).await
    }

    async fn all(&self, object: &str, fields: &str) -> Vec<Json> {
        let fields = fields.split(',').map(str::to_owned).collect();
        let request =
            ListRequest { fields: Some(fields), sort: Some("name".into()), limit: Some(200), ..ListRequest::default() };
        let page = self.engine.list(&self.viewer, object, &request).await.expect("a list");
        page.items
            .into_iter()
            .map(|mut item| {
                item.shift_remove("id");
                item.shift_remove("version");
                item.shift_remove("_can");
                item.values().map(|value| value.get("title").unwrap_or(value).clone()).collect()
            })
            .collect()
    }
}

fn counts(summary: &Summary) -> [u64; 6] {
    [summary.read, summary.created, summary.updated, summary.unchanged, summary.failed, summary.created_by_lookup]
}

const BY_NAME: &str = "key = [\"name\"]\n[columns.name]\nfield = \"name\"\n";

#[tokio::test]
async fn cells_become_values() {
    let place = Place::new().await;
    let mapping = "[columns.n]\nfield = \"name\"\nreplace = { Acmee = \"Acme\" }\n[columns.l]\nfield = \"level\"\n[columns.k]\nfield = \"kinds\"\n\
        [columns.r]\nfield = \"revenue\"\nscale = 10000\n[columns.f]\nfield = \"founded\"\nformat = \"%d.%m.%Y\"\n[columns.s]\nfield = \"seen_at\"\n\
        [columns.a]\nfield = \"active\"\n[columns.c]\nfield = \"city\"\n[values]\nremark = \"{n} {{{l}}\"\n";
    let text = "n,l,k,r,f,s,a,c\nAcmee,A级,甲；Y,\"1,850.00005\",03.02.2026,2026-11-21 12:00,是,深圳\n";
    let done = place.import(mapping, text).await;
    assert_eq!(counts(&done.summary), [1, 1, 0, 0, 0, 0], "{:?}", done.first_errors);
    let found = place.all("company", "name,level,kinds,revenue,founded,seen_at,active,city,remark,number").await;
    assert_eq!(
        found,
        [json!([
            "Acme",
            "a",
            ["x", "y"],
            "18500000.50",
            "2026-02-03",
            "2026-11-21T04:00:00Z",
            true,
            "440300",
            "Acme {A级}",
            "C-0001"
        ])]
    );
}

#[tokio::test]
async fn every_mistake_is_told_with_its_line() {
    let place = Place::new().await;
    let mapping = format!("{BY_NAME}[columns.level]\nfield = \"level\"\n[columns.keeper]\nfield = \"keeper\"\n");
    let text = "name,level,keeper\nA,,\n,,\n B,z,\nC,,nobody\na,a,\nD,,,\nE,,x,y\nF\nA,,\n";
    let done = place.import(&mapping, text).await;
    // The third line is blank.
    assert_eq!(counts(&done.summary), [8, 2, 0, 1, 5, 0]);
    let lines: Vec<u64> = done.first_errors.iter().map(|refused| refused.line).collect();
    assert_eq!(lines, [4, 5, 6, 8, 9]);
    let errors = std::fs::read_to_string(done.summary.errors_file.expect("a file")).expect("read");
    assert!(errors.contains("a,a,,第 6 行：与第 2 行的 key 相同"), "{errors}");
    assert!(errors.contains("“nobody”"), "{errors}");
}

#[tokio::test]
async fn lookups_find_make_and_wait() {
    let place = Place::new().await;
    let mapping = format!(
        "{BY_NAME}[columns.parent]\nfield = \"parent\"\n[columns.partners]\nfield = \"partners\"\n\
         [columns.keeper]\nfield = \"keeper\"\ncreate = true\nwith = {{ department = \"{{team}}\", roles = [\"manager\"] }}\n"
    );
    let text = "name,parent,partners,keeper,team\nA,B,,李娜,销售/华东\nB,,A;C,李娜,销售/华东\nC,nowhere,,,\nD,E,,,\nE,nowhere,,王磊,销售/华南\n";
    let tried = place.run(&mapping, text, true).await;
    let done = place.import(&mapping, text).await;
    // C and E name what is nowhere; D names E, B names C, and A names B: none of them can be whole.
    assert_eq!(counts(&done.summary), [5, 0, 0, 0, 5, 3], "{:?}", done.first_errors);
    assert_eq!(tried.summary.created_by_lookup, 3);
    let done = place
        .import(&mapping, "name,parent,partners,keeper,team\nA,B,,李娜,销售/华东\nB,,A;C,李娜,销售/华东\nC,A,,,\n")
        .await;
    assert_eq!(done.summary.failed, 0, "{:?}", done.first_errors);
    let found = place.all("company", "name,parent,keeper").await;
    assert_eq!(found, [json!(["A", "B", "李娜"]), json!(["B", null, "李娜"]), json!(["C", "A", null])]);
    let again = place
        .import(&mapping, "name,parent,partners,keeper,team\nA,B,,李娜,销售/华东\nB,,A;C,李娜,销售/华东\nC,A,,,\n")
        .await;
    assert_eq!(counts(&again.summary), [3, 0, 0, 3, 0, 0]);
}

#[tokio::test]
async fn a_dry_run_leaves_no_trace() {
    let place = Place::new().await;
    let mapping = format!("{BY_NAME}[columns.keeper]\nfield = \"keeper\"\ncreate = true\n");
    let tried = place.run(&mapping, "name,keeper\nA,李娜\nB,李娜\nA,李娜\n", true).await;
    assert_eq!(counts(&tried.summary), [3, 2, 0, 1, 0, 1]);
    assert!(place.all("company", "name").await.is_empty());
    assert!(place.engine.imports(&place.viewer).await.expect("imports").is_empty());
    // No number is used up either.
    place.import(BY_NAME, "name\nA\n").await;
    assert_eq!(place.all("company", "number").await, [json!(["C-0001"])]);
}

#[tokio::test]
async fn modes_and_empty_cells() {
    let place = Place::new().await;
    place.import(BY_NAME, "name\nA\n").await;
    let update = format!(
        "mode = \"update\"\n{BY_NAME}[columns.phone]\nfield = \"phone\"\n[columns.remark]\nfield = \"remark\"\nempty = \"keep\"\n"
    );
    let done = place.import(&update, "name,phone,remark\nＡ ,12345,x\nB,1234,\n").await;
    assert_eq!(counts(&done.summary), [2, 0, 1, 0, 1, 0]);
    let done = place.import(&update, "name,phone,remark\na,,\n").await;
    assert_eq!(counts(&done.summary), [1, 0, 1, 0, 0, 0]);
    // The first spelling of the name has been written over by the last.
    assert_eq!(place.all("company", "name,phone,remark").await, [json!(["a", null, "x"])]);
    let create = format!("mode = \"create\"\n{BY_NAME}");
    let done = place.import(&create, "name\nA\nB\n").await;
    assert_eq!(counts(&done.summary), [2, 1, 0, 0, 1, 0]);
}

#[tokio::test]
async fn undoing_gives_back_what_was_there() {
    let place = Place::new().await;
    let mapping = format!("{BY_NAME}[columns.phone]\nfield = \"phone\"\n[columns.parent]\nfield = \"parent\"\n");
    place.import(&mapping, "name,phone,parent\nA,1111,\nB,2222,\n").await;
    let done = place.import(&mapping, "name,phone,parent\nA,9999,Z\nB,8888,\nC,7777,\nZ,,\n").await;
    assert_eq!(counts(&done.summary), [4, 2, 2, 0, 0, 0]);
    let b = place
        .engine
        .list(
            &place.viewer,
            "company",
            &ListRequest { filter: Some(json!(["name", "=", "B"])), ..ListRequest::default() },
        )
        .await
        .expect("a list");
    let id = b.items[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let edit = json!({"phone": "5555"});
    place
        .engine
        .update(&place.viewer, "company", id, edit.as_object().expect("fields"), None, true)
        .await
        .expect("an edit");
    let undone = place.engine.undo_import(&place.viewer, done.id).await.expect("undone");
    assert_eq!(
        (&undone["removed"], &undone["reverted"], &undone["kept"][0]["title"]),
        (&json!(2), &json!(1), &json!("B"))
    );
    let found = place.all("company", "name,phone,parent").await;
    assert_eq!(found, [json!(["A", "1111", null]), json!(["B", "5555", null])]);
    assert_eq!(place.engine.undo_import(&place.viewer, done.id).await.expect_err("once only").code(), "cannot_undo");
}

#[tokio::test]
async fn a_stopped_import_goes_on_where_it_stopped() {
    let place = Place::new().await;
    let rows: String = (0..2199).map(|row| format!("N{row},N{}\n", row + 1)).chain(["N2199,\n".to_owned()]).collect();
    let path = place.file(&format!("name,parent\n{rows}"));
    let mapping = Mapping::from_toml(
        &format!("object = \"company\"\n{BY_NAME}[columns.parent]\nfield = \"parent\"\nempty = \"keep\"\n"),
        "m.toml",
    )
    .expect("a mapping");
    let control = Arc::new(Control::default());
    let stop = control.clone();
    let mut progress = move |summary: &Summary| {
        if summary.read >= 1000 {
            stop.cancel();
        }
    };
    let stopped = place
        .engine
        .import_file(&place.viewer, &mapping, &path, false, control, &mut progress)
        .await
        .expect("an import");
    assert_eq!((stopped.state, stopped.summary.created), ("cancelled", 1000));
    // As a killed process leaves it.
    let mut job = platform::job(place.engine.database(), stopped.id).await.expect("read").expect("a job");
    job.state = "running".into();
    platform::put_job(place.engine.database(), job).await.expect("written");
    let seen = place.engine.import(&place.viewer, stopped.id).await.expect("an import");
    assert_eq!(seen["state"], "interrupted");
    place.engine.resume_import(&place.viewer, stopped.id).await.expect("resumed");
    let done = loop {
        let seen = place.engine.import(&place.viewer, stopped.id).await.expect("an import");
        if seen["state"] != "running" {
            break seen;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!((&done["state"], &done["read"], &done["failed"]), (&json!("done"), &json!(2200), &json!(0)), "{done}");
    assert_eq!(done["created"], 2200);
    let request = ListRequest { filter: Some(json!(["parent", "is_null"])), count: true, ..ListRequest::default() };
    assert_eq!(place.engine.list(&place.viewer, "company", &request).await.expect("a list").total, Some(1));
}

#[tokio::test]
async fn what_is_exported_can_be_imported() {
    let place = Place::new().await;
    let mapping = format!(
        "{BY_NAME}[columns.l]\nfield = \"level\"\n[columns.k]\nfield = \"kinds\"\n[columns.r]\nfield = \"revenue\"\n[columns.f]\nfield = \"founded\"\n\
         [columns.s]\nfield = \"seen_at\"\n[columns.a]\nfield = \"active\"\n[columns.c]\nfield = \"city\"\n[columns.p]\nfield = \"phone\"\n[columns.m]\nfield = \"remark\"\n\
         [columns.u]\nfield = \"parent\"\n"
    );
    let text = "name,l,k,r,f,s,a,c,p,m,u\n=1+1,b,x;y,-12.5,1899-02-03,2026-11-21T12:00:00.25+08:00,no,深圳南山区,+86 755 1,'=quoted,\nB,a,,123456789012345.6789,2026-01-01,2026-01-01 08:30,yes,United States,,\"two\nlines\",=1+1\n";
    let done = place.import(&mapping, text).await;
    assert_eq!(counts(&done.summary)[4], 0, "{:?}", done.first_errors);
    let fields = "name,level,kinds,revenue,founded,seen_at,active,city,phone,remark,parent";
    let before = place.all("company", fields).await;
    for (format, name) in [(Format::Csv, "out.csv"), (Format::Xlsx, "out.xlsx")] {
        let path = place.folder.path().join(name);
        let request = ExportRequest { object: "company".into(), format, ..ExportRequest::default() };
        let rows = place
            .engine
            .export_file(&place.viewer, &request, &path, &Control::default(), &mut |_| {})
            .await
            .expect("an export");
        assert_eq!(rows, 2);
        let upload = place.folder.path().join(format!("up-{name}"));
        std::fs::copy(&path, &upload).expect("copied");
        let import = place.engine.create_import(&place.viewer, "company", name, &upload).await.expect("an upload");
        let columns = import["columns"].as_array().expect("columns");
        let guessed = columns.iter().filter(|column| !column["field"].is_null());
        let map: String =
            guessed.map(|column| format!("[columns.{}]\nfield = {}\n", column["name"], column["field"])).collect();
        let mapping = Mapping::from_toml(&format!("object = \"company\"\nkey = [\"number\"]\n{map}"), "m.toml")
            .expect("a mapping");
        let again = place
            .engine
            .import_file(&place.viewer, &mapping, &path, false, Arc::default(), &mut |_| {})
            .await
            .expect("an import");
        assert_eq!(counts(&again.summary), [2, 0, 0, 2, 0, 0], "{format:?} {:?}", again.first_errors);
    }
    assert_eq!(place.all("company", fields).await, before);
}

#[tokio::test]
async fn mappings_that_do_not_fit_are_refused_before_the_first_row() {
    let place = Place::new().await;
    let path = place.file("name,other\nA,B\n");
    let cases = [
        ("[columns.nope]\nfield = \"name\"\n", "no column “nope”"),
        ("[columns.name]\nfield = \"nope\"\n", "no field “nope”"),
        ("[columns.name]\nfield = \"id\"\n", "cannot be imported"),
        ("[columns.name]\nfield = \"name\"\n[columns.other]\nfield = \"name\"\n", "filled twice"),
        ("mode = \"update\"\n[columns.name]\nfield = \"name\"\n", "need a key"),
        ("key = [\"phone\"]\n[columns.name]\nfield = \"name\"\n", "“phone” of the key"),
        ("[columns.name]\nfield = \"name\"\ncreate = true\n", "for lookups"),
        ("[columns.name]\nfield = \"name\"\nscale = 10\n", "scale"),
        ("[columns.name]\nfield = \"name\"\nformat = \"%Y\"\n", "format"),
        ("[columns.name]\nfield = \"keeper\"\nmatch = \"nope\"\n", "match by"),
        ("[columns.name]\nfield = \"name\"\n[values]\nlevel = \"z\"\n", "values.level"),
        ("[columns.name]\nfield = \"name\"\n[values]\nremark = \"{nope}\"\n", "no column “nope”"),
    ];
    for (mapping, expected) in cases {
        let mapping = Mapping::from_toml(&format!("object = \"company\"\n{mapping}"), "m.toml").expect("TOML");
        let error = place
            .engine
            .import_file(&place.viewer, &mapping, &path, false, Arc::default(), &mut |_| {})
            .await
            .expect_err(expected);
        assert!(error.to_string().contains(expected), "{error} / {expected}");
    }
}
