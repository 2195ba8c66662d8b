#!/usr/bin/env python3
"""Real mail programs read our mailboxes by IMAP: plain, with STARTTLS and with TLS from the start, and get byte for byte what was
delivered."""
import contextlib
import imaplib
import os
import pathlib
import pty
import select
import ssl
import time

import imap_talk
from wiretalk import DEADLINE, Live, folder, main, run

MAILS = imap_talk.MAILS


@contextlib.contextmanager
def filled(f, mails=MAILS):
    """Live mode, with the mails in alice's inbox."""
    with Live(f) as live:
        talk = imap_talk.Talk(live.address("imap"))
        talk.ok(b"LOGIN alice secret")
        for mail in mails:
            talk.append(b"INBOX", mail)
        talk.ok(b"LOGOUT")
        talk.close()
        yield live


def trusting(live):
    context = ssl.create_default_context(cafile=live.certificate)
    context.check_hostname = False
    return context


def connections(live):
    """An imaplib connection of each kind."""
    yield imaplib.IMAP4(*live.address("imap"))
    starttls = imaplib.IMAP4(*live.address("imap"))
    starttls.starttls(trusting(live))
    yield starttls
    yield imaplib.IMAP4_SSL(*live.address("imaps"), ssl_context=trusting(live))


def good(answer):
    assert answer[0] == "OK", answer
    return answer[1]


def imaplib_does_everything():
    with folder() as f, filled(f) as live:
        for number, m in enumerate(connections(live)):
            good(m.login("alice", "secret") if number else m.authenticate("PLAIN", lambda _: b"\0alice\0secret"))
            assert good(m.select())[0] == b"5"
            fetched = [part[1] for part in good(m.fetch("1:*", "(BODY.PEEK[])")) if isinstance(part, tuple)]
            assert fetched == MAILS
            assert good(m.search(None, "SUBJECT", "first")) == [b"1"]
            good(m.store("1", "+FLAGS", "\\Flagged"))
            name = f"box{number}"
            good(m.create(name))
            good(m.copy("1:2", name))
            good(m.subscribe(name))
            assert any(name.encode() in line for line in good(m.lsub()))
            assert good(m.status(name, "(MESSAGES)"))[0].endswith(b"(MESSAGES 2)")
            good(m.select(name))
            good(m.store("1", "+FLAGS.SILENT", "\\Deleted"))
            assert good(m.expunge()) == [b"1"]
            good(m.select("INBOX"))
            good(m.rename(name, "new/" + name))
            assert m.logout()[0] == "BYE"


def wrong_password_is_refused():
    with folder() as f, Live(f) as live:
        for m in connections(live):
            try:
                m.login("alice", "wrong")
                raise AssertionError("logged in")
            except imaplib.IMAP4.error as error:
                assert "AUTHENTICATIONFAILED" in str(error), error
            m.shutdown()


def curl_fetches_and_appends():
    with folder() as f, filled(f) as live:
        for scheme, service, option in (("imap", "imap", "--no-ssl"), ("imap", "imap", "--ssl-reqd"), ("imaps", "imaps", "--ssl-reqd")):
            address, port = live.address(service)
            url = f"{scheme}://{address}:{port}"
            options = ["-sS", "--cacert", live.certificate, "--user", "alice:secret"] + ([] if option == "--no-ssl" else [option])
            for number, mail in enumerate(MAILS, 1):
                run("curl", *options, "-o", f / "got", f"{url}/INBOX;UID={number}")
                assert (f / "got").read_bytes() == mail, number
            assert "* SEARCH 1" in run("curl", *options, f"{url}/INBOX?SUBJECT%20first")
            (f / "mail").write_bytes(MAILS[0])
            run("curl", *options, "--upload-file", f / "mail", f"{url}/INBOX")
            assert "INBOX" in run("curl", *options, f"{url}/")


