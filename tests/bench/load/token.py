"""Signs in as a demo login and prints a bearer token: token.py URL LOGIN PASSWORD SCOPE…"""
import json
import sys
import urllib.request

url, login, password, *scopes = sys.argv[1:]


def post(path, body, headers):
    request = urllib.request.Request(f"{url}/api/v1{path}", json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer), answer.headers


session, headers = post("/session", {"login": login, "password": password}, {})
cookie = headers["Set-Cookie"].split(";")[0]
token, _ = post("/tokens", {"name": "bench", "scopes": scopes}, {"Cookie": cookie, "X-CSRF-Token": session["csrf_token"]})
print(token["token"])
