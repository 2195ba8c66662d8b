/* Names of numbers. */
#include "protocols/snmp/snmp-types.h"

const char *
wt_snmp_pdu_name (guint tag)
{
  static const char *const names[] = { "get-request",    "get-next-request", "get-response", "set-request", "trap",
                                       "getBulkRequest", "informRequest",    "snmpV2-trap",  "report" };
  return tag >= WT_SNMP_GET && tag - WT_SNMP_GET < G_N_ELEMENTS (names) ? names[tag - WT_SNMP_GET] : NULL;
}

const char *
wt_snmp_error_name (guint error)
{
  static const char *const names[WT_SNMP_N_ERRORS] = {
    [WT_SNMP_NO_ERROR] = "noError",
    [WT_SNMP_TOO_BIG] = "tooBig",
    [WT_SNMP_NO_SUCH_NAME] = "noSuchName",
    [WT_SNMP_BAD_VALUE] = "badValue",
    [WT_SNMP_READ_ONLY] = "readOnly",
    [WT_SNMP_GEN_ERR] = "genErr",
    [WT_SNMP_NO_ACCESS] = "noAccess",
    [WT_SNMP_WRONG_TYPE] = "wrongType",
    [WT_SNMP_WRONG_LENGTH] = "wrongLength",
    [WT_SNMP_WRONG_ENCODING] = "wrongEncoding",
    [WT_SNMP_WRONG_VALUE] = "wrongValue",
    [WT_SNMP_NO_CREATION] = "noCreation",
    [WT_SNMP_INCONSISTENT_VALUE] = "inconsistentValue",
    [WT_SNMP_RESOURCE_UNAVAILABLE] = "resourceUnavailable",
    [WT_SNMP_COMMIT_FAILED] = "commitFailed",
    [WT_SNMP_UNDO_FAILED] = "undoFailed",
    [WT_SNMP_AUTHORIZATION_ERROR] = "authorizationError",
    [WT_SNMP_NOT_WRITABLE] = "notWritable",
    [WT_SNMP_INCONSISTENT_NAME] = "inconsistentName",
  };
  return error < WT_SNMP_N_ERRORS ? names[error] : NULL;
}

const char *
wt_snmp_value_name (guint tag)
{
  switch (tag)
    {
    case WT_BER_INTEGER:
      return "INTEGER";
    case WT_BER_OCTETS:
      return "OCTET STRING";
    case WT_BER_NULL:
      return "NULL";
    case WT_BER_OID:
      return "OBJECT IDENTIFIER";
    case WT_SNMP_IP_ADDRESS:
      return "IpAddress";
    case WT_SNMP_COUNTER32:
      return "Counter32";
    case WT_SNMP_GAUGE32:
      return "Gauge32";
    case WT_SNMP_TIME_TICKS:
      return "TimeTicks";
    case WT_SNMP_OPAQUE:
      return "Opaque";
    case WT_SNMP_COUNTER64:
      return "Counter64";
    case WT_SNMP_NO_SUCH_OBJECT:
      return "noSuchObject";
    case WT_SNMP_NO_SUCH_INSTANCE:
      return "noSuchInstance";
    case WT_SNMP_END_OF_MIB_VIEW:
      return "endOfMibView";
    default:
      return NULL;
    }
}

const char *
wt_snmp_generic_trap_name (guint trap)
{
  static const char *const names[] = {
    "coldStart", "warmStart", "linkDown", "linkUp", "authenticationFailure", "egpNeighborLoss", "enterpriseSpecific"
  };
  return trap < G_N_ELEMENTS (names) ? names[trap] : NULL;
}
