"""The page at `/` as people see it: in a real browser, with scripts off and no other host in reach."""

import tempfile
import unittest
from pathlib import Path

import browser
import stack

PASSWORD = "a password of the Worker"

WIDTHS = (320, 800, 1920)

OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

# The colours that are really there, of every text and of what stands behind it (WCAG 2.2, 1.4.3).
CONTRASTS = """
(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (value) => value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const behind = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const colour = channels(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("h1, h2, p, a, code, footer")].map((element) => {
    const pair = [channels(getComputedStyle(element).color), behind(element)].map(luminance);
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  });
})()
"""


class PageTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.workers = {}
        for name in ("new", "ready"):
            worker = cls.workers[name] = stack.LocalWorker(Path(cls.folder.name) / name, "setup key of the tests")
            cls.addClassCleanup(worker.stop)
            worker.start()
        stack.create_users(cls.workers["ready"], PASSWORD, "alice@neko.test")
        cls.browser = browser.Browser(Path(cls.folder.name) / "browser")
        cls.addClassCleanup(cls.browser.stop)
        cls.browser.start()

    def open(self, name="ready", **wishes):
        self.browser.open(f"{self.workers[name].url}/", **wishes)

    def text(self):
        return self.browser.evaluate("document.body.innerText")

    def test_says_what_it_is_and_where(self):
        self.open()
        text = self.text()
        self.assertIn("This server is set up.", text)
        self.assertIn("It serves neko.test.", text)
        self.assertIn(self.workers["ready"].url, text.splitlines())
        self.assertNotIn("alice", text)
        self.assertEqual(self.browser.evaluate("document.title"), "Neko Mail")
        links = self.browser.evaluate("[...document.links].map((link) => link.href)")
        self.assertEqual(links, ["https://github.com/nekomail/neko-mail"])

    def test_says_what_to_do_before_the_set_up(self):
        self.open("new")
        self.assertIn("This server is not set up yet.", self.text())
        self.assertIn("npm run setup", self.text())

    def test_speaks_chinese(self):
        self.open(language="zh-CN,zh;q=0.9,en;q=0.8")
        self.assertIn("此服务器已设置完成。", self.text())
        self.assertEqual(self.browser.evaluate("document.documentElement.lang"), "zh-Hans")

    def test_gives_the_browser_nothing_to_complain_about_and_asks_no_other_host(self):
        for name in self.workers:
            for scheme in ("light", "dark"):
                with self.subTest(name=name, scheme=scheme):
                    self.open(name, scheme=scheme)
                    self.text()
                    self.assertEqual(self.browser.complaints(), [])
                    own = self.workers[name].url
                    asked = {url.removeprefix(own) for url in self.browser.requests()}
                    self.assertEqual(asked - {"/favicon.ico"}, {"/"})

    def test_has_its_style_in_both_schemes(self):
        backgrounds = set()
        for scheme in ("light", "dark"):
            self.open(scheme=scheme)
            backgrounds.add(self.browser.evaluate("getComputedStyle(document.body).backgroundColor"))
            contrasts = self.browser.evaluate(CONTRASTS)
            self.assertGreater(len(contrasts), 8)
            self.assertGreaterEqual(min(contrasts), 4.5, scheme)
        self.assertEqual(backgrounds, {"rgb(246, 245, 244)", "rgb(29, 29, 32)"})

    def test_fits_every_width(self):
        for name in self.workers:
            for language in ("en", "zh"):
                for width in WIDTHS:
                    with self.subTest(name=name, language=language, width=width):
                        self.open(name, language=language, width=width)
                        self.assertEqual(self.browser.evaluate("innerWidth"), width)
                        self.assertFalse(self.browser.evaluate(OVERFLOWS))

    def test_is_whole_without_style(self):
        self.open()
        self.browser.evaluate("document.querySelector('style').remove()")
        self.assertIn("This server is set up.", self.text())
        self.assertFalse(self.browser.evaluate(OVERFLOWS))

    def test_can_be_heard(self):
        self.open()
        tree = self.browser.call("Accessibility.getFullAXTree")["nodes"]
        found = [(node["role"]["value"], node.get("name", {}).get("value", ""))
                 for node in tree if not node.get("ignored")]
        self.assertEqual([name for role, name in found if role == "heading"],
                         ["Neko Mail", "State", "Connect", "Get the desktop program"])
        self.assertEqual([name for role, name in found if role == "region"],
                         ["State", "Connect", "Get the desktop program"])
        self.assertIn(("link", "github.com/nekomail/neko-mail"), found)
        self.assertEqual(sum(role == "main" for role, _ in found), 1)

    def test_a_script_in_it_would_not_run(self):
        """The policy holds even where scripts are on: it is no accident that the page has none."""
        self.open()
        self.browser.call("Emulation.setScriptExecutionDisabled", value=False)
        self.browser.evaluate("""
            const script = document.createElement('script');
            script.textContent = 'document.title = "ran"';
            document.body.append(script);
        """)
        self.assertEqual(self.browser.evaluate("document.title"), "Neko Mail")


if __name__ == "__main__":
    unittest.main()
