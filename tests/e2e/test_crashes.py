"""The Worker is killed outright while mail is at every step at once: nothing is lost, halved or sent twice.

One kill serves all steps, each of a user of their own, since whoever had no attempt waits a minute for one.
"""

import collections
import email
import email.policy
import hashlib
import http.client
import random
import shutil
import socket
import threading
import unittest

import mailbox_tables
import stack
import worker_client

PASSWORD = "a password of the Worker"
OUTSIDE = "someone@example.org"
READER = "reader@neko.test"
# Who had no attempt before the crash has one a minute after the submission was accepted.
RESUME_SECONDS = 60

MIB = 1 << 20
LARGE = 24 * MIB

# What a step's recipients are at when the kill comes; "held" in front of it names who is held there. Then what
# they have to become. None: nothing was accepted yet.
Step = collections.namedtuple("Step", "name holds at_crash at_end")
STEPS = [
    Step("upload", (None, None, None), None, ("sent", "sent", "sent")),
    Step("committed", ("route", None, None), ("queued", "queued", "queued"), ("sent", "sent", "sent")),
    Step("first-before", ("before", None, None), ("trying", "queued", "queued"), ("uncertain", "sent", "sent")),
    Step("first-after", ("after", None, None), ("trying", "queued", "queued"), ("uncertain", "sent", "sent")),
    Step("middle-before", (None, "before", None), ("sent", "trying", "queued"), ("sent", "uncertain", "sent")),
    Step("middle-after", (None, "after", None), ("sent", "trying", "queued"), ("sent", "uncertain", "sent")),
    Step("last-before", (None, None, "before"), ("sent", "sent", "trying"), ("sent", "sent", "uncertain")),
    Step("last-after", (None, None, "after"), ("sent", "sent", "trying"), ("sent", "sent", "uncertain")),
    Step("answered", (None, None, None), ("sent", "sent", "sent"), ("sent", "sent", "sent")),
    # Nobody asks for this one after the crash: its alarm has to come by itself.
    Step("silent", (None, "before", None), ("sent", "trying", "queued"), ("sent", "uncertain", "sent")),
]

