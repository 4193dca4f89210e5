"""status, logs, doctor and the rest of the command line, beside a neko-maild or neko-mail that runs."""

import fcntl
import http.server
import json
import os
import poplib
import pty
import select
import signal
import smtplib
import socket
import subprocess
import tempfile
import termios
import threading
import unittest
from pathlib import Path

import stack

ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"
DONE, FAILED, USAGE, NOT_RUNNING = range(4)
NO_BUS = "unix:path=/nowhere"


class BusMaild(stack.Maild):
    """neko-maild, or neko-mail, on a bus of its own, and commands that find it there."""

    def __init__(self, folder, bus):
        super().__init__(folder)
        self.bus = bus

    def environment(self):
        return super().environment() | {"DBUS_SESSION_BUS_ADDRESS": self.bus, "LC_ALL": "C.UTF-8"}

    def start(self, *arguments, wait=True, **options):
        """The ports may be open a moment before the bus knows the program."""
        super().start(*arguments, wait=wait, **options)
        if wait and self.bus != NO_BUS:
            stack.wait_until(lambda: self.command("status").returncode == DONE, "the program on the bus")
        return self

    def status(self):
        return json.loads(self.must("status", "--json"))

    def account(self):
        account, = self.status()["accounts"]
        return account

    def wait_for(self, **members):
        """Until status says so of the only account."""
        stack.wait_until(lambda: members.items() <= self.account().items(), f"{members}, not {self.account()}")
        return self.account()

    def must_not(self, *words):
        """A command that does not succeed."""
        result = self.command(*words)
        assert result.returncode != DONE, result
        return result

    def doctor(self):
        return self.command("doctor", "--token-file", str(self.tokens), "--pop3-port", str(self.pop3_port),
                            "--smtp-port", str(self.smtp_port))


