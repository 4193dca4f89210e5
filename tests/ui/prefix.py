"""neko-mail installed into the build folder: where it is only built, it finds no translations."""

import json
import os
import subprocess

import stack

FOLDER = stack.BUILD / "prefix"
INSTALLED = stack.BUILD / "installed"


def run(*words):
    # What is first in PATH may be another Python than the one that meson is for.
    environment = os.environ | {"PATH": f"/usr/bin:{os.environ['PATH']}"}
    result = subprocess.run([str(word) for word in words], cwd=stack.ROOT, env=environment, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}:\n{result.stdout}{result.stderr}")
    return result.stdout


def make():
    """Builds what is installed, and nothing but that, and installs it."""
    if not (INSTALLED / "build.ninja").exists():
        run("meson", "setup", INSTALLED, f"--prefix={FOLDER}", "-Dwerror=true")
    run("ninja", "-C", INSTALLED, "build.ninja")
    known = {line.partition(":")[0] for line in run("ninja", "-C", INSTALLED, "-t", "targets", "all").splitlines()}
    installed = [os.path.relpath(name, INSTALLED) for name in json.loads(run("meson", "introspect", "--installed", INSTALLED))]
    run("ninja", "-C", INSTALLED, *(name for name in installed if name in known))
    run("meson", "install", "-C", INSTALLED, "--no-rebuild", "--quiet")
    return FOLDER


if __name__ == "__main__":
    print(make())
