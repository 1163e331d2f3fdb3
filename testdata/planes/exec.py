#!/usr/bin/env -S python3 -IS
"""A traffic plane for rampart: traffic: {kind: exec, exec: {command: [./exec.py, split.json]}}
It is run once for each call, the request on stdin and the answer on stdout; put your own router behind show() and change()."""
import fcntl, json, os, sys

path = sys.argv[1]  # here the split is a file: {"rev": 1, "percent": 5, "last": "", "epoch": "", "requests": [0, 0]}

class Refused(Exception):
    """Refused(kind, text): unreachable denied conflict invalid throttled unsupported partial ambiguous."""

def show(s):  # requests are counters since the router's start, if it has any
    return {"rev": str(s["rev"]), "epoch": s["epoch"], "candidate_percent": s["percent"], "effective_percent": s["percent"],
            "servers": [{"name": a, "arm": a, "up": True, "requests": n} for a, n in zip(("legacy", "candidate"), s["requests"])]}

def change(s, intent):
    if os.path.exists(path + ".freeze"):
        raise Refused("denied", "changes are frozen")
    if (s["last"], s["percent"]) != (intent["id"], intent["candidate_percent"]):  # else it is the same intent again: done
        if intent.get("expect_rev", str(s["rev"])) != str(s["rev"]):
            raise Refused("conflict", "somebody else wrote")
        s.update(percent=intent["candidate_percent"], rev=s["rev"] + 1, last=intent["id"])
        with open(path + ".new", "w") as f:
            json.dump(s, f)
        os.rename(path + ".new", path)
    return {"intent_id": intent["id"], "said": "%g %%" % s["percent"]}

def answer(request):
    with open(path + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(path) as f:
            s = json.load(f)
        if request["call"] == "caps":
            return {"caps": {"finest_percent": 0.01, "guarded": True, "durable": True}}
        return {"read": show(s)} if request["call"] == "read" else change(s, request["intent"])

try:
    print(json.dumps(answer(json.load(sys.stdin))))
except (Refused, OSError) as e:
    kind, text = e.args if isinstance(e, Refused) else ("unreachable", str(e))
    print(json.dumps({"error": {"kind": kind, "text": text}}))
