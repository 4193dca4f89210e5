"""Mail programs from Debian: each is set up as people would, reads all that is there, or sends.

A function for each takes an Account; messages have CRLF. A program that fails raises a ClientError."""

import dataclasses
import mailbox
import os
import poplib
import pty
import re
import select
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

import stack

CLEAR = "clear text"
BEGUN = "STLS or STARTTLS"
FIRST = "TLS from the start"


class ClientError(Exception):
    pass


@dataclasses.dataclass
class Account:
    """What people enter in a mail program, and the certificate that it trusts."""
    address: str
    password: str
    mode: str
    pop3_port: int
    smtp_port: int
    certificate: Path

    def choose(self, clear, begun, first):
        """What this account's mode is called by a client."""
        return {CLEAR: clear, BEGUN: begun, FIRST: first}[self.mode]

    def trust(self):
        return ssl.create_default_context(cafile=str(self.certificate))


class Home:
    """A home for one run of a program, with its settings and the mail that it fetches."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="neko-client-")
        self.path = Path(self.folder.name)
        self.box = self.path / "box"
        self.maildir = mailbox.Maildir(self.box)
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def write(self, name, content, mode=0o600):
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    def delivery_program(self):
        """A program that puts a message into the Maildir."""
        return self.write("deliver", f'#!/bin/sh\nexec cat >"$(mktemp {self.box}/new/XXXXXXXX)"\n', 0o700)

    def received(self):
        """What is in the Maildir, where lines end in LF."""
        return [stack.to_crlf(self.maildir.get_bytes(key)) for key in self.maildir.keys()]

    def environment(self):
        return stack.clean_environment(HOME=str(self.path), LC_ALL="C.UTF-8", TERM="vt100")

    def run(self, *words, data=b""):
        result = subprocess.run([str(word) for word in words], input=data, capture_output=True,
                                cwd=self.path, env=self.environment(), timeout=stack.HANG_SECONDS)
        if result.returncode != 0:
            raise ClientError(f"{words[0]}: {result.returncode}, {result.stdout + result.stderr}")
        return result.stdout

    def run_in_terminal(self, *words, question):
        """Runs a program which nobody sits before: it is ended where it asks them something."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([str(word) for word in words], stdin=theirs, stdout=theirs, stderr=theirs,
                                   cwd=self.path, env=self.environment(), start_new_session=True)
        os.close(theirs)
        shown, end = b"", time.monotonic() + stack.HANG_SECONDS
        try:
            while question not in shown and select.select([ours], [], [], max(0, end - time.monotonic()))[0]:
                shown += os.read(ours, 65536)
            process.kill()
        except OSError:
            pass  # So a terminal says that nobody is left on its other side.
        finally:
            os.close(ours)
        if process.wait() != 0:
            raise ClientError(f"{words[0]}: {process.returncode}, {shown}")


# Python


def read_all(client, account):
    client.user(account.address)
    client.pass_(account.password)
    messages = [b"".join(line + b"\r\n" for line in client.retr(number)[1])
                for number in range(1, client.stat()[0] + 1)]
    client.quit()
    return messages


def send_all(client, account, recipient, messages):
    client.login(account.address, account.password)
    for message in messages:
        client.sendmail(account.address, [recipient], message)
    client.quit()


def read_with_python(account):
    where = {"host": "localhost", "port": account.pop3_port, "timeout": stack.HANG_SECONDS}
    client = poplib.POP3_SSL(context=account.trust(), **where) if account.mode == FIRST else poplib.POP3(**where)
    try:
        if account.mode == BEGUN:
            client.stls(account.trust())
        return read_all(client, account)
    finally:
        client.close()


def send_with_python(account, recipient, messages):
    where = {"host": "localhost", "port": account.smtp_port, "timeout": stack.HANG_SECONDS}
    client = smtplib.SMTP_SSL(context=account.trust(), **where) if account.mode == FIRST else smtplib.SMTP(**where)
    try:
        if account.mode == BEGUN:
            client.starttls(context=account.trust())
        send_all(client, account, recipient, messages)
    finally:
        client.close()


# openssl carries what Python says.


