/* Line reader: cuts a byte stream into CRLF lines, whatever pieces it comes in.
 *
 * Only CR LF ends a line (RFC 5321 2.3.8). A bare CR or LF is part of the line and is reported, so that the engine
 * can refuse it. A line longer than the limit is given once as TOO_LONG (its first bytes) when its CRLF has come; the
 * rest of it is dropped as next() meets it. So memory is bounded by the limit and what the owner feeds without calling
 * next(); an owner that pauses asks buffered() and stops feeding. */
#pragma once

#include <glib.h>

#define WT_LINE_MAX_LEAST 16 /* a smaller limit is taken as this */

typedef enum {
  WT_LINE_NONE, /* no complete line yet */
  WT_LINE_OK,
  WT_LINE_TOO_LONG,
} WtLineResult;

typedef struct {
  const guint8 *bytes; /* valid until the next call; without CRLF */
  gsize n_bytes;       /* TOO_LONG: the limit less two, whatever pieces the line came in */
  gsize wire_bytes;    /* as it came, with CRLF and dropped bytes */
  gboolean bare_cr, bare_lf, nul; /* among `bytes` */
} WtLine;

typedef struct _WtLineReader WtLineReader;

WtLineReader *wt_line_reader_new (gsize max_line); /* bytes, with CRLF */
void wt_line_reader_set_max (WtLineReader *self, gsize max_line);
/* Takes all of them. */
void wt_line_reader_feed (WtLineReader *self, const guint8 *bytes, gsize n_bytes);
WtLineResult wt_line_reader_next (WtLineReader *self, WtLine *line);
/* Bytes of the line that has begun and not ended, dropped ones counted; 0 when none. Meaningful after next() gave NONE. */
gsize wt_line_reader_unfinished (const WtLineReader *self);
/* What is buffered, without taking it: for bulk that is not lines (mail, BDAT chunk, literal). Borrowed until the next
 * call. */
gsize wt_line_reader_peek (const WtLineReader *self, const guint8 **bytes);
/* Takes up to `max` bytes that are not lines: borrowed until the next call. */
gsize wt_line_reader_take_raw (WtLineReader *self, gsize max, const guint8 **bytes);
gsize wt_line_reader_buffered (const WtLineReader *self);
void wt_line_reader_clear (WtLineReader *self); /* forget what is buffered (STARTTLS) */
void wt_line_reader_free (WtLineReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtLineReader, wt_line_reader_free)
