#include "app/ui/mailboxes/mailbox-row.h"

#include "app/ui/mailboxes/mailboxes-resources.h"

#include <glib/gi18n.h>

#define INDENT 18 /* px a level */
#define MAIL_INDENT 7

struct _WtMailboxRow {
  AdwBin parent_instance;

  GtkWidget *indent, *box, *mail, *state;
  GtkToggleButton *unfold;
  GtkImage *arrow, *icon;
  GtkInscription *box_name, *from, *subject, *note, *keywords;
  GtkLabel *count, *date, *size, *uid;
  GtkWidget *unread, *seen, *answered, *flagged, *deleted, *draft;
  gboolean folded;
};

G_DEFINE_FINAL_TYPE (WtMailboxRow, wt_mailbox_row, ADW_TYPE_BIN)

enum { UNFOLD, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
show_part (WtMailboxRow *self, const WtMailboxTreeRow *row, gboolean box)
{
  gtk_widget_set_visible (self->box, box);
  gtk_widget_set_visible (self->mail, !box);
  gtk_widget_set_margin_start (self->indent, row->depth * INDENT + (box ? 0 : MAIL_INDENT));
}

/* The button shows what is: a click does not change it, but asks for it. */
static void
show_folded (WtMailboxRow *self, gboolean folded)
{
  self->folded = folded;
  gtk_toggle_button_set_active (self->unfold, !folded);
  gtk_image_set_from_icon_name (self->arrow, folded ? "pan-end-symbolic" : "pan-down-symbolic");
}

static void
on_unfold_clicked (WtMailboxRow *self)
{
  gboolean folded = self->folded;

  show_folded (self, folded);
  g_signal_emit (self, signals[UNFOLD], 0, folded);
}

void
wt_mailbox_row_set_box (WtMailboxRow *self, const WtMailboxTreeRow *row, const char *title, const char *icon)
{
  g_autofree char *number = row->count ? g_strdup_printf ("%'u", row->count) : g_strdup (_("empty"));

  show_part (self, row, TRUE);
  show_folded (self, row->folded);
  gtk_widget_set_opacity (GTK_WIDGET (self->unfold), row->count || row->kind == WT_MAILBOX_ROW_ACCOUNT);
  gtk_widget_set_sensitive (GTK_WIDGET (self->unfold), row->count || row->kind == WT_MAILBOX_ROW_ACCOUNT);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_inscription_set_text (self->box_name, title);
  gtk_label_set_text (self->count, number);
}

void
wt_mailbox_row_set_mail (WtMailboxRow *self, const WtMailboxTreeRow *row, GBytes *mail, const char *name)
{
  g_autoptr (WtMailSummary) summary = mail ? wt_mail_summary_new (mail) : NULL;
  g_autofree char *date = summary && summary->date ? g_date_time_format (summary->date, "%x %R") : NULL;
  g_autofree char *size = summary ? g_format_size (summary->size) : NULL;
  gboolean sender = summary && *summary->from, subject = summary && *summary->subject;

  show_part (self, row, FALSE);
  gtk_inscription_set_text (self->from, sender ? summary->from : name);
  gtk_inscription_set_text (self->subject, subject ? summary->subject : _("(no subject)"));
  gtk_label_set_text (self->date, date ? date : "");
  gtk_label_set_text (self->size, size ? size : "");
}

void
wt_mailbox_row_set_note (WtMailboxRow *self, const char *note)
{
  gtk_inscription_set_text (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note && *note);
}

/* Mail programs show in bold what has not been read. */
static void
set_bold (GtkInscription *text, gboolean bold)
{
  if (bold)
    gtk_widget_add_css_class (GTK_WIDGET (text), "wt-unread");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (text), "wt-unread");
}

void
wt_mailbox_row_set_state (WtMailboxRow *self, const WtStoredMail *state)
{
  guint flags = state ? state->flags : 0;
  g_autofree char *uid = state && state->uid ? g_strdup_printf (_("UID %u"), state->uid) : NULL;

  gtk_widget_set_visible (self->state, state != NULL);
  set_bold (self->from, state == NULL || !(flags & WT_STORED_SEEN));
  gtk_widget_set_visible (self->unread, !(flags & WT_STORED_SEEN));
  gtk_widget_set_visible (self->seen, flags & WT_STORED_SEEN);
  gtk_widget_set_visible (self->answered, flags & WT_STORED_ANSWERED);
  gtk_widget_set_visible (self->flagged, flags & WT_STORED_FLAGGED);
  gtk_widget_set_visible (self->deleted, flags & WT_STORED_DELETED);
  gtk_widget_set_visible (self->draft, flags & WT_STORED_DRAFT);
  gtk_label_set_text (self->uid, uid ? uid : "");
  gtk_inscription_set_text (self->keywords, state ? state->keywords : NULL);
}

static void
wt_mailbox_row_class_init (WtMailboxRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[UNFOLD] = g_signal_new ("unfold", WT_TYPE_MAILBOX_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_BOOLEAN);
  wt_mailboxes_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mailbox-row.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, WtMailboxRow, name)
  CHILD (indent);
  CHILD (box);
  CHILD (mail);
  CHILD (state);
  CHILD (unfold);
  CHILD (arrow);
  CHILD (icon);
  CHILD (box_name);
  CHILD (from);
  CHILD (subject);
  CHILD (note);
  CHILD (keywords);
  CHILD (count);
  CHILD (date);
  CHILD (size);
  CHILD (uid);
  CHILD (unread);
  CHILD (seen);
  CHILD (answered);
  CHILD (flagged);
  CHILD (deleted);
  CHILD (draft);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, on_unfold_clicked);
}

static void
wt_mailbox_row_init (WtMailboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
wt_mailbox_row_new (void)
{
  return g_object_new (WT_TYPE_MAILBOX_ROW, NULL);
}
