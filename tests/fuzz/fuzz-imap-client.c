/* An IMAP client that is told anything, whole and then byte by byte: both must come to the same. */
#include "protocols/imap/imap-client.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static guint
run (const guint8 *bytes, gsize n_bytes, gsize step)
{
  static const guint32 uids[] = { 1, 2, 7 };
  WtImapClientConfig config = { .user = "bob", .password = "secret", .report_wire = TRUE, .plaintext_without_tls = TRUE, .use = WT_IMAP_EXT_ALL };
  g_autoptr (WtImapClient) client = wt_imap_client_new (&config);
  WtImapClientEvent event;
  guint sum = 0;
  for (gsize at = 0; at < n_bytes; at += step)
    {
      wt_imap_client_feed (client, bytes + at, MIN (step, n_bytes - at));
      while (wt_imap_client_next (client, &event))
        {
          sum = sum * 31 + event.type;
          if (event.type == WT_IMAP_CLIENT_LISTED)
            {
              wt_imap_client_retrieve (client, uids, G_N_ELEMENTS (uids));
              wt_imap_client_logout (client);
            }
        }
    }
  wt_imap_client_closed (client);
  return sum;
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  guint once = run (bytes, n_bytes, 1);
  g_assert_cmpuint (once, ==, run (bytes, n_bytes, 3));
  return 0;
}
