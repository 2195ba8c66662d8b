/* The SMTP client with any server: one mail to two recipients, by DATA or BDAT, then QUIT. */
#include "protocols/smtp/smtp-client.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
submit (WtSmtpClient *client)
{
  static const char mail[] = "Subject: x\r\n\r\n.dot\r\n";
  g_autoptr (WtSmtpPath) sender = wt_smtp_path_new ("a", "example.org");
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
  g_autoptr (GBytes) message = g_bytes_new_static (mail, sizeof mail - 1);
  g_ptr_array_add (recipients, wt_smtp_path_new ("b", "example.net"));
  g_ptr_array_add (recipients, wt_smtp_path_new ("c d", "example.net"));
  WtSmtpTransaction transaction = { .sender = sender, .recipients = recipients, .message = message };
  wt_smtp_client_submit (client, &transaction, NULL);
}

static void
drain (WtSmtpClient *client)
{
  WtSmtpClientEvent event;
  while (wt_smtp_client_next (client, &event))
    if (event.type == WT_SMTP_CLIENT_STARTTLS)
      wt_smtp_client_secured (client);
  g_autoptr (GBytes) out = wt_smtp_client_take (client);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 2)
    return 0;
  WtSmtpClientConfig config;
  wt_smtp_client_config_defaults (&config);
  config.hostname = "client.example.org";
  config.report_wire = TRUE;
  config.use = bytes[0] | WT_SMTP_EXT_STARTTLS | WT_SMTP_EXT_AUTH;
  config.tls = bytes[1] & 1 ? WT_TLS_MODE_MAY : WT_TLS_MODE_OFF;
  config.user = bytes[1] & 2 ? "alice" : NULL;
  config.password = "secret";
  config.plaintext_without_tls = bytes[1] & 4;
  config.lmtp = bytes[1] & 8;
  g_autoptr (WtSmtpClient) client = wt_smtp_client_new (&config);
  submit (client);
  wt_smtp_client_quit (client);
  for (gsize at = 2, step = bytes[1] % 61 + 1; at < n_bytes; at += step)
    {
      wt_smtp_client_feed (client, bytes + at, MIN (step, n_bytes - at));
      drain (client);
    }
  wt_smtp_client_closed (client);
  drain (client);
  return 0;
}
