// The one way in which the set-up ends early: with a sentence for people that says what to do.

/**
 * An exception and not a `Result`, because every step answers each failure the same way: say the sentence, change
 * nothing more, and let the next run continue from there. Anything else that is thrown is a bug.
 */
export class Stop extends Error {}
