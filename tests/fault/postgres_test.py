"""The database of several nodes is slow, silent, exhausted, or another one than before."""

import threading
import time
import unittest
import urllib.parse

import harness
from harness import Load, Writer, wait_until
from postgres_server import Postgres, PostgresTest
from proxy import Plan, Proxy

SILENCE_MAX = 15  # seconds, by the fault table
MARGIN = 10       # for a machine that is busy with other things


class SilentDatabaseTest(PostgresTest):
    def test_F23_a_connection_that_swallows_everything_is_given_up(self):
        with Proxy(self.postgres.port) as proxy, self.serve(self.postgres.url(self.database, proxy.port)) as server:
            server.wait_ready()
            with server.client(self.token) as client:
                ticket = client.create("先写").body
                proxy.plan = Plan(swallow=True)
                began, answers = time.monotonic(), {}

                def ask(name, work):
                    with server.client(self.token) as own:
                        answer = work(own)
                        answers[name] = (answer.status, answer.code, time.monotonic() - began)

                asking = [threading.Thread(target=ask, args=each) for each in (
                    ("read", lambda own: own.get(f"/api/v1/tickets/{ticket['id']}")),
                    ("write", lambda own: own.create("后写", key="swallowed")))]
                for thread in asking:
                    thread.start()
                self.assertEqual(client.get("/healthz").status, 200, "the process lives, and says so at once")
                for thread in asking:
                    thread.join()
                for name, (status, code, took) in answers.items():
                    self.assertEqual((status, code), (503, "overloaded"), name)
                    self.assertLess(took, SILENCE_MAX + MARGIN, name)
                proxy.plan = Plan()
                wait_until(server.is_ready, "ready again")
                again = wait_until(lambda: (answer := client.create("后写", key="swallowed")).status == 201 and answer, "written")
                same = client.create("后写", key="swallowed")
                self.assertEqual(same.raw, again.raw)
            self.assertEqual(server.stop(), 0)
        self.assertEqual(self.postgres.sql(self.database, "SELECT count(*) FROM ticket WHERE state LIKE '%后写%'"), ["1"])
        self.assert_verified(self.url)

    def test_F24_a_bad_network_to_the_database_doubles_nothing(self):
        before = int(self.postgres.sql(self.database, "SELECT count(*) FROM ticket")[0])
        with Proxy(self.postgres.port, Plan(), harness.SEED) as proxy, self.serve(self.postgres.url(self.database, proxy.port)) as server:
            server.wait_ready()
            proxy.plan = Plan(lost=0.1, reset=0.01, again=0.01)
            writers = [Writer(number, self.token) for number in range(4)]
            load = Load(writers, server.port)
            load.progress.reach(60)
            load.end()
            proxy.plan = Plan()
            wait_until(server.is_ready, "ready")
            for writer in writers:
                writer.faults.clear()  # what met a reset may be told so; what counts is what is there afterwards
                wait_until(lambda: writer.repeat_unanswered(server.port) or all(each.acknowledged for each in writer.attempts),
                           "every write is answered")
                self.assertEqual(writer.lost(server.port), [])
            wrong, tickets = harness.doubled(writers, server.port, self.token)
            self.assertEqual(wrong, [])
            self.assertEqual(server.stop(), 0)
        self.assertEqual(int(self.postgres.sql(self.database, "SELECT count(*) FROM ticket")[0]) - before, tickets)
        self.assert_verified(self.url)

    def test_F21_when_every_connection_waits_requests_are_refused_and_health_stays_green(self):
        """A lock on the table of tickets keeps every reader waiting."""
        with self.serve() as server:
            server.wait_ready()
            locking = harness.subprocess.Popen(
                [str(self.postgres.bin / "psql"), "-h", "127.0.0.1", "-p", str(self.postgres.port), "-U", "postgres", "-d", self.database,
                 "-qAtX", "-c", "BEGIN; LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE; SELECT 1; SELECT pg_sleep(600)"],
                stdout=harness.subprocess.DEVNULL, stderr=harness.subprocess.DEVNULL)
            try:
                wait_until(lambda: self.postgres.sql(self.database, "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' "
                                                     "AND granted AND relation = 'ticket'::regclass") == ["1"], "the lock")
                statuses, took, lock = [], [], threading.Lock()

                def ask():
                    began = time.monotonic()
                    with server.client(self.token, patience=120) as client:
                        answer = client.get("/api/v1/tickets?view=all")
                    with lock:
                        statuses.append(answer.status)
                        took.append(time.monotonic() - began)

                asking = [threading.Thread(target=ask) for _ in range(60)]
                for thread in asking:
                    thread.start()
                with server.client() as client:
                    for _ in range(20):
                        self.assertEqual(client.get("/healthz").status, 200)
                for thread in asking:
                    thread.join()
                self.assertEqual(set(statuses) - {500, 503}, set(), "nobody is answered wrongly")
                self.assertIn(503, statuses)
                self.assertLess(max(took), 2 * SILENCE_MAX + MARGIN)
            finally:
                self.postgres.sql(self.database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' "
                                  "AND pid <> pg_backend_pid()")
                locking.wait()
            with server.client(self.token) as client:
                wait_until(lambda: client.get("/api/v1/tickets?view=all").status == 200, "lists again")
            self.assertEqual(server.stop(), 0)

    def test_F22_deadlocks_are_tried_again_and_not_told(self):
        """Many writers of the same few tickets, in batches that take the tickets' locks in different orders."""
        with self.serve() as server:
            server.wait_ready()
            with server.client(self.token) as client:
                tickets = [client.create(f"争用 {number}").body for number in range(4)]
            statuses, lock = [], threading.Lock()

            def note(number):
                with server.client(self.token) as client:
                    for each in range(25):
                        ticket = tickets[(number + each) % len(tickets)]["id"]
                        answer = client.command(ticket, "note", {"content": f"{number} {each}"}, harness.version_of(client, ticket))
                        with lock:
                            statuses.append(answer.status)

            writing = [threading.Thread(target=note, args=(number,)) for number in range(12)]
            for thread in writing:
                thread.start()
            for thread in writing:
                thread.join()
            self.assertEqual(set(statuses) - {200, 412}, set(), "carried out, or told that somebody was faster")
            written = statuses.count(200)
            versions = 0
            with server.client(self.token) as client:
                for ticket in tickets:
                    versions += harness.version_of(client, ticket["id"]) - ticket["version"]
            self.assertEqual(versions, written, "each 200 is one version")
            self.assertEqual(server.stop(), 0)
        self.assert_verified(self.url)


