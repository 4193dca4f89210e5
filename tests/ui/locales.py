"""Languages for windows: locales made by localedef into the build folder, so that none has to be installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import stack

FOLDER = stack.BUILD / "locale"

# The name of a language to its locale, and for one that no system has, what gettext is told besides.
LANGUAGES = {
    "en": ("en_US", None),
    "zh_CN": ("zh_CN", None),
    "xx": ("en_US", "xx"),
}


def make(name):
    made = FOLDER / f"{name}.UTF-8"
    if made.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        result = subprocess.run(["localedef", "-i", name, "-f", "UTF-8", f"{folder}/{name}.UTF-8"], capture_output=True,
                                text=True, env=os.environ | {"LC_ALL": "C"})
        source = Path(folder) / f"{name}.UTF-8"
        if not source.exists():
            raise RuntimeError(f"localedef: {result.stderr}")
        try:
            source.rename(made)
        except OSError:  # another test was quicker
            shutil.rmtree(source)


def environment(language):
    locale, translation = LANGUAGES[language]
    make(locale)
    values = {"LOCPATH": str(FOLDER), "LANG": f"{locale}.UTF-8", "LC_ALL": f"{locale}.UTF-8", "LANGUAGE": ""}
    return values | ({"LANGUAGE": translation} if translation else {})
