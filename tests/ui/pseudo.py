"""A language that nobody speaks: each string accented and longer, so that what is not translated and what does not fit
are seen."""

import re
import struct
import subprocess
import tempfile
from pathlib import Path

import stack

LANGUAGE = "xx"

# How much longer than English a translation may be.
GROWTH = 1.4

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "åƀçđéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ"
ACCENTS = str.maketrans(PLAIN, ACCENTED)

# What has a meaning: formats of printf, marked names, tags and entities.
KEPT = re.compile(r"%(?:\d+\$)?[-+ #0']*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh?|ll?|[qjzt])?[diouxXeEfFgGcsp%]"
                  r"|\{\w*\}|</?\w[^<>]*>|&\w+;")

HEADER = b"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

KEYWORDS = ["-k_", "-kN_", "-kngettext:1,2", "-kC_:1c,2", "-kg_dgettext:2", "-kg_dngettext:2,3"]


def accent(text):
    """Longer by doubled vowels, as long words are longer in other languages too; the rest goes to the end."""
    parts = []
    end = 0
    for match in KEPT.finditer(text):
        parts += [(text[end:match.start()], False), (match.group(), True)]
        end = match.end()
    parts.append((text[end:], False))
    missing = round(sum(len(part) for part, kept in parts if not kept) * (GROWTH - 1))
    result = []
    for part, kept in parts:
        if kept:
            result.append(part)
            continue
        for letter in part:
            result.append(letter.translate(ACCENTS))
            if missing > 0 and letter in "aeiouyAEIOUY":
                result.append(letter.lower().translate(ACCENTS))
                missing -= 1
    if missing > 0:
        # Before what ends a sentence, and a line end that gettext wants on both sides.
        tail = re.search(r"[\s.…:!?]*$", "".join(result)).group()
        joined = "".join(result)
        return joined[:len(joined) - len(tail)] + "ẋ" * missing + tail
    return "".join(result)


def read_catalogue(data):
    """The pairs of a .mo file of this machine's byte order."""
    _, _, count, originals, translations = struct.unpack("=5I", data[:20])
    for number in range(count):
        pair = []
        for table in (originals, translations):
            length, start = struct.unpack("=2I", data[table + 8 * number:table + 8 * number + 8])
            pair.append(data[start:start + length])
        yield pair


def write_catalogue(pairs):
    pairs = sorted(pairs)
    table, blob = [], b""
    start = 28 + 16 * len(pairs)
    for text in [original for original, _ in pairs] + [translation for _, translation in pairs]:
        table += [len(text), start + len(blob)]
        blob += text + b"\0"
    head = struct.pack("=7I", 0x950412de, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + struct.pack(f"={len(table)}I", *table) + blob


def words():
    """All strings for people, in the sources of now, as a compiled English catalogue."""
    listed = (stack.ROOT / "po" / "POTFILES").read_text().split()
    with tempfile.TemporaryDirectory() as folder:
        template, english, compiled = (Path(folder) / name for name in ("all.pot", "en.po", "en.mo"))
        for command in (["xgettext", "--from-code=UTF-8", *KEYWORDS, "-o", template, *listed],
                        ["msgen", "-o", english, template], ["msgfmt", "-o", compiled, english]):
            subprocess.run([str(word) for word in command], cwd=stack.ROOT, check=True, capture_output=True)
        return list(read_catalogue(compiled.read_bytes()))


def install(prefix):
    """Puts the catalogue where an installed program looks for it."""
    pairs = [(original, b"\0".join(accent(text.decode()).encode() for text in english.split(b"\0")) if original else HEADER)
             for original, english in words()]
    path = Path(prefix) / "share" / "locale" / LANGUAGE / "LC_MESSAGES" / "neko-mail.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_catalogue(pairs))
    return path


def untranslated(text, strangers=()):
    """The English letters in a text that is shown, but for those in what is nobody's to translate."""
    for stranger in sorted(strangers, key=len, reverse=True):
        text = text.replace(stranger, "")
    return re.findall(f"[{PLAIN}]+", text)
