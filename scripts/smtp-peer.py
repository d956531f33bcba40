"""A mail server with STARTTLS and AUTH (aiosmtpd) that takes nothing without both: smtp-peer.py FOLDER

Makes its authority and certificate (127.0.0.1) in FOLDER with openssl, appends every mail that it takes to
FOLDER/mails.jsonl before it answers, and writes port, user, password and certificate as JSON to FOLDER/peer.json once it
listens. What is before the @ of a recipient says how it is treated: `gone` 550 5.1.1, `policy`, `sender` and `plain` 550
otherwise, `busy` 451, `busyonce` 451 the first time, `big` 552 after the content, `silent` no answer at all. Options: --plain (neither TLS nor AUTH), --no-starttls,
--wrong-name (a certificate for another host), --delay SECONDS before the content is taken.
"""
import argparse
import asyncio
import json
import os
import ssl
import subprocess
import sys
import time

from aiosmtpd.smtp import SMTP, AuthResult

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--plain", action="store_true")
parser.add_argument("--no-starttls", action="store_true")
parser.add_argument("--wrong-name", action="store_true")
parser.add_argument("--delay", type=float, default=0)
options = parser.parse_args()
folder = options.folder
USER, PASSWORD = "mailer", "s3cret/@:%"
certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
# Good for clients on a shifted clock and for those on the real one: under faketime it is made in 2020.
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "20000",
     "-subj", "/CN=peer", "-addext",
     "subjectAltName=" + ("DNS:elsewhere.example" if options.wrong_name else "IP:127.0.0.1"),
     "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL,
    env=dict(os.environ, FAKETIME="2020-01-01 00:00:00"))
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
mails = open(f"{folder}/mails.jsonl", "a", buffering=1)
seen = set()


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        local = address.split("@")[0]
        if local.startswith("gone"):
            return "550 5.1.1 no such user"
        for name, words in {"policy": "5.7.1 refused", "sender": "5.1.8 bad sender", "plain": "refused"}.items():
            if local.startswith(name):
                return "550 " + words
        if local.startswith("busyonce") and address not in seen:
            seen.add(address)
            return "451 4.7.1 come back later"
        if local.startswith("busy") and not local.startswith("busyonce"):
            return "451 4.7.1 come back later"
        if local.startswith("silent"):
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("big") for address in envelope.rcpt_tos):
            return "552 5.3.4 too large"
        if options.delay:
            await asyncio.sleep(options.delay)
        mails.write(json.dumps({
            "at": time.time(), "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
            "user": getattr(session, "auth_data", None) and session.auth_data.login.decode(),
            "content": envelope.content.decode("latin-1")}) + "\n")
        return "250 taken"


def authenticate(server, session, envelope, mechanism, auth_data):
    is_right = getattr(auth_data, "login", b"").decode() == USER and auth_data.password.decode() == PASSWORD
    return AuthResult(success=is_right, auth_data=auth_data, handled=False)


secured = {} if options.plain else {
    "tls_context": None if options.no_starttls else context, "require_starttls": not options.no_starttls,
    "auth_required": True, "auth_require_tls": True, "authenticator": authenticate}


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="peer.example", timeout=60, loop=loop, **secured), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with open(f"{folder}/peer.json.new", "w") as file:
        json.dump({"port": port, "user": USER, "password": PASSWORD, "certificate": certificate}, file)
    os.rename(f"{folder}/peer.json.new", f"{folder}/peer.json")
    # Ends with whoever started it.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
