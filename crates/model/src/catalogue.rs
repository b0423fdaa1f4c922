//! The catalogue: all objects of a workspace, merged, checked and immutable. It is swapped whole when something changes.

use crate::{
    error::DefinitionError,
    field::{ChoiceOption, FieldDef, FieldType},
    filter,
    formula::Formula,
    label::Label,
    object::{ModuleDef, ObjectDef, Trait},
};
use indexmap::IndexMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// The text of a definition file.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Path for error messages.
    pub file: &'static str,
    /// TOML.
    pub text: &'static str,
}

/// The definitions of one module.
#[derive(Debug, Clone, Copy)]
pub struct ModuleSource {
    /// `module.toml`.
    pub module: Source,
    /// `objects/*.toml`.
    pub objects: &'static [Source],
}

/// All objects and modules of a workspace.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Objects by name.
    pub objects: IndexMap<String, Arc<ObjectDef>>,
    /// Modules in the navigation's order.
    pub modules: Vec<ModuleDef>,
    /// Changes when anything in it changes.
    pub version: String,
}

/// Names that the platform or SQL needs for itself.
const RESERVED: &[&str] = &[
    "id",
    "version",
    "deleted_at",
    "rid",
    "search",
    "limit",
    "order",
    "group",
    "select",
    "from",
    "where",
    "position_in",
];

/// The field every record is known by.
fn id_field() -> FieldDef {
    let mut field = FieldDef::new("id", FieldType::Id, Label::new("记录 ID", "Record id"));
    field.system = true;
    field.read_only = true;
    field.hidden = true;
    field
}

fn system_fields(object: &ObjectDef) -> Vec<FieldDef> {
    let make = |name: &str, kind, zh: &str, en: &str| {
        let mut field = FieldDef::new(name, kind, Label::new(zh, en));
        field.system = true;
        field.read_only = true;
        field
    };
    let mut fields = Vec::new();
    if object.is_owned() {
        let mut owner = make("owner", FieldType::User, "负责人", "Owner");
        owner.read_only = false;
        fields.push(owner);
        fields.push(make("department", FieldType::Department, "所属部门", "Department"));
    }
    fields.push(make("created_at", FieldType::Datetime, "创建时间", "Created"));
    fields.push(make("created_by", FieldType::User, "创建人", "Created by"));
    fields.push(make("updated_at", FieldType::Datetime, "更新时间", "Updated"));
    fields.push(make("updated_by", FieldType::User, "更新人", "Updated by"));
    fields
}

/// The currency of a record's amounts; every object with money has one.
fn currency_field() -> FieldDef {
    let mut field = FieldDef::new("currency", FieldType::Text, Label::new("币种", "Currency"));
    field.help = Some(Label::new("ISO 4217 代码，如 CNY、USD", "ISO 4217 code such as CNY or USD"));
    field.max_length = Some(3);
    field
}

/// A short, stable tag that keeps the search tokens of a field apart from those of other fields of its object.
pub fn search_code(field: &str) -> String {
    // FNV-1a, so that the code never depends on a library's version.
    let hash = field
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let alphabet = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..3).map(|place| char::from(alphabet[(hash >> (place * 8)) as usize % 36])).collect()
}

struct Place<'a> {
    source: Source,
    errors: &'a mut Vec<DefinitionError>,
}

impl Place<'_> {
    /// Reports a mistake at the first line after `section` that contains `word`.
    fn report(&mut self, section: &str, word: &str, message: impl Into<String>) {
        let lines: Vec<&str> = self.source.text.lines().collect();
        let header = format!("[{section}]");
        let start = lines.iter().position(|line| line.trim().starts_with(&header)).unwrap_or(0);
        let found = lines[start..]
            .iter()
            .position(|line| !word.is_empty() && line.contains(word))
            .map_or(start, |offset| start + offset);
        self.errors.push(DefinitionError {
            file: self.source.file.to_owned(),
            line: found + 1,
            message: message.into(),
        });
    }
}

