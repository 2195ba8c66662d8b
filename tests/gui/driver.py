"""Drives the real window for the tests beside this file: starts the program with settings of its own, looks at it as a
screen reader does, uses the real keyboard and mouse, and looks at what the program wrote on stderr when it ends.

    import driver

    def test_plays():
        with driver.App("first-mail.scenario") as app:
            app.key("space")
            app.until("the player plays", lambda: app.has("Pause"))

    driver.main(globals())          # every test_* as a TAP point; run it inside with-display

A scenario is a file's path or the name of one that is shipped. A test that fails leaves a picture of the screen
beside the test's log (meson-logs/) when WT_PICTURES names a folder.
"""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
SCENARIOS = HERE.parent.parent / "lessons" / "scenarios"
APP_ID = "io.github.wiretalk.Wiretalk"
SLOW = float(os.environ.get("WT_SLOW", 1))  # stretches what is waited for: sanitizers
BAD = re.compile(r"WARNING|CRITICAL|ERROR: AddressSanitizer|runtime error:|LeakSanitizer")


sys.dont_write_bytecode = True
import a11y  # noqa: E402

program = None  # the program's path, from the command line
current = ""    # the test that runs


class App:
    """The running program. Leaving the `with` block closes it as a user does and fails if it complained."""

    def __init__(self, *args, settings={}, env=None):
        self.args = [str(SCENARIOS / a) if a.endswith(".scenario") and "/" not in a else str(a) for a in args]
        self.home = pathlib.Path(os.environ["XDG_CONFIG_HOME"])
        self.env = {**os.environ, "GSETTINGS_BACKEND": "keyfile", "G_DEBUG": "fatal-criticals", **(env or {})}
        self.kept = {}
        write_settings(self.home, settings)

    def __enter__(self):
        self.log = open(os.path.join(os.environ["XDG_RUNTIME_DIR"], "stderr"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([program, *self.args], env=self.env, stderr=self.log)
        try:
            self.tree = a11y.Tree(self.process.pid, 20 * SLOW)
            self.find("*Wiretalk", role="frame", timeout=20)
        except Exception:
            self.stop()
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            if not kind:
                self.close()
        finally:
            if self.process.poll() is None or kind:
                picture()
                self.stop()

    def stop(self):
        """After a failure: what it says then does not matter, except when that is why it ended."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        elif self.process.returncode:
            print("# the program ended with status %d" % self.process.returncode)
        for line in self.stderr().splitlines():
            print("# stderr: " + line)

    def stderr(self):
        self.log.seek(0)
        return self.log.read()

    def close(self):
        self.key("ctrl+q")
        self.ended()

    def ended(self):
        status = self.process.wait(timeout=20 * SLOW)
        said = self.stderr()
        self.log.close()
        assert status == 0, "ended with status %d: %s" % (status, said)
        assert not BAD.search(said), "it complained: " + said

    # --- looking ---------------------------------------------------------------------------------------------------

    def all(self, name, role=None, inside=None, everything=False):
        """What matches now, without waiting."""
        return self.tree.find(name, role, inside, everything)

    def has(self, name, role=None, inside=None):
        return bool(self.all(name, role, inside))

    def find(self, name, role=None, inside=None, nth=1, timeout=10):
        """The nth match (-1: the last one), a button before the label inside it. Waits for it."""
        def look():
            found = sorted(self.all(name, role, inside), key=lambda n: n.role == "label")
            return found[nth - 1 if nth > 0 else nth] if len(found) >= abs(nth) else None
        where = " in %r" % inside if inside else ""
        return self.until("%s %r%s is there" % (role or "something called", name, where), look, timeout)

    def keep(self, name, **where):
        """Finds once what is there to the end; its text and value are read anew each time."""
        key = (name, *where.items())
        if key not in self.kept:
            self.kept[key] = self.find(name, **where)
        return self.kept[key]

    def gone(self, name, **where):
        self.until("%r is gone" % name, lambda: not self.has(name, **where))

    def text(self, name, **where):
        return self.find(name, **where).text

    def labels(self, inside=None):
        return [n.name for n in self.all("*", role="label", inside=inside)]

    def row(self, view, *cells):
        """Is there a row with these texts, one after the other?"""
        labels = self.labels(view)
        return any(labels[i:i + len(cells)] == list(cells) for i in range(len(labels)))

    def until(self, what, condition, timeout=10):
        """Waits for a true value of condition() and returns it. What the program is about to change may be half read:
        a condition that breaks is one that does not hold yet."""
        end = time.monotonic() + timeout * SLOW
        while True:
            broke = None
            try:
                got = condition()
            except Exception as error:  # told at the end of the wait
                got, broke = None, error
            if got:
                return got
            assert self.process.poll() is None, "the program ended while the test waited: " + what
            assert time.monotonic() < end, "not within %g s: %s%s" % (timeout * SLOW, what, " (%r)" % broke if broke else "")
            time.sleep(0.05)

    # --- using -----------------------------------------------------------------------------------------------------

    def click(self, name, mouse=False, button=1, double=False, **where):
        """Its accessible action, or the mouse in its middle when it has none."""
        node = self.find(name, **where)
        assert "sensitive" in node.states, "%s %r is insensitive" % (node.role, node.name)
        action = next((a for a in node.actions if a.lower() in ("click", "activate", "toggle", "press")), None)
        if action and not mouse and not double and button == 1:
            node.act(action)
        else:
            self.point(node)
            xdo("click", "--repeat", 2 if double else 1, "--delay", 60, button)

    def point(self, node, part=0.5):
        x, y, width, height = self.screen_box(node)
        xdo("mousemove", int(x + width * part), y + height // 2)
        time.sleep(0.05)  # not --sync: that waits for ever when the pointer is there already

    def screen_box(self, node):
        """x, y, width, height on the screen. GTK 4.8 tells places in the window; xdotool knows where that is."""
        window = node.window()
        place = None
        for wid in xdo("search", "--onlyvisible", "--pid", self.process.pid).split():
            g = dict(line.split("=") for line in xdo("getwindowgeometry", "--shell", wid).split() if "=" in line)
            dx, dy = int(g["WIDTH"]) - window.box[2], int(g["HEIGHT"]) - window.box[3]  # the shadow GTK draws itself
            score = (xdo("getwindowname", wid).strip() != window.name, dx + dy)
            if dx >= 0 and dy >= 0 and (place is None or score < place[0]):
                place = (score, int(g["X"]) + dx // 2, int(g["Y"]) + dy // 2)
        assert place, "no X window for %r" % window.name
        return place[1] + node.box[0], place[2] + node.box[1], node.box[2], node.box[3]

    def key(self, *keys):
        for key in keys:
            xdo("key", "--clearmodifiers", key)
            time.sleep(0.03)

    def write(self, text):
        """Types at whatever has the keyboard."""
        xdo("type", "--delay", 12, text)

    def type(self, name, text, **where):
        """Puts text in the place of what an entry holds."""
        self.click(name, mouse=True, **where)
        self.key("ctrl+a", "Delete")
        self.write(text)
        self.until("%r reads %r" % (name, text), lambda: self.find(name, **where).text == text)

    def choose(self, drop_down, item):
        """Chooses from a drop-down list: GTK 4.8 does not tell where its popover lies, so with the keyboard."""
        self.click("GtkToggleButton", inside="combo box:" + drop_down)
        offered = self.until("%s offers %s" % (drop_down, item), lambda: [
            n.name for n in self.all("*", role="label", inside="combo box:" + drop_down)[1:]])
        self.key("Home", *["Down"] * offered.index(item), "Return")
        self.find(item, role="label", inside="combo box:" + drop_down)


def xdo(*args):
    return subprocess.run(["xdotool", *map(str, args)], capture_output=True, text=True, check=False).stdout


def write_settings(home, settings):
    """Settings lie in a key file, fresh for each start; None: as the last run left them."""
    folder = home / "glib-2.0" / "settings"
    if settings is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["[io/github/wiretalk/Wiretalk]"] + ["%s=%s" % pair for pair in settings.items()]
    (folder / "keyfile").write_text("\n".join(lines) + "\n", encoding="utf-8")


def free_offset(ports):
    """An offset for the live ports that nobody has: tests run beside each other."""
    for offset in range(20000 + os.getpid() % 20000, 64000, 97):
        sockets = []
        try:
            for port in ports:
                sockets.append(socket.create_server(("", offset + port)))
            return offset
        except OSError:
            pass
        finally:
            for s in sockets:
                s.close()
    raise AssertionError("no free ports")


def picture():
    folder = os.environ.get("WT_PICTURES")
    if folder:
        subprocess.run([str(HERE / "shot"), os.path.join(folder, "%s.png" % current.replace(" ", "-"))], check=False)


def run_once(test):
    try:
        test()
        return True
    except Exception:  # whatever it is, the other tests go on
        for line in traceback.format_exc().splitlines():
            print("# " + line)
        return False


def run_one(number, name, test):
    """A screen, a window manager and an accessibility bus have moods of their own: what fails once and then does not is
    told as a comment, what fails twice is the program's."""
    global current
    current = name
    begin = time.monotonic()
    good = run_once(test) or run_once(test)
    print("%sok %d - %s # %.1f s" % ("" if good else "not ", number, name, time.monotonic() - begin), flush=True)
    return good


def main(names):
    """SCRIPT PROGRAM [TEST...]"""
    global program
    program = sys.argv[1]
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    tests = {n[5:].replace("_", " "): f for n, f in names.items() if n.startswith("test_")}
    chosen = [n for n in tests if len(sys.argv) < 3 or n.replace(" ", "_") in sys.argv[2:]]
    print("1..%d" % len(chosen))
    results = [run_one(i + 1, n, tests[n]) for i, n in enumerate(chosen)]
    sys.exit(0 if all(results) else 1)
