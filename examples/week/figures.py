"""Asks for the figures that the pages show, and prints them as tables."""

import decimal
import unicodedata

MEASURES = ["won_amount", "won_count", "new_customers", "sold_quantity"]
COUNT = [{"fn": "count"}]


def asked(play):
    """What desk, targets, forecast, analysis and pools show by now: of the company, and of each of the team."""
    head = play.admin
    month = f"{play.today:%Y-%m}"
    quarter = f"{play.today.year}-Q{(play.today.month + 2) // 3}"
    return {
        "targets": {
            period: {measure: head.figures("targets", period=period, measure=measure) for measure in MEASURES}
            for period in (month, quarter)
        },
        "forecast": head.figures("forecast", period=quarter),
        "analysis": head.figures("sales_analysis"),
        "pools": head.figures("pools")["items"],
        "claimed": {
            day: {
                login: {pool["object"]: [pool["claimed_today"], pool["daily_claim_limit"]] for pool in pools}
                for login, pools in people.items()
            }
            for day, people in play.claims.items()
        },
        "follow_ups": head.groups("follow_up", ["owner", "kind"], ["happened_at", "within", "this_week"]),
        "leads": head.groups("lead", ["status"]),
        "sources": head.groups("lead", ["source"]),
        "people": {person.login: of(play, person, month, quarter) for person in play.by_login.values()},
    }


def of(play, person, month, quarter):
    """Somebody's desk, and what he sees of the rest."""
    me, ask = ["owner", "=", "me"], person.api

    def count(kind, *filter):
        rows = ask.groups(kind, [], {"and": list(filter)} if filter else None)
        return rows[0]["count"]

    open_or_won = {"or": [["status", "=", "open"], {"and": [["status", "=", "won"], ["close_date", "within", "this_month"]]}]}
    due = {"or": [["due_at", "within", "today"], ["due_at", "within", "overdue"]]}
    first, after = str(play.monday), str(play.day_after(7))
    schedule = ask.figures("schedule", **{"from": first, "to": after})["items"]
    return {
        "tasks_due": count("task", me, ["status", "=", "open"], due),
        "tasks_overdue": count("task", me, ["status", "=", "open"], ["due_at", "within", "overdue"]),
        "customers_due": count("customer", me, ["next_contact_at", "within", "overdue"]),
        "deals": ask.groups("opportunity", ["status", "currency"], {"and": [me, open_or_won]}, sums=["amount"]),
        "new_leads": count("lead", me, ["status", "=", "new"], ["last_contact_at", "is_null"]),
        "follow_ups_week": count("follow_up", me, ["happened_at", "within", "this_week"]),
        "recycling": ask.figures("recycling")["items"],
        "schedule": {kind: sum(item["object"] == kind for item in schedule) for kind in ("event", "task", "follow_up")},
        "own": {kind: count(kind, me) for kind in ("customer", "lead", "opportunity")},
        "sees": {kind: count(kind) for kind in ("customer", "lead", "opportunity", "follow_up")},
        "targets": ask.figures("targets", period=month, measure="won_amount")["rows"],
        "forecast": ask.figures("forecast", period=quarter)["total"],
        "won": ask.figures("sales_analysis")["won"],
    }


# Tables.
def width(text):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def shown(value):
    if value is None:
        return "–"
    if isinstance(value, decimal.Decimal):
        return f"{value:,.0f}"
    return str(value)


def money(text):
    return None if text is None else decimal.Decimal(text)


def table(title, heads, rows):
    """The first column to the left, numbers to the right; a Chinese character is two wide."""
    cells = [heads] + [[shown(cell) for cell in row] for row in rows]
    widths = [max(width(row[place]) for row in cells) for place in range(len(heads))]
    print(f"\n{title}")
    for row in cells:
        first, *rest = [(cell, " " * (most - width(cell))) for cell, most in zip(row, widths)]
        print("  " + "  ".join([first[0] + first[1]] + [pad + cell for cell, pad in rest]))


