"""A server between neko-mail and a Worker, which has it answer what is hard to come by, or slowly."""

import http.server
import json
import threading
from urllib.parse import urlsplit

import stack


class Between(http.server.BaseHTTPRequestHandler):
    """Hands requests on to a Worker."""

    protocol_version = "HTTP/1.1"
    worker = None
    changes = {}  # by path: what makes another answer of one
    halves = {}  # by path: the event that the second half of an answer waits for

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() in ("accept", "authorization", "content-type")}
        status, answer = self.worker.request(self.command, self.path, body, headers)
        if self.command == "GET" and path in self.changes:
            answer = json.dumps(self.changes[path](json.loads(answer))).encode()
        self.send_response(status)
        self.send_header("Content-Type", self.headers.get("Accept") or "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        half = len(answer) // 2 if path in self.halves else 0
        self.wfile.write(answer[:half])
        if half and not self.halves[path].wait(stack.HANG_SECONDS):
            self.close_connection = True
        else:
            self.wfile.write(answer[half:])

    do_POST = do_PATCH = do_DELETE = do_GET


class Server(http.server.ThreadingHTTPServer):

    daemon_threads = True

    def handle_error(self, request, client_address):
        """That somebody hangs up is no news."""


def start(case, worker, changes=None, halves=None):
    """Serves until a test case ends. Returns its URL."""
    handler = type("Handler", (Between,), {"worker": worker, "changes": changes or {}, "halves": halves or {}})
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    case.addCleanup(server.server_close)
    case.addCleanup(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}"
