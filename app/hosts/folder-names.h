/* The names of an account's folders as a tree: levels divided by '/', some of which are no folders themselves. */
#pragma once

#include <glib.h>

typedef struct {
  GHashTable *rows; /* name -> WtMailFolder */
} WtFolderNames;

void wt_folder_names_init (WtFolderNames *self);
void wt_folder_names_add (WtFolderNames *self, const char *name);
void wt_folder_names_subscribe (WtFolderNames *self, const char *name);
/* With the levels above, INBOX first, then by name; frees what init made. (transfer full) (element-type WtMailFolder) */
GPtrArray *wt_folder_names_finish (WtFolderNames *self);

/* What renaming `from` to `to` renames: it and what lies below it, as pairs of names, old and new; INBOX goes without what
 * lies below it (RFC 9051 6.3.6). FALSE with error (WT_MAILBOX_ERROR): there is no such folder, or one of the new names
 * is taken, or too long. `names`: (element-type utf8) the folders that there are. */
gboolean wt_folder_names_renames (GList *names, const char *from, const char *to, GPtrArray **renames, GError **error);
