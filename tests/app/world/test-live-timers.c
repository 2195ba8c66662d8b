/* The timer heap: runs in order of due time, equal ones in order of birth, cancelled ones never. */
#include "app/world/live-timers.h"

static void
note_number (gpointer user_data)
{
}

static void
test_order (void)
{
  static const gint64 due[] = { 50, 10, 30, 10, 20, 10, 40 };
  static const guint expected[] = { 1, 3, 5, 4, 2, 6, 0 };
  WtLiveTimers *timers = wt_live_timers_new ();
  WtTimerFunc func;
  gpointer data;
  for (guint i = 0; i < G_N_ELEMENTS (due); i++)
    g_assert_cmpuint (wt_live_timers_add (timers, due[i], note_number, GUINT_TO_POINTER (i)), !=, 0);
  g_assert_cmpint (wt_live_timers_next (timers), ==, 10);
  g_assert_false (wt_live_timers_take (timers, 9, &func, &data));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_true (wt_live_timers_take (timers, 50, &func, &data));
      g_assert_cmpuint (GPOINTER_TO_UINT (data), ==, expected[i]);
    }
  g_assert_cmpint (wt_live_timers_next (timers), ==, G_MAXINT64);
  wt_live_timers_free (timers);
}

/* Against a plain list: many timers, half of them cancelled, some twice or after they ran. */
static void
test_many (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  WtLiveTimers *timers = wt_live_timers_new ();
  guint64 ids[2000];
  gboolean alive[2000];
  gint64 due[2000], last = 0;
  guint n_alive = 0;
  WtTimerFunc func;
  gpointer data;
  for (guint i = 0; i < 2000; i++)
    {
      due[i] = g_rand_int_range (rand, 0, 500);
      ids[i] = wt_live_timers_add (timers, due[i], note_number, GUINT_TO_POINTER (i));
      alive[i] = TRUE;
      guint victim = g_rand_int_range (rand, 0, i + 1);
      if (g_rand_boolean (rand))
        {
          wt_live_timers_cancel (timers, ids[victim]);
          alive[victim] = FALSE;
        }
    }
  for (guint i = 0; i < 2000; i++)
    n_alive += alive[i];
  for (; wt_live_timers_take (timers, 500, &func, &data); n_alive--)
    {
      guint i = GPOINTER_TO_UINT (data);
      g_assert_true (alive[i]);
      alive[i] = FALSE;
      g_assert_cmpint (due[i], >=, last);
      last = due[i];
      wt_live_timers_cancel (timers, ids[i]);
    }
  g_assert_cmpuint (n_alive, ==, 0);
  wt_live_timers_free (timers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live-timers/order", test_order);
  g_test_add_func ("/live-timers/many", test_many);
  return g_test_run ();
}
