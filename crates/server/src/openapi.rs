//! The OpenAPI 3.1 document, made from the catalogue: every object with its own typed paths and schemas.

use guanxi_model::{Catalogue, FieldDef, FieldType, ObjectDef};
use serde_json::{Map, Value, json};

/// The document for a catalogue. A company's own fields are for those who are signed in.
pub fn document(catalogue: &Catalogue, custom: bool) -> Value {
    let mut paths = Map::new();
    let mut schemas = common_schemas();
    for object in catalogue.objects.values() {
        let mut object = (**object).clone();
        object.fields.retain(|_, field| custom || !field.custom);
        if object.name == "user"
            && let Some(roles) = object.fields.get_mut("roles")
        {
            // Roles are a company's own.
            roles.options.clear();
        }
        let object = &object;
        let name = pascal(&object.name);
        schemas.insert(name.clone(), record_schema(object));
        schemas.insert(format!("{name}Input"), input_schema(object));
        schemas.insert(
            format!("{name}Page"),
            json!({
                "type": "object",
                "required": ["items", "next"],
                "properties": {
                    "items": {"type": "array", "items": reference(&name)},
                    "next": {"type": ["string", "null"]},
                    "total": {"type": "integer"},
                },
            }),
        );
        object_paths(&mut paths, object, &name);
    }
    platform_paths(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Guanxi",
            "version": "1",
            "description": "Everything the page does, a program can do. See docs/api.md for the reasons behind the shapes.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "guanxi_session"},
            },
            "responses": {
                "Problem": {
                    "description": "RFC 9457 problem",
                    "content": {"application/problem+json": {"schema": reference("Problem")}},
                },
            },
        },
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

/// The type of a field as it is read.
fn output(field: &FieldDef) -> Value {
    let nullable = |kind: &str| json!({"type": [kind, "null"]});
    match field.effective() {
        FieldType::Integer | FieldType::Rating => nullable("integer"),
        FieldType::Decimal | FieldType::Money | FieldType::Percent => {
            json!({"type": ["string", "null"], "pattern": "^-?[0-9]+(\\.[0-9]{1,4})?$"})
        }
        FieldType::Boolean => nullable("boolean"),
        FieldType::Date => json!({"type": ["string", "null"], "format": "date"}),
        FieldType::Datetime => json!({"type": ["string", "null"], "format": "date-time"}),
        FieldType::Choice => {
            let mut values: Vec<Value> = field.options.iter().map(|option| json!(option.value)).collect();
            values.push(Value::Null);
            json!({"type": ["string", "null"], "enum": values})
        }
        FieldType::MultiChoice => {
            let values: Vec<Value> = field.options.iter().map(|option| json!(option.value)).collect();
            let item =
                if values.is_empty() { json!({"type": "string"}) } else { json!({"type": "string", "enum": values}) };
            json!({"type": ["array", "null"], "items": item})
        }
        FieldType::Tags => json!({"type": ["array", "null"], "items": {"type": "string"}}),
        FieldType::Lookup | FieldType::Category | FieldType::User | FieldType::Department => {
            json!({"oneOf": [reference("Reference"), {"type": "null"}]})
        }
        FieldType::MultiLookup => json!({"type": ["array", "null"], "items": reference("Reference")}),
        FieldType::File | FieldType::Image => json!({"oneOf": [reference("FileReference"), {"type": "null"}]}),
        FieldType::Id => json!({"type": "string", "format": "uuid"}),
        _ => json!({"type": ["string", "null"], "maxLength": field.text_limit()}),
    }
}

/// The type of a field as it is written.
fn input(field: &FieldDef) -> Value {
    match field.effective() {
        FieldType::Decimal | FieldType::Money | FieldType::Percent => json!({"type": ["string", "number", "null"]}),
        FieldType::Lookup
        | FieldType::Category
        | FieldType::User
        | FieldType::Department
        | FieldType::File
        | FieldType::Image => {
            json!({"oneOf": [{"type": "string", "format": "uuid"}, reference("Reference"), {"type": "null"}]})
        }
        FieldType::MultiLookup => {
            json!({"type": ["array", "null"], "items": {"oneOf": [{"type": "string", "format": "uuid"}, reference("Reference")]}})
        }
        _ => output(field),
    }
}

