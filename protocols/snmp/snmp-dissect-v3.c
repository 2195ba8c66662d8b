/* Messages of version 3 as fields (RFC 3412 6, RFC 3414 2.4). */
#include "protocols/snmp/snmp-dissect-private.h"

#include <string.h>

/* --- engine ids (RFC 3411 5) ------------------------------------------------------------------------------------- */

typedef enum { ENGINE_IPV4 = 1, ENGINE_MAC = 3, ENGINE_TEXT = 4 } EngineFormat;

static void
append_engine_rest (WtField *field, guint8 format, const guint8 *bytes, gsize start, gsize end)
{
  const guint8 *rest = bytes + start;
  gsize length = end - start;
  if (format == ENGINE_IPV4 && length == 4)
    wt_field_append_number (field, SNMP_INFO (SNMP_ENGINE_IPV4), start, end,
                            (gint64) rest[0] << 24 | rest[1] << 16 | rest[2] << 8 | rest[3]);
  else if (format == ENGINE_TEXT)
    wt_field_append_string (field, SNMP_INFO (SNMP_ENGINE_TEXT), start, end, (const char *) rest, length);
  else
    {
      WtSnmpField id = format == ENGINE_MAC && length == 6 ? SNMP_ENGINE_MAC : SNMP_ENGINE_DATA;
      wt_snmp_set_hex (wt_field_append_string (field, SNMP_INFO (id), start, end, NULL, 0), rest, length);
    }
}

static void
append_engine_parts (WtField *field, const guint8 *bytes, gsize start, gsize end)
{
  if (end - start < 5)
    return;
  const guint8 *id = bytes + start;
  gboolean conform = id[0] & 0x80;
  wt_field_append_number (field, SNMP_INFO (SNMP_ENGINE_CONFORM), start, start + 1, conform);
  wt_field_append_number (field, SNMP_INFO (SNMP_ENGINE_ENTERPRISE), start, start + 4,
                          (gint64) (id[0] & 0x7f) << 24 | id[1] << 16 | id[2] << 8 | id[3]);
  if (!conform)
    {
      append_engine_rest (field, 0, bytes, start + 4, end);
      return;
    }
  wt_field_append_number (field, SNMP_INFO (SNMP_ENGINE_FORMAT), start + 4, start + 5, id[4]);
  append_engine_rest (field, id[4], bytes, start + 5, end);
}

static WtField *
append_engine_id (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem)
{
  gsize at = reader->at;
  WtField *field = wt_snmp_append_hex (parent, id, reader, problem);
  if (field == NULL)
    return NULL;
  wt_field_set_glossary (field, "snmp.engine-id");
  WtBerReader again = { .bytes = reader->bytes, .at = at, .end = reader->at };
  WtBerElement element;
  if (wt_ber_next (&again, &element))
    append_engine_parts (field, reader->bytes, element.value, element.end);
  return field;
}

/* --- header ------------------------------------------------------------------------------------------------------ */

static gboolean
append_flags (WtField *header, WtBerReader *reader)
{
  static const struct {
    WtSnmpField id;
    guint8 flag;
    const char *glossary;
  } rows[] = { { SNMP_FLAG_REPORTABLE, WT_SNMP_FLAG_REPORTABLE, "snmp.flag.reportable" },
               { SNMP_FLAG_ENCRYPTED, WT_SNMP_FLAG_PRIV, "snmp.flag.priv" },
               { SNMP_FLAG_AUTHENTICATED, WT_SNMP_FLAG_AUTH, "snmp.flag.auth" } };
  WtField *field = wt_snmp_append_hex (header, SNMP_MSG_FLAGS, reader, "msgFlags is one byte");
  if (field == NULL || reader->at == field->start + 2)
    return wt_ber_fail (reader, reader->at, "msgFlags is one byte");
  guint8 flags = reader->bytes[reader->at - 1];
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    wt_field_set_glossary (
        wt_field_append_number (field, SNMP_INFO (rows[i].id), reader->at - 1, reader->at, (flags & rows[i].flag) != 0),
        "%s", rows[i].glossary);
  return TRUE;
}