class Tunnel:

    def __init__(self, account, port, protocol, greeting):
        self.socket, its = socket.socketpair()
        self.socket.settimeout(stack.HANG_SECONDS)
        if account.mode == BEGUN:
            # openssl keeps to itself what is said before TLS.
            its.sendall(greeting)
        begin = account.choose(None, ["-starttls", protocol], [])
        self.process = subprocess.Popen(
            ["openssl", "s_client", "-quiet", "-connect", f"localhost:{port}", "-CAfile", account.certificate,
             "-verify_return_error", "-verify_hostname", "localhost", *begin],
            stdin=its, stdout=its, stderr=subprocess.DEVNULL, env=stack.clean_environment())
        its.close()

    def __enter__(self):
        return self.socket

    def __exit__(self, *_):
        self.socket.close()
        self.process.kill()
        self.process.wait()


class TunnelledPop3(poplib.POP3):

    def __init__(self, tunnel):
        self._create_socket = lambda timeout: tunnel
        super().__init__("localhost")


class TunnelledSmtp(smtplib.SMTP):

    def __init__(self, tunnel):
        self._get_socket = lambda *_: tunnel
        super().__init__("localhost")


def read_with_openssl(account):
    with Tunnel(account, account.pop3_port, "pop3", b"+OK\r\n") as tunnel:
        return read_all(TunnelledPop3(tunnel), account)


def send_with_openssl(account, recipient, messages):
    with Tunnel(account, account.smtp_port, "smtp", b"220 -\r\n") as tunnel:
        send_all(TunnelledSmtp(tunnel), account, recipient, messages)


# curl


def curl(home, account, url, *words):
    return home.run("curl", "-sS", "--cacert", account.certificate, "-u", f"{account.address}:{account.password}",
                    *account.choose([], ["--ssl-reqd"], []), *words, url)


def read_with_curl(account):
    url = f"{account.choose('pop3', 'pop3', 'pop3s')}://localhost:{account.pop3_port}/"
    with Home() as home:
        count = len(curl(home, account, url).splitlines())
        curl(home, account, f"{url}[1-{count}]", "-o", home.path / "#1.eml")
        return [(home.path / f"{number}.eml").read_bytes() for number in range(1, count + 1)]


def send_with_curl(account, recipient, messages):
    url = f"{account.choose('smtp', 'smtp', 'smtps')}://localhost:{account.smtp_port}"
    with Home() as home:
        for message in messages:
            curl(home, account, url, "--mail-from", account.address, "--mail-rcpt", recipient,
                 "-T", home.write("message", message))


# mpop and msmtp have the same author and the same settings.


def settings_for_m(account, port):
    return f"""
account default
host localhost
port {port}
user {account.address}
password {account.password}
tls {account.choose("off", "on", "on")}
tls_starttls {account.choose("off", "on", "off")}
tls_trust_file {account.certificate}
"""


def read_with_mpop(account, keep=True):
    with Home() as home:
        home.write(".mpoprc", settings_for_m(account, account.pop3_port) + f"""
auth user
keep {"on" if keep else "off"}
delivery maildir {home.box}
received_header off
uidls_file {home.path}/uidls
""")
        home.run("mpop", "-q")
        return home.received()


def send_with_msmtp(account, recipient, messages):
    with Home() as home:
        home.write(".msmtprc", settings_for_m(account, account.smtp_port) + f"""
from {account.address}
auth plain
""")
        for message in messages:
            home.run("msmtp", recipient, data=message.replace(b"\r\n", b"\n"))


# fetchmail


def read_with_fetchmail(account, keep=True):
    trust = f"sslproto 'tls1.2+' sslcertck sslcertfile '{account.certificate}'"
    with Home() as home:
        # Invisible: without a Received line of its own.
        home.write(".fetchmailrc", f"""
set invisible
poll localhost protocol pop3 service {account.pop3_port}
user "{account.address}" password "{account.password}" {account.choose("sslproto ''", trust, "ssl " + trust)}
fetchall no rewrite {"keep" if keep else "no keep"} mda "{home.delivery_program()}"
""")
        home.run("fetchmail", "--nosyslog", "--silent")
        # fetchmail 6.4 cuts a line after 8,191 octets, and puts what its memory holds there, from NUL to LF, between.
        return [re.sub(rb"(?m)^(.{8191})\0[^\n]*\n", rb"\1", message) for message in home.received()]


# getmail6


def read_with_getmail(account, keep=True):
    with Home() as home:
        # It writes the Return-Path anew, as it was. As root it delivers by a program only.
        settings = home.write("getmailrc", f"""
[retriever]
type = {account.choose("SimplePOP3Retriever", None, "SimplePOP3SSLRetriever")}
server = localhost
port = {account.pop3_port}
username = {account.address}
password = {account.password}
{account.choose("", None, f"ca_certs = {account.certificate}")}
[destination]
type = MDA_external
path = {home.delivery_program()}
allow_root_commands = true
[options]
delete = {not keep}
delivered_to = false
received = false
verbose = 0
""")
        home.run("getmail", "--getmaildir", home.path, "--rcfile", settings)
        return home.received()


