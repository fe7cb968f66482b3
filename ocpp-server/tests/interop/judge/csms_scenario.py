"""Our CSMS and a station that nobody here wrote."""

import json

from .control import Control
from .messages import messages_of
from .process import Disappointment, Process

STATION, PASSWORD = "INTEROP-1", "charge-wire-2026"
GOOD, BLOCKED = "04A1B2C3", "04DEADBEEF"


def check(condition, what):
    if not condition:
        raise Disappointment(what)


def run(tool, peer, version, folder, steps):
    messages = messages_of(version)
    stations = folder / "stations.json"
    stations.write_text(json.dumps({"stations": [{"identity": STATION, "password": PASSWORD, "profile": 1}]}))
    csms = Process(
        "csms", tool, "csms", "--listen", "127.0.0.1:0", "--stations", stations, "--control", "127.0.0.1:0", "--json"
    )
    station = None
    try:
        listening = csms.expect("it listens", event="listening")
        control = Control(listening["control"])
        station = Process("station", *peer.station, f"{listening['url']}/ocpp", STATION, version, PASSWORD)
        play(messages, control, station, steps)
    except Disappointment as error:
        steps.failed(str(error), csms, station)
    finally:
        for process in filter(None, (station, csms)):
            process.end()


def play(messages, control, station, steps):
    def call(action, payload):
        station.tell({"do": "call", "action": action, "payload": payload})
        ends = ("answer", "error", "failure")
        end = station.expect(f"{action} is answered", lambda event: event["event"] in ends, action=action)
        check(end["event"] == "answer", f"{action} ends with {end}")
        return end["payload"]

    with steps("wrong password"):
        station.tell({"do": "connect", "password": "wrong"})
        station.expect("the CSMS refuses", event="rejected")

    with steps("boot"):
        connect(messages, station)
        for action, payload in messages.answers_of_station().items():
            station.tell({"do": "answer", "action": action, "payload": payload})
        answer = call(*messages.boot())
        check(answer["status"] == "Accepted", f"boot answered with {answer}")

    with steps("heartbeat, status"):
        check("currentTime" in call("Heartbeat", {}), "a heartbeat is answered with the time")
        call(*messages.status())

    with steps("authorize"):
        for tag, verdict in ((GOOD, "Accepted"), (BLOCKED, "Blocked")):
            control.ask("PUT", f"/id-tags/{tag}", {"status": verdict})
            answer = messages.verdict(call(*messages.authorization(tag)))
            check(answer == verdict, f"{tag} is {answer}")

    with steps("transaction with meter values"):
        begun = messages.note_start("one", call(*messages.start("one", GOOD, 1000)))
        call(*messages.meter(begun, 1500))
        call(*messages.meter(begun, 2250))
        call(*messages.stop(begun, GOOD, 3000))
        record = control.await_record(STATION, "of the whole transaction", lambda r: r["status"] == "Complete")
        check(str(record["energy_wh"]) == "2000", f"energy {record['energy_wh']}")

    with steps("remote start and stop"):
        answer = control.call(STATION, *messages.remote_start_of(GOOD))
        check(answer.get("answer", {}).get("status") == "Accepted", f"remote start: {answer}")
        station.expect("the station is asked to start", event="call", action=messages.remote_start)
        begun = messages.note_start("two", call(*messages.start("two", GOOD, 3000, remote_start_id=77)))
        control.await_record(STATION, "that is open", lambda r: r["status"] == "Open")
        answer = control.call(STATION, *messages.remote_stop_of(begun))
        check(answer.get("answer", {}).get("status") == "Accepted", f"remote stop: {answer}")
        station.expect("the station is asked to stop", event="call", action=messages.remote_stop)
        call(*messages.stop(begun, GOOD, 3500))

    with steps("CALLERROR from the station"):
        answer = control.call(STATION, *messages.unsupported_by_station)
        check(answer.get("error", {}).get("code") == "NotSupported", f"expected an error: {answer}")

    with steps("CALLERROR from the CSMS"):
        action = "SignCertificate"
        station.tell({"do": "call", "action": action, "payload": {"csr": "none"}})
        answer = station.expect("the CSMS refuses", event="error", action=action)
        check(answer["code"] in ("NotSupported", "NotImplemented"), f"error {answer}")

    with steps("dropped connection"):
        begun = messages.note_start("three", call(*messages.start("three", GOOD, 3500)))
        station.tell({"do": "drop"})
        station.expect("the connection is gone", event="closed")
        connect(messages, station)
        call(*messages.meter(begun, 4000))
        call(*messages.stop(begun, GOOD, 5000))
        record = control.await_record(
            STATION,
            "of the transaction with the gap",
            lambda r: r["status"] == "Complete" and str(r["meter_stop_wh"]) == "5000",
        )
        check(str(record["energy_wh"]) == "1500", f"energy {record['energy_wh']}")
        answer = control.call(STATION, *messages.remote_start_of(GOOD))
        check(answer.get("answer", {}).get("status") == "Accepted", f"a call on the new connection: {answer}")
        check(len(control.records(STATION)) == 3, "three transactions, three records")


def connect(messages, station):
    station.tell({"do": "connect"})
    connected = station.expect("it connects", event="connected")
    check(connected["version"] == messages.version, f"the versions agree: {connected}")
