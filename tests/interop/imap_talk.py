"""What the IMAP interop tests share: a connection that sends commands and takes answers apart as far as comparing needs, a Dovecot
of its own, and mails to try things on."""
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess

import wiretalk


class Talk:
    """A connection. `command()` returns the untagged responses and the tagged one, as bytes with their literals."""

    def __init__(self, address, timeout=wiretalk.DEADLINE):
        self.socket = socket.create_connection(address, timeout)
        self.file = self.socket.makefile("rb")
        self.number = 0
        self.greeting = self.response()

    def close(self):
        self.file.close()
        self.socket.close()

    def response(self):
        data = self.file.readline()
        while literal := re.search(rb"\{(\d+)\}\r\n$", data):
            data += self.file.read(int(literal[1])) + self.file.readline()
        assert data, "the connection has ended"
        return data

    def send(self, *parts):
        """A command whose parts after the first go as literals, one by one."""
        self.number += 1
        tag = b"t%d" % self.number
        data = tag + b" " + parts[0]
        for literal, rest in zip(parts[1::2], parts[2::2]):
            self.socket.sendall(data + b"{%d}\r\n" % len(literal))
            answer = self.response()
            if not answer.startswith(b"+"):
                return tag, answer
            data = literal + rest
        self.socket.sendall(data + b"\r\n")
        return tag, None

    def command(self, *parts):
        tag, answer = self.send(*parts)
        untagged = []
        while answer is None or not answer.startswith(tag + b" "):
            if answer is not None:
                untagged.append(answer)
            answer = self.response()
        return untagged, answer[len(tag) + 1:]

    def ok(self, *parts):
        untagged, tagged = self.command(*parts)
        assert tagged.startswith(b"OK"), (parts, tagged)
        return untagged

    def append(self, folder, mail, arguments=b""):
        return self.ok(b"APPEND " + folder + b" " + arguments, mail, b"")

    def close(self):
        self.file.close()
        self.socket.close()


TOKEN = re.compile(rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|~?\{(\d+)\}\r\n|((?:[^\s()"\[\]]|\[[^\]]*\])+))')


def parse(data):
    """Nested lists of byte strings; what is quoted and what is a literal is the same."""
    stack, at = [[]], 0
    while at < len(data.rstrip()):
        token = TOKEN.match(data, at)
        if token is None:
            at += 1
            continue
        at = token.end()
        if token[1]:
            stack.append([])
        elif token[2]:
            done = stack.pop()
            stack[-1].append(done)
        elif token[4]:
            size = int(token[4])
            stack[-1].append(data[at:at + size])
            at += size
        elif token[3] is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", token[3]))
        else:
            stack[-1].append(token[5])
    return stack[0]


DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail
mail_max_userip_connections = 10000
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
"""


class Dovecot:
    """A Dovecot on a port of its own. Wants root, for it changes users."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "dovecot"
        (self.folder / "mail").mkdir(parents=True)
        nobody = pwd.getpwnam("nobody")
        self.port = wiretalk.free_port()
        for path in (folder, self.folder):
            os.chmod(path, 0o755)
        os.chown(self.folder / "mail", nobody.pw_uid, nobody.pw_gid)
        config = self.folder / "dovecot.conf"
        config.write_text(DOVECOT.format(folder=self.folder, port=self.port, uid=nobody.pw_uid, gid=nobody.pw_gid))
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wiretalk.wait_for(self.answers, "Dovecot's greeting")

    def answers(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            Talk(("127.0.0.1", self.port)).close()
            return True
        except (OSError, AssertionError):
            return False

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.terminate()
        self.process.wait(wiretalk.DEADLINE)


def has_dovecot():
    return shutil.which("dovecot") is not None and os.geteuid() == 0


MAILS = [
    b"From: Bob Example <bob@example.net>\r\nTo: \"Liddell, Alice\" <alice@example.org>, carol@example.net\r\nSubject: A first mail\r\n"
    b"Date: Mon, 07 Feb 1994 21:52:25 -0800 (PST)\r\nMessage-ID: <1@example.net>\r\nIn-Reply-To: <0@example.net>\r\n\r\nHello,\r\nworld.\r\n",
    b"From: =?utf-8?q?J=C3=BCrgen?= <j@example.net>\r\nSender: s@example.net\r\nReply-To: Friends: a@example.net, B <b@example.net>;\r\n"
    b"Subject: =?utf-8?b?R3LDvMOfZQ==?= and\r\n more\r\nCc: undisclosed:;\r\nContent-Type: text/plain; charset=iso-8859-1; format=flowed\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n",
    b"From: dan@example.net\r\nSubject: Parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\npreamble\r\n"
    b"--=_b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nplain\r\n--c\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Language: de, en\r\n\r\n<p>html</p>\r\n--c--\r\n\r\n--=_b\r\nContent-Type: application/octet-stream; name=\"a b.bin\"\r\n"
    b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"a b.bin\"; size=4\r\nContent-ID: <x@y>\r\n"
    b"Content-Description: four bytes\r\n\r\nAAECAw==\r\n--=_b\r\nContent-Type: message/rfc822\r\n\r\nFrom: inner@example.net\r\n"
    b"Subject: Inner\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\nContent-Type: text/plain\r\n\r\ndeep\r\nlines\r\n--d--\r\n"
    b"--=_b--\r\nepilogue\r\n",
    b"Subject: no sender\r\n\r\n",
    b"From: (comment) a@b\r\nSubject: 7 \"quoted\" \\ back\r\nDate: nonsense\r\n\r\n" + b"x" * 3000 + b"\r\n",
]
