#include "protocols/imap/imap-types.h"

#include <string.h>

const char *const wt_imap_flag_names[WT_IMAP_N_FLAG_NAMES] = { "\\Seen",    "\\Answered", "\\Flagged",
                                                               "\\Deleted", "\\Draft",    "\\Recent" };

const char *const wt_imap_extension_names[WT_IMAP_N_EXTENSIONS] = {
  "IMAP4rev2", "LITERAL+",      "LITERAL-",    "SASL-IR",     "ENABLE",      "ID",       "IDLE",        "NAMESPACE",
  "CHILDREN",  "LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE", "STATUS=SIZE", "UNSELECT", "UIDPLUS",     "MOVE",
  "ESEARCH",   "SEARCHRES",     "BINARY",      "CONDSTORE",   "QRESYNC",     "QUOTA",    "UTF8=ACCEPT",
};

guint32
wt_imap_flag_by_name (const char *name, gsize n_bytes)
{
  for (guint i = 0; i < WT_IMAP_N_FLAG_NAMES; i++)
    if (strlen (wt_imap_flag_names[i]) == n_bytes && g_ascii_strncasecmp (wt_imap_flag_names[i], name, n_bytes) == 0)
      return 1u << i;
  return 0;
}
