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
ssl = {ssl}
{certificate}
disable_plaintext_auth = {plaintext_needs_tls}
auth_mechanisms = plain {mechanisms}
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
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service {protocol}-login {{
  chroot =
  inet_listener {protocol} {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener {protocol}s {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
"""


def make_certificate(base):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", base / "key.pem",
                    "-out", base / "certificate.pem"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def dovecot(base, protocol="pop3", conf=DOVECOT_CONF, tls_port=0, mechanisms="", plaintext_needs_tls=False):
    """Gives its port. With `tls_port` it offers TLS there, and on its port by STLS or STARTTLS."""
    port = free_port()
    base.chmod(0o755)
    if tls_port:
        make_certificate(base)
    (base / "dovecot.conf").write_text(conf.format(base=base, port=port, protocol=protocol, login="dovenull", user="dovecot", group="dovecot",
                                                           uid="mail", gid="mail", tls_port=tls_port, ssl="yes" if tls_port else "no",
                                                           certificate=f"ssl_cert = <{base}/certificate.pem\nssl_key = <{base}/key.pem" if tls_port else "",
                                                           mechanisms=mechanisms, plaintext_needs_tls="yes" if plaintext_needs_tls else "no"))
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
