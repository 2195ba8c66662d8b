/* The mailboxes and their changes as lists over a session. */
#include "app/ui/mailboxes/change-list.h"
#include "app/ui/mailboxes/mailbox-list.h"
#include "tests/app/render/sample-trace.h"
#include "tests/gui/gui-wait.h"

#include <adwaita.h>
#include <string.h>

/* --- which mails, which hosts ------------------------------------------------------------------------------------- */

static guint
n_mails (WtTrace *trace, WtMailboxList *list)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    n += wt_trace_entity (trace, wt_mailbox_list_entity (list, i))->kind == WT_ENTITY_ITEM;
  return n;
}

static guint
n_present (WtTrace *trace, guint32 position)
{
  guint n = 0;

  for (guint32 id = 1; id <= wt_trace_n_entities (trace); id++)
    n += wt_trace_entity (trace, id)->kind == WT_ENTITY_ITEM && wt_trace_item_present (trace, id, position);
  return n;
}

/* At each position exactly the mails that are there. */
static void
test_mailbox_list (void)
{
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtMailboxList) list = wt_mailbox_list_new ();
  guint seen = 0;

  wt_mailbox_list_set_session (list, session);
  wt_session_set_trace (session, trace);
  for (guint32 position = 0; position <= wt_trace_length (trace); position++)
    {
      wt_session_seek (session, position);
      gui_wait_for (n_mails (trace, list) == n_present (trace, position));
      seen += n_mails (trace, list);
    }
  g_assert_cmpuint (seen, >, 0);
}

static guint32
find_node (WtTrace *trace, const char *name)
{
  return wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, name);
}

/* Which hosts' boxes: of what is selected. */
static void
test_mailbox_hosts (void)
{
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (WtMailboxList) list = wt_mailbox_list_new ();
  GListModel *model = G_LIST_MODEL (list);
  guint32 item;

  wt_mailbox_list_set_session (list, session);
  wt_session_set_trace (session, trace);
  wt_session_seek (session, wt_trace_length (trace));
  gui_wait_for (g_list_model_get_n_items (model) == 3); /* a queue, a mailbox with a mail */
  item = wt_mailbox_list_entity (list, 2);
  g_assert_true (gtk_selection_model_select_item (GTK_SELECTION_MODEL (list), 2, TRUE));
  g_assert_cmpuint (wt_session_selected_entity (session), ==, item);
  g_assert_cmpuint (wt_trace_event (trace, wt_session_selected_event (session))->value, ==, WT_STORE_ADDED);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3); /* selecting a mail hides nothing */
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (list), 2));
  wt_session_select_entity (session, find_node (trace, "mail.example.org"));
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  wt_session_select_entity (session, find_node (trace, "alice-pc"));
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  for (guint32 id = 1; id <= wt_trace_n_entities (trace); id++) /* a message hides nothing */
    if (wt_trace_entity (trace, id)->kind == WT_ENTITY_CONVERSATION)
      {
        wt_session_select_entity (session, id);
        g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3);
      }
  wt_session_select_entity (session, find_node (trace, "alice-pc"));
  wt_session_select_entity (session, 0);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3);
}

/* --- folders ------------------------------------------------------------------------------------------------------ */

typedef struct {
  WtTrace *trace;
  WtSession *session;
  WtMailboxList *list;
  guint32 host;
  gint64 now;
} Fixture;

static guint32
add (Fixture *self, WtEntityKind kind, guint32 parent, const char *name)
{
  return wt_trace_add_entity (self->trace, &(WtEntity){ .kind = kind, .parent = parent, .name = name });
}

static guint32
store (Fixture *self, guint32 entity, WtStoreChange change, WtStoreHow how, guint32 ref, const char *text)
{
  g_autoptr (GBytes) payload = text ? g_bytes_new (text, strlen (text)) : NULL;

  self->now += 1000;
  return wt_trace_append (self->trace, &(WtEvent){ .kind = WT_EVENT_STORE, .time = self->now, .other_time = self->now,
                                                   .entity = entity, .from = self->host, .value = change, .context = how,
                                                   .ref = ref, .payload = payload,
                                                   .payload_len = text ? strlen (text) : 0 });
}

