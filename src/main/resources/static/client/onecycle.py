#!/usr/bin/env python3
"""The client that a Onecycle service hands out: one file, Python 3.9 or newer, nothing to install.

    curl -O http://localhost:8080/client/onecycle.py
    python onecycle.py train ./pictures --recipe fast --model cats
    python onecycle.py train ./pictures --budget 10m
    python onecycle.py search ./pictures --draw "phases[0].learningRate=1e-4:0.1:log" --budget 1h
    python onecycle.py predict cats cat.jpg
    python onecycle.py watch RUN
    python onecycle.py cancel RUN
    python onecycle.py export cats -o cats.safetensors
    python onecycle.py label-check DATASET -o doubts.csv
    python onecycle.py relabel DATASET doubts.csv

As a module, in a notebook too, where a run and a prediction show themselves:

    import onecycle
    client = onecycle.Client("http://localhost:8080")
    run = client.train("./pictures", recipe="fast").watch()
    client.serve("cats", run)
    client.predict("cats", "cat.jpg")

The service's address is ONECYCLE_URL, or http://localhost:8080; its key, where it has keys, is
ONECYCLE_API_KEY. The key is sent to that address and follows no redirect.
"""

import argparse
import csv
import hashlib
import html
import http.client
import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zipfile

__all__ = ["Client", "Dataset", "Run", "Search", "Prediction", "Refused"]

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
FORMATS = {"safetensors": "/weights", "onnx": "/onnx", "hub": "/hub"}
PART = 1 << 20


