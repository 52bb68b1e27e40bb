#!/usr/bin/env python3
"""Runs atlaspec against the garden server: without a fault (with several seeds), and with each of its single faults.

A fault is caught when a MUST requirement fails that does not fail without it, warned of when only a SHOULD does, else missed.
"""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
AT_ONCE = 2
RATES = "rate."


class Server:
    """The garden server for one run: it ends with the run, or by itself when the driver is killed."""

    def __init__(self, folder, options, seed, fault=None):
        command = ["node", str(HERE / "server.js"), "--target", os.path.join(folder, "garden.yaml"), "--seed", str(seed)]
        command += ["--window", str(options.window), "--for", str(options.timeout + 30), "--spelling", options.spelling]
        command += ["--fault", fault] if fault else []
        self.errors = open(os.path.join(folder, "server.log"), "w", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        if not self.process.stdout.readline().startswith("https://"):
            self.__exit__()
            raise OSError(f"the garden server does not start: {fault}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def shown(self):
        """How often each fault has shown, once the server has ended."""
        told = pathlib.Path(self.errors.name).read_text(encoding="utf-8")
        return {name: int(times) for name, times in re.findall(r"^(\S+) showed (\d+) times$", told, re.MULTILINE)}


def run(options, seed, fault=None, selection=()):
    """One run: the failed requirements by level, the failed results and the exit code; None where it did not end."""
    with tempfile.TemporaryDirectory(prefix="garden-") as folder:
        command = [options.atlaspec, "run", "--target", f"{folder}/garden.yaml", "--reports", f"{folder}/reports", "--quiet", *options.suite]
        try:
            with Server(folder, options, seed, fault) as server:
                done = subprocess.run([*command, *selection], timeout=options.timeout, capture_output=True, text=True, check=False)
        except subprocess.TimeoutExpired:
            return None
        except OSError as problem:
            return unjudged(2, str(problem))
        report = pathlib.Path(folder, "reports", "run.json")
        if done.returncode == 2 or not report.exists():
            return unjudged(done.returncode, (done.stderr or done.stdout)[-2000:])
        found = read(json.loads(report.read_text(encoding="utf-8")))
        return {"code": done.returncode, "shown": server.shown(), **found}


def unjudged(code, problem):
    return {"code": code, "problem": problem, "must": [], "should": [], "results": []}


def read(report):
    failed = [one for one in report["requirements"] if one["verdict"].startswith("fail")]
    results = [one for one in report["results"] if one["verdict"] in ("fail", "failed", "warn", "warning", "inconclusive", "defect", "suite-error")]
    return {
        "must": sorted(one["id"] for one in failed if one["level"] == "must"),
        "should": sorted(one["id"] for one in failed if one["level"] == "should"),
        "seconds": round(report["duration_ms"] / 1000, 1),
        "counts": report["counts"],
        "results": [{"id": one["id"], "verdict": one["verdict"], "reason": one["reason"], "findings": told(one)} for one in results],
    }


def told(result):
    findings = [one for one in result["findings"] if not one["verdict"].startswith("pass")]
    return [{"message": one.get("message", one.get("reason")), "expected": one["expected"], "actual": one["actual"]} for one in findings[:3]]


def requirements(options):
    """The ids of the suite's requirements."""
    listed = subprocess.run([options.atlaspec, "list", "requirements", *options.suite], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listed.splitlines() if line.strip() and "." in line.split()[0]}


def judged(options, fault, baseline):
    """First by what judges the requirement that the fault violates, then by the whole suite, unless that is quick enough."""
    outcome = told_of(fault)
    for selection in selections(options, fault["requirement"]):
        found = run(options, options.seed, fault["name"], selection)
        if found is None:
            outcome.setdefault("verdict", "timeout")
            continue
        must, should = (sorted(set(found[level]) - set(baseline[level])) for level in ("must", "should"))
        verdict = "problem" if "problem" in found else "caught" if must else "warned" if should else "missed"
        outcome.update(verdict=verdict, must=must, should=should, selection=selection, results=found["results"][:5])
        outcome.update({name: found.get(name) for name in ("seconds", "problem")})
        outcome["shown"] = found.get("shown", {}).get(fault["name"])
        if met(outcome):
            break
    return outcome


def told_of(fault):
    """What an outcome says of its fault."""
    return {name: fault[name] for name in ("name", "requirement", "level", "where", "sentence")}


def together(options, faults, baseline):
    """Several faults in one run of the whole suite, each of another requirement: those whose own requirement is violated are caught."""
    names = ",".join(fault["name"] for fault in faults)
    whole = [] if options.rate or any(fault["requirement"].startswith(RATES) for fault in faults) else options.without_rate
    found = run(options, options.seed, names, whole)
    outcomes = []
    for fault in faults:
        outcome = told_of(fault)
        outcome.update(selection=whole, must=[], should=[], verdict="timeout" if found is None else "problem" if "problem" in found else "missed")
        if found is not None:
            outcome.update(seconds=found.get("seconds"), problem=found.get("problem"), shown=found.get("shown", {}).get(fault["name"]))
            for level, verdict in ("should", "warned"), ("must", "caught"):
                if fault["requirement"] in set(found[level]) - set(baseline[level]):
                    outcome.update({level: [fault["requirement"]], "verdict": verdict})
        outcomes.append(outcome)
    return outcomes


def batches(faults, size):
    """The faults in batches, in which no requirement stands twice."""
    found = []
    for fault in faults:
        fits = (one for one in found if len(one) < size and all(other["requirement"] != fault["requirement"] for other in one))
        batch = next(fits, None)
        if batch is None:
            found.append(batch := [])
        batch.append(fault)
    return found


def selections(options, requirement):
    """The arguments of the runs that a fault is tried with, one after the other."""
    whole = [] if options.rate or requirement.startswith(RATES) else options.without_rate
    first = ["--requirement", requirement] if requirement in options.known else [requirement.split(".")[0] + ".*"]
    return [whole] if options.whole else [first] if options.quick else [first, whole]


def without_rate(known):
    """The arguments that choose everything except the rate chapter."""
    return sorted({one.split(".")[0] + ".*" for one in known if not one.startswith(RATES)})


def met(outcome):
    """Whether a fault is caught at the level of the requirement that it violates."""
    return outcome["verdict"] == "caught" or (outcome["verdict"] == "warned" and outcome["level"] == "should")


def conforming(options, number):
    """Runs without a fault: all that is not conformant is a false alarm."""
    alarms = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = list(pool.map(lambda seed: (seed, run(options, seed, None, [] if options.rate else options.without_rate)), range(options.seed, options.seed + number)))
    for seed, found in runs:
        if found is None:
            print(f"seed {seed}: the run did not end")
            alarms.append({"seed": seed, "problem": "timeout"})
            continue
        print(f"seed {seed}: exit {found['code']}, {found.get('seconds')} s, {found.get('problem') or ''}")
        for result in found["results"]:
            alarms.append({"seed": seed, **result})
            print(f"  {result['verdict']} {result['id']}: {json.dumps(result['reason'])}")
            for finding in result["findings"]:
                print(f"      {finding['message']} | expected {finding['expected']} | actual {finding['actual']}")
    return runs, alarms


def chosen(options):
    faults = json.loads((HERE / "faults.json").read_text(encoding="utf-8"))
    if options.filter:
        faults = [one for one in faults if any(fnmatch.fnmatch(one["name"], pattern) or fnmatch.fnmatch(one["requirement"], pattern) for pattern in options.filter)]
    faults = [one for one in faults if not any(fnmatch.fnmatch(one["requirement"], pattern) for pattern in options.leave_out)]
    random.Random(options.seed).shuffle(faults)
    return faults[: options.sample] if options.sample else faults


def all_faults(options, baseline):
    faults, outcomes, lock, end = chosen(options), [], threading.Lock(), time.monotonic() + options.time

    def one(batch):
        if time.monotonic() > end:
            return
        some = together(options, batch, baseline) if options.together > 1 else [judged(options, fault, baseline) for fault in batch]
        with lock:
            outcomes.extend(some)
            for outcome in some:
                print(f"{outcome['verdict']:8} {outcome['name']} ({outcome['requirement']}): {', '.join(outcome.get('must', []) + outcome.get('should', []))}", flush=True)
            if options.output:
                pathlib.Path(options.output).write_text(json.dumps(outcomes, indent=1, ensure_ascii=False), encoding="utf-8")

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(one, batches(faults, options.together)))
    return faults, outcomes


def summary(options, faults, outcomes):
    caught = [one for one in outcomes if met(one)]
    counts = [len(one["must"]) for one in caught if one["must"] and one["selection"] in ([], options.without_rate)]
    print(f"\n{len(outcomes)} of {len(faults)} faults were tried: {len(caught)} caught, {len(outcomes) - len(caught)} not")
    if counts:
        print(f"requirements violated in whole runs: median {statistics.median(counts)}, most {max(counts)}")
    for one in sorted(outcomes, key=lambda one: one["requirement"]):
        if not met(one):
            print(f"{one['verdict']}, shown {one.get('shown')} times: {one['name']}: {one['sentence']} ({one['where']}; {one['requirement']})")
    return len(caught), len(outcomes)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("filter", nargs="*", help="globs of names of faults or of requirements")
    parser.add_argument("--atlaspec", default=str(ROOT / "target/debug/atlaspec"))
    parser.add_argument("--only-cases", metavar="DIR", help="judge with the cases of this directory, not with those inside the program")
    parser.add_argument("--conforming", type=int, metavar="N", help="run N times without a fault, with N seeds, and stop")
    parser.add_argument("--leave-out", action="append", default=[], metavar="GLOB", help="not the faults whose requirement matches")
    parser.add_argument("--sample", type=int, metavar="N", help="only N faults, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, choices=range(1, AT_ONCE + 1), default=AT_ONCE)
    parser.add_argument("--time", type=float, default=3600, help="seconds after which no further fault begins")
    parser.add_argument("--timeout", type=float, default=180, help="seconds of one run")
    parser.add_argument("--window", type=int, default=60, help="seconds of the window of the rate limit")
    parser.add_argument("--spelling", choices=["varied", "steady"], default="varied", help="whether responses differ in spelling")
    parser.add_argument("--whole", action="store_true", help="run the whole suite at once, not first the one requirement")
    parser.add_argument("--quick", action="store_true", help="run only what judges the requirement that is violated")
    parser.add_argument("--together", type=int, default=1, metavar="N", help="try N faults in one run, and demand the very requirement of each")
    parser.add_argument("--rate", action="store_true", help="run the rate chapter, too, where another requirement is violated")
    parser.add_argument("--least", type=float, default=0, help="the share that must be caught")
    parser.add_argument("--output", metavar="FILE", help="where to write the outcomes as JSON")
    return parser.parse_args()


def main():
    options = arguments()
    listed = subprocess.run(["node", str(HERE / "server.js"), "--print-faults"], capture_output=True, text=True, check=True).stdout
    if listed != (HERE / "faults.json").read_text(encoding="utf-8"):
        sys.exit("faults.json is out of date: node server.js --print-faults > faults.json")
    options.suite = ["--only-cases", options.only_cases] if options.only_cases else []
    options.known = requirements(options)
    options.without_rate = without_rate(options.known)
    if options.conforming:
        _, alarms = conforming(options, options.conforming)
        sys.exit(1 if alarms else 0)
    baseline = run(options, options.seed, None, [] if options.rate else options.without_rate)
    if baseline is None or "problem" in baseline:
        sys.exit(f"the server without a fault cannot be judged: {baseline}")
    print(f"without a fault: must {baseline['must']}, should {baseline['should']}", flush=True)
    caught, tried = summary(options, *all_faults(options, baseline))
    sys.exit(0 if tried and caught >= options.least * tried else 1)


if __name__ == "__main__":
    main()