# swaks verifies who made a certificate, but not for which host.


def send_with_swaks(account, recipient, messages):
    trust = ["--tls-verify", "--tls-ca-path", account.certificate]
    with Home() as home:
        for message in messages:
            # It would replace %DATE% and the like, unless it is given all that goes over the wire.
            data = home.write("data", smtplib.quotedata(message.decode("latin-1")).encode("latin-1") + b".")
            home.run("swaks", "--silent", "2", "--server", "localhost", "--port", account.smtp_port,
                     "--from", account.address, "--to", recipient, "--auth", "LOGIN",
                     "--auth-user", account.address, "--auth-password", account.password,
                     *account.choose([], ["--tls", *trust], ["--tls-on-connect", *trust]),
                     "--data", f"@{data}", "--no-data-fixup")


# mutt


def mutt_settings(home, account, keys="", keep=True):
    """The path of settings with which nothing is asked, and keys are pressed."""
    s = account.choose("", "", "s")
    user = account.address.replace("@", "%40")
    return home.write("muttrc", "\n".join([
        f'set pop_host="pop{s}://{user}@localhost:{account.pop3_port}" pop_pass="{account.password}"',
        f'set smtp_url="smtp{s}://{user}@localhost:{account.smtp_port}" smtp_pass="{account.password}"',
        "set pop_authenticators=user smtp_authenticators=plain",
        f"set ssl_starttls={account.choose('no', 'yes', 'no')} ssl_force_tls={account.choose('no', 'yes', 'yes')}",
        f'set ssl_ca_certificates_file="{account.certificate}" pop_delete={"no" if keep else "yes"}',
        f'set from="{account.address}" use_envelope_from realname="" hostname=localhost sort=mailbox-order',
        'set folder=~ spoolfile=~/box record="" bounce=yes quit=yes nomove nowait_key sleep_time=0',
        f'push "{keys}"', ""]))


def press_in_mutt(home, account, keys, keep=True):
    settings = mutt_settings(home, account, keys + "<quit>", keep)
    # It asks about a certificate that it does not trust.
    home.run_in_terminal("mutt", "-n", "-F", settings, question=b"(r)eject")


def read_with_mutt(account, keep=True):
    with Home() as home:
        press_in_mutt(home, account, "<fetch-mail>", keep)
        return home.received()


def send_with_mutt(account, recipient, messages):
    with Home() as home:
        for message in messages:
            home.maildir.add(message)
        press_in_mutt(home, account, f"<tag-pattern>~A<enter><tag-prefix><bounce-message>{recipient}<enter>")


def compose_with_mutt(account, recipient, text, attachment):
    with Home() as home:
        home.run("mutt", "-n", "-F", mutt_settings(home, account), "-s", "Composed", "-a", attachment, "--", recipient, data=text)


# What a client does not have: getmail6 knows no STLS, and `openssl s_client` only TLS.
CANNOT = {("getmail", BEGUN), ("openssl", CLEAR)}


def in_each_mode(**programs):
    return [(client, mode, function) for client, function in programs.items() for mode in (CLEAR, BEGUN, FIRST)
            if (client, mode) not in CANNOT]


READERS = in_each_mode(
    curl=read_with_curl,
    fetchmail=read_with_fetchmail,
    getmail=read_with_getmail,
    mpop=read_with_mpop,
    mutt=read_with_mutt,
    openssl=read_with_openssl,
    python=read_with_python,
)

SENDERS = in_each_mode(
    curl=send_with_curl,
    msmtp=send_with_msmtp,
    mutt=send_with_mutt,
    openssl=send_with_openssl,
    python=send_with_python,
    swaks=send_with_swaks,
)

# Those that take mail away, where they are not told to keep it.
TAKERS = [read_with_fetchmail, read_with_getmail, read_with_mpop, read_with_mutt]


def without_additions(client, message):
    """A message as it was before a client sent it: mutt bounces one with four lines on top."""
    if client == "mutt":
        names = (b"Resent-From", b"Resent-Date", b"Resent-Message-ID", b"Resent-To")
        return re.sub(rb"\A" + b"".join(name + rb": .*\r\n" for name in names), b"", message)
    return message
