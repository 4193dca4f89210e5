// Chooses among the languages that there are by what a browser asks for (RFC 9110 section 12.5.4).

const MAX_RANGES = 32;

/** The first of `languages` is for whoever asks for none of them. A script or country behind "-" is not looked at. */
export function chooseLanguage<Language extends string>(
  header: string | undefined,
  languages: readonly [Language, ...Language[]],
): Language {
  let best = languages[0];
  let bestWeight = 0;

  for (const range of (header ?? '').split(',', MAX_RANGES)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = languages.find((each) => each === tag.split('-')[0]);
    const weight = weightOf(parameters);

    if (language !== undefined && weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }

  return best;
}

/** RFC 9110 section 12.4.2; one that cannot be read counts as not asked for. */
function weightOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='));

  if (given === undefined) {
    return 1;
  }

  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(given) ? Number(given.slice(2)) : 0;
}
