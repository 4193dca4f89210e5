"""Settings that change in the middle of sessions: who is connected is not disturbed."""

import base64
import signal
import socket
import ssl
import subprocess
import unittest

import stack

ALICE = "alice@neko.test"
OUTSIDE = "someone@example.org"
PASSWORD = "a password of the Worker"
LARGE = b"Subject: large\r\n\r\n" + b"0123456789abcdef\r\n" * 700_000


class Maild(stack.Maild):
    """Says nothing about ports on its command line, so that the settings count."""

    def environment(self):
        return super().environment() | {"GSETTINGS_BACKEND": "keyfile"}

    def set(self, key, value):
        subprocess.run(["gsettings", "set", "io.github.nekomail.NekoMail", key, str(value)], check=True,
                       env=self.environment(), timeout=stack.HANG_SECONDS)

    def start(self):
        with open(self.log, "ab") as log:
            self.launch([stack.BUILD / "src/command/neko-maild", "--token-file", self.tokens],
                        stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment())
        stack.wait_until(self.is_ready, f"the mail servers, see {self.log}")


class Session:
    """A mail program that speaks line by line; trust begins TLS, by the command where the port is for clear text."""

    def __init__(self, port, trust=None, begin=None):
        self.socket = socket.create_connection(("127.0.0.1", port), stack.HANG_SECONDS)
        if begin:
            self.line()
            self.socket.sendall(begin.encode() + b"\r\n")
            self.line()
        if trust:
            self.socket = trust.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.lines = self.socket.makefile("rb")
        if not begin:
            self.lines.readline()

    def line(self):
        """Octet by octet: nothing of what follows may be taken."""
        while self.socket.recv(1) not in (b"\n", b""):
            pass

    def ask(self, command):
        self.socket.sendall(command.encode() + b"\r\n")
        return self.lines.readline()

    def certificate(self):
        return self.socket.getpeercert(binary_form=True)

    def close(self):
        self.lines.close()
        self.socket.close()


