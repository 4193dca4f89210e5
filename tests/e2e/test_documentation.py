"""Every command that README, help and the Worker's page show, run as it is written there.

Only what nobody can know beforehand is replaced: the Worker's address, and passwords that stand there as three dots."""

import json
import os
import poplib
import re
import signal
import smtplib
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

import documents
import stack
from own_network import OwnNetworkCase

YOU = "you@your.domain"
WORKER = "https://your-worker.workers.dev"
PASSWORD = "a password of the Worker"
ADMIN = "you@example.org"
POP3, SMTP = 11110, 11587

MESSAGE = (b"From: you@your.domain\r\nTo: bob@example.org\r\nSubject: Hello\r\nDate: Sat, 28 Nov 2026 09:00:00 +0000\r\n"
           b"Message-ID: <1@your.domain>\r\n\r\n.\r\nHello\r\n")

PAGES = [*documents.README.values(), *documents.HELP.values(), documents.WORKER_README]

ADD = f"neko-maild account add {YOU} {WORKER} --token-file ~/.config/neko-mail/tokens"
NEW_PASSWORD = f'neko-maild password new {YOU} "mutt"'
SERVE = "neko-maild --token-file ~/.config/neko-mail/tokens"
FOLLOW = "neko-maild logs --follow"
SET_PORT = "gsettings set io.github.nekomail.NekoMail pop3-port 11111"
WHO_HAS_THE_PORT = "ss -ltnp 'sport = :11110'"
SERVE_WORKER = "NEKO_SETUP_KEY=some-key ./with-node node local/serve.mjs --storage ~/neko/storage --outbound ~/neko/outbound"

# What the tests below run of README and help; each asserts that it ran all of its own.
RUN = {
    "test_serving_without_a_screen": {ADD, NEW_PASSWORD, SERVE, "neko-maild status", FOLLOW, "man neko-maild"},
    "test_port_that_is_taken": {SERVE, "neko-maild doctor", "neko-mail doctor", WHO_HAS_THE_PORT, SET_PORT},
    "test_certificate": {"neko-mail certificate show", "neko-mail certificate export > neko-mail.pem"},
}

# Of the Worker's page, all blocks that have one of these are run.
RUN_ON_THE_WORKER = re.compile(r"^(api\b|curl |python3 - |NEKO_SETUP_KEY=)")

SOURCE_PACKAGES = ("sudo apt install desktop-file-utils gcc gettext gtk-update-icon-cache libadwaita-1-dev libgnutls28-dev "
                   "libjson-glib-dev libsecret-1-dev libsoup-3.0-dev meson")
IN_A_CLEAN_SYSTEM = "changes the system; `./dev deb --check` runs it, in a system of its own: tests/debian/test_readme.py"

# What is not run here, and who does it or why nobody can.
NOT_RUN = {
    "./dev flatpak": "builds a runtime and a Flatpak; `./dev flatpak --check` does that, and reads and sends mail through it",
    "flatpak install --user build/neko-mail.flatpak": "done by the same",
    "flatpak run io.github.nekomail.NekoMail": "done by the same",
    "./dev deb": IN_A_CLEAN_SYSTEM,
    "sudo apt install ./build/deb/neko-mail-common_0.1.0_all.deb ./build/deb/neko-mail_0.1.0_amd64.deb": IN_A_CLEAN_SYSTEM,
    "sudo apt install ./build/deb/neko-mail-common_0.1.0_all.deb ./build/deb/neko-maild_0.1.0_amd64.deb": IN_A_CLEAN_SYSTEM,
    SOURCE_PACKAGES: IN_A_CLEAN_SYSTEM,
    "meson setup build/local --prefix=/usr/local -Dtests=false": IN_A_CLEAN_SYSTEM,
    "meson compile -C build/local": IN_A_CLEAN_SYSTEM,
    "sudo meson install -C build/local": IN_A_CLEAN_SYSTEM,
    "sudo ninja -C build/local uninstall": IN_A_CLEAN_SYSTEM,
    "./dev run": "tests/e2e/test_runner.py runs it, and reads and sends by what it prints",
    "./dev test": "is what runs this",
    "cd src/worker": "goes where the next commands are run",
    "npm ci": "needs the network; `./dev build` does it for what these tests run",
    "npm run setup": "needs an account at Cloudflare; src/worker/test/setup runs it against a double of Cloudflare's API",
    "./with-node npm test": "`./dev test` runs vitest in the same way",
    "./with-node npx vitest run --project node": "a part of what `./dev test` runs; that there is one is asserted below",
    "./with-node npm run check": "`./dev lint` runs it",
    "./with-node npm run lint": "`./dev lint` runs it",
    "./with-node npm run dry-run": "`./dev lint` runs it",
    "neko-mail": "needs a display; tests/ui/test_window.py starts it on one",
}


