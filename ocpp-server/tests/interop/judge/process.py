"""A process that is driven by lines on standard input and tells what happens as JSON lines on standard output."""

import json
import queue
import subprocess
import threading
import time

PATIENCE = 10.0
"""Seconds until what should happen counts as not happening."""


class Disappointment(Exception):
    """What was expected did not happen."""


class Process:
    def __init__(self, name, *command, cwd=None):
        self.name = name
        self.seen = []
        self.waiting = []
        self.arriving = queue.Queue()
        self.process = subprocess.Popen(
            list(map(str, command)),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        threading.Thread(target=self._read_events, daemon=True).start()
        threading.Thread(target=self._read_complaints, daemon=True).start()

    def _read_events(self):
        for line in self.process.stdout:
            self.arriving.put(line)
        self.arriving.put(None)

    def _read_complaints(self):
        for line in self.process.stderr:
            self.seen.append(f"stderr: {line.rstrip()}")

    def tell(self, line):
        """Gives an order: a text as it is, or an object as JSON."""
        text = line if isinstance(line, str) else json.dumps(line)
        self.seen.append(f"order: {text}")
        try:
            self.process.stdin.write(text + "\n")
        except OSError as error:
            raise Disappointment(f"{self.name} takes no orders any more: {error}") from error

    def expect(self, what, where=lambda event: True, within=PATIENCE, **members):
        """The next event with these members; events that are passed over stay for others to expect."""
        def fits(event):
            return all(event.get(name) == value for name, value in members.items()) and where(event)

        for index, event in enumerate(self.waiting):
            if fits(event):
                return self.waiting.pop(index)
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self.arriving.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                raise Disappointment(f"{self.name} has ended while this was expected: {what}")
            event = self._event_of(line)
            if event is None:
                continue
            if fits(event):
                return event
            self.waiting.append(event)
        raise Disappointment(f"{self.name}: this did not happen: {what}")

    def forget(self, **members):
        """Passes over all events so far that have these members."""
        while True:
            try:
                line = self.arriving.get_nowait()
            except queue.Empty:
                break
            if line is None:
                self.arriving.put(None)
                break
            if (event := self._event_of(line)) is not None:
                self.waiting.append(event)
        self.waiting = [e for e in self.waiting if any(e.get(name) != value for name, value in members.items())]

    def _event_of(self, line):
        self.seen.append(line.rstrip())
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            return None
        return event if isinstance(event, dict) else None

    def account(self, lines=40):
        """What was seen last, for people."""
        return "\n".join(f"    {self.name}| {text[:300]}" for text in self.seen[-lines:])

    def end(self):
        self.process.kill()
        self.process.wait()
