"""Reading mail: neko-maild beside Dovecot, on the same messages."""

from results import in_turns
from servers import Double, Dovecot, Folder, Maild, rss, settled, tool

MEGABYTE = 1e6


def measure(results, quick):
    with Folder() as folder:
        retrieve(results, folder, quick)
    with Folder() as folder:
        log_in(results, folder, quick)
    with Folder() as folder:
        large_mailbox(results, folder, quick)


def retrieve(results, folder, quick):
    corpus = "100,2048,65536" if quick else "1000,2048,65536"
    ways = {"one by one": [], "pipelined": ["--window", 64], "four sessions": ["--sessions", 4]}
    with Double(corpus) as worker, Maild(folder, worker.url) as neko, Dovecot(folder, corpus) as dovecot:
        # What neko-maild keeps, it has after this; and both send the right octets.
        for side in (neko, dovecot):
            tool("pop3-client", "retrieve", *side.pop3(), "--verify", corpus)
        for name, options in ways.items():
            ours, theirs = in_turns(*(lambda side=side: tool("pop3-client", "retrieve", *side.pop3(), *options)
                                      for side in (neko, dovecot)))
            for unit, what, scale, target in (("/s", "messages", 1, 2), ("MB/s", "octets", MEGABYTE, None)):
                results.compare(f"pop3 retr, {name}", unit,
                                *([run[what] / scale / run["seconds"] for run in side] for side in (ours, theirs)),
                                target, dovecot.name)


def log_in(results, folder, quick):
    corpus = "1000,2048,65536"
    rounds = 20 if quick else 200

    def log_in_to(side):
        return lambda: tool("pop3-client", "log-in", *side.pop3(), "--rounds", rounds)

    with (Double(corpus) as worker, Maild(folder, worker.url) as neko, Dovecot(folder, corpus) as dovecot,
          Dovecot(folder, corpus, is_as_shipped=True) as as_shipped):
        sides = [log_in_to(side) for side in (neko, dovecot)]
        for side in (*sides, log_in_to(as_shipped)):
            side()
        settled(worker.requests)
        before = sum(worker.requests().values())
        ours, theirs = in_turns(*sides)
        requests = sum(worker.requests().values()) - before
        slow = in_turns(log_in_to(as_shipped), rounds=1)[0]

    speed = [[run["sessions"] / run["seconds"] for run in side] for side in (ours, theirs, slow)]
    latency = [[run["latency"] * 1000 for run in side] for side in (ours, theirs)]
    results.compare("pop3 login, sessions", "/s", *speed[:2], 5, "dovecot")
    results.compare("pop3 login, sessions", "/s", speed[0], speed[2], None, "dovecot as shipped")
    results.compare("pop3 login, latency", "ms", *latency, 5, "dovecot", is_time=True)
    results.limit("pop3 login, latency", "ms", latency[0], 1)
    results.limit("pop3 login, Worker requests a session", "", [requests / (rounds * len(ours))], 0)


def look_at(side):
    return tool("pop3-client", "list", *side.pop3(), "--rounds", 1)


def memory_with(folder, corpus):
    """A new neko-maild's memory after a first log-in with its listing, and after LIST and UIDL."""
    with Double(corpus) as worker, Maild(folder, worker.url) as neko:
        tool("pop3-client", "log-in", *neko.pop3(), "--rounds", 1)
        settled(worker.requests)
        listed = settled(lambda: rss(neko.process.pid))
        look_at(neko)
        return listed, settled(lambda: rss(neko.process.pid))


def large_mailbox(results, folder, quick):
    corpus = "10000,300" if quick else "100000,300"
    # Its fastest layout for so many: this many files of a maildir it reads more slowly.
    with Double(corpus) as worker, Maild(folder, worker.url) as neko, Dovecot(folder, corpus, layout="mdbox") as dovecot:
        sides = [lambda side=side: look_at(side) for side in (neko, dovecot)]
        for side in sides:
            side()
        settled(worker.requests)
        ours, theirs = in_turns(*sides)

    for what, name in (("login", "log-in and STAT"), ("list", "LIST"), ("uidl", "UIDL")):
        results.compare(f"pop3 big, {name}", "ms", *([run[what] * 1000 for run in side] for side in (ours, theirs)),
                        5, "dovecot", is_time=True)

    empty = memory_with(folder / "empty", None)
    full = memory_with(folder / "full", corpus)
    for name, before, after in zip(("after log-in", "after UIDL"), empty, full):
        results.limit(f"pop3 big, memory {name}", "MB", [(after - before) / MEGABYTE], 8)
