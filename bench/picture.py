# SPDX-License-Identifier: Apache-2.0
"""Draws the results: a bar for each line, from 1.0 to the left where sigmund needs less than its rival, and to the right
where it needs more, on a logarithmic scale."""
import math
import statistics
from html import escape

import report

LOW, HIGH = 0.01, 10.0  # the scale: what lies beyond it is drawn at its end
LABELS, SCALE, TEXT = 280, 210, 260  # widths
ROW, TOP, BOTTOM = 19, 78, 46
STYLE = """text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2933}
.h{font-size:16px;font-weight:600}.f{font-size:11px;fill:#5f6c7b}.e{text-anchor:end}.m{text-anchor:middle}
.b{fill:#fff}.g{stroke:#e4e7eb}.o{stroke:#1f2933}.l{fill:#1f7a8c}.r{fill:#c98a1b}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.f{fill:#9aa7b4}.b{fill:#0d1117}.g{stroke:#2b333d}.o{stroke:#e6edf3}
.l{fill:#46b1c9}.r{fill:#e3b04b}}"""


def drawn(rows):
    """Returns (row, ratio) of the lines that the picture shows."""
    found = [(row, row.times(row.against)) for row in rows if row.against]
    return [(row, ratio) for row, ratio in found if ratio is not None and ratio > 0]


def factor(value):
    """Returns a factor in words: 1.4, 12, 250."""
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def words(row, ratio):
    """Says how sigmund compares with the rival of this line."""
    less, more = ("less", "more") if row.unit == "KB" else ("faster", "slower")
    if 0.95 < ratio < 1.05:
        return f"the same as {row.against}"
    return f"{factor(1 / ratio)} × {less} than {row.against}" if ratio < 1 else f"{factor(ratio)} × {more} than {row.against}"


def at(ratio):
    ratio = min(max(ratio, LOW), HIGH)
    return LABELS + SCALE * math.log(ratio / LOW) / math.log(HIGH / LOW)


def text(x, y, what, kind=""):
    return f'<text x="{x:.0f}" y="{y:.0f}"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{escape(what)}</text>'


def line(x, top, bottom, kind):
    return f'<path d="M{x:.1f} {top}V{bottom}" class="{kind}"/>'


def bar(row, ratio, y):
    one, end = at(1), at(ratio)
    left, width = min(one, end), max(abs(end - one), 1.5)
    medians = f"{report.number(statistics.median(row.own))} and " \
              f"{report.number(statistics.median(row.rivals[row.against]))} {row.unit}".rstrip()
    return [text(LABELS - 10, y + 13, row.what, "e"),
            f'<rect x="{left:.1f}" y="{y + 4}" width="{width:.1f}" height="{ROW - 7}" class="{"l" if ratio < 1 else "r"}">'
            f"<title>{escape(f'{row.what}: {medians} (medians)')}</title></rect>",
            text(LABELS + SCALE + 12, y + 13, words(row, ratio))]


def draw(rows):
    shown = drawn(rows)
    width, end = LABELS + SCALE + TEXT, TOP + ROW * len(shown)
    title = "What sigmund needs, compared with others"
    told = ". ".join(f"{row.what}: {words(row, ratio)}" for row, ratio in shown)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {end + BOTTOM}" width="{width}" '
           f'height="{end + BOTTOM}" role="img" aria-labelledby="t d">',
           f'<title id="t">{escape(title)}</title>', f'<desc id="d">{escape(told)}.</desc>', f"<style>{STYLE}</style>",
           f'<rect width="{width}" height="{end + BOTTOM}" rx="8" class="b"/>', text(16, 26, title, "h"),
           text(16, 44, "Medians of ratios, measured in turns, on a logarithmic scale. A bar to the left: sigmund needs less. "
                "To the right: more.", "f")]
    for ratio, label in ((0.01, "1/100"), (0.1, "1/10"), (1, "1"), (10, "10 ×")):
        out += [line(at(ratio), TOP - 4, end + 2, "o" if ratio == 1 else "g"), text(at(ratio), TOP - 9, label, "f m")]
    for number, (row, ratio) in enumerate(shown):
        out += bar(row, ratio, TOP + ROW * number)
    for number, place in enumerate(report.machines(rows)[:2]):
        out.append(text(16, end + 24 + 14 * number, place, "f"))
    return "\n".join([*out, "</svg>"]) + "\n"
