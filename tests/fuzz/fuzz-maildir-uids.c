/* A folder's list of UIDs with any content: it opens, no UID is there twice, and what is given next is above all. */
#include "app/hosts/maildir-uids.h"

#include <glib/gstdio.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check (const char *folder)
{
  WtMaildirUidsContent content;
  g_autoptr (WtMaildirUids) uids = wt_maildir_uids_open (folder, 77, &content, NULL);
  g_assert_nonnull (uids);
  g_assert_cmpuint (content.uid_validity, !=, 0);
  guint32 last = 0;
  for (guint i = 0; i < content.mails->len; i++)
    {
      const WtMaildirUid *mail = g_ptr_array_index (content.mails, i);
      g_assert_cmpuint (mail->uid, >, last);
      g_assert_cmpuint (mail->uid, <, content.uid_next);
      last = mail->uid;
    }
  wt_maildir_uids_remove (uids, last, content.modseq + 1);
  g_assert_true (wt_maildir_uids_commit (uids, NULL));
  wt_maildir_uids_content_clear (&content);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *folder = g_dir_make_tmp ("wiretalk-uids-XXXXXX", NULL);
  static const char *const names[] = { "wiretalk-uids", "wiretalk-uids.damaged", "wiretalk-uids.new" };
  g_autofree char *path = g_build_filename (folder, names[0], NULL);
  g_assert_true (g_file_set_contents_full (path, (const char *) bytes, n_bytes, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  check (folder);
  check (folder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *each = g_build_filename (folder, names[i], NULL);
      g_unlink (each);
    }
  g_rmdir (folder);
  return 0;
}
