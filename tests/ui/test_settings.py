"""The page of settings: what is changed there acts at once, and what it says is true."""

import hashlib
import poplib
import re
import socket
import ssl
import subprocess
import unittest

import stack
from desktop import ID
from window_case import ALICE, WindowCase

POP3 = "POP3 Port, to Read Mail"
REASON = "Set by the command line while Neko Mail runs"
MESSAGE = b"From: Bob <bob@example.org>\r\nSubject: Hello\r\n\r\n" + b"Hello, hello, hello.\r\n" * 200


class SettingsCase(WindowCase):

    height = 1800

    def gsettings(self, *words):
        return subprocess.run(["gsettings", *words], env=self.app.environment(), check=True, capture_output=True,
                              text=True).stdout.strip()

    def get(self, key):
        return self.gsettings("get", ID, key)

    def open_settings(self, *arguments):
        window = self.open_window(*arguments)
        window.find("tab", "Settings").activate()
        window.find("label", "Desktop")
        return window

    def switch(self, name):
        """Changes it, and waits until it shows that."""
        before = self.window.find("switch", name).is_checked
        self.window.find("switch", name).activate()
        self.window.wait_until(lambda: self.window.find("switch", name).is_checked != before, f"the switch {name!r}")

    def wait_note(self, text):
        self.window.find("label", re.compile(text))


