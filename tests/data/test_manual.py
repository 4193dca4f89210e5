"""Compares the manual page with what the programs say of themselves, the settings and the sources. Arguments: the
build's root."""

import os
import re
import subprocess
import tempfile
import unittest
from xml.etree import ElementTree

import programs
import tap
from programs import BUILD, ROOT, run

PAGE = BUILD / "data" / "neko-mail.1"


def plain(line):
    """A line of the page as its reader sees it."""
    macro = re.match(r"\.([BIR]{1,2}) (.*)", line)
    if macro:
        words = [quoted or word for quoted, word in re.findall(r'"([^"]*)"|(\S+)', macro[2])]
        line = (" " if len(macro[1]) == 1 else "").join(words)
    return re.sub(r"\\f[BIRP]|\\&", "", line).replace("\\-", "-")


def read_sections():
    sections = {}
    for line in PAGE.read_text().splitlines():
        if line.startswith(".SH "):
            lines = sections.setdefault(line[4:], [])
        elif sections:
            lines.append(line)
    return sections


SECTIONS = read_sections()


def heads(section):
    """What each paragraph of a section is about."""
    lines = SECTIONS[section]
    return [plain(lines[number + 1]) for number, line in enumerate(lines) if line == ".TP"]


def names(section):
    return [name for head in heads(section) for name in head.split(", ")]


def rows(section):
    """The tables of a section, without their first lines, which are in bold there."""
    return [plain(line).split("\t") for line in SECTIONS[section] if "\t" in line]


def text(section):
    return " ".join(plain(line) for line in SECTIONS[section])


def help_of(program, *words):
    with tempfile.TemporaryDirectory() as home:
        result = run(home, program, *words, "--help")
    assert result.returncode == 0, result.stderr
    return result.stdout


def options_of(help_text):
    options = re.findall(r"^  (?:(-\w), )?(--[\w-]+(?:=\w+)?)", help_text, re.MULTILINE)
    return {name for pair in options for name in pair if name}


def commands_of(help_text):
    lines = help_text.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    return [re.match(r"  (.*?)  ", line)[1].strip() for line in lines]


class Page(unittest.TestCase):
    def test_it_is_shown_without_a_warning(self):
        for width in (60, 80, 132):
            with self.subTest(width=width):
                result = subprocess.run(
                    ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", PAGE], capture_output=True, text=True,
                    env=programs.environment("/nonexistent", MANWIDTH=str(width)))
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertGreater(len(result.stdout), 10000)

    def test_both_programs_are_found_by_their_names(self):
        result = subprocess.run(["lexgrog", PAGE], capture_output=True, text=True)
        self.assertEqual(re.findall(r'"(\S+) - \w', result.stdout), ["neko-mail", "neko-maild"])

    def test_it_has_the_version(self):
        with tempfile.TemporaryDirectory() as home:
            version = run(home, "neko-maild", "--version").stdout.split()[1]
        self.assertIn(f'"Neko Mail {version}"', PAGE.read_text())


class CommandLine(unittest.TestCase):
    def test_commands(self):
        for program in programs.PATHS:
            with self.subTest(program=program):
                self.assertEqual(commands_of(help_of(program)), heads("COMMANDS"))

    def test_options(self):
        maild = options_of(help_of("neko-maild"))
        mail = options_of(help_of("neko-mail"))
        # What a command takes is in the help of commands alone.
        self.assertEqual(options_of(help_of("neko-mail", "status")), maild)
        self.assertEqual(set(names("OPTIONS")), mail | maild)

        lines = SECTIONS["OPTIONS"]
        marked = {name for number, line in enumerate(lines) if line == ".RB ( neko\\-mail )"
                  for name in plain(lines[number - 1]).split(", ")}
        self.assertEqual(marked, mail - maild)

    def test_no_option_is_made_up(self):
        known = {name.split("=")[0] for name in names("OPTIONS")}
        for section in SECTIONS.keys() - {"EXAMPLES"}:
            with self.subTest(section=section):
                self.assertLessEqual(set(re.findall(r"--[a-z][a-z0-9-]*", text(section))), known)


