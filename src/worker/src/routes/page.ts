// `GET /`: a page for people who open the Worker's address in a browser, and what browsers and crawlers ask besides.

import { Hono } from 'hono';
import type { App } from '../app';
import type { Env } from '../env';
import { chooseLanguage } from '../http/language';
import { logFailure } from '../log';
import { type PageState, pageMarkup } from '../page/markup';
import { pagePolicy } from '../page/style';
import { LANGUAGES, texts } from '../page/texts';
import { directoryOf } from '../storage/objects';

export const page = new Hono<App>()
  .get('/', async (c) => {
    const words = texts[chooseLanguage(c.req.header('Accept-Language'), LANGUAGES)];
    const state = await stateOf(c.env);

    c.header('Content-Security-Policy', await pagePolicy());
    c.header('Content-Language', words.tag);
    c.header('Vary', 'Accept-Language');

    if (state === null) {
      c.header('Retry-After', '60');
    }

    const { origin } = new URL(c.req.url);

    return c.html(pageMarkup(words, state, origin), state === null ? 503 : 200);
  })
  .get('/robots.txt', (c) => c.text('User-agent: *\nDisallow: /\n'))
  // Browsers ask for it by themselves; this keeps their consoles quiet.
  .get('/favicon.ico', (c) => c.body(null, 204));

async function stateOf(env: Env): Promise<PageState> {
  try {
    return await directoryOf(env).info();
  } catch (error) {
    logFailure('the page', error);

    return null;
  }
}