def mbsync_configuration(f, live, service, tls):
    address, port = live.address(service)
    (f / "mbsyncrc").write_text(f"""
IMAPAccount a
Host {address}
Port {port}
User alice
Pass secret
SSLType {tls}
{"AuthMechs LOGIN" if tls == "None" else f"CertificateFile {live.certificate}"}

IMAPStore far
Account a

MaildirStore near
Path {f}/near/
Inbox {f}/near/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
""")


def bodies(maildir):
    return sorted(p.read_bytes() for part in ("new", "cur") for p in pathlib.Path(maildir, part).iterdir())


def without_tuid(mail):
    return b"\n".join(line for line in mail.replace(b"\r\n", b"\n").split(b"\n") if not line.startswith(b"X-TUID:"))


def mbsync_both_ways():
    """Down, a flag and a new mail up, an expunge down; each with its own folder of state."""
    for service, tls in (("imap", "None"), ("imap", "STARTTLS"), ("imaps", "IMAPS")):
        with folder() as f, filled(f) as live:
            (f / "near").mkdir()
            mbsync_configuration(f, live, service, tls)
            run("mbsync", "-c", f / "mbsyncrc", "-a", env={"HOME": str(f)})
            assert [without_tuid(b) for b in bodies(f / "near/INBOX")] == sorted(without_tuid(m) for m in MAILS)
            (f / "near/INBOX/new/1.x.y").write_bytes(b"Subject: from here\n\nup\n")
            run("mbsync", "-c", f / "mbsyncrc", "-a", env={"HOME": str(f)})
            talk = imap_talk.Talk(live.address("imap"))
            talk.ok(b"LOGIN alice secret")
            talk.ok(b"SELECT INBOX")
            assert talk.ok(b"SEARCH SUBJECT \"from here\"") == [b"* SEARCH 6\r\n"]
            talk.ok(b"STORE 1 +FLAGS (\\Deleted)")
            talk.ok(b"EXPUNGE")
            talk.close()
            run("mbsync", "-c", f / "mbsyncrc", "-a", env={"HOME": str(f)})
            assert len(bodies(f / "near/INBOX")) == 5


