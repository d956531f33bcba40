#!/usr/bin/env python3
"""Holds a bench report against the service's own counters: per route, completed must equal served.

usage: compare-counts.py report.json metrics.txt
"""
import collections
import json
import re
import sys

ROUTES = {"schedules": "/schedules", "health": "/health", "subscribe": "/subscribe"}

report = json.load(open(sys.argv[1], encoding="utf-8"))
completed = collections.Counter()
for step in report["steps"] + report["warm_up"]:
    name = step["name"].split("/")[-1].split("-")[0]
    completed[ROUTES[name]] += step["requests"]["answered"]
served = collections.Counter()
for line in open(sys.argv[2], encoding="utf-8"):
    match = re.match(r'http_requests_total\{(.*)\} (\d+)', line)
    if match:
        labels = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        served[labels["route"]] += int(match[2])
for route in sorted(completed):
    print(f"{route}: completed {completed[route]}, served {served[route]}")
    if completed[route] != served[route]:
        sys.exit("the counts differ")
print("equal")
