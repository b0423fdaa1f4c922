//! Row scope against a naive model: random trees of departments, users, roles and owners; everybody gets exactly what
//! is his from every way of reading, and may change exactly what is his to change.

use crate::properties::runner;
use guanxi_testkit::{Client, Made, TestApp, both_databases, specimen};
use jiff::SignedDuration;
use proptest::{prelude::*, sample::select, strategy::ValueTree};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Worlds per database.
const WORLDS: u8 = 3;
/// Users of a world, besides the administrator.
const USERS: usize = 5;

/// Roles: two that ship, one for each further scope, and one that changes less than it reads.
const ROLES: &[&str] = &["member", "manager", "team", "chosen", "auditor"];

#[derive(Debug, Clone)]
enum Op {
    AddDepartment(Option<usize>),
    MoveDepartment(usize, Option<usize>),
    MoveUser(usize, Option<usize>),
    AddTo(usize, Option<usize>),
    SetRoles(usize, Vec<&'static str>),
    /// Takes a user into a specimen's team, to change it or only to read, or for a time that has passed.
    Share(usize, usize, bool, bool),
    Unshare(usize, usize),
    /// A rule that shares specimens with a certain number, with a user, with a department and below, or with a role.
    AddRule(i64, usize, usize, bool),
    SwitchRule(usize),
    AddSpecimen(Option<usize>),
    Reassign(usize, Option<usize>),
    AddNote(usize, usize),
    AddLine(usize),
    AddPart(usize),
    Delete(usize),
    Restore(usize),
}

fn op() -> impl Strategy<Value = Op> {
    use prop::arbitrary::any as some;
    let any = || 0_usize..100;
    let maybe = || prop::option::weighted(0.9, 0_usize..100);
    prop_oneof![
        2 => maybe().prop_map(Op::AddDepartment),
        2 => (any(), maybe()).prop_map(|(department, parent)| Op::MoveDepartment(department, parent)),
        2 => (any(), maybe()).prop_map(|(user, department)| Op::MoveUser(user, department)),
        2 => (any(), maybe()).prop_map(|(user, department)| Op::AddTo(user, department)),
        3 => (any(), prop::collection::vec(select(ROLES), 1..=2)).prop_map(|(user, roles)| Op::SetRoles(user, roles)),
        3 => (any(), any(), some::<bool>(), prop::bool::weighted(0.2)).prop_map(|(record, user, write, past)| Op::Share(record, user, write, past)),
        1 => (any(), any()).prop_map(|(record, user)| Op::Unshare(record, user)),
        2 => (0..4_i64, any(), any(), some::<bool>()).prop_map(|(number, kind, whom, write)| Op::AddRule(number, kind, whom, write)),
        1 => any().prop_map(Op::SwitchRule),
        4 => maybe().prop_map(Op::AddSpecimen),
        2 => (any(), maybe()).prop_map(|(record, owner)| Op::Reassign(record, owner)),
        2 => (any(), any()).prop_map(|(record, owner)| Op::AddNote(record, owner)),
        2 => any().prop_map(Op::AddLine),
        1 => any().prop_map(Op::AddPart),
        1 => any().prop_map(Op::Delete),
        1 => any().prop_map(Op::Restore),
    ]
}

struct Department {
    made: Made,
    parent: Option<usize>,
}

struct User {
    client: Client,
    roles: Vec<&'static str>,
    department: Option<usize>,
    other: Option<usize>,
}

impl User {
    fn departments(&self) -> impl Iterator<Item = usize> {
        self.department.into_iter().chain(self.other)
    }
}

/// A record: what it is, whose, and what it hangs on.
struct Thing {
    made: Made,
    owner: Option<usize>,
    on: Option<usize>,
    deleted: bool,
    /// Which rules may match it.
    number: i64,
    /// Its team: user, and whether he may change it.
    team: BTreeMap<usize, bool>,
}

/// With whom a rule shares.
enum Whom {
    User(usize),
    Department(usize),
    Role(&'static str),
}

struct SharingRule {
    made: Made,
    number: i64,
    whom: Whom,
    write: bool,
    active: bool,
}

struct World {
    admin: Client,
    departments: Vec<Department>,
    users: Vec<User>,
    things: Vec<Thing>,
    rules: Vec<SharingRule>,
    counter: usize,
}

fn pick(index: usize, length: usize) -> Option<usize> {
    (length > 0).then(|| index % length)
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let admin = app.admin().await;
        let first = admin.create("department", json!({"name": "部门"})).await;
        let owned = |read: &str, update: &str| json!({"owned": {"read": read, "create": true, "update": update}});
        let mut chosen = owned("chosen", "none");
        chosen["owned"]["departments"] = json!([first.id]);
        for (code, rights) in
            [("team", owned("department", "own")), ("chosen", chosen), ("auditor", owned("all", "none"))]
        {
            admin.create("role", json!({"name": code, "code": code, "rights": rights.to_string()})).await;
        }
        let mut users = Vec::new();
        for number in 0..USERS {
            let role = ROLES[number % ROLES.len()];
            let client = app.user(&format!("u{number}"), role, "").await;
            users.push(User { client, roles: vec![role], department: None, other: None });
        }
        let departments = vec![Department { made: first, parent: None }];
        Self { admin, departments, users, things: Vec::new(), rules: Vec::new(), counter: 0 }
    }

