/* Mailboxes of every kind of store: folders, UIDs, flags, who is told of what. Each test is a script against an
 * account, for memory and for Maildir. */
#include "app/hosts/mail-store.h"
#include "app/world/sim-world.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  WtTrace *trace;
  WtWorld *world;
  WtMailStore *store;
  gboolean maildir;
  char *dir;
  WtMailAccount *account;
  gboolean done; /* what was waited for */
  GError *error;
  WtMailbox *opened;
  GString *said; /* what callbacks told */
  guint32 uid, uid_validity;
} Fixture;

static void
open_store (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  if (self->store == NULL)
    self->store =
        self->maildir ? wt_mail_store_new_maildir (self->world, self->dir, &error) : wt_mail_store_new_memory ();
  g_assert_no_error (error);
  self->account = wt_mail_account_new (self->store, "mail.example.org", "alice", 7);
}

static void
fixture_open (Fixture *self, const char *kind)
{
  *self = (Fixture){ .trace = wt_trace_new (), .said = g_string_new (""), .maildir = strcmp (kind, "maildir") == 0 };
  self->world = wt_sim_world_new (self->trace, 1, G_GINT64_CONSTANT (1700000000000000));
  self->dir = g_dir_make_tmp ("wiretalk-mailbox-XXXXXX", NULL);
  open_store (self);
}

/* What the store's threads have said to the world is heard before the store goes. */
static void
settle (Fixture *self)
{
  for (guint i = 0; self->maildir && i < 10; i++)
    {
      while (wt_sim_world_run_one (self->world))
        i = 0;
      g_usleep (1000);
    }
}

static void
close_all (Fixture *self)
{
  g_clear_pointer (&self->account, wt_mail_account_free);
  settle (self);
  if (self->maildir)
    g_clear_pointer (&self->store, wt_mail_store_free);
}

/* What a second run of the program finds: of a store in memory, what it kept. */
static void
reopen (Fixture *self)
{
  close_all (self);
  open_store (self);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      if (g_file_test (inner, G_FILE_TEST_IS_DIR))
        remove_all (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

static void
fixture_close (Fixture *self)
{
  close_all (self);
  wt_mail_store_free (self->store);
  wt_world_free (self->world);
  wt_trace_unref (self->trace);
  remove_all (self->dir);
  g_free (self->dir);
  g_clear_error (&self->error);
  g_string_free (self->said, TRUE);
}

/* --- asking and waiting ------------------------------------------------------------------------------------------- */

static void
await (Fixture *self)
{
  for (guint i = 0; !self->done; i++)
    {
      g_assert_cmpuint (i, <, 100000);
      if (!wt_sim_world_run_one (self->world))
        g_usleep (100);
    }
  self->done = FALSE;
}

static void
finish (Fixture *self, const GError *error)
{
  g_assert_false (self->done);
  self->done = TRUE;
  g_clear_error (&self->error);
  self->error = error ? g_error_copy (error) : NULL;
}

static void
on_account_done (const GError *error, gpointer user_data)
{
  finish (user_data, error);
}

static void
on_box_done (WtMailbox *box, const GError *error, gpointer user_data)
{
  finish (user_data, error);
}

static void
on_opened (WtMailbox *box, const GError *error, gpointer user_data)
{
  ((Fixture *) user_data)->opened = box;
  finish (user_data, error);
}

static void
on_stored (const char *id, const GError *error, gpointer user_data)
{
  finish (user_data, error);
}

static void
on_appended (guint32 uid_validity, guint32 uid, const GError *error, gpointer user_data)
{
  Fixture *self = user_data;
  self->uid = uid;
  self->uid_validity = uid_validity;
  finish (self, error);
}

static void
on_copied (WtMailbox *box, guint32 uid_validity, const guint32 *from, const guint32 *to, guint n, const GError *error,
           gpointer user_data)
{
  Fixture *self = user_data;
  g_string_truncate (self->said, 0);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (self->said, "%u>%u ", from[i], to[i]);
  finish (self, error);
}

static void
on_listed (GPtrArray *folders, const GError *error, gpointer user_data)
{
  Fixture *self = user_data;
  g_string_truncate (self->said, 0);
  for (guint i = 0; folders && i < folders->len; i++)
    {
      const WtMailFolder *row = g_ptr_array_index (folders, i);
      g_string_append_printf (self->said, "%s%s%s%s ", row->name, row->exists ? "" : "?", row->subscribed ? "*" : "",
                              row->has_children ? "/" : "");
    }
  finish (self, error);
}

static void
on_read (WtMailbox *box, guint32 uid, GBytes *message, const GError *error, gpointer user_data)
{
  Fixture *self = user_data;
  gsize n = 0;
  const char *text = message ? g_bytes_get_data (message, &n) : "-";
  g_string_append_printf (self->said, "%u=%.*s|", uid, message ? (int) n : 1, text);
  if (--self->uid == 0)
    finish (self, error);
}

static void
on_changed (WtMailbox *box, const WtMailboxChange *change, gpointer user_data)
{
  static const char *const names[] = { "added", "flags", "expunged", "gone" };
  g_string_append_printf (user_data, "%s %u by %u; ", names[change->type], change->item ? change->item->uid : 0,
                          change->by);
}

static void
deliver (Fixture *self, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  wt_mail_store_deliver (self->store, "mail.example.org", "alice", bytes, 1700000000, on_stored, self);
  await (self);
  g_assert_no_error (self->error);
}

static WtMailbox *
open_box (Fixture *self, const char *name)
{
  wt_mailbox_open (self->account, name, on_opened, self);
  await (self);
  return g_steal_pointer (&self->opened);
}

static void
append (Fixture *self, const char *folder, const char *text, guint32 flags, const char *const *keywords)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  wt_mail_account_append (self->account, folder, bytes, flags, keywords, 1600000000, on_appended, self);
  await (self);
}

static void
create (Fixture *self, const char *name)
{
  wt_mail_account_create_folder (self->account, name, on_account_done, self);
  await (self);
}

static void
assert_list (Fixture *self, const char *expected)
{
  wt_mail_account_list (self->account, on_listed, self);
  await (self);
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->said->str, ==, expected);
}

