#!/usr/bin/env python3
"""Drives wiretalk-cli: each command, its formats, its exit codes, its usage text, and what it says about bad input.

    test-cli.py PROGRAM SOURCE_ROOT"""
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
SCENARIOS = ROOT / "lessons" / "scenarios"
FIRST, TWO, WRONG = (str(SCENARIOS / f"{name}.scenario") for name in ("first-mail", "two-domains", "things-go-wrong"))
MEMBERS = {"n": int, "time_ns": int, "kind": str, "src": str, "dst": str, "sport": int, "dport": int, "src_host": str,
           "dst_host": str, "transport": str, "protocol": str, "summary": str, "payload": str, "fields": dict}
folder = tempfile.TemporaryDirectory()
ENVIRONMENT = dict(os.environ, LANGUAGE="en", LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals", XDG_DATA_HOME=folder.name)

tests = []


def test(function):
    tests.append(function)
    return function


def cli(*args, stdin=b"", status=0, **environment):
    """Standard output and standard error, after checking the exit status."""
    done = subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, timeout=60, check=False,
                          env={**ENVIRONMENT, **environment})
    assert done.returncode == status, f"{args}: exit status {done.returncode}, not {status}: {done.stderr.decode()}"
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def objects(*args, **more):
    return [json.loads(line) for line in cli(*args, "--format", "json", **more)[0].splitlines()]


def scenario(text, name="bad.scenario"):
    path = pathlib.Path(folder.name, name)
    path.write_text(text, encoding="utf-8")
    return str(path)


# --- run ---------------------------------------------------------------------------------------------------------------


@test
def run_text_is_a_line_a_message_with_notes_apart():
    lines = cli("run", FIRST)[0].splitlines()
    assert any(line.split()[1:4] == ["alice", "→", "mail"] and "MAIL FROM:<alice@example.org>" in line for line in lines)
    assert any(" · " in line and "in mailbox bob: delivered, by alice" in line for line in lines), "the store event"
    times = [float(line.split()[0]) for line in lines]
    assert times == sorted(times)
    assert "\033" not in "".join(lines), "colours are for terminals"


@test
def run_json_has_the_members():
    found = objects("run", TWO)
    for each in found:
        for member, kind in MEMBERS.items():
            assert isinstance(each[member], kind), f"{member} of {each}"
    mail = next(each for each in found if each["summary"].startswith("MAIL FROM"))
    assert (mail["kind"], mail["transport"], mail["protocol"], mail["dport"]) == ("message", "tcp", "smtp", 25)
    assert (mail["src"], mail["dst"], mail["src_host"], mail["dst_host"]) == ("192.0.2.10", "192.0.2.25", "alice", "smtp")
    assert base64.b64decode(mail["payload"]).startswith(b"MAIL FROM:<alice@example.org>")
    assert mail["fields"]["smtp.req.command"] == "MAIL"
    assert mail["fields"]["frame.number"] == mail["n"]
    query = next(each for each in found if each["protocol"] == "dns")
    assert (query["transport"], query["dport"], query["dst_host"]) == ("udp", 53, "dns")
    several = next(each for each in found if "EHLO" in each["summary"] or "greets" in each["summary"])
    assert any(isinstance(value, list) for each in found for value in each["fields"].values()), several


@test
def run_filter():
    replies = objects("run", WRONG, "--filter", "smtp.response.code >= 400")
    codes = {each["fields"]["smtp.response.code"] for each in replies}
    assert codes >= {550, 452, 451} and min(codes) >= 400, codes
    out, error = cli("run", FIRST, "--filter", "tcp.flags.syn == 1")
    assert out == "" and "--packets" in error
    packets = cli("run", FIRST, "--packets", "--filter", "tcp.flags.syn == 1")[0].splitlines()
    assert len(packets) == 2, packets


@test
def run_filter_counts_to_64_bits():
    """Counters beyond the range of signed numbers."""
    pathlib.Path(folder.name, "big.snmprec").write_text("1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615\n", encoding="ascii")
    poll = scenario("[scenario]\ntitle=Poll\nduration=5s\n[host station]\ntype=management-station\naddress=10.0.0.1\n"
                    "[host device]\ntype=managed-device\naddress=10.0.0.2\nrecording=big.snmprec\n[link station -- device]\n"
                    "[at 1s station]\naction=snmp-get\ntarget=device\nobjects=ifHCInOctets.1\n", "big.scenario")
    for wanted, n in (("> 9223372036854775808", 1), ("== 18446744073709551615", 1), ("== 0xffffffffffffffff", 1), ("< 0x8000000000000000", 0),
                      ("in {9223372036854775808..18446744073709551615}", 1)):
        assert len(cli("run", poll, "--filter", f"snmp.value.counter {wanted}")[0].splitlines()) == n, wanted


