/* The IMAP server with any client, a second session on the same mailbox, and an owner with a few mails. The first bytes
 * choose extensions, where the dialogue begins and the size of the pieces. */
#include "imap-owner.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  static const char login[] = "a LOGIN alice secret\r\n", selected[] = "b SELECT INBOX\r\n";
  static const char other[] = "c STORE 1:* +FLAGS (\\Deleted x)\r\nd EXPUNGE\r\n";
  if (n_bytes < 2)
    return 0;
  WtImapServerConfig config;
  wt_imap_server_config_defaults (&config);
  config.extensions = bytes[0] & 1 ? WT_IMAP_EXT_ALL : (guint32)bytes[0] * 0x10101;
  config.mechanisms = "PLAIN TWO";
  config.offer_tls = bytes[0] & 2;
  config.append_limit = 1000;
  config.report_wire = TRUE;
  ImapOwner *owner = imap_owner_new ();
  ImapSession *session = imap_session_new (owner, &config);
  ImapSession *second = imap_session_new (owner, &config);
  imap_session_feed (second, login, strlen (login), NULL);
  imap_session_feed (second, selected, strlen (selected), NULL);
  if (bytes[0] & 4)
    imap_session_feed (session, login, strlen (login), NULL);
  if (bytes[0] & 8)
    imap_session_feed (session, selected, strlen (selected), NULL);
  for (gsize at = 2, step = bytes[1] % 61 + 1; at < n_bytes; at += step)
    {
      imap_session_feed (session, (const char *)bytes + at, MIN (step, n_bytes - at), NULL);
      if (bytes[0] & 16 && at > n_bytes / 2 && at < n_bytes / 2 + step * 2)
        imap_session_feed (second, other, strlen (other), NULL);
    }
  imap_owner_deliver (owner, "Subject: x\r\n\r\n");
  imap_session_feed (session, "DONE\r\nz NOOP\r\n", 14, NULL);
  wt_imap_server_timed_out (imap_session_engine (session));
  imap_session_feed (session, "", 0, NULL);
  imap_session_free (second);
  imap_session_free (session);
  imap_owner_free (owner);
  return 0;
}
