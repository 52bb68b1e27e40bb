"""Reads a HAR with haralyzer, which works out times and types from it."""

import json
import sys
from pathlib import Path

from haralyzer import HarParser

text = Path(sys.argv[1]).read_text()
har = HarParser(json.loads(text))
entries = har.har_data["entries"]
assert entries and har.creator["name"] == "atlaspec", har.creator
har.pages  # all entries, as there are no pages
statuses = {entry["response"]["status"] for entry in entries}
assert {200, 201, 401, 404} <= statuses, statuses
assert all(HarParser.match_request_type(entry, entry["request"]["method"]) for entry in entries)
assert any(HarParser.match_headers(entry, "request", "authorization", "response=") for entry in entries)
sizes = [entry["response"]["content"] for entry in entries]
assert all(len(content.get("text", "").encode()) == content["size"] for content in sizes), "a body is not whole"
print(f"haralyzer: {len(entries)} entries")
