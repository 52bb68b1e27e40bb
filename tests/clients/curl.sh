#!/usr/bin/env bash
# `curl --digest` against `atlaspec serve`: each call on a line, `ok` or why not.
# Usage: curl.sh ORIGIN GROUP USER KEY [CA]. CONTROL is the address of the control port, CONTROL_TOKEN its token.
set -euo pipefail
origin=$1 group=$2 user=$3 key=$4 ca=${5:-}
base=$origin/api/atlas/v1.0
failed=0

# The key is read from standard input, so that it stands in no list of processes.
send() {
    printf 'user = "%s:%s"\n' "$user" "$key" | curl --silent --show-error --digest --config - ${ca:+--cacert "$ca"} "$@"
}

step() {
    local what=$1 want=$2 have
    shift 2
    have=$("$@" 2>&1) || true
    if [ "$have" = "$want" ]; then have=ok; else failed=1 have="unexpected: ${have:0:120}"; fi
    printf 'curl\t%s\t%s\n' "$what" "$have"
}

# curl cuts the file of its output off before it tries again: it must be a plain one.
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
status() { send --output "$answer" --write-out '%{http_code}' "$@"; }
count() { send "$1" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["results"]))'; }
location() { send --output /dev/null --write-out '%{redirect_url}%header{location}' "$@"; }

document='{"name":"curl","eventTypeName":"HOST_DOWN","notification":{"email":"ops@example.com"}}'
json='Content-Type: application/json'
configs=$base/groups/$group/alertConfigs

step list 200 status "$base/groups"
step page 53 count "$base/groups/$group/hosts?pageNum=3&itemsPerPage=100"
own=$(location --header "$json" --data "$document" "$configs")
step create 409 status --header "$json" --data "$document" "$configs"
step update 200 status --request PATCH --header "$json" --data '{"enabled":false}' "$own"
step replace 200 status --request PUT --header "$json" --data "$document" "$own"
step delete 204 status --request DELETE "$own"
step missing 404 status "$own"
order() { curl --silent --output /dev/null --request POST --oauth2-bearer "$CONTROL_TOKEN" "$CONTROL$1"; }
order '/fail?status=429&times=1&retry-after=2'
step 'rate limit' 200 status --retry 2 "$base/groups"
order '/fail?status=503&times=2'
step unavailable 200 status --retry 3 "$base/groups"
step head 200 status --head "$base/groups"
exit $failed
