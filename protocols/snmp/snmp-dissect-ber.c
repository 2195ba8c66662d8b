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

/* There are two of these to each element: made without the detours that numbers and keys take elsewhere. */
static void
append_part (WtField *field, WtSnmpField id, gsize start, gsize end, const char *text, gint64 number, const char *key)
{
  WtField *part = wt_field_append_string (field, SNMP_INFO (id), start, end, text, -1);
  part->number = number;
  part->glossary = g_strdup (key);
}

void
wt_snmp_append_frame (WtField *field, const WtBerElement *element)
{
  const char *name = tag_name (element->tag);
  char tag[48], length[24];
  gsize n_bytes = element->end - element->value;
  g_snprintf (tag, sizeof tag, "%s (0x%02x)", name ? name : "?", element->tag);
  g_snprintf (length, sizeof length, "%" G_GSIZE_FORMAT, n_bytes);
  append_part (field, SNMP_TAG, element->start, element->start + 1, tag, element->tag, "ber.tag");
  append_part (field, SNMP_LENGTH, element->start + 1, element->value, length, n_bytes, "ber.length");
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
  static const char digits[] = "0123456789abcdef";
  char *hex = g_malloc (n_bytes * 3 + 1), *at = hex;
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (i > 0)
        *at++ = ':';
      *at++ = digits[bytes[i] >> 4];
      *at++ = digits[bytes[i] & 15];
    }
  *at = '\0';
  g_free (field->value);
  field->value = hex;
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
