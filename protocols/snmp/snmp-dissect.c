/* A message as a tree of fields, and in a line. */
#include "protocols/snmp/snmp-dissect-private.h"

#include <string.h>

#define SUMMARY_BINDINGS 3 /* that a line shows */

static const char *
version_name (gint64 version)
{
  return version == WT_SNMP_V1 ? "version-1" : version == WT_SNMP_V2C ? "v2c" : version == WT_SNMP_V3 ? "snmpv3" : NULL;
}

static void
append_message (WtField *root, WtBerReader *reader, const WtSnmpKeyring *keys)
{
  WtBerReader ahead = *reader;
  WtBerElement element;
  gint64 number = -1;
  gboolean v3 = wt_ber_next (&ahead, &element) && element.tag == WT_BER_INTEGER
                && wt_ber_integer (&ahead, &element, &number) && number == WT_SNMP_V3;
  WtField *version =
      wt_snmp_append_integer (root, v3 ? SNMP_MSG_VERSION : SNMP_VERSION, reader, "the version is a number");
  if (version == NULL)
    return;
  const char *name = version_name (version->number);
  wt_snmp_set_named (version, name, version->number);
  if (name == NULL)
    {
      wt_ber_fail (reader, version->start, "the version is 0 (v1), 1 (v2c) or 3");
      return;
    }
  wt_field_set_glossary (version, "snmp.version.%s", name);
  if (v3)
    {
      wt_snmp_dissect_v3 (root, reader, keys);
      return;
    }
  WtField *community = wt_snmp_append_text (root, SNMP_COMMUNITY, reader, "the community is an OCTET STRING");
  if (community == NULL)
    return;
  wt_field_set_glossary (community, "snmp.community");
  wt_snmp_dissect_pdu (root, reader);
}

static WtField *
dissect_with (gconstpointer keys, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  WtField *root = wt_field_new (SNMP_INFO (SNMP_ROOT), 0, n_bytes, NULL, 0);
  WtBerReader outer = { .bytes = bytes, .end = n_bytes };
  WtBerElement element;
  wt_field_set_glossary (root, "snmp");
  if (wt_ber_expect (&outer, WT_BER_SEQUENCE, "a message is a SEQUENCE", &element))
    {
      WtBerReader reader = wt_ber_inside (&outer, &element);
      wt_snmp_append_frame (root, &element);
      append_message (root, &reader, keys);
      if (!reader.problem && reader.at < reader.end)
        wt_ber_fail (&reader, reader.at, "more bytes than the message needs");
      if (!reader.problem && outer.at < outer.end)
        wt_ber_fail (&outer, outer.at, "more bytes than the message needs");
      if (reader.problem)
        wt_ber_fail (&outer, reader.problem_at, reader.problem);
    }
  wt_snmp_append_problem (root, &outer);
  return root;
}

static WtField *
dissect (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  return dissect_with (NULL, direction, context, bytes, n_bytes);
}

/* --- one line ---------------------------------------------------------------------------------------------------- */

static char *
plain_value (const WtOid *name, const WtSnmpValue *value)
{
  return wt_snmp_value_to_string (value);
}

static const WtSnmpNames numbers = { .name = wt_oid_to_string, .value = plain_value };

static void
append_bindings (GString *line, const WtSnmpPdu *pdu, const WtSnmpNames *names)
{
  gboolean with_values = pdu->type == WT_SNMP_RESPONSE || pdu->type >= WT_SNMP_INFORM || pdu->type == WT_SNMP_SET
                         || pdu->type == WT_SNMP_TRAP_V1;
  for (guint i = 0; i < MIN (pdu->bindings->len, SUMMARY_BINDINGS); i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (pdu->bindings, WtSnmpVarBind, i);
      g_autofree char *name = names->name (&binding->name);
      g_autofree char *value = names->value (&binding->name, &binding->value);
      g_string_append_printf (line, "%s%s", i > 0 ? ", " : " ", name);
      if (with_values)
        g_string_append_printf (line, " = %s", value);
    }
  if (pdu->bindings->len > SUMMARY_BINDINGS)
    g_string_append_printf (line, ", … (%u)", pdu->bindings->len);
}

static void
append_pdu (GString *line, const WtSnmpPdu *pdu, const WtSnmpNames *names)
{
  g_string_append_printf (line, " %s", wt_snmp_pdu_name (pdu->type));
  if (pdu->type == WT_SNMP_TRAP_V1)
    {
      const char *name = wt_snmp_generic_trap_name (pdu->generic_trap);
      g_autofree char *enterprise = names->name (&pdu->enterprise);
      g_string_append_printf (line, " %s %s", name ? name : "?", enterprise);
    }
  else if (pdu->type == WT_SNMP_GET_BULK)
    g_string_append_printf (line, " %d/%d", pdu->error_status, pdu->error_index);
  else if (pdu->error_status > 0)
    {
      const char *name = wt_snmp_error_name (pdu->error_status);
      g_string_append_printf (line, " %s (%d)", name ? name : "error", pdu->error_index);
    }
  append_bindings (line, pdu, names);
}

/* Line ends in values would break the list. */
static char *
one_line (GString *line)
{
  char *text = g_utf8_make_valid (line->str, line->len);
  return g_strdelimit (text, "\r\n\t\v\f", ' ');
}

char *
wt_snmp_summary (const WtSnmpKeyring *keys, const WtSnmpNames *names, const guint8 *bytes, gsize n_bytes)
{
  g_auto (WtSnmpMessage) message;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GByteArray) clear = g_byte_array_new ();
  wt_snmp_message_init (&message);
  if (wt_snmp_message_parse (&message, bytes, n_bytes, NULL) != WT_SNMP_PARSED)
    return g_strdup_printf ("SNMP, malformed, %" G_GSIZE_FORMAT " bytes", n_bytes);
  if (message.version == WT_SNMP_V3)
    g_string_append_printf (line, "v3 %.*s", (int) message.user_name.n, (const char *) message.user_name.bytes);
  else
    g_string_append_printf (line, "%s %.*s", message.version == WT_SNMP_V1 ? "v1" : "v2c", (int) message.community.n,
                            (const char *) message.community.bytes);
  if (!message.has_pdu && wt_snmp_keyring_open (keys, &message, bytes, n_bytes, clear) == WT_SNMP_KEYRING_RIGHT)
    wt_snmp_message_parse_scoped (&message, clear->data, clear->len, NULL);
  if (message.has_pdu)
    append_pdu (line, &message.pdu, names ? names : &numbers);
  else
    g_string_append_printf (line, " encrypted, %" G_GSIZE_FORMAT " bytes", message.encrypted.n);
  return one_line (line);
}

static char *
summarize (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  return wt_snmp_summary (NULL, NULL, bytes, n_bytes);
}

const WtDissector wt_snmp_dissector = {
  .protocol = WT_PROTOCOL_SNMP,
  .name = "snmp",
  .title = "SNMP",
  .stream = FALSE,
  .port = WT_SNMP_PORT,
  .fields = wt_snmp_field_list,
  .message = dissect,
  .summary = summarize,
  .message_with = dissect_with,
  .secret = wt_snmp_dialogue_secret,
};
