"""neko-maild with the tokens that systemd hands over, in a folder that is read-only."""

import shutil
import smtplib

import stack
from test_commands import ALICE, PASSWORD, BusMaild, CommandsCase


class CredentialMaild(BusMaild):
    """One that is told by its environment where the tokens are, not by an option."""

    def __init__(self, folder, bus, credentials):
        super().__init__(folder, bus)
        self.credentials = credentials

    def environment(self):
        return super().environment() | {"CREDENTIALS_DIRECTORY": str(self.credentials)}

    def start(self):
        with open(self.log, "ab") as log:
            self.launch([stack.BUILD / "src/command/neko-maild", "--pop3-port", self.pop3_port,
                         "--smtp-port", self.smtp_port],
                        stdout=log, stderr=log, env=self.environment())
        stack.wait_until(self.is_ready, "the mail servers")
        stack.wait_until(lambda: self.command("status").returncode == 0, "the program on the bus")
        return self


class CredentialTest(CommandsCase):
    def setUp(self):
        super().setUp()
        password = self.add_account()
        folder = self.maild.folder / "credentials"
        folder.mkdir()
        self.credential = folder / "tokens"
        shutil.move(self.maild.tokens, self.credential)
        self.credential.chmod(0o400)
        folder.chmod(0o500)
        self.addCleanup(folder.chmod, 0o700)
        self.maild = CredentialMaild(self.maild.folder, self.maild.bus, folder)
        self.addCleanup(self.maild.stop)
        self.password = password

    def test_it_serves(self):
        before = self.credential.read_bytes()
        self.maild.start()
        self.maild.wait_for(state="ready", inStep=True)
        self.assertEqual(self.maild.status()["tokenFile"], str(self.credential))
        message = stack.to_crlf(stack.samples()[0][1])
        with smtplib.SMTP("127.0.0.1", self.maild.smtp_port, timeout=stack.HANG_SECONDS) as client:
            client.login(ALICE, self.password)
            client.sendmail(ALICE, ["bob@example.org"], message)
        self.assertEqual(self.worker.sent()[-1][1], message)
        self.assertEqual(self.maild.stop(), 0)
        self.assertEqual([path.name for path in self.credential.parent.iterdir()], ["tokens"])
        self.assertEqual(self.credential.read_bytes(), before)

    def test_an_option_counts_more(self):
        self.assertIn("The token file has no token", self.maild.command(
            "doctor", "--token-file", str(self.maild.folder / "another")).stdout)
        self.assertIn(f"takes the token of {ALICE}", self.maild.command("doctor").stdout)
