"""POP3 and SMTP inside TLS: STLS, STARTTLS and the ports where TLS comes first."""

import poplib
import smtplib
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

import stack

ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"


class TlsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.worker = stack.LocalWorker(cls.folder / "worker", "setup key of the tests")
        cls.addClassCleanup(cls.worker.stop)
        cls.worker.start()
        stack.create_users(cls.worker, PASSWORD, ALICE)
        cls.maild = stack.Maild(cls.folder / "desktop")
        cls.addClassCleanup(cls.maild.stop)
        cls.maild.add_account(ALICE, cls.worker.url, PASSWORD)
        cls.password = cls.maild.new_password(ALICE, "tests")
        cls.pop3s, cls.smtps = stack.free_port(), stack.free_port()
        cls.maild.start(arguments=["--tls", "--pop3s-port", str(cls.pop3s), "--smtps-port", str(cls.smtps)])
        cls.certificate = cls.folder / "certificate.pem"
        cls.certificate.write_text(cls.maild.must("certificate", "export"))
        cls.trust = ssl.create_default_context(cafile=str(cls.certificate))

    def pop3(self, encrypt=True):
        client = poplib.POP3("localhost", self.maild.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        if encrypt:
            client.stls(self.trust)
        return client

    def pop3_over_tls(self):
        client = poplib.POP3_SSL("127.0.0.1", self.pop3s, context=self.trust, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        return client

    def log_in(self, client):
        client.user(ALICE)
        client.pass_(self.password)
        return client

    def wait_for_mail(self, connect):
        """A session that sees the message which was delivered last."""
        sessions = []

        def has_mail():
            sessions.append(self.log_in(connect()))
            return sessions[-1].stat()[0] > 0

        stack.wait_until(has_mail, "the message to be listed")
        return sessions[-1]

    def empty(self):
        client = self.log_in(self.pop3_over_tls())
        for number in range(1, client.stat()[0] + 1):
            client.dele(number)
        client.quit()

    def read_last(self, connect):
        client = self.wait_for_mail(connect)
        lines = client.retr(client.stat()[0])[1]
        client.quit()
        return b"".join(line + b"\r\n" for line in lines)

    def test_messages_come_unaltered(self):
        poplib._MAXLINE = 1 << 20
        for connect in (self.pop3, self.pop3_over_tls):
            for name, message in stack.samples():
                with self.subTest(connect=connect.__name__, name=name):
                    self.empty()
                    self.worker.deliver(f"{connect.__name__}-{name}@example.org", ALICE, message)
                    self.assertEqual(stack.without_trace(self.read_last(connect)), stack.to_crlf(message))

    def test_a_large_message_goes_up_and_down(self):
        self.empty()
        message = (f"From: {ALICE}\r\nTo: {ALICE}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
                   "Message-ID: <large@neko.test>\r\n\r\n" + ("x" * 70 + "\r\n") * 60000).encode()
        with smtplib.SMTP_SSL("localhost", self.smtps, context=self.trust, timeout=stack.HANG_SECONDS) as client:
            client.login(ALICE, self.password)
            client.sendmail(ALICE, [ALICE], message)
        self.assertEqual(stack.without_trace(self.read_last(self.pop3_over_tls)), message)

    def test_starttls(self):
        with smtplib.SMTP("localhost", self.maild.smtp_port, timeout=stack.HANG_SECONDS) as client:
            client.ehlo()
            self.assertTrue(client.has_extn("starttls"))
            client.starttls(context=self.trust)
            # What was said before does not count.
            self.assertEqual(client.docmd("AUTH", "PLAIN")[0], 503)
            client.ehlo()
            self.assertFalse(client.has_extn("starttls"))
            client.login(ALICE, self.password)

    def test_stls_is_listed_where_it_can_be_used(self):
        clear = self.pop3(encrypt=False)
        self.assertIn("STLS", clear.capa())
        self.assertNotIn("STLS", self.pop3().capa())
        self.assertNotIn("STLS", self.pop3_over_tls().capa())

    def test_an_address_is_verified(self):
        for host in ("localhost", "127.0.0.1", "::1"):
            with self.subTest(host=host):
                with socket.create_connection((host, self.pop3s), timeout=stack.HANG_SECONDS) as plain, \
                        self.trust.wrap_socket(plain, server_hostname=host) as secure:
                    self.assertTrue(secure.recv(100).startswith(b"+OK"))

    def test_what_is_behind_the_command_does_not_count(self):
        for port, begin, verb, answer in (
                (self.maild.pop3_port, b"", b"STLS\r\nCAPA\r\n", b"+OK"),
                (self.maild.smtp_port, b"EHLO x\r\n", b"STARTTLS\r\nEHLO smuggled\r\n", b"220")):
            with self.subTest(verb=verb):
                with socket.create_connection(("localhost", port), timeout=stack.HANG_SECONDS) as plain:
                    plain.recv(1000)
                    if begin:
                        plain.sendall(begin)
                        plain.recv(1000)
                    plain.sendall(verb)
                    self.assertTrue(plain.recv(1000).startswith(answer))
                    with self.trust.wrap_socket(plain, server_hostname="localhost") as secure:
                        secure.sendall(b"NOOP\r\n")
                        # One answer to one command, and none to what came before.
                        first = secure.recv(1000)
                        self.assertEqual(first.count(b"\r\n"), 1, first)
                        secure.sendall(b"QUIT\r\n")
                        self.assertEqual(secure.recv(1000).count(b"\r\n"), 1)
                        self.assertEqual(secure.recv(1000), b"")

    def test_wrong_ports(self):
        with socket.create_connection(("localhost", self.pop3s), timeout=stack.HANG_SECONDS) as plain:
            plain.sendall(b"USER x\r\n")
            # Closed, with what was not read still in it.
            with self.assertRaises(ConnectionResetError):
                plain.recv(100)
        with socket.create_connection(("localhost", self.maild.smtp_port), timeout=stack.HANG_SECONDS) as plain:
            plain.recv(100)
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.trust.wrap_socket(plain, server_hostname="localhost")
        stack.wait_until(lambda: "clear text at a port for TLS" in self.maild.log_text() and
                         "where TLS begins with STARTTLS" in self.maild.log_text(), "both to be logged")

    def test_silent_clients_stop_nobody(self):
        silent = [socket.create_connection(("localhost", self.pop3s), timeout=stack.HANG_SECONDS) for _ in range(15)]
        try:
            for number, plain in enumerate(silent):
                if number % 2 == 0:
                    plain.sendall(b"\x16\x03\x01\x02")
            self.log_in(self.pop3_over_tls()).quit()
        finally:
            for plain in silent:
                plain.close()

    def test_an_untrusted_certificate_ends_one_connection_only(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            poplib.POP3_SSL("127.0.0.1", self.pop3s, context=ssl.create_default_context(), timeout=stack.HANG_SECONDS)
        self.log_in(self.pop3_over_tls()).quit()

    def test_idle_sessions_cost_nothing(self):
        sessions = [self.log_in(connect()) for connect in (self.pop3, self.pop3_over_tls) for _ in range(3)]
        before = self.processor_time()
        for session in sessions:
            session.noop()
        self.log_in(self.pop3_over_tls()).quit()
        # A session that spins takes all of the time that the next command waits for.
        subprocess.run(["sleep", "1"], check=True)
        self.assertLess(self.processor_time() - before, 50)

    def processor_time(self):
        """Of neko-maild, in hundredths of a second."""
        fields = Path(f"/proc/{self.maild.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    unittest.main()
