/* The fields that a TLS dissection makes; names as in Wireshark's packet-tls. */
#pragma once

#include "protocols/base/field.h"

typedef enum {
  TLS_ROOT,
  TLS_RECORD,
  TLS_CONTENT_TYPE,
  TLS_RECORD_VERSION,
  TLS_RECORD_LENGTH,
  TLS_HANDSHAKE,
  TLS_HANDSHAKE_TYPE,
  TLS_HANDSHAKE_LENGTH,
  TLS_HANDSHAKE_VERSION,
  TLS_RANDOM,
  TLS_SESSION_ID,
  TLS_CIPHER_SUITES,
  TLS_CIPHER_SUITE,
  TLS_EXTENSION_TYPE,
  TLS_SERVER_NAME,
  TLS_SUPPORTED_VERSION,
  TLS_ALERT_LEVEL,
  TLS_ALERT_DESCRIPTION,
  TLS_APP_DATA,
  TLS_N_FIELDS,
} WtTlsField;

extern const WtFieldInfo wt_tls_field_infos[TLS_N_FIELDS];
extern const WtFieldInfo *const wt_tls_field_list[TLS_N_FIELDS + 1];
