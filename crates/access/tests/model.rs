//! Ten thousand random organisations, roles and records: what `Access` decides, as a filter over rows, is what a naive model says
//! that asks for every record one by one.

use guanxi_access::{
    Ability, Access, Grant, Rights, Role, Roles, RowFilter, RowTerm, Scope, Sharing, SharingRule, Verb, Via, Viewer,
};
use guanxi_model::{
    Catalogue, Label, Source, Value,
    catalogue::ModuleSource,
    field::{FieldAccess, Operator},
    filter::{Condition, Filter, Operand},
};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, test_runner::TestCaseError};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const MODULE: Source = Source {
    file: "module.toml",
    text: "name = \"m\"\nlabel = { zh = \"模块\", en = \"Module\" }\nobjects = [\"account\"]",
};
const OBJECTS: &[Source] = &[
    Source {
        file: "account.toml",
        text: "name = \"account\"\nlabel = { zh = \"客户\", en = \"Account\" }\ntitle = \"name\"\ntraits = [\"owned\"]\n\
               [fields.name]\ntype = \"text\"\nlabel = { zh = \"名称\", en = \"Name\" }\n\
               [fields.kind]\ntype = \"text\"\nlabel = { zh = \"类\", en = \"Kind\" }\naccess = \"read\"",
    },
    Source {
        file: "contact.toml",
        text: "name = \"contact\"\nlabel = { zh = \"联系人\", en = \"Contact\" }\ntitle = \"name\"\ntraits = [\"owned\"]\n\
               follow = \"account\"\n[fields.name]\ntype = \"text\"\nlabel = { zh = \"名称\", en = \"Name\" }\n\
               [fields.account]\ntype = \"lookup\"\nto = \"account\"\nlabel = { zh = \"客户\", en = \"Account\" }",
    },
    Source {
        file: "line.toml",
        text: "name = \"line\"\nlabel = { zh = \"行\", en = \"Line\" }\ntitle = \"name\"\ntraits = [\"child_of\"]\n\
               parent = \"account\"\n[fields.name]\ntype = \"text\"\nlabel = { zh = \"名称\", en = \"Name\" }\n\
               [fields.account]\ntype = \"lookup\"\nto = \"account\"\nlabel = { zh = \"客户\", en = \"Account\" }",
    },
    Source {
        file: "user.toml",
        text: "name = \"user\"\nlabel = { zh = \"用户\", en = \"User\" }\ntitle = \"name\"\n\
               [fields.name]\ntype = \"text\"\nlabel = { zh = \"名称\", en = \"Name\" }",
    },
    Source {
        file: "department.toml",
        text: "name = \"department\"\nlabel = { zh = \"部门\", en = \"Department\" }\ntitle = \"name\"\n\
               [fields.name]\ntype = \"text\"\nlabel = { zh = \"名称\", en = \"Name\" }",
    },
    Source {
        file: "product.toml",
        text: "name = \"product\"\nlabel = { zh = \"产品\", en = \"Product\" }\ntitle = \"name\"\n\
               [fields.name]\ntype = \"text\"\nlabel = { zh = \"名称\", en = \"Name\" }",
    },
];
const OBJECT_NAMES: [&str; 4] = ["account", "contact", "line", "product"];
const KINDS: [&str; 3] = ["a", "b", "c"];
const VERBS: [Verb; 3] = [Verb::Read, Verb::Update, Verb::Delete];
const FIELDS: [FieldAccess; 4] = [FieldAccess::None, FieldAccess::Masked, FieldAccess::Read, FieldAccess::Write];

/// Chance from bytes, so that a failing case shrinks.
struct Dice<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Dice<'_> {
    fn below(&mut self, count: usize) -> usize {
        let byte = self.bytes[self.at % self.bytes.len()];
        self.at += 1;
        usize::from(byte) % count
    }

    fn maybe(&mut self) -> bool {
        self.below(2) == 0
    }

    fn of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn some<T: Copy>(&mut self, from: &[T], most: usize) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| self.of(from)).collect()
    }
}

fn id(kind: u128, number: usize) -> Uuid {
    Uuid::from_u128((kind << 64) | (number as u128 + 1))
}

