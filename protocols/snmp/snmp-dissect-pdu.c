/* PDUs and variable bindings as fields (RFC 1157 4.1, RFC 3416 3). */
#include "protocols/snmp/snmp-dissect-private.h"

/* --- bindings ---------------------------------------------------------------------------------------------------- */

static gboolean
field_of_tag (guint8 tag, WtSnmpField *id)
{
  static const struct {
    guint8 tag;
    WtSnmpField id;
  } rows[] = { { WT_BER_INTEGER, SNMP_VALUE_INT },
               { WT_BER_OCTETS, SNMP_VALUE_OCTETS },
               { WT_BER_NULL, SNMP_VALUE_NULL },
               { WT_BER_OID, SNMP_VALUE_OID },
               { WT_SNMP_IP_ADDRESS, SNMP_VALUE_IPV4 },
               { WT_SNMP_COUNTER32, SNMP_VALUE_COUNTER },
               { WT_SNMP_GAUGE32, SNMP_VALUE_GAUGE },
               { WT_SNMP_TIME_TICKS, SNMP_VALUE_TICKS },
               { WT_SNMP_OPAQUE, SNMP_VALUE_OPAQUE },
               { WT_SNMP_COUNTER64, SNMP_VALUE_COUNTER },
               { WT_SNMP_NO_SUCH_OBJECT, SNMP_NO_SUCH_OBJECT },
               { WT_SNMP_NO_SUCH_INSTANCE, SNMP_NO_SUCH_INSTANCE },
               { WT_SNMP_END_OF_MIB_VIEW, SNMP_END_OF_MIB_VIEW } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].tag == tag)
      return *id = rows[i].id, TRUE;
  return FALSE;
}

/* "snmp.type.OCTET-STRING": a key has no spaces. */
static void
set_type_glossary (WtField *field, guint8 tag)
{
  g_autofree char *name = g_strdelimit (g_strdup (wt_snmp_value_name (tag)), " ", '-');
  wt_field_set_glossary (field, "snmp.type.%s", name);
}

static void
set_octets (WtField *field, const WtSnmpValue *value, const WtBerElement *element)
{
  gboolean printable =
      value->octets.n > 0 && g_utf8_validate_len ((const char *) value->octets.bytes, value->octets.n, NULL);
  for (gsize i = 0; i < value->octets.n && printable; i++)
    printable = value->octets.bytes[i] >= ' ' || g_ascii_isspace (value->octets.bytes[i]);
  wt_snmp_set_hex (field, value->octets.bytes, value->octets.n);
  if (printable && value->tag == WT_BER_OCTETS)
    wt_field_append_string (field, SNMP_INFO (SNMP_VALUE_TEXT), element->value, element->end,
                            (const char *) value->octets.bytes, value->octets.n);
}

static void
set_value (WtField *field, const WtSnmpValue *value, const WtBerElement *element)
{
  set_type_glossary (field, value->tag);
  if (value->tag == WT_BER_OCTETS || value->tag == WT_SNMP_OPAQUE)
    set_octets (field, value, element);
  else if (field->info->type != WT_FIELD_NONE)
    {
      g_autofree char *text = value->tag == WT_SNMP_TIME_TICKS ? g_strdup_printf ("%" G_GUINT64_FORMAT, value->number)
                                                               : wt_snmp_value_to_string (value);
      wt_snmp_set_text (field, text);
      if (value->tag != WT_BER_OID)
        field->number = value->tag == WT_BER_INTEGER ? value->integer : (gint64) value->number;
    }
}

static WtField *
append_oid (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem)
{
  WtBerElement element;
  WtOid oid;
  if (!wt_ber_expect (reader, WT_BER_OID, problem, &element))
    return NULL;
  WtField *field = wt_snmp_append_element (parent, id, &element);
  if (!wt_ber_oid (reader, &element, &oid))
    return NULL;
  g_autofree char *text = wt_oid_to_string (&oid);
  wt_snmp_set_text (field, text);
  return field;
}

static void
append_binding (WtField *parent, WtBerReader *list)
{
  WtBerElement whole, element;
  WtSnmpValue value;
  WtSnmpField id;
  if (!wt_ber_expect (list, WT_BER_SEQUENCE, "a variable binding is a SEQUENCE", &whole))
    return;
  WtBerReader reader = wt_ber_inside (list, &whole);
  WtField *binding = wt_snmp_append_element (parent, SNMP_VAR_BIND, &whole);
  WtField *name = append_oid (binding, SNMP_NAME, &reader, "a variable binding begins with an object name");
  if (name)
    wt_field_set_glossary (name, "snmp.name");
  if (name && (wt_ber_next (&reader, &element) || wt_ber_fail (&reader, reader.at, "a variable binding has a value")))
    {
      if (!field_of_tag (element.tag, &id))
        wt_ber_fail (&reader, element.start, "not a type of SNMP");
      else
        {
          WtField *field = wt_snmp_append_element (binding, id, &element);
          if (wt_snmp_value_read (&reader, &element, &value))
            set_value (field, &value, &element);
        }
    }
  if (reader.problem)
    wt_ber_fail (list, reader.problem_at, reader.problem);
}

