#!/usr/bin/env python3
"""Prints two weeks of access log as uvicorn would have written it for app.py, formatted by uvicorn's own formatter.

usage: sample-log.py [--until 2026-11-25] [--days 14] [--visits 140] [--seed 1] > access.log

Invented visitors: days and nights, quieter weekends, people who look at a few pages, a crawler now and then, and the
usual guessers of .env files. Addresses are of the ranges kept for documentation (RFC 5737, RFC 3849).
"""
import argparse
import datetime
import json
import logging
import logging.config
import math
import pathlib
import random

parser = argparse.ArgumentParser()
parser.add_argument("--until", type=datetime.date.fromisoformat, default=datetime.date.today())
parser.add_argument("--days", type=int, default=14)
parser.add_argument("--visits", type=float, default=140, help="on a working day, on average")
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()
draw = random.Random(arguments.seed)

settings = json.loads((pathlib.Path(__file__).parent / "logging.json").read_text(encoding="utf-8"))
logging.config.dictConfig(settings)
formatter = logging.getLogger("uvicorn.access").handlers[0].formatter

# Share of a day's visits by hour.
HOURS = [1, 0.4, 0.2, 0.1, 0.2, 0.6, 2, 4, 6, 7, 6.5, 6, 6.5, 6, 5, 5.5, 6, 7, 8.5, 9, 8, 6, 4, 2]
KINDS = ["ladder", "drill", "saw", "wheelbarrow", "sander"]


def address():
    if draw.random() < 0.25:
        return f"2001:db8:{draw.randrange(65536):x}::{draw.randrange(1, 65536):x}"
    return f"{draw.choice(['192.0.2', '198.51.100', '203.0.113'])}.{draw.randrange(1, 255)}"


def visit():
    """(seconds since the last, method, path, status) of one person."""
    yield 0, "GET", "/", 200
    for _ in range(min(int(draw.expovariate(1 / 2.2)), 12)):
        pause = draw.lognormvariate(math.log(14), 0.9)
        chance = draw.random()
        if chance < 0.35:
            yield pause, "GET", f"/tools?kind={draw.choice(KINDS)}&free=true", 200
        elif chance < 0.9:
            yield pause, "GET", f"/tools/{draw.randrange(1, 57)}", 200
        else:
            yield pause, "POST", f"/tools/{draw.randrange(1, 57)}/loan", 201 if draw.random() < 0.8 else 409


def crawler():
    yield 0, "GET", "/robots.txt", 404
    for number in draw.sample(range(1, 57), 6):
        yield draw.uniform(1, 4), "GET", f"/tools/{number}", 200


def guesser():
    for path in ["/.env", "/wp-login.php", "/.git/config", "/admin/"]:
        yield draw.uniform(0.1, 0.6), "GET", path, 404


requests = []
start = datetime.datetime.combine(arguments.until, datetime.time()) - datetime.timedelta(days=arguments.days)
for day in range(arguments.days):
    midnight = start + datetime.timedelta(days=day)
    share = 0.45 if midnight.weekday() >= 5 else 1
    for hour, weight in enumerate(HOURS):
        callers = [(visit, arguments.visits * share * weight / sum(HOURS)), (crawler, 0.1), (guesser, 0.15)]
        for caller, expected in callers:
            # The arrivals of a Poisson process within the hour.
            second = draw.expovariate(1) * 3600 / expected
            while second < 3600:
                moment = (midnight + datetime.timedelta(hours=hour, seconds=second)).timestamp()
                client = f"{address()}:0"
                for pause, method, path, status in caller():
                    moment += pause
                    requests.append((moment, client, method, path, status))
                second += draw.expovariate(1) * 3600 / expected
end = (start + datetime.timedelta(days=arguments.days)).timestamp()
for moment, client, method, path, status in sorted(requests):
    if moment < end:
        record = logging.makeLogRecord({
            "name": "uvicorn.access", "levelname": "INFO", "levelno": logging.INFO, "created": moment,
            "msg": '%s - "%s %s HTTP/%s" %d', "args": (client, method, path, "1.1", status)})
        print(formatter.format(record))
