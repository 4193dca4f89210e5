// Stands for Cloudflare's edge: takes inbound mail for the Worker's email() handler, and passes requests on.

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);

    if (pathname === '/edge/email') {
      return request.method === 'POST'
        ? receive(request, env)
        : new Response('POST a message here\n', { status: 405, headers: { Allow: 'POST' } });
    }

    // On the real edge nobody can choose this header; here every client is on this machine.
    const headers = new Headers(request.headers);
    headers.set('CF-Connecting-IP', '127.0.0.1');

    return env.MAIN.fetch(new Request(request, { headers }));
  },
};

/** What a sender's server is told: taken, refused for ever, or "try again" when the handler threw. */
async function receive(request, env) {
  const to = request.headers.get('X-Envelope-To');
  const size = Number(request.headers.get('Content-Length') ?? Number.NaN);

  if (!to || !Number.isInteger(size)) {
    const reason = 'X-Envelope-To and Content-Length are needed';
    return Response.json({ outcome: 'invalid', reason }, { status: 400 });
  }

  let reason = null;
  const message = {
    from: request.headers.get('X-Envelope-From') ?? '',
    to,
    headers: new Headers(),
    raw: request.body ?? new Blob([]).stream(),
    rawSize: size,
    canBeForwarded: false,
    setReject(text) {
      reason = text;
    },
  };

  try {
    await env.MAIN.email(message);
  } catch (error) {
    console.error('deferred:', error);
    return Response.json({ outcome: 'deferred' }, { status: 503 });
  }

  // The call of setReject is a message of its own and may come a turn after the handler's return.
  await new Promise((resolve) => setTimeout(resolve, 0));

  return reason === null
    ? Response.json({ outcome: 'accepted' })
    : Response.json({ outcome: 'rejected', reason }, { status: 422 });
}
