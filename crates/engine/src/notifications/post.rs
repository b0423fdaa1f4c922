//! Sending what waits: mail of a person goes as one message, a robot speaks of each. What the other side does not take is tried
//! again, later and later, and shown to the administrators.

use super::{
    mail::{Postman, Refusal},
    robots::{self, Message},
    wishes::{self, Wishes},
};
use crate::{Chore, Engine, Error, Result, follow::stopped};
use async_trait::async_trait;
use guanxi_access::Viewer;
use guanxi_model::Lang;
use guanxi_store::platform::{self, Delivery, Notification};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How often it is looked whether something has to leave.
const LOOK: Duration = Duration::from_secs(10);
/// Whoever sends has this long before another process takes over.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// How long one turn of sending lasts, well within the lease: what is left goes with the next.
const TURN: Duration = Duration::from_secs(90);
/// Deliveries taken at a time.
const BATCH: usize = 200;
/// Minutes until the next try, after each one that failed; then it is given up.
const PAUSES: [i64; 8] = [1, 2, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60];
/// News of a day that one message tells at most; it says how many more there are.
const LINES: usize = 50;
/// Among a person's preferences: until when he has had his news of the day.
const TOLD: &str = "digest_until";
/// News of a moment ago may not be readable yet.
const SETTLED: SignedDuration = SignedDuration::from_secs(60);
/// Days that news is kept.
const KEPT: i64 = 180;

