"""What is written for people: whether links lead somewhere, both languages say the same, and what is quoted of the app is
there. Arguments: the build's root."""

import json
import re
import unittest
from xml.etree import ElementTree

import documents
import tap
from documents import HELP, README, ROOT

SCHEMA = ROOT / "data/io.github.nekomail.NekoMail.gschema.xml"
METAINFO = ROOT / "data/io.github.nekomail.NekoMail.metainfo.xml.in"
SCREENSHOTS = ROOT / "data/screenshots"

# The pages that have to be there, in the order in which a reader needs them.
PAGES = ["README.md", "README.zh_CN.md", "SECURITY.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "RELEASING.md", "CHANGELOG.md",
         "src/worker/README.md"]

# The app's own problem texts lead to these, and so may others: they keep their names.
SYMPTOMS = {"no-mail", "cannot-send", "wrong-password", "cannot-connect", "offline", "signed-out", "keyring", "no-tray",
            "port-taken", "certificate", "full", "add-account", "updated"}
SECTIONS = {"start", "connect", "passwords", "troubleshooting", "other-computers", "without-a-screen", "backup", "privacy",
            "more"}


def all_pages():
    return [*documents.markdown_files(), *HELP.values()]


def defaults():
    return {key.get("name"): key.find("default").text for key in ElementTree.parse(SCHEMA).getroot().iter("key")}


