"""Reading mail that is still on the Worker, over a link as people have them."""

from results import in_turns
from servers import Double, Folder, Maild, SlowLink, stack, tool

ROUND_TRIP_MILLISECONDS = 50
MEGABITS = 20
SIZE = 8192


def measure(results, quick):
    count = 40 if quick else 200
    ideal = 2 * ROUND_TRIP_MILLISECONDS / 1000 + count * SIZE * 8 / (MEGABITS * 1e6)
    with (Double(f"{count},{SIZE}") as worker,
          SlowLink(worker, ROUND_TRIP_MILLISECONDS, MEGABITS) as link):
        times, = in_turns(lambda: read_all(link), rounds=5)
    results.compare(f"link, log-in and RETR 1..{count}", "s", times, [ideal], 1.3, "ideal", is_time=True, at_most=True)


def read_all(link):
    """With a neko-maild that has never been there, and for which there is no link until a mail program connects: else it
    would have begun before the clock does."""
    with Folder() as home:
        neko = Maild(home, link.url)
        neko.sign_in()
        link.hold()
        neko.start(wait=False)
        try:
            stack.wait_until(lambda: stack.is_open(neko.pop3_port), "the POP3 port")
            link.let_go()
            return tool("pop3-client", "retrieve", *neko.pop3(), "--clock-from-log-in")["seconds"]
        finally:
            link.let_go()
            neko.stop()
