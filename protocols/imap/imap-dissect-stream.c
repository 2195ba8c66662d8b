/* Cuts the two streams of a conversation into messages, as a capture has them.
 *
 * A line that ends with {12} goes on with a literal. The client's {12} waits for the server: what it sends next is the
 * literal only if "+" comes, a new command otherwise. So its bytes wait here too, as after AUTHENTICATE, IDLE,
 * STARTTLS. */
#include "protocols/imap/imap-dissect-private.h"

#include "protocols/base/line-reader.h"
#include "protocols/imap/imap-input.h"

#include <string.h>

#define LINE_KEPT (1024 * 1024) /* of longer lines the end is not seen, so that a literal there is not either */
#define TAG_KEPT 64
#define WAITING_MAX 10000 /* commands without their response; the oldest are forgotten */

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
  WtMessageSpanFunc func;
  gpointer user_data;
  WtLineReader *readers[2]; /* by WtDirection */
  gsize start[2];           /* where the message at hand begins */
  gsize at[2];              /* up to where that direction was read */
  guint64 literal[2];       /* bytes of a literal that are to come */
  gboolean within[2];       /* a command or response has begun */
  GQueue waiting;           /* (element-type Waiting) commands that have no tagged response */
  guint32 exchange;         /* of the client's last command */
  guint8 context;           /* of what the client sends next */
  Hold hold, after;         /* `after`: when the command at hand is whole */
  guint64 announced;        /* HOLD_LITERAL */
  gboolean opaque;          /* TLS has begun */
} Stream;

gpointer
wt_imap_stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new0 (Stream, 1);
  self->func = func;
  self->user_data = user_data;
  self->context = WT_CONTEXT_PLAIN;
  for (guint i = 0; i < 2; i++)
    self->readers[i] = wt_line_reader_new (LINE_KEPT);
  g_queue_init (&self->waiting);
  return self;
}

void
wt_imap_stream_free (gpointer stream)
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
take_literal (Stream *self, WtDirection direction)
{
  const guint8 *bytes;
  gsize n = wt_line_reader_take_raw (self->readers[direction], MIN (self->literal[direction], G_MAXSIZE), &bytes);
  self->literal[direction] -= n;
  self->at[direction] += n;
}

static gboolean
read_line (Stream *self, WtDirection direction, WtLine *line)
{
  if (self->literal[direction] > 0)
    take_literal (self, direction);
  if (self->literal[direction] > 0 || wt_line_reader_next (self->readers[direction], line) == WT_LINE_NONE)
    return FALSE;
  self->at[direction] += line->wire_bytes;
  return TRUE;
}

static gboolean
word_is (const guint8 *bytes, gsize n_bytes, const char *word)
{
  gsize length = strlen (word);
  return n_bytes >= length && g_ascii_strncasecmp ((const char *)bytes, word, length) == 0
         && (n_bytes == length || bytes[length] == ' ');
}

/* Up to the first space; n_bytes where there is none. */
static gsize
tag_length (const WtLine *line)
{
  const guint8 *space = line->n_bytes > 0 ? memchr (line->bytes, ' ', line->n_bytes) : NULL;
  return space ? (gsize)(space - line->bytes) : line->n_bytes;
}

/* --- the client -----------------------------------------------------------------------------------------------------
 */

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
    if (word_is (line->bytes + tag + 1, line->n_bytes - tag - 1, holds[i].verb))
      self->after = holds[i].hold;
  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->exchange = self->exchange;
  memcpy (waiting->tag, line->bytes, tag);
  g_queue_push_tail (&self->waiting, waiting);
  if (g_queue_get_length (&self->waiting) > WAITING_MAX)
    g_free (g_queue_pop_head (&self->waiting));
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
  emit (self, WT_TO_SERVER, self->context, self->exchange);
  self->context = WT_CONTEXT_PLAIN;
  self->within[WT_TO_SERVER] = more;
  self->hold = more ? HOLD_LITERAL : self->after;
  self->announced = more ? size : 0;
}

static gboolean
read_client (Stream *self)
{
  WtLine line;
  if (self->opaque || self->hold != HOLD_NONE || !read_line (self, WT_TO_SERVER, &line))
    return FALSE;
  if (self->context == WT_IMAP_CONTEXT_AUTH || self->context == WT_IMAP_CONTEXT_DONE)
    {
      emit (self, WT_TO_SERVER, self->context, self->exchange);
      self->hold = self->context == WT_IMAP_CONTEXT_AUTH ? HOLD_AUTH : HOLD_NONE;
      self->context = WT_CONTEXT_PLAIN;
    }
  else
    read_command_line (self, &line);
  return TRUE;
}

/* --- the server -----------------------------------------------------------------------------------------------------
 */

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
  self->opaque = self->hold == HOLD_TLS && ok;
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
  const Waiting *waiting = g_queue_peek_head ((GQueue *)&self->waiting);
  return waiting ? waiting->exchange : self->exchange;
}

static GList *
find_waiting (Stream *self, const guint8 *tag, gsize n_tag)
{
  for (GList *link = self->waiting.head; link; link = link->next)
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
  emit (self, WT_TO_CLIENT, WT_CONTEXT_REPLY, exchange);
  if (waiting && exchange == self->exchange)
    end_command (self, word_is (line->bytes + rest, line->n_bytes - rest, "OK"));
  if (link)
    {
      g_free (link->data);
      g_queue_delete_link (&self->waiting, link);
    }
}

static gboolean
read_server (Stream *self)
{
  WtLine line;
  guint64 size;
  gboolean waits;
  if (self->opaque || !read_line (self, WT_TO_CLIENT, &line))
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
    emit (self, WT_TO_CLIENT, WT_CONTEXT_REPLY, present_exchange (self));
  else if (go_on)
    {
      emit (self, WT_TO_CLIENT, WT_CONTEXT_REPLY, self->exchange);
      take_continue (self);
    }
  else
    take_tagged (self, &line, tag);
  return TRUE;
}

/* --- both -----------------------------------------------------------------------------------------------------------
 */

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
wt_imap_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  wt_line_reader_feed (self->readers[direction], bytes, n_bytes);
  while (direction == WT_TO_SERVER ? read_client (self) : read_server (self))
    ;
  while (read_client (self))
    ;
  skip_opaque (self);
}

void
wt_imap_stream_end (gpointer stream)
{
  Stream *self = stream;
  for (guint i = 0; i < 2; i++)
    self->at[i] += wt_line_reader_unfinished (self->readers[i]);
  guint32 exchange =
      self->within[WT_TO_SERVER] || self->context != WT_CONTEXT_PLAIN ? self->exchange : self->exchange + 1;
  guint32 answered = present_exchange (self);
  emit (self, WT_TO_SERVER, self->opaque ? WT_IMAP_CONTEXT_TLS : self->context, exchange);
  emit (self, WT_TO_CLIENT, self->opaque ? WT_IMAP_CONTEXT_TLS : WT_CONTEXT_REPLY, answered);
}
