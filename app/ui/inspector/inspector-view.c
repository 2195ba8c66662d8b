#include "app/ui/inspector/inspector-view.h"

#include "app/ui/inspector/fields-page.h"
#include "app/ui/inspector/inspector-resources.h"
#include "app/ui/inspector/message-page.h"
#include "app/ui/inspector/session-page.h"
#include "app/ui/model/protocol-style.h"
#include "app/ui/model/view-style.h"

struct _WtInspectorView {
  AdwBin parent_instance;

  AdwViewStack *stack;
  WtFieldsPage *fields;
  WtMessagePage *message;
  WtSessionPage *conversation;

  WtSession *session; /* (nullable) */
  WtViewNames names;
};

G_DEFINE_FINAL_TYPE (WtInspectorView, wt_inspector_view, ADW_TYPE_BIN)

enum { PROP_PAGE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

void
wt_inspector_view_set_session (WtInspectorView *self, WtSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  wt_fields_page_set_session (self->fields, session);
  wt_message_page_set_session (self->message, session);
  wt_session_page_set_session (self->conversation, session);
}

void
wt_inspector_view_set_names (WtInspectorView *self, const WtCanvasNames *names, gpointer user_data,
                             GDestroyNotify destroy)
{
  wt_view_names_set (&self->names, names, user_data, destroy);
  wt_session_page_set_names (self->conversation, &self->names);
}

void
wt_inspector_view_set_glossary (WtInspectorView *self, WtGlossary *glossary)
{
  wt_fields_page_set_glossary (self->fields, glossary);
}

static void
on_page (WtInspectorView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAGE]);
}

static void
wt_inspector_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtInspectorView *self = WT_INSPECTOR_VIEW (object);

  if (id == PROP_PAGE)
    g_value_set_string (value, adw_view_stack_get_visible_child_name (self->stack));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_inspector_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WtInspectorView *self = WT_INSPECTOR_VIEW (object);

  if (id == PROP_PAGE)
    adw_view_stack_set_visible_child_name (self->stack, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_inspector_view_dispose (GObject *object)
{
  WtInspectorView *self = WT_INSPECTOR_VIEW (object);

  if (self->session)
    wt_inspector_view_set_session (self, NULL);
  wt_view_names_set (&self->names, NULL, NULL, NULL);
  G_OBJECT_CLASS (wt_inspector_view_parent_class)->dispose (object);
}

static void
wt_inspector_view_class_init (WtInspectorViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = wt_inspector_view_get_property;
  object_class->set_property = wt_inspector_view_set_property;
  object_class->dispose = wt_inspector_view_dispose;
  props[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, "fields", flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  wt_inspector_register_resource ();
  g_type_ensure (WT_TYPE_FIELDS_PAGE);
  g_type_ensure (WT_TYPE_MESSAGE_PAGE);
  g_type_ensure (WT_TYPE_SESSION_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/inspector-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtInspectorView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtInspectorView, fields);
  gtk_widget_class_bind_template_child (widget_class, WtInspectorView, message);
  gtk_widget_class_bind_template_child (widget_class, WtInspectorView, conversation);
}

static void
wt_inspector_view_init (WtInspectorView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  wt_protocol_style_add ();
  wt_view_style_add ("/io/github/wiretalk/Wiretalk/ui/inspector-view.css");
  g_signal_connect_object (self->stack, "notify::visible-child-name", G_CALLBACK (on_page), self, G_CONNECT_SWAPPED);
}

GtkWidget *
wt_inspector_view_new (void)
{
  return g_object_new (WT_TYPE_INSPECTOR_VIEW, NULL);
}
