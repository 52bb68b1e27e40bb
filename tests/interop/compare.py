"""Compares what the suite found on real Digest servers with what is pinned in expected.tsv.

  compare.py SERVER RUN.json          prints each difference; exit code 1 if there is one
  compare.py --pin SERVER RUN.json    prints lines for expected.tsv
  compare.py --docs                   prints the table of docs/interop.md
  compare.py --check-docs             says whether it stands there
"""

import contextlib
import io
import json
import re
import sys
from pathlib import Path

EXPECTED = Path(__file__).with_name("expected.tsv")
DOCS = Path(__file__).parents[2] / "docs/interop.md"
ASIDE = ("not-applicable", "not-selected")
WORSE = ["pass", "observed", "warn", "flaky", "inconclusive", "defect", "fail"]


def pinned():
    """Server -> case -> (outcome, requirements that fail, why)."""
    servers = {}
    for line in EXPECTED.read_text().splitlines():
        if line and not line.startswith("#"):
            server, case, outcome, requirements, why = line.split("\t")
            servers.setdefault(server, {})[case] = (outcome, requirements, why)
    return servers


def found(path):
    """Case -> (the worst outcome of its tests, requirements that fail, results that are no pass before the others)."""
    cases = {}
    for result in json.loads(Path(path).read_text())["results"]:
        if result["verdict"] in ASIDE:
            continue
        failed = {
            requirement
            for finding in result["findings"]
            if finding["verdict"] != "pass"
            for requirement in finding["requirements"]
        }
        # Addresses are others each time, so are paths from server to server, and what a case varies is many.
        case = re.sub(r"\[(?!name=).*\]$", "", result["id"])
        verdict, before, results = cases.get(case, ("pass", set(), []))
        worst = max(verdict, result["verdict"], key=WORSE.index)
        cases[case] = (worst, before | failed, results + [result])
    return {
        case: (verdict, " ".join(sorted(failed)) or "-", next((it for it in results if it["verdict"] == verdict)))
        for case, (verdict, failed, results) in cases.items()
    }


def compare(server, path):
    expected, actual = pinned().get(server, {}), found(path)
    different = 0
    for case in sorted(expected.keys() | actual.keys()):
        want = expected.get(case, ("absent", "-", ""))[:2]
        have = actual.get(case, ("absent", "-", None))
        if want != have[:2]:
            different += 1
            print(f"{server}: {case} is {' '.join(have[:2])}, expected {' '.join(want)}")
            for finding in (have[2] or {}).get("findings", []):
                if finding["verdict"] != "pass":
                    print(f"    {finding.get('message') or finding.get('reason')}")
    print(f"{server}: {len(actual)} cases judged, {different} not as pinned")
    return 1 if different else 0


def pin(server, path):
    for case, (outcome, requirements, result) in sorted(found(path).items()):
        why = next((f.get("message", "") for f in result["findings"] if f["verdict"] != "pass"), "")
        print(f"{server}\t{case}\t{outcome}\t{requirements}\t{why or '-'}")


def docs():
    """Prints the table and the reasons, as docs/interop.md has them between its marks."""
    servers = pinned()
    cases = sorted({case for outcomes in servers.values() for case in outcomes})
    signs = {"pass": "passed", "fail": "**failed**", "warn": "*warning*", "inconclusive": "inconclusive"}
    print("| case | " + " | ".join(servers) + " |")
    print("|---|" + "---|" * len(servers))
    for case in cases:
        cells = [signs.get(outcomes.get(case, ("-",))[0], "–") for outcomes in servers.values()]
        print(f"| `{case}` | " + " | ".join(cells) + " |")
    print("\nWhat did not pass, and why:\n")
    for (why, outcome, requirement), where in reasons(servers).items():
        print(f"- {', '.join(where)}: {outcome} of `{requirement}`: {why}.")


def check_docs():
    """Whether docs/interop.md holds what --docs prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        docs()
    if printed.getvalue() in DOCS.read_text():
        return 0
    print("docs/interop.md does not show what is pinned: put in what compare.py --docs prints")
    return 1


def reasons(servers):
    """(why, outcome, requirement) -> servers."""
    found = {}
    for server, outcomes in servers.items():
        for outcome, requirements, why in outcomes.values():
            if outcome != "pass":
                about = requirements if server != "httpbin-sha512" else "auth.*"
                where = found.setdefault((why, outcome, about), [])
                if server not in where:
                    where.append(server)
    return found


def main(arguments):
    match arguments:
        case ["--docs"]:
            docs()
        case ["--check-docs"]:
            return check_docs()
        case ["--pin", server, path]:
            pin(server, path)
        case [server, path]:
            return compare(server, path)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


sys.exit(main(sys.argv[1:]))
