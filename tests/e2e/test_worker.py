"""The Worker by itself, by HTTP: a mailbox as one file, out and in, as other programs read and send it."""

import http.client
import json
import mailbox
import re
import socket
import struct
import unittest

import stack

ALICE = "alice@neko.test"
BOB = "bob@neko.test"
PASSWORD = "a password of the Worker"
MIB = 1 << 20


def frames(answer):
    """The lines of a framed answer with the bytes after each."""
    found = []
    while answer:
        line, answer = answer.split(b"\n", 1)
        line = json.loads(line)
        size = line.get("size", 0)
        found.append((line, answer[:size]))
        answer = answer[size:]
    assert found[-1][0].get("end"), found[-1]
    return found


class WorkerCase(stack.WorkerCase):
    """A Worker of its own for each class, and two users with empty mailboxes for each test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE, BOB)
        cls.tokens = {address: cls.sign_in(address) for address in (ALICE, BOB)}

    @classmethod
    def sign_in(cls, address):
        body = {"address": address, "password": PASSWORD, "device": "tests"}
        return cls.worker.call("POST", "/v1/tokens", body)["token"]

    def setUp(self):
        for address in (ALICE, BOB):
            self.delete(address, self.ids(address))

    def get(self, address, path):
        status, answer = self.worker.request("GET", path, token=self.tokens[address])
        self.assertEqual(status, 200, answer)
        return answer

    def ids(self, address):
        lines = [line for line, _ in frames(self.get(address, "/v1/messages"))]
        return [line["id"] for line in lines if "id" in line]

    def delete(self, address, ids):
        self.worker.call("POST", "/v1/messages/delete", {"ids": ids}, token=self.tokens[address])

    def messages(self, address):
        status, answer = self.worker.request("POST", "/v1/messages/fetch", {"ids": self.ids(address)},
                                             token=self.tokens[address])
        self.assertEqual(status, 200)
        return [body for line, body in frames(answer) if "id" in line]

    def bring(self, address, file):
        return self.worker.call("POST", "/v1/import", file, token=self.tokens[address])


class MailboxFileTest(WorkerCase):

    def test_python_reads_what_is_exported_and_another_user_gets_the_same(self):
        nasty = b"Subject: nasty\r\n\r\nFrom here\r\n>From there\n\nFrom x\r\r\n\0\xff" + b"y" * 3000
        for message in [message for _, message in stack.samples()] + [nasty]:
            status, answer = self.worker.deliver("someone@example.org", ALICE, message)
            self.assertEqual(status, 200, answer)
        here = self.messages(ALICE)
        path = self.folder / "inbox.mbox"
        path.write_bytes(self.get(ALICE, "/v1/export"))

        box = mailbox.mbox(path, create=False)
        self.addCleanup(box.close)
        read = [re.sub(rb"^>(>*From )", rb"\1", box.get_bytes(key), flags=re.MULTILINE) for key in box.keys()]
        self.assertEqual(len(read), len(stack.samples()) + 1)
        # The form has no way to say that the last line has no end.
        self.assertEqual(read, [message if message.endswith(b"\n") else message + b"\n" for message in here])
        self.assertEqual({box.get_message(key).get_from().split()[0] for key in box.keys()}, {"someone@example.org"})

        counts = {"present": 0, "skipped": [], "complete": True}
        self.assertEqual(self.bring(BOB, path.read_bytes()), counts | {"imported": len(here)})
        self.assertEqual(self.messages(BOB), read)
        for address in (ALICE, BOB):
            again = self.bring(address, path.read_bytes())
            self.assertEqual(again, counts | {"imported": 0, "present": len(here)})

    def test_what_python_writes_is_imported(self):
        path = self.folder / "python.mbox"
        box = mailbox.mbox(path)
        for _, message in stack.samples():
            box.add(message)
        box.close()
        self.assertEqual(self.bring(ALICE, path.read_bytes())["imported"], len(stack.samples()))
        for stored, (name, message) in zip(self.messages(ALICE), stack.samples()):
            with self.subTest(name):
                self.assertEqual(stored.replace(b"\r\n", b"\n").rstrip(b"\n"),
                                 message.replace(b"\r\n", b"\n").rstrip(b"\n"))

    def send_half(self, file, half, is_reset):
        head = (f"POST /v1/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.tokens[ALICE]}\r\n"
                f"Content-Length: {len(file)}\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.worker.port)) as connection:
            connection.sendall(head.encode() + file[:half])
            stack.wait_until(lambda: len(self.ids(ALICE)) == 1, "the message that is whole")
            if is_reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def test_connection_that_breaks_leaves_whole_messages(self):
        for is_reset in (False, True):
            for size in (100, 3 * MIB):
                with self.subTest(is_reset=is_reset, size=size):
                    self.delete(ALICE, self.ids(ALICE))
                    whole = [b"one\n", b"x" * size + b"\n\n" + b"y" * size + b"\n", b"three\n"]
                    file = b"".join(b"From a\n" + message + b"\n" for message in whole)
                    self.send_half(file, 7 + 5 + 7 + size + 50, is_reset)
                    self.assertEqual(self.bring(ALICE, file)["imported"], 2)
                    self.assertEqual(self.messages(ALICE), whole)

    def test_length_is_needed(self):
        status, answer = self.worker.request("POST", "/v1/import", iter([b"From a\nx\n\n"]), token=self.tokens[ALICE])
        self.assertEqual(status, 400)
        self.assertIn(b"Content-Length", answer)
        self.assertEqual(self.ids(ALICE), [])

    def test_refusal_is_heard_by_who_still_writes(self):
        status, answer = self.worker.request("POST", "/v1/import", b"x" * 20 * MIB, token=self.tokens[ALICE])
        self.assertEqual(status, 400)
        self.assertIn(b"mbox", answer)

    def test_export_that_loses_a_message_in_the_middle_does_not_look_whole(self):
        file = b"".join(b"From a\n%d\n" % number + (b"x" * 99 + b"\n") * 240_000 + b"\n" for number in range(2))
        self.assertEqual(self.bring(ALICE, file)["imported"], 2)
        connection = http.client.HTTPConnection("127.0.0.1", self.worker.port, timeout=stack.HANG_SECONDS)
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/export", headers={"Authorization": f"Bearer {self.tokens[ALICE]}"})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.read(1000).startswith(b"From MAILER-DAEMON "))
        self.delete(ALICE, self.ids(ALICE)[:1])
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            answer.read()


if __name__ == "__main__":
    unittest.main()
