/* A mail transaction of the client: MAIL, RCPT ..., DATA or BDAT, in one go where PIPELINING allows (RFC 2920 3.1). */
#include "protocols/base/dot-text.h"
#include "protocols/smtp/smtp-address.h"
#include "protocols/smtp/smtp-client-private.h"
#include "protocols/smtp/smtp-dsn.h"

#include <glib/gi18n.h>
#include <string.h>

#define BLOCK 4096 /* bytes looked at before asking whether an 8-bit one was among them */

static gboolean
has_8bit (GBytes *message)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);

  for (gsize at = 0; at < size; at += BLOCK)
    {
      guint8 all = 0;
      for (gsize i = at; i < MIN (size, at + BLOCK); i++)
        all |= bytes[i];
      if (all & 0x80)
        return TRUE;
    }
  return FALSE;
}

void
wt_smtp_client_mail_clear (WtSmtpClient *self)
{
  WtSmtpClientMail *mail = &self->mail;

  g_clear_pointer (&mail->sender, wt_smtp_path_free);
  g_clear_pointer (&mail->recipients, g_ptr_array_unref);
  g_clear_pointer (&mail->accepted, g_array_unref);
  g_clear_pointer (&mail->message, g_bytes_unref);
  g_clear_pointer (&mail->text, g_free);
  *mail = (WtSmtpClientMail){ 0 };
}

/* --- submitting --- */

/* What stands between the brackets is read back: a path made by hand must not carry a line end or a bracket along. */
static gboolean
check_path (const WtSmtpPath *path, WtSmtpPathFlags flags, GError **error)
{
  g_autofree char *text = wt_smtp_path_to_string (path);
  g_autofree char *bracketed = g_strdup_printf ("<%s>", text);
  const char *problem = NULL;
  gsize end, length = strlen (bracketed);

  gboolean valid = wt_smtp_path_parse_parts ((const guint8 *)bracketed, length, flags | WT_SMTP_PATH_UTF8, NULL, NULL,
                                             &end, &problem);
  if (valid && end == length)
    return TRUE;
  g_set_error (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_ADDRESS, "%s: not a mail address: %s", bracketed,
               problem != NULL ? problem : "something follows it");
  return FALSE;
}

static gboolean
check_transaction (const WtSmtpTransaction *transaction, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (transaction->message, &size);
  gssize bare = wt_dot_text_find_bare (bytes, size);

  if (bare >= 0)
    {
      g_set_error (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_MESSAGE,
                   "byte %" G_GSSIZE_FORMAT " of the mail is a %s that stands alone; lines end with CR LF", bare,
                   bytes[bare] == '\r' ? "CR" : "LF");
      return FALSE;
    }
  if (transaction->recipients == NULL || transaction->recipients->len == 0)
    {
      g_set_error_literal (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_ADDRESS,
                           "the mail has no recipient; at least one is needed");
      return FALSE;
    }
  if (!check_path (transaction->sender, WT_SMTP_PATH_ALLOW_NULL, error))
    return FALSE;
  for (guint i = 0; i < transaction->recipients->len; i++)
    if (!check_path (g_ptr_array_index (transaction->recipients, i), WT_SMTP_PATH_ALLOW_POSTMASTER, error))
      return FALSE;
  return TRUE;
}

gboolean
wt_smtp_client_submit (WtSmtpClient *self, const WtSmtpTransaction *transaction, GError **error)
{
  g_return_val_if_fail (self != NULL && transaction != NULL, FALSE);
  g_return_val_if_fail (transaction->sender != NULL && transaction->message != NULL, FALSE);
  WtSmtpClientMail *mail = &self->mail;

  if (mail->waiting || mail->running || self->failed || self->closed)
    {
      g_set_error_literal (error, WT_SMTP_CLIENT_ERROR, WT_SMTP_CLIENT_ERROR_BUSY,
                           self->failed || self->closed ? "the session is over; open another"
                                                        : "a mail is under way; wait until it is done");
      return FALSE;
    }
  if (!check_transaction (transaction, error))
    return FALSE;
  mail->waiting = TRUE;
  mail->sender = wt_smtp_path_copy (transaction->sender);
  mail->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify)wt_smtp_path_free);
  for (guint i = 0; i < transaction->recipients->len; i++)
    g_ptr_array_add (mail->recipients, wt_smtp_path_copy (g_ptr_array_index (transaction->recipients, i)));
  mail->accepted = g_array_new (FALSE, FALSE, sizeof (guint));
  mail->message = g_bytes_ref (transaction->message);
  mail->params = transaction->params;
  wt_smtp_client_go_on (self);
  return TRUE;
}

