"""The token in a real keyring, and the real window, each on a bus or a display of its own."""

import json
import poplib
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import stack

ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"


class KeyringMaild(stack.Maild):
    """neko-maild that keeps its tokens in the keyring of a private bus."""

    def __init__(self, folder, bus):
        super().__init__(folder)
        self.bus = bus

    def environment(self):
        return super().environment() | {"DBUS_SESSION_BUS_ADDRESS": self.bus}

    def start(self, **_):
        with open(self.log, "ab") as log:
            self.launch([stack.BUILD / "src/command/neko-maild", "--pop3-port", self.pop3_port,
                         "--smtp-port", self.smtp_port], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                        env=self.environment())
        stack.wait_until(self.is_ready, f"the mail servers, see {self.log}")
        return self


class DesktopCase(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.worker = stack.LocalWorker(self.folder / "worker", "setup key of the tests")
        self.addCleanup(self.worker.stop)
        self.worker.start()
        stack.create_users(self.worker, PASSWORD, ALICE)

    def start_bus(self):
        bus = stack.Bus(self.folder)
        self.addCleanup(bus.stop)
        return bus.start()


class KeyringTest(DesktopCase):

    def setUp(self):
        super().setUp()
        self.bus = self.start_bus()
        self.maild = KeyringMaild(self.folder / "desktop", self.bus)
        self.addCleanup(self.maild.stop)

    def start_keyring(self):
        self.keyring = stack.Keyring(self.bus, self.maild.environment() | {"XDG_RUNTIME_DIR": str(self.folder)})
        self.addCleanup(self.keyring.stop)
        self.keyring.start()

    def add_account(self):
        return self.maild.command("account", "add", ALICE, self.worker.url, text=PASSWORD + "\n")

    def log_in(self, password):
        client = poplib.POP3("127.0.0.1", self.maild.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        return client.pass_(password)

    def test_absent(self):
        result = self.add_account()
        self.assertEqual(result.returncode, 1)
        self.assertIn("--token-file", result.stderr)

    def test_token_is_kept_and_a_locked_keyring_is_a_temporary_error(self):
        self.start_keyring()
        result = self.add_account()
        self.assertEqual(result.returncode, 0, result.stderr)
        password = self.maild.new_password(ALICE, "tests")
        self.maild.start()
        stack.wait_until(lambda: self.works(password), "the token")
        self.maild.stop()
        self.assertEqual(self.maild.must("account", "remove", ALICE), "")
        self.assertIn("(@ao [], @ao [])", self.keyring.ask("org.freedesktop.Secret.Service.SearchItems",
                                                           f"{{'account': '{ALICE}'}}"))
        self.assertEqual(self.add_account().returncode, 0)
        password = self.maild.new_password(ALICE, "tests")

        self.keyring.lock()
        self.maild.start()
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\].*keyring"):
            self.log_in(password)
        self.assertRegex(self.maild.must("status"), "without the keyring since .*locked")
        result = self.add_account()
        self.assertEqual(result.returncode, 1)
        self.assertIn("locked", result.stderr)

    def test_account_works_by_itself_when_the_keyring_is_unlocked(self):
        self.start_keyring()
        self.assertEqual(self.add_account().returncode, 0)
        password = self.maild.new_password(ALICE, "tests")
        self.keyring.lock()
        self.maild.start()
        stack.wait_until(lambda: self.account().get("keyring") == "locked", "the locked keyring")
        self.assertEqual(self.account()["state"], "keyring")
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\].*unlock the keyring"):
            self.log_in(password)
        self.keyring.unlock()
        stack.wait_until(lambda: self.account()["state"] == "ready", "the account, without a log-in")
        self.assertNotIn("keyring", self.account())
        self.log_in(password)

    def test_account_works_by_itself_when_the_keyring_is_started(self):
        self.start_keyring()
        self.assertEqual(self.add_account().returncode, 0)
        password = self.maild.new_password(ALICE, "tests")
        self.keyring.stop()
        self.maild.start()
        stack.wait_until(lambda: self.account().get("keyring") == "absent", "the absence of the keyring")
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\].*keyring"):
            self.log_in(password)
        self.start_keyring()
        stack.wait_until(lambda: self.account()["state"] == "ready", "the account, without a log-in")
        self.log_in(password)

    def account(self):
        """What the program says of the only account; it answers a moment after it serves."""
        result = self.maild.command("status", "--json")
        return json.loads(result.stdout)["accounts"][0] if result.returncode == 0 else {"state": "starting"}

    def works(self, password):
        try:
            return self.log_in(password)
        except poplib.error_proto as error:
            self.assertIn("[SYS/TEMP]", str(error))
            return False


