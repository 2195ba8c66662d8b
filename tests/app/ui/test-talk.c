/* Somebody types at a server while the same client sends a mail: the typed conversation is told from the other. */
#include "app/scenario/simulation.h"
#include "app/ui/talk/talk-dialogue.h"

typedef struct {
  WtSimulation *simulation;
  WtTalk talk;
  GtkTextBuffer *buffer;
} Fixture;

/* Types a line each 100 ms from the second on, at which the scenario's own mail is sent. */
static void
set_up (Fixture *f, gconstpointer data)
{
  const char *const *lines = data;
  g_autofree char *path = g_build_filename (wt_data_dir (), "lessons", "scenarios", "first-mail.scenario", NULL);
  WtScenario *scenario = wt_scenario_load (path, NULL, NULL);
  g_autofree char *server = wt_address_to_string ((WtAddress){ wt_scenario_host (scenario, "mail")->ip, 0 });
  static const char *const tags[] = { "side", "command", "reply", "pending" };

  for (guint i = 0; lines[i]; i++)
    {
      const char *keys[] = { "line", lines[i], "server", server, NULL };
      gint64 time = WT_NSEC_PER_SEC + 1 + i * 100 * WT_NSEC_PER_MSEC;
      WtScenario *more = wt_scenario_with_action (scenario, time, "alice", "talk", keys, NULL);

      g_assert_nonnull (more);
      wt_scenario_unref (scenario);
      scenario = more;
    }
  f->simulation = wt_simulation_new (scenario, 0, NULL);
  wt_simulation_run (f->simulation, G_MAXINT64);
  f->talk.trace = wt_simulation_trace (f->simulation);
  f->talk.scenario = scenario;
  f->talk.client = wt_trace_find_entity (f->talk.trace, WT_ENTITY_NODE, 0, "alice");
  f->talk.server = wt_trace_find_entity (f->talk.trace, WT_ENTITY_NODE, 0, "mail");
  f->talk.port = 25;
  f->buffer = gtk_text_buffer_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    gtk_text_buffer_create_tag (f->buffer, tags[i], NULL, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->buffer);
  wt_simulation_free (f->simulation);
  wt_scenario_unref (f->talk.scenario);
}

static char *
dialogue_at (Fixture *f, gint64 time)
{
  guint32 position = wt_trace_at_time (f->talk.trace, time);
  GtkTextIter start, end;

  wt_talk_write (&f->talk, wt_talk_conversation (&f->talk, position), position, time, f->buffer);
  gtk_text_buffer_get_bounds (f->buffer, &start, &end);
  return gtk_text_buffer_get_text (f->buffer, &start, &end, TRUE);
}

static void
test_dialogue (Fixture *f, gconstpointer data)
{
  static const struct { gint64 ms; const char *text; } rows[] = {
    { 1001, "C: NOOP" },
    { 1090, "S: 220 mail.example.org ESMTP Wiretalk\nC: NOOP" },
    { 1130, "S: 220 mail.example.org ESMTP Wiretalk\nC: NOOP\nS: 250 2.0.0 OK\nC: RSET" },
    { 3000, "S: 220 mail.example.org ESMTP Wiretalk\nC: NOOP\nS: 250 2.0.0 OK\nC: RSET\nS: 250 2.0.0 OK" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = dialogue_at (f, rows[i].ms * WT_NSEC_PER_MSEC);

      g_test_message ("at %" G_GINT64_FORMAT " ms", rows[i].ms);
      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_reply (Fixture *f, gconstpointer data)
{
  guint32 first = wt_talk_reply (&f->talk, wt_trace_at_time (f->talk.trace, WT_NSEC_PER_SEC));
  guint32 second = wt_talk_reply (&f->talk, first + 1), third = wt_talk_reply (&f->talk, second + 1);
  const WtEvent *event = wt_trace_event (f->talk.trace, first);

  g_assert_cmpuint (event->kind, ==, WT_EVENT_MESSAGE);
  g_assert_cmpuint (event->entity, ==, wt_talk_conversation (&f->talk, wt_trace_length (f->talk.trace)));
  g_assert_true (event->flags & WT_EVENT_TO_CLIENT);
  g_assert_cmpuint (second, >, first);
  g_assert_cmpuint (wt_trace_event (f->talk.trace, second)->entity, ==, event->entity);
  g_assert_true (third == WT_EVENT_NO_REF || wt_trace_event (f->talk.trace, third)->kind == WT_EVENT_CONNECTION);
}

static void
test_lines_of_a_mail (Fixture *f, gconstpointer data)
{
  g_autofree char *text = dialogue_at (f, 3 * WT_NSEC_PER_SEC);

  g_assert_nonnull (strstr (text, "\nC: Subject: Hello\nC: \nC: It works."));
}

int
main (int argc, char **argv)
{
  static const char *const commands[] = { "NOOP", "RSET", NULL };
  static const char *const mail[] = { "EHLO alice.example.org", "MAIL FROM:<alice@example.org>", "RCPT TO:<bob@example.org>",
                                      "DATA", "Subject: Hello", "", "It works.", NULL };

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/talk/dialogue", Fixture, commands, set_up, test_dialogue, tear_down);
  g_test_add ("/talk/reply", Fixture, commands, set_up, test_reply, tear_down);
  g_test_add ("/talk/lines-of-a-mail", Fixture, mail, set_up, test_lines_of_a_mail, tear_down);
  return g_test_run ();
}