def in_terminal(words, env, keys):
    """Runs a program in a terminal of its own, types, and returns what it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(words[0], words, {**os.environ, **env})
    shown, end = b"", time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        elif keys:
            os.write(terminal, keys.pop(0))
    os.close(terminal)
    os.waitpid(pid, 0)
    return shown


def mutt_reads_and_flags():
    for service, scheme, settings in (("imap", "imap", ["set ssl_starttls=no", "set ssl_force_tls=no"]),
                                      ("imap", "imap", ["set ssl_starttls=yes", "set ssl_force_tls=yes"]),
                                      ("imaps", "imaps", ["set ssl_force_tls=yes"])):
        with folder() as f, filled(f) as live:
            address, port = live.address(service)
            certificate = pathlib.Path(live.certificate).read_text()
            (f / "certificates").write_text(certificate)
            words = ["mutt", "-n", "-F", "/dev/null"]
            for setting in [*settings, "set imap_user=alice", "set imap_pass=secret", f"set certificate_file={f}/certificates",
                            f"set folder={scheme}://{address}:{port}/", "set ssl_verify_host=no", "set wait_key=no", "set sleep_time=0",
                            f"push '<flag-message><last-entry><save-message>=Saved<enter><enter-command>exec sync-mailbox<enter><quit>y'",
                            "set confirmcreate=no", "set confirmappend=no", "set delete=yes", "set move=no"]:
                words += ["-e", setting]
            shown = in_terminal([*words, "-f", f"{scheme}://{address}:{port}/INBOX"], {"TERM": "xterm", "HOME": str(f)}, [b"o", b"y", b"y", b"q"])
            talk = imap_talk.Talk(live.address("imap"))
            talk.ok(b"LOGIN alice secret")
            assert talk.ok(b"STATUS Saved (MESSAGES)") == [b"* STATUS Saved (MESSAGES 1)\r\n"], shown
            talk.ok(b"EXAMINE INBOX")
            assert talk.ok(b"SEARCH FLAGGED") == [b"* SEARCH 1\r\n"], shown
            assert talk.ok(b"SEARCH ALL") == [b"* SEARCH 1 2 3 4\r\n"], shown
            talk.close()


def idle_tells_at_once():
    with folder() as f, filled(f) as live:
        idle, other = imap_talk.Talk(live.address("imap")), imap_talk.Talk(live.address("imap"))
        for talk in (idle, other):
            talk.ok(b"LOGIN alice secret")
            talk.ok(b"SELECT INBOX")
        idle.send(b"IDLE")
        assert idle.response().startswith(b"+")
        other.ok(b"STORE 1 +FLAGS.SILENT (\\Flagged)")
        assert idle.response() == b"* 1 FETCH (FLAGS (\\Flagged \\Recent))\r\n"
        other.append(b"INBOX", MAILS[0])
        assert idle.response() == b"* 6 EXISTS\r\n"
        idle.response()  # RECENT
        address, port = live.address("smtp")
        run("curl", "-sS", f"smtp://{address}:{port}", "--mail-from", "x@y.org", "--mail-rcpt", "alice@example.org", "-T", "-", stdin=MAILS[0])
        assert idle.response() == b"* 7 EXISTS\r\n"
        idle.response()
        other.ok(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
        assert idle.response() == b"* 1 FETCH (FLAGS (\\Flagged \\Deleted \\Recent))\r\n"
        other.ok(b"EXPUNGE")
        assert idle.response() == b"* 1 EXPUNGE\r\n"
        idle.socket.sendall(b"DONE\r\n")
        assert b" OK " in idle.response()
        idle.close()
        other.close()


def uids_survive_a_restart():
    with folder() as f:
        with filled(f) as live:
            before = imap_talk.Talk(live.address("imap"))
            before.ok(b"LOGIN alice secret")
            before.ok(b"SELECT INBOX")
            before.ok(b"STORE 5 +FLAGS (\\Deleted)")
            before.ok(b"EXPUNGE")
            before.ok(b"SELECT INBOX")  # what was recent is recent no more
            first = before.ok(b"STATUS INBOX (UIDVALIDITY UIDNEXT)"), before.ok(b"FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE)")
            before.close()
        with Live(f) as live:
            after = imap_talk.Talk(live.address("imap"))
            after.ok(b"LOGIN alice secret")
            after.ok(b"EXAMINE INBOX")
            assert (after.ok(b"STATUS INBOX (UIDVALIDITY UIDNEXT)"), after.ok(b"FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE)")) == first
            after.close()


def hostile_clients_do_no_harm():
    with folder() as f, filled(f) as live:
        good_one = imap_talk.Talk(live.address("imap"))
        good_one.ok(b"LOGIN alice secret")
        for attack in (b"a LOGIN {99999999999}\r\n", b"a LOGIN \"" + b"x" * 100000 + b"\r\n", b"x" * 1000000, b"a SEARCH " + b"(" * 60000 + b"\r\n",
                       b"\0" * 1000 + b"\r\n" * 1000, b"a STARTTLS\r\nb LOGIN alice secret\r\n"):
            bad = imap_talk.Talk(live.address("imap"))
            with contextlib.suppress(OSError):
                bad.socket.sendall(attack)
            with contextlib.suppress(OSError):
                bad.socket.settimeout(0.2)
                assert b"b OK" not in bad.socket.recv(65536)
            bad.close()
        for name in (b"../x", b"a/../../x", b"/etc/x", b"\"..\"", b"a//b", b"."):
            untagged, tagged = good_one.command(b"CREATE " + name)
            assert tagged.startswith(b"NO"), (name, tagged)
        good_one.ok(b"SELECT INBOX")
        good_one.close()
        assert live.memory() < 200 << 20
        assert not any(p.name.startswith("x") for p in f.iterdir())


main([imaplib_does_everything, wrong_password_is_refused, curl_fetches_and_appends, mbsync_both_ways, mutt_reads_and_flags,
      idle_tells_at_once, uids_survive_a_restart, hostile_clients_do_no_harm])
