"""A window as a screen reader and a keyboard see it.

AT-SPI is spoken here over D-Bus itself: libatspi keeps what it once read, and knows one bus for a process. Each read is
a new one, so a node is what was there at that moment; find again after something changed.

GTK 4.8 says of nothing but windows whether it is on the screen, and of a page that was shown once it keeps the place. So
what has no area is taken for hidden, and where siblings lie on each other, what GTK finds at that point hides the others.
"""

import gettext
import re
import time

from gi.repository import Gio, GLib

import stack

ACCESSIBLE = "org.a11y.atspi.Accessible"
ACTION = "org.a11y.atspi.Action"
COMPONENT = "org.a11y.atspi.Component"
EDITABLE = "org.a11y.atspi.EditableText"
TEXT = "org.a11y.atspi.Text"
ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
WINDOW_COORDINATES = 1

STATES = {1: "active", 4: "checked", 5: "collapsed", 7: "editable", 9: "expandable", 10: "expanded", 11: "focusable",
          12: "focused", 16: "modal", 20: "pressed", 22: "selectable", 23: "selected", 24: "sensitive", 30: "visible",
          33: "required", 36: "invalid entry"}

# What somebody acts on.
CONTROLS = {"button", "check box", "combo box", "entry", "link", "menu item", "password text", "push button", "radio button",
            "radio", "search box", "slider", "spin button", "switch", "tab", "text box", "toggle button", "text"}

# What leads to a page, by what it is called in one version of libadwaita or another.
TABS = {"tab", "radio", "radio button", "toggle button"}

# Where the arrow down would change a value.
ARROWS_CHANGE = {"slider", "spin button", "radio", "radio button", "scroll bar", "tab"}

# Where it leads to whatever lies below, past what comes next.
ARROWS_LEAVE = {"button", "push button", "toggle button", "link", "check box", "switch"}

# What is typed into.
TEXTS = {"entry", "password text", "search box", "text", "text box"}

# Long enough for a busy machine, short enough to read why it failed.
SECONDS = 20


class Gone(Exception):
    """What was asked is not there any more."""


class Accessibility:
    """A connection to the bus of AT-SPI."""

    def __init__(self, address):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.connection.set_exit_on_close(False)

    def close(self):
        if not self.connection.is_closed():
            self.connection.close_sync(None)

    def call(self, owner, path, interface, method, signature=None, *arguments):
        parameters = GLib.Variant(signature, arguments) if signature else None
        try:
            answer = self.connection.call_sync(owner, path, interface, method, parameters, None,
                                               Gio.DBusCallFlags.NO_AUTO_START, stack.HANG_SECONDS * 1000, None)
        except GLib.Error as error:
            raise Gone(f"{interface}.{method}: {error.message}") from None
        values = answer.unpack()
        return values[0] if len(values) == 1 else values

    def get(self, owner, path, interface, name):
        return self.call(owner, path, "org.freedesktop.DBus.Properties", "Get", "(ss)", interface, name)

    def children(self, owner, path):
        return self.call(owner, path, ACCESSIBLE, "GetChildren")

    def roots(self):
        """The windows and dialogs of all programs here."""
        found = []
        try:
            programs = self.children(*ROOT)
        except Gone:
            return found
        for program in programs:
            try:
                found += self.children(*program)
            except Gone:
                pass
        return found