@test
def run_until():
    lines = cli("run", FIRST, "--until", 'smtp.req.command == "RCPT"')[0].splitlines()
    assert "RCPT TO" in lines[-1] and sum("RCPT TO" in line for line in lines) == 1
    assert all(float(line.split()[0]) <= 1.1 for line in cli("run", FIRST, "--until", "1100ms")[0].splitlines())
    assert cli("run", FIRST, "--until", "end")[0] == cli("run", FIRST)[0]
    assert "nothing matched" in cli("run", FIRST, "--until", "smtp.response.code == 599")[1]


@test
def run_with_a_limited_record_prints_the_same():
    """Ten thousand polls take several times the limit: what is dropped was printed before."""
    long = scenario("[scenario]\ntitle=Poll\nduration=100s\n"
                    "[host station]\ntype=management-station\naddress=10.0.0.1\npoll=device\nobjects=ifInOctets.1\ninterval=10ms\n"
                    "[host device]\ntype=managed-device\naddress=10.0.0.2\nprofile=sensor\n[link station -- device]\n", "long.scenario")
    whole = cli("run", long)[0]
    assert whole.count("get-response") > 9000
    assert cli("run", long, "--trace-limit", "2MiB") == (whole, "")
    assert "left the record before they could be printed" in cli("run", long, "--trace-limit", "1KiB")[1]


@test
def run_seed():
    same = [cli("run", WRONG, "--seed", "5")[0] for _ in range(2)]
    assert same[0] == same[1]
    assert same[0] != cli("run", WRONG, "--seed", "6")[0]


@test
def run_refuses():
    for args, part in ((["--seed", "x"], "--seed: “x” is no number"), (["--seed", "0"], "--seed"), (["--format", "xml"], "xml"),
                       (["--filter", "smtp.response.code =="], "column"), (["--filter", "smpt"], "smpt"),
                       (["--until", "5"], "“5” has no unit; write 5s or 5ms"), (["--until", "smpt"], "smpt"),
                       (["--trace-limit", "5x"], "5x"), (["--colour"], "--colour"), (["extra"], "extra")):
        out, error = cli("run", FIRST, *args, status=2)
        assert out == "" and part in error, error
        assert "--help" in error
    assert "cannot be read" in cli("run", "/nowhere.scenario", status=1)[1]
    cli("run", status=2)


@test
def run_german():
    for locale in ("C.UTF-8", "C"):
        german = {"LANGUAGE": "de", "LC_ALL": locale}
        assert "Aufruf:" in cli("--help", **german)[0]
        assert "Rückgabewert" in cli("run", "--help", **german)[0]
        out = cli("run", FIRST, **german)[0]
        assert "im Postfach bob: zugestellt, durch alice" in out and "hat die Mail für bob@example.org angenommen" in out, out
        assert "354 End data with" in out, "what is on the wire stays as it is"
        assert "keine Zahl" in cli("run", FIRST, "--seed", "x", status=2, **german)[1]


# --- check -------------------------------------------------------------------------------------------------------------


@test
def check_shipped():
    assert cli("check", *map(str, SCENARIOS.glob("*.scenario"))) == ("", "")


@test
def check_broken():
    path = scenario("[scenario]\ntitel=x\n[host a]\ntype=mail-sever\naddress=10.0.0.1\n")
    lines = cli("check", FIRST, path, status=1)[1].splitlines()
    assert len(lines) == 2, lines
    assert lines[0].startswith(f"{path}:2: [scenario] titel: unknown key; did you mean “title”?"), lines[0]
    assert lines[1].startswith(f"{path}:4: [host a] type: “mail-sever” is no type of host; did you mean “mail-server”?"), lines[1]
    assert cli("run", path, status=1) == ("", "\n".join(lines) + "\n")
    assert "cannot be read" in cli("check", "/nowhere.scenario", status=1)[1]
    cli("check", status=2)


# --- dissect -----------------------------------------------------------------------------------------------------------


def tree(node):
    yield node
    for child in node["children"]:
        yield from tree(child)


