"""The packages of `./dev deb` on a clean Debian 12: installed by apt, used, run by systemd, and taken away again. It
needs root, as apt does."""

import json
import os
import poplib
import re
import smtplib
import subprocess
import tempfile
import unittest
from pathlib import Path

import root
from root import stack

PACKAGES = Path(os.environ.get("NEKO_PACKAGES", stack.BUILD / "deb"))
NAMES = ["neko-mail", "neko-mail-common", "neko-maild"]
ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"
USER = "alice"
# Whoever runs the programs without systemd. The other one has nothing yet.
FIRST_USER = "carol"


def packages(*names):
    found = [path for name in names for path in PACKAGES.glob(f"{name}_*.deb")]
    assert len(found) == len(names), f"{PACKAGES} has {found}"
    return found


def setUpModule():
    """One Debian for all; nobody changes what is installed."""
    global clean
    folder = tempfile.TemporaryDirectory(prefix="neko-deb-", dir="/var/tmp")
    unittest.addModuleCleanup(folder.cleanup)
    clean = root.Root(Path(folder.name) / "debian").make()
    clean.must("apt-get", "update")
    clean.install(*clean.copy_packages(packages(*NAMES)))
    for user in (USER, FIRST_USER):
        clean.must("useradd", "--create-home", "--shell", "/bin/bash", user)


def copy_of_clean(case):
    folder = tempfile.TemporaryDirectory(prefix="neko-deb-", dir="/var/tmp")
    case.addClassCleanup(folder.cleanup)
    path = Path(folder.name) / "debian"
    subprocess.run(["cp", "--archive", "--reflink=auto", clean.path, path], check=True)
    return root.Root(path)


class MailCase(stack.WorkerCase):
    """A Worker outside, where alice has the sample messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE)
        for name, message in stack.samples():
            status, answer = cls.worker.deliver("bob@example.org", ALICE, message)
            assert status == 200, (name, answer)

    def assert_mail_passes(self, pop3_port, smtp_port, password):
        """Each sample is read, and sent, with the same bytes."""
        reader = poplib.POP3("127.0.0.1", pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(reader.close)
        reader.user(ALICE)
        reader.pass_(password)
        for number, (name, message) in enumerate(stack.samples(), 1):
            with self.subTest("read", name=name):
                received = b"\r\n".join(reader.retr(number)[1]) + b"\r\n"
                self.assertEqual(stack.without_trace(received), stack.to_crlf(message))
        reader.quit()
        for name, message in stack.samples():
            with self.subTest("sent", name=name), \
                    smtplib.SMTP("127.0.0.1", smtp_port, timeout=stack.HANG_SECONDS) as client:
                count = len(self.worker.sent())
                # A message that was sent once is not sent again, so each is another one.
                message = stack.to_crlf(message) + os.urandom(4).hex().encode() + b"\r\n"
                client.login(ALICE, password)
                client.sendmail(ALICE, ["bob@example.org"], message)
                self.assertEqual([sent for _, sent in self.worker.sent()[count:]], [message])

    def is_refused(self, pop3_port, password):
        client = poplib.POP3("127.0.0.1", pop3_port, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        try:
            client.pass_(password)
        except poplib.error_proto:
            return True
        return False


class InstalledMaild(stack.Maild):
    """A program of the packages, run there by a user; its files are inside."""

    def __init__(self, folder):
        super().__init__(folder)
        self.tokens = f"/home/{FIRST_USER}/tokens"

    def environment(self):
        return {"GSETTINGS_BACKEND": "keyfile"}

    def command(self, *words, text=None):
        return clean.run("neko-maild", *words, text=text, user=FIRST_USER, environment=self.environment())

    def start(self, program="neko-maild", arguments=(), wrapper=()):
        self.folder.mkdir(exist_ok=True)
        with open(self.log, "ab") as log:
            self.launch(clean.inside(*wrapper, program, "--token-file", self.tokens, "--pop3-port", self.pop3_port,
                                     "--smtp-port", self.smtp_port, *arguments, user=FIRST_USER,
                                     environment=self.environment()),
                        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        stack.wait_until(self.is_ready, f"the mail servers, see {self.log}")
        return self


class ProgramTest(MailCase):
    """The packages have brought all that the programs need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maild = InstalledMaild(cls.folder / "user")
        cls.maild.add_account(ALICE, cls.worker.url, PASSWORD)
        cls.password = cls.maild.new_password(ALICE, "tests")

    def setUp(self):
        self.maild = InstalledMaild(self.folder / "user")
        self.addCleanup(self.maild.stop)

    def test_neko_maild(self):
        self.maild.start()
        self.assert_mail_passes(self.maild.pop3_port, self.maild.smtp_port, self.password)

    def test_neko_mail_in_the_background(self):
        self.maild.start("neko-mail", ["--background"], wrapper=["dbus-run-session", "--"])
        self.assert_mail_passes(self.maild.pop3_port, self.maild.smtp_port, self.password)

    def test_versions(self):
        version = clean.must("dpkg-query", "--show", "--showformat", "${Version}", "neko-mail")
        for name in ("neko-mail", "neko-maild"):
            with self.subTest(name=name):
                self.assertEqual(clean.must(name, "--version", user=FIRST_USER), f"{name} {version}\n")

    def test_neko_maild_brings_no_window(self):
        plan = clean.must("dpkg-query", "--show", "--showformat", "${Depends}", "neko-maild")
        self.assertNotRegex(plan, "gtk|adwaita|neko-mail( |,|$)")
        libraries = clean.must("ldd", "/usr/bin/neko-maild")
        self.assertNotIn("not found", libraries)
        self.assertNotIn("libgtk", libraries)

    def test_nothing_of_the_computer_that_built_it(self):
        """Neither a folder nor a name."""
        for name in NAMES:
            for path in clean.must("dpkg", "--listfiles", name).split():
                file = clean.path / path[1:]
                if file.is_file() and not file.is_symlink():
                    with self.subTest(path=path):
                        self.assertNotIn(str(stack.ROOT).encode(), file.read_bytes())


