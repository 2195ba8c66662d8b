/* The fields that a TLS dissection makes. */
#include "protocols/tls/tls-fields.h"

#include <glib/gi18n.h>

const WtFieldInfo wt_tls_field_infos[TLS_N_FIELDS] = {
  [TLS_ROOT] = { "tls", WT_FIELD_NONE, N_ ("Transport Layer Security") },
  [TLS_RECORD] = { "tls.record", WT_FIELD_STRING, N_ ("Record") },
  [TLS_CONTENT_TYPE] = { "tls.record.content_type", WT_FIELD_UINT, N_ ("Content type") },
  [TLS_RECORD_VERSION] = { "tls.record.version", WT_FIELD_UINT, N_ ("Version") },
  [TLS_RECORD_LENGTH] = { "tls.record.length", WT_FIELD_UINT, N_ ("Length") },
  [TLS_HANDSHAKE] = { "tls.handshake", WT_FIELD_STRING, N_ ("Handshake") },
  [TLS_HANDSHAKE_TYPE] = { "tls.handshake.type", WT_FIELD_UINT, N_ ("Handshake type") },
  [TLS_HANDSHAKE_LENGTH] = { "tls.handshake.length", WT_FIELD_UINT, N_ ("Length") },
  [TLS_HANDSHAKE_VERSION] = { "tls.handshake.version", WT_FIELD_UINT, N_ ("Version") },
  [TLS_RANDOM] = { "tls.handshake.random", WT_FIELD_BYTES, N_ ("Random") },
  [TLS_SESSION_ID] = { "tls.handshake.session_id", WT_FIELD_BYTES, N_ ("Session ID") },
  [TLS_CIPHER_SUITES] = { "tls.handshake.ciphersuites", WT_FIELD_NONE, N_ ("Cipher suites") },
  [TLS_CIPHER_SUITE] = { "tls.handshake.ciphersuite", WT_FIELD_UINT, N_ ("Cipher suite") },
  [TLS_EXTENSION_TYPE] = { "tls.handshake.extension.type", WT_FIELD_UINT, N_ ("Extension") },
  [TLS_SERVER_NAME] = { "tls.handshake.extensions_server_name", WT_FIELD_STRING, N_ ("Server name") },
  [TLS_SUPPORTED_VERSION] = { "tls.handshake.extensions.supported_version", WT_FIELD_UINT, N_ ("Supported version") },
  [TLS_ALERT_LEVEL] = { "tls.alert_message.level", WT_FIELD_UINT, N_ ("Alert level") },
  [TLS_ALERT_DESCRIPTION] = { "tls.alert_message.desc", WT_FIELD_UINT, N_ ("Alert description") },
  [TLS_APP_DATA] = { "tls.app_data", WT_FIELD_BYTES, N_ ("Encrypted data") },
};

#define INFO(id) &wt_tls_field_infos[id]

const WtFieldInfo *const wt_tls_field_list[TLS_N_FIELDS + 1] = {
  INFO (TLS_ROOT),
  INFO (TLS_RECORD),
  INFO (TLS_CONTENT_TYPE),
  INFO (TLS_RECORD_VERSION),
  INFO (TLS_RECORD_LENGTH),
  INFO (TLS_HANDSHAKE),
  INFO (TLS_HANDSHAKE_TYPE),
  INFO (TLS_HANDSHAKE_LENGTH),
  INFO (TLS_HANDSHAKE_VERSION),
  INFO (TLS_RANDOM),
  INFO (TLS_SESSION_ID),
  INFO (TLS_CIPHER_SUITES),
  INFO (TLS_CIPHER_SUITE),
  INFO (TLS_EXTENSION_TYPE),
  INFO (TLS_SERVER_NAME),
  INFO (TLS_SUPPORTED_VERSION),
  INFO (TLS_ALERT_LEVEL),
  INFO (TLS_ALERT_DESCRIPTION),
  INFO (TLS_APP_DATA),
  NULL,
};
