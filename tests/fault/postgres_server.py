"""A real PostgreSQL for tests, on sockets and a port of loopback of its own, gone with the test run. Also its standby."""

import fcntl
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import unittest

import harness


def programs():
    found = sorted(path.parent for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1] if found else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """One server. @param primary  when given, this is its streaming standby"""

    def __init__(self, primary=None, settings=()):
        self.bin = programs()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faults-pg-"))
        self.port = free_port()
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.data = self.folder / "data"
        if primary:
            self.run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "-h", "127.0.0.1", "-p", primary.port, "-U", "postgres")
        else:
            self.run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync")
        with open(self.data / "postgresql.auto.conf", "a", encoding="utf-8") as conf:
            conf.write(f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{self.folder}'\n"
                       "max_connections = 100\nwal_level = replica\nhot_standby = on\n" + "".join(line + "\n" for line in settings))
        self.start()

    def run(self, program, *arguments, check=True):
        command = [str(self.bin / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{program}: {done.stderr.decode()}")
        return done

    def start(self):
        # Its output goes to a file: a pipe would stay open as long as the server runs.
        command = [str(self.bin / "pg_ctl"), "-D", str(self.data), "-w", "-t", "60", "-l", str(self.folder / "log"), "start"]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=120, check=True)

    def stop(self, mode="immediate"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "promote")

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, database, statement):
        """@returns the rows, columns parted by |"""
        done = self.run("psql", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "-d", database, "-qAtX", "-v",
                        "ON_ERROR_STOP=1", "-c", statement)
        return done.stdout.decode().splitlines()

    def url(self, database, port=None):
        return f"postgresql://postgres@127.0.0.1:{port or self.port}/{database}"


class Shared:
    """The one server of a test run, with a demo centre in the database `demo`, from which others are copied."""

    server = None
    token = None
    count = 0

    @classmethod
    def prepare(cls):
        if cls.server:
            return
        if not programs():
            raise unittest.SkipTest("PostgreSQL is not installed")
        cls.server = Postgres()
        cls.server.sql("postgres", "CREATE DATABASE demo")
        cls.token = harness.make_centre(cls.server.url("demo"))

    @classmethod
    def fresh_database(cls):
        cls.prepare()
        cls.count += 1
        name = f"fault{os.getpid()}_{cls.count}"
        with open(cls.server.folder / "template.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a template is copied by one at a time
            cls.server.sql("postgres", f"CREATE DATABASE {name} TEMPLATE demo")
        return name

    @classmethod
    def remove(cls):
        if cls.server:
            cls.server.remove()
        cls.server = None


class PostgresTest(harness.FaultTest):
    """A database of its own, with the demo centre in it."""

    def setUp(self):
        super().setUp()
        self.database = Shared.fresh_database()
        self.token = Shared.token
        self.postgres = Shared.server
        self.url = self.postgres.url(self.database)

    def serve(self, url=None, *arguments, **more):
        environment = {"LOG_FILE": str(self.folder / "server.log"), "SHOUWEN_DATA_DIR": str(self.folder / "data"),
                       **more.pop("environment", {})}
        return harness.Server(url or self.url, *arguments, environment=environment, **more)
