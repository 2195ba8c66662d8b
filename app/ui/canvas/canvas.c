#include "app/ui/canvas/canvas-private.h"

#include "app/render/host-symbols.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define LINE_BOX 16.0      /* pixels: a link's item is at least so wide */

G_DEFINE_FINAL_TYPE (WtCanvas, wt_canvas, GTK_TYPE_WIDGET)

enum { PROP_ZOOM = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

/* --- items -------------------------------------------------------------------------------------------------------- */

static WtCanvasItem *
item_of (WtCanvas *self, guint32 entity)
{
  return g_hash_table_lookup (self->by_entity, GUINT_TO_POINTER (entity));
}

static void
on_item_clicked (WtCanvasItem *item, WtCanvas *self)
{
  if (self->session)
    wt_session_select_entity (self->session, wt_canvas_item_entity (item));
}

static void
on_item_focus (WtCanvasItem *item, GParamSpec *pspec, WtCanvas *self)
{
  if (gtk_widget_has_visible_focus (GTK_WIDGET (item)))
    wt_canvas_show (self, wt_canvas_item_entity (item));
}

static WtCanvasItem *
add_item (WtCanvas *self, guint32 entity, gboolean is_link, GtkWidget *after)
{
  GtkWidget *item = wt_canvas_item_new (entity, is_link);

  /* Who clicks is not on the keyboard's way over the canvas: the arrow keys go on stepping. */
  gtk_widget_set_focus_on_click (item, FALSE);
  gtk_widget_insert_after (item, GTK_WIDGET (self), after);
  g_signal_connect (item, "clicked", G_CALLBACK (on_item_clicked), self);
  g_signal_connect (item, "notify::has-focus", G_CALLBACK (on_item_focus), self);
  g_hash_table_insert (self->by_entity, GUINT_TO_POINTER (entity), item);
  return WT_CANVAS_ITEM (item);
}

/* Links stand first among the children: hosts lie over them. */
static void
add_items (WtCanvas *self)
{
  guint n_edges, n_nodes;
  const WtLayoutEdge *edges = wt_layout_edges (self->layout, &n_edges);
  const WtLayoutNode *nodes = wt_layout_nodes (self->layout, &n_nodes);
  GtkWidget *last_link = NULL;

  for (guint i = 0; i < self->items->len && wt_canvas_item_is_link (self->items->pdata[i]); i++)
    last_link = self->items->pdata[i];
  for (; self->n_edges < n_edges; self->n_edges++)
    if (edges[self->n_edges].link)
      last_link = GTK_WIDGET (add_item (self, edges[self->n_edges].link, TRUE, last_link));
  for (; self->n_nodes < n_nodes; self->n_nodes++)
    add_item (self, nodes[self->n_nodes].node, FALSE, gtk_widget_get_last_child (GTK_WIDGET (self)));
  g_ptr_array_set_size (self->items, 0);
  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self)); item;
       item = gtk_widget_get_next_sibling (item))
    g_ptr_array_add (self->items, item);
}

static void
remove_items (WtCanvas *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_hash_table_remove_all (self->by_entity);
  g_ptr_array_set_size (self->items, 0);
  self->n_edges = self->n_nodes = 0;
}

static void
set_item_text (WtCanvas *self, WtCanvasItem *item)
{
  guint32 id = wt_canvas_item_entity (item);
  const WtEntity *entity = wt_trace_entity (self->trace, id);
  const char *text = NULL;
  g_autofree char *label = NULL;

  if (!wt_canvas_item_is_link (item))
    {
      g_autofree char *given = self->states ? wt_node_states_name (self->states, id) : NULL;

      wt_canvas_item_set_text (item, given ? given : wt_names_label (&self->names, self->names_data, self->trace, id),
                               wt_type_title (wt_names_type (&self->names, self->names_data, self->trace, id)));
      return;
    }
  if (self->names.link_text)
    text = self->names.link_text (id, self->names_data);
  label = entity ? g_strdup_printf ("%s – %s",
                                    wt_names_label (&self->names, self->names_data, self->trace, entity->ends[0]),
                                    wt_names_label (&self->names, self->names_data, self->trace, entity->ends[1]))
                 : g_strdup ("");
  wt_canvas_item_set_text (item, label, text && *text ? text : _("Link"));
}

