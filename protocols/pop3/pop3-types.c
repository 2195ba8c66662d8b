#include "protocols/pop3/pop3-types.h"

#include "protocols/base/dissector.h"

#include <string.h>

static const struct
{
  WtPop3Capabilities capability;
  const char *keyword;
} keywords[] = {
  { WT_POP3_CAP_TOP, "TOP" },
  { WT_POP3_CAP_UIDL, "UIDL" },
  { WT_POP3_CAP_USER, "USER" },
  { WT_POP3_CAP_SASL, "SASL" },
  { WT_POP3_CAP_RESP_CODES, "RESP-CODES" },
  { WT_POP3_CAP_AUTH_RESP_CODE, "AUTH-RESP-CODE" },
  { WT_POP3_CAP_PIPELINING, "PIPELINING" },
  { WT_POP3_CAP_STLS, "STLS" },
};

const char *
wt_pop3_capability_name (WtPop3Capabilities capability)
{
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (keywords[i].capability == capability)
      return keywords[i].keyword;
  return NULL;
}

WtPop3Capabilities
wt_pop3_capability_find (const char *keyword, gsize n_bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (strlen (keywords[i].keyword) == n_bytes && g_ascii_strncasecmp (keywords[i].keyword, keyword, n_bytes) == 0)
      return keywords[i].capability;
  return 0;
}

char *
wt_pop3_apop_digest (const char *stamp, const char *secret)
{
  g_autofree char *text = g_strconcat (stamp, secret, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);
}

char *
wt_pop3_apop_stamp (const char *greeting, gsize n_bytes)
{
  const char *start = memchr (greeting, '<', n_bytes);
  if (start == NULL)
    return NULL;
  gsize left = n_bytes - (start - greeting);
  const char *end = memchr (start, '>', left);
  if (end == NULL || memchr (start, '@', end - start) == NULL) /* a msg-id of RFC 822 */
    return NULL;
  for (const char *at = start; at < end; at++)
    if (!g_ascii_isgraph (*at))
      return NULL;
  return g_strndup (start, end + 1 - start);
}

guint8
wt_pop3_response_context (const guint8 *bytes, gsize n_bytes)
{
  static const struct
  {
    const char *verb;
    gboolean with_argument;
    guint8 context;
  } several[] = {
    { "RETR", TRUE, WT_CONTEXT_CONTENT },    { "TOP", TRUE, WT_CONTEXT_CONTENT },
    { "LIST", FALSE, WT_POP3_CONTEXT_LIST }, { "UIDL", FALSE, WT_POP3_CONTEXT_UIDL },
    { "CAPA", FALSE, WT_POP3_CONTEXT_CAPA }, { "AUTH", FALSE, WT_POP3_CONTEXT_CAPA },
  };
  const guint8 *space = memchr (bytes, ' ', n_bytes);
  gsize verb = space ? (gsize) (space - bytes) : n_bytes;
  gboolean with_argument = verb + 1 < n_bytes;
  for (guint i = 0; i < G_N_ELEMENTS (several); i++)
    if (strlen (several[i].verb) == verb && g_ascii_strncasecmp (several[i].verb, (const char *) bytes, verb) == 0)
      return several[i].with_argument == with_argument ? several[i].context : WT_CONTEXT_REPLY;
  return WT_CONTEXT_REPLY;
}