fn syntax_error(source: Source, error: &toml::de::Error) -> DefinitionError {
    let line =
        error.span().map_or(1, |span| source.text[..span.start.min(source.text.len())].matches('\n').count() + 1);
    DefinitionError { file: source.file.to_owned(), line, message: error.message().to_owned() }
}

impl Catalogue {
    /// Loads and checks all definitions; `custom` are fields made at run time, by object.
    ///
    /// # Errors
    /// Every mistake found, each with file and line.
    pub fn load(modules: &[ModuleSource], custom: &[(String, FieldDef)]) -> Result<Self, Vec<DefinitionError>> {
        let mut errors = Vec::new();
        let mut objects: IndexMap<String, (Source, ObjectDef)> = IndexMap::new();
        let mut loaded_modules: Vec<(Source, ModuleDef)> = Vec::new();
        for module in modules {
            let definition: ModuleDef = match toml::from_str(module.module.text) {
                Ok(definition) => definition,
                Err(error) => {
                    errors.push(syntax_error(module.module, &error));
                    continue;
                }
            };
            for source in module.objects {
                match toml::from_str::<ObjectDef>(source.text) {
                    Ok(mut object) => {
                        object.module.clone_from(&definition.name);
                        let mut place = Place { source: *source, errors: &mut errors };
                        if objects.contains_key(&object.name) {
                            place.report("", "name", format!("object {} is defined twice", object.name));
                            continue;
                        }
                        objects.insert(object.name.clone(), (*source, object));
                    }
                    Err(error) => errors.push(syntax_error(*source, &error)),
                }
            }
            loaded_modules.push((module.module, definition));
        }
        for (name, field) in custom {
            if let Some((_, object)) = objects.get_mut(name) {
                let mut field = field.clone();
                field.custom = true;
                object.fields.insert(field.name.clone(), field);
            }
        }
        borrow_options(&mut objects, &mut errors);
        for (source, object) in objects.values_mut() {
            let mut place = Place { source: *source, errors: &mut errors };
            complete(object, &mut place);
        }
        let kinds: BTreeMap<String, BTreeMap<String, FieldType>> = objects
            .iter()
            .map(|(name, (_, object))| {
                (name.clone(), object.fields.iter().map(|(name, field)| (name.clone(), field.kind)).collect())
            })
            .collect();
        let trees: BTreeSet<String> =
            objects.iter().filter(|(_, (_, object))| object.has(Trait::Tree)).map(|(name, _)| name.clone()).collect();
        for (source, object) in objects.values_mut() {
            let mut place = Place { source: *source, errors: &mut errors };
            check_links(object, &kinds, &trees, &mut place);
            check_layouts(object, &kinds, &mut place);
            check_sharing(object, &kinds, &mut place);
            compile_formulas(object, &mut place);
        }
        for (source, module) in &loaded_modules {
            let mut place = Place { source: *source, errors: &mut errors };
            for name in module.objects.iter().chain(&module.hidden) {
                if !objects.contains_key(name) {
                    place.report("", name, format!("there is no object {name}"));
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        loaded_modules.sort_by_key(|(_, module)| module.order);
        let mut hasher = DefaultHasher::new();
        for (_, object) in objects.values() {
            serde_json::to_string(object).unwrap_or_default().hash(&mut hasher);
        }
        Ok(Self {
            objects: objects.into_iter().map(|(name, (_, object))| (name, Arc::new(object))).collect(),
            modules: loaded_modules.into_iter().map(|(_, module)| module).collect(),
            version: format!("{:016x}", hasher.finish()),
        })
    }

    /// The same catalogue with other options for a choice: those that a workspace makes itself.
    #[must_use]
    pub fn with_options(mut self, object: &str, field: &str, options: Vec<ChoiceOption>) -> Self {
        if let Some(object) = self.objects.get_mut(object)
            && let Some(field) = Arc::make_mut(object).fields.get_mut(field)
        {
            field.options = options;
        }
        self
    }

    /// The same catalogue, its version also standing for something that is not part of it.
    #[must_use]
    pub fn versioned_with(mut self, other: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (&self.version, other).hash(&mut hasher);
        self.version = format!("{:016x}", hasher.finish());
        self
    }

    /// An object by name.
    pub fn object(&self, name: &str) -> Option<&Arc<ObjectDef>> {
        self.objects.get(name)
    }

    /// Walks a dotted path: the lookups passed, the object that has the last field, and that field.
    pub fn resolve<'a>(
        &'a self,
        object: &'a ObjectDef,
        path: &str,
    ) -> Option<(Vec<String>, &'a ObjectDef, &'a FieldDef)> {
        let (via, last) = filter::split_path(path);
        if via.len() > 4 {
            return None;
        }
        let mut current = object;
        for step in &via {
            let field = current.field(step).filter(|field| filter::can_walk(field))?;
            current = self.object(field.target()?)?;
        }
        Some((via.into_iter().map(str::to_owned).collect(), current, current.field(last)?))
    }

    /// Fields of any object that point at `target`.
    pub fn pointing_at<'a>(&'a self, target: &'a str) -> impl Iterator<Item = (&'a Arc<ObjectDef>, &'a FieldDef)> {
        self.objects.values().flat_map(move |object| {
            object.fields.values().filter(move |field| field.target() == Some(target)).map(move |field| (object, field))
        })
    }
}

/// Gives choices the options that they take from elsewhere.
fn borrow_options(objects: &mut IndexMap<String, (Source, ObjectDef)>, errors: &mut Vec<DefinitionError>) {
    let owned: Vec<ChoiceOption> = objects
        .values()
        .filter(|(_, object)| object.is_owned())
        .map(|(_, object)| ChoiceOption { value: object.name.clone(), label: object.label.clone(), color: None })
        .collect();
    let options_of = |from: &str| {
        let (object, field) = from.split_once('.')?;
        let options = &objects.get(object)?.1.fields.get(field)?.options;
        (!options.is_empty()).then(|| options.clone())
    };
    let mut found: Vec<(String, String, Vec<ChoiceOption>)> = Vec::new();
    for (source, object) in objects.values() {
        for (name, field) in &object.fields {
            let Some(from) = &field.options_from else { continue };
            match if from == "*owned" { Some(owned.clone()) } else { options_of(from) } {
                Some(options) => found.push((object.name.clone(), name.clone(), options)),
                None => Place { source: *source, errors: &mut *errors }.report(
                    &format!("fields.{name}"),
                    "options_from",
                    format!("{from} has no options"),
                ),
            }
        }
    }
    for (object, field, options) in found {
        if let Some(field) = objects.get_mut(&object).and_then(|(_, object)| object.fields.get_mut(&field)) {
            field.options = options;
        }
    }
}

/// Fills in names and system fields and checks everything that needs no other object.
fn complete(object: &mut ObjectDef, place: &mut Place<'_>) {
    if !is_name(&object.name) {
        place.report(
            "",
            "name",
            format!("{:?} is not a name: a-z, 0-9 and _, beginning with a letter, at most 40", object.name),
        );
    }
    check_label(&object.label, "", place);
    let names: Vec<String> = object.fields.keys().cloned().collect();
    for name in names {
        let section = format!("fields.{name}");
        let Some(field) = object.fields.get_mut(&name) else { continue };
        field.name.clone_from(&name);
        if !is_name(&name) || RESERVED.contains(&name.as_str()) {
            place.report(&section, "", format!("{name:?} cannot be a field's name"));
        }
        check_label(&field.label, &section, place);
        check_field(field, &section, place);
    }
    if object.fields.values().any(|field| field.effective() == FieldType::Money)
        && !object.fields.contains_key("currency")
    {
        object.fields.insert("currency".to_owned(), currency_field());
    }
    for field in system_fields(object) {
        if object.fields.contains_key(&field.name) {
            place.report(
                &format!("fields.{}", field.name),
                "",
                format!("{} is a system field and must not be defined", field.name),
            );
        }
        object.fields.insert(field.name.clone(), field);
    }
    let id = id_field();
    object.fields.insert(id.name.clone(), id);
    if object.has(Trait::Tree) && object.field("parent").and_then(FieldDef::target) != Some(object.name.as_str()) {
        place.report("", "traits", "a tree needs a lookup `parent` to itself");
    }
    if object.has(Trait::ChildOf) != object.parent.is_some() {
        place.report("", "traits", "`child_of` and `parent` go together");
    }
    if object.plural.is_none() {
        object.plural = Some(object.label.clone());
    }
    let mut codes = BTreeMap::new();
    for field in object.fields.values() {
        if let Some(other) = codes.insert(search_code(&field.name), field.name.clone()) {
            place.report(
                &format!("fields.{}", field.name),
                "",
                format!("the name collides with {other}; choose another"),
            );
        }
    }
}

fn check_label(label: &Label, section: &str, place: &mut Place<'_>) {
    if label.zh.trim().is_empty() || label.en.trim().is_empty() {
        place.report(section, "label", "a label needs zh and en");
    }
}

/// May this be the name of an object or a field?
pub fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !name.contains("__")
}

