// The figures as tables for people, in Markdown.

export function report({ time, memory, cpu, rows }) {
  table(
    ['time, ms', 'Worker', 'reference', 'ratio'],
    Object.entries(time).map(([name, of]) => [name, of.real, of.reference, of.ratio]),
  );
  table(
    ['processor, ms a call', 'Worker', 'own', 'code', 'object', 'own', 'code'],
    Object.entries(cpu).map(([name, { worker, object, reference, code }]) => [
      name,
      worker,
      worker - reference.worker,
      code.worker,
      object,
      object - reference.object,
      code.object,
    ]),
  );
  table(
    ['memory of workerd, MB', 'peak', 'afterwards'],
    Object.entries(memory).map(([name, { peak, now }]) => [name, peak, now]),
  );
  table(['rows written', 'rows'], Object.entries(rows));
}

function table([first, ...columns], lines) {
  const row = (name, cells) =>
    `| ${name.padEnd(28)} | ${cells.map((cell) => cell.padStart(10)).join(' | ')} |`;
  const text = [
    row(first, columns),
    `| ${'-'.repeat(28)} | ${columns.map(() => `${'-'.repeat(9)}:`).join(' | ')} |`,
    ...lines.map(([name, ...cells]) => row(name, cells.map(figure))),
  ];
  process.stdout.write(`${text.join('\n')}\n\n`);
}

function figure(value) {
  if (value === null) {
    return '';
  }

  return Number.isInteger(value) || value >= 100
    ? String(Math.round(value))
    : value.toFixed(value < 10 ? 2 : 1);
}
