"""Speaks to a Guanxi server over its public HTTP API, with nothing but Python's standard library."""

import http.client
import json
import time
import urllib.parse


class Refused(Exception):
    """The server said no where the play expects yes."""


class Server:
    """One connection that everybody of the play shares; who speaks is told with every request."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port, self.secure = parts.hostname, parts.port, parts.scheme == "https"
        self.connection = None

    def send(self, method, path, body=None, headers=None):
        """The status, the answer as JSON (or None) and its headers."""
        headers = dict(headers or {})
        headers.setdefault("Accept-Language", "zh-CN")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        if self.connection is None:
            kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
            self.connection = kind(self.host, self.port, timeout=120)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        try:
            shown = json.loads(text) if text else None
        except ValueError:
            shown = None
        return answer.status, shown, answer.headers

    def sign_in(self, login, password):
        """Somebody who works in a browser: a cookie goes with what he asks."""
        status, shown, headers = self.send("POST", "/api/v1/session", {"login": login, "password": password})
        if status != 200:
            raise Refused(f"{login} cannot sign in: {status} {shown}")
        cookie = headers["Set-Cookie"].split(";")[0]
        return Caller(self, login, shown["user"]["id"], {"Cookie": cookie})


class Caller:
    """Somebody who asks, by the page (with a cookie) or by a program (with a token)."""

    def __init__(self, server, login, ident, headers):
        self.server, self.login, self.id, self.headers = server, login, ident, headers

    def program(self):
        """The same person as a program of his: with a token of its own."""
        token = self.post("/tokens", {"name": "week"})["token"]
        return Caller(self.server, self.login, self.id, {"Authorization": f"Bearer {token}"})

    def ask(self, method, path, body=None, headers=None):
        """The status and the answer, whatever they are."""
        both = {**self.headers, **(headers or {})}
        status, shown, _ = self.server.send(method, "/api/v1" + path, body, both)
        return status, shown

    def must(self, method, path, body=None, headers=None):
        """The answer; anything but a success ends the play."""
        status, shown = self.ask(method, path, body, headers)
        if not 200 <= status < 300:
            raise Refused(f"{self.login}: {method} {path} {body if not isinstance(body, bytes) else ''}: {status} {shown}")
        return shown

    def get(self, path):
        return self.must("GET", path)

    def post(self, path, body):
        return self.must("POST", path, body)

    def create(self, kind, /, **values):
        return self.post(f"/records/{kind}", values)

    def change(self, kind, ident, /, **values):
        return self.must("PATCH", f"/records/{kind}/{ident}", values)

    def act(self, kind, ident, action, /, **values):
        return self.post(f"/records/{kind}/{ident}/actions/{action}", values)

    def page(self, kind, filter=None, **query):
        """One page of a list."""
        if filter is not None:
            query["filter"] = json.dumps(filter, ensure_ascii=False)
        return self.get(f"/records/{kind}?{urllib.parse.urlencode(query)}")

    def every(self, kind, filter=None, **query):
        """All of a list, page by page."""
        found, cursor = [], None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self.page(kind, filter, limit=200, **query, **more)
            found += page["items"]
            cursor = page["next"]
            if not cursor:
                return found

    def groups(self, kind, group_by, filter=None, sums=()):
        """Counts, and sums of fields, by groups."""
        measures = [{"fn": "count"}] + [{"fn": "sum", "field": field} for field in sums]
        asked = {"group_by": list(group_by), "measures": measures, "limit": 1000}
        if filter is not None:
            asked["filter"] = filter
        return self.post(f"/records/{kind}/aggregate", asked)["rows"]

    def figures(self, name, **query):
        return self.get(f"/figures/{name}?{urllib.parse.urlencode(query)}")

    def bring_in(self, kind, rows, columns):
        """Imports rows, each a list of texts under the columns' names; answers how many records that made."""
        lines = [",".join(columns)] + [",".join(row) for row in rows]
        edge = "guanxi-week"
        part = f'--{edge}\r\nContent-Disposition: form-data; name="object"\r\n\r\n{kind}\r\n'
        part += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="week.csv"\r\n'
        part += "Content-Type: text/csv\r\n\r\n" + "\n".join(lines) + f"\n\r\n--{edge}--\r\n"
        sent = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        path = "/imports/" + self.must("POST", "/imports", part.encode(), sent)["id"]
        mapping = {"object": kind, "columns": {heading: {"field": field} for heading, field in columns.items()}}
        self.post(f"{path}/start", {"mapping": mapping})
        for _ in range(1500):
            state = self.get(path)
            if state["state"] == "done":
                return state["created"]
            if state["state"] not in ("uploaded", "running"):
                break
            time.sleep(0.02)
        raise Refused(f"the import does not end well: {state}")
