#include "app/ui/inspector/message-page.h"

#include "app/ui/inspector/inspector-resources.h"
#include "app/ui/mail/mail-reader.h"
#include "app/ui/mail/mail-text.h"

struct _WtMessagePage {
  AdwBin parent_instance;

  GtkStack *stack;
  WtMailReader *reader;

  WtSession *session; /* (nullable) */
  gboolean stale;     /* the session has moved on while nobody saw the page */
};

G_DEFINE_FINAL_TYPE (WtMessagePage, wt_message_page, ADW_TYPE_BIN)

static void
refresh (WtMessagePage *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint32 n = self->session ? wt_session_selected_event (self->session) : WT_EVENT_NO_REF;
  g_autoptr (GBytes) mail = NULL;

  self->stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->stale)
    return;
  if (trace && n != WT_EVENT_NO_REF)
    {
      wt_trace_read_lock (trace);
      mail = wt_mail_of_event (wt_trace_event (trace, n));
      wt_trace_read_unlock (trace);
    }
  wt_mail_reader_set_mail (self->reader, mail);
  gtk_stack_set_visible_child_name (self->stack, mail ? "mail" : "empty");
}

void
wt_message_page_set_session (WtMessagePage *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (refresh), self);
      g_signal_connect_swapped (session, "notify::selected-event", G_CALLBACK (refresh), self);
    }
  refresh (self);
}

static void
wt_message_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wt_message_page_parent_class)->map (widget);
  if (WT_MESSAGE_PAGE (widget)->stale)
    refresh (WT_MESSAGE_PAGE (widget));
}

static void
wt_message_page_dispose (GObject *object)
{
  WtMessagePage *self = WT_MESSAGE_PAGE (object);

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (wt_message_page_parent_class)->dispose (object);
}

static void
wt_message_page_class_init (WtMessagePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_message_page_dispose;
  widget_class->map = wt_message_page_map;
  wt_inspector_register_resource ();
  g_type_ensure (WT_TYPE_MAIL_READER);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/message-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WtMessagePage, stack);
  gtk_widget_class_bind_template_child (widget_class, WtMessagePage, reader);
}

static void
wt_message_page_init (WtMessagePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
