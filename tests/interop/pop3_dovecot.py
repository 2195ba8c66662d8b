"""A Dovecot that serves POP3, IMAP or LMTP below a folder; wants to be started by root."""
import contextlib
import socket
import subprocess

from wiretalk import DEADLINE, free_port, wait_for

DOVECOT_CONF = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = {protocol}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
default_login_user = {login}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{base}/mail/%u
first_valid_uid = 0
pop3_lock_session = yes
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home
}}
service anvil {{
  chroot =
}}
service {protocol}-login {{
  chroot =
  inet_listener {protocol} {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener {protocol}s {{
    port = 0
  }}
}}
"""


@contextlib.contextmanager
def dovecot(base, protocol="pop3", conf=DOVECOT_CONF):
    port = free_port()
    base.chmod(0o755)
    (base / "dovecot.conf").write_text(conf.format(base=base, port=port, protocol=protocol, login="dovenull", user="dovecot", group="dovecot",
                                                           uid="mail", gid="mail"))
    (base / "mail").mkdir()
    (base / "home").mkdir()
    for path in (base / "mail", base / "home"):
        path.chmod(0o777)
    process = subprocess.Popen(["dovecot", "-F", "-c", base / "dovecot.conf"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        def greets():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as peer:
                return peer.recv(100).startswith((b"+OK", b"* OK", b"220"))
        wait_for(greets, f"Dovecot's greeting: {(base / 'log').read_text() if (base / 'log').exists() else ''}")
        yield port
    finally:
        process.terminate()
        process.wait(DEADLINE)
