"""The control interface of `chargewire csms`."""

import json
import time
import urllib.error
import urllib.request

from .process import PATIENCE, Disappointment


class Control:
    def __init__(self, url):
        self.url = url

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return json.loads(error.read() or b"null")

    def call(self, station, action, payload):
        return self.ask("POST", f"/stations/{station}/call", {"action": action, "payload": payload})

    def records(self, station):
        return self.ask("GET", f"/transactions?station={station}")

    def await_record(self, station, what, fits):
        """The first record of the station that fits."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            records = self.records(station)
            found = [record for record in records if fits(record)]
            if found:
                return found[0]
            time.sleep(0.02)
        raise Disappointment(f"no record {what}: {json.dumps(records)[:600]}")