# How much of a large delivery was sent when the kill comes: around the ends of chunks, and anywhere.
OFFSETS = sorted(
    {0, 1, 20, 100, 1000, LARGE // 2, LARGE - 1} |
    {chunk * MIB + more for chunk in (1, 2, 3) for more in (-150, -1, 0, 1, 1000)} |
    {chunk * MIB for chunk in (4, 8, 16)} | set(random.Random(1).sample(range(MIB), 25)))


class Submitter:
    """A user whose submission is at one step when the crash comes."""

    def __init__(self, step, client):
        self.step = step
        self.client = client
        self.key = f"key-of-{step.name}"
        self.recipients = [
            f"hold-{hold}.{step.name}@pause.example" if hold else f"{place}.{step.name}@outside.example"
            for place, hold in zip("abc", step.holds)]
        filler = b"0123456789abcdef" * 64 + b"\r\n"
        self.message = (f"From: {client.address}\r\nSubject: {step.name}\r\nDate: x\r\n"
                        f"Message-ID: <{step.name}@neko.test>\r\n\r\n").encode() + filler * 3000
        self.answer = None

    @property
    def held(self):
        return next((address for address in self.recipients if address.startswith("hold-")), None)

    def submit(self):
        self.answer = self.client.submit(self.key, self.recipients, self.message)

    def submit_until_lost(self):
        """For a thread: the crash takes the answer away."""
        try:
            self.submit()
        except (OSError, http.client.HTTPException):
            pass

    def begin_upload(self):
        """Sends half of the submission, and no more."""
        body = self.client.submission_body(self.recipients, self.message)
        return begin_request(self.client.worker, "/v1/submissions", len(body), body[:len(body) // 2],
                             {"Idempotency-Key": self.key, "Authorization": f"Bearer {self.client.token}"})

    def statuses(self):
        return tuple(recipient["status"] for recipient in self.answer["recipients"])

    def ask(self):
        self.answer = self.client.submission(self.answer["id"])

    def is_settled(self):
        self.ask()
        return "queued" not in self.statuses()


def begin_request(worker, path, length, first, headers):
    """Announces a body of some length and sends the first bytes of it; returns the open connection."""
    connection = socket.create_connection(("127.0.0.1", worker.port), stack.HANG_SECONDS)
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + first)
    return connection


def large_message(number, filler):
    return (f"Subject: large {number}\r\n\r\n".encode() + filler)[:LARGE]


class Deliveries:
    """Mail that comes in while the crash does, and what the sender's server was told of it."""

    def __init__(self, worker):
        self.worker = worker
        self.accepted = []
        self.unanswered = []
        self.connections = []
        self.filler = random.Random(2).randbytes(LARGE)

    def deliver_whole(self):
        message = large_message("whole", self.filler)
        status, answer = self.worker.deliver(OUTSIDE, READER, message)
        assert status == 200, answer
        self.accepted.append(message)

    def begin(self, offset):
        message = large_message(offset, self.filler)
        self.connections.append(begin_request(self.worker, "/edge/email", LARGE, message[:offset],
                                              {"X-Envelope-From": OUTSIDE, "X-Envelope-To": READER}))

    def deliver_until_lost(self, name):
        """For a thread: small mail, one after the other, until the crash takes an answer away."""
        for number in range(1_000_000):
            message = f"Subject: small {name} {number}\r\n\r\n".encode() + self.filler[:8000]
            try:
                status, _ = self.worker.deliver(OUTSIDE, READER, message)
            except (OSError, http.client.HTTPException):
                self.unanswered.append(message)
                return
            assert status == 200
            self.accepted.append(message)

    def close(self):
        for connection in self.connections:
            connection.close()


class CrashTest(stack.WorkerCase):
    """The crash and the recovery happen once; each test looks at one thing that has to hold afterwards."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        addresses = [f"{step.name}@neko.test" for step in STEPS]
        stack.create_users(cls.worker, PASSWORD, READER, *addresses)
        cls.reader = worker_client.sign_in(cls.worker, READER, PASSWORD)
        cls.submitters = {
            step.name: Submitter(step, worker_client.sign_in(cls.worker, address, PASSWORD))
            for step, address in zip(STEPS, addresses)}
        cls.crash()
        cls.recover()

    @classmethod
    def crash(cls):
        threads = [threading.Thread(target=submitter.submit_until_lost)
                   for submitter in cls.submitters.values() if submitter.held]
        for thread in threads:
            thread.start()
        cls.wait_for_held()

        cls.deliveries = Deliveries(cls.worker)
        cls.addClassCleanup(cls.deliveries.close)
        cls.deliveries.deliver_whole()
        for offset in OFFSETS:
            cls.deliveries.begin(offset)
        small = [threading.Thread(target=cls.deliveries.deliver_until_lost, args=(name,)) for name in "xy"]
        for thread in small:
            thread.start()
        stack.wait_until(lambda: len(cls.deliveries.accepted) > 30, "small deliveries")

        upload = cls.submitters["upload"].begin_upload()
        cls.addClassCleanup(upload.close)
        cls.deliveries.begin(LARGE)
        cls.submitters["answered"].submit()
        cls.worker.kill()

        for thread in [*threads, *small]:
            thread.join()
        cls.at_crash = cls.folder / "at-crash"
        shutil.copytree(cls.worker.folder / "storage", cls.at_crash)

    @classmethod
    def wait_for_held(cls):
        for submitter in cls.submitters.values():
            if submitter.held:
                mark = cls.worker.outbound / f"{submitter.held}.held"
                stack.wait_until(mark.exists, f"the step {submitter.step.name}")

    @classmethod
    def recover(cls):
        """Each client that heard no answer asks again under its key, but the silent one."""
        cls.worker.start()
        asking = [submitter for name, submitter in cls.submitters.items() if name != "silent"]
        for submitter in asking:
            submitter.submit()
        silent = cls.submitters["silent"]
        cls.reader_listing = cls.reader.listing()
        cls.received = cls.fetch_all(cls.reader, cls.reader_listing)

        seconds = RESUME_SECONDS + stack.HANG_SECONDS
        stack.wait_until(lambda: cls.times_sent()[silent.recipients[2]], "the alarm of the silent one", seconds)
        silent.submit()
        for submitter in cls.submitters.values():
            stack.wait_until(submitter.is_settled, f"the end of {submitter.step.name}", seconds)

        cls.inboxes, cls.sent_copies, cls.usage = {}, {}, {}
        for name, submitter in cls.submitters.items():
            cls.inboxes[name] = cls.fetch_all(submitter.client, submitter.client.listing())
            cls.sent_copies[name] = cls.fetch_all(submitter.client, submitter.client.listing("sent"))
        for client in [cls.reader, *(submitter.client for submitter in cls.submitters.values())]:
            cls.usage[client] = client.me()
        cls.worker.stop()

    @staticmethod
    def fetch_all(client, ids):
        """One at a time: they may be large."""
        return [message for message_id in ids for message in client.fetch([message_id]).values()]

    @classmethod
    def times_sent(cls):
        return collections.Counter(envelope["to"] for envelope, _ in cls.worker.sent())

    def open_database(self, storage):
        database = mailbox_tables.Database(storage)
        self.addCleanup(database.close)
        return database

    def test_the_crash_came_at_each_step(self):
        """Without this, the other tests could pass for nothing."""
        database = self.open_database(self.at_crash)
        for name, submitter in self.submitters.items():
            with self.subTest(name):
                rows = database.rows(submitter.client, "SELECT status FROM recipients ORDER BY position")
                self.assertEqual(tuple(status for status, in rows), submitter.step.at_crash or ())
        uploads = database.rows(self.reader, "SELECT number FROM uploads")
        self.assertGreaterEqual(len(uploads), sum(offset > MIB for offset in OFFSETS))
        self.assertEqual(len(database.rows(self.submitters["upload"].client, "SELECT number FROM uploads")), 1)

    def test_the_client_is_told_what_became_of_each(self):
        for name, submitter in self.submitters.items():
            with self.subTest(name):
                self.assertEqual(submitter.statuses(), submitter.step.at_end)

    def test_nobody_gets_it_twice_and_who_was_not_tried_gets_it_once(self):
        sent = self.times_sent()
        for name, submitter in self.submitters.items():
            for address, status in zip(submitter.recipients, submitter.step.at_end):
                with self.subTest(f"{name}: {address}"):
                    is_out = status == "sent" or address.startswith("hold-after")
                    self.assertEqual(sent.pop(address, 0), int(is_out))
        self.assertEqual(sent, {})

    def test_what_is_sent_is_the_message(self):
        messages = {submitter.client.address: submitter.message for submitter in self.submitters.values()}
        for envelope, message in self.worker.sent():
            self.assertEqual(message, messages[envelope["from"]], envelope["to"])

    def test_an_uncertain_recipient_is_reported_once(self):
        for name, submitter in self.submitters.items():
            uncertain = [address for address, status in zip(submitter.recipients, submitter.step.at_end)
                         if status == "uncertain"]
            with self.subTest(name):
                self.assertEqual([self.reported(message) for message in self.inboxes[name]],
                                 [[address] for address in uncertain])

    def reported(self, message):
        """The recipients that a delivery status report (RFC 3464) is about."""
        report = email.message_from_bytes(message, policy=email.policy.default)
        self.assertEqual(report.get_content_type(), "multipart/report")
        self.assertEqual(report.get_param("report-type"), "delivery-status")
        status = list(report.walk())[2:]
        self.assertEqual(status[0].get_content_type(), "message/delivery-status")
        fields = [part for part in status[0].get_payload() if "Final-Recipient" in part]
        self.assertEqual({part["Action"] for part in fields}, {"failed"})
        return [part["Final-Recipient"].split(";")[1].strip() for part in fields]

    def test_the_sent_copy_is_there_once(self):
        for name, submitter in self.submitters.items():
            with self.subTest(name):
                self.assertEqual(self.sent_copies[name], [submitter.message])

    def test_a_delivery_is_there_or_not(self):
        """All that were accepted, byte for byte; of those without an answer, at most one copy of the whole."""
        found = collections.Counter(digest(stack.without_trace(message)) for message in self.received)
        for message in self.deliveries.accepted:
            self.assertEqual(found.pop(digest(message), 0), 1, message[:40])
        possible = [*self.deliveries.unanswered, large_message(LARGE, self.deliveries.filler)]
        for message in possible:
            self.assertLessEqual(found.pop(digest(message), 0), 1, message[:40])
        self.assertEqual(found, {})

    def test_the_counters_are_those_of_the_listing(self):
        mine = self.usage[self.reader]
        self.assertEqual(mine["messages"], len(self.reader_listing))
        self.assertEqual(mine["size"], sum(line["octets"] for line in self.reader_listing.values()))
        self.assertEqual(mine["size"], sum(len(message) for message in self.received))

    def test_no_chunk_is_left_without_its_message(self):
        database = self.open_database(self.worker.folder / "storage")
        for client, mine in self.usage.items():
            with self.subTest(client.address):
                self.assertEqual(database.rows(client, "SELECT * FROM uploads"), [])
                self.assertEqual(database.chunk_sizes(client), database.message_sizes(client))
                self.assertEqual(sum(database.chunk_sizes(client).values()), mine["size"])

    def test_nothing_is_left_to_do(self):
        database = self.open_database(self.worker.folder / "storage")
        for submitter in self.submitters.values():
            self.assertEqual(database.rows(submitter.client, "SELECT * FROM recipients WHERE due IS NOT NULL"), [])


def digest(message):
    return hashlib.sha256(message).hexdigest()


if __name__ == "__main__":
    unittest.main()
