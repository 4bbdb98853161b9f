"""The real program under faults: a store, a server, a client that remembers what it was promised.

SHOUWEN is the program and SHOUWEN_FAULT_IO_LIBRARY the preloaded library of fault_io.cpp; `./dev test faults` sets both.
Nothing here waits for a duration: `wait_until` waits for a state and fails with a text when it does not come.
"""

import ctypes
import http.client
import http.server
import json
import os
import pathlib
import random
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

PROGRAM = os.environ.get("SHOUWEN", "build/release/shouwen")
FAULT_IO = os.environ.get("SHOUWEN_FAULT_IO_LIBRARY", "build/release/tests/fault/libfault_io.so")
LONG = os.environ.get("FAULTS_LONG") == "1"
SEED = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(2**32)))
PASSWORD = "fault-test-42"
PATIENCE = 60  # seconds after which what did not come is taken for lost
SCOPES = ["ticket_create", "ticket_respond", "ticket_act", "ticket_act_for_others", "ticket_note", "ticket_read_all"]


def wait_until(condition, what, patience=PATIENCE):
    """Returns the condition's first true value; asks again and again, as most states can only be asked for."""
    end = time.monotonic() + patience
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not come within {patience} s: {what}")
        pause.wait(0.01)


def run_program(*arguments, environment=None, patience=PATIENCE, wrapped_by=()):
    """Runs the program to its end. Returns exit status (or minus the signal) and what it printed, errors as well."""
    done = subprocess.run([*wrapped_by, PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=patience, env={**os.environ, **(environment or {})}, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


class Answer:
    """Of one request. `body` is parsed when it is JSON."""

    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        kind = headers.get("Content-Type", "")
        self.body = json.loads(raw) if "json" in kind and raw else None

    @property
    def code(self):
        return (self.body or {}).get("code")

    def __repr__(self):
        return f"{self.status} {self.raw[:300]!r}"


class Client:
    """One connection that is kept, and opened anew when it was lost. Not for several threads."""

    def __init__(self, port, token=None, patience=PATIENCE):
        self.port, self.token, self.patience = port, token, patience
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def request(self, method, path, body=None, raw=None, key=None, version=None, headers=None):
        """@raises OSError, http.client.HTTPException when no whole answer came"""
        fields = {"Accept-Language": "en", **(headers or {})}
        if self.token:
            fields["Authorization"] = "Bearer " + self.token
        if key:
            fields["Idempotency-Key"] = key
        if version:
            fields["If-Match"] = f'"{version}"'
        if body is not None:
            raw, fields["Content-Type"] = json.dumps(body, ensure_ascii=False).encode(), "application/json"
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.request(method, path, raw, fields)
            response = self.connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
            if response.will_close:
                self.close()
            return answer
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def get(self, path):
        return self.request("GET", path)

    def create(self, subject="停车费多收", key=None, content="请核对并退还"):
        return self.request("POST", "/api/v1/tickets", key=key, body={
            "channel": "phone", "customer": {"name": "张伟"}, "subject": subject, "content": content})

    def command(self, ticket, name, body, version, key=None):
        return self.request("POST", f"/api/v1/tickets/{ticket}/commands/{name}", body=body, version=version, key=key)

    def upload(self, ticket, content, name="note.txt"):
        path = f"/api/v1/tickets/{ticket}/attachments?filename={urllib.parse.quote(name)}"
        return self.request("POST", path, raw=content, headers={"Content-Type": "application/octet-stream"})

    def signed_in_as(self, login):
        """Returns the header fields of a session. A client with a token is who its token says."""
        answer = self.request("POST", "/api/v1/session", body={"login": login, "password": PASSWORD})
        assert answer.status == 200, answer
        return {"Cookie": answer.headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": answer.body["csrf_token"]}


class Server:
    """`shouwen serve` on a free port of loopback; its log is a file beside the store, or where `stderr` says."""

    def __init__(self, store, *arguments, environment=None, wrapped_by=(), stderr=None, preexec=None, clock="system"):
        self.store = str(store)
        folder = pathlib.Path(str(store)).parent if "://" not in self.store else pathlib.Path(tempfile.gettempdir())
        self.log = pathlib.Path((environment or {}).get("LOG_FILE", folder / f"server-{os.getpid()}.log"))
        self.started_at = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*wrapped_by, PROGRAM, "serve", "--store", url_of(store), "--listen", "127.0.0.1:0", "--clock", clock, *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr or log,
                env={**os.environ, **(environment or {})}, preexec_fn=preexec)
        try:
            self.port = self._read_port()
        except BaseException:
            self.kill()
            raise

    def _read_port(self):
        line, end = b"", time.monotonic() + PATIENCE
        while not line.endswith(b"\n"):
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            byte = os.read(self.process.stdout.fileno(), 1) if readable else b""
            if not byte:
                raise AssertionError(f"the server does not listen: {self.log_text()[-2000:]}")
            line += byte
        return int(line.rsplit(b":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def client(self, token=None, patience=PATIENCE):
        return Client(self.port, token, patience)

    def is_ready(self):
        try:
            with self.client(patience=20) as client:
                return client.get("/readyz").status == 200
        except (OSError, http.client.HTTPException):
            if self.process.poll() is not None:
                raise AssertionError(f"the server has ended with {self.process.returncode}: {self.log_text()[-2000:]}") from None
            return False

    def wait_ready(self):
        """Returns the seconds since it was started."""
        wait_until(self.is_ready, "ready")
        return time.monotonic() - self.started_at

    def log_text(self):
        try:
            return self.log.read_text(errors="replace")
        except OSError:
            return ""

    def metric(self, name):
        with self.client() as client:
            for line in client.get("/metrics").raw.decode().splitlines():
                if line.startswith(name + " ") or line.startswith(name + "{"):
                    return float(line.rsplit(" ", 1)[1])
        return None

    def kill(self):
        """kill -9; does nothing to one that has ended."""
        if self.process.poll() is None:
            self.process.kill()
        return self.wait()

    def wait(self, patience=PATIENCE):
        """Returns the exit status, or minus the signal."""
        try:
            status = self.process.wait(patience)
        finally:
            if self.process.stdout:
                self.process.stdout.close()
        return status

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.wait()


def url_of(store):
    return str(store) if "://" in str(store) else f"sqlite:{store}"


class Receiver:
    """Somebody's server to which webhooks are sent: keeps what came, and answers 200."""

    def __init__(self):
        self.changed, self.bodies, self.ids = threading.Condition(), [], []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with receiver.changed:
                    receiver.bodies.append(body)
                    receiver.ids.append(self.headers["webhook-id"])
                    receiver.changed.notify_all()
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def received(self):
        """@returns (number of the ticket, kind) of each, as they came"""
        with self.changed:
            return [(body["data"]["number"], body["type"]) for body in self.bodies]

    def wait_for(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.bodies) >= count, PATIENCE):
                raise AssertionError(f"{len(self.bodies)} of {count} messages came: {self.bodies}")


def told(client, session, kind):
    """Notices of a kind that somebody has."""
    items = client.request("GET", "/api/v1/notices?limit=200", headers=session).body["items"]
    return [item for item in items if item["kind"] == kind]


def open_holds(client, session):
    return client.request("GET", "/api/v1/holds?state=open", headers=session).body["items"]


def release(client, session, hold):
    return client.request("POST", f"/api/v1/holds/{hold['id']}/release", body={"comment": "已与接收方核对"}, headers=session)


class Templates:
    """A demo centre with a token by which programs write to it, made once and copied for each test."""

    folder = None
    token = None

    @classmethod
    def prepare(cls):
        if cls.folder:
            return
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="faults-template-"))
        cls.token = make_centre(cls.folder / "demo.db")

    @classmethod
    def remove(cls):
        if cls.folder:
            shutil.rmtree(cls.folder, ignore_errors=True)
        cls.folder = None


def make_centre(store):
    """A demo centre in an empty store. Returns the token."""
    # Files of a store that is no file would lie in the folder from which the tests are run.
    files = {"SHOUWEN_DATA_DIR": str(Templates.folder / "files")} if "://" in str(store) else {}
    status, text = run_program("demo", "--store", url_of(store), environment={"SHOUWEN_DEMO_PASSWORD": PASSWORD, **files}, patience=300)
    assert status == 0, text
    with Server(store, environment=files) as server, server.client() as client:
        issued = client.request("POST", "/api/v1/tokens", body={"name": "load", "scopes": SCOPES},
                                headers=client.signed_in_as("manager1"))
        assert issued.status == 201, issued
        assert server.stop() == 0
        return issued.body["token"]


# Receivers of webhooks in the tests are on this machine.
NEAR_RECEIVERS = {"SHOUWEN_WEBHOOK_ALLOW": "127.0.0.0/8", "SHOUWEN_WEBHOOK_PLAIN_HTTP": "true", "SHOUWEN_WEBHOOK_PORTS": "1024-65535"}


def add_webhook(client, session, receiver, kinds=("ticket.received", "ticket.ownership_taken")):
    answer = client.request("POST", "/api/v1/webhooks", headers=session,
                            body={"name": f"CRM {receiver.server.server_port}", "url": receiver.url, "kinds": list(kinds)})
    assert answer.status == 201, answer


class FaultTest(unittest.TestCase):
    """A folder of its own, and a copy of the demo centre in it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faults-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.random = random.Random(SEED)
        self.rules = self.folder / "rules"

    def centre(self, folder=None):
        """@returns the path of a store"""
        Templates.prepare()
        self.token = Templates.token
        store = pathlib.Path(folder or self.folder) / "shouwen.db"
        shutil.copyfile(Templates.folder / "demo.db", store)
        return store

    def faulty_environment(self, *rules):
        """For a server whose calls on files and sockets obey `self.set_rules`."""
        self.set_rules(*rules)
        self.assertTrue(os.path.exists(FAULT_IO), f"{FAULT_IO} is not built")
        return {"LD_PRELOAD": os.path.abspath(FAULT_IO), "SHOUWEN_FAULT_IO": str(self.rules)}

    def set_rules(self, *rules):
        fresh = self.rules.with_suffix(".new")
        fresh.write_text("".join(rule + "\n" for rule in rules))
        fresh.rename(self.rules)

    def assert_verified(self, store):
        status, text = run_program("verify", "--store", url_of(store), patience=300)
        self.assertEqual(status, 0, text)

    def assert_status(self, answer, *statuses):
        self.assertIn(answer.status, statuses, answer)
        return answer


class Attempt:
    """One write that was sent, so that it can be sent again, and what came back."""

    def __init__(self, key, ticket=None, if_match=None):
        self.key, self.ticket, self.if_match = key, ticket, if_match
        self.version = 0
        self.acknowledged = False


class Writer:
    """A client that creates tickets and replies on them and remembers every acknowledgement."""

    def __init__(self, number, token):
        self.number, self.token = number, token
        self.attempts, self.checked, self.refused = [], 0, 0
        self.faults = []

    def work(self, port, progress, until=None):
        """Writes until the server goes away, or `until` is set."""
        with Client(port, self.token, patience=30) as client:
            while not (until and until.is_set()):
                self.attempts.append(self._next())
                try:
                    if self.send(client, self.attempts[-1]):
                        progress.add()
                except (OSError, http.client.HTTPException, ValueError):
                    return

    def repeat_unanswered(self, port):
        with Client(port, self.token) as client:
            for attempt in self.attempts:
                if not attempt.acknowledged:
                    self.send(client, attempt)

    def _next(self):
        key = f"writer-{self.number}-{len(self.attempts)}"
        last = self.attempts[-1] if self.attempts else None
        if last and last.acknowledged and len(self.attempts) % 3:
            return Attempt(key, last.ticket, last.version)
        return Attempt(key)

    def send(self, client, attempt):
        if attempt.if_match:
            answer = client.command(attempt.ticket, "reply", {"content": "已安排"}, attempt.if_match, attempt.key)
        else:
            answer = client.create(attempt.key, attempt.key)
        if answer.status in (429, 503, 507):
            self.refused += 1
            return False
        if answer.status not in (200, 201):
            self.faults.append(f"{attempt.key}: {answer}")
            return False
        attempt.ticket, attempt.version, attempt.acknowledged = answer.body["id"], answer.body["version"], True
        return True

    def lost(self, port):
        """What was acknowledged since the last look and is not there."""
        lost = []
        with Client(port, self.token) as client:
            for attempt in self.attempts[self.checked:]:
                if attempt.acknowledged and version_of(client, attempt.ticket) < attempt.version:
                    lost.append(attempt.key)
        self.checked = len(self.attempts)
        return lost


def version_of(client, ticket):
    answer = client.get(f"/api/v1/tickets/{ticket}")
    return answer.body["version"] if answer.status == 200 else 0


def throws_and_works(test, server, client):
    """F54: the store throws for what speaks of F54, and for nothing else. The same ticket, and others, can be written at once."""
    ticket, other = client.create("会出错的").body, client.create("旁边的").body
    for number in range(3):
        version = version_of(client, ticket["id"])
        threw = client.command(ticket["id"], "note", {"content": f"F54 {number}"}, version, key=f"f54-{number}")
        test.assertEqual((threw.status, threw.code), (500, "internal"), threw)
        test.assertEqual(version_of(client, ticket["id"]), version, "nothing of it is there")
        test.assert_status(client.command(ticket["id"], "note", {"content": f"好 {number}"}, version), 200)
        test.assert_status(client.command(other["id"], "note", {"content": f"好 {number}"}, version_of(client, other["id"])), 200)
        # The key is nobody's: what failed may be sent again under it, and is carried out when it can be.
        again = client.command(ticket["id"], "note", {"content": f"F54 {number}"}, version_of(client, ticket["id"]), key=f"f54-{number}")
        test.assertEqual(again.status, 500, again)
    test.assertEqual(client.get("/readyz").status, 200)
    test.assertIn("request_failed", server.log_text())


class Progress:
    """Counts acknowledgements, so that tests wait for them and not for a time."""

    def __init__(self):
        self.count, self.changed = 0, threading.Condition()

    def add(self):
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def reach(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: self.count >= count, PATIENCE):
                raise AssertionError(f"{self.count} of {count} writes were acknowledged, then no more")


class Load:
    """Writers at work, each in a thread."""

    def __init__(self, writers, port):
        self.progress, self.over = Progress(), threading.Event()
        self.threads = [threading.Thread(target=writer.work, args=(port, self.progress, self.over)) for writer in writers]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE)


def all_faults(writers):
    return [fault for writer in writers for fault in writer.faults]


def doubled(writers, port, token):
    """Tickets whose version is not that of the last acknowledgement, and subjects that are there twice."""
    expected = {}
    for writer in writers:
        for attempt in writer.attempts:
            if attempt.acknowledged:
                expected[attempt.ticket] = max(expected.get(attempt.ticket, 0), attempt.version)
    wrong = []
    with Client(port, token) as client:
        for ticket, version in expected.items():
            stored = version_of(client, ticket)
            if stored != version:
                wrong.append(f"{ticket}: version {stored}, acknowledged {version}")
    return wrong, len(expected)


def sqlite_rows(store, statement, *parameters):
    connection = sqlite3.connect(store)
    try:
        return connection.execute(statement, parameters).fetchall()
    finally:
        connection.close()


def can_mount():
    return os.geteuid() == 0


_libc = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind, options=""):
    """@returns whether it could be mounted"""
    return _libc.mount(str(source).encode(), str(target).encode(), kind.encode(), 0, options.encode()) == 0


def unmount(target):
    return _libc.umount2(str(target).encode(), 2) == 0  # MNT_DETACH: also when somebody still holds a file


class SmallVolume:
    """A volume of some megabytes, with ballast that can be thrown off."""

    def __init__(self, test, megabytes, name="volume"):
        self.path = test.folder / name
        self.path.mkdir()
        if not mount("tmpfs", self.path, "tmpfs", f"size={megabytes}m"):
            test.skipTest("no right to mount a small volume")
        test.addCleanup(unmount, self.path)

    def fill(self, but_bytes=0):
        """Leaves at most so many bytes free."""
        with open(self.path / "ballast", "ab", buffering=0) as ballast:
            free = shutil.disk_usage(self.path).free - but_bytes
            while free > 0:
                try:
                    free -= ballast.write(b"x" * min(free, 65536))
                except OSError:
                    return

    def free(self):
        (self.path / "ballast").unlink()
