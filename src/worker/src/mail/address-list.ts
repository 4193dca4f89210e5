// The address list of a From or Sender field (RFC 5322 section 3.4, with the obsolete forms of section 4.4).

const ATOM_TEXT = /[\w!#$%&'*+/=?^`{|}~.\-\u0080-\u{10ffff}]+/uy;
/** Not allowed bare in a display name, and common in them all the same. */
const PHRASE_EXTRA = /[[\]\\]+/y;
const DOMAIN_LITERAL = /\[[^[\]\\\r\n]*\]/y;
const WHITE_SPACE = /[ \t\r\n]+/y;
const MAX_COMMENT_DEPTH = 32;

/** Returns the addresses, groups resolved, in the order they stand in; null where the grammar is broken. */
export function parseAddressList(value: string): string[] | null {
  const parser = new Parser(value);

  return parser.list(false) && parser.atEnd() ? parser.addresses : null;
}

class Parser {
  readonly addresses: string[] = [];
  #position = 0;

  constructor(readonly text: string) {}

  atEnd(): boolean {
    return this.#position === this.text.length;
  }

  /** `address *("," address)`; empty elements are the obsolete form. */
  list(insideGroup: boolean): boolean {
    do {
      if (!this.#skip()) {
        return false;
      }

      if (this.atEnd() || this.#peek() === ',' || (insideGroup && this.#peek() === ';')) {
        continue;
      }

      if (!this.#address(insideGroup)) {
        return false;
      }
    } while (this.#take(','));

    return true;
  }

  #address(insideGroup: boolean): boolean {
    const words = this.#words();

    if (words === null) {
      return false;
    }

    switch (this.#peek()) {
      case '<':
        return this.#angle();
      case '@':
        return this.#specification(words);
      case ':':
        // group = display-name ":" [group-list] ";"; groups do not nest.
        this.#position += 1;
        return (
          !insideGroup && words.length > 0 && this.list(true) && this.#take(';') && this.#skip()
        );
      default:
        return false;
    }
  }

  #angle(): boolean {
    this.#position += 1;

    if (!this.#skip() || !this.#route()) {
      return false;
    }

    const words = this.#words();

    return words !== null && this.#specification(words) && this.#take('>') && this.#skip();
  }

  /** obs-route = *(CFWS / ",") "@" domain *("," [CFWS] ["@" domain]) ":"; read and forgotten. */
  #route(): boolean {
    if (this.#peek() !== '@' && this.#peek() !== ',') {
      return true;
    }

    while (!this.#take(':')) {
      const before = this.#position;
      const hop = this.#take('@') ? this.#domain() !== null : this.#take(',') && this.#skip();

      if (!hop || this.#position === before) {
        return false;
      }
    }

    return this.#skip();
  }

  #specification(words: readonly string[]): boolean {
    const local = join(words);

    if (local === null || !this.#take('@')) {
      return false;
    }

    const domain = this.#domain();

    if (domain === null) {
      return false;
    }

    this.addresses.push(`${local}@${domain}`);

    return true;
  }

  #domain(): string | null {
    if (!this.#skip()) {
      return null;
    }

    const literal = this.#match(DOMAIN_LITERAL);

    if (literal !== null) {
      return this.#skip() ? literal : null;
    }

    const words = this.#words();

    return words === null || words.some((word) => word.startsWith('"')) ? null : join(words);
  }

  /** Atoms, dots and quoted strings, as many as there are: a display name, a local part or a domain. */
  #words(): string[] | null {
    const words: string[] = [];

    for (;;) {
      if (!this.#skip()) {
        return null;
      }

      const word =
        this.#peek() === '"'
          ? this.#quoted()
          : (this.#match(ATOM_TEXT) ?? this.#match(PHRASE_EXTRA));

      if (word === null) {
        return this.#peek() === '"' ? null : words;
      }

      words.push(word);
    }
  }

  #quoted(): string | null {
    let end = this.#position + 1;

    while (end < this.text.length && this.text[end] !== '"') {
      end += this.text[end] === '\\' ? 2 : 1;
    }

    if (end >= this.text.length) {
      return null;
    }

    const word = this.text.slice(this.#position, end + 1);
    this.#position = end + 1;

    return word;
  }

  /** CFWS: white space, folds and nested comments. False where a comment never ends. */
  #skip(): boolean {
    let depth = 0;

    while (!this.atEnd()) {
      const character = this.#peek();

      if (depth === 0 && character !== '(') {
        if (this.#match(WHITE_SPACE) === null) {
          return true;
        }
        continue;
      }

      depth += character === '(' ? 1 : character === ')' ? -1 : 0;
      this.#position += character === '\\' ? 2 : 1;

      if (depth > MAX_COMMENT_DEPTH || this.#position > this.text.length) {
        return false;
      }
    }

    return depth === 0;
  }

  #peek(): string | undefined {
    return this.text[this.#position];
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) {
      return false;
    }

    this.#position += 1;

    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text);

    if (found === null) {
      return null;
    }

    this.#position += found[0].length;

    return found[0];
  }
}

/** Words make one local part or domain only where dots join them (`john . doe`, not `john doe`). */
function join(words: readonly string[]): string | null {
  const broken = words.some((word, index) => {
    const next = words[index + 1];

    return next !== undefined && !word.endsWith('.') && !next.startsWith('.');
  });

  return words.length === 0 ||
    broken ||
    words.some((word) => /[[\]\\]/.test(word) && !word.startsWith('"'))
    ? null
    : words.join('');
}
