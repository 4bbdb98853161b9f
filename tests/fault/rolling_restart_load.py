"""Clients for rolling_restart.sh: each makes tickets and reads them, a connection a request, until it is told to end.

    rolling_restart_load.py URL LOGIN PASSWORD FILE      the count of answers goes into FILE, for who waits for it

Ends with 1 when any request failed. Creations carry an Idempotency-Key, and nothing is repeated: what nginx cannot place fails.
"""

import http.client
import json
import os
import signal
import sys
import threading
import urllib.parse
import uuid

CLIENTS = 6


class Client(threading.Thread):
    def __init__(self, url, cookie, csrf, over):
        super().__init__()
        self.host = urllib.parse.urlparse(url).netloc
        self.headers = {"Cookie": cookie, "X-CSRF-Token": csrf, "Content-Type": "application/json"}
        self.over = over
        self.answers = 0
        self.failures = []

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = dict(self.headers)
        if body is not None:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read()
            if response.status not in (200, 201):
                self.failures.append(f"{method} {path}: {response.status} {text[:200]!r}")
                return None
            self.answers += 1
            return json.loads(text)
        except (OSError, http.client.HTTPException) as fault:
            self.failures.append(f"{method} {path}: {fault!r}")
            return None
        finally:
            connection.close()

    def run(self):
        intake = {"channel": "phone", "customer": {"name": "张伟"}, "subject": "发票", "content": "补开发票"}
        while not self.over.is_set():
            made = self.ask("POST", "/api/v1/tickets", json.dumps(intake))
            if made:
                self.ask("GET", "/api/v1/tickets/" + made["id"])
            self.ask("GET", "/api/v1/tickets?view=all")


def sign_in(url, login, password):
    connection = http.client.HTTPConnection(urllib.parse.urlparse(url).netloc, timeout=30)
    body = json.dumps({"login": login, "password": password})
    connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = json.loads(response.read())
    return response.getheader("Set-Cookie").split(";")[0], answer["csrf_token"]


def main():
    url, login, password, file = sys.argv[1:]
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    cookie, csrf = sign_in(url, login, password)
    clients = [Client(url, cookie, csrf, over) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    while not over.wait(0.05):
        with open(file + ".new", "w", encoding="ascii") as out:
            out.write(str(sum(client.answers for client in clients)))
        os.replace(file + ".new", file)
    for client in clients:
        client.join()
    failures = [failure for client in clients for failure in client.failures]
    print(f"{sum(client.answers for client in clients)} requests answered, {len(failures)} failed")
    for failure in failures[:10]:
        print("  " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
