#!/usr/bin/env python3
"""Records a data folder of a version of Mixwell, and what that version answers from it.

    python3 record.py --mixwell PATH/TO/mixwell --out FOLDER

The program given is run as `index` and `serve`; nothing else of that version is used. README.md
says what the files are. Needs Python 3.10 or newer and nothing besides.
"""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections import Counter
from pathlib import Path

FORMATS = ("application/vnd.safetensors", "application/octet-stream", "application/json")
ONWARD_STEPS = 6
WHO = {"who": "ada", "why": "the recording shows it"}

EVENT_TYPES = (
    "run-created,attempt-opened,issued,feedback,step-closed,boundary-closed,mixer-installed,"
    "override-set,override-cleared,rows-skipped,operation-cancelled,run-finished"
).split(",")

GROUPS = [
    {"name": "web", "query": "source:web"},
    {"name": "code", "query": "source:code AND quality:[0.2 TO *]"},
    {"name": "long", "query": "(source:books OR source:web) AND quality:[0.6 TO *]"},
]
NAMES = [group["name"] for group in GROUPS]
COMMON = {
    "seed": 41,
    "groups": GROUPS,
    "batchRows": 8,
    "rowTokens": 16,
    "lookahead": 2,
    "issueAhead": 3,
    "validationRows": 2,
    "validationShare": 0.2,
}
GRAPH = {a: {b: 1.0 if a == b else 0.25 for b in NAMES} for a in NAMES}


def write_corpus(path, seed, documents):
    """Lines of made-up words: no text of anybody's."""
    draw = random.Random(seed)
    with open(path, "w", encoding="utf-8") as lines:
        for number in range(documents):
            source = ("web", "code", "books")[number % 3]
            words = (
                "".join(draw.choices("abcdefghijklmnop", k=draw.randint(2, 7)))
                for _ in range(draw.randint(8, 60))
            )
            line = {
                "id": f"{seed}-{number}",
                "text": " ".join(words),
                "source": source,
                "quality": round(draw.random(), 3),
            }
            lines.write(json.dumps(line) + "\n")


