#!/usr/bin/env python3
"""Makes tickets with a transfer slip each that its unit has not acknowledged, and one busy ticket.

    slips.py URL OWNER_TOKEN UNIT_LOGIN PASSWORD COUNT FILE

FILE gets the unit's cookie and CSRF token, and a line `SLIP VERSION` for each. Printed is the path of the busy ticket: 8 slips,
about 500 events.
"""

import http.client
import json
import queue
import sys
import threading
import urllib.parse

WORKERS = 8
SLIPS_OF_BUSY = 8
NOTES_OF_BUSY = 420


class Caller:
    def __init__(self, address, rights):
        self.connection = http.client.HTTPConnection(address)
        self.headers = {**rights, "Content-Type": "application/json"}

    def call(self, method, path, body=None, version=None):
        headers = self.headers if version is None else {**self.headers, "If-Match": f'"{version}"'}
        self.connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)

    def command(self, ticket, name, body):
        return self.call("POST", f"/tickets/{ticket['id']}/commands/{name}", body, ticket["version"])


def transferred(caller, units):
    ticket = caller.call("POST", "/tickets", {"channel": "phone", "customer": {"name": "张伟"}, "subject": "电梯停运", "content": "三号楼客梯停运"})
    facts = {"class": "repair", "category": "elevator", "grade": "L3", "complexity": "simple", "in_scope": True}
    ticket = caller.command(ticket, "classify", facts)
    slips = [{"unit_id": unit, "problem": "三号楼客梯停运", "demand": "恢复运行"} for unit in units]
    return caller.command(ticket, "transfer", {"slips": slips, "told_customer": "已转有关部门办理"})


def sign_in(address, login, password):
    connection = http.client.HTTPConnection(address)
    connection.request("POST", "/api/v1/session", json.dumps({"login": login, "password": password}), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return {"Cookie": answer.headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.load(answer)["csrf_token"]}


def work(address, rights, units, jobs, made):
    caller = Caller(address, rights)
    while jobs.get() is not None:
        ticket = transferred(caller, units[:1])
        made.append((ticket["slips"][0]["id"], ticket["version"]))


def busy_ticket(address, owner, unit, units):
    caller = Caller(address, owner)
    ticket = transferred(caller, (units * SLIPS_OF_BUSY)[:SLIPS_OF_BUSY])
    for i in range(NOTES_OF_BUSY):
        ticket = caller.command(ticket, "note", {"content": f"第 {i + 1} 次联系物业，工程师在路上。"})
    unit = Caller(address, unit)
    for slip in ticket["slips"]:
        if slip["unit_id"] == units[0]:
            answer = unit.call("POST", f"/slips/{slip['id']}/commands/acknowledge", {}, ticket["version"])
            ticket["version"] = answer["version"]
    return f"/api/v1/tickets/{ticket['id']}"


def main():
    url, owner_token, login, password, count, file = sys.argv[1:]
    address = urllib.parse.urlsplit(url).netloc
    owner = {"Authorization": f"Bearer {owner_token}"}
    unit = sign_in(address, login, password)
    caller = Caller(address, owner)
    first = Caller(address, unit).call("GET", "/staff/me")["unit_id"]
    units = [first, *(u["id"] for u in caller.call("GET", "/units?limit=200")["items"] if u["kind"] == "department" and u["id"] != first)]
    jobs, made = queue.Queue(), []
    for _ in range(int(count)):
        jobs.put(1)
    workers = [threading.Thread(target=work, args=(address, owner, units, jobs, made)) for _ in range(WORKERS)]
    for worker in workers:
        jobs.put(None)
        worker.start()
    for worker in workers:
        worker.join()
    with open(file, "w", encoding="utf-8") as out:
        out.write(f"{unit['Cookie']}\n{unit['X-CSRF-Token']}\n")
        out.writelines(f"{slip} {version}\n" for slip, version in made)
    print(busy_ticket(address, owner, unit, units))


main()
