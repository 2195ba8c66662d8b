/* Capture files: what was recorded as a file for Wireshark, and a file of Wireshark's (or tcpdump's) as a record to step
 * through.
 *
 * Written: pcapng (draft-ietf-opsawg-pcapng). Of a simulation every packet as its sender's interface sent it, with the
 * secrets of its TLS sessions in the file when they are given, so that Wireshark decrypts. Live mode records messages, not
 * packets: of those TCP segments and datagrams are made that carry them; a comment says where TLS hid them on the wire.
 *
 * Read: pcap and pcapng through libpcap, IPv4 over Ethernet, Linux "cooked", loopback or raw IP. TCP streams are put
 * together again; conversations of protocols that Wiretalk knows (by port, else by how they begin) are cut into messages.
 * What is left out is told by notes in the trace. */
#pragma once

#include "app/trace/trace.h"

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* `tls_keys` (nullable): lines in NSS key log format, put into the file: whoever has it can read what TLS hid. The file is
 * replaced when all is written. Any thread. FALSE with error. */
gboolean wt_capture_write (WtTrace *trace, const char *tls_keys, const char *path, GError **error);

/* --- reading ------------------------------------------------------------------------------------------------------ */

#define WT_CAPTURE_MEMORY_MAX G_GUINT64_CONSTANT (1073741824) /* bytes of trace; then the oldest finished conversations go */
#define WT_CAPTURE_HELD_MAX (256 * 1024)       /* bytes of one direction that wait for a missing segment */
#define WT_CAPTURE_CONVERSATIONS_MAX 100000    /* at a time; then the one that was silent for longest is closed */

#define WT_CAPTURE_ERROR (wt_capture_error_quark ())
GQuark wt_capture_error_quark (void);
typedef enum {
  WT_CAPTURE_ERROR_FILE,  /* no capture, or broken: the message says after which packet */
  WT_CAPTURE_ERROR_LINK,  /* of a kind of network that is not read */
  WT_CAPTURE_ERROR_EMPTY, /* nothing in it that Wiretalk knows */
} WtCaptureError;

/* Does it begin as one? */
gboolean wt_capture_is (const char *path);
/* The trace of a capture file, finished. `cancel` (nullable) is read now and then. (transfer full) NULL with error. */
WtTrace *wt_capture_read (const char *path, const gint *cancel, GError **error);