/// Checks what a field needs for its type. Shared by definition files and fields made at run time.
pub fn field_problems(field: &FieldDef) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    let kind = field.kind;
    let wants_target = matches!(kind, FieldType::Lookup | FieldType::MultiLookup | FieldType::Category);
    if wants_target != field.to.is_some() {
        problems
            .push(("to", if wants_target { "`to` is missing".into() } else { format!("`to` does not fit {kind:?}") }));
    }
    let wants_options = matches!(kind, FieldType::Choice | FieldType::MultiChoice);
    if wants_options == (field.options.is_empty() && field.options_from.is_none()) {
        problems.push((
            "options",
            if wants_options { "`options` are missing".into() } else { format!("`options` do not fit {kind:?}") },
        ));
    }
    let mut seen = BTreeSet::new();
    for option in &field.options {
        if option.value.is_empty() || option.value.len() > 60 || !seen.insert(&option.value) {
            problems.push(("options", format!("option {:?} is empty, too long or there twice", option.value)));
        }
        if option.label.zh.trim().is_empty() || option.label.en.trim().is_empty() {
            problems.push(("options", format!("option {:?} needs a label in zh and en", option.value)));
        }
    }
    if (kind == FieldType::AutoNumber) != field.pattern.is_some() {
        problems.push(("pattern", "`pattern` belongs to auto_number, and auto_number needs it".into()));
    }
    if (kind == FieldType::Formula) != field.expression.is_some()
        || (kind == FieldType::Formula) != field.returns.is_some()
    {
        problems.push(("expression", "`expression` and `returns` belong to formula, and formula needs both".into()));
    }
    if field.readers && field.target() != Some("user") {
        problems.push(("readers", "`readers` belongs to fields that name users".into()));
    }
    if field.min.zip(field.max).is_some_and(|(min, max)| min > max) {
        problems.push(("min", "`min` is above `max`".into()));
    }
    if field.max_length.is_some_and(|length| length == 0 || length > 1_000_000) {
        problems.push(("max_length", "`max_length` is 1 to 1,000,000".into()));
    }
    problems
}

