/* SNMP messages of all versions: bytes to structs and back (RFC 1157 4, RFC 1901 3, RFC 3412 6, RFC 3414 2.4, RFC 3416
 * 3).
 *
 * A parsed message borrows from the bytes it was parsed from; nothing is copied but object names. What is wrong with a
 * message is a problem with its place, never more than that. A message of version 3 is taken apart up to its security
 * parameters; whether it may be believed, and the key to what is encrypted, is USM's business (snmp-usm.h). */
#pragma once

#include "protocols/snmp/snmp-types.h"

/* A PDU. Of version 1's Trap-PDU only the members under "trap" and the bindings count; of GetBulk error_status is
 * non-repeaters and error_index max-repetitions (RFC 3416 3). */
typedef struct {
  guint8 type; /* WtSnmpPduType */
  gint32 request_id;
  gint32 error_status;
  gint32 error_index;
  /* trap */
  WtOid enterprise;
  guint32 agent_addr; /* host byte order */
  gint32 generic_trap, specific_trap;
  guint32 time_stamp; /* 1/100 s */

  GArray *bindings; /* (element-type WtSnmpVarBind) never NULL after init */
} WtSnmpPdu;

#define WT_SNMP_FLAG_AUTH 0x01 /* msgFlags, RFC 3412 6.4 */
#define WT_SNMP_FLAG_PRIV 0x02
#define WT_SNMP_FLAG_REPORTABLE 0x04
#define WT_SNMP_SECURITY_USM 3 /* msgSecurityModel, RFC 3411 */

typedef struct {
  gint32 version; /* WtSnmpVersion, or what stood there */
  WtSlice community;
  /* version 3 */
  gint32 msg_id, max_size, security_model;
  guint8 flags;
  WtSlice engine_id; /* msgAuthoritativeEngineID */
  gint32 engine_boots, engine_time;
  WtSlice user_name, auth_parameters, priv_parameters;
  WtSlice encrypted; /* bytes NULL: the scoped PDU is in clear */
  WtSlice context_engine_id, context_name;

  gboolean has_pdu; /* FALSE: encrypted */
  WtSnmpPdu pdu;
} WtSnmpMessage;

void wt_snmp_message_init (WtSnmpMessage *self);
void wt_snmp_message_clear (WtSnmpMessage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WtSnmpMessage, wt_snmp_message_clear)

typedef enum {
  WT_SNMP_PARSED,
  WT_SNMP_PARSE_ERROR,   /* not a message: snmpInASNParseErrs counts it (RFC 3418) */
  WT_SNMP_BAD_VERSION,   /* snmpInBadVersions */
  WT_SNMP_UNKNOWN_MODEL, /* version 3 with another security model: snmpUnknownSecurityModels (RFC 3412) */
  WT_SNMP_INVALID,       /* version 3 with flags that contradict each other: snmpInvalidMsgs */
} WtSnmpParsed;

/* Where and what (English, lower case), when it is not PARSED. */
typedef struct {
  const char *text;
  gsize at;
} WtSnmpProblem;

/* `self` is initialised; it borrows `bytes`. `problem` (optional) is filled when the result is not PARSED. */
WtSnmpParsed wt_snmp_message_parse (WtSnmpMessage *self, const guint8 *bytes, gsize n_bytes, WtSnmpProblem *problem);
/* The same but for the bindings, which are not looked at: `self` needs no init and no clear. Cheap, for who wants to know
 * only what kind of message it is. */
WtSnmpParsed wt_snmp_message_parse_head (WtSnmpMessage *self, const guint8 *bytes, gsize n_bytes);
/* The scoped PDU that was encrypted, in clear (it may have padding after it, RFC 3414 8.1.1.2): fills context and PDU.
 */
WtSnmpParsed wt_snmp_message_parse_scoped (WtSnmpMessage *self, const guint8 *bytes, gsize n_bytes,
                                           WtSnmpProblem *problem);

/* Writes the whole message in front of what the writer holds. Version 3: with its auth_parameters as they are (zeroes
 * while they are not known), and `encrypted` in place of the PDU when it is set. */
void wt_snmp_message_write (const WtSnmpMessage *self, WtBerWriter *writer);
/* Just the scoped PDU: what gets encrypted. */
void wt_snmp_scoped_write (const WtSnmpMessage *self, WtBerWriter *writer);
/* Just a PDU, for its size. */
void wt_snmp_pdu_write (const WtSnmpPdu *self, WtBerWriter *writer);

/* --- bindings ---------------------------------------------------------------------------------------------------- */

/* Reads one value of any of SNMP's types; FALSE: the reader's problem says why. */
gboolean wt_snmp_value_read (WtBerReader *reader, const WtBerElement *element, WtSnmpValue *value);
void wt_snmp_value_write (const WtSnmpValue *self, WtBerWriter *writer);
gboolean wt_snmp_value_oid (const WtSnmpValue *self, WtOid *oid); /* decodes an OBJECT IDENTIFIER value */
/* Appends a binding; octets of the value are borrowed. */
WtSnmpVarBind *wt_snmp_pdu_add (WtSnmpPdu *self, const WtOid *name, const WtSnmpValue *value);
/* As people write it: 17, "text", 1.3.6.1.2, (6203) 0 d 00:01:02.03, Hex: 0A FF where it is not text. (transfer
 * full): valid UTF-8 */
char *wt_snmp_value_to_string (const WtSnmpValue *self);
