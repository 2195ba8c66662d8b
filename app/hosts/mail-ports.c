#include "app/hosts/mail-ports.h"

const WtMailPort wt_mail_ports[] = {
  { WT_MAIL_PORT, WT_PROTOCOL_SMTP, FALSE },
  { WT_MAIL_SUBMISSION_PORT, WT_PROTOCOL_SMTP, FALSE },
  { WT_MAIL_SUBMISSIONS_PORT, WT_PROTOCOL_SMTP, TRUE },
  { WT_MAIL_POP3_PORT, WT_PROTOCOL_POP3, FALSE },
  { WT_MAIL_POP3S_PORT, WT_PROTOCOL_POP3, TRUE },
  { WT_MAIL_IMAP_PORT, WT_PROTOCOL_IMAP, FALSE },
  { WT_MAIL_IMAPS_PORT, WT_PROTOCOL_IMAP, TRUE },
  { WT_MAIL_LMTP_PORT, WT_PROTOCOL_LMTP, FALSE },
  { 0 },
};

const WtMailPort *
wt_mail_port_find (guint16 port)
{
  for (const WtMailPort *each = wt_mail_ports; each->port != 0; each++)
    if (each->port == port)
      return each;
  return NULL;
}

guint16
wt_mail_port_of (WtProtocol protocol, gboolean implicit_tls)
{
  for (const WtMailPort *each = wt_mail_ports; each->port != 0; each++)
    if (each->protocol == protocol && each->implicit_tls == implicit_tls)
      return each->port;
  return 0;
}
