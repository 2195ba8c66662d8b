#include "app/ui/inspector/fields-page.h"

#include "app/mib/mib.h"
#include "app/trace/event-fields.h"
#include "app/ui/inspector/field-filter.h"
#include "app/ui/inspector/field-list.h"
#include "app/ui/inspector/hex-view.h"
#include "app/ui/inspector/inspector-resources.h"

#include <glib/gi18n.h>

#define VALUE_MAX 300 /* characters of a value that a row shows */

struct _WtFieldsPage {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListView *tree;
  WtHexView *hex;
  GtkWidget *explanation, *glossary_heading;
  GtkLabel *field_name, *glossary_title, *glossary_rfc, *glossary_text;
  GMenuModel *field_menu;
  GtkWidget *popover;

  WtSession *session;   /* (nullable) */
  WtGlossary *glossary; /* (nullable) borrowed */
  GPtrArray *roots;     /* (nullable) WtField of the event shown */
  GtkSingleSelection *selection;
  char *chosen;         /* (nullable) name of the field that the user chose last */
  gboolean stale;       /* the session has moved on while nobody saw the page */
  guint idle;           /* the session has moved on, and the page will */
  gboolean choosing;    /* the selection is set by us */
};

G_DEFINE_FINAL_TYPE (WtFieldsPage, wt_fields_page, ADW_TYPE_BIN)

/* --- the chosen field --------------------------------------------------------------------------------------------- */

static const WtField *
chosen_field (WtFieldsPage *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (WtFieldItem) item = row ? gtk_tree_list_row_get_item (row) : NULL;

  return item ? wt_field_item_field (item) : NULL;
}

/* The field's name, as filters use it, and what the glossary says. */
static void
explain (WtFieldsPage *self, const WtField *field)
{
  const WtGlossaryEntry *entry
      = self->glossary && field && field->glossary ? wt_glossary_find (self->glossary, field->glossary) : NULL;

  gtk_widget_set_visible (self->explanation, field != NULL);
  gtk_widget_set_visible (self->glossary_heading, entry != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->glossary_text), entry != NULL);
  gtk_label_set_text (self->field_name, field ? field->info->name : "");
  if (!entry)
    return;
  gtk_label_set_text (self->glossary_title, entry->title);
  gtk_label_set_text (self->glossary_text, entry->text);
  gtk_label_set_text (self->glossary_rfc, entry->rfc ? entry->rfc : "");
}

static void
on_chosen (WtFieldsPage *self)
{
  const WtField *field = chosen_field (self);

  if (self->choosing)
    return;
  explain (self, field);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "field.copy-name", field != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "field.copy-value", field && field->value);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "field.copy-filter", field != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "field.apply-filter", field != NULL);
  if (!field)
    return;
  wt_hex_view_highlight (self->hex, field->start, field->end);
}

static void
on_user_chose (WtFieldsPage *self)
{
  const WtField *field = chosen_field (self);

  on_chosen (self);
  if (self->choosing || !field)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (field->info->name);
}

/* Selects a field in the tree, opened down to it. */
static void
choose (WtFieldsPage *self, const WtField *field)
{
  GtkTreeListModel *tree = GTK_TREE_LIST_MODEL (gtk_single_selection_get_model (self->selection));
  guint position;

  if (!field || !wt_field_tree_reveal (tree, self->roots, field, &position))
    return;
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->tree), "list.scroll-to-item", "u", position);
}

static void
on_byte_selected (WtFieldsPage *self, guint64 offset)
{
  const WtField *field = NULL;

  for (guint i = self->roots ? self->roots->len : 0; i-- > 0 && !field;)
    field = wt_field_at (self->roots->pdata[i], offset);
  choose (self, field);
}

