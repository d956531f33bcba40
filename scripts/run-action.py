#!/usr/bin/env python3
"""Runs the composite action of action.yml as a GitHub runner would, as far as that file uses it.

usage: run-action.py --state FOLDER NAME=VALUE…

The folder gets what the action published: outputs (name=value lines), summary.md, path; and the workspace. Exits with the code of the
first step that failed. An expression or a key that isn't known here is an error, so that nothing passes unseen.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

import yaml

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser()
parser.add_argument("--state", type=pathlib.Path, required=True)
parser.add_argument("inputs", nargs="*")
arguments = parser.parse_args()
state = arguments.state.resolve()
workspace = state / "workspace"
workspace.mkdir(parents=True, exist_ok=True)

action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
assert action["runs"]["using"] == "composite"
inputs = {name: declared["default"] for name, declared in action["inputs"].items()}
for name, value in (text.split("=", 1) for text in arguments.inputs):
    if name not in inputs:
        sys.exit(f"run-action.py: action.yml has no input {name}")
    inputs[name] = value
values = {f"inputs.{name}": str(value) for name, value in inputs.items()}
values["github.action_repository"] = ""  # As for `uses: ./`
values["github.token"] = "a token"


def evaluate(text):
    known = re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda match: values[match[1]], text)
    # An input's default may be an expression, too.
    return known if known == text else evaluate(known)


def published(file):
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines)


code = 0
for step in action["runs"]["steps"]:
    unknown = set(step) - {"id", "shell", "env", "run"}
    assert not unknown and step["shell"] == "bash", f"not known here: {unknown or step['shell']}"
    assert "${{" not in step["run"], "inputs in a script are code that strangers write; hand them over by env"
    file = state / f"output-{step['id']}"
    environment = os.environ | {
        "GITHUB_ACTION_PATH": str(root), "GITHUB_OUTPUT": str(file), "GITHUB_PATH": str(state / "path"),
        "GITHUB_STEP_SUMMARY": str(state / "summary.md"), "RUNNER_TEMP": str(state),
    } | {name: evaluate(text) for name, text in step.get("env", {}).items()}
    # GitHub's own command line for `shell: bash`.
    code = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], env=environment, cwd=workspace,
        check=False).returncode
    values |= {f"steps.{step['id']}.outputs.{name}": value for name, value in published(file).items()}
    if code:
        break
with open(state / "outputs", "w", encoding="utf-8") as file:
    for name, declared in action["outputs"].items():
        expression = re.fullmatch(r"\$\{\{\s*(.*?)\s*\}\}", declared["value"])[1]
        file.write(f"{name}={values.get(expression, '')}\n")
sys.exit(code)
