#include "app/ui/mailboxes/mailbox-view.h"

#include "app/ui/mail/mail-reader.h"
#include "app/ui/mailboxes/mailbox-changes.h"
#include "app/ui/mailboxes/mailbox-list.h"
#include "app/ui/mailboxes/mailbox-row.h"
#include "app/ui/mailboxes/mailboxes-resources.h"
#include "app/ui/model/view-names.h"
#include "app/ui/model/view-style.h"

#include <glib/gi18n.h>

struct _WtMailboxView {
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *empty;
  GtkListView *list;
  GtkInscription *where;
  GtkWidget *back;
  WtMailReader *reader;
  WtMailboxChanges *changes;

  WtSession *session; /* (nullable) */
  WtMailboxList *boxes;
  WtViewNames names;
  guint32 open;       /* the mail that is being read; 0: none */
};

G_DEFINE_FINAL_TYPE (WtMailboxView, wt_mailbox_view, ADW_TYPE_BIN)

/* --- what the trace says of a mail -------------------------------------------------------------------------------- */

static GBytes *
mail_at (WtTrace *trace, guint32 item, guint32 position)
{
  guint32 arrival = wt_stored_mail_arrival (trace, item, position);

  return arrival != WT_EVENT_NO_REF ? wt_mail_of_event (wt_trace_event (trace, arrival)) : NULL;
}

/* Why a mail of a queue waits. (nullable) */
static char *
reason_at (WtTrace *trace, guint32 item, guint32 position)
{
  const WtEvent *last = wt_trace_last (trace, item, WT_EVENT_STORE, position);
  const guint8 *bytes;
  gsize n_bytes;

  if (!last || last->value != WT_STORE_CHANGED)
    return NULL;
  bytes = wt_event_bytes (last, &n_bytes);
  return g_utf8_make_valid ((const char *) bytes, n_bytes);
}

static char *
box_text (WtMailboxView *self, WtTrace *trace, guint32 item, guint32 position)
{
  const WtEntity *entity = wt_trace_entity (trace, item);
  const WtEntity *box = entity ? wt_trace_entity (trace, entity->parent) : NULL;
  g_autofree char *name = box ? wt_stored_box_name (trace, box->id, position) : NULL;

  if (!box)
    return g_strdup ("");
  return g_strdup_printf ("%s · %s", box->kind == WT_ENTITY_QUEUE ? _("Queue") : name,
                          wt_view_names_label (&self->names, trace, box->parent));
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

static void
describe_empty (WtMailboxView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  GArray *hosts = wt_mailbox_list_hosts (self->boxes);
  g_autofree char *text = NULL;

  if (!trace)
    text = g_strdup (_("What a host keeps for its users, and what waits to be sent, is shown here."));
  else if (hosts->len == 0)
    text = g_strdup (_("No host of this network keeps mail at this moment."));
  else
    text = g_strdup_printf (_("%s keeps no mail. Select a mail server to look into its mailboxes and its queue."),
                            wt_view_names_label (&self->names, trace, g_array_index (hosts, guint32, 0)));
  adw_status_page_set_title (self->empty, _("No Mailboxes"));
  adw_status_page_set_description (self->empty, text);
}

static gboolean
show_open (WtMailboxView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  g_autoptr (GBytes) mail = NULL;
  g_autofree char *where = NULL;
  guint32 position;

  if (!trace || !self->open)
    return FALSE;
  position = wt_session_position (self->session);
  wt_trace_read_lock (trace);
  if (wt_trace_item_present (trace, self->open, position))
    mail = mail_at (trace, self->open, position);
  where = box_text (self, trace, self->open, position);
  wt_trace_read_unlock (trace);
  if (!mail)
    return FALSE;
  wt_mail_reader_set_mail (self->reader, mail);
  gtk_inscription_set_text (self->where, where);
  return TRUE;
}

/* A mail that is not there yet, or not any more, at the cursor cannot be read: the list is shown until it is. */
static void
update (WtMailboxView *self)
{
  gboolean open = show_open (self);

  wt_mailbox_changes_set_scope (self->changes, wt_mailbox_list_hosts (self->boxes), open ? self->open : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->changes),
                          open || g_list_model_get_n_items (G_LIST_MODEL (self->boxes)) > 0);
  if (open)
    gtk_stack_set_visible_child_name (self->stack, "mail");
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->boxes)))
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    {
      describe_empty (self);
      gtk_stack_set_visible_child_name (self->stack, "empty");
    }
}

