#include "app/ui/mailboxes/mailbox-changes.h"

#include "app/ui/common/row-scroll.h"
#include "app/ui/mail/mail-text.h"
#include "app/ui/mailboxes/change-list.h"
#include "app/ui/mailboxes/mailboxes-resources.h"
#include "app/ui/model/protocol-style.h"

#include <glib/gi18n.h>

struct _WtMailboxChanges {
  AdwBin parent_instance;

  GtkListView *list;

  WtSession *session; /* (nullable) */
  const WtViewNames *names; /* (nullable) */
  WtChangeList *changes;
  GPtrArray *bound;   /* (element-type GtkListItem) rows on the screen, or nearly so */
  guint32 mail;       /* 0: those of all */
  WtRowScroll scroll;
};

G_DEFINE_FINAL_TYPE (WtMailboxChanges, wt_mailbox_changes, ADW_TYPE_BIN)

/* --- what a row says ---------------------------------------------------------------------------------------------- */

/* (transfer full) "": not known */
static char *
subject_of (WtTrace *trace, guint32 item, guint32 n)
{
  guint32 arrival = wt_stored_mail_arrival (trace, item, n + 1);
  g_autoptr (GBytes) mail = arrival != WT_EVENT_NO_REF ? wt_mail_of_event (wt_trace_event (trace, arrival)) : NULL;
  g_autoptr (WtMailSummary) summary = mail ? wt_mail_summary_new (mail) : NULL;

  return g_strdup (summary ? summary->subject : "");
}

static char *
what_text (WtMailboxChanges *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  g_autofree char *change = wt_stored_change (trace, n);
  g_autofree char *subject = self->mail ? NULL : subject_of (trace, event->entity, n);

  return subject && *subject ? g_strdup_printf ("%s · %s", subject, change) : g_steal_pointer (&change);
}

/* "bob/Trash · Mail server" */
static char *
where_text (WtMailboxChanges *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  const WtEntity *box = entity && entity->kind == WT_ENTITY_ITEM ? wt_trace_entity (trace, entity->parent) : entity;
  g_autofree char *name = box ? wt_stored_box_name (trace, box->id, n) : g_strdup ("");

  return g_strdup_printf ("%s · %s", box && box->kind == WT_ENTITY_QUEUE ? _("Queue") : name,
                          wt_view_names_label (self->names, trace, event->from));
}

static char *
who_text (WtMailboxChanges *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  const WtEntity *by = wt_stored_change_by (trace, event);
  g_autofree char *where = where_text (self, trace, n, event);

  if (!by)
    return g_steal_pointer (&where);
  /* Translators: by a host, with a protocol; then where: "by Bob's phone (IMAP) · bob/Trash · Mail server" */
  return g_strdup_printf (_("by %s (%s) · %s"), wt_view_names_label (self->names, trace, by->client),
                          wt_protocol_title (by->protocol), where);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static GtkWidget *
add_text (GtkWidget *grid, GtkWidget *text, int column, int row, int width, const char *const *classes)
{
  gtk_widget_set_css_classes (text, (const char **)classes);
  gtk_grid_attach (GTK_GRID (grid), text, column, row, width, 1);
  return text;
}

static GtkWidget *
new_inscription (void)
{
  GtkWidget *text = gtk_inscription_new ("");

  gtk_widget_set_hexpand (text, TRUE);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), 8);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  return text;
}

static void
setup_row (WtMailboxChanges *self, GtkListItem *item)
{
  static const char *const plain[] = { NULL }, *const small[] = { "caption", "dim-label", "numeric", NULL };
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  add_text (grid, new_inscription (), 0, 0, 1, plain);
  add_text (grid, gtk_label_new (NULL), 1, 0, 1, small);
  add_text (grid, new_inscription (), 0, 1, 2, small);
  gtk_list_item_set_child (item, grid);
}

static GtkWidget *
cell (GtkListItem *item, int column, int row)
{
  return gtk_grid_get_child_at (GTK_GRID (gtk_list_item_get_child (item)), column, row);
}

