#include "app/ui/transcript/transcript-view.h"

#include "app/ui/transcript/transcript-resources.h"

struct _WtTranscriptView {
  AdwBin parent_instance;

  AdwStatusPage *empty;

  WtSession *session; /* (nullable) */
  WtCanvasNames names;
  gpointer names_data;
  GDestroyNotify names_destroy;
};

G_DEFINE_FINAL_TYPE (WtTranscriptView, wt_transcript_view, ADW_TYPE_BIN)

enum { PROP_SESSION = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

void
wt_transcript_view_set_session (WtTranscriptView *self, WtSession *session)
{
  if (g_set_object (&self->session, session))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

void
wt_transcript_view_set_names (WtTranscriptView *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy)
{
  if (self->names_destroy)
    self->names_destroy (self->names_data);
  self->names = names ? *names : (WtCanvasNames){ 0 };
  self->names_data = user_data;
  self->names_destroy = destroy;
}

static void
wt_transcript_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, WT_TRANSCRIPT_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_transcript_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    wt_transcript_view_set_session (WT_TRANSCRIPT_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_transcript_view_dispose (GObject *object)
{
  WtTranscriptView *self = WT_TRANSCRIPT_VIEW (object);

  wt_transcript_view_set_session (self, NULL);
  wt_transcript_view_set_names (self, NULL, NULL, NULL);
  G_OBJECT_CLASS (wt_transcript_view_parent_class)->dispose (object);
}

static void
wt_transcript_view_class_init (WtTranscriptViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wt_transcript_view_get_property;
  object_class->set_property = wt_transcript_view_set_property;
  object_class->dispose = wt_transcript_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, WT_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  wt_transcript_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/transcript-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, empty);
}

static void
wt_transcript_view_init (WtTranscriptView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
wt_transcript_view_new (void)
{
  return g_object_new (WT_TYPE_TRANSCRIPT_VIEW, NULL);
}