fn described(mut schema: Value, field: &FieldDef) -> Value {
    schema["title"] = json!(field.label.en);
    schema["description"] = json!(match &field.help {
        Some(help) => format!("{} ({})", help.en, field.label.zh),
        None => field.label.zh.clone(),
    });
    schema
}

fn record_schema(object: &ObjectDef) -> Value {
    let mut properties = Map::new();
    properties.insert("id".into(), json!({"type": "string", "format": "uuid"}));
    properties.insert("version".into(), json!({"type": "integer"}));
    for field in object.fields.values().filter(|field| field.kind != FieldType::Id) {
        properties.insert(field.name.clone(), described(output(field), field));
    }
    properties
        .insert("_can".into(), json!({"type": "array", "items": {"type": "string", "enum": ["update", "delete"]}}));
    json!({"type": "object", "title": object.label.en, "required": ["id", "version"], "properties": properties})
}

fn input_schema(object: &ObjectDef) -> Value {
    let mut properties: Map<String, Value> = object
        .fields
        .values()
        .filter(|field| !field.is_computed() && !field.read_only && field.kind != FieldType::AutoNumber)
        .map(|field| (field.name.clone(), described(input(field), field)))
        .collect();
    if !object.layout.create.lines.is_empty() {
        let kinds = object.layout.create.lines.iter();
        let lines: Map<String, Value> = kinds
            .map(|name| {
                let line = reference(&format!("{}Input", pascal(name)));
                (name.clone(), json!({"type": "array", "items": line}))
            })
            .collect();
        let text = "Lines of a new record, by object; at most 200";
        properties.insert("_lines".into(), json!({"type": "object", "properties": lines, "description": text}));
    }
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

fn answer(schema: &Value) -> Value {
    json!({"description": "OK", "content": {"application/json": {"schema": schema}}})
}

fn operation(
    id: String,
    tag: &str,
    summary: &str,
    parameters: Vec<Value>,
    body: Option<Value>,
    status: &str,
    schema: Option<Value>,
) -> Value {
    let mut responses = Map::new();
    responses
        .insert(status.to_owned(), schema.map_or_else(|| json!({"description": "Done"}), |schema| answer(&schema)));
    responses.insert("default".into(), json!({"$ref": "#/components/responses/Problem"}));
    let mut out = json!({"operationId": id, "tags": [tag], "summary": summary, "responses": responses});
    if !parameters.is_empty() {
        out["parameters"] = json!(parameters);
    }
    if let Some(body) = body {
        out["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": body}}});
    }
    out
}

fn query(name: &str, kind: &str, text: &str) -> Value {
    json!({"name": name, "in": "query", "schema": {"type": kind}, "description": text})
}

fn in_path(name: &str) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})
}

fn header(name: &str, text: &str) -> Value {
    json!({"name": name, "in": "header", "schema": {"type": "string"}, "description": text})
}

