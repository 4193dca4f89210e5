"""Runs all tests, or all lints, shows what ran and ends with one line: N passed, N failed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
WORKER = ROOT / "src" / "worker"


def environment():
    """Without what would lead tests to the caller's desktop, keyring or certificates."""
    unwanted = ("DBUS_SESSION_BUS_ADDRESS", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "DISPLAY", "WAYLAND_DISPLAY")
    return {name: value for name, value in os.environ.items() if name not in unwanted} | {"NO_COLOR": "1"}


def run(arguments, folder=ROOT, **options):
    return subprocess.run([str(word) for word in arguments], cwd=folder, env=environment(),
                          stdin=subprocess.DEVNULL, **options)


def meson(folder=BUILD, *options):
    """Counts the cases inside each program, and a program that broke off as a failure of its own."""
    run(["meson", "test", "-C", folder, "--print-errorlogs", "--no-rebuild", *options])
    passed = failed = 0
    for line in (folder / "meson-logs" / "testlog.json").read_text().splitlines():
        test = json.loads(line)
        cases = re.findall(r"^(not ok|ok)\b", test.get("stdout") or "", re.MULTILINE)
        broken = cases.count("not ok")
        good = test["result"] in ("OK", "EXPECTEDFAIL")
        passed += cases.count("ok") or int(good)
        failed += broken or int(not good)
    return passed, failed


def sanitized():
    """The same without GTK under AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer, but for the tools of
    the benchmarks, which leave their memory to the system."""
    return meson(BUILD / "sanitized", "--no-suite", "bench", "--timeout-multiplier", "6")


def vitest():
    report = BUILD / "vitest.json"
    report.unlink(missing_ok=True)
    status = run(["./with-node", "vitest", "run", "--reporter=default", "--reporter=json",
                  f"--outputFile.json={report}"], WORKER).returncode
    if not report.exists():
        return 0, 1
    counts = json.loads(report.read_text())
    failed = counts["numTotalTests"] - counts["numPassedTests"]
    return counts["numPassedTests"], failed or int(status != 0)


def discover(folder, pattern="test*.py"):
    result = run([sys.executable, "-m", "unittest", "discover", "-v", "-s", ROOT / "tests" / folder, "-p", pattern],
                 stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True)
    print(result.stdout, end="")
    ran = re.search(r"^Ran (\d+) tests?", result.stdout, re.MULTILINE)
    broken = sum(int(number) for number in
                 re.findall(r"(?:failures|errors|skipped|unexpected successes)=(\d+)", result.stdout))
    total = int(ran.group(1)) if ran else 0
    if result.returncode != 0 or total == 0:
        broken = max(broken, 1)
    return max(total - broken, 0), broken


def end_to_end():
    return discover("e2e")


def window():
    return discover("ui")


def check():
    result = run([ROOT / "dev", "run", "--check"])
    return int(result.returncode == 0), int(result.returncode != 0)


def tracked(*patterns):
    output = run(["git", "ls-files", "-co", "--exclude-standard", *patterns], stdout=subprocess.PIPE, text=True)
    return [ROOT / name for name in output.stdout.splitlines() if (ROOT / name).exists()]


def passes(arguments, folder=ROOT):
    result = run(arguments, folder)
    return int(result.returncode == 0), int(result.returncode != 0)


def layout():
    result = run(["uncrustify", "-q", "-c", "uncrustify.cfg", "--check", *tracked("*.c", "*.h")],
                 stdout=subprocess.DEVNULL)  # it names each file that is fine; failures go to standard error
    return int(result.returncode == 0), int(result.returncode != 0)


# What a reader of src/ must never meet, and why.
FORBIDDEN = [
    (r"\bg_socket_listener_add_inet_port\b", "a port on all interfaces"),
    (r"\bgoto\b", "goto"),
    (r"\b(sprintf|strcpy|strcat|gets|strtok) \(", "a function without a bound"),
    (r"\b(TODO|FIXME|XXX)\b", "unfinished work"),
]

