# SPDX-License-Identifier: Apache-2.0
"""Draws the results: how much of its budget each line uses, on a logarithmic scale, beside its rivals."""
import math
import statistics
from html import escape

import report

LOW, HIGH = 0.01, 30.0  # the scale, in budgets
LABELS, SCALE, TEXT = 300, 430, 400  # widths
ROW, TOP, BOTTOM = 28, 96, 66
KEPT, MISSED, RIVAL, INK, FAINT, GRID = "#2a7f62", "#c44536", "#e09f3e", "#1f2933", "#5f6c7b", "#e4e7eb"


def share(row, value):
    """Returns which share of the row's budget a value in the row's unit is, or None when it cannot be computed."""
    budget = row.budget
    if row.rival:
        other = row.rivals.get(row.rival)
        if not isinstance(other, list) or not other:
            return None
        budget *= statistics.median(other)
    if row.at_least:
        return budget / value if value > 0 else math.inf
    if budget == 0:
        return 0.0 if value == 0 else math.inf
    return max(value, 0.0) / budget


def own_share(row):
    """Returns the share of sigmund, from the pairs of each round as in the table."""
    value = row.measured()
    if value is None:
        return None
    if row.rival and row.budget:
        return value / row.budget
    return share(row, value)


def at(value):
    value = min(max(value, LOW), HIGH)
    return LABELS + SCALE * math.log(value / LOW) / math.log(HIGH / LOW)


def text(x, y, words, size=12, color=INK, anchor="start", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def measured(row):
    value = report.number(row.measured())
    return f"{value} × {row.rival}" if row.rival else f"{value} {row.unit}".rstrip()


def allowed(row):
    sign = "≥" if row.at_least else "≤"
    return f"{sign} {row.budget:g} ×" if row.rival else f"{sign} {row.budget:g} {row.unit}".rstrip()


def beside(row, room):
    """Returns the medians of the rivals as text, as many as there is space for."""
    words = ""
    for name, other in sorted(row.rivals.items(), key=lambda each: each[0] != row.rival):
        if not isinstance(other, list) or not other:
            continue
        more = f"{name} {report.number(statistics.median(other))} {row.unit}".rstrip()
        if words and len(words) + len(more) + 2 > room:
            break
        words += ", " + more if words else more
    return words


def bar(row, y):
    value = own_share(row)
    color = KEPT if row.verdict() == "kept" else MISSED
    middle = y + ROW / 2
    out = [text(LABELS - 12, middle + 4, row.what, anchor="end")]
    width = max(at(value) - LABELS, 3)
    out.append(f'<rect x="{LABELS}" y="{y + 6}" width="{width:.1f}" height="{ROW - 12}" rx="2" fill="{color}">'
               f"<title>{escape(row.what + ': ' + measured(row) + ', budget ' + allowed(row))}</title></rect>")
    for name, other in row.rivals.items():
        if not isinstance(other, list) or not other or row.at_least:
            continue
        rival = share(row, statistics.median(other))
        if rival is None:
            continue
        x = at(rival)
        out.append(f'<path d="M{x:.1f} {middle - 6}l6 6l-6 6l-6 -6z" fill="{RIVAL}" stroke="#fff"><title>'
                   f"{escape(name + ' ' + report.number(statistics.median(other)) + ' ' + row.unit)}</title></path>")
    x = LABELS + SCALE + 16
    out.append(text(x, middle - 1, f"{measured(row)}   (budget {allowed(row)})", color=color, more=' font-weight="600"'))
    out.append(text(x, middle + 11, beside(row, 66), 10, FAINT))
    return out


def draw(rows, machine):
    shown = [row for row in rows if row.budget is not None and row.measured() is not None]
    width, height = LABELS + SCALE + TEXT, TOP + ROW * len(shown) + BOTTOM
    end = TOP + ROW * len(shown)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
           'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img" '
           'aria-label="sigmund against its budgets">',
           f'<rect width="{width}" height="{height}" rx="8" fill="#fff"/>',
           text(24, 32, "sigmund against its budgets", 18, more=' font-weight="600"'),
           text(24, 52, "How much of its budget each line uses (logarithmic; shorter is better). Sigmund and its rivals were "
                "measured in turns, in one run.", 12, FAINT)]
    for value in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30):
        x = at(value)
        main = value == 1
        out.append(f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{end + 4}" stroke="{INK if main else GRID}" '
                   f'stroke-width="{1.5 if main else 1}"/>')
        out.append(text(x, TOP - 14, "the budget" if main else f"{value:g} ×", 11, INK if main else FAINT, "middle",
                        ' font-weight="600"' if main else ""))
    for number, row in enumerate(shown):
        out += bar(row, TOP + ROW * number)
    y = end + 30
    marks = [(KEPT, "sigmund, kept"), (MISSED, "sigmund, missed")]
    x = 24
    for color, words in marks:
        out.append(f'<rect x="{x}" y="{y - 10}" width="18" height="12" rx="2" fill="{color}"/>' + text(x + 24, y, words))
        x += 140
    out.append(f'<path d="M{x + 8} {y - 10}l6 6l-6 6l-6 -6z" fill="{RIVAL}"/>' + text(x + 24, y, "a rival"))
    out.append(text(24, y + 22, f"{machine['cores']} cores, {machine['system']}, Linux {machine['kernel']}. Medians.", 11, FAINT))
    return "\n".join([*out, "</svg>"]) + "\n"
