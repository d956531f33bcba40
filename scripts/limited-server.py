#!/usr/bin/env python3
"""A service on loopback whose limit is known: RATE requests a second, answered within a millisecond below it. Above it

  refuse   answers 429 to what finds no token in its bucket, which holds five
  reject   the same with 503
  queue    answers one after the other, as fast as RATE says, however many wait

and two without a limit: `delayed` answers after 500 ms, `failing` answers 500.

usage: limited-server.py MODE RATE PORTFILE
"""
import asyncio
import os
import sys
import time

mode, rate, port_file = sys.argv[1], float(sys.argv[2]), sys.argv[3]
BURST = 5.0
tokens, filled, free = BURST, time.monotonic(), 0.0
WORDS = {200: "OK", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


def judge():
    """The status of a request that has come now, and how long its answer takes."""
    global tokens, filled, free
    now = time.monotonic()
    if mode == "delayed":
        return 200, 0.5
    if mode == "failing":
        return 500, 0.0
    if mode == "queue":
        free = max(now, free) + 1 / rate
        return 200, free - now
    tokens = min(BURST, tokens + (now - filled) * rate)
    filled = now
    if tokens < 1:
        return (429 if mode == "refuse" else 503), 0.0
    tokens -= 1
    return 200, 0.0


class Service(asyncio.Protocol):
    rest = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            _, _, self.rest = self.rest.partition(b"\r\n\r\n")
            status, seconds = judge()
            answer = b"HTTP/1.1 %d %s\r\nContent-Length: 2\r\n\r\nok" % (status, WORDS[status].encode())
            if seconds < 0.0005:
                self.transport.write(answer)
            else:
                asyncio.get_running_loop().call_later(seconds, self.transport.write, answer)


async def main():
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0)
    with open(port_file + ".tmp", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(port_file + ".tmp", port_file)
    await server.serve_forever()


asyncio.run(main())
