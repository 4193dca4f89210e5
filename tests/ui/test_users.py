"""What admins see to: users, invites, who may register, the Worker itself, and what other admins did."""

import json
import os
import re
import signal
import unittest

import between
import stack
from window import TABS
from window_case import ADMIN, ALICE, BOB, PASSWORD, WindowCase


class UsersCase(WindowCase):
    """A window with the page of users. What is long enough to scroll is on the screen."""

    height = 1800
    accounts = (ADMIN,)

    def open_users(self):
        window = self.open_window()
        window.find(TABS, "Users").click()
        window.wait_gone("label", "Mail Servers")  # the page of accounts has rows with addresses, too
        window.row(ADMIN)
        return window

    def new_user(self, name, **more):
        address = f"{name}@neko.test"
        self.worker.call("POST", "/v1/users", {"address": address, "password": PASSWORD, **more}, token=self.admin)
        return address

    def open_user(self, name, **more):
        """The page of a new user."""
        address = self.new_user(name, **more)
        window = self.open_users()
        window.row(address).click()
        window.find("button", "Delete…")
        return address

    def user(self, address):
        users = self.worker.call("GET", "/v1/users", token=self.admin)["users"]
        return next((user for user in users if user["address"] == address), None)

    def sign_in(self, address, password):
        """The status, and the token."""
        status, answer = self.worker.request("POST", "/v1/tokens", {
            "address": address, "password": password, "device": "a test"})
        return status, answer

    def wait_user(self, address, what, **members):
        self.window.wait_until(lambda: all((self.user(address) or {}).get(name) == value for name, value in members.items()),
                               what)

    def deliver(self, recipient, subject="Hello"):
        return self.worker.deliver("somebody@else.test", recipient, f"Subject: {subject}\r\n\r\nHello.\r\n".encode())[0]

    def value(self, title):
        """What is shown under the title of a row."""
        labels = self.window.row(title).labels()
        return labels[1] if len(labels) > 1 else ""

    def enter(self, title, text):
        self.window.row(title).type(text)
        self.window.press("Return")

    def press(self, label):
        button = self.window.wait_until(
            lambda: [found for found in self.window.find_all("button", label) if found.is_sensitive], f"button {label}")
        button[0].activate()


class ListTest(UsersCase):

    def test_rows_say_what_is_in_words(self):
        address = self.new_user("words", role="admin", quota=3 * 512 * 1024 * 1024)
        self.assertLess(self.deliver(address), 300)
        self.worker.call("PATCH", f"/v1/users/{address}", {"disabled": True}, token=self.admin)
        window = self.open_users()
        window.wait_until(lambda: "Disabled · Administrator · 1 message · 1 KB of 1.5 GB" in window.row(address).labels(),
                          "what is known of the user")

    def test_search(self):
        address = self.new_user("searched")
        self.worker.call("PATCH", f"/v1/users/{address}", {"aliases": ["sales@neko.test"]}, token=self.admin)
        window = self.open_users()
        search = window.find("search box", "Search Users")
        search.type("SEARCHed")
        window.wait_gone("list item", BOB)
        self.assertTrue(window.has("list item", address))
        search.type("sales")
        window.wait_until(lambda: window.has("list item", address) and not window.has("list item", BOB), "the alias")
        search.type("nobody at all")
        window.find("label", "Nobody has such an address")
        search.type("")
        window.row(BOB)

    def test_what_others_change_is_seen_when_one_comes_back(self):
        window = self.open_users()
        address = self.new_user("later")
        window.find(TABS, "Accounts").click()
        window.find("label", "Mail Servers")
        window.find(TABS, "Users").click()
        window.wait_gone("label", "Mail Servers")
        window.row(address).click()
        window.find("button", "Delete…")
        self.worker.call("DELETE", f"/v1/users/{address}", token=self.admin)
        window.press("Escape")
        window.wait_gone("list item", address)

    def test_worker_that_cannot_be_reached(self):
        folder = self.folder / "another"
        worker = stack.LocalWorker(folder, "setup key of the tests")
        self.addCleanup(worker.stop)
        worker.start()
        worker.call("POST", "/v1/setup", {"setupKey": worker.setup_key, "address": "boss@other.test", "password": PASSWORD})
        window = self.open_users()
        self.app.add_account("boss@other.test", worker.url, PASSWORD)  # only now: whose Worker is shown is whose answered first
        window.wait_until(lambda: len(window.find_all("combo box", "Administrator")) == 1, "whose Worker it is")
        worker.stop()
        window.row("Administrator").click()
        window.press("Down", "Return")
        window.find("label", "Nothing Came From the Worker")
        worker.start()
        window.find("button", "Try Again").activate()
        window.row("boss@other.test")
        self.assertFalse(window.has("list item", ALICE))


