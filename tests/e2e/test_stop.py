"""The end of neko-maild in the middle of everything: what was handed over is answered, nothing looks whole that is
not, and it starts again on the same ports at once."""

import base64
import os
import select
import signal
import socket
import ssl
import time
import unittest

import gate
import stack

ALICE = "alice@neko.test"
OUTSIDE = "someone@example.org"
PASSWORD = "a password of the Worker"


class Session:
    """A mail program that speaks line by line, in clear text or inside TLS."""

    def __init__(self, port, trust):
        self.socket = socket.create_connection(("127.0.0.1", port), stack.HANG_SECONDS)
        if trust:
            # Without the last argument Python takes a cut connection for its end.
            self.socket = trust.wrap_socket(self.socket, server_hostname="127.0.0.1", suppress_ragged_eofs=False)
        self.lines = self.socket.makefile("rb")
        self.greeting = self.lines.readline()

    def ask(self, command):
        self.socket.sendall(command.encode() + b"\r\n")
        return self.lines.readline()

    def read_rest(self):
        """What comes until the connection ends or is cut."""
        parts = []
        try:
            while part := self.lines.read1(1 << 20):
                parts.append(part)
        except (ssl.SSLEOFError, ConnectionResetError):
            pass
        return b"".join(parts)

    def hears(self):
        return bool(select.select([self.socket], [], [], 0)[0])

    def close(self):
        self.lines.close()
        self.socket.close()


