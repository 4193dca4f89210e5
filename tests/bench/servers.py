"""What the mail benchmarks measure, and what they measure it against, each from files of its own on loopback."""

import grp
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

import stack

ADDRESS = "bench@neko.test"
PASSWORD = "bench"


def use_build(folder):
    """Which neko-maild is tried, and whose tools."""
    stack.BUILD = Path(folder)


# An optimised one, beside the one that is developed with.
use_build(stack.ROOT / "build" / "bench-build")


def tool_path(name):
    return stack.BUILD / "tests" / "bench" / "tools" / name


def tool(name, *arguments, **options):
    """Runs one of the programs in tools/ and returns what it measured."""
    result = subprocess.run([str(tool_path(name)), *map(str, arguments)], capture_output=True, text=True, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{name}: {result.stderr.strip()}")
    return json.loads(result.stdout) if result.stdout else None


class Folder:
    """A temporary folder that other users can get into: Dovecot and Postfix run as users of their own.

    It is on a disk, since Postfix is to write to one."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="neko-bench-", dir="/var/tmp"))
        self.path.chmod(0o755)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


class Server(stack.Process):
    """One that is there when the block begins and gone when it ends."""

    def __enter__(self):
        self.start()
        stack.wait_until(self.is_ready, f"{type(self).__name__} on port {self.port}")
        return self

    def __exit__(self, *_):
        self.stop()

    def is_ready(self):
        if not self.is_running():
            raise RuntimeError(f"{type(self).__name__} ended")
        return stack.is_open(self.port)


class Double(Server):
    """A Worker that is never what is waited for."""

    def __init__(self, corpus=None):
        super().__init__()
        self.corpus = corpus
        self.port = stack.free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        generate = ["--generate", self.corpus] if self.corpus else []
        self.launch([tool_path("worker-double"), "--port", self.port, *generate])

    def requests(self):
        with urllib.request.urlopen(f"{self.url}/double/requests") as answer:
            return json.load(answer)


class SlowLink(Server):
    def __init__(self, target, round_trip, bandwidth):
        super().__init__()
        self.port = stack.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.options = ["--port", self.port, "--to", target.port, "--round-trip", round_trip,
                        "--bandwidth", bandwidth]

    def start(self):
        self.launch([tool_path("slow-link"), *self.options])

    def hold(self):
        """Lets nothing through, nor a connection begin, until it is let go."""
        self.process.send_signal(signal.SIGSTOP)

    def let_go(self):
        self.process.send_signal(signal.SIGCONT)


class Maild(stack.Maild):
    """neko-maild, signed in to a Worker at `url`."""

    name = "neko"

    def __init__(self, folder, url):
        super().__init__(folder)
        self.url = url
        self.password = None

    def __enter__(self):
        self.sign_in()
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def sign_in(self):
        self.add_account(ADDRESS, self.url, "any")
        self.password = self.new_password(ADDRESS, "bench")

    def pop3(self):
        return ["--port", self.pop3_port, "--user", ADDRESS, "--password", self.password]

    def smtp(self):
        return ["--port", self.smtp_port, "--user", ADDRESS, "--password", self.password, "--sender", ADDRESS]


class Dovecot(Server):
    """Dovecot's POP3 server, with a mailbox that holds a corpus.

    As Debian ships it each log-in gets new processes. What its manual calls the high-performance mode keeps them, and
    is many times faster; the comparison is with that, unless it is asked for as shipped.

    Where the benchmark runs as root Dovecot's processes have their own users, and the mail belongs to nobody; else
    all is the caller's."""

    name = "dovecot"
    user = "bench"

    def __init__(self, folder, corpus, is_as_shipped=False, layout="maildir"):
        super().__init__()
        self.folder = folder / f"dovecot{'-as-shipped' * is_as_shipped}"
        self.corpus = corpus
        self.is_as_shipped = is_as_shipped
        self.layout = layout
        self.port = stack.free_port()
        self.is_root = os.geteuid() == 0
        self.owner = pwd.getpwnam("nobody") if self.is_root else pwd.getpwuid(os.geteuid())

    def configuration(self):
        me = self.owner.pw_name
        unprivileged = f"""
default_login_user = {me}
default_internal_user = {me}
default_internal_group = {grp.getgrgid(self.owner.pw_gid).gr_name}
service anvil {{
  chroot =
}}
service pop3-login {{
  chroot =
}}
"""
        fast = """
service pop3-login {
  service_count = 0
  process_min_avail = 2
}
service pop3 {
  service_count = 1000
  process_min_avail = 4
}
service auth {
  client_limit = 2000
}
"""
        return f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
protocols = pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = {self.layout}:~/{self.layout}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={self.owner.pw_uid} gid={self.owner.pw_gid} home={self.folder}/%u
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {self.port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
{"" if self.is_root else unprivileged}{"" if self.is_as_shipped else fast}"""

    def make_mail(self):
        home = self.folder / self.user
        home.mkdir(parents=True)
        tool("make-maildir", home / "maildir", self.corpus)
        if self.is_root:
            subprocess.run(["chown", "-R", f"{self.owner.pw_uid}:{self.owner.pw_gid}", str(home)], check=True)

    def __enter__(self):
        super().__enter__()
        if self.layout != "maildir":
            subprocess.run(["doveadm", "-c", self.folder / "dovecot.conf", "import", "-u", self.user,
                            f"maildir:{self.folder}/{self.user}/maildir", "", "ALL"], check=True)
        return self

    def start(self):
        self.make_mail()
        self.folder.chmod(0o755)
        (self.folder / "dovecot.conf").write_text(self.configuration())
        self.launch(["/usr/sbin/dovecot", "-F", "-c", self.folder / "dovecot.conf"],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def pop3(self):
        return ["--port", self.port, "--user", self.user, "--password", PASSWORD]


class Postfix:
    """Postfix as Debian ships it, taking mail from this computer and throwing it away once it is in its queue.

    Its master process only runs as root."""

    name = "postfix"

    def __init__(self, folder):
        self.folder = folder / "postfix"
        self.port = stack.free_port()

    def run(self, *words, check=True):
        """As root, also where the benchmark itself is not."""
        sudo = [] if os.geteuid() == 0 else ["sudo"]
        return subprocess.run([*sudo, *map(str, words)], check=check, capture_output=True, text=True)

    def postfix(self, word, check=True):
        return self.run("/usr/sbin/postfix", "-c", self.folder / "etc", word, check=check)

    def main_cf(self):
        return f"""
compatibility_level = 3.6
queue_directory = {self.folder}/spool
data_directory = {self.folder}/data
maillog_file = {self.folder}/log
maillog_file_prefixes = {self.folder}
myhostname = bench.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
default_transport = discard:
alias_maps =
alias_database =
smtpd_peername_lookup = no
"""

    def master_cf(self):
        """Debian's, with its own port and without the chroots, which need files from /etc in the queue."""
        lines = []
        for line in Path("/usr/share/postfix/master.cf.dist").read_text().splitlines():
            words = line.split()
            if line and not line[0].isspace() and not line.startswith("#") and len(words) > 7:
                if words[:2] == ["smtp", "inet"]:
                    words[0] = f"127.0.0.1:{self.port}"
                words[4] = "n"
                line = " ".join(words)
            lines.append(line)
        return "\n".join([*lines, "postlog unix-dgram n - n - 1 postlogd"]) + "\n"

    def __enter__(self):
        etc = self.folder / "etc"
        etc.mkdir(parents=True)
        for name in ("spool", "data"):
            (self.folder / name).mkdir()
        (etc / "main.cf").write_text(self.main_cf())
        (etc / "master.cf").write_text(self.master_cf())
        self.run("chown", "-R", "root:root", self.folder)
        self.run("chown", "postfix", self.folder / "data")
        started = self.postfix("start", check=False)
        if started.returncode != 0:
            raise RuntimeError(f"Postfix did not start: {started.stderr}{started.stdout}")
        stack.wait_until(lambda: stack.is_open(self.port), f"Postfix, see {self.folder / 'log'}")
        return self

    def __exit__(self, *_):
        self.postfix("stop", check=False)
        self.run("rm", "-rf", self.folder, check=False)

    def smtp(self):
        return ["--port", self.port, "--sender", "bench@example.org"]

    def settle(self):
        """Waits until the queue is empty, so that what it still does costs nobody else anything."""
        def is_empty():
            queue = self.run("/usr/sbin/postqueue", "-c", self.folder / "etc", "-p").stdout
            return "is empty" in queue
        stack.wait_until(is_empty, "Postfix's queue", 300)


def memory_of(pid):
    """A process's octets of memory, as the kernel counts them.

    Pss is all that it has for itself, with its share of what it shares with others. That share changes when another
    process with the same libraries begins or ends; so how much more memory something takes is told by Rss."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(value.split()[0]) * 1024 for name, value in (line.split(":") for line in lines)}


def pss(pid):
    return memory_of(pid)["Pss"]


def rss(pid):
    return memory_of(pid)["Rss"]


def voluntary_switches(pid):
    """How often each thread of a process went to sleep so far."""
    counts = {}
    for path in Path(f"/proc/{pid}/task").glob("*/status"):
        try:
            text = path.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        counts[path.parent.name] = int(text.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return counts


def wake_ups_between(before, after):
    """A thread that has ended woke up to do so."""
    return (sum(count - before.get(thread, 0) for thread, count in after.items()) +
            len(before.keys() - after.keys()))


def settled(read, seconds=0.5):
    """Waits until a figure stays where it is, and returns it."""
    last = read()
    while True:
        time.sleep(seconds)
        now = read()
        if now == last:
            return now
        last = now
