#!/usr/bin/env python3
"""A real Postfix as the next hop: mail that is not ours goes there through --relay, and Postfix's refusals come back."""
import os
import smtplib

from postfix_server import Postfix
from wiretalk import DEADLINE, Live, folder, main, wait_for


def relayed_to_postfix():
    with folder() as f:
        postfix = Postfix(f)
        try:
            with Live(f, "--relay", f"127.0.0.1:{postfix.port}") as live, smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
                smtp.sendmail("alice@example.org", ["carol@example.net", "bob@example.org"], "Subject: on its way\r\n\r\n.dot\r\n")
                mail = wait_for(lambda: postfix.mails("carol"), "the mail in Postfix's mailbox")[0]
                assert "Subject: on its way" in mail and "\n.dot\n" in mail and mail.startswith("Return-Path: <alice@example.org>"), mail
                live.wait_mails("bob", 1)
        finally:
            postfix.close()


def postfix_refuses_and_the_sender_hears_of_it():
    with folder() as f:
        postfix = Postfix(f)
        try:
            with Live(f, "--relay", f"127.0.0.1:{postfix.port}") as live, smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
                smtp.sendmail("alice@example.org", ["nobody@example.net"], "Subject: will bounce\r\n\r\nx\r\n")
                report = live.wait_mails("alice", 1)[0].decode()
                assert "multipart/report" in report and "message/delivery-status" in report, report
                assert "Action: failed" in report and "nobody@example.net" in report and "5.1.1" in report, report
        finally:
            postfix.close()


def relayed_under_tls():
    """Opportunistic: Postfix offers STARTTLS, and says what came of it."""
    with folder() as f:
        postfix = Postfix(f, tls="encrypt")
        try:
            with Live(f, "--relay", f"127.0.0.1:{postfix.port}") as live, smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
                smtp.sendmail("alice@example.org", ["carol@example.net"], "Subject: nobody read this\r\n\r\nx\r\n")
                mail = wait_for(lambda: postfix.mails("carol"), "the mail in Postfix's mailbox")[0]
                assert "(using TLSv1.3 with cipher" in mail and "with ESMTPS" in mail, mail
        finally:
            postfix.close()


if os.geteuid() != 0:
    print("1..0 # SKIP Postfix wants to be started by root")
else:
    main([relayed_to_postfix, relayed_under_tls, postfix_refuses_and_the_sender_hears_of_it])