impl Engine {
    pub(crate) async fn run_post(&self) {
        let mut stop = self.inner.stop.subscribe();
        loop {
            if let Err(error) = self.post().await {
                tracing::warn!(%error, "what waits cannot be sent and will be tried again");
            }
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Sends what is to leave by now.
    ///
    /// # Errors
    /// The database's. What the other side refuses is noted with the delivery.
    pub async fn post(&self) -> Result<()> {
        loop {
            let now = self.now();
            // Most looks find nothing, and take no lease.
            if platform::due_deliveries(self.database(), now, 1).await?.is_empty() {
                return Ok(());
            }
            let until = now.checked_add(LEASE).unwrap_or(now);
            if !platform::lease(self.database(), "post.until", now, until).await? {
                return Ok(());
            }
            let sent = self.post_some(now).await;
            // Whatever became of it, others may go on.
            platform::set_meta(self.database(), "post.until", &format!("{now:.6}")).await?;
            if sent? == 0 {
                return Ok(());
            }
        }
    }

    async fn post_some(&self, now: Timestamp) -> Result<usize> {
        let due = platform::due_deliveries(self.database(), now, BATCH).await?;
        let ids: Vec<Uuid> = due.iter().map(|delivery| delivery.notification).collect();
        let news = platform::notifications_by_id(self.database(), &ids).await?;
        let (robots, mail): (Vec<&Delivery>, Vec<&Delivery>) =
            due.iter().partition(|delivery| delivery.robot.is_some());
        let begun = Instant::now();
        let mut people: BTreeMap<Uuid, Vec<&Delivery>> = BTreeMap::new();
        for delivery in mail {
            people.entry(delivery.user).or_default().push(delivery);
        }
        let postman = if people.is_empty() { None } else { Postman::of(self).await? };
        for (user, deliveries) in people {
            let mine: Vec<&Notification> =
                news.iter().filter(|news| deliveries.iter().any(|delivery| delivery.notification == news.id)).collect();
            let result = self.write_to(postman.as_ref(), user, &mine).await?;
            self.note_sent(&deliveries, result).await?;
            if begun.elapsed() > TURN {
                return Ok(due.len());
            }
        }
        for delivery in robots {
            let result = self.speak(delivery, news.iter().find(|news| news.id == delivery.notification)).await?;
            self.note_sent(&[delivery], result).await?;
            if begun.elapsed() > TURN {
                break;
            }
        }
        Ok(due.len())
    }

    /// Notes what became of deliveries: nothing means that there was nothing to say any more.
    async fn note_sent(&self, deliveries: &[&Delivery], result: Option<Result<(), Refusal>>) -> Result<()> {
        let now = self.now();
        let database = self.database();
        let all: Vec<Uuid> = deliveries.iter().map(|delivery| delivery.id).collect();
        match result {
            None => platform::settle_deliveries(database, &all, "dropped", now, None, None).await?,
            Some(Ok(())) => platform::settle_deliveries(database, &all, "sent", now, None, Some(now)).await?,
            Some(Err(refusal)) => {
                for delivery in deliveries {
                    let pause = usize::try_from(delivery.attempts).ok().and_then(|tried| PAUSES.get(tried));
                    let again = pause.filter(|_| refusal.again).map(|minutes| SignedDuration::from_mins(*minutes));
                    let (state, due) = match again {
                        Some(pause) => ("waiting", now.checked_add(pause).unwrap_or(now)),
                        None => ("failed", now),
                    };
                    let why: String = refusal.why.chars().take(500).collect();
                    platform::settle_deliveries(database, &[delivery.id], state, due, Some(&why), None).await?;
                }
            }
        }
        Ok(())
    }

    async fn speak(&self, delivery: &Delivery, news: Option<&Notification>) -> Result<Option<Result<(), Refusal>>> {
        let robots = robots::active(self).await?;
        let robot = robots.iter().find(|robot| Some(robot.id) == delivery.robot);
        let (Some(robot), Some(news)) = (robot, news) else { return Ok(None) };
        let Some(viewer) = self.active_viewer(delivery.user).await? else { return Ok(None) };
        let told = self.tell_of(&viewer, std::slice::from_ref(news)).await?;
        let Some(text) = self.say(&viewer, news, told.get(&news.id)) else { return Ok(None) };
        let page = Postman::of(self).await?.map(|postman| postman.page).unwrap_or_default();
        let url = link(&page, news);
        let text = format!("@{} {text}", viewer.name);
        let message = Message { text: &text, url: url.as_deref(), kind: &news.kind };
        Ok(Some(robots::say(self, robot, &message).await))
    }

    /// Writes a person one message of all that he has not read yet.
    async fn write_to(
        &self,
        postman: Option<&Postman>,
        user: Uuid,
        news: &[&Notification],
    ) -> Result<Option<Result<(), Refusal>>> {
        let Some((viewer, record)) = self.active_user(user).await? else { return Ok(None) };
        let Some(address) = record.get("email").as_text() else { return Ok(None) };
        let unread: Vec<Notification> =
            news.iter().filter(|news| news.read_at.is_none()).map(|news| (*news).clone()).collect();
        let told = self.tell_of(&viewer, &unread).await?;
        let said: Vec<(String, &Notification)> =
            unread.iter().filter_map(|news| Some((self.say(&viewer, news, told.get(&news.id))?, news))).collect();
        let Some((first, _)) = said.first() else { return Ok(None) };
        let Some(postman) = postman else {
            return Ok(Some(Err(Refusal { why: "mail is switched off / 未启用邮件".into(), again: true })));
        };
        let subject = match (said.len(), viewer.lang) {
            (1, _) => first.clone(),
            (count, Lang::Zh) => format!("您有 {count} 条新通知"),
            (count, Lang::En) => format!("{count} new notifications"),
        };
        let body = body(&viewer, &said, &postman.page);
        Ok(Some(postman.send(self, address, &subject, body).await))
    }

    /// What waits, has failed or was sent, for administrators.
    ///
    /// # Errors
    /// 403 for anyone else, 422 for a state that there is not.
    pub async fn deliveries(
        &self,
        viewer: &Viewer,
        state: Option<&str>,
        cursor: Option<&str>,
        limit: Option<usize>,
    ) -> Result<Json> {
        self.require_administrator(viewer)?;
        if state.is_some_and(|state| !["waiting", "sent", "failed", "dropped"].contains(&state)) {
            let (zh, en) = ("应为 waiting、sent、failed 或 dropped", "waiting, sent, failed or dropped");
            return Err(Error::invalid("state", "unknown_option", zh, en));
        }
        let before = cursor.map(Uuid::try_parse).transpose().map_err(|_| {
            Error::bad("bad_cursor", "翻页标记无效，请从头开始", "the cursor does not fit; begin again")
        })?;
        let limit = limit.unwrap_or(50).clamp(1, 200);
        let mut found = platform::deliveries(self.database(), state, before, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let robots = robots::active(self).await?;
        let catalogue = self.catalogue();
        let users: Vec<Uuid> = found.iter().map(|delivery| delivery.user).collect();
        let object = catalogue.object("user").ok_or(Error::NotFound)?;
        let names = self.read_titles(viewer, &catalogue, object, &users).await?;
        let items: Vec<Json> = found
            .iter()
            .map(|delivery| {
                let robot = robots.iter().find(|robot| Some(robot.id) == delivery.robot).map(|robot| &robot.name);
                let to = names.iter().find(|(id, _)| *id == delivery.user).map(|(_, name)| name);
                json!({
                    "id": delivery.id, "channel": delivery.channel, "robot": robot, "to": to, "state": delivery.state,
                    "attempts": delivery.attempts, "error": delivery.error, "created_at": delivery.created_at,
                    "due_at": delivery.due_at, "sent_at": delivery.sent_at,
                })
            })
            .collect();
        let next = found.last().filter(|_| more).map(|delivery| delivery.id);
        let (waiting, failed) = (
            platform::count_deliveries(self.database(), "waiting").await?,
            platform::count_deliveries(self.database(), "failed").await?,
        );
        Ok(json!({"items": items, "next": next, "waiting": waiting, "failed": failed}))
    }

    /// Tries a delivery again at once.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 404 for one that neither waits nor has failed.
    pub async fn retry_delivery(&self, viewer: &Viewer, id: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        if platform::retry_delivery(self.database(), id, self.now()).await? { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// Where the page shows what news is about.
fn link(page: &str, news: &Notification) -> Option<String> {
    (!page.is_empty()).then(|| match news.count {
        1 => format!("{page}/o/{}/{}", news.object, news.record),
        _ => format!("{page}/o/{}", news.object),
    })
}

fn body(viewer: &Viewer, said: &[(String, &Notification)], page: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (text, news) in said.iter().take(LINES) {
        lines.push(text.clone());
        lines.extend(link(page, news));
        lines.push(String::new());
    }
    let left = said.len().saturating_sub(LINES);
    match viewer.lang {
        Lang::Zh => {
            if left > 0 {
                lines.push(format!("还有 {left} 条，请登录查看。"));
            }
            lines.push("—— Guanxi 关系。在“个人设置 - 通知”中可以更改接收方式。".to_owned());
        }
        Lang::En => {
            if left > 0 {
                lines.push(format!("{left} more are waiting for you on the page."));
            }
            lines.push("-- Guanxi. What you are sent is set in your account, under Notifications.".to_owned());
        }
    }
    lines.join("\n")
}

/// In the morning: what each person wants once a day, in one message.
pub(crate) struct Digest;

#[async_trait]
impl Chore for Digest {
    fn name(&self) -> &'static str {
        "digest"
    }

    fn hour(&self) -> i8 {
        8
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let now = engine.now();
        let yesterday = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        // What is being written down at this moment goes with the next.
        let until = now.checked_sub(SETTLED).unwrap_or(now);
        let told: BTreeMap<Uuid, Timestamp> = platform::preferences_of_all(engine.database(), TOLD)
            .await?
            .into_iter()
            .filter_map(|(user, text)| Some((user, serde_json::from_str(&text).ok()?)))
            .collect();
        for (user, text) in platform::preferences_of_all(engine.database(), wishes::KEY).await? {
            let daily = Wishes::parse(&text).daily();
            if daily.is_empty() {
                continue;
            }
            // What he was told last time ends where this begins, whenever that was.
            let since = told.get(&user).copied().unwrap_or(yesterday);
            let ids = platform::unread_between(engine.database(), user, &daily, (since, until), 500).await?;
            let news = platform::notifications_by_id(engine.database(), &ids).await?;
            let leaving: Vec<Delivery> = news.iter().map(|news| Delivery::waiting(news, None, now)).collect();
            engine
                .database()
                .write(move |tx| {
                    Box::pin(async move {
                        platform::set_preference_in(tx, user, TOLD, &json!(until).to_string()).await?;
                        platform::add_deliveries(tx, &leaving).await
                    })
                })
                .await?;
        }
        Ok(())
    }
}

/// At night: what is too old to matter goes.
pub(crate) struct ForgetOld;

#[async_trait]
impl Chore for ForgetOld {
    fn name(&self) -> &'static str {
        "forget_notifications"
    }

    fn hour(&self) -> i8 {
        3
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let before = engine.now().checked_sub(SignedDuration::from_hours(24 * KEPT)).unwrap_or(Timestamp::MIN);
        Ok(platform::forget_notifications(engine.database(), before).await?)
    }
}
