"""Mail through the whole chain: email() -> Worker -> neko-maild -> mail programs, and back."""

import hashlib
import poplib
import signal
import smtplib
import socket
import threading
import unittest
import uuid
from pathlib import Path

import stack
from mail_case import ALICE, BOB, MailCase, OUTSIDE, PASSWORD


def digest(message):
    return hashlib.sha256(message).hexdigest()


class StackCase(MailCase):

    def setUp(self):
        for address in (ALICE, BOB):
            client = self.pop3(address)
            for number in range(1, client.stat()[0] + 1):
                client.dele(number)
            client.quit()

    def pop3(self, address=ALICE):
        client = poplib.POP3("127.0.0.1", self.maild.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(address)
        client.pass_(self.passwords[address])
        return client

    def smtp(self, address=ALICE):
        client = smtplib.SMTP("127.0.0.1", self.maild.smtp_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.login(address, self.passwords[address])
        return client

    def deliver(self, message, recipient=ALICE, sender=None):
        # From another sender each time: the same bytes in the same envelope would be kept once.
        sender = sender or f"{uuid.uuid4()}@example.org"
        status, answer = self.worker.deliver(sender, recipient, message)
        self.assertEqual(status, 200, answer)

    def retrieve(self, client, number):
        return b"\r\n".join(client.retr(number)[1]) + b"\r\n"

    def assert_same(self, received, message):
        self.assertEqual(digest(stack.without_trace(received)), digest(stack.to_crlf(message)))

    def new_outbound(self, before, count=1):
        sent = self.worker.sent()[before:]
        self.assertEqual(len(sent), count)
        return sent


class ReadingTest(StackCase):

    def test_sizes_are_those_of_what_is_sent(self):
        for ending in (b"\r\n", b"\n", b""):
            self.deliver(b"From: a@example.org\nSubject: mixed\r\n\r\n.line\n..\nlast" + ending)
        client = self.pop3()
        for number, size in ((int(n), int(s)) for n, s in (line.split() for line in client.list()[1])):
            self.assertEqual(len(self.retrieve(client, number)), size)

    def test_large(self):
        message = b"Subject: large\r\n\r\n" + b"0123456789abcdef\r\n" * 450_000
        self.deliver(message)
        self.assert_same(self.retrieve(self.pop3(), 1), message)

    def test_top(self):
        self.deliver(b"Subject: top\r\n\r\none\r\n.two\r\nthree\r\n")
        lines = self.pop3().top(1, 2)[1]
        self.assertEqual(lines[-4:], [b"Subject: top", b"", b"one", b".two"])

    def test_quit_deletes(self):
        self.deliver(b"Subject: one\r\n\r\n")
        self.deliver(b"Subject: two\r\n\r\n")
        client = self.pop3()
        client.dele(1)
        client.quit()
        client = self.pop3()
        self.assertEqual(client.stat()[0], 1)
        self.assert_same(self.retrieve(client, 1), b"Subject: two\r\n\r\n")

    def test_no_quit_deletes_nothing(self):
        self.deliver(b"Subject: kept\r\n\r\n")
        client = self.pop3()
        client.dele(1)
        client.close()
        self.assertEqual(self.pop3().stat()[0], 1)

    def test_two_sessions_have_two_snapshots(self):
        self.deliver(b"Subject: one\r\n\r\n")
        first, second = self.pop3(), self.pop3()
        first.dele(1)
        first.quit()
        self.assertEqual(second.stat()[0], 1)
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/PERM\] message gone"):
            second.retr(1)

    def test_nobody_reads_anothers(self):
        self.deliver(b"Subject: for bob\r\n\r\n", BOB)
        self.assertEqual(self.pop3(ALICE).stat()[0], 0)
        self.assertEqual(self.pop3(BOB).stat()[0], 1)

    def test_wrong_password(self):
        client = poplib.POP3("127.0.0.1", self.maild.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[AUTH\]"):
            client.pass_("wrong")
        client.user(ALICE)
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[AUTH\]"):
            client.pass_(PASSWORD)  # the Worker's password opens nothing here
        client.user(ALICE)
        client.pass_(self.passwords[ALICE])

    def test_unknown_recipient_is_rejected(self):
        status, answer = self.worker.deliver(OUTSIDE, "nobody@neko.test", b"Subject: x\r\n\r\n")
        self.assertEqual(status, 422)
        self.assertIn(b"550 5.1.1", answer)

    def test_loopback_only(self):
        for file, own in (("/proc/net/tcp", "0100007F"), ("/proc/net/tcp6", "00000000000000000000000001000000")):
            for line in Path(file).read_text().splitlines()[1:]:
                address, port = line.split()[1].split(":")
                if int(port, 16) in (self.maild.pop3_port, self.maild.smtp_port) and line.split()[3] == "0A":
                    self.assertEqual(address, own)


class SendingTest(StackCase):

    def message(self, subject, body=b"Hello\r\n"):
        return (f"From: Alice <{ALICE}>\r\nTo: {OUTSIDE}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
                f"Message-ID: <{subject}@neko.test>\r\nSubject: {subject}\r\n\r\n").encode() + body

    def test_large(self):
        message = self.message("large", b"0123456789abcdef\r\n" * 250_000)
        before = len(self.worker.sent())
        self.smtp().sendmail(ALICE, [OUTSIDE], message)
        self.assertEqual(digest(self.new_outbound(before)[0][1]), digest(message))

    def test_bcc_is_taken_out_and_missing_fields_are_added(self):
        before = len(self.worker.sent())
        self.smtp().sendmail(ALICE, [OUTSIDE, "hidden@example.org"],
                             f"From: {ALICE}\r\nBcc: hidden@example.org,\r\n other@example.org\r\n\r\nx\r\n")
        for _, sent in self.new_outbound(before, 2):
            head = sent.split(b"\r\n\r\n")[0].lower()
            self.assertNotIn(b"bcc", head)
            self.assertNotIn(b"other@example.org", head)
            self.assertIn(b"\r\ndate: ", b"\r\n" + head)
            self.assertIn(b"\r\nmessage-id: <", b"\r\n" + head)

    def test_local_recipient(self):
        before = len(self.worker.sent())
        message = self.message("local")
        self.smtp().sendmail(ALICE, [BOB], message)
        self.assertEqual(len(self.worker.sent()), before)
        client = self.pop3(BOB)
        self.assertEqual(client.stat()[0], 1)
        self.assert_same(self.retrieve(client, 1), message)

    def test_the_same_submission_is_sent_once(self):
        before = len(self.worker.sent())
        message = self.message("repeated")
        for _ in range(3):
            self.smtp().sendmail(ALICE, [OUTSIDE], message)
        self.new_outbound(before, 1)

    def refusal(self, sender, recipient, message=None):
        with self.assertRaises(smtplib.SMTPResponseException) as caught:
            client = self.smtp()
            client.ehlo_or_helo_if_needed()
            for code, text in (client.mail(sender), client.rcpt(recipient)):
                if code >= 400:
                    raise smtplib.SMTPResponseException(code, text)
            code, text = client.data(message or self.message("refused"))
            raise smtplib.SMTPResponseException(code, text)
        return caught.exception.smtp_code, caught.exception.smtp_error

    def test_unknown_recipient(self):
        code, text = self.refusal(ALICE, "nobody@neko.test")
        self.assertEqual((code, text[:5]), (550, b"5.1.1"))

    def test_another_sender(self):
        code, text = self.refusal(BOB, OUTSIDE)
        self.assertEqual((code, text[:5]), (550, b"5.7.1"))

    def test_another_from(self):
        forged = self.message("forged").replace(ALICE.encode(), BOB.encode(), 1)
        before = len(self.worker.sent())
        code, text = self.refusal(ALICE, OUTSIDE, forged)
        self.assertEqual((code, text[:5]), (550, b"5.7.1"))
        self.assertEqual(len(self.worker.sent()), before)

    def test_plus_form(self):
        before = len(self.worker.sent())
        self.smtp().sendmail("alice+list@neko.test", [OUTSIDE], self.message("plus"))
        self.new_outbound(before)

    def test_some_refused_are_reported(self):
        self.smtp().sendmail(ALICE, ["nobody@neko.test", BOB], self.message("partly"))
        report = self.retrieve(self.pop3(ALICE), 1)
        self.assertIn(b"nobody@neko.test", report)
        self.assertIn(b"message/delivery-status", report)
        self.assertEqual(self.pop3(BOB).stat()[0], 1)

    def test_wrong_password(self):
        client = smtplib.SMTP("127.0.0.1", self.maild.smtp_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        with self.assertRaises(smtplib.SMTPAuthenticationError) as caught:
            client.login(ALICE, "wrong")
        self.assertEqual((caught.exception.smtp_code, caught.exception.smtp_error[:5]), (535, b"5.7.8"))


class FailureTest(StackCase):
    """Nothing is lost when something fails, and the reply says what it was."""

    def test_restart_of_either_half_loses_nothing(self):
        for _, message in stack.samples():
            self.deliver(message)
        before = self.pop3().uidl()[1]
        for how in (signal.SIGTERM, signal.SIGKILL):
            for half in (self.maild, self.worker):
                with self.subTest(how=how.name, half=type(half).__name__):
                    half.stop(how)
                    half.start()
                    client = self.pop3()
                    self.assertEqual(client.uidl()[1], before)
                    for number, (_, message) in enumerate(stack.samples(), 1):
                        self.assert_same(self.retrieve(client, number), message)

    def test_worker_down(self):
        self.deliver(b"Subject: kept\r\n\r\n")
        reading, sending = self.pop3(), self.smtp()
        self.worker.stop()
        self.addCleanup(lambda: self.worker.is_running() or self.worker.start())
        reading.dele(1)
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\]"):
            reading.quit()
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\]"):
            self.pop3()
        with self.assertRaises(smtplib.SMTPDataError) as caught:
            sending.sendmail(ALICE, [OUTSIDE], f"From: {ALICE}\r\n\r\nx\r\n")
        self.assertEqual((caught.exception.smtp_code, caught.exception.smtp_error[:5]), (451, b"4.4.1"))
        self.worker.start()
        self.assertEqual(self.pop3().stat()[0], 1)

    def test_answer_that_is_lost_is_asked_for_again(self):
        """The Worker goes away while a message is handed over, and comes back: sent, and sent once."""
        before = len(self.worker.sent())
        client = self.smtp()
        self.worker.stop(signal.SIGKILL)
        again = threading.Thread(target=self.worker.start)
        again.start()
        client.sendmail(ALICE, [OUTSIDE], f"From: {ALICE}\r\nSubject: patient\r\n\r\nx\r\n")
        again.join()
        self.new_outbound(before)

    def test_revoked_token(self):
        token = self.worker.call("POST", "/v1/tokens", {"address": BOB, "password": PASSWORD, "device": "test"})["token"]
        devices = self.worker.call("GET", "/v1/tokens", token=token)["tokens"]
        sending = self.smtp(BOB)
        for device in devices:
            if not device["current"]:
                self.worker.call("DELETE", f"/v1/tokens/{device['id']}", token=token)
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/PERM\] sign in again"):
            self.pop3(BOB)
        with self.assertRaises(smtplib.SMTPDataError) as caught:
            sending.sendmail(BOB, [OUTSIDE], f"From: {BOB}\r\n\r\nx\r\n")
        self.assertEqual((caught.exception.smtp_code, caught.exception.smtp_error[:5]), (454, b"4.7.0"))
        self.maild.stop()
        self.maild.add_account(BOB, self.worker.url, PASSWORD)
        self.maild.start()
        self.pop3(BOB)

    def test_port_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            second = stack.Maild(self.folder / "second", pop3_port=port)
            self.addCleanup(second.stop)
            second.start(wait=False)
            stack.wait_until(lambda: stack.is_open(second.smtp_port), "the other server")
            stack.wait_until(lambda: f"Port {port} is used by another program" in second.log_text(), "the message")
            self.assertTrue(second.is_running())
        stack.wait_until(lambda: f"POP3: listening on port {port}" in second.log_text(), "the port")
        client = poplib.POP3("127.0.0.1", port, timeout=stack.HANG_SECONDS)
        client.quit()

    def test_half_a_message_is_not_sent(self):
        before = len(self.worker.sent())
        client = self.smtp()
        client.mail(ALICE)
        client.rcpt(OUTSIDE)
        client.putcmd("data")
        client.getreply()
        client.send(b"Subject: half\r\n\r\nno end")
        client.close()
        self.smtp().sendmail(ALICE, [OUTSIDE], f"From: {ALICE}\r\nSubject: whole\r\n\r\nx\r\n")
        self.assertIn(b"whole", self.new_outbound(before)[0][1])


