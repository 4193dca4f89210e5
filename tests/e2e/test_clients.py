"""Every mail program reads and sends every sample, in every way that it can."""

import email
import os
import poplib
import smtplib
import subprocess
import unittest

import clients
import stack
from mail_case import ALICE, BOB, MailCase, OUTSIDE

SAMPLES = {name: stack.to_crlf(message) for name, message in stack.samples()}


class ClientsTest(MailCase):

    tls = True
    maxDiff = 1000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, message in SAMPLES.items():
            cls.deliver(ALICE, name, message)
        stack.wait_until(lambda: len(clients.read_with_python(cls.account(ALICE, clients.CLEAR))) == len(SAMPLES),
                         "the samples")

    @classmethod
    def deliver(cls, recipient, name, message):
        status, answer = cls.worker.deliver(f"{name}@example.org", recipient, message)
        assert status == 200, answer

    def assert_every_sample(self, messages):
        names = {message: name for name, message in SAMPLES.items()}
        self.assertCountEqual([names.get(message, message) for message in messages], SAMPLES)

    def test_reading(self):
        for client, mode, read in clients.READERS:
            with self.subTest(client=client, mode=mode):
                received = read(self.account(ALICE, mode))
                self.assert_every_sample([stack.without_trace(message) for message in received])

    def test_sending(self):
        for number, (client, mode, send) in enumerate(clients.SENDERS):
            with self.subTest(client=client, mode=mode):
                before = len(self.worker.sent())
                # To others each time: the same message to the same people would be sent once.
                recipient = f"{number}@example.org"
                send(self.account(ALICE, mode), recipient, SAMPLES.values())
                sent = self.worker.sent()[before:]
                self.assert_every_sample([clients.without_additions(client, message) for _, message in sent])
                self.assertEqual({(envelope["from"], envelope["to"]) for envelope, _ in sent}, {(ALICE, recipient)})

    def test_taking_mail_away(self):
        account = self.account(BOB, clients.FIRST)
        for read in clients.TAKERS:
            with self.subTest(read.__name__):
                self.deliver(BOB, read.__name__, SAMPLES["plain.eml"])
                stack.wait_until(lambda: clients.read_with_python(account), "the message")
                self.assertEqual([stack.without_trace(message) for message in read(account, keep=False)],
                                 [SAMPLES["plain.eml"]])
                self.assertEqual(clients.read_with_python(account), [])

    def test_what_mutt_composes(self):
        before = len(self.worker.sent())
        text = "Smørrebrød\n.\n..\nFrom here\n"
        attachment = self.folder / "noise.bin"
        attachment.write_bytes(os.urandom(50_000))
        clients.compose_with_mutt(self.account(ALICE, clients.FIRST), OUTSIDE, text.encode(), attachment)
        (_, sent), = self.worker.sent()[before:]
        first, second = email.message_from_bytes(sent).get_payload()
        decoded = first.get_payload(decode=True).decode(first.get_content_charset())
        self.assertEqual(decoded.splitlines(), text.splitlines())
        self.assertEqual(second.get_payload(decode=True), attachment.read_bytes())

    def test_another_certificate_is_not_trusted(self):
        other = self.folder / "other.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost", "-keyout", self.folder / "other.key", "-out", other],
                       check=True, capture_output=True, timeout=stack.HANG_SECONDS)
        refusal = (clients.ClientError, OSError, poplib.error_proto, smtplib.SMTPException)
        for client, mode, read in clients.READERS:
            if mode != clients.CLEAR:
                with self.subTest(client=client, mode=mode), self.assertRaises(refusal):
                    read(self.account(ALICE, mode, other))
        before = len(self.worker.sent())
        for client, mode, send in clients.SENDERS:
            if mode != clients.CLEAR:
                with self.subTest(client=client, mode=mode), self.assertRaises(refusal):
                    send(self.account(ALICE, mode, other), OUTSIDE, SAMPLES.values())
        self.assertEqual(len(self.worker.sent()), before)


if __name__ == "__main__":
    unittest.main()
