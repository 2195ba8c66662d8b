/* Cuts the two streams of a conversation into messages, as a capture has them.
 *
 * A line that ends with {12} goes on with a literal. The client's {12} waits for the server: what it sends next is the
 * literal only if "+" comes, a new command otherwise. So its bytes wait here too, as after AUTHENTICATE, IDLE,
 * STARTTLS. */
#include "protocols/imap/imap-dissect-private.h"

#include "protocols/base/stream-cutter.h"
#include "protocols/imap/imap-input.h"

#include <string.h>

#define LINE_KEPT (1024 * 1024) /* of longer lines the end is not seen, so that a literal there is not either */
#define TAG_KEPT 64
#define HOLD_MAX (1024 * 1024) /* bytes of a client that should wait and does not; then they are cut as commands */

typedef struct
{
  guint32 exchange;
  char tag[TAG_KEPT + 1];
} Waiting;

/* Why the client's bytes wait for a response. */
typedef enum
{
  HOLD_NONE,
  HOLD_LITERAL,
  HOLD_AUTH,
  HOLD_IDLE,
  HOLD_TLS,
} Hold;

typedef struct
{
  WtStreamCutter base;      /* its waiting: element-type Waiting, commands that have no tagged response */
  guint64 literal[2];       /* bytes of a literal that are to come */
  gboolean within[2];       /* a command or response has begun */
  guint32 exchange;         /* of the client's last command */
  guint8 context;           /* of what the client sends next */
  Hold hold, after;         /* `after`: when the command at hand is whole */
  guint64 announced;        /* HOLD_LITERAL */
} Stream;

static void
take_literal (Stream *self, WtDirection direction)
{
  self->literal[direction] -= wt_stream_cutter_skip (&self->base, direction, self->literal[direction]);
}

static gboolean
read_line (Stream *self, WtDirection direction, WtLine *line)
{
  if (self->literal[direction] > 0)
    take_literal (self, direction);
  return self->literal[direction] == 0 && wt_stream_cutter_line (&self->base, direction, line);
}

/* Up to the first space; n_bytes where there is none. */
static gsize
tag_length (const WtLine *line)
{
  const guint8 *space = line->n_bytes > 0 ? memchr (line->bytes, ' ', line->n_bytes) : NULL;
  return space ? (gsize)(space - line->bytes) : line->n_bytes;
}

/* --- the client --------------------------------------------------------------------------------------------------- */

static void
begin_command (Stream *self, const WtLine *line)
{
  static const struct
  {
    const char *verb;
    Hold hold;
  } holds[] = { { "AUTHENTICATE", HOLD_AUTH }, { "IDLE", HOLD_IDLE }, { "STARTTLS", HOLD_TLS } };
  gsize tag = tag_length (line);
  self->exchange++;
  self->after = HOLD_NONE;
  self->within[WT_TO_SERVER] = TRUE;
  if (tag == 0 || tag == line->n_bytes || tag > TAG_KEPT)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (holds); i++)
    if (wt_line_begins (line->bytes + tag + 1, line->n_bytes - tag - 1, holds[i].verb))
      self->after = holds[i].hold;
  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->exchange = self->exchange;
  memcpy (waiting->tag, line->bytes, tag);
  wt_stream_cutter_expect (&self->base, waiting);
}

static void
read_command_line (Stream *self, const WtLine *line)
{
  guint64 size;
  gboolean waits;
  if (!self->within[WT_TO_SERVER])
    begin_command (self, line);
  gboolean more = wt_imap_input_find_literal (line->bytes, line->n_bytes, &size, &waits);
  if (more && !waits)
    {
      self->literal[WT_TO_SERVER] = size;
      return;
    }
  wt_stream_cutter_emit (&self->base, WT_TO_SERVER, self->context, self->exchange);
  self->context = WT_CONTEXT_PLAIN;
  self->within[WT_TO_SERVER] = more;
  self->hold = more ? HOLD_LITERAL : self->after;
  self->announced = more ? size : 0;
}

static gboolean
read_client (WtStreamCutter *base)
{
  Stream *self = (Stream *) base;
  WtLine line;
  if (self->hold != HOLD_NONE && wt_line_reader_buffered (self->base.readers[WT_TO_SERVER]) > HOLD_MAX)
    self->hold = HOLD_NONE;
  if (self->hold != HOLD_NONE || !read_line (self, WT_TO_SERVER, &line))
    return FALSE;
  if (self->context == WT_IMAP_CONTEXT_AUTH || self->context == WT_IMAP_CONTEXT_DONE)
    {
      wt_stream_cutter_emit (&self->base, WT_TO_SERVER, self->context, self->exchange);
      self->hold = self->context == WT_IMAP_CONTEXT_AUTH ? HOLD_AUTH : HOLD_NONE;
      self->context = WT_CONTEXT_PLAIN;
    }
  else
    read_command_line (self, &line);
  return TRUE;
}

/* --- the server --------------------------------------------------------------------------------------------------- */

