#!/usr/bin/env python3
"""The mail clients of live mode fetch over real sockets: from Dovecot at an address that the scenario names, and from our own
servers; every way of TLS and of logging in, and IDLE. What they get is what lies there."""
import base64
import contextlib
import getpass
import imaplib
import mailbox
import smtplib
import socket
import threading

from pop3_dovecot import dovecot
from wiretalk import Live, folder, free_offset, free_port, main, run, wait_for

PASSWORD = "secret"
MAILS = [b"Subject: dots\r\n\r\n.\r\n..\r\n", b"Subject: a literal?\r\n\r\n{3}\r\n)\r\na4 OK\r\n",
         b"Subject: long\r\n\r\n" + b"line\r\n" * 5000]
CLEAR = "mechanisms=none\nplaintext-without-tls=true"
WAYS = ["fetch-tls=off\nmechanisms=CRAM-MD5", "fetch-tls=off\nmechanisms=SCRAM-SHA-256", "fetch-tls=off\n" + CLEAR,
        "fetch-tls=required\nmechanisms=PLAIN", "fetch-tls=required\nmechanisms=SCRAM-SHA-256", "mechanisms=all",
        "fetch-tls=implicit\nmechanisms=none", "fetch-tls=implicit\nmechanisms=SCRAM-SHA-256"]
USERS = [f"bob{i}" for i in range(len(WAYS))]


def is_root():
    if getpass.getuser() != "root":
        print("# Dovecot wants to be started by root")
    return getpass.getuser() == "root"


def client(name, number, protocol, server, *keys, user="bob"):
    more = "\n".join(keys)
    return (f"[host {name}]\ntype=mail-client\naddress=10.0.1.{number}\nmailbox={user}@example.org\npassword={PASSWORD}\n"
            f"fetch-from={server}\nfetch-protocol={protocol}\n{more}\n\n")


def clients(protocol, servers, *keys):
    """One for each way, each with a mailbox of its own: a POP3 session is alone with it."""
    return "".join(client(USERS[i], 10 + i, protocol, servers["implicit" in way], way, "fetch-every=1s", *keys, user=USERS[i])
                   for i, way in enumerate(WAYS))


@contextlib.contextmanager
def live(f, hosts, *arguments):
    scenario = f / "fetch.scenario"
    scenario.write_text("[scenario]\ntitle=Fetch\n\n" + hosts)
    with Live(f, *arguments, "--port-offset", free_offset(), scenario=scenario) as running:
        yield running


def fetched(running, host):
    """What has come into the host's own mailbox, in any order."""
    return sorted(base64.b64decode(m["payload"]) for m in running.messages()
                  if m["kind"] == "store" and m["src_host"] == host and ": fetched, by " in m["summary"])


def happened(running, host, text):
    return [m for m in running.messages() if m["src_host"] == host and text in m["summary"]]


def check_no_password(running):
    plains = [base64.b64encode(f"\0{user}\0{PASSWORD}".encode()) for user in ["bob", *USERS]]
    for m in running.messages():
        for text in (m["summary"].encode(), base64.b64decode(m.get("payload") or "")):
            assert PASSWORD.encode() not in text and not any(plain in text for plain in plains), m


def fill(f, mails, users=("bob",)):
    for user in users:
        box = mailbox.Maildir(f / "mail" / user, create=True)
        for mail in mails:
            box.add(mail.replace(b"\r\n", b"\n"))
    run("chown", "-R", "mail:mail", f / "mail")


def fetches_from_dovecot(protocol):
    if not is_root():
        return
    tls_port = free_port()
    with folder() as f, dovecot(f, protocol, tls_port=tls_port, mechanisms="login cram-md5 scram-sha-256") as port:
        fill(f, MAILS, USERS)
        servers = f"127.0.0.1:{port}", f"127.0.0.1:{tls_port}"
        with live(f, clients(protocol, servers, "leave-on-server=true"), "--discard") as running:
            for user, way in zip(USERS, WAYS):
                wait_for(lambda: fetched(running, user) == sorted(MAILS), f"the mail, by {way!r}")
            check_no_password(running)


def imap_from_dovecot():
    fetches_from_dovecot("imap")


def pop3_from_dovecot():
    fetches_from_dovecot("pop3")


def fetched_mail_goes_from_dovecot():
    if not is_root():
        return
    for protocol in "pop3", "imap":
        with folder() as f, dovecot(f, protocol) as port:
            fill(f, MAILS)
            keys = "leave-on-server=false", "fetch-every=1s", "mechanisms=PLAIN", "plaintext-without-tls=true"
            with live(f, client("desk", 2, protocol, f"127.0.0.1:{port}", *keys), "--discard") as running:
                wait_for(lambda: not list((f / "mail" / "bob").glob("[nc]*/*")), "an empty mailbox")
                wait_for(lambda: fetched(running, "desk") == sorted(MAILS), "the mail in the client's own mailbox")


