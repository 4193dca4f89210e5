// Why an account cannot be made or changed so, in the words of the API.

import type { Context } from 'hono';
import { problem } from '../http/problem';
import { MAX_ALIASES } from '../limits';
import type { AddressFailure, ChangeFailure } from '../storage/account-changes';
import type { CreateFailure } from '../storage/directory';
import { tooManyTries } from './sign-in';

export function createProblem(c: Context, failure: CreateFailure): Response {
  const reason = failure.kind;

  switch (failure.kind) {
    case 'already_set_up':
      return problem(c, 'conflict', 'This server is set up already', { reason });
    case 'not_admin':
      return notAdmin(c);
    case 'closed':
      return problem(c, 'forbidden', 'Only an admin makes accounts here; ask for an invite', {
        reason,
      });
    case 'bad_invite':
      return problem(c, 'forbidden', 'This invite is not valid, was used, or has expired', {
        reason,
      });
    case 'rate_limited':
      return tooManyTries(c, failure.retryAfter);
    default:
      return addressProblem(c, failure.kind, 'address', 'This address');
  }
}

export function changeProblem(c: Context, failure: ChangeFailure): Response {
  const reason = failure.kind;

  switch (failure.kind) {
    case 'not_admin':
      return notAdmin(c);
    case 'not_found':
      return problem(c, 'not_found', 'There is no such user', { reason });
    case 'alias':
      return problem(c, 'conflict', 'This is an alias; name the user by the main address', {
        reason,
      });
    case 'last_admin':
      return problem(c, 'conflict', 'This is the last admin; make another one first', { reason });
    case 'too_many_aliases':
      return problem(c, 'rejected', `At most ${MAX_ALIASES} aliases`, { field: 'aliases', reason });
    case 'unknown_domain':
      return problem(c, 'rejected', 'This server does not serve that domain', {
        field: 'catchAll',
        reason,
      });
    case 'address':
      return addressProblem(c, failure.why, 'aliases', `<${failure.address}>`);
  }
}

export function notAdmin(c: Context): Response {
  return problem(c, 'forbidden', 'Only an admin may do this', { reason: 'not_admin' });
}

function addressProblem(
  c: Context,
  reason: AddressFailure,
  field: string,
  which: string,
): Response {
  const details = { field, reason };

  switch (reason) {
    case 'taken':
      return problem(c, 'conflict', `${which} is taken`, details);
    case 'foreign_domain':
      return problem(c, 'rejected', 'This server does not serve that domain', details);
    case 'plus_form':
      return problem(
        c,
        'rejected',
        `${which} has a tag: it belongs to who has it without`,
        details,
      );
    case 'reserved':
      return problem(c, 'rejected', `${which} is reserved; an admin can give it to you`, details);
  }
}
