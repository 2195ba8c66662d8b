/* Line reader: cuts a byte stream into CRLF lines, whatever pieces it comes in.
 *
 * Only CR LF ends a line (RFC 5321 2.3.8). A bare CR or LF is part of the line and is reported, so that the engine
 * can refuse it. A line longer than the limit is given once as TOO_LONG (its first bytes), the rest of it is skipped
 * up to its CRLF: memory never grows past the limit. */
#pragma once

#include <glib.h>

typedef enum {
  WT_LINE_NONE, /* no complete line yet */
  WT_LINE_OK,
  WT_LINE_TOO_LONG,
} WtLineResult;

typedef struct {
  const guint8 *bytes; /* valid until the next call; without CRLF */
  gsize n_bytes;
  gsize wire_bytes; /* as it came, with CRLF and skipped bytes */
  gboolean bare_cr, bare_lf, nul;
} WtLine;

typedef struct _WtLineReader WtLineReader;

WtLineReader *wt_line_reader_new (gsize max_line); /* with CRLF */
void wt_line_reader_set_max (WtLineReader *self, gsize max_line);
/* Takes up to n_bytes; all of them unless a limit of `max_buffered` bytes is hit. Returns how many. */
void wt_line_reader_feed (WtLineReader *self, const guint8 *bytes, gsize n_bytes);
WtLineResult wt_line_reader_next (WtLineReader *self, WtLine *line);
/* Up to `max` bytes that are not lines (BDAT chunk, literal): borrowed until the next call. */
gsize wt_line_reader_take_raw (WtLineReader *self, gsize max, const guint8 **bytes);
gsize wt_line_reader_buffered (const WtLineReader *self);
void wt_line_reader_clear (WtLineReader *self); /* forget what is buffered (STARTTLS) */
void wt_line_reader_free (WtLineReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtLineReader, wt_line_reader_free)