static void
append_bindings (WtField *pdu, WtBerReader *reader)
{
  WtBerElement list;
  gint64 n_bindings = 0;
  if (!wt_ber_expect (reader, WT_BER_SEQUENCE, "the variable bindings are a SEQUENCE", &list))
    return;
  WtBerReader inside = wt_ber_inside (reader, &list);
  WtField *bindings = wt_snmp_append_element (pdu, SNMP_VARIABLE_BINDINGS, &list);
  wt_field_set_glossary (bindings, "snmp.variable-bindings");
  for (; inside.at < inside.end; n_bindings++)
    append_binding (bindings, &inside);
  wt_snmp_set_named (bindings, NULL, n_bindings);
  if (inside.problem)
    wt_ber_fail (reader, inside.problem_at, inside.problem);
}

/* --- heads ------------------------------------------------------------------------------------------------------- */

static void
append_head (WtField *pdu, WtBerReader *reader, guint8 tag)
{
  gboolean bulk = tag == WT_SNMP_GET_BULK;
  WtField *id = wt_snmp_append_integer (pdu, SNMP_REQUEST_ID, reader, "request-id is a number of 32 bits");
  WtField *first = id ? wt_snmp_append_integer (pdu, bulk ? SNMP_NON_REPEATERS : SNMP_ERROR_STATUS, reader,
                                                bulk ? "non-repeaters is a number" : "error-status is a number")
                      : NULL;
  WtField *second = first ? wt_snmp_append_integer (pdu, bulk ? SNMP_MAX_REPETITIONS : SNMP_ERROR_INDEX, reader,
                                                    bulk ? "max-repetitions is a number" : "error-index is a number")
                          : NULL;
  if (second == NULL)
    return;
  wt_field_set_glossary (id, "snmp.request-id");
  wt_field_set_glossary (second, bulk ? "snmp.max-repetitions" : "snmp.error-index");
  const char *name = first->number >= 0 && first->number < WT_SNMP_N_ERRORS ? wt_snmp_error_name (first->number) : NULL;
  if (bulk)
    wt_field_set_glossary (first, "snmp.non-repeaters");
  else if (name)
    {
      wt_snmp_set_named (first, name, first->number);
      wt_field_set_glossary (first, "snmp.error.%s", name);
    }
}

/* An element of SNMP's own types in a trap's head. */
static gboolean
append_typed (WtField *pdu, WtSnmpField id, WtBerReader *reader, guint8 tag, const char *problem)
{
  WtBerElement element;
  WtSnmpValue value;
  if (!wt_ber_expect (reader, tag, problem, &element))
    return FALSE;
  WtField *field = wt_snmp_append_element (pdu, id, &element);
  if (!wt_snmp_value_read (reader, &element, &value))
    return FALSE;
  set_value (field, &value, &element);
  return TRUE;
}

static void
append_trap_head (WtField *pdu, WtBerReader *reader)
{
  WtField *enterprise = append_oid (pdu, SNMP_ENTERPRISE, reader, "a trap begins with the enterprise");
  if (enterprise == NULL)
    return;
  wt_field_set_glossary (enterprise, "snmp.enterprise");
  if (!append_typed (pdu, SNMP_AGENT_ADDR, reader, WT_SNMP_IP_ADDRESS, "the agent's address is an IpAddress"))
    return;
  WtField *generic =
      wt_snmp_append_integer (pdu, SNMP_GENERIC_TRAP, reader, "the generic trap is a number from 0 to 6");
  if (generic == NULL || !wt_snmp_append_integer (pdu, SNMP_SPECIFIC_TRAP, reader, "the specific trap is a number"))
    return;
  const char *name = generic->number >= 0 ? wt_snmp_generic_trap_name (generic->number) : NULL;
  wt_snmp_set_named (generic, name, generic->number);
  if (name)
    wt_field_set_glossary (generic, "snmp.trap.%s", name);
  append_typed (pdu, SNMP_TIME_STAMP, reader, WT_SNMP_TIME_TICKS, "the time stamp is TimeTicks");
}

void
wt_snmp_dissect_pdu (WtField *parent, WtBerReader *reader)
{
  WtBerElement element;
  gsize at = reader->at;
  if (!wt_ber_next (reader, &element))
    {
      wt_ber_fail (reader, at, "the PDU is missing");
      return;
    }
  const char *name = wt_snmp_pdu_name (element.tag);
  if (name == NULL)
    {
      wt_ber_fail (reader, element.start, "not a PDU");
      return;
    }
  WtField *data = wt_snmp_append_element (parent, SNMP_DATA, &element);
  wt_snmp_set_named (data, name, element.tag - WT_SNMP_GET);
  wt_field_set_glossary (data, "snmp.pdu.%s", name);
  WtField *pdu = wt_field_append_string (data, SNMP_INFO (SNMP_GET_REQUEST + (element.tag - WT_SNMP_GET)),
                                         element.value, element.end, NULL, 0);
  WtBerReader inside = wt_ber_inside (reader, &element);
  if (element.tag == WT_SNMP_TRAP_V1)
    append_trap_head (pdu, &inside);
  else
    append_head (pdu, &inside, element.tag);
  if (!inside.problem)
    append_bindings (pdu, &inside);
  if (!inside.problem && inside.at < inside.end)
    wt_ber_fail (&inside, inside.at, "more bytes than the PDU needs");
  if (inside.problem)
    wt_ber_fail (reader, inside.problem_at, inside.problem);
}
