#!/usr/bin/env python3
"""Keeps one comment of a pull request at what FILE (Markdown) says: the one that it wrote before, or a new one.

    TOKEN=… scripts/action-comment.py FILE

GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_EVENT_PATH are the runner's. A comment that can't be written, as in a pull request
from a fork, whose token may only read, is a warning: the result stands in the job's summary as well.
Source: https://docs.github.com/en/rest/issues/comments, as of 2026-11.
"""
import json, os, sys, urllib.error, urllib.request

MARK = "<!-- outgrown bench gate -->"
# GitHub takes 65,536 characters.
LONGEST = 60_000


def ask(method, path, body=None):
    request = urllib.request.Request(
        os.environ["GITHUB_API_URL"] + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={
            "Accept": "application/vnd.github+json", "Authorization": "Bearer " + os.environ.get("TOKEN", ""),
            "Content-Type": "application/json", "User-Agent": "outgrown", "X-GitHub-Api-Version": "2022-11-28",
        })
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def earlier(place, number):
    for page in range(1, 31):
        comments = ask("GET", f"{place}/issues/{number}/comments?per_page=100&page={page}")
        for comment in comments:
            if (comment.get("body") or "").startswith(MARK):
                return comment["id"]
        if len(comments) < 100:
            return None


def main(path):
    with open(os.environ["GITHUB_EVENT_PATH"]) as file:
        number = (json.load(file).get("pull_request") or {}).get("number")
    if number is None:
        print("no pull request, so no comment")
        return
    with open(path) as file:
        body = {"body": f"{MARK}\n{file.read()[:LONGEST]}"}
    place = "/repos/" + os.environ["GITHUB_REPOSITORY"]
    kept = earlier(place, number)
    if kept is None:
        ask("POST", f"{place}/issues/{number}/comments", body)
    else:
        ask("PATCH", f"{place}/issues/comments/{kept}", body)


if len(sys.argv) != 2:
    sys.exit(__doc__)
try:
    main(sys.argv[1])
except (OSError, KeyError, ValueError) as error:
    text = str(error).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::warning title=Outgrown::the pull request has no comment of this result: {text}")
