#!/usr/bin/env python3
"""Answers every request with the same 200 and small body: a target for counting instructions, not for timing.

usage: null-server.py PORTFILE [CERTIFICATE KEY]   (binds 127.0.0.1, any free port, and writes its number to PORTFILE)
With a certificate it speaks TLS, in a thread for each connection.
"""
import select
import socket
import ssl
import sys
import threading

ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: null\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 34\r\nConnection: keep-alive\r\n\r\nhello world, this is a small body\n"
)

listener = socket.create_server(("127.0.0.1", 0), backlog=512)


def serve_securely(context, connection):
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            while data := secured.recv(65536):
                secured.sendall(ANSWER * data.count(b"\r\n\r\n"))
    except OSError:
        pass


if len(sys.argv) == 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve_securely, args=(context, connection), daemon=True).start()

listener.setblocking(False)
poller = select.epoll()
poller.register(listener, select.EPOLLIN)
connections = {}
with open(sys.argv[1], "w", encoding="ascii") as file:
    file.write(str(listener.getsockname()[1]))
while True:
    for descriptor, _ in poller.poll():
        if descriptor == listener.fileno():
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connections[connection.fileno()] = connection
            poller.register(connection, select.EPOLLIN)
            continue
        connection = connections[descriptor]
        try:
            data = connection.recv(65536)
            if data:
                connection.sendall(ANSWER * data.count(b"\r\n\r\n"))
        except OSError:
            data = b""
        if not data:
            poller.unregister(descriptor)
            connections.pop(descriptor).close()
