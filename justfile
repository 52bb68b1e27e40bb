# One recipe, one step of CI. `just` alone runs them all.

default: fmt clippy test deny generated

# Everything is formatted
fmt:
    cargo fmt --check

# No warnings
clippy:
    cargo clippy --all-targets --locked -- -D warnings

# All tests
test:
    cargo test --locked

# Licences, bans and sources of the dependencies
deny:
    cargo deny check bans licenses sources

# Generated files are up to date
generated: schemas
    git diff --exit-code -- schemas

# Writes the JSON Schemas of the file formats anew
schemas:
    cargo run --quiet --locked -- schema case > schemas/case.schema.json
    cargo run --quiet --locked -- schema target > schemas/target.schema.json

# Judges the embedded reference server and writes reports/reference
run:
    cargo run --release --locked -- run

# Judges a real Digest server that is not ours (installs Apache httpd on Debian)
interop:
    .ci/interop

# Judges a second server of the whole API, written from the specification alone (Python 3)
foreign:
    .ci/foreign

# Certifies a run and checks the certificate with openssl and Python
certificate:
    .ci/certificate
