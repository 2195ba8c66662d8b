/* The POP3 server with any client: questions are answered well and badly, as the input's first byte says. */
#include "protocols/pop3/pop3-server.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
answer (WtPop3Server *server, const WtPop3ServerEvent *event, guint8 how)
{
  static const WtPop3Mail mails[] = { { 20, "one" }, { 0, "two" } };
  g_autoptr (GBytes) message = g_bytes_new_static (".\r\n\r\n..x", 8);
  WtPop3Answer reply = { how % 5 == 0   ? WT_POP3_REFUSE
                         : how % 7 == 0 ? WT_POP3_CONTINUE
                                        : WT_POP3_OK,
                         "IN-USE",
                         "no\r\nway",
                         mails,
                         G_N_ELEMENTS (mails),
                         how & 1 ? message : NULL };
  wt_pop3_server_answer (server, event->question, &reply);
}

static void
drain (WtPop3Server *server, guint8 *how)
{
  WtPop3ServerEvent event;
  do
    {
      while (wt_pop3_server_next (server, &event))
        if (event.type == WT_POP3_SERVER_QUESTION)
          answer (server, &event, *how = *how * 5 + 3);
        else if (event.type == WT_POP3_SERVER_START_TLS)
          wt_pop3_server_tls_started (server);
      for (GBytes *out; (out = wt_pop3_server_take (server));)
        g_bytes_unref (out);
    }
  while (wt_pop3_server_go_on (server));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 2)
    return 0;
  WtPop3ServerConfig config;
  wt_pop3_server_config_defaults (&config);
  config.stamp = bytes[0] & 1 ? "<1@a>" : NULL;
  config.mechanisms = "PLAIN LOGIN";
  config.capabilities = bytes[0] & 4 ? WT_POP3_CAP_ALL : bytes[1] | WT_POP3_CAP_USER;
  config.report_wire = TRUE;
  g_autoptr (WtPop3Server) server = wt_pop3_server_new (&config);
  guint8 how = bytes[0];
  wt_pop3_server_greet (server, NULL);
  for (gsize at = 2, step = bytes[1] % 61 + 1; at < n_bytes; at += step)
    {
      wt_pop3_server_feed (server, bytes + at, MIN (step, n_bytes - at));
      drain (server, &how);
    }
  wt_pop3_server_shutdown (server);
  drain (server, &how);
  return 0;
}
