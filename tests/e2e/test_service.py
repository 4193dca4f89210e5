"""neko-maild while it runs: accounts and settings that change, the certificate, and its end."""

import poplib
import signal
import socket
import smtplib
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

import stack

ALICE = "alice@neko.test"
BOB = "bob@neko.test"
PASSWORD = "a password of the Worker"


class ServiceCase(unittest.TestCase):
    """A Worker with alice and bob, and a neko-maild that runs without an account."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.maild = stack.Maild(self.folder / "desktop")
        plain = self.maild.environment
        # Settings in a file, so that another program can change them.
        self.maild.environment = lambda: plain() | {"GSETTINGS_BACKEND": "keyfile"}
        self.addCleanup(self.maild.stop)


class AccountsTest(ServiceCase):

    def setUp(self):
        super().setUp()
        self.worker = stack.LocalWorker(self.folder / "worker", "setup key of the tests")
        self.addCleanup(self.worker.stop)
        self.worker.start()
        self.admin = stack.create_users(self.worker, PASSWORD, ALICE, BOB)
        self.maild.start()

    def log_in(self, user, password):
        client = poplib.POP3("127.0.0.1", self.maild.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(user)
        try:
            client.pass_(password)
        except poplib.error_proto as error:
            client.close()
            self.last_error = str(error)
            return None
        return client

    def add(self, address):
        self.maild.add_account(address, self.worker.url, PASSWORD)
        return self.maild.new_password(address, "tests")

    def assert_ends(self, session):
        with self.assertRaises((poplib.error_proto, OSError)):
            stack.wait_until(lambda: not session.noop(), "the end of the session")

    def test_accounts_and_passwords_reach_the_program_that_runs(self):
        alice = self.add(ALICE)
        bob = self.add(BOB)
        session = stack.wait_until(lambda: self.log_in(ALICE, alice), "alice's account")
        other = stack.wait_until(lambda: self.log_in(BOB, bob), "bob's account")

        second = self.maild.new_password(ALICE, "second")
        another = stack.wait_until(lambda: self.log_in(ALICE, second), "alice's other mail program")
        self.maild.must("password", "revoke", ALICE, "tests")
        self.assert_ends(session)
        self.assertFalse(self.log_in(ALICE, alice))
        self.assertIn("[AUTH]", self.last_error)
        self.assertEqual(another.noop(), b"+OK")

        self.maild.must("account", "remove", ALICE)
        self.assert_ends(another)
        self.assertEqual(other.noop(), b"+OK")

    def test_log_in_by_an_alias(self):
        self.worker.call("PATCH", f"/v1/users/{stack.quote_user(ALICE)}", {"aliases": ["sales@neko.test"]},
                         token=self.admin)
        password = self.add(ALICE)
        stack.wait_until(lambda: self.log_in("sales@neko.test", password), "the account")
        client = smtplib.SMTP("127.0.0.1", self.maild.smtp_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.login("Sales@neko.test", password)


class SettingsTest(ServiceCase):

    def set(self, key, value):
        subprocess.run(["gsettings", "set", "io.github.nekomail.NekoMail", key, str(value)], check=True,
                       env=self.maild.environment(), timeout=stack.HANG_SECONDS)

    def test_settings_take_effect_while_it_runs(self):
        pop3s, smtps = stack.free_port(), stack.free_port()
        self.set("pop3s-port", pop3s)
        self.set("smtps-port", smtps)
        self.maild.start()
        self.assertFalse(stack.is_open(pop3s))
        self.set("tls", "true")
        stack.wait_until(lambda: stack.is_open(pop3s) and stack.is_open(smtps), "the ports inside TLS")
        self.set("tls", "false")
        stack.wait_until(lambda: not stack.is_open(pop3s) and not stack.is_open(smtps), "their end")
        self.assertTrue(self.maild.is_ready())

    def test_equal_ports_are_said_and_the_first_one_works(self):
        self.maild.smtp_port = self.maild.pop3_port
        self.maild.start()
        stack.wait_until(lambda: f"Port {self.maild.pop3_port} is chosen for POP3 too" in self.maild.log_text(),
                         "the message")
        with socket.create_connection(("127.0.0.1", self.maild.pop3_port), stack.HANG_SECONDS) as client:
            self.assertEqual(client.recv(3), b"+OK")

    def test_taken_port_is_said(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            self.maild.pop3_port = other.getsockname()[1]
            self.maild.start()
            stack.wait_until(lambda: f"Port {self.maild.pop3_port} is used by another program" in self.maild.log_text(),
                             "the message")
            self.assertIn("--pop3-port", self.maild.log_text())

    def test_certificate(self):
        shown = self.maild.must("certificate", "show")
        path = self.maild.folder / "data" / "neko-mail" / "certificate.pem"
        self.assertIn(str(path), shown)
        self.assertIn("127.0.0.1", shown)
        pem = self.maild.must("certificate", "export")
        self.assertNotIn("PRIVATE", pem)
        exported = self.folder / "exported.pem"
        self.maild.must("certificate", "export", str(exported))
        self.assertEqual(exported.read_text().strip(), pem)
        ssl.create_default_context(cafile=exported)
        before = path.read_bytes()
        path.chmod(0o644)
        result = self.maild.command("certificate", "show")
        self.assertEqual(result.returncode, 1)
        self.assertIn("chmod 600", result.stderr)
        self.assertEqual(path.read_bytes(), before)

    def test_options_that_cannot_be(self):
        for options in (["--pop3-port", "70000"], ["--spool-size", "4097"], ["--listen-address", "localhost"]):
            with self.subTest(options):
                result = self.maild.command(*options)
                self.assertEqual(result.returncode, 1)
                self.assertIn("neko-maild: ", result.stderr)

    def test_ends_well_by_a_signal(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            self.maild.start()
            client = socket.create_connection(("127.0.0.1", self.maild.smtp_port), stack.HANG_SECONDS)
            self.addCleanup(client.close)
            self.assertEqual(client.recv(3), b"220")
            self.assertEqual(self.maild.stop(how), 0)


if __name__ == "__main__":
    unittest.main()
