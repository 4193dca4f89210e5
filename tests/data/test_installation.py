"""Installs into an empty folder, and looks where everything is. Arguments: the build's root."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import programs
import tap
from programs import BUILD, ROOT

ID = "io.github.nekomail.NekoMail"


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = Path(cls.enterClassContext(tempfile.TemporaryDirectory())) / "root"
        place = programs.install(cls.root)
        cls.programs, cls.internals, cls.data, cls.manual = (
            place[name] for name in ("bindir", "libexecdir", "datadir", "mandir"))

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

    def test_help(self):
        """Whole, as it is in the sources, and nothing else in its folder."""
        folder = ROOT / "data/help"
        installed = {path.name: path.read_bytes() for path in (self.data / "neko-mail/help").iterdir()}
        self.assertEqual(installed, {path.name: path.read_bytes() for path in folder.glob("*.html")})
        self.assertIn("neko-mail.html", installed)

    def test_settings(self):
        folder = self.data / "glib-2.0/schemas"
        subprocess.run(["glib-compile-schemas", "--strict", folder], check=True)
        result = subprocess.run(["gsettings", "--schemadir", folder, "list-keys", "io.github.nekomail.NekoMail"],
                                capture_output=True, text=True)
        self.assertIn("pop3-port", result.stdout.split())

    def test_icons(self):
        """A tray is told these names; without one of them it would show nothing, or a broken picture."""
        places = {name: f"symbolic/apps/{ID}{name}-symbolic.svg"
                  for name in ("", "-error", "-idle", "-new-mail", "-paused", "-syncing")}
        places["application"] = f"scalable/apps/{ID}.svg"
        for name, place in places.items():
            with self.subTest(name=name):
                picture = ElementTree.parse(self.data / "icons/hicolor" / place).getroot()
                size = "128" if name == "application" else "16"
                self.assertEqual((picture.get("width"), picture.get("height")), (size, size))

    def test_symbolic_icons_can_be_coloured(self):
        """GTK gives shapes the colour of the text around them. It knows neither strokes nor masks."""
        for path in sorted((self.data / "icons/hicolor/symbolic/apps").iterdir()):
            with self.subTest(name=path.name):
                shapes = list(ElementTree.parse(path).getroot())
                self.assertTrue(shapes)
                self.assertLessEqual({shape.tag.partition("}")[2] for shape in shapes}, {"path", "circle", "rect"})
                self.assertTrue(all("stroke" not in shape.attrib and "fill" in shape.attrib for shape in shapes))

    def test_no_file_knows_where_it_was_built(self):
        """But for what tells a debugger, which packages take out."""
        for path in sorted(self.root.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            with self.subTest(name=str(path.relative_to(self.root))):
                copy = self.root.with_name("stripped")
                shutil.copy(path, copy)
                subprocess.run(["strip", "--strip-debug", copy], stderr=subprocess.DEVNULL)
                text = copy.read_bytes()
                copy.unlink()
                self.assertFalse([place for place in (BUILD, ROOT, self.root) if str(place).encode() in text])


class Places(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_everything_lies_below_the_prefix(self):
        root = self.folder / "root"
        programs.install(root)
        prefix = root / programs.configured_folders()["prefix"][1:]
        outside = [path for path in root.rglob("*") if not path.is_dir() and prefix not in path.parents]
        self.assertEqual(outside, [])

    def test_uninstalled(self):
        """Folders are left, and what others have put there."""
        root = self.folder / "root"
        place = programs.install(root)
        mine = place["datadir"] / "glib-2.0/schemas/mine.gschema.xml"
        mine.write_text("<schemalist/>")
        # What ninja uninstall does with it; it takes the list of the last installation.
        subprocess.run(["meson", "--internal", "uninstall"], cwd=BUILD, check=True, capture_output=True)
        self.assertEqual([path for path in root.rglob("*") if path.is_symlink() or not path.is_dir()], [mine])


if __name__ == "__main__":
    tap.main()
