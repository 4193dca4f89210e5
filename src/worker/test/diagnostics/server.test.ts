import { describe, expect, it } from 'vitest';
import { judgeServer, type ServerState } from '../../src/diagnostics/server';

const TIME = Date.UTC(2026, 10, 24, 10, 0, 0);
const state: ServerState = {
  schemaVersion: 3,
  domains: ['example.org'],
  lastReceived: TIME,
  full: [],
  forwardFailed: [],
};

describe('the server', () => {
  it('is all right', () => {
    const checks = judgeServer(state, true);
    expect(checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['send-binding', true],
      ['storage', true],
      ['schema', true],
      ['last-received', true],
    ]);
    expect(checks.every(({ domain, remedy }) => domain === null && remedy === null)).toBe(true);
    expect(checks[2]?.finding).toBe('The tables are at version 3.');
    expect(checks[3]?.finding).toBe('Mail was last received at 2026-11-24T10:00:00.000Z.');
  });

  it('says only what it knows where storage fails', () => {
    const checks = judgeServer(null, false);
    expect(checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['send-binding', false],
      ['storage', false],
    ]);
    expect(checks[0]?.remedy).toContain('"send_email"');
    expect(checks[1]?.remedy).toContain('00:00 UTC');
  });

  it.each([
    [{ lastReceived: null }, 'No mail was received yet.', 'catch-all'],
    [
      { full: [{ address: 'a@example.org', since: TIME }] },
      'The mailbox of a@example.org is full; mail to it is refused since 2026-11-24T10:00:00.000Z.',
      'larger quota',
    ],
    [
      { forwardFailed: [{ address: 'b@example.org', since: Number.NaN }] },
      'Mail of b@example.org is not forwarded since an unknown time; it is kept here.',
      'verified',
    ],
  ])('%j', (more, finding, remedy) => {
    const wrong = judgeServer({ ...state, ...more }, true).filter(({ ok }) => !ok);
    expect(wrong).toHaveLength(1);
    expect(wrong[0]?.finding).toBe(finding);
    expect(wrong[0]?.remedy).toContain(remedy);
  });
});
