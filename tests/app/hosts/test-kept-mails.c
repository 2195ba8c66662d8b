/* Mails that stay in memory: which of them, and how many. */
#include "app/hosts/kept-mails.h"

#define N 40

static GBytes *
content (gsize n_bytes)
{
  return g_bytes_new_take (g_malloc0 (n_bytes), n_bytes);
}

static void
test_bound (void)
{
  WtKeptMails kept = { 0 };
  WtKeptMail mails[N] = { { 0 } };
  for (guint i = 0; i < N; i++)
    {
      g_autoptr (GBytes) one = content (1024 * 1024);
      wt_kept_mails_add (&kept, &mails[i], one);
      g_autoptr (GBytes) first = wt_kept_mail_read (&mails[0]); /* so it is never the one to go */
      g_assert_nonnull (first);
      g_assert_cmpuint (kept.n_bytes, <=, WT_KEPT_MAILS_MAX);
    }
  g_assert_null (mails[1].content);
  g_assert_nonnull (mails[N - 1].content);
  wt_kept_mail_clear (&mails[0]);
  g_assert_cmpuint (kept.n_bytes, ==, (kept.used.length) * 1024 * 1024);
  wt_kept_mails_clear (&kept);
  g_assert_cmpuint (kept.n_bytes, ==, 0);
  for (guint i = 0; i < N; i++)
    g_assert_null (mails[i].content);
}

static void
test_too_large (void)
{
  WtKeptMails kept = { 0 };
  WtKeptMail small = { 0 }, large = { 0 };
  g_autoptr (GBytes) little = content (10), much = content (WT_KEPT_MAILS_MAX + 1);
  wt_kept_mails_add (&kept, &small, little);
  wt_kept_mails_add (&kept, &large, much);
  g_assert_nonnull (small.content);
  g_assert_null (large.content);
  wt_kept_mails_clear (&kept);
}

/* What is in memory for good is not kept, and does not count. */
static void
test_for_good (void)
{
  WtKeptMails kept = { 0 };
  WtKeptMail mail = { .content = content (10) };
  g_autoptr (GBytes) other = content (20), read = wt_kept_mail_read (&mail);
  wt_kept_mails_add (&kept, &mail, other);
  g_assert_cmpuint (kept.n_bytes, ==, 0);
  g_assert_true (read == mail.content);
  wt_kept_mails_clear (&kept);
  g_assert_nonnull (mail.content);
  wt_kept_mail_clear (&mail);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kept-mails/bound", test_bound);
  g_test_add_func ("/kept-mails/too-large", test_too_large);
  g_test_add_func ("/kept-mails/for-good", test_for_good);
  return g_test_run ();
}
