#!/usr/bin/env python3
"""LMTP with real programs: ours hands over to Dovecot, Postfix to ours, and Python's client talks to it."""
import os
import smtplib

from pop3_dovecot import dovecot
from postfix_server import Postfix
from wiretalk import DEADLINE, Live, folder, main, wait_for

# alice has room, bob almost none
DOVECOT_CONF = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = lmtp
ssl = no
auth_mechanisms = plain
default_login_user = {login}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{base}/mail/%n
first_valid_uid = 0
hostname = dovecot.example.org
postmaster_address = postmaster@example.org
auth_username_format = %n
mail_plugins = quota
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_grace = 0
}}
passdb {{
  driver = passwd-file
  args = {base}/users
}}
userdb {{
  driver = passwd-file
  args = {base}/users
  default_fields = uid={uid} gid={gid} home={base}/home
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
}}
"""
SMALL, LARGE = "Subject: small\r\n\r\nhi\r\n", "Subject: large\r\n\r\n" + 200 * "Forty letters in a line, or nearly so.\r\n"


def store(base, name):
    return [p.read_text() for p in (base / "dovecot" / "mail" / name / "new").glob("*")]


def started_dovecot(base):
    below = base / "dovecot"
    base.chmod(0o755)
    below.mkdir()
    (below / "users").write_text("alice:{PLAIN}secret::::::\nbob:{PLAIN}secret::::::userdb_quota_rule=*:bytes=2000\n")
    return dovecot(below, "lmtp", DOVECOT_CONF)


def delivered_into_dovecot():
    """Each recipient has an answer of its own: alice gets the large mail, bob has no room, and the sender hears of it."""
    with folder() as f, started_dovecot(f) as port:
        with Live(f, "--lmtp", f"localhost:{port}") as live, smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
            smtp.sendmail("alice@example.org", ["alice@example.org", "bob@example.org"], SMALL)
            wait_for(lambda: store(f, "alice") and store(f, "bob"), "the small mail in both mailboxes")
            smtp.sendmail("alice@example.org", ["bob@example.org", "alice@example.org"], LARGE)
            mails = wait_for(lambda: len(store(f, "alice")) == 3 and store(f, "alice"), "the large mail and the report")
            assert len(store(f, "bob")) == 1
            report = next(m for m in mails if "multipart/report" in m)
            assert "Final-Recipient: rfc822; bob@example.org" in report and "Status: 5.2.2" in report, report
            assert "Diagnostic-Code: smtp; 552 5.2.2 <bob@example.org>" in report, report
            said = [m["summary"] for m in live.messages() if m.get("protocol") == "lmtp"]
            assert any(t.startswith("LHLO ") for t in said), said
            assert live.mails("alice") == [], "a mailbox of its own"


def dovecot_does_not_know_the_user():
    """Ours knows no users when the scenario names none; the store's 550 comes after RCPT, and becomes a report."""
    scenario = "[scenario]\n[host mail]\ntype=mail-server\naddress=127.51.24.1\ndomains=example.org\nlmtp-to=127.0.0.1:{}\n"
    with folder() as f, started_dovecot(f) as port:
        (f / "x.scenario").write_text(scenario.format(port))
        with Live(f, scenario=f / "x.scenario") as live, smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
            smtp.sendmail("alice@example.org", ["nobody@example.org"], SMALL)
            report = wait_for(lambda: store(f, "alice"), "the report")[0]
            assert "Final-Recipient: rfc822; nobody@example.org" in report and "Status: 5.1.1" in report, report


def postfix_hands_over():
    """Postfix's LMTP client: two of our mailboxes and a third that we do not have."""
    with folder() as f, Live(f) as live:
        host, port = live.address("lmtp")
        postfix = Postfix(f, settings=["relay_domains = example.org", "lmtp_tls_security_level = may",
                                       f"transport_maps = inline:{{ {{example.org = lmtp:inet:{host}:{port}}} }}"])
        try:
            with smtplib.SMTP("127.0.0.1", postfix.port, timeout=DEADLINE) as smtp:
                smtp.sendmail("carol@example.net", ["alice@example.org", "bob@example.org", "nobody@example.org"], SMALL)
            for user in ("alice", "bob"):
                mail = live.wait_mails(user, 1)[0].decode()
                assert "Return-Path: <carol@example.net>" in mail and "with LMTPS" in mail, mail
            report = wait_for(lambda: postfix.mails("carol"), "Postfix's report")[0]
            assert "nobody@example.org" in report and "Status: 5.1.1" in report and "alice@example.org" not in report, report
        finally:
            postfix.close()


def pythons_client():
    """A reply for each recipient, in their order."""
    with folder() as f, Live(f) as live:
        with smtplib.LMTP(*live.address("lmtp"), timeout=DEADLINE) as lmtp:
            assert lmtp.sendmail("x@example.net", ["alice@example.org", "bob@example.org"], SMALL) == {}
            code, text = lmtp.getreply()  # it reads the first only
            assert code == 250 and text.startswith(b"2.0.0 <bob@example.org>"), text
            code, text = lmtp.docmd("EHLO", "x")
            assert code == 502 and b"LHLO" in text, text
        assert len(live.wait_mails("alice", 1)) == len(live.wait_mails("bob", 1)) == 1


if os.geteuid() != 0:
    print("1..0 # SKIP Postfix and Dovecot want to be started by root")
else:
    main([delivered_into_dovecot, dovecot_does_not_know_the_user, postfix_hands_over, pythons_client])
