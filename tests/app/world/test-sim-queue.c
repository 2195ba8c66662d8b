/* The event queue against a sorted array, and the random source against its authors' figures. */
#include "app/world/sim-queue.h"
#include "app/world/sim-random.h"

#define N_EVENTS 20000

typedef struct {
  gint64 time;
  guint order;
  gboolean cancelled;
  guint64 handle;
} Expected;

static void
nothing (gpointer data)
{
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Expected *x = a, *y = b;
  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

/* `range`: of times (small: many at the same time); `cancel`: that part of a hundred. */
static void
check_order (gint64 range, guint cancel)
{
  WtSimQueue queue;
  WtSimRandom random;
  WtSimQueueEvent event;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Expected));
  wt_sim_queue_init (&queue);
  wt_sim_random_init (&random, range, cancel);
  for (guint i = 0; i < N_EVENTS; i++)
    {
      Expected it = { .time = wt_sim_random_next (&random) % range, .order = i };
      it.handle = wt_sim_queue_push (&queue, it.time, nothing, GUINT_TO_POINTER (i + 1));
      g_assert_cmpuint (it.handle, !=, 0);
      it.cancelled = wt_sim_random_next (&random) % 100 < cancel;
      g_array_append_val (all, it);
    }
  guint left = 0;
  for (guint i = 0; i < N_EVENTS; i++)
    {
      Expected *it = &g_array_index (all, Expected, i);
      left += !it->cancelled;
      if (it->cancelled)
        wt_sim_queue_cancel (&queue, it->handle);
    }
  g_assert_cmpuint (wt_sim_queue_length (&queue), ==, left);
  g_array_sort (all, compare);
  for (guint i = 0; i < N_EVENTS; i++)
    {
      Expected *it = &g_array_index (all, Expected, i);
      if (it->cancelled)
        continue;
      g_assert_cmpint (wt_sim_queue_next_time (&queue), ==, it->time);
      g_assert_true (wt_sim_queue_pop (&queue, &event));
      g_assert_cmpint (event.time, ==, it->time);
      g_assert_cmpuint (GPOINTER_TO_UINT (event.data), ==, it->order + 1);
    }
  g_assert_false (wt_sim_queue_pop (&queue, &event));
  g_assert_cmpint (wt_sim_queue_next_time (&queue), ==, G_MAXINT64);
  wt_sim_queue_clear (&queue);
}

static void
test_order (void)
{
  static const gint64 ranges[] = { 1, 10, 1000, G_GINT64_CONSTANT (1000000000000) };
  static const guint cancels[] = { 0, 10, 60, 100 };
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    for (guint k = 0; k < G_N_ELEMENTS (cancels); k++)
      check_order (ranges[i], cancels[k]);
}

/* A handle of an event that has been taken or cancelled does nothing to the one that has its slot now. */
static void
test_stale_handles (void)
{
  WtSimQueue queue;
  WtSimQueueEvent event;
  wt_sim_queue_init (&queue);
  guint64 first = wt_sim_queue_push (&queue, 1, nothing, NULL);
  g_assert_true (wt_sim_queue_pop (&queue, &event));
  wt_sim_queue_push (&queue, 2, nothing, NULL);
  wt_sim_queue_cancel (&queue, first);
  wt_sim_queue_cancel (&queue, 0);
  wt_sim_queue_cancel (&queue, 12345);
  g_assert_true (wt_sim_queue_pop (&queue, &event));
  g_assert_cmpint (event.time, ==, 2);
  guint64 second = wt_sim_queue_push (&queue, 3, nothing, NULL);
  wt_sim_queue_cancel (&queue, second);
  wt_sim_queue_cancel (&queue, second);
  g_assert_cmpuint (wt_sim_queue_length (&queue), ==, 0);
  g_assert_false (wt_sim_queue_pop (&queue, &event));
  wt_sim_queue_clear (&queue);
}

/* A timer that is set and cancelled again and again does not fill the queue. */
static void
test_cancelled_leave (void)
{
  WtSimQueue queue;
  wt_sim_queue_init (&queue);
  for (guint i = 0; i < 100000; i++)
    wt_sim_queue_cancel (&queue, wt_sim_queue_push (&queue, 1000000 + i, nothing, NULL));
  g_assert_cmpuint (queue.capacity, <=, 256);
  g_assert_cmpuint (queue.slot_capacity, <=, 256);
  wt_sim_queue_clear (&queue);
}

static void
test_reference (void)
{
  static const guint64 expected[] = { 11520, 0, 1509978240, G_GUINT64_CONSTANT (1215971899390074240),
                                      G_GUINT64_CONSTANT (1216172134540287360) };
  WtSimRandom random = { { 1, 2, 3, 4 } };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (wt_sim_random_next (&random), ==, expected[i]);
}

static void
test_streams (void)
{
  WtSimRandom a, again, stream, seed;
  wt_sim_random_init (&a, 7, 1);
  wt_sim_random_init (&again, 7, 1);
  wt_sim_random_init (&stream, 7, 2);
  wt_sim_random_init (&seed, 8, 1);
  double sum = 0;
  for (guint i = 0; i < 10000; i++)
    {
      guint64 value = wt_sim_random_next (&a);
      g_assert_cmpuint (value, ==, wt_sim_random_next (&again));
      g_assert_cmpuint (value, !=, wt_sim_random_next (&stream));
      g_assert_cmpuint (value, !=, wt_sim_random_next (&seed));
      double x = wt_sim_random_double (&a);
      wt_sim_random_next (&again);
      g_assert_true (x >= 0 && x < 1);
      sum += x;
    }
  g_assert_cmpfloat_with_epsilon (sum / 10000, 0.5, 0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world/queue/order", test_order);
  g_test_add_func ("/world/queue/stale-handles", test_stale_handles);
  g_test_add_func ("/world/queue/cancelled-leave", test_cancelled_leave);
  g_test_add_func ("/world/random/reference", test_reference);
  g_test_add_func ("/world/random/streams", test_streams);
  return g_test_run ();
}
