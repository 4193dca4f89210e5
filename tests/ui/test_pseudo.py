"""The window in a language that is longer than English, as narrow as a telephone."""

import re
import socket
import subprocess
import unittest

import prefix
import pseudo
from screenshots import FIRST_PAGES, PAGES, populate
from window_case import ADMIN, ALICE, BOB, WindowCase

# Nobody's to translate.
NAMES = ["Neko Mail", "POP3", "SMTP", "Thunderbird", "Evolution", "KMail", "Outlook", "mutt", "neko.test", "Fritz", ADMIN,
         ALICE, BOB, f"Neko Mail on {socket.gethostname()}", "sales@neko.test", "pierre@neko.test",
         "maximiliane.mustermann-von-und-zu@neko.test"]

# Fingerprints, and addresses with the interfaces that have them.
DATA = re.compile(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}|[0-9a-f.:]+ \(\w+\)")

# GTK's and libadwaita's own, which have their own catalogues.
THEIRS = {"Minimize the window", "Maximize the window", "Restore the window", "Close the window", "Minimize", "Maximize",
          "Restore", "Close", "Apply", "Show Text", "Hide Text", "GtkImage"}


class PseudoTest(unittest.TestCase):

    def test_what_has_a_meaning_is_kept(self):
        for text in ("%s of %u", "%1$s%%", "100%% of %'.2f", "<b>%s</b> &amp; more", "_Open {name}", "One\nTwo\n", "Wait…"):
            with self.subTest(text=text):
                accented = pseudo.accent(text)
                self.assertEqual(pseudo.KEPT.findall(accented), pseudo.KEPT.findall(text))
                self.assertEqual((accented.count("\n"), accented.count("_")), (text.count("\n"), text.count("_")))
                self.assertEqual(accented[-1:] == "\n", text[-1:] == "\n")
                self.assertFalse(pseudo.untranslated(accented, pseudo.KEPT.findall(text)))
                self.assertGreaterEqual(len(accented), len(text))

    def test_longer(self):
        for text in ("Accounts", "Each mail program gets a password of its own", "POP3 port"):
            self.assertAlmostEqual(len(pseudo.accent(text)) / len(text), pseudo.GROWTH, delta=0.1)


class PseudoWindowTest(WindowCase):

    width, height = 360, 1600
    language = pseudo.LANGUAGE

    @classmethod
    def setUpClass(cls):
        cls.prefix = prefix.make()
        path = pseudo.install(cls.prefix)
        subprocess.run(["msgunfmt", "-o", "/dev/null", path], check=True)
        super().setUpClass()
        populate(cls.worker, cls.admin)
        # The Worker's own sentences are English, and shown as details.
        checks = cls.worker.call("GET", "/v1/diagnostics", token=cls.admin)["checks"]
        cls.names = [*NAMES, cls.worker.url, *(check[name] for check in checks for name in ("finding", "remedy") if check[name])]

    def assert_translated(self):
        """All that is shown, and all that a screen reader says of controls."""
        wrong = []
        for node in self.window.nodes():
            texts = {node.name, node.description} if node.role == "label" or node.is_control else set()
            wrong += [node for text in texts - THEIRS
                      if not DATA.fullmatch(text) and pseudo.untranslated(text, self.names)]
        self.assertEqual(wrong, [], f"the window shows:\n{self.window.dump()}")

    def assert_fits(self):
        """GTK asks for no more than the screen has, so nothing is cut off, and nothing lies outside."""
        self.assertLessEqual(self.window.minimum_width(), self.width, self.window.dump())
        wrong = [(node, node.rectangle) for node in self.window.nodes()
                 if (node.role == "label" or node.is_control) and
                 (node.rectangle[0] < 0 or node.rectangle[0] + node.rectangle[2] > self.width)]
        self.assertEqual(wrong, [], f"the window shows:\n{self.window.dump()}")

    def assert_pages(self, pages):
        self.open_window()
        for name, go in pages.items():
            with self.subTest(page=name):
                go(self.window)
                self.assert_translated()
                self.assert_fits()

    def test_pages(self):
        self.assert_pages(PAGES)


class PseudoFirstRunTest(PseudoWindowTest):

    accounts = ()

    def test_pages(self):
        self.assert_pages(FIRST_PAGES)


if __name__ == "__main__":
    unittest.main()
