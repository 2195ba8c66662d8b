/* The POP3 client with any server: it fetches and removes what it is told of. */
#include "protocols/pop3/pop3-client.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
drain (WtPop3Client *client)
{
  WtPop3ClientEvent event;
  while (wt_pop3_client_next (client, &event))
    if (event.type == WT_POP3_CLIENT_STARTTLS)
      wt_pop3_client_secured (client);
    else if (event.type == WT_POP3_CLIENT_LISTED)
      {
        for (guint i = 0; i < MIN (event.n_mails, 100); i++)
          wt_pop3_client_retrieve (client, i);
        wt_pop3_client_remove (client, 0);
        wt_pop3_client_quit (client);
      }
  g_autoptr (GBytes) out = wt_pop3_client_take (client);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 2)
    return 0;
  WtPop3ClientConfig config;
  wt_pop3_client_config_defaults (&config);
  config.plaintext_without_tls = TRUE;
  config.user = "alice";
  config.password = "secret";
  config.use = bytes[0] & 1 ? WT_POP3_CAP_ALL : 0;
  config.tls = bytes[0] & 4 ? WT_TLS_MODE_MAY : WT_TLS_MODE_OFF;
  config.report_wire = config.hide_secrets = TRUE;
  g_autoptr (WtPop3Client) client = wt_pop3_client_new (&config);
  wt_pop3_client_set_manual (client, bytes[0] & 2);
  if (bytes[0] & 2)
    for (guint i = 0; i < 6; i++)
      wt_pop3_client_type (client, ((const char *[]){ "STLS", "AUTH PLAIN", "x", "LIST", "RETR 1", "QUIT" })[i]);
  for (gsize at = 2, step = bytes[1] % 61 + 1; at < n_bytes; at += step)
    {
      wt_pop3_client_feed (client, bytes + at, MIN (step, n_bytes - at));
      drain (client);
    }
  wt_pop3_client_closed (client);
  drain (client);
  return 0;
}
