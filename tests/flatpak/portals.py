"""The desktop's portals on the bus of a test: the real ones in front, and behind them a double of the desktop, which says
yes to everything and remembers what it was asked. The real keyring keeps the secrets."""

import stack
from doubles import Service
from gi.repository import Gio, GLib

LIBEXEC = "/usr/libexec"

# Portals are found by these files. No other desktop's is there.
DOUBLE = """[portal]
DBusName=org.freedesktop.impl.portal.desktop.double
Interfaces=org.freedesktop.impl.portal.Background;org.freedesktop.impl.portal.Notification;\
org.freedesktop.impl.portal.AppChooser;org.freedesktop.impl.portal.Access;
UseIn=gnome
"""
KEYRING = """[portal]
DBusName=org.freedesktop.secrets
Interfaces=org.freedesktop.impl.portal.Secret
UseIn=gnome
"""


class Backend(Service):
    """What a desktop does behind its portals."""

    name = "org.freedesktop.impl.portal.desktop.double"
    path = "/org/freedesktop/portal/desktop"
    interface = "org.freedesktop.impl.portal.Background"
    xml = """<interface name='org.freedesktop.impl.portal.Background'>
      <method name='GetAppState'><arg type='a{sv}' direction='out'/></method>
      <method name='NotifyBackground'><arg type='o' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>
        <arg type='u' direction='out'/><arg type='a{sv}' direction='out'/></method>
      <method name='EnableAutostart'><arg type='s' direction='in'/><arg type='b' direction='in'/><arg type='as' direction='in'/>
        <arg type='u' direction='in'/><arg type='b' direction='out'/></method>
      <signal name='RunningApplicationsChanged'/></interface>"""
    more = (
        """<interface name='org.freedesktop.impl.portal.Notification'>
      <method name='AddNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/>
        <arg type='a{sv}' direction='in'/></method>
      <method name='RemoveNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/></method>
      <signal name='ActionInvoked'><arg type='s'/><arg type='s'/><arg type='s'/><arg type='av'/></signal></interface>""",
        """<interface name='org.freedesktop.impl.portal.AppChooser'>
      <method name='ChooseApplication'><arg type='o' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>
        <arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>
        <arg type='u' direction='out'/><arg type='a{sv}' direction='out'/></method>
      <method name='UpdateChoices'><arg type='o' direction='in'/><arg type='as' direction='in'/></method></interface>""",
        """<interface name='org.freedesktop.impl.portal.Access'>
      <method name='AccessDialog'><arg type='o' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>
        <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>
        <arg type='u' direction='out'/><arg type='a{sv}' direction='out'/></method></interface>""",
    )
    properties = {}

    def __init__(self, address):
        self.autostart = []
        self.notifications = {}
        self.offered = []
        super().__init__(address)

    def start(self):
        for xml in self.more:
            description = Gio.DBusNodeInfo.new_for_xml(f"<node>{xml}</node>").interfaces[0]
            self.connection.register_object(self.path, description, self.called, self.read, None)

    def answer_get_app_state(self, _sender):
        return GLib.Variant("(a{sv})", ({},))

    def answer_notify_background(self, *_):
        return GLib.Variant("(ua{sv})", (0, {"result": GLib.Variant("u", 1)}))

    def answer_enable_autostart(self, _sender, application, is_on, command, _flags):
        self.autostart.append((application, is_on, command))
        return GLib.Variant("(b)", (is_on,))

    def answer_add_notification(self, _sender, application, number, notification):
        self.notifications[number] = (application, notification)

    def answer_remove_notification(self, _sender, _application, number):
        self.notifications.pop(number, None)

    def answer_choose_application(self, _sender, _handle, _application, _window, choices, _options):
        self.offered.append(choices)
        return GLib.Variant("(ua{sv})", (0, {"choice": GLib.Variant("s", choices[0])}))

    def answer_update_choices(self, *_):
        pass

    def answer_access_dialog(self, *_):
        return GLib.Variant("(ua{sv})", (0, {}))


class AccessibilityBus(Service):
    """Tells Flatpak where the bus of AT-SPI is, which it lets the sandbox reach."""

    name = interface = "org.a11y.Bus"
    path = "/org/a11y/bus"
    xml = """<interface name='org.a11y.Bus'><method name='GetAddress'><arg type='s' direction='out'/></method></interface>"""
    properties = {}

    def __init__(self, address, other):
        self.other = other
        super().__init__(address)

    def answer_get_address(self, _sender):
        return GLib.Variant("(s)", (self.other,))


def start(desktop):
    """The portals of a desktop. Returns what is behind them."""
    folder = desktop.folder / "portals"
    folder.mkdir()
    (folder / "double.portal").write_text(DOUBLE)
    (folder / "gnome-keyring.portal").write_text(KEYRING)
    backend = desktop.add(Backend(desktop.bus))
    log = open(desktop.folder / "portals.log", "ab")
    environment = desktop.environment() | {"XDG_DESKTOP_PORTAL_DIR": str(folder)}
    for program in ("xdg-permission-store", "xdg-desktop-portal"):
        desktop.launch([f"{LIBEXEC}/{program}"], stdout=log, stderr=log, env=environment)
    log.close()
    stack.wait_until(lambda: "version" in desktop.run(
        ["gdbus", "call", "--session", "--dest", "org.freedesktop.portal.Desktop", "--object-path",
         "/org/freedesktop/portal/desktop", "--method", "org.freedesktop.DBus.Properties.GetAll",
         "org.freedesktop.portal.Background"]).stdout, f"the portals, see {desktop.folder}/portals.log")
    return backend