class Refused(Exception):
    """What the service does not do, and why: its problem document."""

    def __init__(self, problem):
        self.problem = problem
        self.status = problem.get("status")
        lines = [str(problem.get("detail", problem.get("title", self.status)))]
        lines += ["  %s: %s" % (e.get("field"), e.get("message")) for e in problem.get("errors") or ()]
        lines += [problem["fix"]] if problem.get("fix") else []
        super().__init__("\n".join(lines))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to wherever it leads."""

    def redirect_request(self, *unused):
        return None


class Client:
    """A service. Safe for several threads."""

    def __init__(self, url=None, key=None):
        """Both default to the environment: ONECYCLE_URL and ONECYCLE_API_KEY."""
        self.url = (url or os.environ.get("ONECYCLE_URL") or "http://localhost:8080").rstrip("/")
        self._key = key or os.environ.get("ONECYCLE_API_KEY")
        host = urllib.parse.urlsplit(self.url).hostname or ""
        here = host in ("localhost", "::1") or host.startswith("127.")
        proxies = [urllib.request.ProxyHandler({})] if here else []
        self._opener = urllib.request.build_opener(_NoRedirect, *proxies)

    def request(self, method, path, body=None, type=None, headers=None, tries=5):
        """Asks for a path such as "/runs" and gives the answer's JSON, or None.

        body is what becomes JSON; or bytes, or a function that opens an iterator of bytes, either
        of that type. What the service has no room for now is asked again.
        """
        with self.open(method, path, body, type, headers, tries=tries) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def open(self, method, path, body=None, type=None, headers=None, timeout=600, tries=5):
        """As request, but gives the answer itself, to be read and closed."""
        head = {"Accept": "application/json", **(headers or {})}
        if self._key:
            head["Authorization"] = "Bearer " + self._key
        if type is not None:
            head["Content-Type"] = type
        elif body is not None:
            head["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        address = self.url + ("" if path.startswith("/v2") else "/api/v1") + path
        for more in range(tries - 1, -1, -1):
            data = body() if callable(body) else body
            asked = urllib.request.Request(address, data, head, method=method)
            try:
                return self._opener.open(asked, timeout=timeout)
            except urllib.error.HTTPError as e:
                with e:
                    refused = Refused(_problem(e))
                    wait = e.headers.get("Retry-After") or "1"
                if e.code not in (429, 503) or not more:
                    raise refused from None
                time.sleep(min(int(wait) if wait.isdigit() else 1, 30))
            except (urllib.error.URLError, ConnectionError) as e:
                if method != "GET" or not more:
                    reason = getattr(e, "reason", e)
                    raise ConnectionError("%s does not answer: %s" % (self.url, reason)) from None
                time.sleep(0.5)

    # datasets

    def upload(self, path, name=None, split=None):
        """Sends a folder of labelled pictures, or an archive of one, and gives its Dataset.

        split is folders, random, or a dict such as {"validFraction": 0.1, "group": {"pattern":
        "^(?P<group>[^_]+)_"}}, which keeps pictures of one patient or video on one side. The import
        goes on in the service: see Dataset.wait. The same pictures sent again under the same name
        are the same dataset.
        """
        name = name or os.path.basename(os.path.abspath(path)) or "pictures"
        if not os.path.isdir(path):
            with open(path, "rb") as archive:
                return self._send(archive, os.path.basename(path), name, split)
        with tempfile.TemporaryFile() as archive:
            _pack(path, archive)
            return self._send(archive, name + ".zip", name, split)

    def _send(self, archive, file_name, name, split):
        digest = hashlib.sha256()
        archive.seek(0)
        for part in iter(lambda: archive.read(PART), b""):
            digest.update(part)
        fields = {"name": name, **({"split": _json(split)} if split else {})}
        digest.update(json.dumps([file_name, fields], sort_keys=True).encode())
        body, headers, kind = _multipart(fields, "archive", archive, file_name)
        headers["Idempotency-Key"] = digest.hexdigest()
        return Dataset(self, self.request("POST", "/datasets", body, kind, headers))

    def dataset(self, which, name=None, split=None):
        """Gives a Dataset: by its id, "sample" for the bundled pictures, a place that the service
        may read itself (s3://bucket/prefix), or a path to send."""
        if isinstance(which, Dataset):
            return which
        if _is_id(which):
            return Dataset(self, self.request("GET", "/datasets/" + which))
        if which == "sample" and not os.path.exists(which):
            wanted = {"name": name or "shapes", "source": {"type": "sample"}}
            key = {"Idempotency-Key": uuid.uuid4().hex}
            return Dataset(self, self.request("POST", "/datasets", wanted, headers=key))
        if str(which).startswith("s3://"):
            wanted = {"source": {"type": "s3", "url": which}}
            wanted.update((k, v) for k, v in (("name", name), ("split", split)) if v)
            key = {"Idempotency-Key": uuid.uuid4().hex}
            return Dataset(self, self.request("POST", "/datasets", wanted, headers=key))
        return self.upload(which, name, split)

    # runs

    def train(self, pictures, recipe="fast", overrides=None, name=None, **more):
        """Begins a run and gives it; pictures as for dataset, which is waited for.

        recipe is a preset's name or a whole recipe, overrides change its fields, such as
        {"phases[0].epochs": 2}; more fields of the request may follow: budget, which is the time
        that it gets, such as "10m" or {"until": "2030-01-31T12:00:00Z"}, seed, tags, priority,
        from_.
        """
        dataset = self.dataset(pictures).wait()
        wanted = {"dataset": dataset.id, "recipe": recipe, "overrides": overrides, "name": name}
        wanted.update((field.rstrip("_"), value) for field, value in more.items())
        wanted = {field: value for field, value in wanted.items() if value is not None}
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return Run(self, self.request("POST", "/runs", wanted, headers=key))

    def search(self, pictures, space, recipe="fast", overrides=None, name=None, **more):
        """Begins a search for the best values of a recipe's fields and gives it.

        space says what trials draw: {"phases[0].learningRate": {"min": 1e-4, "max": 0.1, "log":
        True}, "activation": {"oneOf": ["relu", "silu"]}}; more fields of the request may follow:
        budget, which is the time that all of it gets, trials, reduction, metric, seed, priority.
        """
        dataset = self.dataset(pictures).wait()
        wanted = {"dataset": dataset.id, "recipe": recipe, "overrides": overrides, "name": name}
        wanted.update(more, space=space)
        wanted = {field: value for field, value in wanted.items() if value is not None}
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return Search(self, self.request("POST", "/searches", wanted, headers=key))

    def check_labels(self, pictures, **more):
        """Begins a run that looks for wrong labels and gives it; pictures as for dataset.

        More fields of the request may follow: folds, recipe, overrides, seed, name, priority,
        from_. See Run.doubts.
        """
        dataset = self.dataset(pictures).wait()
        wanted = {field.rstrip("_"): v for field, v in more.items() if v is not None}
        key = {"Idempotency-Key": uuid.uuid4().hex}
        path = "/datasets/" + dataset.id + "/label-checks"
        return self.run(self.request("POST", path, wanted, headers=key)["id"])

    def run(self, id):
        """Gives a run by its id."""
        return Run(self, self.request("GET", "/runs/" + _segment(id)))

    def of(self, id):
        """Gives the run or the search of that id."""
        try:
            return self.run(id)
        except Refused as e:
            if e.status != 404:
                raise
            refused = e
        try:
            return Search(self, self.request("GET", "/searches/" + _segment(id)))
        except Refused:
            raise refused from None

    # models and predictions

    def serve(self, model, what):
        """Makes a model serve the best checkpoint of a run or a search, or a checkpoint by its id."""
        wanted = {"checkpoint": self.checkpoint(what)}
        return self.request("PUT", "/models/" + _segment(model), wanted)

    def predict(self, model, picture, **options):
        """Gives the Prediction for a picture, a path or the file's bytes.

        model is a model's name or a checkpoint's id; options are those of the route: tta="4",
        topK=3, calibrated=True and so on.
        """
        if isinstance(picture, (bytes, bytearray)):
            file, name = bytes(picture), None
        else:
            name = os.fspath(picture)
            with open(name, "rb") as opened:
                file = opened.read()
        kind = "checkpoints/" if _is_id(model) else "models/"
        path = "/" + kind + _segment(model) + "/predictions" + _query(options)
        return Prediction(self.request("POST", path, file, "application/octet-stream"), file, name)

    # weights

    def checkpoint(self, what):
        """Gives the id of a checkpoint: the best one of a run or a search, what a model serves, or
        itself."""
        if isinstance(what, (Run, Search)):
            best = what.refresh().checkpoint
        elif not _is_id(what):
            best = self.request("GET", "/models/" + _segment(what))["checkpoint"]
        else:
            try:
                return self.request("GET", "/checkpoints/" + what)["id"]
            except Refused as e:
                if e.status != 404:
                    raise
            best = self.request("GET", "/runs/" + what).get("checkpoint")
        if best is None:
            raise ValueError("there is no checkpoint yet")
        return best

    def export(self, what, path=None, format="safetensors", **options):
        """Writes the weights of a run, a model or a checkpoint to a file and gives its path.

        format is safetensors; onnx, which has options: normalize, resize and labels, True each; or
        hub: a zip of what belongs into a repository of the Hugging Face hub, for timm.
        """
        if format not in FORMATS:
            raise ValueError("%r is not one of %s" % (format, ", ".join(FORMATS)))
        id = self.checkpoint(what)
        path = path or id + (".zip" if format == "hub" else "." + format)
        sha256 = None
        if format == "safetensors":
            sha256 = self.request("GET", "/checkpoints/" + id)["weights"]["sha256"]
        source = "/checkpoints/" + id + FORMATS[format] + _query(options)
        _download(self, source, path, sha256)
        return path


class _Kept:
    """Something that the service keeps, as it was when it was last looked at."""

    _path = ""

    def __init__(self, client, info):
        self.client = client
        self.info = info

    @property
    def id(self):
        return self.info["id"]

    @property
    def name(self):
        return self.info["name"]

    @property
    def state(self):
        return self.info["state"]

    def refresh(self):
        """Looks again."""
        self.info = self.client.request("GET", self._path + self.id)
        return self

    def __repr__(self):
        return "<%s %s %s %s>" % (type(self).__name__, self.id, self.name, self.state)


class Dataset(_Kept):
    """Labelled pictures."""

    _path = "/datasets/"

    def wait(self):
        """Waits until its import has ended; raises Refused if that failed."""
        while self.state == "IMPORTING":
            time.sleep(0.3)
            self.refresh()
        if self.state != "READY":
            failure = self.info.get("failure") or {}
            message = failure.get("message") or "the import failed"
            raise Refused({"detail": message, "fix": failure.get("fix")})
        return self

    def reread(self, labels=None, split=None, csv=None):
        """Understands its pictures in another way, without another upload.

        labels is parent-folder, first-folder, or a dict such as {"csv": "labels.csv", "label":
        "breed"}; csv is the path of a table to send; split is as for Client.upload.
        """
        asked = {k: v for k, v in (("labels", labels), ("split", split)) if v}
        path = self._path + self.id
        if csv is None:
            self.info = self.client.request("PATCH", path, asked)
            return self
        with open(csv, "rb") as table:
            fields = {field: _json(value) for field, value in asked.items()}
            body, headers, kind = _multipart(fields, "csv", table, os.path.basename(csv))
            self.info = self.client.request("PATCH", path, body, kind, headers)
        return self


    def relabel(self, edits, reason):
        """Gives a new version of it with labels put right; this one stays as it is.

        edits are dictionaries: {"picture": 7, "action": "relabel", "label": "cat"}, or of the
        action "drop" or "keep" without a label.
        """
        wanted = {"edits": list(edits), "reason": reason}
        key = {"Idempotency-Key": uuid.uuid4().hex}
        path = self._path + self.id + "/labels"
        return Dataset(self.client, self.client.request("PATCH", path, wanted, headers=key))

    def versions(self):
        """All versions of its pictures' labels, the first one first, as Datasets."""
        all = _pages(self.client, self._path + self.id + "/versions", {})
        return [Dataset(self.client, info) for info in all]

    def changes(self, since=None):
        """The pictures whose labels are others than in the version since, as dictionaries."""
        since = since.id if isinstance(since, Dataset) else since
        asked = {} if since is None else {"since": since}
        return _pages(self.client, self._path + self.id + "/changes", asked)


class _Ends(_Kept):
    """Something that goes on until it ends."""

    def cancel(self):
        """Ends it: a run after the step that it is at, a search with all of its runs."""
        self.info = self.client.request("POST", self._path + self.id + "/cancel")
        return self


class Run(_Ends):
    """A run."""

    _path = "/runs/"

    @property
    def checkpoint(self):
        """The id of its best checkpoint so far, or None."""
        return self.info.get("checkpoint")

    @property
    def accuracy(self):
        """Of its best epoch so far, 0 to 1, or None."""
        return (self.info.get("bestEpoch") or {}).get("accuracy")

    def epochs(self):
        """Its epochs, as dictionaries."""
        return self.client.request("GET", self._path + self.id + "/epochs")

    def doubts(self, **only):
        """The pictures whose labels a check doubts, the most doubtful first, as dictionaries.

        only may have label, likely and reason; as many are asked for as are looked at.
        """
        return _pages(self.client, self._path + self.id + "/label-check/pictures", only)

    def events(self, after=0):
        """Everything that happens in it, as dictionaries, until it has ended; a cut is mended."""
        failed = None
        while True:
            headers = {"Accept": "application/x-ndjson", "Last-Event-ID": str(after)}
            try:
                stream = self.client.open(
                    "GET", self._path + self.id + "/events", headers=headers, timeout=60
                )
                with stream:
                    if stream.status == 204:
                        return
                    for line in stream:
                        failed = None
                        if line.strip():
                            event = json.loads(line)
                            after = event["id"]
                            yield event
            except (OSError, ValueError, http.client.HTTPException) as e:  # cut, or nobody there
                failed = failed or time.monotonic()
                if time.monotonic() - failed > 60:
                    raise ConnectionError("the run cannot be followed: %s" % e) from None
                time.sleep(1)

    def watch(self, out=None):
        """Shows a progress bar until it has ended, and gives it."""
        bar = _Bar(out or sys.stdout)
        for event in self.events():
            bar.show(event)
        bar.end()
        return self.refresh()

    def wait(self):
        """Waits until it has ended, and gives it."""
        for _ in self.events():
            pass
        return self.refresh()

    def _repr_html_(self):
        rows = "".join(
            "<tr><td>%d</td><td>%.4f</td><td>%s</td><td>%s</td><td>%.1f s</td></tr>"
            % (
                i + 1,
                e["trainLoss"],
                "" if e.get("validLoss") is None else "%.4f" % e["validLoss"],
                "" if e.get("accuracy") is None else "%.1f %%" % (100 * e["accuracy"]),
                e["seconds"],
            )
            for i, e in enumerate(self.refresh().epochs())
        )
        progress = self.info.get("progress") or {}
        done = 100 * progress.get("step", 0) / max(1, progress.get("steps", 1))
        return (
            '<div><a href="%s/ui/#/run/%s"><b>%s</b></a> %s'
            ' <progress value="%.1f" max="100"></progress> %.0f %%'
            "<table><tr><th>epoch</th><th>train loss</th><th>valid loss</th><th>accuracy</th>"
            "<th>time</th></tr>%s</table></div>"
        ) % (_text(self.client.url), self.id, _text(self.name), self.state, done, done, rows)


class Search(_Ends):
    """A search for the best values of a recipe's fields."""

    _path = "/searches/"

    @property
    def trials(self):
        """Its leaderboard: trials as dictionaries, the best first."""
        return self.info["trials"]

    @property
    def checkpoint(self):
        """The id of the best trial's best checkpoint so far, or None."""
        return self.trials[0].get("checkpoint")

    def watch(self, out=None):
        """Says what trials reach until it has ended, then its leaderboard, and gives it."""
        out = out or sys.stdout
        told = {}
        while True:
            for trial in sorted(self.trials, key=lambda trial: trial["number"]):
                scores = trial["scores"]
                for rung in range(told.get(trial["number"], 0), len(scores)):
                    after = "%s %.4f after epoch %d" % (self.info["metric"], scores[rung], self.info["rungs"][rung])
                    print("trial %d: %s" % (trial["number"], after), file=out, flush=True)
                told[trial["number"]] = len(scores)
            if self.info.get("endedAt"):
                break
            time.sleep(1)
            self.refresh()
        for place, trial in enumerate(self.trials[:5]):
            if trial["scores"]:
                drawn = ", ".join("%s=%s" % (path, _short(value)) for path, value in trial["settings"].items())
                print("%d. trial %d: %.4f with %s" % (place + 1, trial["number"], trial["scores"][-1], drawn), file=out)
        return self

    def wait(self):
        """Waits until it has ended, and gives it."""
        while not self.info.get("endedAt"):
            time.sleep(1)
            self.refresh()
        return self

    def _repr_html_(self):
        self.refresh()
        rows = "".join(
            "<tr><td>trial %d</td>%s%s</tr>"
            % (
                trial["number"],
                "".join("<td>%s</td>" % _text(_short(trial["settings"][path])) for path in self.info["space"]),
                "".join("<td>%.4f</td>" % score for score in trial["scores"]),
            )
            for trial in self.trials
        )
        names = ["", *self.info["space"], *("after %d" % rung for rung in self.info["rungs"])]
        head = "".join("<th>%s</th>" % _text(name) for name in names)
        return '<div><a href="%s/ui/#/search/%s"><b>%s</b></a> %s<table><tr>%s</tr>%s</table></div>' % (
            _text(self.client.url),
            self.id,
            _text(self.name),
            self.state,
            head,
            rows,
        )


class Prediction:
    """What a network says about one picture."""

    def __init__(self, info, file=None, name=None):
        self.info = info
        self.name = name
        self._file = file

    @property
    def predictions(self):
        """Labels with their probability, or their score with combine="max", the best first."""
        return [(p["label"], p.get("probability", p.get("score"))) for p in self.info["predictions"]]

    @property
    def label(self):
        return self.predictions[0][0]

    @property
    def probability(self):
        return self.predictions[0][1]

    def __repr__(self):
        return ", ".join("%s %.1f %%" % (label, 100 * p) for label, p in self.predictions)

    def _repr_html_(self):
        rows = "".join(
            '<tr><td>%s</td><td><meter value="%.4f"></meter> %.1f %%</td></tr>'
            % (_text(label), p, 100 * p)
            for label, p in self.predictions
        )
        return "<table>%s%s</table>" % (
            "<caption>%s</caption>" % _text(self.name) if self.name else "",
            rows,
        )


class _Bar:
    """A progress bar: redrawn in place on a terminal, a line an epoch elsewhere."""

    WIDTH = 20

    def __init__(self, out):
        self._out = out
        self._live = out.isatty()
        self._accuracy = "-"
        self._first = None
        self._shown = 0

    def show(self, event):
        kind, data = event["type"], event["data"]
        if kind == "epoch":
            line = "phase %d  epoch %d  train loss %.3f" % (
                data["phase"],
                data["epoch"] + 1,
                data["trainLoss"],
            )
            if data.get("accuracy") is not None:  # else this epoch was not validated
                self._accuracy = "%.1f %%" % (100 * data["accuracy"])
                line += "  valid loss %.3f  accuracy %s" % (data["validLoss"], self._accuracy)
            line += "  %.1f s" % data["seconds"]
            self._line(line)
        elif kind == "step" and self._live:
            self._draw(self._progress(data))
        elif kind == "state":
            self._first = None
            reason = data.get("reason")
            self._line(data["state"].lower() + (": " + reason if reason else ""))
        elif kind == "log":
            self._line(data["message"])

    def _progress(self, data):
        now = time.monotonic()
        step, steps = data["step"], data["steps"]
        if self._first is None:
            self._first = now, step
        begun, before = self._first
        left = (now - begun) * (steps - step) / (step - before) if step > before else None
        done = int(self.WIDTH * step / max(1, steps))
        loss = data.get("loss")
        return "epoch %d/%d [%s%s]%s  accuracy %s  %.0f images/s%s" % (
            data["epoch"] + 1,
            data["epochs"],
            "#" * done,
            "-" * (self.WIDTH - done),
            "  loss %.3f" % loss if loss is not None else "",
            self._accuracy,
            data["imagesPerSecond"],
            "  ETA %d s" % left if left is not None else "",
        )

    def _draw(self, line):
        self._out.write("\r" + line.ljust(self._shown))
        self._shown = len(line)
        self._out.flush()

    def _line(self, line):
        line = "".join(c if c.isprintable() else "?" for c in line)
        self._out.write(("\r" + line.ljust(self._shown) if self._live else line) + "\n")
        self._shown = 0
        self._out.flush()

    def end(self):
        if self._shown:
            self._line("")


def _problem(error):
    try:
        problem = json.loads(error.read())
    except (OSError, ValueError):
        problem = None
    if isinstance(problem, dict):
        return problem
    return {"status": error.code, "detail": "HTTP %d %s" % (error.code, error.reason)}


def _pack(folder, archive):
    """Packs a folder's files, hidden ones apart; the same folder gives the same bytes."""
    count = 0
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for parent, folders, files in os.walk(folder):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for file in sorted(f for f in files if not f.startswith(".")):
                path = os.path.join(parent, file)
                inside = os.path.relpath(path, folder).replace(os.sep, "/")
                entry = zipfile.ZipInfo(inside)
                entry.file_size = os.path.getsize(path)
                with open(path, "rb") as source, packed.open(entry, "w") as target:
                    for part in iter(lambda: source.read(PART), b""):
                        target.write(part)
                count += 1
    if not count:
        raise ValueError("%s has no files" % folder)


def _download(client, path, target, sha256=None):
    """Writes beside the target first: what is there under its name is whole."""
    digest = hashlib.sha256()
    beside = "%s.%s.part" % (target, uuid.uuid4().hex[:8])
    try:
        with client.open("GET", path, headers={"Accept": "*/*"}) as answer, open(beside, "wb") as file:
            whole = answer.headers.get("Content-Length")
            for part in iter(lambda: answer.read(PART), b""):
                digest.update(part)
                file.write(part)
            broken = whole is not None and file.tell() != int(whole)
        if broken or (sha256 and digest.hexdigest() != sha256):
            raise OSError("the download broke off: %s is not whole" % path)
        os.replace(beside, target)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def _pages(client, path, asked):
    """What a paged list has, part by part as it is looked at."""
    cursor = None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        part = client.request("GET", path + _query({**asked, "limit": 500, **more}))
        yield from part["items"]
        cursor = part.get("nextCursor")
        if cursor is None:
            return


def _is_id(text):
    try:
        return str(uuid.UUID(text)) == str(text).lower()
    except (ValueError, AttributeError, TypeError):
        return False


def _segment(text):
    return urllib.parse.quote(str(text), safe="")


def _query(options):
    words = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in options.items()
        if value is not None
    }
    return "?" + urllib.parse.urlencode(words) if words else ""


