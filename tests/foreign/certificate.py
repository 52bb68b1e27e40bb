"""Reads a certificate with implementations of DSSE and in-toto that are not ours: certificate.py ENVELOPE PUBLIC.pem

Needs the packages securesystemslib[crypto] and in-toto-attestation.
"""

import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

with open(sys.argv[1]) as file:
    data = json.load(file)
with open(sys.argv[2], "rb") as file:
    public = load_pem_public_key(file.read())

key = SSlibKey.from_crypto(public, data["signatures"][0]["keyid"])
envelope = Envelope.from_dict(data)
envelope.verify([key], 1)

statement = json_format.Parse(envelope.payload, statement_pb2.Statement())
Statement.copy_from_pb(statement).validate()
# Members that the predicate does not know are to be ignored: ours.
predicate = json_format.ParseDict(
    json.loads(envelope.payload)["predicate"], test_result_pb2.TestResult(), ignore_unknown_fields=True
)
assert predicate.result == "PASSED" and predicate.passed_tests and not predicate.failed_tests, predicate.result
assert [it.name for it in predicate.configuration] == ["suite", "run.json"], predicate.configuration
print(f"{predicate.result}: {len(predicate.passed_tests)} tests passed")
