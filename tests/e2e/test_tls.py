"""POP3 and SMTP inside TLS: STLS, STARTTLS and the ports where TLS comes first."""

import poplib
import smtplib
import socket
import ssl
import subprocess
import unittest
import warnings
from pathlib import Path

import clients
import stack
from mail_case import ALICE, MailCase, OUTSIDE


class TlsTest(MailCase):

    tls = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.password = cls.passwords[ALICE]
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

    def test_a_large_message_goes_up(self):
        message = (f"From: {ALICE}\r\nTo: {OUTSIDE}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
                   "Message-ID: <large@neko.test>\r\n\r\n" + ("x" * 70 + "\r\n") * 73000).encode()
        self.assertGreater(len(message), 5 << 20)
        clients.send_with_python(self.account(ALICE, clients.FIRST), OUTSIDE, [message])
        (_, sent), = self.worker.sent()
        self.assertTrue(sent == message, "other bytes were sent")

    def test_a_large_message_comes_down(self):
        message = b"Subject: large\r\n\r\n" + b".123456789abcdef\r\n" * 1_170_000
        self.assertGreater(len(message), 20 << 20)
        self.assertEqual(self.worker.deliver(OUTSIDE, ALICE, message)[0], 200)
        account = self.account(ALICE, clients.FIRST)
        received, = stack.wait_until(lambda: clients.read_with_python(account), "the message")
        self.assertTrue(stack.without_trace(received) == message, "other bytes came")

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

    def test_a_name_before_stls_is_forgotten(self):
        client = self.pop3(encrypt=False)
        client.user(ALICE)
        client.stls(self.trust)
        with self.assertRaisesRegex(poplib.error_proto, "-ERR"):
            client.pass_(self.password)
        self.log_in(client)

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

    def threads(self):
        return len(list(Path(f"/proc/{self.maild.process.pid}/task").iterdir()))

    def test_clients_that_stop_in_the_handshake_stop_nobody(self):
        before = self.threads()
        stopped = []
        for port in (self.pop3s, self.smtps):
            for number in range(20):
                plain = socket.create_connection(("127.0.0.1", port), stack.HANG_SECONDS)
                self.addCleanup(plain.close)
                stopped.append(plain)
                if number % 4 != 0:
                    plain.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
        # That is all that one peer may have; this is another.
        plain = socket.create_connection(("127.0.0.1", self.pop3s), stack.HANG_SECONDS, ("127.0.0.2", 0))
        with self.trust.wrap_socket(plain, server_hostname="localhost") as client:
            lines = client.makefile("rb")
            for command in ("", f"USER {ALICE}\r\n", f"PASS {self.password}\r\n", "QUIT\r\n"):
                client.sendall(command.encode())
                self.assertTrue(lines.readline().startswith(b"+OK"))
        # None of them had an answer or an end: they were all there at the time.
        for plain in stopped:
            plain.setblocking(False)
            with self.assertRaises(BlockingIOError):
                plain.recv(1)
            plain.close()
        self.assertEqual(self.threads(), before)
        stack.wait_until(lambda: self.has_room(self.pop3s) and self.has_room(self.smtps), "their end")

    def has_room(self, port):
        """Whether this peer may come in: who may not is let go at once."""
        try:
            with socket.create_connection(("127.0.0.1", port), stack.HANG_SECONDS) as plain, \
                    self.trust.wrap_socket(plain, server_hostname="localhost"):
                return True
        except OSError:
            return False

    def test_the_end_is_said(self):
        for port in (self.pop3s, self.smtps):
            plain = socket.create_connection(("localhost", port), stack.HANG_SECONDS)
            # Without the last argument Python takes a cut connection for its end.
            with self.trust.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False) as client:
                client.recv(1000)
                client.sendall(b"QUIT\r\n")
                client.recv(1000)
                self.assertEqual(client.recv(1000), b"")
                client.unwrap()

    def test_an_untrusted_certificate_ends_one_connection_only(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            poplib.POP3_SSL("127.0.0.1", self.pop3s, context=ssl.create_default_context(), timeout=stack.HANG_SECONDS)
        with smtplib.SMTP("localhost", self.maild.smtp_port, timeout=stack.HANG_SECONDS) as client:
            with self.assertRaises(ssl.SSLCertVerificationError):
                client.starttls(context=ssl.create_default_context())
        stack.wait_until(lambda: self.maild.log_text().count("it does not trust the certificate") >= 2, "the log")
        with socket.create_connection(("localhost", self.pop3s), stack.HANG_SECONDS) as plain:
            with self.assertRaises(ssl.SSLCertVerificationError):
                self.trust.wrap_socket(plain, server_hostname="mail.example.org")
        self.log_in(self.pop3_over_tls()).quit()

    def test_old_versions_are_refused(self):
        old = ssl.create_default_context(cafile=str(self.certificate))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        with self.assertRaises(ssl.SSLError):
            poplib.POP3_SSL("localhost", self.pop3s, context=old, timeout=stack.HANG_SECONDS)

    def test_idle_sessions_cost_nothing(self):
        sessions = [self.log_in(connect()) for connect in (self.pop3, self.pop3_over_tls) for _ in range(3)]
        before = self.processor_time()
        for session in sessions:
            session.noop()
        self.log_in(self.pop3_over_tls()).quit()
        # A session that spins takes all of the time that the next command waits for.
        subprocess.run(["sleep", "1"], check=True)
        self.assertLess(self.processor_time() - before, 50)

    def test_who_shakes_hands_again_is_let_go(self):
        client = stack.Process()
        self.addCleanup(client.stop)
        client.launch(["openssl", "s_client", "-connect", f"localhost:{self.pop3s}", "-CAfile", self.certificate,
                       "-verify_return_error", "-verify_hostname", "localhost", "-tls1_2"],
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        client.process.stdin.write(b"R\n")
        client.process.stdin.flush()
        # It would leave on its own at the end of its input, which does not come.
        client.process.wait(stack.HANG_SECONDS)
        self.assertIn(b"RENEGOTIATING", client.process.stdout.read())
        self.log_in(self.pop3_over_tls()).quit()

    def processor_time(self):
        """Of neko-maild, in hundredths of a second."""
        fields = Path(f"/proc/{self.maild.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    unittest.main()