void
wt_canvas_names_changed (WtCanvas *self)
{
  for (guint i = 0; i < self->items->len; i++)
    set_item_text (self, self->items->pdata[i]);
  wt_canvas_still_clear (&self->still);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- the session -------------------------------------------------------------------------------------------------- */

/* What of the states is drawn in the still part: who is down, who is there, who is called what. */
static guint
key_of_states (WtCanvas *self)
{
  guint32 position = wt_session_position (self->session);
  guint key = 17;

  for (guint i = 0; i < self->items->len; i++)
    {
      guint32 id = wt_canvas_item_entity (self->items->pdata[i]);
      const WtEntity *entity = wt_trace_entity (self->trace, id);
      gboolean born = entity && entity->born <= position;

      WtNodeState state = wt_node_states_get (self->states, id);

      key = (key * 33 + (state.down ? 1 : 0) + (born ? 2 : 0)) * 33 + state.named;
    }
  return key;
}

static void
update_items (WtCanvas *self)
{
  guint32 selected = wt_session_selected_entity (self->session), position = wt_session_position (self->session);
  guint key;

  wt_node_states_seek (self->states, position);
  key = key_of_states (self);
  if (key != self->still_key)
    {
      wt_canvas_still_clear (&self->still);
      for (guint i = 0; i < self->items->len; i++)
        set_item_text (self, self->items->pdata[i]);
    }
  self->still_key = key;
  for (guint i = 0; i < self->items->len; i++)
    {
      WtCanvasItem *item = self->items->pdata[i];
      guint32 id = wt_canvas_item_entity (item);
      const WtEntity *entity = wt_trace_entity (self->trace, id);
      WtNodeState state = wt_node_states_get (self->states, id);

      wt_canvas_item_set_state (item, &state);
      wt_canvas_item_set_selected (item, id == selected);
      gtk_widget_set_visible (GTK_WIDGET (item), entity && entity->born <= position);
    }
}

void
wt_canvas_layout_changed (WtCanvas *self)
{
  wt_canvas_still_clear (&self->still);
  if (self->fitted)
    self->fitted_width = 0;
  wt_canvas_view_changed (self);
}

/* New hosts and links, if there are any. */
static void
look_for_new (WtCanvas *self)
{
  guint n = self->items->len;

  if (!self->layout || !wt_layout_update (self->layout))
    return;
  add_items (self);
  for (guint i = 0; i < self->items->len; i++)
    set_item_text (self, self->items->pdata[i]);
  if (self->items->len != n)
    wt_canvas_layout_changed (self);
  wt_canvas_still_clear (&self->still);
}

static void
on_cursor (WtCanvas *self)
{
  if (!self->trace)
    return;
  wt_trace_read_lock (self->trace);
  look_for_new (self);
  update_items (self);
  wt_canvas_live_position_changed (self, wt_session_position (self->session));
  wt_trace_read_unlock (self->trace);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
forget_trace (WtCanvas *self)
{
  remove_items (self);
  wt_canvas_still_clear (&self->still);
  wt_canvas_live_clear (self);
  g_array_set_size (self->flying, 0);
  g_clear_pointer (&self->layout, wt_layout_free);
  g_clear_pointer (&self->states, wt_node_states_free);
  g_clear_pointer (&self->labels, wt_packet_labels_free);
  g_clear_pointer (&self->trace, wt_trace_unref);
}

static void
on_trace_changed (WtCanvas *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;

  forget_trace (self);
  if (trace)
    {
      self->trace = wt_trace_ref (trace);
      self->layout = wt_layout_new (trace);
      self->states = wt_node_states_new (trace);
      self->labels = wt_packet_labels_new (trace);
      self->last_position = wt_session_position (self->session);
      on_cursor (self);
    }
  wt_canvas_fit (self);
}

void
wt_canvas_set_session (WtCanvas *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (on_cursor), self);
      g_signal_connect_swapped (session, "notify::position", G_CALLBACK (on_cursor), self);
      g_signal_connect_swapped (session, "notify::time", G_CALLBACK (gtk_widget_queue_draw), self);
      g_signal_connect_swapped (session, "notify::selected-entity", G_CALLBACK (on_cursor), self);
      g_signal_connect_swapped (session, "notify::selected-event", G_CALLBACK (gtk_widget_queue_draw), self);
    }
  on_trace_changed (self);
}

WtLayout *
wt_canvas_layout (WtCanvas *self)
{
  if (self->layout)
    wt_layout_update (self->layout);
  return self->layout;
}

void
wt_canvas_place (WtCanvas *self, guint32 node, double x, double y)
{
  if (!self->layout)
    return;
  wt_layout_place (self->layout, node, x, y);
  if (item_of (self, node))
    wt_canvas_layout_changed (self);
}

void
wt_canvas_set_names (WtCanvas *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy)
{
  if (self->names_destroy)
    self->names_destroy (self->names_data);
  self->names = names ? *names : (WtCanvasNames){ 0 };
  self->names_data = user_data;
  self->names_destroy = destroy;
  wt_canvas_names_changed (self);
}

/* --- place and paint ---------------------------------------------------------------------------------------------- */

static void
allocate_host (WtCanvas *self, WtCanvasItem *item, double x, double y)
{
  double half_width = WT_SYMBOL_HALF_WIDTH * self->zoom, half_height = WT_SYMBOL_HALF_HEIGHT * self->zoom;
  double below = wt_canvas_label_size (self->zoom) * 1.4 + 4 * self->zoom;
  int left = floor (x * self->zoom + self->pan_x - half_width),
      top = floor (y * self->zoom + self->pan_y - half_height);

  gtk_widget_size_allocate (
      GTK_WIDGET (item), &(GtkAllocation){ left, top, MAX (ceil (2 * half_width), 4), ceil (2 * half_height + below) },
      -1);
}

