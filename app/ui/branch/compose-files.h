/* The files that go with a mail that is being written: chosen or dropped, removed, and images shown in the text or attached. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_COMPOSE_FILES (wt_compose_files_get_type ())
G_DECLARE_FINAL_TYPE (WtComposeFiles, wt_compose_files, WT, COMPOSE_FILES, AdwBin)

#define WT_COMPOSE_FILES_MAX 100

void wt_compose_files_add (WtComposeFiles *self, GFile *file);
/* The value of send-mail's key attach, or with `in_text` of inline; "" when there are none. (transfer full) */
char *wt_compose_files_value (WtComposeFiles *self, gboolean in_text);
