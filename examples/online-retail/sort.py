"""Sorts the lines of the file into customers, products, orders and returns, as files that guanxi imports.

The file is read twice, a line at a time; what has to be found again lies in a database on disk, so memory stays flat.
"""

import csv
import gzip
import sqlite3
from decimal import Decimal

# Stock codes that are no goods.
CHARGES = {"POST", "DOT", "M", "C2", "D", "S", "BANK CHARGES", "AMAZONFEE", "CRUK"}
ADJUSTMENTS = {"B"}
# Who buys without a number.
NOBODY = "OR-GUEST"
# Countries of the file by the code of the region; the others name none.
COUNTRIES = {
    "United Kingdom": "GB", "Germany": "DE", "France": "FR", "EIRE": "IE", "Spain": "ES", "Netherlands": "NL",
    "Belgium": "BE", "Switzerland": "CH", "Portugal": "PT", "Australia": "AU", "Norway": "NO", "Italy": "IT",
    "Finland": "FI", "Cyprus": "CY", "Sweden": "SE", "Austria": "AT", "Denmark": "DK", "Japan": "JP", "Poland": "PL",
    "Israel": "IL", "USA": "US", "Singapore": "SG", "Iceland": "IS", "Canada": "CA", "Greece": "GR", "Malta": "MT",
    "United Arab Emirates": "AE", "RSA": "ZA", "Lebanon": "LB", "Lithuania": "LT", "Brazil": "BR",
    "Czech Republic": "CZ", "Bahrain": "BH", "Saudi Arabia": "SA",
}

TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE product (code TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE customer (number TEXT PRIMARY KEY, country TEXT) WITHOUT ROWID;
CREATE TABLE document (number TEXT PRIMARY KEY, sent TEXT) WITHOUT ROWID;
CREATE TABLE sold (customer TEXT, code TEXT, line INTEGER, price TEXT, remaining INTEGER,
                   PRIMARY KEY (customer, code, line)) WITHOUT ROWID;
"""


class Row:
    """A line of the file, and its place there."""

    def __init__(self, place, fields):
        self.place = place
        self.invoice, self.code, self.description, quantity, moment, price, self.customer, self.country = (
            field.strip() for field in fields
        )
        self.quantity, self.price = Decimal(quantity), Decimal(price)
        self.day = moment[:10]
        self.customer = self.customer.removesuffix(".0")

    @property
    def key(self):
        return f"OR-{self.place}"

    @property
    def buyer(self):
        return f"OR-{self.customer}" if self.customer else NOBODY

    @property
    def returns(self):
        """Does it take back?"""
        return self.quantity * self.price < 0

    @property
    def kind(self):
        if self.code.upper() in ADJUSTMENTS:
            return "adjustment"
        return "charge" if self.code.upper() in CHARGES else "product"

    @property
    def document(self):
        """Its order or return. An invoice that both gives and takes would be one of each."""
        return self.invoice


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        lines = csv.reader(text)
        next(lines)
        for place, fields in enumerate(lines, 1):
            yield Row(place, fields)


class Out:
    """A file that is imported, by its mapping's name."""

    def __init__(self, folder, name, columns):
        self.path = folder / f"{name}.csv"
        self.file = open(self.path, "w", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(columns)

    def put(self, *values):
        self.writer.writerow(values)

    def close(self):
        self.file.close()


def sort(path, folder):
    """Writes the files; answers how many lines there are, how many of them say nothing of value, and what the others come to."""
    known = sqlite3.connect(folder / "known.db")
    known.executescript(TABLES)
    # First what lines refer to: a product is called as it is called most lately.
    for row in rows(path):
        if row.price == 0:
            continue
        if row.kind == "product":
            known.execute(
                "INSERT INTO product VALUES (?, ?) ON CONFLICT DO UPDATE SET name = iif(excluded.name = '', name, excluded.name)",
                (row.code.upper(), row.description),
            )
        known.execute("INSERT INTO customer VALUES (?, ?) ON CONFLICT DO NOTHING", (row.buyer, row.country))
    customers = Out(folder, "customers", ["number", "name", "region"])
    for number, country in known.execute("SELECT number, country FROM customer ORDER BY number"):
        if number == NOBODY:
            customers.put(number, "Customers without a number", "")
        else:
            customers.put(number, f"Customer {number.removeprefix('OR-')}", COUNTRIES.get(country, ""))
    products = Out(folder, "products", ["code", "name"])
    for code, name in known.execute("SELECT code, name FROM product ORDER BY code"):
        products.put(code, name or code)
    orders = Out(folder, "orders", ["number", "customer", "date"])
    returns = Out(folder, "returns", ["number", "customer", "date"])
    columns = ["line", "invoice", "kind", "code", "name", "quantity", "price"]
    order_lines = Out(folder, "order_lines", columns)
    return_lines = Out(folder, "return_lines", [*columns, "order_line"])
    explained = Out(folder, "explained", ["line", "invoice", "code", "description", "quantity", "reason"])
    lines = unpriced = linked = 0
    worth = Decimal(0)
    for row in rows(path):
        lines += 1
        if row.price == 0:
            unpriced += 1
            reason = "taken out of stock" if row.quantity < 0 else "given or found, without a price"
            explained.put(row.place, row.invoice, row.code, row.description, row.quantity, f"unit price 0: {reason}")
            continue
        worth += row.quantity * row.price
        sent = "return" if row.returns else "order"
        number = row.document
        before = known.execute("SELECT sent FROM document WHERE number = ?", (number,)).fetchone()
        if before is None:
            known.execute("INSERT INTO document VALUES (?, ?)", (number, sent))
            (returns if row.returns else orders).put(number, row.buyer, row.day)
        elif before[0] != sent:
            raise SystemExit(f"line {row.place}: invoice {number} both gives and takes")
        goods = row.kind == "product"
        fields = [row.key, number, row.kind, row.code.upper() if goods else "", row.description or row.code]
        fields += [abs(row.quantity), abs(row.price)]
        if row.returns:
            source = take_back(known, row) if row.customer else None
            linked += source is not None
            return_lines.put(*fields, f"OR-{source}" if source else "")
        else:
            order_lines.put(*fields)
            if row.customer:
                known.execute(
                    "INSERT INTO sold VALUES (?, ?, ?, ?, ?)",
                    (row.customer, row.code, row.place, str(row.price), int(row.quantity)),
                )
    for file in (customers, products, orders, returns, order_lines, return_lines, explained):
        file.close()
    known.close()
    return {"lines": lines, "explained": unpriced, "worth": worth, "linked": linked}


def take_back(known, row):
    """The line of an order that a return takes back: the latest one at the same price with enough of it left, else the latest at all."""
    found = known.execute(
        "SELECT line FROM sold WHERE customer = ? AND code = ? AND remaining >= ? ORDER BY price = ? DESC, line DESC LIMIT 1",
        (row.customer, row.code, int(-row.quantity), str(row.price)),
    ).fetchone()
    if found is None:
        return None
    known.execute(
        "UPDATE sold SET remaining = remaining - ? WHERE customer = ? AND code = ? AND line = ?",
        (int(-row.quantity), row.customer, row.code, found[0]),
    )
    return found[0]
