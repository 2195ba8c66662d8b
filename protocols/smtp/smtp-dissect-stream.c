/* Cuts the two streams of a conversation into messages, as a capture has them.
 *
 * What the client's next bytes are follows from its last command and the reply to it: 354 to DATA makes them a mail.
 * Where only the client's side is there, DATA is taken as accepted. */
#include "protocols/smtp/smtp-dissect-private.h"

#include "protocols/base/dot-text.h"
#include "protocols/base/line-reader.h"
#include "protocols/smtp/smtp-params.h"
#include "protocols/smtp/smtp-reply.h"
#include "protocols/smtp/smtp-types.h"

#include <string.h>

#define LINE_KEPT (64 * 1024) /* longer lines are cut to this for a look at their verb; the span is right all the same */
#define WAITING_MAX 10000    /* commands without reply; the oldest are forgotten */

typedef enum { AFTER_OTHER, AFTER_DATA, AFTER_AUTH, AFTER_STARTTLS } After;

typedef struct {
  guint32 exchange;
  After after;
} Waiting;

typedef enum { CLIENT_COMMAND, CLIENT_AFTER_DATA, CLIENT_CONTENT, CLIENT_CHUNK, CLIENT_AUTH, CLIENT_TLS } ClientMode;

typedef struct {
  WtMessageSpanFunc func;
  gpointer user_data;
  WtLineReader *readers[2]; /* by WtDirection */
  gsize start[2];           /* where the message at hand begins */
  gsize at[2];              /* up to where that direction was read */
  GQueue waiting;           /* (element-type Waiting) commands that have no reply */
  guint32 exchange;
  ClientMode mode;
  WtDotTextScan scan;
  guint64 chunk_left;
  gboolean opaque; /* TLS has begun */
} Stream;

gpointer
wt_smtp_stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new0 (Stream, 1);
  self->func = func;
  self->user_data = user_data;
  for (guint i = 0; i < 2; i++)
    self->readers[i] = wt_line_reader_new (LINE_KEPT);
  g_queue_init (&self->waiting);
  return self;
}

void
wt_smtp_stream_free (gpointer stream)
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

static void
expect_reply (Stream *self, After after)
{
  Waiting *waiting = g_new (Waiting, 1);
  *waiting = (Waiting){ self->exchange, after };
  g_queue_push_tail (&self->waiting, waiting);
  if (g_queue_get_length (&self->waiting) > WAITING_MAX)
    g_free (g_queue_pop_head (&self->waiting));
}

/* --- the client --------------------------------------------------------------------------------------------------- */

static gboolean
line_is (const WtLine *line, const char *verb)
{
  gsize length = strlen (verb);
  return line->n_bytes >= length && g_ascii_strncasecmp ((const char *) line->bytes, verb, length) == 0
         && (line->n_bytes == length || line->bytes[length] == ' ');
}

static gboolean
begin_chunk (Stream *self, const WtLine *line)
{
  gsize start = strlen ("BDAT "), end = start;
  while (end < line->n_bytes && line->bytes[end] != ' ')
    end++;
  return line->n_bytes > start && wt_smtp_number_parse (line->bytes + start, end - start, &self->chunk_left);
}

static void
take_command (Stream *self, const WtLine *line)
{
  After after = AFTER_OTHER;
  self->exchange++;
  emit (self, WT_TO_SERVER, WT_CONTEXT_PLAIN, self->exchange);
  if (line_is (line, "DATA"))
    {
      after = AFTER_DATA;
      self->mode = CLIENT_AFTER_DATA;
    }
  else if (line_is (line, "BDAT") && begin_chunk (self, line))
    self->mode = self->chunk_left > 0 ? CLIENT_CHUNK : CLIENT_COMMAND;
  else if (line_is (line, "AUTH"))
    after = AFTER_AUTH;
  else if (line_is (line, "STARTTLS"))
    after = AFTER_STARTTLS;
  expect_reply (self, after);
}

