"""`./dev run`: a Worker on this computer and Neko Mail signed in to it, to try or to develop with."""

import argparse
import json
import os
import poplib
import secrets
import shutil
import signal
import smtplib
import sys
import tempfile
from pathlib import Path

import stack

ADDRESS = "alice@neko.test"
ADMIN = "admin@neko.test"


class App(stack.Maild):
    """neko-mail on the desktop of whoever runs this: its bus, its tray, its notifications."""

    def environment(self):
        # The window is another program, which follows the same settings.
        environment = super().environment() | {"GSETTINGS_BACKEND": "keyfile"}
        if "DBUS_SESSION_BUS_ADDRESS" in os.environ:
            environment["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        return environment


class Stop(Exception):
    """Ctrl-C, or a polite end."""


def load_secrets(folder):
    """Passwords for this folder's Worker, made once; nobody else can read them."""
    path = folder / "secrets.json"
    if path.exists():
        return json.loads(path.read_text())
    made = {"setupKey": secrets.token_urlsafe(24), "password": secrets.token_urlsafe(18)}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file)
    return made


def save_secrets(folder, values):
    path = folder / "secrets.json"
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(values, file)
    temporary.replace(path)


def set_up(worker, maild, values, folder):
    """Once for each folder: the first admin, alice, her mail and the sign-in of both."""
    if "bridgePassword" in values:
        return
    if not json.loads(worker.request("GET", "/v1/info")[1])["setupDone"]:
        stack.create_users(worker, values["password"], ADDRESS)
        for name, message in stack.samples():
            status, answer = worker.deliver("bob@example.org", ADDRESS, message)
            if status != 200:
                raise RuntimeError(f"{name} was not delivered: {answer.decode()}")
    for address in (ADDRESS, ADMIN):
        maild.add_account(address, worker.url, values["password"])
    values["bridgePassword"] = maild.new_password(ADDRESS, f"./dev run {secrets.token_hex(3)}")
    save_secrets(folder, values)


def show(worker, maild, values):
    login = f"{ADDRESS}:{values['bridgePassword']}"
    print(f"""
Neko Mail runs, signed in to {ADDRESS}. For a mail program on this computer:

  POP3       127.0.0.1  port {maild.pop3_port}  no connection security
  SMTP       127.0.0.1  port {maild.smtp_port}  no connection security
  User name  {ADDRESS}
  Password   {values['bridgePassword']}

Read the first message, and send one:

  curl pop3://127.0.0.1:{maild.pop3_port}/1 -u '{login}'
  curl smtp://127.0.0.1:{maild.smtp_port} -u '{login}' --mail-from {ADDRESS} --mail-rcpt bob@example.org -T {stack.MESSAGES.relative_to(stack.ROOT)}/plain.eml

What is sent lands in {worker.outbound}
Ctrl-C ends it.
""", flush=True)


def check_reading(worker, maild, values):
    client = poplib.POP3("127.0.0.1", maild.pop3_port, timeout=stack.HANG_SECONDS)
    client.user(ADDRESS)
    client.pass_(values["bridgePassword"])
    good = True
    for number, (name, message) in enumerate(stack.samples(), 1):
        received = b"\r\n".join(client.retr(number)[1]) + b"\r\n"
        same = stack.without_trace(received) == stack.to_crlf(message)
        print(f"{'read, same bytes' if same else 'READ, OTHER BYTES'}: {name}")
        good = good and same
    client.quit()
    return good


def check_sending(worker, maild, values):
    good = True
    for name, message in stack.samples():
        message = stack.to_crlf(message)
        before = len(worker.sent())
        client = smtplib.SMTP("127.0.0.1", maild.smtp_port, timeout=stack.HANG_SECONDS)
        client.login(ADDRESS, values["bridgePassword"])
        client.sendmail(ADDRESS, ["bob@example.org"], message)
        client.quit()
        new = worker.sent()[before:]
        same = len(new) == 1 and new[0][1] == message and new[0][0]["to"] == "bob@example.org"
        print(f"{'sent, same bytes' if same else 'SENT, OTHER BYTES'}: {name}")
        good = good and same
    return good


def stop(*_):
    raise Stop


def main():
    parser = argparse.ArgumentParser(prog="./dev run")
    parser.add_argument("--check", action="store_true", help="read and send by itself; exit 0 where it works")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    if options.check:
        folder = Path(tempfile.mkdtemp(prefix="check-", dir=stack.BUILD))
        ports = {"worker": 0, "pop3": 0, "smtp": 0}
    else:
        folder = stack.BUILD / "run"
        folder.mkdir(exist_ok=True)
        ports = {"worker": int(os.environ.get("NEKO_WORKER_PORT", "18787")), "pop3": 11110, "smtp": 11587}
        for name, port in ports.items():
            if stack.is_open(port):
                sys.exit(f"./dev run: port {port} ({name}) is used by another program; "
                         "perhaps Neko Mail or ./dev run runs already")

    values = load_secrets(folder)
    worker = stack.LocalWorker(folder, values["setupKey"], ports["worker"])
    has_window = (not options.check and (stack.BUILD / "src/app/neko-mail").exists() and
                  bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")))
    maild = (App if has_window else stack.Maild)(folder / "desktop", ports["pop3"], ports["smtp"])
    status = 0
    try:
        worker.start()
        set_up(worker, maild, values, folder)
        if has_window:
            maild.start("src/app/neko-mail", ["--gapplication-app-id", "io.github.nekomail.NekoMail.Devel"])
        else:
            maild.start()
        if options.check:
            good = check_reading(worker, maild, values)
            status = 0 if check_sending(worker, maild, values) and good else 1
        else:
            show(worker, maild, values)
            while maild.is_running() and worker.is_running():
                signal.sigtimedwait([], 0.5)
    except Stop:
        pass
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        maild.stop()
        worker.stop()
        if options.check:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
