"""Types command lines into a real bash, presses the tab key, and looks at what becomes of them. Arguments: the build's
root."""

import os
import pty
import re
import select
import signal
import tempfile
import time
import unittest
from pathlib import Path

import programs
import tap
from programs import ROOT, run

COMPLETION = ROOT / "data" / "bash-completion" / "neko-mail"

ALICE = "alice@example.org"
WORKER = "https://mail.example.org:8443"
ACCOUNTS = {ALICE: WORKER, "alina@example.org": WORKER, "bob+lists@other.example": "https://other.example"}
NAMES = ["Thunderbird on the laptop", "Évolution", "K-9: phone", "K-9: tablet", "it's $HOME", "alice@work"]

# The tab key completes; Ctrl-T hands over the line as it is then and what was offered; Ctrl-U is an empty line again.
SETUP = """
PS1=ready
source "$COMPLETION"
complete -p neko-mail neko-maild
observe() { _neko_mail "$@"; offers=("${COMPREPLY[@]}"); }
complete -F observe neko-mail neko-maild
hand_over() { { printf '%s\\t' "$READLINE_LINE" "${offers[@]}"; echo; } >"$OUTPUT"; offers=(); }
bind -x '"\\C-t": hand_over'
"""

NOUNS = ["status", "doctor", "logs", "pause", "resume", "check", "account", "password", "certificate"]
PORTS = ["--pop3-port=", "--smtp-port=", "--pop3s-port=", "--smtps-port="]
SERVING = ["--token-file=", *PORTS, "--tls", "--no-tls", "--listen-address=", "--spool-size="]

