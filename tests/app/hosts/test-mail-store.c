/* Mail stores: what was stored is there, whole, once, under a name that stays in its folder. */
#include "app/hosts/mail-store.h"
#include "app/hosts/path-name.h"
#include "app/hosts/queue-file.h"
#include "app/world/live-world.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- a store and what it has said ----------------------------------------------------------------------------------- */

typedef struct {
  WtTrace *trace;
  WtWorld *world;
  WtMailStore *store;
  char *dir;
  GPtrArray *ids;
  char *error;
  GString *loaded; /* "id=envelope/mail " */
} Fixture;

static void
fixture_open (Fixture *self, const char *kind)
{
  g_autoptr (GError) error = NULL;
  WtLiveConfig config;
  wt_live_config_defaults (&config);
  *self = (Fixture){ .trace = wt_trace_new (), .loaded = g_string_new ("") };
  self->world = wt_live_world_new (self->trace, &config);
  self->dir = g_dir_make_tmp ("wiretalk-store-XXXXXX", &error);
  g_assert_no_error (error);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  if (strcmp (kind, "maildir") == 0)
    self->store = wt_mail_store_new_maildir (self->world, self->dir, &error);
  else
    self->store = strcmp (kind, "memory") == 0 ? wt_mail_store_new_memory () : wt_mail_store_new_discard ();
  g_assert_no_error (error);
}

/* Everything under way is done and told. */
static void
finish_store (Fixture *self)
{
  g_clear_pointer (&self->store, wt_mail_store_free);
}

