"""Data are lost, changed or come wrong from outside; logs are taken away."""

import gzip
import os
import sqlite3
import unittest

import harness
from harness import FaultTest, Server, run_program, wait_until


class DataTest(FaultTest):
    def test_F51_a_lost_search_index_is_built_anew_beside_the_work(self):
        store = self.centre()
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            client.create("独一无二的词语")
            wait_until(lambda: found(client, "独一无二的词语"), "it is found")
            server.stop()
        for lost in ("DELETE FROM search_document; DELETE FROM search_index;", "DELETE FROM search_index;"):
            with self.subTest(lost):
                connection = sqlite3.connect(store)
                connection.executescript(lost)
                connection.close()
                with Server(store) as server, server.client(self.token) as client:
                    server.wait_ready()
                    self.assertEqual(client.get("/api/v1/tickets?view=all").status, 200, "lists do not need it")
                    wait_until(lambda: found(client, "独一无二的词语"), "it is found again")
                    server.stop()
                self.assert_verified(store)

    def test_F54_a_work_that_throws_is_500_and_the_next_one_works(self):
        store = self.centre()
        connection = sqlite3.connect(store)
        connection.executescript("CREATE TRIGGER f54_event BEFORE INSERT ON ticket_event WHEN NEW.data LIKE '%F54%' "
                                 "BEGIN SELECT RAISE(ABORT, 'f54'); END;")
        connection.close()
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            harness.throws_and_works(self, server, client)
            server.stop()
        connection = sqlite3.connect(store)
        connection.executescript("DROP TRIGGER f54_event;")
        connection.close()
        self.assert_verified(store)

    def test_F55_a_broken_invariant_stops_its_ticket_and_no_other(self):
        store = self.centre()
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            broken, sound = client.create("坏了").body, client.create("好的").body
            server.stop()
        connection = sqlite3.connect(store)
        connection.execute("UPDATE ticket SET state = '{}' WHERE number = ?", (broken["number"],))
        connection.commit()
        connection.close()
        with Server(store) as server, server.client(self.token) as client:
            server.wait_ready()
            for _ in range(3):
                answer = client.command(broken["id"], "reply", {"content": "?"}, broken["version"])
                self.assertEqual((answer.status, answer.code), (500, "internal"), answer)
                self.assertEqual(client.get(f"/api/v1/tickets/{broken['id']}").status, 500, "no guess at what it might be")
                replied = client.command(sound["id"], "reply", {"content": "好"}, sound["version"])
                sound = self.assert_status(replied, 200).body
            self.assertIn("request_failed", server.log_text())
            self.assertEqual(client.get("/readyz").status, 200)
            server.stop()
        status, text = run_program("verify", "--store", harness.url_of(store))
        self.assertEqual(status, 1)
        self.assertIn(broken["number"], text)
        self.assertNotIn(sound["number"], text)

    def test_F65_what_was_restored_sends_nothing_until_somebody_says_so(self):
        """R24: what was sent after the backup is unsent in it."""
        store = self.centre()
        with harness.Receiver() as receiver:
            with Server(store, environment=harness.NEAR_RECEIVERS) as server, server.client() as people, server.client(self.token) as client:
                server.wait_ready()
                harness.add_webhook(people, people.signed_in_as("admin"), receiver)
                client.create("备份之前")
                receiver.wait_for(2)
                server.stop()
            backups, copy = self.folder / "backups", self.folder / "restored" / "shouwen.db"
            copy.parent.mkdir()
            status, text = run_program("backup", f"{backups}/", "--store", harness.url_of(store))
            self.assertEqual(status, 0, text)
            status, text = run_program("drill", f"{backups}/", "--store", harness.url_of(store))
            self.assertEqual(status, 0, text)
            status, text = run_program("restore", f"{backups}/", "--store", harness.url_of(copy))
            self.assertEqual(status, 0, text)
            self.assertIn("held until somebody releases", text)
            status, text = run_program("holds", "--store", harness.url_of(store))
            self.assertIn("Nothing was ever held", text, "a drill leaves nothing behind")
            with Server(copy, environment=harness.NEAR_RECEIVERS) as server, server.client() as people, server.client(self.token) as client:
                server.wait_ready()
                admin = people.signed_in_as("admin")
                ticket = client.create("恢复之后").body
                hold = wait_until(lambda: [each for each in harness.open_holds(people, admin) if each["waiting_count"] == 2], "two wait")[0]
                self.assertEqual((hold["what"], hold["cause"]), ("outgoing", "restored"))
                wait_until(lambda: harness.told(people, admin, "outgoing_held"), "notices to staff go on")
                self.assertEqual(client.get("/readyz").body["held"][0]["cause"], "restored")
                self.assertEqual(len(receiver.received()), 2, "nothing leaves")
                server.stop()
            status, text = run_program("release-hold", hold["id"], "--store", harness.url_of(copy), "--comment", "已核对")
            self.assertEqual(status, 0, text)
            with Server(copy, environment=harness.NEAR_RECEIVERS):
                receiver.wait_for(4)
            self.assertEqual(receiver.received()[2:], [(ticket["number"], "ticket.received"), (ticket["number"], "ticket.ownership_taken")])
        self.assert_verified(copy)

    def test_F61_staff_with_open_work_are_not_sent_away(self):
        store = self.centre()
        with Server(store) as server, server.client() as client:
            server.wait_ready()
            as_agent = client.signed_in_as("agent1")
            me = client.request("GET", "/api/v1/staff/me", headers=as_agent).body["id"]
            made = client.request("POST", "/api/v1/tickets", headers=as_agent, body={
                "channel": "phone", "customer": {"name": "李娜"}, "subject": "在办", "content": "在办"})
            self.assert_status(made, 201)
            gone = client.request("POST", f"/api/v1/staff/{me}/commands/disable", body={}, headers=client.signed_in_as("admin"))
            self.assertEqual((gone.status, gone.code), (409, "owns_open_tickets"))
            server.stop()
        owned = harness.sqlite_rows(store, "SELECT count(*) FROM ticket t WHERE owner_id IS NOT NULL AND NOT EXISTS "
                                    "(SELECT 1 FROM staff s WHERE s.id = t.owner_id AND s.disabled_at IS NULL)")
        self.assertEqual(owned, [(0,)], "no ticket without an owner who is there")
        self.assert_verified(store)

    def test_F63_a_log_that_is_taken_away_is_written_on(self):
        """The server writes to standard error and opens no file of its own: a log that is renamed or cut stays its log, and what
        must not be lost is not there but in the audit table."""
        store = self.centre()
        with Server(store) as server, server.client() as client, server.client(self.token) as other:
            server.wait_ready()
            as_admin = client.signed_in_as("admin")
            moved = self.folder / "server.log.1"
            for number, take_away in enumerate((lambda: os.rename(server.log, moved), lambda: os.truncate(moved, 0),
                                                lambda: os.unlink(moved))):
                take_away()
                answer = client.request("POST", "/api/v1/areas", body={"name": f"轮转{number}"}, headers=as_admin)
                self.assert_status(answer, 201)
                self.assertEqual(other.create("日志").status, 201)
            self.assertEqual(server.stop(), 0)
        self.assert_verified(store)

    def test_F64_a_changed_audit_entry_is_named(self):
        store = self.centre()
        with Server(store) as server, server.client() as client:
            server.wait_ready()
            as_admin = client.signed_in_as("admin")
            for number in range(6):
                self.assert_status(client.request("POST", "/api/v1/areas", body={"name": f"片区{number}"}, headers=as_admin), 201)
            server.stop()
        connection = sqlite3.connect(store)
        for trigger, in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_entry'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        ids = [row[0] for row in connection.execute("SELECT id FROM audit_entry ORDER BY id")]
        self.assertGreater(len(ids), 3)
        harmed = [ids[len(ids) // 2], ids[-1]]
        for entry in harmed:
            connection.execute("UPDATE audit_entry SET action = action || '_' WHERE id = ?", (entry,))
        connection.commit()
        connection.close()
        status, text = run_program("verify", "--store", harness.url_of(store))
        self.assertEqual(status, 1)
        self.assertRegex(text, rf"audit +- entry {harmed[0]}: changed")


class ImportTest(FaultTest):
    HEADER = ("CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,CASE_STATUS,CLOSURE_REASON,CASE_TITLE,SUBJECT,REASON,TYPE,"
              "QUEUE,Department,neighborhood,LOCATION_ZIPCODE,Property_Type,Source\n")

    def row(self, number, title="Dark street"):
        return (f"{number},2015-01-05 09:{number % 60:02}:00,2015-01-16 08:30:00,2015-01-06 16:00:00,ONTIME,Closed,Fixed,{title},"
                "Public Works Department,Street Lights,Street Light Outages,PWDx_Lights,PWDx,Dorchester,02215,Address,Constituent Call\n")

    def replay(self, name, content):
        file, store = self.folder / name, self.folder / f"{name}.db"
        file.write_bytes(content)
        status, text = run_program("import", "--store", harness.url_of(store), file, patience=120)
        tickets = harness.sqlite_rows(store, "SELECT count(*) FROM ticket")[0][0]
        self.assert_verified(store)
        return status, text, tickets

    def test_F60_a_truncated_file_keeps_what_came_and_says_where_it_ends(self):
        rows = "".join(self.row(number) for number in range(1, 41))
        whole = gzip.compress((self.HEADER + rows).encode(), mtime=0)
        status, text, tickets = self.replay("cut.csv.gz", whole[:-40])
        self.assertEqual(status, 1, text)
        self.assertRegex(text, "(?i)truncat|ends|incomplete|cut")
        self.assertLess(tickets, 40)
        # The whole file is another file, and goes into a store of its own.
        status, text, tickets = self.replay("whole.csv.gz", whole)
        self.assertEqual((status, tickets), (0, 40), text)

    def test_F60_an_import_killed_midway_goes_on(self):
        file, store = self.folder / "long.csv", self.folder / "long.db"
        file.write_text(self.HEADER + "".join(self.row(number) for number in range(1, 1501)))
        status, text = run_program("import", "--store", harness.url_of(store), file, patience=120,
                                   environment=self.faulty_environment("write *long.db-wal kill 1200"))
        self.assertEqual(status, -9, text)
        status, text = run_program("import", "--store", harness.url_of(store), file, patience=120)
        self.assertEqual(status, 0, text)
        self.assertEqual(harness.sqlite_rows(store, "SELECT count(*) FROM ticket"), [(1500,)], "all of them, none twice")
        self.assert_verified(store)

    def test_F60_the_same_case_twice_is_refused_by_row(self):
        status, text, tickets = self.replay("twice.csv", (self.HEADER + self.row(1) + self.row(2) + self.row(1)).encode())
        self.assertEqual(tickets, 2, text)
        self.assertRegex(text, "(?i)twice|already|duplicate|same")
        self.assertIn(status, (0, 1))

    def test_F60_a_row_in_another_encoding_is_named_and_costs_no_other(self):
        content = (self.HEADER + self.row(1)).encode() + self.row(2, "路灯不亮").encode("gbk") + self.row(3, "路灯不亮").encode()
        _, text, tickets = self.replay("gbk.csv", content)
        self.assertEqual(tickets, 2, text)
        self.assertRegex(text, "(?i)utf-?8|encod")


def found(client, words):
    answer = client.get("/api/v1/search?q=" + harness.urllib.parse.quote(words))
    return answer.status == 200 and any(words in hit["title"] for hit in answer.body["items"])


if __name__ == "__main__":
    unittest.main()
