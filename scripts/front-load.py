"""Attacks on an HTTP front, on loopback only, beside clients that do nothing wrong.

  front-load.py idle|heads|bodies|pipeline URL SOURCE PID    one attack from the address SOURCE
  front-load.py mutate URL COUNT SEED                        COUNT mutated requests

Prints one line of JSON. An attack is measured against the same clients without it, just before and just after.
"""
import asyncio, http.client, json, multiprocessing, os, random, resource, socket, statistics, sys, threading, time
from urllib.parse import urlsplit

resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
PATHS = ["/health", "/schedules", "/"]


def clients(host, port, seconds, out):
    """Six people: three on a connection that they keep, three with a new one each time; ten requests a second each."""
    # As busy as the attack, a measuring client would measure itself.
    try: os.nice(-10)
    except OSError: pass
    times, failures = [], []
    end = time.monotonic() + seconds

    def person(number):
        kept = None
        count = 0
        while time.monotonic() < end:
            begin = time.monotonic()
            try:
                connection = kept or http.client.HTTPConnection(host, port, timeout=20)
                connection.request("GET", PATHS[count % len(PATHS)])
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    failures.append(f"{answer.status}")
                if number % 2:
                    kept = connection
                else:
                    connection.close()
                times.append(time.monotonic() - begin)
            except Exception as error:
                failures.append(f"{type(error).__name__}: {error}")
                kept = None
            count += 1
            time.sleep(max(0, 0.1 - (time.monotonic() - begin)))

    threads = [threading.Thread(target=person, args=(n,)) for n in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    out.put((times, failures))


def measure(host, port, seconds):
    out = multiprocessing.Queue()
    process = multiprocessing.Process(target=clients, args=(host, port, seconds, out))
    process.start()
    return process, out


def p99(times): return sorted(times)[max(0, int(len(times) * 0.99) - 1)] * 1000 if times else 1e9


HEAD = b"GET /health HTTP/1.1\r\nHost: front\r\nX-Slow: " + b"x" * 4000
BODY = b"POST /subscribe HTTP/1.1\r\nHost: front\r\nContent-Length: 4000\r\n\r\n"


class Attack:
    def __init__(self, kind, host, port, source):
        self.kind, self.host, self.port, self.source = kind, host, port, source
        self.open = self.cut = self.refused = 0
        self.lives, self.answers = [], {}

    async def one(self, until, again):
        while time.monotonic() < until:
            begin = time.monotonic()
            try:
                reader, writer = await asyncio.open_connection(self.host, self.port, local_addr=(self.source, 0))
            except OSError:
                self.refused += 1
                await asyncio.sleep(0.5)
                continue
            self.open += 1
            try:
                await self.hold(reader, writer, until)
            except OSError:
                pass
            self.open -= 1
            ended = time.monotonic()
            if ended < until:
                self.cut += 1
                self.lives.append(ended - begin)
            writer.close()
            if not again: return
            await asyncio.sleep(4 + 4 * random.random())

    async def hold(self, reader, writer, until):
        sent = 0
        if self.kind == "bodies": writer.write(BODY)
        if self.kind == "pipeline":
            block = b"GET /schedules HTTP/1.1\r\nHost: front\r\n\r\n" * 2000
            async def flood():
                while True:
                    writer.write(block)
                    await writer.drain()
            flooding = asyncio.ensure_future(flood())
            try:
                # Nothing is read: the socket's buffers fill up.
                reader._transport.pause_reading() if hasattr(reader, "_transport") else None
                await asyncio.sleep(max(0, until - time.monotonic()))
            finally:
                flooding.cancel()
            return
        while time.monotonic() < until:
            if self.kind == "heads": writer.write(HEAD[sent:sent + 1])
            if self.kind == "bodies": writer.write(b"x")
            sent += 1
            try:
                answer = await asyncio.wait_for(reader.read(200), 60 if self.kind == "idle" else 1)
            except asyncio.TimeoutError:
                continue
            if answer:
                status = answer.split(b" ")[1].decode() if answer.startswith(b"HTTP/1.1 ") else "?"
                self.answers[status] = self.answers.get(status, 0) + 1
            return

    async def run(self, count, seconds, again=True):
        until = time.monotonic() + seconds
        tasks = []
        for number in range(count):
            tasks.append(asyncio.ensure_future(self.one(until, again)))
            if number % 20 == 19: await asyncio.sleep(0.01)
        peak = 0
        while time.monotonic() < until:
            peak = max(peak, self.open)
            await asyncio.sleep(0.2)
        for task in tasks: task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return peak


def memory(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"): return int(line.split()[1]) // 1024
    return 0


def attack(kind, url, source, pid):
    os.nice(10)
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port
    process, out = measure(host, port, 6)
    before, failed_before = out.get(); process.join()
    rss = memory(pid)
    seconds = {"idle": 12, "heads": 45, "bodies": 45, "pipeline": 12}[kind]
    count = {"idle": 2000, "heads": 1000, "bodies": 1000, "pipeline": 200}[kind]
    process, out = measure(host, port, seconds)
    load = Attack(kind, host, port, source)
    # Trickling connections that are cut don't come again: how long each lived is what is looked at.
    peak = asyncio.run(load.run(count, seconds, again=kind == "idle"))
    during, failed = out.get(); process.join()
    rss_after = memory(pid)
    process, out = measure(host, port, 4)
    after, failed_after = out.get(); process.join()
    base = p99(before)
    print(json.dumps({
        "attack": kind, "from": source, "connections": count, "peak_open": peak, "cut": load.cut, "left_open": load.open,
        "longest_life_s": round(max(load.lives, default=0), 1), "answers": load.answers, "others_requests": len(during),
        "others_failed": len(failed) + len(failed_before) + len(failed_after), "failures": failed[:3],
        "p99_before_ms": round(p99(before), 1), "p99_during_ms": round(p99(during), 1),
        "p99_after_ms": round(p99(after), 1), "bound_ms": round(max(2 * base, 20), 1),
        "within": p99(during) <= max(2 * base, 20), "rss_mb": [rss, rss_after]}))


SEEDS = [
    b"GET /schedules?date=23%2F11%2F2026 HTTP/1.1\r\nHost: front\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: front\r\nConnection: keep-alive\r\n\r\n",
    b"POST /subscribe HTTP/1.1\r\nHost: front\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{\"email\":\"a@example.org\"}  ",
    b"POST /unsubscribe HTTP/1.1\r\nHost: front\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sub\r\n14\r\nscription_id\": 12345}\r\n0\r\n\r\n",
    b"POST /unsubscribe/1-email-abc HTTP/1.1\r\nHost: front\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nx=yz",
    b"HEAD /metrics HTTP/1.0\r\nHost: front\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: front\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nIf-None-Match: W/\"x\"\r\n\r\n",
]
WORDS = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"Host: a\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
         b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding : chunked\r\n", b"%00", b"%", b"../", b"\xff\xfe",
         b"HTTP/1.1", b"HTTP/0.9", b"HTTP/2.0", b"X" * 9000, b"X-Forwarded-For: 1.2.3.4, ::1\r\n", b"Connection: close\r\n",
         b"99999999999999999999", b"0\r\n\r\n", b"{", b"}", b"\"", b"Expect: 200-ok\r\n", b" folded\r\n", b"?", b"#", b"date=", b"&"]


def mutated(chance):
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 5)):
        place = chance.randint(0, len(data))
        kind = chance.randint(0, 5)
        if kind == 0 and data: data[place % len(data)] = chance.randint(0, 255)
        elif kind == 1: del data[place:place + chance.randint(1, 12)]
        elif kind == 2: data[place:place] = chance.choice(WORDS)
        elif kind == 3:
            lines = bytes(data).split(b"\r\n")
            lines.insert(chance.randint(0, len(lines)), chance.choice(lines))
            data = bytearray(b"\r\n".join(lines))
        elif kind == 4: data = data[:place]
        else: data += chance.choice(SEEDS)
    return bytes(data)


