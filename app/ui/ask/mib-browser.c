#include "app/ui/ask/mib-browser.h"

#include "app/ui/ask/ask-resources.h"
#include "app/ui/ask/mib-tree.h"

#include <glib/gi18n.h>

struct _WtMibBrowser {
  AdwBin parent_instance;

  GtkListView *tree;
  GtkLabel *details;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (WtMibBrowser, wt_mib_browser, ADW_TYPE_BIN)

enum { CHOSEN, ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

const WtMibObject *
wt_mib_browser_chosen (WtMibBrowser *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (WtMibItem) node = row ? gtk_tree_list_row_get_item (row) : NULL;

  return node ? wt_mib_item_object (node) : NULL;
}

static void
on_selected (WtMibBrowser *self)
{
  const WtMibObject *object = wt_mib_browser_chosen (self);
  g_autofree char *details = object ? wt_mib_describe (object) : NULL;

  if (!object)
    return;
  gtk_label_set_text (self->details, details);
  g_signal_emit (self, signals[CHOSEN], 0);
}

/* A row that is activated is unfolded, or its value asked for. */
static void
on_activated (WtMibBrowser *self, guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
  else
    g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
setup_row (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *expander = gtk_tree_expander_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *name = gtk_label_new (NULL), *syntax = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (syntax), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (syntax, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), syntax);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  gtk_list_item_set_child (item, expander);
}

static void
bind_row (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkWidget *name = gtk_widget_get_first_child (gtk_tree_expander_get_child (expander));
  g_autoptr (WtMibItem) node = gtk_tree_list_row_get_item (row);
  const WtMibObject *object = wt_mib_item_object (node);
  g_autofree char *text = g_strdup_printf ("%s (%u)", object->name, object->oid.n ? object->oid.arcs[object->oid.n - 1] : 0);

  gtk_tree_expander_set_list_row (expander, row);
  gtk_label_set_text (GTK_LABEL (name), text);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (name)), object->syntax);
}

static void
wt_mib_browser_dispose (GObject *object)
{
  WtMibBrowser *self = WT_MIB_BROWSER (object);

  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (wt_mib_browser_parent_class)->dispose (object);
}

static void
wt_mib_browser_class_init (WtMibBrowserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_mib_browser_dispose;
  wt_ask_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/mib-browser.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMibBrowser, tree);
  gtk_widget_class_bind_template_child (widget_class, WtMibBrowser, details);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  signals[CHOSEN] = g_signal_new ("chosen", WT_TYPE_MIB_BROWSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED]
      = g_signal_new ("activated", WT_TYPE_MIB_BROWSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wt_mib_browser_init (WtMibBrowser *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (wt_mib_tree_new (wt_mib_default ())));
  gtk_list_view_set_factory (self->tree, factory);
  gtk_list_view_set_model (self->tree, GTK_SELECTION_MODEL (self->selection));
  gtk_label_set_text (self->details, _("Choose an object, or write its name: sysName.0, ifDescr.2, 1.3.6.1.2.1.1."));
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self);
}
