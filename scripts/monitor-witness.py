#!/usr/bin/env python3
"""Holds a monitor's report against the emulator's event log.

    monitor-witness.py transitions EVENTS REPORT    each sleep and wake was seen, within its stated delay
    monitor-witness.py quiet EVENTS_WITH EVENTS_WITHOUT    awake seconds with and without the monitor, and the wakes
    monitor-witness.py caused EVENTS_WITH EVENTS_WITHOUT REPORT    what the monitor added, and what it says that it did
    monitor-witness.py down EVENTS REPORT EVENT    after each EVENT the monitor said DOWN, never ASLEEP, in time

A machine that is busy is late: SLACK seconds are allowed on top of a stated delay.
"""
import json, sys
from datetime import datetime

SLACK = 0.35


def events(path):
    return [dict(event, t=moment(event["at"])) for event in map(json.loads, open(path))]


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def report(path):
    document = json.load(open(path))
    for transition in document["transitions"]:
        transition["t"], transition["seen"] = moment(transition["at"]), moment(transition["seen_at"])
    return document


def awake(path):
    return events(path)[-1]["awake_s"]


def fail(text):
    print(f"FAILED {text}")
    sys.exit(1)


mode, arguments = sys.argv[1], sys.argv[2:]
if mode == "transitions":
    log, document = events(arguments[0]), report(arguments[1])
    begin, end = moment(document["from"]), moment(document["to"])
    delays = document["detection_delays"]
    bounds = {"asleep": ("ASLEEP", delays["asleep_silent_s"]), "woken": ("UP", delays["awake_s"])}
    worst = {}
    for event in log:
        if event["event"] not in bounds or not begin + 0.5 < event["t"] < end - 1.5:
            continue
        state, bound = bounds[event["event"]]
        # The app's first heartbeat may come before the platform noticed that it answers.
        near = [t for t in document["transitions"] if t["to"] == state and -0.6 < t["seen"] - event["t"]]
        late = near[0]["seen"] - event["t"] if near else float("inf")
        if late > bound + SLACK:
            fail(f"{event['event']} at {event['at']} was seen {late:.2f} s later, stated {bound:.2f} s")
        count, latest, _ = worst.get(state, (0, late, bound))
        worst[state] = (count + 1, max(latest, late), bound)
    if len(worst) < 2 or min(count for count, _, _ in worst.values()) < 3:
        fail(f"too few to tell: {worst}")
    wakes = sum(begin < event["t"] < end and event["event"] == "woken" for event in log)
    if document["wakes"] != wakes:
        fail(f"{document['wakes']} wakes were reported, {wakes} happened")
    if any(t["to"] in ("DOWN", "SUSPENDED", "MISROUTED") for t in document["transitions"]):
        fail("a healthy service was called something else")
    print("; ".join(f"{count} × {state} within {late:.2f} s (stated {bound:.2f})" for state, (count, late, bound) in worst.items()))
elif mode == "quiet":
    withs, withouts = events(arguments[0]), events(arguments[1])
    wakes = [sum(event["event"] == "woken" for event in log) for log in (withs, withouts)]
    robots = [event for event in withs if "robots" in (event.get("cause") or "")]
    difference = abs(awake(arguments[0]) / awake(arguments[1]) - 1)
    text = f"awake {awake(arguments[0]):.1f} s with, {awake(arguments[1]):.1f} s without ({difference:.2%}); wakes {wakes[0]} and {wakes[1]}"
    if difference >= 0.02 or wakes[0] != wakes[1] or robots:
        fail(text)
    print(text)
elif mode == "caused":
    truth = awake(arguments[0]) - awake(arguments[1])
    said = report(arguments[2])["caused_s"]
    text = f"{truth:.2f} s were added, {said:.2f} s reported ({said / truth - 1:+.1%}), to {awake(arguments[1]):.1f} s"
    if truth < 3 or abs(said / truth - 1) > 0.1:
        fail(text)
    print(text)
elif mode == "down":
    log, document = events(arguments[0]), report(arguments[1])
    delays = document["detection_delays"]
    bound = {"died": delays["died_s"], "wake_failed": delays["failed_wake_s"]}[arguments[2]]
    found = [event for event in log if event["event"] == arguments[2]]
    if not found:
        fail(f"nothing {arguments[2]}")
    first = found[0]["t"]
    later = [t for t in document["transitions"] if t["seen"] > first - 0.1]
    if not later or later[0]["to"] not in ("DOWN", "WAKING"):
        fail(f"after it the monitor said {[t['to'] for t in later]}")
    down = [t for t in later if t["to"] == "DOWN"]
    if not down or down[0]["seen"] - first > bound + SLACK:
        fail(f"DOWN was seen {down[0]['seen'] - first if down else float('inf'):.2f} s later, stated {bound:.2f}")
    if any(t["to"] == "ASLEEP" and t["seen"] < down[0]["seen"] for t in later):
        fail("it was called ASLEEP first")
    print(f"DOWN {down[0]['seen'] - first:.2f} s later (stated {bound:.2f}): {down[0]['cause']}")