fn check_field(field: &FieldDef, section: &str, place: &mut Place<'_>) {
    for (word, message) in field_problems(field) {
        place.report(section, word, message);
    }
}

fn check_links(
    object: &ObjectDef,
    kinds: &BTreeMap<String, BTreeMap<String, FieldType>>,
    trees: &BTreeSet<String>,
    place: &mut Place<'_>,
) {
    let has = |object: &str, field: &str| kinds.get(object).is_some_and(|fields| fields.contains_key(field));
    for field in object.fields.values() {
        let section = format!("fields.{}", field.name);
        let Some(target) = field.target() else { continue };
        if !kinds.contains_key(target) {
            place.report(&section, target, format!("there is no object {target}"));
            continue;
        }
        if field.kind == FieldType::Category && !trees.contains(target) {
            place.report(&section, target, format!("{target} is not a tree; use a lookup"));
        }
        for (theirs, ours) in &field.candidates {
            if !has(target, theirs) || !has(&object.name, ours) {
                place.report(
                    &section,
                    "where",
                    format!("`where` needs a field {theirs} of {target} and a field {ours} here"),
                );
            }
        }
    }
    for field in object.fields.values().filter(|field| field.readers && !object.is_owned()) {
        place.report(&format!("fields.{}", field.name), "readers", "`readers` needs the trait `owned`");
    }
    for field in object.fields.values() {
        // The other object's module may not be there; then neither is what is copied.
        if let Some((other, copied)) = field.copy_of.as_ref().and_then(|from| from.split_once('.'))
            && kinds.contains_key(other)
            && !has(other, copied)
        {
            let section = format!("fields.{}", field.name);
            place.report(&section, "copy_of", format!("{other} has no field {copied}"));
        }
    }
    match object.field(&object.title).map(|field| field.kind) {
        Some(FieldType::Text | FieldType::LongText | FieldType::AutoNumber | FieldType::Choice) => {}
        _ => place.report("", "title", format!("the title {:?} is not a text field", object.title)),
    }
    for (name, word) in [(&object.follow, "follow"), (&object.parent, "parent")] {
        if let Some(name) = name
            && !object.field(name).is_some_and(|field| field.kind.is_single_reference())
        {
            place.report("", word, format!("`{word}` names {name}, which is not a lookup"));
        }
    }
    for rule in &object.duplicates {
        for name in &rule.fields {
            if !object.field(name).is_some_and(|field| field.storage() == crate::value::Kind::Text) {
                place.report("[duplicates]", name, format!("duplicates: {name} is not a text field"));
            }
        }
    }
    for index in object.indexes.iter().chain(&object.unique) {
        for name in &index.fields {
            if !has(&object.name, name) {
                place.report("[indexes]", name, format!("there is no field {name} to index"));
            }
        }
    }
}