def _json(value):
    return value if isinstance(value, str) else json.dumps(value)


def _multipart(fields, part, file, file_name):
    """A body of fields and an open file, which is read anew each time, its headers and type."""
    size = file.seek(0, os.SEEK_END)
    boundary = uuid.uuid4().hex
    before = "".join(
        '--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, field, text)
        for field, text in fields.items()
    )
    before += '--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n' % (
        boundary,
        part,
        "".join(c if c.isalnum() or c in "._-" else "_" for c in file_name),
    )
    ends = before.encode(), ("\r\n--%s--\r\n" % boundary).encode()

    def body():
        file.seek(0)
        yield ends[0]
        yield from iter(lambda: file.read(PART), b"")
        yield ends[1]

    length = {"Content-Length": str(len(ends[0]) + size + len(ends[1]))}
    return body, length, "multipart/form-data; boundary=" + boundary


def _short(value):
    return "%.4g" % value if isinstance(value, float) else str(value)


def _text(value):
    return html.escape(str(value))


# the command


def _setting(text):
    field, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("%r is not FIELD=VALUE" % text)
    try:
        return field, json.loads(value)
    except ValueError:
        return field, value


def _train(client, asked):
    split = {"group": {"pattern": asked.group}} if asked.group else None
    dataset = client.dataset(asked.pictures, asked.name, split).wait()
    labels = dataset.info.get("labels") or ()
    print("dataset %s: %d pictures, %d labels" % (dataset.id, dataset.info["pictures"], len(labels)))
    overrides = dict(asked.set) or None
    run = client.train(dataset, asked.recipe, overrides, asked.name, budget=asked.budget)
    print("run %s: %s/ui/#/run/%s" % (run.id, client.url, run.id))
    if asked.detach:
        return 0
    return _follow(client, run, asked.model)