class ChangedCase(UsersCase):
    """A Worker that answers what is hard to come by."""

    accounts = ()

    def open_changed(self, **changes):
        url = between.start(self, self.worker, {f"/v1/{name}": change for name, change in changes.items()})
        self.app.add_account(ADMIN, url, PASSWORD)
        return self.open_users()

    def test_thousand_users(self):
        """They come in parts, and whoever looks for one searches."""
        def add_users(answer):
            more = [dict(answer["users"][0], address=f"user{number:03}@neko.test", aliases=[f"alias{number:03}@neko.test"])
                    for number in range(1000)]
            return {"users": answer["users"] + more}

        window = self.open_changed(users=add_users)
        window.find("label", re.compile("^1,?00[0-9]+ users$"))
        self.assertLessEqual(len(window.find_all("list item", re.compile("@neko.test$"))), 25)
        window.find("button", "Show 100 More").activate()
        window.row("user090@neko.test")
        search = window.find("search box", "Search Users")
        search.type("alias777")
        window.wait_gone("list item", "user001@neko.test")
        window.row("user777@neko.test")
        self.assertFalse(window.has("button", re.compile("^Show .* More$")))

    def test_problems_have_a_remedy_and_details(self):
        def check(name, ok, finding, remedy=None, domain="neko.test"):
            return {"check": name, "domain": domain, "ok": ok, "finding": finding, "remedy": remedy}

        window = self.open_changed(diagnostics=lambda answer: {"checks": [
            check("storage", True, "Storage can be written and read.", domain=None),
            check("mx", False, "Mail goes to <mx.else.test>.", "Turn it on."),
            check("spf", True, "It is all right."),
            check("dmarc", False, "DNS answers with a failure for it.", "Run it again."),
            check("comet", False, "A check of a later Worker.", "Look up."),
        ]})
        window.row("Check This Worker").click()
        window.find("label", "2 problems found")
        self.assertEqual(self.value("Not all mail for the domain comes to Cloudflare"),
                         "Let Email Routing in the Cloudflare dashboard add its MX records, in place of others.\n"
                         "Details: Mail goes to <mx.else.test>. Turn it on.")
        self.assertEqual(self.value("Cloudflare may send for the domain (SPF)"), "")
        self.assertIn("DNSSEC", self.value("Forged mail (DMARC): DNS answers with a failure"))
        self.assertEqual(self.value("A check of a later Worker."), "A check of a later Worker. Look up.")


class WordsTest(unittest.TestCase):
    """What the Worker has a name for has words here."""

    def read(self, *names):
        return "".join(path.read_text() for name in names for path in sorted((stack.ROOT / "src").glob(name)))

    def test_checks(self):
        worker = self.read("worker/src/diagnostics/*.ts")
        names = set(re.findall(r"(?:serverWide\(|check: |judge\()'([a-z-]+)'", worker))
        self.assertIn("mx", names)
        words = self.read("ui/neko-check-text.c")
        self.assertEqual([name for name in names if f'"{name}", N_' not in words], [])
        for beginning in ("DNS could not be asked", "DNS answers with a failure"):
            self.assertIn(beginning, worker)
            self.assertIn(f'"{beginning}"', words)

    def test_history(self):
        names = re.findall(r"^  \| '([a-z_]+)'", self.read("worker/src/storage/audit.ts"), re.MULTILINE)
        self.assertIn("set_up", names)
        words = self.read("ui/neko-history-text.c")
        self.assertEqual([name for name in names if not re.search(rf'"{name}", +N_', words)], [])


