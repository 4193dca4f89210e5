// The one alarm that an object has, shared by all who want to be woken.

export class AlarmClock {
  readonly #sources: (() => number | null)[] = [];
  #alarm: number | null;

  /** `alarm` is what is set now: an alarm is written only when it changes, since each writing is billed. */
  constructor(
    readonly storage: DurableObjectStorage,
    alarm: number | null,
  ) {
    this.#alarm = alarm;
  }

  /** From now on the alarm rings no later than what `source` returns; null is never. */
  watch(source: () => number | null): void {
    this.#sources.push(source);
  }

  /** The runtime takes an alarm away when it rings. */
  rang(): void {
    this.#alarm = null;
  }

  /**
   * Sets the alarm to the next thing to do, but not before `earliest`. It is set before this function first
   * waits: called in the turn of a commit, the alarm is written with it.
   */
  async schedule(earliest = 0): Promise<void> {
    const wanted = this.#sources.map((source) => source()).filter((due) => due !== null);
    const alarm = wanted.length === 0 ? null : Math.max(Math.min(...wanted), earliest);

    if (alarm === this.#alarm) {
      return;
    }

    this.#alarm = alarm;
    await (alarm === null ? this.storage.deleteAlarm() : this.storage.setAlarm(alarm));
  }
}