# What is typed, what it becomes, and what is offered where there is a choice.
TABLE = [
    ("neko-maild ", "neko-maild ", NOUNS),
    ("neko-mail ", "neko-mail ", NOUNS),
    ("neko-maild st", "neko-maild status ", None),
    ("neko-maild status ", "neko-maild status ", []),
    ("neko-maild x", "neko-maild x", []),
    ("neko-maild account ", "neko-maild account ", ["add", "list", "remove"]),
    ("neko-maild password ", "neko-maild password ", ["new", "list", "revoke"]),
    ("neko-maild certificate ", "neko-maild certificate ", ["show", "export"]),
    ("neko-maild pas", "neko-maild password ", None),
    ("neko-maild pau", "neko-maild pause ", None),
    ("neko-maild pause ", "neko-maild pause ", []),
    ("neko-maild account list ", "neko-maild account list ", []),
    ("neko-maild certificate show ", "neko-maild certificate show ", []),
    # Options, each where it has a meaning.
    ("neko-maild -", "neko-maild --", [*SERVING, "--help", "--version"]),
    ("neko-mail --", "neko-mail --",
     [*SERVING, "--help", "--version", "--background", "--help-all", "--help-gapplication"]),
    ("neko-mail --b", "neko-mail --background ", None),
    ("neko-maild --b", "neko-maild --b", []),
    ("neko-maild --pop3-", "neko-maild --pop3-port=", None),
    ("neko-maild status --j", "neko-maild status --json ", None),
    ("neko-maild status -", "neko-maild status --", ["--json", "--help"]),
    ("neko-maild logs --", "neko-maild logs --", ["--follow", "--help"]),
    ("neko-maild doctor --", "neko-maild doctor --", [*SERVING, "--help"]),
    ("neko-maild account add --", "neko-maild account add --", ["--token-file=", "--help"]),
    ("neko-maild password list --", "neko-maild password list --help ", None),
    ("neko-maild certificate show --l", "neko-maild certificate show --listen-address=", None),
    # Values of options, and commands behind them.
    ("neko-maild --pop3-port ", "neko-maild --pop3-port ", []),
    ("neko-maild --pop3-port=11", "neko-maild --pop3-port=11", []),
    ("neko-maild --pop3-port 1110 st", "neko-maild --pop3-port 1110 status ", None),
    ("neko-maild --token-file=x --tls account l", "neko-maild --token-file=x --tls account list ", None),
    ("neko-maild --token-file=tok", "neko-maild --token-file=token\\ file ", None),
    ("neko-maild --token-file tok", "neko-maild --token-file token\\ file ", None),
    ("neko-maild --listen-address 0.", "neko-maild --listen-address 0.0.0.0 ", None),
    ("neko-maild --listen-address=0.", "neko-maild --listen-address=0.0.0.0 ", None),
    ("neko-maild --listen-address=0.0.0.0 lo", "neko-maild --listen-address=0.0.0.0 logs ", None),
    # Files.
    ("neko-maild certificate export tok", "neko-maild certificate export token\\ file ", None),
    ("neko-maild certificate export a ", "neko-maild certificate export a ", []),
    ("neko-maild account add a@example.org https://b < tok",
     "neko-maild account add a@example.org https://b < token\\ file ", None),
    ("neko-maild account list 2>tok", "neko-maild account list 2>token\\ file ", None),
    ("neko-maild <tok acc", "neko-maild <tok account ", None),
    # Addresses.
    ("neko-maild password list ", "neko-maild password list ", list(ACCOUNTS)),
    ("neko-maild password list ali", "neko-maild password list ali", [ALICE, "alina@example.org"]),
    ("neko-maild password list alic", f"neko-maild password list {ALICE} ", None),
    ("neko-maild password new alice@", f"neko-maild password new {ALICE} ", None),
    ("neko-maild password revoke alice@exa", f"neko-maild password revoke {ALICE} ", None),
    ("neko-mail account remove bob", "neko-mail account remove bob+lists@other.example ", None),
    ("neko-maild account remove 'bo", "neko-maild account remove 'bob+lists@other.example' ", None),
    ('neko-maild account remove "alice@e', f'neko-maild account remove "{ALICE}" ', None),
    ("neko-maild account add al", "neko-maild account add ali", [ALICE, "alina@example.org"]),
    ("neko-maild account remove nobody", "neko-maild account remove nobody", []),
    # Workers: that of the account, or else all.
    (f"neko-maild account add {ALICE} ", f"neko-maild account add {ALICE} {WORKER} ", None),
    (f"neko-maild account add {ALICE} https:", f"neko-maild account add {ALICE} {WORKER} ", None),
    (f"neko-maild account add {ALICE} https://mail.example.org:84", f"neko-maild account add {ALICE} {WORKER} ", None),
    ("neko-maild account add new@example.org ", "neko-maild account add new@example.org https://",
     [WORKER, "https://other.example"]),
    ("neko-maild account add new@example.org https://o",
     "neko-maild account add new@example.org https://other.example ", None),
    # Names of passwords.
    (f"neko-maild password revoke {ALICE} Thu",
     f"neko-maild password revoke {ALICE} Thunderbird\\ on\\ the\\ laptop ", None),
    (f"neko-maild password revoke {ALICE} Thunderbird\\ on\\ t",
     f"neko-maild password revoke {ALICE} Thunderbird\\ on\\ the\\ laptop ", None),
    (f'neko-maild password revoke {ALICE} "Thunderbird o',
     f'neko-maild password revoke {ALICE} "Thunderbird on the laptop" ', None),
    (f"neko-maild password revoke '{ALICE}' 'T", f"neko-maild password revoke '{ALICE}' 'Thunderbird on the laptop' ",
     None),
    (f"neko-maild password revoke {ALICE} É", f"neko-maild password revoke {ALICE} Évolution ", None),
    (f"neko-maild password revoke {ALICE} K", f"neko-maild password revoke {ALICE} K-9:\\ ",
     ["K-9:\\ phone", "K-9:\\ tablet"]),
    (f"neko-maild password revoke {ALICE} K-9:\\ p", f"neko-maild password revoke {ALICE} K-9:\\ phone ", None),
    (f"neko-maild password revoke {ALICE} it", f"neko-maild password revoke {ALICE} it\\'s\\ \\$HOME ", None),
    (f'neko-maild password revoke {ALICE} "it', f'neko-maild password revoke {ALICE} "it\'s \\$HOME" ', None),
    (f"neko-maild password revoke {ALICE} alice@w", f"neko-maild password revoke {ALICE} alice@work ", None),
    (f"neko-maild password new {ALICE} ", f"neko-maild password new {ALICE} ", []),
    (f"neko-maild password revoke {ALICE} {ALICE} ", f"neko-maild password revoke {ALICE} {ALICE} ", []),
    ("neko-maild password revoke nobody@example.org ", "neko-maild password revoke nobody@example.org ", []),
    # Whole lines.
    ("HOME=$HOME neko-maild st", "HOME=$HOME neko-maild status ", None),
    ("true; neko-maild password list alic", f"true; neko-maild password list {ALICE} ", None),
    ("~/bin/neko-maild password list alic", f"~/bin/neko-maild password list {ALICE} ", None),
]

# Some take these characters out of COMP_WORDBREAKS.
TABLE_WITHOUT_BREAKS = [
    ("neko-maild password list alice@e", f"neko-maild password list {ALICE} ", None),
    ("neko-maild --listen-address=0.", "neko-maild --listen-address=0.0.0.0 ", None),
    (f"neko-maild account add {ALICE} https://mail.example.org:84", f"neko-maild account add {ALICE} {WORKER} ", None),
    (f"neko-maild password revoke {ALICE} K-9:\\ p", f"neko-maild password revoke {ALICE} K-9:\\ phone ", None),
]


