/* Ten thousand managed devices polled once a second of virtual time by ten stations: how much real time it takes, with a record
 * of limited size.
 *
 *   bench-devices [DEVICES [SECONDS [MEGABYTES]]]      0 MEGABYTES: no limit */
#include "app/scenario/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PER_STATION 1000

static char *
make_text (guint n_devices, guint seconds)
{
  GString *text = g_string_new ("[scenario]\ntitle=Benchmark\n");
  g_string_append_printf (text, "duration=%us\n", seconds);
  for (guint i = 0; i < n_devices; i++)
    g_string_append_printf (text, "[host d%u]\ntype=managed-device\naddress=10.%u.%u.%u\nprofile=sensor\n", i,
                            i / 40000 + 1, i / 200 % 200, i % 200 + 1);
  for (guint station = 0; station * PER_STATION < n_devices; station++)
    {
      guint end = MIN (n_devices, (station + 1) * PER_STATION);
      g_string_append_printf (text,
                              "[host lan%u]\ntype=switch\n[host s%u]\ntype=management-station\naddress=10.200.0.%u\n"
                              "objects=sysUpTime.0;ifInOctets.1;entPhySensorValue.2\ninterval=1s\npoll=",
                              station, station, station + 1);
      for (guint i = station * PER_STATION; i < end; i++)
        g_string_append_printf (text, "%sd%u", i > station * PER_STATION ? ";" : "", i);
      g_string_append_printf (text, "\n[link s%u -- lan%u]\nbandwidth=unlimited\n", station, station);
      for (guint i = station * PER_STATION; i < end; i++)
        g_string_append_printf (text, "[link lan%u -- d%u]\nbandwidth=unlimited\n", station, i);
    }
  return g_string_free (text, FALSE);
}

static guint
count_messages (WtTrace *trace)
{
  return wt_trace_list_length (trace, WT_LIST_MESSAGES);
}

/* What this process has used of a core so far; on a busy machine that says more than the clock. */
static double
cpu_seconds (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int
main (int argc, char *argv[])
{
  guint n_devices = argc > 1 ? atoi (argv[1]) : 10000, seconds = argc > 2 ? atoi (argv[2]) : 20;
  guint megabytes = argc > 3 ? atoi (argv[3]) : 256;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = make_text (n_devices, seconds);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (WtScenario) scenario = wt_scenario_load_data ("benchmark", text, strlen (text), NULL, &error);
  if (scenario == NULL)
    g_error ("%s", error->message);
  gint64 loaded = g_get_monotonic_time ();
  g_autoptr (WtSimulation) simulation = wt_simulation_new (scenario, 1, &error);
  if (simulation == NULL)
    g_error ("%s", error->message);
  wt_trace_set_limit (wt_simulation_trace (simulation), (guint64) megabytes << 20);
  gint64 made = g_get_monotonic_time ();
  double cpu_before = cpu_seconds ();
  wt_simulation_run (simulation, G_MAXINT64);
  double took = (g_get_monotonic_time () - made) / 1e6, cpu = cpu_seconds () - cpu_before;
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  guint n_messages = count_messages (wt_simulation_trace (simulation));
  printf ("managed devices: %u, polled once a second for %u s of virtual time\n", n_devices, seconds);
  printf ("  record limited to %u MB\n", megabytes);
  printf ("  scenario loaded in %.2f s, devices made in %.2f s\n", (loaded - start) / 1e6, (made - loaded) / 1e6);
  printf ("  run: %.2f s, %.1f times as fast as time; %u messages, %.0f a second\n", took, seconds / took, n_messages,
          n_messages / took);
  printf ("  of one core: %.2f s, %.1f times as fast as time\n", cpu, seconds / cpu);
  printf ("  memory at most: %.0f MB, trace %.0f MB\n", usage.ru_maxrss / 1024.0,
          wt_trace_memory (wt_simulation_trace (simulation)) / 1e6);
  return 0;
}
