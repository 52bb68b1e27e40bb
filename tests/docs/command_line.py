"""Writes docs/command-line.md: what the program says of its commands and options. The argument is the program."""

import re
import subprocess
import sys

HEAD = """# Command line

This page is generated from `atlaspec COMMAND --help`: `.ci/docs --update` writes it again. `atlaspec man COMMAND` shows the
same as a manual page. Every option can also be set by a [variable of the environment](run.md#variables).

## Exit codes

{codes}

## Options of every command

{common}
"""
VARIABLE = re.compile(r"\s*\[env:\s+[A-Z_]+=?\]")
COMMON = ("--color", "--verbose", "--quiet", "--help", "--version")


def shown(program, *words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True, env={"COLUMNS": "100"})
    return VARIABLE.sub("", done.stdout).rstrip() + "\n"


def parts(text):
    """What the help begins with, its usage, its entries (name, meaning), and what it ends with."""
    about, rest = text.split("\n\n", 1)
    entries, after, usage, part = [], [], "", ""
    for line in rest.splitlines():
        if not after and line.startswith("Usage: "):
            usage = line.removeprefix("Usage: ")
        elif not after and re.fullmatch(r"(Arguments|Options|Commands|Browsing):", line):
            part = line
        elif part and not after and (line.startswith("  ") or not line):
            if re.match(r"  {1,5}[-<\[a-z]", line):
                name, _, meaning = line.strip().partition("  ")
                entries.append((name, [meaning.strip()]))
            elif line:
                entries[-1][1].append(line.strip())
        elif line or after:
            after.append(line)
    return about, usage, entries, "\n".join(after).strip()


def cell(lines):
    text = " ".join(line for line in lines if line)
    text = re.sub(r" - ([a-z-]+): +", r"; `\1`: ", text).replace(" Possible values:;", ". Possible values:")
    text = re.sub(r"\[(default|possible values): ([^\]]*)\]", r"(\1: \2)", text)
    return text.replace("|", "\\|").replace("<", "&lt;")


def table(entries):
    rows = ["| argument or option | meaning |", "|---|---|"]
    return "\n".join(rows + [f"| `{name}` | {cell(lines)} |".replace("<DIR>|", "<DIR>") for name, lines in entries])


def is_common(name):
    return any(option in name for option in COMMON)


def section(program, command):
    about, usage, entries, after = parts(shown(program, command))
    text = f"## {command}\n\n{about.strip()}.\n\n```text\n{usage}\n```\n\n{table([it for it in entries if not is_common(it[0])])}"
    return text + (f"\n\n```text\n{after}\n```" if after else "")


def main():
    program = sys.argv[1]
    whole = shown(program)
    _, _, entries, _ = parts(whole)
    commands = [name for name, _ in entries if re.fullmatch(r"[a-z]+", name) and name != "help"]
    codes = re.findall(r"^  (\d)  (.*)$", whole, re.M)
    codes = "\n".join(["| code | conclusion |", "|---|---|", *(f"| {code} | {text} |" for code, text in codes)])
    common = table([it for it in parts(shown(program, "run"))[2] if is_common(it[0])])
    head = HEAD.format(codes=codes, common=common).rstrip()
    print("\n\n".join([head, *(section(program, command) for command in commands)]))


main()
