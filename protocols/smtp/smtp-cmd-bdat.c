/* BDAT (RFC 3030 2): the mail in chunks of known size. */
#include "protocols/smtp/smtp-params.h"
#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

/* "size" or "size LAST". */
static gboolean
parse_argument (WtSmtpArgument argument, guint64 *size, gboolean *last)
{
  gsize digits = 0;

  while (digits < argument.n_bytes && argument.bytes[digits] != ' ')
    digits++;
  if (!wt_smtp_number_parse (argument.bytes, digits, size))
    return FALSE;
  while (digits < argument.n_bytes && argument.bytes[digits] == ' ')
    digits++;
  gsize n_rest = argument.n_bytes - digits;
  *last = n_rest > 0;
  return n_rest == 0 || (n_rest == 4 && g_ascii_strncasecmp ((const char *)argument.bytes + digits, "LAST", 4) == 0);
}

void
wt_smtp_cmd_bdat (WtSmtpServer *self, WtSmtpArgument argument)
{
  guint64 size;
  gboolean last;

  if (!parse_argument (argument, &size, &last))
    {
      /* where the next command begins is not known: reading on would take mail for commands */
      wt_smtp_server_reply (self, 501, "5.5.4", "Syntax: BDAT size [LAST]");
      wt_smtp_server_end_service (self, "4.7.0", "Size of the chunk unknown, closing connection");
      return;
    }
  self->chunk_refusal = (WtSmtpReply){ 0 };
  if (!wt_smtp_server_is_legal (self, "BDAT"))
    self->chunk_refusal = self->state == WT_SMTP_STATE_MAIL && self->n_refused > 0 && !self->config.lmtp
                              ? (WtSmtpReply){ 554, "5.5.1", "No valid recipients" }
                              : (WtSmtpReply){ 503, "5.5.1", "Bad sequence of commands: MAIL and RCPT come first" };
  else if (size > self->config.size_limit - MIN (self->n_chunk_bytes, self->config.size_limit))
    self->chunk_refusal = wt_smtp_too_big;
  self->chunk_left = size;
  self->chunk_last = last;
  self->input = WT_SMTP_INPUT_CHUNK;
  g_clear_pointer (&self->content, g_byte_array_unref);
}

static GBytes *
join_chunks (GPtrArray *chunks, gsize n_bytes)
{
  if (chunks->len == 1)
    return g_bytes_ref (g_ptr_array_index (chunks, 0));
  GByteArray *joined = g_byte_array_sized_new (n_bytes);
  for (guint i = 0; i < chunks->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (chunks, i), &size);
      g_byte_array_append (joined, data, size);
    }
  return g_byte_array_free_to_bytes (joined);
}

/* Empty chunks are not kept, so that many of them take no memory. */
static void
keep_chunk (WtSmtpServer *self, GBytes *chunk)
{
  if (self->chunks == NULL)
    self->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  if (g_bytes_get_size (chunk) > 0 || self->chunk_last)
    g_ptr_array_add (self->chunks, g_bytes_ref (chunk));
  self->n_chunk_bytes += g_bytes_get_size (chunk);
}

static void
refuse_chunk (WtSmtpServer *self)
{
  const WtSmtpReply *refusal = &self->chunk_refusal;

  if (refusal->code == 503)
    wt_smtp_server_error (self, refusal->code, refusal->enhanced, refusal->text);
  else if (refusal->code == 554)
    wt_smtp_server_reply (self, refusal->code, refusal->enhanced, refusal->text);
  else
    wt_smtp_server_refuse_mail (self, self->chunk_last, refusal); /* LAST: RFC 2033 4.3 */
}

static void
accept_chunk (WtSmtpServer *self, GBytes *chunk)
{
  keep_chunk (self, chunk);
  if (!self->chunk_last)
    {
      wt_smtp_server_replyf (self, 250, "2.0.0", "%" G_GSIZE_FORMAT " bytes received", g_bytes_get_size (chunk));
      wt_smtp_server_move (self, "BDAT");
      return;
    }
  wt_smtp_server_move (self, "BDAT LAST");
  GBytes *message = join_chunks (self->chunks, self->n_chunk_bytes);
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
  /* BINARYMIME is not offered, so a mail is lines here too */
  wt_smtp_server_store (self, message, wt_dot_text_find_bare (data, size) >= 0);
}

static void
end_of_chunk (WtSmtpServer *self)
{
  g_autoptr (GBytes) chunk = self->content != NULL ? g_byte_array_free_to_bytes (g_steal_pointer (&self->content))
                                                   : g_bytes_new_static ("", 0);

  self->input = WT_SMTP_INPUT_COMMAND;
  wt_smtp_server_report_received (self, chunk, WT_SMTP_CONTEXT_CHUNK);
  if (self->chunk_refusal.code != 0)
    refuse_chunk (self);
  else
    accept_chunk (self, chunk);
}

void
wt_smtp_server_read_chunk (WtSmtpServer *self)
{
  const guint8 *bytes;
  gsize n_bytes = wt_line_reader_take_raw (self->reader, MIN (self->chunk_left, G_MAXSIZE), &bytes);

  self->chunk_left -= n_bytes;
  /* of a chunk that is refused the first bytes are kept, to be shown */
  if (self->chunk_refusal.code == 0 || self->content == NULL || self->content->len + n_bytes <= WT_SMTP_INPUT_MAX)
    {
      if (self->content == NULL)
        self->content = g_byte_array_sized_new (MAX (n_bytes, 2048));
      g_byte_array_append (self->content, bytes, n_bytes);
    }
  if (self->chunk_left == 0)
    end_of_chunk (self);
}