class Node:
    """One element, and what is inside it."""

    def __init__(self, window, owner, path, parent):
        self.window, self.owner, self.path, self.parent = window, owner, path, parent
        self.role = self.call(ACCESSIBLE, "GetRoleName")
        properties = self.call("org.freedesktop.DBus.Properties", "GetAll", "(s)", ACCESSIBLE)
        self.name, self.description = properties.get("Name", ""), properties.get("Description", "")
        low, high = self.call(ACCESSIBLE, "GetState")
        self.states = {name for bit, name in STATES.items() if (low | high << 32) >> bit & 1}
        self.rectangle = self.call(COMPONENT, "GetExtents", "(u)", WINDOW_COORDINATES)
        self.children = []

    def call(self, interface, method, signature=None, *arguments):
        return self.window.accessibility.call(self.owner, self.path, interface, method, signature, *arguments)

    def __eq__(self, other):
        return isinstance(other, Node) and (self.owner, self.path) == (other.owner, other.path)

    def __hash__(self):
        return hash((self.owner, self.path))

    def __repr__(self):
        extra = " ".join(sorted(self.states - {"sensitive", "visible", "focusable", "selectable"}))
        parts = [self.role, repr(self.name), f"({self.description})" if self.description else "", extra,
                 "" if "sensitive" in self.states else "insensitive"]
        return " ".join(part for part in parts if part)

    # Reading

    def walk(self):
        """This one and all that is shown inside it, as they are read."""
        yield self
        for child in self.children:
            yield from child.walk()

    def root(self):
        return self if self.parent is None else self.parent.root()

    def labels(self):
        """The text that is shown inside it."""
        return [node.name for node in self.walk() if node.role == "label"]

    def text(self):
        """What was typed into it."""
        return self.call(TEXT, "GetText", "(ii)", 0, self.length())

    def length(self):
        return self.window.accessibility.get(self.owner, self.path, TEXT, "CharacterCount")

    def has_focus(self):
        low, _ = self.call(ACCESSIBLE, "GetState")
        return bool(low & 1 << 12)

    def value(self):
        return self.window.accessibility.get(self.owner, self.path, "org.a11y.atspi.Value", "CurrentValue")

    @property
    def is_checked(self):
        return bool(self.states & {"checked", "pressed"})

    @property
    def is_sensitive(self):
        return "sensitive" in self.states

    @property
    def is_control(self):
        return self.role in CONTROLS and "focusable" in self.states

    def is_called(self, name):
        """GTK 4.8 puts a button's text or the row's title behind its name, so its tooltip and text are names too."""
        own = {self.name, self.description} | ({label for label in self.labels()} if self.role in CONTROLS else set())
        if isinstance(name, re.Pattern):
            return any(name.search(text) for text in own)
        return name in own

    def dump(self, depth=0):
        """Everything below, one a line, without the boxes that only hold others."""
        is_box = self.role == "widget" or self.role == "group" and not self.name.strip()
        lines = [] if is_box else ["  " * depth + repr(self)]
        for child in self.children:
            lines += child.dump(depth if is_box else depth + 1)
        return lines

    # Acting

    def actions(self):
        """Their names, in no language."""
        count = self.window.accessibility.get(self.owner, self.path, ACTION, "NActions")
        return [self.call(ACTION, "GetName", "(i)", number) for number in range(count)]

    def activate(self):
        """What Enter does to a control, wherever it is on the page. GTK 4.8 has no action for a row; that is clicked."""
        names = self.actions()
        for wanted in ("click", "activate", "toggle"):
            if wanted in names:
                if not self.call(ACTION, "DoAction", "(i)", names.index(wanted)):
                    raise AssertionError(f"{self!r} refuses {wanted}")
                return
        self.click()

    def center(self):
        x, y, width, height = self.rectangle
        return x + width // 2, y + height // 2

    def click(self):
        """With the mouse, so it has to be on the screen: a desktop can be as high as it needs to be."""
        settled = self.window.settled(self)
        self.window.click_at(settled, *settled.center())

    def type(self, text):
        """Clicks into it and types, in place of what was there."""
        self.click()
        self.window.press("ctrl+a")
        if text:
            self.window.type(text)
        else:
            self.window.press("BackSpace")
        self.window.wait_until(lambda: self.length() == len(text), f"{text!r} in {self!r}")

    def set_text(self, text):
        """At once, without a keyboard; for text that no keyboard has."""
        self.call(EDITABLE, "SetTextContents", "(s)", text)


def area(rectangle):
    return max(rectangle[2], 0) * max(rectangle[3], 0)


