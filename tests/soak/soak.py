"""`./dev soak worker`: kills the Worker again and again at random moments under load, then looks for what a crash broke."""

import argparse
import collections
import email
import email.policy
import http.client
import json
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

import mailbox_tables  # noqa: E402
import stack  # noqa: E402
import worker_client  # noqa: E402

PASSWORD = "a password of the Worker"
ADDRESSES = ("alice@neko.test", "bob@neko.test", "carl@neko.test")
OUTSIDE = "someone@example.org"
FILLER = random.Random(1).randbytes(3 << 20)
NAME = re.compile(rb"^Subject: (soak [\w ]+)\r?$", re.MULTILINE)

# Whoever had no attempt before a crash has one a minute after the submission was accepted.
SETTLE_SECONDS = 60 + stack.HANG_SECONDS
LOST = (OSError, http.client.HTTPException, RuntimeError, worker_client.Problem)


class Load:
    """What the threads did, and what they were answered; each thread writes to lists only."""

    def __init__(self, worker, clients):
        self.worker = worker
        self.clients = clients
        self.over = threading.Event()
        self.broken = []
        self.accepted = []
        self.unanswered = []
        self.deleted = []
        self.maybe_deleted = []
        self.submissions = []
        self.kills = 0

    def threads(self, seed):
        work = [self.deliver, self.deliver, self.submit, self.submit, self.submit, self.delete]
        return [threading.Thread(target=self.repeat, args=(each, f"{each.__name__}{place}", random.Random(f"{seed} {place}")))
                for place, each in enumerate(work)]

    def repeat(self, work, name, rng):
        number = 0
        while not self.over.is_set():
            number += 1
            try:
                work(f"soak {name} {number}", rng)
            except LOST:
                self.over.wait(0.05)  # the Worker is down, or was cut off
            except Exception as error:  # a bug of this program must not look like a quiet success
                self.broken.append(f"{name}: {error!r}")
                return

    def deliver(self, name, rng):
        client = rng.choice(self.clients)
        size = 3_000_000 if rng.random() < 0.03 else 8000
        message = f"Subject: {name}\r\n\r\n".encode() + FILLER[:size]
        try:
            status, _ = self.worker.deliver(OUTSIDE, client.address, message)
        except ConnectionRefusedError:
            raise
        except LOST:
            self.unanswered.append((client.address, name))
            raise
        # 503 says that the sender's server keeps it; what the Worker did before that may not show.
        if status == 200:
            self.accepted.append((client.address, name))

    def submit(self, name, rng):
        submission = Submission(name, rng, self.clients)
        self.submissions.append(submission)
        while not self.over.is_set():
            try:
                submission.submit()
                if rng.random() < 0.3:
                    submission.submit()
                return
            except LOST:
                self.over.wait(0.05)

    def delete(self, _, rng):
        client = rng.choice(self.clients)
        ids = list(client.listing())
        chosen = rng.sample(ids, min(len(ids), rng.randint(1, 5)))
        names = {message_id: name_of(message) for message_id, message in client.fetch(chosen).items()}
        names = {message_id: name for message_id, name in names.items() if name is not None}
        try:
            gone = client.delete(names)
        except LOST:
            self.maybe_deleted.append([(client.address, name) for name in names.values()])
            raise
        self.deleted += [(client.address, names[message_id]) for message_id in gone]
        self.over.wait(0.1)