struct Record {
    object: &'static str,
    id: Uuid,
    owner: Option<usize>,
    department: Option<usize>,
    kind: &'static str,
    account: Option<usize>,
}

struct Share {
    record: Uuid,
    user: usize,
    write: bool,
    over: bool,
}

struct Rule {
    kind: &'static str,
    users: Vec<usize>,
    departments: Vec<usize>,
    roles: Vec<String>,
    write: bool,
}

struct World {
    /// Parents of departments; always an earlier one.
    parents: Vec<Option<usize>>,
    /// Departments and roles of users.
    users: Vec<(Vec<usize>, Vec<String>)>,
    roles: Vec<Role>,
    records: Vec<Record>,
    shares: Vec<Share>,
    rules: Vec<Rule>,
}

fn scope(dice: &mut Dice<'_>) -> Scope {
    dice.of(&[Scope::None, Scope::Own, Scope::Department, Scope::Below, Scope::Chosen, Scope::All])
}

fn grant(dice: &mut Dice<'_>, departments: usize) -> Grant {
    let mut fields = IndexMap::new();
    if dice.maybe() {
        fields.insert("kind".to_owned(), dice.of(&FIELDS));
    }
    let chosen: Vec<usize> = (0..departments).collect();
    let abilities = [Ability::Export, Ability::Transfer];
    Grant {
        read: scope(dice),
        create: dice.maybe(),
        update: scope(dice),
        delete: scope(dice),
        departments: dice.some(&chosen, 2).into_iter().map(|number| id(1, number)).collect(),
        abilities: if dice.below(3) == 0 { Some(dice.some(&abilities, 2)) } else { None },
        fields,
    }
}

impl World {
    fn new(dice: &mut Dice<'_>) -> Self {
        let departments = 1 + dice.below(6);
        let parents = (0..departments)
            .map(|number| if number == 0 || dice.below(4) == 0 { None } else { Some(dice.below(number)) })
            .collect();
        let all: Vec<usize> = (0..departments).collect();
        let roles: Vec<Role> = (0..1 + dice.below(4))
            .map(|number| {
                let mut objects = IndexMap::new();
                for name in OBJECT_NAMES {
                    if dice.below(3) == 0 {
                        objects.insert(name.to_owned(), grant(dice, departments));
                    }
                }
                let abilities = [Ability::Export, Ability::Transfer, Ability::Administer];
                let rights = Rights {
                    owned: grant(dice, departments),
                    shared: grant(dice, departments),
                    objects,
                    abilities: dice.some(&abilities, 1),
                    ..Rights::default()
                };
                Role { code: format!("r{number}"), label: Label::new("角色", "Role"), rights }
            })
            .collect();
        let codes: Vec<usize> = (0..roles.len()).collect();
        let users: Vec<(Vec<usize>, Vec<String>)> = (0..1 + dice.below(5))
            .map(|_| {
                let mut mine = dice.some(&all, 2);
                mine.dedup();
                (mine, dice.some(&codes, 3).into_iter().map(|number| format!("r{number}")).collect())
            })
            .collect();
        let mut records = Vec::new();
        for number in 0..dice.below(10) {
            let owner = if dice.below(5) == 0 { None } else { Some(dice.below(users.len())) };
            let department = owner.and_then(|owner| users[owner].0.first().copied());
            let accounts: Vec<usize> = records
                .iter()
                .enumerate()
                .filter(|(_, known): &(usize, &Record)| known.object == "account")
                .map(|(at, _)| at)
                .collect();
            let object = dice.of(&OBJECT_NAMES);
            let account = (matches!(object, "contact" | "line") && !accounts.is_empty() && dice.below(4) > 0)
                .then(|| dice.of(&accounts));
            let owned = matches!(object, "account" | "contact");
            records.push(Record {
                object,
                id: id(3, number),
                owner: owner.filter(|_| owned),
                department: department.filter(|_| owned),
                kind: dice.of(&KINDS),
                account,
            });
        }
        let mut shares = Vec::new();
        for record in &records {
            if matches!(record.object, "account" | "contact") && dice.below(3) == 0 {
                let user = dice.below(users.len());
                shares.push(Share { record: record.id, user, write: dice.maybe(), over: dice.below(4) == 0 });
            }
        }
        let people: Vec<usize> = (0..users.len()).collect();
        let rules = (0..dice.below(3))
            .map(|_| Rule {
                kind: dice.of(&KINDS),
                users: dice.some(&people, 1),
                departments: dice.some(&all, 1),
                roles: dice.some(&codes, 1).into_iter().map(|number| format!("r{number}")).collect(),
                write: dice.maybe(),
            })
            .collect();
        Self { parents, users, roles, records, shares, rules }
    }

