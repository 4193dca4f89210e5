"""The icon in the tray: what it shows, what its menu does, and that nothing needs it."""

import re
import socket
import subprocess
import unittest

import stack
from desktop import ID
from window_case import ALICE, BOB, PASSWORD, WindowCase

CAROL = "carol@neko.test"
MESSAGE = "From: Bob <bob@example.org>\r\nSubject: {0}\r\n\r\n{0}\r\n"


class TrayCase(WindowCase):

    def setUp(self):
        super().setUp()
        self.tray = self.desktop.add_tray()

    def set(self, key, value):
        subprocess.run(["gsettings", "set", ID, key, value], env=self.app.environment(), check=True)

    def status(self):
        return self.desktop.run(["gdbus", "call", "--session", "--dest", ID, "--object-path", "/io/github/nekomail/NekoMail",
                                 "--method", f"{ID}.Control.GetStatus"]).stdout

    def icon(self):
        return self.tray.values()["IconName"].removeprefix(f"{ID}-").removesuffix("-symbolic")

    def wait_icon(self, name):
        stack.wait_until(lambda: self.icon() == name, f"the icon {name}")

    def words(self):
        return self.tray.values()["ToolTip"][3].split("\n")

    def labels(self):
        return [item.label for item in self.tray.menu() if not item.is_separator]


