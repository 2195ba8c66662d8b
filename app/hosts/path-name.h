/* Names of hosts, users and mails as names of files: nothing that a name holds can leave its folder, hide itself or be
 * too long for the file system. */
#pragma once

#include <glib.h>

#define WT_PATH_NAME_MAX 200 /* bytes of a safe name; a Maildir name adds flags to it, file systems take 255 */

/* ASCII letters, digits, "-_+=@", dots that do not lead and UTF-8 stay; the rest becomes %XX. Two names never give the
 * same; a name that gets too long ends in its SHA-256. Never empty. (transfer full) */
char *wt_path_name (const char *name);

/* "SECONDS.MmicrosPpidQcount.host,S=size": unique on this host (the Maildir convention); `size` is that of the file.
 * `time`: µs since 1970. (transfer full) */
char *wt_maildir_name (gint64 time, guint64 count, const char *host, gsize size);