    fn of(&self, object: &str) -> Vec<usize> {
        (0..self.things.len()).filter(|index| self.things[*index].made.object == object).collect()
    }

    fn department_id(&self, index: Option<usize>) -> Json {
        index
            .and_then(|index| pick(index, self.departments.len()))
            .map_or(Json::Null, |index| json!(self.departments[index].made.id))
    }

    fn is_below(&self, department: usize, above: usize) -> bool {
        department == above || self.departments[department].parent.is_some_and(|parent| self.is_below(parent, above))
    }

    async fn make(&mut self, object: &str, mut values: Json, owner: Option<usize>, on: Option<usize>) {
        self.counter += 1;
        values["name"] = json!(format!("标本{:03}", self.counter));
        let made = self.admin.create(object, values).await;
        let number = (self.counter % 4) as i64;
        self.things.push(Thing { made, owner, on, deleted: false, number, team: BTreeMap::new() });
    }

    async fn apply(&mut self, app: &TestApp, op: Op) {
        let specimens = self.of("specimen");
        let specimen = |index: usize| pick(index, specimens.len()).map(|index| specimens[index]);
        let owner = |index: Option<usize>| index.and_then(|index| pick(index, USERS));
        let owner_id = |world: &Self, index: Option<usize>| {
            index.map_or(Json::Null, |index| json!(world.users[index].client.id()))
        };
        match op {
            Op::AddDepartment(parent) => {
                let parent = parent.and_then(|index| pick(index, self.departments.len()));
                let name = format!("部门{}", self.departments.len());
                let made =
                    self.admin.create("department", json!({"name": name, "parent": self.department_id(parent)})).await;
                self.departments.push(Department { made, parent });
            }
            Op::MoveDepartment(index, parent) => {
                let Some(index) = pick(index, self.departments.len()) else { return };
                let parent = parent.and_then(|index| pick(index, self.departments.len()));
                let circle = parent.is_some_and(|parent| self.is_below(parent, index));
                let answer = self
                    .admin
                    .patch(&self.departments[index].made.path(), json!({"parent": self.department_id(parent)}))
                    .await;
                assert_eq!(answer.status, if circle { 422 } else { 200 }, "{}", answer.text);
                if !circle {
                    self.departments[index].parent = parent;
                }
            }
            Op::MoveUser(user, department) => {
                let Some(user) = pick(user, USERS) else { return };
                let department = department.and_then(|index| pick(index, self.departments.len()));
                self.change_user(user, json!({"department": self.department_id(department)})).await;
                self.users[user].department = department;
            }
            Op::AddTo(user, department) => {
                let Some(user) = pick(user, USERS) else { return };
                let department = department.and_then(|index| pick(index, self.departments.len()));
                let ids: Vec<Json> = department.map(|index| self.department_id(Some(index))).into_iter().collect();
                self.change_user(user, json!({"other_departments": ids})).await;
                self.users[user].other = department;
            }
            Op::SetRoles(user, roles) => {
                let Some(user) = pick(user, USERS) else { return };
                self.change_user(user, json!({"roles": roles.iter().collect::<BTreeSet<_>>()})).await;
                self.users[user].roles = roles;
            }
            Op::Share(index, user, write, past) => {
                let Some(index) = specimen(index).filter(|index| !self.things[*index].deleted) else { return };
                let Some(user) = pick(user, USERS).filter(|user| self.things[index].owner != Some(*user)) else {
                    return;
                };
                let path = format!("{}/team/{}", self.things[index].made.path(), self.users[user].client.id());
                let mut body = json!({"level": if write { "write" } else { "read" }});
                if past {
                    body["expires_at"] = json!(app.engine.now() + SignedDuration::from_secs(1));
                }
                self.admin.put(&path, body).await.expect(200);
                self.things[index].team.insert(user, write);
                if past {
                    app.clock.advance(SignedDuration::from_secs(2));
                    self.things[index].team.remove(&user);
                }
            }
            Op::Unshare(index, user) => {
                let Some(index) = specimen(index).filter(|index| !self.things[*index].deleted) else { return };
                let Some(user) = pick(user, USERS) else { return };
                let path = format!("{}/team/{}", self.things[index].made.path(), self.users[user].client.id());
                let was = self.things[index].team.remove(&user).is_some();
                let answer = self.admin.delete(&path).await;
                assert!(answer.status == 204 || !was, "{}", answer.text);
            }
            Op::AddRule(number, kind, whom, write) => {
                let (field, value, whom) = match kind % 3 {
                    0 => {
                        let user = whom % USERS;
                        ("users", json!([self.users[user].client.id()]), Whom::User(user))
                    }
                    1 => {
                        let department = whom % self.departments.len();
                        ("departments", json!([self.departments[department].made.id]), Whom::Department(department))
                    }
                    _ => {
                        let role = ROLES[whom % ROLES.len()];
                        ("roles", json!([role]), Whom::Role(role))
                    }
                };
                let criteria = json!(["integer", "=", number]).to_string();
                let name = format!("规则{}", self.rules.len());
                let level = if write { "write" } else { "read" };
                let values =
                    json!({"name": name, "object": "specimen", "criteria": criteria, "level": level, field: value});
                let made = self.admin.create("sharing_rule", values).await;
                self.rules.push(SharingRule { made, number, whom, write, active: true });
            }
            Op::SwitchRule(index) => {
                let Some(index) = pick(index, self.rules.len()) else { return };
                let active = !self.rules[index].active;
                self.admin.patch(&self.rules[index].made.path(), json!({"active": active})).await.expect(200);
                self.rules[index].active = active;
            }
            Op::AddSpecimen(whose) => {
                let whose = owner(whose);
                self.make(
                    "specimen",
                    json!({"owner": owner_id(self, whose), "decimal": "1.5", "integer": (self.counter + 1) % 4}),
                    whose,
                    None,
                )
                .await;
            }
            Op::Reassign(index, whose) => {
                let Some(index) = specimen(index).filter(|index| !self.things[*index].deleted) else { return };
                let whose = owner(whose);
                self.admin
                    .patch(&self.things[index].made.path(), json!({"owner": owner_id(self, whose)}))
                    .await
                    .expect(200);
                self.things[index].owner = whose;
            }
            Op::AddNote(index, whose) => {
                let Some(index) = specimen(index).filter(|index| !self.things[*index].deleted) else { return };
                let whose = owner(Some(whose));
                let values = json!({"owner": owner_id(self, whose), "specimen": self.things[index].made.id});
                self.make("specimen_note", values, whose, Some(index)).await;
            }
            Op::AddLine(index) => {
                let Some(index) = specimen(index).filter(|index| !self.things[*index].deleted) else { return };
                self.make("specimen_line", json!({"specimen": self.things[index].made.id}), None, Some(index)).await;
            }
            Op::AddPart(index) => {
                let lines = self.of("specimen_line");
                let Some(index) = pick(index, lines.len()).map(|index| lines[index]) else { return };
                self.make("specimen_part", json!({"line": self.things[index].made.id}), None, Some(index)).await;
            }
            Op::Delete(index) => {
                let Some(index) = specimen(index).filter(|index| !self.things[*index].deleted) else { return };
                self.admin.delete(&self.things[index].made.path()).await.expect(204);
                self.things[index].deleted = true;
            }
            Op::Restore(index) => {
                let Some(index) = specimen(index).filter(|index| self.things[*index].deleted) else { return };
                self.admin
                    .post(&format!("/trash/specimen/{}/restore", self.things[index].made.id), json!({}))
                    .await
                    .expect(200);
                self.things[index].deleted = false;
            }
        }
    }