/* --- running --- */

/* Keeps what a reply decided; the first word holds. */
static void
decide (WtSmtpClientMail *mail, guint code, const char *text)
{
  if (mail->code != 0)
    return;
  mail->code = code;
  g_free (mail->text);
  mail->text = g_strdup (text);
}

/* The transaction is over: say so, and clear the server's half of it if there is one. */
static void
finish (WtSmtpClient *self)
{
  WtSmtpClientMail *mail = &self->mail;
  gboolean reset = mail->reset_wanted;

  wt_smtp_client_push (self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_DONE, .code = mail->code }, NULL, mail->text);
  wt_smtp_client_mail_clear (self);
  if (reset)
    wt_smtp_client_command (self, WT_SMTP_STEP_RSET, "RSET", 0, "RSET");
}

static gboolean
needs_smtputf8 (const WtSmtpClientMail *mail)
{
  if (mail->params.smtputf8 || !wt_smtp_path_is_ascii (mail->sender))
    return TRUE;
  for (guint i = 0; i < mail->recipients->len; i++)
    if (!wt_smtp_path_is_ascii (g_ptr_array_index (mail->recipients, i)))
      return TRUE;
  return FALSE;
}

/* FALSE: the server does not offer what this mail needs; decided. */
static gboolean
can_be_sent (WtSmtpClient *self, gboolean is_8bit)
{
  WtSmtpClientMail *mail = &self->mail;

  if (needs_smtputf8 (mail) && !wt_smtp_client_may_use (self, WT_SMTP_EXT_SMTPUTF8))
    decide (mail, 553, "5.6.7 SMTPUTF8 needed, but not offered by the server"); /* RFC 6531 3.2 */
  else if (is_8bit && !wt_smtp_client_may_use (self, WT_SMTP_EXT_8BITMIME))
    decide (mail, 554, "5.6.3 8BITMIME needed, but not offered by the server"); /* RFC 6152 3 */
  else if (self->size_offered > 0 && g_bytes_get_size (mail->message) > self->size_offered)
    decide (mail, 552, "5.3.4 Message larger than the server takes"); /* RFC 1870 5 */
  else
    return TRUE;
  return FALSE;
}

static void
send_mail_command (WtSmtpClient *self, gboolean is_8bit)
{
  WtSmtpClientMail *mail = &self->mail;
  g_autofree char *sender = wt_smtp_path_to_string (mail->sender);
  g_autoptr (GString) params = g_string_new (NULL);

  if (wt_smtp_client_may_use (self, WT_SMTP_EXT_SIZE))
    g_string_append_printf (params, " SIZE=%" G_GUINT64_FORMAT,
                            mail->params.size > 0 ? mail->params.size : (guint64)g_bytes_get_size (mail->message));
  if ((is_8bit || mail->params.body == WT_SMTP_BODY_8BITMIME) && wt_smtp_client_may_use (self, WT_SMTP_EXT_8BITMIME))
    g_string_append (params, " BODY=8BITMIME");
  if (needs_smtputf8 (mail))
    g_string_append (params, " SMTPUTF8");
  if (wt_smtp_client_may_use (self, WT_SMTP_EXT_DSN))
    {
      g_autofree char *dsn = wt_smtp_dsn_mail_params (&mail->params);
      g_string_append (params, dsn);
    }
  wt_smtp_client_command (self, WT_SMTP_STEP_MAIL, "MAIL", 0, "MAIL FROM:<%s>%s", sender, params->str);
}