class Server:
    """A server in a process of its own."""

    def __init__(self, mixwell, folder):
        self.mixwell, self.folder = mixwell, folder

    def __enter__(self):
        environment = dict(os.environ, MIXWELL_EVENTS_HEARTBEAT_MILLIS="200")
        command = [*self.mixwell, "serve", "--index", "index", "--data", "data", "--port", "0"]
        self.process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        for line in self.process.stdout:
            if found := re.search(r"serving (http://[^ ]+) ", line):
                self.url = found.group(1)
                return self
        raise SystemExit("the server did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def kill(self):
        """As a crash would: what is committed stays in SQLite's write-ahead log."""
        self.process.send_signal(signal.SIGKILL)

    def ask(self, method, path, body=None, accept=None):
        """Status, headers and body of the answer."""
        request = urllib.request.Request(self.url + path, method=method)
        if accept:
            request.add_header("Accept", accept)
        if method == "PUT" and path.endswith("/mixer"):
            request.add_header("If-Match", "*")
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def get(self, path):
        status, _, body = self.ask("GET", path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def change(self, method, path, body):
        status, _, answer = self.ask(method, path, body)
        assert status in (200, 201, 204), (path, body, status, answer)
        return json.loads(answer) if answer else None

    def events(self, run):
        """Every event there is, until the stream has nothing more to tell."""
        path = f"/v1/runs/{run}/events?after=-1&types=" + ",".join(EVENT_TYPES)
        events, event = [], {}
        with urllib.request.urlopen(self.url + path, timeout=60) as stream:
            for raw in stream:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if not name and value:
                    break  # a comment: nothing has happened for a while
                if name:
                    event[name] = value
                elif "data" in event:
                    data = json.loads(event["data"])
                    events.append({"id": int(event["id"]), "event": event["event"], "data": data})
                    event = {}
                else:
                    event = {}
        return {"path": path, "events": events}


class Record:
    """Requests with their answers, in the order in which they were sent."""

    def __init__(self, server):
        self.server, self.lines = server, []

    def ask(self, method, path, body=None, accept=None):
        """Notes the answer: a batch's digest and tag, a refusal's type, and else all of it."""
        status, headers, answer = self.server.ask(method, path, body, accept)
        line = {"method": method, "path": path}
        if body is not None:
            line["body"] = body
        if accept:
            line["accept"] = accept
        line["status"] = status
        type_ = headers["Content-Type"]
        is_json = type_.startswith(("application/json", "application/problem+json"))
        if status >= 400:
            problem = json.loads(answer)
            line["json"] = {key: problem[key] for key in ("type", "missing") if key in problem}
        elif accept or not is_json or "/provenance" in path:
            if headers["ETag"]:
                line["etag"] = headers["ETag"]
            line["sha256"] = hashlib.sha256(answer).hexdigest()
        else:
            line["json"] = json.loads(answer)
        self.lines.append(line)
        return status, json.loads(answer) if is_json else None


class Silent:
    """Asks like a record, and notes nothing."""

    def __init__(self, server):
        self.server = server

    def ask(self, method, path, body=None, accept=None):
        status, headers, answer = self.server.ask(method, path, body, accept)
        return status, json.loads(answer) if status >= 400 else None


def feedback(server, run, attempt, missing, rank):
    """Losses made up from the step and the group, so that every recording has the same."""
    step, kind = missing["step"], missing["kind"]
    spec = server.get(f"/v1/runs/{run}")["spec"]
    if kind == "validation":
        rows = {name: spec["validationRows"] for name in NAMES}
    elif rank is None:
        rows = server.get(f"/v1/runs/{run}/attempts/{attempt}/steps/{step}/plan")["rows"]
    else:
        path = f"/v1/runs/{run}/attempts/{attempt}/steps/{step}/batch?rank={rank}"
        _, _, batch = server.ask("GET", path, None, FORMATS[2])
        rows = Counter(NAMES[group] for group in json.loads(batch)["groups"])
    groups = {}
    for number, name in enumerate(NAMES):
        tokens = rows.get(name, 0) * spec["rowTokens"]
        loss = (4 - number) / (1 + step / 8) + 0.125 * ((step * 7 + number * 3 + (rank or 0)) % 5)
        if tokens:
            groups[name] = {"lossSum": loss * tokens, "tokens": tokens}
    body = {"kind": kind, "groups": groups}
    if kind == "alignment":
        body["learningRate"] = 0.01
        for number, group in enumerate(groups.values()):
            group["alignment"] = {"score": 0.5 + 0.25 * ((step + number) % 3), "norm": 1 + number}
    if rank is not None:
        body["rank"] = rank
    return body


def drive(record, run, attempt, world, steps):
    """Pulls steps with every rank and posts what they wait for."""
    base = f"/v1/runs/{run}/attempts/{attempt}/steps"
    ranks_post = record.server.get(f"/v1/runs/{run}")["spec"]["reporters"] == "ranks"
    for step in steps:
        for rank in range(world):
            while True:
                path = f"{base}/{step}/batch?rank={rank}&wait=PT0S"
                status, answer = record.ask("GET", path, accept=FORMATS[0])
                if status != 503:
                    assert status == 200, (path, status, answer)
                    break
                missing = answer["missing"]
                for reporter in missing["ranks"] if ranks_post else [None]:
                    body = feedback(record.server, run, attempt, missing, reporter)
                    posted, why = record.ask("POST", f"{base}/{missing['step']}/feedback", body)
                    assert posted == 200, (path, body, why)


def create(server, run, **spec):
    server.change("PUT", f"/v1/runs/{run}", COMMON | spec)


def attempt(server, run, from_step, world, **more):
    body = {"fromStep": from_step, "world": world, "launchId": f"{run}-{from_step}-{world}"} | more
    return server.change("POST", f"/v1/runs/{run}/attempts", body)["attempt"]


def make_first_runs(server):
    to = Silent(server)
    static = {"name": "static", "parameters": {"weights": {"web": 3, "code": 1, "long": 2}}}
    create(server, "static", mixer=static)
    drive(to, "static", attempt(server, "static", 0, 1), 1, range(7))
    server.change("DELETE", "/v1/runs/static?who=ada&why=it+is+over", None)

    limits = {"floor": 0.05, "maxChange": 0.5}
    create(server, "odm", mixer={"name": "odm"}, issueAhead=0, limits=limits)
    drive(to, "odm", attempt(server, "odm", 0, 2), 2, range(9))
    clamps = {"clamps": {"code": {"min": 0.1, "max": 0.25}}}
    server.change("PUT", "/v1/runs/odm/overrides", clamps | {"effective": "10"} | WHO)
    drive(to, "odm", 0, 2, range(9, 12))
    second = attempt(server, "odm", 11, 4, parent=0)
    server.change("POST", "/v1/runs/odm/skips", {"atStep": 13, "steps": 2} | WHO)
    drive(to, "odm", second, 4, range(11, 15))
    exp3 = {"name": "odm", "parameters": {"variant": "exp3", "rewardDivisor": 1}}
    server.change("PUT", "/v1/runs/odm/mixer", {"mixer": exp3, "effective": "16"} | WHO)
    cleared = server.change("PUT", "/v1/runs/odm/overrides", {"effective": "40"} | WHO)
    operation = f"/v1/runs/odm/operations/{cleared['operation']}"
    server.change("DELETE", f"{operation}?who=ada&why=a+mistake", None)
    drive(to, "odm", second, 4, range(15, 19))

    skill_it = {"name": "skill-it", "parameters": {"graph": GRAPH, "eta": 0.5, "updateSteps": 3}}
    create(server, "skill-it", mixer=skill_it, evaluateEvery=5, unitRows=2)
    drive(to, "skill-it", attempt(server, "skill-it", 0, 2), 2, range(10))

    aioli = {"name": "aioli", "parameters": {"roundSteps": 12, "sweeps": 1, "segmentSteps": 1}}
    create(server, "aioli", mixer=aioli, issueAhead=4)
    drive(to, "aioli", attempt(server, "aioli", 0, 2), 2, range(14))

    create(server, "doremi", mixer={"name": "doremi"}, reporters="ranks", composition="iid")
    drive(to, "doremi", attempt(server, "doremi", 0, 2), 2, range(8))


def make_packed_run(server):
    create(
        server,
        "packed",
        mixer={"name": "doge"},
        packing="best-fit",
        rowTokens=64,
        exhausted={"policy": "max-epochs", "epochs": 4},
    )
    drive(Silent(server), "packed", attempt(server, "packed", 0, 2), 2, range(9))


def attempts(server, run):
    """What the run's events say of each attempt, in order."""
    events = server.events(run)["events"]
    return [event["data"] for event in events if event["event"] == "attempt-opened"]


def record_answers(record):
    """What can be asked of every run without changing it."""
    server = record.server
    record.ask("GET", "/v1/runs")
    record.ask("GET", "/v1/groups")
    record.ask("GET", "/v1/catalog/search?q=source:code&limit=3")
    for run in server.get("/v1/runs")["runs"]:
        base = f"/v1/runs/{run}"
        for path in ("", "/mixture", "/mixture/history", "/mixer", "/overrides"):
            record.ask("GET", base + path)
        for name in NAMES:
            for accept in FORMATS:
                record.ask("GET", f"{base}/validation/{name}", accept=accept)
        opened = attempts(server, run)
        for number, of in enumerate(opened):
            newer = [later["fromStep"] for later in opened[number + 1 :]]
            end = min([server.get(base)["upTo"], *newer])
            record_steps(record, f"{base}/attempts/{of['attempt']}", of, end)
            if newer:
                path = f"{base}/attempts/{of['attempt']}/steps/{end}/batch?rank=0"
                record.ask("GET", path, accept=FORMATS[0])


def record_steps(record, base, opened, end):
    # First what is refused: a pull may have the server issue the next steps.
    record.ask("GET", f"{base}/steps/{end + 9}/plan")
    record.ask("GET", f"{base}/steps/{end - 1}/batch?rank={opened['world']}")
    for step in range(opened["fromStep"], end):
        record.ask("GET", f"{base}/steps/{step}/plan")
        for rank in range(opened["world"]):
            for accept in FORMATS:
                record.ask("GET", f"{base}/steps/{step}/batch?rank={rank}", accept=accept)
    record.ask("GET", f"{base}/steps/{opened['fromStep']}/provenance")
    for accept in FORMATS:
        path = f"{base}/batches?from={opened['fromStep']}&count=3&rank=0&wait=PT0S"
        record.ask("GET", path, accept=accept)


def go_on(record):
    """What the runs decide next, once the same feedback has been posted."""
    server = record.server
    for run in server.get("/v1/runs")["runs"]:
        found = server.get(f"/v1/runs/{run}")
        if found["finished"]:
            continue
        opened = attempts(server, run)[-1]
        start = found["upTo"]
        drive(record, run, opened["attempt"], opened["world"], range(start, start + ONWARD_STEPS))
        for step in range(start, start + ONWARD_STEPS):
            record.ask("GET", f"/v1/runs/{run}/attempts/{opened['attempt']}/steps/{step}/plan")
        # A restart from the step before, on another world size.
        again = {"fromStep": start + 1, "world": 1, "launchId": f"{run}-again"}
        again["parent"] = opened["attempt"]
        _, next_attempt = record.ask("POST", f"/v1/runs/{run}/attempts", again)
        drive(record, run, next_attempt["attempt"], 1, range(start + 1, start + 4))
        record.ask("GET", f"/v1/runs/{run}/mixture/history?from=0&to={start + 4}")


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))