/* bob, who has Work with 2026 in it, and Trash; a mail is delivered, moved to Trash, and Work is renamed. */
static void
set_up (Fixture *self, gconstpointer data)
{
  guint32 bob, work, year, trash, mail, moved, came, went;

  *self = (Fixture){ wt_trace_new (), wt_session_new (), wt_mailbox_list_new (), 0, 0 };
  self->host = add (self, WT_ENTITY_NODE, 0, "mail");
  bob = add (self, WT_ENTITY_MAILBOX, self->host, "bob");
  add (self, WT_ENTITY_MAILBOX, self->host, "bob-2");
  add (self, WT_ENTITY_QUEUE, self->host, "queue");
  work = add (self, WT_ENTITY_MAILBOX, self->host, "bob/Work");
  store (self, work, WT_STORE_ADDED, 0, WT_EVENT_NO_REF, NULL); /* 0 */
  year = add (self, WT_ENTITY_MAILBOX, self->host, "bob/Work/2026");
  store (self, year, WT_STORE_ADDED, 0, WT_EVENT_NO_REF, NULL); /* 1 */
  trash = add (self, WT_ENTITY_MAILBOX, self->host, "bob/Trash");
  store (self, trash, WT_STORE_ADDED, 0, WT_EVENT_NO_REF, NULL); /* 2 */
  mail = add (self, WT_ENTITY_ITEM, bob, "1");
  came = store (self, mail, WT_STORE_ADDED, WT_STORE_DELIVERED, WT_EVENT_NO_REF, "Subject: x\r\n\r\n"); /* 3 */
  moved = add (self, WT_ENTITY_ITEM, trash, "1");
  went = store (self, moved, WT_STORE_ADDED, WT_STORE_MOVED, came, "Subject: x\r\n\r\n"); /* 4 */
  store (self, mail, WT_STORE_REMOVED, WT_STORE_MOVED, went, NULL); /* 5 */
  store (self, work, WT_STORE_CHANGED, 0, WT_EVENT_NO_REF, "bob/Done"); /* 6 */
  store (self, year, WT_STORE_REMOVED, 0, WT_EVENT_NO_REF, NULL); /* 7 */
  wt_mailbox_list_set_session (self->list, self->session);
  wt_session_set_trace (self->session, self->trace);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->list);
  g_object_unref (self->session);
  wt_trace_unref (self->trace);
}

/* "0bob* 1bob" is an account with its inbox; a mail is "m". */
static char *
rows_text (Fixture *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      const WtMailboxTreeRow *row = wt_mailbox_list_row (self->list, i);
      g_autofree char *name = wt_stored_box_name (self->trace, wt_mailbox_tree_row_entity (row),
                                                  wt_session_position (self->session));

      g_string_append_printf (text, "%s%u%s%s", i ? " " : "", row->depth, row->kind == WT_MAILBOX_ROW_MAIL ? "m" : name,
                              row->kind == WT_MAILBOX_ROW_ACCOUNT ? "*" : "");
    }
  return g_string_free (text, FALSE);
}

static gboolean
rows_are (Fixture *self, const char *expected)
{
  g_autofree char *rows = rows_text (self);

  if (strcmp (rows, expected) != 0)
    g_test_message ("%u: %s", wt_session_position (self->session), rows);
  return strcmp (rows, expected) == 0;
}