    async fn change_user(&self, user: usize, values: Json) {
        self.admin.patch(&format!("/records/user/{}", self.users[user].client.id()), values).await.expect(200);
    }

    /// Is an owned record within his reach, by any of his roles?
    fn is_his(&self, user: usize, owner: Option<usize>, changing: bool) -> bool {
        let him = &self.users[user];
        let place = owner.and_then(|owner| self.users[owner].department);
        let own = owner == Some(user);
        him.roles.iter().any(|role| match *role {
            "member" => own,
            "manager" => own || place.is_some_and(|place| him.departments().any(|his| self.is_below(place, his))),
            "team" => own || (!changing && place.is_some_and(|place| him.departments().any(|his| his == place))),
            "chosen" => !changing && (own || place.is_some_and(|place| self.is_below(place, 0))),
            _ => !changing,
        })
    }

    /// Is a specimen shared with him, by its team or a rule? Never more than his roles do with any at all.
    fn is_shared(&self, user: usize, thing: &Thing, changing: bool) -> bool {
        let him = &self.users[user];
        let at_all = !changing || him.roles.iter().any(|role| matches!(*role, "member" | "manager" | "team"));
        let enough = |write: bool| write || !changing;
        let by_rule = self.rules.iter().any(|rule| {
            let named = match rule.whom {
                Whom::User(named) => named == user,
                Whom::Department(above) => him.departments().any(|his| self.is_below(his, above)),
                Whom::Role(role) => him.roles.contains(&role),
            };
            rule.active && named && rule.number == thing.number && enough(rule.write)
        });
        at_all && (by_rule || thing.team.get(&user).is_some_and(|write| enough(*write)))
    }