class TrayTest(TrayCase):

    accounts = (ALICE, BOB)

    def test_words_and_menu(self):
        self.app.start("--background")
        stack.wait_until(lambda: self.words() == ["2 accounts in step"], "all in step")
        self.assertEqual(self.icon(), "idle")
        values = self.tray.values()
        self.assertEqual((values["Id"], values["Status"], values["ToolTip"][2]), (ID, "Active", "Neko Mail"))
        self.assertEqual(self.labels(), ["_Open Neko Mail", f"{ALICE}: In step", f"{BOB}: In step", "_Pause the Servers",
                                         "_Check for Mail", "_Quit"])
        self.assertFalse(self.tray.find(f"{ALICE}: In step").is_enabled)
        self.assertTrue(all((stack.ROOT / f"icons/hicolor/symbolic/apps/{ID}-{name}-symbolic.svg").exists()
                            for name in ("error", "idle", "new-mail", "paused", "syncing")))

    def test_click_opens_the_window(self):
        self.app.start("--background")
        owner, path = self.tray.wait()
        self.tray.call(owner, path, self.tray.item_interface, "ProvideXdgActivationToken", "(s)", "a-token")
        self.tray.activate()
        window = self.desktop.window(self.app, self.worker)
        window.close()
        text = window.find("label", re.compile("click its icon"))
        window.find("button", "Keep Running").activate()
        window.wait_until(lambda: not window.is_open, "no window")
        self.assertIsNotNone(text)
        self.tray.click("Open Neko Mail")
        self.desktop.window()

    def test_pause_closes_the_ports(self):
        self.app.start("--background")
        self.tray.click("Pause the Servers")
        stack.wait_until(lambda: not stack.is_open(self.app.pop3_port) and not stack.is_open(self.app.smtp_port),
                         "closed ports")
        self.wait_icon("paused")
        self.assertEqual(self.words()[0], "Paused: mail programs cannot connect")
        stack.wait_until(lambda: self.tray.find("Pause the Servers").is_checked, "a check mark")
        self.tray.click("Pause the Servers")
        stack.wait_until(self.app.is_ready, "the servers")
        stack.wait_until(lambda: not self.tray.find("Pause the Servers").is_checked, "no check mark")
        self.wait_icon("idle")

    def test_quit(self):
        self.app.start("--background")
        self.tray.click("Quit")
        stack.wait_until(lambda: not self.app.is_running(), "the end")
        self.assertEqual(self.app.stop(), 0)
        stack.wait_until(lambda: not self.tray.items, "an empty tray")

    def test_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", self.app.pop3_port)):
            self.app.start("--background", wait=False)
            self.tray.wait()
            self.wait_icon("error")
            values = self.tray.values()
            self.assertEqual(values["Status"], "NeedsAttention")
            self.assertEqual(values["AttentionIconName"], f"{ID}-error-symbolic")
            self.assertIn(f"Port {self.app.pop3_port} is used by another program", self.words())
        self.wait_icon("idle")
        self.assertEqual(self.tray.values()["Status"], "Active")

    def test_worker_that_does_not_answer_yet(self):
        """A Worker that others do not miss."""
        worker = stack.LocalWorker(self.folder / "another", "setup key of the tests")
        self.addCleanup(worker.stop)
        worker.start()
        stack.create_users(worker, PASSWORD, CAROL)
        self.app.add_account(CAROL, worker.url, PASSWORD)
        worker.stop()
        with socket.create_server(("127.0.0.1", worker.port)):
            self.app.start("--background")
            self.wait_icon("syncing")
            stack.wait_until(lambda: self.words() == ["1 account connects", "2 accounts in step"], "the words")
            self.assertIn(f"{CAROL}: Connecting…", self.labels())

    def test_account_to_sign_in_to_again(self):
        self.app.start("--background")
        stack.wait_until(lambda: self.words() == ["2 accounts in step"], "all in step")
        token = self.app.tokens.read_text()
        self.app.stop()
        self.app.tokens.write_text("\n".join(line if "=" not in line else line[:line.index("=") + 1] + "A" * 43
                                             for line in token.splitlines()) + "\n")
        self.app.start("--background")
        self.wait_icon("error")
        self.assertIn("2 accounts to sign in to again", self.words())
        self.assertIn(f"{ALICE}: Sign in again", self.labels())

    def test_tray_that_comes_and_goes(self):
        self.tray.stop()
        self.app.start("--background")
        self.assertIn("'trayShown': <false>", self.status())
        self.assertEqual(self.app.launch_again().returncode, 0)
        window = self.desktop.window(self.app, self.worker)
        window.close()
        window.find("label", re.compile("start Neko Mail again"))
        self.assertEqual(window.find_all("label", re.compile("icon")), [])
        window.find("button", "Cancel").activate()
        tray = self.tray = self.desktop.add_tray()
        tray.wait()
        stack.wait_until(lambda: "'trayShown': <true>" in self.status(), "the tray")
        self.wait_icon("idle")
        tray.stop()
        stack.wait_until(lambda: "'trayShown': <false>" in self.status(), "no tray")
        self.tray = self.desktop.add_tray()
        self.tray.click("Pause the Servers")
        self.wait_icon("paused")

    def test_setting(self):
        self.app.start("--background")
        self.tray.wait()
        self.set("tray", "false")
        stack.wait_until(lambda: not self.tray.items, "an empty tray")
        stack.wait_until(lambda: "'trayShown': <false>" in self.status(), "no icon")
        self.set("tray", "true")
        self.tray.wait()
        self.wait_icon("idle")
        stack.wait_until(lambda: "'trayShown': <true>" in self.status(), "an icon")


class NewMailTest(TrayCase):

    def deliver(self, text):
        status, _ = self.worker.deliver("bob@example.org", ALICE, MESSAGE.format(text).encode())
        self.assertEqual(status, 200)

    def test_new_mail_until_it_is_fetched_or_the_window_is_opened(self):
        password = self.app.new_password(ALICE, "a mail program")
        self.app.start("--background")
        stack.wait_until(lambda: self.words() == ["1 account in step"], "all in step")
        self.deliver("Hello")
        self.wait_icon("new-mail")
        self.assertEqual(self.words(), ["New mail", "1 account in step"])

        client = self.log_in(password)
        client.retr(len(client.list()[1]))
        client.quit()
        self.wait_icon("idle")

        self.deliver("And again")
        self.wait_icon("new-mail")
        self.tray.activate()
        self.desktop.window()
        self.wait_icon("idle")


class KeyringTest(TrayCase):

    keyring = "locked"

    def test_locked_keyring(self):
        self.app.start("--background")
        self.wait_icon("error")
        stack.wait_until(lambda: self.words() == ["1 account waits for the keyring"], "the words")
        self.keys.unlock()
        self.wait_icon("idle")
        self.assertEqual(self.words(), ["1 account in step"])


if __name__ == "__main__":
    unittest.main()
