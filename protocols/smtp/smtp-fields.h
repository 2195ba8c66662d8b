/* The fields that an SMTP dissection makes; names as in Wireshark's packet-smtp. */
#pragma once

#include "protocols/base/field.h"

typedef enum {
  SMTP_ROOT,
  SMTP_REQ,
  SMTP_COMMAND_LINE,
  SMTP_COMMAND,
  SMTP_PARAMETER,
  SMTP_RSP,
  SMTP_RESPONSE,
  SMTP_CODE,
  SMTP_RSP_PARAMETER,
  SMTP_MESSAGE,
  SMTP_EOM,
  SMTP_AUTH,
  SMTP_ENHANCED,
  SMTP_EXTENSION,
  SMTP_CLIENT,
  SMTP_REVERSE_PATH,
  SMTP_FORWARD_PATH,
  SMTP_ROUTE,
  SMTP_LOCAL_PART,
  SMTP_DOMAIN,
  SMTP_PARAM,
  SMTP_PARAM_VALUE,
  SMTP_CHUNK_SIZE,
  SMTP_CHUNK_LAST,
  SMTP_CHUNK,
  SMTP_STUFFED_DOT,
  SMTP_BARE,
  SMTP_TLS,
  SMTP_PROBLEM,
  SMTP_LMTP, /* of LMTP only */
  SMTP_N_FIELDS,
} WtSmtpField;

extern const WtFieldInfo wt_smtp_field_infos[SMTP_N_FIELDS];
extern const WtFieldInfo *const wt_lmtp_field_list[SMTP_N_FIELDS + 1];
extern const WtFieldInfo *const wt_smtp_field_list[SMTP_N_FIELDS + 1];
