"""`./dev bench`: neko-maild beside Dovecot and Postfix, on this computer, in one run.

Both sides get the same messages from the same client, in turns; the figures are medians. Trust the ratios more than
the times: a busy machine slows both. neko-maild's Worker is a double that answers out of memory, so that what is
measured is neko-maild. The clients and the double are the programs in tools/.
"""

import argparse
import sys

import link
import memory
import pop3
import shown_window
import smtp
from results import FOLDER, Results

BENCHMARKS = {"pop3": pop3, "smtp": smtp, "link": link, "memory": memory, "window": shown_window}


def main():
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("name", choices=["all", *BENCHMARKS])
    parser.add_argument("--quick", action="store_true", help="only see whether it works")
    options = parser.parse_args()
    results = Results()
    for name, benchmark in BENCHMARKS.items():
        if options.name in (name, "all"):
            print(f"Measuring {name}…", file=sys.stderr, flush=True)
            benchmark.measure(results, options.quick)
    saved = "mail" if options.name == "all" else options.name
    results.save(saved)
    print(results.table())
    print(f"\nAlso in {FOLDER / saved}.json, and .svg where there are ratios.", file=sys.stderr)


if __name__ == "__main__":
    main()
