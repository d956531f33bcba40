#!/usr/bin/env python3
"""Validates Render blueprints against Render's own JSON Schema, which is not part of this repository.

  scripts/check-blueprint.py render.yaml deploy/production/render.yaml --schema render.schema.json

The schema: https://render.com/schema/render.yaml.json. Needs PyPI jsonschema and PyYAML (`scripts/setup run test`
puts both into .venv). Exit codes: 0 valid · 64 usage · 65 no schema · 69 packages missing · 99 invalid.
"""

import argparse
import json
import sys


class Usage(argparse.ArgumentParser):
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {message}\n")


def main():
    parser = Usage(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE", help="blueprints")
    parser.add_argument("--schema", required=True, metavar="PATH", help="Render's JSON Schema of render.yaml")
    arguments = parser.parse_args()
    try:
        import yaml
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import SchemaError, best_match
    except ImportError as error:
        print(f"{parser.prog}: {error.name} is missing: run scripts/setup run test, then .venv/bin/python {parser.prog}",
              file=sys.stderr)
        return 69
    try:
        with open(arguments.schema, encoding="utf-8") as file:
            schema = json.load(file)
        Draft202012Validator.check_schema(schema)
    except (OSError, ValueError, SchemaError) as error:
        print(f"{arguments.schema}: not a JSON Schema: {error}", file=sys.stderr)
        return 65

    def deepest(error):
        # Of anyOf, the branch of the entry's own type says what is wrong.
        while error.context:
            branches = {}
            for inner in error.context:
                branches.setdefault(inner.schema_path[0], []).append(inner)
            fitting = [
                inner
                for errors in branches.values()
                if not any(list(one.path)[-1:] == ["type"] or one.validator == "const" for one in errors)
                for inner in errors
            ]
            error = best_match(fitting or error.context) or error.context[0]
        return error

    validator = Draft202012Validator(schema)
    wrong = 0
    for path in arguments.files:
        try:
            with open(path, encoding="utf-8") as file:
                document = yaml.safe_load(file)
        except (OSError, yaml.YAMLError) as error:
            print(f"{path}: {error}")
            wrong += 1
            continue
        errors = sorted(validator.iter_errors(document), key=lambda error: error.json_path)
        # Whatever fails inside is reported a second time as unevaluated.
        inside = [error for error in errors if error.validator != "unevaluatedProperties"]
        errors = inside or errors
        for error in errors:
            inner = deepest(error)
            print(f"{path}: {inner.json_path}: {inner.message[:300]}")
        print(f"{path}: {len(errors)} errors")
        wrong += bool(errors)
    return 99 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