class AddTest(UsersCase):

    def test_add_a_user_with_the_offered_password(self):
        window = self.open_users()
        window.find("button", "Add User…").activate()
        window.row("Name before the @").type("dora")
        window.find("label", "dora@neko.test")
        offered = window.row("Password").text()
        self.assertRegex(offered, r"^[a-z2-9]{4}(-[a-z2-9]{4}){3}$")
        window.find("button", "Offer Another Password").activate()
        window.wait_until(lambda: window.row("Password").text() not in ("", offered), "another password")
        password = window.row("Password").text()
        window.row("Room for mail, in MB").type("50")
        self.press("Add User")
        window.find("label", "User Added")
        self.assertEqual([self.value(title) for title in ("Worker", "Mail address", "Password")],
                         [self.worker.url, "dora@neko.test", password])
        text = next(label for label in window.labels() if "Install Neko Mail" in label)
        self.assertIn(password, text)
        self.assertEqual(self.sign_in("dora@neko.test", password)[0], 201)
        self.assertEqual(self.user("dora@neko.test")["quota"], 50 * 1024 * 1024)
        window.press("Escape")
        window.row("dora@neko.test")

    def test_password_of_a_new_user_is_shown_where_the_page_was_left(self):
        window = self.open_users()
        window.find("button", "Add User…").activate()
        window.row("Name before the @").type("gustav")
        password = window.row("Password").text()
        self.addCleanup(os.killpg, self.worker.process.pid, signal.SIGCONT)
        os.killpg(self.worker.process.pid, signal.SIGSTOP)
        self.press("Add User")
        window.wait_until(lambda: not window.find("button", "Add User").is_sensitive, "the question")
        window.press("Escape")
        window.wait_gone("label", "Name before the @")
        os.killpg(self.worker.process.pid, signal.SIGCONT)
        window.find("label", "User Added")
        self.assertEqual(self.value("Password"), password)

    def test_address_with_characters_of_markup(self):
        window = self.open_users()
        window.find("button", "Add User…").activate()
        window.row("Name before the @").type("tom&<jerry")
        window.find("label", "tom&<jerry@neko.test")
        address = self.new_user("tom&jerry")
        window.press("Escape")
        window.row(address).click()
        window.row("Reset Password…").click()
        window.find("label", re.compile(f"^The old password of {address} stops working"))

    def test_add_an_admin_with_a_typed_password(self):
        window = self.open_users()
        window.find("button", "Add User…").activate()
        window.row("Name before the @").type("erna@neko.test")
        window.row("Password").type("short")
        window.find("alert", "A password has at least 10 characters")
        self.assertFalse(window.find("button", "Add User").is_sensitive)
        window.row("Password").type(PASSWORD)
        window.row("Administrator").click()
        self.press("Add User")
        window.find("label", "User Added")
        self.assertEqual(self.user("erna@neko.test")["role"], "admin")

    def test_refusals_are_said_in_words(self):
        window = self.open_users()
        window.find("button", "Add User…").activate()
        for name, problem in (("alice", "Somebody has this address already. Choose another one"),
                              ("alice@else.test", "The Worker does not serve this domain"),
                              ("no address@", "This is no mail address")):
            window.row("Name before the @").type(name)
            self.press("Add User")
            window.find("alert", problem)


