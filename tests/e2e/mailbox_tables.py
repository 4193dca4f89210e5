"""The tables of mailbox objects, for tests that look at them while no Worker runs."""

import sqlite3
from pathlib import Path

CHUNKS_PER_MESSAGE = 4096


class Database:
    """The tables of mailboxes whose Worker does not run."""

    def __init__(self, storage):
        self.by_mailbox = {}
        for path in (Path(storage) / "do" / "main-Mailbox").glob("*.sqlite"):
            if path.name != "metadata.sqlite":
                connection = sqlite3.connect(path)
                self.by_mailbox[connection.execute("SELECT name FROM state").fetchone()[0]] = connection

    def rows(self, client, statement):
        return self.by_mailbox[client.mailbox].execute(statement).fetchall()

    def chunk_sizes(self, client):
        """Octets in chunk rows, by the number of the message that they belong to."""
        return dict(self.rows(client, f"SELECT position / {CHUNKS_PER_MESSAGE}, sum(length(data)) "
                                      "FROM chunks GROUP BY 1"))

    def message_sizes(self, client):
        """The same octets as the message rows say; a deleted message has none."""
        return dict(self.rows(client, "SELECT number, octets FROM messages WHERE deleted = 0"))

    def close(self):
        for connection in self.by_mailbox.values():
            connection.close()
