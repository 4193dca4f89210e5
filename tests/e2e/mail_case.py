"""A test case with the whole chain behind it."""

import clients
import stack

ALICE = "alice@neko.test"
BOB = "bob@neko.test"
OUTSIDE = "someone@example.org"
PASSWORD = "a password of the Worker"


class MailCase(stack.WorkerCase):
    """A Worker with alice and bob, and a neko-maild signed in to both, for each class; with TLS where it says so."""

    tls = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = stack.create_users(cls.worker, PASSWORD, ALICE, BOB)
        cls.maild = stack.Maild(cls.folder / "desktop")
        cls.addClassCleanup(cls.maild.stop)
        cls.passwords = {}
        for address in (ALICE, BOB):
            cls.maild.add_account(address, cls.worker.url, PASSWORD)
            cls.passwords[address] = cls.maild.new_password(address, "tests")
        if not cls.tls:
            cls.maild.start()
            return
        cls.pop3s, cls.smtps = stack.free_port(), stack.free_port()
        cls.maild.start(arguments=["--tls", "--pop3s-port", str(cls.pop3s), "--smtps-port", str(cls.smtps)])
        stack.wait_until(lambda: stack.is_open(cls.pop3s) and stack.is_open(cls.smtps), "the ports for TLS")
        cls.certificate = cls.folder / "certificate.pem"
        cls.certificate.write_text(cls.maild.must("certificate", "export"))

    @classmethod
    def account(cls, address, mode, certificate=None):
        """A user's account for a mail program, where there is TLS."""
        first = mode == clients.FIRST
        return clients.Account(address, cls.passwords[address], mode, cls.pop3s if first else cls.maild.pop3_port,
                               cls.smtps if first else cls.maild.smtp_port, certificate or cls.certificate)
