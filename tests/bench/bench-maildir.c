/* Deliveries to a Maildir per second, each on disk before it counts: 1 and 20 under way at a time.
 *   bench-maildir [FOLDER] (on the file system that is to be measured) */
#include "app/hosts/mail-store.h"
#include "app/world/live-world.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_SIZE 1024
#define SECONDS 2

typedef struct {
  WtWorld *world;
  WtMailStore *store;
  GBytes *message;
  gint64 until;
  guint n_stored, n_failed;
  gint n_under_way; /* atomic */
} Bench;

static void deliver_next (gpointer user_data);

static void
stored (const char *id, const GError *error, gpointer user_data)
{
  Bench *bench = user_data;
  bench->n_stored += error == NULL;
  bench->n_failed += error != NULL;
  g_atomic_int_add (&bench->n_under_way, -1);
  deliver_next (bench);
}

static void
deliver_next (gpointer user_data)
{
  Bench *bench = user_data;
  if (g_get_monotonic_time () >= bench->until)
    return;
  g_atomic_int_inc (&bench->n_under_way);
  wt_mail_store_deliver (bench->store, "mail.example.org", "alice", bench->message, 0, stored, bench);
}

static void
run (const char *dir, guint parallel)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autofree char *text = g_strnfill (MESSAGE_SIZE, 'x');
  g_autofree char *folder = g_strdup_printf ("%s/%u", dir, parallel);
  g_autoptr (GError) error = NULL;
  WtLiveConfig config;
  wt_live_config_defaults (&config);
  Bench bench = { .world = wt_live_world_new (trace, &config), .message = g_bytes_new (text, MESSAGE_SIZE) };
  bench.store = wt_mail_store_new_maildir (bench.world, folder, &error);
  if (bench.store == NULL)
    g_error ("%s", error->message);
  gint64 begin = g_get_monotonic_time ();
  bench.until = begin + SECONDS * G_USEC_PER_SEC;
  for (guint i = 0; i < parallel; i++)
    wt_world_call (bench.world, deliver_next, &bench);
  wt_live_world_start (bench.world);
  do
    g_usleep (1000);
  while (g_get_monotonic_time () < bench.until || g_atomic_int_get (&bench.n_under_way) > 0);
  double seconds = (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC;
  wt_live_world_stop (bench.world, NULL, NULL, 0);
  wt_mail_store_free (bench.store);
  wt_world_free (bench.world);
  g_bytes_unref (bench.message);
  printf ("Maildir, %2u at a time: %.0f deliveries/s, fsynced (%u failed)\n", parallel, bench.n_stored / seconds,
          bench.n_failed);
}

int
main (int argc, char **argv)
{
  g_autofree char *made = argc > 1 ? g_strdup_printf ("%s/wiretalk-bench-XXXXXX", argv[1]) : NULL;
  g_autofree char *dir = made ? g_strdup (g_mkdtemp (made)) : g_dir_make_tmp ("wiretalk-bench-XXXXXX", NULL);
  run (dir, 1);
  run (dir, 20);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", dir);
  return g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL) ? 0 : 1;
}
