"""Both programs, as the build made them or installed, with a home of their own, and without a session bus."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(sys.argv[1])
PATHS = {"neko-mail": BUILD / "src/app/neko-mail", "neko-maild": BUILD / "src/command/neko-maild"}

# Long enough that only a hang reaches it, on a busy machine too.
HANG_SECONDS = 60


def environment(home, **extra):
    unwanted = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME",
                "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    mine = {name: value for name, value in os.environ.items() if name not in unwanted}
    return mine | {"HOME": str(home), "LC_ALL": "C.UTF-8", "GSETTINGS_BACKEND": "memory",
                   "GSETTINGS_SCHEMA_DIR": str(BUILD / "data")} | extra


def run(home, program, *words):
    return subprocess.run([PATHS[program], *words], env=environment(home), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=HANG_SECONDS)


def write_accounts(home, accounts):
    """What neko_account_file_format() writes, without passwords."""
    folder = Path(home) / ".config" / "neko-mail"
    folder.mkdir(parents=True)
    folder.joinpath("accounts.ini").write_text(
        "\n".join(f"[{address}]\nurl={url}\npasswords=\n" for address, url in accounts.items()))


def configured_folders():
    """Where things are to be by the names of meson's options."""
    options = json.loads(subprocess.check_output(["meson", "introspect", "--buildoptions", BUILD]))
    return {option["name"]: option["value"] for option in options}


def install(root):
    """Installs into an empty folder. Returns where things are by the names of meson's options, and "prefix"."""
    folders = configured_folders()
    prefix = Path(folders["prefix"])
    subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", root], check=True,
                   capture_output=True)
    return {name: Path(root) / str(prefix / folders[name])[1:]
            for name in ("prefix", "bindir", "libexecdir", "datadir", "mandir")}
