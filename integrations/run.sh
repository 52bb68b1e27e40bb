#!/usr/bin/env bash
# Runs atlaspec once in a CI job, and gives the exit code of the run as its own: 0 conformant, 1 not conformant,
# 2 wrong usage, 3 inconclusive.
#
# It reads these variables:
#   ATLASPEC           the program (default: atlaspec, found on the path)
#   ATLASPEC_TARGET    the target file; without it the embedded reference server is judged
#   ATLASPEC_REPORTS   the folder for the reports (default: reports/ci)
#   ATLASPEC_FORMAT    what is printed (default: human; github in GitHub Actions)
#   ATLASPEC_ARGS      further arguments of `run`, separated by white space
#   ATLASPEC_KEEP_HAR  true keeps exchanges.har, which holds every response, in the folder
#   GITHUB_STEP_SUMMARY  set by GitHub: summary.md is appended to that file
set -uo pipefail

atlaspec=${ATLASPEC:-atlaspec}
reports=${ATLASPEC_REPORTS:-reports/ci}
format=${ATLASPEC_FORMAT:-human}
arguments=(run --reports "$reports" --format "$format")
[ -z "${ATLASPEC_TARGET:-}" ] || arguments+=(--target "$ATLASPEC_TARGET")
# White space separates arguments; no other character is special.
set -f
# shellcheck disable=SC2206
arguments+=(${ATLASPEC_ARGS:-})
set +f
# The program must see the options alone: the variables of this script are not meant for it.
unset ATLASPEC_TARGET ATLASPEC_REPORTS ATLASPEC_FORMAT ATLASPEC_ARGS

# Nothing of an earlier run may be taken for this one's.
rm -f "$reports"/{junit.xml,summary.md,report.html,run.json,exchanges.har}
code=0
"$atlaspec" "${arguments[@]}" || code=$?

[ "${ATLASPEC_KEEP_HAR:-false}" = true ] || rm -f "$reports/exchanges.har"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    if [ -f "$reports/summary.md" ]; then
        cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"
    else
        printf '## atlaspec\n\nThe run ended with exit code %d before it wrote its reports.\n' "$code" >>"$GITHUB_STEP_SUMMARY"
    fi
fi
exit "$code"
