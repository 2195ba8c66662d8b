/* STARTTLS (RFC 3207). */
#include "protocols/smtp/smtp-server-private.h"

void
wt_smtp_cmd_starttls (WtSmtpServer *self, WtSmtpArgument argument)
{
  if (self->secured)
    {
      wt_smtp_server_error (self, 503, "5.5.1", "TLS is active already");
      return;
    }
  if (!self->esmtp || !wt_smtp_server_is_legal (self, "STARTTLS"))
    {
      wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands: EHLO comes first, and no mail is open");
      return;
    }
  wt_smtp_server_reply (self, 220, "2.0.0", "Ready to start TLS");
  wt_smtp_server_move (self, "STARTTLS");
  /* What came with the command was said by anybody, and would be taken for said under TLS (RFC 3207 6). */
  wt_line_reader_clear (self->reader);
  wt_smtp_server_report_starttls (self);
}

/* Nothing that was said before holds: the client begins again with EHLO (RFC 3207 4.2). */
void
wt_smtp_server_secured (WtSmtpServer *self)
{
  g_return_if_fail (self != NULL);
  self->secured = TRUE;
  if (self->state != WT_SMTP_STATE_TLS)
    return;
  wt_smtp_server_reset_transaction (self);
  g_clear_pointer (&self->helo, g_free);
  self->esmtp = FALSE;
  g_clear_pointer (&self->user, g_free);
  wt_smtp_server_move (self, "TLS is active");
}
