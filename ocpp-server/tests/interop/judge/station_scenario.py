"""Our station and a CSMS that nobody here wrote."""

from .csms_scenario import GOOD, PASSWORD, STATION, check
from .messages import messages_of
from .process import Disappointment, Process


def run(tool, peer, version, folder, steps):
    messages = messages_of(version)
    csms = Process("csms", *peer.csms, version, PASSWORD)
    station = None
    try:
        url = csms.expect("it listens", event="listening")["url"]
        for action, payload in messages.answers_of_csms().items():
            csms.tell({"do": "answer", "action": action, "payload": payload})
        password_file = folder / "password"
        password_file.write_text(PASSWORD)
        command = [tool, "station", "--url", url, "--id", STATION, "--ocpp", version, "--json"]
        command += ["--password-file", password_file, "--store", folder / "store", "--retry", "0.2"]
        station = Process("station", *command)
        play(messages, csms, station, steps)
        check_refusals(csms)
    except Disappointment as error:
        steps.failed(str(error), station, csms)
    finally:
        for process in filter(None, (station, csms)):
            process.end()


def play(messages, csms, station, steps):
    def asked(what, fits):
        return csms.expect(what, lambda event: fits(event), event="call")

    def said(action):
        return asked(f"the station sends {action}", lambda call: call["action"] == action)

    def call(action, payload):
        csms.tell({"do": "call", "action": action, "payload": payload})
        ends = ("answer", "error", "failure")
        end = csms.expect(f"{action} is answered", lambda event: event["event"] in ends, action=action)
        check(end["event"] == "answer", f"{action} ends with {end}")
        return end["payload"]

    def transaction(end, start=True):
        """Charges a car, from the moment the cable is in; gives the id of the transaction."""
        begun = asked("a transaction begins", messages.is_start) if start else None
        station.tell("meter 1 1.5")
        asked("a meter value is sent", messages.is_meter)
        station.tell("meter 1 3.25")
        end()
        stopped = asked("the transaction ends", messages.is_stop)
        return messages.transaction_of(begun or stopped)

    with steps("boot, status"):
        connected = csms.expect("the station connects", event="connected")
        check(connected["version"] == messages.version, f"the versions agree: {connected}")
        check(connected["identity"] == STATION, f"the identity arrives: {connected}")
        said("BootNotification")
        said("StatusNotification")

    with steps("heartbeat"):
        answer = call("TriggerMessage", {"requestedMessage": "Heartbeat"})
        check(answer["status"] == "Accepted", f"trigger: {answer}")
        said("Heartbeat")

    with steps("authorize, transaction with meter values"):
        station.tell("plug_in 1")
        station.tell(f"swipe 1 {GOOD}")
        said("Authorize")

        def swipe_out():
            station.tell(f"swipe 1 {GOOD}")
            station.tell("plug_out 1")

        transaction(swipe_out)

    with steps("remote start and stop"):
        csms.forget(event="call")
        answer = call(*messages.remote_start_of(GOOD))
        check(answer["status"] == "Accepted", f"remote start: {answer}")
        station.tell("plug_in 1")
        begun = asked("a transaction begins", messages.is_start)

        def stop():
            answer = call(*messages.remote_stop_of(messages.transaction_of(begun)))
            check(answer["status"] == "Accepted", f"remote stop: {answer}")
            station.tell("plug_out 1")

        transaction(stop, start=False)

    with steps("CALLERROR from the station"):
        action, payload = messages.unsupported_by_station
        csms.tell({"do": "call", "action": action, "payload": payload})
        answer = csms.expect("the station refuses", event="error", action=action)
        check(answer["code"] in ("NotSupported", "NotImplemented"), f"error {answer}")

    with steps("CALLERROR from the CSMS, and again"):
        call(*messages.configure_retries)
        station.tell("plug_in 1")
        station.tell(f"swipe 1 {GOOD}")
        begun = asked("a transaction begins", messages.is_start)
        csms.tell({"do": "refuse", "action": messages.stopped})
        station.tell(f"swipe 1 {GOOD}")
        station.tell("plug_out 1")
        refused = asked("a message is refused", lambda call: call["is_refused"])
        asked("it comes again", lambda call: call["payload"] == refused["payload"])
        if not messages.is_stop(refused):
            asked("the transaction ends all the same", messages.is_stop)

    with steps("dropped connection"):
        csms.forget(event="call")
        station.tell("plug_in 1")
        station.tell(f"swipe 1 {GOOD}")
        begun = asked("a transaction begins", messages.is_start)
        csms.tell({"do": "drop"})
        station.expect("the connection is gone", event="disconnected")
        station.tell("meter 1 7")
        station.tell(f"swipe 1 {GOOD}")
        station.tell("plug_out 1")
        csms.expect("the station comes back", event="connected")
        stopped = asked("the transaction ends", messages.is_stop)
        ids = messages.transaction_of(begun), messages.transaction_of(stopped)
        check(ids[0] == ids[1], f"it is the same transaction: {ids}")


def check_refusals(csms):
    """The peer judges every message by its schemas: it must have liked all of them."""
    refused = [line for line in csms.seen if '"refused"' in line]
    check(not refused, f"the CSMS did not like {refused}")
