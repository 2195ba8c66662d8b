/* The trace: what is written can be read, by any thread, while it is written. */
#include "app/trace/step.h"
#include "app/trace/trace.h"

#include <string.h>

static guint32
add_entity (WtTrace *trace, WtEntityKind kind, guint32 parent, const char *name)
{
  return wt_trace_add_entity (trace, &(WtEntity){ .kind = kind, .parent = parent, .name = name });
}

static guint32
add (WtTrace *trace, WtEventKind kind, gint64 time, guint32 entity, guint32 value, guint8 flags)
{
  return wt_trace_append (trace, &(WtEvent){ .kind = kind,
                                             .time = time,
                                             .other_time = time,
                                             .entity = entity,
                                             .value = value,
                                             .flags = flags,
                                             .ref = WT_EVENT_NO_REF });
}

static void
test_entities (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  char name[] = "alice";
  guint32 alice = add_entity (trace, WT_ENTITY_NODE, 0, name);
  name[0] = 'x'; /* the trace has its own copy */
  guint32 inbox = add_entity (trace, WT_ENTITY_MAILBOX, alice, "bob"),
          other = add_entity (trace, WT_ENTITY_QUEUE, alice, "bob");
  g_assert_cmpuint (alice, ==, 1);
  g_assert_cmpstr (wt_trace_entity (trace, alice)->name, ==, "alice");
  g_assert_cmpuint (wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, "alice"), ==, alice);
  g_assert_cmpuint (wt_trace_find_entity (trace, WT_ENTITY_QUEUE, 0, "bob"), ==, other);
  g_assert_cmpuint (wt_trace_find_entity (trace, WT_ENTITY_MAILBOX, alice, "bob"), ==, inbox);
  g_assert_cmpuint (wt_trace_find_entity (trace, WT_ENTITY_MAILBOX, inbox, "bob"), ==, 0);
  g_assert_cmpuint (wt_trace_n_children (trace, alice), ==, 2);
  g_assert_cmpuint (wt_trace_child (trace, alice, 1), ==, other);
  g_assert_cmpuint (wt_trace_child (trace, alice, 2), ==, 0);
  g_assert_null (wt_trace_entity (trace, 0));
  g_assert_null (wt_trace_entity (trace, 4));
  add (trace, WT_EVENT_NODE, 0, alice, 1, 0);
  g_assert_cmpuint (wt_trace_entity (trace, add_entity (trace, WT_ENTITY_NODE, 0, NULL))->born, ==, 1);
}

static void
test_items (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  guint32 mailbox = add_entity (trace, WT_ENTITY_MAILBOX, 0, "bob"),
          item = add_entity (trace, WT_ENTITY_ITEM, mailbox, "1");
  add (trace, WT_EVENT_STORE, 10, item, WT_STORE_ADDED, 0);
  add (trace, WT_EVENT_STORE, 20, item, WT_STORE_CHANGED, 0);
  add (trace, WT_EVENT_STORE, 30, item, WT_STORE_REMOVED, 0);
  const gboolean present[] = { FALSE, TRUE, TRUE, FALSE };
  for (guint n = 0; n < G_N_ELEMENTS (present); n++)
    g_assert_cmpint (wt_trace_item_present (trace, item, n), ==, present[n]);
  g_assert_false (wt_trace_item_present (trace, mailbox, 3));
  g_assert_cmpuint (wt_trace_last (trace, item, WT_EVENT_STORE, 2)->value, ==, WT_STORE_CHANGED);
  g_assert_null (wt_trace_last (trace, item, WT_EVENT_STATE, 3));
}

