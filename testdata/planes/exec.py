#!/usr/bin/env -S python3 -IS
"""A traffic plane for rampart: traffic: {kind: exec, exec: {command: [./exec.py, split.json]}}

rampart runs it once for each call, the request on stdin and the answer on stdout. Here the split is a line in a file;
copy it and put your own router behind show() and change().
"""
import fcntl, json, os, sys

path = sys.argv[1]  # {"rev": 1, "percent": 5, "last": "", "epoch": "", "requests": [0, 0]}


class Refused(Exception):
    """Refused(kind, text): unreachable denied conflict invalid throttled unsupported partial ambiguous."""


def show(s):
    legacy, candidate = s["requests"]  # counters since the router's start, if it has any
    return {"rev": str(s["rev"]), "epoch": s["epoch"], "candidate_percent": s["percent"], "effective_percent": s["percent"],
            "servers": [{"name": "legacy", "arm": "legacy", "up": True, "requests": legacy},
                        {"name": "candidate", "arm": "candidate", "up": True, "requests": candidate}]}


def change(s, intent):
    if os.path.exists(path + ".freeze"):
        raise Refused("denied", "changes are frozen")
    if (s["last"], s["percent"]) == (intent["id"], intent["candidate_percent"]):
        return  # the same intent again: it is done
    if intent.get("expect_rev", str(s["rev"])) != str(s["rev"]):
        raise Refused("conflict", "somebody else wrote")
    s.update(percent=intent["candidate_percent"], rev=s["rev"] + 1, last=intent["id"])
    with open(path + ".new", "w") as f:
        json.dump(s, f)
    os.rename(path + ".new", path)


def answer(request):
    with open(path + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(path) as f:
            s = json.load(f)
        if request["call"] == "caps":
            return {"caps": {"finest_percent": 0.01, "guarded": True, "durable": True}}
        if request["call"] == "read":
            return {"read": show(s)}
        change(s, request["intent"])
        return {"intent_id": request["intent"]["id"], "said": "%g %%" % s["percent"]}


try:
    print(json.dumps(answer(json.load(sys.stdin))))
except Refused as e:
    print(json.dumps({"error": {"kind": e.args[0], "text": e.args[1]}}))
except OSError as e:
    print(json.dumps({"error": {"kind": "unreachable", "text": str(e)}}))
