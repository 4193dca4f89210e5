"""`./dev soak fuzz`: feeds each parser and each session whatever libFuzzer comes up with."""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "fuzz"
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
FOUND = BUILD / "found"
CRASHES = BUILD / "crashes"

AT_ONCE = 2
MAX_LENGTH = 4096
INPUT_SECONDS = 10
MEMORY = 1024

ENVIRONMENT = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "G_DEBUG": "fatal-warnings",
    "G_SLICE": "always-malloc",
    "LC_ALL": "C.UTF-8",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
}


def targets():
    programs = {path.name.removeprefix("fuzz-"): path for path in (BUILD / "tests" / "fuzz").glob("fuzz-*") if path.is_file()}
    return dict(sorted(programs.items()))


def fuzz(name, program, options):
    """Returns how it ended, and the input that broke it, if any."""
    found = FOUND / name
    crashes = CRASHES / name
    for folder in (found, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(crashes.iterdir())
    log = BUILD / f"{name}.log"
    with log.open("wb") as output:
        status = subprocess.run(
            [program, found, CORPUS / name, f"-max_total_time={options.seconds}", f"-max_len={MAX_LENGTH}",
             f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY}", f"-seed={options.seed}",
             f"-artifact_prefix={crashes}/", "-print_final_stats=1"],
            env=os.environ | ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT).returncode
    return status, log, sorted(set(crashes.iterdir()) - before)


def report(name, status, log, inputs):
    text = log.read_text(errors="replace")
    runs = re.search(r"number_of_executed_units: (\d+)", text)
    covered = re.findall(r"cov: (\d+)", text)
    print(f"{'ok' if status == 0 else 'BROKEN'}: {name}: {runs.group(1) if runs else 'unknown'} inputs, "
          f"{covered[-1] if covered else 'no'} edges", flush=True)
    if status == 0:
        return
    print("\n".join(text.splitlines()[-40:]))
    print(f"All of it: {log.relative_to(ROOT)}")
    for path in inputs:
        print(f"The input: {path.relative_to(ROOT)}; when it is mended, keep it: cp {path.relative_to(ROOT)} "
              f"{(CORPUS / name).relative_to(ROOT)}/what-was-wrong")


def main():
    parser = argparse.ArgumentParser(prog="./dev soak fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="TARGET", help="one of tests/fuzz/corpus; all without one")
    parser.add_argument("--seconds", type=int, default=600, help="how long for each target (600)")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32, help="what chance begins with")
    options = parser.parse_args()
    programs = targets()
    if unknown := set(options.names) - set(programs):
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(programs)}")
    chosen = {name: programs[name] for name in options.names or programs}
    print(f"fuzzing {len(chosen)} targets for {options.seconds} seconds each, {AT_ONCE} at a time, --seed {options.seed}",
          flush=True)
    broken = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(fuzz, name, program, options): name for name, program in chosen.items()}
        for future in concurrent.futures.as_completed(running):
            status, log, inputs = future.result()
            report(running[future], status, log, inputs)
            broken += status != 0
    print(f"{len(chosen) - broken} held, {broken} broken")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