class MachineCase(MailCase):
    """The package on a computer that runs systemd."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = copy_of_clean(cls)
        named = clean.must("dpkg-query", "--show", "--showformat", "${Recommends},${Suggests}", "neko-maild")
        cls.root.install("systemd-sysv", *named.replace(" ", "").split(","))
        cls.machine = root.Machine(cls.root)
        cls.addClassCleanup(cls.machine.stop)
        cls.machine.start()
        cls.pop3_port, cls.smtp_port = stack.free_port(), stack.free_port()

    @classmethod
    def set_ports(cls, run):
        """As the manual page says, by a command that runs as whom the service runs as."""
        for key, port in (("pop3-port", cls.pop3_port), ("smtp-port", cls.smtp_port)):
            run("env", "GSETTINGS_BACKEND=keyfile", "gsettings", "set", "io.github.nekomail.NekoMail", key, str(port))

    def wait_for_ports(self):
        stack.wait_until(lambda: stack.is_open(self.pop3_port) and stack.is_open(self.smtp_port), "the mail servers")


class SystemUnitTest(MachineCase):
    """neko-maild.service of the system, by the commands of the manual page."""

    TOKENS = "/var/lib/neko-mail/tokens"

    @classmethod
    def service(cls, *words, text=None):
        return cls.machine.must("sudo", "-u", "neko-mail", *words, text=text)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.is_quiet = cls.show("ActiveState"), cls.show("UnitFileState")
        cls.set_ports(cls.service)

    @classmethod
    def show(cls, name):
        return cls.machine.must("systemctl", "show", "--value", "--property", name, "neko-maild")

    def setUp(self):
        self.addCleanup(self.machine.run, "systemctl", "stop", "neko-maild")
        self.service("neko-maild", "account", "add", ALICE, self.worker.url, "--token-file", self.TOKENS,
                     text=f"{PASSWORD}\n")
        self.name = os.urandom(4).hex()
        self.password = self.service("neko-maild", "password", "new", ALICE, self.name)

    def test_installing_it_starts_nothing(self):
        self.assertEqual(self.is_quiet, ("inactive", "disabled"))

    def test_mail_passes(self):
        self.machine.must("systemctl", "start", "neko-maild")
        self.wait_for_ports()
        self.assert_mail_passes(self.pop3_port, self.smtp_port, self.password)
        self.service("neko-maild", "password", "revoke", ALICE, self.name)
        stack.wait_until(lambda: self.is_refused(self.pop3_port, self.password), "the end of a password")
        self.machine.must("systemctl", "stop", "neko-maild")
        self.assertEqual((self.show("Result"), self.show("ExecMainStatus")), ("success", "0"))

    def test_it_may_do_little(self):
        self.machine.must("systemctl", "start", "neko-maild")
        self.wait_for_ports()
        process = self.show("MainPID")
        status = dict(re.findall(r"(\w+):\t(\S*)", self.machine.must("cat", f"/proc/{process}/status")))
        self.assertEqual({name: status[name] for name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp")},
                         {"CapEff": "0" * 16, "CapBnd": "0" * 16, "NoNewPrivs": "1", "Seccomp": "2"})
        self.assertEqual(status["Uid"], self.machine.must("id", "--user", "neko-mail"))
        mounts = self.machine.must("cat", f"/proc/{process}/mountinfo")
        writable = {line.split()[4] for line in mounts.splitlines() if line.split()[5].startswith("rw")}
        self.assertIn("/var/lib/neko-mail", writable)
        self.assertNotIn("/", writable)

    def test_encrypted_tokens(self):
        """The file is read by systemd alone, and can lie anywhere."""
        encrypted = "/etc/credstore.encrypted/neko-maild.tokens"
        self.machine.must("mkdir", "-p", "/etc/credstore.encrypted", "/etc/systemd/system/neko-maild.service.d")
        self.machine.must("systemd-creds", "--with-key=host", "--name=tokens", "encrypt", self.TOKENS, encrypted)
        self.machine.must("rm", self.TOKENS)
        drop_in = "/etc/systemd/system/neko-maild.service.d/tokens.conf"
        self.machine.must("tee", drop_in, text="[Service]\nLoadCredential=\n"
                                               f"LoadCredentialEncrypted=tokens:{encrypted}\n")
        self.addCleanup(self.machine.run, "systemctl", "daemon-reload")
        self.addCleanup(self.machine.run, "rm", drop_in)
        self.machine.must("systemctl", "daemon-reload")
        self.machine.must("systemctl", "start", "neko-maild")
        self.wait_for_ports()
        self.assert_mail_passes(self.pop3_port, self.smtp_port, self.password)

    def test_without_tokens_it_is_not_tried_again(self):
        self.machine.must("rm", self.TOKENS)
        self.assertNotEqual(self.machine.run("systemctl", "start", "neko-maild").returncode, 0)
        self.assertEqual((self.show("ActiveState"), self.show("NRestarts"), self.show("ExecMainStatus")),
                         ("failed", "0", "243"))


class UpgradeTest(MachineCase):
    """Of a computer where the service runs."""

    def process(self):
        return self.machine.must("systemctl", "show", "--value", "--property", "MainPID", "neko-maild")

    def test_it_runs_on_until_it_is_removed(self):
        def service(*words, text=None):
            return self.machine.must("sudo", "-u", "neko-mail", *words, text=text)
        self.set_ports(service)
        service("neko-maild", "account", "add", ALICE, self.worker.url, "--token-file", "/var/lib/neko-mail/tokens",
                text=f"{PASSWORD}\n")
        self.machine.must("systemctl", "enable", "--now", "neko-maild")
        self.wait_for_ports()
        before = self.process()
        self.machine.must("dpkg", "--install", f"/packages/{packages('neko-maild')[0].name}")
        self.wait_for_ports()
        after = self.process()
        self.assertNotIn(after, (before, "0"))

        self.machine.must("dpkg", "--remove", "neko-maild")
        self.machine.must("test", "!", "-e", f"/proc/{after}")
        self.assertTrue((self.root.path / "var/lib/neko-mail/tokens").exists())
        self.machine.must("dpkg", "--purge", "neko-maild")
        self.assertFalse((self.root.path / "var/lib/neko-mail").exists())


class UserUnitTest(MachineCase):
    """neko-maild.service of a user who is not logged in, with the tokens in a file, as the manual page says."""

    @classmethod
    def user(cls, *words, text=None):
        return cls.machine.must("sudo", "-u", USER, "env", f"XDG_RUNTIME_DIR=/run/user/{cls.uid}", *words, text=text)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.uid = cls.machine.must("id", "--user", USER)
        cls.machine.must("loginctl", "enable-linger", USER)
        stack.wait_until(lambda: cls.machine.run("systemctl", "is-active", f"user@{cls.uid}").returncode == 0,
                         "the user's systemd")
        cls.set_ports(cls.user)
        cls.user("neko-maild", "account", "add", ALICE, cls.worker.url, "--token-file",
                 f"/home/{USER}/.config/neko-mail/tokens", text=f"{PASSWORD}\n")
        cls.password = cls.user("neko-maild", "password", "new", ALICE, "tests")
        folder = f"/home/{USER}/.config/systemd/user/neko-maild.service.d"
        cls.user("mkdir", "-p", folder)
        cls.user("tee", f"{folder}/tokens.conf", text="[Service]\nEnvironment=GSETTINGS_BACKEND=keyfile\n"
                                                      "LoadCredential=tokens:%h/.config/neko-mail/tokens\n")
        cls.user("systemctl", "--user", "daemon-reload")

    def status(self):
        return json.loads(self.user("neko-maild", "status", "--json"))

    def account(self):
        account, = self.status()["accounts"]
        return account

    def test_mail_passes_and_commands_reach_it(self):
        self.user("systemctl", "--user", "start", "neko-maild")
        self.addCleanup(self.user, "systemctl", "--user", "stop", "neko-maild")
        self.wait_for_ports()
        self.assert_mail_passes(self.pop3_port, self.smtp_port, self.password)
        process = self.status()["processId"]
        status = dict(re.findall(r"(\w+):\t(\S*)", self.machine.must("cat", f"/proc/{process}/status")))
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"], status["Uid"]), ("1", "2", self.uid))

        token = self.worker.call("POST", "/v1/tokens", {"address": ALICE, "password": PASSWORD, "device": "test"})
        for device in self.worker.call("GET", "/v1/tokens", token=token["token"])["tokens"]:
            if device["id"] != token["tokenId"]:
                self.worker.call("DELETE", f"/v1/tokens/{device['id']}", token=token["token"])
        stack.wait_until(lambda: self.account()["state"] == "sign-in", "a token that is refused")
        advice = self.user("neko-maild", "status")
        self.assertIn("--token-file FILE, where FILE is what its tokens are copied from", advice)
        self.assertNotIn("credentials", advice)


class PurgeTest(unittest.TestCase):
    # What the test itself has put there.
    OURS = ("/packages/", "/home/")

    # Who a user was is kept, so that nobody else gets the number.
    USERS = re.compile(r"/etc/(passwd|shadow|group|gshadow)-?")

    def test_nothing_is_left(self):
        copy = copy_of_clean(type(self))
        self.assertTrue((copy.path / "var/lib/neko-mail").exists())
        copy.must("apt-get", "purge", "--yes", *NAMES)
        paths = {path for path in copy.files() if not path.startswith(self.OURS)}
        self.assertEqual({path for path in paths if re.search("neko-?mail", path, re.IGNORECASE)}, set())
        texts = [copy.path / path[1:] for path in paths if path.startswith("/etc/") and not self.USERS.fullmatch(path)]
        texts = [path for path in texts if path.is_file() and not path.is_symlink()]
        self.assertEqual([path for path in texts if b"neko-mail" in path.read_bytes()], [])


if __name__ == "__main__":
    unittest.main()
