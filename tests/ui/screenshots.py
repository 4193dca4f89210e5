"""`./dev screenshots`: a picture of each page in each language, colour scheme and width."""

import argparse
import datetime
import json
import poplib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import locales
import prefix
import pseudo
import stack
from desktop import App, Desktop, ID
from window import TABS
from window_case import ALICE, BOB, PASSWORD

FOLDER = stack.BUILD / "screenshots"

# What the READMEs show, of it as much as says something: pages to heights.
SHOWN = stack.ROOT / "data" / "screenshots"
SHOWN_PAGES = {"account": 1000, "add-account": 500, "connect": 920}
SHOWN_LANGUAGES = {"en": "", "zh_CN": ".zh_CN"}
SHOWN_WIDTH = 900
SHOWN_PORTS = {"pop3_port": 11110, "smtp_port": 11587}
SCHEMES = ("light", "dark")
HEIGHTS = {360: 1200, 900: 1000}


def populate(worker, token):
    """Makes ALICE an admin, of users who are in all states."""
    def call(method, path, body):
        worker.call(method, path, body, token=token)

    call("PATCH", f"/v1/users/{ALICE}", {"role": "admin"})
    for name, change in (("maximiliane.mustermann-von-und-zu", {"catchAll": ["neko.test"]}), ("pierre", {"disabled": True})):
        call("POST", "/v1/users", {"address": f"{name}@neko.test", "password": PASSWORD})
        call("PATCH", f"/v1/users/{name}@neko.test", change)
    call("PATCH", f"/v1/users/{BOB}", {"aliases": [f"sales@{BOB.split('@')[1]}"], "quota": 4 << 20})
    call("POST", "/v1/invites", {"note": "Fritz"})
    for number in range(12):
        worker.deliver("somebody@else.test", ALICE, b"Subject: Message %d\r\n\r\n" % number + b"Some text.\r\n" * 900000)
    for number in range(3):
        worker.deliver("somebody@else.test", BOB, b"Subject: Message %d\r\n\r\n" % number + b"Some text.\r\n" * 70000)


def welcome(window):
    window.find("label", window.translate("Welcome to Neko Mail"))


def add_account(window):
    window.press("ctrl+n")
    window.row(window.translate("Address of the Worker")).type(window.worker.url)
    window.find("button", window.translate("Sign In"))


def accounts(window):
    """The page that is shown first."""
    window.wait_in_step(ALICE)


def account(window):
    window.row(ALICE).click()
    window.find("label", window.translate("Mail Programs"))


def connect(window):
    window.row(window.translate("Connect a Mail Program…")).click()
    window.find("label", window.translate("Step by Step"))


def users(window):
    window.press("Escape", "Escape")
    window.find(TABS, window.translate("Users")).click()
    window.row(BOB)


def add_user(window):
    window.find("button", window.translate("Add User…")).activate()
    window.row(window.translate("Name before the @"))


def user(window):
    window.press("Escape")
    window.row(BOB).click()
    window.find("button", window.translate("Delete…"))


def invites(window):
    window.press("Escape")
    window.row(window.translate("_Invites")).click()
    window.row("Fritz")


def check(window):
    window.press("Escape")
    window.row(window.translate("Chec_k This Worker")).click()
    window.find("button", window.translate("Check Again"))


def history(window):
    window.press("Escape")
    window.row(window.translate("_History")).click()
    window.find("label", re.compile(BOB))


def activity(window):
    window.press("Escape")
    window.find(TABS, window.translate("Activity")).click()
    window.find("label", window.translate("What Happened"))
    mail_program(window)


def passwords(app):
    """How many the program knows, which follows its file."""
    return json.loads(app.must("status", "--json"))["accounts"][0]["passwords"]


def mail_program(window):
    """One with a wrong password, then with the right one, which reads what there is."""
    before = passwords(window.app)
    password = window.app.new_password(ALICE, "Thunderbird")
    stack.wait_until(lambda: passwords(window.app) > before, "the password")
    for _ in range(2):
        client = poplib.POP3("127.0.0.1", window.app.pop3_port, timeout=stack.HANG_SECONDS)
        client.user(ALICE)
        try:
            client.pass_("wrong")
        except poplib.error_proto:
            client.close()
    client = poplib.POP3("127.0.0.1", window.app.pop3_port, timeout=stack.HANG_SECONDS)
    client.user(ALICE)
    client.pass_(password)
    client.quit()
    window.find("label", window.translate("A mail program logged in"))


def report(window):
    window.row(window.translate("Copy a Report…")).click()
    window.find({"text", "text box"}, window.translate("Report"))


def settings(window):
    """With all of it switched on."""
    for key in ("pop3s-port", "smtps-port"):
        subprocess.run(["gsettings", "set", ID, key, str(stack.free_port())],
                       env=window.app.environment(), check=True)
    window.press("Escape", "Escape")
    window.find(TABS, window.translate("Settings")).click()
    for name in ("TLS on This Computer", "Let Other Computers Connect"):
        window.find("switch", window.translate(name)).activate()
        window.wait_until(lambda: window.find("switch", window.translate(name)).is_checked, name)
    window.find("list item", window.translate("Valid Until"))


