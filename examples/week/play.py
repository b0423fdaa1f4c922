#!/usr/bin/env python3
"""Plays a week of a sales team of twelve over the public API of a new, empty Guanxi, and prints the figures it then shows.

The server must be one whose clock is passed by hand (scripts/play-week starts one): a week takes some seconds then.
The same seed plays the same week.
"""

import argparse
import datetime
import json
import sys

import figures
import setting
from api import Refused, Server
from days import Play


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, help="its address, such as http://127.0.0.1:8080")
    parser.add_argument("--login", default="admin", help="an administrator's login")
    parser.add_argument("--password", required=True, help="his password")
    parser.add_argument("--clock", default="/testkit/clock", help="the server's path by which its time is passed")
    parser.add_argument("--seed", type=int, default=20261123, help="another week")
    parser.add_argument("--json", action="store_true", help="figures, and what was done, as JSON")
    return parser.parse_args()


def main():
    asked = parse()
    server = Server(asked.server)

    def pass_time(moment=None):
        body = {"to": moment.isoformat()} if moment else {}
        status, shown, _ = server.send("POST", asked.clock, body)
        if status != 200:
            raise Refused(f"the time of this server cannot be passed ({status} {shown}): start one with scripts/play-week")
        return datetime.datetime.fromisoformat(shown["now"].replace("Z", "+00:00"))

    # First of all: nothing is touched where this is not possible.
    now = pass_time()
    admin = server.sign_in(asked.login, asked.password).program()
    play = Play(server, admin, pass_time, now, asked.seed)
    setting.prepare(play)
    play.play()

    shown = figures.asked(play)
    for person in play.by_login.values():
        shown["people"][person.login]["id"] = person.id
    did = {"/".join(what): str(count) for what, count in sorted(play.did.items())}
    if asked.json:
        whole = {"monday": str(play.monday), "did": did, "figures": shown}
        json.dump(whole, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print(f"A week from {play.monday}, of {len(play.by_login)} people")
        figures.tables(shown, did, {person.login: person.name for person in play.by_login.values()})


if __name__ == "__main__":
    try:
        main()
    except (Refused, OSError) as refusal:
        sys.exit(f"the play ends: {refusal}")
