"""Makes a script of the `console` blocks of a page, and writes the files that the page shows (```yaml … file=PATH).

The script stops at the first command whose exit code is not as said: `exit N` below a command, and 0 without it. A command
that serves runs in the background. Blocks that are marked ```console not-run are left out.
"""

import re
import shlex
import sys
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.S | re.M)
# A value that only the reader knows.
OPEN = re.compile(r"^export \S+=…")

START = """
set -m
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
step() {
    local code=0 expected=$1
    printf '%s\\n' "$2"
    eval "$2" > said.txt 2>&1 || code=$?
    [ $code = "$expected" ] || { tail -n 40 said.txt; echo "exit $code, not $expected"; exit 1; }
}
# Until something is there: a file, or a port that accepts connections.
until_there() {
    for _ in $(seq 300); do
        case $1 in
            *[!0-9]*) [ -e "$1" ] && return ;;
            *) (: < "/dev/tcp/127.0.0.1/$1") 2>/dev/null && return ;;
        esac
        sleep 0.1
    done
    echo "no $1 after 30 s"
    exit 1
}
"""


def script(page, home):
    """The script, and how many commands it runs."""
    lines, commands = [START], 0
    for kind, words, text in BLOCK.findall(page):
        file = re.search(r"\bfile=(\S+)", words)
        if file:
            (home / file[1]).parent.mkdir(parents=True, exist_ok=True)
            (home / file[1]).write_text(text)
        if kind != "console" or "not-run" in words.split():
            continue
        shown = text.replace("\\\n", " ").splitlines()
        for number, line in enumerate(shown):
            if not line.startswith("$ ") or OPEN.match(line[2:]):
                continue
            command, commands = line[2:], commands + 1
            following = shown[number + 1] if number + 1 < len(shown) else ""
            expected = following.split()[1] if following.startswith("exit ") else "0"
            plain = re.sub(r"\s#\s.*", "", command).strip()
            if plain.endswith("&") or re.match(r"atlaspec serve\b", plain):
                lines += serving(plain.rstrip("& "))
            elif plain.startswith("kill "):
                lines.append(f"{plain}; wait {plain.split()[1]} || true")
            else:
                lines.append(f"step {expected} {shlex.quote(plain)}")
    return "\n".join(lines) + "\n", commands


def serving(command):
    """Starts a server and waits until it can be used."""
    written = re.search(r"--write-target (\S+)", command)
    port = re.search(r"--port (\d+)", command)
    there = written[1] if written else port[1]
    return [
        f"printf '%s\\n' {shlex.quote(command)}",
        "kill $(jobs -p) 2>/dev/null && wait || true",
        f"rm -f {written[1]}" if written else ":",
        f"{command} &",
        f"until_there {there}",
    ]


def main():
    page, home, least = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    text, commands = script(page.read_text(), home)
    assert commands >= least, f"{page} has {commands} commands, expected {least}"
    (home / "script").write_text(text)


main()