    fn is_below(&self, department: usize, above: usize) -> bool {
        department == above || self.parents[department].is_some_and(|parent| self.is_below(parent, above))
    }

    fn his(&self, user: usize) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(move |role| self.users[user].1.contains(&role.code))
    }

    /// What a role says about an object.
    fn grant<'w>(role: &'w Role, object: &str) -> &'w Grant {
        role.rights.objects.get(object).unwrap_or(if object == "product" {
            &role.rights.shared
        } else {
            &role.rights.owned
        })
    }

    fn scope(role: &Role, object: &str, verb: Verb) -> Scope {
        let grant = Self::grant(role, object);
        match verb {
            Verb::Read => grant.read,
            Verb::Update => grant.update,
            Verb::Delete => grant.delete,
        }
    }

    /// The naive model: may this user do this with this record?
    fn may(&self, user: usize, verb: Verb, at: usize) -> bool {
        let record = &self.records[at];
        let mine = &self.users[user].0;
        let owned = matches!(record.object, "account" | "contact");
        let mut any = false;
        for role in self.his(user) {
            let scope = Self::scope(role, record.object, verb);
            any |= scope != Scope::None;
            let own = owned && record.owner == Some(user);
            let place = record.department.filter(|_| owned);
            let his = match scope {
                Scope::None => false,
                Scope::All => true,
                Scope::Own => own,
                Scope::Department => own || place.is_some_and(|place| mine.contains(&place)),
                Scope::Below => own || place.is_some_and(|place| mine.iter().any(|above| self.is_below(place, *above))),
                Scope::Chosen => {
                    let chosen = &Self::grant(role, record.object).departments;
                    own || place.is_some_and(|place| {
                        (0..self.parents.len())
                            .any(|above| chosen.contains(&id(1, above)) && self.is_below(place, above))
                    })
                }
            };
            if his {
                return true;
            }
        }
        if any && owned && verb != Verb::Delete {
            let enough = |write: bool| write || verb == Verb::Read;
            let team = self
                .shares
                .iter()
                .any(|share| share.record == record.id && share.user == user && !share.over && enough(share.write));
            let rule = record.object == "account"
                && self.rules.iter().any(|rule| {
                    let named = rule.users.contains(&user)
                        || rule.departments.iter().any(|above| mine.iter().any(|place| self.is_below(*place, *above)))
                        || rule.roles.iter().any(|role| self.users[user].1.contains(role));
                    named && rule.kind == record.kind && enough(rule.write)
                });
            if team || rule {
                return true;
            }
        }
        let Some(account) = record.account else { return false };
        match record.object {
            "line" => self.may(user, verb, account),
            "contact" => any && verb == Verb::Read && self.may(user, verb, account),
            _ => false,
        }
    }

    /// Is a record within a filter, as a database would say?
    fn holds(&self, rows: &RowFilter, at: usize) -> bool {
        let RowFilter::Any(terms) = rows else { return true };
        let record = &self.records[at];
        let place = record.department.map(|number| id(1, number));
        terms.iter().any(|term| match term {
            RowTerm::Owner(user) => record.owner.map(|number| id(2, number)) == Some(*user),
            RowTerm::In(departments) => place.is_some_and(|place| departments.contains(&place)),
            RowTerm::Under(above) => record.department.is_some_and(|department| {
                (0..self.parents.len())
                    .any(|number| above.contains(&id(1, number)) && self.is_below(department, number))
            }),
            RowTerm::Shared { object, user, write, now } => self.shares.iter().any(|share| {
                let end =
                    if share.over { *now - SignedDuration::from_secs(1) } else { *now + SignedDuration::from_secs(1) };
                object == record.object
                    && share.record == record.id
                    && id(2, share.user) == *user
                    && end > *now
                    && (share.write || !write)
            }),
            RowTerm::Matching { filter, .. } => filter.matches(&|_| Value::from(record.kind), &|_, _| false),
            RowTerm::Via { filter, .. } => record.account.is_some_and(|account| self.holds(filter, account)),
        })
    }

    fn check(&self, catalogue: &Catalogue) -> Result<(), TestCaseError> {
        let rules = self
            .rules
            .iter()
            .enumerate()
            .map(|(number, rule)| SharingRule {
                everybody: false,
                hides: Vec::new(),
                spared: std::collections::HashSet::new(),
                source: "rule".into(),
                id: id(4, number),
                title: String::new(),
                object: catalogue.objects["account"].clone(),
                filter: Filter::Is(Condition {
                    via: Vec::new(),
                    object: "account".into(),
                    field: "kind".into(),
                    operator: Operator::Eq,
                    operand: Operand::One(Value::from(rule.kind)),
                }),
                users: rule.users.iter().map(|number| id(2, *number)).collect(),
                departments: (0..self.parents.len())
                    .filter(|place| rule.departments.iter().any(|above| self.is_below(*place, *above)))
                    .map(|number| id(1, number))
                    .collect::<HashSet<_>>(),
                roles: rule.roles.iter().cloned().collect(),
                write: rule.write,
            })
            .collect();
        let access = Access {
            catalogue,
            roles: Roles::new(self.roles.clone()),
            sharing: Sharing::new(rules),
            now: Timestamp::UNIX_EPOCH,
        };
        for (user, (departments, roles)) in self.users.iter().enumerate() {
            let places = departments.iter().map(|number| id(1, *number)).collect();
            let viewer = Viewer::user(id(2, user), "u", "u", roles.clone(), places, Via::Page);
            let mut filters: HashMap<(&str, Verb), RowFilter> = HashMap::new();
            for (at, record) in self.records.iter().enumerate() {
                for verb in VERBS {
                    let rows = filters
                        .entry((record.object, verb))
                        .or_insert_with(|| access.rows(&viewer, &catalogue.objects[record.object], verb));
                    prop_assert_eq!(
                        self.holds(rows, at),
                        self.may(user, verb, at),
                        "user {} {:?} {} {:?}",
                        user,
                        verb,
                        record.object,
                        rows
                    );
                }
            }
            for name in OBJECT_NAMES {
                let object = &catalogue.objects[name];
                prop_assert_eq!(
                    access.can_create(&viewer, object),
                    self.his(user).any(|role| Self::grant(role, name).create)
                );
                for ability in [Ability::Export, Ability::Transfer] {
                    let naive = self.his(user).any(|role| {
                        Self::grant(role, name).abilities.as_ref().unwrap_or(&role.rights.abilities).contains(&ability)
                    });
                    prop_assert_eq!(access.has_ability(&viewer, ability, Some(object)), naive);
                }
            }
            let object = &catalogue.objects["account"];
            let naive = self.his(user).map(|role| {
                let administers = role.rights.abilities.contains(&Ability::Administer);
                let default = if administers { FieldAccess::Write } else { FieldAccess::Read };
                Self::grant(role, "account").fields.get("kind").copied().unwrap_or(default)
            });
            prop_assert_eq!(
                access.field(&viewer, object, &object.fields["kind"]),
                naive.max().unwrap_or(FieldAccess::None)
            );
        }
        Ok(())
    }
}

#[test]
fn decisions_are_those_of_a_naive_model() {
    let source = ModuleSource { module: MODULE, objects: OBJECTS };
    let catalogue = Catalogue::load(&[source], &[]).expect("definitions");
    // A seed of its own: the same ten thousand each time.
    let config = ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&prop::collection::vec(any::<u8>(), 40..200), |bytes| {
        World::new(&mut Dice { bytes: &bytes, at: 0 }).check(&catalogue)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
