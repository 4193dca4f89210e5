"""Runs the tests of a module for meson, which counts lines of TAP: one for each test, or for each row of its table."""

import sys
import traceback
import unittest


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.has_rows = False

    def report(self, test, error=None):
        self.count += 1
        print(f"{'ok' if error is None else 'not ok'} {self.count} - {test.id().removeprefix('__main__.')}")
        if error is not None:
            for line in "".join(traceback.format_exception(*error)).splitlines():
                print(f"# {line}")

    def startTest(self, test):
        super().startTest(test)
        self.has_rows = False

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        self.has_rows = True
        self.report(subtest, error)

    def addSuccess(self, test):
        super().addSuccess(test)
        if not self.has_rows:
            self.report(test)

    def addError(self, test, error):
        super().addError(test, error)
        self.report(test, error)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.report(test, error)


def main():
    result = Result()
    unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]).run(result)
    print(f"1..{result.count}")
    sys.exit(not result.wasSuccessful())
