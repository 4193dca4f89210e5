// The page at `/` as HTML; whatever is put into it is escaped.

import { html, raw } from 'hono/html';
import { PROJECT_URL } from '../project';
import { VERSION } from '../version';
import { STYLE } from './style';
import type { PageTexts } from './texts';

/** What the directory tells anyone; null where it does not answer. */
export type PageState = { readonly domains: readonly string[]; readonly setupDone: boolean } | null;

const SETUP_COMMAND = 'npm run setup';
const GUIDE_URL = `${PROJECT_URL}/tree/main/src/worker#readme`;

export function pageMarkup(texts: PageTexts, state: PageState, origin: string) {
  return html`<!doctype html>
<html lang="${texts.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Neko Mail</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>Neko Mail</h1>
<p class="lead">${texts.lead}</p>
<section aria-labelledby="state">
<h2 id="state">${texts.state}</h2>
${stateMarkup(texts, state)}
</section>
<section aria-labelledby="connect">
<h2 id="connect">${texts.connect}</h2>
<p>${texts.connectNote}</p>
<p class="address"><code>${origin}</code></p>
</section>
<section aria-labelledby="desktop">
<h2 id="desktop">${texts.desktop}</h2>
<p>${texts.desktopNote} ${link(PROJECT_URL, PROJECT_URL.replace('https://', ''))}</p>
</section>
</main>
<footer>${texts.version} ${VERSION}</footer>
</body>
</html>
`;
}

function stateMarkup(texts: PageTexts, state: PageState) {
  if (state === null) {
    return html`<p class="state wait">${texts.failing}</p>
<p>${texts.failingNote}</p>`;
  }

  if (!state.setupDone) {
    const [before, command, after] = texts.next(SETUP_COMMAND);

    return html`<p class="state wait">${texts.notReady}</p>
<p>${before}<code>${command}</code>${after}</p>
<p>${link(GUIDE_URL, texts.guide)}</p>`;
  }

  return html`<p class="state good">${texts.ready}</p>
<p>${texts.serves(state.domains)}</p>`;
}

function link(url: string, text: string) {
  return html`<a href="${url}">${text}</a>`;
}
