"""Sending mail: neko-maild with a Worker that takes everything at once, beside Postfix, which throws it away."""

from results import in_turns
from servers import Double, Folder, Maild, Postfix, tool

WAYS = {
    "one session": [],
    "four sessions": ["--sessions", 4],
    "one session, pipelined": ["--pipelined"],
}


def measure(results, quick):
    corpus = "40,8192,8192" if quick else "400,8192,8192"
    with Folder() as folder, Double() as worker, Maild(folder, worker.url) as neko, Postfix(folder) as postfix:
        def send(side, *options):
            run = tool("smtp-client", *side.smtp(), "--corpus", corpus, *options)
            # What Postfix does afterwards takes no time from the others.
            postfix.settle()
            return run

        # worker-double compares the first ones with their digests.
        for side in (neko, postfix):
            send(side)
        for name, options in WAYS.items():
            runs = in_turns(*(lambda side=side: send(side, *options) for side in (neko, postfix)))
            results.compare(f"smtp, {name}", "/s", *([run["messages"] / run["seconds"] for run in side] for side in runs),
                            3, postfix.name)
