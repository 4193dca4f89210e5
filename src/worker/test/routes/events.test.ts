import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_WEBSOCKETS } from '../../src/limits';
import {
  addUser,
  deliver,
  ids,
  mailboxOf,
  post,
  problemOf,
  request,
  setUp,
  signIn,
  submit,
  type User,
} from '../support/client';
import { listen } from '../support/listener';

let admin: User;
let bob: User;

beforeAll(async () => {
  admin = await setUp();
  bob = await addUser(admin, 'bob@example.org');
});

describe('events', () => {
  it('say where the mailbox is, and then what is new in it', async () => {
    const { next, socket } = await listen(bob);
    expect(await next()).toEqual({ type: 'changed', seq: 0 });

    const subject = '=?utf-8?q?Gr=C3=BC=C3=9Fe?=';
    await deliver('bob@example.org', `From: "Ann" <ann@x.example>\r\nSubject: ${subject}\r\n\r\n`);
    const [id] = await ids(bob);
    expect(await next()).toEqual({
      type: 'changed',
      seq: 1,
      id,
      from: '"Ann" <ann@x.example>',
      subject: 'Grüße',
    });

    const deleted = await post('/v1/messages/delete', { ids: [id] }, bob.token);
    await deleted.body?.cancel();
    expect(await next()).toEqual({ type: 'changed', seq: 2 });

    const sent = await submit(bob, 'From: bob@example.org\r\n\r\n', ['ann@elsewhere.example']);
    await sent.body?.cancel();
    expect(await next()).toEqual({ type: 'changed', seq: 3 });
    socket.close();
  });

  it('answer a ping, and outlive the sleep of the object', async () => {
    const { next, socket } = await listen(bob);
    await next();
    await evictDurableObject(mailboxOf(bob));
    socket.send('ping');
    expect(await next()).toBe('pong');
    await deliver('bob@example.org', 'Subject: awake\r\n\r\n');
    expect(await next()).toMatchObject({ subject: 'awake', from: '' });
    socket.close();
  });

  it('end with the token, and with no other', async () => {
    const [phone, laptop] = [
      await signIn(bob.address, 'phone'),
      await signIn(bob.address, 'laptop'),
    ];
    const [first, second] = [await listen(phone), await listen(laptop)];
    await second.next();
    await request(`/v1/tokens/${phone.tokenId}`, { method: 'DELETE', token: laptop.token });
    expect(await first.closed).toBe(4001);
    await deliver('bob@example.org', 'Subject: still here\r\n\r\n');
    expect(await second.next()).toMatchObject({ subject: 'still here' });
    second.socket.close();
  });

  it('make room for a new one when there are too many', async () => {
    const carol = await addUser(admin, 'carol@example.org');
    const listeners = [];

    for (let index = 0; index <= MAX_WEBSOCKETS; index += 1) {
      listeners.push(await listen(carol));
    }

    const count = await runInDurableObject(
      mailboxOf(carol),
      (_, state) =>
        state.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN).length,
    );
    expect(count).toBe(MAX_WEBSOCKETS);

    for (const { socket } of listeners) {
      socket.close();
    }
  });

  it('want a WebSocket', async () => {
    const response = await request('/v1/events', { token: bob.token });
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: 'invalid_request', field: 'Upgrade' });
  });
});
