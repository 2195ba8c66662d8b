/* The text of a mail on its way through DATA: finding its end, its bare CRs and LFs, its doubled dots (RFC 5321 2.3.8,
 * 4.1.1.4, 4.5.2). No byte is looked at one at a time but those around line ends. */
#pragma once

#include <glib.h>

/* Follows the content of DATA through pieces of any size. Begin with zeroes. Only CR LF . CR LF ends it: any other mix
 * of CR, LF and dot is content, and noted as bare. */
typedef struct {
  guint8 place;     /* where in a line the next byte stands */
  gboolean cr;      /* the last byte was CR */
  gboolean bare_cr; /* a CR without LF was seen */
  gboolean bare_lf;
  gboolean ended;
  gsize n_dots;       /* lines that begin with a dot which is to be removed */
  gsize line_length;  /* of the line at hand so far */
  gsize longest_line; /* with CRLF, in bytes */
} WtSmtpTextScan;

#define WT_SMTP_END_OF_DATA 3 /* ".\r\n": how many of the scanned bytes are not mail */

/* Scans up to and including the end of the mail; returns how many bytes belong to it. */
gsize wt_smtp_text_scan (WtSmtpTextScan *self, const guint8 *bytes, gsize n_bytes);

/* Offset of the first CR or LF that stands alone; -1: none. */
gssize wt_smtp_text_find_bare (const guint8 *bytes, gsize n_bytes);

/* Removes the first dot of each line that begins with one. (transfer full) */
GBytes *wt_smtp_text_unstuff (const guint8 *bytes, gsize n_bytes);
/* The mail as DATA carries it: dots doubled, CRLF at the end if it was missing, ".\r\n". (transfer full) */
GBytes *wt_smtp_text_stuff (const guint8 *bytes, gsize n_bytes);