static void
send_rcpt_command (WtSmtpClient *self)
{
  guint i = self->mail.n_asked++;
  g_autofree char *recipient = wt_smtp_path_to_string (g_ptr_array_index (self->mail.recipients, i));

  g_autofree char *params = wt_smtp_client_may_use (self, WT_SMTP_EXT_DSN)
                                ? wt_smtp_dsn_rcpt_params (g_ptr_array_index (self->mail.recipients, i))
                                : g_strdup ("");

  wt_smtp_client_command (self, WT_SMTP_STEP_RCPT, "RCPT", i, "RCPT TO:<%s>%s", recipient, params);
}

static void
send_data_command (WtSmtpClient *self)
{
  wt_smtp_client_command (self, WT_SMTP_STEP_DATA, "DATA", 0, "DATA");
}

void
wt_smtp_client_await_results (WtSmtpClient *self, guint n_accepted, const guint *accepted)
{
  guint n_replies = self->config.lmtp ? MAX (n_accepted, 1) : 1;

  for (guint i = 0; i < n_replies; i++)
    wt_smtp_client_await (self, WT_SMTP_STEP_CONTENT, NULL, self->exchange, i < n_accepted && accepted != NULL ? accepted[i] : 0);
}

static void
await_results (WtSmtpClient *self)
{
  wt_smtp_client_await_results (self, self->mail.accepted->len, (const guint *)self->mail.accepted->data);
}

/* The mail as one chunk, RFC 3030 2. */
static void
send_chunk (WtSmtpClient *self)
{
  GBytes *message = self->mail.message;
  g_autofree char *command = g_strdup_printf ("BDAT %" G_GSIZE_FORMAT " LAST\r\n", g_bytes_get_size (message));

  self->exchange++;
  await_results (self);
  wt_smtp_client_send (self, g_bytes_new (command, strlen (command)), WT_CONTEXT_PLAIN, self->exchange);
  wt_smtp_client_send (self, g_bytes_ref (message), WT_SMTP_CONTEXT_CHUNK, self->exchange);
  wt_smtp_client_move (self, "BDAT LAST");
}

/* The mail after 354; without a recipient nothing but the final dot, RFC 2920 3.1. */
static void
send_content (WtSmtpClient *self, gboolean with_mail)
{
  gsize size = 0;
  const guint8 *bytes = with_mail ? g_bytes_get_data (self->mail.message, &size) : NULL;

  self->exchange++;
  await_results (self);
  wt_smtp_client_send (self, wt_dot_text_stuff (bytes, size), WT_CONTEXT_CONTENT, self->exchange);
  wt_smtp_client_move (self, "end of data");
}

void
wt_smtp_client_mail_start (WtSmtpClient *self)
{
  WtSmtpClientMail *mail = &self->mail;
  gboolean is_8bit = has_8bit (mail->message);

  mail->waiting = FALSE;
  mail->running = TRUE;
  if (!can_be_sent (self, is_8bit))
    {
      finish (self);
      wt_smtp_client_go_on (self);
      return;
    }
  send_mail_command (self, is_8bit);
  if (!wt_smtp_client_may_use (self, WT_SMTP_EXT_PIPELINING))
    return;
  while (mail->n_asked < mail->recipients->len)
    send_rcpt_command (self);
  if (!wt_smtp_client_may_use (self, WT_SMTP_EXT_CHUNKING))
    send_data_command (self);
}

/* --- replies --- */

/* All recipients have been answered, and DATA has not been sent along with them. */
static void
recipients_done (WtSmtpClient *self)
{
  if (self->mail.accepted->len == 0)
    finish (self);
  else if (wt_smtp_client_may_use (self, WT_SMTP_EXT_CHUNKING))
    send_chunk (self);
  else
    send_data_command (self);
}