/* "+": the client may go on. */
static void
take_continue (Stream *self)
{
  if (self->hold == HOLD_LITERAL)
    {
      self->literal[WT_TO_SERVER] = self->announced;
      self->context = WT_IMAP_CONTEXT_CONTINUED;
    }
  else if (self->hold == HOLD_AUTH)
    self->context = WT_IMAP_CONTEXT_AUTH;
  else if (self->hold == HOLD_IDLE)
    self->context = WT_IMAP_CONTEXT_DONE;
  if (self->hold != HOLD_TLS)
    self->hold = HOLD_NONE;
}

/* The command is done, so whatever the client waited for does not come. */
static void
end_command (Stream *self, gboolean ok)
{
  self->base.opaque = self->hold == HOLD_TLS && ok;
  if (self->hold != HOLD_NONE || self->context == WT_IMAP_CONTEXT_AUTH || self->context == WT_IMAP_CONTEXT_DONE)
    {
      self->context = WT_CONTEXT_PLAIN;
      self->within[WT_TO_SERVER] = FALSE;
    }
  self->hold = HOLD_NONE;
}

static guint32
present_exchange (const Stream *self)
{
  const Waiting *waiting = g_queue_peek_head ((GQueue *)&self->base.waiting);
  return waiting ? waiting->exchange : self->exchange;
}

static GList *
find_waiting (Stream *self, const guint8 *tag, gsize n_tag)
{
  for (GList *link = self->base.waiting.head; link; link = link->next)
    {
      const Waiting *waiting = link->data;
      if (strlen (waiting->tag) == n_tag && memcmp (waiting->tag, tag, n_tag) == 0)
        return link;
    }
  return NULL;
}

static void
take_tagged (Stream *self, const WtLine *line, gsize tag)
{
  GList *link = find_waiting (self, line->bytes, tag);
  const Waiting *waiting = link ? link->data : NULL;
  guint32 exchange = waiting ? waiting->exchange : present_exchange (self);
  gsize rest = MIN (tag + 1, line->n_bytes);
  wt_stream_cutter_emit_final (&self->base, WT_CONTEXT_REPLY, exchange);
  if (waiting && exchange == self->exchange)
    end_command (self, wt_line_begins (line->bytes + rest, line->n_bytes - rest, "OK"));
  if (link)
    {
      g_free (link->data);
      g_queue_delete_link (&self->base.waiting, link);
    }
}

static gboolean
read_server (WtStreamCutter *base)
{
  Stream *self = (Stream *) base;
  WtLine line;
  guint64 size;
  gboolean waits;
  if (!read_line (self, WT_TO_CLIENT, &line))
    return FALSE;
  gboolean first = !self->within[WT_TO_CLIENT];
  gsize tag = first ? tag_length (&line) : 0;
  gboolean go_on = tag == 1 && line.bytes[0] == '+', untagged = tag == 1 && line.bytes[0] == '*';
  self->within[WT_TO_CLIENT] = FALSE;
  if ((!first || !wt_imap_response_is_text (line.bytes, line.n_bytes))
      && wt_imap_input_find_literal (line.bytes, line.n_bytes, &size, &waits))
    {
      self->literal[WT_TO_CLIENT] = size;
      self->within[WT_TO_CLIENT] = TRUE;
    }
  else if (!first || untagged)
    wt_stream_cutter_emit (&self->base, WT_TO_CLIENT, WT_CONTEXT_REPLY, present_exchange (self));
  else if (go_on)
    {
      wt_stream_cutter_emit (&self->base, WT_TO_CLIENT, WT_CONTEXT_REPLY, self->exchange);
      take_continue (self);
    }
  else
    take_tagged (self, &line, tag);
  return TRUE;
}

/* --- both --------------------------------------------------------------------------------------------------------- */

gpointer
wt_imap_stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new0 (Stream, 1);
  wt_stream_cutter_init (&self->base, LINE_KEPT, read_client, read_server, func, user_data);
  return self;
}

WtStreamTls
wt_imap_stream_tls (gpointer stream)
{
  const Stream *self = stream;
  return self->base.opaque ? WT_STREAM_TLS_BEGUN : self->hold == HOLD_TLS ? WT_STREAM_TLS_ASKED : WT_STREAM_TLS_NONE;
}

void
wt_imap_stream_free (gpointer stream)
{
  Stream *self = stream;
  wt_stream_cutter_clear (&self->base);
  g_free (self);
}

void
wt_imap_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  wt_stream_cutter_feed (&self->base, direction, bytes, n_bytes);
}

void
wt_imap_stream_end (gpointer stream)
{
  Stream *self = stream;
  wt_stream_cutter_end (&self->base);
  guint32 exchange =
      self->within[WT_TO_SERVER] || self->context != WT_CONTEXT_PLAIN ? self->exchange : self->exchange + 1;
  guint32 answered = present_exchange (self);
  wt_stream_cutter_emit (&self->base, WT_TO_SERVER, self->base.opaque ? WT_IMAP_CONTEXT_TLS : self->context, exchange);
  wt_stream_cutter_emit (&self->base, WT_TO_CLIENT, self->base.opaque ? WT_IMAP_CONTEXT_TLS : WT_CONTEXT_REPLY, answered);
}
