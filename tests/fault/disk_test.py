"""The disk fails, is full, slow or lies; files change or go away under the process."""

import os
import pathlib
import re
import sqlite3
import statistics
import threading
import time
import unittest

import harness
from harness import FaultTest, Load, Server, SmallVolume, Writer, run_program, wait_until

IO_FAULT_EXIT = 70


class FailingDiskTest(FaultTest):
    def acknowledged_before_the_end(self, server):
        """Writes until the server ends. Returns the writers."""
        writers = [Writer(number, self.token) for number in range(4)]
        load = Load(writers, server.port)
        status = server.wait()
        load.end()
        self.assertEqual(status, IO_FAULT_EXIT)
        self.assertIn("store_failed", server.log_text())
        return writers

    def assert_kept(self, store, writers):
        with Server(store) as again:
            again.wait_ready()
            for writer in writers:
                self.assertEqual(writer.lost(again.port), [])
                writer.repeat_unanswered(again.port)
            self.assertEqual(harness.all_faults(writers), [])
            again.stop()
        self.assert_verified(store)

    def test_F4_a_failed_sync_ends_the_process_and_nothing_is_acknowledged_after_it(self):
        store = self.centre()
        for failing in (1, 9, 40):
            with self.subTest(sync=failing), Server(store, environment=self.faulty_environment()) as server:
                server.wait_ready()
                self.set_rules(f"sync *-wal EIO {failing}")
                self.assert_kept(store, self.acknowledged_before_the_end(server))

    def test_F5_a_failed_write_stops_the_writer_and_reading_goes_on(self):
        store = self.centre()
        writers = [Writer(number, self.token) for number in range(4)]
        with Server(store, environment=self.faulty_environment()) as server, server.client(self.token) as client:
            server.wait_ready()
            ticket = client.create().body["id"]
            load = Load(writers, server.port)
            load.progress.reach(20)
            self.set_rules("write *-wal EIO")
            wait_until(lambda: client.create().status == 503, "writes are refused")
            load.end()
            self.set_rules()
            refused = client.create()
            self.assertEqual((refused.status, refused.code), (503, "store_failed"), "it is not tried again on a disk that lied")
            self.assertEqual(client.get(f"/api/v1/tickets/{ticket}").status, 200)
            self.assertEqual(client.get("/api/v1/tickets?view=all").status, 200)
            self.assertEqual(client.get("/healthz").status, 200)
            ready = client.get("/readyz")
            self.assertEqual((ready.status, ready.body["store"]), (503, "read_only"))
            self.assertIn("store_failed", server.log_text())
            server.stop()
        for writer in writers:  # what met the fault itself was told so
            self.assertTrue(all(re.search(": 500 ", fault) for fault in writer.faults), writer.faults)
            writer.faults.clear()
        self.assert_kept(store, writers)

    def test_F9_short_and_interrupted_calls_are_not_noticed(self):
        store = self.centre()
        # Two kinds are left out, as no kernel does them: less than the file has, and less than an open socket takes.
        rules = ["read *shouwen* EINTR", "write *shouwen* EINTR", "write *shouwen* short", "read socket:* EINTR",
                 "read socket:* short", "write socket:* EINTR"]
        with Server(store, environment=self.faulty_environment(*rules)) as server:
            server.wait_ready()
            writers = [Writer(number, self.token) for number in range(4)]
            load = Load(writers, server.port)
            load.progress.reach(100)
            load.end()
            self.assertEqual(harness.all_faults(writers), [])
            self.assertEqual(sum(not attempt.acknowledged for writer in writers for attempt in writer.attempts), 0)
            with server.client(self.token) as client:
                content = b"%PDF-1.4\n" + self.random.randbytes(300_000)
                ticket = client.create().body["id"]
                attachment = self.assert_status(client.upload(ticket, content), 201).body["id"]
                self.assertEqual(client.get(f"/api/v1/attachments/{attachment}").raw, content)
            self.assertEqual(server.stop(), 0)
        self.assert_verified(store)

    def test_F18_a_slow_disk_makes_larger_groups_and_then_refuses(self):
        """200 ms for each sync: many writes share one, and who finds the queue full is told so at once."""
        store = self.centre()
        environment = {**self.faulty_environment(), "SHOUWEN_STORE_QUEUE_MAX": "16"}
        with Server(store, environment=environment) as server:
            server.wait_ready()
            self.set_rules("sync *-wal delay=200")
            before = (server.metric("store_jobs"), server.metric("store_commits"))
            statuses, took, lock = [], [], threading.Lock()

            def write(number):
                with server.client(self.token) as client:
                    for each in range(4):
                        began = time.monotonic()
                        answer = client.create(f"slow {number} {each}")
                        with lock:
                            statuses.append(answer.status)
                            took.append(time.monotonic() - began)
                            if answer.status == 503:
                                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)

            threads = [threading.Thread(target=write, args=(number,)) for number in range(48)]
            for thread in threads:
                thread.start()
            with server.client(self.token) as client:
                self.assertEqual(client.get("/api/v1/tickets?view=all").status, 200, "reading does not wait for the disk")
                self.assertEqual(client.get("/healthz").status, 200)
            for thread in threads:
                thread.join()
            self.set_rules()
            self.assertEqual(set(statuses), {201, 503})
            jobs, commits = (server.metric("store_jobs") - before[0], server.metric("store_commits") - before[1])
            self.assertGreater(jobs / commits, 4, "writes that share one sync")
            self.assertLess(max(took), 10)
            with server.client(self.token) as client:
                wait_until(lambda: client.create("quick again").status == 201, "writing again")
            print(f"\nF18: {statuses.count(201)} written, {statuses.count(503)} refused, {jobs / commits:.1f} writes a sync, "
                  f"median {statistics.median(took):.2f} s", flush=True)
            server.stop()


