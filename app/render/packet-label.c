#include "app/render/packet-label.h"

#include "protocols/base/dissector.h"

#include <glib/gi18n.h>
#include <string.h>

#define MESSAGES_LOOKED_AT 24 /* after the packet, for the message that it is a part of */

struct _WtPacketLabels {
  WtTrace *trace;
  GHashTable *known; /* event -> label, one of words */
  GHashTable *words; /* a set of strings */
};

WtPacketLabels *
wt_packet_labels_new (WtTrace *trace)
{
  WtPacketLabels *self = g_new0 (WtPacketLabels, 1);

  self->trace = wt_trace_ref (trace);
  self->known = g_hash_table_new (NULL, NULL);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
wt_packet_labels_free (WtPacketLabels *self)
{
  wt_trace_unref (self->trace);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->words);
  g_free (self);
}

static char *
protocol_title (guint8 protocol)
{
  const WtDissector *dissector = wt_dissector_for (protocol);

  return g_strdup (dissector ? dissector->title : protocol == WT_PROTOCOL_UDP ? "UDP" : "TCP");
}

static char *
tcp_label (guint8 flags)
{
  static const struct { guint8 flag; const char *alone, *with_ack; } names[] = {
    { WT_TCP_RST, "RST", "RST" }, { WT_TCP_SYN, "SYN", "SYN ACK" }, { WT_TCP_FIN, "FIN", "FIN ACK" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (flags & names[i].flag)
      return g_strdup (flags & WT_TCP_ACK ? names[i].with_ack : names[i].alone);
  return g_strdup ("ACK");
}

static char *
first_word (const char *text)
{
  return g_strndup (text, strcspn (text, " \t-,;"));
}

/* "MX?" asks, "MX" answers, "NXDOMAIN" says why not. (nullable) */
static char *
name_service_label (const WtDissector *dissector, const WtEvent *event, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (WtField) root = dissector->message (wt_event_direction (event), event->context, bytes, n_bytes);
  const WtField *type = wt_field_find (root, "dns.qry.type"), *response = wt_field_find (root, "dns.flags.response");
  const WtField *rcode = wt_field_find (root, "dns.flags.rcode");
  g_autofree char *name = type && type->value ? first_word (type->value) : NULL;

  if (!name || !response)
    return NULL;
  if (response->number && rcode && rcode->number != 0 && rcode->value)
    return first_word (rcode->value);
  return response->number ? g_steal_pointer (&name) : g_strdup_printf ("%s?", name);
}

/* The summary's first word is what people call the message. */
static char *
message_label (const WtEvent *event)
{
  const WtDissector *dissector = wt_dissector_for (event->protocol);
  g_autofree char *summary = NULL, *label = NULL;
  gsize n_bytes;
  const guint8 *bytes = wt_event_bytes (event, &n_bytes);

  if (event->context == WT_CONTEXT_CONTENT)
    return g_strdup (_("mail"));
  if (!dissector || !dissector->summary)
    return protocol_title (event->protocol);
  if (event->protocol == WT_PROTOCOL_DNS)
    label = name_service_label (dissector, event, bytes, n_bytes);
  if (!label)
    {
      summary = dissector->summary (wt_event_direction (event), event->context, bytes, n_bytes);
      label = first_word (summary);
    }
  if (g_utf8_strlen (label, -1) > WT_PACKET_LABEL_MAX)
    *g_utf8_offset_to_pointer (label, WT_PACKET_LABEL_MAX) = '\0';
  return *label ? g_steal_pointer (&label) : g_strdup (dissector->title);
}

/* The message that a packet carries (a part of): of those that arrive after it in its direction the first that was sent
 * with it, else the last that was sent before. `n_more` (out): how many more were sent with it (pipelining). (nullable)
 */
static const WtEvent *
message_of (WtTrace *trace, guint32 n, const WtEvent *packet, guint *n_more)
{
  const WtEvent *first =
      packet->ref != WT_EVENT_NO_REF && packet->ref < n ? wt_trace_event (trace, packet->ref) : packet;
  guint32 i = wt_trace_history_before (trace, packet->entity, n);
  guint32 end = MIN (wt_trace_history_length (trace, packet->entity), i + MESSAGES_LOOKED_AT);
  const WtEvent *found = NULL;
  gsize length = 0;

  *n_more = 0;
  for (; i < end; i++)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_history_nth (trace, packet->entity, i));

      if (event->kind != WT_EVENT_MESSAGE || wt_event_direction (event) != wt_event_direction (packet))
        continue;
      if (event->other_time > first->time)
        break;
      length += event->payload_len;
      if (!found || found->other_time < first->time)
        found = event;
      else if (length <= packet->payload_len)
        (*n_more)++;
    }
  return found;
}

static char *
carried_label (const WtEvent *message, guint n_more)
{
  g_autofree char *label = message_label (message);

  return n_more > 0 ? g_strdup_printf ("%s +%u", label, n_more) : g_steal_pointer (&label);
}

/* `sure`: nothing that comes later can change it. */
static char *
make_label (WtTrace *trace, guint32 n, gboolean *sure)
{
  const WtEvent *event = wt_trace_event (trace, n);
  const WtEntity *conversation = wt_trace_entity (trace, event->entity);
  const WtEvent *message = event->kind == WT_EVENT_MESSAGE ? event : NULL;
  guint n_more = 0;

  *sure = TRUE;
  if (event->kind == WT_EVENT_GONE)
    return g_strdup ("");
  if (!message && event->payload_len == 0 && (!conversation || conversation->transport == WT_TRANSPORT_TCP))
    return tcp_label (event->context);
  if (!message)
    message = message_of (trace, n, event, &n_more);
  *sure = message || wt_trace_is_finished (trace);
  return message ? carried_label (message, n_more) : protocol_title (event->protocol);
}

const char *
wt_packet_labels_get (WtPacketLabels *self, guint32 event)
{
  const char *known = g_hash_table_lookup (self->known, GUINT_TO_POINTER (event));
  gboolean sure;
  char *label;

  if (known)
    return known;
  if (g_hash_table_size (self->words) >= WT_PACKET_LABELS_KEPT
      || g_hash_table_size (self->known) >= WT_PACKET_LABELS_KEPT)
    {
      g_hash_table_remove_all (self->known);
      g_hash_table_remove_all (self->words);
    }
  label = make_label (self->trace, event, &sure);
  if (!g_hash_table_lookup_extended (self->words, label, (gpointer *) &known, NULL))
    {
      known = label;
      g_hash_table_add (self->words, label);
    }
  else
    g_free (label);
  if (sure)
    g_hash_table_insert (self->known, GUINT_TO_POINTER (event), (gpointer) known);
  return known;
}
