//! Rules of the repository, as tests: arrows between crates, definitions, labels, paths in the documents, file lengths.

use guanxi_model::Catalogue;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Longest source file, in lines.
const LONGEST: usize = 1000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// Every file below a folder, without what is generated or fetched.
fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let skipped = ["target", "node_modules", "dist", ".git", "data"].iter().any(|skipped| name == *skipped);
        if path.is_dir() && !skipped {
            files(&path, out);
        } else if path.is_file() {
            out.push(path);
        }
    }
}

fn all_files() -> Vec<PathBuf> {
    let mut out = Vec::new();
    files(&root(), &mut out);
    out
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

/// The house's own crates: folder name → the crates it is built on.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut out = BTreeMap::new();
    for group in ["crates", "modules"] {
        for entry in fs::read_dir(root().join(group)).expect("a folder of crates").flatten() {
            let Ok(text) = fs::read_to_string(entry.path().join("Cargo.toml")) else { continue };
            let manifest: toml::Table = toml::from_str(&text).expect("a manifest");
            let named =
                |key: &str| manifest.get(key).and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys);
            // Tests may look anywhere; what is shipped may not.
            let own = named("dependencies")
                .chain(named("build-dependencies"))
                .filter(|name| name.starts_with("guanxi"))
                .cloned()
                .collect();
            let name = manifest["package"]["name"].as_str().expect("a name").to_owned();
            out.insert(name, own);
        }
    }
    out
}

#[test]
fn arrows_point_one_way() {
    let platform = ["guanxi-model", "guanxi-access", "guanxi-store", "guanxi-engine"];
    let modules: BTreeSet<String> = fs::read_dir(root().join("modules"))
        .expect("modules")
        .flatten()
        .map(|entry| format!("guanxi-{}", entry.file_name().display()))
        .collect();
    for (name, built_on) in dependencies() {
        let allowed: BTreeSet<String> = match name.as_str() {
            "guanxi-model" => BTreeSet::new(),
            "guanxi-access" => platform[..1].iter().map(ToString::to_string).collect(),
            "guanxi-store" => platform[..2].iter().map(ToString::to_string).collect(),
            "guanxi-engine" => platform[..3].iter().map(ToString::to_string).collect(),
            "guanxi-server" => platform.iter().map(ToString::to_string).collect(),
            // It knows the platform, and no module: tests hand them in.
            "guanxi-testkit" => platform.iter().chain(&["guanxi-server"]).map(ToString::to_string).collect(),
            // The binary alone knows which modules there are.
            "guanxi" | "guanxi-bench" => continue,
            module if modules.contains(module) => platform.iter().map(ToString::to_string).collect(),
            other => panic!("{other} is new: say here what it may be built on"),
        };
        let wrong: Vec<&String> = built_on.difference(&allowed).collect();
        assert!(wrong.is_empty(), "{name} must not be built on {wrong:?}");
    }
    assert!(modules.len() >= 3, "the modules are found");
}

/// Definition files that ship: modules and the platform's own, and the test kit's.
fn definitions() -> Vec<PathBuf> {
    let in_objects = |path: &PathBuf| path.parent().is_some_and(|folder| folder.ends_with("objects"));
    all_files()
        .into_iter()
        .filter(|path| ends_with(path, "toml") && in_objects(path) && !path.ends_with("module.toml"))
        .collect()
}

/// Every definition file is registered: one that lies beside the others but is not loaded would be silently missing.
#[test]
fn every_definition_is_loaded() {
    let found = definitions();
    assert!(found.len() >= 15, "the definitions are found");
    for path in found {
        let name = path.file_name().expect("a name").display().to_string();
        let text = fs::read_to_string(&path).expect("a file");
        let definition: toml::Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", shown(&path)));
        assert_eq!(
            definition["name"].as_str().map(|name| format!("{name}.toml")),
            Some(name.clone()),
            "{} is named after its object",
            shown(&path)
        );
        let folder = path.parent().and_then(Path::parent).expect("a crate").join("src");
        let mut sources = Vec::new();
        files(&folder, &mut sources);
        let named = sources
            .iter()
            .any(|source| fs::read_to_string(source).is_ok_and(|text| text.contains(&format!("objects/{name}\""))));
        assert!(named, "{} is loaded by nobody", shown(&path));
    }
}