@test
def dissect_client():
    stream = b"EHLO alice.example.org\r\nMAIL FROM:<alice@example.org> SIZE=300\r\n"
    roots = objects("dissect", "smtp", stdin=stream)
    assert [root["range"] for root in roots] == [[0, 24], [24, len(stream)]]
    fields = [field for root in roots for field in tree(root)]
    for field in fields:
        assert set(field) == {"field", "label", "value", "range", "children"}
    command = [field for field in fields if field["field"] == "smtp.req.command"]
    assert [field["value"] for field in command] == ["EHLO", "MAIL"]
    for field in command:
        start, end = field["range"]
        assert stream[start:end].decode() == field["value"]


@test
def dissect_server_file_and_text():
    path = pathlib.Path(folder.name, "replies")
    path.write_bytes(b"550 5.1.1 No such user\r\n")
    fields = [field for root in objects("dissect", "smtp", str(path), "--direction", "server") for field in tree(root)]
    assert any(field["field"] == "smtp.response.code" and field["value"] == 550 for field in fields), fields
    out = cli("dissect", "smtp", "-", "--direction=server", stdin=path.read_bytes())[0]
    assert "(smtp.response.code) [0, 3)" in out


@test
def dissect_datagram():
    query = bytes.fromhex("123401000001000000000000076578616d706c65036f726700000f0001")
    roots = objects("dissect", "dns", stdin=query)
    assert len(roots) == 1 and roots[0]["range"] == [0, len(query)]
    assert any(field["value"] == "example.org" for field in tree(roots[0]))


@test
def dissect_takes_anything():
    for noise in (b"", b"\0", b"\r\n", bytes(range(256)) * 40, b"\x1b[31m\r\n", "Grüße\r\n".encode("latin-1")):
        for protocol in ("smtp", "dns", "imf", "mime"):
            for side in ("client", "server"):
                objects("dissect", protocol, "--direction", side, stdin=noise)
                assert "\x1b" not in cli("dissect", protocol, "--direction", side, stdin=noise)[0]
    assert "LF" in cli("dissect", "smtp", stdin=b"NOOP\nQUIT\n")[1]


@test
def dissect_refuses():
    assert "“smpt” is no protocol; write one of smtp, dns" in cli("dissect", "smpt", status=2)[1]
    assert "middle" in cli("dissect", "smtp", "--direction", "middle", status=2)[1]
    assert "xml" in cli("dissect", "smtp", "--format", "xml", status=2)[1]
    assert "/nowhere: cannot be read" in cli("dissect", "smtp", "/nowhere", status=1)[1]
    assert "cannot be read" in cli("dissect", "smtp", "/", status=1)[1]
    cli("dissect", status=2)
    cli("dissect", "smtp", "a", "b", status=2)


# --- live --------------------------------------------------------------------------------------------------------------


def free_offset():
    """An offset at which every mail service finds its port free."""
    for _ in range(100):
        offset = random.randrange(12000, 60000)
        with contextlib.ExitStack() as stack:
            try:
                for port in (25, 110, 143, 465, 587, 993, 995):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + offset))
                return offset
            except OSError:
                pass
    raise AssertionError("no free ports")


