/* The fields that a POP3 dissection makes. */
#include "protocols/pop3/pop3-fields.h"

#include <glib/gi18n.h>

const WtFieldInfo wt_pop3_field_infos[POP3_N_FIELDS] = {
  [POP3_ROOT] = { "pop", WT_FIELD_NONE, N_ ("Post Office Protocol") },
  [POP3_REQUEST] = { "pop.request", WT_FIELD_STRING, N_ ("Command line") },
  [POP3_COMMAND] = { "pop.request.command", WT_FIELD_STRING, N_ ("Verb") },
  [POP3_PARAMETER] = { "pop.request.parameter", WT_FIELD_STRING, N_ ("Argument") },
  [POP3_REQUEST_DATA] = { "pop.request.data", WT_FIELD_STRING, N_ ("Credentials, base64") },
  [POP3_RESPONSE] = { "pop.response", WT_FIELD_STRING, N_ ("Response") },
  [POP3_INDICATOR] = { "pop.response.indicator", WT_FIELD_STRING, N_ ("Status indicator") },
  [POP3_DESCRIPTION] = { "pop.response.description", WT_FIELD_STRING, N_ ("Response text") },
  [POP3_RESPONSE_DATA] = { "pop.response.data", WT_FIELD_STRING, N_ ("Line of the response") },
  [POP3_CODE] = { "wiretalk.pop.response_code", WT_FIELD_STRING, N_ ("Response code") },
  [POP3_STAMP] = { "wiretalk.pop.time_stamp", WT_FIELD_STRING, N_ ("Time stamp for APOP") },
  [POP3_NUMBER] = { "wiretalk.pop.message_number", WT_FIELD_UINT, N_ ("Message number") },
  [POP3_SIZE] = { "wiretalk.pop.message_size", WT_FIELD_UINT, N_ ("Size of the message") },
  [POP3_UID] = { "wiretalk.pop.unique_id", WT_FIELD_STRING, N_ ("Unique-id") },
  [POP3_CAPABILITY] = { "wiretalk.pop.capability", WT_FIELD_STRING, N_ ("Capability") },
  [POP3_MESSAGE] = { "wiretalk.pop.message", WT_FIELD_NONE, N_ ("Mail") },
  [POP3_EOM] = { "wiretalk.pop.end", WT_FIELD_NONE, N_ ("End of the response") },
  [POP3_STUFFED_DOT] = { "wiretalk.pop.stuffed_dot", WT_FIELD_NONE, N_ ("Doubled dot") },
  [POP3_TLS] = { "wiretalk.pop.tls", WT_FIELD_NONE, N_ ("TLS, not readable here") },
};

#define FIELD(id) [id] = &wt_pop3_field_infos[id]

const WtFieldInfo *const wt_pop3_field_list[POP3_N_FIELDS + 1] = {
  FIELD (POP3_ROOT),        FIELD (POP3_REQUEST),  FIELD (POP3_COMMAND),     FIELD (POP3_PARAMETER),
  FIELD (POP3_REQUEST_DATA), FIELD (POP3_RESPONSE), FIELD (POP3_INDICATOR),   FIELD (POP3_DESCRIPTION),
  FIELD (POP3_RESPONSE_DATA), FIELD (POP3_CODE),   FIELD (POP3_STAMP),       FIELD (POP3_NUMBER),
  FIELD (POP3_SIZE),        FIELD (POP3_UID),      FIELD (POP3_CAPABILITY),  FIELD (POP3_MESSAGE),
  FIELD (POP3_EOM),         FIELD (POP3_STUFFED_DOT), FIELD (POP3_TLS),
};
