"""Plays scenarios between the tool of this project and software from elsewhere.

usage: python -m judge TOOL [--peer python|node] [--version 1.6|2.0.1|2.1] [--role csms|station]

The role is that of the tool. Exit status 0 when all went as it should, 1 when not.
"""

import argparse
import contextlib
import pathlib
import shutil
import sys
import tempfile
import time
import types

from . import csms_scenario, station_scenario

HERE = pathlib.Path(__file__).resolve().parent.parent


class Steps:
    """Notes how far a scenario got."""

    def __init__(self):
        self.done = []
        self.current = None
        self.account = None

    @contextlib.contextmanager
    def __call__(self, name):
        self.current = name
        yield
        self.done.append(name)
        self.current = None

    def failed(self, why, *processes):
        accounts = "\n".join(process.account() for process in processes if process)
        self.account = f"  at step: {self.current}\n  {why}\n{accounts}"


def peers(node_folder):
    """How the peers are started, by name."""
    found = {}
    python = [sys.executable]
    found["python"] = types.SimpleNamespace(
        versions=["1.6", "2.0.1", "2.1"],
        csms=[*python, HERE / "peers/csms.py"],
        station=[*python, HERE / "peers/station.py"],
    )
    if node_folder and shutil.which("node"):
        found["node"] = types.SimpleNamespace(
            versions=["1.6", "2.0.1"],  # its schemas of 2.1 are a part only
            csms=["node", f"{node_folder}/csms.mjs"],
            station=["node", f"{node_folder}/station.mjs"],
        )
    return found


def main():
    parser = argparse.ArgumentParser(prog="judge")
    parser.add_argument("tool")
    parser.add_argument("--node-folder")
    parser.add_argument("--peer", choices=["python", "node"])
    parser.add_argument("--version", choices=["1.6", "2.0.1", "2.1"])
    parser.add_argument("--role", choices=["csms", "station"])
    asked = parser.parse_args()
    roles = {"csms": csms_scenario, "station": station_scenario}
    failures = 0
    played = 0
    for name, peer in peers(asked.node_folder).items():
        for version in peer.versions:
            for role, scenario in roles.items():
                if (asked.peer or name, asked.version or version, asked.role or role) != (name, version, role):
                    continue
                steps = Steps()
                began = time.monotonic()
                with tempfile.TemporaryDirectory() as folder:
                    scenario.run(asked.tool, peer, version, pathlib.Path(folder), steps)
                took = time.monotonic() - began
                played += 1
                failures += steps.account is not None
                verdict = "ok" if steps.account is None else "FAILED"
                print(f"{verdict:6} chargewire {role:7} OCPP {version:5} with {name:6} {took:4.1f} s  {'; '.join(steps.done)}")
                if steps.account is not None:
                    print(steps.account, flush=True)
    print(f"{played - failures} of {played} scenarios went as they should")
    sys.exit(0 if played and not failures else 1)


if __name__ == "__main__":
    main()
