/* Cuts the two streams of a line-based conversation into messages, as a capture has them: what the stream dissectors of
 * SMTP, POP3 and IMAP share. Theirs is where a message ends, and what the other side's next bytes are. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/base/line-reader.h"

#define WT_STREAM_WAITING_MAX 10000 /* commands without reply; the oldest are forgotten */

typedef struct _WtStreamCutter WtStreamCutter;
/* Reads one line or piece of bulk. FALSE: there is none, or it must wait for the other side. */
typedef gboolean (*WtStreamReadFunc) (WtStreamCutter *self);

/* A protocol's stream begins with it. */
struct _WtStreamCutter
{
  WtMessageSpanFunc func;
  gpointer user_data;
  WtStreamReadFunc read[2]; /* by WtDirection, as all that follows */
  WtLineReader *readers[2];
  gsize start[2]; /* where the message at hand begins */
  gsize at[2];    /* up to where that direction was read */
  GQueue waiting; /* commands that have no reply, of the protocol's own type, freed with g_free() */
  gboolean opaque; /* TLS has begun: nothing is read any more */
};

/* `line_kept`: longer lines are cut to this for a look at them; their spans are right all the same. */
void wt_stream_cutter_init (WtStreamCutter *self, gsize line_kept, WtStreamReadFunc read_client,
                            WtStreamReadFunc read_server, WtMessageSpanFunc func, gpointer user_data);
void wt_stream_cutter_feed (WtStreamCutter *self, WtDirection direction, const guint8 *bytes, gsize n_bytes);
void wt_stream_cutter_end (WtStreamCutter *self); /* what is incomplete counts as read */
void wt_stream_cutter_clear (WtStreamCutter *self);

/* FALSE: no whole line. */
gboolean wt_stream_cutter_line (WtStreamCutter *self, WtDirection direction, WtLine *line);
/* Reads up to `max` bytes that are not lines. */
gsize wt_stream_cutter_skip (WtStreamCutter *self, WtDirection direction, guint64 max);
/* Gives what was read since the last message, if anything was. */
void wt_stream_cutter_emit (WtStreamCutter *self, WtDirection direction, guint8 context, guint32 exchange);
/* The server's last reply to a command. */
void wt_stream_cutter_emit_final (WtStreamCutter *self, guint8 context, guint32 exchange);
/* One more command waits for its reply. (transfer full) */
void wt_stream_cutter_expect (WtStreamCutter *self, gpointer waiting);

/* Does it begin with the word, whatever the case, and is that all or does a space follow? */
gboolean wt_line_begins (const guint8 *bytes, gsize n_bytes, const char *word);