def overlap(first, second):
    left, top = max(first[0], second[0]), max(first[1], second[1])
    right, bottom = min(first[0] + first[2], second[0] + second[2]), min(first[1] + first[3], second[1] + second[3])
    return left, top, right - left, bottom - top


def lie_on_each_other(first, second):
    both = overlap(first, second)
    return both[2] > 0 and both[3] > 0 and area(both) * 2 > max(area(first), area(second))


class Window:
    """The program's window with its dialogs."""

    def __init__(self, desktop, app=None, worker=None):
        self.desktop, self.app, self.worker = desktop, app, worker
        self.accessibility = desktop.accessibility

    def translate(self, text):
        """What the program shows for an English text, in the language of this desktop. The letter for the keyboard need
        not be marked, unless there are texts with and without."""
        if self.app is None or self.app.prefix is None:
            return text.replace("_", "")
        language = self.desktop.language
        catalogue = gettext.translation("neko-mail", self.app.prefix / "share/locale", [language], fallback=True)
        places = [text, *(text[:place] + "_" + text[place:] for place in range(len(text)))]
        translated = (catalogue.gettext(original) for original in places)
        other = (found for found, original in zip(translated, places) if found != original)
        return next(other, text).replace("_", "")

    # Reading

    def read(self):
        """All that is shown now: a list of windows, each a node; the last one is in front."""
        roots = [self.read_one(owner, path) for owner, path in self.accessibility.roots()]
        return [self.fill(root, root) for root in roots if root and "visible" in root.states]

    def read_one(self, owner, path, parent=None):
        try:
            return Node(self, owner, path, parent)
        except Gone:
            return None

    def fill(self, node, root):
        """Reads what is shown inside a node."""
        node.children = []
        try:
            children = self.accessibility.children(node.owner, node.path)
        except Gone:
            return node
        read = [self.read_one(owner, path, node) for owner, path in children]
        shown = [child for child in read if child and "visible" in child.states and area(child.rectangle) > 0]
        hidden = self.hidden_among(shown, root)
        node.children = [self.fill(child, root) for child in shown if child not in hidden]
        return node

    def hidden_among(self, siblings, root):
        hidden = set()
        for index, first in enumerate(siblings):
            for second in siblings[index + 1:]:
                if first in hidden or second in hidden or not lie_on_each_other(first.rectangle, second.rectangle):
                    continue
                front = self.front_of(first, second, root)
                if front is not None:
                    hidden.add(second if front == first else first)
        return hidden

    def front_of(self, first, second, root):
        """Which of two GTK finds where they both are, if it finds one of them."""
        both = overlap(overlap(first.rectangle, second.rectangle), root.rectangle)
        if both[2] <= 0 or both[3] <= 0:
            return None
        x, y = both[0] + both[2] // 2, both[1] + both[3] // 2
        ours = {(node.owner, node.path): node for node in (first, second)}
        try:
            found = root.call(COMPONENT, "GetAccessibleAtPoint", "(iiu)", x, y, WINDOW_COORDINATES)
            while found and found[1] != "/org/a11y/atspi/null":
                if tuple(found) in ours:
                    return ours[tuple(found)]
                found = self.accessibility.get(*found, ACCESSIBLE, "Parent")
        except Gone:
            pass
        return None

    def nodes(self, within=None):
        if within is not None:
            fresh = self.read_one(within.owner, within.path, within.parent)
            return list(self.fill(fresh, within.root()).walk()) if fresh else []
        return [node for root in self.read() for node in root.walk()]

    def dump(self):
        return "\n".join(line for root in self.read() for line in root.dump())

    def find_all(self, role=None, name=None, within=None):
        """Role: one, or several in a set; name: a string, or a compiled pattern."""
        roles = {role} if isinstance(role, str) else role
        return [node for node in self.nodes(within)
                if (roles is None or node.role in roles) and (name is None or node.is_called(name))]

    def find(self, role=None, name=None, within=None):
        """The first one, once it is there."""
        return self.wait_until(lambda: self.find_all(role, name, within), f"{role or 'anything'} {name!r}")[0]

    def has(self, role=None, name=None, within=None):
        return bool(self.find_all(role, name, within))

    def wait_gone(self, role=None, name=None, within=None):
        self.wait_until(lambda: not self.has(role, name, within), f"the end of {role or 'anything'} {name!r}")

    def row(self, title):
        """A row of a list by its title."""
        return self.find({"list item", "combo box", "text box", "entry", "password text", "spin button"}, title)

    def wait_in_step(self, address):
        """The row of an account, once it says that it is in step."""
        state = self.translate("In step with the Worker")
        self.wait_until(lambda: state in self.row(address).labels(), f"{address} in step")
        return self.row(address)

    def labels(self, within=None):
        return [node.name for node in self.nodes(within) if node.role == "label"]

    def names(self, within=None):
        """All accessible names that are shown, in their order."""
        return [node.name for node in self.nodes(within) if node.name]

    def controls(self, within=None):
        return [node for node in self.nodes(within) if node.is_control]

    def focused(self):
        for node in self.nodes():
            if "focused" in node.states:
                return node
        return None

    def wait_until(self, condition, what, seconds=SECONDS):
        """Waits, and shows the window where it waited in vain."""
        end = time.monotonic() + seconds
        while True:
            try:
                value = condition()
            except Gone:
                value = None
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"waited for {what}; the window shows:\n{self.dump()}")
            time.sleep(0.02)

    def wait(self):
        """Until it is shown, has the focus and is as large as it is going to be."""
        self.wait_until(lambda: self.windows() and self.read(), "the window")
        self.wait_until(lambda: self.active() in self.windows(), "the focus of the window")
        if self.desktop.maximized:
            self.wait_until(self.is_maximized, "a maximized window")
        return self

    def is_maximized(self):
        """At least as large as the screen: what does not fit is for a test to say."""
        if any(root.rectangle[2] >= self.desktop.width and root.rectangle[3] >= self.desktop.height for root in self.read()):
            return True
        self.press("super+Up")
        return False

    # Acting

    def xdotool(self, *words):
        return self.desktop.run(["xdotool", *words])

    def press(self, *keys):
        """Keys by X's names, with modifiers: "Tab", "ctrl+a"."""
        self.xdotool("key", "--delay", "5", *keys)

    def type(self, text):
        self.xdotool("type", "--delay", "5", "--", text)

    def save_as(self, path):
        """Answers the dialog that asks for a file, once it has the keyboard."""
        self.wait_until(lambda: self.is_dialog(self.active()), "the dialog")
        name = self.wait_until(self.focused, "where its file is named")
        self.press("ctrl+a")
        self.type(str(path))
        self.wait_until(lambda: name.text() == str(path), f"{path} in {name!r}")
        self.press("Return")

    def settled(self, node):
        """A node once it stays where it is: what is read of a page that is just laid out may move before a click arrives."""
        places = []

        def stays():
            fresh = Node(self, node.owner, node.path, node.parent)
            places.append(fresh.rectangle)
            return places[-2:] == [fresh.rectangle] * 2 and fresh

        return self.wait_until(stays, f"the place of {node!r}")

    def click_at(self, node, x, y):
        left, top = self.origin(node)
        if not (0 <= left + x < self.desktop.width and 0 <= top + y < self.desktop.height):
            raise AssertionError(f"{node!r} is not on the screen, but at {node.rectangle}")
        # A pointer that does not move is not seen to be there by what has just come from under a popup.
        self.xdotool("mousemove", left + x - 1, top + y, "mousemove", left + x, top + y, "click", "1")

    def origin(self, node):
        """Where the window that a node is in has its corner, inside its border."""
        root = node.root()
        for window in reversed(self.windows()):
            left, top, width, height = self.geometry(window)
            border_x, border_y = (width - root.rectangle[2]) // 2, (height - root.rectangle[3]) // 2
            if 0 <= border_x < 64 and 0 <= border_y < 64:
                return left + border_x, top + border_y
        return 0, 0

    def walk_keyboard(self):
        """The elements that the focus reaches, by Tab and by the arrow that leads through lists, in their order."""
        return KeyboardWalk(self).all()

    def close(self):
        """Asks as a person does."""
        self.press("alt+F4")

    # X

    def windows(self):
        """The X windows of the program that are shown."""
        return self.xdotool("search", "--onlyvisible", "--class", "nekomail").stdout.split()

    def active(self):
        return self.xdotool("getactivewindow").stdout.strip()

    def is_dialog(self, window):
        return "window id" in self.desktop.run(["xprop", "-id", window, "WM_TRANSIENT_FOR"]).stdout

    @property
    def is_open(self):
        return bool(self.windows())

    def geometry(self, window):
        values = dict(re.findall(r"^(X|Y|WIDTH|HEIGHT)=(-?\d+)$", self.xdotool("getwindowgeometry", "--shell", window).stdout,
                                 re.MULTILINE))
        return tuple(int(values.get(name, 0)) for name in ("X", "Y", "WIDTH", "HEIGHT"))

    def minimum_width(self):
        """Below this GTK would cut something off: what it asks the window manager for, of all windows shown."""
        hints = [self.desktop.run(["xprop", "-id", window, "WM_NORMAL_HINTS"]).stdout for window in self.windows()]
        return max(int(width) for text in hints for width in re.findall(r"minimum size: (\d+) by", text))


