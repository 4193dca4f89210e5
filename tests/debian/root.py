"""A clean Debian 12 in a folder, whose programs run beside those of this computer, and systemd in it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import stack  # noqa: E402

SUITE = "bookworm"

# What comes over the network takes longer than what runs here.
DOWNLOAD_SECONDS = 600


def apt_sources():
    """Where this computer takes Debian from; none where that is another one, then mmdebstrap knows where."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("debian*"))]
    return [path for path in files if path.exists() and SUITE in path.read_text()]


def copy_sources(tree):
    """All that git knows of the checkout, as it is now; a clone, because the packages have the date of its commit."""
    subprocess.run(["git", "clone", "--quiet", stack.ROOT, tree], check=True)
    sources = subprocess.check_output(["git", "ls-files", "-z"], cwd=stack.ROOT, text=True).split("\0")
    for name in filter(None, sources):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(stack.ROOT / name, tree / name)


class Root:
    def __init__(self, path):
        self.path = Path(path)

    def make(self):
        """The packages that no Debian is without, and nothing else."""
        subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", SUITE, self.path, *apt_sources()], check=True,
                       timeout=DOWNLOAD_SECONDS)
        return self

    def inside(self, *words, user="root", environment=None):
        """The command line that runs a program there, with the network of this computer."""
        home = "/root" if user == "root" else f"/home/{user}"
        variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LC_ALL": "C.UTF-8",
                     "DEBIAN_FRONTEND": "noninteractive"} | (environment or {})
        return ["bwrap", "--bind", self.path, "/", "--dev", "/dev", "--proc", "/proc",
                "--perms", "1777", "--tmpfs", "/tmp", "--ro-bind", "/etc/resolv.conf", "/etc/resolv.conf",
                "--cap-add", "ALL", "--chdir", "/", "--",
                "setpriv", "--reuid", user, "--regid", user, "--init-groups",
                "env", "-i", *(f"{name}={value}" for name, value in variables.items()), *map(str, words)]

    def run(self, *words, text=None, user="root", environment=None, timeout=DOWNLOAD_SECONDS):
        return subprocess.run(self.inside(*words, user=user, environment=environment), input=text, text=True,
                              capture_output=True, timeout=timeout)

    def must(self, *words, **options):
        result = self.run(*words, **options)
        if result.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))}: {result.stdout}{result.stderr}")
        return result.stdout

    def install(self, *packages):
        """By apt, with what the packages depend on and no more."""
        self.must("apt-get", "install", "--yes", "--no-install-recommends", *packages)

    def copy_packages(self, paths):
        """Returns their names inside."""
        folder = self.path / "packages"
        folder.mkdir(exist_ok=True)
        for path in paths:
            (folder / path.name).write_bytes(path.read_bytes())
        return [f"/packages/{path.name}" for path in paths]

    def files(self):
        """All paths there, with folders."""
        found = set()
        for folder, folders, names in os.walk(self.path):
            found.update(f"/{os.path.relpath(os.path.join(folder, name), self.path)}" for name in folders + names)
        return found


class Machine(stack.Process):
    """systemd in such a Debian, as on a computer that was switched on, with the network of this one."""

    def __init__(self, root):
        super().__init__()
        self.root = root

    def start(self):
        self.launch(["systemd-nspawn", "--quiet", "--directory", self.root.path, "--machine", f"neko-{os.getpid()}",
                     "--register=no", "--keep-unit", "--resolv-conf=off", "--console=read-only", "--boot"],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.wait_until(lambda: self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"),
                         "systemd")
        return self

    def leader(self):
        """The first process there, as it is called here."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return children[-1] if children else None

    def run(self, *words, text=None):
        leader = self.leader()
        if leader is None:
            return subprocess.CompletedProcess(words, 1, "", "it does not run")
        return subprocess.run(["nsenter", "--target", leader, "--all", "env", "-i", "LC_ALL=C.UTF-8",
                               "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *map(str, words)], input=text, text=True,
                              capture_output=True, timeout=stack.HANG_SECONDS)

    def must(self, *words, text=None):
        result = self.run(*words, text=text)
        if result.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))}: {result.stdout}{result.stderr}")
        return result.stdout.strip()

    def stop(self, how=signal.SIGTERM):
        """SIGTERM to systemd-nspawn is a power button."""
        if self.is_running():
            os.kill(self.process.pid, how)
            self.process.wait(stack.HANG_SECONDS)
        return super().stop(how)
