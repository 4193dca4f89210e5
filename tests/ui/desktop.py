"""A desktop of its own for a window: display, window manager, buses, home, language and colours, and what else a test
asks for. Nothing of it touches the caller's desktop."""

import subprocess
from pathlib import Path

import locales
import stack
from doubles import Notifications, TrayHost
from window import Accessibility, Window

ID = "io.github.nekomail.NekoMail"

REGISTRY_SERVICE = Path("/usr/share/dbus-1/accessibility-services/org.a11y.atspi.Registry.service")

# Maximized, a window has the size of the screen and no borders.
OPENBOX = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew></focus>
  <placement><policy>Smart</policy><center>yes</center></placement>
  <keyboard>
    <keybind key="A-F4"><action name="Close"/></keybind>
    <keybind key="W-Up"><action name="Maximize"/></keybind>
  </keyboard>
</openbox_config>
"""

# Nothing moves, so that a picture is what it will be. Two clicks are two: by the distance, as GTK forgets a press on a row
# that lasts longer than a double click may take, which on a busy machine is soon.
GTK_SETTINGS = """[Settings]
gtk-enable-animations=false
gtk-cursor-blink=false
gtk-double-click-time=5000
gtk-double-click-distance=0
gtk-font-name=Cantarell 11
"""

# Without a compositor GTK draws a border around a maximized window too; as in a session, the content has all of it.
GTK_STYLE = "window.solid-csd { margin: 0; padding: 0; border: none; box-shadow: none; }"


class Desktop:
    """Width and height are those of the screen, and of a window where it is maximized. The language is one of
    locales.LANGUAGES, the scheme "light" or "dark"."""

    def __init__(self, folder, width=900, height=1400, language="en", scheme="light", maximized=True, high_contrast=False):
        self.folder = Path(folder)
        self.width, self.height = width, height
        self.language, self.scheme = language, scheme
        self.maximized, self.high_contrast = maximized, high_contrast
        self.processes = []
        self.cleanups = []
        self.home = self.folder / "home"
        self.display = self.bus = self.accessibility_bus = self.accessibility = None

    def start(self):
        try:
            self.start_all()
        except BaseException:
            self.stop()
            raise
        return self

    def start_all(self):
        for name in ("runtime", "home", "accessibility"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "runtime").chmod(0o700)
        settings = self.home / "config" / "gtk-4.0" / "settings.ini"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(GTK_SETTINGS)
        settings.with_name("gtk.css").write_text(GTK_STYLE)

        self.display = self.start_display()
        self.bus = self.add(stack.Bus(self.folder)).start()
        self.accessibility_bus = self.add(stack.Bus(self.folder / "accessibility")).start()

        # It looks for both buses by these variables, so nothing on the session bus has to be started by its name.
        registry = dict(line.split("=", 1) for line in REGISTRY_SERVICE.read_text().splitlines() if "=" in line)
        self.launch([registry["Exec"].split()[0]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (self.folder / "openbox.xml").write_text(OPENBOX)
        manager = self.launch(["openbox", "--config-file", self.folder / "openbox.xml"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        self.accessibility = Accessibility(self.accessibility_bus)
        self.cleanups.append(self.accessibility.close)
        stack.wait_until(lambda: self.has_manager(manager), "the window manager")

    def start_display(self):
        """Two that start at the same moment may want the same number, and one of them ends. It must not reset itself when
        the first client that asked something goes, while the next one comes."""
        for _ in range(10):
            screen = self.launch(["Xvfb", "-displayfd", "1", "-screen", "0", f"{self.width}x{self.height}x24", "-noreset",
                                  "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                 env=stack.clean_environment())
            number = screen.process.stdout.readline().strip()
            if number:
                return f":{number}"
        raise RuntimeError("Xvfb does not start")

    def has_manager(self, manager):
        if not manager.is_running():
            raise RuntimeError("openbox ended")
        return "window id" in self.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]).stdout

    def add(self, process):
        """Ends it with the desktop, before what was there first."""
        self.processes.append(process)
        return process

    def launch(self, arguments, **options):
        process = self.add(stack.Process())
        process.launch(arguments, **({"env": self.environment()} | options))
        return process

    def run(self, arguments, **options):
        return subprocess.run([str(word) for word in arguments], env=self.environment(), capture_output=True, text=True,
                              timeout=stack.HANG_SECONDS, **options)

    def stop(self):
        for process in reversed(self.processes):
            process.stop()
        for clean_up in reversed(self.cleanups):
            clean_up()
        self.processes, self.cleanups = [], []

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def environment(self):
        environment = stack.clean_environment(
            HOME=str(self.home), XDG_CONFIG_HOME=str(self.home / "config"), XDG_CACHE_HOME=str(self.home / "cache"),
            XDG_DATA_HOME=str(self.home / "data"), XDG_STATE_HOME=str(self.home / "state"),
            XDG_RUNTIME_DIR=str(self.folder / "runtime"), XDG_CURRENT_DESKTOP="GNOME",
            GDK_BACKEND="x11", GSK_RENDERER="cairo", GTK_A11Y="atspi", GTK_IM_MODULE="simple", NO_AT_BRIDGE="1",
            # More than one process reads and writes the settings.
            GSETTINGS_BACKEND="keyfile", GSETTINGS_SCHEMA_DIR=str(stack.BUILD / "data"),
            ADW_DISABLE_PORTAL="1",
            ADW_DEBUG_COLOR_SCHEME="prefer-dark" if self.scheme == "dark" else "prefer-light",
            ADW_DEBUG_HIGH_CONTRAST="1" if self.high_contrast else "0",
            **locales.environment(self.language))
        for name in ("WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY", "GTK_THEME", "GTK_MODULES", "LC_MESSAGES"):
            environment.pop(name, None)
        if self.display:
            environment["DISPLAY"] = self.display
        if self.bus:
            environment["DBUS_SESSION_BUS_ADDRESS"] = self.bus
        if self.accessibility_bus:
            environment["AT_SPI_BUS_ADDRESS"] = self.accessibility_bus
        return environment

    def window(self, app=None, worker=None):
        """The window, once it is there."""
        return Window(self, app, worker).wait()

    def add_keyring(self, locked=False):
        """A real gnome-keyring, open or locked."""
        keyring = self.add(stack.Keyring(self.bus, self.environment()))
        keyring.start()
        if locked:
            keyring.lock()
        return keyring

    def add_tray(self):
        """A host for trays; stop() it to see what happens without."""
        return self.add(TrayHost(self.bus))

    def add_notifications(self):
        return self.add(Notifications(self.bus))

    def picture(self, path):
        """The screen as a PNG, once two pictures in a row are the same."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        for _ in range(20):
            before = Path(path).read_bytes() if Path(path).exists() else None
            result = self.run(["import", "-window", "root", "+set", "date:create", "+set", "date:modify", "-define",
                               "png:exclude-chunks=date,time", path])
            if result.returncode != 0:
                raise RuntimeError(f"import: {result.stderr}")
            if Path(path).read_bytes() == before:
                return