class SwitchTest(stack.WorkerCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE)
        cls.worker.deliver(OUTSIDE, ALICE, LARGE)
        cls.maild = Maild(cls.folder / "desktop")
        cls.addClassCleanup(cls.maild.stop)
        cls.maild.add_account(ALICE, cls.worker.url, PASSWORD)
        cls.password = cls.maild.new_password(ALICE, "tests")

    def setUp(self):
        self.pop3s, self.smtps = stack.free_port(), stack.free_port()
        for key, value in (("pop3-port", self.maild.pop3_port), ("smtp-port", self.maild.smtp_port),
                           ("pop3s-port", self.pop3s), ("smtps-port", self.smtps), ("tls", "false"),
                           ("listen-address", "''"), ("spool-size", 64)):
            self.maild.set(key, value)
        self.maild.start()
        self.addCleanup(self.maild.stop, signal.SIGKILL)
        certificate = self.folder / "certificate.pem"
        certificate.write_text(self.maild.must("certificate", "export"))
        self.trust = ssl.create_default_context(cafile=str(certificate))

    def session(self, *arguments):
        session = Session(*arguments)
        self.addCleanup(session.close)
        return session

    def begin_reading(self, *arguments):
        """A session in the middle of RETR."""
        session = self.session(*arguments)
        session.ask(f"USER {ALICE}")
        self.assertTrue(session.ask(f"PASS {self.password}").startswith(b"+OK"))
        self.assertTrue(session.ask("RETR 1").startswith(b"+OK"))
        return session

    def finish_reading(self, session):
        lines = []
        while (line := session.lines.readline()) not in (b".\r\n", b""):
            lines.append(line)
        text = b"".join(lines)
        self.assertEqual(line, b".\r\n", f"cut after {len(text)} octets: {self.maild.log_text()[-600:]}")
        self.assertTrue(stack.without_trace(text) == LARGE, "other bytes came")
        self.assertTrue(session.ask("QUIT").startswith(b"+OK"))

    def begin_sending(self, *arguments):
        """A session in the middle of DATA."""
        session = self.session(*arguments)
        session.ask("HELO x")
        login = base64.b64encode(f"\0{ALICE}\0{self.password}".encode()).decode()
        self.assertTrue(session.ask(f"AUTH PLAIN {login}").startswith(b"235"))
        self.assertTrue(session.ask(f"MAIL FROM:<{ALICE}>").startswith(b"250"))
        self.assertTrue(session.ask(f"RCPT TO:<{OUTSIDE}>").startswith(b"250"))
        self.assertTrue(session.ask("DATA").startswith(b"354"))
        # Another message each time, and larger than what stays in memory.
        session.text = (f"From: {ALICE}\r\nDate: x\r\nMessage-ID: <{id(session)}.{self.id()}@neko.test>\r\n\r\n"
                        ).encode() + b"0123456789abcdef\r\n" * 40_000
        session.socket.sendall(session.text[:500_000])
        return session

    def finish_sending(self, session):
        before = len(self.worker.sent())
        session.socket.sendall(session.text[500_000:] + b".\r\n")
        self.assertTrue(session.lines.readline().startswith(b"250"))
        self.assertTrue(self.worker.sent()[before][1] == session.text, "other bytes were sent")

    def wait_for_ports(self, *opened, closed=()):
        stack.wait_until(lambda: all(map(stack.is_open, opened)) and not any(map(stack.is_open, closed)), "the ports")

    def test_tls_is_switched_on_and_off(self):
        reading, sending = self.begin_reading(self.maild.pop3_port), self.begin_sending(self.maild.smtp_port)
        self.maild.set("tls", "true")
        self.wait_for_ports(self.pop3s, self.smtps)
        inside = [self.begin_reading(self.pop3s, self.trust),
                  self.begin_reading(self.maild.pop3_port, self.trust, "STLS")]
        sendings = [self.begin_sending(self.smtps, self.trust),
                    self.begin_sending(self.maild.smtp_port, self.trust, "STARTTLS")]
        self.finish_reading(reading)
        self.finish_sending(sending)
        self.maild.set("tls", "false")
        self.wait_for_ports(closed=(self.pop3s, self.smtps))
        for session in inside:
            self.finish_reading(session)
        for session in sendings:
            self.finish_sending(session)

    def test_ports_change(self):
        self.maild.set("tls", "true")
        self.wait_for_ports(self.pop3s, self.smtps)
        readings = [self.begin_reading(self.maild.pop3_port), self.begin_reading(self.pop3s, self.trust)]
        sendings = [self.begin_sending(self.maild.smtp_port), self.begin_sending(self.smtps, self.trust)]
        old = (self.maild.pop3_port, self.maild.smtp_port, self.pop3s, self.smtps)
        new = []
        for key in ("pop3-port", "smtp-port", "pop3s-port", "smtps-port"):
            new.append(stack.free_port())
            self.maild.set(key, new[-1])
        self.wait_for_ports(*new, closed=old)
        for session in readings:
            self.finish_reading(session)
        for session in sendings:
            self.finish_sending(session)
        # A port that is free again can be had again at once.
        self.maild.set("pop3-port", old[0])
        self.wait_for_ports(old[0])

    def test_the_spool_is_switched_off_and_on(self):
        for size in (0, 64, 0, 1, 64):
            session = self.begin_reading(self.maild.pop3_port)
            self.maild.set("spool-size", size)
            other = self.begin_reading(self.maild.pop3_port)
            self.finish_reading(session)
            self.finish_reading(other)

    def test_another_certificate(self):
        self.maild.set("tls", "true")
        self.wait_for_ports(self.pop3s, self.smtps)
        old = self.begin_reading(self.pop3s, self.trust)
        path = self.maild.folder / "data" / "neko-mail" / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=mine", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / "key", "-out", self.folder / "cert"],
                       check=True, capture_output=True, timeout=stack.HANG_SECONDS)
        mine = ssl.create_default_context(cafile=str(self.folder / "cert"))
        kept = path.read_bytes()
        path.write_bytes((self.folder / "cert").read_bytes() + (self.folder / "key").read_bytes())
        for port, begin in ((self.pop3s, None), (self.smtps, None), (self.maild.pop3_port, "STLS")):
            stack.wait_until(lambda: self.is_trusted(port, mine, begin), "the other certificate")
        # A broken one changes nothing.
        path.write_text("broken")
        stack.wait_until(lambda: "cannot be used" in self.maild.log_text(), "the log")
        self.assertTrue(self.is_trusted(self.pop3s, mine))
        path.write_bytes(kept)
        stack.wait_until(lambda: self.is_trusted(self.pop3s, self.trust), "the first certificate")
        self.finish_reading(old)

    def is_trusted(self, port, trust, begin=None):
        try:
            Session(port, trust, begin).close()
        except ssl.SSLError:
            return False
        return True

    def test_another_address_gets_into_the_certificate(self):
        self.maild.set("tls", "true")
        self.wait_for_ports(self.pop3s)
        before = self.session(self.pop3s, self.trust).certificate()
        self.maild.set("listen-address", "127.0.0.2")
        certificate = self.folder / "wider.pem"
        wider = None

        def has_name():
            nonlocal wider
            certificate.write_text(self.maild.must("certificate", "export"))
            wider = ssl.create_default_context(cafile=str(certificate))
            try:
                with socket.create_connection(("127.0.0.2", self.pop3s), stack.HANG_SECONDS) as plain, \
                        wider.wrap_socket(plain, server_hostname="127.0.0.2"):
                    return True
            except OSError:
                return False

        stack.wait_until(has_name, "the address")
        self.assertNotEqual(self.session(self.pop3s, wider).certificate(), before)

    def test_tls_where_it_is_off(self):
        for port in (self.maild.pop3_port, self.maild.smtp_port):
            with socket.create_connection(("127.0.0.1", port), stack.HANG_SECONDS) as plain:
                plain.recv(100)
                with self.assertRaises(OSError):
                    self.trust.wrap_socket(plain, server_hostname="127.0.0.1")
        stack.wait_until(lambda: self.maild.log_text().count("or switch TLS on in Neko Mail") >= 2, "the remedy")


if __name__ == "__main__":
    unittest.main()