#[test]
fn definitions_load() {
    let sources = [guanxi_testkit::specimen::module().source];
    // Without the platform's own objects a user field leads nowhere: the loader says file and line.
    let errors = Catalogue::load(&sources, &[]).expect_err("there is no user object");
    assert!(
        errors.iter().all(|error| error.file.starts_with("crates/testkit/objects/") && error.line > 0),
        "{errors:?}"
    );
}

/// Every table with a `zh` or an `en` has both, with words in them.
fn half_labels(value: &toml::Value, place: &str, out: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            if table.contains_key("zh") || table.contains_key("en") {
                for key in ["zh", "en"] {
                    if table.get(key).and_then(toml::Value::as_str).is_none_or(|text| text.trim().is_empty()) {
                        out.push(format!("{place}: no {key}"));
                    }
                }
            }
            for (key, inner) in table {
                half_labels(inner, &format!("{place}.{key}"), out);
            }
        }
        toml::Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, inner)| half_labels(inner, &format!("{place}[{index}]"), out))
        }
        _ => {}
    }
}

#[test]
fn every_label_has_both_languages() {
    let mut missing = Vec::new();
    let mut labels = 0;
    for path in definitions().into_iter().chain(all_files().into_iter().filter(|path| path.ends_with("module.toml"))) {
        let table: toml::Value = toml::from_str(&fs::read_to_string(&path).expect("a file")).expect("TOML");
        half_labels(&table, &shown(&path), &mut missing);
        labels += usize::from(table.get("label").is_some());
        for (name, field) in table.get("fields").and_then(toml::Value::as_table).into_iter().flatten() {
            if field.get("label").is_none() {
                missing.push(format!("{}: {name} has no label", shown(&path)));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(labels > 15);
}

/// Does a word in backticks name a place in the repository?
fn names_a_place(word: &str) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "/_-.".contains(c));
    let places = ["crates/", "modules/", "web/", "docs/", "scripts/", "examples/", "e2e/", "bench/", "packs/", ".ci/"];
    plain && !word.contains("..") && places.iter().any(|place| word.starts_with(place))
}

#[test]
fn paths_in_documents_exist() {
    let mut missing = Vec::new();
    let mut looked_at = 0;
    // A document's own links, too.
    for path in all_files().into_iter().filter(|path| ends_with(path, "md")) {
        let text = fs::read_to_string(&path).expect("a document");
        let mut code = false;
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                code = !code;
                continue;
            }
            let words = line.split('`').skip(1).step_by(2).filter(|word| !code && names_a_place(word));
            for word in words {
                looked_at += 1;
                // Built by `make build`.
                let generated =
                    ["web/dist", "web/node_modules", "bench/results"].iter().any(|place| word.starts_with(place));
                if !generated && !root().join(word).exists() {
                    missing.push(format!("{}:{}: {word}", shown(&path), number + 1));
                }
            }
            for link in line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
                let local =
                    !link.is_empty() && !link.contains("://") && !link.starts_with("mailto:") && !link.starts_with('/');
                let target = path.parent().expect("a folder").join(link);
                if local && !code && !target.exists() {
                    missing.push(format!("{}:{}: link to {link}", shown(&path), number + 1));
                }
            }
        }
    }
    assert!(missing.is_empty(), "documents name what is not there:\n{}", missing.join("\n"));
    assert!(looked_at > 0, "the documents are found");
}

#[test]
fn no_source_file_is_too_long() {
    let ours = |path: &PathBuf| ["rs", "ts", "tsx", "css", "toml", "mjs"].iter().any(|ending| ends_with(path, ending));
    let long: Vec<String> = all_files()
        .into_iter()
        .filter(ours)
        // Made by a generator.
        .filter(|path| !shown(path).contains("schema.d.ts"))
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).ok()?.lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines", shown(&path)))
        })
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines:\n{}", long.join("\n"));
}

/// SQL that differs by database stands in the store only.
#[test]
fn nobody_but_the_store_asks_which_database_it_is() {
    let mut found = Vec::new();
    for path in all_files().into_iter().filter(|path| ends_with(path, "rs")) {
        let place = shown(&path);
        if place.starts_with("crates/store/")
            || place.starts_with("crates/testkit/")
            || place.contains("/tests/")
            || place.starts_with("bench/")
        {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        for (number, line) in
            text.lines().enumerate().filter(|(_, line)| line.contains("== Dialect::") || line.contains("!= Dialect::"))
        {
            found.push(format!("{place}:{}: {}", number + 1, line.trim()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
