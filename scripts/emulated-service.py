"""A service with the faults that an emulation must bear: python3 emulated-service.py MODE, on 127.0.0.1:$PORT.

plain; burn (as many processes as BURNERS use all the CPU they get); hog (keeps memory with every request); crash (ends at
once when CRASH_FILE exists); deaf (never listens). Request paths are added to PATHS_FILE.
"""
import http.server
import multiprocessing
import os
import sys
import threading
import time

mode = sys.argv[1]
kept = []


def burn():
    while True:
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "victim/1"
    sys_version = ""

    def answer(self):
        if "PATHS_FILE" in os.environ and "health check" not in self.headers.get("User-Agent", ""):
            with open(os.environ["PATHS_FILE"], "a") as paths:
                paths.write(self.path + "\n")
        size = int(self.headers.get("Content-Length") or 0)
        received = len(self.rfile.read(size)) if size else 0
        if mode == "hog" and self.path != "/":
            kept.append(bytearray(os.urandom(1 << 20)) * 16)
        if self.path == "/slow":
            time.sleep(1)
        body = f"{self.command} {self.path} {received}\n".encode()
        if self.path.startswith("/big"):
            body = b"x" * (20 << 20)
        self.send_response(200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (b"one ", b"two ", b"three\n"):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.flush()
                time.sleep(0.05)
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


if __name__ == "__main__":
    if mode == "crash" and os.path.exists(os.environ["CRASH_FILE"]):
        sys.exit("no database: refusing to start")
    if mode == "deaf":
        time.sleep(3600)
    server = Server(("127.0.0.1", int(os.environ["PORT"])), Handler)
    if mode == "burn":
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for _ in range(int(os.environ.get("BURNERS", "1"))):
            multiprocessing.Process(target=burn).start()
        time.sleep(3600)
    server.serve_forever()
