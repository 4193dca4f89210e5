"""The real Worker in workerd and the real neko-maild, each in a folder of its own, on loopback."""

import http.client
import json
import os
import poplib
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
WORKER = ROOT / "src" / "worker"
MESSAGES = ROOT / "tests" / "fixtures" / "messages"

# Python's client refuses lines longer than 2,048 octets; real mail has them.
poplib._MAXLINE = 1 << 20

# Long enough that only a hang reaches it, on a busy machine too.
HANG_SECONDS = 60


def wait_until(condition, what, seconds=HANG_SECONDS):
    """Waits for a condition and returns its value; time alone never passes a test."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"waited for {what}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def has_members(group):
    """Whether a process of this group still runs; one that only waits to be reaped does not."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False


def clean_environment(**extra):
    """The caller's environment without what points at their desktop, keyring or certificates."""
    unwanted = ("DBUS_SESSION_BUS_ADDRESS", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "http_proxy", "HTTP_PROXY")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nowhere"
    environment.update(extra)
    return environment


class Process:
    """A program in a process group of its own, so that nothing of it is left behind."""

    def __init__(self):
        self.process = None

    def launch(self, arguments, **options):
        self.process = subprocess.Popen([str(word) for word in arguments], start_new_session=True, **options)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """Ends the whole group at once, without a chance to write anything, and waits until none of it is left."""
        group = self.process.pid
        self.stop(signal.SIGKILL)
        wait_until(lambda: not has_members(group), "the end of a killed process group")

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        if self.is_running():
            os.killpg(self.process.pid, how)
        status = self.process.wait(HANG_SECONDS)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        self.process = None
        return status


# No service files: nothing but what a test starts is on this bus.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


class Bus(Process):
    """A session bus of its own."""

    def __init__(self, folder):
        super().__init__()
        self.folder = Path(folder)

    def start(self):
        """Returns its address."""
        settings = self.folder / "bus.conf"
        settings.write_text(BUS.format(folder=self.folder))
        self.launch(["dbus-daemon", "--nofork", "--print-address", f"--config-file={settings}"],
                    stdout=subprocess.PIPE, text=True, env=clean_environment())
        return self.process.stdout.readline().strip()


