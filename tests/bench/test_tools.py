"""Tries the programs that the mail benchmarks are made of. Only what they must not be faster than is asserted of times:
a busy machine may be slower than any limit. Arguments: the build's root."""

import base64
import hashlib
import http.client
import json
import os
import sys
import time
import unittest

import servers
from servers import ADDRESS, Double, Folder, Maild, SlowLink, stack, tool

ROUND_TRIP = 0.05
MEGABITS = 20
TOKEN = {"Authorization": "Bearer nm1.bench.bench.bench"}


def request(connection, method, path, body=None, headers=None):
    connection.request(method, path, body, {**TOKEN, **(headers or {})})
    answer = connection.getresponse()
    return answer.status, answer.read()


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class WorkerDouble(unittest.TestCase):
    def setUp(self):
        self.worker = self.enterContext(Double("30,300,4000"))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.worker.port)
        self.addCleanup(self.connection.close)

    def ask(self, *arguments, **options):
        status, body = request(self.connection, *arguments, **options)
        self.assertLess(status, 300, body)
        return body

    def list(self, query=""):
        return lines(self.ask("GET", f"/v1/messages{query}"))

    def test_lists_and_deletes(self):
        first, *changes, last = self.list("?mailbox=inbox")
        self.assertEqual((first, last), ({"seq": 30, "reset": True}, {"end": True, "seq": 30}))
        self.assertEqual([change["seq"] for change in changes], list(range(1, 31)))

        gone = changes[6]["id"]
        deleted = json.loads(self.ask("POST", "/v1/messages/delete", json.dumps({"ids": [gone, "none"]})))
        self.assertEqual(deleted, {"deleted": [gone], "gone": ["none"]})
        self.assertEqual(self.list("?since=30")[1:-1], [{"id": gone, "seq": 31, "deleted": True}])
        self.assertEqual(len(self.list()), 31)

    def test_sends_the_same_message_alone_and_in_frames(self):
        ids = [change["id"] for change in self.list()[1:-1]]
        frames = self.ask("POST", "/v1/messages/fetch", json.dumps({"ids": [*ids, "none"]}))
        for wanted in ids:
            head, frames = frames.split(b"\n", 1)
            head = json.loads(head)
            body, frames = frames[:head["size"]], frames[head["size"]:]
            self.assertEqual((head["id"], head["sha256"]), (wanted, hashlib.sha256(body).hexdigest()))
            self.assertEqual(self.ask("GET", f"/v1/messages/{wanted}"), body)
            header, rest = body.split(b"\r\n\r\n", 1)
            self.assertEqual(self.ask("GET", f"/v1/messages/{wanted}?lines=1"),
                             header + b"\r\n\r\n" + rest.split(b"\r\n")[0] + b"\r\n")
        self.assertEqual(lines(frames), [{"id": "none", "gone": True}, {"end": True}])

    def test_takes_only_submissions_that_are_whole(self):
        message = b"Subject: x\r\n\r\n"
        for digest, expected in ((hashlib.sha256(message).hexdigest(), 202), ("0" * 64, 400)):
            envelope = {"from": ADDRESS, "recipients": [{"address": "a@b.example"}], "size": len(message),
                        "sha256": digest}
            body = json.dumps(envelope, separators=(",", ":")).encode() + b"\n" + message
            status, answer = request(self.connection, "POST", "/v1/submissions", body, {"Idempotency-Key": digest})
            self.assertEqual(status, expected, answer)

    def test_counts_and_wants_a_token(self):
        self.connection.request("GET", "/v1/me")
        answer = self.connection.getresponse()
        answer.read()
        self.assertEqual(answer.status, 401)
        self.assertEqual(json.loads(self.ask("GET", "/v1/me"))["messages"], 30)
        self.assertEqual(self.worker.requests()["GET /v1/me"], 2)


