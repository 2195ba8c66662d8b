/* The fields that an SMTP dissection makes. */
#include "protocols/smtp/smtp-fields.h"

#include <glib/gi18n.h>

const WtFieldInfo wt_smtp_field_infos[SMTP_N_FIELDS] = {
  [SMTP_ROOT] = { "smtp", WT_FIELD_NONE, N_ ("Simple Mail Transfer Protocol") },
  [SMTP_REQ] = { "smtp.req", WT_FIELD_BOOLEAN, N_ ("Command") },
  [SMTP_COMMAND_LINE] = { "smtp.command_line", WT_FIELD_STRING, N_ ("Command line") },
  [SMTP_COMMAND] = { "smtp.req.command", WT_FIELD_STRING, N_ ("Verb") },
  [SMTP_PARAMETER] = { "smtp.req.parameter", WT_FIELD_STRING, N_ ("Argument") },
  [SMTP_RSP] = { "smtp.rsp", WT_FIELD_BOOLEAN, N_ ("Reply") },
  [SMTP_RESPONSE] = { "smtp.response", WT_FIELD_STRING, N_ ("Reply line") },
  [SMTP_CODE] = { "smtp.response.code", WT_FIELD_UINT, N_ ("Reply code") },
  [SMTP_RSP_PARAMETER] = { "smtp.rsp.parameter", WT_FIELD_STRING, N_ ("Reply text") },
  [SMTP_MESSAGE] = { "smtp.message", WT_FIELD_NONE, N_ ("Mail") },
  [SMTP_EOM] = { "smtp.eom", WT_FIELD_NONE, N_ ("End of mail") },
  [SMTP_AUTH] = { "smtp.auth.username_password", WT_FIELD_STRING, N_ ("Credentials, base64") },
  [SMTP_ENHANCED] = { "wiretalk.smtp.enhanced_code", WT_FIELD_STRING, N_ ("Enhanced status code") },
  [SMTP_EXTENSION] = { "wiretalk.smtp.extension", WT_FIELD_STRING, N_ ("Service extension") },
  [SMTP_CLIENT] = { "wiretalk.smtp.client", WT_FIELD_STRING, N_ ("Name of the client") },
  [SMTP_REVERSE_PATH] = { "wiretalk.smtp.reverse_path", WT_FIELD_STRING, N_ ("Sender (reverse-path)") },
  [SMTP_FORWARD_PATH] = { "wiretalk.smtp.forward_path", WT_FIELD_STRING, N_ ("Recipient (forward-path)") },
  [SMTP_ROUTE] = { "wiretalk.smtp.source_route", WT_FIELD_STRING, N_ ("Source route") },
  [SMTP_LOCAL_PART] = { "wiretalk.smtp.local_part", WT_FIELD_STRING, N_ ("Local part") },
  [SMTP_DOMAIN] = { "wiretalk.smtp.domain", WT_FIELD_STRING, N_ ("Domain") },
  [SMTP_PARAM] = { "wiretalk.smtp.parameter", WT_FIELD_STRING, N_ ("Parameter") },
  [SMTP_PARAM_VALUE] = { "wiretalk.smtp.parameter_value", WT_FIELD_STRING, N_ ("Value") },
  [SMTP_CHUNK_SIZE] = { "wiretalk.smtp.chunk_size", WT_FIELD_UINT, N_ ("Size of the chunk") },
  [SMTP_CHUNK_LAST] = { "wiretalk.smtp.chunk_last", WT_FIELD_BOOLEAN, N_ ("Last chunk") },
  [SMTP_CHUNK] = { "wiretalk.smtp.chunk", WT_FIELD_NONE, N_ ("Chunk of a mail") },
  [SMTP_STUFFED_DOT] = { "wiretalk.smtp.stuffed_dot", WT_FIELD_NONE, N_ ("Doubled dot") },
  [SMTP_BARE] = { "wiretalk.smtp.bare_line_end", WT_FIELD_STRING, N_ ("Bare CR or LF") },
  [SMTP_TLS] = { "wiretalk.smtp.tls", WT_FIELD_NONE, N_ ("TLS, not readable here") },
  [SMTP_PROBLEM] = { "wiretalk.smtp.problem", WT_FIELD_STRING, N_ ("Problem") },
  [SMTP_LMTP] = { "lmtp", WT_FIELD_NONE, N_ ("Local Mail Transfer Protocol") },
};

/* clang-format off */
#define FIELD(id) [id] = &wt_smtp_field_infos[id]
#define SMTP_FIELDS \
  FIELD (SMTP_ROOT), FIELD (SMTP_REQ), FIELD (SMTP_COMMAND_LINE), \
  FIELD (SMTP_COMMAND), FIELD (SMTP_PARAMETER), FIELD (SMTP_RSP), \
  FIELD (SMTP_RESPONSE), FIELD (SMTP_CODE), FIELD (SMTP_RSP_PARAMETER), \
  FIELD (SMTP_MESSAGE), FIELD (SMTP_EOM), FIELD (SMTP_AUTH), \
  FIELD (SMTP_ENHANCED), FIELD (SMTP_EXTENSION), FIELD (SMTP_CLIENT), \
  FIELD (SMTP_REVERSE_PATH), FIELD (SMTP_FORWARD_PATH), FIELD (SMTP_ROUTE), \
  FIELD (SMTP_LOCAL_PART), FIELD (SMTP_DOMAIN), FIELD (SMTP_PARAM), \
  FIELD (SMTP_PARAM_VALUE), FIELD (SMTP_CHUNK_SIZE), FIELD (SMTP_CHUNK_LAST), \
  FIELD (SMTP_CHUNK), FIELD (SMTP_STUFFED_DOT), FIELD (SMTP_BARE), \
  FIELD (SMTP_TLS), FIELD (SMTP_PROBLEM)
/* clang-format on */

const WtFieldInfo *const wt_smtp_field_list[SMTP_N_FIELDS + 1] = { SMTP_FIELDS };
const WtFieldInfo *const wt_lmtp_field_list[SMTP_N_FIELDS + 1] = { SMTP_FIELDS, FIELD (SMTP_LMTP) };
