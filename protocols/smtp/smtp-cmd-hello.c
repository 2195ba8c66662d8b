/* HELO and EHLO (RFC 5321 4.1.1.1), and LMTP's LHLO, which means what EHLO means (RFC 2033 4.1). */
#include "protocols/smtp/smtp-address.h"
#include "protocols/smtp/smtp-extensions.h"
#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

/* What is offered now: under TLS no STARTTLS (RFC 3207 4.2), without a mechanism that may be used no AUTH. */
static gboolean
is_offered (const WtSmtpServer *self, WtSmtpExtensions extension)
{
  if (extension == WT_SMTP_EXT_STARTTLS && self->secured)
    return FALSE;
  if (extension == WT_SMTP_EXT_AUTH && wt_smtp_server_mechanisms (self) == 0)
    return FALSE;
  return (self->config.extensions & extension) != 0;
}

static void
append_extension (const WtSmtpServer *self, GString *text, const WtSmtpExtensionInfo *extension)
{
  g_string_append_printf (text, "\n%s", extension->keyword);
  if (extension->flag == WT_SMTP_EXT_SIZE)
    g_string_append_printf (text, " %" G_GUINT64_FORMAT, self->config.size_limit);
  if (extension->flag == WT_SMTP_EXT_AUTH)
    {
      g_autofree char *names = wt_sasl_mechanism_names (wt_smtp_server_mechanisms (self));
      g_string_append_printf (text, " %s", names);
    }
}

/* "250-host greets client", then a line for each extension that is offered. */
static void
reply_to_ehlo (WtSmtpServer *self)
{
  g_autoptr (GString) text = g_string_sized_new (256);

  g_string_append_printf (text, "%s greets %s", self->config.hostname, self->helo);
  for (guint i = 0; i < wt_smtp_n_extensions; i++)
    if (is_offered (self, wt_smtp_extension_table[i].flag))
      append_extension (self, text, &wt_smtp_extension_table[i]);
  g_string_append (text, "\nHELP");
  wt_smtp_server_reply (self, 250, NULL, text->str); /* no enhanced code here, RFC 2034 4 */
}

/* The session begins anew, as by RSET (4.1.4). */
static void
hello_accepted (WtSmtpServer *self, const char *name, const char *verb)
{
  wt_smtp_server_reset_transaction (self);
  g_free (self->helo);
  self->helo = g_strdup (name);
  self->esmtp = strcmp (verb, "HELO") != 0;
  if (self->esmtp)
    reply_to_ehlo (self);
  else
    wt_smtp_server_reply (self, 250, NULL, self->config.hostname);
  wt_smtp_server_move (self, verb);
}

static void
hello_answered (WtSmtpServer *self, const WtSmtpReply *reply, const char *verb)
{
  if (reply == NULL || reply->code < 400)
    hello_accepted (self, self->lent.text, verb);
  else
    wt_smtp_server_reply_answer (self, reply);
}

static void
helo_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  hello_answered (self, reply, "HELO");
}

static void
ehlo_answered (WtSmtpServer *self, const WtSmtpReply *reply)
{
  hello_answered (self, reply, self->config.lmtp ? "LHLO" : "EHLO");
}

static void
hello (WtSmtpServer *self, WtSmtpArgument argument, const char *verb, WtSmtpAnswered answered)
{
  gboolean utf8 = (self->config.extensions & WT_SMTP_EXT_SMTPUTF8) != 0;

  if (!wt_smtp_server_is_legal (self, verb))
    {
      wt_smtp_server_error (self, 503, NULL, "Bad sequence of commands");
      return;
    }
  if (!wt_smtp_domain_valid (argument.bytes, argument.n_bytes, utf8))
    {
      wt_smtp_server_error (self, 501, NULL, "Give your domain or your address literal");
      return;
    }
  g_autofree char *name = g_strndup ((const char *)argument.bytes, argument.n_bytes);
  if (!self->config.ask_sender)
    {
      hello_accepted (self, name, verb);
      return;
    }
  self->question.text = g_steal_pointer (&name);
  wt_smtp_server_ask (self, WT_SMTP_ASK_HELO, answered);
}

void
wt_smtp_cmd_helo (WtSmtpServer *self, WtSmtpArgument argument)
{
  hello (self, argument, "HELO", helo_answered);
}

void
wt_smtp_cmd_ehlo (WtSmtpServer *self, WtSmtpArgument argument)
{
  hello (self, argument, "EHLO", ehlo_answered);
}

void
wt_smtp_cmd_lhlo (WtSmtpServer *self, WtSmtpArgument argument)
{
  hello (self, argument, "LHLO", ehlo_answered);
}
