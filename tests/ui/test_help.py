"""The help, which the window opens in whatever the desktop opens web pages with."""

import unittest
from pathlib import Path
from urllib.parse import unquote, urlsplit

import prefix
import stack
from window_case import ALICE, WindowCase

BROWSER = """[Desktop Entry]
Type=Application
Name=A browser
Exec={script} %u
MimeType=text/html;
"""

SCRIPT = """#!/bin/sh
echo "$1" > '{file}.part'
mv '{file}.part' '{file}'
"""


class HelpCase(WindowCase):

    accounts = (ALICE,)

    def setUp(self):
        super().setUp()
        self.opened = self.desktop.folder / "opened"

    def add_browser(self):
        programs = self.desktop.home / "data" / "applications"
        programs.mkdir(parents=True)
        script = self.desktop.folder / "browser"
        script.write_text(SCRIPT.format(file=self.opened))
        script.chmod(0o755)
        (programs / "a-browser.desktop").write_text(BROWSER.format(script=script))
        (self.desktop.home / "config" / "mimeapps.list").write_text("[Default Applications]\ntext/html=a-browser.desktop\n")

    def wait_opened(self):
        """The file that the browser was given."""
        stack.wait_until(self.opened.exists, "the browser")
        given = self.opened.read_text().strip()
        self.opened.unlink()
        # GIO hands over the path of a local file, though it is asked for a URI.
        return Path(unquote(urlsplit(given).path) if given.startswith("file:") else given)

    def choose_in_menu(self, name):
        self.window.press("F10")
        self.window.find("menu item", self.window.translate(name)).activate()


class EnglishTest(HelpCase):

    def test_key_and_menu_open_it_where_it_was_built(self):
        self.add_browser()
        window = self.open_window()
        built = stack.BUILD / "data" / "help" / "neko-mail.html"
        window.press("F1")
        self.assertEqual(self.wait_opened(), built)
        self.choose_in_menu("Help")
        self.assertEqual(self.wait_opened(), built)
        self.assertEqual(built.read_text(), (stack.ROOT / "data" / "help" / "neko-mail.html").read_text())

    def test_key_opens_it_over_another_page(self):
        self.add_browser()
        window = self.open_window()
        window.row(ALICE).click()
        window.find("label", "Mail Programs")
        window.press("F1")
        self.assertEqual(self.wait_opened().name, "neko-mail.html")

    def test_where_nothing_opens_it_the_window_says_where_it_is(self):
        """Icons and kinds of files are known there, programs are not."""
        share = self.desktop.folder / "share"
        share.mkdir()
        for name in ("icons", "mime"):
            (share / name).symlink_to(Path("/usr/share") / name)
        environment = self.app.environment() | {"XDG_DATA_DIRS": str(share)}
        self.app.environment = lambda: environment
        window = self.open_window()
        window.press("F1")
        window.find("label", f"No program opens the help. It is in {stack.BUILD / 'data' / 'help' / 'neko-mail.html'}")
        self.assertFalse(self.opened.exists())


class ChineseTest(HelpCase):

    language = "zh_CN"

    @classmethod
    def setUpClass(cls):
        cls.prefix = prefix.make()
        super().setUpClass()

    def test_key_and_menu_open_it_where_it_is_installed(self):
        self.add_browser()
        window = self.open_window()
        installed = self.prefix / "share" / "neko-mail" / "help" / "neko-mail.zh_CN.html"
        window.press("F1")
        self.assertEqual(self.wait_opened(), installed)
        self.choose_in_menu("_Help")
        self.assertEqual(self.wait_opened(), installed)
        self.assertIn('<html lang="zh-CN">', installed.read_text())


class AnotherLanguageTest(HelpCase):

    language = "xx"

    def test_it_is_opened_in_english_where_nobody_translated_it(self):
        self.add_browser()
        self.open_window().press("F1")
        self.assertEqual(self.wait_opened().name, "neko-mail.html")


if __name__ == "__main__":
    unittest.main()
