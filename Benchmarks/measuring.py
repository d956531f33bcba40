"""What the comparisons share: a server on one core, clients by turns on another, medians of one run's ratios, a record.

Absolute figures are the machine's and drift with it; a comparison is judged by ratios of runs that alternated.
"""
import contextlib
import datetime
import math
import os
import pathlib
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "Benchmarks" / "RESULTS.md"
SERVER_CORE, CLIENT_CORE = "0", "1"
MISSED, UNAVAILABLE = 99, 69


def product(name):
    """Builds an executable of this package for release; BUILT=folder takes it from there as it is."""
    if "BUILT" in os.environ:
        return str(pathlib.Path(os.environ["BUILT"]) / name)
    subprocess.run(["swift", "build", "-c", "release", "--product", name], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    return str(ROOT / ".build" / "release" / name)


def floor(folder):
    """The C loop that parses nothing."""
    path = str(pathlib.Path(folder) / "floor")
    subprocess.run(["cc", "-O2", "-o", path, str(ROOT / "Benchmarks" / "floor.c")], check=True)
    return path


def peer(name, variable=None):
    """A peer's path, from the variable or PATH; None where there is none."""
    return os.environ.get(variable or "") or shutil.which(name)


def cpu(command, core=CLIENT_CORE, **options):
    """Runs a client on its core: what it printed, its CPU seconds (user and system, its children's too)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(["taskset", "-c", core] + command, capture_output=True, text=True, check=False, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout + done.stderr, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def number(pattern, text):
    """The first group of `pattern` in `text`, as a number."""
    found = re.search(pattern, text)
    if not found:
        sys.exit(f"no {pattern!r} in:\n{text[-2000:]}")
    return float(found[1])


def version(command, pattern=r"(\d+(?:\.\d+)+\S*)"):
    """What a peer says of its version."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    return found[1] if found else "of unknown version"


def rounds(count, clients, limits=(), most=4):
    """Each client in turn, `count` times: {name: [result of each round]}. A client is a function without arguments.

    `limits` are the ratios that will be judged, as (ours, theirs, at most): while one of them can't be told from its limit,
    `count` rounds more are taken, up to `most` times as many. A host's noise lasts for seconds; the ratio's median does not.
    """
    results = {name: [] for name in clients}
    for number_of_round in range(count * most):
        if number_of_round >= count and number_of_round % count == 0 and all(
                is_told(results[ours], results[theirs], limit) for ours, theirs, limit in limits if ours in results):
            break
        names = list(clients)
        for name in names if number_of_round % 2 == 0 else reversed(names):
            results[name].append(clients[name]())
    return results


def is_told(ours, theirs, limit):
    """Whether the 90 % interval of the ratio's median lies on one side of the limit: order statistics, by the binomial."""
    ratios = sorted(a / b for a, b in zip(ours, theirs))
    below, chance = 0, 0.5 ** len(ratios)
    while chance <= 0.05:
        below += 1
        chance += math.comb(len(ratios), below) * 0.5 ** len(ratios)
    low, high = (ratios[below - 1], ratios[-below]) if below else (-math.inf, math.inf)
    return high <= limit or low > limit


def ratio(ours, theirs):
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(ours, theirs))


@contextlib.contextmanager
def nginx(locations, tls=False, connections=4096):
    """One worker on the server's core: yields its port."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        secure = ""
        if tls:
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                 "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
            secure = f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;"
        configuration = pathlib.Path(folder) / "nginx.conf"
        configuration.write_text(f"""
worker_processes 1;
worker_rlimit_nofile {connections + 256};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  server {{ listen 127.0.0.1:{port} backlog=4096{" ssl" if tls else ""}; {secure} {locations} }}
}}
""", encoding="utf-8")
        command = ["taskset", "-c", SERVER_CORE, "nginx", "-c", str(configuration), "-e", f"{folder}/nginx.log"]
        with subprocess.Popen(command) as server:
            try:
                for _ in range(100):
                    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                        break
                    time.sleep(0.05)
                yield port
            finally:
                server.terminate()


def busy_share(seconds=1.0):
    """How busy the machine's processors are with other work."""
    def read():
        ticks = [int(value) for value in pathlib.Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)
    idle, total = read()
    time.sleep(seconds)
    idle_after, total_after = read()
    return 1 - (idle_after - idle) / max(total_after - total, 1)


class Report:
    """A comparison's figures, printed as they come, judged, and with --record kept in RESULTS.md."""

    def __init__(self, name, title):
        self.name, self.title, self.lines, self.missed, self.peers = name, title, [], [], []
        self.busy = busy_share()
        print(f"— {title}", flush=True)
        if self.busy > 0.1:
            print(f"  the machine is busy with other work ({self.busy:.0%}): the figures are preliminary", flush=True)

    def peer(self, name, said):
        """A peer that took part."""
        self.peers.append(f"{name} {said}")
        print(f"  peer: {name} {said}", flush=True)

    def say(self, text):
        """A figure."""
        self.lines.append(text)
        print(f"  {text}", flush=True)

    def judge(self, what, value, limit, unit="", least=False):
        """A figure with its target; missed ones end the script with 99."""
        held = value >= limit if least else value <= limit
        verdict = "ok" if held else "MISSED"
        self.say(f"{verdict}: {what} {value:.2f}{unit} (target: {'at least' if least else 'at most'} {limit:g}{unit})")
        if not held:
            self.missed.append(what)

    def skip(self, what):
        """A part that could not be measured here."""
        self.say(f"not measured: {what}")

    def end(self):
        """Records, and leaves with 0 or 99."""
        if "--record" in sys.argv:
            self.record()
        sys.exit(MISSED if self.missed else 0)

    def record(self):
        """Puts this comparison's section in place of its last one."""
        model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
        machine = f"{os.cpu_count()} × {model[1] if model else 'unknown CPU'}"
        state = f"**Preliminary**: the machine was {self.busy:.0%} busy with other work." if self.busy > 0.1 else "Idle machine."
        body = "\n".join(
            [f"<!-- {self.name} -->", f"## {self.title}", "", f"{when} · {machine} · {state}"]
            + ([f"Peers: {', '.join(self.peers)}."] if self.peers else []) + [""]
            + [f"- {line}" for line in self.lines] + ["", f"<!-- end {self.name} -->"])
        text = RESULTS.read_text(encoding="utf-8")
        old = re.compile(rf"<!-- {self.name} -->.*?<!-- end {self.name} -->", re.S)
        text = old.sub(lambda _: body, text) if old.search(text) else text.rstrip() + "\n\n" + body + "\n"
        RESULTS.write_text(text, encoding="utf-8")
