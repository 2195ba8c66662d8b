/* Elements of BER as fields. */
#include "protocols/snmp/snmp-dissect-private.h"

#include <string.h>

static const char *
tag_name (guint8 tag)
{
  if (tag == WT_BER_SEQUENCE)
    return "SEQUENCE";
  return wt_snmp_value_name (tag) ? wt_snmp_value_name (tag) : wt_snmp_pdu_name (tag);
}

void
wt_snmp_append_frame (WtField *field, const WtBerElement *element)
{
  const char *name = tag_name (element->tag);
  WtField *tag = wt_field_append_number (field, SNMP_INFO (SNMP_TAG), element->start, element->start + 1, element->tag);
  g_autofree char *text = g_strdup_printf ("%s (0x%02x)", name ? name : "?", element->tag);
  wt_snmp_set_text (tag, text);
  wt_field_set_glossary (tag, "ber.tag");
  wt_field_set_glossary (wt_field_append_number (field, SNMP_INFO (SNMP_LENGTH), element->start + 1, element->value,
                                                 element->end - element->value),
                         "ber.length");
}

WtField *
wt_snmp_append_element (WtField *parent, WtSnmpField id, const WtBerElement *element)
{
  WtField *field = wt_field_append_string (parent, SNMP_INFO (id), element->start, element->end, NULL, 0);
  wt_snmp_append_frame (field, element);
  if (!(element->tag & 0x20) && element->end > element->value) /* primitive */
    wt_field_append_string (field, SNMP_INFO (SNMP_CONTENT), element->value, element->end, NULL, 0);
  return field;
}

void
wt_snmp_set_text (WtField *field, const char *text)
{
  g_free (field->value);
  field->value = g_strdup (text);
}

void
wt_snmp_set_named (WtField *field, const char *name, gint64 number)
{
  field->number = number;
  g_free (field->value);
  field->value = name ? g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", name, number)
                      : g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

void
wt_snmp_set_hex (WtField *field, const guint8 *bytes, gsize n_bytes)
{
  GString *hex = g_string_sized_new (n_bytes * 3);
  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_printf (hex, "%s%02x", i > 0 ? ":" : "", bytes[i]);
  g_free (field->value);
  field->value = g_string_free (hex, FALSE);
}

WtField *
wt_snmp_append_integer (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem)
{
  WtBerElement element;
  gint64 number;
  if (!wt_ber_expect (reader, WT_BER_INTEGER, problem, &element))
    return NULL;
  WtField *field = wt_snmp_append_element (parent, id, &element);
  if (!wt_ber_integer (reader, &element, &number))
    return NULL;
  wt_snmp_set_named (field, NULL, number);
  return field;
}

WtField *
wt_snmp_append_text (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem)
{
  WtBerElement element;
  if (!wt_ber_expect (reader, WT_BER_OCTETS, problem, &element))
    return NULL;
  WtField *field = wt_snmp_append_element (parent, id, &element);
  field->value = g_utf8_make_valid ((const char *) reader->bytes + element.value, element.end - element.value);
  return field;
}

WtField *
wt_snmp_append_hex (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem)
{
  WtBerElement element;
  if (!wt_ber_expect (reader, WT_BER_OCTETS, problem, &element))
    return NULL;
  WtField *field = wt_snmp_append_element (parent, id, &element);
  wt_snmp_set_hex (field, reader->bytes + element.value, element.end - element.value);
  return field;
}

void
wt_snmp_append_problem (WtField *parent, const WtBerReader *reader)
{
  if (reader->problem)
    wt_field_append_string (parent, SNMP_INFO (SNMP_MALFORMED), reader->problem_at, reader->end, reader->problem, -1);
}
