"""POP3 and SMTP inside TLS: STLS, STARTTLS and the ports where TLS comes first."""

import poplib
import smtplib
import socket
import ssl
import subprocess
import unittest
import uuid
import warnings
from pathlib import Path

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

    def smtp(self):
        client = smtplib.SMTP("localhost", self.maild.smtp_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.starttls(context=self.trust)
        return client

    def smtp_over_tls(self):
        client = smtplib.SMTP_SSL("127.0.0.1", self.smtps, context=self.trust, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        return client

    def assert_sent(self, before, message):
        sent = [text for _, text in self.worker.sent()[before:]]
        self.assertEqual(len(sent), 1)
        self.assertTrue(sent[0] == message, "other bytes were sent")

    def test_messages_go_unaltered(self):
        for connect in (self.smtp, self.smtp_over_tls):
            client = connect()
            client.login(ALICE, self.password)
            for name, message in stack.samples():
                with self.subTest(connect=connect.__name__, name=name):
                    before = len(self.worker.sent())
                    # To others each time: the same message to the same people would be sent once.
                    client.sendmail(ALICE, [f"{connect.__name__}@example.org"], stack.to_crlf(message))
                    self.assert_sent(before, stack.to_crlf(message))
            client.quit()

    def test_a_large_message_goes_up(self):
        message = (f"From: {ALICE}\r\nTo: {OUTSIDE}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
                   "Message-ID: <large@neko.test>\r\n\r\n" + ("x" * 70 + "\r\n") * 73000).encode()
        self.assertGreater(len(message), 5 << 20)
        before = len(self.worker.sent())
        client = self.smtp_over_tls()
        client.login(ALICE, self.password)
        client.sendmail(ALICE, [OUTSIDE], message)
        self.assert_sent(before, message)

    def test_a_large_message_comes_down(self):
        self.empty()
        message = b"Subject: large\r\n\r\n" + b".123456789abcdef\r\n" * 1_170_000
        self.assertGreater(len(message), 20 << 20)
        self.assertEqual(self.worker.deliver(OUTSIDE, ALICE, message)[0], 200)
        self.assertTrue(stack.without_trace(self.read_last(self.pop3_over_tls)) == message, "other bytes came")

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

    def program(self, *words, data=None, status=0):
        result = subprocess.run([str(word) for word in words], input=data, capture_output=True,
                                timeout=stack.HANG_SECONDS, env=stack.clean_environment(HOME=str(self.folder)))
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout

    def private(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def mail(self, name):
        return (f"From: {ALICE}\r\nTo: {OUTSIDE}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
                f"Message-ID: <{name}@neko.test>\r\nSubject: by a program\r\n\r\n.dot\r\n\r\nna\xefve\r\n"
                ).encode("latin-1")

    def deliver_one(self, message):
        self.empty()
        status, answer = self.worker.deliver(f"{uuid.uuid4()}@example.org", ALICE, message)
        self.assertEqual(status, 200, answer)
        self.wait_for_mail(self.pop3_over_tls).quit()

    def test_curl(self):
        words = ["curl", "-sS", "--cacert", self.certificate, "-u", f"{ALICE}:{self.password}"]
        for kind, smtp, pop3 in (
                ("implicit", ["smtps://localhost:%d" % self.smtps], ["pop3s://localhost:%d/1" % self.pop3s]),
                ("begun", ["--ssl-reqd", "smtp://localhost:%d" % self.maild.smtp_port],
                 ["--ssl-reqd", "pop3://localhost:%d/1" % self.maild.pop3_port])):
            with self.subTest(kind):
                message = self.mail(f"curl-{kind}")
                path = self.folder / "curl.eml"
                path.write_bytes(message)
                before = len(self.worker.sent())
                self.program(*words, *smtp, "--mail-from", ALICE, "--mail-rcpt", OUTSIDE, "-T", path)
                self.assert_sent(before, message)
                self.deliver_one(message)
                self.assertEqual(stack.without_trace(self.program(*words, *pop3)), message)
        # 60: the certificate is not trusted.
        self.program("curl", "-sS", f"pop3s://localhost:{self.pop3s}/1", "-u", f"{ALICE}:{self.password}", status=60)

    def test_mpop(self):
        for starttls, port in (("on", self.maild.pop3_port), ("off", self.pop3s)):
            with self.subTest(starttls=starttls):
                message = self.mail(f"mpop-{starttls}")
                self.deliver_one(message)
                box = self.folder / f"mpop-{starttls}"
                for part in ("cur", "new", "tmp"):
                    (box / part).mkdir(parents=True)
                settings = self.private("mpoprc", f"""
account test
host localhost
port {port}
user {ALICE}
password {self.password}
tls on
tls_starttls {starttls}
tls_trust_file {self.certificate}
auth user
keep off
delivery maildir {box}
received_header off
uidls_file {self.folder}/uidls-{starttls}
""")
                self.program("mpop", "-C", settings, "-q", "test")
                files = [stack.to_crlf(path.read_bytes()) for path in (box / "new").iterdir()]
                self.assertEqual([stack.without_trace(file) for file in files], [message])

    def test_msmtp(self):
        for starttls, port in (("on", self.maild.smtp_port), ("off", self.smtps)):
            with self.subTest(starttls=starttls):
                settings = self.private("msmtprc", f"""
account test
host localhost
port {port}
from {ALICE}
user {ALICE}
password {self.password}
tls on
tls_starttls {starttls}
tls_trust_file {self.certificate}
auth on
""")
                message = self.mail(f"msmtp-{starttls}")
                before = len(self.worker.sent())
                self.program("msmtp", "-C", settings, "-a", "test", OUTSIDE, data=message.replace(b"\r\n", b"\n"))
                self.assert_sent(before, message)

    def openssl(self, port, *words, data):
        return self.program("openssl", "s_client", "-connect", f"localhost:{port}", "-CAfile", self.certificate,
                            "-verify_return_error", "-verify_hostname", "localhost", *words, data=data)

    def test_openssl(self):
        for port, words, data, answer in (
                (self.maild.pop3_port, ["-starttls", "pop3"], b"CAPA\nQUIT\n", b"+OK bye"),
                (self.maild.smtp_port, ["-starttls", "smtp", "-crlf"], b"EHLO x\nquit\n", b"221 2.0.0"),
                (self.pop3s, ["-tls1_2"], b"CAPA\nquit\n", b"+OK bye"),
                (self.smtps, ["-tls1_3"], b"EHLO x\nquit\n", b"221 2.0.0")):
            with self.subTest(words=words):
                output = self.openssl(port, *words, "-ign_eof", data=data)
                self.assertIn(answer, output)
                self.assertIn(b"Verify return code: 0 (ok)", output)

    def test_who_shakes_hands_again_is_let_go(self):
        # Else it would say DONE, and leave on its own.
        self.assertIn(b"\nclosed\n", self.openssl(self.pop3s, "-tls1_2", data=b"R\n"))
        self.log_in(self.pop3_over_tls()).quit()

    def processor_time(self):
        """Of neko-maild, in hundredths of a second."""
        fields = Path(f"/proc/{self.maild.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    unittest.main()
