"""The documents as programs read them: headings, links, pictures, commands, and the words of the app that they quote."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELP = {"en": ROOT / "data/help/neko-mail.html", "zh_CN": ROOT / "data/help/neko-mail.zh_CN.html"}
README = {"en": ROOT / "README.md", "zh_CN": ROOT / "README.zh_CN.md"}
WORKER_README = ROOT / "src/worker/README.md"

# Folders of other people's files, and of what is made.
NOT_OURS = {"build", "node_modules", ".git", "subprojects"}


@dataclass
class Document:
    headings: list = field(default_factory=list)  # (depth, text)
    anchors: list = field(default_factory=list)
    links: list = field(default_factory=list)
    pictures: list = field(default_factory=list)  # (what it shows in words, path)
    blocks: list = field(default_factory=list)  # of code, each a list of lines
    app_words: list = field(default_factory=list)
    steps: dict = field(default_factory=dict)  # by the anchor before them


def version():
    return re.search(r"version: '(.*)'", (ROOT / "meson.build").read_text())[1]


def markdown_files():
    return sorted(path for path in ROOT.rglob("*.md") if not NOT_OURS & set(path.relative_to(ROOT).parts))


def anchor_of(heading):
    """As GitHub makes it: without markup and punctuation, in small letters, with hyphens for spaces."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")


def split_blocks(text):
    """The text without code, and the blocks of code: between fences, or indented behind an empty line."""
    prose, blocks, block = [], [], None
    is_fenced = is_after_blank = False
    depth = 0  # of the list that an indented block is in
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if line.startswith("```"):
            is_fenced = not is_fenced
            if is_fenced:
                blocks.append([])
        elif is_fenced:
            blocks[-1].append(line)
        elif not line.strip():
            is_after_blank = True
            if block is not None:
                block.append("")
        elif indent >= depth + 4 and (block is not None or is_after_blank):
            if block is None:
                block = []
                blocks.append(block)
            block.append(line[depth + 4:])
        else:
            if re.match(r"([-*]|\d+\.) ", line.lstrip()):
                depth = indent + 2 if line.lstrip()[0] in "-*" else 0
            elif indent == 0:
                depth = 0
            block = None
            is_after_blank = False
            prose.append(line)
    return "\n".join(prose), [strip_blank(lines) for lines in blocks]


def strip_blank(lines):
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def read_markdown(path):
    prose, blocks = split_blocks(path.read_text())
    plain = re.sub(r"`[^`]*`", "", prose)
    headings = [(len(marks), text) for marks, text in re.findall(r"^(#+) (.*)$", prose, re.MULTILINE)]
    return Document(
        headings=headings,
        anchors=[anchor_of(text) for _, text in headings],
        links=re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", plain),
        pictures=re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", plain),
        blocks=blocks,
        app_words=[re.sub(r"\s+", " ", words) for words in re.findall(r"\*\*(.+?)\*\*", plain, re.DOTALL)])


class HelpReader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.document = Document()
        self.kept = None  # the text of the element that is read
        self.section = None
        self.kind = None
        self.is_in_steps = False
        self.tags = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.document.anchors.append(attributes["id"])
            self.section = attributes["id"]
        if "href" in attributes:
            self.document.links.append(attributes["href"])
        if tag == "img":
            self.document.pictures.append((attributes.get("alt", ""), attributes.get("src", "")))
        if tag == "ol":
            self.is_in_steps = attributes.get("class") == "steps"
        is_word = tag == "q" and attributes.get("class") == "app"
        if is_word or tag in ("h1", "h2", "h3") or (tag == "pre" and attributes.get("class") == "commands") or \
                (tag == "li" and self.is_in_steps):
            self.kind, self.kept = tag, ""

    def handle_data(self, text):
        if self.kept is not None:
            self.kept += text

    def handle_endtag(self, tag):
        if tag == "ol":
            self.is_in_steps = False
        if self.kept is None or tag != self.kind:
            return
        text, self.kept = self.kept, None
        if tag == "pre":
            self.document.blocks.append(text.splitlines())
        elif tag == "q":
            self.document.app_words.append(re.sub(r"\s+", " ", text))
        elif tag == "li":
            self.document.steps.setdefault(self.section, []).append(text)
        else:
            self.document.headings.append((int(tag[1]), text))


def read_help(path):
    reader = HelpReader()
    reader.feed(path.read_text())
    reader.close()
    reader.document.tags = reader.tags
    return reader.document


def read(path):
    return read_help(path) if path.suffix == ".html" else read_markdown(path)


# What begins a command where a block has output, too.
PROMPT = "$ "


def commands(lines):
    """The commands of a block: (command, output). A line that ends with a backslash goes on, and one that opens a here
    document goes to its end. Where a line has a prompt, lines without one are what is shown."""
    has_prompts = any(line.startswith(PROMPT) for line in lines)
    found = []
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        if has_prompts and not line.startswith(PROMPT):
            if found:
                found[-1][1].append(line)
            continue
        if not line.strip():
            continue
        command = [line.removeprefix(PROMPT) if has_prompts else line]
        while command[-1].endswith("\\") and rest:
            command.append(rest.pop(0))
        end = re.search(r"<<'(\w+)'", command[-1])
        while end and rest and command[-1].strip() != end[1]:
            command.append(rest.pop(0))
        found.append(("\n".join(command), []))
    return found


def all_commands(path):
    return [command for lines in read(path).blocks for command in commands(lines)]


# Words of the app

def unquote(text):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).replace('\\"', '"').replace("\\n", "\n")


def catalogue(language="zh_CN"):
    """English to the other language, plurals as well."""
    found = {}
    for entry in (ROOT / f"po/{language}.po").read_text().split("\n\n"):
        texts = {name: unquote(value) for name, value in
                 re.findall(r'^(msgid|msgid_plural|msgstr|msgstr\[0\]) ((?:".*"\n?)+)', entry, re.MULTILINE)}
        translated = texts.get("msgstr", texts.get("msgstr[0]"))
        for name in ("msgid", "msgid_plural"):
            if texts.get(name):
                found[texts[name]] = translated
    return found


def as_shown(text):
    """Without the letter for the keyboard, which Chinese has in parentheses."""
    return re.sub(r"_(?=\w)", "", re.sub(r"\(_\w\)", "", text))


def pattern_of(text):
    """What fits a text of the app where something is put in."""
    parts = re.split(r"(%(?:\d+\$)?[-+ #0']*\d*(?:\.\d+)?[a-z]+|\{\w+\})", as_shown(text))
    return re.compile("".join(".+" if number % 2 else re.escape(part) for number, part in enumerate(parts)))


def has_words(patterns, words):
    return any(pattern.fullmatch(words) for pattern in patterns)
