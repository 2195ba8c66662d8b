/* DATA (RFC 5321 4.1.1.4), and how a mail that is complete is given away. */
#include "protocols/smtp/smtp-server-private.h"

const WtSmtpReply wt_smtp_too_big = { 552, "5.3.4", "Message size exceeds fixed maximum message size" };

/* DATA without recipients: 554 when all of them were refused, otherwise 503 (3.3). In LMTP always 503 (RFC 2033 4.2). */
static void
refuse_without_recipients (WtSmtpServer *self)
{
  if (self->state == WT_SMTP_STATE_MAIL && self->n_refused > 0 && !self->config.lmtp)
    wt_smtp_server_reply (self, 554, "5.5.1", "No valid recipients");
  else
    wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands: MAIL and RCPT come first");
}

void
wt_smtp_cmd_data (WtSmtpServer *self, WtSmtpArgument argument)
{
  if (!wt_smtp_server_is_legal (self, "DATA"))
    {
      refuse_without_recipients (self);
      return;
    }
  wt_smtp_server_reply (self, 354, NULL, "End data with <CR><LF>.<CR><LF>");
  wt_smtp_server_move (self, "DATA");
  self->input = WT_SMTP_INPUT_DATA;
  self->scan = (WtDotTextScan){ 0 };
  self->too_big = FALSE;
  self->exchange++;
}

/* Keeps what came of the mail, unless it is past the limit. */
static void
keep (WtSmtpServer *self, const guint8 *bytes, gsize n_bytes)
{
  if (self->too_big)
    return;
  if (self->content == NULL)
    self->content = g_byte_array_sized_new (MAX (n_bytes, 2048));
  g_byte_array_append (self->content, bytes, n_bytes);
  gsize slack = self->scan.n_dots + WT_DOT_TEXT_END;
  if (self->content->len > slack && self->content->len - slack > self->config.size_limit)
    {
      self->too_big = TRUE;
      g_byte_array_set_size (self->content, self->config.size_limit);
    }
}

static void
end_of_data (WtSmtpServer *self)
{
  g_autoptr (GBytes) wire = g_byte_array_free_to_bytes (g_steal_pointer (&self->content));
  gsize size = g_bytes_get_size (wire);

  self->input = WT_SMTP_INPUT_COMMAND;
  wt_smtp_server_report_received (self, wire, WT_CONTEXT_CONTENT);
  wt_smtp_server_move (self, "end of data");
  if (self->too_big)
    {
      wt_smtp_server_refuse_mail (self, TRUE, &wt_smtp_too_big);
      return;
    }
  gsize n_mail = size - WT_DOT_TEXT_END;
  GBytes *message = self->scan.n_dots > 0 ? wt_dot_text_unstuff (g_bytes_get_data (wire, NULL), n_mail)
                                          : g_bytes_new_from_bytes (wire, 0, n_mail);
  wt_smtp_server_store (self, message, self->scan.bare_cr || self->scan.bare_lf);
}

void
wt_smtp_server_read_data (WtSmtpServer *self)
{
  const guint8 *bytes;
  gsize n_bytes = wt_line_reader_peek (self->reader, &bytes);

  n_bytes = wt_dot_text_scan (&self->scan, bytes, n_bytes);
  keep (self, bytes, n_bytes);
  wt_line_reader_take_raw (self->reader, n_bytes, &bytes);
  if (self->scan.ended)
    end_of_data (self);
}

/* What became of the mail: said once, in LMTP for each recipient (RFC 2033 4.2). TRUE: somebody has it. */
static gboolean
say_result (WtSmtpServer *self, const WtSmtpReply *reply)
{
  static const WtSmtpReply accepted = { 250, "2.0.0", "Message accepted" };
  guint n_replies = self->config.lmtp ? self->recipients->len : 1;
  gboolean stored = FALSE;

  for (guint i = 0; i < n_replies && !self->closing; i++)
    {
      const WtSmtpReply *said = i < self->n_each ? &self->each[i] : reply != NULL ? reply : &accepted;
      self->more_replies = i + 1 < n_replies;
      wt_smtp_server_reply_answer (self, said);
      stored |= said->code < 400;
    }
  self->more_replies = FALSE;
  return stored;
}

void
wt_smtp_server_refuse_mail (WtSmtpServer *self, gboolean whole, const WtSmtpReply *refusal)
{
  if (whole)
    say_result (self, refusal);
  else
    wt_smtp_server_reply_answer (self, refusal);
  wt_smtp_server_move (self, "message refused");
  wt_smtp_server_reset_transaction (self);
}

static void
message_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  gboolean stored = say_result (self, reply);

  wt_smtp_server_move (self, stored ? "message stored" : "message refused");
  if (stored)
    self->n_errors = 0;
  wt_smtp_server_reset_transaction (self);
}

void
wt_smtp_server_store (WtSmtpServer *self, GBytes *message, gboolean bare)
{
  if (bare && !self->config.accept_bare_lf)
    {
      /* 2.3.8: what another server may take for a line end could smuggle a second mail in */
      static const WtSmtpReply refusal = { 550, "5.6.0", "Message holds a bare CR or LF (RFC 5321 2.3.8)" };
      wt_smtp_server_refuse_mail (self, TRUE, &refusal);
      g_bytes_unref (message);
      return;
    }
  self->question.message = message;
  wt_smtp_server_ask (self, WT_SMTP_ASK_MESSAGE, message_answered);
}
