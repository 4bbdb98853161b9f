"""Clients and networks behave badly: the others notice nothing, and nothing is done twice."""

import http.client
import json
import resource
import socket
import threading
import time
import unittest

import harness
from harness import FaultTest, Load, Server, Writer, wait_until
from proxy import Plan, Proxy
from web_socket import BINARY, TEXT, WebSocket


class LossyNetworkTest(FaultTest):
    def test_F24_lost_packets_and_resets_cost_time_and_double_nothing(self):
        store = self.centre()
        before = harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0]
        writers = [Writer(number, self.token) for number in range(4)]
        wanted = 400 if harness.LONG else 80
        with Server(store) as server, Proxy(server.port, Plan(lost=0.3, reset=0.05, again=0.02), harness.SEED) as proxy:
            server.wait_ready()
            progress, over = harness.Progress(), threading.Event()

            def work(writer):
                while not over.is_set():  # a connection that broke is opened again, and what was open is sent again
                    try:
                        if writer.attempts and not writer.attempts[-1].acknowledged:
                            with harness.Client(proxy.port, writer.token) as client:
                                writer.send(client, writer.attempts[-1])
                                progress.add()
                    except (OSError, http.client.HTTPException, ValueError):
                        continue
                    writer.work(proxy.port, progress, over)

            threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
            for thread in threads:
                thread.start()
            progress.reach(wanted)
            over.set()
            for thread in threads:
                thread.join()
            proxy.plan = Plan()
            for writer in writers:
                writer.repeat_unanswered(proxy.port)
                self.assertEqual(writer.lost(server.port), [])
            self.assertEqual(harness.all_faults(writers), [])
            self.assertGreater(proxy.resets, 0, "the network was as bad as it should be")
            wrong, tickets = harness.doubled(writers, server.port, self.token)
            self.assertEqual(wrong, [])
            self.assertEqual(server.stop(), 0)
        self.assertEqual(harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0] - before, tickets)
        self.assert_verified(store)

    def test_F25_an_answer_lost_after_the_commit_is_given_again(self):
        store = self.centre()
        with Server(store) as server, Proxy(server.port, Plan(cut_answers=True)) as proxy, server.client(self.token) as client:
            server.wait_ready()
            before = harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0]
            for number in range(20):
                with harness.Client(proxy.port, self.token) as cut, self.assertRaises((OSError, http.client.HTTPException)):
                    cut.create("有去无回", key=f"once-{number}")
                first = client.create("有去无回", key=f"once-{number}")
                again = client.create("有去无回", key=f"once-{number}")
                self.assertEqual((first.status, first.raw), (201, again.raw))
                ticket = first.body
                with harness.Client(proxy.port, self.token) as cut, self.assertRaises((OSError, http.client.HTTPException)):
                    cut.command(ticket["id"], "reply", {"content": "一次"}, ticket["version"], f"reply-{number}")
                answered = client.command(ticket["id"], "reply", {"content": "一次"}, ticket["version"], f"reply-{number}")
                self.assertEqual(answered.status, 200, answered)
                events = client.get(f"/api/v1/tickets/{ticket['id']}/events").body["items"]
                self.assertEqual(sum("一次" in json.dumps(event, ensure_ascii=False) for event in events), 1)
                other = client.create("别的内容", key=f"once-{number}")
                self.assertEqual((other.status, other.code), (422, "idempotency_key_reused"))
            self.assertEqual(server.stop(), 0)
        self.assertEqual(harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0] - before, 20)