/* One event of each sort; which lists it is in, and whether in its entity's history. */
static const struct
{
  WtEventKind kind;
  guint8 flags;
  const char *lists; /* first letters: Messages, Exchanges, Phases, pacKets, Notes */
  gboolean history;
} sorts[] = {
  { WT_EVENT_PACKET, 0, "", FALSE },
  { WT_EVENT_PACKET, WT_EVENT_LAST_HOP, "k", FALSE },
  { WT_EVENT_PACKET, WT_EVENT_LOST, "k", FALSE },
  { WT_EVENT_PACKET, WT_EVENT_QUEUE_FULL, "k", FALSE },
  { WT_EVENT_CONNECTION, 0, "p", TRUE },
  { WT_EVENT_MESSAGE, 0, "m", TRUE },
  { WT_EVENT_MESSAGE, WT_EVENT_FINAL, "me", TRUE },
  { WT_EVENT_STATE, 0, "p", TRUE },
  { WT_EVENT_STORE, 0, "n", TRUE },
  { WT_EVENT_LINK, 0, "p", TRUE },
  { WT_EVENT_NODE, 0, "p", TRUE },
  { WT_EVENT_NOTE, 0, "n", TRUE },
};

static void
test_lists (void)
{
  static const char letters[WT_N_LISTS + 1] = "mepkn";
  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      g_autoptr (WtTrace) trace = wt_trace_new ();
      guint32 entity = add_entity (trace, WT_ENTITY_NODE, 0, "x");
      guint32 n = add (trace, sorts[i].kind, 0, entity, 0, sorts[i].flags);
      g_test_message ("row %u", i);
      for (guint list = 0; list < WT_N_LISTS; list++)
        g_assert_cmpuint (wt_trace_list_length (trace, list), ==, strchr (sorts[i].lists, letters[list]) != NULL);
      g_assert_cmpuint (wt_trace_history_length (trace, entity), ==, sorts[i].history);
      g_assert_cmpuint (wt_trace_history_nth (trace, entity, 0), ==, sorts[i].history ? n : WT_EVENT_NO_REF);
    }
}

#define MANY 100000

/* Across many chunks; every third event is a message. */
static WtTrace *
long_trace (void)
{
  WtTrace *trace = wt_trace_new ();
  guint32 entity = add_entity (trace, WT_ENTITY_CONVERSATION, 0, "");
  for (guint i = 0; i < MANY; i++)
    add (trace, i % 3 == 0 ? WT_EVENT_MESSAGE : WT_EVENT_NOTE, i / 2 * 10, entity, i, i % 6 == 0 ? WT_EVENT_FINAL : 0);
  return trace;
}

static void
test_long (void)
{
  g_autoptr (WtTrace) trace = long_trace ();
  g_assert_cmpuint (wt_trace_length (trace), ==, MANY);
  g_assert_cmpuint (wt_trace_list_length (trace, WT_LIST_MESSAGES), ==, (MANY + 2) / 3);
  for (guint i = 0; i < MANY; i += 97)
    {
      g_assert_cmpuint (wt_trace_event (trace, i)->value, ==, i);
      g_assert_cmpuint (wt_trace_list_before (trace, WT_LIST_MESSAGES, i), ==, (i + 2) / 3);
      g_assert_cmpuint (wt_trace_history_before (trace, 1, i), ==, i);
      g_assert_cmpuint (wt_trace_at_time (trace, i / 2 * 10), ==, MIN (i / 2 * 2 + 2, MANY));
      g_assert_cmpint (wt_trace_time_at (trace, i + 1), ==, i / 2 * 10);
    }
  g_assert_cmpuint (wt_trace_list_nth (trace, WT_LIST_EXCHANGES, 100), ==, 600);
  g_assert_cmpuint (wt_trace_at_time (trace, -1), ==, 0);
  g_assert_cmpint (wt_trace_time_at (trace, 0), ==, 0);
  g_assert_cmpint (wt_trace_event (trace, MANY)->kind, ==, WT_EVENT_GONE);
  g_assert_cmpint (wt_trace_end_time (trace), ==, (MANY - 1) / 2 * 10);
}

static void
test_flight (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_PACKET, .time = 5, .other_time = 12 });
  wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_PACKET, .time = 6, .other_time = 7 });
  g_assert_cmpint (wt_trace_longest_flight (trace), ==, 7);
  g_assert_cmpint (wt_trace_end_time (trace), ==, 12);
}

