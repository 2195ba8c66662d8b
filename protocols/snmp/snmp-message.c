/* Messages and PDUs from their bytes. */
#include "protocols/snmp/snmp-message.h"

#include <string.h>

void
wt_snmp_message_init (WtSnmpMessage *self)
{
  memset (self, 0, sizeof *self);
  self->pdu.bindings = g_array_new (FALSE, FALSE, sizeof (WtSnmpVarBind));
}

void
wt_snmp_message_clear (WtSnmpMessage *self)
{
  g_clear_pointer (&self->pdu.bindings, g_array_unref);
}

static WtSlice
slice_of (const WtBerReader *reader, const WtBerElement *element)
{
  return (WtSlice){ reader->bytes + element->value, element->end - element->value };
}

/* An INTEGER in [least, G_MAXINT32]. */
static gboolean
read_integer (WtBerReader *reader, gint32 least, const char *problem, gint32 *value)
{
  WtBerElement element;
  gint64 number;
  if (!wt_ber_expect (reader, WT_BER_INTEGER, problem, &element) || !wt_ber_integer (reader, &element, &number))
    return FALSE;
  if (number < least || number > G_MAXINT32)
    return wt_ber_fail (reader, element.value, problem);
  *value = number;
  return TRUE;
}

static gboolean
read_octets (WtBerReader *reader, gsize most, const char *problem, WtSlice *slice)
{
  WtBerElement element;
  if (!wt_ber_expect (reader, WT_BER_OCTETS, problem, &element))
    return FALSE;
  *slice = slice_of (reader, &element);
  return slice->n <= most || wt_ber_fail (reader, element.start, problem);
}

/* --- bindings ---------------------------------------------------------------------------------------------------- */

static gboolean
read_binding (WtBerReader *list, WtSnmpVarBind *binding)
{
  WtBerElement whole, element;
  if (!wt_ber_expect (list, WT_BER_SEQUENCE, "a variable binding is a SEQUENCE", &whole))
    return FALSE;
  WtBerReader reader = wt_ber_inside (list, &whole);
  binding->start = whole.start;
  binding->end = whole.end;
  gboolean fine =
      wt_ber_expect (&reader, WT_BER_OID, "a variable binding begins with an object name", &element)
      && wt_ber_oid (&reader, &element, &binding->name)
      && (wt_ber_next (&reader, &element) || wt_ber_fail (&reader, reader.at, "a variable binding has a value"))
      && wt_snmp_value_read (&reader, &element, &binding->value)
      && (reader.at == reader.end || wt_ber_fail (&reader, reader.at, "more than a name and a value"));
  return fine || wt_ber_fail (list, reader.problem_at, reader.problem);
}

static gboolean
read_bindings (WtBerReader *reader, WtSnmpPdu *pdu)
{
  WtBerElement list;
  if (!wt_ber_expect (reader, WT_BER_SEQUENCE, "the variable bindings are a SEQUENCE", &list))
    return FALSE;
  if (pdu->bindings == NULL) /* nobody wants them */
    return TRUE;
  WtBerReader inside = wt_ber_inside (reader, &list);
  while (inside.at < inside.end)
    {
      if (pdu->bindings->len == WT_SNMP_VAR_BINDS_MAX)
        return wt_ber_fail (reader, inside.at, "more than 4096 variable bindings");
      g_array_set_size (pdu->bindings, pdu->bindings->len + 1);
      if (!read_binding (&inside, &g_array_index (pdu->bindings, WtSnmpVarBind, pdu->bindings->len - 1)))
        return wt_ber_fail (reader, inside.problem_at, inside.problem);
    }
  return TRUE;
}

/* --- PDUs -------------------------------------------------------------------------------------------------------- */

/* Of version 1's trap (RFC 1157 4.1.6). */
static gboolean
read_trap_head (WtBerReader *reader, WtSnmpPdu *pdu)
{
  WtBerElement element;
  guint64 ticks;
  if (!wt_ber_expect (reader, WT_BER_OID, "a trap begins with the enterprise", &element)
      || !wt_ber_oid (reader, &element, &pdu->enterprise)
      || !wt_ber_expect (reader, WT_SNMP_IP_ADDRESS, "the agent's address is an IpAddress", &element))
    return FALSE;
  if (element.end - element.value != 4)
    return wt_ber_fail (reader, element.start, "the agent's address has four bytes");
  const guint8 *ip = reader->bytes + element.value;
  pdu->agent_addr = (guint32) ip[0] << 24 | ip[1] << 16 | ip[2] << 8 | ip[3];
  if (!read_integer (reader, 0, "the generic trap is a number from 0 to 6", &pdu->generic_trap)
      || !read_integer (reader, G_MININT32, "the specific trap is a number", &pdu->specific_trap)
      || !wt_ber_expect (reader, WT_SNMP_TIME_TICKS, "the time stamp is TimeTicks", &element)
      || !wt_ber_unsigned (reader, &element, 32, &ticks))
    return FALSE;
  pdu->time_stamp = ticks;
  return TRUE;
}

