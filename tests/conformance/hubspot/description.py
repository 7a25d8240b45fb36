"""HubSpot's API as the descriptions in ../shared have it, and what in a request or an answer differs from them.

Stricter than the descriptions' own words: a field, parameter or status that they do not name is a difference, so a misspelt
name cannot pass.
"""

import json
import pathlib
import re

import jsonschema

NAMES = ("hubspot-2026-03.json", "hubspot-2026-09.json", "hubspot-v3.json")

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def is_instant(value):
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


class Description:
    """One file, with its schemas made strict."""

    def __init__(self, path):
        self.root = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.operations = []
        for template, item in self.root["paths"].items():
            pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template.rstrip("/")) + "/?")
            for method in ("get", "post"):
                if method in item:
                    operation = self.resolved(item[method])
                    self.operations.append((method.upper(), template, pattern, operation))
        # A path without a placeholder is meant before one with.
        self.operations.sort(key=lambda operation: operation[1].count("{"))

    def resolved(self, node):
        """The node with references followed, and with schemas in the words of JSON Schema."""
        if isinstance(node, list):
            return [self.resolved(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            target = self.root
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            return self.resolved(target)
        node = {key: self.resolved(value) for key, value in node.items() if key not in ("example", "examples")}
        if "allOf" in node:
            node = merged(node["allOf"])
        if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
            node["additionalProperties"] = False
        if node.pop("nullable", False) and "type" in node:
            node["type"] = [node["type"], "null"]
        return node

    def operation(self, method, path):
        for known_method, template, pattern, operation in self.operations:
            if known_method == method and pattern.fullmatch(path):
                return template, operation
        return None


def merged(schemas):
    """One schema that asks for what all of them ask for; they are objects."""
    whole = {"type": "object", "properties": {}, "required": []}
    for schema in schemas:
        whole["properties"].update(schema.get("properties", {}))
        whole["required"] += schema.get("required", [])
    return whole


def load(directory):
    return {name: Description(pathlib.Path(directory) / name) for name in NAMES}


def find(descriptions, method, path):
    """Template and operation of the first description that has the path."""
    for description in descriptions.values():
        found = description.operation(method, path)
        if found:
            return found
    return None


def breaches(schema, value):
    validator = jsonschema.Draft202012Validator(schema, format_checker=FORMATS)
    for error in validator.iter_errors(value):
        yield f"{error.json_path}: {error.message[:300]}"


def wrong_in_request(operation, query, body, content_type, authorized):
    """What is wrong with a request: `query` has pairs of decoded names and values, `body` is text."""
    yield from wrong_in_query(operation, query)
    if operation.get("security") and not authorized:
        yield "there is no token"
    content = operation.get("requestBody", {}).get("content")
    if content is None:
        if body:
            yield "there is a body where none belongs"
        return
    kind = (content_type or "").split(";")[0]
    if kind not in content:
        yield f"the body is {kind or 'of no type'}, not {' or '.join(content)}"
    elif kind == "application/json":
        try:
            yield from breaches(content[kind]["schema"], json.loads(body))
        except json.JSONDecodeError as error:
            yield f"the body is no JSON: {error}"
    else:
        fields = dict(field.split("=", 1) for field in body.split("&"))
        yield from breaches(content[kind]["schema"], fields)


def wrong_in_query(operation, query):
    known = {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"}
    names = [name for name, _ in query]
    for name, text in query:
        if name not in known:
            yield f"there is no parameter {name}"
        # HubSpot's older library repeats lists instead of separating items by commas; both are understood.
        elif names.count(name) > 1 and known[name]["schema"]["type"] != "array":
            yield f"{name} is given more than once"
        else:
            schema = known[name]["schema"]
            for breach in breaches(schema, typed(schema, text)):
                yield f"parameter {name}: {breach}"


def typed(schema, text):
    """The value that a text in a query stands for; the text itself where it stands for none of that type."""
    if schema["type"] == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    # HubSpot's older library writes them as Python does.
    if schema["type"] == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if schema["type"] == "array":
        return text.split(",")
    return text


def wrong_in_answer(operation, status, headers, body):
    """What is wrong with an answer; `headers` is nothing where they are not known."""
    answer = operation["responses"].get(str(status))
    if answer is None:
        yield f"status {status} is not described"
        return
    for name in answer.get("headers", {}):
        # The one header of refusals is not sent always.
        if headers is not None and name != "Retry-After" and name.lower() not in headers:
            yield f"header {name} is missing"
    if headers is not None and not answer.get("headers"):
        for name in headers:
            if name.startswith("x-hubspot-ratelimit") and status == 200:
                yield f"header {name} does not belong here"
    try:
        yield from breaches(answer["content"]["application/json"]["schema"], json.loads(body))
    except json.JSONDecodeError as error:
        yield f"the answer is no JSON: {error}"
