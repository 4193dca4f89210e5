"""The figures of the mail benchmarks: taken in turns, told as a table, as JSON and as a picture."""

import json
import statistics
import subprocess
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "bench"

# One measurement of all sides together ends after so many rounds, or after the one in which it took so long.
ROUNDS = 9
BUDGET_SECONDS = 15


def in_turns(*sides, rounds=ROUNDS):
    """Calls the sides in turns, beginning with another each time, and returns what each answered."""
    answers = [[] for _ in sides]
    begin = time.monotonic()
    for number in range(rounds):
        if number > 0 and time.monotonic() - begin > BUDGET_SECONDS:
            break
        order = list(range(len(sides)))
        for side in order[number % len(order):] + order[:number % len(order)]:
            answers[side].append(sides[side]())
    return answers


def figure(value, unit):
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


class Results:
    def __init__(self):
        self.rows = []

    def compare(self, name, unit, neko, other, target, against, is_time=False, at_most=False):
        """Two lists of figures; the ratio tells how many times better ours is, or for `at_most` how many times more."""
        neko_median, other_median = statistics.median(neko), statistics.median(other)
        better = other_median / neko_median if is_time else neko_median / other_median
        ratio = 1 / better if at_most else better
        good = None if target is None else ratio <= target if at_most else ratio >= target
        self.rows.append({"name": name, "unit": unit, "neko": neko_median, "other": other_median, "against": against,
                          "ratio": ratio, "target": target, "relation": "≤" if at_most else "≥", "good": good,
                          "samples": {"neko": neko, "other": other}})

    def limit(self, name, unit, figures, at_most):
        """Figures with nothing beside them, and what they may be at most, or None."""
        median = statistics.median(figures)
        self.rows.append({"name": name, "unit": unit, "neko": median, "other": None, "against": "", "ratio": None,
                          "target": at_most, "relation": "≤", "good": None if at_most is None else median <= at_most,
                          "samples": {"neko": figures}})

    def leave_out(self, name, reason):
        self.rows.append({"name": name, "left out": reason})

    def cells(self, row):
        if "left out" in row:
            return [row["name"], row["left out"], "", "", "", ""]
        other = f"{figure(row['other'], row['unit'])} {row['against']}" if row["against"] else ""
        of_ratio = row["ratio"] is not None
        target = "" if row["target"] is None else (
            f"{row['relation']} {figure(row['target'], '' if of_ratio else row['unit'])}")
        verdict = {None: "", True: "ok", False: "MISSED"}[row["good"]]
        return [row["name"], figure(row["neko"], row["unit"]), other,
                f"{row['ratio']:.2f}" if of_ratio else "", target, verdict]

    def table(self):
        head = ["name", "neko", "dovecot/postfix", "ratio", "target", "ok"]
        lines = [head, *map(self.cells, self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines)]
        text = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
        text.insert(1, "-|-".join("-" * width for width in widths))
        return "\n".join(text)

    def save(self, name):
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{name}.json").write_text(json.dumps(self.rows, indent=2, ensure_ascii=False) + "\n")
        self.plot(name)

    def plot(self, name):
        """The ratios as bars, each beside its target."""
        rows = [row for row in self.rows if row.get("ratio") is not None and row["target"] is not None]
        if not rows:
            return
        data = "\n".join(f'"{row["name"]}" {row["ratio"]:.4f} {row["target"]}' for row in rows)
        script = f"""
set terminal svg size {max(120 * len(rows), 600)},500 font 'sans,11' background 'white'
set output '{FOLDER / name}.svg'
$data << END
{data}
END
set style data histogram
set style fill solid border -1
set boxwidth 0.9
set grid ytics
set logscale y 2
set yrange [0.25:*]
set xtics rotate by -30
set rmargin 12
set key top left
plot $data using 2:xtic(1) title 'times better (link: times the ideal)', $data using 3 title 'target'
"""
        subprocess.run(["gnuplot"], input=script, text=True, check=True)
