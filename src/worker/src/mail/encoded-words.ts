// Makes a From or Subject field readable for a notification (RFC 2047); never used for anything that decides.

const ENCODED_WORD = /=\?([\w.:+-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=/gi;
const BETWEEN_WORDS = /(\?=)\s+(?==\?[\w.:+*-]+\?[bq]\?)/gi;

export function readableText(value: string, maxLength: number): string {
  const decoded = value
    .replace(BETWEEN_WORDS, '$1')
    .replace(ENCODED_WORD, (word, charset: string, encoding: string, text: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? fromBase64(text) : fromQ(text);

      return bytes === null ? word : (decode(bytes, charset) ?? word);
    });

  return [...decoded.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()].slice(0, maxLength).join('');
}

function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function fromQ(text: string): Uint8Array {
  const bytes = text
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

function decode(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A charset this runtime does not know.
    return null;
  }
}
