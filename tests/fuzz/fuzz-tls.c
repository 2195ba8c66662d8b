/* A TLS server, and a client, with any peer. First byte: which of the two, and how large the pieces are. */
#include "protocols/tls/tls.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static WtTlsCredentials *
credentials (gboolean server)
{
  static WtTlsCredentials *made[2];
  static const char *const names[] = { "mail.example.org", NULL };
  static const WtTlsCertificateRequest request = { names, WT_TLS_KEY_ED25519, 1577836800, 4102444800 };
  if (made[0] == NULL)
    {
      g_autoptr (GBytes) certificate = NULL, key = NULL;
      wt_tls_make_certificate (&request, &certificate, &key, NULL);
      made[0] = wt_tls_credentials_new_client (certificate, NULL);
      made[1] = wt_tls_credentials_new_server (certificate, key, NULL);
    }
  return made[server];
}

static void
drain (WtTls *tls)
{
  WtTlsEvent event;
  while (wt_tls_next (tls, &event))
    ;
  g_autoptr (GBytes) out = wt_tls_take (tls);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 2)
    return 0;
  gboolean server = bytes[0] & 1;
  WtTlsConfig config = { .server = server, .credentials = credentials (server), .name = "mail.example.org", .verify = TRUE };
  g_autoptr (WtTls) tls = wt_tls_new (&config);
  wt_tls_write (tls, bytes, n_bytes); /* what waits for a handshake */
  for (gsize at = 1, step = bytes[0] / 2 + 1; at < n_bytes; at += step)
    {
      wt_tls_feed (tls, bytes + at, MIN (step, n_bytes - at));
      drain (tls);
    }
  wt_tls_close (tls);
  drain (tls);
  return 0;
}
