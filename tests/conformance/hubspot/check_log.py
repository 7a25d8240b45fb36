"""Holds a log of requests against the descriptions: each line is JSON, as the fakes of tests/it write it.

usage: check_log.py DIRECTORY-OF-DESCRIPTIONS LOG.jsonl

Keys of a line: method, path, query (pairs), content_type, authorized, body, status; with `answer` the answer is checked too.
Exit status 1 when anything differs, and when there is nothing to check.
"""

import collections
import json
import sys

import description


def main(directory, log):
    descriptions = description.load(directory)
    requests = collections.Counter()
    answers = problems = 0
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            shown = f"{entry['method']} {entry['path']}"
            found = description.find(descriptions, entry["method"], entry["path"])
            if not found:
                wrong = ["no description has this path"]
            else:
                template, operation = found
                requests[f"{entry['method']} {template}"] += 1
                wrong = list(wrong_in(operation, entry))
                answers += entry["answer"] is not None
            problems += len(wrong)
            for each in wrong:
                print(f"{shown} {entry['query']}: {each}")
    print(f"log: {sum(requests.values())} requests of {len(requests)} operations, {answers} answers, {problems} differences")
    return 1 if problems or not requests else 0


def wrong_in(operation, entry):
    yield from description.wrong_in_request(
        operation, entry["query"], entry["body"], entry["content_type"], entry["authorized"]
    )
    if entry["answer"] is not None:
        for each in description.wrong_in_answer(operation, entry["status"], None, entry["answer"]):
            yield f"answer {entry['status']}: {each}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
