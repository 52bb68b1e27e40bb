#!/usr/bin/env bash
# Downloads a release of atlaspec, checks its SHA-256 sum and unpacks the program.
#   install.sh BASE_URL VERSION FOLDER
# BASE_URL holds a folder `vVERSION` with `atlaspec-TARGET.tar.gz` and `SHA256SUMS`, as the release workflow writes them.
set -euo pipefail
[ $# -eq 3 ] || { echo 'usage: install.sh BASE_URL VERSION FOLDER' >&2; exit 2; }
base=${1%/} version=${2#v} folder=$3

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) target=x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    *) echo "no release is built for $(uname -s) on $(uname -m): build it with \`cargo install --path .\`" >&2; exit 2 ;;
esac
archive=atlaspec-$target.tar.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in "$archive" SHA256SUMS; do
    curl --fail --silent --show-error --location --retry 3 --output "$work/$name" "$base/v$version/$name"
done
sum() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
(cd "$work" && grep -F "  $archive" SHA256SUMS >expected && [ -s expected ] && sum --check --quiet expected)
mkdir -p "$folder"
tar -xzf "$work/$archive" -C "$folder" atlaspec
"$folder/atlaspec" --version
