//! Telling people what concerns them: in their list on the page, by mail, and through robots in a company's chat groups.
//!
//! News comes from two places: a follower of the change log ([`Notifier`]) and moments that have come ([`reminders`]). Both end in
//! [`tell`], which asks what each person wants to hear of and writes it down in their transaction. What leaves the house is sent
//! afterwards ([`post`]), at least once.

mod centre;
mod mail;
mod mentions;
mod notifier;
mod post;
mod reminders;
mod robots;
mod wishes;
mod words;

pub(crate) use notifier::Notifier;
pub(crate) use post::{Digest, ForgetOld};
pub use reminders::{Due, Reminders};

use crate::{Context, Engine, Result};
use guanxi_access::Viewer;
use guanxi_model::{Catalogue, Label, ObjectDef, Trait};
use guanxi_store::platform::{self, Delivery, Notification};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wishes::{Mail, Wishes};

/// News about a record that has become somebody's.
const ASSIGNED: &str = "assigned";
/// News about a text in which somebody is mentioned.
const MENTIONED: &str = "mentioned";
/// News of the same kind and doer is counted on to what is not older than this, rather than told one by one.
const TOGETHER: SignedDuration = SignedDuration::from_mins(10);
/// More than this at once, and they become one.
const ONE_BY_ONE: usize = 3;
/// The same for reminders, each of which is something to do.
const REMINDERS_ONE_BY_ONE: usize = 10;
/// How often open pages are told of news at most.
const PASS_ON: SignedDuration = SignedDuration::from_millis(900);
/// How much two looks for news overlap.
const OVERLAP: SignedDuration = SignedDuration::from_secs(3);
/// Mail waits so long, so that what comes together goes together.
const GATHER: SignedDuration = SignedDuration::from_secs(60);

/// A kind of news.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewsKind {
    /// Its name.
    pub name: String,
    /// What it says.
    pub label: Label,
    /// The object it is about; nothing for what may be about any.
    pub object: Option<String>,
    /// What the object is called.
    pub group: Option<Label>,
}

/// The kinds of news there are: those that hold for every object, then those of the definitions.
pub(crate) fn kinds(catalogue: &Catalogue) -> Vec<NewsKind> {
    let general = [(ASSIGNED, "分配给我", "Assigned to me"), (MENTIONED, "提到我", "Mentions of me")];
    let mut all: Vec<NewsKind> = general
        .into_iter()
        .map(|(name, zh, en)| NewsKind { name: name.into(), label: Label::new(zh, en), object: None, group: None })
        .collect();
    for object in catalogue.objects.values() {
        all.extend(object.notices.iter().map(|notice| NewsKind {
            name: format!("{}.{}", object.name, notice.name),
            label: notice.label.clone(),
            object: Some(object.name.clone()),
            group: Some(object.label.clone()),
        }));
    }
    all
}

/// Is somebody told when a record of an object becomes his? Not of what only says who did something, nor of lines.
fn tells_assignment(object: &ObjectDef) -> bool {
    object.is_owned() && !object.stays && !object.has(Trait::ChildOf)
}

/// News for a person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct News {
    /// Who is told.
    pub user: Uuid,
    /// The kind.
    pub kind: String,
    /// About a record of which object.
    pub object: String,
    /// Which record.
    pub record: Uuid,
    /// Whose doing it was.
    pub actor: Option<Uuid>,
    /// What is due, when.
    pub moment: Option<Timestamp>,
    /// The field in whose text he is mentioned.
    pub field: Option<String>,
}

