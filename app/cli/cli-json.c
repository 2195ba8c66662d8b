/* Events and fields as JSON. */
#include "app/cli/cli-json.h"

#include "app/trace/event-fields.h"

#include <glib/gi18n.h>

char *
wt_cli_json_line (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  GString *line = g_string_new (text);
  json_node_unref (node);
  g_string_replace (line, "\x1f", "\\u001f", 0); /* the one control character that JSON-GLib 1.6 leaves as it is */
  g_string_append_c (line, '\n');
  return g_string_free (line, FALSE);
}

/* Takes the object. (transfer full) */
static JsonNode *
node_of (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

/* Numbers stay numbers, but those (of Counter64) that are larger than a signed 64-bit one; a field that is only there is true. */
static JsonNode *
field_value (const WtField *field)
{
  JsonNode *node = json_node_alloc ();
  switch (field->info->type)
    {
    case WT_FIELD_UINT:
      if (field->number < 0)
        return json_node_init_string (node, field->value);
      return json_node_init_int (node, field->number);
    case WT_FIELD_INT:
      return json_node_init_int (node, field->number);
    case WT_FIELD_BOOLEAN:
      return json_node_init_boolean (node, field->number != 0);
    case WT_FIELD_NONE:
      return field->value ? json_node_init_string (node, field->value) : json_node_init_boolean (node, TRUE);
    case WT_FIELD_STRING:
    case WT_FIELD_IPV4:
    case WT_FIELD_BYTES:
    case WT_FIELD_TIME:
    default:
      return json_node_init_string (node, field->value ? field->value : "");
    }
}

JsonNode *
wt_cli_field_json (const WtField *field, gsize offset)
{
  JsonObject *object = json_object_new ();
  JsonArray *range = json_array_sized_new (2), *children = json_array_new ();
  json_object_set_string_member (object, "field", field->info->name);
  json_object_set_string_member (object, "label", _ (field->info->label));
  json_object_set_member (object, "value", field_value (field));
  json_array_add_int_element (range, offset + field->start);
  json_array_add_int_element (range, offset + field->end);
  json_object_set_array_member (object, "range", range);
  for (guint i = 0; field->children && i < field->children->len; i++)
    json_array_add_element (children, wt_cli_field_json (g_ptr_array_index (field->children, i), offset));
  json_object_set_array_member (object, "children", children);
  return node_of (object);
}

/* --- events ------------------------------------------------------------------------------------------------------- */

/* A second value of a name makes a list of both. */
static gboolean
add_field (const WtField *field, guint depth, gpointer user_data)
{
  JsonObject *object = user_data;
  const char *name = field->info->name;
  JsonNode *before = json_object_get_member (object, name);
  if (before == NULL)
    {
      json_object_set_member (object, name, field_value (field));
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_ARRAY (before))
    {
      JsonArray *list = json_array_new ();
      json_array_add_element (list, json_node_copy (before));
      json_object_set_array_member (object, name, list);
      before = json_object_get_member (object, name);
    }
  json_array_add_element (json_node_get_array (before), field_value (field));
  return TRUE;
}

static JsonObject *
all_fields (WtTrace *trace, guint32 n)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GPtrArray) roots = wt_event_fields (trace, n);
  for (guint i = 0; i < roots->len; i++)
    wt_field_walk (g_ptr_array_index (roots, i), add_field, object);
  return object;
}

static const char *
kind_name (guint8 kind)
{
  static const char *const names[WT_N_EVENT_KINDS] = {
    [WT_EVENT_GONE] = "gone",   [WT_EVENT_PACKET] = "packet", [WT_EVENT_CONNECTION] = "connection",
    [WT_EVENT_MESSAGE] = "message", [WT_EVENT_STATE] = "state",   [WT_EVENT_STORE] = "store",
    [WT_EVENT_LINK] = "link",   [WT_EVENT_NODE] = "node",     [WT_EVENT_NOTE] = "note",
  };
  return kind < WT_N_EVENT_KINDS ? names[kind] : "";
}

static void
set_end (JsonObject *object, const char *address, const char *port, WtAddress end)
{
  g_autofree char *text = wt_address_to_string ((WtAddress){ end.ip, 0 });
  json_object_set_string_member (object, address, end.ip ? text : "");
  json_object_set_int_member (object, port, end.port);
}

static void
set_host (JsonObject *object, const char *member, WtTrace *trace, guint32 node)
{
  const WtEntity *entity = wt_trace_entity (trace, node);
  json_object_set_string_member (object, member, entity ? entity->name : "");
}

static void
set_conversation (JsonObject *object, WtTrace *trace, const WtEvent *event)
{
  static const WtEntity none;
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  const WtEntity *talk = entity && entity->kind == WT_ENTITY_CONVERSATION ? entity : &none;
  gboolean to_client = wt_event_direction (event) == WT_TO_CLIENT;
  const WtDissector *dissector = wt_dissector_for (event->protocol ? event->protocol : talk->protocol);
  set_end (object, "src", "sport", to_client ? talk->server_address : talk->client_address);
  set_end (object, "dst", "dport", to_client ? talk->client_address : talk->server_address);
  set_host (object, "src_host", trace, event->from);
  set_host (object, "dst_host", trace, event->to);
  json_object_set_string_member (object, "transport",
                                 talk->transport == WT_TRANSPORT_TCP   ? "tcp"
                                 : talk->transport == WT_TRANSPORT_UDP ? "udp"
                                                                       : "");
  json_object_set_string_member (object, "protocol", dissector ? dissector->name : "");
}

char *
wt_cli_event_json (WtTrace *trace, guint32 n)
{
  wt_trace_read_lock (trace);
  const WtEvent *event = wt_trace_event (trace, n);
  JsonObject *object = json_object_new ();
  gsize n_bytes = 0;
  const guint8 *bytes = wt_event_bytes (event, &n_bytes);
  g_autofree char *payload = g_base64_encode (bytes, n_bytes);
  g_autofree char *summary = wt_event_summary (trace, n);
  json_object_set_int_member (object, "n", (gint64) n + 1);
  json_object_set_int_member (object, "time_ns", event->time);
  json_object_set_string_member (object, "kind", kind_name (event->kind));
  set_conversation (object, trace, event);
  json_object_set_string_member (object, "summary", summary);
  json_object_set_string_member (object, "payload", payload);
  json_object_set_object_member (object, "fields", all_fields (trace, n));
  wt_trace_read_unlock (trace);
  return wt_cli_json_line (node_of (object));
}
