// What the bodies of several routes have in common.

import { z } from 'zod';
import { parseAddress } from '../mail/address';

const MAX_PASSWORD = 256;
const MIN_PASSWORD = 10;
const MAX_DEVICE = 100;

export const address = z
  .string()
  .max(512)
  .transform((text, context) => {
    const parsed = parseAddress(text.trim());

    if (parsed === null) {
      context.addIssue({ code: 'custom', message: 'This is not a mail address' });
      return z.NEVER;
    }

    return parsed.text;
  });

/** NIST SP 800-63B section 3.1.1: length counts, composition rules do not. */
export const newPassword = z
  .string()
  .min(MIN_PASSWORD, `A password has at least ${MIN_PASSWORD} characters`)
  .max(MAX_PASSWORD);

export const givenPassword = z.string().min(1).max(MAX_PASSWORD);

/** A name for people; control characters have no place in one. */
export const device = z
  .string()
  .trim()
  .min(1)
  .max(MAX_DEVICE)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'A device name is one line of text');
