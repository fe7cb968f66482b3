// A CSMS that speaks through the npm package `ocpp-rpc` in strict mode; it serves one station at a time.
//
// usage: csms.mjs VERSION PASSWORD

import rpc from 'ocpp-rpc';
import { Script, orders, perform, say } from './peer.mjs';

const [version, password] = process.argv.slice(2);
const script = new Script();
let latest;

const server = new rpc.RPCServer({ protocols: [`ocpp${version}`], strictMode: true, callTimeoutMs: 10_000 });
server.auth((accept, reject, handshake) => {
    if (handshake.password?.toString('utf8') === password) return accept();
    say({ event: 'rejected', identity: handshake.identity });
    reject(401, 'wrong password');
});
server.on('client', (client) => {
    latest = client;
    script.govern(client);
    say({ event: 'connected', identity: client.identity, version: (client.protocol ?? '').replace('ocpp', '') });
});
const http = await server.listen(0, '127.0.0.1');
say({ event: 'listening', url: `ws://127.0.0.1:${http.address().port}/ocpp` });

for await (const order of orders()) {
    switch (order.do) {
        case 'call':
            perform(latest, order);
            break;
        case 'drop':
            latest.close({ force: true });
            break;
        case 'close':
            await latest.close();
            break;
        default:
            script.obey(order);
    }
}
process.exit(0);