class BadClientTest(FaultTest):
    def test_F26_half_a_request_is_answered_with_408_at_its_deadline(self):
        """Header and body have deadlines of their own; the header's is 10 s, which the short form waits for."""
        halves = [b"GET /healthz HTTP/1.1\r\nHost: x\r\n"]
        if harness.LONG:  # the body's is 60 s
            halves.append(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")
        with Server(self.centre()) as server:
            server.wait_ready()
            for half in halves:
                with socket.create_connection(("127.0.0.1", server.port), timeout=90) as peer:
                    peer.sendall(half)
                    answer = b""
                    while piece := peer.recv(65536):
                        answer += piece
                self.assertTrue(answer.startswith(b"HTTP/1.1 408 "), answer)
                self.assertIn(b'"too_slow"', answer)

    def test_F27_slow_senders_do_not_hold_up_the_others(self):
        count = 5000 if harness.LONG else 500
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        if hard < count + 200:
            self.skipTest(f"only {hard} file descriptors")
        with Server(self.centre()) as server:
            server.wait_ready()
            slow = []
            self.addCleanup(lambda: [each.close() for each in slow])
            for _ in range(count):
                slow.append(socket.create_connection(("127.0.0.1", server.port), timeout=60))
                slow[-1].sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
            took = []
            with server.client(self.token) as client:
                for number in range(50):
                    began = time.monotonic()
                    self.assertEqual(client.create(f"beside slow ones {number}").status, 201)
                    self.assertEqual(client.get("/api/v1/tickets?view=all").status, 200)
                    took.append(time.monotonic() - began)
                    for each in slow[number::50]:  # a byte now and then keeps nobody alive
                        try:
                            each.sendall(b"x")
                        except OSError:
                            pass
                wait_until(lambda: all_ended(slow), "all slow senders are cut off")
                self.assertEqual(client.get("/readyz").status, 200)
            print(f"\nF27: {count} slow senders; a write and a list beside them {sorted(took)[25] * 1000:.1f} ms (median)", flush=True)

    def test_F30_a_burst_is_shed_early_and_health_stays_green(self):
        """A queue of 16 and a disk of 20 ms a sync make a small capacity, which 64 clients exceed more than ten times."""
        environment = {**self.faulty_environment("sync *-wal delay=20"), "SHOUWEN_STORE_QUEUE_MAX": "16"}
        with Server(self.centre(), environment=environment) as server:
            server.wait_ready()
            statuses, shed, lock, over = [], [], threading.Lock(), threading.Event()

            def press(number):
                with server.client(self.token) as client:
                    for each in range(30):
                        began = time.monotonic()
                        answer = client.create(f"burst {number} {each}")
                        with lock:
                            statuses.append(answer.status)
                            if answer.status in (429, 503):
                                shed.append(time.monotonic() - began)
                                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)

            health = []

            def watch():
                with server.client() as client:
                    while not over.is_set():
                        health.append((client.get("/healthz").status, client.get("/readyz").status))

            threads = [threading.Thread(target=press, args=(number,)) for number in range(64)]
            watcher = threading.Thread(target=watch)
            watcher.start()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            over.set()
            watcher.join()
            self.assertLessEqual(set(statuses), {201, 429, 503})
            self.assertGreater(statuses.count(201), 0)
            self.assertGreater(len(shed), 0, "more came than it can take")
            self.assertEqual(set(health), {(200, 200)})
            with server.client(self.token) as client:
                wait_until(lambda: client.create("afterwards").status == 201, "taking writes again")
            print(f"\nF30: {statuses.count(201)} taken, {len(shed)} shed in {sorted(shed)[len(shed) // 2] * 1000:.1f} ms (median), "
                  f"health asked {len(health)} times", flush=True)

    def test_F53_without_file_descriptors_accepting_pauses_and_the_others_are_served(self):
        def few_files():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

        with Server(self.centre(), preexec=few_files) as server, server.client(self.token) as client:
            server.wait_ready()
            ticket = client.create("vor der Not").body
            waiting = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(100)]
            self.addCleanup(lambda: [each.close() for each in waiting])
            began = cpu_seconds(server)
            for _ in range(30):
                self.assertEqual(client.get(f"/api/v1/tickets/{ticket['id']}").status, 200)
                self.assertEqual(client.create("in der Not").status, 201)
            self.assertLess(cpu_seconds(server) - began, 20, "it does not spin")
            for each in waiting:
                each.close()
            with server.client(self.token) as fresh:
                self.assertEqual(fresh.get("/readyz").status, 200)
            self.assertEqual(server.stop(), 0)


class BadSocketTest(FaultTest):
    def open(self, server, **more):
        with server.client() as client:
            as_agent = client.signed_in_as("agent1")
        opened = WebSocket(server.port, "/api/v1/stream", as_agent, **more)
        self.addCleanup(opened.socket.close)
        self.assertEqual(opened.status, 101)
        self.assertEqual(json.loads(opened.receive()[1])["type"], "hello")
        return opened

    def test_F28_a_slow_reader_is_closed_with_1013_and_finds_everything_again(self):
        with Server(self.centre()) as server, server.client(self.token) as client:
            server.wait_ready()
            slow, quick = self.open(server, receive_buffer=4096), self.open(server)
            seen, over = set(), threading.Event()

            def read():
                while not over.is_set():
                    opcode, payload = quick.receive()
                    if opcode == TEXT and (told := json.loads(payload)).get("ticket_id"):
                        seen.add(told["ticket_id"])

            reader = threading.Thread(target=read, daemon=True)
            reader.start()
            tickets = []
            # Its socket's buffers and 1024 messages hold some of it; at last one does not fit.
            for number in range(40_000):
                made = client.create(f"push {number}")
                tickets.append(made.body["id"])
                if number % 100 == 99 and "socket_too_slow" in server.log_text():
                    break
            self.assertEqual(slow.receive_close(), 1013)
            wait_until(lambda: tickets[-1] in seen, "the quick reader was told of all")
            over.set()
            again = self.open(server)
            newest = client.create("after the return").body
            wait_until(lambda: newest["id"] in again.receive()[1].decode(), "told again")
            self.assertEqual(client.get(f"/api/v1/tickets/{tickets[-1]}").status, 200, "what it missed is there to be read")

    def test_F29_floods_and_bad_frames_close_the_socket_and_nothing_else(self):
        with Server(self.centre()) as server:
            server.wait_ready()
            good = self.open(server)
            for name, send, code in (
                ("bad UTF-8", lambda s: s.send(b"\xff\xfe\xfa"), 1007),
                ("too large", lambda s: s.send(b"x" * 70_000), 1009),
                ("binary", lambda s: s.send(b"\x00", BINARY), 1003),
                ("unmasked", lambda s: s.send(b"hello", masked=False), 1002),
                ("flood", self.flood, 1008),
            ):
                with self.subTest(name):
                    bad = self.open(server)
                    send(bad)
                    self.assertEqual(bad.receive_close(), code)
            with server.client(self.token) as client:
                ticket = client.create("still told").body
            self.assertIn(ticket["id"], good.receive()[1].decode())

    def flood(self, opened):
        try:
            for _ in range(20_000):
                opened.send(b"x")
        except OSError:
            pass


def all_ended(sockets):
    """Reads what they were answered; those that have ended are taken off the list."""
    for each in list(sockets):
        each.setblocking(False)
        try:
            if each.recv(65536):
                continue
        except BlockingIOError:
            continue
        except OSError:
            pass
        each.close()
        sockets.remove(each)
    return not sockets


def cpu_seconds(server):
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    unittest.main()