/// Writes news down for those who want to hear of it. Much of the same becomes one.
pub(crate) async fn tell(all: Vec<News>, context: &mut Context<'_>) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let engine = context.engine.clone();
    let users: HashSet<Uuid> = all.iter().map(|news| news.user).collect();
    let mut people = HashMap::new();
    for user in users {
        if let Some(person) = Person::read(&engine, user).await? {
            people.insert(user, person);
        }
    }
    let robots = robots::active(&engine).await?;
    let mail = mail::is_enabled(&engine).await?;
    let mut together: IndexMap<(Uuid, String, String, Option<Uuid>), Vec<News>> = IndexMap::new();
    for news in all {
        let key = (news.user, news.kind.clone(), news.object.clone(), news.actor);
        together.entry(key).or_default().push(news);
    }
    let (mut fresh, mut leaving) = (Vec::new(), Vec::new());
    for ((user, kind, object, _), same) in together {
        let Some(person) = people.get(&user) else { continue };
        let wish = person.wishes.of(&kind);
        let robots: Vec<Uuid> =
            robots.iter().filter(|robot| robot.wants(&kind, &person.viewer)).map(|robot| robot.id).collect();
        let by_mail = mail && wish.mail == Mail::Now && person.has_mail;
        if !wish.in_app && wish.mail == Mail::None && robots.is_empty() {
            continue;
        }
        let channels: Vec<Option<Uuid>> =
            by_mail.then_some(None).into_iter().chain(robots.iter().copied().map(Some)).collect();
        let make = |news: &News, count: usize| Notification {
            id: Uuid::now_v7(),
            user,
            kind: kind.clone(),
            object: object.clone(),
            record: news.record,
            actor: news.actor,
            count: count as i64,
            moment: news.moment,
            field: news.field.clone(),
            at: context.now,
            read_at: None,
            listed: wish.in_app,
        };
        let reminders = same.iter().any(|news| news.moment.is_some());
        let most = if reminders { REMINDERS_ONE_BY_ONE } else { ONE_BY_ONE };
        if !reminders {
            let since = context.now.checked_sub(TOGETHER).unwrap_or(Timestamp::MIN);
            let earlier = platform::similar(context.tx, &make(&same[0], 1), since, most).await?;
            if let Some(last) = earlier.first().filter(|_| earlier.len() + same.len() > most) {
                // What is in nobody's list is read by nobody: it must not be counted on for ever.
                let at = wish.in_app.then_some(context.now);
                platform::count_on(context.tx, *last, same.len() as i64, at).await?;
                let more = Notification { id: *last, ..make(&same[0], same.len()) };
                for robot in channels.iter().copied() {
                    if !platform::is_waiting(context.tx, more.id, robot).await? {
                        leaving.push(Delivery::waiting(&more, robot, gathered(context.now, robot)));
                    }
                }
                continue;
            }
        }
        let (count, told) = if same.len() > most { (same.len(), &same[..1]) } else { (1, &same[..]) };
        for news in told {
            let made = make(news, count);
            leaving
                .extend(channels.iter().map(|robot| Delivery::waiting(&made, *robot, gathered(context.now, *robot))));
            fresh.push(made);
        }
    }
    platform::add_notifications(context.tx, &fresh).await?;
    platform::add_deliveries(context.tx, &leaving).await?;
    Ok(())
}

impl Engine {
    /// Tells the open pages of a person that there is something new.
    pub(crate) fn announce_news(&self, user: Uuid) {
        let _ = self.inner.live.send(crate::Live::News { user });
    }

    /// Tells open pages of what was written down since the last look, by whichever process.
    pub(crate) async fn pass_on_news(&self, passed: &mut PassedOn) -> Result<()> {
        let now = self.now();
        let last = passed.at.unwrap_or(now);
        if (passed.at.is_some() && now.duration_since(last) < PASS_ON) || self.inner.live.receiver_count() == 0 {
            return Ok(());
        }
        passed.at = Some(now);
        // A transaction that began earlier may have ended after the last look.
        let since = last.checked_sub(OVERLAP).unwrap_or(last);
        let news = platform::told_since(self.database(), since).await?;
        for (user, at) in &news {
            if passed.on.get(user).is_none_or(|known| known < at) {
                self.announce_news(*user);
            }
        }
        passed.on = news.into_iter().collect();
        Ok(())
    }
}

/// What open pages have been told.
#[derive(Debug, Default)]
pub(crate) struct PassedOn {
    at: Option<Timestamp>,
    on: HashMap<Uuid, Timestamp>,
}

/// When something leaves: a robot speaks at once, mail waits for more.
fn gathered(now: Timestamp, robot: Option<Uuid>) -> Timestamp {
    if robot.is_some() { now } else { now.checked_add(GATHER).unwrap_or(now) }
}

/// Somebody who may be told something.
pub(crate) struct Person {
    /// As he reads records.
    pub viewer: Viewer,
    /// What he wants to hear of.
    wishes: Wishes,
    /// Has he an address?
    has_mail: bool,
}

impl Person {
    /// Nothing for who is not active.
    async fn read(engine: &Engine, user: Uuid) -> Result<Option<Self>> {
        let Some((viewer, record)) = engine.active_user(user).await? else { return Ok(None) };
        let wishes = wishes::read(engine, user).await?;
        Ok(Some(Self { viewer, wishes, has_mail: !record.get("email").is_null() }))
    }
}