class ThrowingTest(PostgresTest):
    def test_F54_a_work_that_throws_leaves_no_lock_and_no_lease(self):
        self.postgres.sql(self.database, "CREATE FUNCTION f54() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'f54'; END $$")
        self.postgres.sql(self.database, "CREATE TRIGGER f54_event BEFORE INSERT ON ticket_event FOR EACH ROW WHEN (NEW.data LIKE '%F54%') "
                          "EXECUTE FUNCTION f54()")
        left_open = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
                     "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() "
                     "AND l.locktype IN ('tuple', 'transactionid') AND l.pid <> pg_backend_pid()")
        with self.serve() as server, server.client(self.token) as client, server.client() as people:
            server.wait_ready()
            harness.throws_and_works(self, server, client)
            for statement in left_open:
                wait_until(lambda: self.postgres.sql(self.database, statement) == ["0"], "nothing is held")
            # The background's own work: it is tried again until it can be done, and the requests do not feel it.
            manager = people.signed_in_as("manager1")
            self.postgres.sql(self.database, "CREATE TRIGGER f54_document BEFORE INSERT OR UPDATE ON search_document FOR EACH ROW "
                              "EXECUTE FUNCTION f54()")
            made = client.create("五四之后找得到").body
            wait_until(lambda: "job_failed" in server.log_text(), "the indexer throws")
            self.assertEqual(client.get(f"/api/v1/tickets/{made['id']}").status, 200)
            self.assertEqual(client.get("/readyz").status, 200)
            for statement in left_open:
                wait_until(lambda: self.postgres.sql(self.database, statement) == ["0"], "nothing is held")
            self.postgres.sql(self.database, "DROP TRIGGER f54_document ON search_document")
            wait_until(lambda: made["id"] in people.request("GET", "/api/v1/search?q=" + urllib.parse.quote("五四之后"), headers=manager).raw.decode(),
                       "the indexer goes on")
            self.assertEqual(server.stop(), 0)
        self.postgres.sql(self.database, "DROP TRIGGER f54_event ON ticket_event")
        self.assert_verified(self.url)


