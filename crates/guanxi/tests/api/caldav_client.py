"""A calendar program: python3-caldav, asked on standard input what to do, one JSON a line, answering the same way."""
import datetime
import json
import sys

import caldav

url, login, token = sys.argv[1:4]
client = caldav.DAVClient(url=url, username=login, password=token)
principal = client.principal()
calendars = {calendar.name: calendar for calendar in principal.calendars()}


def when(text):
    return datetime.datetime.fromisoformat(text)


def shown(thing):
    return {"url": str(thing.url), "data": thing.data}


def act(wanted):
    calendar = calendars.get(wanted.get("calendar", ""))
    verb = wanted["do"]
    if verb == "calendars":
        return sorted(calendars)
    if verb == "components":
        return calendar.get_supported_components()
    if verb == "events":
        return [shown(event) for event in calendar.events()]
    if verb == "todos":
        return [shown(todo) for todo in calendar.todos()]
    if verb == "search":
        found = calendar.date_search(when(wanted["from"]), when(wanted["to"]), expand=False)
        return [shown(event) for event in found]
    if verb == "by_uid":
        return shown(calendar.event_by_uid(wanted["uid"]))
    if verb == "add_event":
        return shown(calendar.save_event(wanted["data"]))
    if verb == "add_todo":
        return shown(calendar.save_todo(wanted["data"]))
    if verb == "change":
        thing = calendar.event_by_url(wanted["url"])
        thing.load()
        thing.data = thing.data.replace(wanted["from"], wanted["to"])
        thing.save()
        return shown(thing)
    if verb == "complete":
        todo = calendar.todo_by_uid(wanted["uid"])
        todo.complete()
        return shown(todo)
    if verb == "delete":
        calendar.event_by_url(wanted["url"]).delete()
        return None
    if verb == "sync":
        state = calendar.objects_by_sync_token(wanted.get("token"), load_objects=False)
        return {"token": state.sync_token, "urls": sorted(str(thing.url) for thing in state)}
    raise ValueError(verb)


for line in sys.stdin:
    try:
        answer = {"ok": act(json.loads(line))}
    except Exception as error:  # the test says what it expects
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