fn object_paths(paths: &mut Map<String, Value>, object: &ObjectDef, name: &str) {
    let base = format!("/records/{}", object.name);
    let tag = object.label.en.as_str();
    let page = |id: &str, summary: &str| {
        operation(
            format!("{id}_{}", object.name),
            tag,
            summary,
            vec![
                in_path("id"),
                query("cursor", "string", "`next` of the page before"),
                query("limit", "integer", "page size"),
            ],
            None,
            "200",
            Some(json!({"type": "object"})),
        )
    };
    let key = header("Idempotency-Key", "repeats of the request get the first answer");
    let insist = query("allow_duplicate", "boolean", "write although a duplicate rule warns");
    paths.insert(
        base.clone(),
        json!({
            "get": operation(
                format!("list_{}", object.name), tag, "List",
                vec![
                    query("filter", "string", "filter as JSON"),
                    query("sort", "string", "e.g. -updated_at,name"),
                    query("fields", "string", "fields separated by commas"),
                    query("limit", "integer", "1 to 200"),
                    query("cursor", "string", "`next` of the page before"),
                    query("seek", "string", "begin at this value of the first sort field"),
                    query("count", "boolean", "also count all matches"),
                ],
                None, "200", Some(reference(&format!("{name}Page"))),
            ),
            "post": operation(format!("create_{}", object.name), tag, "Create", vec![insist.clone(), key.clone()], Some(reference(&format!("{name}Input"))), "201", Some(reference(name))),
        }),
    );
    paths.insert(
        format!("{base}/{{id}}"),
        json!({
            "get": operation(format!("get_{}", object.name), tag, "Read", vec![in_path("id"), query("fields", "string", "fields separated by commas")], None, "200", Some(reference(name))),
            "patch": operation(format!("update_{}", object.name), tag, "Change", vec![in_path("id"), insist, header("If-Match", "ETag of the version that was read")], Some(reference(&format!("{name}Input"))), "200", Some(reference(name))),
            "delete": operation(format!("delete_{}", object.name), tag, "Delete (to the recycle bin)", vec![in_path("id"), header("If-Match", "ETag of the version that was read")], None, "204", None),
        }),
    );
    paths.insert(format!("{base}/aggregate"), json!({"post": operation(format!("aggregate_{}", object.name), tag, "Group and measure", vec![], Some(reference("Aggregate")), "200", Some(reference("AggregateRows")))}));
    paths.insert(format!("{base}/duplicates"), json!({"post": operation(format!("duplicates_{}", object.name), tag, "What would be a duplicate", vec![], Some(json!({"type": "object"})), "200", Some(json!({"type": "object"})))}));
    paths.insert(format!("{base}/bulk"), json!({"post": operation(format!("bulk_{}", object.name), tag, "Change or delete many", vec![key.clone()], Some(reference("Bulk")), "200", Some(reference("BulkAnswer")))}));
    paths.insert(format!("{base}/{{id}}/history"), json!({"get": page("history", "Who changed what")}));
    paths.insert(format!("{base}/{{id}}/timeline"), json!({"get": page("timeline", "What happened")}));
    paths.insert(
        format!("{base}/{{id}}/attachments"),
        json!({
            "get": operation(format!("attachments_{}", object.name), tag, "Files", vec![in_path("id")], None, "200", Some(json!({"type": "object"}))),
            "post": upload(format!("attach_{}", object.name), tag, "Attach a file", vec![in_path("id")], "201"),
        }),
    );
    paths.insert(format!("{base}/{{id}}/reveal"), json!({"post": operation(format!("reveal_{}", object.name), tag, "The whole value of a masked field; the look is logged", vec![in_path("id")], Some(json!({"type": "object", "required": ["field"], "properties": {"field": {"type": "string"}}})), "200", Some(json!({"type": "object"})))}));
    if object.is_owned() {
        let member = json!({"type": "object", "properties": {"level": {"type": "string", "enum": ["read", "write"], "default": "read"}, "expires_at": {"type": ["string", "null"], "format": "date-time"}}});
        paths.insert(format!("{base}/{{id}}/team"), json!({"get": operation(format!("team_{}", object.name), tag, "Who works on it besides its owner", vec![in_path("id")], None, "200", Some(reference("Team")))}));
        paths.insert(
            format!("{base}/{{id}}/team/{{user}}"),
            json!({
                "put": operation(format!("put_team_{}", object.name), tag, "Take somebody into the team, or change what he may do", vec![in_path("id"), in_path("user")], Some(member), "200", Some(reference("Team"))),
                "delete": operation(format!("remove_team_{}", object.name), tag, "Take somebody out of the team", vec![in_path("id"), in_path("user")], None, "204", None),
            }),
        );
    }
    for action in &object.actions {
        paths.insert(
            format!("{base}/{{id}}/actions/{}", action.name),
            json!({"post": operation(format!("{}_{}", action.name, object.name), tag, &action.label.en, vec![in_path("id"), key.clone()], Some(json!({"type": "object"})), "200", Some(reference(name)))}),
        );
    }
}

