#!/usr/bin/env python3
"""Sends curl commands to a server on a free port, once with curl and once as `outgrown bench import curl` reads them, and
compares what arrives.

  scripts/compare-import.py .build/debug/outgrown

Percent-encoding and the space after a cookie's ';' are taken as alike, where curl's versions differ. Needs curl 7.87 or
later and bash. Exit codes: 0 alike · 64 usage · 99 different.
"""

import http.server
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse

COMMANDS = r"""curl U/p -H 'X-A: 1' -H 'x-a: 2'
curl U/p -H 'X-E;' -H 'Accept:'
curl U/s?a=1 -G -d b=2 --data-urlencode 'q=x y/z&' --data-urlencode '=a=b' --data-urlencode 'n@t.txt'
curl U/ -d @t.txt -d c=1
curl U/ --data-binary @t.txt
curl U/ --json @b.json
curl U/ --json '{"a"' --json ':1}'
curl U/ -d a --json b -d c
curl U/ -F 'meta={"a":1};type=application/json' -F x=1 -F x=2 -F 'f=@p.png' -F 'g=@t.txt;filename=z.bin' -F 'h=<t.txt' --form-string 's=@a;b'
curl U/ -F 'a="x;y"' -F 'b=c;type=text/plain; charset=utf-8'
curl U/ -F 'a="x\"y"' -F 'n"m=1'
curl U/ -u u:p
curl 'http://u:p@127.0.0.1:PORT/x'
curl U/ -b a=1 -b b=2
curl U/ -e http://r/ -r 0-5
curl U/a/./b/../c/..
curl U/a/../../b?x=/../y
curl -I U/h
curl -X DELETE U/d -d x=1
curl -X OPTIONS U/o
curl -X PUT U/d -d ''
curl -T t.txt U/up/
curl -T t.txt U/up/x
curl U/a U/b -d x
curl -d x U/a --next U/b -H 'X-N: 1'
curl U/ -d $'\xc3\xa9\u00e9\101\n'
curl "U/$A?x=${B}" -H "X-V: $A" -d "{\"q\":\"$B\"}"
curl U/ -d "a\$b\\c\"d\`e"
curl U/ -d a\ b\&c
curl --url U/x --url-query 'a=b c' --url-query '+d=e'
curl U/ -H 'Content-Type: text/plain' -d @b.json
curl U/ -H 'Content-Type:' -d x
curl -sSLX PATCH U/ -d x
curl U/ -H 'Authorization: Basic dTpw' -u x:y
curl -g 'U/a[1]{2}?f[]=1'
curl U/#frag
curl -G U/#frag -d x=1
curl U?x=1
curl U/ -d x -H 'Content-Length: 1'
curl U/ -F 'f=@t.txt;type=text/csv' -H 'Content-Type: multipart/form-data'
curl U/p --compressed
curl U/ -H 'X-Pad:    v  '
curl U/ -d 'naïve=é'
curl 'U/caf%C3%A9?a=%20b+c'
curl 'U/a|b?x="y"'
curl U/ -H 'Cookie: a=1; b=2' -b c=3
curl -G -I U/x -d a=1
curl U/ -H 'X-A: 1;2, 3'
curl U/ --data-urlencode 'a+b=c+d'
curl U/ -d 'a=1' -H 'Accept: a' -H 'Accept: b'
curl U/ --json '{}' -H 'Content-Type: application/x'
curl U/ -d @- <<EOF@@{"a":"$A"}@@EOF
curl U/ --data-binary @- <<'EOF'@@{"a":"$A"}@@EOF
curl U/ -d "a@@b"
curl U/ -d @- <<< "x $A"
"""
ENVIRONMENT = {"A": "va", "B": "vb", "AUTHORIZATION": "Basic dTpw", "COOKIE": "a=1; b=2"}
# The connection's and the tool's own.
OWN = ["host", "user-agent", "connection", "content-length", "expect", "accept-encoding"]


class Recorder(http.server.BaseHTTPRequestHandler):
    received = []

    def record(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin1")
        Recorder.received.append((self.requestline, list(self.headers.items()), body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = record

    def log_message(self, *arguments):
        pass


def taken():
    result = []
    for line, headers, body in Recorder.received:
        fields = sorted((name.lower(), value.strip()) for name, value in headers if name.lower() not in OWN)
        boundary = re.search(r"boundary=([^\s;]+)", dict(fields).get("content-type", ""))
        if boundary:
            body = body.replace(boundary[1], "B")
            fields = [(name, value.replace(boundary[1], "B")) for name, value in fields]
        fields = [(name, value.replace("; ", ";") if name == "cookie" else value) for name, value in fields]
        target = urllib.parse.unquote_plus(line.rsplit(" ", 1)[0], "latin1")
        result.append((target, fields, body))
    Recorder.received.clear()
    return result


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    outgrown = os.path.abspath(sys.argv[1])
    server = http.server.HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.chdir(tempfile.mkdtemp())
    for name, content in [("t.txt", b"x y\nz\n"), ("b.json", b'{"a":\n1}\n'), ("p.png", b"\x89PNG\r\n\xf3")]:
        with open(name, "wb") as file:
            file.write(content)
    environment = dict(os.environ, **ENVIRONMENT)
    commands = COMMANDS.strip().split("\n")
    alike = 0
    for command in commands:
        command = re.sub(r"\bU(?=[/?#])", f"http://127.0.0.1:{server.server_port}", command)
        command = command.replace("PORT", str(server.server_port)).replace("@@", "\n")
        quiet = command.replace("curl ", "curl -s ", 1)
        subprocess.run(["bash", "-c", quiet], env=environment, capture_output=True, timeout=20)
        expected = taken()
        with open("in.sh", "w", encoding="utf-8") as file:
            file.write(command)
        made = subprocess.run([outgrown, "bench", "import", "curl", "in.sh"], capture_output=True, text=True)
        with open("o.yaml", "w", encoding="utf-8") as file:
            file.write(made.stdout)
        valid = subprocess.run([outgrown, "bench", "validate", "o.yaml"], capture_output=True).returncode == 0
        subprocess.run([outgrown, "bench", "try", "o.yaml"], env=environment, capture_output=True, timeout=60)
        found = taken()
        if expected == found and valid:
            alike += 1
        else:
            print(f"{command}\n  curl: {expected}\n  ours: {found}\n  {made.stderr.strip()[:200]}")
    print(f"{alike} of {len(commands)} alike")
    return 0 if alike == len(commands) else 99


if __name__ == "__main__":
    sys.exit(main())
