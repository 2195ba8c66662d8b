/* A setting that is a file or a folder: what it is now, a button to choose another, one to have none. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_FILE_ROW (wt_file_row_get_type ())
G_DECLARE_FINAL_TYPE (WtFileRow, wt_file_row, WT, FILE_ROW, AdwActionRow)

/* `empty` says what an empty setting means: translated, it is copied. */
void wt_file_row_bind (WtFileRow *self, GSettings *settings, const char *key, GtkFileChooserAction action,
                       const char *empty);
