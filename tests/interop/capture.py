#!/usr/bin/env python3
"""Captures: tshark reads what we write, and decrypts it; we read what tshark and editcap write, and say what they say."""
import json
import os
import pathlib
import struct
import subprocess

from wiretalk import CLI, folder, main

SCENARIOS = pathlib.Path(os.environ["WIRETALK_SOURCE"], "lessons", "scenarios")


def run(*command, status=0):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status, f"{command}: {done.returncode}\n{done.stderr}"
    return done.stdout


def captured(scenario, where):
    """The capture of a scenario, and its messages as `run` gives them."""
    path = pathlib.Path(where, scenario + ".pcapng")
    out = run(CLI, "run", SCENARIOS / (scenario + ".scenario"), "--capture", path, "--format", "json")
    return path, messages(out)


def messages(lines):
    return [each for each in map(json.loads, lines.splitlines()) if each["kind"] == "message"]


def shown(path):
    return messages(run(CLI, "show", "--format", "json", path))


def tshark(path, display_filter, *fields):
    columns = [part for field in fields for part in ("-e", field)]
    out = run("tshark", "-r", path, "-Y", display_filter, "-T", "fields", *columns)
    return [line.split("\t") for line in out.splitlines()]


def without_secrets(capture):
    """The blocks of a pcapng file but for the Decryption Secrets Blocks."""
    kept, at = b"", 0
    while at < len(capture):
        kind, length = struct.unpack_from("<II", capture, at)
        kept += b"" if kind == 10 else capture[at:at + length]
        at += length
    return kept


def tshark_finds_no_fault():
    for scenario in ("two-domains", "things-go-wrong", "loss-udp-and-tcp", "mail-server-watched"):
        with folder() as where:
            path, _ = captured(scenario, where)
            wrong = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0"
            checks = [part for name in ("ip.check_checksum", "tcp.check_checksum", "udp.check_checksum")
                      for part in ("-o", name + ":TRUE")]
            assert run("tshark", "-r", path, *checks, "-Y", wrong) == "", scenario
            assert len(tshark(path, "frame", "frame.number")) > 20, scenario


def tshark_decrypts():
    """The secrets of the sessions are in the file: no option, no second file."""
    with folder() as where:
        path, said = captured("starttls-and-auth", where)
        hidden = [each for each in said if each["protocol"] == "smtp" and "wiretalk.encrypted" in each["fields"]]
        ours = sorted(each["fields"]["smtp.req.command"] for each in hidden if "smtp.req.command" in each["fields"])
        rows = tshark(path, "tls && smtp.req.command", "smtp.req.command")
        theirs = sorted(word for row in rows for word in row[0].split(","))
        assert ours and set(ours) <= set(theirs), f"{ours}\n{theirs}"
        assert "MAIL" in theirs and "AUTH" in theirs, theirs
        bare = pathlib.Path(where, "bare.pcapng")
        bare.write_bytes(without_secrets(path.read_bytes()))
        assert tshark(bare, "tls && smtp.req.command", "smtp.req.command") == []


def what_we_write_we_read():
    """The same messages, byte for byte; what was sealed comes as TLS."""
    for scenario in ("first-mail", "two-domains", "pop3-or-imap", "first-poll", "mail-server-watched"):
        with folder() as where:
            path, said = captured(scenario, where)
            before = sorted((each["protocol"], each["payload"]) for each in said)
            after = sorted((each["protocol"], each["payload"]) for each in shown(path))
            assert before == after, scenario


def what_others_write_we_read():
    with folder() as where:
        path, _ = captured("first-mail", where)
        whole = [each["payload"] for each in shown(path)]
        for kind in ("pcap", "nsecpcap", "pcapng"):
            other = pathlib.Path(where, "other." + kind)
            run("editcap", "-F", kind, "--discard-all-secrets", path, other)
            assert [each["payload"] for each in shown(other)] == whole, kind
        doubled = pathlib.Path(where, "doubled.pcapng")
        run("mergecap", "-w", doubled, path, path)  # every segment twice
        tcp = [each["payload"] for each in shown(doubled) if each["transport"] == "tcp"]
        assert tcp == [each["payload"] for each in shown(path) if each["transport"] == "tcp"]
        cut = pathlib.Path(where, "cut.pcapng")
        run("editcap", "-s", "70", path, cut)
        out = run(CLI, "show", cut)
        assert "packets that the capture cut short" in out and "that are not in the capture" in out, out


def tshark_agrees():
    """Commands and codes of a dialogue that both take out of the same file."""
    with folder() as where:
        path, _ = captured("things-go-wrong", where)
        theirs = sorted(code for row in tshark(path, "smtp.response.code && !tcp.analysis.retransmission", "smtp.response.code")
                        for code in set(row[0].split(",")))
        ours = [each["fields"].get("smtp.response.code") for each in shown(path)]
        ours = sorted(str(code if not isinstance(code, list) else code[0]) for code in ours if code)
        assert set(ours) == set(theirs), f"{ours}\n{theirs}"


main([tshark_finds_no_fault, tshark_decrypts, what_we_write_we_read, what_others_write_we_read, tshark_agrees])
