"""Neko Mail as it is installed by Flatpak: in its sandbox, on a desktop of its own, with programs outside that use it.

`./dev flatpak --check` installs it and runs this."""

import configparser
import os
import poplib
import shutil
import smtplib
import subprocess
import tempfile
import unittest
from pathlib import Path
from urllib.parse import unquote, urlsplit

import portals
import stack
from desktop import ID, Desktop

ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"
OBJECT = "/io/github/nekomail/NekoMail"
DATA = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
INSTALLATION = Path(os.environ.get("FLATPAK_USER_DIR") or DATA / "flatpak").resolve()

# What the sandbox has to choose for itself.
SETTINGS_OF_TESTS = ("GSETTINGS_BACKEND", "GSETTINGS_SCHEMA_DIR", "ADW_DISABLE_PORTAL")


class SandboxedApp(stack.Maild):
    """neko-mail, run by Flatpak."""

    prefix = None

    def __init__(self, desktop):
        super().__init__(desktop.home)
        self.desktop = desktop
        desktop.add(self)
        (self.place / "config").mkdir(parents=True)
        shutil.copytree(desktop.home / "config" / "gtk-4.0", self.place / "config" / "gtk-4.0")

    @property
    def place(self):
        """What the sandbox has of the home."""
        return self.desktop.home / ".var" / "app" / ID

    def environment(self):
        environment = self.desktop.environment() | {"FLATPAK_USER_DIR": str(INSTALLATION),
                                                    "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"}
        return {name: value for name, value in environment.items() if name not in SETTINGS_OF_TESTS}

    def command(self, *words, text=None, program="neko-mail"):
        return subprocess.run(["flatpak", "run", "--user", f"--command={program}", ID, *words], input=text, text=True,
                              capture_output=True, env=self.environment(), timeout=stack.HANG_SECONDS)

    def add_account(self, address, url, password, *options):
        return self.command("account", "add", address, url, *options, text=password + "\n")

    def start(self, *arguments):
        with open(self.log, "ab") as log:
            self.launch(["flatpak", "run", "--user", ID, "--pop3-port", self.pop3_port, "--smtp-port", self.smtp_port,
                         *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment())
        stack.wait_until(self.is_ready, f"the mail servers, see {self.log}")
        return self

    def call(self, *words):
        return self.desktop.run(["gdbus", "call", "--session", "--dest", ID, "--object-path", OBJECT, "--method", *words])

    def stop(self, *_):
        """By its own action: whoever runs Flatpak's program does not see the one in the sandbox."""
        if not self.is_running():
            return super().stop()
        self.call("org.gtk.Actions.Activate", "quit", "[]", "{}")
        stack.wait_until(lambda: not self.is_running(), "the end of the program")
        return super().stop()


class FlatpakCase(stack.WorkerCase):

    keyring = "open"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="flatpak-", dir=self.folder)
        self.addCleanup(folder.cleanup)
        self.desktop = Desktop(folder.name)
        self.addCleanup(self.desktop.stop)
        self.desktop.start()
        self.desktop.add(portals.AccessibilityBus(self.desktop.bus, self.desktop.accessibility_bus))
        if self.keyring:
            self.keys = self.desktop.add_keyring()
            self.portals = portals.start(self.desktop)
        self.app = SandboxedApp(self.desktop)

    def sign_in(self, *options):
        result = self.app.add_account(ALICE, self.worker.url, PASSWORD, *options)
        self.assertEqual(result.returncode, 0, result.stderr)

    def start(self, *arguments):
        self.sign_in()
        self.app.start(*arguments)
        self.wait_in_step()

    def status(self):
        return self.app.command("status").stdout

    def wait_in_step(self):
        stack.wait_until(lambda: f"{ALICE}  in step" in self.status(), "an account in step")

    def deliver(self, text):
        message = f"From: bob@example.org\r\nTo: {ALICE}\r\nSubject: {text}\r\n\r\n.{text}\r\n..\r\n".encode()
        self.assertEqual(self.worker.deliver("bob@example.org", ALICE, message)[0], 200)
        return message