class KeyboardWalk:
    """Goes with the focus wherever keys lead it."""

    def __init__(self, window):
        self.window = window
        self.reached = []
        self.focusable = []

    def all(self):
        stops = set()
        stop = self.step("Tab")
        while stop is not None and stop not in stops:
            stops.add(stop)
            self.go_down(stop)
            stop = self.step("Tab")
        self.go_round()
        return self.reached

    def go_round(self):
        """By Tab alone: the arrow from a header may lead past what is next."""
        stops = set()
        stop = self.step("Tab")
        while stop is not None and stop not in stops:
            stops.add(stop)
            self.note(stop)
            stop = self.step("Tab")

    def go_down(self, node):
        self.note(node)
        while node.role not in ARROWS_CHANGE | ARROWS_LEAVE | TEXTS:
            self.go_inside(node)
            node = self.step("Down")
            if node is None or node in self.reached:
                return
            self.note(node)

    def go_inside(self, node):
        """By Tab to what is inside a row, and back to the row."""
        inside = {each for each in self.window.nodes(node) if "focusable" in each.states} - {node}
        if not inside:
            return
        now = self.step("Tab")
        steps = 1
        while now in inside and now not in self.reached:
            self.note(now)
            now = self.step("Tab")
            steps += 1
        while steps > 0 and self.step("shift+Tab") != node:
            steps -= 1

    def note(self, node):
        if node not in self.reached:
            self.reached.append(node)

    def step(self, key):
        """Presses a key, and returns where the focus is then."""
        before = self.look()
        self.window.press(key)
        end = time.monotonic() + 0.3
        now = before
        while now == before and time.monotonic() < end:
            now = self.look()
        return now or self.find_text()

    def look(self):
        for node in self.focusable:
            try:
                if node.has_focus():
                    return node
            except Gone:
                pass
        self.focusable = [node for node in self.window.nodes() if "focusable" in node.states]
        return next((node for node in self.focusable if "focused" in node.states), None)

    def find_text(self):
        """AdwEntryRow 1.2 has the focus without saying so; what is typed tells which one it is."""
        texts = [node for node in self.focusable if node.role in TEXTS]
        before = [node.length() for node in texts]
        self.window.press("End", "x")
        end = time.monotonic() + 1
        while time.monotonic() < end:
            for node, length in zip(texts, before):
                if node.length() != length:
                    self.window.press("BackSpace")
                    self.window.wait_until(lambda: node.length() == length, "the text as it was")
                    return node
        return None