class UserTest(UsersCase):

    def test_disable_and_enable(self):
        address = self.open_user("disabled")
        self.window.row("Disabled").click()
        self.wait_user(address, "a disabled user", disabled=True)
        self.assertEqual(self.sign_in(address, PASSWORD)[0], 403)
        self.window.row("Disabled").click()
        self.wait_user(address, "an enabled user", disabled=False)
        self.assertEqual(self.sign_in(address, PASSWORD)[0], 201)

    def test_role(self):
        address = self.open_user("roles")
        self.window.row("Administrator").click()
        self.wait_user(address, "an admin", role="admin")
        self.window.row("Administrator").click()
        self.wait_user(address, "a user", role="user")

    def test_limits(self):
        address = self.open_user("limits")
        self.enter("Room for mail, in MB", "7")
        self.wait_user(address, "the quota", quota=7 * 1024 * 1024)
        self.window.wait_until(lambda: self.value("Mailbox") == "0 messages, 0 KB of 7 MB", "the new quota")
        self.enter("Recipients a day, 0 to forbid sending", "3")
        self.wait_user(address, "the limit", dailyLimit=3)
        self.enter("Room for mail, in MB", "99999999")
        self.window.wait_until(lambda: self.window.row("Room for mail, in MB").text() == "7", "what is true")
        self.assertEqual(self.user(address)["quota"], 7 * 1024 * 1024)

    def test_aliases(self):
        address = self.open_user("aliased")
        self.enter("Add an address", "info")
        self.window.row("info@neko.test")
        self.window.wait_until(lambda: self.window.row("Add an address").text() == "", "room for another one")
        self.assertLess(self.deliver("info@neko.test"), 300)
        self.window.wait_until(lambda: self.user(address)["messages"] == 1, "the message")
        self.enter("Add an address", "help@neko.test")
        self.window.row("help@neko.test")
        self.window.find("button", "Remove info@neko.test").activate()
        self.window.wait_gone("list item", "info@neko.test")
        self.assertEqual(self.user(address)["aliases"], ["help@neko.test"])
        self.enter("Add an address", ALICE)
        self.window.find("label", "Somebody has this address already. Choose another one")
        self.assertEqual(self.window.row("Add an address").text(), ALICE)

    def test_catch_all(self):
        other = self.new_user("catcher")
        self.worker.call("PATCH", f"/v1/users/{other}", {"catchAll": ["neko.test"]}, token=self.admin)
        address = self.open_user("caught")
        title = "Everything else at neko.test"
        self.assertEqual(self.value(title), f"Mail to unknown addresses; {other} gets it now")
        self.window.row(title).click()
        self.wait_user(address, "the catch-all", catchAll=["neko.test"])
        self.window.wait_until(lambda: self.value(title) == "Mail to unknown addresses", "who has it")
        self.assertLess(self.deliver("nobody.knows@neko.test"), 300)
        self.window.wait_until(lambda: self.user(address)["messages"] == 1, "the message")
        self.window.press("space")
        self.wait_user(address, "no catch-all", catchAll=[])

    def test_reset_password(self):
        address = self.open_user("forgetful")
        self.window.row("Reset Password…").click()
        password = self.window.row("New password").text()
        self.press("Reset Password")
        self.window.find("label", "Password Reset")
        self.assertEqual(self.value("Password"), password)
        self.assertEqual(self.sign_in(address, password)[0], 201)
        self.assertEqual(self.sign_in(address, PASSWORD)[0], 401)
        self.window.press("Escape")
        self.window.find("button", "Delete…")

    def test_delete_names_what_is_lost(self):
        address = self.new_user("deleted")
        for number in range(3):
            self.assertLess(self.deliver(address, f"Message {number}"), 300)
        window = self.open_users()
        window.row(address).click()
        window.find("button", "Delete…").activate()
        window.find("label", f"Delete {address}?")
        self.assertTrue([label for label in window.labels() if "with 3 messages (1 KB)" in label], window.dump())
        window.find("button", "Cancel").activate()
        window.wait_gone("button", "Delete User")
        self.assertIsNotNone(self.user(address))
        window.find("button", "Delete…").activate()
        window.find("button", "Delete User").activate()
        window.find("label", f"{address} deleted")
        window.wait_gone("list item", address)
        self.assertIsNone(self.user(address))

    def test_controls(self):
        self.open_user("controls")
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()


