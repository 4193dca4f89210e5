"""The token in a real keyring, on a bus of its own."""

import json
import poplib
import subprocess
import tempfile
import unittest
from pathlib import Path

import stack

ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"


class KeyringMaild(stack.Maild):
    """neko-maild that keeps its tokens in the keyring of a private bus."""

    def __init__(self, folder, bus):
        super().__init__(folder)
        self.bus = bus

    def environment(self):
        return super().environment() | {"DBUS_SESSION_BUS_ADDRESS": self.bus}

    def start(self, **_):
        with open(self.log, "ab") as log:
            self.launch([stack.BUILD / "src/command/neko-maild", "--pop3-port", self.pop3_port,
                         "--smtp-port", self.smtp_port], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                        env=self.environment())
        stack.wait_until(self.is_ready, f"the mail servers, see {self.log}")
        return self


class DesktopCase(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.worker = stack.LocalWorker(self.folder / "worker", "setup key of the tests")
        self.addCleanup(self.worker.stop)
        self.worker.start()
        stack.create_users(self.worker, PASSWORD, ALICE)

    def start_bus(self):
        bus = stack.Bus(self.folder)
        self.addCleanup(bus.stop)
        return bus.start()


class KeyringTest(DesktopCase):

    def setUp(self):
        super().setUp()
        self.bus = self.start_bus()
        self.maild = KeyringMaild(self.folder / "desktop", self.bus)
        self.addCleanup(self.maild.stop)

    def start_keyring(self):
        self.keyring = stack.Keyring(self.bus, self.maild.environment() | {"XDG_RUNTIME_DIR": str(self.folder)})
        self.addCleanup(self.keyring.stop)
        self.keyring.start()

    def add_account(self):
        return self.maild.command("account", "add", ALICE, self.worker.url, text=PASSWORD + "\n")

    def log_in(self, password):
        client = poplib.POP3("127.0.0.1", self.maild.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        return client.pass_(password)

    def test_absent(self):
        result = self.add_account()
        self.assertEqual(result.returncode, 1)
        self.assertIn("--token-file", result.stderr)

    def test_token_is_kept_and_a_locked_keyring_is_a_temporary_error(self):
        self.start_keyring()
        result = self.add_account()
        self.assertEqual(result.returncode, 0, result.stderr)
        password = self.maild.new_password(ALICE, "tests")
        self.maild.start()
        stack.wait_until(lambda: self.works(password), "the token")
        self.maild.stop()
        self.assertEqual(self.maild.must("account", "remove", ALICE), "")
        self.assertIn("(@ao [], @ao [])", self.keyring.ask("org.freedesktop.Secret.Service.SearchItems",
                                                           f"{{'account': '{ALICE}'}}"))
        self.assertEqual(self.add_account().returncode, 0)
        password = self.maild.new_password(ALICE, "tests")

        self.keyring.lock()
        self.maild.start()
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\].*keyring"):
            self.log_in(password)
        self.assertRegex(self.maild.must("status"), "without the keyring since .*locked")
        result = self.add_account()
        self.assertEqual(result.returncode, 1)
        self.assertIn("locked", result.stderr)

    def test_account_works_by_itself_when_the_keyring_is_unlocked(self):
        self.start_keyring()
        self.assertEqual(self.add_account().returncode, 0)
        password = self.maild.new_password(ALICE, "tests")
        self.keyring.lock()
        self.maild.start()
        stack.wait_until(lambda: self.account().get("keyring") == "locked", "the locked keyring")
        self.assertEqual(self.account()["state"], "keyring")
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\].*unlock the keyring"):
            self.log_in(password)
        self.keyring.unlock()
        stack.wait_until(lambda: self.account()["state"] == "ready", "the account, without a log-in")
        self.assertNotIn("keyring", self.account())
        self.log_in(password)

    def test_account_works_by_itself_when_the_keyring_is_started(self):
        self.start_keyring()
        self.assertEqual(self.add_account().returncode, 0)
        password = self.maild.new_password(ALICE, "tests")
        self.keyring.stop()
        self.maild.start()
        stack.wait_until(lambda: self.account().get("keyring") == "absent", "the absence of the keyring")
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\].*keyring"):
            self.log_in(password)
        self.start_keyring()
        stack.wait_until(lambda: self.account()["state"] == "ready", "the account, without a log-in")
        self.log_in(password)

    def account(self):
        """What the program says of the only account; it answers a moment after it serves."""
        result = self.maild.command("status", "--json")
        return json.loads(result.stdout)["accounts"][0] if result.returncode == 0 else {"state": "starting"}

    def works(self, password):
        try:
            return self.log_in(password)
        except poplib.error_proto as error:
            self.assertIn("[SYS/TEMP]", str(error))
            return False


if __name__ == "__main__":
    unittest.main()
