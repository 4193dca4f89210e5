"""What a desktop has besides windows, on a bus of a test: a host for trays and a server for notifications.

Each answers in a thread of its own, so that a program is served while a test waits for something else."""

import threading
from dataclasses import dataclass, field

from gi.repository import Gio, GLib

import stack


class Service:
    """A name on the bus with one object behind it. Methods of the interface are methods here, in Python's spelling."""

    name = path = interface = None
    xml = ""

    def __init__(self, address):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop(context=self.context)
        self.lock = threading.RLock()
        self.problem = None
        self.is_there = threading.Event()
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.connection.set_exit_on_close(False)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        if not self.is_there.wait(stack.HANG_SECONDS) or self.problem:
            raise RuntimeError(f"{self.name} is not on the bus: {self.problem}")

    def serve(self):
        self.context.push_thread_default()
        try:
            description = Gio.DBusNodeInfo.new_for_xml(f"<node>{self.xml}</node>").interfaces[0]
            self.connection.register_object(self.path, description, self.called, self.read, None)
            self.start()
            self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName", "(su)", self.name, 4)
        except Exception as problem:
            self.problem = problem
        self.is_there.set()
        self.loop.run()

    def start(self):
        """What else has to be there before the name is, in the thread that answers."""

    def called(self, _connection, sender, _path, _interface, method, parameters, invocation):
        spelled = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in method).lstrip("_")
        with self.lock:
            invocation.return_value(getattr(self, f"answer_{spelled}")(sender, *parameters.unpack()))

    def read(self, _connection, _sender, _path, _interface, name):
        return self.properties[name]

    def call(self, owner, path, interface, method, signature=None, *arguments):
        parameters = GLib.Variant(signature, arguments) if signature else None
        answer = self.connection.call_sync(owner, path, interface, method, parameters, None, 0, stack.HANG_SECONDS * 1000, None)
        values = answer.unpack()
        return values[0] if len(values) == 1 else values

    def emit(self, signal, signature, *arguments):
        self.connection.emit_signal(None, self.path, self.interface, signal, GLib.Variant(signature, arguments))
        self.connection.flush_sync(None)

    def stop(self):
        """Takes the name from the bus, as a host that crashed."""
        if not self.connection.is_closed():
            self.connection.close_sync(None)
        self.loop.quit()
        self.thread.join(stack.HANG_SECONDS)


@dataclass
class MenuItem:
    id: int
    label: str
    is_enabled: bool
    is_checked: bool | None
    is_separator: bool
    children: list = field(default_factory=list)


class TrayHost(Service):
    """Shows trays by StatusNotifierItem and com.canonical.dbusmenu."""

    name = interface = "org.kde.StatusNotifierWatcher"
    path = "/StatusNotifierWatcher"
    xml = """<interface name='org.kde.StatusNotifierWatcher'>
      <method name='RegisterStatusNotifierItem'><arg type='s' direction='in'/></method>
      <method name='RegisterStatusNotifierHost'><arg type='s' direction='in'/></method>
      <property name='RegisteredStatusNotifierItems' type='as' access='read'/>
      <property name='IsStatusNotifierHostRegistered' type='b' access='read'/>
      <property name='ProtocolVersion' type='i' access='read'/>
      <signal name='StatusNotifierItemRegistered'><arg type='s'/></signal>
      <signal name='StatusNotifierItemUnregistered'><arg type='s'/></signal>
      <signal name='StatusNotifierHostRegistered'/></interface>"""
    item_interface = "org.kde.StatusNotifierItem"
    menu_interface = "com.canonical.dbusmenu"

    def __init__(self, address):
        self.items = []
        self.signals = []
        super().__init__(address)

    @property
    def properties(self):
        items = [owner + path for owner, path in self.items]
        return {"RegisteredStatusNotifierItems": GLib.Variant("as", items),
                "IsStatusNotifierHostRegistered": GLib.Variant("b", True), "ProtocolVersion": GLib.Variant("i", 0)}

    def start(self):
        for interface in (self.item_interface, self.menu_interface):
            self.connection.signal_subscribe(None, interface, None, None, None, 0, self.signalled)
        self.connection.signal_subscribe("org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", None, None, 0,
                                         self.owner_changed)

    def signalled(self, _connection, _sender, _path, _interface, signal, parameters):
        with self.lock:
            self.signals.append((signal, parameters.unpack()))

    def owner_changed(self, _connection, _sender, _path, _interface, _signal, parameters):
        name, _, owner = parameters.unpack()
        with self.lock:
            if not owner:
                self.items = [item for item in self.items if item[0] != name]

    def answer_register_status_notifier_item(self, sender, service):
        item = (sender, service) if service.startswith("/") else (service, "/StatusNotifierItem")
        if item not in self.items:
            self.items.append(item)

    def answer_register_status_notifier_host(self, sender, service):
        pass

    def wait(self):
        """The first tray's bus name and path, once it is there."""
        return stack.wait_until(lambda: self.items, "an item in the tray")[0]

    def values(self):
        """All properties of the tray's item."""
        owner, path = self.wait()
        return self.call(owner, path, "org.freedesktop.DBus.Properties", "GetAll", "(s)", self.item_interface)

    def menu(self):
        """A list of MenuItem."""
        _, root = self.call(self.wait()[0], self.values()["Menu"], self.menu_interface, "GetLayout", "(iias)", 0, -1, [])
        return self.read_menu(root)

    def read_menu(self, item):
        found = []
        for number, values, children in item[2]:
            if not values.get("visible", True):
                continue
            checked = bool(values.get("toggle-state") == 1) if values.get("toggle-type") else None
            found.append(MenuItem(number, values.get("label", ""), values.get("enabled", True), checked,
                                  values.get("type") == "separator", self.read_menu((number, values, children))))
        return found

    def find(self, label):
        """A menu item by its label, with or without a mnemonic; None where there is none."""
        waiting = self.menu()
        while waiting:
            item = waiting.pop(0)
            if label in (item.label, item.label.replace("_", "", 1)):
                return item
            waiting += item.children
        return None

    def click(self, label):
        item = stack.wait_until(lambda: self.find(label), f"{label!r} in the menu of the tray")
        self.call(self.wait()[0], self.values()["Menu"], self.menu_interface, "Event", "(isvu)", item.id, "clicked",
                  GLib.Variant("i", 0), 0)

    def activate(self):
        """A click on the icon itself."""
        self.call(*self.wait(), self.item_interface, "Activate", "(ii)", 0, 0)


