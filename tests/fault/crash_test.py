"""The process dies, or the power goes: nothing that was acknowledged is lost, nothing happens twice."""

import fcntl
import os
import pathlib
import shutil
import socket
import statistics
import struct
import subprocess
import unittest

import harness
from harness import FaultTest, Load, Server, Writer
from postgres_server import PostgresTest

WRITERS = 6
READY_MAX = 2.0  # seconds, by the fault table


class Rounds:
    """Load, a blow, and the account afterwards; the same for every store and every blow."""

    def __init__(self, test, store, start):
        self.test, self.store, self.start = test, store, start
        self.writers = [Writer(number, test.token) for number in range(WRITERS)]
        self.lost, self.ready, self.acknowledged = [], [], 0

    def one(self, blow, most=200):
        """@param blow  called with the server under load; it ends the server"""
        with self.start() as server:
            server.wait_ready()
            load = Load(self.writers, server.port)
            load.progress.reach(self.test.random.randint(1, most))
            blow(server)
            load.end()
            self.acknowledged += load.progress.count
        with self.start() as again:
            self.ready.append(again.wait_ready())
            for writer in self.writers:
                self.lost += writer.lost(again.port)
                writer.repeat_unanswered(again.port)
            self.test.assertEqual(again.stop(), 0)

    def close(self, name, count_tickets, tickets_before):
        """The last account, over the whole store."""
        test = self.test
        test.assertEqual(self.lost, [], f"acknowledged and lost; TEST_SEED={harness.SEED}")
        test.assertEqual(harness.all_faults(self.writers), [])
        test.assert_verified(self.store)
        with self.start() as server:
            server.wait_ready()
            wrong, tickets = harness.doubled(self.writers, server.port, test.token)
            test.assertEqual(wrong, [])
            test.assertEqual(server.stop(), 0)
        test.assertEqual(count_tickets() - tickets_before, tickets, "each creation made one ticket, however often it was sent")
        test.assertLess(statistics.median(self.ready), READY_MAX)
        print(f"\n{name}: {len(self.ready)} rounds, {self.acknowledged} writes acknowledged, 0 lost, 0 doubled; ready again in "
              f"{statistics.median(self.ready):.2f} s (median), {max(self.ready):.2f} s (longest)", flush=True)


def kill(server):
    server.kill()


class KilledTest(FaultTest):
    def tickets(self, store):
        return harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0]

    def test_F1_killed_under_load_loses_and_doubles_nothing(self):
        store = self.centre()
        before = self.tickets(store)
        rounds = Rounds(self, store, lambda: Server(store))
        for _ in range(200 if harness.LONG else 4):
            rounds.one(kill)
        rounds.close("F1 kill -9, embedded store", lambda: self.tickets(store), before)

    def test_F10_a_torn_end_of_the_log_costs_nothing_that_was_acknowledged(self):
        """What a crash leaves behind the last commit: half a frame, a frame of zeros, bytes of an older log."""
        store = self.centre()
        rounds = Rounds(self, store, lambda: Server(store))
        before = self.tickets(store)
        log = pathlib.Path(f"{store}-wal")

        def tear(how):
            def blow(server):
                server.kill()
                self.assertGreater(log.stat().st_size, 4096, "there is a log to tear")
                content = log.read_bytes()
                tail = {"half": content[32:32 + 2000], "zeros": bytes(4120 * 3), "older": content[32:32 + 4120 * 2],
                        "noise": self.random.randbytes(4120 * 2 + 77)}[how]
                with open(log, "ab") as file:
                    file.write(tail)
            return blow

        for how in ("half", "zeros", "older", "noise"):
            rounds.one(tear(how))
        rounds.close("F10 torn log", lambda: self.tickets(store), before)

    def test_F52_out_of_memory_is_as_a_kill(self):
        group = pathlib.Path(f"/sys/fs/cgroup/memory/faults-{os.getpid()}")
        try:
            group.mkdir()
        except OSError:
            self.skipTest("no right to make a memory cgroup")
        self.addCleanup(group.rmdir)
        store = self.centre()
        before = self.tickets(store)
        rounds = Rounds(self, store, lambda: Server(store))
        limit = group / "memory.limit_in_bytes"

        def exhaust(server):
            (group / "cgroup.procs").write_text(str(server.process.pid))
            # What it holds already counts elsewhere; a megabyte more is what it may take now.
            limit.write_text(str(1 << 20))
            unfinished = b"GET / HTTP/1.1\r\nX: " + b"x" * 15_000
            held = []
            while server.process.poll() is None and len(held) < 2000:
                try:
                    held.append(socket.create_connection(("127.0.0.1", server.port), timeout=5))
                    held[-1].sendall(unfinished)
                except OSError:
                    pass
            for each in held:
                each.close()
            self.assertEqual(server.wait(), -9)
            limit.write_text("-1")

        rounds.one(exhaust)
        self.assertEqual(rounds.lost, [])
        self.assert_verified(store)
        self.assertGreaterEqual(self.tickets(store), before)


