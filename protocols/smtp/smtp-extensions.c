#include "protocols/smtp/smtp-extensions.h"

#include <string.h>

/* In the order in which the server offers them. */
const WtSmtpExtensionInfo wt_smtp_extension_table[] = {
  { WT_SMTP_EXT_PIPELINING, "PIPELINING", "RFC 2920" },
  { WT_SMTP_EXT_SIZE, "SIZE", "RFC 1870" },
  { WT_SMTP_EXT_8BITMIME, "8BITMIME", "RFC 6152" },
  { WT_SMTP_EXT_ENHANCEDSTATUSCODES, "ENHANCEDSTATUSCODES", "RFC 2034" },
  { WT_SMTP_EXT_SMTPUTF8, "SMTPUTF8", "RFC 6531" },
  { WT_SMTP_EXT_CHUNKING, "CHUNKING", "RFC 3030" },
  { WT_SMTP_EXT_DSN, "DSN", "RFC 3461" },
  { WT_SMTP_EXT_STARTTLS, "STARTTLS", "RFC 3207" },
  { WT_SMTP_EXT_AUTH, "AUTH", "RFC 4954" },
};
const guint wt_smtp_n_extensions = G_N_ELEMENTS (wt_smtp_extension_table);

WtSmtpExtensions
wt_smtp_extension_find (const char *keyword, gsize n_bytes)
{
  for (guint i = 0; i < wt_smtp_n_extensions; i++)
    {
      const char *name = wt_smtp_extension_table[i].keyword;
      if (strlen (name) == n_bytes && g_ascii_strncasecmp (name, keyword, n_bytes) == 0)
        return wt_smtp_extension_table[i].flag;
    }
  return 0;
}