class Pages(unittest.TestCase):
    def test_they_are_there(self):
        there = {str(path.relative_to(ROOT)) for path in documents.markdown_files()}
        self.assertLessEqual(set(PAGES), there)

    def test_links(self):
        """Relative ones; where others lead nobody can know who has no network."""
        count = 0
        for path in all_pages():
            for link in documents.read(path).links:
                if re.match(r"[a-z]+:", link):
                    continue
                count += 1
                with self.subTest(page=path.relative_to(ROOT), link=link):
                    name, _, anchor = link.partition("#")
                    target = (path.parent / name).resolve() if name else path
                    self.assertTrue(target.exists())
                    self.assertTrue(target.is_relative_to(ROOT))
                    if anchor:
                        self.assertIn(anchor, documents.read(target).anchors)
        self.assertGreater(count, 60)

    def test_links_to_others_are_protected(self):
        for path in all_pages():
            for link in documents.read(path).links:
                with self.subTest(page=path.relative_to(ROOT), link=link):
                    self.assertFalse(link.startswith("http:"))

    def test_pictures(self):
        used = set()
        for path in all_pages():
            for words, name in documents.read(path).pictures:
                with self.subTest(page=path.relative_to(ROOT), picture=name):
                    self.assertGreater(len(words), 10)
                    self.assertEqual((path.parent / name).read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
                    used.add((path.parent / name).resolve())
        self.assertEqual(used, set(SCREENSHOTS.glob("*.png")))

    def test_names_of_folders_and_functions(self):
        """What the page for maintainers names is in the sources."""
        text = (ROOT / "ARCHITECTURE.md").read_text()
        sources = "\n".join(path.read_text() for folder in ("src", "tests") for pattern in ("*.c", "*.h", "*.ts", "*.py")
                            for path in (ROOT / folder).rglob(pattern) if "node_modules" not in path.parts)
        functions = set(re.findall(r"`(?:\w+\.)?(\w+)\(\)`", text))
        self.assertGreater(len(functions), 35)
        for name in functions:
            with self.subTest(function=name):
                self.assertRegex(sources, rf"(?m)^(?:{name} \(|.*\b(?:function\*?|async|def|const) {name}\(|  (?:\w+ )?{name}\()")
        for name in re.findall(r"`(\w+\.(?:route|deliver|insert|changed|find|accept|repeated|attemptFirst|deleteMessages|resume))\(\)`",
                               text):
            kind, method = name.split(".")
            with self.subTest(method=name):
                self.assertRegex(sources, rf"(?s)export class {kind}\b.*?\n  (?:async )?{method}\(")
        for name in set(re.findall(r"`(Neko[A-Z]\w+)`", text)):
            with self.subTest(type=name):
                self.assertRegex(sources, rf"\b{name}\b")
        for name in set(re.findall(r"`((?:src|tests|data)/[\w./-]+)`", text)):
            with self.subTest(path=name):
                self.assertTrue((ROOT / name).exists())


class Languages(unittest.TestCase):
    def test_readme(self):
        english, chinese = (documents.read(path) for path in README.values())
        self.assertEqual([depth for depth, _ in chinese.headings], [depth for depth, _ in english.headings])
        self.assertEqual(chinese.blocks, english.blocks)
        self.assertEqual(len(chinese.app_words), len(english.app_words))
        both = set(path.name for path in README.values())
        self.assertEqual([link for link in chinese.links if link not in both], [link for link in english.links if link not in both])
        self.assertEqual([path.replace(".zh_CN", "") for _, path in chinese.pictures], [path for _, path in english.pictures])
        for path, other in (("en", "zh_CN"), ("zh_CN", "en")):
            self.assertIn(README[other].name, README[path].read_text().splitlines()[0])

    def test_help(self):
        english, chinese = (documents.read(path) for path in HELP.values())
        self.assertEqual(chinese.anchors, english.anchors)
        self.assertEqual(chinese.blocks, english.blocks)
        self.assertEqual(chinese.links, english.links)
        self.assertEqual([depth for depth, _ in chinese.headings], [depth for depth, _ in english.headings])

    def test_help_says_the_same_words_of_the_app(self):
        """In the same order within each section, as far as the order of a sentence lets them."""
        translations = {documents.as_shown(english): documents.as_shown(chinese)
                        for english, chinese in documents.catalogue().items()}
        english, chinese = (documents.read(path).app_words for path in HELP.values())
        self.assertEqual(len(chinese), len(english))
        missing = [words for words in english if words in translations and translations[words] not in chinese]
        self.assertEqual(missing, [])


class Help(unittest.TestCase):
    def test_sections(self):
        document = documents.read(HELP["en"])
        self.assertEqual(len(document.anchors), len(set(document.anchors)))
        self.assertLessEqual(SECTIONS | SYMPTOMS, set(document.anchors))
        symptoms = {attributes["id"] for tag, attributes in document.tags if attributes.get("class") == "symptom"}
        self.assertEqual(symptoms, SYMPTOMS)

    def test_every_section_is_in_the_list_above(self):
        document = documents.read(HELP["en"])
        listed = [link[1:] for link in document.links if link.startswith("#")]
        self.assertEqual([anchor for anchor in document.anchors if anchor not in listed], [])

    def test_it_needs_no_other_file(self):
        """A portal hands out this one alone; and a page of help asks nobody in the network."""
        for path in HELP.values():
            with self.subTest(page=path.name):
                tags = documents.read(path).tags
                self.assertLessEqual({tag for tag, _ in tags} & {"script", "link", "iframe", "object", "img"}, set())
                self.assertEqual([attributes for _, attributes in tags if "src" in attributes], [])
                self.assertEqual([name for _, attributes in tags for name in attributes if name.startswith("on")], [])
                self.assertNotRegex(path.read_text(), r"@import|url\(")

    def test_it_is_well_formed(self):
        """But for what HTML never closes, each element is closed in its turn."""
        for path in HELP.values():
            with self.subTest(page=path.name):
                text = re.sub(r"<(meta [^>]*)>", r"<\1/>", path.read_text().split("\n", 1)[1])
                root = ElementTree.fromstring(text)
                self.assertEqual(root.get("lang"), {"en": "en", "zh_CN": "zh-CN"}[{v: k for k, v in HELP.items()}[path]])

    def test_steps_are_those_of_the_app(self):
        source = (ROOT / "src/ui/neko-mail-programs.c").read_text()
        programs = {name: [documents.unquote(step) for step in re.findall(r'N_ \(((?:\s*"(?:[^"\\]|\\.)*")+)\)', steps)]
                    for name, steps in re.findall(r'^    "(\w+)",\n    \{\n(.*?)^    \},', source, re.DOTALL | re.MULTILINE)}
        self.assertIn("Thunderbird", programs)
        translations = documents.catalogue()
        for language, path in HELP.items():
            shown = documents.read(path).steps
            for name, steps in programs.items():
                with self.subTest(language=language, program=name):
                    wanted = steps if language == "en" else [translations[step] for step in steps]
                    self.assertEqual(shown[f"connect-{name.lower()}"], wanted)
            self.assertEqual(len(shown), len(programs))

    def test_settings_of_mutt_are_those_of_the_app(self):
        source = (ROOT / "src/ui/neko-mail-programs.c").read_text()
        template = documents.unquote(re.search(r'g_strdup_printf \((("[^\n]*"\s*)+)', source)[1])
        user, values = "you%40your.domain", defaults()
        filled = template.replace("%u", "%s") % ("you@your.domain", user, values["pop3-port"], user, values["smtp-port"])
        for path in HELP.values():
            with self.subTest(page=path.name):
                self.assertIn(f'<pre class="file">{filled}</pre>', path.read_text())


class WordsOfTheApp(unittest.TestCase):
    """What is quoted is there, and as it is there."""

    @classmethod
    def setUpClass(cls):
        catalogue = documents.catalogue()
        cls.patterns = {"en": [documents.pattern_of(text) for text in catalogue],
                        "zh_CN": [documents.pattern_of(text) for text in catalogue.values()]}

    def test_help(self):
        for language, path in HELP.items():
            words = documents.read(path).app_words
            self.assertGreater(len(words), 80)
            for quoted in words:
                with self.subTest(language=language, quoted=quoted):
                    self.assertTrue(documents.has_words(self.patterns[language], quoted))

    def test_pages(self):
        """What is bold; but the Worker's page, which is about another program."""
        count = 0
        for path in documents.markdown_files():
            if path == documents.WORKER_README:
                continue
            language = "zh_CN" if path == README["zh_CN"] else "en"
            for quoted in documents.read(path).app_words:
                count += 1
                with self.subTest(page=path.relative_to(ROOT), quoted=quoted):
                    self.assertTrue(documents.has_words(self.patterns[language], quoted))
        self.assertGreater(count, 20)


class Values(unittest.TestCase):
    def test_thunderbird_is_told_what_the_app_shows(self):
        """Server and ports of the five steps."""
        server = re.search(r'id="host_row">.*?<property name="subtitle">(.*?)<', (ROOT / "src/ui/neko-connect-page.ui").read_text(),
                           re.DOTALL)[1]
        values = defaults()
        for path in README.values():
            with self.subTest(page=path.name):
                section = re.search(r"^## (?:Connect|连接) Thunderbird\n(.*?)^## ", path.read_text(), re.DOTALL | re.MULTILINE)[1]
                steps = re.findall(r"^\d\. (.*(?:\n   .*)*)", section, re.MULTILINE)
                self.assertEqual(len(steps), 5)
                for step, protocol, port in ((steps[2], "POP3", values["pop3-port"]), (steps[3], "", values["smtp-port"])):
                    self.assertIn(protocol, step)
                    self.assertIn(server, step)
                    self.assertEqual(re.findall(r"\b\d{5}\b", step), [port])

    def test_help_tells_the_default_ports(self):
        values = defaults()
        ports = {values[f"{name}-port"] for name in ("pop3", "smtp", "pop3s", "smtps")}
        for path in HELP.values():
            with self.subTest(page=path.name):
                self.assertEqual(set(re.findall(r"<code>(\d{5})</code>", path.read_text())), ports)

    def test_security_page_tells_what_the_code_does(self):
        text = (ROOT / "SECURITY.md").read_text()
        worker = (ROOT / "src/worker/src/storage/password.ts").read_text()
        rounds = int(re.search(r"ROUNDS = ([\d_]+)", worker)[1].replace("_", "")) * int(re.search(r"PASSES = (\d+)", worker)[1])
        self.assertIn(f"{rounds:,} rounds", text)
        length = int(re.search(r"PASSWORD_LENGTH (\d+)", (ROOT / "src/account/neko-bridge-password.h").read_text())[1])
        alphabet = re.search(r'alphabet\[\]\s*=\s*"(\w+)"', (ROOT / "src/account/neko-bridge-password.c").read_text())[1]
        self.assertIn(f"{length * (len(alphabet).bit_length() - 1)} random bits", text)
        self.assertIn(f"{defaults()['spool-size']} MiB", text)
        failures = int(re.search(r"FREE_FAILURES (\d+)", (ROOT / "src/server/neko-throttle.h").read_text())[1])
        self.assertEqual(failures, 5)
        self.assertIn("After five wrong ones", text)
        limits = (ROOT / "src/worker/src/limits.ts").read_text()
        entries = int(re.search(r"MAX_AUDIT_ENTRIES = ([\d_]+)", limits)[1].replace("_", ""))
        self.assertIn(f"last {entries:,} entries", text)
        days = re.search(r"KEEP_SUBMISSIONS = (\d+) \* DAY", limits)[1]
        self.assertIn(f"for {days} days", text)


class Release(unittest.TestCase):
    def changes(self):
        return re.findall(r"^## (\d+\.\d+\.\d+) – (\d{4}-\d{2}-\d{2})$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    def test_one_version_everywhere(self):
        releases = [(release.get("version"), release.get("date")) for release in ElementTree.parse(METAINFO).iter("release")]
        self.assertEqual(self.changes(), releases)
        package = json.loads((ROOT / "src/worker/package.json").read_text())["version"]
        lock = json.loads((ROOT / "src/worker/package-lock.json").read_text())["version"]
        code = re.search(r"VERSION = '(.*)'", (ROOT / "src/worker/src/version.ts").read_text())[1]
        self.assertEqual({package, lock, code, self.changes()[0][0]}, {documents.version()})

    def test_pages_name_this_version(self):
        for path in README.values():
            with self.subTest(page=path.name):
                named = re.findall(r"(?<![\d.])\d+\.\d+\.\d+(?!\.?\d)", path.read_text())
                self.assertEqual(set(named) - {documents.version()}, set())
                self.assertGreater(len(named), 2)

    def test_pictures_are_not_old(self):
        """They are taken when the version is, so those of the last release are as old as they may be. `./dev screenshots
        --update` notes of which they are: whether pages look otherwise by now only a person can tell, but nobody can
        forget to look for longer than a release."""
        noted = (SCREENSHOTS / "VERSION").read_text().strip()
        self.assertIn(noted, [name for name, _ in self.changes()][:2])


if __name__ == "__main__":
    tap.main()
