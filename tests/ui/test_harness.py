"""What the tests of the window stand on: the desktop and its doubles."""

import subprocess
import tempfile
import unittest

import stack
from desktop import Desktop


class DesktopTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        self.addCleanup(folder.cleanup)
        self.desktop = Desktop(folder.name, 320, 200)
        self.addCleanup(self.desktop.stop)
        self.desktop.start()

    def call(self, name, path, method, *arguments):
        return self.desktop.run(["gdbus", "call", "--session", "--dest", name, "--object-path", path, "--method", method,
                                 *arguments]).stdout

    def test_nothing_starts_by_itself(self):
        names = self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListActivatableNames")
        self.assertEqual(names.strip(), "(['org.freedesktop.DBus'],)")

    def test_nothing_is_left(self):
        groups = [process.process.pid for process in self.desktop.processes]
        self.desktop.stop()
        self.assertFalse([group for group in groups if stack.has_members(group)])

    def test_keyring_can_be_locked_and_opened(self):
        keyring = self.desktop.add_keyring(locked=True)

        def state():
            return self.call("org.freedesktop.secrets", keyring.LOGIN, "org.freedesktop.DBus.Properties.Get",
                             "org.freedesktop.Secret.Collection", "Locked")

        self.assertIn("true", state())
        keyring.unlock()
        stack.wait_until(lambda: "false" in state(), "an open keyring")

    def test_notifications(self):
        notifications = self.desktop.add_notifications()
        name, path = notifications.name, notifications.path
        for title in ("first", "second"):
            self.call(name, path, f"{name}.Notify", "program", "0", "icon", title, "body", "['default', 'Open']", "{}", "0")
        notification = notifications.wait("second")
        self.assertEqual((notification.body, notification.actions), ("body", {"default": "Open"}))
        notifications.invoke(notification.id)
        self.call(name, path, f"{name}.CloseNotification", "1")
        self.assertEqual(notifications.shown(), [])

    def test_tray_comes_and_goes(self):
        tray = self.desktop.add_tray()
        item = self.desktop.launch(["gdbus", "monitor", "--session", "--dest", tray.name], stdout=subprocess.PIPE, text=True)
        self.assertTrue(item.process.stdout.readline())
        self.call(tray.name, tray.path, f"{tray.name}.RegisterStatusNotifierItem", "/item")
        stack.wait_until(lambda: not tray.items, "the end of an item whose program ended")
        tray.stop()
        self.assertEqual(self.call(tray.name, tray.path, f"{tray.name}.RegisterStatusNotifierItem", "/item"), "")


if __name__ == "__main__":
    unittest.main()
