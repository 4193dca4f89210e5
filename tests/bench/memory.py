"""What neko-maild costs while it does nothing, while a large message passes through, and until it is there."""

import shutil
import subprocess
import threading
import time

from servers import Double, Folder, Maild, pss, rss, settled, stack, tool, voluntary_switches, wake_ups_between

MEGABYTE = 1e6

# Near the limit of 25 MiB, header and all.
LARGE = "1,26000000"


def measure(results, quick):
    with Folder() as folder:
        idle(results, folder, quick)
    with Folder() as folder:
        large_message(results, folder)
    with Folder() as folder:
        start(results, folder, quick)
    with Folder() as folder:
        in_the_background(results, folder)


def idle(results, folder, quick):
    seconds = 10 if quick else 60
    with Double("100,2048,65536") as worker, Maild(folder, worker.url) as neko:
        tool("pop3-client", "log-in", *neko.pop3(), "--rounds", 1)
        settled(worker.requests)
        for name, read, limit in (("", pss, 10), (", with all of its libraries", rss, None)):
            results.limit(f"memory, idle neko-maild{name}", "MB",
                          [settled(lambda: read(neko.process.pid)) / MEGABYTE], limit)
        # A while after the log-in above it is written down, which is not yet idle.
        stack.wait_until((neko.folder / "state" / "neko-mail" / "statistics.ini").exists, "the statistics")
        before = voluntary_switches(neko.process.pid)
        time.sleep(seconds)
        wake_ups = wake_ups_between(before, voluntary_switches(neko.process.pid))
    results.limit("memory, idle wake-ups in 30 s", "", [wake_ups * 30 / seconds], 1)


def peak_while(pid, task):
    """The most memory that a process had while something was done."""
    done = threading.Event()
    samples = [rss(pid)]

    def sample():
        while not done.wait(0.002):
            samples.append(rss(pid))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        task()
    finally:
        done.set()
        thread.join()
    return max(samples)


def large_message(results, folder):
    with Double(LARGE) as worker, Maild(folder, worker.url) as neko:
        tasks = {
            "RETR of 26 MB": lambda: tool("pop3-client", "retrieve", *neko.pop3(), "--verify", LARGE),
            "DATA of 26 MB": lambda: tool("smtp-client", *neko.smtp(), "--corpus", LARGE),
        }
        # A log-in and a small message, so that what is loaded only then does not count.
        tool("pop3-client", "log-in", *neko.pop3(), "--rounds", 1)
        tool("smtp-client", *neko.smtp(), "--corpus", "1,8192")
        for name, task in tasks.items():
            before = settled(lambda: rss(neko.process.pid))
            peak = peak_while(neko.process.pid, task)
            results.limit(f"memory, more while {name}", "MB", [(peak - before) / MEGABYTE], 4)


def start(results, folder, quick):
    with Double() as worker:
        neko = Maild(folder, worker.url)
        neko.sign_in()
        run = tool("start-timer", neko.pop3_port, 3 if quick else 20, stack.BUILD / "src/command/neko-maild",
                   "--token-file", neko.tokens, "--pop3-port", neko.pop3_port, "--smtp-port", neko.smtp_port,
                   env=neko.environment())
    results.limit("memory, start to greeting", "ms", [run["seconds"] * 1000], 50)


def in_the_background(results, folder):
    """neko-mail without its window, on a session bus of its own."""
    name = "memory, neko-mail --background"
    program = stack.BUILD / "src/app/neko-mail"
    if not program.exists():
        results.leave_out(name, "is not built")
        return
    if shutil.which("dbus-run-session") is None:
        results.leave_out(name, "there is no dbus-run-session")
        return
    if "--background" not in subprocess.run([program, "--help"], capture_output=True, text=True).stdout:
        results.leave_out(name, "has no --background yet")
        return
    with Double() as worker:
        neko = Background(folder, worker.url)
        neko.sign_in()
        try:
            neko.start("src/app/neko-mail", ["--background"])
            tool("pop3-client", "log-in", *neko.pop3(), "--rounds", 1)
            results.limit(name, "MB", [settled(lambda: pss(neko.program())) / MEGABYTE], 14)
        finally:
            neko.stop()


class Background(Maild):
    def launch(self, arguments, **options):
        super().launch(["dbus-run-session", "--", *arguments], **options)

    def program(self):
        """The process that is neko-mail, not the bus."""
        found = subprocess.run(["pgrep", "-g", str(self.process.pid), "-x", "neko-mail"],
                               capture_output=True, text=True, check=True)
        return int(found.stdout)