class KilledOnPostgresTest(PostgresTest):
    def test_F1_killed_under_load_loses_and_doubles_nothing(self):
        def count():
            return int(self.postgres.sql(self.database, "SELECT count(*) FROM ticket")[0])
        before = count()
        rounds = Rounds(self, self.url, self.serve)
        for _ in range(200 if harness.LONG else 3):
            rounds.one(kill)
        rounds.close("F1 kill -9, PostgreSQL", count, before)


class PowerCutTest(FaultTest):
    """A file system on a loop device that is shut down as by a power cut: what was not synced is gone. The server is killed
    first, as a file system that ends under a living one answers it with errors instead (that is F4 and F5)."""

    SHUTDOWN, WITHOUT_LOG = 0x8004587D, 2  # of ext4, as of XFS

    def setUp(self):
        super().setUp()
        self.image, self.volume = self.folder / "image", self.folder / "volume"
        self.volume.mkdir()
        with open(self.image, "wb") as image:
            image.truncate(256 << 20)
        if not shutil.which("mkfs.ext4"):
            self.skipTest("power cut: no mkfs.ext4")
        subprocess.run(["mkfs.ext4", "-q", "-F", str(self.image)], check=True)
        self.attach()
        self.addCleanup(harness.unmount, self.volume)

    def attach(self):
        done = subprocess.run(["mount", "-o", "loop", str(self.image), str(self.volume)], capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"power cut: no right to mount ({done.stderr.decode().strip()})")

    def cut(self, server):
        server.kill()
        folder = os.open(self.volume, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, self.SHUTDOWN, struct.pack("I", self.WITHOUT_LOG))
        finally:
            os.close(folder)
        subprocess.run(["umount", str(self.volume)], check=True)
        self.attach()

    def test_F3_a_power_cut_loses_nothing_that_was_acknowledged(self):
        store = self.centre(self.volume)
        os.sync()
        before = harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0]
        environment = {"LOG_FILE": str(self.folder / "server.log")}
        rounds = Rounds(self, store, lambda: Server(store, environment=environment))
        files = {}

        def cut_with_upload(server):
            """An attachment is on the disk when it is answered, like all else."""
            with server.client(self.token) as client:
                ticket = client.create().body["id"]
                content = self.random.randbytes(20_000)
                answer = self.assert_status(client.upload(ticket, b"%PDF-1.4\n" + content), 201)
                files[answer.body["id"]] = b"%PDF-1.4\n" + content
            self.tickets_beside += 1
            self.cut(server)

        self.tickets_beside = 0
        for number in range(100 if harness.LONG else 4):
            rounds.one(cut_with_upload if number % 2 else self.cut)
        with rounds.start() as server, server.client(self.token) as client:
            for attachment, content in files.items():
                self.assertEqual(client.get(f"/api/v1/attachments/{attachment}").raw, content)
            server.stop()
        rounds.close("F3 power cut", lambda: harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0],
                     before + self.tickets_beside)


class MigrationTest(FaultTest):
    def test_F56_a_migration_killed_midway_goes_on(self):
        """Killed at a write of the log or the file, again and again, each time a little later, until it comes through."""
        store = self.folder / "shouwen.db"
        killed = 0
        at = 1
        while True:
            status, text = run = harness.run_program("migrate", "--store", harness.url_of(store),
                                                     environment=self.faulty_environment(f"write *shouwen.db* kill {at}"))
            if status == 0:
                break
            self.assertEqual(status, -9, run)
            killed += 1
            if killed % 8 == 0:  # and once more from the beginning, not only from where the last one got to
                for path in self.folder.glob("shouwen.db*"):
                    path.unlink()
            at = at + 1 + at // 6
        self.assertGreater(killed, 10)
        fresh = self.folder / "fresh.db"
        self.assertEqual(harness.run_program("migrate", "--store", harness.url_of(fresh))[0], 0)
        schema = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
        self.assertEqual(harness.sqlite_rows(store, schema), harness.sqlite_rows(fresh, schema))
        numbers = "SELECT number, name, checksum FROM schema_migration ORDER BY number"
        self.assertEqual(harness.sqlite_rows(store, numbers), harness.sqlite_rows(fresh, numbers))
        self.assert_verified(store)


if __name__ == "__main__":
    unittest.main()
