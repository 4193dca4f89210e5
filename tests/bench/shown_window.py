"""What the window costs: until it is there, while it is shown, and after it was closed."""

import sys
import tempfile
import time
from pathlib import Path

from servers import pss, settled, stack

sys.path.append(str(Path(__file__).resolve().parents[1] / "ui"))

MEGABYTE = 1e6
PROGRAM = "io.github.nekomail.NekoMail"


def measure(results, quick):
    # What these need is installed for the tests of the window.
    from desktop import App, Desktop

    first, second, beside, shown, closed = [], [], [], [], []
    for _ in range(1 if quick else 5):
        with tempfile.TemporaryDirectory(prefix="neko-mail-") as folder, Desktop(folder, 900, 1000) as desktop:
            app = App(desktop)
            app.start("--background")
            before = settled(lambda: pss(app.process.pid))
            first.append(show(desktop) * 1000)
            window = window_process(desktop)
            shown.append(settled(lambda: pss(window)) / MEGABYTE)
            close(desktop)
            second.append(show(desktop) * 1000)
            close(desktop)
            closed.append((settled(lambda: pss(app.process.pid)) - before) / MEGABYTE)
            beside.append(before / MEGABYTE)
    results.limit("window, a click in the tray until it is there", "ms", first, 300)
    results.limit("window, the same the second time", "ms", second, 60)
    results.limit("window, memory while it is shown", "MB", shown, None)
    results.limit("window, neko-mail before", "MB", beside, None)
    results.limit("window, what neko-mail keeps after it was closed", "MB", closed, 1)


def windows(desktop):
    return desktop.run(["xdotool", "search", "--onlyvisible", "--class", "nekomail"]).stdout.split()


def show(desktop):
    """What the tray's click does, timed until the window is on the screen."""
    begin = time.monotonic()
    desktop.run(["gdbus", "call", "--session", "--dest", PROGRAM, "--object-path", f"/{PROGRAM.replace('.', '/')}",
                 "--method", "org.freedesktop.Application.Activate", "{}"])
    while not windows(desktop):
        pass
    return time.monotonic() - begin


def close(desktop):
    """As somebody who was told how to come back."""
    desktop.run(["gsettings", "set", PROGRAM, "background-told", "true"])
    while windows(desktop):
        desktop.run(["xdotool", "windowactivate", windows(desktop)[0], "key", "alt+F4"])
        time.sleep(0.05)


def window_process(desktop):
    """The program that shows the window on this desktop."""
    answer = desktop.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path",
                          "/org/freedesktop/DBus", "--method", "org.freedesktop.DBus.GetConnectionUnixProcessID",
                          f"{PROGRAM}.Window"]).stdout
    return int(answer.strip("(),\n").removeprefix("uint32 "))
