// What the bodies of several routes have in common.

import { z } from 'zod';
import { parseAddress, parseDomain } from '../mail/address';

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

export const domain = z
  .string()
  .max(512)
  .transform((text, context) => {
    const parsed = parseDomain(text.trim());

    if (parsed === null) {
      context.addIssue({ code: 'custom', message: 'This is not a domain name' });
      return z.NEVER;
    }

    return parsed;
  });

/** NIST SP 800-63B section 3.1.1: length counts, composition rules do not. */
export const newPassword = z
  .string()
  .min(MIN_PASSWORD, `A password has at least ${MIN_PASSWORD} characters`)
  .max(MAX_PASSWORD);

export const givenPassword = z.string().min(1).max(MAX_PASSWORD);

/** What people write for people; control characters have no place in it. */
export const lineOfText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'One line of text is expected');

export const device = lineOfText(MAX_DEVICE).min(1);