static void
on_activated (WtMailboxView *self, guint position)
{
  const WtMailboxTreeRow *row;

  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->boxes)))
    return;
  row = wt_mailbox_list_row (self->boxes, position);
  if (row->kind != WT_MAILBOX_ROW_MAIL)
    {
      wt_mailbox_list_fold (self->boxes, position, !row->folded);
      return;
    }
  self->open = wt_mailbox_tree_row_entity (row);
  update (self);
  gtk_widget_grab_focus (self->back);
}

static void
close_mail (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WtMailboxView *self = WT_MAILBOX_VIEW (widget);

  self->open = 0;
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* Escape closes a mail; without one it is not ours. */
static gboolean
on_escape (GtkWidget *widget, GVariant *args, gpointer data)
{
  gboolean open = g_strcmp0 (gtk_stack_get_visible_child_name (WT_MAILBOX_VIEW (widget)->stack), "mail") == 0;

  if (open)
    close_mail (widget, NULL, NULL);
  return open;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void
on_unfold (GtkListItem *item, gboolean unfold, GtkWidget *row)
{
  WtMailboxView *self = WT_MAILBOX_VIEW (gtk_widget_get_ancestor (row, WT_TYPE_MAILBOX_VIEW));

  wt_mailbox_list_fold (self->boxes, gtk_list_item_get_position (item), !unfold);
}

static void
setup_row (WtMailboxView *self, GtkListItem *item)
{
  GtkWidget *row = wt_mailbox_row_new ();

  g_signal_connect_object (row, "unfold", G_CALLBACK (on_unfold), item, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
bind_mail (WtMailboxView *self, WtMailboxRow *widget, WtTrace *trace, const WtMailboxTreeRow *row,
           const WtEntity *entity)
{
  guint32 position = wt_session_position (self->session);
  const WtEntity *box = wt_trace_entity (trace, entity->parent);
  g_autoptr (GBytes) mail = mail_at (trace, entity->id, position);
  gboolean queued = box && box->kind == WT_ENTITY_QUEUE;
  g_autofree char *reason = queued ? reason_at (trace, entity->id, position) : NULL;
  g_auto (WtStoredMail) state = { 0 };
  gboolean known = !queued && wt_stored_mail_at (trace, entity->id, position, &state) && (state.uid || state.flags);

  wt_mailbox_row_set_mail (widget, row, mail, entity->name);
  wt_mailbox_row_set_note (widget, reason);
  wt_mailbox_row_set_state (widget, known ? &state : NULL);
}

/* Icons that mail programs use for folders of these names (RFC 6154 2). */
static const char *
folder_icon (const char *folder)
{
  static const struct { const char *name, *icon; } icons[] = {
    { "INBOX", "mail-unread-symbolic" },   { "Drafts", "document-edit-symbolic" }, { "Sent", "mail-send-symbolic" },
    { "Trash", "user-trash-symbolic" },    { "Junk", "mail-mark-junk-symbolic" },  { "Spam", "mail-mark-junk-symbolic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (icons); i++)
    if (g_ascii_strcasecmp (folder, icons[i].name) == 0)
      return icons[i].icon;
  return "folder-symbolic";
}

static void
bind_box (WtMailboxView *self, WtMailboxRow *widget, WtTrace *trace, const WtMailboxTreeRow *row, const WtEntity *box)
{
  const char *host = wt_view_names_label (&self->names, trace, box->parent);
  g_autofree char *name = wt_stored_box_name (trace, box->id, wt_session_position (self->session));
  g_autofree char *user = wt_stored_box_user (name), *title = NULL;
  const char *folder = wt_stored_box_folder (name), *slash = row->depth > 1 ? strrchr (folder, '/') : NULL;

  /* Translators: a host's queue of outgoing mail; a user's mailbox on a host. */
  if (box->kind == WT_ENTITY_QUEUE)
    title = g_strdup_printf (_("Queue · %s"), host);
  else if (row->depth == 0)
    title = g_strdup_printf (_("Mailbox %s · %s"), user, host);
  else
    title = g_strdup (slash ? slash + 1 : folder);
  wt_mailbox_row_set_box (widget, row, title,
                          box->kind == WT_ENTITY_QUEUE                ? "document-send-symbolic"
                          : row->kind == WT_MAILBOX_ROW_ACCOUNT ? "avatar-default-symbolic"
                                                                : folder_icon (folder));
}

static void
bind_row (WtMailboxView *self, GtkListItem *item)
{
  WtMailboxRow *widget = WT_MAILBOX_ROW (gtk_list_item_get_child (item));
  const WtMailboxTreeRow *row = wt_mailbox_list_row (self->boxes, gtk_list_item_get_position (item));
  WtTrace *trace = wt_session_trace (self->session);
  const WtEntity *entity;

  wt_trace_read_lock (trace);
  entity = wt_trace_entity (trace, wt_mailbox_tree_row_entity (row));
  if (entity && row->kind == WT_MAILBOX_ROW_MAIL)
    bind_mail (self, widget, trace, row, entity);
  else if (entity)
    bind_box (self, widget, trace, row, entity);
  wt_trace_read_unlock (trace);
}

static void
set_factory (WtMailboxView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_row), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_row), self);
  gtk_list_view_set_factory (self->list, factory);
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void
on_trace_changed (WtMailboxView *self)
{
  self->open = 0;
  update (self);
}

/* Who selects another host wants to see its mailboxes, not the mail of the one before. */
static void
on_selected_entity (WtMailboxView *self)
{
  WtTrace *trace = wt_session_trace (self->session);
  guint row;

  if (self->open && trace && wt_trace_item_present (trace, self->open, wt_session_position (self->session))
      && !wt_mailbox_list_find (self->boxes, self->open, &row))
    self->open = 0;
  update (self);
}

static void
on_position (WtMailboxView *self)
{
  if (self->open)
    update (self);
}

void
wt_mailbox_view_set_session (WtMailboxView *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  wt_mailbox_list_set_session (self->boxes, NULL);
  g_set_object (&self->session, session);
  wt_mailbox_changes_set_session (self->changes, session);
  wt_mailbox_list_set_session (self->boxes, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, "notify::position", G_CALLBACK (on_position), self);
      g_signal_connect_swapped (session, "notify::selected-entity", G_CALLBACK (on_selected_entity), self);
    }
  on_trace_changed (self);
}

void
wt_mailbox_view_set_names (WtMailboxView *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy)
{
  wt_view_names_set (&self->names, names, user_data, destroy);
  wt_mailbox_changes_set_names (self->changes, &self->names);
  set_factory (self);
  update (self);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_mailbox_view_dispose (GObject *object)
{
  WtMailboxView *self = WT_MAILBOX_VIEW (object);

  if (self->boxes)
    {
      gtk_list_view_set_model (self->list, NULL);
      wt_mailbox_view_set_session (self, NULL);
      g_signal_handlers_disconnect_by_data (self->boxes, self);
      g_clear_object (&self->boxes);
    }
  wt_view_names_set (&self->names, NULL, NULL, NULL);
  G_OBJECT_CLASS (wt_mailbox_view_parent_class)->dispose (object);
}

static void
wt_mailbox_view_class_init (WtMailboxViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wt_mailbox_view_dispose;
  wt_mailboxes_register_resource ();
  g_type_ensure (WT_TYPE_MAIL_READER);
  g_type_ensure (WT_TYPE_MAILBOX_CHANGES);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mailbox-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMailboxView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxView, empty);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxView, list);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxView, where);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxView, back);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxView, reader);
  gtk_widget_class_bind_template_child (widget_class, WtMailboxView, changes);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_install_action (widget_class, "mailboxes.close-mail", NULL, close_mail);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
}

static void
wt_mailbox_view_init (WtMailboxView *self)
{
  self->boxes = wt_mailbox_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  wt_view_style_add ("/io/github/wiretalk/Wiretalk/ui/mailbox-view.css");
  wt_mailbox_changes_set_names (self->changes, &self->names);
  set_factory (self);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->boxes));
  g_signal_connect_swapped (self->boxes, "items-changed", G_CALLBACK (update), self);
  update (self);
}

GtkWidget *
wt_mailbox_view_new (void)
{
  return g_object_new (WT_TYPE_MAILBOX_VIEW, NULL);
}
