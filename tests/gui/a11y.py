"""The accessible tree of one GTK 4 program, read over D-Bus (org.a11y.atspi): what a screen reader gets.

The atspi command beside this file serves looks by hand. Tests read the tree hundreds of times, also while widgets come
and go, so here it is read with one call (Cache.GetItems) and without libatspi's cache. GTK 4.8 puts a widget into that
list when somebody has asked for it once: nodes() asks for what is missing."""
import ast
import fnmatch
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402  (Atspi for the names of roles and states only)

ROLES = {i: Atspi.role_get_name(Atspi.Role(i)) for i in range(1, 130)}
STATES = {i: Atspi.StateType(i).value_nick for i in range(1, 44)}
ROOT = "/org/a11y/atspi/accessible/root"
WINDOW_COORDS = 1


class Bus:
    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1,
                                    None).unpack()[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)

    def call(self, name, path, interface, method, args=None, unpack=GLib.Variant.unpack):
        """The first value of the answer; None for an object that has gone or lacks the interface."""
        try:
            got = unpack(self.bus.call_sync(name, path, interface, method, args, None, 0, 10000, None))
        except GLib.Error:
            return None
        return got[0] if got else True

    def program(self, pid, timeout):
        """The bus name of that process."""
        end = time.monotonic() + timeout
        while True:
            for name, _ in self.call("org.a11y.atspi.Registry", ROOT, "org.a11y.atspi.Accessible", "GetChildren") or []:
                if self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                             "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,))) == pid:
                    return name
            if time.monotonic() > end:
                raise AssertionError("process %d is not on the accessibility bus" % pid)
            time.sleep(0.05)


class Node:
    def __init__(self, tree, item):
        (_, self.path), _, (_, self.parent_path), self.index, self.n_children, _ = item[:6]
        self.name, role, self.description, bits = item[6:]
        self.tree = tree
        self.role = ROLES.get(role, "?")
        self.bits = bits[0] | bits[1] << 32
        self.children = []
        self.parent = None
        self._box = None

    def call(self, interface, method, args=None):
        return self.tree.bus.call(self.tree.name, self.path, "org.a11y.atspi." + interface, method, args)

    @property
    def states(self):
        return {name for bit, name in STATES.items() if self.bits >> bit & 1}

    @property
    def box(self):
        """x, y, width, height in the window."""
        if self._box is None:
            self._box = self.call("Component", "GetExtents", GLib.Variant("(u)", (WINDOW_COORDS,))) or (0, 0, 0, 0)
        return self._box

    @property
    def shown(self):
        node = self
        while node:
            # A page of a stack is a panel, and no widget: it has no size, but what is in it has. A closed revealer is a
            # panel, too, with one side left: what is in it is hidden.
            is_page = node.role == "panel" and node is not self and node.box[2] <= 0 and node.box[3] <= 0
            if (node.box[2] <= 0 or node.box[3] <= 0) and not is_page:
                return False
            node = node.parent
        return True

    def get(self, interface, name):
        """A property as it is now."""
        return self.tree.bus.call(self.tree.name, self.path, "org.freedesktop.DBus.Properties", "Get",
                                  GLib.Variant("(ss)", ("org.a11y.atspi." + interface, name)))

    @property
    def text(self):
        """What it reads now: the text of an entry, else its name."""
        length = self.get("Text", "CharacterCount")
        got = self.call("Text", "GetText", GLib.Variant("(ii)", (0, length))) if length else None
        return got or self.get("Accessible", "Name") or ""

    @property
    def value(self):
        return self.get("Value", "CurrentValue")

    @property
    def actions(self):
        return [a[0] for a in self.call("Action", "GetActions") or []]

    def act(self, action):
        return self.call("Action", "DoAction", GLib.Variant("(i)", (self.actions.index(action),)))

    def window(self):
        node = self
        while node.parent:
            node = node.parent
        return node

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


def unpack_fast(variant):
    """For values of strings and numbers: as text, which Python reads five times as fast as it unpacks."""
    return ast.literal_eval(variant.print_(False))


class Tree:
    def __init__(self, pid, timeout=20):
        self.bus = Bus()
        self.name = self.bus.program(pid, timeout)
        self.known = {}  # path: children, where some of them stand under another parent (pages of a stack)

    def items(self):
        got = self.bus.call(self.name, "/org/a11y/atspi/cache", "org.a11y.atspi.Cache", "GetItems",
                            unpack=unpack_fast) or []
        return {node.path: node for node in (Node(self, item) for item in got)}

    def link(self, nodes):
        for node in nodes.values():
            node.parent = nodes.get(node.parent_path) if node.parent_path != ROOT else None
            if node.parent:
                node.parent.children.append(node)

    def ask(self, path):
        """Asks for the children of a widget, and for theirs: so they come into the list. Those it has."""
        got = self.bus.call(self.name, path, "org.a11y.atspi.Accessible", "GetChildren") or []
        return [child for _, child in got]

    def complete(self, node, nodes):
        """FALSE: some of what it holds was not in the list, and will be in the next one."""
        known = self.known.get(node.path, [])
        if len(node.children) == node.n_children or len(known) == node.n_children and all(p in nodes for p in known):
            return True
        self.known[node.path] = self.ask(node.path)
        new = [path for path in self.known[node.path] if path not in nodes]
        for path in new:
            new += self.ask(path)
        return not new

    def windows(self):
        """The windows as they are now, with all that is in them, shown or not."""
        for _ in range(20):  # more only when what is shown changes all the time
            nodes = self.items()
            self.link(nodes)
            if all([self.complete(node, nodes) for node in nodes.values()]):
                break
        for node in nodes.values():
            node.children.sort(key=lambda n: n.index)
        return [n for n in nodes.values() if n.parent_path == ROOT and n.path != ROOT]

    def find(self, name, role=None, inside=None, everything=False):
        """Nodes in the order in which they stand: `name` with * and ?, `inside` the name of something around them."""
        found = []
        for top in self.windows():
            starts = [n for n in top.walk() if match(n, inside)] if inside else [top]
            for start in starts:
                found += [n for n in start.walk()
                          if match(n, name, role) and n not in found and (everything or n.shown)]
        return found


def match(node, name, role=None):
    if ":" in name and name.split(":")[0] in ROLES.values():
        role, name = name.split(":", 1)
    return (role is None or node.role == role) and (node.name == name or fnmatch.fnmatchcase(node.name, name))
