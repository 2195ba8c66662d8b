/* What a user's mails take: in all folders, whoever has put them there, and as other programs are told of it. */
#include "app/hosts/maildir-quota.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *dir;
  WtMaildirQuota *quota;
} Fixture;

static void
put (const Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL), *folder = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
take_away (const Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* "1000S|30 2|": what others read, its lines divided by '|'; "-": nothing. */
static char *
told (const Fixture *self)
{
  g_autofree char *path = g_build_filename (self->dir, "maildirsize", NULL);
  char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("-");
  return g_strdelimit (text, "\n", '|');
}

static void
open_fixture (Fixture *self)
{
  self->dir = g_dir_make_tmp ("wiretalk-quota-XXXXXX", NULL);
  self->quota = wt_maildir_quota_new (self->dir);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      remove_all (inner);
    }
  g_remove (path);
}

static void
close_fixture (Fixture *self)
{
  wt_maildir_quota_free (self->quota);
  remove_all (self->dir);
  g_free (self->dir);
}

static const struct
{
  const char *put, *take; /* (nullable) what another program does; the file has ten bytes */
  guint64 usage;
} steps[] = {
  { "cur/1:2,S", NULL, 10 },
  { "new/2,S=500", NULL, 510 },             /* the name says it */
  { ".Work.2026/cur/3:2,", NULL, 520 },     /* a folder of the inbox */
  { ".Work.2026/new/4,S=7,W=8", NULL, 527 },
  { ".Trash/cur/5,S=100:2,T", NULL, 627 },
  { ".Trash/tmp/6", NULL, 627 },            /* is being written */
  { "other/cur/7", NULL, 627 },             /* is no folder of it */
  { "cur/.hidden", NULL, 627 },
  { NULL, "new/2,S=500", 127 },
  { "cur/2,S=500:2,S", ".Trash/cur/5,S=100:2,T", 527 },
  { NULL, ".Work.2026/cur/3:2,", 517 },
};

static void
test_usage (void)
{
  Fixture self;
  open_fixture (&self);
  g_assert_cmpuint (wt_maildir_quota_usage (self.quota, 0), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (steps[i].put)
        put (&self, steps[i].put, "0123456789");
      if (steps[i].take)
        take_away (&self, steps[i].take);
      g_test_message ("step %u", i);
      g_assert_cmpuint (wt_maildir_quota_usage (self.quota, 0), ==, steps[i].usage);
    }
  g_autofree char *nobody = told (&self);
  g_assert_cmpstr (nobody, ==, "-"); /* there is no limit */
  close_fixture (&self);
}

/* What is being delivered counts, and after that once. */
static void
test_delivery (void)
{
  Fixture self;
  open_fixture (&self);
  put (&self, "cur/1,S=100:2,", "");
  g_assert_cmpuint (wt_maildir_quota_usage (self.quota, 1000), ==, 100);
  wt_maildir_quota_begin (self.quota, 60);
  g_assert_cmpuint (wt_maildir_quota_usage (self.quota, 1000), ==, 160);
  put (&self, "new/2,S=50", "");
  wt_maildir_quota_end (self.quota, 60, 50);
  g_autofree char *lines = told (&self);
  g_assert_cmpstr (lines, ==, "1000S|100 1|50 1|");
  g_assert_cmpuint (wt_maildir_quota_usage (self.quota, 1000), ==, 150);
  wt_maildir_quota_begin (self.quota, 60);
  wt_maildir_quota_end (self.quota, 60, 0); /* it was not written */
  g_assert_cmpuint (wt_maildir_quota_usage (self.quota, 1000), ==, 150);
  close_fixture (&self);
}

/* The sum that others go by: right when they have kept to it, and made again when somebody has not. */
static void
test_told (void)
{
  static const struct
  {
    const char *name, *file, *mail; /* file: what stands there, mail: what has come */
    guint64 limit;
    const char *told;
  } rows[] = {
    { "nothing there", NULL, NULL, 1000, "1000S|100 1|" },
    { "right as it is", "1000S\n60 2\n40 -1\n", NULL, 1000, "1000S|60 2|40 -1|" },
    { "another limit", "1000S\n100 1\n", NULL, 2000, "2000S|100 1|" },
    { "an aware program has delivered", "1000S\n100 1\n         9            1\n", "new/2,S=9", 1000,
      "1000S|100 1|         9            1|" },
    { "one that knows nothing of it", "1000S\n100 1\n", "new/2,S=9", 1000, "1000S|109 2|" },
    { "not a sum at all", "\xff\xfe\n\n\n-1 -1 -1", NULL, 1000, "1000S|100 1|" },
    { "with mails counted", "1000S,10C\n100 1\n", NULL, 1000, "1000S|100 1|" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture self;
      open_fixture (&self);
      put (&self, "cur/1,S=100:2,", "");
      if (rows[i].file)
        put (&self, "maildirsize", rows[i].file);
      if (rows[i].mail)
        put (&self, rows[i].mail, "");
      wt_maildir_quota_usage (self.quota, rows[i].limit);
      g_autofree char *lines = told (&self);
      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (lines, ==, rows[i].told);
      wt_maildir_quota_changed (self.dir);
      g_autofree char *none = told (&self);
      g_assert_cmpstr (none, ==, "-");
      close_fixture (&self);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/maildir-quota/usage", test_usage);
  g_test_add_func ("/maildir-quota/delivery", test_delivery);
  g_test_add_func ("/maildir-quota/told", test_told);
  return g_test_run ();
}
