/* How many answers an address gets. */
#include "app/hosts/answer-limit.h"

#define SECOND G_GINT64_CONSTANT (1000000000)

/* `asked` requests of one address, evenly from `from` to `until`: how many are answered at a bound of 100 a second? */
static const struct {
  const char *name;
  double from, until; /* s */
  guint asked, answered;
} rows[] = {
  { "at once", 5, 5, 1000, 100 },
  { "as many as it may have", 5, 5, 100, 100 },
  { "honest: 90 a second for a minute", 0, 60, 5400, 5400 },
  { "ten times too many for ten seconds", 0, 10, 10000, 1099 }, /* 100 at once, and 100 each second */
};

static void
test_rate (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (WtAnswerLimit) limit = wt_answer_limit_new (100);
  guint answered = 0;
  for (guint n = 0; n < rows[i].asked; n++)
    {
      double seconds = rows[i].from + (rows[i].until - rows[i].from) * n / rows[i].asked;
      answered += wt_answer_limit_take (limit, seconds * SECOND, 0x0a000001);
    }
  g_assert_cmpuint (answered, ==, rows[i].answered);
}

/* What one gets is not taken from another; and it comes again. */
static void
test_sources (void)
{
  g_autoptr (WtAnswerLimit) limit = wt_answer_limit_new (2);
  for (guint32 ip = 1; ip <= 3; ip++)
    for (guint n = 0; n < 4; n++)
      g_assert_true (wt_answer_limit_take (limit, 0, ip) == (n < 2));
  g_assert_false (wt_answer_limit_take (limit, SECOND / 4, 1));
  g_assert_true (wt_answer_limit_take (limit, SECOND / 2, 1));
}

/* More addresses than are remembered share one bucket; those that were known keep theirs; when they have been silent,
 * new ones get their own again. */
static void
test_many_sources (void)
{
  g_autoptr (WtAnswerLimit) limit = wt_answer_limit_new (2);
  guint answered = 0;
  for (guint32 ip = 1; ip <= WT_ANSWER_SOURCES_MAX; ip++)
    g_assert_true (wt_answer_limit_take (limit, 0, ip));
  for (guint32 ip = 1; ip <= 1000; ip++)
    answered += wt_answer_limit_take (limit, 0, 0x0a000000 + ip);
  g_assert_cmpuint (answered, ==, 2);
  g_assert_true (wt_answer_limit_take (limit, 0, 1));
  answered = 0;
  for (guint32 ip = 1; ip <= 1000; ip++)
    answered += wt_answer_limit_take (limit, 3 * SECOND, 0x0a000000 + ip);
  g_assert_cmpuint (answered, ==, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/answer-limit/", rows[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_rate);
    }
  g_test_add_func ("/answer-limit/sources", test_sources);
  g_test_add_func ("/answer-limit/many-sources", test_many_sources);
  return g_test_run ();
}
