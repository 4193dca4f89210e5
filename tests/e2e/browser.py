"""Chromium without a window, led over its DevTools protocol through two pipes; no port, no other host."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path

import stack

ARGUMENTS = (
    "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-extensions", "--disable-component-update", "--disable-background-networking",
    # No name leads anywhere but to this computer, whatever a page or the browser itself asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def high_pipe():
    """A pipe with numbers out of the way of the two that the browser wants."""
    ends = os.pipe()
    high = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return high


class Browser(stack.Process):
    """One tab. Every call has an answer or an error; what the page did meanwhile is kept in `events`."""

    def __init__(self, folder):
        super().__init__()
        self.folder = Path(folder)
        self.events = []
        self.unread = b""
        self.count = 0
        self.session = None

    def start(self):
        program = shutil.which("chromium")
        if program is None:
            raise RuntimeError("chromium is not installed")
        to_browser, self.to_browser = high_pipe()
        self.from_browser, from_browser = high_pipe()
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "chromium.log", "ab") as log:
            # The protocol is on descriptors 3 and 4, and those may be taken here: a shell puts them in place.
            self.launch(
                ["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "bash", program, *ARGUMENTS,
                 f"--user-data-dir={self.folder / 'profile'}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(to_browser, from_browser),
                env=stack.clean_environment(HOME=str(self.folder)))
        os.close(to_browser)
        os.close(from_browser)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(f"{domain}.enable")
        return self

    def stop(self, *how):
        if self.process is not None:
            os.close(self.to_browser)
            os.close(self.from_browser)
        return super().stop(*how)

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session is not None:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") != self.count:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def read(self):
        end = time.monotonic() + stack.HANG_SECONDS
        while b"\0" not in self.unread:
            if not select.select([self.from_browser], [], [], max(end - time.monotonic(), 0))[0]:
                raise TimeoutError(f"waited for Chromium, see {self.folder / 'chromium.log'}")
            part = os.read(self.from_browser, 65536)
            if not part:
                raise RuntimeError(f"Chromium ended, see {self.folder / 'chromium.log'}")
            self.unread += part
        message, self.unread = self.unread.split(b"\0", 1)
        return json.loads(message)

    def open(self, url, language="en", scheme="light", width=800, height=900):
        """Loads a page as a reader with these wishes, scripts off, and forgets what was before."""
        self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=False)
        self.events.clear()
        self.call("Page.navigate", url=url)
        while not self.seen("Page.loadEventFired"):
            self.events.append(self.read())

    def seen(self, method):
        return [event["params"] for event in self.events if event.get("method") == method]

    def evaluate(self, expression):
        """The tools may look into a page whose own scripts are off."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def complaints(self):
        """What the browser has to say against the page: errors, violations of its policy, other issues."""
        return [*self.seen("Log.entryAdded"), *self.seen("Audits.issueAdded"),
                *self.seen("Runtime.exceptionThrown"), *self.seen("Runtime.consoleAPICalled")]

    def requests(self):
        return [event["request"]["url"] for event in self.seen("Network.requestWillBeSent")]

    def screenshot(self, path):
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        Path(path).write_bytes(base64.b64decode(picture))