class FailoverTest(PostgresTest):
    def test_F20_failover_to_a_lagging_standby(self):
        """The primary goes, its standby lacks the last seconds. The program goes on with what the standby has; nothing leaves for the
        outside until somebody says so, as what was sent last may be unsent in the standby's rows."""
        primary = Postgres()
        self.addCleanup(primary.remove)
        primary.sql("postgres", "CREATE DATABASE centre")
        token = harness.make_centre(primary.url("centre"))
        standby = Postgres(primary)
        self.addCleanup(standby.remove)
        with Proxy(primary.port) as proxy, harness.Receiver() as receiver, \
                self.serve(primary.url("centre", proxy.port), environment=harness.NEAR_RECEIVERS) as server:
            server.wait_ready()
            with server.client(token) as client, server.client() as people:
                admin = people.signed_in_as("admin")
                harness.add_webhook(people, admin, receiver)
                self.assertEqual(harness.open_holds(people, admin), [])
                kept = client.create("备机已收到").body
                receiver.wait_for(2)  # received and, as a call is, answered
                wait_until(lambda: standby.sql("centre", f"SELECT count(*) FROM ticket WHERE number = '{kept['number']}'") == ["1"],
                           "the standby has it")
                standby.sql("centre", "SELECT pg_wal_replay_pause()")
                standby_lag = client.create("备机未收到").body
                receiver.wait_for(4)
                before = timeline(primary)
                # Paused and cut off: what the primary says from here on never reaches it.
                standby.sql("postgres", "ALTER SYSTEM SET primary_conninfo = ''")
                standby.sql("postgres", "SELECT pg_reload_conf()")
                primary.stop()
                standby.promote()
                proxy.target = standby.port
                self.assertGreater(timeline(standby), before, "a timeline of its own")
                wait_until(server.is_ready, "ready on the new server")
                self.assertEqual(client.get(f"/api/v1/tickets/{kept['id']}").status, 200)
                replied = client.command(kept["id"], "reply", {"content": "继续"}, harness.version_of(client, kept["id"]))
                self.assert_status(replied, 200)
                lost = client.get(f"/api/v1/tickets/{standby_lag['id']}").status
                self.assertIn(lost, (200, 404))
                fresh = client.create("切换之后").body
                self.assertGreater(fresh["id"], standby_lag["id"], "no id is given twice")
                hold = wait_until(lambda: harness.open_holds(people, admin), "the change is noticed")
                self.assertEqual([(each["what"], each["cause"]) for each in hold], [("outgoing", "new_timeline")])
                self.assertEqual((hold[0]["details"]["timeline_before"], hold[0]["details"]["timeline_after"]), (before, timeline(standby)))
                wait_until(lambda: harness.told(people, admin, "outgoing_held"), "notices to staff go on")
                wait_until(lambda: waiting_count(people, admin) >= 2, "what is new waits")
                sent = receiver.received()
                self.assertNotIn(fresh["number"], [number for number, _ in sent], "nothing leaves")
                self.assertEqual(client.get("/readyz").body["held"][0]["cause"], "new_timeline")
                self.assertIn("event=held", server.log_text())
                count = waiting_count(people, admin)
                self.assert_status(harness.release(people, admin, hold[0]), 200)
                receiver.wait_for(len(sent) + count)
                wait_until(lambda: standby.sql("centre", "SELECT count(*) FROM outbox WHERE channel = 'webhook' AND next_at IS NOT NULL") == ["0"],
                           "all is sent")
                of_fresh = [kind for number, kind in receiver.received() if number == fresh["number"]]
                self.assertEqual(of_fresh, ["ticket.received", "ticket.ownership_taken"], "once, in order")
                self.assertEqual(len(receiver.received()), len(sent) + count, "nothing else is sent again")
                self.assertEqual(harness.open_holds(people, admin), [])
            self.assertEqual(server.stop(), 0)
        self.assert_verified(standby.url("centre"))


    def test_F20_an_ordinary_user_may_ask_for_the_timeline(self):
        self.postgres.sql("postgres", "CREATE ROLE plain_of_f20")
        self.addCleanup(self.postgres.sql, "postgres", "DROP ROLE plain_of_f20")
        rows = self.postgres.sql("postgres", "SET ROLE plain_of_f20; SELECT system_identifier > 0, pg_walfile_name(pg_current_wal_lsn()) <> '' "
                                 "FROM pg_control_system()")
        self.assertEqual(rows, ["t|t"])


def waiting_count(client, session):
    holds = harness.open_holds(client, session)
    return holds[0]["waiting_count"] if holds else 0


def timeline(server):
    return int(server.sql("postgres", "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")[0], 16)


if __name__ == "__main__":
    unittest.main()