def news_come_at_once():
    if not is_root():
        return
    with folder() as f, dovecot(f, "imap") as port:
        fill(f, MAILS[:1])
        keys = "fetch-idle=true", CLEAR
        with live(f, client("phone", 2, "imap", f"127.0.0.1:{port}", *keys), "--discard") as running:
            wait_for(lambda: happened(running, "phone", " IDLE"), "IDLE")
            fill(f, MAILS[1:2])
            wait_for(lambda: fetched(running, "phone") == sorted(MAILS[:2]), "the second mail")
            other = imaplib.IMAP4("127.0.0.1", port)
            other.login("bob", PASSWORD)
            other.select()
            other.store("1", "+FLAGS", r"\Seen")
            wait_for(lambda: happened(running, "phone", r"\Seen set"), "the flag")
            other.store("1", "+FLAGS", r"\Deleted")
            other.expunge()
            wait_for(lambda: happened(running, "phone", "expunged"), "the mail's end")
            other.logout()
            assert len(happened(running, "phone", "connected to ")) == 1
            check_no_password(running)


def certificates_are_verified():
    if not is_root():
        return
    tls_port = free_port()
    with folder() as f, dovecot(f, "imap", tls_port=tls_port) as port:
        fill(f, MAILS[:1])
        keys = "fetch-tls=required", "fetch-every=1s", "verify=true"
        hosts = client("right", 2, "imap", f"localhost:{port}", *keys, f"trusted={f}/certificate.pem")
        hosts += client("address", 3, "imap", f"127.0.0.1:{port}", *keys, f"trusted={f}/certificate.pem")
        hosts += client("stranger", 4, "imap", f"localhost:{port}", *keys)
        with live(f, hosts, "--discard") as running:
            wait_for(lambda: fetched(running, "right") == MAILS[:1], "the mail of a trusted server")
            for host in "address", "stranger":
                wait_for(lambda: happened(running, host, "was not fetched: TLS handshake failed"), f"a refusal by {host}")
                assert not fetched(running, host)


def from_our_own_server():
    users = ";".join(f"{user}:{PASSWORD}" for user in USERS)
    server = f"[host mail]\ntype=mail-server\naddress=10.0.1.1\ndomains=example.org\nusers={users}\n\n"
    for protocol in "pop3", "imap":
        with folder() as f, live(f, server + clients(protocol, ("mail", "mail"), "leave-on-server=true")) as running:
            with smtplib.SMTP(*running.address("smtp")) as smtp:
                smtp.sendmail("alice@example.org", [f"{user}@example.org" for user in USERS], MAILS[0])
            for user, way in zip(USERS, WAYS):
                [mail] = running.wait_mails(user, 1)
                wait_for(lambda: fetched(running, user) == [mail.replace(b"\n", b"\r\n")], f"the mail by {protocol}, {way!r}")


def half_a_server(listener):
    """A POP3 server that offers STLS and then speaks no TLS; one mail."""
    answers = {"CAPA": "+OK\r\nUSER\r\nSTLS\r\n.", "LIST": "+OK\r\n1 10\r\n.", "RETR": "+OK\r\nSubject: x\r\n\r\n."}
    with contextlib.suppress(OSError):
        while True:
            peer, _ = listener.accept()
            with peer, peer.makefile("rw", newline="") as talk:
                print("+OK ready", file=talk, end="\r\n", flush=True)
                for line in talk:
                    print(answers.get(line[:4], "+OK"), file=talk, end="\r\n", flush=True)
                    if line[:4] in ("STLS", "QUIT"):
                        print("no TLS here", file=talk, end="\r\n", flush=True)
                        break


def opportunistic_means_rather_in_clear():
    with folder() as f, socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=half_a_server, args=[listener], daemon=True).start()
        server = f"127.0.0.1:{listener.getsockname()[1]}"
        hosts = client("easy", 2, "pop3", server, "fetch-every=1s", CLEAR)
        with live(f, hosts, "--discard") as running:
            wait_for(lambda: fetched(running, "easy") == [b"Subject: x\r\n\r\n"], "the mail, in clear")
            assert happened(running, "easy", "as it is opportunistic here")
        with live(f, client("strict", 3, "pop3", server, "fetch-every=1s", "fetch-tls=required", CLEAR), "--discard") as running:
            wait_for(lambda: happened(running, "strict", "was not fetched: TLS handshake failed"), "a refusal")
            assert not fetched(running, "strict")


def a_server_that_is_not_there():
    with folder() as f:
        keys = "fetch-every=1s", CLEAR
        hosts = client("desk", 2, "pop3", f"127.0.0.1:{free_port()}", *keys)
        hosts += client("lost", 3, "imap", "no-such-host.invalid", *keys)
        with live(f, hosts, "--discard") as running:
            wait_for(lambda: happened(running, "desk", "was not fetched: Connection refused"), "a refused connection")
            wait_for(lambda: happened(running, "lost", "“no-such-host.invalid” has no IPv4 address"), "why it has no address")


main([imap_from_dovecot, pop3_from_dovecot, fetched_mail_goes_from_dovecot, news_come_at_once, certificates_are_verified,
      from_our_own_server, opportunistic_means_rather_in_clear, a_server_that_is_not_there])