def mutate(url, count, seed):
    parts = urlsplit(url)
    chance = random.Random(seed)
    statuses, bad, slowest = {}, [], 0.0
    for number in range(count):
        data = mutated(chance)
        begin = time.monotonic()
        connection = socket.create_connection((parts.hostname, parts.port), timeout=40)
        received = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while True:
                chunk = connection.recv(65536)
                if not chunk: break
                received += chunk
        except socket.timeout:
            bad.append(("hang", data[:300]))
        except OSError:
            pass
        connection.close()
        slowest = max(slowest, time.monotonic() - begin)
        status = received.split(b" ", 2)[1].decode() if received.startswith(b"HTTP/1.1 ") else "closed" if not received else "?"
        statuses[status] = statuses.get(status, 0) + 1
        # A transfer coding that nobody knows is 501 by RFC 9112 §6.1; every other 5xx is a fault.
        for line in received.split(b"\r\n"):
            if line.startswith(b"HTTP/1.1 5") and not line.startswith(b"HTTP/1.1 501"): bad.append((line.decode(), data[:300]))
        if status == "?": bad.append(("no HTTP", data[:300]))
    print(json.dumps({"mutated": count, "seed": seed, "statuses": dict(sorted(statuses.items())), "bad": len(bad),
                      "first_bad": [(what, repr(data)) for what, data in bad[:3]], "slowest_s": round(slowest, 2)}))


if sys.argv[1] == "mutate": mutate(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else: attack(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
