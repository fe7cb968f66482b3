"""A CSMS that speaks through the Python packages `ocpp` and `websockets`; it serves one station at a time.

usage: csms.py VERSION PASSWORD
"""

import asyncio
import base64
import http
import sys

import websockets

from peer import Script, listen, orders, peer_of, say


async def main(version, password):
    script = Script()
    latest = {}

    def admit(connection, request):
        """Basic authentication, as security profile 1 has it."""
        identity = request.path.rsplit("/", 1)[-1]
        expected = "Basic " + base64.b64encode(f"{identity}:{password}".encode()).decode()
        if request.headers.get("Authorization") != expected:
            say(event="rejected", identity=identity)
            return connection.respond(http.HTTPStatus.UNAUTHORIZED, "wrong password\n")

    async def serve(link):
        identity = link.request.path.rsplit("/", 1)[-1]
        peer = peer_of(version, script)(identity, link, response_timeout=10)
        latest.update(link=link, peer=peer)
        say(event="connected", identity=identity, version=(link.subprotocol or "").removeprefix("ocpp"))
        await listen(peer)

    async with websockets.serve(
        serve, "127.0.0.1", 0, subprotocols=[f"ocpp{version}"], process_request=admit
    ) as server:
        say(event="listening", url=f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp")
        async for order in orders():
            match order["do"]:
                case "call":
                    asyncio.create_task(latest["peer"].perform(order))
                case "drop":
                    latest["link"].transport.abort()
                case "close":
                    await latest["link"].close()
                case _:
                    script.obey(order)


asyncio.run(main(*sys.argv[1:]))
