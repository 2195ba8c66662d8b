/* One line about an event, as it stands in a list. */
#include "app/mib/mib.h"
#include "app/trace/event-view.h"
#include "app/trace/packet-fate.h"
#include "app/trace/stored-mail.h"

#include <glib/gi18n.h>
#include <string.h>

/* Valid UTF-8 without line breaks and other control characters, which would tear a list's row. */
static char *
one_line (const char *text, gsize n_bytes)
{
  gsize n_plain = 0;
  while (n_plain < n_bytes && text[n_plain] >= ' ' && text[n_plain] < 0x7f)
    n_plain++;
  if (n_plain == n_bytes) /* as nearly all are */
    return g_strchomp (g_strndup (text, n_bytes));
  g_autofree char *valid = g_utf8_make_valid (text, n_bytes);
  GString *line = g_string_sized_new (n_bytes);
  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (!g_unichar_iscntrl (c))
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
    }
  return g_strchomp (g_string_free (line, FALSE));
}

static char *
payload_line (const WtEvent *event)
{
  gsize n_bytes;
  const char *bytes = (const char *)wt_event_bytes (event, &n_bytes);
  return one_line (bytes, n_bytes);
}

static const char *
name_of (const WtEventView *view, guint32 entity)
{
  const WtEntity *found = wt_trace_entity (view->trace, entity);
  return found && *found->name ? found->name : _("unknown");
}

static char *
protocol_summary (const WtEventView *view)
{
  const WtDissector *dissector = wt_event_view_dissector (view);
  gsize n_bytes;
  const guint8 *bytes = wt_event_bytes (view->event, &n_bytes);
  if (dissector == NULL || dissector->summary == NULL)
    return g_strdup_printf (ngettext ("%u byte", "%u bytes", n_bytes), (guint)n_bytes);
  WtDirection direction = wt_event_direction (view->event);
  guint8 context = wt_event_view_context (view);
  gconstpointer keys = wt_trace_keys (view->trace, dissector->protocol);
  g_autofree char *summary = NULL;
  if (dissector == &wt_snmp_dissector)
    summary = wt_snmp_summary (keys, &wt_mib_line_names, bytes, n_bytes);
  else
    summary = dissector->summary (direction, context, bytes, n_bytes);
  return one_line (summary, strlen (summary));
}

/* --- packets ------------------------------------------------------------------------------------------------------ */

/* "SYN, seq 0", "SYN, ACK 1, seq 0", "ACK 1461, 512 bytes", "FIN, ACK 1461, seq 512". */
static char *
tcp_summary (const WtEventView *view)
{
  const WtEvent *event = view->event;
  guint8 flags = event->context;
  GString *text = g_string_new (NULL);
  g_autofree char *names = wt_tcp_flags_to_string (flags & ~(WT_TCP_ACK | WT_TCP_PSH), ", ");
  g_string_append (text, names);
  if (flags & WT_TCP_ACK)
    g_string_append_printf (text, "%sACK %u", text->len ? ", " : "", wt_event_view_ack (view));
  if (flags & (WT_TCP_SYN | WT_TCP_FIN | WT_TCP_RST))
    g_string_append_printf (text, ", seq %u", wt_event_view_seq (view));
  if (event->payload_len > 0)
    {
      g_string_append (text, text->len ? ", " : "");
      g_string_append_printf (text, ngettext ("%u byte", "%u bytes", event->payload_len), event->payload_len);
    }
  return g_string_free (text, FALSE);
}

static char *
packet_summary (const WtEventView *view)
{
  const WtEvent *event = view->event;
  gboolean tcp = !wt_event_view_is_whole_message (view);
  g_autofree char *text = tcp ? tcp_summary (view) : protocol_summary (view);
  /* Translators: these follow what a packet is: "ACK 1461, 512 bytes, sent again" */
  const char *again = event->flags & WT_EVENT_RETRANSMIT ? _(", sent again") : "";
  const char *lost = event->flags & WT_EVENT_QUEUE_FULL ? _(", dropped: queue full")
                     : wt_packet_is_lost (view->trace, view->n) ? _(", lost")
                                                                : "";
  return g_strconcat (text, again, lost, NULL);
}

/* --- the other kinds ---------------------------------------------------------------------------------------------- */

/* (transfer full) */
static char *
server_of (const WtEventView *view)
{
  if (view->conversation == NULL)
    return g_strdup (_("unknown"));
  const WtEntity *server = wt_trace_entity (view->trace, view->conversation->server);
  WtAddress address = view->conversation->server_address;
  return server ? g_strdup_printf ("%s:%u", server->name, address.port) : wt_address_to_string (address);
}

static char *
connection_change (WtConnectionChange change, const char *server)
{
  switch (change)
    {
    case WT_CONNECTION_OPENING:
      return g_strdup_printf (_("connecting to %s"), server);
    case WT_CONNECTION_OPEN:
      return g_strdup_printf (_("connected to %s"), server);
    case WT_CONNECTION_CLOSED:
      return g_strdup_printf (_("connection to %s closed"), server);
    case WT_CONNECTION_RESET:
      return g_strdup_printf (_("connection to %s reset"), server);
    case WT_CONNECTION_REFUSED:
      return g_strdup_printf (_("connection to %s refused"), server);
    case WT_CONNECTION_TIMED_OUT:
    default:
      return g_strdup_printf (_("connection to %s timed out"), server);
    }
}

static char *
connection_summary (const WtEventView *view)
{
  g_autofree char *server = server_of (view);
  g_autofree char *text = connection_change (view->event->value, server);
  g_autofree char *reason = payload_line (view->event);
  return *reason ? g_strdup_printf ("%s: %s", text, reason) : g_steal_pointer (&text);
}

static char *
state_summary (const WtEventView *view)
{
  const WtState *state = wt_event_view_state (view);
  if (state)
    return g_strdup_printf (_("state: %s"), _(state->label));
  return g_strdup_printf (_("state: %u"), view->event->value);
}

static char *
link_summary (const WtEventView *view)
{
  const char *name = name_of (view, view->event->entity);
  return view->event->value ? g_strdup_printf (_("link %s up"), name) : g_strdup_printf (_("link %s down"), name);
}

static char *
node_summary (const WtEventView *view)
{
  const char *name = name_of (view, view->event->entity);
  return view->event->value ? g_strdup_printf (_("%s up"), name) : g_strdup_printf (_("%s down"), name);
}

static char *
summary (const WtEventView *view)
{
  switch ((WtEventKind)view->event->kind)
    {
    case WT_EVENT_PACKET:
      return packet_summary (view);
    case WT_EVENT_CONNECTION:
      return connection_summary (view);
    case WT_EVENT_MESSAGE:
      return protocol_summary (view);
    case WT_EVENT_STATE:
      return state_summary (view);
    case WT_EVENT_STORE:
      return wt_stored_change_summary (view->trace, view->n);
    case WT_EVENT_LINK:
      return link_summary (view);
    case WT_EVENT_NODE:
      return node_summary (view);
    case WT_EVENT_NOTE:
      return payload_line (view->event);
    case WT_EVENT_GONE:
    case WT_N_EVENT_KINDS:
    default:
      return g_strdup (_("dropped to keep within the memory limit"));
    }
}

char *
wt_event_summary (WtTrace *trace, guint32 n)
{
  WtEventView view;
  wt_trace_read_lock (trace);
  wt_event_view_init (&view, trace, n);
  g_autofree char *text = summary (&view);
  wt_trace_read_unlock (trace);
  return one_line (text, strlen (text)); /* names come from files and peers */
}
