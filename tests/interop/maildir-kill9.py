#!/usr/bin/env python3
"""What a Maildir store has promised survives kill -9, a full disk is an error and no loss, and mutt reads what is there.

maildir-kill9.py WORK: WORK is the program maildir-work."""
import hashlib
import mailbox
import os
import pathlib
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

WORK = sys.argv[1]
ROUNDS = 40
n_tests = 0


def ok(good, name, detail=""):
    global n_tests
    n_tests += 1
    print(f"{'' if good else 'not '}ok {n_tests} - {name}", flush=True)
    if not good:
        print("\n".join("# " + line for line in str(detail).splitlines()), flush=True)


def work_and_kill(folder, seconds):
    """Lines that the program has written when kill -9 hits it; a half line counts as nothing."""
    with tempfile.TemporaryFile() as out:
        program = subprocess.Popen([WORK, "deliver", folder], stdout=out)
        time.sleep(seconds)
        program.kill()
        program.wait()
        out.seek(0)
        return [line.decode().split() for line in out.read().split(b"\n")[:-1]]


def is_whole(path):
    head, _, body = path.read_bytes().partition(b"\n\n")
    return b"X-Sum: " + hashlib.sha256(body).hexdigest().encode() in head.split(b"\n")


def check_mails(folder, promised):
    """Faults of the mails in new/: one promised and not there, one not whole."""
    new = pathlib.Path(folder, "mail.example.org", "alice", "new")
    there = {path.name: path for path in new.iterdir()} if new.exists() else {}
    faults = [f"{name} is not there" for name in promised if name not in there]
    return faults + [f"{name} is not whole" for name, path in there.items() if not is_whole(path)]


def check_queue(folder, lines):
    """Faults of the queue: an entry older than promised, gone without being removed, or damaged."""
    promised, removing = {}, set()
    for words in lines:
        if words[0] == "queue":
            promised[words[1]] = int(words[2])
        elif words[0] == "removing":
            removing.add(words[1])
    loaded = subprocess.run([WORK, "load", folder], capture_output=True, text=True)
    entries = {words[1]: words for words in map(str.split, loaded.stdout.splitlines())}
    faults = [loaded.stderr] if loaded.returncode else []
    faults += [f"entry {i} is damaged" for i, words in entries.items() if words[3] != "whole"]
    for i, version in promised.items():
        if i in entries and int(entries[i][2]) < version:
            faults.append(f"entry {i} has version {entries[i][2]}, {version} was promised")
        elif i not in entries and i not in removing:
            faults.append(f"entry {i} is gone")
    return faults


def kill_rounds():
    faults, n_mails, n_entries = [], 0, 0
    for i in range(ROUNDS):
        folder = tempfile.mkdtemp(prefix="wiretalk-kill9-")
        lines = work_and_kill(folder, random.uniform(0.005, 0.12))
        mails = [words[1] for words in lines if words[0] == "mail"]
        n_mails += len(mails)
        n_entries += sum(words[0] == "queue" for words in lines)
        faults += [f"round {i}: {fault}" for fault in check_mails(folder, mails) + check_queue(folder, lines)]
        shutil.rmtree(folder)
    print(f"# {ROUNDS} kills, {n_mails} mails and {n_entries} changes of the queue had been promised")
    ok(not faults and n_mails and n_entries, "what was promised is there, whole", "\n".join(faults[:20]))


def same_folder_again():
    """Killed several times on one folder: what earlier runs promised stays."""
    folder = tempfile.mkdtemp(prefix="wiretalk-kill9-")
    mails = []
    for _ in range(5):
        mails += [words[1] for words in work_and_kill(folder, 0.05) if words[0] == "mail"]
    ok(not check_mails(folder, mails) and len(set(mails)) == len(mails), "five runs on one folder",
       "\n".join(check_mails(folder, mails)[:20]))
    shutil.rmtree(folder)


def run_mutt(home, maildir, keys):
    """A mutt in a terminal of its own, with keys pressed."""
    settings = ["set copy=yes", "set confirmappend=no", "set confirmcreate=no", "set mbox_type=mbox", "set quit=yes",
                f'push "{keys}"']
    words = ["mutt", "-n", "-F", "/dev/null", "-f", maildir, *(word for setting in settings for word in ("-e", setting))]
    subprocess.run(["script", "-qec", shlex.join(words), "/dev/null"], env=dict(os.environ, TERM="xterm", HOME=home),
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=30)


def readers():
    """mutt and Python's mailbox module see every mail, and no more."""
    folder = tempfile.mkdtemp(prefix="wiretalk-kill9-")
    subprocess.run([WORK, "deliver", folder, "20"], stdout=subprocess.DEVNULL, check=True)
    maildir = os.path.join(folder, "mail.example.org", "alice")
    pathlib.Path(maildir, "tmp", "left.behind").write_text("From: nobody\n\nhalf")
    subjects = sorted(int(mail["Subject"]) for mail in mailbox.Maildir(maildir, create=False))
    ok(subjects == list(range(20)), "Python's mailbox module reads it", subjects)
    if shutil.which("mutt") is None:
        ok(True, "mutt # SKIP not installed")
        return
    copy = os.path.join(folder, "copy.mbox")
    os.mkdir(os.path.join(folder, "Mail"))  # or it asks whether to make that
    run_mutt(folder, maildir, f"<tag-pattern>all<enter><tag-prefix><copy-message>{copy}<enter><quit>")
    subjects = sorted(int(mail["Subject"]) for mail in mailbox.mbox(copy)) if os.path.exists(copy) else "no copy"
    ok(subjects == list(range(20)), "mutt reads it", subjects)
    shutil.rmtree(folder)


def full_disk():
    """On a tiny file system: an error that says so, nothing half in new/, and what was promised is there."""
    folder = tempfile.mkdtemp(prefix="wiretalk-full-")
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", folder],
                                           capture_output=True).returncode:
        ok(True, "full disk # SKIP needs root and mount")
        os.rmdir(folder)
        return
    try:
        out = subprocess.run([WORK, "deliver", folder, "200"], capture_output=True, text=True, timeout=60).stdout
        lines = [line.split() for line in out.splitlines()]
        mails = [words[1] for words in lines if words[0] == "mail"]
        failed = [words for words in lines if words[0] == "failed"]
        faults = check_mails(folder, mails) + check_queue(folder, lines)
        left = list(pathlib.Path(folder, "mail.example.org", "alice", "tmp").iterdir())
        ok(mails and failed and all(words[-1] == "1" for words in failed), "a full disk is told as one", failed[:3])
        ok(not faults and not left, "a full disk loses nothing and leaves nothing half", "\n".join(faults[:10]) or left)
    finally:
        subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


kill_rounds()
same_folder_again()
readers()
full_disk()
print(f"1..{n_tests}")
