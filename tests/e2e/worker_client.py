"""A client of the Worker's REST interface for the tests: one user's mail, as little of it as they need."""

import hashlib
import json


class Problem(Exception):
    """The Worker answered, but not what was asked for."""


class Damaged(Exception):
    """A message has other bytes than its digest says; nobody may take that for a passing failure."""


class WorkerClient:
    """One signed-in user. A lost connection is raised as it comes: an `OSError` or an `HTTPException`."""

    def __init__(self, worker, address, token):
        self.worker = worker
        self.address = address
        self.token = token

    @property
    def mailbox(self):
        """The name of the mailbox, which its object keeps, too."""
        return self.token.split(".")[1]

    def me(self):
        return self.worker.call("GET", "/v1/me", token=self.token)

    def listing(self, mailbox="inbox"):
        """The messages that are there: a dictionary from id to line."""
        lines = [line for line, _ in self._frames("GET", f"/v1/messages?mailbox={mailbox}")]
        return {line["id"]: line for line in lines if "id" in line and not line.get("deleted")}

    def fetch(self, ids):
        """The bytes of messages, checked against their digests: a dictionary from id to bytes."""
        found = {}
        for line, body in self._frames("POST", "/v1/messages/fetch", {"ids": list(ids)}):
            if "sha256" in line:
                if hashlib.sha256(body).hexdigest() != line["sha256"]:
                    raise Damaged(line["id"])
                found[line["id"]] = body
        return found

    def delete(self, ids):
        return self.worker.call("POST", "/v1/messages/delete", {"ids": list(ids)}, token=self.token)["deleted"]

    def submission_body(self, recipients, message):
        envelope = {"from": self.address, "recipients": [{"address": address} for address in recipients],
                    "size": len(message), "sha256": hashlib.sha256(message).hexdigest()}
        return json.dumps(envelope).encode() + b"\n" + message

    def submit(self, key, recipients, message):
        """Submits, or asks again under the same key; returns the answer."""
        status, answer = self.worker.request("POST", "/v1/submissions", self.submission_body(recipients, message),
                                             {"Idempotency-Key": key}, self.token)
        if status != 202:
            raise Problem(f"submission: {status} {answer.decode()}")
        return json.loads(answer)

    def submission(self, submission_id):
        return self.worker.call("GET", f"/v1/submissions/{submission_id}", token=self.token)

    def _frames(self, method, path, body=None):
        status, answer = self.worker.request(method, path, body, token=self.token)
        if status != 200:
            raise Problem(f"{method} {path}: {status} {answer[:200]!r}")
        return frames(answer)


def frames(answer):
    """Reads a framed answer; raises where it stops before its end line."""
    found = []
    offset = 0
    while offset < len(answer):
        feed = answer.index(b"\n", offset)
        line = json.loads(answer[offset:feed])
        end = feed + 1 + line.get("size", 0)
        found.append((line, answer[feed + 1:end]))
        offset = end
    if not found or found[-1][0].get("end") is not True:
        raise Problem("the stream was cut")
    return found


def sign_in(worker, address, password):
    body = {"address": address, "password": password, "device": "tests"}
    return WorkerClient(worker, address, worker.call("POST", "/v1/tokens", body)["token"])
