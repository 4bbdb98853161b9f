"""A TCP proxy that does what networks do: swallows, delays, cuts, resets. Its chances come from a seed."""

import random
import socket
import struct
import threading


class Plan:
    """What happens to the bytes; may be changed while they flow.

    swallow: they go nowhere, and nobody is told (a pulled cable). cut_answers: the connection breaks before the first byte of an
    answer is passed on. late: each piece waits so many seconds. lost: this share of pieces waits as for one that is sent again.
    reset: this share of pieces ends its connection with a reset."""

    def __init__(self, swallow=False, cut_answers=False, late=0.0, lost=0.0, reset=0.0, again=0.2):
        self.swallow, self.cut_answers, self.late, self.lost, self.reset, self.again = swallow, cut_answers, late, lost, reset, again


class Proxy:
    def __init__(self, target_port, plan=None, seed=0):
        self.target, self.plan = target_port, plan or Plan()
        self.random, self.resets = random.Random(seed), 0
        self.over = threading.Event()
        self.sockets = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        self.listener.close()
        with self.lock:
            for each in self.sockets:
                each.close()

    def _accept(self):
        while not self.over.is_set():
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target), timeout=10)
            except OSError:
                if self.over.is_set():
                    return
                continue
            for each in (client, server):
                each.settimeout(None)
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.sockets |= {client, server}
            for source, target, is_answer in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._carry, args=(source, target, is_answer), daemon=True).start()

    def _carry(self, source, target, is_answer):
        try:
            while True:
                piece = source.recv(4096 if self.plan.lost or self.plan.reset else 65536)
                plan = self.plan
                if plan.swallow:
                    if not piece:
                        return
                    continue
                if not piece or (plan.cut_answers and is_answer):
                    break
                with self.lock:
                    chance = self.random.random()
                    again = self.random.random() < plan.lost
                if chance < plan.reset:
                    self.resets += 1
                    for each in (source, target):
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
                if plan.late or again:
                    self.over.wait(plan.late + (plan.again if again else 0))
                target.sendall(piece)
        except OSError:
            pass
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()
