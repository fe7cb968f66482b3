// What both Node peers share: a thin skin of JSON lines around the `ocpp-rpc` package in strict mode.
//
// Orders come in on standard input, what happens goes out on standard output, one JSON object per line. The peer has no
// mind of its own: the judge says what it calls and how it answers.

import { createInterface } from 'node:readline';
import rpc from 'ocpp-rpc';

export function say(event) {
    process.stdout.write(JSON.stringify(event) + '\n');
}

/** The orders of the judge, until it closes our standard input. */
export async function* orders() {
    for await (const line of createInterface({ input: process.stdin })) yield JSON.parse(line);
}

/** How the judge wants calls to be answered; outlives a connection. */
export class Script {
    answers = new Map();
    refusals = new Set();

    obey(order) {
        if (order.do === 'answer') this.answers.set(order.action, order.payload);
        if (order.do === 'refuse') this.refusals.add(order.action);
    }

    /** Makes a client of the package answer by this script, and tell what it sees. */
    govern(client) {
        client.handle(({ method, params }) => {
            const isRefused = this.refusals.delete(method);
            say({ event: 'call', action: method, payload: params, is_refused: isRefused });
            if (isRefused) throw rpc.createRPCError('InternalError', 'the judge wants it so');
            if (!this.answers.has(method)) throw rpc.createRPCError('NotSupported', 'the judge has no answer');
            return this.answers.get(method);
        });
        client.on('strictValidationFailure', ({ error }) => say({ event: 'refused', why: String(error) }));
        client.on('badMessage', ({ error }) => say({ event: 'refused', why: String(error) }));
        client.on('close', ({ code }) => say({ event: 'closed', code }));
    }
}

/** Makes a call and says how it ended. */
export async function perform(client, { action, payload }) {
    try {
        say({ event: 'answer', action, payload: await client.call(action, payload) });
    } catch (error) {
        if (error.rpcErrorCode) say({ event: 'error', action, code: error.rpcErrorCode, description: error.message });
        else say({ event: 'failure', action, why: String(error) });
    }
}
