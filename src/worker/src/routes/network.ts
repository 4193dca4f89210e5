// From where a request comes: what tries are counted by.

import type { Context } from 'hono';
import { networkOf } from '../storage/attempts';

export function networkOfRequest(c: Context): string {
  return networkOf(c.req.header('CF-Connecting-IP') ?? '');
}