class CommandsCase(stack.WorkerCase):
    """A Worker for all tests of a class, and for each a bus and a desktop of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.bus = stack.Bus(self.folder)
        self.addCleanup(self.bus.stop)
        self.maild = BusMaild(self.folder / "desktop", self.bus.start())
        self.addCleanup(self.maild.stop)

    def add_account(self):
        self.maild.add_account(ALICE, self.worker.url, PASSWORD)
        return self.maild.new_password(ALICE, "tests")

    def log_in(self, password):
        client = poplib.POP3("127.0.0.1", self.maild.pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        client.pass_(password)
        return client

    def deliver(self, text="Hello"):
        """The Worker takes the same message once."""
        message = f"Subject: new\r\n\r\n{text}\r\n".encode()
        status, answer = self.worker.deliver("someone@elsewhere.test", ALICE, message)
        self.assertEqual(status, 200, answer)

    def assert_fails(self, result, status, text):
        self.assertEqual(result.returncode, status, result)
        self.assertIn(text, result.stderr)
        self.assertEqual(result.stdout, "")


class StatusTest(CommandsCase):

    def test_nothing_runs(self):
        for command in (["status"], ["status", "--json"], ["logs"], ["logs", "--follow"], ["pause"], ["resume"], ["check"]):
            with self.subTest(command):
                self.assert_fails(self.maild.command(*command), NOT_RUNNING, "start neko-mail")

    def test_no_bus(self):
        self.maild.bus = NO_BUS
        self.assert_fails(self.maild.command("status"), NOT_RUNNING, "no session bus")
        self.maild.start()
        self.assert_fails(self.maild.command("status"), NOT_RUNNING, "no session bus")

    def test_account_in_step(self):
        self.maild.start()
        self.assertEqual(self.maild.status()["accounts"], [])
        self.maild.add_account(ALICE, self.worker.url, PASSWORD)
        stack.wait_until(lambda: self.maild.status()["accounts"], "the account")
        self.maild.wait_for(address=ALICE, url=self.worker.url, state="ready", inStep=True, messages=0, passwords=0)
        self.assertIn(f"neko-maild password new {ALICE} NAME", self.maild.must("status"))

        self.maild.new_password(ALICE, "tests")
        self.deliver()
        account = self.maild.wait_for(messages=1, passwords=1, inStep=True)
        self.assertGreater(account["octets"], 0)
        self.assertNotIn("lastError", account)
        text = self.maild.must("status")
        self.assertIn(f"{ALICE}  in step, messages: 1", text)
        self.assertNotIn("password new", text)

    def test_program_and_ports(self):
        self.maild.start()
        status = self.maild.status()
        self.assertEqual(status["program"], "neko-maild")
        self.assertEqual(status["processId"], self.maild.process.pid)
        self.assertEqual([(one["protocol"], one["port"], one["state"]) for one in status["listeners"]],
                         [("POP3", self.maild.pop3_port, "listening"), ("SMTP", self.maild.smtp_port, "listening")])
        with socket.create_connection(("127.0.0.1", self.maild.smtp_port), stack.HANG_SECONDS):
            stack.wait_until(lambda: self.maild.status()["smtpSessions"] == 1, "the session")
        stack.wait_until(lambda: self.maild.status()["smtpSessions"] == 0, "its end")
        text = self.maild.must("status")
        self.assertIn(f"neko-maild {status['version']}, process {self.maild.process.pid}", text)
        self.assertRegex(text, rf"POP3 +localhost:{self.maild.pop3_port} +listening")

    def test_paused_and_resumed(self):
        password = self.add_account()
        self.maild.start()
        before = self.maild.wait_for(inStep=True)["messages"]
        client = self.log_in(password)
        self.maild.must("pause")
        self.assertTrue(self.maild.status()["paused"])
        self.assertIn("PAUSED: no mail program can log in until “neko-maild resume”", self.maild.must("status"))
        self.assertIn("paused", self.maild.doctor().stdout)
        self.assertEqual(client.file.read(), b"")
        self.assertFalse(stack.is_open(self.maild.pop3_port))
        self.assertFalse(stack.is_open(self.maild.smtp_port))

        # The Worker goes on to tell of what comes.
        self.deliver("while it is paused")
        self.maild.wait_for(messages=before + 1, inStep=True)

        self.maild.must("resume")
        self.assertFalse(self.maild.status()["paused"])
        self.assertNotIn("PAUSED", self.maild.must("status"))
        client = self.log_in(password)
        self.assertEqual(client.stat()[0], before + 1)
        client.dele(before + 1)
        client.quit()

        self.maild.must("pause")
        self.assertEqual(self.maild.stop(), 0)
        self.maild.start()
        self.assertFalse(self.maild.status()["paused"])

    def test_checked_at_once_where_it_would_wait(self):
        self.add_account()
        self.maild.start()
        self.maild.wait_for(inStep=True)
        self.worker.stop()
        self.maild.wait_for(state="offline")
        self.worker.start()
        self.maild.must("check")
        self.maild.wait_for(state="ready", inStep=True)

    def call(self, method):
        return subprocess.run(["gdbus", "call", "--session", "--dest", "io.github.nekomail.NekoMail.Daemon",
                               "--object-path", "/io/github/nekomail/NekoMail", "--method",
                               f"io.github.nekomail.NekoMail.Control.{method}"],
                              env=self.maild.environment(), check=True, capture_output=True, text=True).stdout

    def test_what_was_read_and_sent_is_counted(self):
        password = self.add_account()
        self.maild.start()
        before = self.maild.wait_for(inStep=True)["messages"]
        self.assertEqual(self.account_uses(), {})
        self.assertEqual(self.call("GetTraffic"), "(@a(stttt) [],)\n")
        self.deliver("to be counted")
        self.maild.wait_for(messages=before + 1, inStep=True)
        client = self.log_in(password)
        size = client.list(before + 1).split()[-1].decode()
        client.top(before + 1, 0)
        client.retr(before + 1)
        client.dele(before + 1)
        client.quit()
        with smtplib.SMTP("127.0.0.1", self.maild.smtp_port, timeout=stack.HANG_SECONDS) as sender:
            sender.login(ALICE, password)
            sender.sendmail(ALICE, ["someone@elsewhere.test"], f"From: {ALICE}\r\nSubject: out\r\n\r\nHi\r\n")
        traffic = self.call("GetTraffic")
        self.assertRegex(traffic, rf"^\(\[\('\d{{4}}-\d\d-\d\d', uint64 1, uint64 {size}, uint64 1, uint64 \d\d\)\],\)$")
        uses = self.account_uses()
        self.assertEqual(list(uses), ["tests"])
        self.assertEqual(self.maild.stop(), 0)
        self.maild.start()
        self.assertEqual(self.call("GetTraffic"), traffic)
        self.assertEqual(self.account_uses(), uses)

    def account_uses(self):
        return self.maild.account()["passwordUse"]

    def test_quits_over_the_bus(self):
        self.maild.start()
        self.call("Quit")
        self.assertEqual(self.maild.process.wait(stack.HANG_SECONDS), 0)

    def test_taken_port(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            self.maild.smtp_port = other.getsockname()[1]
            self.maild.start(wait=False)
            stack.wait_until(lambda: self.maild.command("status").returncode == DONE, "the program")
            listener = self.maild.status()["listeners"][1]
            self.assertEqual(listener["state"], "port-taken")
            self.assertIn(listener["problem"], self.maild.must("status"))

    def test_worker_that_goes_and_comes_back(self):
        self.add_account()
        self.maild.start()
        self.maild.wait_for(state="ready", inStep=True)
        self.worker.stop()
        account = self.maild.wait_for(state="offline", inStep=False)
        self.assertIn("offline since", self.maild.must("status"))
        self.assertIn(account["lastError"], self.maild.must("status"))
        self.worker.start()
        self.maild.wait_for(state="ready", inStep=True)

    def test_token_that_is_revoked_and_another_one(self):
        password = self.add_account()
        self.maild.start()
        self.maild.wait_for(state="ready", inStep=True)
        token = self.worker.call("POST", "/v1/tokens", {"address": ALICE, "password": PASSWORD, "device": "test"})
        for device in self.worker.call("GET", "/v1/tokens", token=token["token"])["tokens"]:
            if device["id"] != token["tokenId"]:
                self.worker.call("DELETE", f"/v1/tokens/{device['id']}", token=token["token"])
        self.maild.wait_for(state="sign-in")
        self.assertIn(f"account add {ALICE} {self.worker.url} --token-file '{self.maild.tokens}'",
                      self.maild.must("status"))
        self.maild.add_account(ALICE, self.worker.url, PASSWORD)
        self.maild.wait_for(state="ready", inStep=True)
        self.log_in(password).quit()

    def test_stuck_program(self):
        self.maild.start()
        self.maild.process.send_signal(signal.SIGSTOP)
        try:
            self.assert_fails(self.maild.command("status"), FAILED, "does not answer")
            shown = self.maild.doctor().stdout
        finally:
            self.maild.process.send_signal(signal.SIGCONT)
        self.assertRegex(shown, "PROBLEM .*does not answer")
        self.assertNotIn("Another program", shown)

    def test_mail_goes_on_without_the_bus(self):
        self.maild.start()
        self.bus.stop()
        with socket.create_connection(("127.0.0.1", self.maild.pop3_port), stack.HANG_SECONDS) as client:
            self.assertEqual(client.recv(3), b"+OK")
        self.assertEqual(self.maild.stop(), 0)
        self.assertNotIn("CRITICAL", self.maild.log_text())

    def test_next_program_is_found_when_the_first_one_ends(self):
        self.maild.start()
        second = BusMaild(self.folder / "second", self.maild.bus)
        self.addCleanup(second.stop)
        second.start()
        self.assertEqual(second.status()["processId"], self.maild.process.pid)
        self.maild.stop()
        stack.wait_until(lambda: second.command("status").returncode == DONE, "the second program")
        self.assertEqual(second.status()["processId"], second.process.pid)

    def test_both_programs(self):
        app = stack.BUILD / "src/app/neko-mail"
        desktop = BusMaild(self.folder / "other", self.maild.bus)
        self.addCleanup(desktop.stop)
        desktop.start("src/app/neko-mail", ["--background"])
        self.assertEqual(self.maild.status()["program"], "neko-mail")
        self.maild.start()
        self.assertEqual(self.maild.status()["program"], "neko-maild")
        answer = subprocess.run([app, "status", "--json"], capture_output=True, text=True, check=True,
                                env=desktop.environment(), timeout=stack.HANG_SECONDS)
        self.assertEqual(json.loads(answer.stdout)["processId"], desktop.process.pid)


class LogsTest(CommandsCase):

    def test_what_happened(self):
        password = self.add_account()
        self.maild.start()
        self.log_in(password).quit()
        with self.assertRaises(poplib.error_proto):
            self.log_in("wrong")
        with smtplib.SMTP("127.0.0.1", self.maild.smtp_port, timeout=stack.HANG_SECONDS) as client:
            client.login(ALICE, password)
            client.sendmail(ALICE, ["bob@elsewhere.test"], f"From: {ALICE}\r\n\r\nHello\r\n")
        log = self.maild.must("logs")
        self.assertRegex(log, rf"(?m)^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d POP3: listening on port {self.maild.pop3_port}")
        self.assertIn(f"POP3: {ALICE} logged in from 127.0.0.1", log)
        self.assertIn(f"POP3: {ALICE} could not log in from 127.0.0.1: no such user", log)
        self.assertRegex(log, rf"SMTP: {ALICE} sent \d+ octets; recipients taken: 1, refused: 0")
        for secret in (password, "wrong\n", PASSWORD, self.maild.tokens.read_text().split("=")[-1].strip()):
            self.assertNotIn(secret, log)

    def test_a_strange_user_name_cannot_change_the_terminal(self):
        self.maild.start()
        with socket.create_connection(("127.0.0.1", self.maild.pop3_port), stack.HANG_SECONDS) as client:
            lines = client.makefile("rb")
            lines.readline()
            client.sendall(b"USER \xe2\x80\xaeevil\r\nPASS x\r\n")
            self.assertTrue(lines.readline() and lines.readline())
        log = self.maild.must("logs")
        self.assertIn("POP3: ???evil could not log in", log)
        self.assertNotRegex(log, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")

    def test_a_strange_worker_cannot_add_lines(self):
        server = strange_worker(self, {"/v1/info": StrangeWorker.ANSWERS["/v1/info"],
                                       "/v1/tokens": StrangeWorker.ANSWERS["/v1/tokens"]})
        self.maild.add_account(ALICE, server, PASSWORD)
        self.maild.start()
        account = self.maild.wait_for(state="offline")
        self.assertEqual(account["lastError"], "one?2026-01-01 00:00:00 two?[2J")
        for text in (self.maild.must("logs"), self.maild.must("status"), self.maild.log_text()):
            self.assertIn("one?2026-01-01", text)
            self.assertNotIn("\33", text)

    def test_follow(self):
        password = self.add_account()
        self.maild.start()
        follower = stack.Process()
        self.addCleanup(follower.stop)
        follower.launch([stack.BUILD / "src/command/neko-maild", "logs", "--follow"], stdout=subprocess.PIPE, text=True,
                        env=self.maild.environment())
        self.assertIn("listening", follower.process.stdout.readline())
        self.log_in(password)
        while "logged in" not in (line := follower.process.stdout.readline()):
            self.assertTrue(line)
        self.maild.stop()
        self.assertNotIn("logged in", follower.process.stdout.read())
        self.assertEqual(follower.process.wait(stack.HANG_SECONDS), DONE)


class StrangeWorker(http.server.BaseHTTPRequestHandler):
    """Answers as a Worker whose self-test found something; anything else fails, and says what nobody should."""

    ANSWERS = {
        "/v1/info": {"name": "Neko Mail", "version": "9.9.9", "domains": ["neko.test"], "setupDone": True},
        "/v1/me": {"address": ALICE, "aliases": [], "role": "admin", "size": 95, "quota": 100},
        "/v1/tokens": {"token": "nm1.a.b.c", "tokenId": "1"},
        "/v1/diagnostics": {"checks": [
            {"check": "storage", "ok": True, "finding": "Storage works", "remedy": None},
            {"check": "mx", "ok": False, "finding": "No MX leads to Cloudflare\33[2J", "remedy": "switch on Email Routing"}]},
    }

    FAILURE = {"error": {"code": "unavailable", "message": "one\n2026-01-01 00:00:00 two\33[2J"}}

    def do_GET(self):
        answer = self.server.answers.get(self.path)
        body = json.dumps(answer or self.FAILURE).encode()
        self.send_response(503 if answer is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_):
        pass


def strange_worker(case, answers):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), StrangeWorker)
    server.answers = answers
    case.addCleanup(server.server_close)
    case.addCleanup(server.shutdown)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class DoctorTest(CommandsCase):

    def assert_problem(self, finding, remedy):
        result = self.maild.doctor()
        self.assertEqual(result.returncode, FAILED, result)
        self.assertRegex(result.stdout, rf"(?m)^PROBLEM  .*{finding}.*\n +→ .*{remedy}")

    def test_all_is_well(self):
        self.add_account()
        self.maild.start()
        result = self.maild.doctor()
        self.assertEqual(result.returncode, DONE, result.stdout)
        self.assertEqual([line for line in result.stdout.splitlines() if not line.startswith("ok ")], [])
        self.assertIn(f"The Worker at {self.worker.url} answers", result.stdout)
        self.assertIn(f"takes the token of {ALICE}", result.stdout)

    def test_nothing_runs(self):
        self.assert_problem("Nothing listens on port", "start Neko Mail")
        self.assert_problem("There is no account", "account add ADDRESS URL")

    def test_runs_without_a_bus(self):
        self.maild.bus = NO_BUS
        self.add_account()
        self.maild.start()
        result = self.maild.doctor()
        self.assertEqual(result.returncode, DONE, result.stdout)
        self.assertIn("no session bus", result.stdout)
        self.assertIn(f"POP3 answers on port {self.maild.pop3_port}", result.stdout)
        self.assertIn(f"SMTP answers on port {self.maild.smtp_port}", result.stdout)

    def test_another_program_at_the_port(self):
        with socket.create_server(("127.0.0.1", self.maild.pop3_port)) as other:
            def answer():
                try:
                    while True:
                        with other.accept()[0] as client:
                            client.sendall(b"220 elsewhere ESMTP\r\n")
                except OSError:
                    pass
            threading.Thread(target=answer, daemon=True).start()
            self.assert_problem(f"Another program listens on port {self.maild.pop3_port}", "choose another port")
            self.maild.pop3_port, self.maild.smtp_port = self.maild.smtp_port, self.maild.pop3_port
            self.assert_problem(f"Another program listens on port {self.maild.smtp_port}", "choose another port")
            self.maild.start(wait=False)
            stack.wait_until(lambda: self.maild.command("status").returncode == DONE, "the program")
            self.assert_problem("used by another program", "choose it in the settings")
            other.shutdown(socket.SHUT_RDWR)

    def test_no_password_no_token_no_worker(self):
        self.maild.add_account(ALICE, self.worker.url, PASSWORD)
        self.maild.start()
        self.assert_problem("No mail program can log in", f"password new {ALICE}")
        # The program that runs says where it has its tokens.
        self.assertIn(f"takes the token of {ALICE}", self.maild.must_not("doctor").stdout)
        self.maild.tokens.unlink()
        self.assert_problem(ALICE, f"account add {ALICE} {self.worker.url} --token-file '{self.maild.tokens}'")
        self.worker.stop()
        self.addCleanup(self.worker.start)
        self.assert_problem(self.worker.url, "(see whether|connect this computer)")

    def test_spool_that_cannot_be_written(self):
        cache = self.maild.folder / "cache"
        cache.mkdir(parents=True)
        (cache / "neko-mail").write_text("in the way")
        self.assert_problem("messages are not read ahead", "chmod 700")

    def test_self_test_of_an_admins_worker(self):
        answers = dict(StrangeWorker.ANSWERS)
        self.maild.add_account(ALICE, strange_worker(self, answers), PASSWORD)
        self.assert_problem("No MX leads to Cloudflare", "switch on Email Routing")
        self.assert_problem(f"mailbox of {ALICE} is nearly full", "delete old mail")
        shown = self.maild.doctor().stdout
        self.assertIn("version 9.9.9", shown)
        self.assertNotIn("\33", shown)
        for checks in ({}, {"checks": 7}, {"checks": [{"ok": True}]}):
            with self.subTest(checks):
                answers["/v1/diagnostics"] = checks
                self.assert_problem("self-test has an answer that is not understood", "same version")


class LineTest(CommandsCase):

    def test_what_is_not_understood(self):
        for words in (["nonsense"], ["status", "more"], ["account"], ["account", "nonsense"], ["account", "add", ALICE],
                      ["account", "add", ALICE, self.worker.url, PASSWORD], ["password", "new", ALICE],
                      ["certificate", "export", "a", "b"], ["--json"], ["account", "list", "--json"],
                      ["status", "--follow"], ["--nonsense"]):
            with self.subTest(words):
                self.assert_fails(self.maild.command(*words), USAGE, "neko-maild")

    def test_what_is_not_there(self):
        for words in (["account", "remove", ALICE], ["password", "new", ALICE, "x"], ["password", "list", ALICE]):
            with self.subTest(words):
                self.assert_fails(self.maild.command(*words), FAILED, "account list shows them")

    def test_lists(self):
        self.add_account()
        self.assertEqual(self.maild.must("account", "list"), f"{ALICE}\t{self.worker.url}")
        self.maild.new_password(ALICE, "second one")
        self.assertEqual(self.maild.must("password", "list", ALICE), "tests\nsecond one")
        self.maild.must("password", "revoke", ALICE, "tests")
        self.assertEqual(self.maild.must("password", "list", ALICE), "second one")
        self.assert_fails(self.maild.command("password", "revoke", ALICE, "tests"), FAILED, "tests")

    def test_password_that_cannot_be(self):
        for text, answer in (("", "no password"), ("\n", "no password"), ("x" * 1024 + "\n", "longer than 1023"),
                             ("x" * 1023 + "\n", "256 characters")):
            with self.subTest(answer):
                self.assert_fails(self.maild.command("account", "add", ALICE, self.worker.url, "--token-file",
                                                     str(self.maild.tokens), text=text), FAILED, answer)

    def test_password_at_a_terminal_is_not_shown(self):
        """Nor is what is typed after Ctrl-C left unseen."""
        for end, status in ((b"secret\n", FAILED), (b"sec\x03", -signal.SIGINT)):
            with self.subTest(end):
                ours, theirs = pty.openpty()
                self.addCleanup(os.close, ours)
                process = subprocess.Popen(
                    [stack.BUILD / "src/command/neko-maild", "account", "add", ALICE, self.worker.url], stdin=theirs,
                    stdout=theirs, stderr=theirs, env=self.maild.environment(), start_new_session=True,
                    preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
                self.addCleanup(process.kill)
                shown = b""
                while b"Password of" not in shown or termios.tcgetattr(theirs)[3] & termios.ECHO:
                    if select.select([ours], [], [], 0.02)[0]:
                        shown += os.read(ours, 4096)
                os.write(ours, end)
                self.assertEqual(process.wait(stack.HANG_SECONDS), status)
                self.assertTrue(termios.tcgetattr(theirs)[3] & termios.ECHO)
                while select.select([ours], [], [], 0)[0]:
                    shown += os.read(ours, 4096)
                os.close(theirs)
                self.assertNotIn(b"sec", shown)

    def devices(self):
        answer = self.worker.call("POST", "/v1/tokens", {"address": ALICE, "password": PASSWORD, "device": "test"})
        tokens = self.worker.call("GET", "/v1/tokens", token=answer["token"])["tokens"]
        return [token["device"] for token in tokens if not token["current"]]

    def test_removing_an_account_signs_out(self):
        others = self.devices()
        self.add_account()
        self.assertEqual(len(self.devices()), len(others) + 2)  # the one that asks, too
        removal = ["account", "remove", ALICE, "--token-file", str(self.maild.tokens)]
        result = self.maild.command(*removal)
        self.assertEqual((result.returncode, result.stderr), (DONE, ""))
        self.assertEqual([name for name in self.devices() if name != "test"],
                         [name for name in others if name != "test"])
        self.assertNotIn("nm1.", self.maild.tokens.read_text())
        self.assertEqual(self.maild.must("account", "list"), "")

        self.add_account()
        self.worker.stop()
        self.addCleanup(self.worker.start)
        result = self.maild.command(*removal)
        self.assertEqual(result.returncode, DONE)
        self.assertIn("revoke it there", result.stderr)
        self.assertNotIn("nm1.", self.maild.tokens.read_text())
        self.assertEqual(self.maild.must("account", "list"), "")

    def test_account_of_another_worker(self):
        self.add_account()
        self.maild.must("account", "add", ALICE, self.worker.url + "/", "--token-file", str(self.maild.tokens),
                        text=PASSWORD + "\n")
        self.assertEqual(self.maild.must("account", "list"), f"{ALICE}\t{self.worker.url}")
        self.assertEqual(self.maild.must("password", "list", ALICE), "tests")
        self.assert_fails(self.maild.command("account", "add", ALICE, "https://elsewhere.test", text="x\n"), FAILED,
                          f"is an account of {self.worker.url}")

    def test_what_is_said_and_cannot_be_written(self):
        self.add_account()
        for words in (["account", "list"], ["certificate", "export"], ["password", "new", ALICE, "lost"]):
            with self.subTest(words), open("/dev/full", "w") as full:
                result = subprocess.run([stack.BUILD / "src/command/neko-maild", *words], stdout=full, text=True,
                                        stderr=subprocess.PIPE, env=self.maild.environment(),
                                        timeout=stack.HANG_SECONDS)
                self.assertEqual(result.returncode, FAILED)
                self.assertIn("cannot be written", result.stderr)
        self.assertEqual(self.maild.must("password", "list", ALICE), "tests")

    def test_version(self):
        for program in ("src/command/neko-maild", "src/app/neko-mail"):
            answer = subprocess.run([stack.BUILD / program, "--version"], capture_output=True, text=True, check=True,
                                    env=self.maild.environment(), timeout=stack.HANG_SECONDS)
            self.assertRegex(answer.stdout, rf"^{program.split('/')[-1]} \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
