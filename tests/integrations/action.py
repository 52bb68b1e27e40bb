"""Runs the shell steps of action.yml in order, with the variables that GitHub would set. Steps that use other actions are left out."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def inputs_and_steps():
    """The inputs with their defaults, and the shell steps: name, environment, script. Reads the plain YAML that action.yml is."""
    inputs, steps, name = {}, [], None
    lines = (ROOT / "action.yml").read_text().splitlines()
    section, script = None, None
    for line in lines:
        if re.match(r"\S", line):
            section = line.split(":")[0]
        if section == "inputs" and (match := re.match(r"  ([a-z-]+):$", line)):
            name = match[1]
        elif section == "inputs" and (match := re.match(r"    default: \"?([^\"]*)\"?$", line)):
            inputs[name] = match[1]
        elif section == "runs" and (match := re.match(r"    - name: (.*)$", line)):
            steps.append({"name": match[1], "env": {}, "run": None})
            script = None
        elif section == "runs" and steps and (match := re.match(r"        ([A-Z_]+): (.*)$", line)) and script is None:
            steps[-1]["env"][match[1]] = match[2]
        elif section == "runs" and (match := re.match(r"      run: (.*)$", line)):
            script = [] if match[1] == "|" else [match[1]]
            steps[-1]["run"] = script
        elif script is not None and line.startswith("        "):
            script.append(line[8:])
    return inputs, [step for step in steps if step["run"] is not None]


def steps(folder, given):
    """Runs every step but the installation, which is tried by itself; returns the code of the last."""
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    inputs, shell = inputs_and_steps()
    inputs |= {"reports": str(folder / "reports"), "version": "none"}
    inputs |= dict(pair.split("=", 1) for pair in given)
    output = folder / "output"
    output.write_text("")
    (folder / "summary").write_text("")
    code = 0
    for step in shell:
        if step["name"].startswith("Install"):
            continue
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        known = {f"inputs.{key}": value for key, value in inputs.items()}
        known |= {f"steps.run.outputs.{key}": value for key, value in outputs.items()}
        known |= {"github.action_path": str(ROOT)}
        fill = lambda text: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: known[match[1]], text)
        env = os.environ | {key: fill(value) for key, value in step["env"].items()}
        env |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(folder / "summary")}
        code = subprocess.run(["bash", "-eo", "pipefail", "-c", "\n".join(step["run"])], env=env).returncode
    return code
