"""The container of data/container, built by buildah on a clean Debian, which stands for the base image of that name,
and run with its own user, environment and first program."""

import json
import poplib
import smtplib
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

import root
from root import stack

BASE = "docker.io/library/debian:bookworm-slim"
ALICE = "alice@neko.test"
PASSWORD = "a password of the Worker"
MESSAGE = (f"From: {ALICE}\r\nTo: bob@example.org\r\nSubject: out\r\nDate: Sat, 28 Nov 2026 09:00:00 +0000\r\n"
           f"Message-ID: <out@neko.test>\r\n\r\n.a dot\r\nthe end\r\n").encode()


class Buildah:
    """With a store of its own."""

    def __init__(self, folder):
        self.options = ["--root", folder / "store", "--runroot", folder / "run", "--storage-driver", "vfs"]

    def command(self, *words):
        return [str(word) for word in ["buildah", *self.options, *words]]

    def must(self, *words, text=None):
        result = subprocess.run(self.command(*words), input=text, capture_output=True, text=True,
                                timeout=3 * root.DOWNLOAD_SECONDS)
        if result.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))}: {result.stdout[-2000:]}{result.stderr[-2000:]}")
        return result.stdout.strip()


class Container(stack.Process):
    """What the image says of itself is what is run; buildah leaves the first program of an image to its caller."""

    def __init__(self, buildah, image, log):
        super().__init__()
        self.buildah = buildah
        self.config = json.loads(buildah.must("inspect", "--type", "image", image))["Docker"]["config"]
        self.container = buildah.must("from", "--pull-never", image)
        self.log = log

    def inside(self, *words):
        return self.buildah.command("run", "--isolation", "chroot", self.container, "--", *words)

    def run(self, *words, text=None):
        return subprocess.run(self.inside(*words), input=text, capture_output=True, text=True,
                              timeout=stack.HANG_SECONDS)

    def start(self, *arguments):
        with open(self.log, "ab") as log:
            self.launch(self.inside(*self.config["Entrypoint"], *self.config["Cmd"], *arguments),
                        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self


class ContainerTest(stack.WorkerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack.create_users(cls.worker, PASSWORD, ALICE)
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="neko-container-", dir="/var/tmp")))
        base = root.Root(folder / "debian").make()
        cls.buildah = Buildah(folder)
        scratch = cls.buildah.must("from", "scratch")
        cls.buildah.must("add", "--quiet", scratch, base.path, "/")
        cls.buildah.must("commit", "--quiet", "--rm", scratch, BASE)
        cls.buildah.must("build", "--pull-never", "--isolation", "chroot", "--network", "host", "--tag", "neko-maild",
                         "--format", "docker", "--file", stack.ROOT / "data/container/Containerfile", stack.ROOT)
        cls.container = Container(cls.buildah, "neko-maild", folder / "log")
        cls.addClassCleanup(cls.container.stop)

    def test_mail_passes_with_tls(self):
        """That others have to use it, tests/e2e looks at."""
        self.assertEqual(self.container.config["User"], "neko-mail")
        ports = {name: stack.free_port() for name in ("pop3", "smtp", "pop3s", "smtps")}
        added = self.container.run("neko-maild", "account", "add", ALICE, self.worker.url, "--token-file",
                                   "/var/lib/neko-mail/tokens", text=f"{PASSWORD}\n")
        self.assertEqual(added.returncode, 0, added.stderr)
        password = self.container.run("neko-maild", "password", "new", ALICE, "tests").stdout.strip()
        self.container.start(*(f"--{name}-port={port}" for name, port in ports.items()))
        check, *health = self.container.config["Healthcheck"]["Test"]
        self.assertEqual(check, "CMD")
        stack.wait_until(lambda: self.container.run(*health).returncode == 0, f"health, see {self.container.log}")

        status, answer = self.worker.deliver("bob@example.org", ALICE, stack.samples()[0][1])
        self.assertEqual(status, 200, answer)
        context = ssl.create_default_context(
            cadata=self.container.run("neko-maild", "certificate", "export").stdout)
        context.check_hostname = False
        stack.wait_until(lambda: stack.is_open(ports["pop3s"]), "the port with TLS")
        listeners = json.loads(self.container.run("neko-maild", "status", "--json").stdout)["listeners"]
        self.assertIn("0.0.0.0", {listener["address"] for listener in listeners})
        client = poplib.POP3_SSL("127.0.0.1", ports["pop3s"], context=context, timeout=stack.HANG_SECONDS)
        self.addCleanup(client.close)
        client.user(ALICE)
        client.pass_(password)
        received = b"\r\n".join(client.retr(1)[1]) + b"\r\n"
        self.assertEqual(stack.without_trace(received), stack.to_crlf(stack.samples()[0][1]))
        with smtplib.SMTP_SSL("127.0.0.1", ports["smtps"], context=context, timeout=stack.HANG_SECONDS) as sender:
            sender.login(ALICE, password)
            sender.sendmail(ALICE, ["bob@example.org"], MESSAGE)
        self.assertEqual([message for _, message in self.worker.sent()], [MESSAGE])


if __name__ == "__main__":
    unittest.main()