static void
reopen (Fixture *self)
{
  finish_store (self);
  self->store = wt_mail_store_new_maildir (self->world, self->dir, NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
        remove_all (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

static void
fixture_close (Fixture *self)
{
  finish_store (self);
  wt_world_free (self->world);
  wt_trace_unref (self->trace);
  remove_all (self->dir);
  g_free (self->dir);
  g_free (self->error);
  g_ptr_array_unref (self->ids);
  g_string_free (self->loaded, TRUE);
}

static void
stored (const char *id, const GError *error, gpointer user_data)
{
  Fixture *self = user_data;
  g_assert_cmpint (id == NULL, ==, error != NULL);
  g_ptr_array_add (self->ids, g_strdup (id));
  if (error && self->error == NULL)
    self->error = g_strdup (error->message);
}

static void
deliver (Fixture *self, const char *user, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  wt_mail_store_deliver (self->store, "mail.example.org", user, bytes, 0, stored, self);
}

static void
put (Fixture *self, const char *id, const char *envelope, const char *mail)
{
  g_autoptr (GBytes) envelope_bytes = g_bytes_new (envelope, strlen (envelope));
  g_autoptr (GBytes) bytes = g_bytes_new (mail, strlen (mail));
  wt_mail_store_queue_put (self->store, "mail.example.org", id, envelope_bytes, bytes, stored, self);
}

static void
loaded (const char *id, GBytes *envelope, GBytes *message, gpointer user_data)
{
  gsize n_envelope, n_message;
  const char *envelope_text = g_bytes_get_data (envelope, &n_envelope), *text = g_bytes_get_data (message, &n_message);
  g_string_append_printf (user_data, "%s=%.*s/%.*s ", id, (int) n_envelope, envelope_text, (int) n_message, text);
}

/* --- every kind ----------------------------------------------------------------------------------------------------- */

static const char *const kinds[] = { "memory", "discard", "maildir" };

static void
test_deliver (gconstpointer kind)
{
  Fixture self;
  fixture_open (&self, kind);
  for (guint i = 0; i < 50; i++)
    deliver (&self, i % 2 ? "alice" : "bob", "Subject: x\r\n\r\nHello\r\n");
  guint64 usage = wt_mail_store_usage (self.store, "mail.example.org", "alice", 0);
  finish_store (&self);
  g_assert_cmpuint (self.ids->len, ==, 50);
  g_assert_null (self.error);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < 50; i++)
    g_assert_true (g_hash_table_add (names, g_ptr_array_index (self.ids, i)));
  g_assert_cmpuint (usage, ==, strcmp (kind, "discard") == 0 ? 0 : 25 * strlen ("Subject: x\r\n\r\nHello\r\n"));
  fixture_close (&self);
}

static void
test_queue (gconstpointer kind)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self, kind);
  put (&self, "3", "first", "one\r\n");
  put (&self, "1", "a", "two\r\n");
  put (&self, "3", "second", "one\r\n"); /* takes the place of the first */
  put (&self, "2", "gone", "three\r\n");
  wt_mail_store_queue_remove (self.store, "mail.example.org", "2");
  wt_mail_store_queue_remove (self.store, "mail.example.org", "never there");
  if (strcmp (kind, "maildir") == 0)
    reopen (&self);
  g_assert_true (wt_mail_store_queue_load (self.store, "mail.example.org", loaded, self.loaded, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self.loaded->str, ==, "1=a/two\r\n 3=second/one\r\n ");
  g_assert_true (wt_mail_store_queue_load (self.store, "other.example.org", loaded, self.loaded, &error));
  fixture_close (&self);
}

/* --- Maildir -------------------------------------------------------------------------------------------------------- */

static guint
count_files (Fixture *self, const char *user, const char *inner)
{
  g_autofree char *path = g_build_filename (self->dir, "mail.example.org", user, inner, NULL);
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  guint n = 0;
  while (entries && g_dir_read_name (entries))
    n++;
  return n;
}

typedef struct {
  const char *name, *wire, *disk;
} LinesRow;

static const LinesRow lines_rows[] = {
  { "CRLF", "a: b\r\n\r\ntext\r\n", "a: b\n\ntext\n" },
  { "bare CR stays", "a\rb\r\n\r", "a\rb\n\r" },
  { "bare LF stays", "a\nb\r\n", "a\nb\n" },
  { "CR CR LF", "a\r\r\n", "a\r\n" },
  { "no end", "a: b", "a: b" },
  { "nothing", "", "" },
};

static void
test_lines (gconstpointer data)
{
  const LinesRow *row = data;
  Fixture self;
  fixture_open (&self, "maildir");
  deliver (&self, "alice", row->wire);
  finish_store (&self);
  g_assert_null (self.error);
  g_autofree char *path
      = g_build_filename (self.dir, "mail.example.org", "alice", "new", g_ptr_array_index (self.ids, 0), NULL);
  g_autofree char *text = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_cmpmem (text, length, row->disk, strlen (row->disk));
  g_assert_cmpuint (count_files (&self, "alice", "tmp"), ==, 0);
  g_assert_cmpuint (count_files (&self, "alice", "cur"), ==, 0);
  struct stat status;
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_autofree char *folder = g_build_filename (self.dir, "mail.example.org", "alice", NULL);
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  fixture_close (&self);
}

/* Usage follows what other programs do with the mails. */
static void
test_usage (void)
{
  Fixture self;
  fixture_open (&self, "maildir");
  g_assert_cmpuint (wt_mail_store_usage (self.store, "mail.example.org", "alice", 0), ==, 0);
  deliver (&self, "alice", "12345678\r\n");
  deliver (&self, "alice", "1234567\r\n");
  g_assert_cmpuint (wt_mail_store_usage (self.store, "mail.example.org", "alice", 0), ==, 19);
  reopen (&self);
  g_assert_cmpuint (wt_mail_store_usage (self.store, "mail.example.org", "alice", 0), ==, 9 + 8); /* as on disk: LF */
  g_autofree char *new = g_build_filename (self.dir, "mail.example.org", "alice", "new", g_ptr_array_index (self.ids, 0), NULL);
  g_autofree char *cur = g_build_filename (self.dir, "mail.example.org", "alice", "cur", "seen:2,S", NULL);
  g_assert_cmpint (g_rename (new, cur), ==, 0); /* a name without a size: it is looked at */
  g_assert_cmpuint (wt_mail_store_usage (self.store, "mail.example.org", "alice", 0), ==, 9 + 8);
  g_unlink (cur);
  g_assert_cmpuint (wt_mail_store_usage (self.store, "mail.example.org", "alice", 0), <, 9 + 8);
  fixture_close (&self);
}

/* A folder that vanishes is made again; one that cannot be made is an error that names it. */
static void
test_errors (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self, "maildir");
  deliver (&self, "alice", "one\r\n");
  reopen (&self);
  g_autofree char *alice = g_build_filename (self.dir, "mail.example.org", "alice", NULL);
  remove_all (alice);
  deliver (&self, "alice", "two\r\n");
  reopen (&self);
  g_assert_null (self.error);
  g_assert_cmpuint (count_files (&self, "alice", "new"), ==, 1);
  remove_all (alice);
  g_assert_true (g_file_set_contents (alice, "not a folder", -1, NULL));
  deliver (&self, "alice", "three\r\n");
  finish_store (&self);
  g_assert_nonnull (self.error);
  g_assert_true (g_str_has_prefix (self.error, alice));
  g_assert_null (wt_mail_store_new_maildir (self.world, alice, &error));
  g_assert_nonnull (strstr (error->message, alice));
  fixture_close (&self);
}

