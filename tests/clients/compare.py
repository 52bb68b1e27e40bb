"""Compares what clients did, and what the judge said of them, with what is pinned in expected.tsv.

  compare.py ALL.txt                              prints each difference; exit code 1 if there is one
  compare.py --verdicts SCHEME CLIENT RUN.json    prints what the judge said that is no pass, a line each
  compare.py --docs                               prints the table of docs/clients.md
"""

import json
import sys
from pathlib import Path

EXPECTED = Path(__file__).with_name("expected.tsv")
SETTLED = ("pass", "not-applicable")


def lines(path):
    return {line for line in Path(path).read_text().splitlines() if line and not line.startswith("#")}


def compare(path):
    """Both schemes must give the same: what is pinned stands there once."""
    expected = lines(EXPECTED)
    found = lines(path)
    different = 0
    for scheme in ("http", "https"):
        have = {line.split("\t", 1)[1] for line in found if line.startswith(f"{scheme}\t")}
        for line in sorted(expected - have):
            print(f"{scheme}: not seen: {line}")
        for line in sorted(have - expected):
            print(f"{scheme}: not pinned: {line}")
        different += len(expected ^ have)
        print(f"{scheme}: {len(have)} outcomes, {len(expected ^ have)} not as pinned")
    return 1 if different else 0


def verdicts(scheme, client, path):
    run = json.loads(Path(path).read_text())
    print(f"{scheme}\t{client}\tjudged\t{run['conclusion']}")
    for result in run["results"]:
        if result["verdict"] not in SETTLED:
            message = next(it["message"] for it in result["findings"] if it["verdict"] != "pass")
            print(f"{scheme}\t{client}\t{result['id']}\t{result['verdict']}: {message}")


def docs():
    table = {}
    for line in EXPECTED.read_text().splitlines():
        if line and not line.startswith("#"):
            client, what, outcome = line.split("\t")
            row = table.setdefault(client, {"calls": [], "judged": "", "rules": []})
            if what == "judged":
                row["judged"] = outcome
            elif what.startswith("client."):
                row["rules"].append(f"`{what}`: {outcome}")
            else:
                row["calls"].append(what if outcome == "ok" else f"{what} ({outcome})")
    print("| client | calls that work | judged | noted |")
    print("|---|---|---|---|")
    for client, row in table.items():
        print(f"| {client} | {', '.join(row['calls'])} | {row['judged']} | {'; '.join(row['rules']) or '–'} |")


def main(arguments):
    match arguments:
        case ["--docs"]:
            docs()
        case ["--verdicts", scheme, client, path]:
            verdicts(scheme, client, path)
        case [path]:
            return compare(path)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


sys.exit(main(sys.argv[1:]))
