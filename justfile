# One recipe, one step of CI. `just` alone runs the quick ones, `just ci` all of them.

default: fmt clippy test deny generated

# All that CI runs (Debian; half an hour)
ci:
    .ci/run

# Everything is formatted
fmt:
    cargo fmt --check

# No warnings
clippy:
    cargo clippy --all-targets --locked -- -D warnings

# All tests
test:
    cargo test --locked

# The tests that draw their values, with values that CI does not try
random CASES='10000':
    PROPTEST_CASES={{CASES}} cargo test --locked --lib --test hostile --test check_judges --test report_text --test digest_oracles

# Licences, bans and sources of the dependencies
deny:
    cargo deny check bans licenses sources

# Generated files are up to date
generated: schemas
    git diff --exit-code -- schemas docs/command-line.md
    cargo run --quiet --locked -- check

# Writes the JSON Schemas of the file formats anew, and the page of the command line
schemas:
    set -e; for format in case target run proof known-failures faults; do \
        cargo run --quiet --locked -- schema $format > schemas/$format.schema.json; \
    done
    python3 tests/docs/command_line.py target/debug/atlaspec > docs/command-line.md

# Judges the embedded reference server and writes reports/reference
run:
    cargo run --release --locked -- run

# Runs the examples: a target file for `serve`, and a suite for another API (Python 3)
examples:
    .ci/examples

# Builds the documentation as a book below target/book, follows its links and runs its commands (installs mdBook)
docs:
    .ci/docs

# Measures what a run and a listing take, and fails beyond the promised memory (Python 3)
figures:
    .ci/figures

# Runs cases as tests under cargo-nextest, in two partitions, one target for all
nextest:
    .ci/nextest

# Every fault of the reference server is caught
selftest:
    cargo run --release --locked -- selftest --reports target/ci-reports/selftest

# No variation of the reference server is punished, alone or with others
variations:
    cargo test --locked --test variations -- --ignored

# No spelling of a response is punished
respelled:
    cargo test --locked --test respelled -- --ignored

# Judges real Digest servers that are not ours (installs them on Debian)
interop:
    .ci/interop

# Judges two more servers of the whole API, written from the specification alone (Python 3, Node.js)
foreign:
    .ci/foreign

# Runs clients that are not ours, against the reference server
clients:
    .ci/clients

# Has every report read by readers that are not ours (Python 3)
readers:
    .ci/readers

# Compares docs/example with what a run finds; `just reference --update` writes it again (Python 3)
reference *ARGS:
    .ci/reference {{ARGS}}

# Certifies a run and checks the certificate with openssl and Python
certificate:
    .ci/certificate

# Alters the responses of a run, and tells how much its tests notice
prove:
    .ci/prove

# Runs the scripts that repeat failed tests, on servers with one fault each
repro *arguments:
    .ci/repro {{ arguments }}

# Checks action, workflows and CI snippets (installs linters from PyPI and npm)
integrations:
    .ci/integrations

# Uses report.html in Chromium (installs it, Node.js and npm on Debian)
browser:
    .ci/browser
