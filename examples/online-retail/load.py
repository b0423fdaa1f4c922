"""Loads the file of "Online Retail" into a Guanxi: sorts it, imports what came of it, and puts orders and returns into effect.

The last line of output is JSON. Run again, it finds everything there and changes nothing.
"""

import argparse
import http.client
import json
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import sort

HERE = pathlib.Path(__file__).parent
GUANXI = os.environ["GUANXI"]
# Who does it.
LOGIN = "online-retail"
# Documents to a request, and requests at once.
BATCH, AT_ONCE = 100, 8


def say(text):
    print(text, flush=True)


def imported(data, name, file):
    """One command of guanxi's. A row that is refused ends the run."""
    begun = time.monotonic()
    command = [GUANXI, "import", "--data", data, "--map", str(HERE / f"{name}.toml"), "--json", str(file)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    lines = ran.stdout.strip().splitlines()
    if ran.returncode != 0 or not lines:
        raise SystemExit(f"{name}: the import failed: {lines[-1] if lines else ran.returncode}")
    result = json.loads(lines[-1])
    took = time.monotonic() - begun
    say(f"{name}: {result['read']} read, {result['created']} new, {result['updated']} changed, {took:.0f} s")
    return result["created"] + result["updated"]


class Server:
    """guanxi serving the folder, as long as this lasts."""

    def __init__(self, data):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = pathlib.Path(data)
        self.process = subprocess.Popen(
            [GUANXI, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}"], stdout=subprocess.DEVNULL
        )
        self.token = None
        self.own = threading.local()

    def __enter__(self):
        for _ in range(600):
            try:
                if self.ask("GET", "/healthz", plain=True)[0] == 200:
                    return self
            except OSError:
                if self.process.poll() is not None:
                    break
            time.sleep(0.1)
        self.process.terminate()
        raise SystemExit("the server does not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, method, path, body=None, plain=False):
        connection = getattr(self.own, "connection", None)
        if connection is None:
            connection = self.own.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Accept-Language": "en"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.own.connection = None
            connection.close()
            raise
        self.cookie = answer.headers.get("Set-Cookie")
        return answer.status, text if plain or not text else json.loads(text)

    def get(self, path, **query):
        query = {name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in query.items()}
        return self.good("GET", f"/api/v1{path}?{urllib.parse.urlencode(query)}")

    def good(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {answer}")
        return answer

    def sign_in(self):
        """With the token of an earlier run, as the administrator whose password is known, or as a new one of its own."""
        kept = self.data / f"{LOGIN}.token"
        if kept.exists():
            self.token = kept.read_text().strip()
            if self.ask("GET", "/api/v1/session")[0] == 200:
                return
            self.token = None
        password = os.environ.get("GUANXI_ADMIN_PASSWORD")
        if not password or not self.session("admin", password):
            password = secrets.token_urlsafe(24)
            command = [GUANXI, "user", "add", "--data", str(self.data), "--login", LOGIN, "--name", "Online Retail"]
            command += ["--role", "administrator", "--password-stdin"]
            subprocess.run(command, input=password, text=True, check=True, stdout=subprocess.DEVNULL)
            if not self.session(LOGIN, password):
                raise SystemExit(f"{LOGIN} cannot sign in")
        with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.token)

    def session(self, login, password):
        status, _ = self.ask("POST", "/api/v1/session", {"login": login, "password": password})
        if status != 200:
            return False
        cookie = self.cookie.split(";")[0]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": cookie, "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/tokens", json.dumps({"name": LOGIN}), headers)
        answer = connection.getresponse()
        made = json.loads(answer.read())
        connection.close()
        self.token = made.get("token")
        return self.token is not None

    def drafts(self, document):
        """Numbers of the file that are not in effect yet, batch by batch."""
        page = self.get(
            f"/records/{document}", filter=["status", "=", "draft"], fields="number", sort="number", limit=200
        )
        while True:
            ids = [item["id"] for item in page["items"]]
            for first in range(0, len(ids), BATCH):
                yield ids[first : first + BATCH]
            if not page["next"]:
                return
            page = self.get(
                f"/records/{document}",
                filter=["status", "=", "draft"],
                fields="number",
                sort="number",
                limit=200,
                cursor=page["next"],
            )

    def post_all(self, document):
        """Puts every draft into effect."""
        begun = time.monotonic()

        def post(ids):
            path = f"/api/v1/records/{document}/bulk"
            done = self.good("POST", path, {"action": "post", "ids": ids, "values": {}})
            if done["failed"]:
                raise SystemExit(f"{document}: {done['failed'][:3]}")
            return done["done"]

        with ThreadPoolExecutor(AT_ONCE) as pool:
            # All of them are found before the first is put into effect: pages would shift otherwise.
            done = sum(pool.map(post, list(self.drafts(document))))
        say(f"{document}: {done} put into effect, {time.monotonic() - begun:.0f} s")
        return done

    def total(self, lines, document, more=None):
        """How many lines are in effect, and what they come to, as the API adds them up."""
        mine = {"and": [[f"{document}.status", "=", "posted"], ["external_key", "starts_with", "OR-"], *(more or [])]}
        asked = {"measures": [{"fn": "count"}, {"fn": "sum", "field": "amount"}], "group_by": ["currency"], "filter": mine}
        found = self.good("POST", f"/api/v1/records/{lines}/aggregate", asked)["rows"]
        if len(found) > 1:
            raise SystemExit(f"{lines}: several currencies")
        count = found[0]["count"] if found else 0
        return count, Decimal(found[0]["sum_amount"]) if found else Decimal(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the Guanxi; made if it is not there")
    parser.add_argument("file", help="Online Retail as CSV, gzipped")
    asked = parser.parse_args()
    data = pathlib.Path(asked.data)
    data.mkdir(parents=True, exist_ok=True)
    # What the file counts in, where the folder is new.
    os.environ.setdefault("GUANXI_CURRENCY", "GBP")
    changed = 0
    with tempfile.TemporaryDirectory(prefix="online-retail-") as folder:
        folder = pathlib.Path(folder)
        said = sort.sort(asked.file, folder)
        say(f"{said['lines']} lines, {said['explained']} of them without a price, {said['linked']} take back what is known")
        for name in ("customers", "products", "orders", "order_lines"):
            changed += imported(asked.data, name, folder / f"{name}.csv")
        with Server(asked.data) as server:
            server.sign_in()
            changed += server.post_all("sales_order")
        # What is returned must be in effect.
        for name in ("returns", "return_lines"):
            changed += imported(asked.data, name, folder / f"{name}.csv")
        (data / "online-retail-explained.csv").write_bytes((folder / "explained.csv").read_bytes())
    with Server(asked.data) as server:
        server.sign_in()
        changed += server.post_all("sales_return")
        sold, sales = server.total("order_line", "sales_order")
        back, returned = server.total("return_line", "sales_return")
        linked, _ = server.total("return_line", "sales_return", [["order_line", "not_null"]])
    net = sales - returned
    if net != said["worth"]:
        raise SystemExit(f"the lines come to {said['worth']}, the records to {net}")
    say(f"{sold} lines of orders, {back} of returns, {linked} of them linked; {'nothing new' if changed == 0 else f'{changed} changes'}")
    result = {"lines": said["lines"], "posted": sold + back, "explained": said["explained"], "net_sales": f"{net.normalize():f}"}
    print(json.dumps(result))


if __name__ == "__main__":
    sys.exit(main())
