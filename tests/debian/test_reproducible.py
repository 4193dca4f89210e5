"""The packages of `./dev deb`, built once more. It needs root, to be somebody else."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from root import stack

PACKAGES = Path(os.environ.get("NEKO_PACKAGES", stack.BUILD / "deb"))


class ReproducibleTest(unittest.TestCase):
    def test_another_folder_user_language_and_time_zone_give_the_same_bytes(self):
        nobody = 65534
        with tempfile.TemporaryDirectory(prefix="neko-deb-", dir="/var/tmp") as folder:
            tree = Path(folder) / "elsewhere"
            subprocess.run(["git", "clone", "--quiet", stack.ROOT, tree], check=True)
            sources = subprocess.check_output(["git", "ls-files", "-z"], cwd=stack.ROOT, text=True).split("\0")
            for name in filter(None, sources):
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(stack.ROOT / name, tree / name)
            subprocess.run(["chown", "--recursive", f"{nobody}:{nobody}", folder], check=True)
            result = subprocess.run(
                ["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups", "env", "-i",
                 "PATH=/usr/sbin:/usr/bin:/sbin:/bin", f"HOME={folder}", "USER=somebody", "TZ=Pacific/Kiritimati",
                 "LANG=C", "sh", "-c", "umask 077; exec data/debian/build packages"],
                cwd=tree, capture_output=True, text=True)
            self.assertEqual(result.returncode, 0, result.stderr[-2000:])
            names = sorted(path.name for path in PACKAGES.glob("*.deb"))
            self.assertEqual(sorted(path.name for path in (tree / "packages").glob("*.deb")), names)
            for name in names:
                with self.subTest(name=name):
                    self.assertEqual((tree / "packages" / name).read_bytes(), (PACKAGES / name).read_bytes())


if __name__ == "__main__":
    unittest.main()
