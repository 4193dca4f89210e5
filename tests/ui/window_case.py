"""A test case with a Worker for each class, and a desktop with neko-mail for each test."""

import poplib
import re
import tempfile

from desktop import App, Desktop
import stack

ADMIN = "admin@neko.test"
ALICE = "alice@neko.test"
BOB = "bob@neko.test"
PASSWORD = "a password of the Worker"

# What GTK 4.8 calls an element that nobody named.
TYPE_NAME = re.compile(r"^(Gtk|Adw|Neko)[A-Z]\w+$")

# The window manager has keys for what is in the title bar.
TITLE_BUTTONS = {"Minimize the window", "Maximize the window", "Restore the window", "Close the window"}

# Buttons of libadwaita 1.2's entry rows, which have a tooltip and no name.
ROW_BUTTONS = {"Apply", "Show Text", "Hide Text"}


WARNING = re.compile(r"(Gtk|Gdk|Adwaita|GLib(-GObject|-GIO)?)-(WARNING|CRITICAL)|\): CRITICAL \*\*")

# AdwViewSwitcherTitle 1.2 lays out what does not fit before it knows that; GTK 4.8 is not of one mind about the width of
# AdwActionRow's wrapped titles; and most desktops of tests show no notifications.
NOT_OURS = ("gtk_widget_size_allocate", "reports a minimum width of",
            "unable to send notifications through org.freedesktop.Notifications")


class WindowCase(stack.WorkerCase):
    """What a class wants otherwise, it says by these."""

    width, height = 900, 1400
    language, scheme = "en", "light"
    maximized = True
    keyring = None  # "open" or "locked"
    accounts = (ALICE,)
    prefix = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = stack.create_users(cls.worker, PASSWORD, ALICE, BOB)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="desktop-", dir=self.folder)
        self.addCleanup(folder.cleanup)
        self.desktop = Desktop(folder.name, self.width, self.height, self.language, self.scheme, self.maximized)
        self.addCleanup(self.desktop.stop)
        self.desktop.start()
        if self.keyring:
            self.keys = self.desktop.add_keyring()
        self.app = App(self.desktop, with_keyring=bool(self.keyring), prefix=self.prefix)
        for address in self.accounts:
            self.app.add_account(address, self.worker.url, PASSWORD)
        if self.keyring == "locked":
            self.keys.lock()

    def tearDown(self):
        """What GLib, GTK and libadwaita call a warning is a mistake of ours."""
        log = self.app.log_text() if self.app.log.exists() else ""
        wrong = [line for line in log.splitlines()
                 if WARNING.search(line) and not any(words in line for words in NOT_OURS)]
        self.assertEqual(wrong, [])

    def open_window(self, *arguments):
        """Starts neko-mail, and waits for its window."""
        self.app.start(*arguments)
        self.window = self.desktop.window(self.app, self.worker)
        return self.window

    # A mail program

    def pop3(self, user=ALICE):
        """A POP3 client that has said who it is."""
        client = poplib.POP3("127.0.0.1", self.app.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(user)
        return client

    def log_in(self, password, user=ALICE):
        """A POP3 client that has logged in."""
        client = self.pop3(user)
        client.pass_(password)
        return client

    # What is true of every page

    def assert_controls_have_names(self):
        for control in self.window.controls():
            if control.description not in ROW_BUTTONS:
                self.assertTrue(control.name.strip() and not TYPE_NAME.match(control.name),
                                f"{control!r} has no name:\n{self.window.dump()}")

    def assert_keyboard_reaches_controls(self):
        reached = self.window.walk_keyboard()
        missing = [control for control in self.window.controls()
                   if control not in reached and control.description not in TITLE_BUTTONS]
        self.assertEqual(missing, [], f"not reached; these were: {reached}; the window shows:\n{self.window.dump()}")
