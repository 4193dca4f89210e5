"""What the window asks, by the code that it asks with, of the real Worker."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import stack

ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"
KEY = "setup key of the tests"
PROGRAM = stack.BUILD / "tests" / "remote" / "remote-chain"


class RemoteCase(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.worker = stack.LocalWorker(self.folder / "worker", KEY)
        self.addCleanup(self.worker.stop)
        self.worker.start()
        self.environment = stack.clean_environment(
            HOME=str(self.folder), SOUP_FORCE_HTTP1="1", G_DEBUG="fatal-warnings", GIO_USE_VFS="local")


class AdministrationTest(RemoteCase):

    def test_first_run_account_and_administration(self):
        result = subprocess.run([PROGRAM, "administer", self.worker.url, KEY], env=self.environment, text=True,
                                capture_output=True, timeout=stack.HANG_SECONDS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


class ExportTest(RemoteCase):

    def setUp(self):
        super().setUp()
        stack.create_users(self.worker, PASSWORD, ALICE)
        signed_in = self.worker.call("POST", "/v1/tokens", {"address": ALICE, "password": PASSWORD, "device": "t"})
        self.token, self.id = signed_in["token"], signed_in["tokenId"]
        self.file = self.folder / "files" / "inbox.mbox"
        self.file.parent.mkdir()

    def fill(self, count):
        """So much that nothing on the way can hold all of it."""
        for number in range(count):
            body = b"From the start of a line\r\n" * 600_000
            status, _ = self.worker.deliver("x@else.test", ALICE, b"Subject: %d\r\n\r\n" % number + body)
            self.assertEqual(status, 200)

    def revoke(self):
        self.worker.call("DELETE", f"/v1/tokens/{self.id}", token=self.token)

    def export(self, meanwhile=lambda: None):
        """Exports, and does something when some of it is written; returns what came of it."""
        process = subprocess.Popen([PROGRAM, "export", self.worker.url, self.token, self.file], text=True,
                                   env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), "some\n")
        meanwhile()
        said, _ = process.communicate("\n", timeout=stack.HANG_SECONDS)
        return said.strip()

    def test_is_what_the_worker_has(self):
        for name, message in stack.samples():
            status, answer = self.worker.deliver("x@else.test", ALICE, message)
            self.assertEqual(status, 200, (name, answer))
        self.fill(1)
        self.assertEqual(self.export(), "whole")
        _, expected = self.worker.request("GET", "/v1/export", token=self.token)
        self.assertTrue(self.file.read_bytes() == expected)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertEqual(list(self.file.parent.iterdir()), [self.file])

    def test_leaves_nothing_where_the_worker_dies(self):
        self.fill(3)
        self.assertEqual(self.export(self.worker.kill), "cut")
        self.assertEqual(list(self.file.parent.iterdir()), [])

    def test_leaves_nothing_where_the_device_is_revoked(self):
        self.fill(3)
        self.assertEqual(self.export(self.revoke), "cut")
        self.assertEqual(list(self.file.parent.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