static gboolean
append_header (WtField *root, WtBerReader *outer)
{
  WtBerElement element;
  if (!wt_ber_expect (outer, WT_BER_SEQUENCE, "msgGlobalData is a SEQUENCE", &element))
    return FALSE;
  WtBerReader reader = wt_ber_inside (outer, &element);
  WtField *header = wt_snmp_append_element (root, SNMP_GLOBAL_DATA, &element);
  WtField *id = wt_snmp_append_integer (header, SNMP_MSG_ID, &reader, "msgID is a number from 0 to 2147483647");
  WtField *size =
      id ? wt_snmp_append_integer (header, SNMP_MSG_MAX_SIZE, &reader, "msgMaxSize is a number from 484 on") : NULL;
  if (size && append_flags (header, &reader))
    {
      wt_field_set_glossary (id, "snmp.msg-id");
      wt_field_set_glossary (size, "snmp.msg-max-size");
      WtField *model =
          wt_snmp_append_integer (header, SNMP_SECURITY_MODEL, &reader, "msgSecurityModel is a number from 1 on");
      if (model && model->number == WT_SNMP_SECURITY_USM)
        {
          wt_snmp_set_named (model, "USM", model->number);
          wt_field_set_glossary (model, "snmp.usm");
        }
    }
  return reader.problem ? wt_ber_fail (outer, reader.problem_at, reader.problem) : TRUE;
}