    fn reads(&self, user: usize, thing: &Thing) -> bool {
        match thing.made.object.as_str() {
            "specimen" => self.is_his(user, thing.owner, false) || self.is_shared(user, thing, false),
            // A note is read by its owner, and by whoever reads its specimen.
            "specimen_note" => {
                self.is_his(user, thing.owner, false) || thing.on.is_some_and(|on| self.reads(user, &self.things[on]))
            }
            _ => thing.on.is_some_and(|on| self.reads(user, &self.things[on])),
        }
    }

    fn changes(&self, user: usize, thing: &Thing) -> bool {
        match thing.made.object.as_str() {
            "specimen" => self.is_his(user, thing.owner, true) || self.is_shared(user, thing, true),
            "specimen_note" => self.is_his(user, thing.owner, true),
            _ => thing.on.is_some_and(|on| self.changes(user, &self.things[on])),
        }
    }

    /// Each record is counted once, by however many ways one may read it.
    async fn check_sums(&self, user: usize, about: &str) {
        let mut wanted: BTreeMap<Option<Uuid>, (i64, i64, i64)> = BTreeMap::new();
        for thing in &self.things {
            if thing.made.object == "specimen" && !thing.deleted && thing.number < 3 && self.reads(user, thing) {
                let owner = thing.owner.map(|owner| self.users[owner].client.id());
                let (count, least, most) = wanted.entry(owner).or_insert((0, i64::MAX, i64::MIN));
                (*count, *least, *most) = (*count + 1, thing.number.min(*least), thing.number.max(*most));
            }
        }
        let asked = json!({
            "group_by": ["owner"], "filter": ["integer", "<", 3],
            "measures": [
                {"fn": "count"}, {"fn": "sum", "field": "decimal"}, {"fn": "avg", "field": "decimal"},
                {"fn": "min", "field": "integer"}, {"fn": "max", "field": "integer"}, {"fn": "count", "field": "decimal"},
            ],
        });
        let rows =
            self.users[user].client.post("/records/specimen/aggregate", asked).await.expect(200).json["rows"].clone();
        let got: BTreeMap<Option<Uuid>, Json> = rows
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| (row["owner"]["id"].as_str().and_then(|id| id.parse().ok()), row.clone()))
            .collect();
        assert_eq!(got.len(), rows.as_array().map_or(0, Vec::len), "one row for each owner of {about}");
        assert_eq!(got.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>(), "groups of {about}");
        for (owner, (count, least, most)) in wanted {
            let row = &got[&owner];
            let sum = Decimal::new(15, 1) * Decimal::from(count);
            let sum = guanxi_model::json::decimal_text(sum, guanxi_model::FieldType::Decimal);
            assert_eq!((&row["count"], &row["sum_decimal"]), (&json!(count), &json!(sum)), "sums of {about}");
            assert_eq!((&row["min_integer"], &row["max_integer"]), (&json!(least), &json!(most)), "ends of {about}");
            assert_eq!(
                (&row["avg_decimal"], &row["count_decimal"]),
                (&json!("1.5"), &json!(count)),
                "means of {about}"
            );
        }
    }