class FullDiskTest(FaultTest):
    def test_F6_a_full_volume_refuses_writes_reads_on_and_recovers_by_itself(self):
        volume = SmallVolume(self, 32)
        store = self.centre(volume.path)
        environment = {"LOG_FILE": str(self.folder / "server.log"), "SHOUWEN_DATA_DIR": str(self.folder / "data")}
        with Server(store, environment=environment) as server, server.client(self.token) as client:
            server.wait_ready()
            ticket = client.create().body
            volume.fill()
            refused = wait_until(lambda: (answer := client.create(content="满" * 4000)).status != 201 and answer, "a refusal")
            self.assertEqual((refused.status, refused.code), (507, "store_full"))
            for _ in range(3):
                self.assertEqual(client.command(ticket["id"], "reply", {"content": "满" * 4000}, ticket["version"]).status, 507)
                self.assertEqual(client.get(f"/api/v1/tickets/{ticket['id']}").body["version"], ticket["version"])
                self.assertEqual(client.get("/api/v1/tickets?view=all").status, 200)
                self.assertEqual(client.get("/healthz").status, 200)
            self.assertIsNone(server.process.poll())
            volume.free()
            self.assertEqual(client.command(ticket["id"], "reply", {"content": "好"}, ticket["version"]).status, 200)
            self.assertEqual(server.stop(), 0)
        self.assert_verified(store)

    def test_F7_a_full_volume_of_files_refuses_files_only(self):
        volume = SmallVolume(self, 8)
        store = self.centre()
        with Server(store, environment={"SHOUWEN_DATA_DIR": str(volume.path / "data")}) as server:
            server.wait_ready()
            with server.client(self.token) as client:
                ticket = client.create().body
                content = b"%PDF-1.4\n" + self.random.randbytes(200_000)
                volume.fill(but_bytes=100_000)
                for _ in range(3):
                    with server.client(self.token) as fresh:
                        refused = fresh.upload(ticket["id"], content)
                    self.assertEqual((refused.status, refused.code), (507, "store_full"))
                uploads = volume.path / "data" / "uploads"
                wait_until(lambda: not list(uploads.iterdir()), "no half file is left")
                replied = client.command(ticket["id"], "reply", {"content": "已收到"}, ticket["version"])
                self.assertEqual(replied.status, 200)
                volume.free()
                attachment = self.assert_status(client.upload(ticket["id"], content), 201).body["id"]
                self.assertEqual(client.get(f"/api/v1/attachments/{attachment}").raw, content)
            self.assertEqual(server.stop(), 0)

    def test_F8_a_full_volume_of_the_log_stops_nobody(self):
        with open("/dev/full", "wb") as full, Server(self.centre(), stderr=full) as server:
            server.wait_ready()
            with server.client(self.token) as client:
                for number in range(20):
                    self.assertEqual(client.create(f"unlogged {number}").status, 201)
            self.assertEqual(server.stop(), 0)

    def test_F8_what_cannot_be_audited_is_not_done(self):
        """The audit log is a table of the store: an audited action and its entry are one transaction."""
        volume = SmallVolume(self, 32)
        store = self.centre(volume.path)
        environment = {"LOG_FILE": str(self.folder / "server.log"), "SHOUWEN_DATA_DIR": str(self.folder / "data")}
        with Server(store, environment=environment) as server, server.client() as client:
            server.wait_ready()
            as_admin = client.signed_in_as("admin")
            volume.fill()
            made = 0
            while True:
                answer = client.request("POST", "/api/v1/areas", body={"name": f"片区{made}" + "长" * 40}, headers=as_admin)
                if answer.status != 201:
                    break
                made += 1
            self.assertEqual((answer.status, answer.code), (507, "store_full"))
            volume.free()
            self.assertEqual(server.stop(), 0)
        areas = harness.sqlite_rows(store, "SELECT count(*) FROM area WHERE name LIKE '片区%'")[0][0]
        entries = harness.sqlite_rows(store, "SELECT count(*) FROM audit_entry WHERE subject_kind = 'area'")
        self.assertEqual(areas, made)
        self.assertGreaterEqual(entries[0][0], made)
        self.assert_verified(store)


