"""Reads the reports of one run with parsers that are not ours, and compares what they saw with the run itself."""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import junitparser
import rdflib
from lxml import etree
from tap.parser import Parser

run = json.loads(Path(sys.argv[1]).read_text())
folder = Path(sys.argv[2])
schema = etree.XMLSchema(etree.parse(sys.argv[3]))
results = run["results"]
verdicts = Counter(result["verdict"] for result in results)
known = {result["id"] for result in results if result.get("standing") == "as-expected" and result["verdict"] in ["fail", "flaky"]}
# What a list of known failures excuses is told apart in every format but EARL.
unexcused = Counter(result["verdict"] for result in results if result["id"] not in known)
flaws = len((run.get("known_failures") or {"problems": []})["problems"])


def same(what, seen, expected):
    assert seen == expected, f"{what}: {seen}, not {expected}"


def number(*names):
    return sum(verdicts[name] for name in names)


def open_number(*names):
    return sum(unexcused[name] for name in names)


def junit():
    schema.assertValid(etree.parse(folder / "junit.xml"))
    junit_cases(folder / "junit.xml")


def junit_gitlab():
    """GitLab's dialect says more of each case, and nothing else about it."""
    cases = junit_cases(folder / "junit-gitlab.xml")
    scripts = [line for case in cases for line in re.findall(r"^\[\[ATTACHMENT\|(.+)\]\]$", case.system_out or "", re.M)]
    for script in scripts:
        assert script.startswith(f"{folder}/repro/") and script.endswith(".sh"), script
    same("files", {case._elem.get("file") for case in cases} - {None}, {result["source"]["file"] for result in results})
    wrong = [case for case in cases if any(isinstance(it, (junitparser.Failure, junitparser.Error)) for it in case.result)]
    pages = sum(bool(re.search(r"^page .*report\.html$", case.system_out or "", re.M)) for case in wrong)
    same("pages", pages, len(wrong) - flaws)


def junit_cases(path):
    cases = [case for suite in junitparser.JUnitXml.fromfile(str(path)) for case in suite]
    same("cases", len(cases), len(results) + flaws)
    told = {result["id"]: result for result in results}
    kinds = {junitparser.Failure: [], junitparser.Error: [], junitparser.Skipped: []}
    for case in cases:
        if case.name in told:
            assert "requirement " in case.system_out and "source " in case.system_out, case.name
        for outcome in case.result:
            assert outcome.message and outcome.type, case.name
            kinds[type(outcome)].append(case)
    same("failures", len(kinds[junitparser.Failure]), open_number("fail") + flaws)
    same("errors", len(kinds[junitparser.Error]), open_number("inconclusive", "flaky", "defect"))
    same("skipped", len(kinds[junitparser.Skipped]), number("not-applicable", "not-selected") + len(known))
    for case in kinds[junitparser.Failure]:
        failed = told.get(case.name, {}).get("findings", [])
        if any(finding["verdict"] == "fail" and finding["exchange"] is not None for finding in failed):
            assert re.search(r"^> \S+ http", case.system_out, re.M) and re.search(r"^< \d", case.system_out, re.M)
        assert case.name not in told or re.search(r"\S+\.yaml:\d+:\d+", case.system_out), case.name
    return cases


def tap():
    parsed = list(Parser().parse_file(str(folder / "run.tap")))
    points = [line for line in parsed if line.category == "test"]
    assert not [line for line in parsed if line.category == "unknown" and str(line).strip()], "a line is no TAP"
    same("points", len(points), len(results) + flaws)
    same("skipped", sum(bool(point.skip) for point in points), number("not-applicable", "not-selected"))
    same("todo", sum(bool(point.todo) for point in points), number("warn") + len(known))
    failed = [point for point in points if not point.ok and not point.todo]
    same("not ok", len(failed), open_number("fail", "inconclusive", "flaky", "defect") + flaws)
    for point in failed:
        assert point.yaml_block and point.yaml_block["message"] and point.yaml_block["at"], point.description
        assert point.yaml_block.get("requirement") or "known-failures" in point.description, point.description


def earl():
    graph = rdflib.Graph().parse(folder / "earl.jsonld", format="json-ld")
    earl, kind_of = rdflib.Namespace("http://www.w3.org/ns/earl#"), rdflib.RDF.type
    short = Counter()
    # By hand, as a query would try every assertion with every result.
    for assertion in graph.subjects(kind_of, earl.Assertion):
        of = {name: graph.value(assertion, earl[name]) for name in ("assertedBy", "subject", "test", "mode", "result")}
        assert (of["assertedBy"], kind_of, earl.Assertor) in graph, assertion
        assert (of["subject"], kind_of, earl.TestSubject) in graph, assertion
        assert (of["result"], kind_of, earl.TestResult) in graph and of["mode"] == earl.automatic, assertion
        outcome = graph.value(of["result"], earl.outcome)
        for kind in graph.objects(of["test"], kind_of):
            short[(str(kind).split("#")[1], str(outcome).split("#")[1])] += 1
    cases = Counter(
        {
            "passed": number("pass"),
            "failed": number("fail", "warn"),
            "cantTell": number("inconclusive", "flaky", "defect"),
            "inapplicable": number("observed", "not-applicable"),
            "untested": number("not-selected"),
        }
    )
    same("cases", Counter({outcome: n for (kind, outcome), n in short.items() if kind == "TestCase"}), +cases)
    requirements = sum(n for (kind, _), n in short.items() if kind == "TestRequirement")
    same("requirements", requirements, len(run["requirements"]))


def badge():
    # The members that the documentation of shields.io's endpoint badge names.
    data = json.loads((folder / "badge.json").read_text())
    same("members", set(data), {"schemaVersion", "label", "message", "color", "isError"})
    same("schemaVersion", data["schemaVersion"], 1)
    assert data["label"] and data["message"] and isinstance(data["isError"], bool)
    svg = etree.parse(folder / "badge.svg").getroot()
    name = "{http://www.w3.org/2000/svg}"
    same("root", svg.tag, name + "svg")
    allowed = {name + tag for tag in ["svg", "title", "clipPath", "rect", "g", "text"]}
    assert {element.tag for element in svg.iter()} <= allowed
    same("text", svg.get("aria-label"), f"{data['label']}: {data['message']}")


def unescaped(text, pairs):
    for escape, character in pairs:
        text = text.replace(escape, character)
    return text


def github():
    """As GitHub's documentation of workflow commands says: a line, properties, two colons, data."""
    data = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
    property_ = [("%3A", ":"), ("%2C", ","), *data]
    commands = Counter()
    for line in (folder / "annotations.txt").read_text().splitlines():
        command, properties, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
        pairs = [part.split("=", 1) for part in properties.split(",")]
        assert {name for name, _ in pairs} <= {"file", "line", "col", "title"}, line
        assert all(unescaped(value, property_) for _, value in pairs) and unescaped(message, data)
        commands[command] += 1
    verdict = "notice" if run["conclusion"] == "conformant" else "error"
    expected = Counter({verdict: 1})
    # More than three wrong entries of the list are one annotation, and no command has more than ten.
    told_flaws = flaws if flaws <= 3 else 1
    open_errors = open_number("fail", "inconclusive", "flaky", "defect") + told_flaws
    expected += Counter({"error": open_errors, "warning": number("warn")})
    expected += Counter({"notice": number("observed") + len(known)})
    same("annotations", commands, Counter({command: min(most, 10) for command, most in expected.items()}))


for check in [junit, junit_gitlab, tap, earl, badge, github]:
    check()