static void
test_note (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  gsize n_bytes;
  guint32 n = wt_trace_note (trace, 5, 1, 2, WT_NOTE_ERROR, "%s %d", "tries", 3);
  const WtEvent *event = wt_trace_event (trace, n);
  const guint8 *bytes = wt_event_bytes (event, &n_bytes);
  g_assert_cmpmem (bytes, n_bytes, "tries 3", 7);
  g_assert_cmpuint (event->value, ==, WT_NOTE_ERROR);
}

/* A slice never reaches beyond its payload, whatever an event says. */
static void
test_slices (void)
{
  static const struct
  {
    guint32 start, length;
    const char *expected;
  } rows[] = { { 0, 5, "hello" }, { 1, 3, "ell" }, { 3, 9, "lo" },
               { 5, 1, "" },      { 9, 9, "" },    { 1, G_MAXUINT32, "ello" } };
  g_autoptr (GBytes) payload = g_bytes_new_static ("hello", 5);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WtEvent event = { .payload = payload, .payload_start = rows[i].start, .payload_len = rows[i].length };
      gsize n_bytes;
      const guint8 *bytes = wt_event_bytes (&event, &n_bytes);
      g_assert_cmpmem (bytes, n_bytes, rows[i].expected, strlen (rows[i].expected));
    }
}

static char *
hash_of (const char *text, guint32 start, gint64 time)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (GBytes) payload = g_bytes_new (text, strlen (text));
  wt_trace_append (trace, &(WtEvent){ .time = time, .payload = payload, .payload_start = start, .payload_len = 2 });
  return wt_trace_hash (trace);
}

