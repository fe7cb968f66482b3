"""What is said in the scenarios, in each version."""

import datetime


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Messages16:
    """OCPP 1.6."""

    version = "1.6"
    authorize = "Authorize"
    remote_start = "RemoteStartTransaction"
    remote_stop = "RemoteStopTransaction"
    stopped = "StopTransaction"
    unsupported_by_station = ("GetDiagnostics", {"location": "https://example.com/logs"})
    configure_retries = (
        "ChangeConfiguration",
        {"key": "TransactionMessageRetryInterval", "value": "1"},
    )

    def boot(self):
        return "BootNotification", {"chargePointVendor": "Interop", "chargePointModel": "Peer"}

    def status(self):
        return "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"}

    def authorization(self, tag):
        return "Authorize", {"idTag": tag}

    def verdict(self, answer):
        return answer["idTagInfo"]["status"]

    def start(self, transaction, tag, wh, remote_start_id=None):
        return "StartTransaction", {"connectorId": 1, "idTag": tag, "meterStart": wh, "timestamp": now()}

    def note_start(self, transaction, answer):
        """The id of the transaction, which the CSMS gives in 1.6."""
        return answer["transactionId"]

    def meter(self, transaction, wh):
        sample = {"value": str(wh), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
        values = [{"timestamp": now(), "sampledValue": [sample]}]
        return "MeterValues", {"connectorId": 1, "transactionId": transaction, "meterValue": values}

    def stop(self, transaction, tag, wh):
        payload = {"transactionId": transaction, "idTag": tag, "meterStop": wh, "timestamp": now(), "reason": "Local"}
        return "StopTransaction", payload

    def remote_start_of(self, tag):
        return self.remote_start, {"connectorId": 1, "idTag": tag}

    def remote_stop_of(self, transaction):
        return self.remote_stop, {"transactionId": transaction}

    def answers_of_csms(self):
        info = {"idTagInfo": {"status": "Accepted"}}
        return {
            "BootNotification": {"currentTime": now(), "interval": 300, "status": "Accepted"},
            "Heartbeat": {"currentTime": now()},
            "StatusNotification": {},
            "Authorize": info,
            "StartTransaction": {"transactionId": 4711, **info},
            "MeterValues": {},
            "StopTransaction": info,
            "SecurityEventNotification": {},
        }

    def answers_of_station(self):
        accepted = {"status": "Accepted"}
        return {self.remote_start: accepted, self.remote_stop: accepted}

    def is_start(self, call):
        return call["action"] == "StartTransaction"

    def is_meter(self, call):
        return call["action"] == "MeterValues" and call["payload"].get("transactionId") == 4711

    def is_stop(self, call):
        return call["action"] == "StopTransaction"

    def transaction_of(self, call):
        return call["payload"].get("transactionId", 4711)


class Messages2:
    """OCPP 2.0.1 and 2.1, which agree on all that is said here."""

    authorize = "Authorize"
    remote_start = "RequestStartTransaction"
    remote_stop = "RequestStopTransaction"
    stopped = "TransactionEvent"
    unsupported_by_station = ("GetDisplayMessages", {"requestId": 1})
    configure_retries = (
        "SetVariables",
        {
            "setVariableData": [
                {
                    "attributeValue": "1",
                    "component": {"name": "OCPPCommCtrlr"},
                    "variable": {"name": "MessageAttemptInterval", "instance": "TransactionEvent"},
                }
            ]
        },
    )

    def __init__(self, version):
        self.version = version
        self.seq_nos = {}

    def boot(self):
        station = {"model": "Peer", "vendorName": "Interop"}
        return "BootNotification", {"reason": "PowerUp", "chargingStation": station}

    def status(self):
        place = {"evseId": 1, "connectorId": 1}
        return "StatusNotification", {"timestamp": now(), "connectorStatus": "Available", **place}

    def authorization(self, tag):
        return "Authorize", {"idToken": {"idToken": tag, "type": "ISO14443"}}

    def verdict(self, answer):
        return answer["idTokenInfo"]["status"]

    def _event(self, kind, transaction, trigger, wh, context, **more):
        seq_no = self.seq_nos[transaction] = self.seq_nos.get(transaction, -1) + 1
        sample = {"value": wh, "context": context, "measurand": "Energy.Active.Import.Register"}
        info = {"transactionId": transaction, **more.pop("info", {})}
        return "TransactionEvent", {
            "eventType": kind,
            "timestamp": now(),
            "triggerReason": trigger,
            "seqNo": seq_no,
            "transactionInfo": info,
            "meterValue": [{"timestamp": now(), "sampledValue": [sample]}],
            **more,
        }

    def start(self, transaction, tag, wh, remote_start_id=None):
        info = {"chargingState": "Charging"}
        if remote_start_id is not None:
            info["remoteStartId"] = remote_start_id
        trigger = "Authorized" if remote_start_id is None else "RemoteStart"
        token = {"idToken": tag, "type": "ISO14443"}
        place = {"id": 1, "connectorId": 1}
        return self._event(
            "Started", transaction, trigger, wh, "Transaction.Begin", info=info, idToken=token, evse=place
        )

    def note_start(self, transaction, answer):
        return transaction

    def meter(self, transaction, wh):
        return self._event("Updated", transaction, "MeterValuePeriodic", wh, "Sample.Periodic")

    def stop(self, transaction, tag, wh):
        info = {"stoppedReason": "Local"}
        token = {"idToken": tag, "type": "ISO14443"}
        return self._event(
            "Ended", transaction, "StopAuthorized", wh, "Transaction.End", info=info, idToken=token
        )

    def remote_start_of(self, tag):
        token = {"idToken": tag, "type": "ISO14443"}
        return self.remote_start, {"idToken": token, "remoteStartId": 77, "evseId": 1}

    def remote_stop_of(self, transaction):
        return self.remote_stop, {"transactionId": transaction}

    def answers_of_csms(self):
        return {
            "BootNotification": {"currentTime": now(), "interval": 300, "status": "Accepted"},
            "Heartbeat": {"currentTime": now()},
            "StatusNotification": {},
            "NotifyEvent": {},
            "Authorize": {"idTokenInfo": {"status": "Accepted"}},
            "TransactionEvent": {},
            "SecurityEventNotification": {},
        }

    def answers_of_station(self):
        accepted = {"status": "Accepted"}
        return {self.remote_start: accepted, self.remote_stop: accepted}

    def is_start(self, call):
        return call["action"] == "TransactionEvent" and call["payload"]["eventType"] == "Started"

    def is_meter(self, call):
        return (
            call["action"] == "TransactionEvent"
            and call["payload"]["eventType"] == "Updated"
            and bool(call["payload"].get("meterValue"))
        )

    def is_stop(self, call):
        return call["action"] == "TransactionEvent" and call["payload"]["eventType"] == "Ended"

    def transaction_of(self, call):
        return call["payload"]["transactionInfo"]["transactionId"]


def messages_of(version):
    return Messages16() if version == "1.6" else Messages2(version)
