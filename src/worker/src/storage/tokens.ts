// The tokens of one mailbox: only the SHA-256 of each secret, with its device's name.

import { randomBytes, sha256, toBase64Url, toHex } from '../bytes';
import { LAST_USED_PRECISION, MAX_TOKENS } from '../limits';

export interface Token {
  readonly id: string;
  readonly device: string;
  readonly created: number;
  readonly lastUsed: number;
}

export class TokenStore {
  constructor(readonly sql: SqlStorage) {}

  /** Returns the new token and the secret, which nobody can ask for again; null where there are too many. */
  async issue(
    device: string,
    generation: number,
    now: number,
  ): Promise<{ token: Token; secret: string } | null> {
    const secret = toBase64Url(randomBytes(32));
    const hash = await sha256(secret);
    const token = { id: toHex(randomBytes(8)), device, created: now, lastUsed: now };
    const count = Number(this.sql.exec('SELECT count(*) AS count FROM tokens').one().count);

    if (count >= MAX_TOKENS) {
      return null;
    }

    this.sql.exec(
      'INSERT INTO tokens (hash, id, device, created, last_used, generation) VALUES (?, ?, ?, ?, ?, ?)',
      hash,
      token.id,
      device,
      now,
      now,
      generation,
    );

    return { token, secret };
  }

  async check(secret: string, now: number): Promise<Token | null> {
    const hash = await sha256(secret);
    const row = this.sql.exec('SELECT * FROM tokens WHERE hash = ?', hash).toArray()[0];

    // The index found it by a hash that a guesser cannot steer; the comparison that decides is this one.
    if (row === undefined || !crypto.subtle.timingSafeEqual(row.hash as ArrayBuffer, hash)) {
      return null;
    }

    if (now - Number(row.last_used) >= LAST_USED_PRECISION) {
      this.sql.exec('UPDATE tokens SET last_used = ? WHERE hash = ?', now, hash);
    }

    return asToken(row);
  }

  list(): Token[] {
    return this.sql.exec('SELECT * FROM tokens ORDER BY created, id').toArray().map(asToken);
  }

  /** Ends those of earlier generations, but for the one that asked; returns the ids of what ended. */
  endBefore(generation: number, kept: string | null): string[] {
    this.sql.exec('UPDATE tokens SET generation = ? WHERE id = ?', generation, kept);

    return this.sql
      .exec('DELETE FROM tokens WHERE generation < ? RETURNING id', generation)
      .toArray()
      .map((row) => String(row.id));
  }

  revoke(id: string): boolean {
    return this.sql.exec('DELETE FROM tokens WHERE id = ? RETURNING id', id).toArray().length > 0;
  }
}

function asToken(row: Record<string, SqlStorageValue>): Token {
  return {
    id: String(row.id),
    device: String(row.device),
    created: Number(row.created),
    lastUsed: Number(row.last_used),
  };
}
