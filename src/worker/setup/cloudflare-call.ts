// Makes one call of Cloudflare's API, and turns its failure into a sentence that says what to do.

import Cloudflare from 'cloudflare';
import { PERMISSIONS, type Permission, TOKEN_PAGE } from './permissions.ts';
import { Stop } from './stop.ts';

/** Too many characters of a stranger's text would bury the sentence around it. */
const MAX_DETAIL = 300;

/** `what` completes "Cloudflare was asked to …". */
export async function call<Value>(
  what: string,
  permission: Permission,
  make: () => PromiseLike<Value>,
): Promise<Value> {
  try {
    return await make();
  } catch (error) {
    throw error instanceof Cloudflare.APIError
      ? new Stop(sentence(error, what, permission))
      : error;
  }
}

/** Null where there is no such thing. */
export async function callOrNull<Value>(
  what: string,
  permission: Permission,
  make: () => PromiseLike<Value>,
): Promise<Value | null> {
  return call<Value | null>(what, permission, async () => {
    try {
      return await make();
    } catch (error) {
      if (error instanceof Cloudflare.NotFoundError) {
        return null;
      }

      throw error;
    }
  });
}

export function isRefusal(error: unknown): boolean {
  return (
    error instanceof Cloudflare.APIError &&
    (error.status === 400 || error.status === 401 || error.status === 403)
  );
}

function sentence(error: InstanceType<typeof Cloudflare.APIError>, what: string, need: Permission) {
  if (error instanceof Cloudflare.APIConnectionError) {
    return `Cloudflare's API could not be reached to ${what}. Check the network, and run this again.`;
  }

  if (error.errors.some(({ message = '' }) => /invalid .*(token|headers)/i.test(message))) {
    return `Cloudflare does not know this API token. Copy it again, or make a new one at ${TOKEN_PAGE}.`;
  }

  switch (error.status) {
    case 401:
    case 403:
      return (
        `Cloudflare refused to ${what}. The API token needs the permission "${PERMISSIONS[need]}", ` +
        `for this account and zone. Add it at ${TOKEN_PAGE}, and run this again.${detail(error)}`
      );
    case 429:
      return `Cloudflare takes no more calls for now. Wait five minutes, and run this again.`;
    default:
      return (
        `Cloudflare could not ${what} (it answered ${error.status}). ` +
        `Mend that in the dashboard, or run this again later.${detail(error)}`
      );
  }
}

function detail(error: InstanceType<typeof Cloudflare.APIError>): string {
  const text = error.errors
    .map(({ code, message }) => `${message} (${code})`)
    .join('; ')
    .replace(/\p{C}/gu, ' ');

  return text === '' ? '' : ` It said: ${text.slice(0, MAX_DETAIL)}`;
}
