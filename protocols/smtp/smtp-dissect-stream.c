/* Cuts the two streams of a conversation into messages, as a capture has them. LHLO makes it one in LMTP, whose server answers
 * a mail once for each recipient that it took (RFC 2033 4.2).
 *
 * What the client's next bytes are follows from its last command and the reply to it: 354 to DATA makes them a mail.
 * Where only the client's side is there, DATA is taken as accepted. */
#include "protocols/smtp/smtp-dissect-private.h"

#include "protocols/base/dot-text.h"
#include "protocols/base/stream-cutter.h"
#include "protocols/smtp/smtp-params.h"
#include "protocols/smtp/smtp-reply.h"
#include "protocols/smtp/smtp-types.h"

#include <string.h>

#define LINE_KEPT (64 * 1024) /* longer lines are cut to this for a look at their verb; the span is right all the same */

typedef enum {
  AFTER_OTHER,
  AFTER_DATA,
  AFTER_AUTH,
  AFTER_STARTTLS,
  AFTER_MAIL,
  AFTER_RCPT,
  AFTER_CONTENT,
} After;

typedef struct {
  guint32 exchange;
  After after;
} Waiting;

typedef enum { CLIENT_COMMAND, CLIENT_AFTER_DATA, CLIENT_CONTENT, CLIENT_CHUNK, CLIENT_AUTH, CLIENT_TLS } ClientMode;

typedef struct {
  WtStreamCutter base; /* its waiting: element-type Waiting */
  guint32 exchange;
  ClientMode mode;
  WtDotTextScan scan;
  guint64 chunk_left;
  gboolean lmtp;
  guint n_accepted;  /* LMTP: recipients, as far as the server's side was read */
  guint n_results;   /* LMTP: replies to the mail that were read */
  gboolean last_chunk;
} Stream;

static void
expect_reply (Stream *self, After after)
{
  Waiting *waiting = g_new (Waiting, 1);
  *waiting = (Waiting){ self->exchange, after };
  wt_stream_cutter_expect (&self->base, waiting);
}

/* --- the client --------------------------------------------------------------------------------------------------- */

static gboolean
line_is (const WtLine *line, const char *verb)
{
  return wt_line_begins (line->bytes, line->n_bytes, verb);
}

static gboolean
begin_chunk (Stream *self, const WtLine *line)
{
  gsize start = strlen ("BDAT "), end = start;
  while (end < line->n_bytes && line->bytes[end] != ' ')
    end++;
  self->last_chunk = end < line->n_bytes;
  return line->n_bytes > start && wt_smtp_number_parse (line->bytes + start, end - start, &self->chunk_left);
}

static void
take_command (Stream *self, const WtLine *line)
{
  static const struct {
    const char *verb;
    After after;
  } verbs[] = {
    { "AUTH", AFTER_AUTH }, { "STARTTLS", AFTER_STARTTLS }, { "MAIL", AFTER_MAIL }, { "RCPT", AFTER_RCPT },
  };
  After after = AFTER_OTHER;
  self->exchange++;
  wt_stream_cutter_emit (&self->base, WT_TO_SERVER, WT_CONTEXT_PLAIN, self->exchange);
  if (line_is (line, "DATA"))
    {
      after = AFTER_DATA;
      self->mode = CLIENT_AFTER_DATA;
    }
  else if (line_is (line, "BDAT") && begin_chunk (self, line))
    {
      self->mode = self->chunk_left > 0 ? CLIENT_CHUNK : CLIENT_COMMAND;
      after = self->last_chunk ? AFTER_CONTENT : AFTER_OTHER;
    }
  else
    for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
      after = line_is (line, verbs[i].verb) ? verbs[i].after : after;
  self->lmtp |= line_is (line, "LHLO");
  expect_reply (self, after);
}

static gboolean
read_client_line (Stream *self)
{
  WtLine line;
  if (!wt_stream_cutter_line (&self->base, WT_TO_SERVER, &line))
    return FALSE;
  if (self->mode == CLIENT_AUTH)
    {
      wt_stream_cutter_emit (&self->base, WT_TO_SERVER, WT_SMTP_CONTEXT_AUTH, self->exchange);
      self->mode = CLIENT_COMMAND;
      expect_reply (self, AFTER_AUTH);
    }
  else
    take_command (self, &line);
  return TRUE;
}

static gboolean
read_content (Stream *self)
{
  const guint8 *bytes;
  gsize n_bytes = wt_line_reader_peek (self->base.readers[WT_TO_SERVER], &bytes);
  if (n_bytes == 0)
    return FALSE;
  if (self->mode == CLIENT_AFTER_DATA)
    {
      self->mode = CLIENT_CONTENT;
      self->scan = (WtDotTextScan){ 0 };
      self->exchange++;
    }
  gsize taken = wt_dot_text_scan (&self->scan, bytes, n_bytes);
  wt_stream_cutter_skip (&self->base, WT_TO_SERVER, taken);
  if (!self->scan.ended)
    return TRUE;
  wt_stream_cutter_emit (&self->base, WT_TO_SERVER, WT_CONTEXT_CONTENT, self->exchange);
  expect_reply (self, AFTER_CONTENT);
  self->mode = CLIENT_COMMAND;
  return TRUE;
}