static void
on_activated (WtFieldsPage *self, guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void
popup_menu (WtFieldsPage *self, GtkWidget *from, double x, double y)
{
  graphene_point_t point;

  if (!gtk_widget_compute_point (from, GTK_WIDGET (self), &GRAPHENE_POINT_INIT (x, y), &point))
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ point.x, point.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
on_row_pressed (GtkGestureClick *click, int n_press, double x, double y, GtkListItem *item)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));
  WtFieldsPage *self = WT_FIELDS_PAGE (gtk_widget_get_ancestor (row, WT_TYPE_FIELDS_PAGE));

  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (item));
  popup_menu (self, row, x, y);
}

static void
setup_row (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *expander = gtk_tree_expander_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL), *value = gtk_inscription_new ("");
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_hexpand (value, TRUE);
  gtk_inscription_set_min_lines (GTK_INSCRIPTION (value), 1);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (value), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), value);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_row_pressed), item);
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, expander);
}

/* One line, whatever the value holds. */
static char *
line_of (const char *value)
{
  gsize length = g_utf8_offset_to_pointer (value, MIN (g_utf8_strlen (value, -1), VALUE_MAX)) - value;

  return g_strchomp (g_strdelimit (g_strndup (value, length), "\r\n\t", ' '));
}

/* "sysUpTime.0 · 1.3.6.1.2.1.1.3.0": what the numbers stand for, and what stands there. */
static char *
row_text (const WtField *field)
{
  g_autofree char *line = field->value ? line_of (field->value) : g_strdup (""), *name = wt_mib_field_name (field);

  return name ? g_strdup_printf ("%s · %s", name, line) : g_steal_pointer (&line);
}

static void
bind_row (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr (WtFieldItem) field_item = gtk_tree_list_row_get_item (row);
  const WtField *field = wt_field_item_field (field_item);
  GtkWidget *expander = gtk_list_item_get_child (item);
  GtkWidget *box = gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander));
  GtkWidget *label = gtk_widget_get_first_child (box), *value = gtk_widget_get_next_sibling (label);
  g_autofree char *text = row_text (field);

  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (expander), row);
  gtk_label_set_text (GTK_LABEL (label), _(field->info->label));
  gtk_inscription_set_text (GTK_INSCRIPTION (value), text); /* GTK tells a screen reader its length */
}

/* --- the event ---------------------------------------------------------------------------------------------------- */

static gboolean
explained (const WtField *field, guint depth, gpointer found)
{
  if (!field->glossary || depth == 0 || wt_field_is_framing (field))
    return TRUE;
  *(const WtField **) found = field;
  return FALSE;
}

/* What the user chose before, else the first field within the protocol that can be explained, else the protocol. */
static const WtField *
field_to_choose (WtFieldsPage *self)
{
  const WtField *protocol = self->roots->pdata[self->roots->len - 1], *found = NULL;

  for (guint i = self->roots->len; self->chosen && i-- > 0 && !found;)
    found = wt_field_find (self->roots->pdata[i], self->chosen);
  if (!found)
    wt_field_walk (protocol, explained, &found);
  return found ? found : protocol;
}

static void
show_fields (WtFieldsPage *self)
{
  g_autoptr (GtkTreeListModel) tree = wt_field_tree_new (self->roots);

  wt_field_tree_open (tree, self->roots->len - 1, WT_FIELDS_OPEN_MAX + self->roots->len);
  self->choosing = TRUE;
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (tree));
  choose (self, field_to_choose (self));
  self->choosing = FALSE;
  on_chosen (self);
}

static GBytes *
payload_of (WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);

  return event->payload ? g_bytes_new_from_bytes (event->payload, event->payload_start, event->payload_len) : NULL;
}

static void
show_selected (WtFieldsPage *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint32 n = self->session ? wt_session_selected_event (self->session) : WT_EVENT_NO_REF;
  g_autoptr (GBytes) bytes = NULL;

  self->stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->stale)
    return;
  g_clear_pointer (&self->roots, g_ptr_array_unref);
  if (trace && n != WT_EVENT_NO_REF)
    {
      wt_trace_read_lock (trace);
      bytes = payload_of (trace, n);
      self->roots = wt_event_fields (trace, n);
      wt_trace_read_unlock (trace);
    }
  wt_hex_view_set_bytes (self->hex, bytes);
  if (self->roots && self->roots->len)
    show_fields (self);
  gtk_stack_set_visible_child_name (self->stack, self->roots && self->roots->len ? "fields" : "empty");
}

