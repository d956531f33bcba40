#!/usr/bin/env python3
"""How often `outgrown bench gate` is wrong, and how often it finds what is there, for real: services of known slowness, and
beside them a process that eats a core half of the time.

    Benchmarks/gate-trial.py run KIND COUNT FILE   further gates of a kind, until FILE holds COUNT of them
    Benchmarks/gate-trial.py tell FILE             what they come to
    Benchmarks/gate-trial.py serve KIND FACTOR     the service itself, on PORT

KIND: `equal` is two copies of one service; `sleep` a head whose answers wait 1.10 times as long (log-normal, 95th percentile
50 ms); `cpu` one whose answers take 1.10 times the processor's time. OUTGROWN names the executable. A line a gate is added to
FILE as it comes; how many there are to be is said before.
"""
import asyncio, json, math, os, random, subprocess, sys, tempfile, time

# By kind: requests a second, what is judged, blocks and their seconds.
KINDS = {
    "equal": (300, "p(95)", 12, 3),
    "sleep": (100, "p(95)", 30, 3),
    "cpu": (12, "p(50)", 30, 3),
}
SIGMA = 0.4
MEDIAN = 0.050 / math.exp(1.6448536 * SIGMA)
SPIN = 0.015
WARM_UP = 0.5


class Service(asyncio.Protocol):
    def __init__(self, kind, factor):
        self.kind, self.factor, self.rest = kind, factor, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            _, _, self.rest = self.rest.partition(b"\r\n\r\n")
            if self.kind == "cpu":
                end = time.thread_time() + SPIN * self.factor
                while time.thread_time() < end:
                    pass
                self.answer()
            else:
                wait = MEDIAN * math.exp(SIGMA * random.gauss(0, 1)) * self.factor
                asyncio.get_running_loop().call_later(wait, self.answer)

    def answer(self):
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def serve(kind, factor):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Service(kind, factor), "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


def eat():
    """Half of a core, until its parent ends."""
    parent = os.getppid()
    while os.getppid() == parent:
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            pass
        time.sleep(0.05)


def gate(kind):
    rate, statistic, blocks, seconds = KINDS[kind]
    command = f"exec {sys.executable} {os.path.abspath(__file__)} serve {kind}"
    with tempfile.TemporaryDirectory() as folder:
        scenario = f"{folder}/{kind}.yaml"
        with open(scenario, "w") as file:
            file.write(
                f"name: {kind}\ntarget: http://127.0.0.1:1\nload: {{rate: {rate}/s, hold: 3s, max_in_flight: 500}}\n"
                "journeys:\n  - name: visit\n    steps:\n      - name: page\n        get: /\n"
                f"budgets:\n  response_time: ['{statistic} < 10s']\n")
        start = time.monotonic()
        done = subprocess.run(
            [os.environ.get("OUTGROWN", "outgrown"), "bench", "gate", "--base", command + " 1", "--head",
             command + (" 1" if kind == "equal" else " 1.1"), scenario, "--blocks", str(blocks), "--block-time",
             f"{seconds}s", "--warm-up", f"{WARM_UP}s", "--json", "--out", f"{folder}/out"],
            capture_output=True, text=True)
        took = time.monotonic() - start
    if not done.stdout:
        sys.exit(f"the gate ended with {done.returncode}: {done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    figure = report["figures"][0]
    return {
        "kind": kind, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "seconds": round(took, 1),
        "outcome": report["outcome"], "figure": figure["outcome"], "change": figure["change"], "chance": figure["chance"],
        "busy": report["duet"]["busy"], "control": report["duet"]["control"]["outcome"], "warnings": report["warnings"],
        "reasons": [f"{one['name']}: {one['reason']}" for one in report["figures"] if one["reason"]],
    }


def lines(path, kind=None):
    try:
        with open(path) as file:
            all = [json.loads(line) for line in file]
    except FileNotFoundError:
        all = []
    return [line for line in all if kind in (None, line["kind"])]


def bound(hits, count, level=0.05):
    """The share that is above the true one but for a chance of `level` (Clopper and Pearson, 1934)."""
    low, high = hits / count, 1.0
    for _ in range(60):
        share = (low + high) / 2
        chance = sum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(hits + 1))
        low, high = (share, high) if chance > level else (low, share)
    return high


def run(kind, count, path):
    eater = subprocess.Popen([sys.executable, os.path.abspath(__file__), "eat"])
    try:
        done = len(lines(path, kind))
        print(f"{kind}: {count} gates in all, {done} of them done", flush=True)
        for number in range(done, count):
            line = gate(kind)
            with open(path, "a") as file:
                file.write(json.dumps(line) + "\n")
            change = line["change"]
            shown = f"{change['value']:+.1%} [{change['lower']:+.1%}, {change['upper']:+.1%}]" if change else "no bounds"
            print(f"{number + 1:4} {line['outcome']:10} {shown} in {line['seconds']} s, {line['busy']:.0%} busy", flush=True)
    finally:
        eater.kill()
        eater.wait()


def tell(path):
    for kind in KINDS:
        gates = lines(path, kind)
        if not gates:
            continue
        counts = {word: sum(g["outcome"] == word for g in gates) for word in
                  ("regressed", "undecided", "improved", "equivalent")}
        words = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        longest = max(g["seconds"] for g in gates)
        text = f"{kind}: {len(gates)} gates of at most {longest:.0f} s: {words}"
        if kind == "equal":
            hits = counts["regressed"]
            text += f"; regressed {hits} of {len(gates)}, bound {bound(hits, len(gates)):.1%}"
        print(text)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", kind, factor]:
            asyncio.run(serve(kind, float(factor)))
        case ["eat"]:
            eat()
        case ["run", kind, count, path] if kind in KINDS and count.isdigit():
            run(kind, int(count), path)
        case ["tell", path]:
            tell(path)
        case _:
            sys.exit(__doc__)