# The same but for the commands, which run and end, and serve nobody meanwhile.
FORBIDDEN_IN_SERVICE = [
    (r"\bg_main_context_iteration\b", "a nested main loop"),
    (r"\b\w+_sync \(", "a call that blocks the main loop"),
    (r"\bg_signal_connect \(", "a signal that outlives its receiver: g_signal_connect_object"),
]


def forbidden():
    found = 0
    for path in tracked("src/*.c", "src/*.h"):
        patterns = FORBIDDEN + ([] if path.parent.name == "command" else FORBIDDEN_IN_SERVICE)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for pattern, reason in patterns:
                if re.search(pattern, line):
                    found += 1
                    print(f"{path.relative_to(ROOT)}:{number}: {reason}: {line.strip()}")
    return int(found == 0), int(found > 0)


def shell():
    return passes(["shellcheck", "--shell", "bash", ROOT / "dev", ROOT / ".ci" / "run", ROOT / "flatpak" / "local-runtime",
                   ROOT / "data" / "bash-completion" / "neko-mail", ROOT / "data" / "debian" / "build",
                   ROOT / "data" / "container" / "start"])


# What in a file says that people read it: gettext's functions and markup, desktop entries, and settings with a domain.
TRANSLATABLE = [
    (("src/*.c", "src/*.h"), r'\b(_|N_|C_|NC_|ngettext|g_dngettext|g_dgettext) \('),
    (("src/*.ui",), r'translatable="(yes|true|1)"'),
    (("data/*.desktop.in", "data/*.desktop.in.in", "data/*.metainfo.xml.in", "data/*.metainfo.xml.in.in"), ""),
    (("data/*.gschema.xml",), "gettext-domain="),
]
KEYWORDS = ["-k_", "-kN_", "-kC_:1c,2", "-kNC_:1c,2", "-kngettext:1,2", "-kg_dgettext:2", "-kg_dngettext:2,3"]


def translations():
    """Every file with words for people is listed, and each language has all of them, with the formats as they are."""
    listed = [line for line in (ROOT / "po" / "POTFILES").read_text().splitlines() if line and not line.startswith("#")]
    found = {str(path.relative_to(ROOT)) for patterns, sign in TRANSLATABLE for path in tracked(*patterns)
             if re.search(sign, path.read_text())}
    for name in sorted(set(listed) ^ found):
        print(f"po/POTFILES and the sources differ: {name}")
    if listed != sorted(listed):
        print("po/POTFILES is not sorted")
    template = BUILD / "check.pot"
    good = set(listed) == found and listed == sorted(listed)
    good &= run(["xgettext", "--from-code=UTF-8", *KEYWORDS, "-o", template, *sorted(found)]).returncode == 0
    for language in (ROOT / "po" / "LINGUAS").read_text().split():
        for command in (["msgfmt", "--check", "--output-file=/dev/null"], ["msgcmp"]):
            good &= run([*command, f"po/{language}.po", *([template] if command == ["msgcmp"] else [])]).returncode == 0
    return int(good), int(not good)


def worker_lint():
    return passes(["./with-node", "npm", "run", "--silent", "lint"], WORKER)


def worker_types():
    return passes(["./with-node", "npm", "run", "--silent", "check"], WORKER)


def worker_deploys():
    return passes(["./with-node", "npm", "run", "--silent", "dry-run"], WORKER)


SUITES = {
    "test": [meson, sanitized, vitest, end_to_end, window, check],
    "lint": [layout, forbidden, shell, translations, worker_lint, worker_types, worker_deploys],
}


def main():
    passed = failed = 0
    for part in SUITES[sys.argv[1]]:
        name = part.__name__.replace("_", " ")
        print(f"== {name}", flush=True)
        good, bad = part()
        print(f"-- {name}: {good} passed, {bad} failed", flush=True)
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
