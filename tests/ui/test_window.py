"""The window as somebody uses it who sees it, and somebody who does not."""

import poplib
import unittest

import stack
from window_case import ALICE, BOB, PASSWORD, WindowCase


class WindowTest(WindowCase):

    accounts = (ALICE, BOB)

    def test_rows_say_what_is_in_words(self):
        window = self.open_window()
        for address in (ALICE, BOB):
            window.wait_until(lambda: window.row(address).labels() == [address, "Connected"], "the account's state")
        for protocol, port in (("POP3", self.app.pop3_port), ("SMTP", self.app.smtp_port)):
            self.assertIn(f"Listening on port {port}", window.row(protocol).labels())
            self.assertIn(str(port), window.row(f"{protocol} port").labels())

    def test_worker_that_cannot_be_reached(self):
        """A Worker that others do not miss."""
        folder = self.folder / "another"
        worker = stack.LocalWorker(folder, "setup key of the tests")
        self.addCleanup(worker.stop)
        worker.start()
        stack.create_users(worker, PASSWORD, "carol@neko.test")
        self.app.add_account("carol@neko.test", worker.url, PASSWORD)
        window = self.open_window()
        window.wait_until(lambda: "Connected" in window.row("carol@neko.test").labels(), "the account's state")
        worker.stop()
        window.wait_until(lambda: any("cannot be reached" in label for label in window.row("carol@neko.test").labels()),
                          "the account's state")

    def test_password_for_a_mail_program_works(self):
        window = self.open_window()
        name = window.row("Name of the mail program")
        self.assertFalse(window.has("list item", "Bridge password"))
        name.type("Thunderbird")
        window.press("Return")
        _, password = window.row("Bridge password").labels()
        client = poplib.POP3("127.0.0.1", self.app.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        self.assertIn(b"+OK", client.pass_(password))
        self.assertEqual(name.text(), "")
        self.assertIn("Thunderbird", self.app.must("password", "list", ALICE))

    def test_controls_have_names(self):
        window = self.open_window()
        self.assertTrue(window.has("text box", "Name of the mail program"))
        self.assert_controls_have_names()

    def test_keyboard_reaches_controls(self):
        self.open_window()
        self.assert_keyboard_reaches_controls()

    def test_closing_it_ends_the_program(self):
        window = self.open_window()
        window.close()
        stack.wait_until(lambda: not self.app.is_running(), "the end")
        self.assertEqual(self.app.stop(), 0)


if __name__ == "__main__":
    unittest.main()
