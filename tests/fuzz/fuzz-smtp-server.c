/* The SMTP server with any client: questions are answered at once, later, well and badly, as the input's first byte says. */
#include "protocols/smtp/smtp-server.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
answer (WtSmtpServer *server, guint question, guint8 how)
{
  static const WtSmtpReply replies[] = { { 0 }, { 550, "5.1.1", "no" }, { 450, NULL, "later\nor not" }, { 250, "2.0.0", "fine" } };
  const WtSmtpReply *reply = &replies[how % G_N_ELEMENTS (replies)];
  if (how & 128) /* LMTP's way; elsewhere the last one counts */
    wt_smtp_server_answer_each (server, question, replies + 1, G_N_ELEMENTS (replies) - 1);
  else
    wt_smtp_server_answer (server, question, reply->code ? reply : NULL);
}

static char *
password_of (const char *user, gpointer user_data)
{
  return *user == 'a' ? g_strdup ("secret") : NULL;
}

static void
drain (WtSmtpServer *server, guint8 *how)
{
  WtSmtpServerEvent event;
  while (wt_smtp_server_next (server, &event))
    if (event.type == WT_SMTP_SERVER_QUESTION)
      answer (server, event.question, *how = *how * 5 + 3);
    else if (event.type == WT_SMTP_SERVER_STARTTLS)
      wt_smtp_server_secured (server);
  g_autoptr (GBytes) out = wt_smtp_server_take (server);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 2)
    return 0;
  WtSmtpServerConfig config;
  wt_smtp_server_config_defaults (&config);
  config.hostname = "mail.example.org";
  config.size_limit = 1000;
  config.report_wire = TRUE;
  config.ask_sender = bytes[0] & 1;
  config.accept_bare_lf = bytes[0] & 2;
  config.extensions = bytes[0] & 4 ? WT_SMTP_EXT_ALL : bytes[1];
  config.password = bytes[0] & 8 ? password_of : NULL;
  config.plaintext_without_tls = bytes[0] & 16;
  config.require_auth = bytes[0] & 32;
  config.lmtp = bytes[0] & 64;
  g_autoptr (WtSmtpServer) server = wt_smtp_server_new (&config);
  guint8 how = bytes[0];
  wt_smtp_server_greet (server, NULL);
  for (gsize at = 2, step = bytes[1] % 61 + 1; at < n_bytes; at += step)
    {
      wt_smtp_server_feed (server, bytes + at, MIN (step, n_bytes - at));
      drain (server, &how);
    }
  wt_smtp_server_timed_out (server);
  drain (server, &how);
  return 0;
}