static void
test_hash (void)
{
  g_autofree char *first = hash_of ("ab", 0, 1), *same = hash_of ("xab", 1, 1), *time = hash_of ("ab", 0, 2),
                  *text = hash_of ("ac", 0, 1);
  g_assert_cmpstr (first, ==, same);
  g_assert_cmpstr (first, !=, time);
  g_assert_cmpstr (first, !=, text);
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

/* Forward through everything, then back: the same cursors in the other direction. */
static void
check_there_and_back (WtTrace *trace, WtStepUnit unit)
{
  g_autoptr (GArray) cursors = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 cursor = 0, length = wt_trace_length (trace);
  while (TRUE)
    {
      guint32 next = wt_step_forward (trace, cursor, unit);
      g_array_append_val (cursors, cursor);
      if (next == cursor)
        break;
      g_assert_cmpuint (next, >, cursor);
      cursor = next;
    }
  g_assert_cmpuint (cursor, ==, length);
  for (guint i = cursors->len; i-- > 0;)
    {
      g_assert_cmpuint (cursor, ==, g_array_index (cursors, guint32, i));
      cursor = wt_step_back (trace, cursor, unit);
    }
  g_assert_cmpuint (cursor, ==, 0);
}

static void
test_steps (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_assert_cmpuint (wt_step_forward (trace, 0, WT_STEP_MESSAGE), ==, 0);
  g_assert_cmpuint (wt_step_back (trace, 0, WT_STEP_MESSAGE), ==, 0);
  for (guint i = 0; i < 5000; i++)
    add (trace, g_rand_int_range (rand, WT_EVENT_PACKET, WT_N_EVENT_KINDS), i, 0, 0, g_rand_int_range (rand, 0, 256));
  for (guint unit = 0; unit < WT_N_STEP_UNITS; unit++)
    check_there_and_back (trace, unit);
}

/* From between two steps: forward to the next one's end, back to the last one's end. */
static void
test_between (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  for (guint i = 0; i < 9; i++)
    add (trace, i % 3 == 1 ? WT_EVENT_MESSAGE : WT_EVENT_NOTE, i, 0, 0, 0); /* messages are 1, 4, 7 */
  g_assert_cmpuint (wt_step_forward (trace, 3, WT_STEP_MESSAGE), ==, 5);
  g_assert_cmpuint (wt_step_back (trace, 3, WT_STEP_MESSAGE), ==, 2);
  g_assert_cmpuint (wt_step_back (trace, 5, WT_STEP_MESSAGE), ==, 2);
  g_assert_cmpuint (wt_step_back (trace, 1, WT_STEP_MESSAGE), ==, 0);
  g_assert_cmpuint (wt_step_forward (trace, 8, WT_STEP_MESSAGE), ==, 9);
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

#define WRITTEN 200000

static gpointer
write_many (gpointer user_data)
{
  WtTrace *trace = user_data;
  for (guint i = 0; i < WRITTEN; i++)
    {
      if (i % 100 == 0)
        add_entity (trace, WT_ENTITY_NODE, 0, "node");
      g_autoptr (GBytes) payload = g_bytes_new (&i, sizeof i);
      WtEvent event = { .kind = WT_EVENT_MESSAGE, .time = i, .entity = i / 100 + 1, .value = i, .payload = payload };
      event.payload_len = sizeof i;
      wt_trace_append (trace, &event);
    }
  wt_trace_finish (trace);
  return NULL;
}

static void
check_event (WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);
  gsize n_bytes;
  guint32 number;
  memcpy (&number, wt_event_bytes (event, &n_bytes), sizeof number);
  g_assert_cmpuint (n_bytes, ==, sizeof number);
  g_assert_cmpuint (number, ==, n);
  g_assert_cmpuint (event->value, ==, n);
  g_assert_cmpstr (wt_trace_entity (trace, event->entity)->name, ==, "node");
}

static gpointer
read_many (gpointer user_data)
{
  WtTrace *trace = user_data;
  gboolean finished;
  guint32 seen = 0;
  do
    {
      finished = wt_trace_is_finished (trace);
      guint32 length = wt_trace_length (trace), listed = wt_trace_list_length (trace, WT_LIST_MESSAGES);
      g_assert_cmpuint (length, >=, seen);
      if (length > 0)
        check_event (trace, length - 1);
      if (listed > 0)
        check_event (trace, wt_trace_list_nth (trace, WT_LIST_MESSAGES, listed / 2));
      if (length > 0)
        g_assert_cmpuint (wt_trace_history_before (trace, 1, length), >=, 1);
      g_assert_cmpuint (wt_trace_at_time (trace, length / 2), >=, length / 2);
      seen = length;
    }
  while (!finished);
  g_assert_cmpuint (wt_trace_length (trace), ==, WRITTEN);
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  GThread *readers[3];
  GThread *writer = g_thread_new ("writer", write_many, trace);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    readers[i] = g_thread_new ("reader", read_many, trace);
  g_thread_join (writer);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    g_thread_join (readers[i]);
}

/* --- watch -------------------------------------------------------------------------------------------------------- */

static void
count (gpointer user_data)
{
  ++*(guint *)user_data;
}

static void
test_watch (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  guint n = 0;
  add (trace, WT_EVENT_NODE, 0, 0, 0, 0);
  wt_trace_watch (trace, count, &n);
  g_assert_cmpuint (n, ==, 0);
  add (trace, WT_EVENT_NODE, 0, 0, 0, 0);
  add (trace, WT_EVENT_NODE, 0, 0, 0, 0);
  g_assert_cmpuint (n, ==, 1); /* once, until it is asked for again */
  wt_trace_watch (trace, count, &n);
  wt_trace_finish (trace);
  g_assert_cmpuint (n, ==, 2);
  wt_trace_watch (trace, count, &n);
  wt_trace_watch (trace, NULL, NULL);
  add (trace, WT_EVENT_NODE, 0, 0, 0, 0);
  g_assert_cmpuint (n, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/entities", test_entities);
  g_test_add_func ("/trace/items", test_items);
  g_test_add_func ("/trace/lists", test_lists);
  g_test_add_func ("/trace/long", test_long);
  g_test_add_func ("/trace/flight", test_flight);
  g_test_add_func ("/trace/note", test_note);
  g_test_add_func ("/trace/slices", test_slices);
  g_test_add_func ("/trace/hash", test_hash);
  g_test_add_func ("/trace/steps", test_steps);
  g_test_add_func ("/trace/between", test_between);
  g_test_add_func ("/trace/threads", test_threads);
  g_test_add_func ("/trace/watch", test_watch);
  return g_test_run ();
}
