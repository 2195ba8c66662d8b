#!/usr/bin/env python3
"""Adds up the results of the last `meson test` in each build folder: TAP points where a test prints them, else one a
test. Prints `N passed, N failed` as its last line; exit status 1 when anything failed or nothing ran."""
import json
import pathlib
import re
import sys

POINT = re.compile(r"^(not )?ok\b(?!.*#\s*SKIP)", re.IGNORECASE | re.MULTILINE)


def count(test):
    good = test["result"] in ("OK", "EXPECTEDFAIL", "SKIP")
    points = POINT.findall(test.get("stdout") or "")
    if not points:
        return (0, 0) if test["result"] == "SKIP" else (int(good), int(not good))
    failed = sum(1 for p in points if p)
    if not good and not failed:
        failed = 1
    return sum(1 for p in points if not p), failed


passed = failed = 0
for folder in sys.argv[1:]:
    log = pathlib.Path(folder, "meson-logs", "testlog.json")
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        test = json.loads(line)
        good, bad = count(test)
        passed, failed = passed + good, failed + bad
        if bad:
            print(f"failed in {folder}: {test['name']}")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
