"""What both Python peers share: a thin skin of JSON lines around the `ocpp` package.

Orders come in on standard input, what happens goes out on standard output, one JSON object per line. The peer has no mind
of its own: the judge says what it calls and how it answers. Every payload goes through the schemas of the package.
"""

import asyncio
import importlib
import inspect
import json
import logging
import sys

from ocpp.charge_point import camel_to_snake_case, remove_nones, snake_to_camel_case
from ocpp.exceptions import InternalError, NotSupportedError, OCPPError
from ocpp.routing import on

logging.getLogger("ocpp").setLevel(logging.CRITICAL)

PACKAGES = {"1.6": "ocpp.v16", "2.0.1": "ocpp.v201", "2.1": "ocpp.v21"}


def say(**event):
    print(json.dumps(event), flush=True)


async def orders():
    """The orders of the judge, until it closes our standard input."""
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)


class Script:
    """How the judge wants calls to be answered; outlives a connection."""

    def __init__(self):
        self.answers = {}
        self.refusals = []

    def obey(self, order):
        """Takes an order that needs no connection; says whether it was one."""
        match order["do"]:
            case "answer":
                self.answers[order["action"]] = order["payload"]
            case "refuse":
                self.refusals.append(order["action"])
            case _:
                return False
        return True


def peer_of(version, script):
    """The class of a peer that speaks this version and answers by this script."""
    package = importlib.import_module(PACKAGES[version])
    calls, results = package.call, package.call_result

    class Peer(package.ChargePoint):
        async def _handle_call(self, message):
            self.payload = message.payload
            try:
                await super()._handle_call(message)
            except OCPPError as error:
                say(event="refused", action=message.action, why=str(error))
                raise

        async def perform(self, order):
            """Makes a call and says how it ended."""
            action = order["action"]
            request = getattr(calls, action)(**camel_to_snake_case(order["payload"]))
            unchecked = order.get("unchecked", False)
            try:
                answer = await self.call(request, suppress=False, skip_schema_validation=unchecked)
                say(event="answer", action=action, payload=raw(answer))
            except OCPPError as error:
                say(event="error", action=action, code=error.code, description=error.description)
            except Exception as error:
                say(event="failure", action=action, why=repr(error))

    def handler_of(action):
        def handle(self, **_):
            is_refused = action in script.refusals
            say(event="call", action=action, payload=self.payload, is_refused=is_refused)
            if is_refused:
                script.refusals.remove(action)
                raise InternalError(description="the judge wants it so")
            if action not in script.answers:
                raise NotSupportedError(description="the judge has no answer")
            return getattr(results, action)(**camel_to_snake_case(script.answers[action]))

        handle.__name__ = f"on_{action}"  # the package finds handlers by it
        return on(action)(handle)

    for name, kind in inspect.getmembers(calls, inspect.isclass):
        if kind.__module__ == calls.__name__ and hasattr(results, name):
            setattr(Peer, f"on_{name}", handler_of(name))
    return Peer


def raw(answer):
    """An answer of the package as it was on the wire."""
    return snake_to_camel_case(remove_nones(vars(answer)))


async def listen(peer):
    """Hands on what comes in until the connection is gone."""
    try:
        await peer.start()
    except Exception as error:  # the judge hears of any end
        say(event="closed", why=repr(error))
