"""The ways to install that README shows, each command as it is written there, on a clean Debian 12: it has sudo, and
nothing that was installed by hand. It needs root."""

import tempfile
import unittest
from pathlib import Path

import documents
import root

# What compiles takes longer than what runs.
BUILD_SECONDS = 1200


class ReadmeCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="neko-deb-", dir="/var/tmp")))
        cls.clean = root.Root(folder / "debian").make()
        cls.clean.must("apt-get", "update")
        cls.clean.install("sudo")
        # Whoever is asked says yes.
        (cls.clean.path / "etc/apt/apt.conf.d/yes").write_text('APT::Get::Assume-Yes "true";\n')
        root.copy_sources(cls.clean.path / "source")

    @classmethod
    def block(cls, beginning):
        """The commands of the block of README whose first one begins so."""
        blocks = [[command for command, _ in documents.commands(lines)]
                  for lines in documents.read(documents.README["en"]).blocks]
        found = [block for block in blocks if block and block[0].startswith(beginning)]
        assert len(found) == 1, f"README has {found}"
        return found[0]

    @classmethod
    def run_as_written(cls, command):
        return cls.clean.must("bash", "-c", f"cd /source && {command}", environment={"TZ": "Pacific/Kiritimati"},
                              timeout=BUILD_SECONDS)

    def version_of(self, program):
        return self.clean.must(program, "--version").split()[-1]

    def is_there(self, path):
        return (self.clean.path / path.removeprefix("/")).exists()


class PackagesTest(ReadmeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build, cls.for_desktops = cls.block("./dev deb")
        cls.for_servers, = cls.block("sudo apt install ./build/deb")
        cls.run_as_written(build)

    def test_another_folder_user_language_and_time_zone_give_the_same_bytes(self):
        """On a computer whose packages are of the same versions; another header is in what is for debuggers."""
        root.copy_sources(self.clean.path / "elsewhere")
        self.clean.must("useradd", "--create-home", "somebody")
        self.clean.must("chown", "--recursive", "somebody:somebody", "/elsewhere")
        self.clean.must("sh", "-c", "umask 077; exec /elsewhere/data/debian/build /elsewhere/packages", user="somebody",
                        environment={"TZ": "America/Anchorage", "LC_ALL": "C", "USER": "somebody"}, timeout=BUILD_SECONDS)
        first, second = (self.clean.path / name for name in ("source/build/deb", "elsewhere/packages"))
        names = sorted(path.name for path in first.glob("*.deb"))
        self.assertIn(f"neko-mail_{documents.version()}", " ".join(names))
        self.assertEqual(sorted(path.name for path in second.glob("*.deb")), names)
        for name in names:
            with self.subTest(name=name):
                self.assertTrue((first / name).read_bytes() == (second / name).read_bytes(), "they differ")

    def assert_installed(self, command, program, other):
        self.run_as_written(command)
        self.addCleanup(self.clean.must, "apt-get", "purge", program, "neko-mail-common")
        self.assertEqual(self.version_of(f"/usr/bin/{program}"), documents.version())
        self.assertFalse(self.is_there(f"/usr/bin/{other}"))

    def test_on_a_desktop(self):
        self.assert_installed(self.for_desktops, "neko-mail", "neko-maild")

    def test_without_a_screen(self):
        self.assert_installed(self.for_servers, "neko-maild", "neko-mail")


class SourceTest(ReadmeCase):
    PROGRAMS = ("/usr/local/bin/neko-mail", "/usr/local/bin/neko-maild")

    def test_installed_and_taken_away(self):
        uninstall, = self.block("sudo ninja")
        for command in self.block("sudo apt install desktop-file-utils"):
            self.run_as_written(command)
        for program in self.PROGRAMS:
            with self.subTest(program=program):
                self.assertEqual(self.version_of(program), documents.version())
        self.run_as_written(uninstall)
        self.assertEqual([program for program in self.PROGRAMS if self.is_there(program)], [])


if __name__ == "__main__":
    unittest.main()