static gboolean
read_head (WtBerReader *reader, WtSnmpPdu *pdu)
{
  gboolean bulk = pdu->type == WT_SNMP_GET_BULK;
  return read_integer (reader, G_MININT32, "request-id is a number of 32 bits", &pdu->request_id)
         && read_integer (reader, G_MININT32, bulk ? "non-repeaters is a number" : "error-status is a number",
                          &pdu->error_status)
         && read_integer (reader, G_MININT32, bulk ? "max-repetitions is a number" : "error-index is a number",
                          &pdu->error_index);
}

static gboolean
is_pdu_of (guint8 tag, gint32 version)
{
  if (version == WT_SNMP_V1)
    return tag >= WT_SNMP_GET && tag <= WT_SNMP_TRAP_V1;
  return tag >= WT_SNMP_GET && tag <= WT_SNMP_REPORT && tag != WT_SNMP_TRAP_V1;
}

static gboolean
read_pdu (WtBerReader *outer, WtSnmpMessage *self)
{
  WtBerElement element;
  gsize at = outer->at;
  if (!wt_ber_next (outer, &element))
    return wt_ber_fail (outer, at, "the PDU is missing");
  if (!is_pdu_of (element.tag, self->version))
    return wt_ber_fail (outer, element.start, "not a PDU of this version");
  WtBerReader reader = wt_ber_inside (outer, &element);
  self->pdu.type = element.tag;
  gboolean fine =
      (element.tag == WT_SNMP_TRAP_V1 ? read_trap_head (&reader, &self->pdu) : read_head (&reader, &self->pdu))
      && read_bindings (&reader, &self->pdu)
      && (reader.at == reader.end || wt_ber_fail (&reader, reader.at, "more bytes than the PDU needs"));
  self->has_pdu = fine;
  return fine || wt_ber_fail (outer, reader.problem_at, reader.problem);
}

/* --- version 3 --------------------------------------------------------------------------------------------------- */

static gboolean
read_global_data (WtBerReader *outer, WtSnmpMessage *self)
{
  WtBerElement element;
  WtSlice flags;
  if (!wt_ber_expect (outer, WT_BER_SEQUENCE, "msgGlobalData is a SEQUENCE", &element))
    return FALSE;
  WtBerReader reader = wt_ber_inside (outer, &element);
  if (!read_integer (&reader, 0, "msgID is a number from 0 to 2147483647", &self->msg_id)
      || !read_integer (&reader, WT_SNMP_MAX_SIZE_LEAST, "msgMaxSize is a number from 484 on", &self->max_size)
      || !read_octets (&reader, 1, "msgFlags is one byte", &flags)
      || !(flags.n == 1 || wt_ber_fail (&reader, reader.at, "msgFlags is one byte"))
      || !read_integer (&reader, 1, "msgSecurityModel is a number from 1 on", &self->security_model))
    return wt_ber_fail (outer, reader.problem_at, reader.problem);
  self->flags = flags.bytes[0];
  return TRUE;
}

/* RFC 3414 2.4: a SEQUENCE inside of an OCTET STRING. */
static gboolean
read_security_parameters (WtBerReader *outer, WtSnmpMessage *self)
{
  WtBerElement octets, element;
  if (!wt_ber_expect (outer, WT_BER_OCTETS, "msgSecurityParameters is an OCTET STRING", &octets))
    return FALSE;
  WtBerReader string = wt_ber_inside (outer, &octets);
  if (!wt_ber_expect (&string, WT_BER_SEQUENCE, "the USM parameters are a SEQUENCE", &element))
    return wt_ber_fail (outer, string.problem_at, string.problem);
  WtBerReader reader = wt_ber_inside (&string, &element);
  gboolean fine =
      read_octets (&reader, WT_SNMP_ENGINE_ID_MAX, "msgAuthoritativeEngineID has at most 32 bytes", &self->engine_id)
      && read_integer (&reader, 0, "msgAuthoritativeEngineBoots is a number from 0 on", &self->engine_boots)
      && read_integer (&reader, 0, "msgAuthoritativeEngineTime is a number from 0 on", &self->engine_time)
      && read_octets (&reader, WT_SNMP_USER_NAME_MAX, "msgUserName has at most 32 bytes", &self->user_name)
      && read_octets (&reader, 64, "msgAuthenticationParameters is an OCTET STRING", &self->auth_parameters)
      && read_octets (&reader, 64, "msgPrivacyParameters is an OCTET STRING", &self->priv_parameters);
  return fine || wt_ber_fail (outer, reader.problem_at, reader.problem);
}