class App(stack.Maild):
    """neko-mail on a desktop. With a keyring on it, tokens are there; without, in a file. The prefix is where it is
    installed, or else it is run where it was built."""

    def __init__(self, desktop, with_keyring=False, prefix=None, **ports):
        super().__init__(desktop.home, **ports)
        self.desktop = desktop
        self.with_keyring = with_keyring
        self.prefix = Path(prefix) if prefix else None
        desktop.add(self)

    def environment(self):
        environment = self.desktop.environment()
        if self.prefix:
            environment["GSETTINGS_SCHEMA_DIR"] = str(self.prefix / "share/glib-2.0/schemas")
            environment["XDG_DATA_DIRS"] = f"{self.prefix / 'share'}:/usr/local/share:/usr/share"
        return environment

    def add_account(self, address, url, password):
        if not self.with_keyring:
            super().add_account(address, url, password)
        else:
            self.must("account", "add", address, url, text=password + "\n")

    def program(self):
        return self.prefix / "bin/neko-mail" if self.prefix else stack.BUILD / "src/app/neko-mail"

    def arguments(self):
        tokens = [] if self.with_keyring else ["--token-file", str(self.tokens)]
        return [*tokens, "--pop3-port", str(self.pop3_port), "--smtp-port", str(self.smtp_port)]

    def start(self, *arguments, wait=True):
        with open(self.log, "ab") as log:
            self.launch([self.program(), *self.arguments(), *arguments], stdin=subprocess.DEVNULL, stdout=log,
                        stderr=log, env=self.environment())
        if wait:
            stack.wait_until(self.is_ready, f"the mail servers, see {self.log}")
        return self

    def launch_again(self):
        """As somebody who clicks on the icon a second time."""
        return subprocess.run([str(self.program()), *self.arguments()], env=self.environment(), capture_output=True,
                              text=True, timeout=stack.HANG_SECONDS)