fn upload(id: String, tag: &str, summary: &str, parameters: Vec<Value>, status: &str) -> Value {
    let mut out = operation(id, tag, summary, parameters, None, status, Some(json!({"type": "object"})));
    out["requestBody"] = json!({
        "required": true,
        "content": {"multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}}}}},
    });
    out
}

/// What is not about one object: method, path, operation, summary, answer's status, whether it has a JSON body.
const PLATFORM: &[(&str, &str, &str, &str, &str, bool)] = &[
    ("get", "/session", "show_session", "Who is signed in", "200", false),
    ("post", "/session", "sign_in", "Sign in", "200", true),
    ("delete", "/session", "sign_out", "Sign out", "204", false),
    ("post", "/session/password", "change_password", "Change one's password", "204", true),
    ("get", "/session/totp", "show_totp", "Whether one signs in with an authenticator app", "200", false),
    ("post", "/session/totp", "begin_totp", "Begin to set up an authenticator app", "200", true),
    ("post", "/session/totp/confirm", "confirm_totp", "Confirm the app by a code", "200", true),
    ("post", "/session/totp/recovery-codes", "renew_recovery_codes", "Other recovery codes", "200", true),
    ("post", "/session/totp/disable", "disable_totp", "Sign in without an app again", "204", true),
    ("get", "/sign-in", "sign_in_offers", "How one signs in here", "200", false),
    ("get", "/sign-in/settings", "sign_in_settings", "Passwords and lockout", "200", false),
    ("patch", "/sign-in/settings", "change_sign_in_settings", "Change what is demanded of passwords", "200", true),
    ("get", "/sign-in/locked", "locked_users", "Users who are locked now", "200", false),
    ("get", "/sign-in/oidc", "oidc_settings", "The OpenID Connect provider", "200", false),
    ("patch", "/sign-in/oidc", "change_oidc_settings", "Change the provider", "200", true),
    ("get", "/sign-in/ldap", "ldap_settings", "The directory", "200", false),
    ("patch", "/sign-in/ldap", "change_ldap_settings", "Change the directory", "200", true),
    ("post", "/sign-in/ldap/test", "try_ldap", "Try the directory, step by step", "200", true),
    ("get", "/oidc/start", "oidc_start", "To the provider, to sign in", "303", false),
    ("get", "/oidc/callback", "oidc_callback", "Back from the provider", "303", false),
    ("post", "/oidc/link", "oidc_link", "Begin to link one's account with the provider", "200", false),
    ("get", "/oidc/identity", "oidc_identity", "Whether one is linked with the provider", "200", false),
    ("delete", "/oidc/identity", "oidc_unlink", "End the link with the provider", "204", false),
    ("get", "/setup", "show_setup", "Whom a set-up link is for", "200", false),
    ("post", "/setup", "finish_setup", "Set the first password", "200", true),
    (
        "get",
        "/figures/{figures}",
        "figures",
        "Figures of a module: `pools`, `price`, `recycling`, `sales_analysis`, `schedule`",
        "200",
        false,
    ),
    ("get", "/notifications", "list_notifications", "One's news, the newest first", "200", false),
    ("get", "/notifications/unread", "count_unread", "How much one has not read", "200", false),
    ("post", "/notifications/unread", "mark_unread", "Mark news as unread again", "200", true),
    ("post", "/notifications/read", "mark_read", "Mark news as read", "200", true),
    ("get", "/notifications/settings", "notification_settings", "What one wants to hear of", "200", false),
    ("patch", "/notifications/settings", "change_notification_settings", "Change what one hears of", "200", true),
    ("get", "/notifications/kinds", "notification_kinds", "The kinds of news, for robots", "200", false),
    ("get", "/mail", "mail_settings", "The mail server", "200", false),
    ("patch", "/mail", "change_mail_settings", "Change the mail server", "200", true),
    ("post", "/mail/test", "test_mail", "Send a message to see whether it arrives", "200", true),
    ("get", "/robots", "list_robots", "Robots in chat groups", "200", false),
    ("post", "/robots", "add_robot", "Add a robot", "201", true),
    ("patch", "/robots/{id}", "change_robot", "Change a robot", "200", true),
    ("delete", "/robots/{id}", "remove_robot", "Remove a robot", "204", false),
    ("post", "/robots/{id}/test", "test_robot", "Let a robot speak", "200", false),
    ("get", "/deliveries", "list_deliveries", "What waits to leave, has failed or was sent", "200", false),
    ("post", "/deliveries/{id}/retry", "retry_delivery", "Try a delivery again", "204", false),
    ("get", "/workspaces", "list_workspaces", "The workspaces of this server, for its administrators", "200", false),
    ("post", "/workspaces", "add_workspace", "Make a workspace", "201", true),
    ("patch", "/workspaces/{name}", "change_workspace", "Rename, offer, archive or reopen a workspace", "200", true),
    ("post", "/workspaces/{name}/reset", "reset_workspace", "Make a demo anew", "202", false),
    (
        "post",
        "/workspaces/{name}/setup",
        "invite_administrator",
        "Another link for the first administrator",
        "200",
        false,
    ),
    ("put", "/preferences/{key}", "set_preference", "Keep a setting of the page", "204", true),
    ("get", "/sessions", "list_sessions", "Browsers one is signed in with", "200", false),
    ("delete", "/sessions/{id}", "end_session", "End a session", "204", false),
    ("get", "/tokens", "list_tokens", "API tokens", "200", false),
    ("post", "/tokens", "add_token", "Make an API token", "201", true),
    ("delete", "/tokens/{id}", "remove_token", "Take an API token away", "204", false),
    ("get", "/calendar-feed", "show_feed", "Whether one's calendar has a secret address", "200", false),
    ("post", "/calendar-feed", "renew_feed", "A new secret address for one's calendar", "201", true),
    ("patch", "/calendar-feed", "change_feed", "Change what is under that address", "200", true),
    ("delete", "/calendar-feed", "remove_feed", "Take the secret address away", "204", false),
    ("get", "/catalog", "catalog", "Objects, fields, layouts, rights", "200", false),
    ("post", "/catalog/{object}/fields", "add_field", "Add a custom field", "201", true),
    ("get", "/roles", "show_roles", "The rights of every role", "200", false),
    ("get", "/users/{id}/rights", "explain_rights", "What a user may do, and by which role", "200", false),
    ("get", "/users/{id}/holdings", "holdings", "What a user owns, has pending and stands for", "200", false),
    ("get", "/handovers", "list_handovers", "Handovers", "200", false),
    ("post", "/handovers", "start_handover", "Hand records over to others", "202", true),
    ("post", "/handovers/preview", "preview_handover", "What a handover would move", "200", true),
    ("get", "/handovers/{id}", "show_handover", "A handover's progress", "200", false),
    ("post", "/handovers/{id}/cancel", "cancel_handover", "Stop a handover", "200", false),
    ("post", "/handovers/{id}/resume", "resume_handover", "Go on with a stopped handover", "202", false),
    ("post", "/handovers/{id}/undo", "undo_handover", "Take a handover back", "202", false),
    ("get", "/audit", "audit", "Who changed what, over all records", "200", false),
    ("get", "/audit/seal", "audit_seal", "The last seal over the change log, to be kept elsewhere", "200", false),
    ("post", "/audit/exports", "export_audit", "Start an export of the audit", "202", true),
    ("get", "/regions", "regions", "Divisions and countries", "200", false),
    ("get", "/openapi.json", "openapi", "This document", "200", false),
    ("get", "/search", "search", "Search everything", "200", false),
    ("get", "/recent", "list_recent", "Recently opened records", "200", false),
    ("post", "/recent", "touch_recent", "Note that a record was opened", "204", true),
    ("get", "/views", "list_views", "Saved views", "200", false),
    ("post", "/views", "add_view", "Save a view", "201", true),
    ("patch", "/views/{id}", "change_view", "Change a saved view", "200", true),
    ("delete", "/views/{id}", "remove_view", "Remove a saved view", "204", false),
    ("get", "/trash", "list_trash", "Recycle bin", "200", false),
    ("post", "/trash/{object}/{id}/restore", "restore", "Restore a record", "200", false),
    ("delete", "/trash/{object}/{id}", "purge", "Remove a record for good", "204", false),
    ("get", "/files/{id}", "download_file", "Download a file", "200", false),
    ("delete", "/files/{id}", "remove_file", "Remove a file", "204", false),
    ("get", "/events", "events", "Server-sent events", "200", false),
    ("get", "/imports", "list_imports", "Imports", "200", false),
    ("get", "/imports/{id}", "show_import", "An import's progress", "200", false),
    ("post", "/imports/{id}/start", "start_import", "Start an import", "202", true),
    ("post", "/imports/{id}/cancel", "cancel_import", "Stop an import", "200", false),
    ("post", "/imports/{id}/resume", "resume_import", "Go on with an interrupted import", "202", false),
    ("post", "/imports/{id}/undo", "undo_import", "Take an import back", "200", false),
    ("get", "/imports/{id}/errors", "import_errors", "Refused rows as CSV", "200", false),
    ("get", "/settings/{section}", "show_settings", "A section of the workspace's settings", "200", false),
    ("put", "/settings/{section}", "put_settings", "Replace a section of the workspace's settings", "200", true),
    ("get", "/exports", "list_exports", "Exports", "200", false),
    ("post", "/exports/{id}/actions/approve", "approve_export", "Let an export that waits go on", "200", false),
    ("post", "/exports/{id}/actions/reject", "reject_export", "Refuse an export that waits", "200", true),
    ("post", "/exports", "start_export", "Start an export", "202", true),
    ("get", "/exports/{id}", "show_export", "An export's progress", "200", false),
    ("post", "/exports/{id}/cancel", "cancel_export", "Stop an export", "200", false),
    ("get", "/exports/{id}/file", "export_file", "An export's file", "200", false),
];

/// Query parameters of the calls above that take some.
const QUERIES: &[(&str, &[&str])] = &[
    ("show_setup", &["token"]),
    ("explain_rights", &["counts"]),
    ("oidc_start", &["next"]),
    ("oidc_callback", &["state", "code", "error"]),
    ("search", &["q", "object", "filter", "limit"]),
    ("list_recent", &["limit"]),
    ("list_views", &["object"]),
    ("list_exports", &["state"]),
    ("figures", &["pipeline", "filter", "product", "customer", "currency", "quantity", "date", "tax_included"]),
    ("list_trash", &["object", "cursor", "limit"]),
    (
        "audit",
        &["from", "to", "user", "object", "record", "field", "kind", "via", "address", "only", "cursor", "limit"],
    ),
];

fn platform_paths(paths: &mut Map<String, Value>) {
    for (method, path, id, summary, status, has_body) in PLATFORM {
        let mut parameters: Vec<Value> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(in_path).collect();
        if let Some((_, names)) = QUERIES.iter().find(|(known, _)| known == id) {
            parameters.extend(names.iter().map(|name| query(name, "string", "")));
        }
        let body = has_body.then(|| json!({"type": "object"}));
        let schema = (!matches!(*status, "204" | "303")).then(|| json!({"type": "object"}));
        let entry = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
        entry[*method] = operation((*id).to_owned(), "Platform", summary, parameters, body, status, schema);
    }
    let mut put = |path: &str, id: &str, summary: &str| {
        let entry = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
        entry["post"] = upload(id.to_owned(), "Platform", summary, Vec::new(), "201");
    };
    put("/files", "upload_file", "Upload a file for a file field");
    put("/imports", "create_import", "Upload a file to import");
}

fn common_schemas() -> Map<String, Value> {
    let all = json!({
        "Reference": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string", "format": "uuid"}, "title": {"type": ["string", "null"]}},
        },
        "FileReference": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "title": {"type": ["string", "null"]},
                "size": {"type": "integer"},
                "type": {"type": "string"},
            },
        },
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "code"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "code": {"type": "string"},
                "detail": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "code", "message"],
                        "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}},
                    },
                },
                "current": {"type": "object"},
                "duplicates": {"type": "array", "items": {"type": "object"}},
            },
        },
        "Aggregate": {
            "type": "object",
            "required": ["measures"],
            "properties": {
                "group_by": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {"type": "string"},
                            {
                                "type": "object",
                                "required": ["field", "by"],
                                "properties": {"field": {"type": "string"}, "by": {"type": "string", "enum": ["day", "week", "month", "quarter", "year"]}},
                            },
                        ],
                    },
                },
                "measures": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["fn"],
                        "properties": {"fn": {"type": "string", "enum": ["count", "sum", "avg", "min", "max"]}, "field": {"type": "string"}},
                    },
                },
                "filter": {},
                "limit": {"type": "integer"},
            },
        },
        "AggregateRows": {"type": "object", "required": ["rows"], "properties": {"rows": {"type": "array", "items": {"type": "object"}}}},
        "Bulk": {
            "type": "object",
            "required": ["action", "ids"],
            "properties": {
                "action": {"type": "string", "enum": ["update", "delete"]},
                "ids": {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 1000},
                "values": {"type": "object"},
            },
        },
        "Team": {
            "type": "object",
            "required": ["items", "can_manage"],
            "properties": {
                "items": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["user", "level", "expires_at", "expired", "created_at", "created_by"],
                        "properties": {
                            "user": reference("Reference"),
                            "level": {"type": "string", "enum": ["read", "write"]},
                            "expires_at": {"type": ["string", "null"], "format": "date-time"},
                            "expired": {"type": "boolean"},
                            "created_at": {"type": "string", "format": "date-time"},
                            "created_by": {"oneOf": [reference("Reference"), {"type": "null"}]},
                        },
                    },
                },
                "can_manage": {"type": "boolean"},
            },
        },
        "BulkAnswer": {
            "type": "object",
            "required": ["done", "failed"],
            "properties": {"done": {"type": "integer"}, "failed": {"type": "array", "items": {"type": "object"}}},
        },
    });
    match all {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
