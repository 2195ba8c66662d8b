/* Cuts the two streams of a conversation into messages, as a capture has them.
 *
 * Whether a response has more lines than one follows from the command that it answers; what the client's next line is,
 * from the response to its last. */
#include "protocols/pop3/pop3-dissect-private.h"

#include "protocols/base/stream-cutter.h"
#include "protocols/pop3/pop3-types.h"

#include <string.h>

#define LINE_KEPT 4096    /* longer lines are cut to this for a look at them; the span is right all the same */

typedef struct
{
  guint32 exchange;
  guint8 context; /* of a response that succeeds */
  gboolean auth, stls;
} Waiting;

typedef struct
{
  WtStreamCutter base; /* its waiting: element-type Waiting */
  guint32 exchange;
  guint8 context;  /* of the response at hand, behind its first line; WT_CONTEXT_REPLY: between responses */
  gboolean auth;   /* the client's next line answers a challenge */
} Stream;

static gboolean
line_is (const WtLine *line, const char *verb)
{
  return wt_line_begins (line->bytes, line->n_bytes, verb);
}

static gboolean
read_client (WtStreamCutter *base)
{
  Stream *self = (Stream *) base;
  WtLine line;
  if (!wt_stream_cutter_line (base, WT_TO_SERVER, &line))
    return FALSE;
  Waiting *waiting = g_new (Waiting, 1);
  *waiting =
      (Waiting){ ++self->exchange, self->auth ? WT_CONTEXT_REPLY : wt_pop3_response_context (line.bytes, line.n_bytes),
                 self->auth || line_is (&line, "AUTH"), !self->auth && line_is (&line, "STLS") };
  wt_stream_cutter_emit (base, WT_TO_SERVER, self->auth ? WT_POP3_CONTEXT_AUTH : WT_CONTEXT_PLAIN, self->exchange);
  self->auth = FALSE;
  wt_stream_cutter_expect (base, waiting);
  return TRUE;
}

/* A whole response. */
static void
take_response (Stream *self, gboolean ok, gboolean challenge, guint8 context)
{
  g_autofree Waiting *waiting = g_queue_pop_head (&self->base.waiting);
  wt_stream_cutter_emit_final (&self->base, context, waiting ? waiting->exchange : 0);
  self->auth = waiting && waiting->auth && challenge;
  self->base.opaque = waiting && waiting->stls && ok;
}

static gboolean
read_server (WtStreamCutter *base)
{
  Stream *self = (Stream *) base;
  WtLine line;
  if (!wt_stream_cutter_line (base, WT_TO_CLIENT, &line))
    return FALSE;
  const Waiting *waiting = g_queue_peek_head (&self->base.waiting);
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

gpointer
wt_pop3_stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new0 (Stream, 1);
  self->context = WT_CONTEXT_REPLY;
  wt_stream_cutter_init (&self->base, LINE_KEPT, read_client, read_server, func, user_data);
  return self;
}

WtStreamTls
wt_pop3_stream_tls (gpointer stream)
{
  const Stream *self = stream;
  const Waiting *last = g_queue_peek_tail ((GQueue *) &self->base.waiting);
  return self->base.opaque ? WT_STREAM_TLS_BEGUN : last && last->stls ? WT_STREAM_TLS_ASKED : WT_STREAM_TLS_NONE;
}

void
wt_pop3_stream_free (gpointer stream)
{
  Stream *self = stream;
  wt_stream_cutter_clear (&self->base);
  g_free (self);
}

void
wt_pop3_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  wt_stream_cutter_feed (&self->base, direction, bytes, n_bytes);
}

void
wt_pop3_stream_end (gpointer stream)
{
  Stream *self = stream;
  wt_stream_cutter_end (&self->base);
  const Waiting *waiting = g_queue_peek_head (&self->base.waiting);
  guint8 context = self->auth ? WT_POP3_CONTEXT_AUTH : WT_CONTEXT_PLAIN;
  wt_stream_cutter_emit (&self->base, WT_TO_SERVER, self->base.opaque ? WT_POP3_CONTEXT_TLS : context,
                         self->exchange + 1);
  wt_stream_cutter_emit (&self->base, WT_TO_CLIENT, self->base.opaque ? WT_POP3_CONTEXT_TLS : self->context,
                         waiting ? waiting->exchange : 0);
}