/* What is still to come at the cursor is pale. */
static void
show_age (WtMailboxChanges *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  if (wt_row_key (gtk_list_item_get_item (item)) >= wt_session_position (self->session))
    gtk_widget_add_css_class (row, "wt-later");
  else
    gtk_widget_remove_css_class (row, "wt-later");
}

static void
bind_row (WtMailboxChanges *self, GtkListItem *item)
{
  WtTrace *trace = wt_session_trace (self->session);
  guint32 n = wt_row_key (gtk_list_item_get_item (item));
  g_autofree char *what = NULL, *who = NULL, *time = NULL, *both = NULL;
  const WtEvent *event;

  wt_trace_read_lock (trace);
  event = wt_trace_event (trace, n);
  if (event->kind == WT_EVENT_STORE)
    {
      what = what_text (self, trace, n, event);
      who = who_text (self, trace, n, event);
      time = g_strdup_printf ("%.6f", event->time / 1e9);
    }
  wt_trace_read_unlock (trace);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell (item, 0, 0)), what);
  gtk_label_set_text (GTK_LABEL (cell (item, 1, 0)), time ? time : "");
  gtk_inscription_set_text (GTK_INSCRIPTION (cell (item, 0, 1)), who);
  both = g_strdup_printf ("%s\n%s", what ? what : "", who ? who : "");
  gtk_widget_set_tooltip_text (gtk_list_item_get_child (item), both);
  show_age (self, item);
  g_ptr_array_add (self->bound, item);
}

static void
unbind_row (WtMailboxChanges *self, GtkListItem *item)
{
  g_ptr_array_remove_fast (self->bound, item);
}

static void
set_factory (WtMailboxChanges *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_row), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
}

/* --- the session -------------------------------------------------------------------------------------------------- */

/* The last change before the cursor stays in sight. */
static void
scroll (WtMailboxChanges *self)
{
  guint row = self->session ? wt_change_list_before (self->changes, wt_session_position (self->session)) : 0;

  if (row > 0 && gtk_widget_get_mapped (GTK_WIDGET (self->list)))
    wt_row_scroll_to (&self->scroll, GTK_WIDGET (self->list), G_LIST_MODEL (self->changes), row - 1, FALSE);
}

static void
on_position (WtMailboxChanges *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    show_age (self, g_ptr_array_index (self->bound, i));
  scroll (self);
}

void
wt_mailbox_changes_set_session (WtMailboxChanges *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  wt_change_list_set_session (self->changes, NULL);
  g_set_object (&self->session, session);
  wt_change_list_set_session (self->changes, session);
  if (session)
    g_signal_connect_swapped (session, "notify::position", G_CALLBACK (on_position), self);
}

void
wt_mailbox_changes_set_names (WtMailboxChanges *self, const WtViewNames *names)
{
  self->names = names;
  set_factory (self);
}

void
wt_mailbox_changes_set_scope (WtMailboxChanges *self, GArray *hosts, guint32 mail)
{
  self->mail = mail;
  wt_change_list_set_scope (self->changes, hosts, mail);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_mailbox_changes_dispose (GObject *object)
{
  WtMailboxChanges *self = WT_MAILBOX_CHANGES (object);

  wt_row_scroll_stop (&self->scroll);
  if (self->changes)
    {
      gtk_list_view_set_model (self->list, NULL);
      wt_mailbox_changes_set_session (self, NULL);
      g_clear_object (&self->changes);
    }
  G_OBJECT_CLASS (wt_mailbox_changes_parent_class)->dispose (object);
}

static void
wt_mailbox_changes_finalize (GObject *object)
{
  g_ptr_array_unref (WT_MAILBOX_CHANGES (object)->bound);
  G_OBJECT_CLASS (wt_mailbox_changes_parent_class)->finalize (object);
}

static void
wt_mailbox_changes_class_init (WtMailboxChangesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_mailbox_changes_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_mailbox_changes_finalize;
  wt_mailboxes_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mailbox-changes.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMailboxChanges, list);
}

static void
wt_mailbox_changes_init (WtMailboxChanges *self)
{
  self->bound = g_ptr_array_new ();
  self->changes = wt_change_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  set_factory (self);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->changes));
  g_signal_connect_object (self->changes, "items-changed", G_CALLBACK (scroll), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->list, "map", G_CALLBACK (scroll), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