def tables(figures, did, names):
    """All of it for people."""
    for period, measures in figures["targets"].items():
        for measure, answer in measures.items():
            if answer["rows"]:
                heads = ["", "target", "reached", "%", "lacking", "weighted", "rank"]
                table(f"Targets {period}, {measure}", heads, [target(row) for row in answer["rows"]])
    forecast = figures["forecast"]
    parts = ["won", "commit", "best_case", "pipeline", "weighted"]

    def forecast_row(head, row):
        return [head, *[money(row[part]) for part in parts], row["deals"], money(row.get("target"))]

    rows = [forecast_row(row["owner"]["title"], row) for row in forecast["rows"]]
    rows += [forecast_row(row["month"], row) for row in forecast["months"]] + [forecast_row("all", forecast["total"])]
    table(f"Forecast {forecast['period']}", ["", *parts, "deals", "target"], rows)
    late = forecast["late"]
    print(f"  should have closed by now: {late['deals']} ({shown(money(late['amount']))}); in another currency: {forecast['elsewhere']}")
    table("Forecast after each day", ["", *parts, "deals"], [forecast_row(row["day"], row)[:-1] for row in forecast["history"]])
    analysis = figures["analysis"]
    rows = [
        [row["name"], row["reached"]["count"], row["of_all"], row["conversion"], row["here"]["count"],
         money(row["here"]["amount"]), row["lost_here"]["count"], row["average_days"], row["stays"]]
        for row in analysis["stages"]
    ]
    heads = ["", "reached", "% of all", "% going on", "here", "amount", "lost here", "days", "stays"]
    table("Funnel", heads, rows)
    outcome = ", ".join(f"{kind} {analysis[kind]['count']} ({shown(money(analysis[kind]['amount']))})" for kind in ("open", "won", "lost"))
    print(f"  {outcome}; win rate {shown(analysis['win_rate'])} %, cycle {shown(analysis['cycle_days'])} days")
    table("Lost because of", ["", "deals", "amount"], [[row["reason"], row["count"], money(row["amount"])] for row in analysis["loss_reasons"]])
    days = list(figures["claimed"])
    people = [login for login in figures["people"] if login in figures["claimed"][days[0]]]
    rows = [[names[login]] + ["+".join(str(figures["claimed"][day][login][kind][0]) for kind in ("lead", "customer")) for day in days] for login in people]
    table("Claims by day: leads + customers", ["", *[day[5:] for day in days]], rows)
    table("In the pools", ["", "records"], [[pool["name"], pool["records"]] for pool in figures["pools"]])
    kinds = ["call", "visit", "message", "mail"]
    counts = {(row["owner"]["id"], row["kind"]): row["count"] for row in figures["follow_ups"]}
    rows = []
    for login, mine in figures["people"].items():
        ident = mine["id"]
        # Their number in whatever currency; the money in the company's own.
        opened = sum(row["count"] for row in mine["deals"] if row["status"] == "open")
        won = [money(row["sum_amount"]) for row in mine["deals"] if (row["status"], row["currency"]) == ("won", "CNY")]
        rows.append(
            [names[login], *[counts.get((ident, kind), 0) for kind in kinds], mine["follow_ups_week"], mine["new_leads"],
             mine["own"]["lead"], mine["own"]["customer"], opened, sum(won) if won else None,
             mine["tasks_overdue"], mine["schedule"]["event"], len(mine["recycling"])]
        )
    heads = ["", *kinds, "all", "untouched", "leads", "customers", "open deals", "won", "tasks late", "events", "recycled soon"]
    table("Everybody's week and desk", heads, rows)
    table("Leads", ["", "count"], [[row["status"], row["count"]] for row in figures["leads"]])
    table("What was done", ["", "times"], sorted([" ".join(key.split("/")), value] for key, value in summed(did).items()))


def target(row):
    who = row["who"]["title"] if row["who"] else "company"
    product = f" {row['product']['title']}" if row["product"] else ""
    return [who + product, money(row["target"]), money(row["actual"]), row["rate"], money(row["gap"]), money(row["weighted"]), row["rank"]]


def summed(did):
    """By the first word, refusals by their reason."""
    sums = {}
    for key, value in did.items():
        words = key.split("/")
        head = "/".join(words[:2]) if words[0] in ("refused", "leads") else words[0]
        sums[head] = sums.get(head, decimal.Decimal(0)) + decimal.Decimal(value)
    return sums
