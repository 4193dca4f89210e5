"""Tests in a network of their own, where every port is free and nothing leads to the outside, and whose processes all end
with them."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import stack

MARK = "NEKO_OWN_NETWORK"

# Whoever is not root is root of what is made for the test, and of nothing else.
UNSHARE = ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--net", "--pid", "--fork",
           "--kill-child", "--mount-proc"]


class OwnNetworkCase(unittest.TestCase):
    """Each test runs in a process of its own in there, and its result is that of the process."""

    def run(self, result=None):
        if MARK in os.environ:
            return super().run(result)
        return unittest.FunctionTestCase(self.run_inside, description=self.id()).run(result)

    def run_inside(self):
        command = [*UNSHARE, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, "-m", "unittest", self.id()]
        inside = subprocess.run(command, cwd=Path(__file__).parent, env=os.environ | {MARK: "1"}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=8 * stack.HANG_SECONDS)
        self.assertEqual(inside.returncode, 0, inside.stdout)
        self.assertIn("Ran 1 test", inside.stdout)