def without_comment(command):
    return re.sub(r"\s+#\s.*$", "", command)


def all_commands():
    """(page, command, what is shown of its output)"""
    return [(path, command, output) for path in PAGES for command, output in documents.all_commands(path)]


class CoverageTest(unittest.TestCase):
    """Nothing is left out, and nothing is here that is nowhere else."""

    def test_every_command_is_run_or_has_a_reason(self):
        known = set.union(*RUN.values()) | set(NOT_RUN)
        for path, command, _ in all_commands():
            on_the_worker = path == documents.WORKER_README and RUN_ON_THE_WORKER.match(command)
            with self.subTest(page=path.relative_to(stack.ROOT), command=command):
                self.assertTrue(on_the_worker or without_comment(command) in known)

    def test_no_row_is_left_over(self):
        shown = {without_comment(command) for _, command, _ in all_commands()}
        self.assertEqual((set.union(*RUN.values()) | set(NOT_RUN)) - shown, set())

    def test_reasons_name_files_that_are_there(self):
        for command, reason in NOT_RUN.items():
            for name in re.findall(r"\b(?:tests|src)/[\w./-]*\w", reason):
                with self.subTest(command=command, name=name):
                    self.assertTrue((stack.ROOT / name).exists())

    def test_scripts_of_the_worker_are_there(self):
        """What the table says others run."""
        scripts = json.loads((stack.WORKER / "package.json").read_text())["scripts"]
        named = {name for _, command, _ in all_commands() for name in re.findall(r"\bnpm run ([\w-]+)", command)}
        self.assertLessEqual(named | {"test"}, set(scripts))
        self.assertIn("name: 'node'", (stack.WORKER / "vitest.config.ts").read_text())

    def test_versions_of_packages(self):
        named = [found for _, command, _ in all_commands() for found in re.findall(r"_([^_]+)_\w+\.deb\b", command)]
        self.assertEqual(set(named), {documents.version()})


def shape_of(lines):
    """What fits output that differs in numbers, sizes, times and places only."""
    text = re.escape("\n".join(line.rstrip() for line in lines)).replace("\\ ", " ")
    for place in (WORKER, "/home/you"):
        text = text.replace(re.escape(place), r"\S+")
    text = re.sub(r"(?:\d|\\?[.:-](?=\d))+", r"[\\d.:-]+", text)
    text = re.sub(r"\b(bytes|kB|MB|MiB)\b", r"(?:bytes|kB|MB|MiB|KiB)", text)
    return re.sub(r" +", " +", text)


class ShapeTest(unittest.TestCase):
    """The comparison itself: it has to see what matters."""

    shown = ["  POP3   localhost:11110         listening", "Spool: 0 bytes of 64.0 MiB"]

    def test_other_numbers_fit(self):
        self.assertRegex("  POP3  localhost:2000   listening\nSpool: 17.5 kB of 4 MiB", f"^{shape_of(self.shown)}$")

    def test_other_words_do_not(self):
        for text in ("  POP3   localhost:11110         stopped\nSpool: 0 bytes of 64.0 MiB", self.shown[0]):
            self.assertNotRegex(text, f"^{shape_of(self.shown)}$")


