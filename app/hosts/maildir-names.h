/* Names and lines as Maildir++ has them: a folder "Work/2026" is the directory ".Work.2026" of the inbox, a mail's flags are
 * letters behind ":2," in its file's name, its lines end with LF. */
#pragma once

#include <glib.h>

/* ".Work.2026"; dots of a level become %2E, % becomes %25. (transfer full) */
char *wt_maildir_folder_to_dir (const char *name);
/* NULL: not a folder's. (transfer full) */
char *wt_maildir_dir_to_folder (const char *dir);

/* The part of a file's name that stays when flags change: up to ':'. (transfer full) */
char *wt_maildir_base (const char *file);
/* Flags (mailbox.h) of a file's name; keyword i is the letter 'a' + i. */
guint32 wt_maildir_flags (const char *file);
/* The name with other flags: "BASE:2,FS"; letters of other programs that we have no flag for stay. (transfer full) */
char *wt_maildir_file (const char *file, guint32 flags);

/* Bytes that a file has with CRLF line ends. */
gsize wt_maildir_wire_size (const guint8 *bytes, gsize n_bytes);
/* The lines with CRLF. `expected`: what they are likely to have then. (transfer full) */
GBytes *wt_maildir_to_wire (const guint8 *bytes, gsize n_bytes, gsize expected);
/* The lines with LF: CR LF becomes LF, a CR that no LF follows stays. (transfer full) */
guint8 *wt_maildir_from_wire (GBytes *message, gsize *n_bytes);
