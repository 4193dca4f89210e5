"""How an account comes to this computer, what can be done with it, and how it goes."""

import http.server
import mailbox
import os
import poplib
import re
import signal
import smtplib
import tempfile
import threading
import unittest
from pathlib import Path

import between
import stack
from desktop import ID
from window import TABS
from window_case import ADMIN, ALICE, PASSWORD, WindowCase

IN_STEP = "In step with the Worker"
KEY = "setup key of the tests"


class AddingCase(WindowCase):
    """A window with the page that adds an account."""

    accounts = ()

    def open_page(self):
        window = self.open_window()
        window.find("button", "Add Account…").activate()
        window.find("label", "Address of the Worker")
        return window

    def enter(self, **fields):
        """What is entered, by the name of the field."""
        for title, text in fields.items():
            self.window.row(title.replace("_", " ")).type(text)

    def press(self, label):
        button = self.window.wait_until(
            lambda: [found for found in self.window.find_all("button", label) if found.is_sensitive], f"button {label}")
        button[0].activate()


class NewWorkerTest(AddingCase):
    """A Worker where nobody has an account."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)

    def setUp(self):
        self.worker = stack.LocalWorker(Path(tempfile.mkdtemp(dir=self.folder)), KEY)
        self.addCleanup(self.worker.stop)
        self.worker.start()
        super().setUp()

    def test_first_run_until_a_mail_program_works(self):
        window = self.open_page()
        self.enter(Address_of_the_Worker=self.worker.url)
        window.find("label", "It is new: there is no account yet")
        self.enter(Setup_key="a wrong key", Mail_address=ADMIN, Password=PASSWORD, Password_again=PASSWORD)
        self.press("Make Account")
        window.find("alert", "The setup key is wrong. It was shown when the Worker was set up")
        self.enter(Setup_key=KEY)
        self.press("Make Account")
        window.find("label", "Mail Program Setup")
        window.row("Name of the mail program").type("mutt")
        window.press("Return")
        _, password = window.row("Password for mutt").labels()
        stack.wait_until(lambda: self.try_to_log_in(password), "a log-in")
        window.press("Escape")
        window.wait_in_step(ADMIN)
        self.assertEqual(self.app.must("account", "list"), f"{ADMIN}\t{self.worker.url}")

    def try_to_log_in(self, password):
        """The Worker may not have been asked yet."""
        try:
            return self.log_in(password, ADMIN)
        except poplib.error_proto as error:
            self.assertIn("[SYS/TEMP]", str(error))
            return None

    def test_passwords_are_looked_at_while_they_are_typed(self):
        window = self.open_page()
        self.enter(Address_of_the_Worker=self.worker.url, Setup_key=KEY, Mail_address=ADMIN, Password="too short")
        window.find("alert", "A password has at least 10 characters")
        self.enter(Password=PASSWORD, Password_again=PASSWORD[:-1])
        window.find("alert", "The two passwords are not the same")
        self.assertFalse(window.find("button", "Make Account").is_sensitive)
        self.enter(Password_again=PASSWORD)
        window.wait_gone("alert", "The two passwords are not the same")
        self.assertTrue(window.find("button", "Make Account").is_sensitive)

    def test_page_for_the_keyboard_and_the_ear(self):
        self.open_page()
        self.enter(Address_of_the_Worker=self.worker.url)
        self.window.find("label", "It is new: there is no account yet")
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()


class AddAccountTest(AddingCase):

    def test_wrong_password_and_then_the_right_one(self):
        window = self.open_page()
        self.enter(Address_of_the_Worker=self.worker.url)
        window.find("label", "For neko.test")
        self.enter(Mail_address=ALICE, Password="not the password")
        self.press("Sign In")
        window.find("alert", "The address or the password is wrong")
        self.assertEqual(self.app.must("account", "list"), "")
        self.enter(Password=PASSWORD)
        self.press("Sign In")
        window.find("label", "Mail Program Setup")
        window.press("Escape")
        window.wait_in_step(ALICE)

    def test_worker_that_does_not_answer(self):
        window = self.open_page()
        self.enter(Address_of_the_Worker=f"http://127.0.0.1:{stack.free_port()}")
        window.find("label", "Nobody answers there. Check the address, and try again later")
        self.assertFalse(window.has("button", "Sign In"))

    def test_address_that_would_send_a_password_in_clear(self):
        window = self.open_page()
        self.enter(Address_of_the_Worker="http://mail.example.org")
        window.find("label", "This is no address of a Worker. It begins with https://")

    def test_something_else_answers(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        server.RequestHandlerClass.log_message = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        window = self.open_page()
        self.enter(Address_of_the_Worker=f"http://127.0.0.1:{server.server_port}")
        window.find("label", "Something answers there, but it is no Worker of Neko Mail. Check the address")

    def test_account_that_a_command_adds_appears(self):
        window = self.open_window()
        window.find("label", "Welcome to Neko Mail")
        self.app.add_account(ADMIN, self.worker.url, PASSWORD)
        window.wait_in_step(ADMIN)
        window.find(TABS, "Users")

    def test_invite_makes_an_account(self):
        self.worker.call("PATCH", "/v1/settings", {"registration": "invite"}, token=self.admin)
        self.addCleanup(self.worker.call, "PATCH", "/v1/settings", {"registration": "closed"}, self.admin)
        code = self.worker.call("POST", "/v1/invites", {"note": "for Carol"}, token=self.admin)["code"]
        window = self.open_page()
        self.enter(Address_of_the_Worker=self.worker.url)
        window.find("label", "For neko.test")
        window.row("Account on the Worker").click()
        window.find("label", "I have an invite")
        window.press("Down", "Return")
        self.enter(Invite="not an invite", Mail_address="carol@neko.test", Password=PASSWORD, Password_again=PASSWORD)
        self.press("Make Account")
        window.find("alert", "The invite is wrong, was used, or has expired. Ask for another one")
        self.enter(Invite=code)
        self.press("Make Account")
        window.find("label", "Mail Program Setup")
        self.assertIn("carol@neko.test", self.app.must("account", "list"))


class AccountTest(WindowCase):

    accounts = (ALICE,)
    width, height = 900, 1600

    def open_account(self):
        window = self.open_window()
        window.wait_in_step(ALICE).click()
        window.find("label", "Mail Programs")
        return window

    def sign_in_elsewhere(self, name):
        return self.worker.call("POST", "/v1/tokens", {"address": ALICE, "password": PASSWORD, "device": name})["token"]

    def works(self, token):
        return self.worker.request("GET", "/v1/me", token=token)[0] == 200

    def test_message_to_oneself_arrives(self):
        password = self.app.new_password(ALICE, "tests")
        window = self.open_account()
        window.find("button", "Send").activate()
        window.find("label", re.compile(r"^It works: the Worker took the message after \d+\.\d+ s, and it arrived"))
        client = self.log_in(password)
        message = b"\n".join(client.retr(len(client.list()[1]))[1])
        self.assertIn(b"Auto-Submitted: auto-generated", message)

    def test_use_of_a_password_is_shown(self):
        password = self.app.new_password(ALICE, "the desk")
        window = self.open_account()
        self.assertIn("Not used yet", window.row("the desk").labels())
        client = smtplib.SMTP("127.0.0.1", self.app.smtp_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.login(ALICE, password)
        window.wait_until(lambda: any(label.startswith("Last used") for label in window.row("the desk").labels()),
                          "the use of the password")

    def test_device_is_signed_out(self):
        token = self.sign_in_elsewhere("The old telephone")
        window = self.open_account()
        window.find("list item", "The old telephone")
        window.find("button", "Sign Out The old telephone").activate()
        window.wait_gone("list item", "The old telephone")
        self.assertFalse(self.works(token))

    def test_device_is_signed_out_where_the_page_was_left(self):
        token = self.sign_in_elsewhere("The lost telephone")
        window = self.open_account()
        window.find("list item", "The lost telephone")
        self.addCleanup(os.killpg, self.worker.process.pid, signal.SIGCONT)
        os.killpg(self.worker.process.pid, signal.SIGSTOP)
        window.find("button", "Sign Out The lost telephone").activate()
        window.wait_until(lambda: not window.row("The lost telephone").is_sensitive, "the question")
        window.press("Escape")
        window.wait_gone("list item", "The lost telephone")
        os.killpg(self.worker.process.pid, signal.SIGCONT)
        window.find("label", "The lost telephone is signed out")
        self.assertFalse(self.works(token))

    def test_password_is_changed(self):
        self.worker.call("POST", "/v1/users", {"address": "dora@neko.test", "password": PASSWORD}, token=self.admin)
        self.app.add_account("dora@neko.test", self.worker.url, PASSWORD)
        window = self.open_window()
        window.wait_in_step("dora@neko.test").click()
        window.find("list item", "Change Password…").click()
        for title, text in (("Password until now", "wrong"), ("New password", "another password"),
                            ("New password again", "another password")):
            window.row(title).type(text)
        window.find("button", "Change Password").activate()
        window.find("alert", "The old password is wrong")
        window.row("Password until now").type(PASSWORD)
        window.find("button", "Change Password").activate()
        window.wait_gone("label", "New password again")
        self.worker.call("POST", "/v1/tokens", {"address": "dora@neko.test", "password": "another password", "device": "t"})

    def test_change_of_password_is_told_of_where_its_page_was_left(self):
        self.worker.call("POST", "/v1/users", {"address": "emil@neko.test", "password": PASSWORD}, token=self.admin)
        self.app.add_account("emil@neko.test", self.worker.url, PASSWORD)
        window = self.open_window()
        window.wait_in_step("emil@neko.test").click()
        window.find("list item", "Change Password…").click()
        for title, text in (("Password until now", PASSWORD), ("New password", "another password"),
                            ("New password again", "another password")):
            window.row(title).type(text)
        self.addCleanup(os.killpg, self.worker.process.pid, signal.SIGCONT)
        os.killpg(self.worker.process.pid, signal.SIGSTOP)
        window.find("button", "Change Password").activate()
        window.wait_until(lambda: not window.find("button", "Change Password").is_sensitive, "the question")
        window.press("Escape")
        window.wait_gone("label", "New password again")
        os.killpg(self.worker.process.pid, signal.SIGCONT)
        window.find("label", "The password is changed")

    def test_signing_out_forgets_the_account(self):
        password = self.app.new_password(ALICE, "tests")
        window = self.open_account()
        window.find("button", "Sign Out…").activate()
        window.find("label", f"Sign Out of {ALICE}?")
        window.find("button", "Sign Out").activate()
        window.find("label", "Welcome to Neko Mail")
        self.assertEqual(self.app.must("account", "list"), "")
        with self.assertRaisesRegex(poplib.error_proto, "AUTH"):
            self.log_in(password)

    def test_account_that_is_removed_elsewhere_takes_its_pages_along(self):
        window = self.open_account()
        window.row("Connect a Mail Program…").click()
        window.row("Name of the mail program")
        self.app.must("account", "remove", ALICE)
        window.find("label", "Welcome to Neko Mail")

    def test_token_that_was_revoked_is_asked_for_again(self):
        window = self.open_window()
        window.wait_in_step(ALICE)
        token = self.sign_in_elsewhere("the administrator")
        for device in self.worker.call("GET", "/v1/tokens", token=token)["tokens"]:
            if not device["current"]:
                self.worker.call("DELETE", f"/v1/tokens/{device['id']}", token=token)
        window.wait_until(lambda: "Signed out" in window.row(ALICE).labels(), "the account's state")
        window.row(ALICE).click()
        window.find("button", "Sign In Again…").activate()
        window.find("label", "For neko.test")
        window.row("Password").type(PASSWORD)
        window.find("button", "Sign In").activate()
        window.find("label", IN_STEP)

    def test_page_for_the_keyboard_and_the_ear(self):
        self.app.new_password(ALICE, "the desk")
        self.open_account()
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()


class SavingTest(WindowCase):
    """All mail of an account is written to a file."""

    accounts = ()

    def setUp(self):
        super().setUp()
        self.target = self.desktop.folder / "saved/mail.mbox"
        self.target.parent.mkdir()

    def open_account(self, url, open_window=None):
        for number in range(3):
            self.worker.deliver("x@else.test", ALICE, b"Subject: Export %d\r\n\r\nFrom here\r\n" % number)
        self.app.add_account(ALICE, url, PASSWORD)
        window = (open_window or self.open_window)()
        window.wait_in_step(ALICE).click()

    def open_short_window(self):
        """One that ends as soon as it is closed, if nothing holds it."""
        self.app.start("--background")
        with open(self.app.log, "ab") as log:
            self.desktop.launch([stack.BUILD / "src/app/neko-mail-window", ID, "0"],
                                stdout=log, stderr=log, env=self.app.environment())
        self.window = self.desktop.window(self.app, self.worker)
        return self.window

    def save(self):
        self.window.find("button", "Save…").activate()
        self.window.save_as(self.target)

    def assert_saved(self):
        saved = mailbox.mbox(self.target)
        self.addCleanup(saved.close)
        self.assertTrue({f"Export {number}" for number in range(3)} <= {message["Subject"] for message in saved})

    def test_mail_is_saved_in_a_file(self):
        self.open_account(self.worker.url)
        self.save()
        self.window.find("label", "Saved. Most mail programs can import the file")
        self.assert_saved()

    def save_half(self, open_window=None):
        """Returns the event that the other half waits for."""
        rest = threading.Event()
        self.addCleanup(rest.set)
        self.open_account(between.start(self, self.worker, halves={"/v1/export": rest}), open_window)
        self.save()
        self.window.find("label", re.compile("saved so far$"))
        stack.wait_until(lambda: [path for path in self.target.parent.iterdir() if path.stat().st_size > 0], "a part")
        return rest

    def test_closing_the_window_does_not_stop_it(self):
        rest = self.save_half(self.open_short_window)
        self.window.close()
        self.window.find("button", "Keep Running").activate()
        self.window.wait_until(lambda: not self.window.is_open, "no window")
        rest.set()
        stack.wait_until(self.target.exists, "the file")
        self.assert_saved()

    def test_quitting_stops_it_and_leaves_nothing(self):
        self.save_half()
        self.window.press("ctrl+q")
        stack.wait_until(lambda: not list(self.target.parent.iterdir()), "an empty folder")
        stack.wait_until(lambda: not self.app.is_running(), "the end")


class LockedKeyringTest(WindowCase):

    keyring = "locked"

    def test_work_goes_on_by_itself_when_it_is_unlocked(self):
        window = self.open_window()
        window.wait_until(lambda: "The keyring is locked" in window.row(ALICE).labels(), "the account's state")
        window.row(ALICE).click()
        window.find("button", "Unlock…")
        self.keys.unlock()
        window.find("label", IN_STEP)

    def test_account_stays_until_its_token_can_be_revoked(self):
        window = self.open_window()
        window.wait_until(lambda: "The keyring is locked" in window.row(ALICE).labels(), "the account's state")
        window.row(ALICE).click()
        window.find("button", "Sign Out…").activate()
        window.find("button", "Sign Out").activate()
        window.find("label", "The keyring is locked. Unlock it, and try again")
        self.assertIn(ALICE, self.app.must("account", "list"))

    def test_no_keyring(self):
        self.keys.stop()
        window = self.open_window()
        window.wait_until(lambda: "No keyring runs" in window.row(ALICE).labels(), "the account's state")


if __name__ == "__main__":
    unittest.main()
