"""The window as somebody uses it who sees it, and somebody who does not; and the program that shows it."""

import os
import poplib
import signal
import subprocess
import unittest
from pathlib import Path

import stack
from desktop import ID
from doubles import Program
from window_case import ALICE, BOB, PASSWORD, WindowCase

IN_STEP = "In step with the Worker"


def libraries(process):
    """The names of the files that a process has mapped."""
    lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    return {Path(fields[5]).name for fields in (line.split(maxsplit=5) for line in lines) if len(fields) > 5}


def window_processes(desktop):
    """The programs that show the window on a desktop."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            program = path.read_bytes().split(b"\0")[0]
            display = (path.parent / "environ").read_bytes()
        except OSError:
            continue
        if program.endswith(b"/neko-mail-window") and f"DISPLAY={desktop.display}\0".encode() in display:
            found.append(int(path.parent.name))
    return found


class WindowTest(WindowCase):

    accounts = (ALICE, BOB)

    def test_rows_say_what_is_in_words(self):
        window = self.open_window()
        for address in (ALICE, BOB):
            window.wait_until(lambda: window.row(address).labels() == [address, IN_STEP],
                              "the account's state")
        for protocol, port in (("POP3", self.app.pop3_port), ("SMTP", self.app.smtp_port)):
            self.assertIn(f"Listening on port {port}", window.row(protocol).labels())

    def test_worker_that_cannot_be_reached(self):
        """A Worker that others do not miss."""
        folder = self.folder / "another"
        worker = stack.LocalWorker(folder, "setup key of the tests")
        self.addCleanup(worker.stop)
        worker.start()
        stack.create_users(worker, PASSWORD, "carol@neko.test")
        self.app.add_account("carol@neko.test", worker.url, PASSWORD)
        window = self.open_window()
        window.wait_in_step("carol@neko.test")
        worker.stop()
        window.wait_until(lambda: any("Offline since" in label for label in window.row("carol@neko.test").labels()),
                          "the account's state")

    def test_password_for_a_mail_program_works_until_it_is_revoked(self):
        window = self.open_window()
        window.row(ALICE).click()
        window.row("Connect a Mail Program…").click()
        name = window.row("Name of the mail program")
        name.type("Thunderbird")
        window.press("Return")
        _, password = window.row("Password for Thunderbird").labels()
        self.log_in(password)
        self.assertEqual(name.text(), "")
        window.press("Escape")
        window.find("button", "Revoke the Password for Thunderbird").activate()
        window.wait_gone("list item", "Thunderbird")
        with self.assertRaisesRegex(poplib.error_proto, "AUTH"):
            self.log_in(password)

    def test_name_that_no_password_can_have(self):
        window = self.open_window()
        window.row(ALICE).click()
        window.row("Connect a Mail Program…").click()
        window.row("Name of the mail program").set_text("x" * 1000)
        window.find("button", "Apply").activate()
        window.find("label", "This cannot be used: it is empty, too long, or has characters that cannot be in it")

    def test_controls_have_names(self):
        self.open_window()
        self.assert_controls_have_names()

    def test_keyboard_reaches_controls(self):
        self.open_window()
        self.assert_keyboard_reaches_controls()

    def test_closing_it_keeps_the_servers_for_who_was_told(self):
        window = self.open_window()
        window.close()
        window.find("button", "Keep Running").activate()
        window.wait_until(lambda: not window.is_open, "no window")
        self.assertTrue(self.app.is_ready())
        self.assertEqual(self.app.launch_again().returncode, 0)
        self.desktop.window()
        window.close()
        window.wait_until(lambda: not window.is_open, "no window, without a question")
        self.assertTrue(self.app.is_ready())
        self.assertEqual(self.app.stop(), 0)

    def test_closing_it_can_end_the_program(self):
        window = self.open_window()
        window.close()
        window.find("button", "Quit").activate()
        stack.wait_until(lambda: not self.app.is_running(), "the end")
        self.assertEqual(self.app.stop(), 0)
        stack.wait_until(lambda: not window_processes(self.desktop), "the end of the window")

    def test_background_has_no_window_until_it_is_launched_again(self):
        self.app.start("--background")
        self.assertEqual(window_processes(self.desktop), [])
        self.assertEqual(self.app.launch_again().returncode, 0)
        self.desktop.window()
        for name in ("libgtk-4", "libadwaita-1", "libcairo", "libpango-1.0", "libX11"):
            found = [library for library in libraries(self.app.process.pid) if library.startswith(f"{name}.so")]
            self.assertEqual(found, [])

    def test_mail_is_served_on_where_the_window_breaks_off(self):
        window = self.open_window()
        os.kill(window_processes(self.desktop)[0], signal.SIGSEGV)
        window.wait_until(lambda: not window.is_open, "the end of the window")
        self.assertTrue(self.app.is_ready())
        stack.wait_until(lambda: not window_processes(self.desktop), "the end of the window")
        self.assertEqual(self.app.launch_again().returncode, 0)
        self.desktop.window()

    def test_window_says_that_nothing_serves_mail_and_starts_it(self):
        """Without what its command line said, but for the tokens: those are in a file here."""
        for key, port in (("pop3-port", self.app.pop3_port), ("smtp-port", self.app.smtp_port)):
            self.desktop.run(["gsettings", "set", ID, key, port])
        window = self.open_window()
        self.app.process.kill()
        window.find("label", "Neko Mail Does Not Run")
        window.find("button", "Start Neko Mail").activate()
        window.wait_in_step(ALICE)
        self.assertTrue(stack.is_open(self.app.pop3_port))
        self.desktop.run(["gdbus", "call", "--session", "--dest", ID, "--object-path", "/io/github/nekomail/NekoMail",
                          "--method", f"{ID}.Control.Quit"])
        stack.wait_until(lambda: not stack.is_open(self.app.pop3_port), "the end of what the window started")

    def test_hidden_window_gives_its_memory_back(self):
        self.app.start("--background")
        program = stack.BUILD / "src/app/neko-mail-window"
        shown = self.desktop.launch([program, ID, "1"])
        window = self.desktop.window()
        window.close()
        window.find("button", "Keep Running").activate()
        stack.wait_until(lambda: not shown.is_running(), "the end of a window that is not wanted")

    def test_program_of_another_version_can_be_quit(self):
        """As after an update, which replaced the file of a program that runs on."""
        program = self.desktop.add(Program(self.desktop.bus, "0.0.1"))
        self.desktop.launch([stack.BUILD / "src/app/neko-mail-window", program.name])
        window = self.desktop.window()
        window.find("label", "Neko Mail Was Updated")
        window.find("button", "Quit Neko Mail").activate()
        self.assertTrue(program.has_quit.wait(stack.HANG_SECONDS))


class WithoutWindowTest(WindowCase):
    """A window that cannot be shown."""

    def run_program(self, **environment):
        return subprocess.run([str(self.app.program()), *self.app.arguments()],
                              env=self.app.environment() | environment, capture_output=True, text=True,
                              timeout=stack.HANG_SECONDS)

    def test_accounts_that_cannot_be_read_are_said_and_left_alone(self):
        accounts = self.app.folder / "config" / "neko-mail" / "accounts.ini"
        accounts.write_text("no key file")
        result = self.run_program()
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(accounts), result.stderr)
        self.assertEqual(accounts.read_text(), "no key file")

    def test_no_display(self):
        result = self.run_program(DISPLAY=":99999")
        self.assertEqual(result.returncode, 1)
        self.assertIn("there is no display; --background and neko-maild need none", result.stderr)

    def test_no_session_bus(self):
        result = self.run_program(DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
        self.assertEqual(result.returncode, 1)
        self.assertIn("needs a session bus", result.stderr)

    def test_background_goes_on_where_the_window_cannot_be_shown(self):
        self.desktop.display = ":99999"
        self.app.start("--background")
        self.assertEqual(self.app.launch_again().returncode, 0)
        stack.wait_until(lambda: "The window broke off" in self.app.log_text(), "what is wrong")
        self.assertIn("there is no display", self.app.log_text())
        self.assertTrue(self.app.is_ready())


if __name__ == "__main__":
    unittest.main()