static void
refresh (WtFieldsPage *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  show_selected (self);
}

static gboolean
on_idle (gpointer data)
{
  WtFieldsPage *self = data;

  self->idle = 0;
  show_selected (self);
  return G_SOURCE_REMOVE;
}

/* Taking a message apart and filling the tree takes half of a frame's time: the frame that shows the new cursor does not
 * wait for it, as an idle comes after GDK's redraw. */
static void
refresh_soon (WtFieldsPage *self)
{
  if (!self->idle)
    self->idle = g_idle_add (on_idle, self);
}

static void
wt_fields_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wt_fields_page_parent_class)->map (widget);
  if (WT_FIELDS_PAGE (widget)->stale)
    refresh (WT_FIELDS_PAGE (widget));
}

void
wt_fields_page_set_session (WtFieldsPage *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (refresh), self);
      g_signal_connect_swapped (session, "notify::selected-event", G_CALLBACK (refresh_soon), self);
    }
  refresh (self);
}

void
wt_fields_page_set_glossary (WtFieldsPage *self, WtGlossary *glossary)
{
  self->glossary = glossary;
  explain (self, chosen_field (self));
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static void
copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const WtField *field = chosen_field (WT_FIELDS_PAGE (widget));
  g_autofree char *filter = field ? wt_field_to_filter (field) : NULL;
  const char *text = filter;

  if (g_str_equal (action, "field.copy-name"))
    text = field ? field->info->name : NULL;
  else if (g_str_equal (action, "field.copy-value"))
    text = field ? field->value : NULL;
  if (text)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
apply_filter (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WtFieldsPage *self = WT_FIELDS_PAGE (widget);
  const WtField *field = chosen_field (self);
  g_autofree char *filter = field ? wt_field_to_filter (field) : NULL;

  if (filter && self->session && !wt_session_set_filter (self->session, filter, NULL, NULL))
    gtk_widget_error_bell (widget); /* a value longer than a filter may be */
}

/* The menu key: at the chosen row, as far as it can be seen. */
static gboolean
on_menu_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  WtFieldsPage *self = WT_FIELDS_PAGE (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  if (!chosen_field (self) || !focus || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->tree)))
    return FALSE;
  popup_menu (self, focus, gtk_widget_get_width (focus) / 3.0, gtk_widget_get_height (focus));
  return TRUE;
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_fields_page_dispose (GObject *object)
{
  WtFieldsPage *self = WT_FIELDS_PAGE (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->roots, g_ptr_array_unref);
  g_clear_pointer (&self->chosen, g_free);
  G_OBJECT_CLASS (wt_fields_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, tree);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, hex);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, explanation);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, glossary_heading);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, field_name);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, glossary_title);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, glossary_rfc);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, glossary_text);
  gtk_widget_class_bind_template_child (widget_class, WtFieldsPage, field_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_byte_selected);
}

static void
wt_fields_page_class_init (WtFieldsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_fields_page_dispose;
  widget_class->map = wt_fields_page_map;
  wt_inspector_register_resource ();
  g_type_ensure (WT_TYPE_HEX_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/fields-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "field.copy-name", NULL, copy);
  gtk_widget_class_install_action (widget_class, "field.copy-value", NULL, copy);
  gtk_widget_class_install_action (widget_class, "field.copy-filter", NULL, copy);
  gtk_widget_class_install_action (widget_class, "field.apply-filter", NULL, apply_filter);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);
}

static void
wt_fields_page_init (WtFieldsPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  gtk_list_view_set_factory (self->tree, factory);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_list_view_set_model (self->tree, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (on_user_chose), self,
                           G_CONNECT_SWAPPED);
  self->popover = gtk_popover_menu_new_from_model (self->field_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  explain (self, NULL);
}