def _follow(client, run, model=None):
    try:
        run.watch()
    except KeyboardInterrupt:
        print("\nthe run goes on: onecycle.py watch " + run.id)
        return 130
    if run.state != "SUCCEEDED":
        failure = run.info.get("failure") or {}
        words = (failure.get("message"), failure.get("fix"))
        print("\n".join(filter(None, words)) or run.state.lower(), file=sys.stderr)
        return 1
    if run.accuracy is not None:
        print("best accuracy %.1f %%, checkpoint %s" % (100 * run.accuracy, run.checkpoint))
    if model:
        client.serve(model, run)
        print("served as model " + model)
    return 0


def _watch(client, asked):
    followed = client.of(asked.id)
    return (_follow if isinstance(followed, Run) else _follow_search)(client, followed)


def _cancel(client, asked):
    print(client.of(asked.id).cancel().state.lower())
    return 0


def _range(text):
    """FIELD=MIN:MAX, with :log or :integer behind it, or FIELD=A,B,C."""
    field, _, values = text.partition("=")
    if not values:
        raise argparse.ArgumentTypeError("%r is not FIELD=MIN:MAX or FIELD=A,B" % text)
    if ":" not in values:
        return field, {"oneOf": [_setting("x=" + value)[1] for value in values.split(",")]}
    try:
        low, high, *words = values.split(":")
        return field, {"min": float(low), "max": float(high), **{word: True for word in words}}
    except ValueError:
        raise argparse.ArgumentTypeError("%r is not FIELD=MIN:MAX" % text) from None