class SlowLinkTest(unittest.TestCase):
    def setUp(self):
        self.worker = self.enterContext(Double("1,1000000"))
        self.link = self.enterContext(SlowLink(self.worker, ROUND_TRIP * 1000, MEGABITS))

    def connect(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.link.port)
        self.addCleanup(connection.close)
        return connection

    def timed(self, connection, *arguments):
        begin = time.monotonic()
        body = request(connection, *arguments)[1]
        return time.monotonic() - begin, body

    def test_takes_a_round_trip_and_one_more_to_connect(self):
        connection = self.connect()
        self.assertGreaterEqual(self.timed(connection, "GET", "/v1/info")[0], 2 * ROUND_TRIP)
        self.assertGreaterEqual(min(self.timed(connection, "GET", "/v1/info")[0] for _ in range(3)), ROUND_TRIP)

    def test_connections_share_its_bandwidth(self):
        connections = [self.connect() for _ in range(2)]
        path = f"/v1/messages/{lines(self.timed(connections[0], 'GET', '/v1/messages')[1])[1]['id']}"
        begin = time.monotonic()
        for connection in connections:
            connection.request("GET", path, headers=TOKEN)
        octets = sum(len(connection.getresponse().read()) for connection in connections)
        self.assertEqual(octets, 2_000_000)
        self.assertGreaterEqual(time.monotonic() - begin, octets * 8 / (MEGABITS * 1e6) + ROUND_TRIP)

    def test_passes_a_web_socket_on(self):
        connection = self.connect()
        key = base64.b64encode(os.urandom(16))
        connection.request("GET", "/v1/events", headers={
            **TOKEN, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key.decode(),
            "Sec-WebSocket-Version": "13"})
        stream = connection.sock.makefile("rb")
        head = b"".join(iter(stream.readline, b"\r\n")).decode()
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
        self.assertIn("101 Switching Protocols", head)
        self.assertIn(accept, head)
        self.assertEqual(self.frame(stream), (0x81, b'{"type":"changed","seq":1}'))
        for sent, answered in ((0x81, 0x81), (0x89, 0x8a)):
            connection.sock.sendall(bytes([sent, 0x84, 0, 0, 0, 0]) + b"ping")
            self.assertEqual(self.frame(stream), (answered, b"pong" if sent == 0x81 else b"ping"))

        other = self.connect()
        wanted = lines(request(other, "GET", "/v1/messages")[1])[1]["id"]
        request(other, "POST", "/v1/messages/delete", json.dumps({"ids": [wanted]}))
        self.assertEqual(self.frame(stream), (0x81, b'{"type":"changed","seq":2}'))

    def frame(self, stream):
        head = stream.read(2)
        return head[0], stream.read(head[1])


class Clients(unittest.TestCase):
    def test_read_what_is_there_and_send(self):
        corpus = "20,2048,65536"
        with Folder() as folder, Double(corpus) as worker, Maild(folder, worker.url) as neko:
            for options in ([], ["--window", 8], ["--sessions", 3]):
                run = tool("pop3-client", "retrieve", *neko.pop3(), "--verify", corpus, *options)
                self.assertEqual(run["messages"], 60 if "--sessions" in options else 20)
            self.assertEqual(tool("pop3-client", "list", *neko.pop3())["messages"], 20)
            self.assertEqual(tool("pop3-client", "log-in", *neko.pop3(), "--rounds", 2)["sessions"], 2)
            for options in ([], ["--pipelined"], ["--sessions", 2]):
                self.assertEqual(tool("smtp-client", *neko.smtp(), "--corpus", "10,300", *options)["messages"], 10)
            self.assertEqual(worker.requests()["POST /v1/submissions"], 30)

    def test_notice_another_message(self):
        with Folder() as folder, Double("3,300") as worker, Maild(folder, worker.url) as neko:
            with self.assertRaisesRegex(RuntimeError, "SHA-256"):
                tool("pop3-client", "retrieve", *neko.pop3(), "--verify", "3,301")


if __name__ == "__main__":
    servers.use_build(sys.argv.pop(1))
    unittest.main()
