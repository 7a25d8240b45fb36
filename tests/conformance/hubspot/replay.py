"""Sends the sample requests of the descriptions to the fake: its status must be the expected one, and its answer as described.

usage: replay.py DIRECTORY-OF-DESCRIPTIONS URL [refused]

With `refused` only the samples that ask a mock for 429 are sent: the fake must be out of budget then. Where the fake refuses
a request as wrong, the descriptions must find it wrong as well, and the other way round.
"""

import json
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request

import description


def main(directory, url, refused=None):
    descriptions = description.load(directory)
    sent = problems = 0
    samples = pathlib.Path(directory) / "hubspot-pipedrive-close.samples.jsonl"
    for sample in map(json.loads, samples.read_text(encoding="utf-8").splitlines()):
        asks_for_refusal = "Prefer" in sample["headers"]
        if sample["spec"] not in descriptions or asks_for_refusal != (refused is not None):
            continue
        sent += 1
        for wrong in replay(descriptions[sample["spec"]], url, sample):
            problems += 1
            print(f"{sample['spec']}: {sample['name']}: {sample['method']} {sample['path']}: {wrong}")
    print(f"samples{' refused' if refused else ''}: {sent} requests, {problems} differences")
    return 1 if problems or not sent else 0


def replay(whole, url, sample):
    headers, body = dict(sample["headers"]), ""
    headers.pop("Prefer", None)
    if "json" in sample:
        headers["Content-Type"], body = "application/json", json.dumps(sample["json"])
    elif "form" in sample:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urllib.parse.urlencode(sample["form"])
    status, answer_headers, answer = send(url + sample["path"], sample["method"], headers, body)
    if status != sample["expect"]:
        yield f"{status} instead of {sample['expect']}: {answer[:300]}"
    path, _, query = sample["path"].partition("?")
    template, operation = whole.operation(sample["method"], path)
    pairs = urllib.parse.parse_qsl(query)
    wrong = list(
        description.wrong_in_request(operation, pairs, body, headers.get("Content-Type"), "Authorization" in headers)
    )
    if bool(wrong) != (status in (400, 401)):
        yield f"{template}: the fake says {status}, the description finds {wrong or 'nothing wrong'}"
    yield from description.wrong_in_answer(operation, status, answer_headers, answer)


def send(url, method, headers, body):
    request = urllib.request.Request(url, data=body.encode() or None, headers=headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, {name.lower() for name in answer.headers}, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower() for name in error.headers}, error.read().decode()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