def tidy(data):
    """Leaves out what is made again when it is missing, and the name of this machine."""
    for path in data.rglob("*"):
        if path.name.endswith("-shm") or (path.name.endswith("-wal") and not path.stat().st_size):
            path.unlink()
    owner = {"pid": 1, "host": "recorder", "since": "2000-01-01T00:00:00Z"}
    (data / "owner.lock").write_text(json.dumps(owner))


def write_zip(path, folder):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as entries:
        for part in ("index", "data"):
            for file in sorted((folder / part).rglob("*")):
                if file.is_file():
                    entries.write(file, file.relative_to(folder))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--mixwell", required=True, help="the launcher of the version to record")
    arguments.add_argument("--out", required=True, type=Path, help="the folder to make")
    given = arguments.parse_args()
    mixwell = [shutil.which(given.mixwell) or str(Path(given.mixwell).resolve())]

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        index = [*mixwell, "index", "--out", "index", "--shard-tokens", "9000"]
        write_corpus(folder / "first.jsonl", 1, 90)
        write_corpus(folder / "second.jsonl", 2, 45)
        subprocess.run([*index, "first.jsonl"], cwd=folder, check=True)
        with Server(mixwell, folder) as server:
            make_first_runs(server)
        subprocess.run([*index, "--add", "second.jsonl"], cwd=folder, check=True)
        with Server(mixwell, folder) as server:
            make_packed_run(server)
        with Server(mixwell, folder) as server:
            drive(Silent(server), "odm", 1, 4, range(19, 20))
            drive(Silent(server), "packed", 0, 2, range(9, 11))
            server.kill()

        tidy(folder / "data")
        given.out.mkdir(parents=True)
        write_zip(given.out / "folder.zip", folder)
        with Server(mixwell, folder) as server:
            events = [server.events(run) for run in server.get("/v1/runs")["runs"]]
            answers, onward = Record(server), Record(server)
            record_answers(answers)
            go_on(onward)
        write_lines(given.out / "answers.jsonl", answers.lines)
        write_lines(given.out / "events.jsonl", events)
        write_lines(given.out / "onward.jsonl", onward.lines)


if __name__ == "__main__":
    main()