static gboolean
read_scoped (WtBerReader *outer, WtSnmpMessage *self)
{
  WtBerElement element;
  if (!wt_ber_expect (outer, WT_BER_SEQUENCE, "the scoped PDU is a SEQUENCE", &element))
    return FALSE;
  WtBerReader reader = wt_ber_inside (outer, &element);
  gboolean fine = read_octets (&reader, G_MAXSIZE, "contextEngineID is an OCTET STRING", &self->context_engine_id)
                  && read_octets (&reader, G_MAXSIZE, "contextName is an OCTET STRING", &self->context_name)
                  && read_pdu (&reader, self);
  return fine || wt_ber_fail (outer, reader.problem_at, reader.problem);
}

static WtSnmpParsed
read_v3 (WtBerReader *reader, WtSnmpMessage *self)
{
  if (!read_global_data (reader, self))
    return WT_SNMP_PARSE_ERROR;
  if (self->security_model != WT_SNMP_SECURITY_USM)
    return wt_ber_fail (reader, reader->at, "a security model other than USM"), WT_SNMP_UNKNOWN_MODEL;
  if ((self->flags & (WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_PRIV)) == WT_SNMP_FLAG_PRIV)
    return wt_ber_fail (reader, reader->at, "privacy without authentication"), WT_SNMP_INVALID;
  if (!read_security_parameters (reader, self))
    return WT_SNMP_PARSE_ERROR;
  if (!(self->flags & WT_SNMP_FLAG_PRIV))
    return read_scoped (reader, self) ? WT_SNMP_PARSED : WT_SNMP_PARSE_ERROR;
  return read_octets (reader, G_MAXSIZE, "the encrypted PDU is an OCTET STRING", &self->encrypted)
             ? WT_SNMP_PARSED
             : WT_SNMP_PARSE_ERROR;
}

/* --- messages ---------------------------------------------------------------------------------------------------- */

static WtSnmpParsed
read_message (WtBerReader *reader, WtSnmpMessage *self)
{
  if (!read_integer (reader, G_MININT32, "the version is a number", &self->version))
    return WT_SNMP_PARSE_ERROR;
  if (self->version == WT_SNMP_V3)
    return read_v3 (reader, self);
  if (self->version != WT_SNMP_V1 && self->version != WT_SNMP_V2C)
    return wt_ber_fail (reader, reader->at - 1, "the version is 0 (v1), 1 (v2c) or 3"), WT_SNMP_BAD_VERSION;
  return read_octets (reader, G_MAXSIZE, "the community is an OCTET STRING", &self->community)
                 && read_pdu (reader, self)
             ? WT_SNMP_PARSED
             : WT_SNMP_PARSE_ERROR;
}

static WtSnmpParsed
finish (WtSnmpParsed parsed, const WtBerReader *reader, WtSnmpProblem *problem)
{
  if (parsed == WT_SNMP_PARSED && reader->at < reader->end)
    {
      parsed = WT_SNMP_PARSE_ERROR;
      if (problem)
        *problem = (WtSnmpProblem){ "more bytes than the message needs", reader->at };
    }
  else if (parsed != WT_SNMP_PARSED && problem)
    *problem = (WtSnmpProblem){ reader->problem ? reader->problem : "not a message", reader->problem_at };
  return parsed;
}

static WtSnmpParsed
parse (WtSnmpMessage *self, const guint8 *bytes, gsize n_bytes, WtSnmpProblem *problem)
{
  WtBerReader outer = { .bytes = bytes, .end = n_bytes };
  WtBerElement element;
  self->has_pdu = FALSE;
  self->encrypted = (WtSlice){ 0 };
  if (!wt_ber_expect (&outer, WT_BER_SEQUENCE, "a message is a SEQUENCE", &element))
    return finish (WT_SNMP_PARSE_ERROR, &outer, problem);
  if (outer.at < outer.end)
    return finish (WT_SNMP_PARSED, &outer, problem);
  WtBerReader reader = wt_ber_inside (&outer, &element);
  return finish (read_message (&reader, self), &reader, problem);
}

WtSnmpParsed
wt_snmp_message_parse (WtSnmpMessage *self, const guint8 *bytes, gsize n_bytes, WtSnmpProblem *problem)
{
  g_array_set_size (self->pdu.bindings, 0);
  return parse (self, bytes, n_bytes, problem);
}

WtSnmpParsed
wt_snmp_message_parse_head (WtSnmpMessage *self, const guint8 *bytes, gsize n_bytes)
{
  self->pdu.bindings = NULL;
  return parse (self, bytes, n_bytes, NULL);
}

WtSnmpParsed
wt_snmp_message_parse_scoped (WtSnmpMessage *self, const guint8 *bytes, gsize n_bytes, WtSnmpProblem *problem)
{
  WtBerReader reader = { .bytes = bytes, .end = n_bytes };
  gboolean fine = read_scoped (&reader, self);
  reader.end = reader.at; /* what follows is padding */
  return finish (fine ? WT_SNMP_PARSED : WT_SNMP_PARSE_ERROR, &reader, problem);
}