class StopTest(stack.WorkerCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE)
        cls.gate = gate.Gate(cls.worker.port)
        cls.addClassCleanup(cls.gate.close)
        cls.maild = stack.Maild(cls.folder / "desktop")
        cls.addClassCleanup(cls.maild.stop)
        cls.maild.add_account(ALICE, cls.gate.url, PASSWORD)
        cls.password = cls.maild.new_password(ALICE, "tests")
        cls.pop3s, cls.smtps = stack.free_port(), stack.free_port()
        certificate = cls.folder / "certificate.pem"
        certificate.write_text(cls.maild.must("certificate", "export"))
        cls.trust = ssl.create_default_context(cafile=str(certificate))

    def setUp(self):
        self.start()

    def tearDown(self):
        self.gate.release()
        self.maild.stop(signal.SIGKILL)

    def start(self):
        self.maild.start(arguments=["--tls", "--pop3s-port", str(self.pop3s), "--smtps-port", str(self.smtps)])
        stack.wait_until(lambda: stack.is_open(self.pop3s) and stack.is_open(self.smtps), "the ports for TLS")

    def pop3(self, is_tls=False):
        session = Session(self.pop3s if is_tls else self.maild.pop3_port, self.trust if is_tls else None)
        self.addCleanup(session.close)
        session.ask(f"USER {ALICE}")
        self.assertTrue(session.ask(f"PASS {self.password}").startswith(b"+OK"))
        return session

    def smtp(self, is_tls=False):
        """A session that is in DATA."""
        session = Session(self.smtps if is_tls else self.maild.smtp_port, self.trust if is_tls else None)
        self.addCleanup(session.close)
        session.ask("HELO x")
        session.ask("AUTH LOGIN")
        for word in (ALICE, self.password):
            answer = session.ask(base64.b64encode(word.encode()).decode())
        self.assertTrue(answer.startswith(b"235"), answer)
        self.assertTrue(session.ask(f"MAIL FROM:<{ALICE}>").startswith(b"250"))
        self.assertTrue(session.ask(f"RCPT TO:<{OUTSIDE}>").startswith(b"250"))
        self.assertTrue(session.ask("DATA").startswith(b"354"))
        return session

    def message(self):
        """Another one each time."""
        return f"From: {ALICE}\r\nMessage-ID: <{self.id()}.{time.monotonic_ns()}@neko.test>\r\nDate: x\r\n\r\nHello\r\n"

    def hand_over(self, is_tls=False):
        """A session whose message the Worker has sent, without an answer so far."""
        before = len(self.worker.sent())
        session = self.smtp(is_tls)
        self.gate.hold()
        session.socket.sendall(self.message().encode() + b".\r\n")
        stack.wait_until(lambda: len(self.worker.sent()) > before, "the Worker to send")
        self.assertTrue(self.gate.holds.wait(stack.HANG_SECONDS))
        return session

    def signal(self):
        """Tells it to end, and waits until it frees its ports; returns when that was."""
        now = time.monotonic()
        os.kill(self.maild.process.pid, signal.SIGTERM)
        ports = (self.maild.pop3_port, self.maild.smtp_port, self.pop3s, self.smtps)
        stack.wait_until(lambda: not any(stack.is_open(port) for port in ports), "the ports to be free")
        return now

    def expect_exit(self):
        self.assertEqual(self.maild.process.wait(stack.HANG_SECONDS), 0)
        self.gate.release()

    def test_a_submission_under_way_is_answered(self):
        for is_tls in (False, True):
            with self.subTest(is_tls=is_tls):
                session = self.hand_over(is_tls)
                self.signal()
                self.assertTrue(self.maild.is_running())
                self.assertFalse(session.hears())
                self.gate.release()
                self.assertTrue(session.lines.readline().startswith(b"250 2.0.0"))
                self.assertTrue(session.lines.readline().startswith(b"421"))
                self.assertEqual(session.lines.read(), b"")
                self.expect_exit()
                self.start()

    def test_a_deletion_under_way_is_answered(self):
        self.worker.deliver(OUTSIDE, ALICE, b"Subject: goes\r\n\r\n")
        for is_tls in (False, True):
            with self.subTest(is_tls=is_tls):
                session = stack.wait_until(lambda: self.with_mail(is_tls), "the message")
                self.assertTrue(session.ask("DELE 1").startswith(b"+OK"))
                self.gate.hold()
                session.socket.sendall(b"QUIT\r\n")
                self.assertTrue(self.gate.holds.wait(stack.HANG_SECONDS))
                self.signal()
                self.assertTrue(self.maild.is_running())
                self.assertFalse(session.hears())
                self.gate.release()
                self.assertTrue(session.lines.readline().startswith(b"+OK"))
                self.assertEqual(session.lines.read(), b"")
                self.expect_exit()
                self.start()
                self.assertTrue(self.pop3().ask("STAT").startswith(b"+OK 0 "))
                self.worker.deliver("other@example.org", ALICE, b"Subject: goes too\r\n\r\n")

    def with_mail(self, is_tls):
        session = self.pop3(is_tls)
        return None if session.ask("STAT").startswith(b"+OK 0 ") else session

    def test_half_a_message_is_not_sent(self):
        before = len(self.worker.sent())
        for is_tls in (False, True):
            with self.subTest(is_tls=is_tls):
                session = self.smtp(is_tls)
                session.socket.sendall(self.message().encode())
                self.signal()
                self.assertTrue(session.lines.readline().startswith(b"421"))
                # What came in at the very end was not read, which the system calls a reset.
                self.assertEqual(session.read_rest(), b"")
                self.expect_exit()
                self.start()
        self.assertEqual(len(self.worker.sent()), before)

    def test_half_a_message_does_not_look_whole(self):
        self.worker.deliver("large@example.org", ALICE, b"Subject: large\r\n\r\n" + b"0123456789abcdef\r\n" * 1_000_000)
        for is_tls in (False, True):
            with self.subTest(is_tls=is_tls):
                session = stack.wait_until(lambda: self.with_large(is_tls), "the message")
                self.assertTrue(session.ask("RETR 1").startswith(b"+OK"))
                self.signal()
                text = session.read_rest()
                self.assertLess(len(text), 18_000_000)
                self.assertFalse(text.endswith(b"\r\n.\r\n"))
                self.expect_exit()
                self.start()

    def with_large(self, is_tls):
        session = self.pop3(is_tls)
        for number in range(1, int(session.ask("STAT").split()[1]) + 1):
            if int(session.ask(f"LIST {number}").split()[2]) > 1_000_000:
                return session
            session.ask(f"DELE {number}")
        session.ask("QUIT")
        return None

    def test_a_worker_that_does_not_answer_is_not_waited_for_long(self):
        session = self.hand_over(is_tls=True)
        begin = self.signal()
        self.maild.process.wait(stack.HANG_SECONDS)
        self.assertLess(time.monotonic() - begin, 8)
        self.assertNotIn(b"250", session.read_rest())
        self.expect_exit()

    def test_the_second_signal_ends_it_at_once(self):
        session = self.hand_over()
        begin = self.signal()
        self.assertTrue(self.maild.is_running())
        os.kill(self.maild.process.pid, signal.SIGTERM)
        self.maild.process.wait(stack.HANG_SECONDS)
        self.assertLess(time.monotonic() - begin, 4)
        self.assertNotIn(b"250", session.read_rest())
        self.expect_exit()


if __name__ == "__main__":
    unittest.main()
