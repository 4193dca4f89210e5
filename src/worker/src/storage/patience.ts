// Waits for something, but not for ever.

/** What `work` comes to, or null where that takes longer than `limit` milliseconds; `work` itself goes on. */
export async function waitAtMost<Value>(
  work: Promise<Value>,
  limit: number,
): Promise<Value | null> {
  // A timer that nobody waits for any more would keep the object awake, and billed, until it ends.
  const patience = new AbortController();
  const timer = scheduler.wait(limit, { signal: patience.signal }).then(
    () => null,
    () => null,
  );

  try {
    return await Promise.race([work, timer]);
  } finally {
    patience.abort();
  }
}