static void
assert_read (Fixture *self, WtMailbox *box, const guint32 *uids, guint n, const char *expected)
{
  self->uid = n;
  g_string_truncate (self->said, 0);
  wt_mailbox_read (box, uids, n, on_read, self);
  await (self);
  g_assert_cmpstr (self->said->str, ==, expected);
}

/* "1:0x1 2:0x0 " */
static void
assert_items (WtMailbox *box, const char *expected)
{
  g_autoptr (GString) items = g_string_new ("");
  for (guint i = 0; i < wt_mailbox_n_items (box); i++)
    {
      const WtMailItem *item = wt_mailbox_item (box, i);
      g_string_append_printf (items, "%u:%x ", item->uid, item->flags);
    }
  g_assert_cmpstr (items->str, ==, expected);
}

#define MAIL(n) "Subject: " #n "\r\n\r\n" #n "\r\n"
#define UIDS(...) (const guint32[]){ __VA_ARGS__ }, sizeof ((const guint32[]){ __VA_ARGS__ }) / sizeof (guint32)

/* --- the tests ---------------------------------------------------------------------------------------------------- */

static void
test_inbox (gconstpointer kind)
{
  Fixture self;
  fixture_open (&self, kind);
  deliver (&self, MAIL (1));
  deliver (&self, "." MAIL (2));
  WtMailbox *box = open_box (&self, "inbox");
  g_assert_cmpstr (wt_mailbox_name (box), ==, "INBOX");
  assert_items (box, "1:0 2:0 ");
  g_assert_cmpuint (wt_mailbox_item (box, 0)->size, ==, strlen (MAIL (1)));
  g_assert_cmpint (wt_mailbox_item (box, 0)->date, ==, 1700000000);
  g_assert_cmpuint (wt_mailbox_uid_next (box), ==, 3);
  assert_read (&self, box, UIDS (2, 1, 9), "2=." MAIL (2) "|1=" MAIL (1) "|9=-|");
  wt_mailbox_close (box);
  box = open_box (&self, "INBOX"); /* who has not claimed them leaves them recent, whoever opened the folder */
  g_assert_cmpuint (wt_mailbox_first_recent (box), ==, 1);
  g_assert_cmpuint (wt_mailbox_claim_recent (box), ==, 1);
  g_assert_cmpuint (wt_mailbox_claim_recent (box), ==, 3);
  guint32 validity = wt_mailbox_uid_validity (box);
  reopen (&self);
  deliver (&self, MAIL (3));
  box = open_box (&self, "INBOX");
  assert_items (box, "1:0 2:0 3:0 ");
  g_assert_cmpuint (wt_mailbox_uid_validity (box), ==, validity);
  g_assert_cmpuint (wt_mailbox_claim_recent (box), ==, 3);
  wt_mailbox_close (box);
  box = open_box (&self, "INBOX");
  g_assert_cmpuint (wt_mailbox_first_recent (box), ==, 4);
  fixture_close (&self);
}

