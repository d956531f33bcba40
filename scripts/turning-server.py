#!/usr/bin/env python3
"""A service on loopback that turns bad: answers in 20 ms, eight requests at a time, and from AFTER seconds after its
first request on

  healthy  goes on as before
  freeze   answers nothing any more, though it accepts and reads
  reset    resets every connection that asks
  refuse   listens no more
  stall    answers nothing for two seconds, then all that waited
  slow     takes ten times as long

usage: turning-server.py MODE AFTER PORTFILE [MILLISECONDS]
"""
import asyncio
import os
import socket
import struct
import sys
import time

mode, after, port_file = sys.argv[1], float(sys.argv[2]), sys.argv[3]
base = float(sys.argv[4]) / 1000 if len(sys.argv) > 4 else 0.02
first = None
slots = asyncio.Semaphore(8)
writers = set()
server = None


def has_turned():
    return mode != "healthy" and first is not None and time.monotonic() - first >= after


def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def turn():
    """Ends the listener and what is open when the time has come."""
    await asyncio.sleep(after)
    server.close()
    for writer in list(writers):
        reset(writer)


async def serve(reader, writer):
    global first
    writers.add(writer)
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length:")), 0)
            await reader.readexactly(length)
            if first is None:
                first = time.monotonic()
                if mode == "refuse":
                    asyncio.get_running_loop().create_task(turn())
            async with slots:
                if has_turned():
                    if mode == "freeze":
                        await asyncio.sleep(3600)
                    if mode == "reset":
                        reset(writer)
                        return
                if mode == "stall" and has_turned():
                    await asyncio.sleep(max(0, first + after + 2 - time.monotonic()))
                await asyncio.sleep(base * (10 if mode == "slow" and has_turned() else 1))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writers.discard(writer)
        writer.close()


async def main():
    global server
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.replace(port_file + ".new", port_file)
    await asyncio.sleep(600)


asyncio.run(main())