class ByTheSettings(SettingsCase):
    """Nothing is on the command line."""

    def setUp(self):
        super().setUp()
        self.app.arguments = lambda: ["--token-file", str(self.app.tokens)]
        self.pop3s_port, self.smtps_port = stack.free_port(), stack.free_port()
        for key, port in (("pop3-port", self.app.pop3_port), ("smtp-port", self.app.smtp_port),
                          ("pop3s-port", self.pop3s_port), ("smtps-port", self.smtps_port)):
            self.gsettings("set", ID, key, str(port))

    def greeting(self, port):
        with socket.create_connection(("127.0.0.1", port), stack.HANG_SECONDS) as client:
            client.settimeout(stack.HANG_SECONDS)
            return client.recv(4)

    def handshake(self, host, port):
        """Returns the certificate, as DER."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection((host, port), stack.HANG_SECONDS) as plain:
            with context.wrap_socket(plain) as client:
                client.settimeout(stack.HANG_SECONDS)
                self.assertEqual(client.recv(3), b"+OK" if port == self.pop3s_port else b"220")
                return client.getpeercert(binary_form=True)

    def test_port(self):
        window = self.open_settings()
        before, port = self.app.pop3_port, stack.free_port()
        self.assertEqual(window.row(POP3).text(), str(before))
        window.row(POP3).type(str(port))
        window.press("Return")
        stack.wait_until(lambda: stack.is_open(port), "the new port")
        self.assertEqual(self.greeting(port), b"+OK ")
        stack.wait_until(lambda: not stack.is_open(before), "the end of the old port")
        self.gsettings("set", ID, "pop3-port", str(before))
        window.wait_until(lambda: window.row(POP3).text() == str(before), "what somebody else set")

    def test_what_is_no_port(self):
        window = self.open_settings()
        for text in ("0", "65536", "pop"):
            with self.subTest(text=text):
                window.row(POP3).type(text)
                window.press("Return")
                self.wait_note("A port is a number from 1 to 65535")
        self.assertEqual(self.get("pop3-port"), f"uint32 {self.app.pop3_port}")
        window.row(POP3).type(str(self.app.pop3_port))
        window.press("Return")
        window.wait_gone("label", "A port is a number from 1 to 65535")

    def test_port_that_is_taken(self):
        window = self.open_settings()
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            window.row(POP3).type(str(port))
            window.press("Return")
            self.wait_note(f"Port {port} is used by another program")
        window.wait_until(lambda: not window.has("label", re.compile("is used by another program")), "by itself")
        self.assertEqual(self.greeting(port), b"+OK ")

    def test_port_that_is_chosen_twice(self):
        window = self.open_settings()
        window.row("SMTP Port, to Send Mail").type(str(self.app.pop3_port))
        window.press("Return")
        self.wait_note("This port is chosen for another server too")

    def test_tls_and_its_certificate(self):
        window = self.open_settings()
        self.assertFalse(window.has("list item", "Valid Until"))
        self.switch("TLS on This Computer")
        row = window.find("list item", "Fingerprint of the Certificate (SHA-256)")
        certificate = self.handshake("127.0.0.1", self.pop3s_port)
        digest = hashlib.sha256(certificate).hexdigest().upper()
        self.assertIn(":".join(digest[i:i + 2] for i in range(0, 64, 2)), row.labels())
        window.find("list item", "Valid Until")
        self.handshake("127.0.0.1", self.smtps_port)

        path = self.desktop.home / "exported.pem"
        window.row("Export Certificate…").click()
        window.save_as(path)
        window.find("label", "Certificate exported")
        self.assertEqual(ssl.PEM_cert_to_DER_cert(path.read_text()), certificate)
        self.assertNotIn("PRIVATE KEY", path.read_text())

        self.switch("TLS on This Computer")
        window.wait_gone("list item", "Valid Until")
        stack.wait_until(lambda: not stack.is_open(self.pop3s_port), "the end of the port")

    def test_other_computers(self):
        window = self.open_settings()
        self.switch("Let Other Computers Connect")
        self.wait_note("Every computer .* can try to log in. Mail programs there have to use TLS")
        chosen = self.get("listen-address").strip("'")
        address = chosen if chosen not in ("::", "0.0.0.0") else "127.0.0.2"
        stack.wait_until(lambda: self.connects(address, self.pop3s_port), "the port for others")
        self.handshake(address, self.pop3s_port)
        self.assert_refuses_clear_text(address)

        window.row("Address").click()
        window.find("label", "All addresses")
        window.press("End", "Return")
        stack.wait_until(lambda: self.get("listen-address").strip("'") in ("::", "0.0.0.0"), "all addresses")
        stack.wait_until(lambda: self.connects("127.0.0.2", self.pop3s_port), "the port for others")
        self.handshake(address, self.pop3s_port)
        self.assert_refuses_clear_text(address)

        self.switch("Let Other Computers Connect")
        window.wait_gone("combo box", "Address")
        stack.wait_until(lambda: not self.connects(address, self.pop3s_port), "the end of the port for others")

    def assert_refuses_clear_text(self, address):
        # Who comes from this computer may, where the server listens on all addresses.
        if address == "127.0.0.2" and self.get("listen-address") != "'127.0.0.2'":
            return
        client = poplib.POP3(address, self.app.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        with self.assertRaisesRegex(poplib.error_proto, "TLS"):
            client.user(ALICE)

    def connects(self, address, port):
        try:
            socket.create_connection((address, port), 1).close()
        except OSError:
            return False
        return True

    def test_address_that_is_not_here(self):
        self.gsettings("set", ID, "listen-address", "203.0.113.77")
        window = self.open_settings()
        self.assertTrue(window.find("switch", "Let Other Computers Connect").is_checked)
        self.assertIn("203.0.113.77", window.row("Address").labels())
        self.wait_note("This computer does not have the address 203.0.113.77 now")

    def test_pages_controls_have_names(self):
        self.gsettings("set", ID, "tls", "true")
        self.gsettings("set", ID, "listen-address", "127.0.0.2")
        self.open_settings()
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()


class SettingsTest(SettingsCase):

    def test_what_the_command_line_says_is_grey_and_says_why(self):
        window = self.open_settings("--tls", "--listen-address", "127.0.0.2", "--spool-size", "100")
        window.find("list item", "Valid Until")
        for name in (POP3, "SMTP Port, to Send Mail"):
            self.assertFalse(window.row(name).is_sensitive)
        self.assertEqual(window.row(POP3).text(), str(self.app.pop3_port))
        self.assertEqual(window.labels().count(REASON), 5)
        for name in ("TLS on This Computer", "Let Other Computers Connect"):
            self.assertTrue(window.find("switch", name).is_checked)
            self.assertFalse(window.find("switch", name).is_sensitive)
        self.assertIn("127.0.0.2", window.row("Address").labels())
        self.assertIn("100 MB", window.row("Keep at Most").labels())

    def test_autostart(self):
        path = self.desktop.home / "config" / "autostart" / f"{ID}.desktop"
        window = self.open_settings()
        self.switch("Start at Login")
        stack.wait_until(path.exists, "the file")
        self.assertIn("--background", path.read_text())
        self.switch("Start at Login")
        stack.wait_until(lambda: not path.exists(), "the end of the file")
        self.switch("Start at Login")
        stack.wait_until(path.exists, "the file")

        # Somebody else, meanwhile.
        window.find("tab", "Accounts").activate()
        window.find("list item", ALICE)
        path.unlink()
        window.find("tab", "Settings").activate()
        window.wait_until(lambda: not window.find("switch", "Start at Login").is_checked, "how it is")

    def test_autostart_that_cannot_be_written(self):
        (self.desktop.home / "config" / "autostart").write_text("no folder")
        window = self.open_settings()
        window.find("switch", "Start at Login").activate()
        window.wait_until(lambda: "Mail programs find their mail without a click" not in window.row("Start at Login").labels(),
                          "what is wrong")
        window.wait_until(lambda: not window.find("switch", "Start at Login").is_checked, "how it is")

    def test_tray(self):
        window = self.open_settings()
        self.wait_note("This desktop has no place for it now")
        tray = self.desktop.add_tray()
        tray.wait()
        self.wait_note("An icon in the panel tells how mail is doing")
        self.switch("Icon in the Panel")
        stack.wait_until(lambda: not tray.items, "an empty tray")
        self.switch("Icon in the Panel")
        tray.wait()

    def test_window_that_ends_the_program(self):
        window = self.open_settings()
        self.switch("Run Without a Window")
        window.close()
        stack.wait_until(lambda: not self.app.is_running(), "the end")
        self.assertEqual(self.app.stop(), 0)

    def test_notifications(self):
        window = self.open_settings()
        window.row("Notifications of New Mail").click()
        window.find("label", "How Many")
        window.press("Home", "Down", "Return")
        stack.wait_until(lambda: self.get("notifications") == "'count'", "the setting")
        self.gsettings("set", ID, "notifications", "none")
        window.wait_until(lambda: "None" in window.row("Notifications of New Mail").labels(), "what somebody else set")

    def test_spool(self):
        window = self.open_settings()
        password = self.app.new_password(ALICE, "a mail program")
        for number in range(3):
            self.worker.deliver("bob@example.org", ALICE, b"X-Number: %d\r\n" % number + MESSAGE)
        client = self.log_in(password)
        client.retr(1)
        window.wait_until(lambda: "0 KB" not in window.row("Kept Now").labels(), "something in the spool")
        window.find("button", "Empty Now").activate()
        window.wait_until(lambda: "0 KB" in window.row("Kept Now").labels(), "an empty spool")
        window.row("Keep at Most").click()
        window.find("label", "Nothing")
        window.press("Home", "Return")
        stack.wait_until(lambda: self.get("spool-size") == "uint32 0", "the setting")

    def log_in(self, password):
        """Once the program has heard of the password."""
        def try_it():
            client = poplib.POP3("127.0.0.1", self.app.pop3_port, timeout=stack.HANG_SECONDS)
            try:
                client.user(ALICE)
                client.pass_(password)
                if len(client.list()[1]) >= 3:
                    return client
            except poplib.error_proto:
                pass
            client.close()
            return None
        client = stack.wait_until(try_it, "three messages")
        self.addCleanup(client.close)
        return client


if __name__ == "__main__":
    unittest.main()