void
wt_smtp_client_mail_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  WtSmtpClientMail *mail = &self->mail;

  if (reply->code < 300)
    {
      mail->reset_wanted = TRUE;
      wt_smtp_client_move (self, awaited->input);
    }
  else
    {
      mail->sender_refused = TRUE;
      decide (mail, reply->code, reply->text);
    }
  if (mail->n_asked > 0) /* pipelined: the replies are on their way */
    return;
  if (mail->sender_refused)
    finish (self);
  else
    send_rcpt_command (self);
}

void
wt_smtp_client_rcpt_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  WtSmtpClientMail *mail = &self->mail;
  gboolean pipelined = wt_smtp_client_may_use (self, WT_SMTP_EXT_PIPELINING);

  mail->n_answered++;
  if (reply->code < 300 && !mail->sender_refused)
    {
      g_array_append_val (mail->accepted, awaited->recipient);
      wt_smtp_client_move (self, awaited->input);
    }
  if (!mail->sender_refused)
    wt_smtp_client_push (
        self,
        (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_RECIPIENT, .recipient = awaited->recipient, .code = reply->code },
        NULL, reply->text);
  if (mail->n_answered < mail->recipients->len)
    {
      if (!pipelined)
        send_rcpt_command (self);
      return;
    }
  if (mail->accepted->len == 0)
    decide (mail, reply->code, reply->text);
  if (!pipelined || wt_smtp_client_may_use (self, WT_SMTP_EXT_CHUNKING))
    recipients_done (self);
}

void
wt_smtp_client_data_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  WtSmtpClientMail *mail = &self->mail;

  if (reply->code == 354)
    {
      if (self->config.lmtp && mail->accepted->len == 0) /* no reply would follow the mail */
        {
          wt_smtp_client_fail (self, 0, N_ ("Server wants a mail for nobody"), FALSE);
          return;
        }
      wt_smtp_client_move (self, awaited->input);
      send_content (self, mail->accepted->len > 0);
      return;
    }
  if (reply->code < 300) /* success before the mail was sent is none (RFC 5321 4.3.2); it may be better next time */
    {
      wt_smtp_client_fail (self, 0, N_ ("Server says that it has the mail before it was sent"), FALSE);
      return;
    }
  decide (mail, reply->code, reply->text);
  finish (self);
}

/* LMTP has a reply for each recipient. */
static gboolean
is_last_result (const WtSmtpClient *self, const WtSmtpAwaited *awaited)
{
  const WtSmtpAwaited *next = g_queue_peek_head ((GQueue *)&self->awaited);
  return next == NULL || next->exchange != awaited->exchange;
}

static void
typed_content_replied (WtSmtpClient *self, gboolean stored, gboolean last)
{
  self->typed_stored |= stored;
  if (!last)
    return;
  wt_smtp_client_move (self, self->typed_stored ? "message stored" : "message refused");
  self->typed_stored = FALSE;
}

static void
report_result (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  WtSmtpClientMail *mail = &self->mail;

  wt_smtp_client_push (
      self, (WtSmtpClientEvent){ .type = WT_SMTP_CLIENT_RESULT, .recipient = awaited->recipient, .code = reply->code },
      NULL, reply->text);
  if (reply->code < 300 && mail->code >= 300) /* the server has the mail: that decides */
    mail->code = 0;
}

void
wt_smtp_client_content_replied (WtSmtpClient *self, const WtSmtpAwaited *awaited, const WtSmtpGotReply *reply)
{
  gboolean last = is_last_result (self, awaited);

  if (!self->mail.running)
    {
      typed_content_replied (self, reply->code < 300, last);
      return;
    }
  if (self->config.lmtp)
    report_result (self, awaited, reply);
  decide (&self->mail, reply->code, reply->text);
  if (!last)
    return;
  wt_smtp_client_move (self, self->mail.code < 300 ? "message stored" : "message refused");
  self->mail.reset_wanted = FALSE; /* the transaction ended with the mail, RFC 5321 4.1.1.4 */
  finish (self);
}
