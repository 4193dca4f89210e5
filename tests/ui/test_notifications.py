"""Notifications from the Worker to the desktop."""

import json
import unittest

import stack
from window_case import ALICE, WindowCase


class NotificationTest(WindowCase):

    def setUp(self):
        super().setUp()
        self.notifications = self.desktop.add_notifications()

    def deliver(self, subject):
        status, answer = self.worker.deliver(
            "bob@elsewhere.test", ALICE,
            f"From: =?utf-8?q?B=C3=B6b?= <bob@elsewhere.test>\r\nSubject: {subject}\r\n\r\nHello\r\n".encode())
        self.assertEqual(status, 200, answer)

    def account(self):
        result = self.app.command("status", "--json")
        return json.loads(result.stdout)["accounts"][0] if result.returncode == 0 else {"inStep": False}

    def test_new_mail_is_shown_and_taken_back_when_it_is_read(self):
        self.deliver("what was there before")
        password = self.app.new_password(ALICE, "tests")
        self.app.start("--background")
        stack.wait_until(lambda: self.account()["inStep"], "the account")
        self.deliver("=?utf-8?b?54yr?=")
        self.assertEqual(self.notifications.wait("Böb").body, "猫")
        self.assertEqual(len(self.notifications.shown()), 1)
        client = self.log_in(password)
        for number in range(1, len(client.list()[1]) + 1):
            client.retr(number)
        stack.wait_until(lambda: not self.notifications.shown(), "the end of the notification")


if __name__ == "__main__":
    unittest.main()
