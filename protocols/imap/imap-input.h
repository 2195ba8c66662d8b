/* Cuts what a client sends into commands: lines with their literals (RFC 9051 4.3, RFC 7888), whatever pieces it comes
 * in.
 *
 * A literal that waits for our "+" is announced as WT_IMAP_INPUT_LITERAL; the owner accepts it or drops the command.
 * One that does not wait is read as it comes, up to the limit; beyond it the command is read to its end without being
 * kept, and reported as TOO_LONG. So memory is bounded by the limit and by what is fed without calling next(). */
#pragma once

#include <glib.h>

typedef enum
{
  WT_IMAP_INPUT_NONE,     /* nothing whole yet */
  WT_IMAP_INPUT_COMMAND,  /* a whole command, its last CRLF included */
  WT_IMAP_INPUT_LITERAL,  /* the command so far; the client waits before it sends `literal` bytes */
  WT_IMAP_INPUT_TOO_LONG, /* a whole command of which only the first bytes were kept */
} WtImapInputResult;

typedef struct
{
  const guint8 *bytes; /* the command so far, valid until the next call */
  gsize n_bytes;
  gsize new_bytes; /* the last of them: what has come since the result before */
  guint64 literal;
} WtImapInputPart;

/* {12}, {12+} or ~{12} at the end of a line without its CRLF. FALSE: the line ends the command. A quoted string that is
 * not closed ends with the line and is an error of the command, never the beginning of a literal. `waits`: for a "+".
 */
gboolean wt_imap_input_find_literal (const guint8 *line, gsize n_bytes, guint64 *size, gboolean *waits);

typedef struct _WtImapInput WtImapInput;

WtImapInput *wt_imap_input_new (void);
/* Limits of the command that comes next, with its literals. */
void wt_imap_input_set_max (WtImapInput *self, gsize max);
/* The mail of an APPEND may be this large beside that; 0: it counts like the rest. */
void wt_imap_input_set_append_max (WtImapInput *self, guint64 max);
void wt_imap_input_feed (WtImapInput *self, const guint8 *bytes, gsize n_bytes);
WtImapInputResult wt_imap_input_next (WtImapInput *self, WtImapInputPart *part);
/* After LITERAL: it comes (its size is added to this command's limit), or the command is forgotten. */
void wt_imap_input_accept_literal (WtImapInput *self);
void wt_imap_input_drop (WtImapInput *self);
gsize wt_imap_input_buffered (const WtImapInput *self); /* not yet part of what next() gave */
void wt_imap_input_clear (WtImapInput *self);           /* forgets everything (STARTTLS) */
void wt_imap_input_free (WtImapInput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtImapInput, wt_imap_input_free)