class Bash:
    """An interactive bash that reads no file of the user's."""

    def __init__(self, home, setup):
        output = home / "output"
        os.mkfifo(output)
        (home / "setup").write_text(setup)
        environment = programs.environment(home, COMPLETION=str(COMPLETION), OUTPUT=str(output), INPUTRC="/dev/null",
                                           TERM="dumb", PATH=f"{home}/bin:/usr/bin:/bin")
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(home)
            os.execve("/bin/bash", ["bash", "--noprofile", "--rcfile", str(home / "setup"), "-i"], environment)
        self.output = os.open(output, os.O_RDWR)
        self.greeting = self.read_until(self.terminal, b"ready")

    def read_until(self, wanted, end):
        """Takes what bash shows as well, so that it never waits for us."""
        seen = b""
        limit = time.monotonic() + programs.HANG_SECONDS
        while not seen.endswith(end):
            readable = select.select([self.output, self.terminal], [], [], max(limit - time.monotonic(), 0))[0]
            if not readable:
                raise TimeoutError(f"bash hangs after {seen}")
            for descriptor in readable:
                part = os.read(descriptor, 4096)
                seen += part if descriptor == wanted else b""
        return seen.decode()

    def press_tab(self, line):
        os.write(self.terminal, f"{line}\t\x14\x15".encode())
        completed, *offers = self.read_until(self.output, b"\n").rstrip("\n").split("\t")[:-1]
        return completed, offers

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)
        os.close(self.output)


class Completion(unittest.TestCase):
    def setUp(self):
        self.home = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.calls = self.home / "calls"
        (self.home / "bin").mkdir()
        for name, path in programs.PATHS.items():
            program = self.home / "bin" / name
            program.write_text(f'#!/bin/sh\necho "$*" >>{self.calls}\nexec {path} "$@"\n')
            program.chmod(0o755)
        (self.home / "token file").touch()
        programs.write_accounts(self.home, ACCOUNTS)
        for name in NAMES:
            result = run(self.home, "neko-maild", "password", "new", ALICE, name)
            self.assertEqual(result.returncode, 0, result.stderr)

    def start(self, setup=SETUP):
        bash = Bash(self.home, setup)
        self.addCleanup(bash.close)
        return bash

    def check(self, bash, table):
        for line, expected, offers in table:
            with self.subTest(line=line):
                completed, offered = bash.press_tab(line)
                self.assertEqual(completed, expected)
                if offers is not None:
                    self.assertEqual(offered, offers)

    def test_lines(self):
        bash = self.start()
        self.check(bash, TABLE)
        # Nothing is asked that needs the network or could ask back.
        asked = {" ".join(call.split()[:2]) for call in self.calls.read_text().splitlines()}
        self.assertEqual(asked, {"account list", "password list"})

    def test_it_is_there_for_both_programs(self):
        self.assertEqual(self.start().greeting.split("\r\n")[:2],
                         ["complete -F _neko_mail neko-mail", "complete -F _neko_mail neko-maild"])

    def test_other_word_breaks(self):
        self.check(self.start(f"COMP_WORDBREAKS=${{COMP_WORDBREAKS//[:=@]}}\n{SETUP}"), TABLE_WITHOUT_BREAKS)

    def test_a_program_that_fails_offers_nothing(self):
        bash = self.start()
        for name in programs.PATHS:
            (self.home / "bin" / name).write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
        self.assertEqual(bash.press_tab("neko-maild password list a"), ("neko-maild password list a", []))

    def test_options_are_those_of_help(self):
        bash = self.start()
        for program in programs.PATHS:
            with self.subTest(program=program):
                text = run(self.home, program, "--help").stdout
                known = {word.split("=")[0] for word in text.split() if word.startswith("--")}
                offered = {word.rstrip("=") for word in bash.press_tab(f"{program} --")[1]}
                self.assertEqual(offered, known - {"--json", "--follow"})

    def test_commands_are_those_of_help(self):
        bash = self.start()
        text = run(self.home, "neko-maild", "--help").stdout.split("Commands:\n")[1].split("\n\n")[0]
        verbs = {}
        for noun, verb in re.findall(r"^  ([a-z]+) ([a-z]*)", text, re.MULTILINE):
            verbs.setdefault(noun, []).append(verb)
        self.assertEqual(bash.press_tab("neko-maild ")[1], list(verbs))
        for noun in verbs:
            with self.subTest(noun=noun):
                self.assertEqual(bash.press_tab(f"neko-maild {noun} ")[1], [verb for verb in verbs[noun] if verb])


if __name__ == "__main__":
    tap.main()
