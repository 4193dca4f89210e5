// How the page at `/` looks. The page's policy allows this very text by its digest, and no other style.

import { sha256 } from '../bytes';

export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f6f5f4; --card: #ffffff; --text: #2b2a33; --quiet: #5e5c64; --line: #dddadf;
  --link: #1a5fb4; --good: #1b7f3b; --wait: #9a5b00; --field: #f0eef2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #1d1d20; --card: #29292d; --text: #f2f1f4; --quiet: #b5b2bd; --line: #44434a;
    --link: #99c1f1; --good: #7fdc9a; --wait: #f8c471; --field: #37363c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: clamp(1rem, 5vw, 4rem) 1rem; background: var(--back); color: var(--text);
  font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere;
}
main, footer { max-width: 38rem; margin: 0 auto; }
h1 { margin: 0 0 .5rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
p { margin: 0 0 .5rem; }
p:last-child { margin-bottom: 0; }
.lead { margin-bottom: 1.5rem; color: var(--quiet); font-size: 1.1rem; }
section {
  margin: 0 0 1rem; padding: 1.25rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem;
}
.state { font-weight: 600; }
.state::before {
  content: ""; display: inline-block; width: .65em; height: .65em; margin-inline-end: .5em;
  border-radius: 50%; background: currentColor;
}
.good { color: var(--good); }
.wait { color: var(--wait); }
code {
  padding: .15em .4em; background: var(--field); border-radius: .3em;
  font-family: ui-monospace, monospace; white-space: nowrap;
}
.address code {
  display: block; padding: .6em .8em; font-size: 1.05rem; white-space: normal; user-select: all;
}
a { color: var(--link); }
a:focus-visible { outline: 2px solid; outline-offset: 2px; border-radius: 2px; }
footer { padding: .5rem 0; color: var(--quiet); font-size: .9rem; }
@media (forced-colors: active) { .state::before { background: CanvasText; } }
`;

let cachedPolicy: string | null = null;

/** Nothing is loaded, run, sent or framed; the one style stands in the page itself. */
export async function pagePolicy(): Promise<string> {
  cachedPolicy ??= [
    "default-src 'none'",
    `style-src 'sha256-${await digestOf(STYLE)}'`,
    "img-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  return cachedPolicy;
}

async function digestOf(text: string): Promise<string> {
  return btoa(String.fromCharCode(...(await sha256(text))));
}
