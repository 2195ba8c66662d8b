/* Answers bent by rule, and delivery reports: scenarios played, and what was said in them. */
#include "app/hosts/mail-rules.h"
#include "app/hosts/host.h"
#include "app/scenario/simulation.h"

#include <string.h>

/* --- rules as they are written ------------------------------------------------------------------------------------ */

static void
test_syntax (void)
{
  static const struct {
    const char *text;
    gboolean right;
  } rows[] = {
    { "RCPT > 450 4.2.1 Mailbox busy, come again", TRUE },
    { "rcpt *@example.net x2 > 550 No", TRUE },
    { "DATA 25% > delay 5s, 451 4.3.0 Not now", TRUE },
    { "CONNECT 10.0.1.* > disconnect", TRUE },
    { "* > delay 200ms", TRUE },
    { "MESSAGE x1 100% > delay 1s, disconnect", TRUE },
    { "", FALSE },
    { "RCPT", FALSE },
    { "RCPT >", FALSE },
    { "> 450 x", FALSE },
    { "RCPT > 250 fine", FALSE },
    { "RCPT > 4500 what", FALSE },
    { "RCPT > wait", FALSE },
    { "RCPT > delay", FALSE },
    { "RCPT > delay 5", FALSE },
    { "RCPT 0% > 450 x", FALSE },
    { "RCPT x0 > 450 x", FALSE },
    { "RCPT bob > 450 x", FALSE },
    { "BDAT > 450 x", FALSE },
    { "?? > 450 x", FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (wt_mail_rule_check (rows[i].text, &error), ==, rows[i].right);
      g_assert_cmpint (error == NULL, ==, rows[i].right);
      if (error)
        g_assert_nonnull (strstr (error->message, rows[i].text));
    }
}

/* --- and as they work --------------------------------------------------------------------------------------------- */

#define NETWORK "[scenario]\ntitle=t\nduration=10min\n[host a]\ntype=mail-client\naddress=10.0.0.1\nmailbox=a@c.org\nserver=s\nretry=20s\n" \
                "[host s]\ntype=mail-server\naddress=10.0.0.2\ndomains=s.org\nusers=bob:x;eve:x\nrules=%s\n[link a -- s]\n" \
                "[at 1s a]\naction=send-mail\nto=bob@s.org;eve@s.org\nsubject=x\ntext=y\n"

static WtTrace *
play (const char *rules, WtSimulation **simulation)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (NETWORK, rules);
  g_autoptr (WtScenario) scenario = wt_scenario_load_data ("t", text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  *simulation = wt_simulation_new (scenario, 0, &error);
  g_assert_no_error (error);
  wt_simulation_run (*simulation, G_MAXINT64);
  return wt_simulation_trace (*simulation);
}

/* How often something was said: a reply that begins so, or a text in what was stored. */
static guint
count (WtTrace *trace, WtEventKind kind, const char *text)
{
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_length (trace); i++)
    {
      const WtEvent *event = wt_trace_event (trace, i);
      gsize n_bytes;
      const char *bytes = event->kind == kind ? (const char *) wt_event_bytes (event, &n_bytes) : NULL;
      if (bytes && (kind == WT_EVENT_MESSAGE ? n_bytes >= strlen (text) && memcmp (bytes, text, strlen (text)) == 0
                                             : g_strstr_len (bytes, n_bytes, text) != NULL))
        n++;
    }
  return n;
}

static void
test_rules (void)
{
  static const struct {
    const char *rules, *reply;
    guint n; /* how often it is said */
    guint n_delivered;
  } rows[] = {
    { "", "450", 0, 2 },
    { "RCPT bob@* x2 > 450 4.2.1 Busy", "450 4.2.1 Busy\r\n", 2, 2 },
    { "RCPT eve@s.org > 550 5.7.1 Not her", "550 5.7.1 Not her\r\n", 1, 1 },
    { "MAIL x1 > 421 4.3.2 Later", "421 4.3.2", 1, 2 },
    { "DATA x1 > delay 30s, 451 4.3.0 Not now", "451 4.3.0 Not now\r\n", 1, 2 },
    { "MESSAGE x2 > 452 4.3.1 Full", "452 4.3.1 Full\r\n", 2, 2 },
    { "MESSAGE > delay 1min", "452", 0, 2 },
    { "CONNECT x1 > 554 5.7.1 Go away", "554 5.7.1 Go away\r\n", 1, 0 },
    { "CONNECT x2 > disconnect", "554", 0, 2 },
    { "CONNECT 10.0.0.1 x1 > delay 5s, disconnect", "554", 0, 2 },
    { "EHLO x1 > disconnect;* x1 > delay 2s", "554", 0, 2 },
    { "EHLO > 502 5.5.1 What is that?", "502 5.5.1 What is that?\r\n", 1, 2 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WtSimulation) simulation = NULL;
      WtTrace *trace = play (rows[i].rules, &simulation);
      g_test_message ("%s", rows[i].rules);
      g_assert_cmpuint (count (trace, WT_EVENT_MESSAGE, rows[i].reply), ==, rows[i].n);
      g_assert_cmpuint (count (trace, WT_EVENT_STORE, "Subject: x"), ==, rows[i].n_delivered);
    }
}

/* --- reports ------------------------------------------------------------------------------------------------------ */

static void
test_reports (void)
{
  static const struct {
    const char *text;
    guint n; /* mails that were stored and have it: queued and delivered count */
  } rows[] = {
    { "\r\nAction: failed\r\n", 2 },    { "\r\nAction: delayed\r\n", 1 },   { "\r\nAction: relayed\r\n", 1 },
    { "\r\nAction: delivered\r\n", 2 }, { "\r\nWill-Retry-Until: ", 1 },    { "\r\nOriginal-Envelope-Id: Q7+dave\r\n", 2 },
    { "\r\nOriginal-Recipient: rfc822; bob@example.net\r\n", 2 }, { "Status: 4.4.7\r\n", 1 },
  };
  g_autoptr (GPtrArray) paths = wt_scenario_shipped ();
  g_autoptr (WtScenario) scenario = NULL;
  for (guint i = 0; i < paths->len; i++)
    if (g_str_has_suffix (paths->pdata[i], "bounce-and-dsn.scenario"))
      scenario = wt_scenario_load (paths->pdata[i], NULL, NULL);
  g_assert_nonnull (scenario);
  g_autoptr (WtSimulation) simulation = wt_simulation_new (scenario, 0, NULL);
  wt_simulation_run (simulation, G_MAXINT64);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].text);
      g_assert_cmpuint (count (wt_simulation_trace (simulation), WT_EVENT_STORE, rows[i].text), ==, rows[i].n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail-rules/syntax", test_syntax);
  g_test_add_func ("/mail-rules/rules", test_rules);
  g_test_add_func ("/mail-rules/reports", test_reports);
  return g_test_run ();
}
