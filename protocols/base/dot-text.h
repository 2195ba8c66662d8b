/* Text that a line with a single dot ends: the mail of SMTP's DATA (RFC 5321 2.3.8, 4.1.1.4, 4.5.2), the multi-line
 * responses of POP3 (RFC 1939 3). Finding its end, its bare CRs and LFs, its doubled dots. No byte is looked at one at a time but those around line ends. */
#pragma once

#include <glib.h>

/* Follows such text through pieces of any size. Begin with zeroes. Only CR LF . CR LF ends it: any other mix
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
} WtDotTextScan;

#define WT_DOT_TEXT_END 3 /* ".\r\n": how many of the scanned bytes are not mail */

/* Scans up to and including the end of the mail; returns how many bytes belong to it. */
gsize wt_dot_text_scan (WtDotTextScan *self, const guint8 *bytes, gsize n_bytes);

/* Offset of the first CR or LF that stands alone; -1: none. */
gssize wt_dot_text_find_bare (const guint8 *bytes, gsize n_bytes);

/* Removes the first dot of each line that begins with one. (transfer full) */
GBytes *wt_dot_text_unstuff (const guint8 *bytes, gsize n_bytes);
/* The text as it goes on the wire: dots doubled, CRLF at the end if it was missing, ".\r\n". (transfer full) */
GBytes *wt_dot_text_stuff (const guint8 *bytes, gsize n_bytes);
/* The same behind a first line, which is left as it is. (transfer full) */
GBytes *wt_dot_text_stuff_after (const char *first, gsize n_first, const guint8 *bytes, gsize n_bytes);
