# SPDX-License-Identifier: Apache-2.0
"""Prints the results as an aligned table and as JSON."""
import json
import re
import statistics

from lib import Row


def number(value):
    """Returns a number with three significant digits."""
    if value == 0:
        return "0"
    digits = 0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 2
    return f"{value:,.{digits}f}" if abs(value) >= 0.01 else f"{value:.4f}"


def pair(samples):
    if not isinstance(samples, list):
        return samples
    if len(samples) < 2:
        return number(samples[0]) if samples else "-"
    return f"{number(min(samples))} / {number(statistics.median(samples))}"


def budget(row):
    if row.budget is None:
        return ""
    sign = ">=" if row.at_least else "<="
    if row.rival:
        return f"{sign} {row.budget:g} x"
    return f"{sign} {row.budget:g} {row.unit}".rstrip()


def ratio_text(value):
    return f"{value:.{2 if value >= 0.095 else 3}f} x"


def ratio(row, rival):
    value = row.times(rival)
    return "" if value is None else ratio_text(value)


def least_ratio(row, rival):
    """Returns the ratio of the minima, which a busy machine disturbs least."""
    other = row.rivals.get(rival)
    if not row.own or not isinstance(other, list) or not other or min(other) <= 0 or min(row.own) <= 0:
        return ""
    return ratio_text(min(row.own) / min(other))


def lines_of(row):
    """Returns a line for each rival: what, sigmund, beside, the rival, ratio, ratio of minima, budget, verdict."""
    unit = f" {row.unit}" if row.unit else ""
    first = [row.what, pair(row.own) + unit if row.own else "-", budget(row), row.verdict()]
    names = sorted(row.rivals, key=lambda name: (name != row.rival, isinstance(row.rivals[name], str)))
    for name in names or [""]:
        other = row.rivals.get(name, "")
        shown = pair(other) + unit if isinstance(other, list) else other
        yield [first[0], first[1], name, shown, ratio(row, name), least_ratio(row, name), *first[2:]]
        first = ["", "", "", ""]


def table(rows):
    heads = ["what", "sigmund, min / median", "beside", "min / median", "ratio", "of minima", "budget", ""]
    lines = [(None, heads)]
    for row in rows:
        lines += [(row, cells) for cells in lines_of(row)]
    # A reason in place of a number may be long and does not widen its column.
    widths = [max(len(cells[i]) for _, cells in lines if len(cells[i]) <= 45) for i in range(len(heads))]
    out, last = [], None
    for row, cells in lines:
        if row is not last and last is not None and last.note:
            out.append("    " + last.note)
        last = row
        out.append("  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip())
    if last is not None and last.note:
        out.append("    " + last.note)
    if (spread := noise(rows)) is not None:
        out += ["", f"noise: the middle half of a rival's samples spans {spread:.0%} of its median (median of all rivals)"]
    missed = [row for row in rows if row.verdict() == "MISSED"]
    held = [row for row in rows if row.verdict() == "kept"]
    out.append("")
    out.append(f"{len(held)} budgets kept, {len(missed)} missed" + (": " if missed else ""))
    out += [f"  {row.what}: {number(row.measured())}{' x ' + row.rival if row.rival else ' ' + row.unit}, budget {budget(row)}"
            for row in missed]
    return "\n".join([*out, "", *machines(rows)])


def noise(rows):
    """Returns how far apart the quartiles of a rival are, as a part of its median: the median of all rivals."""
    spans = []
    for other in (other for row in rows for other in row.rivals.values()):
        if isinstance(other, list) and len(other) >= 5 and statistics.median(other) > 0:
            low, middle, high = statistics.quantiles(other, n=4)
            spans.append((high - low) / middle)
    return statistics.median(spans) if spans else None


def machines(rows):
    """Returns a description of each machine on which lines were measured, with the days."""
    days = {}
    for row in rows:
        if row.machine:
            about = row.machine
            virtual = ["a virtual machine"] if about.get("virtual") else []
            name = ", ".join([f"{about['cores']} cores", *filter(None, [about.get("processor")]), *virtual, about["system"],
                              "Linux " + about["kernel"]])
            days.setdefault(name, set()).add(about["date"])
    return [f"{name}, {' to '.join(sorted({min(dates), max(dates)}))}" for name, dates in days.items()]


def summary(samples):
    if not isinstance(samples, list):
        return {"missing": samples}
    if not samples:
        return {"samples": []}
    return {"min": round(min(samples), 4), "median": round(statistics.median(samples), 4),
            "samples": [round(value, 4) for value in samples]}


def as_json(rows):
    results = []
    for row in rows:
        value = row.measured()
        results.append({
            "name": row.name, "what": row.what, "unit": row.unit, "sigmund": summary(row.own),
            "rivals": {name: dict(summary(other), ratio=row.times(name) and round(row.times(name), 4))
                       if isinstance(other, list) else summary(other) for name, other in row.rivals.items()},
            "budget": row.budget, "times": row.rival, "at_least": row.at_least,
            "against": row.against, "paired": row.paired,
            "measured": None if value is None else round(value, 4), "verdict": row.verdict() or None, "note": row.note,
            "machine": row.machine,
        })
    # Each list of samples is on one line.
    lines = json.dumps({"results": results}, indent=1, ensure_ascii=False).split("\n")
    return re.sub(r"(?<=[\[\d,])\n +(?=[-\d\]])", "", "\n".join(lines)) + "\n"


def from_json(text):
    """Returns the lines of an earlier run."""
    rows = []
    for each in json.loads(text)["results"]:
        rivals = {name: other.get("missing", other.get("samples")) for name, other in each["rivals"].items()}
        rows.append(Row(each["name"], each["what"], each["unit"], each["sigmund"]["samples"], rivals, each["budget"],
                        each["times"], each["at_least"], each.get("against"), each.get("paired", True), each["note"],
                        each["machine"]))
    return rows