static void
test_changes (gconstpointer kind)
{
  Fixture self;
  g_autoptr (GString) heard = g_string_new ("");
  fixture_open (&self, kind);
  deliver (&self, MAIL (1));
  WtMailbox *box = open_box (&self, "INBOX"), *other = open_box (&self, "INBOX");
  wt_mailbox_watch (other, on_changed, heard);
  deliver (&self, MAIL (2));
  for (guint i = 0; i < 1000 && wt_mailbox_n_items (box) < 2; i++)
    if (!wt_sim_world_run_one (self.world))
      g_usleep (1000);
  guint64 modseq = wt_mailbox_modseq (box);
  wt_mailbox_set_flags (box, UIDS (1, 2, 5), WT_MAIL_FLAGS_ADD, WT_MAIL_SEEN, on_box_done, &self);
  await (&self);
  wt_mailbox_set_flags (box, UIDS (1), WT_MAIL_FLAGS_ADD, WT_MAIL_SEEN, on_box_done, &self); /* nothing new */
  await (&self);
  wt_mailbox_set_flags (box, UIDS (1), WT_MAIL_FLAGS_REPLACE, WT_MAIL_DELETED | WT_MAIL_DRAFT, on_box_done, &self);
  await (&self);
  g_assert_cmpuint (wt_mailbox_modseq (box), >, modseq);
  wt_mailbox_expunge (box, UIDS (1, 7), on_box_done, &self);
  await (&self);
  g_assert_no_error (self.error);
  g_assert_cmpstr (heard->str, ==, "added 2 by 0; flags 1 by 7; flags 2 by 7; flags 1 by 7; expunged 1 by 7; ");
  assert_items (other, "2:1 ");
  reopen (&self);
  box = open_box (&self, "INBOX");
  assert_items (box, "2:1 ");
  g_assert_cmpuint (wt_mailbox_uid_next (box), ==, 3);
  g_autoptr (GArray) vanished = wt_mailbox_vanished (box, modseq, NULL);
  g_assert_cmpuint (vanished->len, ==, 1);
  fixture_close (&self);
}

static void
test_last_uid_is_not_given_again (gconstpointer kind)
{
  Fixture self;
  fixture_open (&self, kind);
  deliver (&self, MAIL (1));
  WtMailbox *box = open_box (&self, "INBOX");
  wt_mailbox_expunge (box, UIDS (1), on_box_done, &self);
  await (&self);
  reopen (&self);
  deliver (&self, MAIL (2));
  box = open_box (&self, "INBOX");
  assert_items (box, "2:0 ");
  fixture_close (&self);
}

static void
test_folders (gconstpointer kind)
{
  static const char *const bad[] = { "", "a//b", "../x", "a/./b", "a\nb", "INBOX", "inbox/" };
  Fixture self;
  fixture_open (&self, kind);
  assert_list (&self, "INBOX ");
  create (&self, "Work/2026/");
  g_assert_no_error (self.error);
  create (&self, "Entw\xc3\xbcrfe.neu %x");
  create (&self, "inBox/Lists");
  create (&self, "Work/2026");
  g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_EXISTS);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      create (&self, bad[i]);
      g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NAME);
    }
  wt_mail_account_subscribe (self.account, "Work/2026", TRUE, on_account_done, &self);
  await (&self);
  wt_mail_account_subscribe (self.account, "Gone", TRUE, on_account_done, &self);
  await (&self);
  reopen (&self);
  assert_list (&self, "INBOX/ Entw\xc3\xbcrfe.neu %x Gone?* INBOX/Lists Work?/ Work/2026* ");
  wt_mail_account_subscribe (self.account, "Gone", FALSE, on_account_done, &self);
  await (&self);
  wt_mail_account_delete_folder (self.account, "Work/2026", on_account_done, &self);
  await (&self);
  g_assert_no_error (self.error);
  wt_mail_account_delete_folder (self.account, "Work/2026", on_account_done, &self);
  await (&self);
  g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NOT_FOUND);
  assert_list (&self, "INBOX/ Entw\xc3\xbcrfe.neu %x INBOX/Lists Work/2026?* ");
  g_assert_null (open_box (&self, "Work/2026"));
  g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NOT_FOUND);
  fixture_close (&self);
}