class LockedFileTest(FaultTest):
    def test_F15_a_file_locked_by_another_process_is_waited_for_and_then_refused(self):
        store = self.centre()
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            ticket = client.create().body
            other = sqlite3.connect(store, isolation_level=None)
            self.addCleanup(other.close)
            other.execute("BEGIN IMMEDIATE")
            refused = client.create("kept out", key="locked-1")
            self.assertEqual((refused.status, refused.code), (503, "overloaded"))
            self.assertGreaterEqual(int(refused.headers["Retry-After"]), 1)
            self.assertEqual(client.get(f"/api/v1/tickets/{ticket['id']}").status, 200, "reading goes on")
            self.assertRegex(server.log_text(), rf"store_locked.*process {os.getpid()} ")
            # A short lock is waited out.
            answers = []
            waiting = threading.Thread(target=lambda: answers.append(server.client(self.token).create("patient", key="locked-2")))
            waiting.start()
            other.execute("ROLLBACK")
            waiting.join()
            self.assertEqual(answers[-1].status, 201)
            again = client.create("kept out", key="locked-1")
            self.assertEqual(again.status, 201, "the same key, refused before, is carried out now")
            self.assertEqual(server.stop(), 0)
        self.assert_verified(store)

    def test_F16_an_old_reader_does_not_let_the_log_grow_without_end(self):
        """A reader in another process (a backup tool, a shell) keeps the log from being begun anew: writes are refused at its cap,
        reads go on, and when the reader is gone all goes on by itself."""
        store = self.centre()
        environment = {"SHOUWEN_STORE_WAL_MIB_MAX": "8"}
        log = pathlib.Path(f"{store}-wal")
        with Server(store, environment=environment) as server, server.client(self.token) as client:
            server.wait_ready()
            other = sqlite3.connect(store, isolation_level=None)
            self.addCleanup(other.close)
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM ticket").fetchall()
            writers = [Writer(number, self.token) for number in range(4)]
            load = Load(writers, server.port)
            wait_until(lambda: sum(writer.refused for writer in writers) > 0, "a refusal at the cap")
            load.end()
            refused = client.create()
            self.assertEqual((refused.status, refused.code), (503, "overloaded"))
            self.assertLess(log.stat().st_size, 3 * (8 << 20))
            self.assertEqual(client.get("/api/v1/tickets?view=all").status, 200)
            self.assertRegex(server.log_text(), rf"log_held.*process {os.getpid()} ")
            other.execute("ROLLBACK")
            wait_until(lambda: client.create("after").status == 201, "writing again")
            self.assertEqual(harness.all_faults(writers), [])
            self.assertEqual(server.stop(), 0)
        self.assert_verified(store)


