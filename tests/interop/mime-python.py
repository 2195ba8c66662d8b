#!/usr/bin/env python3
"""Python's email package reads the same mails: the same tree, names, headers and decoded bytes as `wiretalk-cli mime`."""
import email
import email.policy
import hashlib
import json
import random
from email.message import EmailMessage

from wiretalk import CLI, main, run

WORDS = ["Grüße", "aus", "Köln", "plain", "words", "日本語", "naïve", "x" * 70, "=?", "a=b", "tab\tbed", "Привет"]
NAMES = ["plan.pdf", "a b.txt", "Grüße.png", 'with "quotes".bin', "日本.txt", "very " * 20 + "long.dat"]


def text(rng, n):
    return "\n".join(" ".join(rng.choices(WORDS, k=rng.randint(0, 8))) for _ in range(n)) + "\n"


def made(seed):
    """A mail as Python writes it, with any parts."""
    rng = random.Random(seed)
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["Subject"] = " ".join(rng.choices(WORDS[:7], k=rng.randint(0, 9)))
    mail["From"] = "Jörg Müller <joerg@example.org>"
    mail["To"] = "Bob <bob@example.net>, carol@example.net"
    mail["Date"] = "Mon, 23 Nov 2026 15:04:05 +0100"
    mail["Message-ID"] = f"<{seed}@example.org>"
    mail.set_content(text(rng, rng.randint(0, 6)), cte=rng.choice(["quoted-printable", "base64", "8bit"]))
    if rng.random() < 0.5:
        mail.add_alternative("<p>" + text(rng, 2), subtype="html")
        if rng.random() < 0.5:
            mail.get_payload()[1].add_related(rng.randbytes(300), "image", "png", cid="<1@example.org>", filename="a.png")
    for _ in range(rng.choice([0, 0, 1, 2, 5])):
        mail.add_attachment(rng.randbytes(rng.choice([0, 1, 57, 5000])), "application", "octet-stream", filename=rng.choice(NAMES))
    if rng.random() < 0.4:
        mail.add_attachment(made(seed * 7 + 1))
    return mail


def our(part):
    kids = [our(each) for each in part["parts"]]
    return {"type": part["content_type"], "charset": part["charset"], "disposition": part["disposition"], "filename": part["filename"],
            "sha256": None if kids else part["sha256"], "parts": kids}


def their(part):
    kids = [their(each) for each in part.get_payload()] if part.is_multipart() else []
    return {"type": part.get_content_type(), "charset": part.get_content_charset(), "disposition": part.get_content_disposition(),
            "filename": part.get_filename(), "sha256": None if kids else hashlib.sha256(part.get_payload(decode=True)).hexdigest(),
            "parts": kids}


def dissected(raw):
    return json.loads(run(CLI, "mime", "--format", "json", "-", stdin=raw))


def compare(raw, name):
    ours, theirs = dissected(raw), email.message_from_bytes(raw, policy=email.policy.default)
    assert our(ours) == their(theirs), f"{name}:\n{json.dumps(our(ours), indent=1)}\n{json.dumps(their(theirs), indent=1)}"
    for member, header in (("subject", "Subject"), ("from", "From"), ("to", "To"), ("date", "Date"), ("message_id", "Message-ID")):
        value = theirs[header]
        assert ours[member] == (None if value is None else str(value)), (name, member, ours[member], value)
    return ours


def generated():
    for seed in range(60):
        ours = compare(made(seed).as_bytes(), f"generated-{seed}")
        assert not ours["defects"], ours["defects"]


def line_ends():
    """Mails in files end their lines with LF."""
    for seed in range(20):
        compare(made(seed).as_bytes().replace(b"\r\n", b"\n"), f"lf-{seed}")


HEAD = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
BROKEN = {
    "not-closed": HEAD + b"--b\r\n\r\none\r\n--b\r\n\r\ntwo",  # a line end there: Python takes it for the delimiter's
    "preamble-and-epilogue": HEAD + b"before\r\n--b\r\n\r\none\r\n--b--\r\nafter\r\n",
    "no-type": b"Subject: x\r\nContent-Type: nonsense\r\n\r\nbody\r\n",
    "empty": b"",
    "only-header": b"Subject: x\r\n",
    "folded": b"Subject: one\r\n two\r\n\tthree\r\n\r\nbody\r\n",
    "two-levels-one-end": HEAD + b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\none\r\n--b--\r\n",
    "prefix-boundaries": HEAD + b"--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\none\r\n--bb--\r\n--b--\r\n",
    "space-after-boundary": HEAD + b"--b  \r\n\r\none\r\n--b-- \r\n",
    "quoted-boundary": b"Content-Type: multipart/mixed; boundary=\"a b\"\r\n\r\n--a b\r\n\r\none\r\n--a b--\r\n",
    "base64-lines": b"Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n\r\nREVG\r\n",
    "qp-lower-case": b"Content-Transfer-Encoding: Quoted-Printable\r\n\r\n=c3=a4 =\r\nx\r\n",
    "digest": b"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: in\r\n\r\ntext\r\n--b--\r\n",
}


def broken():
    for name, raw in BROKEN.items():
        ours, theirs = dissected(raw), email.message_from_bytes(raw, policy=email.policy.default)
        assert our(ours) == their(theirs), f"{name}:\n{json.dumps(our(ours), indent=1)}\n{json.dumps(their(theirs), indent=1)}"


main([generated, line_ends, broken])
