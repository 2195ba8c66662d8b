"""A Postfix of its own, below a folder; wants to be started by root."""
import os
import pathlib
import pwd
import socket
import subprocess

from wiretalk import DEADLINE, Live, free_port, wait_for

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = /dev/stdout
maillog_file_prefixes = {folder}, /dev
myhostname = postfix.example.net
mydestination = example.net
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
local_recipient_maps = inline:{{ carol=x }}
alias_maps =
alias_database =
virtual_mailbox_domains =
home_mailbox = Maildir/
local_transport = virtual
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{carol@example.net = carol/}} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_delay_reject = yes
smtpd_tls_security_level = {tls}
smtpd_tls_chain_files = {folder}/key.pem, {folder}/certificate.pem
smtpd_tls_received_header = yes
tlsmgr_service_name = tlsmgr
"""
MASTER_CF = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
tlsmgr unix - - n 1000? 1 tlsmgr
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def certificate(base, folder):
    """The one that live mode makes for itself does for Postfix too."""
    with Live(base) as live:
        for name in ("certificate.pem", "key.pem"):
            (folder / name).write_bytes((live.certificate.parent / name).read_bytes())


class Postfix:
    """`settings` are lines of main.cf, the last word on what they set."""

    def __init__(self, base, tls="none", settings=()):
        self.folder, self.port = base / "postfix", free_port()
        user = pwd.getpwnam("nobody")
        config = self.folder / "etc"
        for name in ("etc", "queue", "data", "mail"):
            (self.folder / name).mkdir(parents=True)
        base.chmod(0o755)
        if tls != "none":
            certificate(base, self.folder)
        os.chown(self.folder / "mail", user.pw_uid, user.pw_gid)
        os.chown(self.folder / "data", pwd.getpwnam("postfix").pw_uid, 0)
        (config / "main.cf").write_text(MAIN_CF.format(folder=self.folder, tls=tls, uid=user.pw_uid, gid=user.pw_gid)
                                         + "".join(line + "\n" for line in settings))
        (config / "master.cf").write_text(MASTER_CF.format(port=f"127.0.0.1:{self.port}"))
        self.log = open(self.folder / "log", "w+")
        self.process = subprocess.Popen(["postfix", "-c", config, "start-fg"], stdout=self.log, stderr=subprocess.STDOUT)
        try:
            wait_for(self.answers, "Postfix's greeting")
        except AssertionError as error:
            self.close()
            raise AssertionError(pathlib.Path(self.log.name).read_text()) from error

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as peer:
                return peer.recv(100).startswith(b"220")
        except OSError:
            return False

    def mails(self, user):
        return [p.read_text() for p in (self.folder / "mail" / user / "new").glob("*")]

    def close(self):
        # ending what was started would leave its master behind
        subprocess.run(["postfix", "-c", self.folder / "etc", "stop"], stdout=self.log, stderr=subprocess.STDOUT, timeout=DEADLINE)
        self.process.wait(DEADLINE)
        self.log.close()
