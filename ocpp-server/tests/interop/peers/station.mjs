// A station that speaks through the npm package `ocpp-rpc` in strict mode.
//
// usage: station.mjs URL IDENTITY VERSION PASSWORD

import rpc from 'ocpp-rpc';
import { Script, orders, perform, say } from './peer.mjs';

const [endpoint, identity, version, password] = process.argv.slice(2);
const script = new Script();
let client;

for await (const order of orders()) {
    switch (order.do) {
        case 'connect':
            client = new rpc.RPCClient({
                endpoint,
                identity,
                password: order.password ?? password,
                protocols: [`ocpp${version}`],
                strictMode: true,
                reconnect: false,
                callTimeoutMs: 10_000,
            });
            script.govern(client);
            try {
                await client.connect();
                say({ event: 'connected', version: client.protocol.replace('ocpp', '') });
            } catch (error) {
                say({ event: 'rejected', status: error.code ?? null, why: String(error) });
            }
            break;
        case 'call':
            perform(client, order);
            break;
        case 'drop':
            client.close({ force: true });
            break;
        case 'close':
            await client.close();
            break;
        default:
            script.obey(order);
    }
}
process.exit(0);
