"""Draws what the terminal shows of a run as an SVG, for the README.

    terminal.py COMMAND <OUTPUT >PICTURE     draws a command and its output, which has colours
    terminal.py --same OLD NEW               whether two pictures show the same, except numbers and ids
"""

import html
import re
import sys
from pathlib import Path

SIZE, HEIGHT, WIDTH = 13, 17, 7.83
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff", "36": "#76e3ea"}
MARK = re.compile(r"\x1b\[([0-9;]*)m")


def spans(line):
    """The parts of a line, each with its colours."""
    style, at = {}, 0
    for mark in [*MARK.finditer(line), None]:
        text = line[at : mark.start() if mark else len(line)]
        if text:
            yield text, " ".join(f'{name}="{value}"' for name, value in style.items())
        if mark is None:
            return
        for code in mark[1].split(";"):
            if code in ("", "0"):
                style = {}
            elif code == "1":
                style["font-weight"] = "bold"
            elif code == "2":
                style["fill-opacity"] = "0.6"
            elif code in COLOURS:
                style["fill"] = COLOURS[code]
        at = mark.end()


def draw(command, output):
    lines = [f"\x1b[1m$ {command}\x1b[0m", *output.rstrip("\n").split("\n")]
    columns = max(len(MARK.sub("", line)) for line in lines)
    width, height = round(columns * WIDTH) + 32, len(lines) * HEIGHT + 28
    rows = []
    for number, line in enumerate(lines):
        parts = "".join(f"<tspan {style}>{html.escape(text)}</tspan>" for text, style in spans(line))
        rows.append(f'<text x="16" y="{28 + number * HEIGHT}" xml:space="preserve">{parts}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * 3 // 5}" height="{height * 3 // 5}" viewBox="0 0 {width} {height}">\n'
        f"<title>{html.escape(command)}</title>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
        f'<g fill="#e6edf3" font-size="{SIZE}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace">\n'
        + "\n".join(rows)
        + "\n</g>\n</svg>\n"
    )


def shown(picture):
    """The text of a picture without what differs from run to run."""
    lines = re.findall(r"<text[^>]*>(.*)</text>", picture)
    return [re.sub(r"[0-9a-f]*[0-9][0-9a-f]*", "0", re.sub(r"<[^>]*>", "", line)) for line in lines]


def main():
    if sys.argv[1] == "--same":
        old, new = (shown(Path(path).read_text()) for path in sys.argv[2:])
        for one, other in zip(old, new):
            if one != other:
                print(f"- {one}\n+ {other}")
        sys.exit(old != new)
    print(draw(sys.argv[1], sys.stdin.read()), end="")


main()