    /// Departments are counted alike, whether they are his or not.
    async fn check_departments(&self, user: usize, about: &str) {
        for (place, department) in self.departments.iter().enumerate() {
            let wanted = self.things.iter().filter(|thing| {
                let there = thing.owner.and_then(|owner| self.users[owner].department);
                let below = there.is_some_and(|there| self.is_below(there, place));
                thing.made.object == "specimen" && !thing.deleted && below && self.reads(user, thing)
            });
            let his = json!(["department", "under", department.made.id]);
            self.check_count(user, his.clone(), wanted.clone().count(), &format!("department {place} for {about}"))
                .await;
            // Several ranges of an index that lie one in the other.
            let ranges = json!({"and": [his, {"or": [["integer", "<", 2], ["integer", "=", 1], ["integer", "<", 3]]}]});
            let few = wanted.filter(|thing| thing.number < 3).count();
            self.check_count(user, ranges, few, &format!("numbers of department {place} for {about}")).await;
        }
        let everybody: Vec<String> = self.users.iter().map(|user| user.client.id()).map(|id| id.to_string()).collect();
        let ranges = json!({"and": [["owner", "in", everybody], {"or": [
            ["updated_at", "<", "2000-01-01T00:00:00Z"], ["updated_at", "is_null"], ["updated_at", "<", "2100-01-01T00:00:00Z"],
            ["updated_at", ">", "2000-01-01T00:00:00Z"]]}]});
        let owned = self.things.iter().filter(|thing| {
            thing.made.object == "specimen" && !thing.deleted && thing.owner.is_some() && self.reads(user, thing)
        });
        self.check_count(user, ranges, owned.count(), &format!("what somebody has for {about}")).await;
    }

    async fn check_count(&self, user: usize, filter: Json, wanted: usize, about: &str) {
        let asked = json!({"measures": [{"fn": "count"}], "filter": filter});
        let answer = self.users[user].client.post("/records/specimen/aggregate", asked).await.expect(200);
        assert_eq!(answer.json["rows"][0]["count"], json!(wanted), "{about}");
    }

