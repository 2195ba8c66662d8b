/* The fields that an IMAP dissection makes. */
#include "protocols/imap/imap-fields.h"

#include <glib/gi18n.h>

const WtFieldInfo wt_imap_field_infos[IMAP_N_FIELDS] = {
  [IMAP_ROOT] = { "imap", WT_FIELD_NONE, N_ ("Internet Message Access Protocol") },
  [IMAP_IS_REQUEST] = { "imap.isrequest", WT_FIELD_BOOLEAN, N_ ("From the client") },
  [IMAP_LINE] = { "imap.line", WT_FIELD_STRING, N_ ("Line") },
  [IMAP_REQUEST_TAG] = { "imap.request_tag", WT_FIELD_STRING, N_ ("Tag of the command") },
  [IMAP_REQUEST] = { "imap.request", WT_FIELD_STRING, N_ ("Command with its tag") },
  [IMAP_COMMAND] = { "imap.request.command", WT_FIELD_STRING, N_ ("Command") },
  [IMAP_COMMAND_UID] = { "imap.request.command.uid", WT_FIELD_BOOLEAN, N_ ("By unique identifiers") },
  [IMAP_FOLDER] = { "imap.request.folder", WT_FIELD_STRING, N_ ("Mailbox") },
  [IMAP_USERNAME] = { "imap.request.username", WT_FIELD_STRING, N_ ("User name") },
  [IMAP_PASSWORD] = { "imap.request.password", WT_FIELD_STRING, N_ ("Password") },
  [IMAP_RESPONSE_TAG] = { "imap.response_tag", WT_FIELD_STRING, N_ ("Tag of the response") },
  [IMAP_RESPONSE] = { "imap.response", WT_FIELD_STRING, N_ ("Response with its tag") },
  [IMAP_RESPONSE_COMMAND] = { "imap.response.command", WT_FIELD_STRING, N_ ("Kind of response") },
  [IMAP_STATUS] = { "imap.response.status", WT_FIELD_STRING, N_ ("Status") },
  [IMAP_CODE] = { "wiretalk.imap.response_code", WT_FIELD_STRING, N_ ("Response code") },
  [IMAP_TEXT] = { "wiretalk.imap.text", WT_FIELD_STRING, N_ ("Text for people") },
  [IMAP_CAPABILITY] = { "wiretalk.imap.capability", WT_FIELD_STRING, N_ ("Capability") },
  [IMAP_MAILBOX] = { "wiretalk.imap.mailbox", WT_FIELD_STRING, N_ ("Mailbox") },
  [IMAP_FLAG] = { "wiretalk.imap.flag", WT_FIELD_STRING, N_ ("Flag") },
  [IMAP_SET] = { "wiretalk.imap.set", WT_FIELD_STRING, N_ ("Set of messages") },
  [IMAP_ITEM] = { "wiretalk.imap.item", WT_FIELD_STRING, N_ ("Data item") },
  [IMAP_NUMBER] = { "wiretalk.imap.number", WT_FIELD_UINT, N_ ("Number") },
  [IMAP_UID] = { "wiretalk.imap.uid", WT_FIELD_UINT, N_ ("Unique identifier") },
  [IMAP_SIZE] = { "wiretalk.imap.size", WT_FIELD_UINT, N_ ("Size") },
  [IMAP_SEARCH_KEY] = { "wiretalk.imap.search_key", WT_FIELD_STRING, N_ ("Search key") },
  [IMAP_MECHANISM] = { "wiretalk.imap.mechanism", WT_FIELD_STRING, N_ ("SASL mechanism") },
  [IMAP_VALUE] = { "wiretalk.imap.value", WT_FIELD_STRING, N_ ("Value") },
  [IMAP_LITERAL] = { "wiretalk.imap.literal", WT_FIELD_UINT, N_ ("Length of the literal") },
  [IMAP_MESSAGE] = { "wiretalk.imap.message", WT_FIELD_NONE, N_ ("Mail") },
  [IMAP_CONTINUED] = { "wiretalk.imap.continued", WT_FIELD_STRING, N_ ("Literal and what follows it") },
  [IMAP_CREDENTIALS] = { "wiretalk.imap.credentials", WT_FIELD_STRING, N_ ("Credentials, base64") },
  [IMAP_TLS] = { "wiretalk.imap.tls", WT_FIELD_NONE, N_ ("TLS, not readable here") },
};

#define FIELD(id) [id] = &wt_imap_field_infos[id]

const WtFieldInfo *const wt_imap_field_list[IMAP_N_FIELDS + 1] = {
  FIELD (IMAP_ROOT),      FIELD (IMAP_IS_REQUEST),   FIELD (IMAP_LINE),         FIELD (IMAP_REQUEST_TAG), FIELD (IMAP_REQUEST),
  FIELD (IMAP_COMMAND),   FIELD (IMAP_COMMAND_UID),  FIELD (IMAP_FOLDER),      FIELD (IMAP_USERNAME),
  FIELD (IMAP_PASSWORD),  FIELD (IMAP_RESPONSE_TAG), FIELD (IMAP_RESPONSE),    FIELD (IMAP_RESPONSE_COMMAND),
  FIELD (IMAP_STATUS),    FIELD (IMAP_CODE),         FIELD (IMAP_TEXT),        FIELD (IMAP_CAPABILITY),
  FIELD (IMAP_MAILBOX),   FIELD (IMAP_FLAG),         FIELD (IMAP_SET),         FIELD (IMAP_ITEM),
  FIELD (IMAP_NUMBER),    FIELD (IMAP_UID),          FIELD (IMAP_SIZE),        FIELD (IMAP_SEARCH_KEY),
  FIELD (IMAP_MECHANISM), FIELD (IMAP_VALUE),        FIELD (IMAP_LITERAL),     FIELD (IMAP_MESSAGE),
  FIELD (IMAP_CONTINUED), FIELD (IMAP_CREDENTIALS),  FIELD (IMAP_TLS),
};
