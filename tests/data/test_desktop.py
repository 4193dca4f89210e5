"""What the desktop and systemd read, checked by their own validators and done as they would do it. Arguments: the
build's root."""

import configparser
import json
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from xml.etree import ElementTree

import programs
import tap
from programs import HANG_SECONDS, ROOT

ID = "io.github.nekomail.NekoMail"
OBJECT = "/io/github/nekomail/NekoMail"
ROOT = Path(__file__).resolve().parents[2]

# Our name cannot be another one any more; and of <developer> and <developer_name> each version of AppStream knows one.
KNOWN_REMARKS = ("cid-contains-uppercase-letter", "unknown-tag developer", "developer-name-tag-deprecated")

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={folder}</listen>
  <servicedir>{folder}</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


def read_entry(path):
    """Key files are written with = alone, and their keys have capitals."""
    parser = configparser.ConfigParser(delimiters="=", interpolation=None, strict=True)
    parser.optionxform = str
    parser.read_string(path.read_text())
    return parser


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.place = programs.install(cls.root)
        cls.data = cls.place["datadir"]

    def relocated(self, path):
        """A file that names programs, as if it had been installed where it is."""
        prefix = str(self.place["prefix"]).removeprefix(self.root)
        text = path.read_text()
        self.assertIn(f"{prefix}/", text)
        return text.replace(f"{prefix}/", f"{self.place['prefix']}/")

    def folder(self):
        return Path(self.enterContext(tempfile.TemporaryDirectory()))


