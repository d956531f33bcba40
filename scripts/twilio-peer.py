"""Twilio's Messages API on 127.0.0.1: twilio-peer.py FOLDER

Takes messages as the account of ACCOUNT and TOKEN, or of KEY and SECRET, and judges them as Twilio does: who sends, which
fields go together, which form they have. Appends every request to FOLDER/requests.jsonl before it answers, and writes to
FOLDER/peer.json once it listens. The last four digits of a recipient say how it is answered: those of ANSWERS; anything else is
taken. While FOLDER/hold is there, it does not answer.

POST /sdk has Twilio's own SDK send a message to this peer: {"user", "password", "account", "arguments"}. POST /sign signs a
webhook by the SDK: {"token", "url", "fields": [[name, value]]}.
"""
import base64
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

ACCOUNT, TOKEN = "AC" + "0123456789abcdef" * 2, "token-of-the-account"
KEY, SECRET = "SK" + "0123456789abcdef" * 2, "secret-of-the-key"
STANDARD = "https://api.twilio.com"

folder = sys.argv[1]
lock = threading.Lock()
requests = open(f"{folder}/requests.jsonl", "a", buffering=1)
taken = [0]

# Status, Twilio's code, more headers.
ANSWERS = {
    "1211": (400, 21211, {}), "1614": (400, 21614, {}), "1610": (400, 21610, {}), "1635": (400, 21635, {}),
    "1408": (400, 21408, {}), "1999": (400, 21999, {}), "1656": (400, 21656, {}), "3016": (400, 63016, {}),
    "0003": (401, 20003, {}), "0404": (404, 20404, {}), "0429": (429, 20429, {"Retry-After": "7"}),
    "4290": (429, 20429, {}), "5000": (500, 20500, {}), "5030": (503, None, {"Retry-After": "7"}), "1611": (429, 21611, {}),
}


def is_authorized(field, account):
    for user, password in ((ACCOUNT, TOKEN), (KEY, SECRET)):
        if field == "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode():
            return account == ACCOUNT
    return False


def judged(form):
    """Twilio's code for what is wrong with a message, or None."""
    names = [name for name, _ in form]
    fields = dict(form)
    if len(set(names)) != len(names):
        return 21600
    to = fields.get("To", "")
    number = to.removeprefix("whatsapp:")
    if not (number.startswith("+") and number[1:].isascii() and number[1:].isdigit() and 8 <= len(number) <= 16):
        return 21211
    if ("From" in fields) == ("MessagingServiceSid" in fields):
        return 21603
    if to.startswith("whatsapp:"):
        if "Body" in fields:
            return 63016
        try:
            values = json.loads(fields["ContentVariables"])
            if not all(key.isdigit() and value.strip() and "\n" not in value for key, value in values.items()):
                return 21656
        except (KeyError, ValueError, AttributeError):
            return 21656
        if not fields.get("From", "").startswith("whatsapp:") or not fields.get("ContentSid", "").startswith("HX"):
            return 21655
    elif not fields.get("Body") or len(fields["Body"]) > 1600:
        return 21602
    if "ValidityPeriod" in fields and not 1 <= int(fields["ValidityPeriod"]) <= 36000:
        return 21630
    return None


class Fields(dict):
    """As frameworks have a form: a name may have several values."""

    def getlist(self, name):
        return self[name]


class Loopback(TwilioHttpClient):
    def request(self, method, url, **rest):
        return super().request(method, url.replace(STANDARD, f"http://127.0.0.1:{port}"), **rest)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value, headers={}):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/sdk":
            call = json.loads(body)
            client = Client(call["user"], call["password"], call["account"], http_client=Loopback())
            message = client.messages.create(**call["arguments"])
            return self.answer(200, {"sid": message.sid})
        if self.path == "/sign":
            call = json.loads(body)
            fields = Fields()
            for name, value in call["fields"]:
                fields.setdefault(name, []).append(value)
            return self.answer(200, {"signature": RequestValidator(call["token"]).compute_signature(call["url"], fields)})
        form = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
        with lock:
            requests.write(json.dumps({
                "method": "POST", "path": self.path, "fields": dict(form),
                "headers": {name.lower(): value for name, value in self.headers.items()}}) + "\n")
        while os.path.exists(f"{folder}/hold"):
            time.sleep(0.02)
        last = dict(form).get("To", "")[-4:]
        if last == "8888":
            return self.answer(200, b"<html>Welcome to our network</html>")
        if last == "9999":
            self.close_connection = True
            return None
        if last == "7777":
            return self.answer(400, b"x" * 2_000_000)
        parts = self.path.split("/")
        if not is_authorized(self.headers.get("Authorization"), parts[3] if len(parts) == 5 else None):
            return self.fail(401, 20003)
        code = judged(form)
        if code:
            return self.fail(400, code)
        if last in ANSWERS:
            status, code, headers = ANSWERS[last]
            return self.fail(status, code, headers)
        with lock:
            taken[0] += 1
            number = taken[0]
        return self.answer(201, {
            "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": "", "error_code": None, "error_message": None,
            "num_segments": "1", "sid": f"SM{number:032x}", "status": "queued", "to": dict(form)["To"], "price": None})

    def fail(self, status, code, headers={}):
        answered = {"code": code, "message": f"of {dict(self.headers).get('Host')}", "status": status,
                    "more_info": f"https://www.twilio.com/docs/errors/{code}"} if code else {}
        return self.answer(status, answered, headers)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
port = server.server_port
with open(f"{folder}/peer.json.new", "w") as file:
    json.dump({"port": port, "account": ACCOUNT, "token": TOKEN, "key": KEY, "secret": SECRET}, file)
os.rename(f"{folder}/peer.json.new", f"{folder}/peer.json")
threading.Thread(target=server.serve_forever, daemon=True).start()
# Ends with whoever started it.
sys.stdin.read()
