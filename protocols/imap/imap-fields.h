/* The fields that an IMAP dissection makes; names as in Wireshark's packet-imap. */
#pragma once

#include "protocols/base/field.h"

typedef enum
{
  IMAP_ROOT,
  IMAP_IS_REQUEST,
  IMAP_LINE,
  IMAP_REQUEST_TAG,
  IMAP_REQUEST,
  IMAP_COMMAND,
  IMAP_COMMAND_UID,
  IMAP_FOLDER,
  IMAP_USERNAME,
  IMAP_PASSWORD,
  IMAP_RESPONSE_TAG,
  IMAP_RESPONSE,
  IMAP_RESPONSE_COMMAND,
  IMAP_STATUS,
  IMAP_CODE,
  IMAP_TEXT,
  IMAP_CAPABILITY,
  IMAP_MAILBOX,
  IMAP_FLAG,
  IMAP_SET,
  IMAP_ITEM,
  IMAP_NUMBER,
  IMAP_UID,
  IMAP_SIZE,
  IMAP_SEARCH_KEY,
  IMAP_MECHANISM,
  IMAP_VALUE,
  IMAP_LITERAL,
  IMAP_MESSAGE,
  IMAP_CONTINUED,
  IMAP_CREDENTIALS,
  IMAP_TLS,
  IMAP_N_FIELDS,
} WtImapField;

extern const WtFieldInfo wt_imap_field_infos[IMAP_N_FIELDS];
extern const WtFieldInfo *const wt_imap_field_list[IMAP_N_FIELDS + 1];