static void
append_usm_values (WtField *field, WtBerReader *reader)
{
  static const struct {
    WtSnmpField id;
    WtField *(*append) (WtField *, WtSnmpField, WtBerReader *, const char *);
    const char *problem, *glossary;
  } rows[] = {
    { SNMP_ENGINE_ID, append_engine_id, "msgAuthoritativeEngineID is an OCTET STRING", "snmp.engine-id" },
    { SNMP_ENGINE_BOOTS, wt_snmp_append_integer, "msgAuthoritativeEngineBoots is a number from 0 on",
      "snmp.engine-boots" },
    { SNMP_ENGINE_TIME, wt_snmp_append_integer, "msgAuthoritativeEngineTime is a number from 0 on",
      "snmp.engine-time" },
    { SNMP_USER_NAME, wt_snmp_append_text, "msgUserName is an OCTET STRING", "snmp.user-name" },
    { SNMP_AUTH_PARAMETERS, wt_snmp_append_hex, "msgAuthenticationParameters is an OCTET STRING",
      "snmp.auth-parameters" },
    { SNMP_PRIV_PARAMETERS, wt_snmp_append_hex, "msgPrivacyParameters is an OCTET STRING", "snmp.priv-parameters" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WtField *value = rows[i].append (field, rows[i].id, reader, rows[i].problem);
      if (value == NULL)
        return;
      wt_field_set_glossary (value, "%s", rows[i].glossary);
    }
}

/* A SEQUENCE inside of an OCTET STRING. (nullable): where its values stand. */
static WtField *
append_security_parameters (WtField *root, WtBerReader *outer)
{
  WtBerElement octets, element;
  if (!wt_ber_expect (outer, WT_BER_OCTETS, "msgSecurityParameters is an OCTET STRING", &octets))
    return NULL;
  WtField *field =
      wt_field_append_string (root, SNMP_INFO (SNMP_SECURITY_PARAMETERS), octets.start, octets.end, NULL, 0);
  wt_snmp_append_frame (field, &octets);
  WtBerReader string = wt_ber_inside (outer, &octets), reader;
  if (wt_ber_expect (&string, WT_BER_SEQUENCE, "the USM parameters are a SEQUENCE", &element))
    {
      reader = wt_ber_inside (&string, &element);
      append_usm_values (wt_snmp_append_element (field, SNMP_CONTENT, &element), &reader);
      if (reader.problem)
        wt_ber_fail (&string, reader.problem_at, reader.problem);
    }
  if (string.problem)
    wt_ber_fail (outer, string.problem_at, string.problem);
  return field;
}

/* --- data -------------------------------------------------------------------------------------------------------- */

void
wt_snmp_dissect_scoped (WtField *parent, WtBerReader *outer)
{
  WtBerElement element;
  if (!wt_ber_expect (outer, WT_BER_SEQUENCE, "the scoped PDU is a SEQUENCE", &element))
    return;
  WtBerReader reader = wt_ber_inside (outer, &element);
  WtField *scoped = wt_snmp_append_element (parent, SNMP_PLAINTEXT, &element);
  wt_field_set_glossary (scoped, "snmp.scoped-pdu");
  if (append_engine_id (scoped, SNMP_CONTEXT_ENGINE_ID, &reader, "contextEngineID is an OCTET STRING"))
    {
      WtField *name = wt_snmp_append_text (scoped, SNMP_CONTEXT_NAME, &reader, "contextName is an OCTET STRING");
      if (name)
        {
          wt_field_set_glossary (name, "snmp.context");
          wt_snmp_dissect_pdu (scoped, &reader);
        }
    }
  if (reader.problem)
    wt_ber_fail (outer, reader.problem_at, reader.problem);
}

/* What was decrypted stands nowhere in the message: its fields cover no bytes. */
static void
uncover (WtField *field, gsize at)
{
  field->start = field->end = at;
  for (guint i = 0; field->children && i < field->children->len; i++)
    uncover (g_ptr_array_index (field->children, i), at);
}

static void
append_decrypted (WtField *data, gsize at, const GByteArray *clear)
{
  WtBerReader reader = { .bytes = clear->data, .end = clear->len };
  WtField *decrypted = wt_field_append_string (data, SNMP_INFO (SNMP_DECRYPTED_PDU), at, at, NULL, 0);
  wt_snmp_dissect_scoped (decrypted, &reader);
  wt_snmp_append_problem (decrypted, &reader);
  uncover (decrypted, at);
}

static void
append_encrypted (WtField *data, WtBerReader *reader, const GByteArray *clear)
{
  gsize at = reader->at;
  WtField *field = wt_snmp_append_hex (data, SNMP_ENCRYPTED_PDU, reader, "the encrypted PDU is an OCTET STRING");
  if (field == NULL)
    return;
  wt_field_set_glossary (field, "snmp.encrypted-pdu");
  if (clear->len > 0)
    append_decrypted (data, at, clear);
}

/* Asks the keyring; says of the digest what it says. */
static void
open_message (WtField *parameters, const WtBerReader *whole, const WtSnmpKeyring *keys, GByteArray *clear)
{
  g_auto (WtSnmpMessage) message;
  wt_snmp_message_init (&message);
  gboolean known = keys && wt_snmp_message_parse (&message, whole->bytes, whole->end, NULL) == WT_SNMP_PARSED
                   && message.flags & WT_SNMP_FLAG_AUTH;
  WtSnmpKeyringResult result =
      known ? wt_snmp_keyring_open (keys, &message, whole->bytes, whole->end, clear) : WT_SNMP_KEYRING_NO_USER;
  if (result == WT_SNMP_KEYRING_NO_USER)
    return;
  gsize at = message.auth_parameters.bytes - whole->bytes;
  wt_field_append_number (parameters, SNMP_INFO (SNMP_AUTHENTIC), at, at + message.auth_parameters.n,
                          result == WT_SNMP_KEYRING_RIGHT);
}

void
wt_snmp_dissect_v3 (WtField *root, WtBerReader *reader, const WtSnmpKeyring *keys)
{
  g_autoptr (GByteArray) clear = g_byte_array_new ();
  WtField *parameters = append_header (root, reader) ? append_security_parameters (root, reader) : NULL;
  if (parameters == NULL || reader->problem)
    return;
  open_message (parameters, reader, keys, clear);
  gboolean encrypted = wt_field_find (root, "snmp.v3.flags.crypt")->number;
  WtField *data = wt_field_append_number (root, SNMP_INFO (SNMP_MSG_DATA), reader->at, reader->end, encrypted);
  wt_snmp_set_named (data, encrypted ? "encryptedPDU" : "plaintext", encrypted);
  if (encrypted)
    append_encrypted (data, reader, clear);
  else
    wt_snmp_dissect_scoped (data, reader);
}
