"""Requests that lie about their length, on real sockets: nothing is stored, nothing is sent, nothing breaks."""

import contextlib
import hashlib
import json
import socket
import unittest

import stack

ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"
MESSAGE = b"From: alice@neko.test\r\nSubject: lies\r\n\r\nhello\r\n"


class LengthTest(stack.WorkerCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE)
        cls.token = cls.worker.call("POST", "/v1/tokens", {
            "address": ALICE, "password": PASSWORD, "device": "tests"})["token"]

    def tearDown(self):
        """Whatever was said, nothing came of it, and the next request works."""
        me = self.worker.call("GET", "/v1/me", token=self.token)
        self.assertEqual((me["messages"], me["size"], me["seq"]), (0, 0, 0))
        self.assertEqual(self.worker.sent(), [])

    def say(self, method, path, headers, body, close=False):
        """Sends these very bytes; returns all that the server says before it closes, or b"" when it says nothing."""
        head = [f"{method} {path} HTTP/1.1", "Host: neko.test", f"Authorization: Bearer {self.token}", *headers]
        if not close:
            head.append("Connection: close")
        with socket.create_connection(("127.0.0.1", self.worker.port), stack.HANG_SECONDS) as connection:
            connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)
            if close:
                return b""
            # It may have answered, and gone, before it read all.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer

    def submission(self, size=len(MESSAGE)):
        envelope = {"from": ALICE, "recipients": [{"address": "x@example.org"}], "size": size,
                    "sha256": hashlib.sha256(MESSAGE).hexdigest()}
        return json.dumps(envelope).encode() + b"\n" + MESSAGE

    def status(self, answer):
        return int(answer.split(b" ", 2)[1]) if answer else 0

    def test_a_submission_shorter_than_it_says(self):
        body = self.submission()
        headers = ["Idempotency-Key: short", f"Content-Length: {len(body) + 100}"]
        self.assertNotIn(self.status(self.say("POST", "/v1/submissions", headers, body)), range(200, 300))
        self.say("POST", "/v1/submissions", headers, body, close=True)

    def test_a_submission_longer_than_it_says(self):
        body = self.submission()
        headers = ["Idempotency-Key: long", f"Content-Length: {len(body) - 4}"]
        self.assertEqual(self.status(self.say("POST", "/v1/submissions", headers, body)), 400)

    def test_an_envelope_that_says_less_or_more_than_there_is(self):
        for size in (0, len(MESSAGE) - 1, len(MESSAGE) + 1, 25 * 1024 * 1024):
            body = self.submission(size)
            headers = [f"Idempotency-Key: size-{size}", f"Content-Length: {len(body)}"]
            self.assertEqual(self.status(self.say("POST", "/v1/submissions", headers, body)), 400)

    def test_inbound_mail_that_breaks_off(self):
        headers = ["X-Envelope-From: x@example.org", f"X-Envelope-To: {ALICE}", "Content-Length: 100000"]
        self.say("POST", "/edge/email", headers, MESSAGE, close=True)
        answer = self.say("POST", "/edge/email", headers, MESSAGE)
        self.assertNotEqual(self.status(answer), 200)

    def test_a_refusal_is_heard_while_the_body_is_still_on_its_way(self):
        body = self.submission(5) + b"x" * 20_000_000
        headers = ["Idempotency-Key: heard", f"Content-Length: {len(body)}"]
        self.assertEqual(self.status(self.say("POST", "/v1/submissions", headers, body)), 400)

    def test_two_lengths_at_once(self):
        body = self.submission()
        smuggled = b"0\r\n\r\nPOST /v1/messages/delete HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
        for headers, content in (
                ([f"Content-Length: {len(body)}", "Content-Length: 1"], body),
                (["Content-Length: 4", "Transfer-Encoding: chunked"], smuggled)):
            answer = self.say("POST", "/v1/submissions", ["Idempotency-Key: two", *headers], content)
            self.assertNotIn(self.status(answer), range(200, 300))

    def test_json_without_end(self):
        chunk = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
        answer = self.say("POST", "/v1/messages/fetch", ["Transfer-Encoding: chunked"], chunk * 40 + b"0\r\n\r\n")
        self.assertEqual(self.status(answer), 413)


if __name__ == "__main__":
    unittest.main()