@dataclass
class Notification:
    id: int
    program: str
    icon: str
    title: str
    body: str
    actions: dict
    hints: dict
    is_shown: bool = True


class Notifications(Service):
    """Keeps what it was told to show; a person's clicks are methods."""

    name = interface = "org.freedesktop.Notifications"
    path = "/org/freedesktop/Notifications"
    xml = """<interface name='org.freedesktop.Notifications'>
      <method name='Notify'>
        <arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>
        <arg type='s' direction='in'/><arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>
        <arg type='i' direction='in'/><arg type='u' direction='out'/></method>
      <method name='CloseNotification'><arg type='u' direction='in'/></method>
      <method name='GetCapabilities'><arg type='as' direction='out'/></method>
      <method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' direction='out'/>
        <arg type='s' direction='out'/><arg type='s' direction='out'/></method>
      <signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>
      <signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal></interface>"""
    properties = {}

    def __init__(self, address):
        self.all = []
        super().__init__(address)

    def answer_notify(self, _sender, program, replaces, icon, title, body, actions, hints, _timeout):
        number = replaces or len(self.all) + 1
        for old in self.all:
            old.is_shown = old.is_shown and old.id != replaces
        self.all.append(Notification(number, program, icon, title, body, dict(zip(actions[::2], actions[1::2])), hints))
        return GLib.Variant("(u)", (number,))

    def answer_close_notification(self, _sender, number):
        self.close(number, 3)

    def answer_get_capabilities(self, _sender):
        return GLib.Variant("(as)", (["actions", "body", "persistence"],))

    def answer_get_server_information(self, _sender):
        return GLib.Variant("(ssss)", ("double", "tests", "1", "1.2"))

    def shown(self):
        with self.lock:
            return [each for each in self.all if each.is_shown]

    def wait(self, title=None):
        """The notification with a title, or any, once it is shown."""
        return stack.wait_until(lambda: [each for each in self.shown() if title in (None, each.title)],
                                f"a notification {title or ''}")[0]

    def close(self, number, reason=2):
        """Somebody sends it away, or the program does."""
        with self.lock:
            for each in self.all:
                each.is_shown = each.is_shown and each.id != number
        self.emit("NotificationClosed", "(uu)", number, reason)

    def invoke(self, number, action="default"):
        """Somebody clicks on it, or on a button of it."""
        self.emit("ActionInvoked", "(us)", number, action)
        self.close(number)


class Program(Service):
    """A neko-mail of another version, as the window asks it."""

    name = "io.github.nekomail.NekoMail"
    path = "/io/github/nekomail/NekoMail"
    interface = "io.github.nekomail.NekoMail.Control"
    xml = """<interface name='io.github.nekomail.NekoMail.Control'>
      <method name='GetStatus'><arg type='a{sv}' direction='out'/></method>
      <method name='Quit'/></interface>"""
    properties = {}

    def __init__(self, address, version):
        self.version = version
        self.has_quit = threading.Event()
        super().__init__(address)

    def answer_get_status(self, _sender):
        return GLib.Variant("(a{sv})", ({"version": GLib.Variant("s", self.version)},))

    def answer_quit(self, _sender):
        self.has_quit.set()
        return GLib.Variant("()", ())