@contextlib.contextmanager
def live(*args, end=signal.SIGTERM):
    """A running server: its process and what its ready file says. Ends it, and checks that it ends in order."""
    ready = pathlib.Path(folder.name, "ready")
    ready.write_text("of an earlier run\n", encoding="utf-8")
    with subprocess.Popen([PROGRAM, "live", "--ready-file", ready, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=ENVIRONMENT) as process:
        try:
            for _ in range(500):
                text = ready.read_text(encoding="utf-8") if ready.exists() else ""
                if process.poll() is not None or (text and text != "of an earlier run\n"):
                    break
                time.sleep(0.01)
            assert process.poll() is None, process.stderr.read()
            yield process, [line.split() for line in text.splitlines()]
            process.send_signal(end)
            status = process.wait(timeout=10)
            assert status == 0, f"exit status {status}"
        finally:
            process.kill()


def send(port, subject):
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("alice@example.org", ["bob@example.org"], f"Subject: {subject}\r\n\r\nHello\r\n")


@test
def live_default_scenario():
    offset = free_offset()
    port = 25 + offset
    store = pathlib.Path(folder.name, "store")
    with live("--port-offset", str(offset), "--store", store, "--format", "json") as (process, services):
        assert ["smtp", "127.0.0.1", str(port)] in services and ["pop3", "127.0.0.1", str(110 + offset)] in services, services
        send(port, "streamed")
        seen = []
        while not seen or not seen[-1]["summary"].startswith("221"):  # while it runs
            seen.append(json.loads(process.stdout.readline()))
        assert any(each["fields"].get("smtp.req.command", "").upper() == "MAIL" for each in seen), seen
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as waiting:
            process.send_signal(signal.SIGTERM)
            reply = waiting.getreply()
            assert reply[0] == 421, reply
            waiting.close()
    mails = [path.read_text(encoding="utf-8") for path in store.glob("*/bob/new/*")]
    assert len(mails) == 1 and "Subject: streamed" in mails[0], mails


@test
def live_scenario_text_and_sigint():
    offset = free_offset()
    port = 25 + offset
    with live("--bind", "127.0.0.1", "--port-offset", str(offset), "--discard", FIRST, end=signal.SIGINT) as (process, services):
        assert ["smtp", "127.0.0.1", str(port)] in services, services
        assert process.stdout.readline().decode() == f"mail serves smtp on 127.0.0.1:{port}\n"
        send(port, "shown")
        assert "in use" in cli("live", "--port-offset", str(offset), "--discard", status=1)[1]


@test
def live_quiet_says_what_is_served_only():
    offset = free_offset()
    with live("--bind", "127.0.0.1", "--port-offset", str(offset), "--discard", "--quiet", FIRST) as (process, _):
        send(25 + offset, "not shown")
        process.send_signal(signal.SIGTERM)
        lines = process.stdout.read().decode().splitlines()
    assert lines and all(" serves " in line for line in lines), lines


@test
def live_refuses():
    for args, part in ((["--bind", "1.2.3"], "1.2.3"), (["--store", "x", "--discard"], "--discard"), (["--relay", "x"], "x"),
                       (["--port", "smtp"], "smtp=2525"), (["--port", "nope=2525", "--discard"], "“nope”; services are: smtp"),
                       (["--port-offset", "-1"], "-1"), (["--trace-limit", "5x"], "5x"), (["--format", "xml"], "xml")):
        assert part in cli("live", *args, status=2)[1]
    assert "cannot be read" in cli("live", "/nowhere.scenario", status=1)[1]


# --- mime --------------------------------------------------------------------------------------------------------------

MAIL = (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nFrom: A <a@b.org>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A4=\r\n!\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nText\r\n"
        b"--x\r\nContent-Disposition: attachment; filename*=utf-8''%C3%A4.bin\r\nContent-Transfer-Encoding: base64\r\n\r\nAA*EC\r\n")


@test
def mime_json_has_the_members():
    whole, = objects("mime", "-", stdin=MAIL)
    text, wrapped, file = whole["parts"]
    inner, = wrapped["parts"]
    members = {"content_type", "charset", "encoding", "disposition", "filename", "range", "header_range", "body_range", "decoded_size",
               "sha256", "defects", "parts"}
    assert set(text) == set(wrapped) == set(file) == members
    assert set(whole) == set(inner) == members | {"subject", "message_id", "from", "to", "date"}
    assert (whole["subject"], whole["from"], whole["to"]) == ("Grüße", "A <a@b.org>", None)
    assert (whole["content_type"], whole["range"]) == ("multipart/mixed", [0, len(MAIL)])
    assert (text["charset"], text["encoding"], text["decoded_size"]) == ("utf-8", "quoted-printable", 3)
    assert text["sha256"] == hashlib.sha256("ä!".encode()).hexdigest()
    assert MAIL[slice(*text["body_range"])] == b"=C3=A4=\r\n!"
    assert MAIL[slice(*text["header_range"])].startswith(b"Content-Type: text") and text["header_range"][1] + 2 == text["body_range"][0]
    assert (inner["subject"], inner["content_type"], inner["decoded_size"]) == ("in", "text/plain", 4)
    assert (file["content_type"], file["disposition"], file["filename"]) == ("text/plain", "attachment", "ä.bin")
    assert file["sha256"] == hashlib.sha256(b"\0\1\2").hexdigest()
    assert [(defect["kind"], defect["offset"]) for defect in whole["defects"]] == [("not-closed", len(MAIL))]
    assert [(defect["kind"], defect["offset"]) for defect in file["defects"]] == [("bad-body", MAIL.index(b"*EC"))]


@test
def mime_text():
    lines = cli("mime", "-", stdin=MAIL)[0].splitlines()
    assert lines[0].startswith("multipart/mixed, 7bit, ") and lines[0].endswith(f"[0, {len(MAIL)})")
    assert "  Subject: Grüße" in lines and "      Subject: in" in lines
    assert any(line.startswith("  text/plain, base64, attachment “ä.bin”, 3 bytes") for line in lines), lines
    assert lines[-1].startswith(f"  byte {len(MAIL)}: "), lines


@test
def mime_takes_what_there_is():
    """Control characters do no harm to a terminal; nothing at all is a mail, too; a large file is not copied."""
    assert "\x1b" not in cli("mime", "-", stdin=b"Subject: \x1b[31m\r\n\r\n")[0]
    assert objects("mime", "-")[0]["decoded_size"] == 0
    path = pathlib.Path(folder.name, "large.eml")
    body = base64.encodebytes(b"\xa5" * 30_000_000)
    path.write_bytes(b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n" + body)
    whole, = objects("mime", str(path))
    assert (whole["decoded_size"], whole["defects"]) == (30_000_000, [])
    assert whole["sha256"] == hashlib.sha256(b"\xa5" * 30_000_000).hexdigest()


@test
def mime_usage():
    assert "cannot be read" in cli("mime", "/nowhere.eml", status=1)[1]
    assert "is no format" in cli("mime", "-", "--format", "xml", status=2)[1]
    cli("mime", status=2)


# --- the program -------------------------------------------------------------------------------------------------------


@test
def help_of_all():
    commands = ("run", "live", "dissect", "check", "mime")
    out = cli("--help")[0]
    assert all(out.count(f"\n  {command} ") == 1 for command in commands), out
    for command in commands:
        text = cli(command, "--help")[0]
        assert f"wiretalk-cli {command}" in text and "Exit status" in text and "Examples" in text, text
    assert cli("--version")[0].startswith("wiretalk-cli ")


@test
def mib_tells_of_a_folder_that_is_not_there():
    out, error = cli("mib", "--mibs", "/nowhere", "sysName", status=1)
    assert "/nowhere: cannot be read" in error and "1.3.6.1.2.1.1.5" in out, error


@test
def completions_know_every_option():
    """Of every command: what its help tells, and nothing else."""
    completions = ROOT / "assets" / "completions"
    bash, zsh = ((completions / name).read_text(encoding="utf-8") for name in ("wiretalk-cli.bash", "_wiretalk-cli"))
    served = re.search(r"served=\((.*?)\)\n", zsh, re.S)[1]
    for command in re.findall(r"^  (\w+) ", cli("--help")[0].split("Commands:")[1].split("Options:")[0], re.M):
        told = set(re.findall(r"^  (?:-\w, )?--([\w-]+)", cli(command, "--help")[0], re.M)) - {"help"}
        words = re.search(rf"^            {command}\) options\+='([^']*)'", bash, re.M)
        offered = {word[2:] for word in words[1].split()} if words else set()
        assert offered == told, (command, "bash", offered ^ told)
        part = re.search(rf"^    {command}\)\n(.*?)^        ;;", zsh, re.M | re.S)[1]
        part = part.replace("$served", served).replace("$format", "--format[")
        offered = set(re.findall(r"--([\w-]+)\[", part)) | set(re.findall(r",--([\w-]+)\}", part))
        assert offered == told, (command, "zsh", offered ^ told)


@test
def usage():
    assert "a command is missing" in cli(status=2)[1]
    assert "“fly” is no command" in cli("fly", status=2)[1]


@test
def output_that_nobody_reads():
    done = subprocess.run(f"'{PROGRAM}' run '{WRONG}' | head -n 1", shell=True, capture_output=True, timeout=60, check=True,
                          env=ENVIRONMENT)
    assert done.stdout.count(b"\n") == 1


failed = 0
print(f"1..{len(tests)}")
for number, function in enumerate(tests, 1):
    try:
        function()
        result = "ok"
    except Exception as problem:  # pylint: disable=broad-except
        result = "not ok"
        failed += 1
        print("\n".join(f"# {line}" for line in f"{type(problem).__name__}: {problem}".splitlines()))
    print(f"{result} {number} - {function.__name__.replace('_', ' ')}", flush=True)
folder.cleanup()
sys.exit(1 if failed else 0)