class MailTest(FlatpakCase):

    def log_in(self, password):
        client = poplib.POP3("127.0.0.1", self.app.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        client.pass_(password)
        return client

    def test_mail_from_outside(self):
        self.start("--background")
        password = self.app.must("password", "new", ALICE, "outside")
        for name, message in stack.samples():
            with self.subTest(name=name):
                self.assertEqual(self.worker.deliver("bob@example.org", ALICE, message)[0], 200)
        client = self.log_in(password)
        count = client.stat()[0]
        self.assertEqual(count, len(stack.samples()))
        for number, (name, message) in enumerate(stack.samples(), 1):
            with self.subTest(name=name):
                received = b"\r\n".join(client.retr(number)[1]) + b"\r\n"
                self.assertEqual(stack.without_trace(received), stack.to_crlf(message))
        client.quit()

        message = (f"From: {ALICE}\r\nTo: bob@example.org\r\nSubject: out\r\nDate: Sat, 28 Nov 2026 09:00:00 +0000\r\n"
                   f"Message-ID: <out@neko.test>\r\n\r\n.a dot\r\nthe end\r\n").encode()
        with smtplib.SMTP("127.0.0.1", self.app.smtp_port, timeout=stack.HANG_SECONDS) as sender:
            sender.login(ALICE, password)
            sender.sendmail(ALICE, ["bob@example.org"], message)
        envelope, sent = self.worker.sent()[-1]
        self.assertEqual(sent, message)
        self.assertEqual(envelope["to"], "bob@example.org")

    def test_token_is_sealed_and_survives(self):
        """By what the keyring outside has for this program."""
        self.start("--background")
        self.app.stop()
        self.app.start("--background")
        self.wait_in_step()
        stored = configparser.ConfigParser(interpolation=None)
        stored.read(self.app.place / "data/neko-mail/sealed-tokens")
        self.assertEqual(self.worker.request("GET", "/v1/me", token=stored[ALICE]["token"])[0], 401)

    def test_account_that_is_added_while_it_runs(self):
        """Two programs in two sandboxes share the file of tokens."""
        self.app.start("--background")
        self.sign_in()
        self.wait_in_step()
        self.app.must("account", "remove", ALICE)
        stack.wait_until(lambda: ALICE not in self.status(), "no account")
        self.sign_in()
        self.wait_in_step()

    def test_everything_is_in_the_sandbox(self):
        """The home itself has nothing of it, whatever it looks like from inside."""
        self.start("--background")
        self.deliver("one")
        password = self.app.must("password", "new", ALICE, "outside")
        client = self.log_in(password)
        client.retr(1)
        client.dele(1)
        client.quit()
        self.app.must("certificate", "show")
        self.app.stop()
        outside = [path for path in self.desktop.home.rglob("*") if "neko" in path.name.lower() and path != self.app.log
                   and self.app.place not in (path, *path.parents)]
        self.assertEqual(outside, [])
        for name in ("config/neko-mail", "data/neko-mail", ".local/state/neko-mail/statistics.ini"):
            self.assertTrue((self.app.place / name).exists(), name)


class KeyringTest(FlatpakCase):

    def keyring_state(self):
        return next((line for line in self.status().splitlines() if ALICE in line), "")

    def test_locked(self):
        """The portal cannot ask anybody here, and so says no. That is not asked again until somebody wants it."""
        self.sign_in()
        self.keys.lock()
        self.app.start("--background")
        stack.wait_until(lambda: "The keyring stays locked" in self.keyring_state(), "a locked keyring")
        self.keys.unlock()
        self.app.must("check")
        self.wait_in_step()


class NoPortalTest(FlatpakCase):

    keyring = None

    def devices(self):
        token = self.worker.call("POST", "/v1/tokens", {"address": ALICE, "password": PASSWORD, "device": "test"})["token"]
        return [device["device"] for device in self.worker.call("GET", "/v1/tokens", token=token)["tokens"]]

    def test_it_is_said_before_a_token_is_made(self):
        result = self.app.add_account(ALICE, self.worker.url, PASSWORD)
        self.assertEqual(result.returncode, 1)
        self.assertIn("The desktop has no portal for secrets", result.stderr)
        self.assertFalse([name for name in self.devices() if name.startswith("Neko Mail on")])

    def test_tokens_in_a_file(self):
        """A path that is there inside."""
        tokens = str(self.app.place / "data/tokens")
        self.sign_in("--token-file", tokens)
        self.app.start("--background", "--token-file", tokens)
        self.wait_in_step()


class CommandTest(FlatpakCase):

    def test_without_a_screen(self):
        """neko-maild is there too, and has the same accounts and settings."""
        self.sign_in()
        self.assertIn(ALICE, self.app.command("account", "list", program="neko-maild").stdout)
        result = self.app.command("set", ID, "pop3-port", str(self.app.pop3_port), program="gsettings")
        self.assertEqual(result.returncode, 0, result.stderr)
        maild = stack.Process()
        self.addCleanup(maild.stop)
        maild.launch(["flatpak", "run", "--user", "--command=neko-maild", ID, "--smtp-port", str(self.app.smtp_port)],
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.app.environment())
        stack.wait_until(lambda: stack.is_open(self.app.pop3_port), "POP3 on the port of the settings")
        stack.wait_until(lambda: "in step" in self.app.command("status", program="neko-maild").stdout, "an account in step")

    def test_doctor(self):
        self.start("--background")
        self.app.must("password", "new", ALICE, "outside")
        result = self.app.command("doctor")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


class DesktopTest(FlatpakCase):

    def open_window(self):
        self.start()
        self.window = self.desktop.window(self.app, self.worker)
        return self.window

    def test_tray(self):
        tray = self.desktop.add_tray()
        self.start("--background")
        stack.wait_until(lambda: tray.values()["IconName"] == f"{ID}-idle-symbolic", "the icon")
        exported = INSTALLATION / "exports/share/icons/hicolor"
        for state in ("error", "idle", "new-mail", "paused", "syncing"):
            self.assertTrue((exported / f"symbolic/apps/{ID}-{state}-symbolic.svg").exists(), state)
        self.assertTrue((exported / f"scalable/apps/{ID}.svg").exists())
        tray.activate()
        self.desktop.window(self.app, self.worker)

    def test_window(self):
        window = self.open_window()
        window.wait_in_step(ALICE)
        self.assertIn("WM_CLASS", self.desktop.run(["xprop", "-id", window.windows()[0], "WM_CLASS"]).stdout)

    def test_start_at_login(self):
        window = self.open_window()
        window.find("tab", "Settings").activate()
        window.find("switch", "Start at Login").activate()
        command = ["flatpak", "run", "--command=neko-mail", ID, "--background"]
        stack.wait_until(lambda: self.portals.autostart == [(ID, True, command)], "the desktop's list of what to start")
        window.wait_until(lambda: window.find("switch", "Start at Login").is_checked, "the switch")

    def test_notification(self):
        self.start("--background")
        self.deliver("News")
        stack.wait_until(lambda: self.portals.notifications, "a notification")
        (application, notification), = self.portals.notifications.values()
        self.assertEqual(application, ID)
        self.assertIn("News", str(notification))

    def add_program(self, kind):
        """One of the desktop, outside of the sandbox. Returns the file into which it writes what it is given."""
        place = self.desktop.home / "data" / "applications"
        place.mkdir(parents=True)
        opened = self.desktop.home / "opened"
        (place / "double.desktop").write_text(
            f"[Desktop Entry]\nType=Application\nName=Double\nExec=sh -c 'echo \"$1\" >{opened}' sh %u\nMimeType={kind};\n")
        subprocess.run(["update-desktop-database", place], check=True, env=self.desktop.environment())
        return opened

    def wait_opened(self, opened):
        stack.wait_until(lambda: opened.exists() and opened.read_text(), "the program")
        return opened.read_text().strip()

    def test_mail_program(self):
        opened = self.add_program("x-scheme-handler/mailto")
        self.start("--background")
        self.app.call("org.gtk.Actions.Activate", "open-mail", "[]", "{}")
        self.assertEqual(self.wait_opened(opened), "mailto:")

    def test_help(self):
        """A browser outside can read it."""
        opened = self.add_program("text/html")
        self.open_window().press("F1")
        given = self.wait_opened(opened)
        path = unquote(urlsplit(given).path) if given.startswith("file:") else given
        self.assertEqual(Path(path).read_text(), (stack.ROOT / "data/help/neko-mail.html").read_text())


if __name__ == "__main__":
    unittest.main()
