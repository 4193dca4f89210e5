"""Installs into an empty folder, and looks where everything is. Arguments: the build's root."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import programs
import tap
from programs import BUILD, ROOT


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        options = json.loads(subprocess.check_output(["meson", "introspect", "--buildoptions", BUILD]))
        folders = {option["name"]: option["value"] for option in options}
        prefix = Path(folders["prefix"])
        place = {name: cls.root / str(prefix / folders[name])[1:] for name in ("bindir", "libexecdir", "datadir", "mandir")}
        cls.programs, cls.internals, cls.data, cls.manual = place.values()
        subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", cls.root], check=True,
                       capture_output=True)

    def test_programs(self):
        for name in programs.PATHS:
            with self.subTest(name=name), tempfile.TemporaryDirectory() as home:
                result = subprocess.run([self.programs / name, "account", "list"], env=programs.environment(home),
                                        capture_output=True, text=True)
                self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_window(self):
        result = subprocess.run([self.internals / "neko-mail-window"], env=programs.environment("/nonexistent"),
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("neko-mail shows it", result.stderr)

    def test_manual(self):
        for name in programs.PATHS:
            with self.subTest(name=name):
                result = subprocess.run(["man", "-M", self.manual, "-P", "cat", name], capture_output=True, text=True,
                                        env=programs.environment("/nonexistent", MANWIDTH="80"))
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertIn("account add", result.stdout)

    def test_completion(self):
        source = (ROOT / "data/bash-completion/neko-mail").read_text()
        for name in programs.PATHS:
            with self.subTest(name=name):
                self.assertEqual((self.data / "bash-completion/completions" / name).read_text(), source)

    def test_settings(self):
        folder = self.data / "glib-2.0/schemas"
        subprocess.run(["glib-compile-schemas", "--strict", folder], check=True)
        result = subprocess.run(["gsettings", "--schemadir", folder, "list-keys", "io.github.nekomail.NekoMail"],
                                capture_output=True, text=True)
        self.assertIn("pop3-port", result.stdout.split())


if __name__ == "__main__":
    tap.main()
