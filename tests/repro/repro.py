#!/usr/bin/env python3
"""Runs the scripts that repeat failed tests, on servers with one fault each: they must show what the tests saw.

For each fault the suite is run, then each script that it wrote. A script has shown a failure again if the response that it
shows has the status that the test saw, and the header or the member that the finding is about is as it was. Names that the
server gives and times are other ones each time, so digits and hexadecimal numbers are not compared.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
USERS = ["owner", "second", "reader", "outsider", "other"]


def plain(value):
    """What is alike in two values of the same kind."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return re.sub(r"[0-9a-f]{6,}|\d+", "0", text, flags=re.I)


# How the lines begin that no body has: a response, the status of a request, and what the test found.
NOT_OF_BODY = re.compile(r"HTTP/|\d+\. [A-Z]+ |The test found: ")


def shown(output):
    """The responses that a script shows: status, headers by name, body."""
    responses, lines = [], output.splitlines()
    at = 0
    while at < len(lines):
        # The line that tells the status of every request has no headers after it.
        if lines[at].startswith("HTTP/") and at + 1 < len(lines) and re.match(r"[!-~]+:", lines[at + 1]):
            end = next((n for n in range(at, len(lines)) if not lines[n].strip()), len(lines))
            headers = dict(line.split(":", 1) for line in lines[at + 1 : end] if ":" in line)
            headers = {name.strip().lower(): value.strip() for name, value in headers.items()}
            body_end = next((n for n in range(end, len(lines)) if NOT_OF_BODY.match(lines[n])), len(lines))
            responses.append((int(lines[at].split()[1]), headers, "\n".join(lines[end + 1 : body_end]).strip()))
            at = body_end
        else:
            at += 1
    return responses


MISSING = object()


def at_pointer(text, pointer):
    """The value of a JSON text at a place, if both are there."""
    try:
        value = json.loads(text)
        for name in pointer.split("/")[1:] if pointer else []:
            name = name.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
        return value
    except (ValueError, KeyError, IndexError, TypeError):
        return MISSING


def is_again(finding, exchange, responses):
    """Whether one of these responses is what the finding is about."""
    place = finding.get("location") or {}
    kind = place.get("kind") if isinstance(place, dict) else None
    for status, headers, body in responses:
        if status != exchange["status"]:
            continue
        if kind == "header":
            name = place["name"].lower()
            before = next((value for other, value in exchange["response_headers"] if other.lower() == name), "")
            if plain(headers.get(name, "")) == plain(before):
                return True
        elif kind == "body" and exchange["response_body"] and not exchange["response_body"]["cut"]:
            pointer = place.get("pointer", "")
            before, now = at_pointer(exchange["response_body"]["text"], pointer), at_pointer(body, pointer)
            if (before is MISSING) == (now is MISSING) and (now is MISSING or plain(before) == plain(now)):
                return True
        else:
            return True
    return False


def judge(script, result, environment):
    """What is wrong about a script; None where it showed the failure again."""
    if "HEADER_" in pathlib.Path(script).read_text():
        return "left out: a header was withheld"
    ended = subprocess.run(["sh", script], capture_output=True, text=True, errors="replace", env=environment, timeout=300)
    if ended.returncode:
        return f"ended with {ended.returncode}: {ended.stderr.strip()[-300:]}"
    responses = shown(ended.stdout)
    about = [it for it in result["findings"] if it["verdict"] == "fail" and it.get("exchange") is not None]
    about = [it for it in about if result["exchanges"][it["exchange"]]["role"] == "asked"]
    if not about:
        return "left out: no response is what was found"
    forged = {exchange["credentials"] for exchange in result["exchanges"]} - {None, "wrong-key", "unknown-user", "basic-wrong-key"}
    for finding in about:
        if is_again(finding, result["exchanges"][finding["exchange"]], responses):
            return None
    if forged:
        return f"left out: curl cannot forge {', '.join(sorted(forged))}"
    seen = [status for status, *_ in responses]
    return f"shows {seen}, not {about[0].get('location')} of {result['exchanges'][about[0]['exchange']]['status']}: {about[0]['message'][:160]}"


def environment(secrets):
    """The users, keys and addresses of a server, as the scripts read them."""
    keys = {f"API_KEY_{user.upper()}": (secrets / f"{user}.key").read_text().strip() for user in USERS}
    users = {f"API_USER_{user.upper()}": f"{user}@example.com" for user in USERS}
    sources = {"SOURCE_ALLOWED": "127.0.0.2", "SOURCE_OTHER": "127.0.0.3", "SOURCE_REFUSED": "127.0.0.4"}
    return {**os.environ, **users, **keys, **sources, "LC_ALL": "C.UTF-8"}


def try_fault(options, fault, requirement):
    """The outcomes of the scripts of one fault: of the tests of the requirement that it violates."""
    with tempfile.TemporaryDirectory(prefix="repro-") as folder:
        folder = pathlib.Path(folder)
        target = folder / "target.yaml"
        command = [options.atlaspec, "serve", "--port", "0", "--duration", "5m", "--secrets", str(folder / "keys"), "--fault", fault]
        with open(target, "wb") as file:
            server = subprocess.Popen([*command, "--print-target"], stdout=file, stderr=subprocess.PIPE)
        try:
            # It says where it is once it listens.
            server.stderr.readline()
            run = [options.atlaspec, "run", "--target", str(target), "--reports", str(folder / "r"), "--depth", "quick", "--quiet"]
            subprocess.run([*run, "--requirement", requirement], capture_output=True, timeout=240, check=False)
            report = json.loads((folder / "r" / "run.json").read_text())
            failed = [it for it in report["results"] if it["verdict"] in ("fail", "warn")]
            failed = {it["id"]: it for it in failed}
            outcomes = []
            for script in sorted((folder / "r" / "repro").glob("*.sh"))[: options.scripts]:
                first = script.read_text().splitlines()[1]
                about = first.removeprefix("# The requests of the test ").removesuffix(".")
                result = failed[about.rsplit(", in which the target violated ", 1)[-1]]
                outcomes.append((result["id"], judge(script, result, environment(folder / "keys"))))
            return outcomes
        finally:
            server.terminate()
            server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", help="names of faults; by default some of each chapter")
    parser.add_argument("--atlaspec", default=str(ROOT / "target/release/atlaspec"))
    parser.add_argument("--every", type=int, default=5, metavar="N", help="every Nth fault of the list")
    parser.add_argument("--scripts", type=int, default=3, metavar="N", help="of each fault so many scripts at most")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    listed = json.loads(subprocess.run([options.atlaspec, "list", "faults", "--format", "json"], capture_output=True, check=True).stdout)
    faults = {it["name"]: it["violates"][0] for it in listed if not it["violates"][0].startswith("rate.")}
    names = options.faults or list(faults)[:: options.every]
    again, left_out, wrong, silent = 0, 0, [], 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for fault, outcomes in zip(names, pool.map(lambda fault: try_fault(options, fault, faults[fault]), names)):
            silent += not outcomes
            for test, why in outcomes:
                if why is None:
                    again += 1
                elif why.startswith("left out"):
                    left_out += 1
                else:
                    wrong.append(f"{fault}: {test}: {why}")
                    print(wrong[-1], flush=True)
    print(f"{len(names)} faults, {silent} without a script; {again} scripts show the failure again, {len(wrong)} do not, {left_out} left out")
    return 1 if wrong or again == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