class ExitStatuses(unittest.TestCase):
    def test_each_is_there(self):
        header = (ROOT / "src/command/neko-command.h").read_text()
        count = len(re.findall(r"^  NEKO_EXIT_\w+,", header, re.MULTILINE))
        self.assertEqual(heads("EXIT STATUS"), [str(status) for status in range(count)])

    def test_they_are_true(self):
        cases = [
            (0, ["--version"]),
            (0, ["account", "list"]),
            (0, ["--token-file", "account", "account", "list"]),
            (1, ["account", "remove", "nobody@example.org"]),
            (1, ["account", "add", "nobody", "https://example.org"]),
            (1, ["doctor"]),
            (2, ["nonsense"]),
            (2, ["account"]),
            (2, ["account", "add", "nobody@example.org"]),
            (2, ["status", "--follow"]),
            (2, ["--nonsense", "status"]),
            (3, ["status"]),
            (3, ["--json", "status"]),
            (3, ["logs"]),
        ]
        alone = [("neko-mail", 1, ["--nonsense"]), ("neko-maild", 2, ["--nonsense"]), ("neko-maild", 2, ["--json"])]
        for program, status, words in [(name, *case) for case in cases for name in programs.PATHS] + alone:
            with self.subTest(program=program, words=words), tempfile.TemporaryDirectory() as home:
                result = run(home, program, *words)
                self.assertEqual(result.returncode, status, result.stderr)


class Places(unittest.TestCase):
    def setUp(self):
        self.home = self.enterContext(tempfile.TemporaryDirectory())

    def path(self, name):
        """The file of that name, where the page says that it is."""
        documented = [head for head in heads("FILES") if head.endswith(f"/{name}")]
        self.assertEqual(len(documented), 1, name)
        return documented[0].replace("~", self.home)

    def test_accounts(self):
        programs.write_accounts(self.home, {"alice@example.org": "https://example.org"})
        self.assertEqual(run(self.home, "neko-maild", "password", "new", "alice@example.org", "mutt").returncode, 0)
        self.assertEqual(os.stat(self.path("accounts.ini")).st_mode & 0o777, 0o600)

    def test_certificate(self):
        shown = run(self.home, "neko-maild", "certificate", "show").stdout
        self.assertIn(f"File: {self.path('certificate.pem')}\n", shown)
        self.assertEqual(os.stat(self.path("certificate.pem")).st_mode & 0o777, 0o600)

    def test_spool(self):
        self.assertIn(self.path("neko-mail"), run(self.home, "neko-maild", "doctor").stdout)


class Interfaces(unittest.TestCase):
    def test_settings(self):
        schema = ElementTree.parse(ROOT / "data/io.github.nekomail.NekoMail.gschema.xml").getroot()
        defaults = [[key.get("name"), key.find("default").text] for key in schema.iter("key")]
        self.assertEqual([row[:2] for row in rows("SETTINGS")[1:]], defaults)
        self.assertIn(schema.find("schema").get("id"), text("SETTINGS"))
        size = schema.find(".//key[@name='spool-size']/range")
        self.assertIn(f"{size.get('min')} to {size.get('max')}", text("SETTINGS"))

    def test_status(self):
        source = (ROOT / "src/service/neko-service-status.c").read_text()
        members = re.findall(r'add_(?:text|number) \(&?\w+, "(\w+)"', source) + re.findall(r'"{sv}", "(\w+)"', source)
        states = re.findall(r'\[NEKO_\w+\] = "([a-z-]+)"', source)
        self.assertGreater(len(set(members)), 20)
        self.assertEqual(set(names("STATUS JSON")), set(members))
        self.assertEqual(sorted(row[0] for row in rows("STATUS JSON")), sorted(states))

    def test_bus(self):
        interface = ElementTree.parse(ROOT / "src/service/io.github.nekomail.NekoMail.Control.xml").find("interface")
        header = (ROOT / "src/service/neko-service-control.h").read_text()
        path = re.search(r'NEKO_CONTROL_PATH "(.*)"', header)[1]
        suffix = re.search(r'NEKO_DAEMON_BUS_NAME NEKO_APPLICATION_ID "(.*)"', header)[1]
        documented = text("BUS")
        for name in (interface.get("name"), path, f"io.github.nekomail.NekoMail{suffix}.",
                     *(method.get("name") + "(" for method in interface.iter("method")),
                     *(signal.get("name") for signal in interface.iter("signal"))):
            with self.subTest(name=name):
                self.assertIn(name, documented)


if __name__ == "__main__":
    tap.main()
