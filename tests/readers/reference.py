"""Compares two stored runs of the embedded server, except what no two runs share: times, the port, what was sent and how often."""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit


def lasting(path):
    run = json.loads(Path(path).read_text())
    address = urlsplit(run["target"]["base_url"]).netloc
    run = json.loads(json.dumps(run).replace(address, "{target}"))
    for volatile in ["started", "duration_ms", "history"]:
        run.pop(volatile, None)
    results = {}
    for result in run.pop("results"):
        for volatile in ["started_ms", "duration_ms", "waits", "exchanges", "reason", "judged"]:
            result.pop(volatile, None)
        for finding in result["findings"]:
            finding.pop("exchange")
        results[result["id"]] = result
    return run, results


(old, old_results), (new, new_results) = lasting(sys.argv[1]), lasting(sys.argv[2])
differences = [f"{key}: {old.get(key)!r:.200} is {new.get(key)!r:.200}" for key in old | new if old.get(key) != new.get(key)]
for case in sorted(old_results.keys() | new_results.keys()):
    before, now = old_results.get(case), new_results.get(case)
    if before is None or now is None:
        differences.append(f"{case}: only in {'the fresh' if before is None else 'the checked-in'} run")
    elif before != now:
        members = [key for key in before | now if before.get(key) != now.get(key)]
        differences.append(f"{case}: another {', '.join(members)}")
for difference in differences[:20]:
    print(difference, file=sys.stderr)
if len(differences) > 20:
    print(f"and {len(differences) - 20} more", file=sys.stderr)
sys.exit(1 if differences else 0)