class WindowTest(DesktopCase):

    def setUp(self):
        super().setUp()
        display = stack.Process()
        self.addCleanup(display.stop)
        display.launch(["Xvfb", "-displayfd", "1", "-screen", "0", "800x1000x24"], stdout=subprocess.PIPE,
                       stderr=subprocess.DEVNULL, text=True)
        self.display = f":{display.process.stdout.readline().strip()}"
        manager = stack.Process()
        self.addCleanup(manager.stop)
        manager.launch(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=stack.clean_environment(DISPLAY=self.display, HOME=str(self.folder)))
        bus = self.start_bus()
        self.maild = stack.Maild(self.folder / "desktop")
        plain = self.maild.environment
        self.maild.environment = lambda: plain() | {
            "DISPLAY": self.display, "DBUS_SESSION_BUS_ADDRESS": bus, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo",
            "GTK_A11Y": "none"}
        self.maild.add_account(ALICE, self.worker.url, PASSWORD)
        self.addCleanup(self.maild.stop)

    def windows(self):
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Neko Mail$"], capture_output=True,
                              text=True, timeout=stack.HANG_SECONDS,
                              env=stack.clean_environment(DISPLAY=self.display)).stdout.split()

    def launch(self, program=stack.BUILD / "src/app/neko-mail"):
        return subprocess.run([str(program), "--pop3-port", "0", "--smtp-port", "0"], env=self.maild.environment(),
                              timeout=stack.HANG_SECONDS, capture_output=True, text=True)

    def close(self, window):
        """Asks as a person does; the window manager may not be there yet, so it is asked until it works."""
        subprocess.run(["xdotool", "windowactivate", window, "key", "alt+F4"], stderr=subprocess.DEVNULL,
                       timeout=stack.HANG_SECONDS, env=stack.clean_environment(DISPLAY=self.display))
        return not self.maild.is_running()

    def test_window_shows_and_closing_it_ends_the_program(self):
        self.maild.start("src/app/neko-mail")
        window = stack.wait_until(self.windows, "the window")[0]
        stack.wait_until(lambda: self.close(window), "the end")
        self.assertEqual(self.maild.stop(), 0)

    def test_accounts_that_cannot_be_read_are_said_and_left_alone(self):
        accounts = self.maild.folder / "config" / "neko-mail" / "accounts.ini"
        accounts.write_text("no key file")
        result = self.launch()
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(accounts), result.stderr)
        self.assertEqual(accounts.read_text(), "no key file")

    def libraries(self):
        """The names of the files that neko-mail has mapped."""
        lines = Path(f"/proc/{self.maild.process.pid}/maps").read_text().splitlines()
        return {Path(fields[5]).name for fields in (line.split(maxsplit=5) for line in lines) if len(fields) > 5}

    def assert_library(self, name, is_loaded):
        found = [library for library in self.libraries() if library.startswith(f"{name}.so")]
        self.assertEqual(bool(found), is_loaded, name)

    def test_background_has_no_window_until_it_is_launched_again(self):
        self.maild.start("src/app/neko-mail", ["--background"])
        self.assertEqual(self.windows(), [])
        for name in ("neko-mail-window", "libgtk-4", "libadwaita-1", "libcairo", "libpango-1.0", "libX11"):
            self.assert_library(name, False)
        self.assertEqual(self.launch().returncode, 0)
        stack.wait_until(self.windows, "the window")
        for name in ("neko-mail-window", "libgtk-4"):
            self.assert_library(name, True)
        self.assertTrue(self.maild.is_ready())
        self.assertEqual(self.maild.stop(), 0)

    def without_window(self):
        """A neko-mail beside which is what cannot be loaded."""
        folder = self.folder / "broken"
        folder.mkdir()
        (folder / "neko-mail-window.so").write_text("no module")
        return shutil.copy2(stack.BUILD / "src/app/neko-mail", folder)

    def test_window_that_cannot_be_loaded_is_named(self):
        result = self.launch(self.without_window())
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(self.folder / "broken" / "neko-mail-window.so"), result.stderr)

    def test_background_goes_on_where_the_window_cannot_be_loaded(self):
        self.maild.start(self.without_window(), ["--background"])
        self.assertEqual(self.launch().returncode, 0)
        stack.wait_until(lambda: "neko-mail-window.so" in self.maild.log_text(), "what is wrong")
        self.assertTrue(self.maild.is_ready())
        self.assertEqual(self.maild.stop(), 0)


if __name__ == "__main__":
    unittest.main()