class OwnTest(UsersCase):
    """What admins do to themselves; on a Worker where nobody misses them."""

    def setUp(self):
        for user in self.worker.call("GET", "/v1/users", token=self.admin)["users"]:
            if user["role"] == "admin" and user["address"] != ADMIN:
                self.worker.call("PATCH", f"/v1/users/{user['address']}", {"role": "user"}, token=self.admin)
        super().setUp()

    def open_self(self):
        window = self.open_users()
        window.row(ADMIN).click()
        window.find("button", "Delete…")
        return window

    def test_last_admin_stays(self):
        window = self.open_self()
        window.row("Administrator").click()
        window.find("button", "Cancel").activate()
        window.wait_gone("button", "Give Up")
        self.assertTrue(window.find("switch", re.compile("Administrator")).is_checked)
        problem = "This is the last administrator. Make another one first"
        window.row("Administrator").click()
        window.find("button", "Give Up").activate()
        window.find("label", problem)
        window.wait_until(lambda: window.find("switch", re.compile("Administrator")).is_checked, "what is true")
        window.find("button", "Delete…").activate()
        window.find("label", f"Delete Your Own Account {ADMIN}?")
        window.find("button", "Delete User").activate()
        window.wait_gone("button", "Delete User")
        window.find("label", problem)
        self.assertEqual(self.user(ADMIN)["role"], "admin")

    def test_giving_up_takes_the_page_away(self):
        self.new_user("second", role="admin")
        second = self.sign_in("second@neko.test", PASSWORD)[1]
        window = self.open_self()
        window.row("Administrator").click()
        window.find("button", "Give Up").activate()
        try:
            window.wait_gone(TABS, "Users")
            window.find("label", "Mail Servers")
        finally:
            token = json.loads(second)["token"]
            self.worker.call("PATCH", f"/v1/users/{ADMIN}", {"role": "admin"}, token=token)

    def test_page_goes_where_another_admin_took_the_role_away(self):
        self.new_user("third", role="admin")
        window = self.open_users()
        self.app.add_account("third@neko.test", self.worker.url, PASSWORD)
        window.row("Administrator")
        self.worker.call("PATCH", "/v1/users/third@neko.test", {"role": "user"}, token=self.admin)
        window.row("Administrator").click()
        window.press("Down", "Return")
        window.wait_gone("combo box", "Administrator")
        window.row(BOB)


class UserWithoutRightsTest(UsersCase):

    accounts = (ALICE,)

    def test_no_page_for_who_is_no_admin(self):
        window = self.open_window()
        window.wait_in_step(ALICE)
        self.assertFalse(window.has(TABS, "Users"))

    def test_page_comes_and_goes_with_the_role(self):
        self.worker.call("PATCH", f"/v1/users/{ALICE}", {"role": "admin"}, token=self.admin)
        window = self.open_window()
        window.find(TABS, "Users").click()
        window.row(BOB).click()
        window.find("button", "Delete…")
        self.worker.call("PATCH", f"/v1/users/{ALICE}", {"role": "user"}, token=self.admin)
        window.row("Disabled").click()
        window.wait_gone("button", "Delete…")
        window.wait_gone(TABS, "Users")
        window.find("label", "Mail Servers")
        self.assertFalse(self.user(BOB)["disabled"])


class NewAccountsTest(UsersCase):

    def registration(self):
        return self.worker.call("GET", "/v1/settings", token=self.admin)["registration"]

    def choose(self, *keys):
        self.window.wait_until(lambda: self.window.row("Registration").is_sensitive, "who may register")
        row = self.window.row("Registration")
        # After a popup the pointer, which has not moved, is not always seen; the row has the focus then.
        if "focused" in row.states:
            self.window.press("space")
        else:
            row.click()
        self.window.wait_until(lambda: self.window.focused().role == "list item", "the choices")
        self.window.press(*keys, "Return")
        self.window.wait_until(lambda: self.window.focused().role != "list item", "the end of the choices")

    def test_registration_that_was_not_set_is_not_shown(self):
        window = self.open_users()
        window.wait_until(lambda: window.row("Registration").is_sensitive, "who may register")
        self.worker.stop()
        self.addCleanup(self.worker.start)
        self.choose("Down", "Down")
        window.find("label", "Nobody answers there. Check the address, and try again later")
        window.find("label", "Only administrators make accounts")
        self.assertFalse(window.has("label", "Anybody who knows the Worker’s address makes an account"))

    def test_registration(self):
        self.addCleanup(self.worker.call, "PATCH", "/v1/settings", {"registration": "closed"}, self.admin)
        window = self.open_users()
        self.choose("Down", "Down")
        window.wait_until(lambda: self.registration() == "open", "the Worker")
        window.find("label", "Anybody who knows the Worker’s address makes an account")
        self.choose("Up")
        window.wait_until(lambda: self.registration() == "invite", "the Worker")
        self.choose("Up")
        window.wait_until(lambda: self.registration() == "closed", "the Worker")
        window.find("label", "Only administrators make accounts")

    def test_invite(self):
        self.worker.call("PATCH", "/v1/settings", {"registration": "invite"}, token=self.admin)
        self.addCleanup(self.worker.call, "PATCH", "/v1/settings", {"registration": "closed"}, self.admin)
        window = self.open_users()
        window.row("Invites").click()
        window.find("label", "There are no invites")
        window.row("For whom, a note for administrators").type("Fritz")
        window.row("Days that it can be used").type("3")
        self.press("Make Invite")
        window.find("label", "New Invite")
        code = self.value("Invite")
        text = next(label for label in window.labels() if "You are invited" in label)
        self.assertIn(self.worker.url, text)
        self.assertIn(code, text)
        window.find("button", "Copy Invite")
        answer = self.worker.call("POST", "/v1/users", {
            "address": "fritz@neko.test", "password": PASSWORD, "invite": code})
        self.assertEqual(answer["address"], "fritz@neko.test")

    def test_invite_can_be_deleted(self):
        window = self.open_users()
        window.row("Invites").click()
        window.row("For whom, a note for administrators").type("Greta <b>")
        self.press("Make Invite")
        code = self.value("Invite")
        window.press("Escape")
        self.assertRegex(self.value("Greta <b>"), rf"^Can be used until .*; made by {ADMIN}$")
        window.find("button", "Delete the Invite “Greta <b>”").activate()
        window.wait_gone("list item", "Greta <b>")
        status, _ = self.worker.request("POST", "/v1/users", {
            "address": "greta@neko.test", "password": PASSWORD, "invite": code})
        self.assertEqual(status, 403)


