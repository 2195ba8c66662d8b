#!/usr/bin/env python3
"""Every file with a translatable string stands in assets/po/POTFILES, and what stands there exists.

With --write the list is made anew."""
import pathlib
import re
import sys

MARK = re.compile(r'\b(?:_|N_|C_|NC_|Q_|ngettext) ?\("|translatable="yes"')


def translatable(root):
    for top, endings in (("app", (".c", ".h", ".ui")), ("protocols", (".c", ".h")), ("assets", (".ui", ".in"))):
        for path in sorted((root / top).rglob("*")):
            if path.name.endswith(".in") or (path.suffix in endings and MARK.search(path.read_text(encoding="utf-8"))):
                yield path.relative_to(root).as_posix()


root = pathlib.Path(sys.argv[1])
potfiles = root / "assets/po/POTFILES"
wanted = sorted(translatable(root))
if "--write" in sys.argv:
    potfiles.write_text("\n".join(wanted) + "\n", encoding="utf-8")
listed = potfiles.read_text(encoding="utf-8").split()
faults = [f"{name} is missing (tests/potfiles.py . --write mends it)" for name in wanted if name not in listed]
faults += [f"{name} has nothing to translate" for name in listed if name not in wanted]
print("1..1")
print("\n".join(f"# assets/po/POTFILES: {fault}" for fault in faults))
print(("not " if faults else "") + "ok 1 - POTFILES is complete")
