"""Runs the shell parts of what others copy into their CI systems, and writes the snippets of docs/ci.md as files.

    shells.py snippets FOLDER    writes `KIND-NUMBER.yml` for each YAML snippet of docs/ci.md
    shells.py run                runs the shell parts in the current folder, which has a target file `staging.yaml` and the
                                 program on its path
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
# What comes after them deletes it, or publishes the page alone.
KEEPS_RECORDING = ["gitlab.yml, script", "Jenkinsfile"]
BLOCK = re.compile(r"^```yaml (\S+)([^\n]*)\n(.*?)^```$", re.S | re.M)


def snippets():
    """The YAML of docs/ci.md: its kind, and its text, completed where it is a part."""
    for kind, words, text in BLOCK.findall((ROOT / "docs/ci.md").read_text()):
        yield kind, ("on: push\n" if "part" in words.split() else "") + text


def documents(text):
    return list(YAML(typ="safe").load_all(text))


def fill(text, known):
    """A text with what a system fills in between `${{`, `$[[` or `$(` and its end."""
    return re.sub(r"\$(?:\{\{|\[\[) *([\w.]+) *(?:\}\}|\]\])", lambda found: known[found[1]], text)


def parts():
    """What is run: a name, the variables of the system, the shell, and the exit codes that are right."""
    inputs = {"inputs.target": "staging.yaml", "inputs.args": "", "inputs.stage": "test", "inputs.image": "x"}
    job = documents((ROOT / "integrations/gitlab.yml").read_text())[1]["atlaspec"]
    for key in ("script", "after_script"):
        yield f"gitlab.yml, {key}", {}, fill("\n".join(job[key]), inputs)
    steps = documents((ROOT / "integrations/azure-pipelines.yml").read_text())[0]["steps"]
    yield "azure-pipelines.yml", {}, "\n".join(step["script"] for step in steps if "script" in step)
    # A job in Kubernetes: its folders are mounted, and its paths are absolute.
    spec = documents((ROOT / "integrations/kubernetes-job.yaml").read_text())[1]["spec"]["template"]["spec"]
    [shell] = spec["containers"][0]["args"]
    local = shell.replace("/config/target.yaml", "staging.yaml").replace("/reports/", "mounted/")
    for index in range(3):
        yield f"kubernetes-job.yaml, {index}", {"JOB_COMPLETION_INDEX": str(index)}, local
    [merge] = documents((ROOT / "integrations/kubernetes-merge.yaml").read_text())
    [shell] = merge["spec"]["template"]["spec"]["containers"][0]["args"]
    for time in ("once", "again"):
        yield f"kubernetes-merge.yaml, {time}", {}, shell.replace("/reports/", "mounted/")

    for kind, text in snippets():
        [document] = documents(text)
        if kind == "gitlab-ci":
            for node in range(1, 4):
                yield f"ci.md, gitlab, {node}", numbered(node), "\n".join(document["judge"]["script"])
            yield "ci.md, gitlab, gate", {}, "\n".join(document["gate"]["script"])
        elif "judge" in document["jobs"]:
            runs = {name: [it["run"] for it in job["steps"] if "run" in it] for name, job in document["jobs"].items()}
            for shard in document["jobs"]["judge"]["strategy"]["matrix"]["shard"]:
                yield f"ci.md, github, {shard}", {}, fill("\n".join(runs["judge"]), {"matrix.shard": str(shard)})
            yield "ci.md, github, gate", {"GITHUB_STEP_SUMMARY": "summary"}, "\n".join(runs["gate"])
    # Its reports stay on the agent.
    lines = re.findall(r"^\s*sh '([^']*)'$", (ROOT / "integrations/Jenkinsfile").read_text(), re.M)
    assert lines
    yield "Jenkinsfile", {}, "\n".join(lines)


def numbered(node):
    return {"CI_NODE_INDEX": str(node), "CI_NODE_TOTAL": "3"}


def run():
    """Every part ends with 0: the target conforms."""
    for name, variables, shell in parts():
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", shell], env=os.environ | variables, capture_output=True, text=True
        )
        # What is published holds no recording: a recipe deletes it, or names what it publishes.
        recorded = [] if name in KEEPS_RECORDING else [*Path().glob("reports/ci/*.har"), *Path().glob("shard-*/*.har")]
        if done.returncode or recorded:
            sys.exit(f"{name}: exit {done.returncode} {recorded}\n{shell}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        print(f"{name}: as expected")
    assert "includes: 'report.html'" in (ROOT / "integrations/Jenkinsfile").read_text()
    assert Path("reports/ci/junit.xml").exists()
    assert Path("summary").read_text() and Path("reports/junit.xml").exists() and Path("mounted/all/run.json").exists()


def write(folder):
    for number, (kind, text) in enumerate(snippets(), 1):
        (Path(folder) / f"{kind}-{number}.yml").write_text(text)


if sys.argv[1] == "run":
    run()
else:
    write(sys.argv[2])
