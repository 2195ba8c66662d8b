/* Files that go into a mail: read, named and typed. */
#pragma once

#include "protocols/mime/mime-builder.h"

#define WT_MAIL_FILE_MAX (25 * 1024 * 1024) /* bytes of one file; servers rarely take larger mails */

typedef struct {
  char *name;         /* without folders, UTF-8 */
  char *content_type; /* "image/png" */
  char *id;           /* (nullable) Content-ID, of an image within the text */
  GBytes *bytes;
} WtMailFile;

/* FALSE with error: it is not there, no file, too large. The message says what, not which. */
gboolean wt_mail_file_check (const char *path, GError **error);
/* Checked and read. (transfer full) (nullable) */
WtMailFile *wt_mail_file_read (const char *path, GError **error);
/* All of them. NULL with error: which, and why. (transfer full) (element-type WtMailFile) (nullable) */
GPtrArray *wt_mail_files_read (const char *const *paths, GError **error);
void wt_mail_file_free (WtMailFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMailFile, wt_mail_file_free)