static gboolean
read_client_line (Stream *self)
{
  WtLine line;
  if (wt_line_reader_next (self->readers[WT_TO_SERVER], &line) == WT_LINE_NONE)
    return FALSE;
  self->at[WT_TO_SERVER] += line.wire_bytes;
  if (self->mode == CLIENT_AUTH)
    {
      emit (self, WT_TO_SERVER, WT_SMTP_CONTEXT_AUTH, self->exchange);
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
  gsize n_bytes = wt_line_reader_peek (self->readers[WT_TO_SERVER], &bytes);
  if (n_bytes == 0)
    return FALSE;
  if (self->mode == CLIENT_AFTER_DATA)
    {
      self->mode = CLIENT_CONTENT;
      self->scan = (WtDotTextScan){ 0 };
      self->exchange++;
    }
  gsize taken = wt_dot_text_scan (&self->scan, bytes, n_bytes);
  wt_line_reader_take_raw (self->readers[WT_TO_SERVER], taken, &bytes);
  self->at[WT_TO_SERVER] += taken;
  if (!self->scan.ended)
    return TRUE;
  emit (self, WT_TO_SERVER, WT_CONTEXT_CONTENT, self->exchange);
  expect_reply (self, AFTER_OTHER);
  self->mode = CLIENT_COMMAND;
  return TRUE;
}

static gboolean
read_chunk (Stream *self)
{
  const guint8 *bytes;
  gsize taken = wt_line_reader_take_raw (self->readers[WT_TO_SERVER], MIN (self->chunk_left, G_MAXSIZE), &bytes);
  self->at[WT_TO_SERVER] += taken;
  self->chunk_left -= taken;
  if (self->chunk_left == 0)
    {
      emit (self, WT_TO_SERVER, WT_SMTP_CONTEXT_CHUNK, self->exchange);
      self->mode = CLIENT_COMMAND;
    }
  return taken > 0;
}

static gboolean
read_client (Stream *self)
{
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

/* A whole reply: what does it make of the client's next bytes? */
static void
take_reply (Stream *self, guint code)
{
  g_autofree Waiting *waiting = g_queue_pop_head (&self->waiting);
  emit (self, WT_TO_CLIENT, WT_CONTEXT_REPLY, waiting ? waiting->exchange : 0);
  if (waiting == NULL)
    return;
  if (waiting->after == AFTER_DATA && code != 354 && self->mode == CLIENT_AFTER_DATA)
    self->mode = CLIENT_COMMAND;
  else if (waiting->after == AFTER_AUTH && code == 334)
    self->mode = CLIENT_AUTH;
  else if (waiting->after == AFTER_STARTTLS && code == 220)
    {
      self->mode = CLIENT_TLS;
      self->opaque = TRUE;
    }
}

static gboolean
read_server (Stream *self)
{
  WtLine line;
  WtSmtpReplyLine reply;
  if (self->opaque || wt_line_reader_next (self->readers[WT_TO_CLIENT], &line) == WT_LINE_NONE)
    return FALSE;
  self->at[WT_TO_CLIENT] += line.wire_bytes;
  if (!wt_smtp_reply_line_parse (line.bytes, line.n_bytes, &reply))
    take_reply (self, 0);
  else if (reply.last)
    take_reply (self, reply.code);
  return TRUE;
}

/* --- both --------------------------------------------------------------------------------------------------------- */

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
wt_smtp_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  wt_line_reader_feed (self->readers[direction], bytes, n_bytes);
  while (direction == WT_TO_SERVER ? read_client (self) : read_server (self))
    ;
  skip_opaque (self);
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
  for (guint i = 0; i < 2; i++)
    self->at[i] += wt_line_reader_unfinished (self->readers[i]);
  const Waiting *waiting = g_queue_peek_head (&self->waiting);
  emit (self, WT_TO_SERVER, self->opaque ? WT_SMTP_CONTEXT_TLS : unfinished_context (self), self->exchange + 1);
  emit (self, WT_TO_CLIENT, self->opaque ? WT_SMTP_CONTEXT_TLS : WT_CONTEXT_REPLY, waiting ? waiting->exchange : 0);
}
