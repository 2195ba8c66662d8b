/* Cuts the two streams of a conversation into messages, as a capture has them.
 *
 * Whether a response has more lines than one follows from the command that it answers; what the client's next line is,
 * from the response to its last. */
#include "protocols/pop3/pop3-dissect-private.h"

#include "protocols/base/line-reader.h"
#include "protocols/pop3/pop3-types.h"

#include <string.h>

#define LINE_KEPT 4096    /* longer lines are cut to this for a look at them; the span is right all the same */
#define WAITING_MAX 10000 /* commands without response; the oldest are forgotten */

typedef struct
{
  guint32 exchange;
  guint8 context; /* of a response that succeeds */
  gboolean auth, stls;
} Waiting;

typedef struct
{
  WtMessageSpanFunc func;
  gpointer user_data;
  WtLineReader *readers[2]; /* by WtDirection */
  gsize start[2];           /* where the message at hand begins */
  gsize at[2];              /* up to where that direction was read */
  GQueue waiting;           /* (element-type Waiting) commands that have no response */
  guint32 exchange;
  guint8 context;  /* of the response at hand, behind its first line; WT_CONTEXT_REPLY: between responses */
  gboolean auth;   /* the client's next line answers a challenge */
  gboolean opaque; /* TLS has begun */
} Stream;

gpointer
wt_pop3_stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new0 (Stream, 1);
  self->func = func;
  self->user_data = user_data;
  self->context = WT_CONTEXT_REPLY;
  for (guint i = 0; i < 2; i++)
    self->readers[i] = wt_line_reader_new (LINE_KEPT);
  g_queue_init (&self->waiting);
  return self;
}

void
wt_pop3_stream_free (gpointer stream)
{
  Stream *self = stream;
  for (guint i = 0; i < 2; i++)
    wt_line_reader_free (self->readers[i]);
  g_queue_clear_full (&self->waiting, g_free);
  g_free (self);
}

/* Gives what was read since the last message. */
static void
emit (Stream *self, WtDirection direction, guint8 context, guint32 exchange)
{
  WtMessageSpan span = { direction, context, exchange, self->start[direction], self->at[direction] };
  self->start[direction] = self->at[direction];
  if (span.end > span.start)
    self->func (&span, self->user_data);
}

static gboolean
line_is (const WtLine *line, const char *verb)
{
  gsize length = strlen (verb);
  return line->n_bytes >= length && g_ascii_strncasecmp ((const char *) line->bytes, verb, length) == 0
         && (line->n_bytes == length || line->bytes[length] == ' ');
}

static gboolean
read_client (Stream *self)
{
  WtLine line;
  if (self->opaque || wt_line_reader_next (self->readers[WT_TO_SERVER], &line) == WT_LINE_NONE)
    return FALSE;
  Waiting *waiting = g_new (Waiting, 1);
  *waiting =
      (Waiting){ ++self->exchange, self->auth ? WT_CONTEXT_REPLY : wt_pop3_response_context (line.bytes, line.n_bytes),
                 self->auth || line_is (&line, "AUTH"), !self->auth && line_is (&line, "STLS") };
  self->at[WT_TO_SERVER] += line.wire_bytes;
  emit (self, WT_TO_SERVER, self->auth ? WT_POP3_CONTEXT_AUTH : WT_CONTEXT_PLAIN, self->exchange);
  self->auth = FALSE;
  g_queue_push_tail (&self->waiting, waiting);
  if (g_queue_get_length (&self->waiting) > WAITING_MAX)
    g_free (g_queue_pop_head (&self->waiting));
  return TRUE;
}

/* A whole response. */
static void
take_response (Stream *self, gboolean ok, gboolean challenge, guint8 context)
{
  g_autofree Waiting *waiting = g_queue_pop_head (&self->waiting);
  emit (self, WT_TO_CLIENT, context, waiting ? waiting->exchange : 0);
  self->auth = waiting && waiting->auth && challenge;
  self->opaque = waiting && waiting->stls && ok;
}

static gboolean
read_server (Stream *self)
{
  WtLine line;
  if (self->opaque || wt_line_reader_next (self->readers[WT_TO_CLIENT], &line) == WT_LINE_NONE)
    return FALSE;
  self->at[WT_TO_CLIENT] += line.wire_bytes;
  const Waiting *waiting = g_queue_peek_head (&self->waiting);
  gboolean ok = line_is (&line, "+OK");
  if (self->context != WT_CONTEXT_REPLY)
    {
      guint8 context = self->context;
      if (line.n_bytes != 1 || line.bytes[0] != '.')
        return TRUE;
      self->context = WT_CONTEXT_REPLY;
      take_response (self, TRUE, FALSE, context);
    }
  else if (ok && waiting && waiting->context != WT_CONTEXT_REPLY)
    self->context = waiting->context;
  else
    take_response (self, ok, line_is (&line, "+"), WT_CONTEXT_REPLY);
  return TRUE;
}

static void
skip_opaque (Stream *self)
{
  for (guint i = 0; self->opaque && i < 2; i++)
    {
      const guint8 *bytes;
      self->at[i] += wt_line_reader_take_raw (self->readers[i], G_MAXSIZE, &bytes);
    }
}

void
wt_pop3_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  wt_line_reader_feed (self->readers[direction], bytes, n_bytes);
  while (direction == WT_TO_SERVER ? read_client (self) : read_server (self))
    ;
  skip_opaque (self);
}

void
wt_pop3_stream_end (gpointer stream)
{
  Stream *self = stream;
  for (guint i = 0; i < 2; i++)
    self->at[i] += wt_line_reader_unfinished (self->readers[i]);
  const Waiting *waiting = g_queue_peek_head (&self->waiting);
  emit (self, WT_TO_SERVER,
        self->opaque ? WT_POP3_CONTEXT_TLS
        : self->auth ? WT_POP3_CONTEXT_AUTH
                     : WT_CONTEXT_PLAIN,
        self->exchange + 1);
  emit (self, WT_TO_CLIENT, self->opaque ? WT_POP3_CONTEXT_TLS : self->context, waiting ? waiting->exchange : 0);
}