class Keyring(Process):
    """gnome-keyring on a bus, with its files where the environment has them, and its "login" open at first."""

    PASSWORD = "keyring password"
    LOGIN = "/org/freedesktop/secrets/collection/login"

    def __init__(self, bus, environment):
        super().__init__()
        self.bus = bus
        self.environment = environment

    def start(self):
        self.launch(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        self.process.stdin.write(self.PASSWORD.encode())
        self.process.stdin.close()
        self.process.stdin = None
        wait_until(lambda: "login" in self.ask("org.freedesktop.Secret.Service.ReadAlias", "default"), "the keyring")
        return self

    def ask(self, method, *arguments):
        return subprocess.run(
            ["gdbus", "call", "--address", self.bus, "--dest", "org.freedesktop.secrets",
             "--object-path", "/org/freedesktop/secrets", "--method", method, *arguments],
            capture_output=True, text=True, timeout=HANG_SECONDS, env=clean_environment()).stdout

    def lock(self):
        self.ask("org.freedesktop.Secret.Service.Lock", f"['{self.LOGIN}']")

    def unlock(self):
        """As PAM does when somebody logs in, so nobody is asked: an octet for the credentials, then the length of all,
        UNLOCK and the password with its length. The answer is a length and 0."""
        password = self.PASSWORD.encode()
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(HANG_SECONDS)
            control.connect(str(Path(self.environment["XDG_RUNTIME_DIR"]) / "keyring" / "control"))
            control.sendall(b"\0" + struct.pack(">III", 12 + len(password), 1, len(password)) + password)
            if control.recv(8) != struct.pack(">II", 8, 0):
                raise RuntimeError("the keyring did not open")


class LocalWorker(Process):
    """The Worker as it is deployed, run by workerd, with its storage and outbound mail in a folder."""

    def __init__(self, folder, setup_key, port=0):
        super().__init__()
        self.folder = Path(folder)
        self.outbound = self.folder / "outbound"
        self.setup_key = setup_key
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        self.outbound.mkdir(parents=True, exist_ok=True)
        log = open(self.folder / "worker.log", "ab")
        self.launch(
            [WORKER / "with-node", "node", WORKER / "local" / "serve.mjs", "--port", self.port,
             "--storage", self.folder / "storage", "--outbound", self.outbound, "--with-parent"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            env=clean_environment(NEKO_SETUP_KEY=self.setup_key))
        log.close()
        if not self.process.stdout.readline():
            raise RuntimeError(f"the Worker did not start, see {self.folder / 'worker.log'}")
        return self

    def request(self, method, path, body=None, headers=None, token=None):
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if isinstance(body, dict):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG_SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def call(self, method, path, body=None, token=None):
        status, answer = self.request(method, path, body, token=token)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer) if answer else None

    def deliver(self, sender, recipient, message):
        """Posts a message to the Worker's email() handler, as Cloudflare's edge would hand it over."""
        return self.request("POST", "/edge/email", message,
                            {"X-Envelope-From": sender, "X-Envelope-To": recipient})

    def sent(self):
        """What was sent to the outside so far: a list of (envelope, bytes)."""
        return [(json.loads(path.with_suffix(".json").read_text()), path.read_bytes())
                for path in sorted(self.outbound.glob("*.eml"))]


class WorkerCase(unittest.TestCase):
    """A folder for each class, and a Worker in it where nobody has an account."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="neko-mail-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.worker = LocalWorker(cls.folder / "worker", "setup key of the tests")
        cls.addClassCleanup(cls.worker.stop)
        cls.worker.start()


class Maild(Process):
    """neko-maild, or neko-mail, with a home, settings and tokens of its own."""

    def __init__(self, folder, pop3_port=0, smtp_port=0):
        super().__init__()
        self.folder = Path(folder)
        self.tokens = self.folder / "tokens"
        self.log = self.folder / "neko-mail.log"
        self.pop3_port = pop3_port or free_port()
        self.smtp_port = smtp_port or free_port()

    def environment(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        return clean_environment(
            HOME=str(self.folder), XDG_CONFIG_HOME=str(self.folder / "config"),
            XDG_CACHE_HOME=str(self.folder / "cache"), XDG_DATA_HOME=str(self.folder / "data"),
            XDG_STATE_HOME=str(self.folder / "state"),
            GSETTINGS_BACKEND="memory", GSETTINGS_SCHEMA_DIR=str(BUILD / "data"))

    def command(self, *words, text=None):
        return subprocess.run([str(BUILD / "src/command/neko-maild"), *words], input=text, text=True,
                              capture_output=True, env=self.environment(), timeout=HANG_SECONDS)

    def must(self, *words, text=None):
        result = self.command(*words, text=text)
        if result.returncode != 0:
            raise RuntimeError(f"neko-maild {' '.join(words)}: {result.stderr}")
        return result.stdout.strip()

    def add_account(self, address, url, password):
        self.must("account", "add", address, url, "--token-file", str(self.tokens), text=password + "\n")

    def new_password(self, address, name):
        return self.must("password", "new", address, name)

    def start(self, program="src/command/neko-maild", arguments=(), wait=True):
        environment = self.environment()
        with open(self.log, "ab") as log:
            self.launch([BUILD / program, "--token-file", self.tokens, "--pop3-port", self.pop3_port,
                         "--smtp-port", self.smtp_port, *arguments],
                        stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        if wait:
            wait_until(lambda: self.is_ready(), f"the mail servers, see {self.log}")
        return self

    def is_ready(self):
        if not self.is_running():
            raise RuntimeError(f"neko-mail ended: {self.log.read_text()}")
        return is_open(self.pop3_port) and is_open(self.smtp_port)

    def log_text(self):
        return self.log.read_text()


def create_users(worker, password, *addresses):
    """Sets the Worker up with a first admin and some users, all with the same password."""
    domain = addresses[0].split("@")[1]
    token = worker.call("POST", "/v1/setup", {
        "setupKey": worker.setup_key, "address": f"admin@{domain}", "password": password})["token"]
    for address in addresses:
        worker.call("POST", "/v1/users", {"address": address, "password": password}, token=token)
    return token


def to_crlf(message):
    """A message as POP3 sends it: every line ended by CRLF."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return lines if not lines or lines.endswith(b"\r\n") else lines + b"\r\n"


def without_trace(message):
    """A received message without the two lines that the Worker puts on top."""
    first, second, rest = message.split(b"\r\n", 2)
    assert first.lower().startswith(b"return-path:"), first
    assert second.lower().startswith(b"delivered-to:"), second
    return rest


def samples():
    """The sample messages: a list of (name, bytes)."""
    return [(path.name, path.read_bytes()) for path in sorted(MESSAGES.glob("*.eml"))]


def quote_user(address):
    return urllib.parse.quote(address, safe="")