typedef struct {
  const char *name, *expected; /* NULL: only that it is short and has no way out */
} NameRow;

static const NameRow name_rows[] = {
  { "alice", "alice" },
  { "first.last+tag", "first.last+tag" },
  { "", "%" },
  { "%", "%25" },
  { ".", "%2E" },
  { "..", "%2E." },
  { ".queue", "%2Equeue" },
  { "../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd" },
  { "a b\n", "a%20b%0A" },
  { "jürgen", "jürgen" },
  { "\xff\xfe", "%FF%FE" },
  { "~", "%7E" },
  { "a:2,S", "a%3A2%2CS" },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (name_rows); i++)
    {
      g_autofree char *safe = wt_path_name (name_rows[i].name);
      g_assert_cmpstr (safe, ==, name_rows[i].expected);
    }
  g_autofree char *many = g_strnfill (1000, 'x'), *more = g_strnfill (1001, 'x');
  g_autofree char *safe = wt_path_name (many), *other = wt_path_name (more);
  g_assert_cmpuint (strlen (safe), <=, WT_PATH_NAME_MAX);
  g_assert_cmpstr (safe, !=, other);
  g_autofree char *maildir = wt_maildir_name (1700000000123456, 7, more, 1024);
  g_assert_true (g_str_has_prefix (maildir, "1700000000.M123456P"));
  g_assert_true (g_str_has_suffix (maildir, ",S=1024"));
  g_assert_cmpuint (strlen (maildir), <, 255 - 20);
}

/* --- queue entries -------------------------------------------------------------------------------------------------- */

/* Cut anywhere, or with any byte changed, an entry is damaged or still says the same. */
static void
test_entry_damage (void)
{
  g_autoptr (GBytes) envelope = g_bytes_new_static ("from a", 6);
  g_autoptr (GBytes) message = g_bytes_new_static ("text\r\n", 6);
  gsize n_bytes;
  g_autofree guint8 *file = wt_queue_file_encode ("id 1", envelope, message, &n_bytes);
  for (gsize i = 0; i < n_bytes * 2; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (file, n_bytes);
      g_autofree char *id = NULL;
      g_autoptr (GBytes) got_envelope = NULL;
      g_autoptr (GBytes) got_message = NULL;
      g_autoptr (GError) error = NULL;
      if (i >= n_bytes)
        copy[i - n_bytes] ^= 0x20;
      g_autoptr (GBytes) bytes = g_bytes_new (copy, i < n_bytes ? i : n_bytes);
      if (wt_queue_file_decode (bytes, &id, &got_envelope, &got_message, &error))
        g_assert_true (i >= n_bytes && g_bytes_equal (got_message, message) && g_bytes_equal (got_envelope, envelope));
      else
        g_assert_nonnull (error);
    }
}

/* The damaged one is kept aside and told of, the others are loaded. */
static void
test_damaged_entry (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self, "maildir");
  put (&self, "1", "a", "one\r\n");
  put (&self, "2", "b", "two\r\n");
  reopen (&self);
  g_autofree char *queue = g_build_filename (self.dir, "mail.example.org", ".queue", NULL);
  g_autofree char *first = g_build_filename (queue, "1", NULL), *damaged = g_build_filename (queue, "damaged", NULL);
  g_autofree char *aside = g_build_filename (damaged, "1", NULL);
  g_rmdir (damaged); /* made again when it is wanted */
  g_assert_cmpint (truncate (first, 100), ==, 0);
  g_assert_false (wt_mail_store_queue_load (self.store, "mail.example.org", loaded, self.loaded, &error));
  g_assert_nonnull (strstr (error->message, first));
  g_assert_nonnull (strstr (error->message, aside));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_cmpstr (self.loaded->str, ==, "2=b/two\r\n ");
  fixture_close (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *deliver_path = g_strconcat ("/mail-store/deliver/", kinds[i], NULL);
      g_autofree char *queue_path = g_strconcat ("/mail-store/queue/", kinds[i], NULL);
      g_test_add_data_func (deliver_path, kinds[i], test_deliver);
      g_test_add_data_func (queue_path, kinds[i], test_queue);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lines_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/mail-store/lines/", lines_rows[i].name, NULL);
      g_test_add_data_func (path, &lines_rows[i], test_lines);
    }
  g_test_add_func ("/mail-store/usage", test_usage);
  g_test_add_func ("/mail-store/errors", test_errors);
  g_test_add_func ("/mail-store/names", test_names);
  g_test_add_func ("/mail-store/entry-damage", test_entry_damage);
  g_test_add_func ("/mail-store/damaged-entry", test_damaged_entry);
  return g_test_run ();
}
