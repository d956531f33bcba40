#!/usr/bin/env python3
"""Says which dependencies the manifest declares that no file of the target imports, and exits 1 when there is one.

Reads Package.swift as it is written here: room(…), tests(…), benchmark(…), .target(…) and .executableTarget(…).
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PREFIX = {"AppCore": "App", "Shared": ""}
IMPORT = re.compile(
    r"^\s*(?:@\w+ )*(?:package |internal |private |public )?import (?:(?:struct|class|enum|func|var) )?(\w+)", re.M)


def imports(folder: pathlib.Path) -> set[str]:
    return {name for file in folder.rglob("*.swift") for name in IMPORT.findall(file.read_text())}


def targets(manifest: str):
    """The name, folder and declared dependencies of every target with Swift files."""
    products = dict(re.findall(r'let (\w+): Target\.Dependency = \.product\(name: "(\w+)"', manifest))

    def names(listed: str) -> list[str]:
        return re.findall(r'"(\w+)"', listed) + [products[word] for word in re.findall(r"\b\w+\b", listed) if word in products]

    for building, room, listed in re.findall(r'\broom\(\s*"(\w+)",\s*"(\w+)"(?:,\s*\[([^\]]*)\])?', manifest):
        yield PREFIX.get(building, building) + room, ROOT / "Sources" / building / room, names(listed)
    for target, listed in re.findall(r'\btests\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?', manifest):
        yield f"{target}Tests", ROOT / "Tests" / f"{target}Tests", names(listed)
    for name, listed in re.findall(r'\bbenchmark\(\s*"(\w+)",\s*\[([^\]]*)\]', manifest):
        yield name, ROOT / "Benchmarks" / name, names(listed)
    for name, listed, path in re.findall(
        r'arget\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\],\s*path: "([^"\\]*)"', manifest):
        yield name, ROOT / path, names(listed)


def main() -> int:
    manifest = (ROOT / "Package.swift").read_text()
    unused = [
        f"  {name}: {dependency}"
        for name, folder, declared in targets(manifest)
        for used in [imports(folder)]
        # Tests that start the executable depend on its being built.
        for dependency in declared if dependency not in used and dependency != "Outgrown"
    ]
    if unused:
        print("Package.swift declares dependencies that no file of the target imports:", *unused, sep="\n")
    return 1 if unused else 0


sys.exit(main())
