/* Works on a Maildir store until it is killed, and says on stdout what the store has promised; maildir-kill9.py checks it.
 *
 *   maildir-work deliver DIR [N]   delivers mails and changes queue entries (for ever, or N times each)
 *   maildir-work load DIR          lists the queue
 *
 * A promise is one line in one write(2): "mail NAME", "queue ID VERSION", "removing ID". */
#include "app/hosts/mail-store.h"
#include "app/world/live-world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST "mail.example.org"
#define PARALLEL 8

typedef struct {
  WtWorld *world;
  WtMailStore *store;
  guint n_deliveries, n_puts, limit; /* limit 0: none */
  gint n_running;                    /* atomic */
  gint n_failed;
} Work;

static void
promise (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
promise (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *line = g_strdup_vprintf (format, args);
  va_end (args);
  if (write (STDOUT_FILENO, line, strlen (line)) < 0)
    exit (1);
}

/* A mail that tells by itself whether it is whole. */
static GBytes *
make_mail (guint n)
{
  g_autoptr (GString) body = g_string_new (NULL);
  for (guint i = 0; i < n % 100; i++)
    g_string_append_printf (body, "%u: the quick brown fox jumps over the lazy dog, %u\n", n, i);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body->str, body->len);
  GString *mail = g_string_new (NULL);
  g_string_append_printf (mail, "Subject: %u\nX-Sum: %s\n\n%s", n, sum, body->str);
  g_string_replace (mail, "\n", "\r\n", 0);
  return g_string_free_to_bytes (mail);
}

static void
failed (Work *work, const GError *error)
{
  g_atomic_int_inc (&work->n_failed);
  g_autofree char *line = g_strdup_printf ("failed %s %d\n", error->message,
                                           g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC));
  promise ("%s", line);
}

/* --- mails ---------------------------------------------------------------------------------------------------------- */

static void deliver_next (gpointer user_data);

static void
on_delivered (const char *id, const GError *error, gpointer user_data)
{
  if (error)
    failed (user_data, error);
  else
    promise ("mail %s\n", id);
  g_atomic_int_add (&((Work *) user_data)->n_running, -1);
  deliver_next (user_data);
}

static void
deliver_next (gpointer user_data)
{
  Work *work = user_data;
  if (work->limit && work->n_deliveries >= work->limit)
    return;
  g_atomic_int_inc (&work->n_running);
  g_autoptr (GBytes) mail = make_mail (work->n_deliveries++);
  wt_mail_store_deliver (work->store, HOST, "alice", mail, 0, on_delivered, work);
}

/* --- queue ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  Work *work;
  guint id, version;
} Put;

static void put_next (gpointer user_data);

static void
on_put (const char *id, const GError *error, gpointer user_data)
{
  Put *put = user_data;
  Work *work = put->work;
  if (error)
    failed (work, error);
  else
    promise ("queue %u %u\n", put->id, put->version);
  if (error == NULL && put->version == 2 && put->id % 2)
    {
      promise ("removing %u\n", put->id);
      wt_mail_store_queue_remove (work->store, HOST, id);
    }
  g_free (put);
  g_atomic_int_add (&work->n_running, -1);
  put_next (work);
}

/* Each entry three times, its envelope being the version. */
static void
put_next (gpointer user_data)
{
  Work *work = user_data;
  if (work->limit && work->n_puts >= work->limit)
    return;
  g_atomic_int_inc (&work->n_running);
  Put *put = g_new (Put, 1);
  *put = (Put){ work, work->n_puts / 3, work->n_puts % 3 };
  work->n_puts++;
  g_autofree char *id = g_strdup_printf ("%u", put->id), *version = g_strdup_printf ("%u", put->version);
  g_autoptr (GBytes) envelope = g_bytes_new (version, strlen (version));
  g_autoptr (GBytes) mail = make_mail (put->id);
  wt_mail_store_queue_put (work->store, HOST, id, envelope, mail, on_put, put);
}

static void
on_entry (const char *id, GBytes *envelope, GBytes *message, gpointer user_data)
{
  gsize n_envelope;
  const char *version = g_bytes_get_data (envelope, &n_envelope);
  g_autoptr (GBytes) right = make_mail (strtoul (id, NULL, 10));
  promise ("entry %s %.*s %s\n", id, (int) n_envelope, version, g_bytes_equal (message, right) ? "whole" : "damaged");
}

/* --- the program ---------------------------------------------------------------------------------------------------- */

static void
run (Work *work)
{
  for (guint i = 0; i < PARALLEL; i++)
    wt_world_call (work->world, deliver_next, work);
  wt_world_call (work->world, put_next, work);
  wt_live_world_start (work->world);
  do
    g_usleep (1000);
  while (work->limit == 0 || g_atomic_int_get (&work->n_running) > 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (GError) error = NULL;
  WtLiveConfig config;
  wt_live_config_defaults (&config);
  if (argc < 3)
    return 2;
  Work work = { .world = wt_live_world_new (trace, &config), .limit = argc > 3 ? strtoul (argv[3], NULL, 10) : 0 };
  work.store = wt_mail_store_new_maildir (work.world, argv[2], &error);
  if (work.store && strcmp (argv[1], "load") == 0)
    wt_mail_store_queue_load (work.store, HOST, on_entry, NULL, &error);
  else if (work.store)
    run (&work);
  if (error)
    fprintf (stderr, "%s\n", error->message);
  wt_live_world_stop (work.world, NULL, NULL, 0);
  if (work.store)
    wt_mail_store_free (work.store);
  wt_world_free (work.world);
  return error ? 1 : 0;
}
