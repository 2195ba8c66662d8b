#!/usr/bin/env python3
"""Includes point down: a file includes headers from its own room or from a lower one.

Also: nothing below app/ui includes GTK, and protocols/ includes no gio."""
import pathlib
import re
import sys

# Lowest first; rooms in one group do not see each other.
LAYERS = [
    ["protocols/base"],
    ["protocols/smtp", "protocols/pop3", "protocols/imap", "protocols/mime", "protocols/snmp", "protocols/sasl",
     "protocols/tls", "protocols/dns"],
    ["protocols"],
    ["app/mib"],
    ["app/trace"],
    ["app/world"],
    ["app/hosts"],
    ["app/scenario"],
    ["app/capture", "app/lesson", "app/render"],
    ["app/cli", "app/ui"],
    ["app"],
]
# Engines build on each other where the protocols do: mail is MIME, AUTH is SASL.
SIDEWAYS = {"protocols/smtp", "protocols/pop3", "protocols/imap"}, {"protocols/mime", "protocols/sasl", "protocols/tls"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def room_of(path):
    parts = path.split("/")[:-1]
    for length in range(len(parts), 0, -1):
        room = "/".join(parts[:length])
        if any(room in layer for layer in LAYERS):
            return room
    return None


def level(room):
    return next(i for i, layer in enumerate(LAYERS) if room in layer)


def faults(root):
    for path in sorted(p for top in ("app", "protocols") for p in (root / top).rglob("*.[ch]")):
        name = path.relative_to(root).as_posix()
        here = room_of(name)
        for own, system in INCLUDE.findall(path.read_text(encoding="utf-8")):
            there = room_of(own) if own else None
            if there and there != here:
                sideways = here in SIDEWAYS[0] and there in SIDEWAYS[1]
                if level(there) > level(here) or (level(there) == level(here) and not sideways):
                    yield f"{name}: includes {own}, which is not below {here}"
            if not own and system.startswith(("gtk/", "adwaita", "gdk/", "gsk/")) and not name.startswith(("app/ui/", "app/main.c")):
                yield f"{name}: includes <{system}>; GTK belongs in app/ui"
            if not own and name.startswith("protocols/") and system.startswith(("gio/", "sys/socket", "netinet/", "pthread")):
                yield f"{name}: includes <{system}>; engines do no I/O"


found = list(faults(pathlib.Path(sys.argv[1])))
print("1..1")
print("\n".join(f"# {line}" for line in found))
print(("not " if found else "") + "ok 1 - includes point down")
sys.exit(1 if found else 0)
