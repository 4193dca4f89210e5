// What xtext stands for (RFC 3461 section 4): `+` and two hexadecimal digits are one octet.

/** What is not printable stays as it is: no field of a report can be ended or begun with it. */
export function decodeXtext(text: string): string {
  return text.replace(/\+([2-7][0-9A-F])/gi, (encoded, digits: string) =>
    digits.toUpperCase() === '7F' ? encoded : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