def settings_below(window):
    """What is cut off in the other picture."""
    window.xdotool("mousemove", window.desktop.width // 2, 20, "click", "--repeat", "60", "5")
    window.xdotool("mousemove", window.desktop.width // 2, 400, "click", "--repeat", "60", "5")


def add_traffic(app):
    """As if it had been used for a month, less at weekends."""
    today = datetime.date.today()
    lines = ["[traffic]"]
    for number in range(30):
        day = today - datetime.timedelta(number)
        read = 0 if day.weekday() == 6 else 3 + number * 7 % 13
        lines.append(f"{day}={read};{read * 20000};{read // 3};{read * 4000};")
    path = app.folder / "state" / "neko-mail" / "statistics.ini"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


# The same for who has no account yet.
FIRST_PAGES = {
    "welcome": welcome,
    "add-account": add_account,
}


# How to come to a page from the one before, by what is shown: names go through window.translate. Each page here is
# in the pictures, and in the test of the language that nobody speaks.
PAGES = {
    "accounts": accounts,
    "account": account,
    "connect": connect,
    "users": users,
    "add-user": add_user,
    "user": user,
    "invites": invites,
    "check": check,
    "history": history,
    "activity": activity,
    "report": report,
    "settings": settings,
    "settings-below": settings_below,
}


def take(worker, folder, language, scheme, width, names, accounts, pages, ports):
    """The pages that are named, of those that somebody with these accounts can come to."""
    last = max((number for number, name in enumerate(pages) if name in names), default=-1)
    if last < 0:
        return
    with Desktop(folder, width, HEIGHTS[width], language, scheme) as desktop:
        app = App(desktop, prefix=prefix.FOLDER, **ports)
        for address in accounts:
            app.add_account(address, worker.url, PASSWORD)
            app.new_password(address, "mutt")
        add_traffic(app)
        app.start()
        window = desktop.window(app, worker)
        for name, go in list(pages.items())[:last + 1]:
            go(window)
            if name in names:
                path = FOLDER / f"{name}-{language}-{scheme}-{width}.png"
                desktop.picture(path)
                print(path.relative_to(stack.ROOT), flush=True)


def update():
    """Puts the pictures of the READMEs where they are, and notes the version that they are of."""
    for page, height in SHOWN_PAGES.items():
        for language, suffix in SHOWN_LANGUAGES.items():
            picture = FOLDER / f"{page}-{language}-light-{SHOWN_WIDTH}.png"
            shown = SHOWN / f"{page}{suffix}.png"
            subprocess.run(["convert", picture, "-crop", f"{SHOWN_WIDTH}x{height}+0+0", "+repage", "-strip", shown], check=True)
            print(shown.relative_to(stack.ROOT), flush=True)
    version = re.search(r"version: '(.*)'", (stack.ROOT / "meson.build").read_text())[1]
    (SHOWN / "VERSION").write_text(f"{version}\n")


def main():
    parser = argparse.ArgumentParser(prog="./dev screenshots")
    names = [*FIRST_PAGES, *PAGES]
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"all without one; of {', '.join(names)}")
    parser.add_argument("--language", action="append", choices=locales.LANGUAGES, help="xx is the one that nobody speaks")
    parser.add_argument("--scheme", action="append", choices=SCHEMES)
    parser.add_argument("--width", action="append", type=int, choices=HEIGHTS)
    parser.add_argument("--update", action="store_true", help="take those that the READMEs show, and put them there")
    options = parser.parse_args()
    if options.update:
        if options.pages or options.language or options.scheme or options.width:
            parser.error("--update knows what to take")
        options.pages, options.language = list(SHOWN_PAGES), list(SHOWN_LANGUAGES)
        options.scheme, options.width = ["light"], [SHOWN_WIDTH]
    unknown = set(options.pages) - set(names)
    if unknown:
        parser.error(f"there is no page {', '.join(sorted(unknown))}")

    prefix.make()
    pseudo.install(prefix.FOLDER)
    with tempfile.TemporaryDirectory(prefix="neko-mail-") as folder:
        worker = stack.LocalWorker(Path(folder) / "worker", "setup key of the pictures")
        try:
            worker.start()
            populate(worker, stack.create_users(worker, PASSWORD, ALICE, BOB))
            for language in options.language or ("en", "zh_CN"):
                for scheme in options.scheme or SCHEMES:
                    for width in options.width or HEIGHTS:
                        name = f"{language}-{scheme}-{width}"
                        for accounts, pages in (((), FIRST_PAGES), ((ALICE,), PAGES)):
                            take(worker, Path(folder) / f"{name}-{len(accounts)}", language, scheme, width,
                                 options.pages or names, accounts, pages, SHOWN_PORTS if options.update else {})
        finally:
            worker.stop()
    if options.update:
        update()


if __name__ == "__main__":
    sys.exit(main())