class DamagedFileTest(FaultTest):
    def stored_text(self, store, text):
        """The page and offset at which a text lies in the file, the log having been taken over."""
        connection = sqlite3.connect(store)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return pathlib.Path(store).read_bytes().find(text)

    def test_F11_a_changed_byte_of_history_is_found_and_named(self):
        store = self.centre()
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            harmed = client.create("比特翻转之前", content="原文原样").body
            sound = client.create("别人的工单").body
            server.stop()
        self.assertGreater(self.stored_text(store, "原文原样".encode()), 0)
        content = pathlib.Path(store).read_bytes().replace("原文原样".encode(), "原文原柈".encode())
        pathlib.Path(store).write_bytes(content)
        status, text = run_program("verify", "--store", harness.url_of(store))
        self.assertEqual(status, 1)
        self.assertIn(harmed["number"], text)
        self.assertNotIn(sound["number"], text, "only what was harmed is named")

    def test_F11_a_damaged_page_is_an_error_and_no_wrong_answer(self):
        store = self.centre()
        root, = harness.sqlite_rows(store, "SELECT rootpage FROM sqlite_schema WHERE name = 'ticket'")[0]
        size, = harness.sqlite_rows(store, "PRAGMA page_size")[0]
        with open(store, "r+b") as file:
            file.seek((root - 1) * size)
            head = file.read(8)
            file.seek((root - 1) * size)
            file.write(bytes([head[0] ^ 0x40]) + head[1:])
        status, text = run_program("verify", "--store", harness.url_of(store))
        self.assertNotEqual(status, 0)
        self.assertRegex(text, "(?i)malformed|damaged|corrupt|btree|page")
        try:
            server = Server(store)
        except AssertionError as refused:
            self.assertRegex(str(refused), "(?i)damaged|restore|malformed")
            return
        with server, server.client(self.token) as client:
            answer = client.get("/api/v1/tickets?view=all")
            self.assertGreaterEqual(answer.status, 500)
            self.assertEqual(client.get("/healthz").status, 200)
            self.assertIn("malformed", server.log_text())

    def attachment(self, server, content):
        with server.client(self.token) as client:
            ticket = client.create("附件").body
            made = self.assert_status(client.upload(ticket["id"], content), 201).body
            return ticket, made

    def blob_of(self, store, attachment):
        blob = pathlib.Path(store).parent / "shouwen-data" / "blobs" / attachment["blake2b"][:2] / attachment["blake2b"][2:]
        self.assertTrue(blob.exists())
        return blob

    def test_F12_a_changed_file_is_never_sent(self):
        store = self.centre()
        content = b"%PDF-1.4\n" + self.random.randbytes(50_000)
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            ticket, made = self.attachment(server, content)
            blob = self.blob_of(store, made)
            harmed = bytearray(blob.read_bytes())
            harmed[30_000] ^= 1
            blob.write_bytes(harmed)
            answer = client.get(f"/api/v1/attachments/{made['id']}")
            self.assertEqual((answer.status, answer.code), (410, "file_damaged"))
            self.assertEqual(client.get(f"/api/v1/tickets/{ticket['id']}").status, 200)
            self.assertIn("attachment_damaged", server.log_text())
            server.stop()

    def test_F13_a_lost_file_leaves_the_ticket_readable(self):
        store = self.centre()
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            ticket, made = self.attachment(server, b"%PDF-1.4\n" + self.random.randbytes(5_000))
            self.blob_of(store, made).unlink()
            answer = client.get(f"/api/v1/attachments/{made['id']}")
            self.assertEqual((answer.status, answer.code), (410, "file_damaged"))
            self.assertEqual(client.get(f"/api/v1/tickets/{ticket['id']}").status, 200)
            listed = client.get(f"/api/v1/tickets/{ticket['id']}/attachments")
            self.assertEqual([each["id"] for each in listed.body["items"]], [made["id"]])
            server.stop()


if __name__ == "__main__":
    unittest.main()
