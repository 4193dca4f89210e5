// Whether a device that was let in may still go on: a long answer or a long body outlives what was asked at its start.

import type { EventHub } from './events';
import type { StandingStore } from './standing';

export class Access {
  /** In memory: whatever goes on belongs to this life of the object, too. */
  readonly #ended = new Set<string>();

  constructor(
    readonly standing: StandingStore,
    readonly events: EventHub,
  ) {}

  isOpen(tokenId: string): boolean {
    return !this.#ended.has(tokenId) && !this.standing.isDisabled;
  }

  end(tokenId: string): void {
    this.#ended.add(tokenId);
    this.events.revoke(tokenId);
  }

  /** Breaks off with an error where the device may not go on: what is cut must not look whole. */
  *whileOpen(tokenId: string, pieces: Iterable<Uint8Array>): Generator<Uint8Array, void> {
    for (const piece of pieces) {
      if (!this.isOpen(tokenId)) {
        throw new Error('this device was cut off');
      }

      yield piece;
    }
  }
}