    async fn check(&self) {
        for (user, him) in self.users.iter().enumerate() {
            for object in ["specimen", "specimen_note", "specimen_line", "specimen_part"] {
                let wanted: BTreeSet<String> = self
                    .things
                    .iter()
                    .filter(|thing| thing.made.object == object && !thing.deleted && self.reads(user, thing))
                    .map(|thing| thing.made.id())
                    .collect();
                let about = || format!("{object} for user {user}, a {:?} of {:?}", him.roles, him.department);
                let listed = him
                    .client
                    .list(object, &[("limit", "200"), ("count", "true"), ("sort", "-name")])
                    .await
                    .expect(200);
                assert_eq!(listed.each("id").into_iter().collect::<BTreeSet<_>>(), wanted, "list of {}", about());
                if object == "specimen" {
                    self.check_sums(user, &about()).await;
                    self.check_departments(user, &about()).await;
                }
                assert_eq!(listed.json["total"], json!(wanted.len()), "total of {}", about());
                let mut paged = Vec::new();
                let mut cursor = String::new();
                loop {
                    let mut query = vec![("limit", "3"), ("sort", "name"), ("fields", "name")];
                    if !cursor.is_empty() {
                        query.push(("cursor", &cursor));
                    }
                    let page = him.client.list(object, &query).await.expect(200);
                    paged.extend(page.each("name"));
                    match page.json["next"].as_str() {
                        Some(next) => cursor = next.to_owned(),
                        None => break,
                    }
                }
                let mut sorted = listed.each("name");
                sorted.reverse();
                assert_eq!(paged, sorted, "pages of {}", about());
                let measured = him
                    .client
                    .post(&format!("/records/{object}/aggregate"), json!({"measures": [{"fn": "count"}]}))
                    .await
                    .expect(200);
                assert_eq!(measured.json["rows"][0]["count"], json!(wanted.len()), "count of {}", about());
                let found = him
                    .client
                    .get(&format!("/search?q=%E6%A0%87%E6%9C%AC&limit=100&object={object}"))
                    .await
                    .expect(200);
                assert_eq!(found.each("id").into_iter().collect::<BTreeSet<_>>(), wanted, "search of {}", about());
            }
            for thing in &self.things {
                let reads = self.reads(user, thing) && !thing.deleted;
                let about =
                    || format!("{} for user {user}, a {:?} of {:?}", thing.made.path(), him.roles, him.department);
                let read = him.client.get(&thing.made.path()).await;
                assert_eq!(read.status, if reads { 200 } else { 404 }, "{}", about());
                if reads {
                    let can: Vec<&str> =
                        read.json["_can"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
                    // What the page offers for lines is said by their parent's scope; the database has the last word.
                    if thing.owner.is_some() {
                        assert_eq!(can.contains(&"update"), self.changes(user, thing), "_can of {}", about());
                    }
                }
            }
        }
        self.check_writes().await;
    }

    /// One change of each thing by each user: done, refused, or not known.
    async fn check_writes(&self) {
        for (user, him) in self.users.iter().enumerate() {
            for thing in self.things.iter().filter(|thing| !thing.deleted) {
                let wanted = match (self.reads(user, thing), self.changes(user, thing)) {
                    (_, true) => 200,
                    (true, false) => 403,
                    (false, false) => 404,
                };
                let answer = him.client.patch(&thing.made.path(), json!({})).await;
                assert_eq!(answer.status, wanted, "{} by user {user}: {}", thing.made.path(), answer.text);
            }
        }
    }
}

both_databases! {
    async fn everybody_gets_exactly_what_is_his(db) {
        for seed in 0..WORLDS {
            let app = TestApp::open(db, vec![specimen::module()]).await;
            let mut world = World::new(&app).await;
            let mut runner = runner(1, seed + 50);
            let ops = prop::collection::vec(op(), 60).new_tree(&mut runner).expect("a world").current();
            for part in ops.chunks(20) {
                for op in part {
                    world.apply(&app, op.clone()).await;
                }
                world.check().await;
            }
        }
    }

    /// A field of a record that is out of scope cannot be probed through a filter, a sort or a dotted column.
    async fn lookups_do_not_open_other_records(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let hidden = admin.create("specimen", json!({"name": "藏起来的", "integer": 42, "owner": admin.id()})).await;
        let his = admin.create("specimen", json!({"name": "他的", "owner": zhang.id(), "peer": hidden.id})).await;
        let read = zhang.get(&format!("{}?fields=peer,peer.name,peer.integer", his.path())).await.expect(200);
        assert_eq!(read.json["peer"], json!({"id": hidden.id, "title": null}));
        assert_eq!((&read.json["peer.name"], &read.json["peer.integer"]), (&Json::Null, &Json::Null));
        for filter in [json!(["peer.integer", "=", 42]), json!(["peer.name", "contains", "藏"]), json!(["peer.name", "not_null"])] {
            assert_eq!(zhang.matching("specimen", &filter).await, Vec::<String>::new(), "{filter}");
            assert_eq!(admin.matching("specimen", &filter).await, ["他的"], "{filter}");
        }
        let rows = zhang.post("/records/specimen/aggregate", json!({"group_by": ["peer"], "measures": [{"fn": "sum", "field": "peer.integer"}]})).await.expect(200);
        assert_eq!(rows.json["rows"], json!([{"peer": {"id": hidden.id, "title": null}, "sum_peer_integer": null}]));
        let sorted = zhang.list("specimen", &[("sort", "peer.integer")]).await.expect(200);
        let cursor = guanxi_testkit::encoded(sorted.json["next"].as_str().unwrap_or_default());
        assert!(cursor.is_empty());
    }

    /// A hidden field is not there: not in reads, filters, sorts, history, search, catalogue or writes.
    async fn hidden_fields_are_not_there(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let (zhang, boss) = (app.user("zhang", "member", "销售部").await, app.user("boss", "manager", "销售部").await);
        let made = admin.create("specimen", json!({"name": "甲", "secret": "天机不可泄露", "owner": zhang.id()})).await;
        for answer in [
            zhang.get(&made.path()).await,
            zhang.list("specimen", &[]).await,
            zhang.get(&format!("{}/history", made.path())).await,
            zhang.get(&format!("{}/timeline", made.path())).await,
            zhang.get("/search?q=%E5%A4%A9%E6%9C%BA").await,
            zhang.get("/catalog").await,
        ] {
            let answer = answer.expect(200);
            assert!(!answer.text.contains("secret") && !answer.text.contains("天机"), "{}", answer.text);
        }
        for (query, code) in [(("filter", r#"["secret","contains","天"]"#), "bad_filter"), (("sort", "secret"), "bad_sort"), (("fields", "secret"), "unknown_field")] {
            let answer = zhang.list("specimen", &[query]).await;
            assert_eq!((answer.status, answer.code()), (400, code), "{}", answer.text);
        }
        let measured = zhang.post("/records/specimen/aggregate", json!({"measures": [{"fn": "count", "field": "secret"}]})).await;
        assert_eq!((measured.status, measured.code()), (400, "unknown_field"));
        let written = zhang.patch(&made.path(), json!({"secret": "x"})).await;
        assert_eq!(written.errors(), [("secret".to_owned(), "unknown_field".to_owned())]);
        // A manager reads it and does not write it.
        assert_eq!(boss.get(&made.path()).await.json["secret"], json!("天机不可泄露"));
        assert_eq!(boss.search("天机").await, ["甲"]);
        let written = boss.patch(&made.path(), json!({"secret": "x"})).await;
        assert_eq!(written.errors(), [("secret".to_owned(), "read_only".to_owned())]);
        assert_eq!(boss.get("/catalog").await.json["objects"]["specimen"]["fields"]["secret"]["writable"], json!(false));
    }
}
