/* What the record says of mailboxes: folders, UIDs, flags, and who changed what; for memory and for Maildir. */
#include "tests/app/hosts/net.h"

#include "app/trace/stored-mail.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  Net *net;
  char *dir;
  WtMailAccount *account;
  WtMailbox *box; /* that was opened last */
  gboolean done;
} Fixture;

/* --- the account, step by step ------------------------------------------------------------------------------------ */

static void
await (Fixture *self)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  while (!self->done && g_get_monotonic_time () < end)
    if (!wt_sim_world_run_one (self->net->world))
      g_usleep (500);
  g_assert_true (self->done);
  self->done = FALSE;
}

static void
on_done (const GError *error, gpointer user_data)
{
  g_assert_no_error (error);
  ((Fixture *) user_data)->done = TRUE;
}

static void
on_appended (guint32 uid_validity, guint32 uid, const GError *error, gpointer user_data)
{
  on_done (error, user_data);
}

static void
on_opened (WtMailbox *box, const GError *error, gpointer user_data)
{
  Fixture *self = user_data;
  wt_mailbox_close (self->box);
  self->box = box;
  on_done (error, user_data);
}

static void
on_box_done (WtMailbox *box, const GError *error, gpointer user_data)
{
  on_done (error, user_data);
}

static void
on_copied (WtMailbox *box, guint32 uid_validity, const guint32 *from, const guint32 *to, guint n, const GError *error,
           gpointer user_data)
{
  on_done (error, user_data);
}

static void
create (Fixture *self, const char *name)
{
  wt_mail_account_create_folder (self->account, name, on_done, self);
  await (self);
}

static void
append (Fixture *self, const char *folder, guint32 flags, const char *keyword)
{
  g_autoptr (GBytes) mail = g_bytes_new_static ("Subject: x\r\n\r\n", 14);
  wt_mail_account_append (self->account, folder, mail, flags, (const char *[]){ keyword, NULL }, 0, on_appended, self);
  await (self);
}

static void
open_box (Fixture *self, const char *name)
{
  wt_mailbox_open (self->account, name, on_opened, self);
  await (self);
}

static void
copy (Fixture *self, guint32 uid, const char *to, gboolean move)
{
  wt_mailbox_copy (self->box, &uid, 1, to, move, on_copied, self);
  await (self);
}

static void
set_flags (Fixture *self, guint32 uid, WtMailFlagsHow how, guint32 flags)
{
  wt_mailbox_set_flags (self->box, &uid, 1, how, flags, on_box_done, self);
  await (self);
}

static void
expunge (Fixture *self, guint32 uid)
{
  wt_mailbox_expunge (self->box, &uid, 1, on_box_done, self);
  await (self);
}

/* --- set up ------------------------------------------------------------------------------------------------------- */

static void
set_up (Fixture *self, gconstpointer kind)
{
  g_autoptr (GError) error = NULL;
  gboolean maildir = strcmp (kind, "maildir") == 0;
  *self = (Fixture){ .net = net_new_with_store (1, NULL), .dir = g_dir_make_tmp ("wiretalk-record-XXXXXX", NULL) };
  Net *net = self->net;
  net->store = maildir ? wt_mail_store_new_maildir (net->world, self->dir, &error) : wt_mail_store_new_memory ();
  g_assert_no_error (error);
  net_add (net, "mail", "mail-server", "10.0.1.25", "domains", "example.org", "users", "bob:secret", NULL);
  net_add (net, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", NULL);
  net_add (net, "phone", "mail-client", "10.0.1.2", "mailbox", "bob@example.org", "server", "mail", NULL);
  net_start (net);
  WtEntity talk = { .kind = WT_ENTITY_CONVERSATION,
                    .name = "",
                    .transport = WT_TRANSPORT_TCP,
                    .protocol = WT_PROTOCOL_IMAP,
                    .client = net_host (net, "phone")->host->node,
                    .server = net_host (net, "mail")->host->node };
  self->account = wt_mail_account_new (net->store, "mail", "bob", wt_trace_add_entity (net->trace, &talk));
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  for (const char *name; entries && (name = g_dir_read_name (entries));)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      remove_all (inner);
    }
  g_remove (path);
}

