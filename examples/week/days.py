"""What the team does in a week. Whatever the server has accepted is noted, so that its figures can be held against it."""

import collections
import datetime
import decimal
import random

from team import CALLS, INVALID, REASONS, RESULTS, TEAM, Strangers

ZONE = datetime.timezone(datetime.timedelta(hours=8))
CENTS = decimal.Decimal("0.01")


class Play:
    """A week of the team on a server."""

    def __init__(self, server, admin, pass_time, now, seed):
        self.server, self.admin, self.pass_time = server, admin, pass_time
        self.dice = random.Random(seed)
        self.strangers = Strangers(self.dice)
        self.sellers = [person for person in TEAM if person.diligence]
        self.by_login = {person.login: person for person in TEAM}
        self.begun = now.astimezone(ZONE).date()
        self.monday = self.begun + datetime.timedelta(days=7 - self.begun.weekday())
        self.today = self.begun
        self.did = collections.Counter()
        # What is under way, by opportunity: whose, in which stage, how much, and whether products make the amount.
        self.deals = {}
        self.claims = {}

    # What is kept of it.
    def note(self, *what, by=1):
        self.did[what] += by

    def day_after(self, days):
        return self.monday + datetime.timedelta(days=days)

    def day_before(self, days):
        return self.monday - datetime.timedelta(days=days)

    def amount(self):
        """In whole thousands."""
        return self.dice.randint(30, 480) * 1000

    def know_deal(self, person, deal):
        stage = self.way.index(deal["stage"]["id"])
        self.deals[deal["id"]] = {
            "who": person.login, "stage": stage, "amount": decimal.Decimal(deal["amount"] or 0),
            "currency": deal["currency"], "lines": False,
        }
        self.note("deals", person.login)

    # Time.
    def at(self, hour, minute=0):
        """Passes the time until then, today."""
        moment = datetime.datetime.combine(self.today, datetime.time(hour, minute), ZONE)
        self.pass_time(moment)

    def moment(self, day, hour):
        return datetime.datetime.combine(day, datetime.time(hour), ZONE).isoformat()

    def play(self):
        """Monday to Sunday; the last thing is Sunday's night."""
        for number in range(7):
            self.today = self.monday + datetime.timedelta(days=number)
            if number < 6:
                self.at(9)
                self.arrivals(number)
                self.at(10)
                working = self.sellers if number < 5 else self.sellers[::3]
                self.claiming(working)
                if number in (1, 3):
                    self.giving_out()
                self.at(14)
                for person in working:
                    self.contacts(person)
                self.at(17)
                for person in working:
                    self.selling(person)
                if number == 4:
                    self.releases()
                self.claims[str(self.today)] = {
                    person.login: person.api.figures("pools")["items"] for person in self.sellers
                }
            self.at(23, 40)

    # The morning.
    def arrivals(self, number):
        """Leads by the website, by telephone, and from the list of an exhibition."""
        office = self.by_login["sunli"]
        for _ in range(8 if number < 5 else 3):
            company, person, mobile = self.strangers.next()
            budget = str(self.amount()) if self.dice.random() < 0.5 else None
            lead = office.api.create("lead", company=company, contact_name=person, mobile=mobile, source="website", budget=budget, name=company)
            self.note("leads", "api")
            self.note("given", lead["owner"]["title"])
        for _ in range(3 if number < 5 else 0):
            company, person, mobile = self.strangers.next()
            lead = office.page.create("lead", company=company, contact_name=person, mobile=mobile, source="cold_call", name=company)
            self.note("leads", "page")
            self.note("given", lead["owner"]["title"])
        if number == 1:
            # Who calls twice is known: the form asks before it makes a second one.
            status, shown = office.page.ask("POST", "/records/lead", {"name": company, "company": company, "mobile": mobile})
            assert (status, shown["code"]) == (409, "duplicate_warning"), shown
            self.note("refused", "duplicate_warning")
        if number in (0, 2, 4):
            pool = self.pool_names[self.pools["lead"]]
            rows = [[*self.strangers.next(), "展会", pool] for _ in range(20)]
            columns = {"公司": "company", "联系人": "contact_name", "手机": "mobile", "来源": "source", "公海": "pool"}
            self.note("leads", "import", by=office.api.bring_in("lead", rows, columns))

    def claiming(self, working):
        """Everybody takes what he likes, and some more than they may."""
        order = self.dice.sample(working, len(working))
        for place, person in enumerate(order):
            for kind, pool in self.pools.items():
                lying = person.api.page(kind, ["pool", "=", pool], sort="name,id", limit=20, fields="name")["items"]
                wanted = self.dice.sample(lying, min(len(lying), 4 if self.dice.random() < person.diligence else 1))
                for record in wanted:
                    self.claim(person, kind, record["id"])
                if place == 0 and wanted:
                    # A colleague whose page is a moment old.
                    self.claim(order[1], kind, wanted[0]["id"])

    def claim(self, person, kind, ident):
        status, shown = person.api.ask("POST", f"/records/{kind}/{ident}/actions/claim", {})
        if status == 200:
            self.note("claims", str(self.today), person.login, kind)
        else:
            self.note("refused", shown["code"])

    def giving_out(self):
        """The heads give what lies in the pool of customers to whom they think best."""
        for head, login in [("linyue", "zhangwei"), ("hejun", "chenjing")]:
            head, person = self.by_login[head], self.by_login[login]
            lying = head.api.page("customer", ["pool", "=", self.pools["customer"]], sort="name,id", limit=1)["items"]
            for record in lying:
                head.api.act("customer", record["id"], "assign", owner=person.id)
                self.note("assigned", head.login, person.login)

    # The day.
    def mine(self, person, kind, *more, fields):
        return person.api.every(kind, {"and": [["owner", "=", "me"], *more]}, sort="name,id", fields=fields)

    def contacts(self, person):
        """Calls, visits and messages; leads are found good or bad by them."""
        for lead in self.mine(person, "lead", ["status", "in", ["new", "contacted"]], fields="company"):
            if self.dice.random() < person.diligence * 0.8:
                self.contact(person, lead=lead["id"])
                self.judge(person, lead)
        for customer in self.mine(person, "customer", fields="name"):
            if self.dice.random() < person.diligence * 0.35:
                self.contact(person, customer=customer["id"])
        for task in self.mine(person, "task", ["status", "=", "open"], ["due_at", "within", "overdue"], fields="name"):
            if self.dice.random() < person.diligence:
                person.api.act("task", task["id"], "complete")
                self.note("tasks_done", person.login)

    def contact(self, person, **about):
        kind = self.dice.choice(["call", "call", "call", "visit", "message", "message", "mail"])
        values = {"kind": kind, "content": self.dice.choice(CALLS[kind]), "result": self.dice.choice(RESULTS), **about}
        if self.dice.random() < 0.3:
            values["next_at"] = self.moment(self.today + datetime.timedelta(days=self.dice.randint(1, 4)), 10)
        person.api.create("follow_up", **values)
        self.note("follow_ups", person.login, kind)
        if "customer" in about and self.dice.random() < 0.3:
            self.appointment(person, about["customer"])

    def appointment(self, person, customer):
        day = self.today + datetime.timedelta(days=self.dice.randint(1, 3))
        if self.dice.random() < 0.6:
            head = next(one for one in TEAM if one.role == "manager" and one.department == person.department)
            along = [head.id] if self.dice.random() < 0.4 else []
            person.api.create(
                "event", title="上门拜访", customer=customer, starts_at=self.moment(day, 15), participants=along
            )
            self.note("events", person.login)
        else:
            person.api.create("task", name="准备报价单", customer=customer, due_at=self.moment(day, 12))
            self.note("tasks", person.login)

    def judge(self, person, lead):
        luck = self.dice.random()
        if luck < 0.08:
            person.api.change("lead", lead["id"], status="invalid", invalid_reason=self.dice.choice(INVALID))
            self.note("invalid", person.login)
        elif luck < 0.14:
            person.api.change("lead", lead["id"], status="qualified")
        elif luck < 0.14 + person.closing * 0.5:
            self.convert(person, lead)

    def convert(self, person, lead):
        """Most leads that are good bring a deal along; its day of closing is asked for afterwards."""
        wanted = {}
        if self.dice.random() < 0.8:
            wanted = {"opportunity_name": f"{lead['company'][:4]}采购", "amount": str(self.amount())}
        made = person.api.act("lead", lead["id"], "convert", **wanted)
        self.note("converted", person.login)
        self.note("customers", person.login)
        if wanted:
            closes = str(self.today + datetime.timedelta(days=self.dice.choice([2, 9, 21, 30, 50])))
            deal = person.api.change("opportunity", made["converted_opportunity"]["id"], close_date=closes)
            self.know_deal(person, deal)
            if self.dice.random() < 0.4:
                self.lines(person, deal["id"])

    def lines(self, person, ident):
        """Products make the amount from now on."""
        total = decimal.Decimal(0)
        for product in self.dice.sample(self.products, self.dice.randint(1, 2)):
            quantity, discount = self.dice.randint(1, 4), self.dice.choice([0, 0, 5, "7.5"])
            person.api.create("opportunity_product", opportunity=ident, product=product["id"], quantity=str(quantity), discount=str(discount))
            line = decimal.Decimal(product["price"]) * quantity * (1 - decimal.Decimal(discount) / 100)
            total += line.quantize(CENTS, decimal.ROUND_HALF_UP)
        self.deals[ident].update(amount=total, lines=True)

    # The afternoon.
    def selling(self, person):
        """Deals go on, are won, or are lost; some stay where they are."""
        for ident, deal in list(self.deals.items()):
            if deal["who"] != person.login or self.dice.random() > 0.55:
                continue
            luck = self.dice.random()
            if luck < 0.10 and deal["currency"] == "CNY":
                self.lose(person, ident)
            elif deal["stage"] + 1 < len(self.way):
                deal["stage"] += 1
                person.api.change("opportunity", ident, stage=self.way[deal["stage"]])
                self.note("moved", person.login)
            elif luck < person.closing:
                self.win(person, ident, deal)

    def win(self, person, ident, deal):
        if not deal["lines"] and self.dice.random() < 0.3:
            # The last price is a little lower than what was hoped for.
            deal["amount"] = (deal["amount"] * decimal.Decimal("0.95")).quantize(CENTS)
            person.api.change("opportunity", ident, stage=self.won, amount=str(deal["amount"]), close_date=str(self.today))
        else:
            person.api.change("opportunity", ident, stage=self.won, close_date=str(self.today))
        del self.deals[ident]
        self.note("won", person.login)
        if deal["currency"] == "CNY":
            self.note("won_amount", person.login, by=deal["amount"])

    def lose(self, person, ident):
        reason = self.dice.choice(REASONS)
        rival = {"competitor": self.dice.choice(self.rivals)} if reason == "competitor" else {}
        person.api.change("opportunity", ident, stage=self.lost, loss_reason=reason, close_date=str(self.today), **rival)
        del self.deals[ident]
        self.note("lost", person.login, reason)

    def releases(self):
        """Before the weekend some say that a customer is nothing for them."""
        for person in self.sellers[::2]:
            for customer in self.mine(person, "customer", ["last_opportunity_at", "is_null"], fields="name")[:1]:
                person.api.act("customer", customer["id"], "release", reason="暂时没有预算")
                self.note("released", person.login)
