/* RSET, NOOP, QUIT (RFC 5321 4.1.1.5, 4.1.1.9, 4.1.1.10). */
#include "protocols/smtp/smtp-server-private.h"

void
wt_smtp_cmd_rset (WtSmtpServer *self, WtSmtpArgument argument)
{
  if (!wt_smtp_server_is_legal (self, "RSET"))
    {
      wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands");
      return;
    }
  wt_smtp_server_reset_transaction (self);
  wt_smtp_server_reply (self, 250, "2.0.0", "OK");
  wt_smtp_server_move (self, "RSET");
}

void
wt_smtp_cmd_noop (WtSmtpServer *self, WtSmtpArgument argument)
{
  if (wt_smtp_server_move (self, "NOOP"))
    wt_smtp_server_reply (self, 250, "2.0.0", "OK");
  else
    wt_smtp_server_error (self, 503, "5.5.1", "Bad sequence of commands");
}

void
wt_smtp_cmd_quit (WtSmtpServer *self, WtSmtpArgument argument)
{
  wt_smtp_server_reset_transaction (self);
  wt_smtp_server_replyf (self, 221, "2.0.0", "%s closing connection", self->config.hostname);
  wt_smtp_server_move (self, "QUIT");
  wt_smtp_server_close (self);
}