RATES = ("phases[0].learningRate", {"min": 1e-4, "max": 0.1, "log": True})


def _search(client, asked):
    dataset = client.dataset(asked.pictures, asked.name).wait()
    more = {"budget": asked.budget, "trials": asked.trials, "metric": asked.metric}
    space = dict(asked.draw or [RATES])
    search = client.search(dataset, space, asked.recipe, dict(asked.set) or None, asked.name, **more)
    print("search %s: %s/ui/#/search/%s" % (search.id, client.url, search.id))
    return 0 if asked.detach else _follow_search(client, search, asked.model)


def _follow_search(client, search, model=None):
    try:
        search.watch()
    except KeyboardInterrupt:
        print("\nthe search goes on: onecycle.py watch " + search.id)
        return 130
    print(search.state.lower())
    if search.state != "SUCCEEDED":
        return 1
    if model:
        client.serve(model, search)
        print("served as model " + model)
    return 0


def _predict(client, asked):
    failed = 0
    for path in asked.pictures:
        try:
            said = client.predict(asked.model, path, tta=asked.tta, topK=asked.top)
        except (Refused, OSError) as e:
            failed = 1
            print("%s: %s" % (path, e), file=sys.stderr)
            continue
        print(json.dumps({"file": path, **said.info}) if asked.json else "%s  %r" % (path, said))
    return failed