static void
test_recreated_folder_has_another_validity (gconstpointer kind)
{
  Fixture self;
  fixture_open (&self, kind);
  create (&self, "a");
  append (&self, "a", MAIL (1), 0, NULL);
  guint32 validity = self.uid_validity;
  wt_mail_account_delete_folder (self.account, "a", on_account_done, &self);
  await (&self);
  create (&self, "a");
  WtMailbox *box = open_box (&self, "a");
  g_assert_cmpuint (wt_mailbox_uid_validity (box), !=, validity);
  assert_items (box, "");
  fixture_close (&self);
}

static void
test_rename (gconstpointer kind)
{
  Fixture self;
  g_autoptr (GString) heard = g_string_new ("");
  fixture_open (&self, kind);
  create (&self, "a");
  create (&self, "a/b");
  create (&self, "c");
  append (&self, "a/b", MAIL (1), WT_MAIL_SEEN, NULL);
  guint32 validity = self.uid_validity;
  WtMailbox *held = open_box (&self, "a/b");
  wt_mailbox_watch (held, on_changed, heard);
  wt_mail_account_rename_folder (self.account, "a", "c", on_account_done, &self);
  await (&self);
  g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_EXISTS);
  wt_mail_account_rename_folder (self.account, "a", "a/x", on_account_done, &self);
  await (&self);
  g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NAME);
  wt_mail_account_rename_folder (self.account, "a", "d/e", on_account_done, &self);
  await (&self);
  g_assert_no_error (self.error);
  g_assert_cmpstr (heard->str, ==, "gone 0 by 0; ");
  assert_list (&self, "INBOX c d?/ d/e/ d/e/b ");
  WtMailbox *box = open_box (&self, "d/e/b");
  assert_items (box, "1:1 ");
  g_assert_cmpuint (wt_mailbox_uid_validity (box), ==, validity);
  assert_read (&self, box, UIDS (1), "1=" MAIL (1) "|");
  deliver (&self, MAIL (9));
  wt_mail_account_rename_folder (self.account, "INBOX", "old", on_account_done, &self);
  await (&self);
  g_assert_no_error (self.error);
  assert_list (&self, "INBOX c d?/ d/e/ d/e/b old ");
  assert_read (&self, open_box (&self, "old"), UIDS (1), "1=" MAIL (9) "|");
  assert_items (open_box (&self, "INBOX"), "");
  fixture_close (&self);
}

static void
test_append_and_copy (gconstpointer kind)
{
  static const char *const keywords[] = { "$Label1", "Work", NULL };
  Fixture self;
  fixture_open (&self, kind);
  append (&self, "nowhere", MAIL (1), 0, NULL);
  g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NOT_FOUND);
  create (&self, "Archive");
  append (&self, "INBOX", MAIL (1), WT_MAIL_SEEN | WT_MAIL_FLAGGED, keywords);
  g_assert_cmpuint (self.uid, ==, 1);
  append (&self, "INBOX", MAIL (2), 0, NULL);
  append (&self, "INBOX", MAIL (3), WT_MAIL_ANSWERED, keywords + 1);
  WtMailbox *box = open_box (&self, "INBOX");
  assert_items (box, "1:c5 2:0 3:82 ");
  g_assert_cmpint (wt_mailbox_item (box, 0)->date, ==, 1600000000);
  wt_mailbox_copy (box, UIDS (3, 9, 1), "Archive", FALSE, on_copied, &self);
  await (&self);
  g_assert_cmpstr (self.said->str, ==, "3>1 1>2 ");
  wt_mailbox_copy (box, UIDS (2, 3), "archive", TRUE, on_copied, &self);
  await (&self);
  g_assert_error (self.error, WT_MAILBOX_ERROR, WT_MAILBOX_ERROR_NOT_FOUND);
  wt_mailbox_copy (box, UIDS (2, 3), "Archive", TRUE, on_copied, &self);
  await (&self);
  g_assert_cmpstr (self.said->str, ==, "2>3 3>4 ");
  assert_items (box, "1:c5 ");
  wt_mailbox_copy (box, UIDS (1), "INBOX", FALSE, on_copied, &self); /* onto itself */
  await (&self);
  g_assert_cmpstr (self.said->str, ==, "1>4 ");
  reopen (&self);
  WtMailbox *archive = open_box (&self, "Archive");
  guint n;
  const char *const *names = wt_mailbox_keywords (archive, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (wt_mailbox_item (archive, 0)->flags, ==,
                    WT_MAIL_ANSWERED | wt_mailbox_keyword (archive, "work", FALSE));
  g_assert_true (g_strv_contains (names, "$Label1"));
  assert_read (&self, archive, UIDS (1, 2, 3, 4), "1=" MAIL (3) "|2=" MAIL (1) "|3=" MAIL (2) "|4=" MAIL (3) "|");
  g_assert_cmpint (wt_mailbox_item (archive, 1)->date, ==, 1600000000);
  fixture_close (&self);
}