fn check_sharing(object: &ObjectDef, kinds: &BTreeMap<String, BTreeMap<String, FieldType>>, place: &mut Place<'_>) {
    let Some(sharing) = &object.sharing else { return };
    let mut expect = |name: &Option<String>, kind: FieldType| {
        if let Some(name) = name
            && object.field(name).map(|field| field.kind) != Some(kind)
        {
            place.report("sharing", name, format!("sharing: {name} is not a field of type {kind:?}"));
        }
    };
    expect(&sharing.object, FieldType::Choice);
    expect(&sharing.criteria, FieldType::LongText);
    expect(&sharing.users, FieldType::MultiLookup);
    expect(&sharing.departments, FieldType::MultiLookup);
    expect(&sharing.roles, FieldType::MultiChoice);
    expect(&sharing.level, FieldType::Choice);
    expect(&sharing.active, FieldType::Boolean);
    expect(&sharing.everybody, FieldType::Boolean);
    expect(&sharing.hides, FieldType::Tags);
    expect(&sharing.spares, FieldType::MultiLookup);
    if sharing.hides.is_some() && sharing.criteria.is_some() {
        place.report("sharing", "hides", "sharing: `hides` goes with `where`, not with `criteria`");
    }
    if sharing.to.is_some() == sharing.object.is_some() {
        place.report("sharing", "", "sharing: either `to` or `object` says whose records are shared");
    }
    // Of several kinds of records, each has the fields that are asked for.
    let options = sharing.object.as_ref().and_then(|name| object.field(name)).map(|field| &field.options);
    let targets: Vec<&String> =
        sharing.to.iter().chain(options.into_iter().flatten().map(|option| &option.value)).collect();
    for (theirs, ours) in &sharing.matching {
        let known = !targets.is_empty()
            && targets.iter().all(|to| kinds.get(*to).is_some_and(|fields| fields.contains_key(theirs)));
        if !known || (ours != "id" && object.field(ours).is_none()) {
            place.report(
                "sharing",
                theirs,
                format!("sharing: `where` needs a field {theirs} there and a field {ours} here"),
            );
        }
    }
}

