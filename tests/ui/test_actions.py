"""What the desktop's entry, the tray and notifications ask of the program, over the bus."""

import re
import unittest

import stack
from desktop import ID
from window_case import WindowCase

OBJECT = "/io/github/nekomail/NekoMail"

MAIL_PROGRAM = """[Desktop Entry]
Type=Application
Name=A mail program
Exec=sh -c "env > {file}.part; mv {file}.part {file}"
MimeType=x-scheme-handler/mailto;
"""


class ActionsTest(WindowCase):

    def call(self, method, *arguments):
        result = self.desktop.run(["gdbus", "call", "--session", "--dest", ID, "--object-path", OBJECT, "--method", method,
                                   *arguments])
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def activate(self, action, token=None):
        data = f"{{'activation-token': <'{token}'>}}" if token else "@a{sv} {}"
        self.call("org.freedesktop.Application.ActivateAction", action, "[]", data)

    def is_paused(self):
        return "<true>" in self.call("org.gtk.Actions.Describe", "pause")

    def test_they_are_there(self):
        self.app.start("--background")
        actions = re.findall(r"'([a-z-]+)'", self.call("org.gtk.Actions.List"))
        self.assertEqual(sorted(actions), ["check", "open", "open-mail", "pause", "quit"])
        entry = (stack.ROOT / "data" / f"{ID}.desktop.in").read_text()
        self.assertLessEqual(set(re.findall(rf"Exec=gapplication action {re.escape(ID)} (.*)", entry)), set(actions))

    def test_open(self):
        self.app.start("--background")
        self.activate("open")
        self.desktop.window()

    def test_pause_is_a_switch_that_follows_the_service(self):
        self.app.start("--background")
        self.activate("pause")
        stack.wait_until(lambda: not stack.is_open(self.app.pop3_port), "the end of the servers")
        self.assertTrue(self.is_paused())
        self.desktop.run([self.app.program(), "resume"])
        stack.wait_until(self.app.is_ready, "the servers")
        stack.wait_until(lambda: not self.is_paused(), "the state of the action")
        self.activate("pause")
        stack.wait_until(self.is_paused, "the state of the action")
        self.activate("pause")
        stack.wait_until(self.app.is_ready, "the servers")

    def test_check(self):
        self.app.start("--background")
        self.activate("check")
        self.assertTrue(self.app.is_ready())

    def test_quit(self):
        self.app.start("--background")
        self.activate("quit")
        stack.wait_until(lambda: not self.app.is_running(), "the end")
        self.assertEqual(self.app.stop(), 0)

    def test_open_mail_starts_the_default_program_with_the_token(self):
        file = self.desktop.folder / "environment"
        programs = self.desktop.home / "data" / "applications"
        programs.mkdir(parents=True)
        (programs / "mail-program.desktop").write_text(MAIL_PROGRAM.format(file=file))
        (self.desktop.home / "config" / "mimeapps.list").write_text(
            "[Default Applications]\nx-scheme-handler/mailto=mail-program.desktop\n")
        self.app.start("--background")
        self.activate("open-mail", token="a-token")
        stack.wait_until(file.exists, "the mail program")
        self.assertIn("XDG_ACTIVATION_TOKEN=a-token\n", file.read_text())

    def test_open_mail_says_in_the_log_that_there_is_none(self):
        environment = self.app.environment() | {"XDG_DATA_DIRS": str(self.desktop.folder / "nothing")}
        self.app.environment = lambda: environment
        self.app.start("--background")
        self.activate("open-mail")
        stack.wait_until(lambda: "No mail program can be opened" in self.app.log_text(), "what is wrong")
        self.assertTrue(self.app.is_ready())

    def test_desktop_finds_the_entry_of_the_window(self):
        entry = (stack.ROOT / "data" / f"{ID}.desktop.in").read_text()
        window = self.open_window()
        classes = self.desktop.run(["xprop", "-id", window.windows()[0], "WM_CLASS"]).stdout
        self.assertIn(f"StartupWMClass={classes.rsplit(chr(34), 2)[1]}\n", entry)


if __name__ == "__main__":
    unittest.main()