class WorkerTest(UsersCase):

    def test_self_test_without_a_network_says_so(self):
        """The name servers are asked through the network, which may be there or not where this runs."""
        window = self.open_users()
        window.row("Check This Worker").click()
        window.find("label", "Storage can be written and read")
        window.find("label", "neko.test")
        checks = self.worker.call("GET", "/v1/diagnostics", token=self.admin)["checks"]
        if any("DNS could not be asked" in check["finding"] for check in checks):
            window.find("label", "Incoming mail (MX): DNS could not be asked")
            window.find("label", "DNS could not be asked about everything, which says nothing about the settings. Check again "
                                 "in a minute")
            self.assertFalse(window.has("label", "Not all mail for the domain comes to Cloudflare"))
        else:
            window.find("label", "Not all mail for the domain comes to Cloudflare")
        self.press("Check Again")
        window.find("label", "Storage can be written and read")
        self.assert_controls_have_names()

    def test_history(self):
        address = self.new_user("historic")
        self.worker.call("PATCH", f"/v1/users/{address}", {"quota": 1 << 20, "catchAll": []}, token=self.admin)
        self.worker.call("DELETE", f"/v1/users/{address}", token=self.admin)
        window = self.open_users()
        window.row("History").click()
        titles = [f"{ADMIN} deleted {address}", f"{ADMIN} changed {address}", f"{ADMIN} added {address}"]
        window.find("label", titles[0])
        shown = [label for label in window.labels() if label in titles]
        self.assertEqual(shown, titles)
        window.find("label", re.compile("room for mail · unknown addresses|unknown addresses · room for mail"))

    def test_history_is_loaded_in_pages(self):
        for number in range(101):
            for state in (True, False):
                self.worker.call("PATCH", f"/v1/users/{BOB}", {"disabled": state}, token=self.admin)
        window = self.open_users()
        window.row("History").click()
        first = f"{ADMIN} set the Worker up"
        window.find("label", f"{ADMIN} changed {BOB}")
        self.assertFalse(window.has("label", first))
        window.find("button", "Load More").activate()
        window.find("label", first)
        window.wait_gone("button", "Load More")


class PagesTest(UsersCase):

    def test_users_page(self):
        self.open_users()
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()

    def test_add_user_page(self):
        window = self.open_users()
        window.find("button", "Add User…").activate()
        window.row("Name before the @").type("keyboard")
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()

    def test_invites_page(self):
        window = self.open_users()
        window.row("Invites").click()
        window.row("Days that it can be used")
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()
        self.press("Make Invite")
        window.find("button", "Copy Text")
        self.assert_controls_have_names()
        self.assert_keyboard_reaches_controls()


if __name__ == "__main__":
    unittest.main()