class Submission:
    """One submission, which is asked for until it is answered, as the desktop does."""

    def __init__(self, name, rng, clients):
        self.name = name
        self.key = name.replace(" ", "-")
        self.client = rng.choice(clients)
        self.local = rng.choice(clients).address
        self.recipients = [f"{place}.{self.key}@outside.example" for place in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            self.recipients.append(self.local)
        if rng.random() < 0.3:
            self.recipients.append(f"{self.key}@refused.example")
        rng.shuffle(self.recipients)
        size = 1_500_000 if rng.random() < 0.1 else 2000
        self.message = (f"From: {self.client.address}\r\nSubject: {name}\r\nDate: x\r\n"
                        f"Message-ID: <{self.key}@neko.test>\r\n\r\n").encode() + FILLER[:size]
        self.answers = []

    def submit(self):
        self.answers.append(self.client.submit(self.key, self.recipients, self.message))

    def statuses(self):
        return {recipient["address"]: recipient["status"] for recipient in self.answers[-1]["recipients"]}

    def is_settled(self):
        self.answers.append(self.client.submission(self.answers[-1]["id"]))
        return "queued" not in self.statuses().values()


def name_of(message):
    """What a message of this program is called; None for a report."""
    if b"multipart/report" in message[:2000]:
        return None
    found = NAME.search(message)
    return found.group(1).decode() if found else None


def reported_in(message):
    """The recipients that a report is about."""
    report = email.message_from_bytes(message, policy=email.policy.default)
    parts = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    return [fields["Final-Recipient"].split(";")[1].strip()
            for part in parts for fields in part.get_payload() if "Final-Recipient" in fields]


class Findings:
    """Compares what is there with what had to be."""

    def __init__(self, load):
        self.load = load
        self.broken = load.broken

    def expect(self, good, what):
        if not good:
            self.broken.append(what)

    def look(self):
        self.inboxes = {client.address: self.fetch(client, "inbox") for client in self.load.clients}
        self.sent_copies = {client.address: self.fetch(client, "sent") for client in self.load.clients}
        self.check_inboxes()
        self.check_outbound()
        self.check_sent_copies()
        self.check_reports()
        self.check_counters()

    def fetch(self, client, mailbox):
        ids = list(client.listing(mailbox))
        found = []
        for start in range(0, len(ids), 20):
            found += client.fetch(ids[start:start + 20]).values()
        return found

    def check_inboxes(self):
        there = collections.Counter((address, name_of(message)) for address, messages in self.inboxes.items()
                                    for message in messages if name_of(message) is not None)
        deleted = collections.Counter(self.load.deleted)
        maybe_deleted = {entry for group in self.load.maybe_deleted for entry in group}
        must, may = set(self.load.accepted), set(self.load.unanswered)
        for submission in self.load.submissions:
            status = submission.statuses().get(submission.local)
            {"delivered": must, "uncertain": may}.get(status, set()).add((submission.local, submission.name))
        for entry in must | may | set(there) | set(deleted):
            count = there[entry] + deleted[entry]
            self.expect(count <= 1, f"{entry} came {count} times")
            self.expect(count == 0 or entry in must | may, f"{entry} came from nowhere")
            self.expect(count == 1 or entry not in must or entry in maybe_deleted, f"{entry} is lost")
        for group in self.load.maybe_deleted:
            # One transaction; but an earlier attempt of this kind may have taken some of them.
            left = sum(there[entry] for entry in group)
            repeated = any(sum(entry in other for other in self.load.maybe_deleted) > 1 or deleted[entry]
                           for entry in group)
            self.expect(left in (0, len(group)) or repeated, f"half of a deletion: {group}")

    def check_outbound(self):
        sent = collections.Counter(envelope["to"] for envelope, _ in self.load.worker.sent())
        for submission in self.load.submissions:
            for address, status in submission.statuses().items():
                if address in ADDRESSES:
                    continue
                count = sent.pop(address, 0)
                allowed = {"sent": (1,), "uncertain": (0, 1), "refused": (0,)}.get(status, ())
                self.expect(count in allowed, f"{address} is {status} and was sent {count} times")
        self.expect(not sent, f"sent without a submission: {dict(sent)}")

    def check_sent_copies(self):
        copies = collections.Counter((address, message) for address, messages in self.sent_copies.items()
                                     for message in messages)
        for submission in self.load.submissions:
            count = copies.pop((submission.client.address, submission.message), 0)
            self.expect(count == 1, f"{submission.name} has {count} copies in sent")
            ids = {answer["id"] for answer in submission.answers}
            self.expect(len(ids) == 1, f"{submission.name} has the ids {ids}")
        self.expect(not copies, f"{len(copies)} copies in sent without a submission")

    def check_reports(self):
        reported = self.reported()
        for submission in self.load.submissions:
            statuses = submission.statuses()
            # Where all were refused at once, the answer said so.
            told = set(statuses.values()) == {"refused"}
            for address, status in statuses.items():
                count = reported.pop((submission.client.address, submission.name, address), 0)
                failed = status in ("refused", "uncertain")
                self.expect(count == int(failed) or (told and count == 0),
                            f"{address} of {submission.name} is {status}, reported {count} times")
        self.expect(not reported, f"reported without a reason: {dict(reported)}")

    def reported(self):
        return collections.Counter(
            (address, NAME.search(message).group(1).decode(), recipient)
            for address, messages in self.inboxes.items() for message in messages
            if name_of(message) is None for recipient in reported_in(message))

    def check_counters(self):
        for client in self.load.clients:
            lines = [*client.listing().values(), *client.listing("sent").values()]
            mine = client.me()
            self.expect(mine["messages"] == len(lines), f"{client.address}: {mine['messages']} messages, {len(lines)} listed")
            octets = sum(line["octets"] for line in lines)
            self.expect(mine["size"] == octets, f"{client.address}: {mine['size']} octets, {octets} listed")

    def look_at_tables(self, storage):
        database = mailbox_tables.Database(storage)
        for client in self.load.clients:
            self.expect(database.rows(client, "SELECT * FROM uploads") == [], f"{client.address}: uploads are left")
            self.expect(database.rows(client, "SELECT * FROM recipients WHERE due IS NOT NULL") == [],
                        f"{client.address}: something is left to be done")
            self.expect(database.chunk_sizes(client) == database.message_sizes(client),
                        f"{client.address}: chunks and messages differ")
        database.close()


def run_load(load, seconds, seed):
    rng = random.Random(seed)
    threads = load.threads(seed)
    end = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    while time.monotonic() < end and not load.broken:
        # The one place where time decides: when the crash comes is chance, on purpose.
        time.sleep(rng.uniform(0.2, 5))
        load.worker.kill()
        load.kills += 1
        load.worker.start()
    load.over.set()
    for thread in threads:
        thread.join()


def settle(load):
    """Each client asks again until it has its answer, and the Worker does what is left to do."""
    for submission in load.submissions:
        submission.submit()
    try:
        for submission in load.submissions:
            stack.wait_until(submission.is_settled, f"the end of {submission.name}", SETTLE_SECONDS)
    except TimeoutError as error:
        load.broken.append(str(error))


def wait_for_reports(findings):
    """The report comes a moment after the status; what does not come is found afterwards."""
    load = findings.load
    failed = sum(status in ("refused", "uncertain") for submission in load.submissions
                 for status in submission.statuses().values()
                 if set(submission.statuses().values()) != {"refused"})

    def are_there():
        findings.inboxes = {client.address: findings.fetch(client, "inbox") for client in load.clients}
        return sum(findings.reported().values()) >= failed

    try:
        stack.wait_until(are_there, "the reports", stack.HANG_SECONDS)
    except TimeoutError:
        pass


def summary(load):
    statuses = collections.Counter(status for submission in load.submissions
                                   for status in submission.statuses().values())
    return {"kills": load.kills, "accepted": len(load.accepted), "unanswered": len(load.unanswered),
            "deleted": len(load.deleted), "submissions": len(load.submissions), "recipients": dict(statuses)}


def soak(folder, seconds, seed):
    worker = stack.LocalWorker(folder / "worker", "setup key of the soak")
    try:
        worker.start()
        admin = stack.create_users(worker, PASSWORD, *ADDRESSES)
        for address in ADDRESSES:
            worker.call("PATCH", f"/v1/users/{address}", {"dailyLimit": 100_000}, token=admin)
        load = Load(worker, [worker_client.sign_in(worker, address, PASSWORD) for address in ADDRESSES])
        run_load(load, seconds, seed)
        settle(load)
        findings = Findings(load)
        wait_for_reports(findings)
        findings.look()
        worker.stop()
        findings.look_at_tables(worker.folder / "storage")
    finally:
        worker.stop()
    print(json.dumps(summary(load)))
    return findings.broken


def main():
    parser = argparse.ArgumentParser(prog="./dev soak worker", description=__doc__)
    parser.add_argument("--seconds", type=int, default=300, help="how long to go on killing (300)")
    parser.add_argument("--seed", default=str(time.time_ns()), help="the load and the moments, as far as they repeat")
    options = parser.parse_args()
    stack.BUILD.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="soak-", dir=stack.BUILD))
    print(f"killing the Worker for {options.seconds} seconds, --seed {options.seed}", flush=True)
    broken = soak(folder, options.seconds, options.seed)
    for line in broken:
        print(f"BROKEN: {line}")
    if not broken:
        shutil.rmtree(folder)
    print("everything held" if not broken else f"{len(broken)} things broke; the state is in {folder.relative_to(stack.ROOT)}")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