fn check_layouts(object: &ObjectDef, kinds: &BTreeMap<String, BTreeMap<String, FieldType>>, place: &mut Place<'_>) {
    let layout = &object.layout;
    let mut named: Vec<(&str, &String)> = Vec::new();
    named.extend(layout.list.columns.iter().map(|name| ("layout.list", name)));
    named.extend(layout.create.fields.iter().map(|name| ("layout.create", name)));
    named.extend(layout.detail.highlights.iter().map(|name| ("layout.detail", name)));
    named.extend(
        layout
            .detail
            .sections
            .iter()
            .flat_map(|section| &section.fields)
            .map(|name| ("[layout.detail.sections]", name)),
    );
    if let Some(board) = &layout.board {
        named.extend(board.card.iter().chain([&board.group_by]).chain(&board.sum).map(|name| ("layout.board", name)));
    }
    if let Some(calendar) = &layout.calendar {
        named.push(("layout.calendar", &calendar.date));
    }
    for prompt in &object.prompts {
        named.extend(prompt.fields.iter().chain([&prompt.on]).map(|name| ("[prompts]", name)));
    }
    for action in &object.actions {
        named.extend(action.set.keys().map(|name| ("[actions]", name)));
    }
    if let Some(ownership) = &object.ownership {
        if !object.is_owned() {
            place.report("ownership", "", "ownership: its records have no owner");
        }
        if let Some(since) = &ownership.since
            && object.field(since).map(|field| field.kind) != Some(FieldType::Datetime)
        {
            place.report("ownership", since, format!("ownership: {since} is not a moment"));
        }
        named.extend(ownership.clears.iter().map(|name| ("ownership", name)));
    }
    for closed in &object.closed {
        let state = object.field(&closed.field).filter(|field| field.kind == FieldType::Choice);
        let known = |value: &String| state.is_some_and(|state| state.option(value).is_some());
        if let Some(value) = closed.values.iter().find(|value| !known(value)) {
            place.report("[closed]", value, format!("closed: {} has no option {value}", closed.field));
        }
        named.extend(closed.keeps.iter().map(|name| ("[closed]", name)));
    }
    for notice in &object.notices {
        for (name, message) in notice.problems(object) {
            place.report("[notices]", &name, message);
        }
    }
    for (section, name) in named {
        if object.field(name).is_none() {
            place.report(section, name, format!("there is no field {name}"));
        }
    }
    for sorted in layout.list.sort.iter().flat_map(|sort| sort.split(',')) {
        if object.field(sorted.trim_start_matches('-')).is_none() {
            place.report("layout.list", "sort", format!("there is no field {sorted} to sort by"));
        }
    }
    for name in layout.create.lines.iter().filter(|name| !kinds.contains_key(*name)) {
        place.report("layout.create", name, format!("there is no object {name}"));
    }
    for related in &layout.detail.related {
        match kinds.get(&related.object) {
            Some(fields) => {
                for name in related.columns.iter().chain([&related.field]) {
                    if !fields.contains_key(name) {
                        place.report(
                            "[layout.detail.related]",
                            name,
                            format!("{} has no field {name}", related.object),
                        );
                    }
                }
            }
            None => place.report(
                "[layout.detail.related]",
                &related.object,
                format!("there is no object {}", related.object),
            ),
        }
    }
}

/// Compiles formulas and puts them in an order in which each needs only those before it.
fn compile_formulas(object: &mut ObjectDef, place: &mut Place<'_>) {
    let mut waiting = Vec::new();
    for field in object.fields.values().filter(|field| field.kind == FieldType::Formula) {
        match Formula::compile(object, field) {
            Ok(formula) => waiting.push(formula),
            Err(message) => place.report(&format!("fields.{}", field.name), "expression", message),
        }
    }
    let mut ordered: Vec<Formula> = Vec::new();
    while !waiting.is_empty() {
        let blocked: Vec<String> = waiting.iter().map(|formula| formula.field.clone()).collect();
        let (ready, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|formula| formula.reads.iter().all(|name| !blocked.contains(name)));
        if ready.is_empty() {
            let cycle = blocked.join(", ");
            place.report(
                &format!("fields.{}", blocked[0]),
                "expression",
                format!("formulas need each other in a circle: {cycle}"),
            );
            break;
        }
        ordered.extend(ready);
        waiting = rest;
    }
    object.formulas = ordered;
}
