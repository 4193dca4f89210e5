"""What the Worker's local runner does in the platform's place, where other tests would not notice."""

import tempfile
import unittest
from pathlib import Path

import stack
import worker_client

PASSWORD = "a password of the Worker"
ALICE = "alice@neko.test"


class RunnerTest(unittest.TestCase):

    def test_a_large_message_that_is_refused_keeps_nothing_waiting(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="neko-mail-"))
        worker = stack.LocalWorker(Path(folder), "setup key of the tests")
        self.addCleanup(worker.stop)
        worker.start()
        stack.create_users(worker, PASSWORD, ALICE)
        alice = worker_client.sign_in(worker, ALICE, PASSWORD)
        message = (f"From: {ALICE}\r\nDate: x\r\nMessage-ID: <x@neko.test>\r\n\r\n".encode() +
                   b"0123456789abcdef\r\n" * 90_000)
        recipients = ["a@refused.example", "e_rate_limit_exceeded@error.example", "b@outside.example"]
        answer = alice.submit("key", recipients, message)
        self.assertEqual([recipient["status"] for recipient in answer["recipients"]], ["refused", "queued", "sent"])


if __name__ == "__main__":
    unittest.main()
