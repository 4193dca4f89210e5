"""Stands between neko-maild and the Worker, and keeps the Worker's answers back where it is told to."""

import socket
import threading

import stack


class Gate:

    def __init__(self, port):
        self.target = port
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.is_open = threading.Event()
        self.is_open.set()
        self.holds = threading.Event()
        self.sockets = [self.server]
        threading.Thread(target=self.accept, daemon=True).start()

    def hold(self):
        """From now on the Worker hears everything, and nothing of what it answers is heard."""
        self.holds.clear()
        self.is_open.clear()

    def release(self):
        self.is_open.set()

    def close(self):
        self.release()
        for one in self.sockets:
            # A thread that waits in it does not notice close() alone.
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def accept(self):
        while True:
            try:
                client = self.server.accept()[0]
                worker = socket.create_connection(("127.0.0.1", self.target), stack.HANG_SECONDS)
            except OSError:
                return
            worker.settimeout(None)
            self.sockets += [client, worker]
            threading.Thread(target=self.pass_on, args=(client, worker, False), daemon=True).start()
            threading.Thread(target=self.pass_on, args=(worker, client, True), daemon=True).start()

    def pass_on(self, source, target, is_answer):
        try:
            while data := source.recv(65536):
                if is_answer and not self.is_open.is_set():
                    self.holds.set()
                    self.is_open.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