class Entry(Installed):
    def setUp(self):
        self.path = self.data / f"applications/{ID}.desktop"
        self.file = read_entry(self.path)
        self.entry = self.file["Desktop Entry"]

    def test_it_is_valid(self):
        result = subprocess.run(["desktop-file-validate", self.path], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_what_it_names_is_there(self):
        self.assertTrue((self.place["bindir"] / self.entry["Exec"].split()[0]).exists())
        self.assertTrue((self.data / f"icons/hicolor/scalable/apps/{self.entry['Icon']}.svg").exists())

    def test_it_is_started_by_its_name(self):
        self.assertEqual(self.entry["DBusActivatable"], "true")
        self.assertTrue((self.data / f"dbus-1/services/{ID}.service").exists())

    def test_actions(self):
        """Whoever does not use D-Bus has a command that does the same."""
        names = self.entry["Actions"].rstrip(";").split(";")
        self.assertEqual({f"Desktop Action {name}" for name in names}, set(self.file) - {"DEFAULT", "Desktop Entry"})
        for name in names:
            with self.subTest(name=name):
                self.assertEqual(self.file[f"Desktop Action {name}"]["Exec"], f"gapplication action {ID} {name}")


class Metainfo(Installed):
    def setUp(self):
        self.path = self.data / f"metainfo/{ID}.metainfo.xml"

    def test_it_is_valid(self):
        result = subprocess.run(["appstreamcli", "validate", "--pedantic", "--no-net", "--no-color", self.path],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        found = re.findall(r"^[EWIP]: \S+ (.+)$", result.stdout, re.MULTILINE)
        self.assertEqual([words for words in found if not words.startswith(KNOWN_REMARKS)], [], result.stdout)

    def test_a_store_page_has_what_it_shows(self):
        """What Flathub asks for, beyond what is valid."""
        root = ElementTree.parse(self.path)
        name, summary = root.findtext("name"), root.findtext("summary")
        self.assertLessEqual(len(name), 20)
        self.assertLessEqual(len(summary), 50)
        self.assertFalse(summary.endswith("."))
        self.assertEqual({color.get("scheme_preference") for color in root.iterfind("branding/color[@type='primary']")},
                         {"light", "dark"})
        self.assertIsNotNone(root.find("developer[@id]/name"))
        self.assertIsNotNone(root.find("content_rating[@type='oars-1.1']"))
        for release in root.iterfind("releases/release"):
            self.assertTrue(release.findtext("description/p"), release.get("version"))

    def test_screenshots_are_in_the_repository(self):
        """As they are at the tag of this version, of the size that is told."""
        root = ElementTree.parse(self.path)
        latest = root.find("releases/release").get("version")
        screenshots = root.findall("screenshots/screenshot")
        self.assertGreaterEqual(len(screenshots), 2)
        self.assertEqual([each.get("type") for each in screenshots].count("default"), 1)
        for screenshot in screenshots:
            self.assertTrue(screenshot.findtext("caption"))
            image = screenshot.find("image")
            address, _, name = image.text.partition(f"/v{latest}/")
            self.assertEqual(address, "https://raw.githubusercontent.com/nekomail/neko-mail")
            size = struct.unpack(">II", (ROOT / name).read_bytes()[16:24])
            self.assertEqual((int(image.get("width")), int(image.get("height"))), size, name)

    def test_it_is_translated(self):
        """Each language has what the page says first."""
        root = ElementTree.parse(self.path)
        language = "{http://www.w3.org/XML/1998/namespace}lang"
        for code in (ROOT / "po" / "LINGUAS").read_text().split():
            for tag in ("summary", "description/p", "screenshots/screenshot/caption"):
                self.assertIn(code, {each.get(language) for each in root.iterfind(tag)}, tag)

    def test_it_tells_of_this_version(self):
        latest = ElementTree.parse(self.path).find("releases/release").get("version")
        version = subprocess.check_output([self.place["bindir"] / "neko-mail", "--version"], text=True,
                                          env=programs.environment("/nonexistent"))
        self.assertEqual(version, f"neko-mail {latest}\n")

    def test_it_belongs_to_the_entry(self):
        self.assertEqual(ElementTree.parse(self.path).find("launchable").text, f"{ID}.desktop")


class Flatpak(unittest.TestCase):
    """Two manifests of one program."""

    def setUp(self):
        self.release, self.development = (json.loads((ROOT / f"flatpak/{ID}{kind}.json").read_text())
                                          for kind in ("", ".Devel"))

    def test_they_are_of_this_program_and_version(self):
        version = re.search(r"version: '(.+)'", (ROOT / "meson.build").read_text())[1]
        self.assertEqual(self.release["id"], ID)
        self.assertEqual([source["tag"] for source in self.release["modules"][-1]["sources"]], [f"v{version}"])
        self.assertRegex(self.release["runtime-version"], r"^\d+$")

    def test_they_differ_in_the_sources_and_debugging_alone(self):
        differs = ("sources", "config-opts", "build-options")
        for manifest in (self.release, self.development):
            for module in manifest["modules"]:
                for key in differs:
                    module.pop(key, None)
        self.assertEqual(self.development, self.release)

    def test_permissions_stay_narrow(self):
        """One more is a decision, to be made here too. Neither the home, nor the keyring's name, nor a whole bus."""
        self.assertEqual(set(self.release["finish-args"]), {
            "--share=network", "--share=ipc", "--socket=wayland", "--socket=fallback-x11", "--device=dri",
            "--talk-name=org.kde.StatusNotifierWatcher"})


class Unit(Installed):
    """What systemd says of the units without running; tests/debian runs them."""

    # The worst is 10. The user's has what a manager without rights can do.
    EXPOSURE = {"system": 1.5, "user": 6.5}

    def setUp(self):
        self.home = self.folder()

    def unit(self, manager):
        path = self.home / "neko-maild.service"
        path.write_text(self.relocated(self.place["prefix"] / f"lib/systemd/{manager}/neko-maild.service"))
        return path

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True,
                              env=programs.environment(self.home, XDG_RUNTIME_DIR=str(self.home)))

    def test_systemd_understands_it(self):
        """Of a setting that it does not know, it only tells."""
        for manager in self.EXPOSURE:
            with self.subTest(manager=manager):
                result = self.analyze(f"--{manager}", "--man=no", "verify", self.unit(manager))
                self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_it_may_do_little(self):
        for manager, limit in self.EXPOSURE.items():
            with self.subTest(manager=manager):
                result = self.analyze(f"--{manager}", "security", "--no-pager", "--offline=true",
                                      f"--threshold={limit * 10:.0f}", self.unit(manager))
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
                self.assertRegex(result.stdout, r"Overall exposure level for neko-maild.service: \d")

    def test_it_reads_the_tokens_that_the_manual_has_written(self):
        path = self.unit("system").read_text()
        tokens = re.search(r"^LoadCredential=tokens:(.*)$", path, re.MULTILINE)[1]
        manual = (ROOT / "data/neko-mail.1.in").read_text().replace("\\-", "-")
        self.assertIn(f"--token-file {tokens}", manual)

    def test_its_user_is_made(self):
        unit = self.unit("system").read_text()
        user = re.search(r"^User=(.*)$", unit, re.MULTILINE)[1]
        home = f"/var/lib/{re.search(r'^StateDirectory=(.*)$', unit, re.MULTILINE)[1]}"
        library = self.place["prefix"] / "lib"
        root = self.folder()
        (root / "etc").mkdir()
        subprocess.run(["systemd-sysusers", f"--root={root}", library / "sysusers.d/neko-mail.conf"], check=True,
                       capture_output=True)
        self.assertRegex((root / "etc/passwd").read_text(), rf"(?m)^{user}:x:\d+:\d+:[^:]*:{home}:/\S*nologin$")
        self.assertIn(f"d {home} 0700 {user} {user} -\n", (library / "tmpfiles.d/neko-mail.conf").read_text())


class Activation(Installed):
    """A bus that starts programs by their names."""

    def setUp(self):
        home = self.folder()
        service = self.relocated(self.data / f"dbus-1/services/{ID}.service")
        (home / f"{ID}.service").write_text(service)
        (home / "bus.conf").write_text(BUS.format(folder=home))
        settings = home / ".config/glib-2.0/settings/keyfile"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[io/github/nekomail/NekoMail]\npop3-port=uint32 {free_port()}\n"
                            f"smtp-port=uint32 {free_port()}\n")
        environment = programs.environment(home, GSETTINGS_BACKEND="keyfile")
        self.bus = subprocess.Popen(["dbus-daemon", "--nofork", "--print-address", f"--config-file={home}/bus.conf"],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        self.addCleanup(self.stop_bus)
        self.environment = environment | {"DBUS_SESSION_BUS_ADDRESS": self.bus.stdout.readline().strip()}

    def stop_bus(self):
        self.bus.terminate()
        self.bus.wait(HANG_SECONDS)
        self.bus.stdout.close()

    def call(self, name, path, method, *arguments):
        return subprocess.run(["gdbus", "call", "--session", "--dest", name, "--object-path", path, "--method", method,
                               *arguments], env=self.environment, capture_output=True, text=True, timeout=HANG_SECONDS)

    def ask_bus(self, method, *arguments):
        return self.call("org.freedesktop.DBus", "/", f"org.freedesktop.DBus.{method}", *arguments).stdout

    def wait_for(self, condition):
        end = time.monotonic() + HANG_SECONDS
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def stop_service(self, process):
        os.kill(process, signal.SIGTERM)
        self.wait_for(lambda: "false" in self.ask_bus("NameHasOwner", ID))

    def test_it_starts_without_a_window(self):
        """As for an action, or a notification that somebody clicks on: a window is for those who ask for it."""
        self.assertIn("uint32 1", self.ask_bus("StartServiceByName", ID, "0"))
        process = int(re.search(r"uint32 (\d+)", self.ask_bus("GetConnectionUnixProcessID", ID))[1])
        self.addCleanup(self.stop_service, process)
        self.wait_for(lambda: "'accounts'" in self.call(ID, OBJECT, f"{ID}.Control.GetStatus").stdout)
        self.assertNotIn("libgtk-4", Path(f"/proc/{process}/maps").read_text())
        self.assertEqual(Path(f"/proc/{process}/task/{process}/children").read_text(), "")

    def test_commands_do_not_start_it(self):
        """What asks how it is must not change that."""
        status = subprocess.run([self.place["bindir"] / "neko-mail", "status", "--json"], env=self.environment,
                                capture_output=True, text=True, timeout=HANG_SECONDS)
        self.assertEqual(status.returncode, 3, status.stderr)
        self.assertIn("false", self.ask_bus("NameHasOwner", ID))


if __name__ == "__main__":
    tap.main()