/* What the store's threads have said to the world is heard before both go. */
static void
settle (Net *net)
{
  for (guint i = 0; i < 10; i++)
    {
      while (wt_sim_world_run_one (net->world))
        i = 0;
      g_usleep (1000);
    }
}

static void
tear_down (Fixture *self, gconstpointer kind)
{
  wt_mailbox_close (self->box);
  wt_mail_account_free (self->account);
  settle (self->net);
  g_clear_pointer (&self->net->store, wt_mail_store_free);
  net_free (self->net);
  remove_all (self->dir);
  g_free (self->dir);
}

/* --- what the record says ----------------------------------------------------------------------------------------- */

static guint32
box_of (const WtEntity *entity)
{
  return entity->kind == WT_ENTITY_ITEM ? entity->parent : entity->kind == WT_ENTITY_MAILBOX ? entity->id : 0;
}

/* "bob/Work 3: appended, phone" */
static char *
line_of (WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);
  guint32 box = box_of (wt_trace_entity (trace, event->entity));
  if (event->kind != WT_EVENT_STORE || wt_trace_entity (trace, box)->kind != WT_ENTITY_MAILBOX)
    return NULL;
  g_autofree char *name = wt_stored_box_name (trace, box, n), *change = wt_stored_change (trace, n);
  const WtEntity *by = wt_stored_change_by (trace, event);
  return g_strdup_printf ("%s %u: %s, %s", name, event->ack, change, by ? wt_trace_entity (trace, by->client)->name : "-");
}

static void
check_lines (WtTrace *trace, const char *const *lines)
{
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      g_autofree char *line = line_of (trace, n);
      if (line)
        g_assert_cmpstr (line, ==, *lines++);
    }
  g_assert_null (*lines);
}

/* Mails and flags of a box at a cursor: "2 \\Seen; 3 Work; ". (transfer full) */
static char *
content_at (WtTrace *trace, const char *name, guint32 n)
{
  GString *text = g_string_new (NULL);
  for (guint32 box = 1; box <= wt_trace_n_entities (trace); box++)
    {
      g_autofree char *now = wt_stored_box_name (trace, box, n);
      if (wt_trace_entity (trace, box)->kind != WT_ENTITY_MAILBOX || strcmp (now, name) != 0
          || !wt_stored_box_present (trace, box, n))
        continue;
      g_string_append (text, "| ");
      for (guint32 i = 0; i < wt_trace_n_children (trace, box); i++)
        {
          g_auto (WtStoredMail) mail = { 0 };
          if (wt_stored_mail_at (trace, wt_trace_child (trace, box, i), n, &mail))
            g_string_append_printf (text, "%u %x %s; ", mail.uid, mail.flags, mail.keywords ? mail.keywords : "-");
        }
    }
  return g_string_free (text, FALSE);
}