static void
allocate_link (WtCanvas *self, WtCanvasItem *item)
{
  const WtEntity *entity = wt_trace_entity (self->trace, wt_canvas_item_entity (item));
  double ax, ay, bx, by;
  GtkAllocation box;

  if (!entity || !wt_layout_get (self->layout, entity->ends[0], &ax, &ay)
      || !wt_layout_get (self->layout, entity->ends[1], &bx, &by))
    return;
  ax = ax * self->zoom + self->pan_x;
  ay = ay * self->zoom + self->pan_y;
  bx = bx * self->zoom + self->pan_x;
  by = by * self->zoom + self->pan_y;
  box.width = MAX (fabs (bx - ax), LINE_BOX);
  box.height = MAX (fabs (by - ay), LINE_BOX);
  box.x = (ax + bx - box.width) / 2;
  box.y = (ay + by - box.height) / 2;
  gtk_widget_size_allocate (GTK_WIDGET (item), &box, -1);
  wt_canvas_item_set_line (item, ax - box.x, ay - box.y, bx - box.x, by - box.y);
}

static void
wt_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  WtCanvas *self = WT_CANVAS (widget);

  if (!self->layout)
    return;
  if (self->fitted && (self->fitted_width != width || self->fitted_height != height))
    wt_canvas_fit_to (self, width, height);
  for (guint i = 0; i < self->items->len; i++)
    {
      WtCanvasItem *item = self->items->pdata[i];
      double x, y;

      if (!gtk_widget_get_visible (GTK_WIDGET (item)))
        continue;
      gtk_widget_measure (GTK_WIDGET (item), GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      wt_canvas_item_set_look (item, self->theme, self->zoom);
      if (wt_canvas_item_is_link (item))
        allocate_link (self, item);
      else if (wt_layout_get (self->layout, wt_canvas_item_entity (item), &x, &y))
        allocate_host (self, item, x, y);
    }
}

static void
on_theme (WtCanvas *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  self->theme = wt_theme_get (adw_style_manager_get_dark (manager), adw_style_manager_get_high_contrast (manager));
  wt_canvas_still_clear (&self->still);
  wt_canvas_view_changed (self);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_canvas_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtCanvas *self = WT_CANVAS (object);

  if (id == PROP_ZOOM)
    g_value_set_double (value, self->zoom);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_canvas_dispose (GObject *object)
{
  WtCanvas *self = WT_CANVAS (object);

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (adw_style_manager_get_default (), self);
  g_clear_object (&self->session);
  forget_trace (self);
  if (self->names_destroy)
    self->names_destroy (self->names_data);
  self->names_destroy = NULL;
  G_OBJECT_CLASS (wt_canvas_parent_class)->dispose (object);
}

static void
wt_canvas_finalize (GObject *object)
{
  WtCanvas *self = WT_CANVAS (object);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->by_entity);
  g_array_unref (self->flying);
  g_array_unref (self->live);
  wt_sprites_free (self->sprites);
  G_OBJECT_CLASS (wt_canvas_parent_class)->finalize (object);
}

static void
wt_canvas_class_init (WtCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wt_canvas_get_property;
  object_class->dispose = wt_canvas_dispose;
  object_class->finalize = wt_canvas_finalize;
  widget_class->size_allocate = wt_canvas_size_allocate;
  widget_class->snapshot = wt_canvas_snapshot;
  widget_class->query_tooltip = wt_canvas_query_tooltip;
  widget_class->focus = wt_canvas_focus;

  props[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, WT_CANVAS_ZOOM_MIN, WT_CANVAS_ZOOM_MAX, 1,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_signal_new ("host-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  g_signal_new ("context-menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                G_TYPE_UINT, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  gtk_widget_class_set_css_name (widget_class, "wt-canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  wt_canvas_class_add_input (widget_class);
}

static void
wt_canvas_init (WtCanvas *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  self->zoom = 1;
  self->fitted = TRUE;
  self->items = g_ptr_array_new ();
  self->by_entity = g_hash_table_new (NULL, NULL);
  self->flying = g_array_new (FALSE, FALSE, sizeof (WtFlyingPacket));
  self->sprites = wt_sprites_new ();
  wt_canvas_live_clear (self);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Network canvas"), -1);
  g_signal_connect_swapped (manager, "notify::dark", G_CALLBACK (on_theme), self);
  g_signal_connect_swapped (manager, "notify::high-contrast", G_CALLBACK (on_theme), self);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (wt_canvas_view_changed), NULL);
  wt_canvas_add_input (self);
  on_theme (self);
}

GtkWidget *
wt_canvas_new (void)
{
  return g_object_new (WT_TYPE_CANVAS, NULL);
}
