//! Tables kept in step with the catalogue: made, widened and indexed, never narrowed; indexes that it no longer names go.

use crate::{Database, Dialect, Result, Tx, former, sql::statement};
use guanxi_model::{Catalogue, FieldDef, Kind, ObjectDef, Trait, Value, field::FieldType, object::Normalize};

/// The column that holds search tokens on PostgreSQL; on SQLite they live in a table beside the object's.
pub const SEARCH_COLUMN: &str = "search";

/// The format of the platform's own tables; a later release with a higher number upgrades them.
const FORMAT: i64 = 1;

/// A column of a platform table: its name, what it holds, and what else stands in its definition.
type PlatformColumn = (&'static str, Kind, &'static str);

struct Table {
    name: &'static str,
    columns: &'static [PlatformColumn],
    tail: &'static str,
    indexes: &'static [&'static str],
}

/// What the change log gained after its first release: the address a change came from.
const CHANGES_LATER: &[PlatformColumn] = &[("address", Kind::Text, "")];

/// The platform's own tables. `_changes` is made apart, because its key differs.
const TABLES: &[Table] = &[
    Table {
        name: "_meta",
        columns: &[("key", Kind::Text, "PRIMARY KEY"), ("value", Kind::Text, "NOT NULL")],
        tail: "",
        indexes: &[],
    },
    Table {
        name: "_followers",
        columns: &[
            ("name", Kind::Text, "PRIMARY KEY"),
            ("xid", Kind::Int, "NOT NULL"),
            ("seq", Kind::Int, "NOT NULL"),
            ("holder", Kind::Text, ""),
            ("held_until", Kind::Instant, ""),
        ],
        tail: "",
        indexes: &[],
    },
    Table {
        name: "_seals",
        columns: &[
            ("number", Kind::Int, "PRIMARY KEY"),
            ("after_xid", Kind::Int, "NOT NULL"),
            ("after_seq", Kind::Int, "NOT NULL"),
            ("last_xid", Kind::Int, "NOT NULL"),
            ("last_seq", Kind::Int, "NOT NULL"),
            ("count", Kind::Int, "NOT NULL"),
            ("total", Kind::Int, "NOT NULL"),
            ("at", Kind::Instant, "NOT NULL"),
            ("previous", Kind::Text, "NOT NULL"),
            ("hash", Kind::Text, "NOT NULL"),
            ("rows", Kind::Text, "NOT NULL"),
            ("mac", Kind::Text, "NOT NULL"),
        ],
        tail: "",
        indexes: &[],
    },
    Table {
        name: "_export_usage",
        columns: &[("user_id", Kind::Id, "NOT NULL"), ("day", Kind::Text, "NOT NULL"), ("rows", Kind::Int, "NOT NULL")],
        tail: ", PRIMARY KEY (user_id, day)",
        indexes: &[],
    },
    Table {
        name: "_reading",
        columns: &[
            ("user_id", Kind::Id, "NOT NULL"),
            ("hour", Kind::Int, "NOT NULL"),
            ("records", Kind::Int, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (user_id, hour)",
        indexes: &[],
    },
    Table {
        name: "_notices",
        columns: &[
            ("user_id", Kind::Id, "NOT NULL"),
            ("kind", Kind::Text, "NOT NULL"),
            ("hour", Kind::Int, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (user_id, kind, hour)",
        indexes: &[],
    },
    Table {
        name: "_tallies",
        columns: &[
            ("kind", Kind::Text, "NOT NULL"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("day", Kind::Text, "NOT NULL"),
            ("count", Kind::Int, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (kind, user_id, day)",
        indexes: &[],
    },
    Table {
        name: "_notifications",
        columns: &[
            ("id", Kind::Id, "PRIMARY KEY"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("kind", Kind::Text, "NOT NULL"),
            ("object", Kind::Text, "NOT NULL"),
            ("record", Kind::Id, "NOT NULL"),
            ("actor", Kind::Id, ""),
            ("count", Kind::Int, "NOT NULL"),
            ("moment", Kind::Instant, ""),
            ("field", Kind::Text, ""),
            ("at", Kind::Instant, "NOT NULL"),
            ("read_at", Kind::Instant, ""),
            ("listed", Kind::Bool, "NOT NULL"),
        ],
        tail: "",
        indexes: &["user_id, id", "user_id, read_at", "at"],
    },
    Table {
        name: "_deliveries",
        columns: &[
            ("id", Kind::Id, "PRIMARY KEY"),
            ("channel", Kind::Text, "NOT NULL"),
            ("robot", Kind::Id, ""),
            ("user_id", Kind::Id, "NOT NULL"),
            ("notification", Kind::Id, "NOT NULL"),
            ("state", Kind::Text, "NOT NULL"),
            ("due_at", Kind::Instant, "NOT NULL"),
            ("attempts", Kind::Int, "NOT NULL"),
            ("error", Kind::Text, ""),
            ("created_at", Kind::Instant, "NOT NULL"),
            ("sent_at", Kind::Instant, ""),
        ],
        tail: "",
        indexes: &["state, due_at", "created_at"],
    },
    Table {
        name: "_department_tree",
        columns: &[("ancestor", Kind::Id, "NOT NULL"), ("descendant", Kind::Id, "NOT NULL")],
        tail: ", PRIMARY KEY (ancestor, descendant)",
        indexes: &["descendant"],
    },
    // Teams of records: who works on a record besides those whose roles open it.
    Table {
        name: "_shares",
        columns: &[
            ("object", Kind::Text, "NOT NULL"),
            ("record", Kind::Id, "NOT NULL"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("level", Kind::Text, "NOT NULL"),
            ("expires_at", Kind::Instant, ""),
            ("created_at", Kind::Instant, "NOT NULL"),
            ("created_by", Kind::Id, ""),
        ],
        tail: ", PRIMARY KEY (object, record, user_id)",
        indexes: &["user_id, object, record"],
    },
    Table {
        name: "_sequences",
        columns: &[
            ("name", Kind::Text, "NOT NULL"),
            ("period", Kind::Text, "NOT NULL"),
            ("value", Kind::Int, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (name, period)",
        indexes: &[],
    },
    Table {
        name: "_credentials",
        columns: &[
            ("user_id", Kind::Id, "PRIMARY KEY"),
            ("hash", Kind::Text, "NOT NULL"),
            ("changed_at", Kind::Instant, "NOT NULL"),
        ],
        tail: "",
        indexes: &[],
    },
    // Former passwords, so that they do not come back.
    Table {
        name: "_former_passwords",
        columns: &[
            ("id", Kind::Id, "PRIMARY KEY"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("hash", Kind::Text, "NOT NULL"),
        ],
        tail: "",
        indexes: &["user_id, id"],
    },
    // Failed sign-ins of a login or an address. `key` is a hash: what people type wrong is often a password.
    Table {
        name: "_failures",
        columns: &[
            ("key", Kind::Text, "PRIMARY KEY"),
            ("user_id", Kind::Id, ""),
            ("count", Kind::Int, "NOT NULL"),
            ("last_at", Kind::Instant, "NOT NULL"),
            ("locked_until", Kind::Instant, ""),
        ],
        tail: "",
        indexes: &["last_at"],
    },
    // Authenticator apps. `secret` is sealed with a key that is not in the database.
    Table {
        name: "_second_factors",
        columns: &[
            ("user_id", Kind::Id, "PRIMARY KEY"),
            ("secret", Kind::Text, "NOT NULL"),
            ("confirmed_at", Kind::Instant, ""),
            ("last_step", Kind::Int, ""),
        ],
        tail: "",
        indexes: &[],
    },
    Table {
        name: "_recovery_codes",
        columns: &[("user_id", Kind::Id, "NOT NULL"), ("hash", Kind::Text, "NOT NULL")],
        tail: ", PRIMARY KEY (user_id, hash)",
        indexes: &[],
    },
    // What other services call a user.
    Table {
        name: "_identities",
        columns: &[
            ("issuer", Kind::Text, "NOT NULL"),
            ("subject", Kind::Text, "NOT NULL"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("linked_at", Kind::Instant, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (issuer, subject)",
        indexes: &["user_id"],
    },
    // Browsers that are at another service to sign in there.
    Table {
        name: "_journeys",
        columns: &[
            ("hash", Kind::Text, "PRIMARY KEY"),
            ("user_id", Kind::Id, ""),
            ("next", Kind::Text, "NOT NULL"),
            ("expires_at", Kind::Instant, "NOT NULL"),
        ],
        tail: "",
        indexes: &["expires_at"],
    },
    Table {
        name: "_sessions",
        columns: &[
            ("hash", Kind::Text, "PRIMARY KEY"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("created_at", Kind::Instant, "NOT NULL"),
            ("expires_at", Kind::Instant, "NOT NULL"),
            ("address", Kind::Text, ""),
            ("agent", Kind::Text, ""),
        ],
        tail: "",
        indexes: &["user_id"],
    },
    Table {
        name: "_tokens",
        columns: &[
            ("id", Kind::Id, "PRIMARY KEY"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("name", Kind::Text, "NOT NULL"),
            ("hash", Kind::Text, "NOT NULL UNIQUE"),
            ("created_at", Kind::Instant, "NOT NULL"),
            ("expires_at", Kind::Instant, ""),
            // The roles it is restricted to, as JSON; all of its user's without.
            ("roles", Kind::Text, ""),
            // When it was first refused because it had expired.
            ("refused_at", Kind::Instant, ""),
        ],
        tail: "",
        indexes: &["user_id"],
    },
    // Secret addresses under which people's calendars are read.
    Table {
        name: "_calendar_feeds",
        columns: &[
            ("user_id", Kind::Id, "PRIMARY KEY"),
            ("hash", Kind::Text, "NOT NULL UNIQUE"),
            ("created_at", Kind::Instant, "NOT NULL"),
            ("whole", Kind::Bool, "NOT NULL"),
        ],
        tail: "",
        indexes: &[],
    },
    Table {
        name: "_setup_links",
        columns: &[
            ("hash", Kind::Text, "PRIMARY KEY"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("expires_at", Kind::Instant, "NOT NULL"),
        ],
        tail: "",
        indexes: &[],
    },
    Table {
        name: "_preferences",
        columns: &[
            ("user_id", Kind::Id, "NOT NULL"),
            ("key", Kind::Text, "NOT NULL"),
            ("value", Kind::Text, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (user_id, key)",
        indexes: &[],
    },
    Table {
        name: "_views",
        columns: &[
            ("id", Kind::Id, "PRIMARY KEY"),
            ("user_id", Kind::Id, "NOT NULL"),
            ("object", Kind::Text, "NOT NULL"),
            ("name", Kind::Text, "NOT NULL"),
            ("kind", Kind::Text, "NOT NULL"),
            ("definition", Kind::Text, "NOT NULL"),
            ("is_default", Kind::Bool, "NOT NULL"),
        ],
        tail: "",
        indexes: &["user_id, object"],
    },
    Table {
        name: "_recent",
        columns: &[
            ("user_id", Kind::Id, "NOT NULL"),
            ("object", Kind::Text, "NOT NULL"),
            ("record", Kind::Id, "NOT NULL"),
            ("at", Kind::Instant, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (user_id, object, record)",
        indexes: &["user_id, at"],
    },
    Table {
        name: "_files",
        columns: &[
            ("id", Kind::Id, "PRIMARY KEY"),
            ("object", Kind::Text, ""),
            ("record", Kind::Id, ""),
            ("name", Kind::Text, "NOT NULL"),
            ("size", Kind::Int, "NOT NULL"),
            ("media_type", Kind::Text, "NOT NULL"),
            ("created_at", Kind::Instant, "NOT NULL"),
            ("created_by", Kind::Id, ""),
        ],
        tail: "",
        indexes: &["object, record"],
    },
    Table {
        name: "_custom_fields",
        columns: &[
            ("object", Kind::Text, "NOT NULL"),
            ("name", Kind::Text, "NOT NULL"),
            ("definition", Kind::Text, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (object, name)",
        indexes: &[],
    },
    Table {
        name: "_jobs",
        columns: &[
            ("id", Kind::Id, "PRIMARY KEY"),
            ("kind", Kind::Text, "NOT NULL"),
            ("user_id", Kind::Id, ""),
            ("object", Kind::Text, "NOT NULL"),
            ("state", Kind::Text, "NOT NULL"),
            ("file_name", Kind::Text, "NOT NULL"),
            ("detail", Kind::Text, "NOT NULL"),
            ("created_at", Kind::Instant, "NOT NULL"),
            ("updated_at", Kind::Instant, "NOT NULL"),
        ],
        tail: "",
        indexes: &["user_id, kind, created_at"],
    },
    Table {
        name: "_import_rows",
        columns: &[
            ("import", Kind::Id, "NOT NULL"),
            ("seq", Kind::Int, "NOT NULL"),
            ("object", Kind::Text, "NOT NULL"),
            ("record", Kind::Id, "NOT NULL"),
            ("created", Kind::Bool, "NOT NULL"),
            ("version", Kind::Int, "NOT NULL"),
            ("before", Kind::Text, ""),
        ],
        tail: ", PRIMARY KEY (import, seq)",
        indexes: &[],
    },
    Table {
        name: "_handed",
        columns: &[
            ("handover", Kind::Id, "NOT NULL"),
            ("seq", Kind::Int, "NOT NULL"),
            ("part", Kind::Int, "NOT NULL"),
            ("object", Kind::Text, "NOT NULL"),
            ("record", Kind::Id, "NOT NULL"),
            ("field", Kind::Text, "NOT NULL"),
            ("before", Kind::Id, ""),
            ("after", Kind::Id, ""),
        ],
        tail: ", PRIMARY KEY (handover, seq)",
        indexes: &[],
    },
    Table {
        name: "_idempotency",
        columns: &[
            ("user_id", Kind::Id, "NOT NULL"),
            ("key", Kind::Text, "NOT NULL"),
            ("request", Kind::Text, "NOT NULL"),
            ("claim", Kind::Id, "NOT NULL"),
            ("process", Kind::Text, "NOT NULL"),
            ("object", Kind::Text, ""),
            ("record", Kind::Id, ""),
            ("status", Kind::Int, ""),
            ("answer", Kind::Text, ""),
            ("at", Kind::Instant, "NOT NULL"),
        ],
        tail: ", PRIMARY KEY (user_id, key)",
        indexes: &["at", "claim"],
    },
];

/// A column of an object's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDef {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    required: bool,
}

/// What the name of a sort key's column ends in.
pub(crate) const SORT_KEY: &str = "__key";

/// The pinyin sort key beside a title.
pub fn sort_key_column(field: &FieldDef) -> String {
    format!("{}{SORT_KEY}", field.name)
}

/// The normalised value beside a field that a duplicate rule compares.
pub fn match_column(field: &str, normalize: Normalize) -> String {
    let suffix = match normalize {
        Normalize::Exact => "exact",
        Normalize::Phone => "phone",
        Normalize::Company => "company",
    };
    format!("{field}__{suffix}")
}

/// Every match column of an object: field, normalisation, column.
pub fn match_columns(object: &ObjectDef) -> Vec<(&str, Normalize, String)> {
    let mut columns: Vec<(&str, Normalize, String)> = Vec::new();
    for rule in &object.duplicates {
        for field in &rule.fields {
            let column = match_column(field, rule.normalize);
            if !columns.iter().any(|(_, _, known)| *known == column) {
                columns.push((field, rule.normalize, column));
            }
        }
    }
    columns
}

/// All columns of an object's table besides `rid` and the search column.
pub fn columns(object: &ObjectDef) -> Vec<ColumnDef> {
    let column = |name: &str, kind, required| ColumnDef { name: name.to_owned(), kind, required };
    let mut out = vec![column("id", Kind::Id, true)];
    for field in object.fields.values().filter(|field| field.kind != FieldType::Id) {
        out.push(column(&field.name, field.storage(), matches!(field.name.as_str(), "created_at" | "updated_at")));
        if object.has_sort_key(field) {
            out.push(column(&sort_key_column(field), Kind::Text, true));
        }
    }
    out.extend(match_columns(object).into_iter().map(|(_, _, name)| column(&name, Kind::Text, false)));
    if object.has(Trait::ChildOf) {
        out.push(column("position", Kind::Int, false));
    }
    out.push(column("version", Kind::Int, true));
    out.push(column("deleted_at", Kind::Instant, false));
    out.push(column("deleted_by", Kind::Id, false));
    out
}

/// Makes the platform's tables if they are not there.
///
/// # Errors
/// Whatever the database says.
pub async fn prepare(database: &Database) -> Result<()> {
    database
        .write(|tx| {
            Box::pin(async move {
                lock(tx).await?;
                let mut script = String::new();
                let dialect = tx.dialect();
                for table in TABLES {
                    platform_table(&mut script, dialect, table);
                }
                changes_table(&mut script, dialect);
                tx.batch(&script).await?;
                let mut script = String::new();
                for table in TABLES {
                    widen(&mut script, &existing_columns(tx, table.name).await?, dialect, table.name, table.columns);
                }
                widen(&mut script, &existing_columns(tx, "_changes").await?, dialect, "_changes", CHANGES_LATER);
                TABLES.iter().for_each(|table| platform_indexes(&mut script, table));
                tx.batch(&script).await?;
                let sql = statement(
                    dialect,
                    "INSERT INTO _meta (key, value) VALUES ('format', ?) ON CONFLICT (key) DO NOTHING",
                    vec![FORMAT.to_string().into()],
                    &[],
                );
                tx.execute(&sql).await?;
                Ok(())
            })
        })
        .await
}

/// One process at a time changes the schema.
pub(crate) async fn lock(tx: &mut Tx) -> Result<()> {
    if tx.dialect() == Dialect::Postgres {
        tx.batch("SELECT pg_advisory_xact_lock(7101, hashtext(current_schema()))").await?;
    }
    Ok(())
}

fn platform_table(script: &mut String, dialect: Dialect, table: &Table) {
    script.push_str(&format!("CREATE TABLE IF NOT EXISTS {} (", table.name));
    for (index, (name, kind, rest)) in table.columns.iter().enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        script.push_str(&format!("{comma}\"{name}\" {} {rest}", dialect.column_type(*kind)));
    }
    script.push_str(table.tail);
    script.push_str(");\n");
}

fn platform_indexes(script: &mut String, table: &Table) {
    for columns in table.indexes {
        let name = columns.replace(", ", "_");
        script.push_str(&format!("CREATE INDEX IF NOT EXISTS {}_{name} ON {} ({columns});\n", table.name, table.name));
    }
}

/// Adds the columns that a table of an older release lacks. What a release adds must do without a default: null means that the
/// row is older.
fn widen(script: &mut String, existing: &[String], dialect: Dialect, table: &str, columns: &[PlatformColumn]) {
    for (name, kind, _) in columns.iter().filter(|(name, ..)| !existing.iter().any(|known| known == name)) {
        script.push_str(&format!("ALTER TABLE {table} ADD COLUMN \"{name}\" {};\n", dialect.column_type(*kind)));
    }
}

fn changes_table(script: &mut String, dialect: Dialect) {
    let kind = |kind| dialect.column_type(kind);
    // On PostgreSQL a lower sequence number may commit later than a higher one. Followers therefore read in the order of
    // transaction ids and only below the oldest transaction still running. SQLite has one writer and needs neither.
    let xid = match dialect {
        Dialect::Sqlite => "INTEGER NOT NULL DEFAULT 0",
        Dialect::Postgres => "BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)",
    };
    script.push_str(&format!(
        "CREATE TABLE IF NOT EXISTS _changes (seq {}, xid {xid}, at {} NOT NULL, actor {}, via {} NOT NULL, reason {}, \
         object {} NOT NULL, record {} NOT NULL, kind {} NOT NULL, version {} NOT NULL, diff {} NOT NULL);\n\
         CREATE INDEX IF NOT EXISTS _changes_record ON _changes (object, record, seq);\n\
         CREATE INDEX IF NOT EXISTS _changes_at ON _changes (at, seq);\n\
         CREATE INDEX IF NOT EXISTS _changes_object ON _changes (object, at, seq);\n\
         CREATE INDEX IF NOT EXISTS _changes_actor ON _changes (actor, at, seq) WHERE actor IS NOT NULL;\n",
        dialect.serial_key(),
        kind(Kind::Instant),
        kind(Kind::Id),
        kind(Kind::Text),
        kind(Kind::Text),
        kind(Kind::Text),
        kind(Kind::Id),
        kind(Kind::Text),
        kind(Kind::Int),
        kind(Kind::Text),
    ));
    if dialect == Dialect::Postgres {
        script.push_str("CREATE INDEX IF NOT EXISTS _changes_order ON _changes (xid, seq);\n");
    }
}

/// Makes and widens the objects' tables. Does nothing when the catalogue has not changed since the last time.
///
/// # Errors
/// Whatever the database says.
pub async fn sync(database: &Database, catalogue: &Catalogue) -> Result<()> {
    let dialect = database.dialect();
    let known = statement(dialect, "SELECT value FROM _meta WHERE key = 'catalogue'", vec![], &[Kind::Text]);
    let rows = database.read(known).await?;
    if rows.first().is_some_and(|row| row[0].as_text() == Some(&catalogue.version)) {
        return Ok(());
    }
    let objects: Vec<_> = catalogue.objects.values().cloned().collect();
    let version = catalogue.version.clone();
    database
        .write(move |tx| {
            Box::pin(async move {
                lock(tx).await?;
                for object in &objects {
                    former::set_aside(tx, object).await?;
                    sync_object(tx, object).await?;
                }
                let sql = statement(
                    dialect,
                    "INSERT INTO _meta (key, value) VALUES ('catalogue', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    vec![version.into()],
                    &[],
                );
                tx.execute(&sql).await?;
                Ok(())
            })
        })
        .await
}

async fn existing_columns(tx: &mut Tx, table: &str) -> Result<Vec<String>> {
    let text = match tx.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info(?)",
        Dialect::Postgres => {
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?"
        }
    };
    let sql = statement(tx.dialect(), text, vec![table.into()], &[Kind::Text]);
    Ok(tx.query(&sql).await?.into_iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
}

async fn existing_indexes(tx: &mut Tx, table: &str) -> Result<Vec<String>> {
    let text = match tx.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?",
        Dialect::Postgres => {
            "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ?"
        }
    };
    let sql = statement(tx.dialect(), text, vec![table.into()], &[Kind::Text]);
    Ok(tx.query(&sql).await?.into_iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
}

async fn sync_object(tx: &mut Tx, object: &ObjectDef) -> Result<()> {
    let dialect = tx.dialect();
    let table = &object.name;
    let existing = existing_columns(tx, table).await?;
    let mut script = String::new();
    if existing.is_empty() {
        script.push_str(&format!("CREATE TABLE \"{table}\" ("));
        if dialect == Dialect::Sqlite {
            script.push_str("rid INTEGER PRIMARY KEY, ");
        }
        for (index, column) in columns(object).iter().enumerate() {
            let rest = match (column.name.as_str(), dialect) {
                ("id", Dialect::Sqlite) => " NOT NULL UNIQUE",
                ("id", Dialect::Postgres) => " PRIMARY KEY",
                _ if column.required => " NOT NULL",
                _ => "",
            };
            let comma = if index > 0 { ", " } else { "" };
            script.push_str(&format!("{comma}\"{}\" {}{rest}", column.name, dialect.column_type(column.kind)));
        }
        if dialect == Dialect::Postgres {
            script.push_str(&format!(", \"{SEARCH_COLUMN}\" tsvector"));
        }
        script.push_str(");\n");
    } else {
        for column in columns(object).iter().filter(|column| !existing.contains(&column.name)) {
            script.push_str(&format!(
                "ALTER TABLE \"{table}\" ADD COLUMN \"{}\" {};\n",
                column.name,
                dialect.column_type(column.kind)
            ));
        }
    }
    match dialect {
        // Contentless: the tokens are only ever looked up, never read back. `detail=none` because terms never need positions.
        Dialect::Sqlite => script.push_str(&format!(
            "CREATE VIRTUAL TABLE IF NOT EXISTS \"{table}__search\" USING fts5(tokens, content='', contentless_delete=1, detail=none, tokenize='ascii');\n"
        )),
        Dialect::Postgres => script.push_str(&format!(
            "CREATE INDEX IF NOT EXISTS \"{table}__search\" ON \"{table}\" USING gin (\"{SEARCH_COLUMN}\");\n"
        )),
    }
    let wanted = indexes(object);
    let names: Vec<String> = wanted.iter().map(|(unique, fields)| index_name(table, *unique, fields)).collect();
    let ours =
        |name: &String| [format!("{table}__i__"), format!("{table}__u__")].iter().any(|start| name.starts_with(start));
    for name in existing_indexes(tx, table).await?.iter().filter(|name| ours(name) && !names.contains(name)) {
        script.push_str(&format!("DROP INDEX \"{name}\";\n"));
    }
    for ((unique, fields), name) in wanted.into_iter().zip(&names) {
        let kind = if unique { "UNIQUE INDEX" } else { "INDEX" };
        let nulls = if dialect == Dialect::Postgres && !unique { " NULLS FIRST" } else { "" };
        // Two empty lookups are the same place: there is one department of a name at the top, too.
        let is_lookup = |name: &String| object.field(name).is_some_and(|field| field.storage() == Kind::Id);
        let list: Vec<String> = fields
            .iter()
            .map(|field| match (unique && fields.len() > 1 && is_lookup(field), dialect) {
                (true, Dialect::Sqlite) => format!("COALESCE(\"{field}\", x'')"),
                (true, Dialect::Postgres) => {
                    format!("COALESCE(\"{field}\", '00000000-0000-0000-0000-000000000000'::uuid)")
                }
                (false, _) => format!("\"{field}\"{nulls}"),
            })
            .collect();
        // What is only ever looked up by a value needs no entries for records without one.
        let filled = match fields.as_slice() {
            [field] if !unique && (is_lookup(field) || object.field(field).is_none()) => {
                format!(" AND \"{field}\" IS NOT NULL")
            }
            _ => String::new(),
        };
        script.push_str(&format!(
            "CREATE {kind} IF NOT EXISTS \"{name}\" ON \"{table}\" ({}) WHERE deleted_at IS NULL{filled};\n",
            list.join(", ")
        ));
    }
    tx.batch(&script).await
}

/// The name of an index; a violated unique index is recognised by it.
pub fn index_name(table: &str, unique: bool, fields: &[String]) -> String {
    let name = format!("{table}__{}__{}", if unique { "u" } else { "i" }, fields.join("_"));
    // PostgreSQL cuts names at 63 bytes.
    if name.len() <= 60 { name } else { format!("{}_{}", &name[..52], guanxi_model::catalogue::search_code(&name)) }
}

/// All indexes of an object: whether unique, and the columns.
pub fn indexes(object: &ObjectDef) -> Vec<(bool, Vec<String>)> {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut out: Vec<(bool, Vec<String>)> = vec![(false, list(&["updated_at", "id"]))];
    if object.is_owned() {
        out.push((false, list(&["owner", "updated_at", "id"])));
        out.push((false, list(&["department", "updated_at", "id"])));
    }
    for field in object.fields.values() {
        if field.names_one() {
            out.push((true, vec![field.name.clone()]));
        } else if field.kind.is_single_reference() && !field.system {
            out.push((false, vec![field.name.clone()]));
        }
        if object.has_sort_key(field) {
            out.push((false, vec![sort_key_column(field), "id".to_owned()]));
        }
    }
    out.extend(match_columns(object).into_iter().map(|(_, _, column)| (false, vec![column])));
    out.extend(object.unique.iter().map(|index| (true, index.fields.clone())));
    out.extend(object.indexes.iter().map(|index| (false, index.fields.clone())));
    let mut seen = Vec::new();
    out.retain(|index| {
        let fresh = !seen.contains(index);
        seen.push(index.clone());
        fresh
    });
    out
}

/// Which fields a violated unique index stands for, read from the database's message.
pub fn violated_fields(object: &ObjectDef, message: &str) -> Vec<String> {
    let known = indexes(object).into_iter().filter(|(unique, _)| *unique).map(|(_, fields)| fields);
    let mut fits: Vec<Vec<String>> = known
        .filter(|fields| {
            let by_name = message.contains(&index_name(&object.name, true, fields));
            let by_columns = fields
                .iter()
                .all(|field| message.split([',', ' ']).any(|word| word == format!("{}.{field}", object.name)));
            by_name || by_columns
        })
        .collect();
    fits.sort_by_key(Vec::len);
    fits.pop().unwrap_or_default()
}

/// The custom fields of the workspace, by object.
///
/// # Errors
/// Whatever the database says.
pub async fn custom_fields(database: &Database) -> Result<Vec<(String, FieldDef)>> {
    let text = "SELECT object, definition FROM _custom_fields ORDER BY object, name";
    let rows = database.read(statement(database.dialect(), text, vec![], &[Kind::Text, Kind::Text])).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match (&row[0], &row[1]) {
            (Value::Text(object), Value::Text(definition)) => {
                serde_json::from_str(definition).ok().map(|field| (object.clone(), field))
            }
            _ => None,
        })
        .collect())
}

/// Adds a custom field: its definition and its column, in one transaction. False when it is there already.
///
/// # Errors
/// Whatever the database says.
pub async fn add_custom_field(database: &Database, object: &ObjectDef, field: &FieldDef) -> Result<bool> {
    let mut widened = object.clone();
    widened.fields.insert(field.name.clone(), field.clone());
    let definition = serde_json::to_string(field).map_err(|error| crate::Error::Other(error.to_string()))?;
    let (name, table) = (field.name.clone(), object.name.clone());
    database
        .write(move |tx| {
            Box::pin(async move {
                lock(tx).await?;
                let sql = statement(
                    tx.dialect(),
                    "INSERT INTO _custom_fields (object, name, definition) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    vec![table.into(), name.into(), definition.into()],
                    &[],
                );
                if tx.execute(&sql).await? == 0 {
                    return Ok(false);
                }
                sync_object(tx, &widened).await?;
                Ok(true)
            })
        })
        .await
}