class CommandLineTest(StackCase):

    def test_secrets_are_not_shown(self):
        accounts = (self.maild.folder / "config" / "neko-mail" / "accounts.ini").read_text()
        self.assertNotIn(self.passwords[ALICE], accounts)
        self.assertNotIn(PASSWORD, accounts)
        self.assertNotIn("nm1.", accounts + self.maild.log_text())
        self.assertEqual(self.maild.tokens.stat().st_mode & 0o777, 0o600)

    def test_wrong_worker_password(self):
        result = self.maild.command("account", "add", "carol@neko.test", self.worker.url,
                                    "--token-file", str(self.maild.tokens), text="wrong\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("no such address and password", result.stderr)

    def test_clear_text_does_not_leave_the_computer(self):
        result = self.maild.command("account", "add", ALICE, "http://worker.example.org", text="x\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("https://", result.stderr)

    def test_token_file_that_others_can_read(self):
        path = self.folder / "loose"
        path.write_text("")
        path.chmod(0o644)
        result = self.maild.command("account", "add", BOB, self.worker.url, "--token-file", str(path),
                                    text=PASSWORD + "\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("chmod 600", result.stderr)

    def test_unknown_words(self):
        self.assertEqual(self.maild.command("account", "frobnicate").returncode, 2)
        self.assertEqual(self.maild.command("frobnicate").returncode, 2)


if __name__ == "__main__":
    unittest.main()