static void
test_lock_and_close (gconstpointer kind)
{
  Fixture self;
  fixture_open (&self, kind);
  deliver (&self, MAIL (1));
  WtMailbox *box = open_box (&self, "INBOX"), *other = open_box (&self, "INBOX");
  g_assert_true (wt_mailbox_lock (box));
  g_assert_true (wt_mailbox_lock (box));
  g_assert_false (wt_mailbox_lock (other));
  wt_mailbox_close (box);
  g_assert_true (wt_mailbox_lock (other));
  self.uid = 1;
  wt_mailbox_expunge (other, UIDS (1), on_box_done, &self); /* closed before it is done: done, not told */
  if (!self.maildir)
    await (&self);
  wt_mailbox_close (other);
  reopen (&self);
  assert_items (open_box (&self, "INBOX"), "");
  fixture_close (&self);
}

/* More mails than are read at a time, asked for in pieces: before the first piece is there the others are asked for. The last
 * one is in memory already. */
static void
test_reads_that_overlap (gconstpointer kind)
{
  enum { N = 150, FIRST = 80, IN_MEMORY = 3 };
  Fixture self;
  g_autoptr (GString) expected = g_string_new ("");
  guint32 uids[N + IN_MEMORY];
  fixture_open (&self, kind);
  for (guint i = 0; i < N; i++)
    deliver (&self, MAIL (1));
  WtMailbox *box = open_box (&self, "INBOX");
  assert_read (&self, box, UIDS (1, 2, 3), "1=" MAIL (1) "|2=" MAIL (1) "|3=" MAIL (1) "|");
  for (guint i = 0; i < N + IN_MEMORY; i++)
    {
      uids[i] = i < N ? i + 1 : i - N + 1;
      g_string_append_printf (expected, "%u=" MAIL (1) "|", uids[i]);
    }
  self.uid = N + IN_MEMORY;
  g_string_truncate (self.said, 0);
  wt_mailbox_read (box, uids, FIRST, on_read, &self);
  wt_mailbox_read (box, uids + FIRST, N - FIRST, on_read, &self);
  wt_mailbox_read (box, uids + N, IN_MEMORY, on_read, &self);
  await (&self);
  g_assert_cmpstr (self.said->str, ==, expected->str);
  wt_mailbox_close (box);
  fixture_close (&self);
}

static const struct
{
  const char *name;
  GTestDataFunc func;
} tests[] = {
  { "inbox", test_inbox },
  { "changes", test_changes },
  { "reads-that-overlap", test_reads_that_overlap },
  { "last-uid", test_last_uid_is_not_given_again },
  { "folders", test_folders },
  { "validity", test_recreated_folder_has_another_validity },
  { "rename", test_rename },
  { "append-copy", test_append_and_copy },
  { "lock-close", test_lock_and_close },
};

int
main (int argc, char **argv)
{
  static const char *const kinds[] = { "memory", "maildir" };
  g_test_init (&argc, &argv, NULL);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path = g_strdup_printf ("/mailbox/%s/%s", kinds[kind], tests[i].name);
        g_test_add_data_func (path, kinds[kind], tests[i].func);
      }
  return g_test_run ();
}
