// Passwords, stored as PBKDF2-HMAC-SHA-256 with a salt of their own and the parameters beside them.

import { encode, randomBytes } from '../bytes';

export interface StoredPassword {
  readonly hash: ArrayBuffer;
  readonly salt: ArrayBuffer;
  readonly scheme: string;
}

/**
 * The runtime does at most 100,000 rounds a call, so the output of one pass is the password of the next: an
 * attacker has to do all six. A call blocks the object; between two of them it serves other requests.
 */
const ROUNDS = 100_000;
const PASSES = 6;
const SCHEME = /^pbkdf2-sha256:(\d+):(\d+)$/;
const CURRENT_SCHEME = `pbkdf2-sha256:${ROUNDS}:${PASSES}`;

export async function hashPassword(password: string): Promise<StoredPassword> {
  const salt = randomBytes(16).buffer;
  const hash = await derive(prepared(password), salt, ROUNDS, PASSES);

  return { hash, salt, scheme: CURRENT_SCHEME };
}

/**
 * However old the stored parameters are, this costs what the present ones cost: else the time would tell an
 * account that was not used for long from one that is not there.
 */
export async function verifyPassword(password: string, stored: StoredPassword): Promise<boolean> {
  const [, rounds, passes] = SCHEME.exec(stored.scheme) ?? [];

  if (rounds === undefined || passes === undefined) {
    throw new Error(`unknown password scheme ${stored.scheme}`);
  }

  const hash = await derive(prepared(password), stored.salt, Number(rounds), Number(passes));
  const missing = ROUNDS * PASSES - Number(rounds) * Number(passes);
  await derive(hash, stored.salt, ROUNDS, Math.max(Math.ceil(missing / ROUNDS), 0));

  return crypto.subtle.timingSafeEqual(hash, stored.hash);
}

/** Whether the password should be hashed anew when it is next seen. */
export function isOutdated(stored: StoredPassword): boolean {
  return stored.scheme !== CURRENT_SCHEME;
}

/** What an unknown user's password is checked against: the same time, and never a match. */
export function nobodysPassword(): StoredPassword {
  return { hash: new ArrayBuffer(32), salt: new ArrayBuffer(16), scheme: CURRENT_SCHEME };
}

/** RFC 8265 section 4.2: however a keyboard composes a letter, it is the same password. */
function prepared(password: string): ArrayBuffer {
  return encode(password.normalize('NFC')).buffer;
}

async function derive(
  input: ArrayBuffer,
  salt: ArrayBuffer,
  rounds: number,
  passes: number,
): Promise<ArrayBuffer> {
  let secret = input;

  for (let pass = 0; pass < passes; pass += 1) {
    await scheduler.wait(0);
    const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
    const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
    secret = await crypto.subtle.deriveBits(parameters, key, 256);
  }

  return secret;
}
