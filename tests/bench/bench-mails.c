/* Ten thousand mails through a thousand servers: each server has one client, each client sends ten mails to others.
 *
 *   bench-mails [SERVERS [MAILS]] */
#include "app/scenario/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PER_ROUTER 100
#define SECONDS 600 /* the mails are spread over this time */

static void
add_site (GString *text, guint i)
{
  guint net = i / PER_ROUTER, host = i % PER_ROUTER;
  g_string_append_printf (text,
                          "[host mail%u]\ntype=mail-server\naddress=10.%u.1.%u\ndomains=d%u.example.org\nusers=u:x\n"
                          "[host pc%u]\ntype=mail-client\naddress=10.%u.2.%u\nmailbox=u@d%u.example.org\nserver=mail%u\n"
                          "[link mail%u -- gate%u]\nlatency=1ms\nbandwidth=1Gbit/s\n[link pc%u -- gate%u]\nlatency=1ms\n",
                          i, net, host + 1, i, i, net, host + 1, i, i, i, net, i, net);
}

static char *
make_text (guint n_servers, guint n_mails)
{
  GString *text = g_string_new ("[scenario]\ntitle=Benchmark\n[host core]\ntype=router\n");
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  for (guint i = 0; i * PER_ROUTER < n_servers; i++)
    g_string_append_printf (text, "[host gate%u]\ntype=router\n[link gate%u -- core]\nlatency=5ms\nbandwidth=10Gbit/s\n", i, i);
  for (guint i = 0; i < n_servers; i++)
    add_site (text, i);
  for (guint i = 0; i < n_mails; i++)
    g_string_append_printf (text, "[at %ums pc%u #%u]\naction=send-mail\nto=u@d%d.example.org\nsubject=%u\nsize=1KiB\n",
                            g_rand_int_range (random, 0, SECONDS * 1000), i % n_servers, i + 1,
                            g_rand_int_range (random, 0, n_servers), i);
  return g_string_free (text, FALSE);
}

static guint
delivered (WtTrace *trace)
{
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_list_length (trace, WT_LIST_NOTES); i++)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_list_nth (trace, WT_LIST_NOTES, i));
      const WtEntity *item = wt_trace_entity (trace, event->entity);
      const WtEntity *place = item ? wt_trace_entity (trace, item->parent) : NULL;
      n += event->kind == WT_EVENT_STORE && event->value == WT_STORE_ADDED && place && place->kind == WT_ENTITY_MAILBOX;
    }
  return n;
}

int
main (int argc, char *argv[])
{
  guint n_servers = argc > 1 ? atoi (argv[1]) : 1000, n_mails = argc > 2 ? atoi (argv[2]) : 10000;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = make_text (n_servers, n_mails);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (WtScenario) scenario = wt_scenario_load_data ("benchmark", text, strlen (text), NULL, &error);
  if (scenario == NULL)
    g_error ("%s", error->message);
  gint64 loaded = g_get_monotonic_time ();
  g_autoptr (WtSimulation) simulation = wt_simulation_new (scenario, 1, &error);
  if (simulation == NULL)
    g_error ("%s", error->message);
  gint64 made = g_get_monotonic_time ();
  wt_simulation_run (simulation, G_MAXINT64);
  double seconds = (g_get_monotonic_time () - made) / 1e6;
  WtTrace *trace = wt_simulation_trace (simulation);
  guint32 n_events = wt_trace_length (trace), n_packets = wt_trace_list_length (trace, WT_LIST_PACKETS);
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  printf ("mails through servers: %u servers, %u mails, %u delivered\n", n_servers, n_mails, delivered (trace));
  printf ("  scenario: %.1f MB, loaded in %.2f s, hosts made in %.2f s\n", strlen (text) / 1e6, (loaded - start) / 1e6,
          (made - loaded) / 1e6);
  printf ("  run: %.2f s, %.0f mails/s, %.0f trace events/s, %.0f packets/s\n", seconds, n_mails / seconds, n_events / seconds,
          n_packets / seconds);
  printf ("  trace: %u events, %.0f MB held, %.0f MB at most in the process\n", n_events, wt_trace_memory (trace) / 1e6,
          usage.ru_maxrss / 1e3);
  return 0;
}
