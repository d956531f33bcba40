#!/usr/bin/env python3
"""Visits a service with days and nights, the same for the same seed, and waits for their ends.

    monitor-traffic.py URL SEED DAYS DAY_SECONDS IDLE [WAKE]

Visits come as a Poisson stream by day, rarely by night. Gaps near the idle time, where the machine's noise alone would
decide between warm and cold, are left out: each run meets the same sleep.
"""
import random, sys, threading, time, urllib.request

url, seed, days, day, idle = sys.argv[1], *map(float, sys.argv[2:6])
wake = float(sys.argv[6]) if len(sys.argv) > 6 else 1.5
source = random.Random(int(seed))
moments, moment = [], 0.5
while True:
    is_day = (moment % day) < 0.6 * day
    gap = source.expovariate(1 / (idle * (0.45 if is_day else 1.6)))
    if idle - 0.5 < gap < idle + wake:
        continue
    moment += max(gap, 0.05)
    if moment > days * day:
        break
    moments.append(moment)


def visit(number):
    request = urllib.request.Request(
        url + "/schedules", headers={"Accept": "application/json", "User-Agent": "Mozilla/5.0 visitor",
                                     "X-Forwarded-For": f"10.0.{number // 250}.{number % 250}"})
    try:
        urllib.request.urlopen(request, timeout=30).read()
    except OSError as error:
        print(f"visit {number}: {error}", file=sys.stderr)


start = time.monotonic()
threads = []
for number, moment in enumerate(moments):
    time.sleep(max(0, start + moment - time.monotonic()))
    threads.append(threading.Thread(target=visit, args=(number,)))
    threads[-1].start()
time.sleep(max(0, start + days * day - time.monotonic()))
for thread in threads:
    thread.join()
print(len(moments))
