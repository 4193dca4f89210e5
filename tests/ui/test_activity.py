"""The page of what happened: live, in words, narrowed, and as a report without secrets."""

import poplib
import re
import smtplib
import time
import unittest

import stack
from window import KeyboardWalk, TABS
from window_case import ALICE, BOB, PASSWORD, WindowCase

CAROL = "carol@else.where"
SUBJECT = "Nobody else is to read this"
BODY = "nor that"
KINDS = ("Everything", "Connections", "Mail Read", "Mail Sent", "Problems")


class ActivityTest(WindowCase):

    accounts = (ALICE, BOB)
    height = 2400

    def open_page(self):
        self.password = self.app.new_password(ALICE, "Mutt of Alice")
        window = self.open_window()
        window.find(TABS, "Activity").activate()
        window.find("label", "What Happened")
        return window

    # What mail programs do

    def fail_to_log_in(self, password="not the password"):
        with self.assertRaises(poplib.error_proto):
            self.log_in(password)

    def deliver_and_read(self):
        # The Worker knows one that it has already.
        message = f"From: {CAROL}\r\nTo: {ALICE}\r\nSubject: {SUBJECT}\r\nMessage-ID: <{self.id()}>\r\n\r\n{BODY}\r\n"
        self.worker.deliver(CAROL, ALICE, message.encode())
        end = time.monotonic() + stack.HANG_SECONDS
        while time.monotonic() < end:
            client = self.log_in(self.password)
            if client.stat()[0] > 0:
                break
            client.quit()
        client.retr(client.stat()[0])
        client.quit()

    def send(self):
        with smtplib.SMTP("127.0.0.1", self.app.smtp_port, timeout=stack.HANG_SECONDS) as client:
            client.login(ALICE, self.password)
            client.sendmail(ALICE, [BOB, CAROL], f"From: {ALICE}\r\nTo: {BOB}\r\nSubject: {SUBJECT}\r\n\r\n{BODY}\r\n")

    def choose(self, name):
        # By its action: one click of some hundreds gets lost that comes at once after a popup has closed there.
        self.window.find("button", re.compile("What is shown")).activate()
        self.window.find({"list item", "option", "label"}, name).click()
        self.window.wait_until(lambda: sum(label in KINDS for label in self.window.labels()) == 1, "the choice alone")

    def titles(self):
        """What is listed, the newest first."""
        lists = self.window.find_all("list", "What happened")
        rows = self.window.find_all("list item", within=lists[0]) if lists else []
        return [row.labels()[0] for row in rows if row.labels()]

    def wait_for_title(self, title):
        self.window.wait_until(lambda: title in self.titles(), title)

    # Tests

    def test_what_mail_programs_do_appears_in_words(self):
        window = self.open_page()
        window.wait_until(lambda: self.titles().count("In step with the Worker") == 2, "both accounts")
        self.assertIn(f"POP3 is ready for mail programs on port {self.app.pop3_port}", self.titles())
        self.deliver_and_read()
        self.wait_for_title("A mail program logged in")
        self.wait_for_title("New mail arrived")
        self.wait_for_title("A mail program read 1 message")
        self.send()
        self.wait_for_title("A message was sent to 2 recipients")
        self.fail_to_log_in()
        self.wait_for_title("A mail program could not log in")
        self.assertEqual(self.titles()[0], "A mail program could not log in")
        row = window.row("A mail program could not log in")
        self.assertIn(f"{ALICE} · POP3 · this computer\nThe user name or the password is wrong. "
                      "Use one that Neko Mail made for this mail program", row.labels())
        window.find("label", "Today")
        for text in (SUBJECT, BODY, CAROL, self.password, PASSWORD):
            self.assertNotIn(text, window.dump())

    def test_it_is_narrowed_to_what_one_looks_for(self):
        window = self.open_page()
        self.log_in(self.password).quit()
        self.fail_to_log_in()
        self.wait_for_title("A mail program could not log in")
        self.choose("Problems")
        window.wait_until(lambda: self.titles() == ["A mail program could not log in"], "problems alone")
        self.choose("Connections")
        window.wait_until(lambda: self.titles() == ["A mail program could not log in", "A mail program logged in"],
                          "connections alone")
        search = window.find({"entry", "search box", "text box", "text"}, re.compile("Search what happened"))
        search.type("logged ALICE")
        window.wait_until(lambda: self.titles() == ["A mail program logged in"], "what was searched")
        self.log_in(self.password).quit()
        window.wait_until(lambda: self.titles() == ["A mail program logged in"] * 2, "what came meanwhile")
        search.type("nothing like that")
        window.find("label", "Nothing Found")

    def test_problem_that_comes_again_is_counted(self):
        window = self.open_page()
        for _ in range(3):
            self.fail_to_log_in()
        self.wait_for_title("A mail program could not log in (3 times)")
        self.assertEqual([title for title in self.titles() if "could not log in" in title],
                         ["A mail program could not log in (3 times)"])

    def test_detailed_log_has_conversations_without_secrets(self):
        window = self.open_page()
        self.log_in(self.password).quit()
        self.wait_for_title("A mail program logged in")
        self.assertNotIn("PASS", self.titles())
        window.find({"switch", "check box"}, re.compile("^Detailed Log")).activate()
        window.find("label", re.compile("^On: "))
        client = self.log_in(self.password)
        stack.wait_until(lambda: client.noop() and "NOOP" in self.titles(), "a command")
        client.quit()
        self.send()
        for verb in ("USER", "PASS", "QUIT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"):
            self.wait_for_title(verb)
        self.assertTrue(any("+OK" in label for label in window.row("PASS").labels()))
        shown = window.dump()
        for text in (self.password, SUBJECT, BODY, CAROL, BOB + ">"):
            self.assertNotIn(text, shown)
        self.assertNotIn(self.password, self.app.must("logs"))
        window.find({"switch", "check box"}, re.compile("^Detailed Log")).activate()
        window.wait_gone("label", re.compile("^On: "))

    def test_report_has_neither_secrets_nor_names(self):
        window = self.open_page()
        self.deliver_and_read()
        self.send()
        self.fail_to_log_in("my other password")
        client = self.pop3("a-password-in-the-wrong-field")
        with self.assertRaises(poplib.error_proto):
            client.pass_("x")
        window.wait_until(lambda: self.titles().count("A mail program could not log in") == 2, "the last line")
        window.row("Copy a Report…").click()
        text = window.find({"text", "text box"}, "Report")
        report = text.text()
        window.find("button", "Copy Report").activate()
        window.find("label", "Report copied")
        for expected in ("Neko Mail: ", "GTK: 4.", "libadwaita: 1.", "libsoup: 3.", "Flatpak: no", "state: ready",
                         "POP3: account 1 logged in from 127.0.0.1", "somebody unknown could not log in",
                         "SMTP: account 1 sent "):
            self.assertIn(expected, report)
        tokens = [line.strip() for line in self.app.tokens.read_text().splitlines()]
        secrets = [word for line in tokens for word in re.split(r"[=\s]", line) if len(word) > 20 and "://" not in word]
        self.assertTrue(secrets)
        for secret in (*secrets, self.password, PASSWORD, "my other password", "a-password-in-the-wrong-field", SUBJECT,
                       BODY, CAROL, ALICE, BOB, "neko.test", "Mutt of Alice", str(self.app.folder)):
            self.assertNotIn(secret, report)
        window.find({"switch", "check box"}, re.compile("^Include Addresses and Domains")).activate()
        window.wait_until(lambda: ALICE in text.text(), "the address that is to be kept")
        for secret in (*secrets, self.password, PASSWORD, "my other password", SUBJECT, BODY, CAROL):
            self.assertNotIn(secret, text.text())
        window.find("button", "Back").activate()

        # What was copied is the report that was shown then.
        search = window.find({"entry", "search box", "text box", "text"}, re.compile("Search what happened"))
        search.click()
        window.press("ctrl+v")
        window.wait_until(lambda: search.length() > 0, "what was copied")
        self.assertEqual(search.text().split(), report.split())

    def test_chart_says_its_figures(self):
        window = self.open_page()
        window.find("label", "No mail was read or sent")
        self.deliver_and_read()
        self.send()
        window.find("label", "1 message read, 1 sent")
        chart = window.find(None, "Mail of the last 30 days")
        self.assertEqual(chart.description, "1 message read, 1 sent")

    def test_controls_have_names(self):
        self.open_page()
        self.assert_controls_have_names()

    def test_keyboard_reaches_controls(self):
        self.open_page()
        self.assert_keyboard_reaches_controls()

    def test_report_is_reached_by_keyboard(self):
        window = self.open_page()
        window.row("Copy a Report…").click()
        window.find({"text", "text box"}, "Report")
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()


class ScrolledActivityTest(WindowCase):

    height = 700

    def test_what_one_reads_stays_where_it_is(self):
        window = self.open_window()
        window.find(TABS, "Activity").activate()
        window.find("list", "What happened")
        for _ in range(5):
            self.app.must("pause")
            self.app.must("resume")
        window.wait_until(lambda: len(window.find_all("label", "No longer paused")) == 5, "five lines")
        walk = KeyboardWalk(window)
        row = walk.look()
        for _ in range(22):  # past the first rows of the list, which leave the window at the top
            row = self.move_on(walk, row)
        self.assertEqual(row.role, "list item")
        row = window.settled(row)
        self.app.must("pause")
        window.wait_until(lambda: len(window.find_all("label", "Paused: mail programs cannot log in")) == 6, "another line")
        now = window.focused()
        self.assertEqual((now.path, now.rectangle), (row.path, row.rectangle))

    def move_on(self, walk, before):
        """Returns what has the focus next."""
        self.window.press("Tab")
        return self.window.wait_until(lambda: {walk.look()} - {None, before}, f"the focus beyond {before!r}").pop()


if __name__ == "__main__":
    unittest.main()