class Shell:
    """A home with the built programs in its path, and a session bus."""

    def __init__(self, case):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        case.addCleanup(folder.cleanup)
        self.case = case
        self.folder = Path(folder.name)
        self.home = self.folder / "home"
        self.here = self.folder / "here"
        for name in (self.home, self.here, self.folder / "runtime"):
            name.mkdir(mode=0o700)
        self.bus = stack.Bus(self.folder)
        case.addCleanup(self.bus.stop)
        self.variables = {"DBUS_SESSION_BUS_ADDRESS": self.bus.start()}
        self.replaced = {}
        self.ran = set()

    def environment(self):
        programs = ":".join(str(stack.BUILD / name) for name in ("src/command", "src/app"))
        environment = stack.clean_environment(
            HOME=str(self.home), XDG_RUNTIME_DIR=str(self.folder / "runtime"), PATH=f"{programs}:{os.environ['PATH']}",
            GSETTINGS_BACKEND="keyfile", GSETTINGS_SCHEMA_DIR=str(stack.BUILD / "data"), LC_ALL="C.UTF-8",
            MANPATH=str(self.folder / "man"), MANPAGER="cat", **self.variables)
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "DISPLAY", "WAYLAND_DISPLAY"):
            environment.pop(name, None)
        return environment

    def words(self, command):
        self.ran.add(without_comment(command))
        for shown, real in self.replaced.items():
            command = command.replace(shown, real)
        return ["bash", "-c", command]

    def run(self, command, text=None, status=0, folder=None):
        result = subprocess.run(self.words(command), input=text, text=True, capture_output=True, env=self.environment(),
                                cwd=folder or self.here, timeout=stack.HANG_SECONDS)
        self.case.assertEqual(result.returncode, status, f"{command}: {result.stdout}{result.stderr}")
        return result.stdout

    def start(self, command, folder=None):
        """What goes on until Ctrl-C; its output is a stream."""
        process = stack.Process()
        process.launch(self.words(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, env=self.environment(), cwd=folder or self.here)
        self.case.addCleanup(process.stop)
        return process

    def assert_all_ran(self, test):
        self.case.assertEqual(self.ran, RUN[test])


class ReadmeTest(OwnNetworkCase):

    def setUp(self):
        self.shell = Shell(self)
        self.worker = stack.LocalWorker(self.shell.folder / "worker", "setup key of the tests")
        self.addCleanup(self.worker.stop)
        self.worker.start()
        stack.create_users(self.worker, PASSWORD, YOU)
        self.shell.replaced[WORKER] = self.worker.url

    def shown(self, command):
        """The output that both READMEs show of a command."""
        outputs = [output for path, shown, output in all_commands() if path in documents.README.values() and shown == command]
        self.assertEqual(len(outputs), len(documents.README))
        self.assertTrue(all(outputs))
        return outputs

    def assert_shown(self, command, output):
        printed = "\n".join(line.rstrip() for line in output.replace("\N{NO-BREAK SPACE}", " ").strip("\n").splitlines())
        for lines in self.shown(command):
            self.assertRegex(printed, f"^{shape_of(lines)}$")

    def sign_in(self):
        self.shell.run(ADD, text=f"{PASSWORD}\n")
        return self.shell.run(NEW_PASSWORD).strip()

    def status(self):
        """Without counting as a command that a page shows."""
        result = subprocess.run([stack.BUILD / "src/command/neko-maild", "status", "--json"], capture_output=True, text=True,
                                env=self.shell.environment())
        return json.loads(result.stdout) if result.returncode == 0 else None

    def wait_in_step(self):
        stack.wait_until(lambda: (status := self.status()) and status["accounts"][0]["inStep"], "the account in step")

    def wait_for_ports(self, **states):
        def are_so():
            status = self.status()
            found = {listener["protocol"]: listener["state"] for listener in status["listeners"]} if status else {}
            return states.items() <= found.items()
        stack.wait_until(are_so, f"{states}")

    def test_serving_without_a_screen(self):
        for name, message in stack.samples():
            self.assertEqual(self.worker.deliver("bob@example.org", YOU, message)[0], 200, name)
        password = self.sign_in()
        tokens = self.shell.home / ".config/neko-mail/tokens"
        self.assertEqual(tokens.stat().st_mode & 0o777, 0o600)
        serving = self.shell.start(SERVE)
        self.wait_in_step()
        self.assert_shown("neko-maild status", self.shell.run("neko-maild status"))
        following = self.shell.start(FOLLOW)

        # A mail program that knows what the page says.
        reading = poplib.POP3("127.0.0.1", POP3, timeout=stack.HANG_SECONDS)
        reading.user(YOU)
        reading.pass_(password)
        for number, (name, message) in enumerate(stack.samples(), 1):
            received = b"\r\n".join(reading.retr(number)[1]) + b"\r\n"
            self.assertEqual(stack.without_trace(received), stack.to_crlf(message), name)
        reading.quit()
        sending = smtplib.SMTP("127.0.0.1", SMTP, timeout=stack.HANG_SECONDS)
        sending.login(YOU, password)
        sending.sendmail(YOU, ["bob@example.org"], MESSAGE)
        sending.quit()
        self.assertEqual([(envelope["to"], body) for envelope, body in self.worker.sent()], [("bob@example.org", MESSAGE)])

        for line in following.process.stdout:
            if "logged in" in line:
                break
        else:
            self.fail("the log does not tell of the log-in")
        following.stop(signal.SIGINT)
        self.assertEqual(serving.stop(signal.SIGINT), 0)
        self.assert_manual()
        self.shell.assert_all_ran("test_serving_without_a_screen")

    def assert_manual(self):
        pages = self.shell.folder / "man" / "man1"
        pages.mkdir(parents=True)
        (pages / "neko-mail.1").symlink_to(stack.BUILD / "data" / "neko-mail.1")
        (pages / "neko-maild.1").symlink_to(stack.ROOT / "data" / "neko-maild.1")
        self.assertIn("account add", self.shell.run("man neko-maild"))

    def test_port_that_is_taken(self):
        self.sign_in()
        other = socket.create_server(("127.0.0.1", SMTP))
        self.addCleanup(other.close)
        self.shell.start(SERVE)
        self.wait_for_ports(POP3="listening", SMTP="port-taken")
        self.wait_in_step()
        self.assert_shown("neko-maild doctor", self.shell.run("neko-maild doctor", status=1))
        other.close()
        self.wait_for_ports(SMTP="listening")

        # The help: by whichever program is asked, and with the port of POP3.
        self.assertNotIn("PROBLEM", self.shell.run("neko-mail doctor"))
        self.assertIn('"neko-maild"', self.shell.run(WHO_HAS_THE_PORT))
        self.shell.run(SET_PORT)
        stack.wait_until(lambda: stack.is_open(11111) and not stack.is_open(POP3), "the other port")
        self.assertNotIn("neko-maild", self.shell.run(WHO_HAS_THE_PORT))
        self.shell.ran -= {ADD, NEW_PASSWORD}
        self.shell.assert_all_ran("test_port_that_is_taken")

    def test_certificate(self):
        shown = self.shell.run("neko-mail certificate show")
        self.shell.run("neko-mail certificate export > neko-mail.pem")
        exported = self.shell.here / "neko-mail.pem"
        fingerprint = subprocess.run(["openssl", "x509", "-in", exported, "-noout", "-fingerprint", "-sha256"], check=True,
                                     capture_output=True, text=True).stdout.strip().split("=")[1]
        self.assertIn(fingerprint, shown)
        self.assertNotIn("PRIVATE", exported.read_text())
        self.assertTrue((self.shell.home / ".local/share/neko-mail/certificate.pem").exists())
        self.shell.assert_all_ran("test_certificate")


class WorkerPageTest(OwnNetworkCase):
    """The Worker's page, from the top to the bottom."""

    def blocks(self, beginning):
        """The blocks whose first command begins so."""
        blocks = documents.read(documents.WORKER_README).blocks
        found = [[command for command, _ in documents.commands(lines)] for lines in blocks]
        return [block for block in found if block and block[0].startswith(beginning)]

    def test_all_of_it(self):
        self.shell = Shell(self)
        (serve,), = self.blocks("NEKO_SETUP_KEY=")
        self.assertEqual(serve, SERVE_WORKER)
        self.url = json.loads(self.shell.start(serve, folder=stack.WORKER).process.stdout.readline())["url"].rstrip("/")
        (set_up,), = self.blocks("curl http://127.0.0.1:8787/v1/setup")
        self.shell.replaced = {"…": PASSWORD}
        token = json.loads(self.shell.run(set_up))["token"]
        self.shell.variables |= {"TOKEN": token, "URL": self.url}
        self.administer()
        self.move_mail()
        self.check_itself()
        wanted = {without_comment(command) for path, command, _ in all_commands()
                  if path == documents.WORKER_README and RUN_ON_THE_WORKER.match(command)}
        self.assertEqual(wanted - self.shell.ran, set())

    def call(self, define, command):
        """One line of a block that has a function in its first one."""
        answer = self.shell.run(f"{define}\n{command}")
        self.shell.ran |= {without_comment(define), without_comment(command)}
        return answer

    def administer(self):
        (define, *admin), = self.blocks("api() ")
        own, = self.blocks("api me")
        self.shell.replaced = {WORKER: self.url, '"oldPassword":"…"': f'"oldPassword":"{PASSWORD}"',
                               "…": f"{PASSWORD}, another"}
        answers = {without_comment(command): self.call(define, command) for command in [*admin, *own]}
        users = json.loads(answers["api users"])
        self.assertIn("ann@example.org", json.dumps(users))
        aliases, = [answer for command, answer in answers.items() if "aliases" in command]
        self.assertEqual(json.loads(aliases)["aliases"], ["sales@example.org"])
        invite, = [answer for command, answer in answers.items() if command.startswith("api invites")]
        self.assertTrue(json.loads(invite)["code"])
        for action in ("domain", "invite", "registration"):
            self.assertIn(action, answers["api audit"])
        self.assertNotIn("ann@example.org", self.call(define, "api users"))
        self.assertEqual(json.loads(self.call(define, "api me"))["retentionDays"], 90)

    def request(self, method, path, body, headers):
        """What comes in from elsewhere."""
        worker = stack.LocalWorker(self.shell.folder, "", int(self.url.rsplit(":", 1)[1]))
        status, answer = worker.request(method, path, body, headers)
        self.assertEqual(status, 200, answer)

    def move_mail(self):
        count = len(stack.samples())
        for _, message in stack.samples():
            self.request("POST", "/edge/email", message, {"X-Envelope-From": "bob@example.org", "X-Envelope-To": ADMIN})
        self.shell.replaced = {"https://…": self.url}
        (export, import_again), = self.blocks("curl -f -H")
        (back_up,), (move,) = self.blocks("curl -fH")
        (split,), = self.blocks("python3 - ")
        self.shell.run(export)
        exported = (self.shell.here / "inbox.mbox").read_bytes()
        answer = json.loads(self.shell.run(import_again))
        self.assertEqual((answer["present"], answer["imported"], answer["complete"]), (count, 0, True))
        self.shell.run(back_up)
        self.assertEqual((self.shell.here / "mail.mbox").read_bytes(), exported)
        self.assertEqual(json.loads(self.shell.run(move))["present"], count)
        (self.shell.here / "old.mbox").write_bytes(exported)
        self.shell.run(split)
        self.assertEqual((self.shell.here / "part-1.mbox").read_bytes(), exported)

    def check_itself(self):
        """DNS cannot be asked here, which is a finding and no failure."""
        self.shell.replaced = {WORKER: self.url}
        (diagnostics,), = self.blocks('curl -H "Authorization: Bearer $TOKEN" https://your-worker')
        checks = json.loads(self.shell.run(diagnostics))["checks"]
        self.assertIn(("storage", True), {(check["check"], check["ok"]) for check in checks})


if __name__ == "__main__":
    unittest.main()
