"""What the fake's account truly holds, as its test wrote it down, and comparing with it."""

import json
import pathlib


class Truth:
    """Keys: `objects` by kind (id, archived, properties), `history`, `linked`, `owners`, `pipelines`."""

    def __init__(self, path):
        self.whole = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.compared = 0

    def kinds(self):
        return list(self.whole["objects"])

    def ids(self, kind, archived=False):
        return sorted((each["id"] for each in self.whole["objects"][kind] if each["archived"] == archived), key=int)

    def properties(self, kind, record):
        return next(each["properties"] for each in self.whole["objects"][kind] if each["id"] == record)

    def same(self, what, read, expected):
        self.compared += 1
        if read != expected:
            raise AssertionError(f"{what}: read {str(read)[:400]}, but it is {str(expected)[:400]}")