static void
test_folders (Fixture *self, gconstpointer data)
{
  static const struct { guint32 position; const char *rows; } rows[] = {
    { 8, "0bob* 1bob 1bob/Done 1bob/Trash 2m 0bob-2 0queue" },
    { 6, "0bob* 1bob 1bob/Trash 2m 1bob/Work 2bob/Work/2026 0bob-2 0queue" },
    { 5, "0bob* 1bob 2m 1bob/Trash 2m 1bob/Work 2bob/Work/2026 0bob-2 0queue" },
    { 4, "0bob* 1bob 2m 1bob/Trash 1bob/Work 2bob/Work/2026 0bob-2 0queue" },
    { 0, "0bob 0bob-2 0queue" },
    { 1, "0bob* 1bob 1bob/Work 0bob-2 0queue" },
    { 7, "0bob* 1bob 1bob/Done 1bob/Trash 2m 1bob/Work/2026 0bob-2 0queue" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      wt_session_seek (self->session, rows[i].position);
      gui_wait_for (rows_are (self, rows[i].rows));
    }
}

static void
test_fold (Fixture *self, gconstpointer data)
{
  wt_session_seek (self->session, 4);
  gui_wait_for (rows_are (self, "0bob* 1bob 2m 1bob/Trash 1bob/Work 2bob/Work/2026 0bob-2 0queue"));
  wt_mailbox_list_fold (self->list, 1, TRUE);
  g_assert_true (rows_are (self, "0bob* 1bob 1bob/Trash 1bob/Work 2bob/Work/2026 0bob-2 0queue"));
  g_assert_cmpuint (wt_mailbox_list_row (self->list, 1)->count, ==, 1);
  wt_mailbox_list_fold (self->list, 0, TRUE);
  g_assert_true (rows_are (self, "0bob* 0bob-2 0queue"));
  g_assert_cmpuint (wt_mailbox_list_row (self->list, 0)->count, ==, 1);
  wt_session_seek (self->session, 6);
  gui_wait_for (rows_are (self, "0bob* 0bob-2 0queue"));
  wt_mailbox_list_fold (self->list, 0, FALSE);
  g_assert_true (rows_are (self, "0bob* 1bob 1bob/Trash 2m 1bob/Work 2bob/Work/2026 0bob-2 0queue"));
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static void
test_changes (Fixture *self, gconstpointer data)
{
  g_autoptr (WtChangeList) changes = wt_change_list_new ();
  g_autoptr (GArray) hosts = g_array_new (FALSE, FALSE, sizeof (guint32));
  GListModel *model = G_LIST_MODEL (changes);
  guint32 other = self->host + 1000, trash_mail = wt_trace_event (self->trace, 4)->entity;

  wt_change_list_set_session (changes, self->session);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 8);
  g_assert_true (gtk_selection_model_select_item (GTK_SELECTION_MODEL (changes), 4, TRUE));
  g_assert_cmpuint (wt_session_position (self->session), ==, 5);
  g_assert_cmpuint (wt_session_selected_event (self->session), ==, 4);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (changes), 4));
  wt_change_list_set_scope (changes, hosts, trash_mail); /* with what happened to it in the inbox */
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3);
  g_assert_cmpuint (wt_change_list_before (changes, 4), ==, 1);
  g_array_append_val (hosts, other);
  wt_change_list_set_scope (changes, hosts, 0);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  g_array_index (hosts, guint32, 0) = self->host;
  wt_change_list_set_scope (changes, hosts, 0);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 8);
  store (self, trash_mail, WT_STORE_CHANGED, 0, WT_EVENT_NO_REF, "\\Seen");
  gui_wait_for (g_list_model_get_n_items (model) == 9);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/mailboxes/list", test_mailbox_list);
  g_test_add_func ("/mailboxes/hosts", test_mailbox_hosts);
  g_test_add ("/mailboxes/folders", Fixture, NULL, set_up, test_folders, tear_down);
  g_test_add ("/mailboxes/fold", Fixture, NULL, set_up, test_fold, tear_down);
  g_test_add ("/mailboxes/changes", Fixture, NULL, set_up, test_changes, tear_down);
  return g_test_run ();
}
