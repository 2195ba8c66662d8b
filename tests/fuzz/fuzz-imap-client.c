/* An IMAP client that is told anything: fetching, asking for all that there is, waiting for news, typed at. In pieces of
 * one and of three bytes it comes to the same (not with TLS: what comes with the OK is dropped). */
#include "protocols/imap/imap-client.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

enum
{
  MANUAL = 1,
  TLS = 2,
  IDLE = 4,
  SASL = 8,
  ALL_REQUESTS = 16,
};

static const guint32 uids[] = { 1, 2, 7 };

static void
ask_all (WtImapClient *client)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("x\0\r\n", 4);
  WtImapAppend append = { .use = WT_IMAP_USE_SENT, .message = message, .date = 0 };
  wt_imap_client_append (client, &append);
  wt_imap_client_store (client, uids, 1, WT_IMAP_FLAGS_ADD, WT_IMAP_SEEN);
  wt_imap_client_move (client, uids, 2, "Tr\303\244sh");
  wt_imap_client_copy (client, uids, 3, "x");
  wt_imap_client_remove (client, uids, 3);
  wt_imap_client_folders (client);
  wt_imap_client_status (client, "INBOX");
  wt_imap_client_select (client, "other");
}

static void
type_all (WtImapClient *client)
{
  static const char *const lines[] = { "a STARTTLS", "b LOGIN {3}", "bob {4+}", "pass", "c AUTHENTICATE PLAIN", "AAAA",
                                       "",           "d SELECT x",  "e IDLE",   "DONE", "f APPEND x {9}",       "12345",
                                       "6",          "g LOGOUT",    "h NOOP" };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    wt_imap_client_type (client, lines[i]);
}

static guint
drain (WtImapClient *client, guint8 how, guint sum)
{
  WtImapClientEvent event;
  while (wt_imap_client_next (client, &event))
    {
      sum = sum * 31 + event.type;
      if (event.type == WT_IMAP_CLIENT_STARTTLS)
        wt_imap_client_secured (client);
      if (event.type != WT_IMAP_CLIENT_LISTED || how & IDLE)
        continue;
      if (how & ALL_REQUESTS)
        ask_all (client);
      wt_imap_client_retrieve (client, uids, G_N_ELEMENTS (uids));
      wt_imap_client_logout (client);
    }
  g_autoptr (GBytes) out = wt_imap_client_take (client);
  return sum;
}

static guint
run (guint8 how, const guint8 *bytes, gsize n_bytes, gsize step)
{
  WtImapClientConfig config = { .user = "bob",
                                .password = "s\303\244cret",
                                .report_wire = TRUE,
                                .hide_secrets = TRUE,
                                .plaintext_without_tls = TRUE,
                                .login_command = !(how & SASL),
                                .tls = how & TLS ? WT_TLS_MODE_MAY : WT_TLS_MODE_OFF,
                                .enable = WT_IMAP_EXT_ALL,
                                .use = WT_IMAP_EXT_ALL };
  g_autoptr (WtImapClient) client = wt_imap_client_new (&config);
  guint sum = 0;
  wt_imap_client_set_manual (client, how & MANUAL);
  wt_imap_client_set_idle (client, how & IDLE);
  if (how & MANUAL)
    type_all (client);
  for (gsize at = 0; at < n_bytes; at += step)
    {
      wt_imap_client_feed (client, bytes + at, MIN (step, n_bytes - at));
      sum = drain (client, how, sum);
    }
  wt_imap_client_timed_out (client);
  wt_imap_client_closed (client);
  return drain (client, how, sum);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 1)
    return 0;
  guint once = run (bytes[0], bytes + 1, n_bytes - 1, 1);
  guint again = run (bytes[0], bytes + 1, n_bytes - 1, 3);
  g_assert_true (once == again || bytes[0] & (TLS | MANUAL));
  return 0;
}