def _export(client, asked):
    inside = {option: True for option in ("normalize", "resize", "labels") if getattr(asked, option)}
    print(client.export(asked.what, asked.output, asked.format, **inside))
    return 0


COLUMNS = ("picture", "action", "label", "now", "likely", "nowProbability", "likelyProbability", "reason", "image")


def _label_check(client, asked):
    dataset = client.dataset(asked.pictures).wait()
    overrides = dict(asked.set) or None
    run = client.check_labels(dataset, folds=asked.folds, recipe=asked.recipe, overrides=overrides)
    print("run %s: %s/ui/#/labels/%s" % (run.id, client.url, run.id))
    failed = _follow(client, run)
    if failed:
        return failed
    found = client.request("GET", "/runs/" + run.id + "/label-check")
    for label in sorted(found["labels"], key=lambda label: -label["wrong"])[:10]:
        if label["wrong"] >= 0.5:
            often = ", mostly " + label["mostOften"] if label.get("mostOften") else ""
            print("%s: about %.0f of %d are wrong%s" % (label["label"], label["wrong"], label["pictures"], often))
    if asked.output:
        with open(asked.output, "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for doubt in run.doubts():
                if doubt["reason"] == "none":
                    break
                proposal = "relabel" if doubt["reason"] == "confident" else ""
                numbers = ["%.4f" % doubt[p] for p in ("labelProbability", "likelyProbability")]
                words = [doubt["picture"], proposal, doubt["likely"], doubt["label"], doubt["likely"]]
                table.writerow([*words, *numbers, doubt["reason"], client.url + doubt["image"]])
        print("%s: look at it, then: onecycle.py relabel %s %s" % (asked.output, dataset.id, asked.output))
    return 0


def _relabel(client, asked):
    edits = []
    with open(asked.table, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            action = (row.get("action") or "").strip()
            if action:
                edit = {"picture": int(row["picture"]), "action": action}
                edits.append({**edit, "label": row["label"]} if action == "relabel" else edit)
    made = client.dataset(asked.dataset).relabel(edits, asked.reason)
    print("version %d: %s, %d pictures" % (made.info["version"], made.id, made.info["pictures"]))
    return 0


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="onecycle.py", description=__doc__.split("\n")[0])
    parser.add_argument("--url", help="the service; else ONECYCLE_URL, else http://localhost:8080")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="send pictures, train on them and watch")
    train.set_defaults(act=_train)
    train.add_argument("pictures", help="a folder, an archive, a dataset's id, s3://..., or sample")
    train.add_argument("--recipe", default="fast", help="a preset's name; fast by default")
    train.add_argument("--budget", help="the time that it gets, such as 10m, whatever its epochs")
    train.add_argument("--set", type=_setting, action="append", default=[], metavar="FIELD=VALUE")
    train.add_argument("--name", help="of the dataset and of the run")
    train.add_argument("--group", metavar="PATTERN", help="never split pictures that it names alike")
    train.add_argument("--model", help="serve the best checkpoint under this name")
    train.add_argument("--detach", action="store_true", help="do not wait for the run")

    search = commands.add_parser("search", help="try values of a recipe's fields against each other")
    search.set_defaults(act=_search)
    search.add_argument("pictures", help="as of train")
    search.add_argument("--draw", type=_range, action="append", metavar="FIELD=MIN:MAX[:log]", help="or FIELD=A,B,C; the learning rate by default")
    search.add_argument("--trials", type=int, help="how many; 9 by default")
    search.add_argument("--budget", help="the time that all of it gets, such as 1h")
    search.add_argument("--metric", choices=("accuracy", "validLoss"), help="accuracy by default")
    search.add_argument("--recipe", default="fast", help="a preset's name; fast by default")
    search.add_argument("--set", type=_setting, action="append", default=[], metavar="FIELD=VALUE")
    search.add_argument("--name", help="of the dataset and of the search")
    search.add_argument("--model", help="serve the best one's checkpoint under this name")
    search.add_argument("--detach", action="store_true", help="do not wait for it")

    watch = commands.add_parser("watch", help="follow a run or a search")
    watch.set_defaults(act=_watch)
    watch.add_argument("id", help="its id")

    cancel = commands.add_parser("cancel", help="end a run, or a search with all of its runs")
    cancel.set_defaults(act=_cancel)
    cancel.add_argument("id", help="its id")

    predict = commands.add_parser("predict", help="ask a model about pictures")
    predict.set_defaults(act=_predict)
    predict.add_argument("model", help="its name, or a checkpoint's id")
    predict.add_argument("pictures", nargs="+", help="picture files")
    predict.add_argument("--tta", help="none, flip, 4, 8 or auto")
    predict.add_argument("--top", type=int, default=3, help="how many labels; 3 by default")
    predict.add_argument("--json", action="store_true", help="one JSON object a line")

    export = commands.add_parser("export", help="write weights to a file")
    export.set_defaults(act=_export)
    export.add_argument("what", help="a model's name, or the id of a run or checkpoint")
    export.add_argument("-o", "--output", help="the file")
    export.add_argument("--format", choices=FORMATS, default="safetensors")
    export.add_argument(
        "--hub", dest="format", action="store_const", const="hub", help="as --format hub: a zip"
    )
    export.add_argument("--normalize", action="store_true", help="onnx takes pixels in 0 to 1")
    export.add_argument("--resize", action="store_true", help="onnx takes pictures of any size")
    export.add_argument("--labels", action="store_true", help="onnx answers the best label, too")

    check = commands.add_parser("label-check", help="look for labels that are wrong")
    check.set_defaults(act=_label_check)
    check.add_argument("pictures", help="a dataset's id, a folder, an archive, or sample")
    check.add_argument("--folds", type=int, help="how many networks; 4 by default")
    check.add_argument("--recipe", help="a preset's name; label-check by default")
    check.add_argument("--set", type=_setting, action="append", default=[], metavar="FIELD=VALUE")
    check.add_argument("-o", "--output", help="a table of what is doubted, with what to do about it")

    relabel = commands.add_parser("relabel", help="put labels right, as a new version")
    relabel.set_defaults(act=_relabel)
    relabel.add_argument("dataset", help="its id")
    relabel.add_argument("table", help="CSV: picture, action (relabel, drop, keep or nothing), label")
    relabel.add_argument("--reason", default="looked at what was doubted", help="a line")

    asked = parser.parse_args(arguments)
    try:
        return asked.act(Client(asked.url), asked)
    except (Refused, OSError, ValueError) as e:
        print(e, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
