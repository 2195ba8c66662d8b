#include "app/ui/transcript/filter-suggest.h"

#include "app/trace/event-view.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  GtkEntry *entry; /* borrowed: it owns us */
  GtkWidget *popover;
  GtkListBox *list;
  guint idle;
  gboolean taking;
} Suggest;

/* --- which names -------------------------------------------------------------------------------------------------- */

static void
consider (GPtrArray *found, const WtFieldInfo *info, const char *start)
{
  if (g_ascii_strncasecmp (info->name, start, strlen (start)) == 0)
    g_ptr_array_add (found, (gpointer) info);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const WtFieldInfo *const *) a)->name, (*(const WtFieldInfo *const *) b)->name);
}

GPtrArray *
wt_filter_suggest_find (const char *start)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < WT_EVENT_N_ROOTS; i++)
    {
      consider (found, &wt_event_roots[i]->info, start);
      for (guint k = 0; k < wt_event_roots[i]->n_rows; k++)
        consider (found, &wt_event_roots[i]->rows[k].info, start);
    }
  for (guint i = 0; i < WT_N_PROTOCOLS; i++)
    {
      const WtDissector *dissector = wt_dissector_for (i);

      for (guint k = 0; dissector && dissector->fields[k]; k++)
        consider (found, dissector->fields[k], start);
    }
  g_ptr_array_sort (found, compare);
  for (guint i = found->len; i-- > 1;)
    if (compare (&found->pdata[i], &found->pdata[i - 1]) == 0)
      g_ptr_array_remove_index (found, i);
  g_ptr_array_set_size (found, MIN (found->len, WT_FILTER_SUGGEST_MAX));
  return found;
}

guint
wt_filter_suggest_word (const char *text, guint position)
{
  const char *end = g_utf8_offset_to_pointer (text, position), *start = end;

  while (start > text && (g_ascii_isalnum (start[-1]) || start[-1] == '.' || start[-1] == '_' || start[-1] == '-'))
    start--;
  return position - (end - start); /* such letters are one byte each */
}

/* What has been typed of a name. (transfer full) (nullable): NULL within quotes and where there is nothing. */
static char *
typed (Suggest *self, guint *start)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  guint position = gtk_editable_get_position (GTK_EDITABLE (self->entry)), n_quotes = 0;

  *start = wt_filter_suggest_word (text, position);
  for (const char *p = text; p < g_utf8_offset_to_pointer (text, *start); p++)
    n_quotes += *p == '"';
  if (n_quotes % 2 || position - *start < WT_FILTER_SUGGEST_LETTERS)
    return NULL;
  return g_utf8_substring (text, *start, position);
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static GtkWidget *
row_new (const WtFieldInfo *info)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *name = gtk_label_new (info->name);
  GtkWidget *label = gtk_label_new (_(info->label)), *row = gtk_list_box_row_new ();

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data (G_OBJECT (row), "field", (gpointer) info);
  return row;
}

static void
fill (Suggest *self, GPtrArray *found)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < found->len; i++)
    gtk_list_box_append (self->list, row_new (found->pdata[i]));
}

static gboolean
update (gpointer data)
{
  Suggest *self = data;
  guint start;
  g_autofree char *word = typed (self, &start);
  g_autoptr (GPtrArray) found = word ? wt_filter_suggest_find (word) : NULL;
  GtkWidget *text = GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->entry)));
  gboolean done = found && found->len == 1 && strcmp (((const WtFieldInfo *) found->pdata[0])->name, word) == 0;

  self->idle = 0;
  if (!found || !found->len || done || !gtk_widget_has_focus (text))
    {
      gtk_popover_popdown (GTK_POPOVER (self->popover));
      return G_SOURCE_REMOVE;
    }
  fill (self, found);
  gtk_popover_popup (GTK_POPOVER (self->popover));
  gtk_popover_present (GTK_POPOVER (self->popover)); /* with the size for these names */
  return G_SOURCE_REMOVE;
}

/* The text changes before the caret moves: the word is known after both. */
static void
on_changed (Suggest *self)
{
  if (!self->taking && !self->idle)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, update, self, NULL);
}

static void
take (Suggest *self, GtkListBoxRow *row)
{
  const WtFieldInfo *info = g_object_get_data (G_OBJECT (row), "field");
  GtkEditable *editable = GTK_EDITABLE (self->entry);
  guint start;
  g_autofree char *word = typed (self, &start);
  int position = start;

  gtk_popover_popdown (GTK_POPOVER (self->popover));
  if (!word)
    return;
  self->taking = TRUE;
  gtk_editable_delete_text (editable, start, gtk_editable_get_position (editable));
  gtk_editable_insert_text (editable, info->name, -1, &position);
  gtk_editable_set_position (editable, position);
  self->taking = FALSE;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static void
move (Suggest *self, int step)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int at = row ? gtk_list_box_row_get_index (row) + step : step > 0 ? 0 : -1;

  row = at >= 0 ? gtk_list_box_get_row_at_index (self->list, at) : NULL;
  gtk_list_box_select_row (self->list, row);
}

static gboolean
on_key (Suggest *self, guint key, guint code, GdkModifierType state)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (!gtk_widget_get_visible (self->popover) || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)))
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Down || key == GDK_KEY_Up)
    move (self, key == GDK_KEY_Down ? 1 : -1);
  else if (key == GDK_KEY_Escape)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  else if (key == GDK_KEY_Tab)
    take (self, row ? row : gtk_list_box_get_row_at_index (self->list, 0));
  else if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && row)
    take (self, row);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
on_leave (Suggest *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

/* --- attaching ---------------------------------------------------------------------------------------------------- */

static void
add_popover (Suggest *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->popover = gtk_popover_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Fields"), -1);
  gtk_popover_set_child (GTK_POPOVER (self->popover), GTK_WIDGET (self->list));
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_can_focus (self->popover, FALSE);
  gtk_widget_add_css_class (self->popover, "menu");
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self->entry));
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (take), self);
}

static void
on_destroy (Suggest *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}

void
wt_filter_suggest_attach (GtkEntry *entry)
{
  Suggest *self = g_new0 (Suggest, 1);
  GtkEventController *keys = gtk_event_controller_key_new (), *focus = gtk_event_controller_focus_new ();

  self->entry = entry;
  add_popover (self);
  g_object_set_data_full (G_OBJECT (entry), "wt-filter-suggest", self, g_free);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (entry, "destroy", G_CALLBACK (on_destroy), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (entry), focus);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (entry), keys);
}
