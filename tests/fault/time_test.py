"""Clocks jump, zones change their offset, data about time is missing."""

import datetime
import os
import unittest

import harness
from harness import FaultTest, Server, run_program

class ClockTest(FaultTest):
    def setUp(self):
        super().setUp()
        self.store = self.centre()
        # The demo centre ends now; a manual clock goes on from a moment after it.
        self.start = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=1)

    def serve(self, at=None):
        return Server(self.store, clock="manual=" + stamp(at or self.start))

    def move(self, client, **how):
        self.assert_status(client.request("POST", "/api/v1/test/clock", body=how), 200)

    def fired(self):
        """Each obligation's warnings and breaches, as they are stored."""
        return harness.sqlite_rows(self.store, "SELECT ticket_id, no, breached_at FROM obligation WHERE breached_at IS NOT NULL ORDER BY ticket_id, no")

    def notices(self):
        return harness.sqlite_rows(self.store, "SELECT count(*) FROM notice")[0][0]

    def test_F33_a_jump_ahead_fires_what_is_due_once(self):
        with self.serve() as server, server.client(self.token) as client:
            server.wait_ready()
            ticket = client.create("跳表之前").body
            for hours, text in ((1, "an hour"), (24, "a day")):
                with self.subTest(text):
                    self.move(client, advance=f"PT{hours}H")
                    told, fired = self.notices(), self.fired()
                    self.move(client, advance="PT1S")
                    self.assertEqual((self.notices(), len(self.fired())), (told, len(fired)), "once, and not again")
            stored = client.get(f"/api/v1/tickets/{ticket['id']}")
            self.assertEqual(stored.status, 200)
            self.assertNotEqual(stored.body["step"], "archived", "nothing that was not finished is filed")
            server.stop()
        self.assert_verified(self.store)

    def test_F33_very_many_are_filed_only_when_somebody_confirms(self):
        """Forty days ahead at once: what the policy would file is too much to be done unasked."""
        with self.serve() as server, server.client(self.token) as client, server.client() as people:
            server.wait_ready()
            manager = people.signed_in_as("manager1")
            current = people.request("GET", "/api/v1/policies/current", headers=manager).body
            self.assertEqual(current["document"]["confirm_filing_above"], 200)
            self.assert_status(people.request("PUT", "/api/v1/policies/current", body={**current["document"], "confirm_filing_above": 20},
                                              headers=manager, version=current["version"]), 200)
            done = {"handling": "已核实", "solution": "按规定办理", "result": "已办结"}
            tickets = []
            for number in range(25):
                ticket = client.request("POST", "/api/v1/tickets", body={
                    "channel": "phone", "class": "consultation", "subject": f"已办结 {number}", "content": "营业时间",
                    "customer": {"name": "张伟", "phone": f"138000000{number:02}"}}).body
                self.assert_status(client.command(ticket["id"], "resolve_at_first_contact", done, ticket["version"]), 200)
                tickets.append(ticket["id"])
            steps = lambda: {client.get(f"/api/v1/tickets/{ticket}").body["step"] for ticket in tickets}
            self.assertEqual(steps(), {"feedback"})
            told = self.notices()
            self.move(client, advance="P40D")
            self.assertEqual(steps(), {"feedback"}, "none is filed")
            self.assertGreater(self.notices(), told, "what else is due goes on")
            manager = people.signed_in_as("manager1")  # the session of forty days ago is over
            hold = harness.open_holds(people, manager)[0]
            self.assertEqual((hold["what"], hold["cause"], hold["details"]), ("automatic_filing", "many_due", {"more_than": 20}))
            self.assertGreaterEqual(hold["waiting_count"], 25)
            self.assertTrue(harness.told(people, manager, "filing_held"))
            self.assertEqual(client.get("/readyz").status, 200)
            self.assert_status(harness.release(people, manager, hold), 200)
            self.move(client, advance="PT1S")
            self.assertEqual(steps(), {"archived"})
            server.stop()
        self.assert_verified(self.store)

    def test_F33_when_somebody_sets_the_clock_the_server_stays_ready(self):
        """Limits on waiting and the watch over the scheduler go by the steady clock."""
        with Server(self.store, environment=self.faulty_environment()) as server, server.client(self.token) as client:
            server.wait_ready()
            for shift in (3600, 86_400, -600, 0):
                with self.subTest(seconds=shift):
                    self.set_rules(f"clock * shift={shift}")
                    for _ in range(20):
                        self.assertEqual(client.get("/readyz").status, 200)
                    self.assertEqual(client.create(f"shifted by {shift}").status, 201)
            self.assertEqual(server.stop(), 0)
        self.set_rules()
        self.assert_verified(self.store)

    def test_F34_a_jump_back_fires_nothing_twice_and_ids_stay_in_order(self):
        with self.serve() as server, server.client(self.token) as client:
            server.wait_ready()
            ids = [client.create("一").body["id"]]
            self.move(client, advance="P1D")
            ids.append(client.create("二").body["id"])
            told, fired = self.notices(), self.fired()
            self.move(client, now=stamp(self.start + datetime.timedelta(days=1) - datetime.timedelta(minutes=10)))
            ids.append(client.create("三").body["id"])
            self.move(client, advance="PT10M")
            ids.append(client.create("四").body["id"])
            again = self.fired()
            self.assertEqual([row for row in again if row in fired], fired, "what has fired stays as it was")
            self.assertEqual(len({row[:2] for row in again}), len(again))
            self.assertEqual(ids, sorted(ids))
            self.assertLessEqual(told, self.notices())
            server.stop()
        # And by a restart with a clock that stands an hour earlier.
        with self.serve(self.start - datetime.timedelta(hours=1)) as server, server.client(self.token) as client:
            server.wait_ready()
            ids.append(client.create("五").body["id"])
            self.assertEqual(ids, sorted(ids))
            server.stop()
        self.assert_verified(self.store)

    def test_F36_a_night_with_a_missing_and_one_with_a_double_hour(self):
        """New York leaves out 02:00-03:00 on 8 March 2026 and has 01:00-02:00 twice on 1 November 2026."""
        for name, before, passes in (("gap", "2026-03-08T06:30:00Z", "PT2H"), ("overlap", "2026-11-01T05:30:00Z", "PT2H")):
            with self.subTest(name):
                store = self.folder / f"{name}.db"
                environment = {"SHOUWEN_ORGANISATION_TIME_ZONE": "America/New_York", "SHOUWEN_DEMO_PASSWORD": harness.PASSWORD}
                init = harness.subprocess.run([harness.PROGRAM, "init", "--store", harness.url_of(store)], input=b"a long password 42\n",
                                              capture_output=True, env={**os.environ, **environment}, check=False)
                self.assertEqual(init.returncode, 0, init.stderr)
                with Server(store, environment=environment, clock="manual=" + before) as server, server.client() as client:
                    server.wait_ready()
                    request = {"customer": {"name": "x"}, "subject": "x", "content": "x", "consent": True}
                    self.assert_status(client.request("POST", "/api/v1/public/requests", body=request), 201)
                    due = harness.sqlite_rows(store, "SELECT no, starts_at, due_at FROM obligation ORDER BY ticket_id, no")
                    self.assertTrue(due)
                    for _, starts_at, due_at in due:
                        self.assertLess(starts_at, due_at)
                    self.move(client, advance=passes)
                    fired = harness.sqlite_rows(store, "SELECT no, breached_at, due_at FROM obligation WHERE breached_at IS NOT NULL")
                    for _, breached_at, due_at in fired:
                        self.assertGreaterEqual(breached_at, due_at, "never early")
                    self.move(client, advance="P1D")
                    once = harness.sqlite_rows(store, "SELECT count(*) FROM obligation WHERE breached_at IS NOT NULL")
                    self.move(client, advance="PT1S")
                    self.assertEqual(once, harness.sqlite_rows(store, "SELECT count(*) FROM obligation WHERE breached_at IS NOT NULL"))
                    server.stop()
                self.assert_verified(store)

    def test_F37_without_its_time_zones_it_refuses_to_start(self):
        hide = ("unshare", "-m", "sh", "-c", 'mount -t tmpfs none /usr/share/zoneinfo && exec "$@"', "sh")
        probe = harness.subprocess.run([*hide, "true"], capture_output=True, check=False)
        if probe.returncode != 0:
            self.skipTest("no right to hide the zones")
        before = self.store.read_bytes()
        status, text = run_program("serve", "--store", harness.url_of(self.store), "--listen", "127.0.0.1:0", wrapped_by=hide)
        self.assertNotIn(status, (0, -9), text)
        self.assertRegex(text, "(?i)time ?zone|tzdata|zoneinfo")
        self.assertNotRegex(text, "terminate called")
        self.assertEqual(self.store.read_bytes(), before, "nothing is begun")


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    unittest.main()
