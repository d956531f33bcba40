#!/usr/bin/env python3
"""A server with one fault, on loopback: garbage (no HTTP), endless (a body that never ends), certificate (self-signed).

usage: faulty-server.py FAULT PORTFILE
"""
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

fault, port_file = sys.argv[1:]
listener = socket.create_server(("127.0.0.1", 0))
if fault == "certificate":
    folder = tempfile.mkdtemp()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
with open(port_file, "w", encoding="ascii") as file:
    file.write(str(listener.getsockname()[1]))


def serve(connection):
    try:
        if fault == "certificate":
            connection = context.wrap_socket(connection, server_side=True)
        connection.recv(65536)
        if fault == "garbage":
            connection.sendall(b"SSH-2.0-not_a_web_server\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(600):
            connection.sendall(b"1\r\nx\r\n")
            time.sleep(0.1)
    except OSError:
        pass
    finally:
        connection.close()


while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
