"""What there is before the week begins: the organisation, pools and their rules, targets, and what everybody sells already."""

from team import EAST, MANAGER, PRODUCTS, RIVALS, SOUTH, TEAM

PASSWORD = "Guanxi-week-2026"
# Claims a day for each, days without contact until something goes back to its pool, days for which the former owner may not have it.
LEAD_CLAIMS, CUSTOMER_CLAIMS = 3, 2
LEAD_IDLE, CUSTOMER_IDLE = 2, 4
COOL_DOWN = 3


def prepare(play):
    """Everything, by the administrator where it takes one."""
    _people(play)
    _pools(play)
    _catalogue(play)
    _targets(play)
    _stock(play)


def _people(play):
    made = {}
    for path in [person.department for person in TEAM]:
        *above, name = path.split("/")
        if path not in made:
            parent = made["/".join(above)] if above else None
            made[path] = play.admin.create("department", name=name, parent=parent)["id"]
    play.departments = made
    for person in TEAM:
        user = play.admin.create(
            "user", name=person.name, login=person.login, department=made[person.department], roles=[person.role]
        )
        play.admin.act("user", user["id"], "set_password", password=PASSWORD)
        person.page = play.server.sign_in(person.login, PASSWORD)
        person.api = person.page.program()


def _pools(play):
    found = {pool["object"]: pool for pool in play.admin.every("pool", sort="name")}
    heads = [person.id for person in TEAM if person.role == MANAGER]
    play.pools = {kind: pool["id"] for kind, pool in found.items()}
    play.pool_names = {pool["id"]: pool["name"] for pool in found.values()}
    limits = {"lead": LEAD_CLAIMS, "customer": CUSTOMER_CLAIMS}
    for kind, pool in play.pools.items():
        play.admin.change("pool", pool, daily_claim_limit=limits[kind], cooldown_days=COOL_DOWN, admins=heads)
    for kind, days in [("lead", LEAD_IDLE), ("customer", CUSTOMER_IDLE)]:
        play.admin.create(
            "recycle_rule", name=f"{days} 天未跟进", object=kind, pool=play.pools[kind], idle_days=days, warn_days=1
        )
    play.admin.create("capacity", name="客户库容", object="customer", departments=[play.departments["销售部"]], most=40)
    sellers = [person.id for person in play.sellers]
    play.admin.create(
        "lead_assignment", name="官网轮流", channels=["api"], method="round_robin", users=sellers, sort_order=1
    )
    east = [person.id for person in play.sellers if person.department == EAST]
    play.admin.create(
        "lead_assignment", name="来电给最空闲的", channels=["page"], method="load", users=east, sort_order=2
    )


def _catalogue(play):
    play.products = [play.admin.create("product", name=name, price=price) for name, price in PRODUCTS]
    play.rivals = [play.admin.create("competitor", name=name)["id"] for name in RIVALS]
    pipeline = play.admin.page("pipeline", ["is_default", "=", True])["items"][0]["id"]
    stages = play.admin.every("stage", ["pipeline", "=", pipeline], sort="sort_order")
    play.way = [stage["id"] for stage in stages if stage["kind"] == "open"]
    [play.won] = [stage["id"] for stage in stages if stage["kind"] == "won"]
    [play.lost] = [stage["id"] for stage in stages if stage["kind"] == "lost"]


def _targets(play):
    """Those of the month and of the one after it, for company, departments and people."""
    year, months = play.monday.year, [f"m{play.monday.month}", f"m{play.monday.month % 12 + 1}"]
    if play.monday.month == 12:
        months = months[:1]

    def target(by, measure, sum_of, **subject):
        by.create("target", year=year, measure=measure, **dict.fromkeys(months, str(sum_of)), **subject)

    target(play.admin, "won_amount", 3_600_000, level="company")
    target(play.admin, "sold_quantity", 30, level="company", product=play.products[0]["id"])
    head = play.by_login["zhouming"].api
    for place, amount in [(EAST, 1_800_000), (SOUTH, 1_500_000)]:
        target(head, "won_amount", amount, level="department", team=play.departments[place])
        target(head, "new_customers", 30, level="department", team=play.departments[place])
    for number, person in enumerate(play.sellers):
        target(head, "won_amount", 300_000 + 50_000 * number, level="person", owner=person.id)
        target(head, "won_count", 3, level="person", owner=person.id)
        target(head, "new_customers", 5 + number % 3, level="person", owner=person.id)


def _stock(play):
    """Customers of everybody, some with a deal under way, and some that lie in the pool."""
    for person in play.sellers:
        for number in range(4):
            company, who, mobile = play.strangers.next()
            customer = person.api.create("customer", name=company, mobile=mobile, source="exhibition")
            play.note("customers", person.login)
            person.api.create("contact", name=who, mobile=mobile, customer=customer["id"])
            if number < 3:
                opened = play.day_before(play.dice.randint(10, 60))
                closes = play.day_after(play.dice.choice([3, 4, 12, 20, 30, 45]))
                # One sells abroad: what is in another currency is in no sum.
                abroad = {"currency": "USD"} if (person.login, number) == ("chenjing", 2) else {}
                values = {"opened_on": str(opened), "close_date": str(closes), "amount": str(play.amount()), **abroad}
                stage = play.dice.choice(play.way[:3])
                deal = person.api.create("opportunity", name=f"{company[:4]}采购", customer=customer["id"], stage=stage, **values)
                play.know_deal(person, deal)
                if number == 0:
                    play.lines(person, deal["id"])
    for _ in range(10):
        company, _, mobile = play.strangers.next()
        play.admin.create("customer", name=company, mobile=mobile, source="other", pool=play.pools["customer"])
        play.note("customers", "admin")
