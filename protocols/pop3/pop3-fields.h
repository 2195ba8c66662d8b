/* The fields that a POP3 dissection makes; names as in Wireshark's packet-pop. */
#pragma once

#include "protocols/base/field.h"

typedef enum {
  POP3_ROOT,
  POP3_REQUEST,
  POP3_COMMAND,
  POP3_PARAMETER,
  POP3_REQUEST_DATA,
  POP3_RESPONSE,
  POP3_INDICATOR,
  POP3_DESCRIPTION,
  POP3_RESPONSE_DATA,
  POP3_CODE,
  POP3_STAMP,
  POP3_NUMBER,
  POP3_SIZE,
  POP3_UID,
  POP3_CAPABILITY,
  POP3_MESSAGE,
  POP3_EOM,
  POP3_STUFFED_DOT,
  POP3_TLS,
  POP3_N_FIELDS,
} WtPop3Field;

extern const WtFieldInfo wt_pop3_field_infos[POP3_N_FIELDS];
extern const WtFieldInfo *const wt_pop3_field_list[POP3_N_FIELDS + 1];
