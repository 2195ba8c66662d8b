/* Replies (RFC 5321 4.2, RFC 2034): written by the server, read by client and dissector. */
#pragma once

#include "protocols/smtp/smtp-types.h"

#define WT_SMTP_REPLY_MAX (64 * 1024) /* bytes of one reply, all lines, that a client takes in */

/* The reply as it goes on the wire: one line of "CODE-text" each, no line above WT_SMTP_REPLY_LINE_MAX (longer text is
 * continued on a next line), controls and, unless `utf8`, non-ASCII replaced by '?'. `enhanced` is repeated on each line
 * (RFC 2034 4). Codes outside 200..599 become 451. (transfer full) */
GBytes *wt_smtp_reply_to_bytes (const WtSmtpReply *self, gboolean utf8);

/* One line of a reply, without CRLF, taken apart. Offsets count from the start of the line. */
typedef struct {
  guint code;
  gboolean last;                    /* "250 " or "250", not "250-" */
  gsize text_start;                 /* after the separator */
  gsize enhanced_start, enhanced_end; /* equal: none */
} WtSmtpReplyLine;
/* FALSE: not a reply line. An enhanced code is looked for in 2xx, 4xx and 5xx only (RFC 2034 4). */
gboolean wt_smtp_reply_line_parse (const guint8 *bytes, gsize n_bytes, WtSmtpReplyLine *line);
/* Length of an enhanced status code ("5.1.10") at the start of `bytes`, followed by a space or the end; 0: none. */
gsize wt_smtp_enhanced_length (const guint8 *bytes, gsize n_bytes);