static gboolean
read_chunk (Stream *self)
{
  gsize taken = wt_stream_cutter_skip (&self->base, WT_TO_SERVER, self->chunk_left);
  self->chunk_left -= taken;
  if (self->chunk_left == 0)
    {
      wt_stream_cutter_emit (&self->base, WT_TO_SERVER, WT_SMTP_CONTEXT_CHUNK, self->exchange);
      self->mode = CLIENT_COMMAND;
    }
  return taken > 0;
}

static gboolean
read_client (WtStreamCutter *base)
{
  Stream *self = (Stream *) base;
  switch (self->mode)
    {
    case CLIENT_AFTER_DATA:
    case CLIENT_CONTENT:
      return read_content (self);
    case CLIENT_CHUNK:
      return read_chunk (self);
    case CLIENT_TLS:
      return FALSE;
    case CLIENT_COMMAND:
    case CLIENT_AUTH:
    default:
      return read_client_line (self);
    }
}

/* --- the server --------------------------------------------------------------------------------------------------- */

/* LMTP: more replies to the mail are to come. */
static gboolean
wants_results (Stream *self, const Waiting *waiting)
{
  if (!self->lmtp || waiting->after != AFTER_CONTENT)
    return FALSE;
  self->n_results++;
  return self->n_results < self->n_accepted;
}

static void
count_accepted (Stream *self, const Waiting *waiting, guint code)
{
  if (waiting->after == AFTER_MAIL)
    self->n_accepted = self->n_results = 0;
  else if (waiting->after == AFTER_RCPT)
    self->n_accepted += code / 100 == 2;
}

/* A whole reply: what does it make of the client's next bytes? */
static void
take_reply (Stream *self, guint code)
{
  g_autofree Waiting *waiting = g_queue_pop_head (&self->base.waiting);
  wt_stream_cutter_emit_final (&self->base, WT_CONTEXT_REPLY, waiting ? waiting->exchange : 0);
  if (waiting == NULL)
    return;
  if (wants_results (self, waiting))
    {
      g_queue_push_head (&self->base.waiting, g_steal_pointer (&waiting));
      return;
    }
  count_accepted (self, waiting, code);
  if (waiting->after == AFTER_DATA && code != 354 && self->mode == CLIENT_AFTER_DATA)
    self->mode = CLIENT_COMMAND;
  else if (waiting->after == AFTER_AUTH && code == 334)
    self->mode = CLIENT_AUTH;
  else if (waiting->after == AFTER_STARTTLS && code == 220)
    {
      self->mode = CLIENT_TLS;
      self->base.opaque = TRUE;
    }
}

static gboolean
read_server (WtStreamCutter *base)
{
  Stream *self = (Stream *) base;
  WtLine line;
  WtSmtpReplyLine reply;
  if (!wt_stream_cutter_line (base, WT_TO_CLIENT, &line))
    return FALSE;
  if (!wt_smtp_reply_line_parse (line.bytes, line.n_bytes, &reply))
    take_reply (self, 0);
  else if (reply.last)
    take_reply (self, reply.code);
  return TRUE;
}

/* --- both --------------------------------------------------------------------------------------------------------- */

gpointer
wt_smtp_stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new0 (Stream, 1);
  wt_stream_cutter_init (&self->base, LINE_KEPT, read_client, read_server, func, user_data);
  return self;
}

WtStreamTls
wt_smtp_stream_tls (gpointer stream)
{
  const Stream *self = stream;
  const Waiting *last = g_queue_peek_tail ((GQueue *) &self->base.waiting);
  gboolean asked = last && last->after == AFTER_STARTTLS;
  return self->base.opaque ? WT_STREAM_TLS_BEGUN : asked ? WT_STREAM_TLS_ASKED : WT_STREAM_TLS_NONE;
}

void
wt_smtp_stream_free (gpointer stream)
{
  Stream *self = stream;
  wt_stream_cutter_clear (&self->base);
  g_free (self);
}

void
wt_smtp_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  wt_stream_cutter_feed (&self->base, direction, bytes, n_bytes);
}

static guint8
unfinished_context (const Stream *self)
{
  switch (self->mode)
    {
    case CLIENT_CONTENT:
      return WT_CONTEXT_CONTENT;
    case CLIENT_CHUNK:
      return WT_SMTP_CONTEXT_CHUNK;
    case CLIENT_AUTH:
      return WT_SMTP_CONTEXT_AUTH;
    case CLIENT_COMMAND:
    case CLIENT_AFTER_DATA:
    case CLIENT_TLS:
    default:
      return WT_CONTEXT_PLAIN;
    }
}

void
wt_smtp_stream_end (gpointer stream)
{
  Stream *self = stream;
  wt_stream_cutter_end (&self->base);
  const Waiting *waiting = g_queue_peek_head (&self->base.waiting);
  wt_stream_cutter_emit (&self->base, WT_TO_SERVER, self->base.opaque ? WT_SMTP_CONTEXT_TLS : unfinished_context (self),
                         self->exchange + 1);
  wt_stream_cutter_emit (&self->base, WT_TO_CLIENT, self->base.opaque ? WT_SMTP_CONTEXT_TLS : WT_CONTEXT_REPLY,
                         waiting ? waiting->exchange : 0);
}
