#!/usr/bin/env python3
"""Creates tickets at a steady rate and prints how long the answers took.

    steady.py URL TOKEN RATE SECONDS

Each create is due at its moment, whether the one before has been answered or not: what waits behind a slow one counts its waiting.
Ends early at SIGINT.
"""

import http.client
import json
import queue
import signal
import sys
import threading
import time
import urllib.parse

WORKERS = 32


def work(address, token, due, took, failed):
    connection = http.client.HTTPConnection(address)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while (moment := due.get()) is not None:
        body = {"channel": "phone", "customer": {"name": "张伟"}, "subject": "补开发票", "content": "上月的发票没有收到"}
        try:
            connection.request("POST", "/api/v1/tickets", json.dumps(body), headers)
            answer = connection.getresponse()
            answer.read()
            (took if answer.status == 201 else failed).append(time.monotonic() - moment)
        except OSError:
            failed.append(0)
            connection.close()


def main():
    url, token, rate, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    due, took, failed = queue.Queue(), [], []
    address = urllib.parse.urlsplit(url).netloc
    workers = [threading.Thread(target=work, args=(address, token, due, took, failed)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    begun = time.monotonic()
    count = 0
    while not stop.is_set() and (moment := begun + count / rate) < begun + seconds:
        if stop.wait(max(0.0, moment - time.monotonic())):
            break
        due.put(moment)
        count += 1
    for _ in workers:
        due.put(None)
    for worker in workers:
        worker.join()
    took.sort()

    def at(share):
        return took[min(len(took) - 1, int(len(took) * share))] * 1000 if took else 0

    print(f"{len(took)} creates, {len(failed)} failed, p50 {at(0.5):.1f} ms, p99 {at(0.99):.1f} ms, longest {at(1):.0f} ms")


main()
