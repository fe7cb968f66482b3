"""A station that speaks through the Python packages `ocpp` and `websockets`.

usage: station.py URL IDENTITY VERSION PASSWORD
"""

import asyncio
import base64
import sys

import websockets

from peer import Script, listen, orders, peer_of, say


async def main(url, identity, version, password):
    script = Script()
    peer = link = None
    async for order in orders():
        match order["do"]:
            case "connect":
                credentials = base64.b64encode(f"{identity}:{order.get('password', password)}".encode()).decode()
                try:
                    link = await websockets.connect(
                        f"{url}/{identity}",
                        subprotocols=[f"ocpp{version}"],
                        additional_headers={"Authorization": f"Basic {credentials}"},
                    )
                except websockets.exceptions.InvalidStatus as error:
                    say(event="rejected", status=error.response.status_code)
                    continue
                peer = peer_of(version, script)(identity, link, response_timeout=10)
                asyncio.create_task(listen(peer))
                say(event="connected", version=link.subprotocol.removeprefix("ocpp"))
            case "call":
                asyncio.create_task(peer.perform(order))
            case "drop":
                link.transport.abort()
            case "close":
                await link.close()
            case _:
                script.obey(order)


asyncio.run(main(*sys.argv[1:]))