static void
check_content (WtTrace *trace, const char *name, guint32 n, const char *expected)
{
  g_autofree char *content = content_at (trace, name, n);
  g_assert_cmpstr (content, ==, expected);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void
test_changes (Fixture *self, gconstpointer kind)
{
  static const char *const lines[] = {
    "bob/Work 0: folder created, phone",
    "bob/Work 1: appended, phone",
    "bob/Work 1: \\Flagged, urgent set, phone",
    "bob 1: copied from Work, phone",
    "bob 1: \\Flagged, urgent set, phone",
    "bob/Work 1: \\Seen set, \\Flagged, urgent removed, phone",
    "bob/Trash 0: folder created, phone",
    "bob/Trash 1: moved from Work, phone",
    "bob/Trash 1: \\Seen set, phone",
    "bob/Work 1: moved to Trash, phone",
    "bob 1: expunged, phone",
    "bob/Work 0: folder renamed to Done, phone",
    "bob/Done 2: appended, phone",
    "bob/Done 0: removed with its folder, phone",
    "bob/Done 0: folder deleted, phone",
    NULL,
  };
  WtTrace *trace = self->net->trace;
  guint32 at[4];
  create (self, "Work");
  append (self, "Work", WT_MAIL_FLAGGED, "urgent");
  open_box (self, "Work");
  copy (self, 1, "INBOX", FALSE);
  at[0] = wt_trace_length (trace);
  set_flags (self, 1, WT_MAIL_FLAGS_REPLACE, WT_MAIL_SEEN);
  create (self, "Trash");
  at[1] = wt_trace_length (trace);
  copy (self, 1, "Trash", TRUE);
  at[2] = wt_trace_length (trace);
  open_box (self, "INBOX");
  expunge (self, 1);
  wt_mail_account_rename_folder (self->account, "Work", "Done", on_done, self);
  await (self);
  append (self, "Done", 0, NULL);
  at[3] = wt_trace_length (trace);
  wt_mail_account_delete_folder (self->account, "Done", on_done, self);
  await (self);
  check_content (trace, "bob/Work", at[0], "| 1 4 urgent; ");
  check_content (trace, "bob", at[0], "| 1 4 urgent; ");
  check_content (trace, "bob/Work", at[1], "| 1 1 -; ");
  check_content (trace, "bob/Trash", at[1], "| ");
  check_content (trace, "bob/Trash", at[2], "| 1 1 -; ");
  check_content (trace, "bob/Work", at[2], "| ");
  check_content (trace, "bob/Done", at[3], "| 2 0 -; ");
  check_content (trace, "bob/Work", at[3], "");
  check_content (trace, "bob/Done", wt_trace_length (trace), "");
  check_content (trace, "bob", wt_trace_length (trace), "| ");
  if (strcmp (kind, "memory") == 0) /* on disk a folder that was loaded anew may give UIDs in another way */
    check_lines (trace, lines);
}

/* A mail that SMTP brings: who brought it, and its UID. */
static void
test_delivered (Fixture *self, gconstpointer kind)
{
  WtTrace *trace = self->net->trace;
  net_at (self->net, SEC, "pc", "send-mail", "to", "bob@example.org", "subject", "x", NULL);
  net_run (self->net, 20 * SEC);
  open_box (self, "INBOX");
  guint32 box = wt_trace_find_entity (trace, WT_ENTITY_MAILBOX, 0, "bob"), item = wt_trace_child (trace, box, 0);
  g_auto (WtStoredMail) mail = { 0 };
  g_assert_cmpuint (wt_trace_n_children (trace, box), ==, 1);
  g_assert_true (wt_stored_mail_at (trace, item, wt_trace_length (trace), &mail));
  g_assert_cmpuint (mail.uid, ==, 1);
  g_autofree char *change = wt_stored_change (trace, mail.came);
  const WtEntity *by = wt_stored_change_by (trace, wt_trace_event (trace, mail.came));
  g_assert_cmpstr (change, ==, "delivered");
  g_assert_nonnull (by);
  g_assert_cmpuint (by->protocol, ==, WT_PROTOCOL_SMTP);
  g_assert_cmpuint (by->client, ==, net_host (self->net, "pc")->host->node);
}

int
main (int argc, char **argv)
{
  static const char *const kinds[] = { "memory", "maildir" };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *changes = g_strconcat ("/mail-record/changes/", kinds[i], NULL);
      g_test_add (changes, Fixture, kinds[i], set_up, test_changes, tear_down);
    }
  /* In memory only: a disk is too slow for virtual time. */
  g_test_add ("/mail-record/delivered", Fixture, "memory", set_up, test_delivered, tear_down);
  return g_test_run ();
}
