"""A push service for browsers, and Firebase Cloud Messaging with its token endpoint, on 127.0.0.1: push-peer.py FOLDER

Judges what it gets by others' code: messages are opened by http-ece, identities verified by py-vapid, assertions by
cryptography. Appends every request to FOLDER/requests.jsonl before it answers, and writes to FOLDER/peer.json once it
listens: its port, a browser's keys, and a service account, which trusts this peer for tokens. The last part of a push's path
and the beginning of a device's token say how it is answered: a status (`410`, `429`, …; with `-wait` it asks for 7 seconds),
`apple` (403 as for a bad subject), `applekey`, `mozillakey`, `googlekey` (subscribed with another key), `redirect`, `huge`;
for devices the words of ANSWERS; anything else is taken. An assertion by another key is refused.
"""
import base64
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from py_vapid import Vapid02

folder = sys.argv[1]
lock = threading.Lock()
requests = open(f"{folder}/requests.jsonl", "a", buffering=1)


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


browser = ec.generate_private_key(ec.SECP256R1())
point = browser.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
secret = os.urandom(16)
account_key = rsa.generate_private_key(65537, 2048)
tokens = []


def pushed(handler, body):
    """What came, opened and verified."""
    seen = {"kind": "push", "path": handler.path, "headers": {name.lower(): value for name, value in handler.headers.items()}}
    try:
        seen["payload"] = http_ece.decrypt(
            body, private_key=browser, auth_secret=secret, version="aes128gcm").decode()
    except Exception as error:
        seen["error"] = repr(error)
    field = handler.headers.get("Authorization", "")
    try:
        seen["verified"] = bool(Vapid02.verify(field))
        parts = dict(part.split("=", 1) for part in field.split(" ", 1)[1].split(","))
        head, claims, _ = parts["t"].split(".")
        seen["header"], seen["claims"], seen["key"] = json.loads(decoded(head)), json.loads(decoded(claims)), parts["k"]
    except Exception as error:
        seen["error"] = repr(error)
    return seen


def exchanged(handler, body):
    """An assertion, verified, and what is answered."""
    form = parse_qs(body.decode())
    seen = {"kind": "token", "grant": form["grant_type"][0]}
    head, claims, signature = form["assertion"][0].split(".")
    seen["header"], seen["claims"] = json.loads(decoded(head)), json.loads(decoded(claims))
    try:
        account_key.public_key().verify(
            decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        seen["verified"] = True
    except InvalidSignature:
        seen["verified"] = False
        return seen, 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    time.sleep(0.1)
    tokens.append(f"ya29.token-{len(tokens) + 1}")
    return seen, 200, {"access_token": tokens[-1], "expires_in": 3599, "token_type": "Bearer"}


FCM = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD = "type.googleapis.com/google.rpc.BadRequest"


def failure(status, word, message, *details):
    return status, {"error": {"code": status, "message": message, "status": word, "details": list(details)}}


def code(word):
    return {"@type": FCM, "errorCode": word}


ANSWERS = {
    "unregistered": failure(404, "NOT_FOUND", "Requested entity was not found.", code("UNREGISTERED")),
    "invalid": failure(
        400, "INVALID_ARGUMENT", "The registration token is not a valid FCM registration token", code("INVALID_ARGUMENT")),
    "field": failure(
        400, "INVALID_ARGUMENT", "Invalid value at 'message.token'", code("INVALID_ARGUMENT"),
        {"@type": BAD, "fieldViolations": [{"field": "message.token", "description": "Invalid registration token"}]}),
    "argument": failure(
        400, "INVALID_ARGUMENT", "Invalid value at 'message.data[0].value' (TYPE_STRING), 12",
        {"@type": BAD, "fieldViolations": [{"field": "message.data[0].value", "description": "registration token"}]}),
    "sender": failure(403, "PERMISSION_DENIED", "SenderId mismatch", code("SENDER_ID_MISMATCH")),
    "quota": failure(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", code("QUOTA_EXCEEDED")),
    "internal": failure(500, "INTERNAL", "Internal error encountered.", code("INTERNAL")),
    "unavailable": failure(503, "UNAVAILABLE", "The service is currently unavailable.", code("UNAVAILABLE")),
    "thirdparty": failure(401, "UNAUTHENTICATED", "Auth error from APNS", code("THIRD_PARTY_AUTH_ERROR")),
    "permission": failure(403, "PERMISSION_DENIED", "Permission 'cloudmessaging.messages.create' denied"),
    "project": failure(404, "NOT_FOUND", "Requested entity was not found."),
    "expired": failure(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
}

# Of a subscription that was made with another key: what Apple, Mozilla and Google say.
KEYS = {
    "applekey": (400, b'{"reason":"VapidPkHashMismatch"}'),
    "mozillakey": (
        401, b'{"code":401,"errno":109,"error":"Unauthorized","message":"VAPID public key mismatch","more_info":"http://h/"}'),
    "googlekey": (
        403, b"the VAPID credentials in the authorization header do not correspond to the credentials used to create the "
        b"subscriptions.\n"),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.path.split("/")[1]
        if kind == "push":
            seen, (status, answered, headers) = pushed(self, body), self.push()
        elif kind == "token":
            with lock:
                seen, status, answered = exchanged(self, body)
            answered, headers = json.dumps(answered).encode(), {}
        else:
            seen = {"kind": "fcm", "path": self.path, "authorization": self.headers.get("Authorization"),
                    "message": json.loads(body)["message"]}
            word = seen["message"]["token"].split("-")[0]
            status, answered = ANSWERS.get(word, (200, {"name": "projects/p/messages/1"}))
            answered = json.dumps(answered).encode()
            headers = {"Retry_After": "7"} if seen["message"]["token"].endswith("-wait") else {}
        with lock:
            requests.write(json.dumps(seen) + "\n")
        self.answer(status, answered, **headers)

    def push(self):
        word, *rest = self.path.split("/")[-1].split("-")
        headers = {"Retry_After": "7"} if rest == ["wait"] else {}
        if word == "apple":
            return 403, b'{"reason":"BadJwtToken"}', headers
        if word in KEYS:
            return (*KEYS[word], headers)
        if word == "redirect":
            return 307, b"", {"Location": "/push/ok"}
        if word == "huge":
            return 201, b"x" * 2_000_000, headers
        return (int(word) if word.isdigit() else 201), b"", headers


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
port = server.server_port
account = {
    "type": "service_account", "project_id": "health-centre", "private_key_id": "key-1",
    "private_key": account_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
    "client_email": "pusher@health-centre.iam.gserviceaccount.com", "token_uri": f"http://127.0.0.1:{port}/token"}
with open(f"{folder}/account.json", "w") as file:
    json.dump(account, file)
with open(f"{folder}/peer.json.new", "w") as file:
    json.dump({"port": port, "p256dh": encoded(point), "auth": encoded(secret), "account": json.dumps(account)}, file)
os.rename(f"{folder}/peer.json.new", f"{folder}/peer.json")
threading.Thread(target=server.serve_forever, daemon=True).start()
# Ends with whoever started it.
sys.stdin.read()
